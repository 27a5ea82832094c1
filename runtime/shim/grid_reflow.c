/*
 * A new size: the main screen's logical lines are laid out again, lines go to and come
 * back from scrollback; the alternate screen is cut or padded, as its program redraws it.
 */
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/shim/grid.h"

/* The main screen while it is being laid out. */
struct layout {
	struct grid *g;
	int rows, cols; /* new size */
	WN_VEC(struct row) out;
	int cursor_row, cursor_col; /* in `out` */
};

static void
add_row(struct layout *l, const struct cell *cells, size_t n, uint8_t flags)
{
	struct row row = { .used = (uint32_t)n, .flags = flags };

	row.cells = wn_alloc_array((size_t)l->cols, sizeof(struct cell));
	if (n && cells)
		memcpy(row.cells, cells, n * sizeof *cells);
	wn_vec_push(&l->out, row);
}

/* Cells of v from `at` that fit in one new row; a wide one is not cut in two. */
static size_t
fit(const struct layout *l, const struct cell_vec *v, size_t at)
{
	size_t n = v->len - at;

	if (n <= (size_t)l->cols)
		return n;
	n = (size_t)l->cols;
	if (n > 1 && v->p && v->p[at + n].ch == CELL_TAIL)
		n--;
	return n;
}

/* Lays out one logical line; cursor is an offset into it or -1. */
static void
lay_line(struct layout *l, struct cell_vec *v, uint8_t flags, long cursor)
{
	size_t at = 0;

	do {
		size_t n = fit(l, v, at), next = at + n;
		bool last = next >= v->len;

		if (cursor >= (long)at && (cursor < (long)next || last)) {
			l->cursor_row = (int)l->out.len;
			l->cursor_col = (int)(cursor - (long)at);
			if (l->cursor_col >= l->cols)
				l->cursor_col = l->cols - 1;
		}
		/* an empty line has no cells to point at */
		add_row(l, v->len ? v->p + at : NULL, n,
			(uint8_t)(flags | (last ? 0 : WN_TR_WRAPPED)));
		flags = 0;
		at = next;
	} while (at < v->len);
}

/* A wide character cannot be shown in one column: its halves become blanks. */
static void
narrow_cells(const struct layout *l, struct cell_vec *v)
{
	for (size_t i = 0; l->cols < 2 && i < v->len; i++)
		if (v->p[i].ch == CELL_TAIL || (v->p[i].style.attrs & CELL_WIDE))
			v->p[i] = (struct cell){ 0, { 0 } };
}

static void
append_cells(struct cell_vec *v, const struct row *row)
{
	for (uint32_t i = 0; i < row->used; i++)
		wn_vec_push(v, row->cells[i]);
}

static int
content_rows(struct grid *g, int cursor_row)
{
	int n = g->rows;

	while (n > cursor_row + 1 && grid_row(g, n - 1)->used == 0)
		n--;
	return n;
}

/* The part in scrollback of the line that the first screen row continues. */
static void
pull_open_line(struct grid *g, struct cell_vec *v, uint8_t *flags)
{
	struct wn_buf ops;

	wn_buf_init(&ops, 1024 * 1024);
	if (g->history.open && history_pop(&g->history, &ops, flags))
		grid_cells_from_ops(g, wn_buf_view(&ops), v);
	wn_buf_fini(&ops);
}

static void
lay_screen(struct layout *l, int n, int cursor_row, int cursor_col)
{
	struct grid *g = l->g;
	struct cell_vec v = { 0 };
	long cursor = -1;
	uint8_t flags = 0;

	pull_open_line(g, &v, &flags);
	for (int r = 0; r < n; r++) {
		struct row *row = grid_row(g, r);

		if (v.len == 0 && !flags)
			flags = row->flags & (uint8_t)~WN_TR_WRAPPED;
		if (r == cursor_row)
			cursor = (long)v.len + cursor_col;
		append_cells(&v, row);
		if ((row->flags & WN_TR_WRAPPED) && r + 1 < n)
			continue;
		narrow_cells(l, &v);
		lay_line(l, &v, flags, cursor);
		wn_vec_clear(&v);
		cursor = -1;
		flags = 0;
	}
	wn_vec_fini(&v);
}

/* The rows of the last scrollback line are put before the others. */
static bool
pull_line(struct layout *l)
{
	struct layout one = { .g = l->g, .rows = l->rows, .cols = l->cols };
	struct cell_vec v = { 0 };
	struct wn_buf ops;
	uint8_t flags = 0;
	bool got;

	wn_buf_init(&ops, 1024 * 1024);
	got = history_pop(&l->g->history, &ops, &flags);
	if (got) {
		grid_cells_from_ops(l->g, wn_buf_view(&ops), &v);
		narrow_cells(l, &v);
		lay_line(&one, &v, flags, -1);
		for (size_t i = 0; i < one.out.len; i++)
			wn_vec_insert(&l->out, i, one.out.p[i]);
		l->cursor_row += (int)one.out.len;
	}
	wn_vec_fini(&one.out);
	wn_vec_fini(&v);
	wn_buf_fini(&ops);
	return got;
}

/* What does not fit at the top goes to scrollback; the rest becomes the screen. */
static void
take_rows(struct layout *l)
{
	struct grid *g = l->g;
	struct screen *s = &g->main;
	size_t push = l->out.len > (size_t)l->rows ? l->out.len - (size_t)l->rows : 0;

	for (size_t i = 0; l->out.p && i < push; i++) {
		grid_row_to_history(g, &l->out.p[i]);
		wn_free(l->out.p[i].cells);
	}
	s->rows = wn_alloc_array((size_t)l->rows, sizeof *s->rows);
	s->head = 0;
	for (int r = 0; r < l->rows; r++) {
		if (l->out.p && push + (size_t)r < l->out.len)
			s->rows[r] = l->out.p[push + (size_t)r];
		else
			s->rows[r].cells = wn_alloc_array((size_t)l->cols, sizeof(struct cell));
	}
	l->cursor_row -= (int)push;
	if (l->cursor_row < 0)
		l->cursor_row = 0;
	wn_vec_fini(&l->out);
}

static void
free_rows(struct grid *g, struct row *rows)
{
	for (int r = 0; r < g->rows; r++)
		wn_free(rows[r].cells);
	wn_free(rows);
}

static void
reflow_main(struct grid *g, int rows, int cols, int *row, int *col)
{
	struct layout l = { .g = g, .rows = rows, .cols = cols };
	struct row *old = g->main.rows;
	int n = content_rows(g, *row);
	bool was_full = n == g->rows;

	lay_screen(&l, n, *row, *col);
	free_rows(g, old);
	history_set_cols(&g->history, (uint32_t)cols);
	while (was_full && l.out.len < (size_t)rows && pull_line(&l))
		;
	take_rows(&l);
	*row = l.cursor_row < rows ? l.cursor_row : rows - 1;
	*col = l.cursor_col;
}

static void
cut_alt(struct grid *g, int rows, int cols)
{
	struct row *old = g->alt.rows, *new;
	int keep = cols < g->cols ? cols : g->cols;

	new = wn_alloc_array((size_t)rows, sizeof *new);
	g->now = &g->alt;
	for (int r = 0; r < rows; r++) {
		new[r].cells = wn_alloc_array((size_t)cols, sizeof(struct cell));
		if (r >= g->rows)
			continue;
		memcpy(new[r].cells, grid_row(g, r)->cells, (size_t)keep * sizeof(struct cell));
		if (new[r].cells[keep - 1].style.attrs & CELL_WIDE)
			new[r].cells[keep - 1] = (struct cell){ 0, { 0 } };
		new[r].used = grid_row(g, r)->used;
		if (new[r].used > (uint32_t)keep)
			new[r].used = (uint32_t)keep;
	}
	free_rows(g, old);
	g->alt.rows = new;
	g->alt.head = 0;
}

void
grid_resize(struct grid *g, int rows, int cols, int *row, int *col)
{
	struct screen *now = g->now;

	if (rows == g->rows && cols == g->cols)
		return;
	if (g->alt.rows)
		cut_alt(g, rows, cols);
	g->now = &g->main;
	reflow_main(g, rows, cols, row, col);
	g->rows = rows;
	g->cols = cols;
	g->now = now;
	grid_touch_all(g);
}
