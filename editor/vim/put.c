/*
 * Putting a register into the text.
 */
#include "editor/vim/reg.h"

#include "runtime/base/utf8.h"

static void
repeat(struct wn_buf *out, struct wn_str s, size_t count, bool newline)
{
	for (size_t i = 0; i < count && !out->err; i++) {
		if (i && newline)
			(void)wn_buf_chr(out, '\n');
		(void)wn_buf_str(out, s);
	}
}

/* Moves the indent of put lines so that the first one has that of the cursor's line. */
static void
indent_put(struct ed_vim *v, size_t want, size_t first, size_t last)
{
	size_t have = vi_indent(v, first), line = first;

	for (size_t row = vi_row(v, first); row <= last; row++) {
		size_t is = vi_indent(v, line);
		size_t to = is + want > have ? is + want - have : 0;
		if (!vi_empty_line(v, line) && vi_set_indent(v, line, to) == VI_NONE)
			return;
		line = vi_next_line(v, line);
	}
}

static void
put_lines(struct ed_vim *v, struct wn_str s, struct vi_put how)
{
	size_t rows = 1, indent = vi_indent(v, v->cur), first, last;

	for (size_t i = 0; i < s.len; i++)
		rows += s.p[i] == '\n';
	first = vi_insert_lines(v, v->cur, !how.before, s);
	if (first == VI_NONE)
		return;
	if (how.indent)
		indent_put(v, indent, first, vi_row(v, first) + rows - 1);
	(void)vi_lines_down(v, first, rows - 1, &last);
	vi_mark_change(v, first, last);
	if (how.end) {
		size_t next = vi_next_line(v, last);
		v->cur = next == VI_NONE ? last : next;
	} else {
		v->cur = vi_nonblank(v, first);
	}
}

static void
put_chars(struct ed_vim *v, struct wn_str s, struct vi_put how)
{
	struct wn_buf tmp;
	size_t at = how.before ? v->cur : vi_right(v, v->cur), end;
	bool lines = wn_str_chr(s, '\n') >= 0;

	wn_buf_init(&tmp, VI_REG_MAX);
	s = vi_with_eol(v, s, &tmp);
	if (!vi_edit(v, at, 0, s)) {
		wn_buf_fini(&tmp);
		return;
	}
	end = at + s.len;
	wn_buf_fini(&tmp);
	vi_mark_change(v, at, s.len ? vi_left(v, end) : at);
	if (how.end)
		v->cur = end;
	else if (lines || !s.len)
		v->cur = lines ? at : v->cur;
	else
		v->cur = vi_left(v, end);
}

static size_t
columns_of(struct ed_vim *v, struct wn_str s)
{
	/* A block's text is measured where no tab can stretch differently: on a line of its own. */
	size_t n = 0;

	(void)v;
	for (size_t i = 0; i < s.len;) {
		int w = 1;
		i += wn_utf8_cluster(s.p + i, s.len - i, &w);
		n += w > 0 ? (size_t)w : 1;
	}
	return n;
}

/* One row of a block at column col of a line (made long enough). Returns behind it. */
static size_t
put_row(struct ed_vim *v, size_t line, size_t col, struct wn_str s, size_t width, size_t count)
{
	struct wn_buf b;
	size_t at = vi_at_col(v, line, col), end = vi_end(v, line), c = vi_col(v, at, NULL);
	size_t n = 0, split = 0, pad = columns_of(v, s) < width ? width - columns_of(v, s) : 0;

	wn_buf_init(&b, VI_REG_MAX);
	if (at >= end) {
		for (; c < col; c++)
			(void)wn_buf_chr(&b, ' ');
	} else if (c < col) { /* in the middle of a tab: it becomes spaces */
		n = 1;
		split = vi_width(v, at, c) - (col - c);
		for (; c < col; c++)
			(void)wn_buf_chr(&b, ' ');
	}
	for (size_t i = 0; i < count; i++) {
		(void)wn_buf_str(&b, s);
		/* The last copy is padded only when something follows it. */
		if (i + 1 < count || at < end)
			for (size_t k = 0; k < pad; k++)
				(void)wn_buf_chr(&b, ' ');
	}
	size_t done = b.len;
	for (size_t k = 0; k < split; k++)
		(void)wn_buf_chr(&b, ' ');
	if (b.err || !vi_edit(v, at, n, wn_buf_view(&b)))
		done = 0;
	wn_buf_fini(&b);
	return at + done;
}

static void
put_block(struct ed_vim *v, const struct vi_register *r, size_t count, struct vi_put how)
{
	struct wn_str rest = wn_buf_view(&r->text), row;
	size_t line = vi_begin(v, v->cur), last, col = vi_col(v, v->cur, &last), end = 0;
	size_t first_row = vi_row(v, line), rows = 0;

	if (!how.before && !vi_empty_line(v, v->cur))
		col = last + 1;
	while (wn_str_split(&rest, '\n', &row)) {
		if (rows++ && vi_next_line(v, line) == VI_NONE) {
			if (vi_insert_lines(v, line, true, WN_STR_NONE) == VI_NONE)
				return;
		}
		line = vi_row_begin(v, first_row + rows - 1);
		end = put_row(v, line, col, row, r->width, count);
		if (v->failed)
			return;
	}
	size_t top = vi_at_col(v, vi_row_begin(v, first_row), col);
	vi_mark_change(v, top, end > 0 ? vi_left(v, end) : end);
	v->cur = how.end ? end : top;
}

void
vi_put_text(struct ed_vim *v, const struct vi_register *r, size_t count, struct vi_put how)
{
	struct wn_buf out;

	wn_buf_init(&out, VI_REG_MAX);
	if (r->type == VI_BLOCK) {
		put_block(v, r, count, how);
	} else {
		repeat(&out, wn_buf_view(&r->text), count, r->type == 'V');
		if (out.err)
			vi_fail(v, "this is too much to put");
		else if (r->type == 'V')
			put_lines(v, wn_buf_view(&out), how);
		else
			put_chars(v, wn_buf_view(&out), how);
	}
	wn_buf_fini(&out);
	v->want = VI_NONE;
}

void
vi_put(struct ed_vim *v, uint32_t name, size_t count, struct vi_put how)
{
	const struct vi_register *r = vi_reg_get(v, name);

	if (!r) {
		vi_fail(v, "Nothing in register %c", name ? (char)name : '"');
		return;
	}
	vi_put_text(v, r, count, how);
}
