/*
 * Rows of the screen: wrapping by words, folds, the way from row to row. Only what is near the
 * screen is looked at, and of a line that is very long only the part shown.
 */
#include "tui/pane/editor/rows.h"

#include "runtime/base/mem.h"
#include "tui/pane/editor/cells.h"
#include "tui/pane/editor/editor.h"

#define WRAP_WORDS ((size_t)32 << 10) /* a longer line is cut at the columns, without words */
#define CELLS_MAX 1024

static size_t
width_of(const struct editor *e)
{
	size_t cols = (size_t)(e->cols > 8 ? e->cols : 8);

	return cols < CELLS_MAX - 8 ? cols : CELLS_MAX - 8;
}

/* ---- folds ----------------------------------------------------------------------------- */

const struct editor_fold *
editor_fold_over(const struct editor *e, size_t pos)
{
	for (size_t i = 0; i < e->folds.len; i++)
		if (pos > e->folds.p[i].from && pos <= e->folds.p[i].to)
			return &e->folds.p[i];
	return NULL;
}

/* The outermost fold behind the line that ends at `end`. */
static const struct editor_fold *
fold_behind(const struct editor *e, size_t end)
{
	const struct editor_fold *best = NULL;

	for (size_t i = 0; i < e->folds.len; i++)
		if (e->folds.p[i].from == end && (!best || e->folds.p[i].to > best->to))
			best = &e->folds.p[i];
	return best;
}

void
editor_fold_add(struct editor *e, size_t from, size_t to)
{
	for (size_t i = 0; i < e->folds.len; i++)
		if (e->folds.p[i].from == from && e->folds.p[i].to == to)
			return;
	if (to > from)
		wn_vec_push(&e->folds, (struct editor_fold){ from, to });
}

bool
editor_fold_open(struct editor *e, size_t pos, bool behind)
{
	size_t n = 0, end = ed_text_line_end(text_of(e), pos), had = e->folds.len;

	for (size_t i = 0; i < had; i++) {
		struct editor_fold f = e->folds.p[i];
		if ((pos > f.from && pos <= f.to) || (behind && f.from == end))
			continue;
		e->folds.p[n++] = f;
	}
	e->folds.len = n;
	return n < had;
}

void
editor_folds_edit(struct editor *e, const struct ed_edit *ed)
{
	size_t n = 0;

	for (size_t i = 0; i < e->folds.len; i++) {
		struct editor_fold f = e->folds.p[i];
		size_t old_end = ed->pos + ed->removed;
		if (ed->pos <= f.to && old_end > f.from)
			continue; /* changed inside, or its line's end is gone: it is open */
		if (old_end <= f.from) {
			f.from = f.from - ed->removed + ed->inserted;
			f.to = f.to - ed->removed + ed->inserted;
		}
		e->folds.p[n++] = f;
	}
	e->folds.len = n;
}

/* ---- parts of a line --------------------------------------------------------------------- */

static bool
breaks_after(int c)
{
	return c == ' ' || c == '\t' || c == '-' || c == '/' || c == ',' || c == ';' || c == '|';
}

static bool
is_long(const struct editor_row *r)
{
	return r->end - r->line > WRAP_WORDS;
}

/* Columns of blanks a line begins with, as far as its later parts repeat them. */
static int
hang_of(struct editor *e, const struct editor_row *r)
{
	struct ed_cell cell;
	size_t col = 0, max = width_of(e) / 2;
	size_t pos = r->line;

	while (pos < r->end && col < max) {
		int c = ed_text_byte(text_of(e), pos);
		if ((c != ' ' && c != '\t') ||
		    ed_line_cells(e->doc, r->line, col, 1, &cell, 1) == 0)
			break;
		col += cell.width;
		pos++;
	}
	return col < max ? (int)col : 0;
}

/* Sets r->to: where the part that begins at r->from ends. */
static void
cut(struct editor *e, struct editor_row *r)
{
	struct ed_cell cells[CELLS_MAX];
	size_t room = width_of(e) - (size_t)r->indent, n, last = 0;

	r->to = r->end;
	if (!e->wrap || r->end - r->from < room / 2)
		return;
	if (is_long(r)) {
		r->to = ed_pos_at_col(e->doc, r->line, r->col + room);
		r->to = r->to < r->end ? r->to : r->end;
		return;
	}
	n = ed_line_cells(e->doc, r->line, r->col, room + 1, cells, CELLS_MAX);
	if (n == 0 || cells[n - 1].col + cells[n - 1].width <= r->col + room)
		return; /* all of it fits */
	while (n > 1 && cells[n - 1].col + cells[n - 1].width > r->col + room)
		n--;
	for (size_t i = 0; i < n; i++) {
		int c = ed_text_byte(text_of(e), cells[i].pos);
		if (breaks_after(c) || (cells[i].width == 2 && cells[i].kind == ED_CELL_TEXT))
			last = i + 1;
	}
	/* A line that has nothing but its indentation before the break is cut instead. */
	if (last == 0 || cells[last - 1].col < (size_t)r->indent)
		last = n;
	r->to = cells[last - 1].pos + cells[last - 1].len;
}

static struct editor_row
first_part(struct editor *e, size_t line)
{
	struct editor_row r = { .line = line, .from = line };
	const struct editor_fold *f;

	r.end = ed_text_line_end(text_of(e), line);
	f = e->folds.len ? fold_behind(e, r.end) : NULL;
	r.folded = f ? f->to : 0;
	cut(e, &r);
	return r;
}

static bool
next_part(struct editor *e, struct editor_row *r)
{
	if (r->to >= r->end)
		return false;
	r->from = r->to;
	r->col = is_long(r) ? r->col + width_of(e) : ed_col_of(e->doc, r->from);
	if (!is_long(r) && r->indent == 0)
		r->indent = hang_of(e, r);
	cut(e, r);
	return true;
}

/* The part of its line that pos is in. */
static struct editor_row
part_of(struct editor *e, size_t line, size_t pos)
{
	struct editor_row r = first_part(e, line);

	if (is_long(&r) && e->wrap) {
		size_t w = width_of(e);
		r.col = ed_col_of(e->doc, pos < r.end ? pos : r.end) / w * w;
		r.from = ed_pos_at_col(e->doc, line, r.col);
		cut(e, &r);
		return r;
	}
	while (r.to <= pos && next_part(e, &r))
		;
	return r;
}

struct editor_row
editor_row_of(struct editor *e, size_t pos)
{
	const struct editor_fold *f = editor_fold_over(e, pos);
	size_t len = ed_text_len(text_of(e));

	for (; f; f = editor_fold_over(e, pos))
		pos = f->from;
	pos = pos < len ? pos : len;
	return part_of(e, ed_text_line_begin(text_of(e), pos), pos);
}

bool
editor_row_next(struct editor *e, struct editor_row *r)
{
	size_t end = r->folded ? r->folded : r->end;

	if (next_part(e, r))
		return true;
	if (end >= ed_text_len(text_of(e)))
		return false;
	*r = first_part(e, end + 1);
	return true;
}

bool
editor_row_prev(struct editor *e, struct editor_row *r)
{
	if (r->from > r->line) {
		*r = part_of(e, r->line, r->from - 1);
		return true;
	}
	if (r->line == 0)
		return false;
	*r = editor_row_of(e, r->line - 1);
	return true;
}

int
editor_row_x(struct editor *e, const struct editor_row *r, size_t pos)
{
	struct editor_cells c;
	size_t i = 0;

	editor_cells_of(e, r, &c);
	if (c.n > 0 && pos < c.cell[0].pos)
		return -1;
	while (i < c.n && c.cell[i].pos + c.cell[i].len <= pos)
		i++;
	if (i < c.n)
		return c.x[i];
	return c.rtl && c.end < 0 ? 0 : c.end;
}

size_t
editor_pos_at(struct editor *e, int y, int x)
{
	struct editor_row r = editor_row_of(e, e->top);
	struct editor_cells c;
	size_t at;

	if (y < (int)e->sticky_n && (size_t)y < e->row.len)
		r = e->row.p[y];
	else
		for (int i = 0; i < y && i < e->rows && editor_row_next(e, &r); i++)
			;
	editor_cells_of(e, &r, &c);
	for (size_t i = 0; i < c.n; i++)
		if (x >= c.x[i] && x < c.x[i] + c.cell[i].width)
			return c.cell[i].pos;
	/* Beside the text: its nearer end. */
	at = c.n && (c.rtl ? x > c.end : x < c.end) ? c.cell[0].pos : r.to;
	return at == r.to && r.to < r.end ? ed_prev_cluster(text_of(e), r.to) : at;
}

/* ---- lines ------------------------------------------------------------------------------ */

size_t
editor_lines_down(const struct editor *e, size_t pos, int n)
{
	const struct ed_text *t = text_of(e);
	const struct editor_fold *f;

	while (n-- > 0) {
		size_t end = ed_text_line_end(t, pos);

		f = e->folds.len ? fold_behind(e, end) : NULL;
		end = f ? f->to : end;
		if (end >= ed_text_len(t))
			break;
		pos = end + 1;
	}
	return pos;
}

size_t
editor_lines_up(const struct editor *e, size_t pos, int n)
{
	const struct ed_text *t = text_of(e);
	const struct editor_fold *f;

	while (n-- > 0 && pos > 0) {
		pos = ed_text_line_begin(t, pos - 1);
		for (f = editor_fold_over(e, pos); f; f = editor_fold_over(e, pos))
			pos = ed_text_line_begin(t, f->from);
	}
	return pos;
}

/* ---- the window --------------------------------------------------------------------------- */

static size_t
rows_up(struct editor *e, struct editor_row r, int n)
{
	while (n-- > 0 && editor_row_prev(e, &r))
		;
	return r.from;
}

/* Rows from a to the one at pos, at most max. */
static int
rows_between(struct editor *e, size_t a, size_t pos, int max)
{
	struct editor_row r = editor_row_of(e, a);
	const struct ed_text *t = text_of(e);
	int n = 0;

	if (!e->wrap && e->folds.len == 0 && ed_text_indexed(t)) {
		size_t lines = ed_text_line_of(t, pos) - ed_text_line_of(t, a);
		return lines < (size_t)max ? (int)lines : max;
	}
	while (n < max && r.from != pos && editor_row_next(e, &r))
		n++;
	return n;
}

void
editor_scroll(struct editor *e, int rows)
{
	struct editor_row r = editor_row_of(e, e->top);

	for (; rows > 0 && editor_row_next(e, &r); rows--)
		;
	e->top = rows_up(e, r, rows < 0 ? -rows : 0);
	e->follow = false;
	redraw(e);
}

void
editor_leave_fold(struct editor *e, size_t was)
{
	size_t head = ed_view_main(e->view)->head, len = ed_text_len(text_of(e));
	const struct editor_fold *f = e->folds.len ? editor_fold_over(e, head) : NULL;
	const struct ed_text *t = text_of(e);
	const struct ed_sel *s = ed_view_main(e->view);

	if (!f)
		return;
	bool down = ed_text_line_end(t, was) == f->from && head <= ed_text_line_end(t, f->from + 1);
	bool up = f->to < len && ed_text_line_begin(t, was) == f->to + 1 &&
		  head >= ed_text_line_begin(t, f->to);
	if ((down && f->to < len) || up) {
		size_t line = down ? f->to + 1 : ed_text_line_begin(t, f->from);
		bool extend = s->anchor != s->head;
		head = ed_pos_at_col(e->doc, line, ed_col_of(e->doc, head));
		ed_view_select(e->view, extend ? s->anchor : head, head);
		return;
	}
	while (editor_fold_open(e, head, false))
		;
}

static void
follow_rows(struct editor *e, size_t head)
{
	struct editor_row row = editor_row_of(e, head), top = editor_row_of(e, e->top);
	int n;

	e->top = top.from;
	if (row.from < top.from) {
		n = rows_between(e, row.from, top.from, e->rows + 1);
		e->top = n <= e->rows ? row.from : rows_up(e, row, e->rows / 2);
		return;
	}
	n = rows_between(e, top.from, row.from, 2 * e->rows);
	if (n < (int)e->sticky_n) { /* not under what stays at the top */
		e->top = rows_up(e, row, (int)e->sticky_n);
		return;
	}
	if (n >= 2 * e->rows)
		e->top = rows_up(e, row, e->rows / 2);
	else if (n >= e->rows)
		e->top = rows_up(e, row, e->rows - 1);
}

void
editor_follow(struct editor *e)
{
	size_t head = editor_cursor(e);
	size_t cols = (size_t)(e->cols > 1 ? e->cols : 1), col;

	while (e->folds.len && editor_fold_open(e, head, false))
		;
	follow_rows(e, head);
	if (e->wrap) {
		e->left = 0;
		return;
	}
	col = ed_col_of(e->doc, head);
	if (col < e->left)
		e->left = col > cols / 4 ? col - cols / 4 : 0;
	else if (col >= e->left + cols)
		e->left = col - cols + cols / 4 + 1;
	if (col < cols)
		e->left = 0;
}
