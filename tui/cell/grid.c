/*
 * The grid of cells, damage by row, and drawing through clipped views.
 */
#include "tui/cell/grid.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

#define GRID_MAX 1000

static int
clamp_size(int n)
{
	return n < 1 ? 1 : n > GRID_MAX ? GRID_MAX : n;
}

static void
cell_blank(struct tui_cell *c, struct tui_style st)
{
	c->style = st;
	c->width = 1;
	c->len = 1;
	c->text[0] = ' ';
}

void
tui_grid_init(struct tui_grid *g, int rows, int cols)
{
	*g = (struct tui_grid){ 0 };
	tui_grid_resize(g, rows, cols);
}

void
tui_grid_fini(struct tui_grid *g)
{
	wn_free(g->cells);
	wn_free(g->damage);
	*g = (struct tui_grid){ 0 };
}

void
tui_grid_resize(struct tui_grid *g, int rows, int cols)
{
	tui_grid_fini(g);
	g->rows = clamp_size(rows);
	g->cols = clamp_size(cols);
	g->cells = wn_alloc_array((size_t)g->rows * (size_t)g->cols, sizeof *g->cells);
	g->damage = wn_alloc_array((size_t)g->rows, sizeof *g->damage);
	for (int i = 0; i < g->rows * g->cols; i++)
		cell_blank(&g->cells[i], (struct tui_style){ 0 });
	tui_grid_spoil(g);
}

void
tui_grid_clean(struct tui_grid *g)
{
	for (int y = 0; y < g->rows; y++)
		g->damage[y] = (struct tui_damage){ g->cols, 0 };
}

void
tui_grid_spoil(struct tui_grid *g)
{
	for (int y = 0; y < g->rows; y++)
		g->damage[y] = (struct tui_damage){ 0, g->cols };
}

bool
tui_cell_eq(const struct tui_cell *a, const struct tui_cell *b)
{
	return a->width == b->width && a->len == b->len && tui_style_eq(a->style, b->style) &&
	       memcmp(a->text, b->text, a->len) == 0;
}

static void
mark(struct tui_grid *g, int y, int lo, int hi)
{
	struct tui_damage *d = &g->damage[y];

	if (lo < d->lo)
		d->lo = lo;
	if (hi > d->hi)
		d->hi = hi;
}

/* Writing over one half of a wide cluster leaves a blank in the other half. */
static void
mend_halves(struct tui_grid *g, int y, int x)
{
	struct tui_cell *c = tui_grid_at(g, y, x);

	if (c->width == 0 && x > 0) {
		cell_blank(tui_grid_at(g, y, x - 1), tui_grid_at(g, y, x - 1)->style);
		mark(g, y, x - 1, x);
	}
	if (c->width == 2 && x + 1 < g->cols) {
		cell_blank(tui_grid_at(g, y, x + 1), c->style);
		mark(g, y, x + 1, x + 2);
	}
}

static void
cell_set(struct tui_grid *g, int y, int x, const char *text, size_t len, int width,
	 struct tui_style st)
{
	struct tui_cell *c = tui_grid_at(g, y, x);

	if (c->width == width && c->len == len && tui_style_eq(c->style, st) &&
	    memcmp(c->text, text, len) == 0)
		return;
	if (c->width != 1)
		mend_halves(g, y, x);
	c->style = st;
	c->width = (uint8_t)width;
	c->len = (uint8_t)len;
	memcpy(c->text, text, len);
	mark(g, y, x, x + 1);
}

struct tui_view
tui_view_all(struct tui_grid *g)
{
	return (struct tui_view){ g, 0, 0, g->rows, g->cols };
}

struct tui_view
tui_view_sub(struct tui_view v, int y, int x, int rows, int cols)
{
	if (y < 0) {
		rows += y;
		y = 0;
	}
	if (x < 0) {
		cols += x;
		x = 0;
	}
	if (rows > v.rows - y)
		rows = v.rows - y;
	if (cols > v.cols - x)
		cols = v.cols - x;
	if (rows < 0)
		rows = 0;
	if (cols < 0)
		cols = 0;
	return (struct tui_view){ v.grid, v.y + y, v.x + x, rows, cols };
}

void
tui_put_cluster(struct tui_view v, int y, int x, struct wn_str cl, int width, struct tui_style st)
{
	if (y < 0 || y >= v.rows || x + width <= 0 || x >= v.cols || width < 1)
		return;
	if (x < 0 || x + width > v.cols) { /* only half of it is inside */
		cell_set(v.grid, v.y + y, v.x + (x < 0 ? 0 : x), " ", 1, 1, st);
		return;
	}
	if (cl.len > TUI_CELL_TEXT) {
		cl.len = TUI_CELL_TEXT;
		while (cl.len > 0 && ((unsigned char)cl.p[cl.len] & 0xC0) == 0x80)
			cl.len--;
	}
	cell_set(v.grid, v.y + y, v.x + x, cl.p, cl.len, width, st);
	if (width == 2)
		cell_set(v.grid, v.y + y, v.x + x + 1, "", 0, 0, st);
}

/* What is shown for a control or an invalid byte: one column. */
static struct wn_str
picture(const char *p, char buf[4])
{
	unsigned char c = (unsigned char)*p;
	uint32_t cp = 0xFFFD;

	if (c == '\t')
		return WN_STR(" ");
	if (c < 0x20)
		cp = 0x2400u + c;
	else if (c == 0x7F)
		cp = 0x2421;
	return wn_strn(buf, wn_utf8_encode(cp, buf));
}

/* The next thing to draw at s: bytes taken; *text and *width say what is shown. */
static size_t
next_cluster(struct wn_str s, struct wn_str *text, int *width, char buf[4])
{
	unsigned char c = (unsigned char)s.p[0];
	uint32_t cp;
	size_t n;

	if (c >= 0x20 && c < 0x7F && (s.len == 1 || (unsigned char)s.p[1] < 0x80)) {
		*text = wn_strn(s.p, 1);
		*width = 1;
		return 1;
	}
	n = wn_utf8_cluster(s.p, s.len, width);
	*text = wn_strn(s.p, n);
	wn_utf8_decode(s.p, s.len, &cp);
	if (cp == WN_UTF8_BAD || cp < 0x20 || (cp >= 0x7F && cp < 0xA0)) {
		*text = picture(s.p, buf);
		*width = 1;
	} else if (*width == 0) { /* a mark without a base: shown on a blank place holder */
		*text = wn_strn(buf, wn_utf8_encode(0x25CC, buf));
		*width = 1;
	}
	return n;
}

int
tui_put(struct tui_view v, int y, int x, struct wn_str s, struct tui_style st)
{
	int start = x;

	while (s.len > 0) {
		char buf[4];
		struct wn_str text;
		int width;
		size_t n = next_cluster(s, &text, &width, buf);

		tui_put_cluster(v, y, x, text, width, st);
		x += width;
		s.p += n;
		s.len -= n;
	}
	return x - start;
}

int
tui_puts(struct tui_view v, int y, int x, const char *s, struct tui_style st)
{
	return tui_put(v, y, x, wn_str(s), st);
}

int
tui_put_cut(struct tui_view v, int y, int x, int cols, struct wn_str s, struct tui_style st)
{
	int used;
	size_t n;

	if (cols <= 0)
		return 0;
	if (wn_utf8_width(s) <= cols)
		return tui_put(v, y, x, s, st);
	n = wn_utf8_fit(s, cols - 1, &used);
	tui_put(v, y, x, wn_strn(s.p, n), st);
	tui_puts(v, y, x + used, "\xE2\x80\xA6", st);
	return used + 1;
}

int
tui_printf(struct tui_view v, int y, int x, struct tui_style st, const char *fmt, ...)
{
	char buf[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	if (n < 0)
		return 0;
	return tui_put(v, y, x, wn_str(buf), st);
}

void
tui_fill(struct tui_view v, int y, int x, int rows, int cols, struct tui_style st)
{
	v = tui_view_sub(v, y, x, rows, cols);
	for (int r = 0; r < v.rows; r++)
		for (int c = 0; c < v.cols; c++)
			cell_set(v.grid, v.y + r, v.x + c, " ", 1, 1, st);
}

void
tui_clear(struct tui_view v, struct tui_style st)
{
	tui_fill(v, 0, 0, v.rows, v.cols, st);
}

void
tui_tint(struct tui_view v, int y, int x, int cols, struct tui_style st)
{
	v = tui_view_sub(v, y, x, 1, cols);
	for (int c = 0; c < v.cols && v.rows > 0; c++) {
		struct tui_cell *cell = tui_grid_at(v.grid, v.y, v.x + c);
		struct tui_style now = tui_style_over(cell->style, st);

		if (!tui_style_eq(now, cell->style)) {
			cell->style = now;
			mark(v.grid, v.y, v.x + c, v.x + c + 1);
		}
	}
}

void
tui_hline(struct tui_view v, int y, int x, int cols, struct tui_style st)
{
	for (int c = 0; c < cols; c++)
		tui_put_cluster(v, y, x + c, WN_STR("\xE2\x94\x80"), 1, st);
}

void
tui_vline(struct tui_view v, int y, int x, int rows, struct tui_style st)
{
	for (int r = 0; r < rows; r++)
		tui_put_cluster(v, y + r, x, WN_STR("\xE2\x94\x82"), 1, st);
}

void
tui_box(struct tui_view v, struct tui_style st)
{
	int b = v.rows - 1, r = v.cols - 1;

	tui_hline(v, 0, 1, r - 1, st);
	tui_hline(v, b, 1, r - 1, st);
	tui_vline(v, 1, 0, b - 1, st);
	tui_vline(v, 1, r, b - 1, st);
	tui_puts(v, 0, 0, "\xE2\x94\x8C", st);
	tui_puts(v, 0, r, "\xE2\x94\x90", st);
	tui_puts(v, b, 0, "\xE2\x94\x94", st);
	tui_puts(v, b, r, "\xE2\x94\x98", st);
}
