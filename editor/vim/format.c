/*
 * gq and =: breaking paragraphs at 'textwidth', and indenting by brackets.
 */
#include "editor/vim/normal.h"

#include "runtime/base/utf8.h"

/* ---- gq -------------------------------------------------------------------------------------- */

static size_t
width_of(struct ed_vim *v)
{
	return v->opt.tw ? v->opt.tw : 79;
}

static size_t
columns(struct wn_str s)
{
	return (size_t)wn_utf8_width(s);
}

/* Words of the lines of a paragraph, one blank between (two behind a sentence under 'joinspaces').
 */
static void
words(struct ed_vim *v, size_t line, size_t last, struct wn_buf *out)
{
	struct wn_buf b;

	wn_buf_init(&b, VI_REG_MAX);
	for (bool first = true;; first = false) {
		size_t from = vi_nonblank(v, line), to = vi_end(v, line);
		wn_buf_clear(&b);
		(void)ed_text_copy(vi_text(v), from, to, &b);
		/* Lines are joined as J does; blanks inside of them stay. */
		if (!first && out->len && b.len &&
		    !vi_is_blank((unsigned char)out->p[out->len - 1]))
			(void)wn_buf_chr(out, ' ');
		(void)wn_buf_str(out, wn_buf_view(&b));
		if (line >= last)
			break;
		line = vi_next_line(v, line);
	}
	wn_buf_fini(&b);
}

/* Where to break s so that it fits in cols: *end of the line, *next begins the one after. False: it
 * fits, or cannot be broken. */
static bool
break_at(struct wn_str s, size_t cols, size_t *end, size_t *next)
{
	size_t i = 0, col = 0, n;
	bool found = false;

	while (i < s.len) {
		int w;
		size_t k = i;
		if (vi_is_blank((unsigned char)s.p[i])) {
			while (k < s.len && vi_is_blank((unsigned char)s.p[k]))
				k++;
			if (k == s.len)
				break;
			if (i > 0 && (col <= cols || !found)) {
				*end = i;
				*next = k;
				found = true;
			}
			if (col > cols)
				return true;
			col += k - i;
			i = k;
			continue;
		}
		n = wn_utf8_cluster(s.p + i, s.len - i, &w);
		col += (size_t)w;
		i += n;
		if (col > cols && found)
			return true;
	}
	return false;
}

/* Formats one paragraph; returns how many lines it has then. */
static size_t
format_para(struct ed_vim *v, size_t line, size_t last)
{
	struct wn_buf text, out;
	struct wn_str s;
	size_t indent = vi_indent(v, line), rows = 1, end = 0, next = 0;
	size_t from = vi_begin(v, line), more = v->opt.ai ? indent : 0;
	bool first = true;

	wn_buf_init(&text, VI_REG_MAX);
	wn_buf_init(&out, VI_REG_MAX);
	words(v, line, last, &text);
	s = wn_buf_view(&text);
	/* The first line keeps its own indent as it is written. */
	(void)ed_text_copy(vi_text(v), from, vi_nonblank(v, from), &out);
	for (;; first = false) {
		size_t in = first ? indent : more, tw = width_of(v);
		if (!first)
			vi_indent_text(v, more, &out);
		if (in + columns(s) <= tw || !break_at(s, tw > in ? tw - in : 1, &end, &next))
			break;
		(void)wn_buf_str(&out, wn_str_sub(s, 0, end));
		(void)wn_buf_chr(&out, '\n');
		s = wn_str_sub(s, next, s.len);
		rows++;
	}
	while (s.len && vi_is_blank((unsigned char)s.p[s.len - 1]))
		s.len--;
	(void)wn_buf_str(&out, s);
	wn_buf_clear(&text);
	(void)vi_edit(v, from, vi_end(v, last) - from, vi_with_eol(v, wn_buf_view(&out), &text));
	wn_buf_fini(&text);
	wn_buf_fini(&out);
	return rows;
}

void
vi_op_format(struct ed_vim *v, const struct vi_region *r, bool keep_cursor)
{
	size_t row = vi_row(v, r->from), rows = r->lines, line;
	size_t was = vi_row(v, v->op_start), col = v->op_start - vi_begin(v, v->op_start), end;

	for (size_t i = 0; i < rows && !v->failed;) {
		size_t last, n = 1;
		line = last = vi_row_begin(v, row);
		if (vi_blank_line(v, line)) {
			row++;
			i++;
			continue;
		}
		while (i + n < rows && vi_next_line(v, last) != VI_NONE &&
		       !vi_blank_line(v, vi_next_line(v, last))) {
			last = vi_next_line(v, last);
			n++;
		}
		i += n;
		row += format_para(v, line, last);
	}
	if (keep_cursor) {
		line = vi_row_begin(v, was);
		end = vi_end(v, line);
		v->cur = vi_on_char(v, line + col < end ? line + col : end);
	} else { /* behind "gq}" comes what is to be formatted next */
		v->cur = vi_nonblank(v, vi_row_begin(v, row > 0 && !r->adjusted ? row - 1 : row));
	}
}

/* ---- =
 * ------------------------------------------------------------------------------------------- */

/* How far brackets of a line open (and close first) what follows it. */
static void
depth_of(struct ed_vim *v, size_t line, int *opens, bool *closes_first)
{
	size_t end = vi_end(v, line), first = vi_nonblank(v, line);
	int c, quote = 0;

	*opens = 0;
	*closes_first = first < end && strchr("})]", vi_byte(v, first));
	for (size_t p = first; p < end; p++) {
		c = vi_byte(v, p);
		if (c == '\\') {
			p++;
		} else if (quote) {
			quote = c == quote ? 0 : quote;
		} else if (c == '"' || c == '\'' || c == '`') {
			quote = c;
		} else if (strchr("{([", c)) {
			++*opens;
		} else if (strchr("})]", c)) {
			--*opens;
		}
	}
}

void
vi_op_indent(struct ed_vim *v, const struct vi_region *r)
{
	size_t row = vi_row(v, r->from), sw = v->opt.sw ? v->opt.sw : v->opt.ts;

	for (size_t i = 0; i < r->lines && !v->failed; i++) {
		size_t line = vi_row_begin(v, row + i), prev = vi_prev_line(v, line), indent = 0;
		int opens = 0, here;
		bool closes, first;
		while (prev != VI_NONE && vi_blank_line(v, prev))
			prev = vi_prev_line(v, prev);
		if (prev != VI_NONE) {
			depth_of(v, prev, &opens, &first);
			indent = vi_indent(v, prev);
			if (first)
				opens++;
		}
		depth_of(v, line, &here, &closes);
		if (opens > 0)
			indent += sw;
		if (opens < 0)
			indent = indent > sw ? indent - sw : 0;
		if (closes)
			indent = indent > sw ? indent - sw : 0;
		(void)vi_set_indent(v, line, vi_blank_line(v, line) ? 0 : indent);
	}
	v->cur = vi_on_char(v, vi_nonblank(v, vi_row_begin(v, row)));
}
