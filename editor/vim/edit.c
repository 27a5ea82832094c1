/*
 * Changes of the text: every one goes through vi_edit(). Undo and where it leaves the cursor.
 */
#include "editor/vim/edit.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- words for the person ------------------------------------------------------------- */

void
vi_fail(struct ed_vim *v, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	v->failed = true;
	if (!fmt || !v->host.say)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	v->host.say(v->host.arg, true, text);
}

void
vi_say(struct ed_vim *v, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	if (!v->host.say)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	v->host.say(v->host.arg, false, text);
}

/* ---- edits ------------------------------------------------------------------------------ */

struct wn_str
vi_eol(struct ed_vim *v)
{
	return ed_doc_info(v->doc)->eol == ED_EOL_CRLF ? WN_STR("\r\n") : WN_STR("\n");
}

struct wn_str
vi_with_eol(struct ed_vim *v, struct wn_str s, struct wn_buf *tmp)
{
	struct wn_str eol = vi_eol(v);

	wn_buf_clear(tmp);
	if (eol.len == 1)
		return s;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\n')
			(void)wn_buf_str(tmp, eol);
		else
			(void)wn_buf_chr(tmp, s.p[i]);
	}
	return wn_buf_view(tmp);
}

/* Line ends of the text as '\n'. */
void
vi_copy(struct ed_vim *v, size_t from, size_t to, struct wn_buf *out)
{
	size_t at = out->len, w = at;

	(void)ed_text_copy(vi_text(v), from, to, out);
	if (out->err || ed_doc_info(v->doc)->eol == ED_EOL_LF)
		return;
	for (; at < out->len; at++)
		if (!(out->p[at] == '\r' && at + 1 < out->len && out->p[at + 1] == '\n'))
			out->p[w++] = out->p[at];
	wn_buf_cut(out, w);
}

static void
refuse(struct ed_vim *v, wn_err err)
{
	vi_fail(v, "%s",
		err == WN_E_READ_ONLY	? "this document is read-only"
		: err == WN_E_NO_MEMORY ? "there is not enough memory for this edit"
					: "the edit failed");
}

bool
vi_edit(struct ed_vim *v, size_t pos, size_t n, struct wn_str s)
{
	size_t len = vi_len(v);
	bool open = len == 0 || vi_byte(v, len - 1) != '\n';
	bool tail = open && pos + n == len;
	wn_err err = ed_doc_edit(v->doc, pos, n, s);

	if (!err && tail) {
		len = vi_len(v);
		if (len > 0 && vi_byte(v, len - 1) == '\n')
			err = ed_doc_edit(v->doc, len, 0, vi_eol(v));
	}
	if (err)
		refuse(v, err);
	return !err;
}

void
vi_change_begin(struct ed_vim *v)
{
	struct ed_mark m = { v->cur, v->cur };

	v->group++;
	ed_doc_begin_with(v->doc, &m, 1);
}

void
vi_change_end(struct ed_vim *v)
{
	struct ed_mark m = { v->cur, v->cur };

	v->group--;
	ed_doc_end_with(v->doc, &m, 1);
}

bool
vi_delete_lines(struct ed_vim *v, size_t from, size_t to)
{
	size_t stop = vi_stop(v, to);

	from = vi_begin(v, from);
	/* The last line has no end of its own: the one before it goes instead. */
	if (stop == vi_len(v) && from > 0 && stop == vi_end(v, to))
		from = vi_end(v, from - 1);
	return vi_edit(v, from, stop - from, WN_STR_NONE);
}

size_t
vi_insert_lines(struct ed_vim *v, size_t begin, bool below, struct wn_str lines)
{
	struct wn_buf out, tmp;
	struct wn_str s, eol = vi_eol(v);
	size_t at = below ? vi_end(v, begin) : vi_begin(v, begin);
	bool ok;

	wn_buf_init(&out, VI_REG_MAX);
	wn_buf_init(&tmp, VI_REG_MAX);
	s = vi_with_eol(v, lines, &tmp);
	if (below)
		(void)wn_buf_str(&out, eol);
	(void)wn_buf_str(&out, s);
	if (!below)
		(void)wn_buf_str(&out, eol);
	ok = !out.err && vi_edit(v, at, 0, wn_buf_view(&out));
	wn_buf_fini(&out);
	wn_buf_fini(&tmp);
	return !ok ? VI_NONE : below ? at + eol.len : at;
}

void
vi_indent_text(struct ed_vim *v, size_t cols, struct wn_buf *out)
{
	size_t tabs = v->opt.et ? 0 : cols / v->opt.ts;

	cols -= tabs * v->opt.ts;
	while (tabs-- > 0)
		(void)wn_buf_chr(out, '\t');
	while (cols-- > 0)
		(void)wn_buf_chr(out, ' ');
}

size_t
vi_set_indent(struct ed_vim *v, size_t begin, size_t cols)
{
	struct wn_buf out;
	size_t old = vi_nonblank(v, begin) - begin, n;
	struct wn_buf was;
	bool ok = true;

	wn_buf_init(&out, (size_t)1 << 20);
	wn_buf_init(&was, (size_t)1 << 20);
	vi_indent_text(v, cols, &out);
	(void)ed_text_copy(vi_text(v), begin, begin + old, &was);
	n = out.len;
	if (!wn_str_eq(wn_buf_view(&out), wn_buf_view(&was)))
		ok = vi_edit(v, begin, old, wn_buf_view(&out));
	wn_buf_fini(&out);
	wn_buf_fini(&was);
	return ok ? n : VI_NONE;
}

/* ---- undo ---------------------------------------------------------------------------------- */

/* The row the cursor goes to: where it was before the change when that is in or next to what
 * changed, else the first line that did. */
static size_t
undo_row(const struct ed_vim *v, size_t before)
{
	size_t row = VI_NONE;

	for (size_t i = 0; i < v->touched.len; i++) {
		const struct vi_touched *t = &v->touched.p[i];
		if (t->top >= row)
			continue;
		row = before + 1 >= t->top && before <= t->top + t->lines ? before : t->top;
	}
	return row == VI_NONE ? before : row;
}

static void
undo_cursor(struct ed_vim *v, size_t pos)
{
	size_t before, col, row, end;

	pos = vi_clamp(v, pos);
	before = vi_row(v, pos);
	col = pos - vi_begin(v, pos);
	row = undo_row(v, before);
	if (before + 1 == row && row > 0)
		row--;
	v->cur = vi_row_begin(v, row);
	end = vi_end(v, v->cur);
	if (row >= vi_rows(v))
		v->cur = vi_last_line(v);
	else if (row == before)
		v->cur = v->cur + col > end ? end : vi_clamp(v, v->cur + col);
	else
		v->cur = vi_nonblank(v, v->cur);
	v->cur = vi_on_char(v, v->cur);
}

static bool
undo_one(struct ed_vim *v, int direction)
{
	const struct ed_step *crossed;
	size_t col = 0, row = 0;
	struct ed_step *next = ed_undo_now(ed_doc_undo(v->doc))->redo;
	wn_err err;

	if (direction > 0 && next && next->before.len) {
		row = vi_row(v, next->before.p[0].head);
		col = next->before.p[0].head - vi_begin(v, next->before.p[0].head);
	}
	wn_vec_clear(&v->touched);
	v->undoing = true;
	err = ed_doc_step(v->doc, direction, &crossed);
	v->undoing = false;
	if (err == WN_E_NOT_FOUND)
		return false;
	if (err) {
		refuse(v, err);
		return false;
	}
	if (direction < 0)
		undo_cursor(v, crossed->before.len ? crossed->before.p[0].head : v->cur);
	else
		undo_cursor(v, vi_row_begin(v, row) + col);
	return true;
}

void
vi_undo(struct ed_vim *v, size_t count, int direction)
{
	size_t n = 0;
	unsigned open = v->group;

	/* What a macro did so far is a step of its own. */
	for (unsigned i = 0; i < open; i++)
		vi_change_end(v);
	while (n < count && undo_one(v, direction))
		n++;
	for (unsigned i = 0; i < open; i++)
		vi_change_begin(v);
	v->want = VI_NONE;
	if (n == 0)
		vi_say(v, "%s",
		       direction < 0 ? "Already at oldest change" : "Already at newest change");
}
