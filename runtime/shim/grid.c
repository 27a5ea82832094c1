/*
 * Cells, rows, scrolling and erasing. Reflow is in grid_reflow.c, the coding of rows in
 * grid_row.c. May not know of escape sequences or clients.
 */
#include "runtime/shim/grid.h"

#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

static void
screen_make(struct grid *g, struct screen *s)
{
	s->rows = wn_alloc_array((size_t)g->rows, sizeof *s->rows);
	s->head = 0;
	for (int r = 0; r < g->rows; r++)
		s->rows[r].cells = wn_alloc_array((size_t)g->cols, sizeof(struct cell));
}

static void
screen_free(struct grid *g, struct screen *s)
{
	for (int r = 0; s->rows && r < g->rows; r++)
		wn_free(s->rows[r].cells);
	wn_free(s->rows);
	s->rows = NULL;
}

void
grid_init(struct grid *g, int rows, int cols, uint64_t history_lines)
{
	*g = (struct grid){ .rows = rows, .cols = cols };
	history_init(&g->history, history_lines, (uint32_t)cols);
	wn_buf_init(&g->scratch, 1024 * 1024);
	g->now = &g->main;
	screen_make(g, &g->main);
}

void
grid_fini(struct grid *g)
{
	screen_free(g, &g->main);
	screen_free(g, &g->alt);
	history_fini(&g->history);
	cluster_fini(&g->clusters);
	wn_buf_fini(&g->scratch);
}

struct row *
grid_row(struct grid *g, int r)
{
	uint32_t at = g->now->head + (uint32_t)r;

	return &g->now->rows[at >= (uint32_t)g->rows ? at - (uint32_t)g->rows : at];
}

void
grid_touch(struct grid *g, int r)
{
	grid_row(g, r)->gen = ++g->gen;
}

void
grid_touch_all(struct grid *g)
{
	g->gen++;
	for (int r = 0; r < g->rows; r++)
		grid_row(g, r)->gen = g->gen;
}

/* A wide character of which [from, to) takes one half loses the other half too. */
static void
split_wide(struct grid *g, struct row *row, int from, int to)
{
	if (from > 0 && from < g->cols && row->cells[from].ch == CELL_TAIL)
		row->cells[from - 1].ch = 0,
				  row->cells[from - 1].style.attrs &= (uint16_t)~CELL_WIDE;
	if (to < g->cols && row->cells[to].ch == CELL_TAIL)
		row->cells[to].ch = 0;
}

static struct row *
begin_write(struct grid *g, int r, int c, int n)
{
	struct row *row = grid_row(g, r);

	row->gen = ++g->gen;
	split_wide(g, row, c, c + n);
	if (row->used < (uint32_t)(c + n))
		row->used = (uint32_t)(c + n);
	return row;
}

void
grid_put_ascii(struct grid *g, int r, int c, const char *p, int n, const struct wn_tstyle *style)
{
	struct cell *at = begin_write(g, r, c, n)->cells + c;

	for (int i = 0; i < n; i++) {
		at[i].ch = (unsigned char)p[i];
		at[i].style = *style;
	}
}

void
grid_put(struct grid *g, int r, int c, uint32_t cp, int width, const struct wn_tstyle *style)
{
	struct cell *at = begin_write(g, r, c, width)->cells + c;

	at[0] = (struct cell){ cp, *style };
	if (width == 2) {
		at[0].style.attrs |= CELL_WIDE;
		at[1] = (struct cell){ CELL_TAIL, *style };
	}
}

/* Rebuilds the pool from what the screens still show. */
static void
sweep_clusters(struct grid *g)
{
	struct cluster_pool old = g->clusters;
	struct screen *both[] = { &g->main, &g->alt };

	g->clusters = (struct cluster_pool){ 0 };
	for (int s = 0; s < 2; s++)
		for (int r = 0; both[s]->rows && r < g->rows; r++)
			for (int c = 0; c < g->cols; c++) {
				struct cell *cell = &both[s]->rows[r].cells[c];
				int index;

				if (!(cell->ch & CELL_CLUSTER))
					continue;
				index = cluster_intern(
					&g->clusters, cluster_text(&old, cell->ch & ~CELL_CLUSTER));
				cell->ch = index < 0 ? 0xFFFD : CELL_CLUSTER | (uint32_t)index;
			}
	cluster_fini(&old);
}

void
grid_put_cluster(struct grid *g, int r, int c, struct wn_str text, int width,
		 const struct wn_tstyle *style)
{
	int index;

	while (text.len > CLUSTER_BYTES_MAX) /* cut whole code points */
		do
			text.len--;
		while (text.len && ((unsigned char)text.p[text.len] & 0xC0) == 0x80);
	index = cluster_intern(&g->clusters, text);
	if (index < 0) {
		sweep_clusters(g);
		index = cluster_intern(&g->clusters, text);
	}
	grid_put(g, r, c, index < 0 ? 0xFFFD : CELL_CLUSTER | (uint32_t)index, width, style);
}

size_t
grid_cell_text(const struct grid *g, const struct cell *cell, char out[CLUSTER_BYTES_MAX])
{
	struct wn_str s;

	if (cell->ch == 0 || cell->ch == CELL_TAIL)
		return 0;
	if (!(cell->ch & CELL_CLUSTER))
		return wn_utf8_encode(cell->ch, out);
	s = cluster_text(&g->clusters, cell->ch & ~CELL_CLUSTER);
	memcpy(out, s.p, s.len);
	return s.len;
}

static void
blank(struct cell *at, int n, uint32_t bg)
{
	if (!bg) {
		memset(at, 0, (size_t)n * sizeof *at);
		return;
	}
	for (int i = 0; i < n; i++)
		at[i] = (struct cell){ 0, { .bg = bg } };
}

static void
erase_row(struct grid *g, struct row *row, int left, int right, uint32_t bg)
{
	row->gen = ++g->gen;
	split_wide(g, row, left, right);
	if (right >= (int)row->used && !bg) {
		if (left < (int)row->used) {
			blank(row->cells + left, (int)row->used - left, 0);
			row->used = (uint32_t)left;
		}
	} else {
		blank(row->cells + left, right - left, bg);
		if ((int)row->used < right)
			row->used = (uint32_t)right;
	}
	if (right == g->cols)
		row->flags &= (uint8_t)~WN_TR_WRAPPED;
	if (left == 0 && right == g->cols)
		row->flags = 0;
}

void
grid_erase(struct grid *g, struct rect at, uint32_t bg, bool selective)
{
	for (int r = at.top; r < at.bottom; r++) {
		struct row *row = grid_row(g, r);

		if (!selective) {
			erase_row(g, row, at.left, at.right, bg);
			continue;
		}
		for (int c = at.left; c < at.right; c++)
			if (!(row->cells[c].style.attrs & CELL_GUARDED))
				erase_row(g, row, c, c + 1, bg);
	}
}

/* The whole screen goes up: rows turn in the ring, nothing is copied. */
static void
scroll_ring(struct grid *g, int n, uint32_t bg)
{
	struct screen *s = g->now;

	for (int i = 0; i < n; i++) {
		struct row *row = grid_row(g, 0);

		if (s == &g->main)
			grid_row_to_history(g, row);
		s->head = s->head + 1 == (uint32_t)g->rows ? 0 : s->head + 1;
		s->scrolled++;
		erase_row(g, row, 0, g->cols, bg);
	}
}

static void
swap_rows(struct row *a, struct row *b)
{
	struct row t = *a;

	*a = *b;
	*b = t;
}

/* Full-width region: row structs change places. */
static void
scroll_rows(struct grid *g, int top, int bottom, int down, uint32_t bg)
{
	int n = down < 0 ? -down : down;

	if (down > 0 && top == 0 && g->now == &g->main)
		for (int r = 0; r < n; r++)
			grid_row_to_history(g, grid_row(g, r));
	if (down > 0)
		for (int r = top; r + n < bottom; r++)
			swap_rows(grid_row(g, r), grid_row(g, r + n));
	else
		for (int r = bottom - 1; r - n >= top; r--)
			swap_rows(grid_row(g, r), grid_row(g, r - n));
	for (int r = top; r < bottom; r++)
		grid_touch(g, r);
	grid_erase(g,
		   down > 0 ? (struct rect){ bottom - n, 0, bottom, g->cols }
			    : (struct rect){ top, 0, top + n, g->cols },
		   bg, false);
}

/* No wide character goes over an edge of [from, to): both halves of those that do are blanked. */
static void
cut_wide(struct grid *g, struct row *row, int from, int to)
{
	split_wide(g, row, from, to);
	if (row->cells[from].ch == CELL_TAIL)
		row->cells[from].ch = 0;
	if (row->cells[to - 1].style.attrs & CELL_WIDE) {
		row->cells[to - 1].ch = 0;
		row->cells[to - 1].style.attrs &= (uint16_t)~CELL_WIDE;
	}
}

static void
copy_cells(struct grid *g, int to, int from, int to_col, int from_col, int n)
{
	struct row *d = grid_row(g, to), *s = grid_row(g, from);

	if (d == s) { /* source and target overlap: only the edges of both together matter */
		int gap = to_col < from_col ? to_col + n : from_col;

		cut_wide(g, d, to_col < from_col ? to_col : from_col,
			 (to_col > from_col ? to_col : from_col) + n);
		memmove(d->cells + to_col, s->cells + from_col, (size_t)n * sizeof(struct cell));
		if (d->cells[gap].ch == CELL_TAIL) /* what was there moved away */
			d->cells[gap].ch = 0;
	} else {
		split_wide(g, d, to_col, to_col + n);
		memcpy(d->cells + to_col, s->cells + from_col, (size_t)n * sizeof(struct cell));
	}
	if (d->cells[to_col].ch == CELL_TAIL) /* its left half stayed behind */
		d->cells[to_col].ch = 0;
	if (d->cells[to_col + n - 1].style.attrs & CELL_WIDE) {
		d->cells[to_col + n - 1].ch = 0;
		d->cells[to_col + n - 1].style.attrs &= (uint16_t)~CELL_WIDE;
	}
	if ((int)d->used < to_col + n)
		d->used = (uint32_t)(to_col + n);
	d->flags &= (uint8_t)~WN_TR_WRAPPED;
	d->gen = ++g->gen;
}

/* Part of the width: cells are copied. */
static void
scroll_cells(struct grid *g, struct rect at, int down, int right, uint32_t bg)
{
	int h = at.bottom - at.top, w = at.right - at.left;
	int keep_h = h - (down < 0 ? -down : down), keep_w = w - (right < 0 ? -right : right);

	for (int i = 0; i < keep_h; i++) {
		int k = down >= 0 ? i : keep_h - 1 - i;
		int to = at.top + k + (down < 0 ? -down : 0), from = to + down;

		copy_cells(g, to, from, at.left + (right < 0 ? -right : 0),
			   at.left + (right > 0 ? right : 0), keep_w);
	}
	if (down > 0)
		grid_erase(g, (struct rect){ at.bottom - down, at.left, at.bottom, at.right }, bg,
			   false);
	if (down < 0)
		grid_erase(g, (struct rect){ at.top, at.left, at.top - down, at.right }, bg, false);
	if (right > 0)
		grid_erase(g, (struct rect){ at.top, at.right - right, at.bottom, at.right }, bg,
			   false);
	if (right < 0)
		grid_erase(g, (struct rect){ at.top, at.left, at.bottom, at.left - right }, bg,
			   false);
}

void
grid_scroll(struct grid *g, struct rect at, int down, int right, uint32_t bg)
{
	int h = at.bottom - at.top, w = at.right - at.left;
	bool full_width = at.left == 0 && at.right == g->cols && right == 0;

	if (h <= 0 || w <= 0)
		return;
	if (down >= h || down <= -h || right >= w || right <= -w) {
		if (full_width && down >= h)
			scroll_rows(g, at.top, at.bottom, h, bg);
		grid_erase(g, at, bg, false);
		return;
	}
	if (full_width && down > 0 && at.top == 0 && at.bottom == g->rows)
		scroll_ring(g, down, bg);
	else if (full_width && down)
		scroll_rows(g, at.top, at.bottom, down, bg);
	else if (down || right)
		scroll_cells(g, at, down, right, bg);
}

void
grid_use_alt(struct grid *g, bool alt, bool clear)
{
	if (alt && !g->alt.rows)
		screen_make(g, &g->alt);
	g->now = alt ? &g->alt : &g->main;
	if (alt && clear)
		grid_erase(g, (struct rect){ 0, 0, g->rows, g->cols }, 0, false);
	grid_touch_all(g);
}
