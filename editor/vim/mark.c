/*
 * Marks, the jump list and the list of changes. A mark is a row and a byte in it, as in Vim: text
 * that comes or goes before it in its line does not move it, lines above do.
 */
#include "editor/vim/edit.h"

void
vi_mark_set(struct ed_vim *v, struct vi_mark *m, size_t pos)
{
	pos = vi_clamp(v, pos);
	m->set = true;
	m->pos = pos;
	m->row = ed_text_indexed(vi_text(v)) ? vi_row(v, pos) : VI_NONE;
	m->col = pos - vi_begin(v, pos);
}

size_t
vi_mark_pos(struct ed_vim *v, const struct vi_mark *m)
{
	size_t begin, end;

	if (!m || !m->set)
		return VI_NONE;
	if (m->row == VI_NONE)
		return vi_clamp(v, m->pos);
	begin = vi_row_begin(v, m->row);
	end = vi_end(v, begin);
	return m->col >= end - begin ? end : vi_clamp(v, begin + m->col);
}

struct vi_mark *
vi_mark_of(struct ed_vim *v, uint32_t name)
{
	if (name >= 'a' && name <= 'z')
		return &v->mark[name - 'a'];
	switch (name) {
	case '<':
		return &v->mark[VI_MARK_LT];
	case '>':
		return &v->mark[VI_MARK_GT];
	case '\'':
	case '`':
		return &v->mark[VI_MARK_TICK];
	case '[':
		return &v->mark[VI_MARK_OPEN];
	case ']':
		return &v->mark[VI_MARK_CLOSE];
	case '.':
		return &v->mark[VI_MARK_DOT];
	case '^':
		return &v->mark[VI_MARK_INS];
	case '"':
		return &v->mark[VI_MARK_QUOTE];
	default:
		return NULL;
	}
}

void
vi_mark_change(struct ed_vim *v, size_t from, size_t last)
{
	vi_mark_set(v, &v->mark[VI_MARK_OPEN], from);
	vi_mark_set(v, &v->mark[VI_MARK_CLOSE], last);
}

/* ---- following edits ---------------------------------------------------------------------- */

static void
follow_bytes(struct vi_mark *m, const struct ed_edit *e)
{
	if (m->pos >= e->pos + e->removed)
		m->pos = m->pos - e->removed + e->inserted;
	else if (m->pos > e->pos + e->inserted)
		m->pos = e->pos + e->inserted;
}

/* Rows of whole lines that are gone take their marks along. */
static void
follow_rows(struct vi_mark *m, const struct ed_edit *e, bool may_vanish)
{
	bool whole = e->inserted == 0 && e->start.col == 0 && e->old_end.col == 0 && e->removed;

	if (e->old_end.row == e->new_end.row && e->start.row == e->old_end.row)
		return;
	if (m->row > e->old_end.row) {
		m->row = m->row - e->old_end.row + e->new_end.row;
	} else if (m->row == e->old_end.row && m->col >= e->old_end.col) {
		m->row = e->new_end.row;
		m->col = m->col - e->old_end.col + e->new_end.col;
	} else if (m->row > e->start.row || (m->row == e->start.row && whole)) {
		if (whole && may_vanish)
			m->set = false;
		else if (m->row > e->new_end.row)
			m->row = e->new_end.row;
	}
}

static void
follow(struct vi_mark *m, const struct ed_edit *e, bool may_vanish)
{
	if (!m->set)
		return;
	if (m->row == VI_NONE || e->start.row == ED_ROW_UNKNOWN) {
		m->row = VI_NONE;
		follow_bytes(m, e);
	} else {
		follow_rows(m, e, may_vanish);
	}
}

/* What an undo or redo touches, as Vim's entries of lines have it. */
static void
undo_touches(struct ed_vim *v, const struct ed_edit *e)
{
	size_t lines = e->new_end.row - e->start.row + 1;

	if (e->start.row == ED_ROW_UNKNOWN)
		return;
	if (e->start.col == 0 && e->old_end.col == 0 && e->new_end.col == 0)
		lines--;
	wn_vec_push(&v->touched, (struct vi_touched){ e->start.row, lines });
}

static bool
same_line(const struct vi_mark *a, const struct vi_mark *b)
{
	return a->row == VI_NONE ? b->row == VI_NONE && a->pos == b->pos : a->row == b->row;
}

/* Where an edit ended is remembered once a line's neighbourhood. */
static void
change_add(struct ed_vim *v)
{
	const struct vi_mark *m = &v->mark[VI_MARK_DOT];
	struct vi_mark *last = v->changes ? &v->change[v->changes - 1] : NULL;

	if (!m->set)
		return;
	if (last && same_line(last, m) &&
	    (last->col > m->col ? last->col - m->col : m->col - last->col) < 79) {
		*last = *m;
		return;
	}
	if (v->changes == VI_JUMPS) {
		memmove(v->change, v->change + 1, (VI_JUMPS - 1) * sizeof *v->change);
		v->changes--;
	}
	v->change[v->changes++] = *m;
	v->change_at = v->changes;
}

void
vi_marks_edit(struct ed_vim *v, const struct ed_edit *e)
{
	for (size_t i = 0; i < VI_MARKS; i++)
		follow(&v->mark[i], e, i < 26);
	for (size_t i = 0; i < v->jumps; i++)
		follow(&v->jump[i], e, false);
	for (size_t i = 0; i < v->changes; i++)
		follow(&v->change[i], e, false);
	if (v->undoing) {
		undo_touches(v, e);
		return;
	}
	vi_mark_set(v, &v->mark[VI_MARK_DOT], e->pos);
	change_add(v);
}

/* ---- jumps --------------------------------------------------------------------------------- */

static void
jump_add(struct ed_vim *v, struct vi_mark m)
{
	size_t w = 0;

	for (size_t i = 0; i < v->jumps; i++)
		if (!same_line(&v->jump[i], &m))
			v->jump[w++] = v->jump[i];
	if (w == VI_JUMPS) {
		memmove(v->jump, v->jump + 1, (VI_JUMPS - 1) * sizeof *v->jump);
		w--;
	}
	v->jump[w++] = m;
	v->jumps = w;
}

void
vi_jump_from(struct ed_vim *v, size_t pos)
{
	struct vi_mark m;

	vi_mark_set(v, &m, pos);
	v->mark[VI_MARK_TICK] = m;
	jump_add(v, m);
	v->jump_at = v->jumps;
}

void
vi_jump_go(struct ed_vim *v, bool back, size_t count)
{
	size_t to, pos;

	if (back && v->jump_at == v->jumps) {
		/* Leaving the newest end: come back to it later. */
		struct vi_mark m;
		vi_mark_set(v, &m, v->cur);
		jump_add(v, m);
		v->mark[VI_MARK_TICK] = m;
		v->jump_at = v->jumps - 1;
	}
	if (back ? count > v->jump_at : count >= v->jumps - v->jump_at || v->jumps == 0) {
		vi_fail(v, NULL);
		return;
	}
	to = back ? v->jump_at - count : v->jump_at + count;
	v->jump_at = to;
	pos = vi_mark_pos(v, &v->jump[to]);
	v->cur = vi_on_char(v, pos);
	v->want = VI_NONE;
}

void
vi_change_go(struct ed_vim *v, bool older, size_t count)
{
	size_t to;

	if (older ? v->change_at == 0 : v->change_at + 1 >= v->changes) {
		vi_fail(v, "%s", older ? "At start of changelist" : "At end of changelist");
		return;
	}
	if (older)
		to = count > v->change_at ? 0 : v->change_at - count;
	else
		to = v->change_at + count >= v->changes ? v->changes - 1 : v->change_at + count;
	v->change_at = to;
	v->cur = vi_on_char(v, vi_mark_pos(v, &v->change[to]));
	v->want = VI_NONE;
}
