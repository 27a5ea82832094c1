/*
 * Between cells and the row operations of base/termframe.h: for frames, for scrollback,
 * and back again when a line returns from scrollback.
 */
#include <string.h>

#include "runtime/base/utf8.h"
#include "runtime/shim/grid.h"

static bool
same_style(const struct wn_tstyle *a, const struct wn_tstyle *b)
{
	_Static_assert(sizeof *a == 12, "no padding: compared as bytes");
	return memcmp(a, b, sizeof *a) == 0;
}

enum kind { BLANK, ASCII, NARROW, WIDE, CLUSTER, SKIP };

static enum kind
kind_of(const struct cell *c)
{
	if (c->ch == 0)
		return BLANK;
	if (c->ch == CELL_TAIL)
		return SKIP;
	if (c->ch & CELL_CLUSTER)
		return CLUSTER;
	if (c->style.attrs & CELL_WIDE)
		return WIDE;
	return c->ch < 0x80 ? ASCII : NARROW;
}

static struct wn_tstyle
wire_style(const struct cell *c)
{
	struct wn_tstyle s = c->style;

	s.attrs &= (uint16_t) ~(CELL_WIDE | CELL_GUARDED);
	return s;
}

/* Most of all text; returns where the run ends. */
static uint32_t
write_ascii(const struct row *row, uint32_t c, uint32_t end, struct wn_trow_writer *w)
{
	const struct cell *first = &row->cells[c];
	char text[GRID_COLS_MAX];
	uint32_t n = 0;

	while (c + n < end && first[n].ch - 1 < 0x7F &&
	       same_style(&first[n].style, &first->style)) {
		text[n] = (char)first[n].ch;
		n++;
	}
	wn_trow_ascii(w, text, n);
	return c + n;
}

static uint32_t
write_blank(const struct row *row, uint32_t c, uint32_t end, struct wn_trow_writer *w)
{
	const struct cell *first = &row->cells[c];
	uint32_t n = 1;

	while (c + n < end && first[n].ch == 0 && same_style(&first[n].style, &first->style))
		n++;
	wn_trow_blank(w, n);
	return c + n;
}

#define RUN_MAX 256 /* characters above ASCII written at once */

/* Writes the run of one kind and style that starts at c; returns where it ends. */
static uint32_t
write_run(const struct grid *g, const struct row *row, uint32_t c, uint32_t end,
	  struct wn_trow_writer *w)
{
	const struct cell *first = &row->cells[c];
	enum kind kind = kind_of(first);
	char text[4 * RUN_MAX];
	size_t len = 0, n = 0;

	do {
		if (kind == CLUSTER) {
			struct wn_str s =
				cluster_text(&g->clusters, row->cells[c].ch & ~CELL_CLUSTER);

			wn_trow_cluster(w, first->style.attrs & CELL_WIDE ? 2 : 1, s);
		} else {
			len += wn_utf8_encode(row->cells[c].ch, text + len);
		}
		n++;
		c++;
		while (kind >= WIDE && c < end && row->cells[c].ch == CELL_TAIL)
			c++;
	} while (c < end && n < RUN_MAX && kind_of(&row->cells[c]) == kind &&
		 same_style(&row->cells[c].style, &first->style));
	if (kind != CLUSTER)
		wn_trow_points(w, n, kind == WIDE ? 2 : 1, wn_strn(text, len));
	return c;
}

/* Cells that must be written: trailing plain blanks are left out. */
static uint32_t
trimmed(const struct row *row)
{
	static const struct cell plain;
	uint32_t n = row->used;

	while (n > 0 && row->cells[n - 1].ch == 0 &&
	       same_style(&row->cells[n - 1].style, &plain.style))
		n--;
	return n;
}

static uint32_t
row_ops(const struct grid *g, const struct row *row, struct wn_buf *out, bool *wide_out)
{
	struct wn_trow_writer w = { .out = out };
	uint32_t end = trimmed(row);

	*wide_out = false;
	for (uint32_t c = 0; c < end;) {
		const struct cell *cell = &row->cells[c];
		struct wn_tstyle style = wire_style(cell);

		if (cell->style.attrs & CELL_WIDE)
			*wide_out = true;
		if (cell->ch ==
		    CELL_TAIL) { /* cannot happen; a frame must stay true all the same */
			wn_trow_blank(&w, 1);
			c++;
			continue;
		}
		wn_trow_style(&w, &style);
		if (kind_of(cell) == ASCII)
			c = write_ascii(row, c, end, &w);
		else if (cell->ch == 0)
			c = write_blank(row, c, end, &w);
		else
			c = write_run(g, row, c, end, &w);
	}
	return end;
}

void
grid_row_ops(const struct grid *g, const struct row *row, struct wn_buf *out, bool *wide_out)
{
	row_ops(g, row, out, wide_out);
}

void
grid_row_to_history(struct grid *g, const struct row *row)
{
	bool wide;
	uint32_t cells;

	if (!g->history.lines_max)
		return;
	wn_buf_clear(&g->scratch);
	cells = row_ops(g, row, &g->scratch, &wide);
	history_push(&g->history, wn_buf_view(&g->scratch), cells, wide,
		     row->flags & (uint8_t)~WN_TR_WRAPPED, row->flags & WN_TR_WRAPPED);
}

static void
fill_text(struct grid *g, struct cell_vec *v, const struct wn_tpiece *p)
{
	struct cell cell = { 0, p->style };
	uint32_t cp;
	size_t n = wn_utf8_decode(p->text.p, p->text.len, &cp);

	cell.ch = cp == WN_UTF8_BAD ? 0xFFFD : cp;
	if (n < p->text.len && p->text.len <= CLUSTER_BYTES_MAX) {
		int index = cluster_intern(&g->clusters, p->text);

		if (index >= 0)
			cell.ch = CELL_CLUSTER | (uint32_t)index;
	}
	if (p->count == 2)
		cell.style.attrs |= CELL_WIDE;
	wn_vec_push(v, cell);
	if (p->count == 2)
		wn_vec_push(v, (struct cell){ CELL_TAIL, p->style });
}

void
grid_cells_from_ops(struct grid *g, struct wn_str ops, struct cell_vec *v)
{
	struct wn_trow_reader r;
	struct wn_tpiece p;

	wn_trow_read(&r, ops);
	while (wn_trow_next(&r, &p) == 1) {
		if (p.text.len)
			fill_text(g, v, &p);
		else
			for (uint32_t i = 0; i < p.count; i++)
				wn_vec_push(v, (struct cell){ 0, p.style });
	}
}
