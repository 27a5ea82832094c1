/*
 * Rectangles of the VT420: fill, erase, copy, change looks, checksum. Positions count from the
 * margins in origin mode; the margins do not clip otherwise.
 */
#include "runtime/shim/vt_priv.h"

/* The rectangle of four parameters from i on; empty when it is none. */
static struct rect
rect_of(const struct vt *t, const struct vt_csi *c, int i)
{
	bool origin = t->modes & VT_ORIGIN;
	int top = origin ? t->top : 0, left = origin ? t->left : 0;
	int rows = origin ? t->bottom : t->grid->rows, cols = origin ? t->right : t->grid->cols;
	struct rect r = { top + vt_arg(c, i, 1) - 1, left + vt_arg(c, i + 1, 1) - 1,
			  top + vt_arg(c, i + 2, rows - top),
			  left + vt_arg(c, i + 3, cols - left) };

	r.bottom = r.bottom > rows ? rows : r.bottom;
	r.right = r.right > cols ? cols : r.right;
	if (r.top >= r.bottom || r.left >= r.right)
		r = (struct rect){ 0, 0, 0, 0 };
	return r;
}

static void
fill(struct vt *t, const struct vt_csi *c)
{
	struct rect r = rect_of(t, c, 1);
	int ch = vt_arg(c, 0, 0);

	if (ch < 32 || (ch > 126 && ch < 160) || ch > 255)
		return;
	for (int y = r.top; y < r.bottom; y++)
		for (int x = r.left; x < r.right; x++)
			grid_put(t->grid, y, x, (uint32_t)ch, 1, &t->pen);
}

/* Cell by cell, in the order that does not overwrite what is still to be read. */
static void
copy(struct vt *t, const struct vt_csi *c)
{
	struct rect r = rect_of(t, c, 0);
	bool origin = t->modes & VT_ORIGIN;
	int rows = origin ? t->bottom : t->grid->rows, cols = origin ? t->right : t->grid->cols;
	int y = vt_arg(c, 5, 1) - 1 + (origin ? t->top : 0);
	int x = vt_arg(c, 6, 1) - 1 + (origin ? t->left : 0);
	int h = r.bottom - r.top, w = r.right - r.left;

	h = y + h > rows ? rows - y : h;
	w = x + w > cols ? cols - x : w;
	for (int i = 0; i < h; i++) {
		int dy = y > r.top ? h - 1 - i : i;

		for (int k = 0; k < w; k++) {
			int dx = x > r.left ? w - 1 - k : k;
			struct cell from = grid_row(t->grid, r.top + dy)->cells[r.left + dx];
			bool half = from.ch == CELL_TAIL || (from.style.attrs & CELL_WIDE);

			from.style.attrs &= (uint16_t)~CELL_WIDE;
			grid_put(t->grid, y + dy, x + dx, half ? ' ' : from.ch, 1, &from.style);
		}
	}
}

/* Attributes a DECCARA or DECRARA code stands for. */
static void
restyle(struct wn_tstyle *st, int code, bool flip)
{
	static const struct {
		int on, off;
		uint16_t bit;
	} map[] = { { 1, 22, WN_TA_BOLD },
		    { 4, 24, 1 << 8 },
		    { 5, 25, WN_TA_BLINK },
		    { 7, 27, WN_TA_REVERSE } };

	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++) {
		bool all = code == 0,
		     has = st->attrs & (map[i].bit == 1 << 8 ? WN_TA_UNDERLINE : map[i].bit);
		uint16_t mask = map[i].bit == 1 << 8 ? WN_TA_UNDERLINE : map[i].bit;
		bool want = flip ? !has : code == map[i].on;

		if (!all && code != map[i].on && code != map[i].off)
			continue;
		if (flip && code == map[i].off)
			continue;
		st->attrs = (uint16_t)(st->attrs & ~mask);
		if (want)
			st->attrs |= map[i].bit;
	}
}

static void
restyle_row(struct vt *t, const struct vt_csi *c, int y, int left, int right, bool flip)
{
	struct row *row = grid_row(t->grid, y);

	for (int x = left; x < right; x++) {
		struct cell *cell = &row->cells[x];

		if (cell->ch == 0)
			cell->ch = ' '; /* looks of a blank count from now on */
		for (int i = 4; i < c->n || i == 4; i++)
			restyle(&cell->style, vt_arg(c, i, 0), flip);
	}
	if ((int)row->used < right)
		row->used = (uint32_t)right;
	grid_touch(t->grid, y);
}

static void
change_looks(struct vt *t, const struct vt_csi *c)
{
	struct rect r = rect_of(t, c, 0);
	bool flip = c->final == 't';

	for (int y = r.top; y < r.bottom; y++) {
		bool stream = !t->rect_extent;
		int left = stream && y > r.top ? 0 : r.left;
		int right = stream && y < r.bottom - 1 ? t->grid->cols : r.right;

		restyle_row(t, c, y, left, right, flip);
	}
}

/* DECRQCRA: the negated sum of the characters and their looks, as DEC counted it. */
static void
checksum(struct vt *t, const struct vt_csi *c)
{
	struct rect r = rect_of(t, c, 2);
	unsigned sum = 0;

	for (int y = r.top; y < r.bottom; y++)
		for (int x = r.left; x < r.right; x++) {
			const struct cell *cell = &grid_row(t->grid, y)->cells[x];
			char text[CLUSTER_BYTES_MAX];
			unsigned a = cell->style.attrs;

			if (cell->ch == CELL_TAIL)
				continue;
			if (cell->ch == 0)
				sum += ' ';
			else if (cell->ch & CELL_CLUSTER)
				for (size_t i = grid_cell_text(t->grid, cell, text); i > 0; i--)
					sum += (unsigned char)text[i - 1];
			else
				sum += cell->ch;
			sum += (a & WN_TA_UNDERLINE ? 0x10u : 0) + (a & WN_TA_REVERSE ? 0x20u : 0) +
			       (a & WN_TA_BLINK ? 0x40u : 0) + (a & WN_TA_BOLD ? 0x80u : 0);
		}
	vt_reply(t, "\033P%d!~%04X\033\\", vt_arg(c, 0, 0), (0x10000u - (sum & 0xFFFF)) & 0xFFFF);
}

bool
vt_rect_run(struct vt *t, const struct vt_csi *c)
{
	if (c->inter == '$' && c->final == 'x')
		fill(t, c);
	else if (c->inter == '$' && (c->final == 'z' || c->final == '{'))
		grid_erase(t->grid, rect_of(t, c, 0), t->pen.bg, c->final == '{');
	else if (c->inter == '$' && c->final == 'v')
		copy(t, c);
	else if (c->inter == '$' && (c->final == 'r' || c->final == 't'))
		change_looks(t, c);
	else if (c->inter == '*' && c->final == 'x')
		t->rect_extent = vt_arg(c, 0, 0) == 2;
	else if (c->inter == '*' && c->final == 'y')
		checksum(t, c);
	else
		return false;
	return true;
}
