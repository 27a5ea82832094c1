/*
 * A view's selections: keeping them true, moving them, and the register.
 */
#include "editor/select/view_private.h"

#include <stdlib.h>

#include "runtime/base/mem.h"

static size_t
map_pos(size_t p, const struct ed_edit *e)
{
	if (p <= e->pos)
		return p;
	if (p >= e->pos + e->removed)
		return p - e->removed + e->inserted;
	return e->pos;
}

static void
on_edit(void *arg, const struct ed_edit *e)
{
	struct ed_view *v = arg;

	for (size_t i = 0; i < v->sels.len; i++) {
		struct ed_sel *s = &v->sels.p[i];
		ed_sel_set(s, map_pos(s->anchor, e), map_pos(s->head, e));
	}
}

struct ed_view *
ed_view_new(struct ed_doc *doc)
{
	struct ed_view *v = WN_NEW(struct ed_view);

	v->doc = doc;
	v->listener = (struct ed_listener){ .on_edit = on_edit, .arg = v };
	v->comment_open = wn_strdup("");
	v->comment_close = wn_strdup("");
	wn_vec_push(&v->sels, (struct ed_sel){ 0, 0, SIZE_MAX });
	ed_doc_listen(doc, &v->listener);
	return v;
}

void
ed_view_free(struct ed_view *v)
{
	if (!v)
		return;
	ed_doc_unlisten(v->doc, &v->listener);
	wn_vec_fini(&v->sels);
	wn_free(v->comment_open);
	wn_free(v->comment_close);
	wn_free(v);
}

struct ed_doc *
ed_view_doc(const struct ed_view *v)
{
	return v->doc;
}

size_t
ed_view_sels(const struct ed_view *v, const struct ed_sel **out)
{
	*out = v->sels.p;
	return v->sels.len;
}

const struct ed_sel *
ed_view_main(const struct ed_view *v)
{
	return &v->sels.p[v->main];
}

void
ed_view_set_comment(struct ed_view *v, const char *open, const char *close)
{
	wn_free(v->comment_open);
	wn_free(v->comment_close);
	v->comment_open = wn_strdup(open ? open : "");
	v->comment_close = wn_strdup(close ? close : "");
}

/* ---- keeping them in order ---------------------------------------------------------- */

static int
by_start(const void *a, const void *b)
{
	size_t x = ed_sel_from(a), y = ed_sel_from(b);

	return x < y ? -1 : x > y;
}

/* True when b, which does not begin before a, must become one with it. */
static bool
overlaps(const struct ed_sel *a, const struct ed_sel *b)
{
	if (ed_sel_from(b) < ed_sel_to(a) || ed_sel_from(b) == ed_sel_from(a))
		return true;
	return ed_sel_from(b) == ed_sel_to(a) && (a->anchor == a->head || b->anchor == b->head);
}

static struct ed_sel
melted(const struct ed_sel *a, const struct ed_sel *b)
{
	size_t from = ed_sel_from(a);
	size_t to = ed_sel_to(a) > ed_sel_to(b) ? ed_sel_to(a) : ed_sel_to(b);
	bool forward = a->anchor < a->head || b->anchor < b->head ||
		       (a->anchor == a->head && b->anchor == b->head);

	return forward ? (struct ed_sel){ from, to, SIZE_MAX }
		       : (struct ed_sel){ to, from, SIZE_MAX };
}

void
ed_view_settle(struct ed_view *v)
{
	size_t main_pos = v->sels.p[v->main].head, n = 1;

	if (v->sels.len == 1)
		return;
	qsort(v->sels.p, v->sels.len, sizeof *v->sels.p, by_start);
	for (size_t i = 1; i < v->sels.len; i++) {
		struct ed_sel *last = &v->sels.p[n - 1];
		if (overlaps(last, &v->sels.p[i]))
			*last = melted(last, &v->sels.p[i]);
		else
			v->sels.p[n++] = v->sels.p[i];
	}
	v->sels.len = n;
	v->main = 0;
	for (size_t i = 0; i < n; i++)
		if (ed_sel_from(&v->sels.p[i]) <= main_pos)
			v->main = i;
}

/* A cluster start at or before pos. */
static size_t
snap(const struct ed_view *v, size_t pos)
{
	const struct ed_text *t = ed_doc_text(v->doc);
	size_t before;

	if (pos >= ed_text_len(t))
		return ed_text_len(t);
	before = ed_prev_cluster(t, pos);
	return ed_next_cluster(t, before) == pos ? pos : before;
}

void
ed_view_select(struct ed_view *v, size_t anchor, size_t head)
{
	v->typed_version = 0;
	v->sels.len = 1;
	v->main = 0;
	ed_sel_set(&v->sels.p[0], snap(v, anchor), snap(v, head));
}

void
ed_view_add(struct ed_view *v, size_t anchor, size_t head)
{
	struct ed_sel s;

	v->typed_version = 0;
	ed_sel_set(&s, snap(v, anchor), snap(v, head));
	wn_vec_push(&v->sels, s);
	v->main = v->sels.len - 1;
	ed_view_settle(v);
}

/* ---- moving ---------------------------------------------------------------------------- */

static size_t
line_by(const struct ed_text *t, size_t line, bool down, size_t count)
{
	for (; count; count--) {
		if (!down && line == 0)
			return SIZE_MAX;
		size_t end = down ? ed_text_line_end(t, line) : 0;
		if (down && end == ed_text_len(t))
			return SIZE_MAX;
		line = down ? end + 1 : ed_text_line_begin(t, line - 1);
	}
	return line;
}

static size_t
vertical(struct ed_view *v, struct ed_sel *s, bool down, size_t count)
{
	const struct ed_text *t = ed_doc_text(v->doc);
	size_t begin = ed_text_line_begin(t, s->head), line, next;

	if (s->goal == SIZE_MAX)
		s->goal = ed_col_of(v->doc, s->head);
	/* A page may reach over the end: go as far as there are lines. */
	for (line = begin; count && (next = line_by(t, line, down, 1)) != SIZE_MAX; count--)
		line = next;
	if (line == begin && count)
		return down ? ed_doc_line_end(v->doc, begin) : begin;
	return ed_pos_at_col(v->doc, line, s->goal);
}

static size_t
smart_home(struct ed_view *v, size_t pos)
{
	size_t begin = ed_text_line_begin(ed_doc_text(v->doc), pos);
	size_t text = begin + ed_indent_len(v, begin);

	return pos == text ? begin : text;
}

static size_t
times(size_t (*step)(const struct ed_text *, size_t), const struct ed_text *t, size_t pos,
      size_t count)
{
	while (count--) {
		size_t next = step(t, pos);
		if (next == pos)
			break;
		pos = next;
	}
	return pos;
}

static size_t
target(struct ed_view *v, struct ed_sel *s, enum ed_move move, size_t count)
{
	const struct ed_text *t = ed_doc_text(v->doc);

	switch (move) {
	case ED_LEFT:
		return times(ed_prev_cluster, t, s->head, count);
	case ED_RIGHT:
		return times(ed_next_cluster, t, s->head, count);
	case ED_WORD_LEFT:
		return times(ed_prev_word, t, s->head, count);
	case ED_WORD_RIGHT:
		return times(ed_next_word, t, s->head, count);
	case ED_UP:
	case ED_DOWN:
		return vertical(v, s, move == ED_DOWN, count);
	case ED_HOME:
		return smart_home(v, s->head);
	case ED_LINE_START:
		return ed_text_line_begin(t, s->head);
	case ED_LINE_END:
		return ed_doc_line_end(v->doc, s->head);
	case ED_DOC_START:
		return 0;
	case ED_DOC_END:
		return ed_text_len(t);
	}
	return s->head;
}

void
ed_view_move(struct ed_view *v, enum ed_move move, size_t count, bool extend)
{
	v->typed_version = 0;
	for (size_t i = 0; i < v->sels.len; i++) {
		struct ed_sel *s = &v->sels.p[i];
		bool keep = move == ED_UP || move == ED_DOWN;
		size_t head;
		/* Left and right first leave a selection by its end. */
		if (!extend && s->anchor != s->head && (move == ED_LEFT || move == ED_RIGHT))
			head = move == ED_LEFT ? ed_sel_from(s) : ed_sel_to(s);
		else
			head = target(v, s, move, count);
		s->head = head;
		s->anchor = extend ? s->anchor : head;
		/* The end of a line is a column of its own: as far right as it goes. */
		if (!keep)
			s->goal = move == ED_LINE_END ? SIZE_MAX - 1 : SIZE_MAX;
	}
	ed_view_settle(v);
}

void
ed_view_goto(struct ed_view *v, size_t line, size_t col, bool extend)
{
	size_t start = ed_text_line_start(ed_doc_text(v->doc), line);
	size_t anchor = ed_view_main(v)->anchor;

	/* The last line of a text that ends with a newline is empty and begins at its length. */
	size_t pos = ed_pos_at_col(v->doc, ed_text_line_begin(ed_doc_text(v->doc), start), col);
	ed_view_select(v, extend ? anchor : pos, pos);
}

/* ---- groups and replacing -------------------------------------------------------------- */

static size_t
marks(const struct ed_view *v, struct ed_mark **out)
{
	*out = wn_alloc_array(v->sels.len, sizeof **out);
	for (size_t i = 0; i < v->sels.len; i++)
		(*out)[i] = (struct ed_mark){ v->sels.p[i].anchor, v->sels.p[i].head };
	return v->sels.len;
}

void
ed_view_group(struct ed_view *v)
{
	struct ed_mark *m;
	size_t n = marks(v, &m);

	ed_doc_begin_with(v->doc, m, n);
	wn_free(m);
}

void
ed_view_ungroup(struct ed_view *v)
{
	struct ed_mark *m;
	size_t n;

	ed_view_settle(v);
	n = marks(v, &m);
	ed_doc_end_with(v->doc, m, n);
	wn_free(m);
}

wn_err
ed_view_put(struct ed_view *v, size_t i, size_t from, size_t to, struct wn_str text)
{
	wn_err err = ed_doc_edit(v->doc, from, to - from, text);

	if (!err)
		ed_sel_set(&v->sels.p[i], from + text.len, from + text.len);
	return err;
}

/* ---- register ---------------------------------------------------------------------------- */

void
ed_register_init(struct ed_register *r)
{
	wn_buf_init(&r->text, ED_REGISTER_MAX);
	r->lines = false;
}

void
ed_register_fini(struct ed_register *r)
{
	wn_buf_fini(&r->text);
}

static bool
nothing_selected(const struct ed_view *v)
{
	for (size_t i = 0; i < v->sels.len; i++)
		if (v->sels.p[i].anchor != v->sels.p[i].head)
			return false;
	return true;
}

wn_err
ed_view_copy(struct ed_view *v, struct ed_register *r, struct wn_diag *d)
{
	const struct ed_text *t = ed_doc_text(v->doc);
	wn_err err = 0;

	wn_buf_clear(&r->text);
	r->lines = nothing_selected(v);
	for (size_t i = 0; i < v->sels.len && !err; i++) {
		size_t from = ed_sel_from(&v->sels.p[i]), to = ed_sel_to(&v->sels.p[i]);
		if (r->lines) {
			from = ed_text_line_begin(t, from);
			to = ed_doc_line_end(v->doc, to);
		}
		if (i && !r->lines)
			(void)wn_buf_chr(&r->text, '\n');
		err = ed_text_copy(t, from, to, &r->text);
		if (r->lines && !err)
			err = wn_buf_chr(&r->text, '\n');
	}
	return err ? wn_fail(d, err, "the selection is too large to copy") : 0;
}

wn_err
ed_view_cut(struct ed_view *v, struct ed_register *r, struct wn_diag *d)
{
	wn_err err = ed_view_copy(v, r, d);

	if (err)
		return err;
	if (r->lines)
		return ed_view_do(v, ED_DELETE_LINE, d);
	return ed_view_insert(v, WN_STR(""), d);
}

wn_err
ed_view_paste(struct ed_view *v, const struct ed_register *r, struct wn_diag *d)
{
	struct wn_str text = wn_buf_view(&r->text);

	if (!r->lines || !nothing_selected(v))
		return ed_view_insert(v, text, d);
	/* Whole lines go above the cursor's line, the cursor stays where it is. */
	size_t back[2] = { ed_view_main(v)->head, 0 };
	size_t begin = ed_text_line_begin(ed_doc_text(v->doc), back[0]);
	size_t len = ed_text_len(ed_doc_text(v->doc));
	back[1] = back[0] - begin;
	ed_view_select(v, begin, begin);
	wn_err err = ed_view_insert(v, text, d);
	size_t at = begin + back[1] + (ed_text_len(ed_doc_text(v->doc)) - len);
	ed_view_select(v, at, at);
	return err;
}
