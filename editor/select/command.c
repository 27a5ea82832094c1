/*
 * Typing and the commands of ed_view_do(): each works on every selection and is one undo step.
 */
#include "editor/select/view_private.h"

#include "runtime/base/mem.h"

static wn_err
explain(wn_err err, struct wn_diag *d)
{
	if (err == WN_E_READ_ONLY)
		return wn_fail(d, err, "this document is read-only");
	if (err == WN_E_NO_MEMORY)
		return wn_fail(d, err, "there is not enough memory for this edit");
	if (err == WN_E_NOT_FOUND)
		return wn_fail(d, err, "there is nothing more to undo or redo");
	if (err == WN_E_UNSUPPORTED)
		return wn_fail(d, err, "this kind of file has no comments");
	return err ? wn_fail(d, err, "the edit failed") : 0;
}

/* ---- text ---------------------------------------------------------------------------- */

/* Replaces every selection, last first. */
static wn_err
put_each(struct ed_view *v, struct wn_str s)
{
	wn_err err = 0;

	for (size_t i = v->sels.len; i-- > 0 && !err;)
		err = ed_view_put(v, i, ed_sel_from(&v->sels.p[i]), ed_sel_to(&v->sels.p[i]), s);
	return err;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* Typing goes on in the step before while a word is being typed and nothing came between. */
static bool
melts(const struct ed_view *v, struct wn_str s)
{
	if (v->typed_version == 0 || v->typed_version != ed_doc_version(v->doc) || s.len == 0)
		return false;
	return wn_str_chr(s, '\n') < 0 && !(v->typed_blank && !is_blank(s.p[0]));
}

/* A closing bracket typed into an otherwise blank line goes back one level. */
static wn_err
dedent_closer(struct ed_view *v, struct wn_str s)
{
	char unit_buf[17];
	struct wn_str unit = ed_indent_unit(v, unit_buf);
	wn_err err = 0;

	if (s.len != 1 || !strchr("}])", s.p[0]))
		return 0;
	for (size_t i = v->sels.len; i-- > 0 && !err;) {
		size_t pos = v->sels.p[i].head;
		size_t begin = ed_text_line_begin(ed_doc_text(v->doc), pos);
		if (v->sels.p[i].anchor == pos && pos - begin >= unit.len &&
		    begin + ed_indent_len(v, begin) == pos)
			err = ed_doc_edit(v->doc, pos - unit.len, unit.len, WN_STR_NONE);
	}
	return err;
}

wn_err
ed_view_type(struct ed_view *v, struct wn_str s, struct wn_diag *d)
{
	wn_err err;

	if (s.len == 0)
		return 0;
	if (melts(v, s))
		ed_doc_melt(v->doc);
	ed_view_group(v);
	err = dedent_closer(v, s);
	if (!err)
		err = put_each(v, s);
	ed_view_ungroup(v);
	v->typed_version = err ? 0 : ed_doc_version(v->doc);
	v->typed_blank = is_blank(s.p[s.len - 1]);
	return explain(err, d);
}

/* "\n" as the document writes it; owned buffer in tmp when it differs. */
static struct wn_str
with_eol(const struct ed_view *v, struct wn_str s, struct wn_buf *tmp)
{
	struct wn_str line;
	bool first = true;

	if (ed_doc_info(v->doc)->eol != ED_EOL_CRLF || wn_str_chr(s, '\n') < 0)
		return s;
	while (wn_str_split(&s, '\n', &line)) {
		if (!first)
			(void)wn_buf_cstr(tmp, "\r\n");
		if (line.len && s.p && line.p[line.len - 1] == '\r')
			line.len--;
		(void)wn_buf_str(tmp, line);
		first = false;
	}
	return wn_buf_view(tmp);
}

wn_err
ed_view_insert(struct ed_view *v, struct wn_str s, struct wn_diag *d)
{
	struct wn_buf tmp;
	wn_err err;

	wn_buf_init(&tmp, s.len * 2 + 16);
	s = with_eol(v, s, &tmp);
	v->typed_version = 0;
	ed_view_group(v);
	err = tmp.err ? tmp.err : put_each(v, s);
	ed_view_ungroup(v);
	wn_buf_fini(&tmp);
	return explain(err, d);
}

/* ---- deleting -------------------------------------------------------------------------- */

/* Deletes what is selected, else from the cursor to where `step` goes. */
static wn_err
delete_by(struct ed_view *v, size_t (*step)(struct ed_view *, size_t pos))
{
	wn_err err = 0;

	for (size_t i = v->sels.len; i-- > 0 && !err;) {
		struct ed_sel *s = &v->sels.p[i];
		size_t a = s->anchor, b = s->head;
		if (a == b)
			a = step(v, b);
		err = ed_view_put(v, i, a < b ? a : b, a < b ? b : a, WN_STR_NONE);
	}
	return err;
}

static size_t
left_of(struct ed_view *v, size_t pos)
{
	const struct ed_text *t = ed_doc_text(v->doc);
	size_t begin = ed_text_line_begin(t, pos), unit = (size_t)ed_doc_info(v->doc)->indent_width;

	/* In an indent made of spaces a whole level goes. */
	if (pos > begin && pos - begin < 200 && begin + ed_indent_len(v, begin) >= pos) {
		size_t n = (pos - begin) % unit ? (pos - begin) % unit : unit, k = 0;
		while (k < n && ed_text_byte(t, pos - 1 - k) == ' ')
			k++;
		if (k == n)
			return pos - n;
	}
	return ed_prev_cluster(t, pos);
}

static size_t
right_of(struct ed_view *v, size_t pos)
{
	return ed_next_cluster(ed_doc_text(v->doc), pos);
}

static size_t
word_left_of(struct ed_view *v, size_t pos)
{
	return ed_prev_word(ed_doc_text(v->doc), pos);
}

static size_t
word_right_of(struct ed_view *v, size_t pos)
{
	return ed_next_word(ed_doc_text(v->doc), pos);
}

static size_t
end_of(struct ed_view *v, size_t pos)
{
	size_t end = ed_doc_line_end(v->doc, pos);

	return end > pos ? end : ed_next_cluster(ed_doc_text(v->doc), pos);
}

static wn_err
delete_left(struct ed_view *v)
{
	return delete_by(v, left_of);
}

static wn_err
delete_right(struct ed_view *v)
{
	return delete_by(v, right_of);
}

static wn_err
delete_word_left(struct ed_view *v)
{
	return delete_by(v, word_left_of);
}

static wn_err
delete_word_right(struct ed_view *v)
{
	return delete_by(v, word_right_of);
}

static wn_err
delete_to_end(struct ed_view *v)
{
	return delete_by(v, end_of);
}

/* ---- newline and tab ---------------------------------------------------------------------- */

/* Line end and indent for a cursor at pos, one level deeper behind an opening bracket. */
static void
newline_text(const struct ed_view *v, size_t pos, struct wn_buf *out, size_t *cursor)
{
	const struct ed_text *t = ed_doc_text(v->doc);
	size_t begin = ed_text_line_begin(t, pos);
	size_t indent = ed_indent_len(v, begin);
	int before = pos > begin ? ed_text_byte(t, pos - 1) : 0;
	int after = ed_text_byte(t, pos);
	char unit[17];

	indent = indent < pos - begin ? indent : pos - begin;
	(void)wn_buf_str(out, ed_eol_of(v));
	(void)ed_text_copy(t, begin, begin + indent, out);
	bool opens = before == '{' || before == '[' || before == '(';
	if (opens)
		(void)wn_buf_str(out, ed_indent_unit(v, unit));
	*cursor = out->len;
	if (opens && (after == '}' || after == ']' || after == ')')) {
		(void)wn_buf_str(out, ed_eol_of(v));
		(void)ed_text_copy(t, begin, begin + indent, out);
	}
}

static wn_err
newline(struct ed_view *v)
{
	struct wn_buf out;
	size_t cursor;
	wn_err err = 0;

	wn_buf_init(&out, 4096);
	for (size_t i = v->sels.len; i-- > 0 && !err;) {
		size_t from = ed_sel_from(&v->sels.p[i]);
		wn_buf_clear(&out);
		newline_text(v, from, &out, &cursor);
		err = ed_view_put(v, i, from, ed_sel_to(&v->sels.p[i]), wn_buf_view(&out));
		if (!err)
			ed_sel_set(&v->sels.p[i], from + cursor, from + cursor);
	}
	wn_buf_fini(&out);
	return err;
}

static bool
spans_lines(const struct ed_view *v)
{
	const struct ed_text *t = ed_doc_text(v->doc);

	for (size_t i = 0; i < v->sels.len; i++)
		if (ed_text_line_end(t, ed_sel_from(&v->sels.p[i])) < ed_sel_to(&v->sels.p[i]))
			return true;
	return false;
}

static wn_err
tab(struct ed_view *v)
{
	const struct ed_doc_info *info = ed_doc_info(v->doc);
	size_t width = (size_t)info->indent_width;
	wn_err err = 0;

	if (spans_lines(v))
		return ed_lines_indent(v);
	for (size_t i = v->sels.len; i-- > 0 && !err;) {
		size_t from = ed_sel_from(&v->sels.p[i]);
		size_t n = width - ed_col_of(v->doc, from) % width;
		struct wn_str s = info->indent_tabs ? WN_STR("\t")
						    : wn_str_sub(WN_STR("                "), 0, n);
		err = ed_view_put(v, i, from, ed_sel_to(&v->sels.p[i]), s);
	}
	return err;
}

/* ---- selecting ------------------------------------------------------------------------------ */

static wn_err
select_all(struct ed_view *v)
{
	ed_view_select(v, 0, ed_text_len(ed_doc_text(v->doc)));
	return 0;
}

static wn_err
select_line(struct ed_view *v)
{
	const struct ed_text *t = ed_doc_text(v->doc);

	for (size_t i = 0; i < v->sels.len; i++) {
		struct ed_sel *s = &v->sels.p[i];
		size_t end = ed_text_line_end(t, ed_sel_to(s));
		ed_sel_set(s, ed_text_line_begin(t, ed_sel_from(s)),
			   end < ed_text_len(t) ? end + 1 : end);
	}
	ed_view_settle(v);
	return 0;
}

static wn_err
select_word(struct ed_view *v)
{
	size_t from, to;

	for (size_t i = 0; i < v->sels.len; i++) {
		ed_word_around(ed_doc_text(v->doc), v->sels.p[i].head, &from, &to);
		ed_sel_set(&v->sels.p[i], from, to);
	}
	ed_view_settle(v);
	return 0;
}

static wn_err
select_none(struct ed_view *v)
{
	size_t head = ed_view_main(v)->head;

	ed_view_select(v, head, head);
	return 0;
}

/* ---- undo ------------------------------------------------------------------------------------ */

static wn_err
travel(struct ed_view *v, int direction)
{
	const struct ed_step *s;
	wn_err err = ed_doc_step(v->doc, direction, &s);

	if (err)
		return err;
	const struct ed_mark *m = direction < 0 ? s->before.p : s->after.p;
	size_t n = direction < 0 ? s->before.len : s->after.len;
	if (n == 0) {
		size_t at = s->changes.p[0].pos + s->changes.p[0].len;
		ed_view_select(v, at, at);
		return 0;
	}
	wn_vec_clear(&v->sels);
	v->main = 0;
	for (size_t i = 0; i < n; i++) {
		struct ed_sel sel;
		ed_sel_set(&sel, m[i].anchor, m[i].head);
		wn_vec_push(&v->sels, sel);
	}
	return 0;
}

static wn_err
undo(struct ed_view *v)
{
	return travel(v, -1);
}

static wn_err
redo(struct ed_view *v)
{
	return travel(v, 1);
}

/* ---- table ------------------------------------------------------------------------------------
 */

static const struct {
	wn_err (*fn)(struct ed_view *v);
	bool edits; /* runs in an undo group */
} commands[ED_CMDS] = {
	[ED_DELETE_LEFT] = { delete_left, true },
	[ED_DELETE_RIGHT] = { delete_right, true },
	[ED_DELETE_WORD_LEFT] = { delete_word_left, true },
	[ED_DELETE_WORD_RIGHT] = { delete_word_right, true },
	[ED_DELETE_TO_LINE_END] = { delete_to_end, true },
	[ED_DELETE_LINE] = { ed_lines_delete, true },
	[ED_NEWLINE] = { newline, true },
	[ED_TAB] = { tab, true },
	[ED_INDENT] = { ed_lines_indent, true },
	[ED_DEDENT] = { ed_lines_dedent, true },
	[ED_DUPLICATE_LINE] = { ed_lines_duplicate, true },
	[ED_MOVE_LINE_UP] = { ed_lines_up, true },
	[ED_MOVE_LINE_DOWN] = { ed_lines_down, true },
	[ED_JOIN_LINES] = { ed_lines_join, true },
	[ED_TOGGLE_COMMENT] = { ed_lines_comment, true },
	[ED_SELECT_ALL] = { select_all, false },
	[ED_SELECT_LINE] = { select_line, false },
	[ED_SELECT_WORD] = { select_word, false },
	[ED_SELECT_NONE] = { select_none, false },
	[ED_UNDO] = { undo, false },
	[ED_REDO] = { redo, false },
};

wn_err
ed_view_do(struct ed_view *v, enum ed_cmd cmd, struct wn_diag *d)
{
	wn_err err;

	if ((unsigned)cmd >= ED_CMDS)
		return wn_fail(d, WN_E_INVALID, "no such editor command");
	v->typed_version = 0;
	if (!commands[cmd].edits)
		return explain(commands[cmd].fn(v), d);
	ed_view_group(v);
	err = commands[cmd].fn(v);
	ed_view_ungroup(v);
	return explain(err, d);
}
