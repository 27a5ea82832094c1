/*
 * The picture of a screen: a grid of cells with damage by row, and views, which are
 * clipped windows onto it. Panes and widgets draw only through a view.
 * Knows nothing of terminals: tui/term turns a grid into bytes.
 */
#ifndef TUI_CELL_GRID_H
#define TUI_CELL_GRID_H

#include "runtime/base/str.h"
#include "tui/cell/style.h"

#define TUI_CELL_TEXT 22

/* One column. A wide cluster has width 2 and is followed by a cell of width 0 and no text. */
struct tui_cell {
	struct tui_style style;
	uint8_t width;
	uint8_t len;		  /* bytes of text; a blank is one space */
	char text[TUI_CELL_TEXT]; /* one cluster, cut at a code point if longer */
};

/* Columns [lo, hi) of a row that changed since tui_grid_clean(); lo >= hi: none. */
struct tui_damage {
	int lo, hi;
};

struct tui_grid {
	int rows, cols;
	struct tui_cell *cells;	   /* row by row */
	struct tui_damage *damage; /* one a row */
};

/* A window onto a grid; a value, borrowed from the grid. */
struct tui_view {
	struct tui_grid *grid;
	int y, x, rows, cols;
};

/* Blank cells, all damaged. Sizes are clamped to 1..1000. */
void tui_grid_init(struct tui_grid *g, int rows, int cols);
void tui_grid_fini(struct tui_grid *g);
/* New size; the content is lost and everything is damaged. */
void tui_grid_resize(struct tui_grid *g, int rows, int cols);
void tui_grid_clean(struct tui_grid *g); /* no damage */
void tui_grid_spoil(struct tui_grid *g); /* everything is damaged */
static inline struct tui_cell *
tui_grid_at(const struct tui_grid *g, int y, int x)
{
	return &g->cells[(size_t)y * (size_t)g->cols + (size_t)x];
}
bool tui_cell_eq(const struct tui_cell *a, const struct tui_cell *b);

struct tui_view tui_view_all(struct tui_grid *g);
/* Part of a view, clipped to it; may be empty (rows or cols 0). */
struct tui_view tui_view_sub(struct tui_view v, int y, int x, int rows, int cols);

/* Draws text on one row from column x (may be negative: clipped); returns the columns the whole
 * text takes. Controls and invalid bytes are shown as pictures, a tab as one blank. */
int tui_put(struct tui_view v, int y, int x, struct wn_str s, struct tui_style st);
int tui_puts(struct tui_view v, int y, int x, const char *s, struct tui_style st);
/* As tui_put() but in at most cols columns, ending in an ellipsis when it does not fit; returns
 * columns used. */
int tui_put_cut(struct tui_view v, int y, int x, int cols, struct wn_str s, struct tui_style st);
/* One cluster of known width (1 or 2) at a place; a half that does not fit is drawn as a blank. */
void tui_put_cluster(struct tui_view v, int y, int x, struct wn_str cluster, int width,
		     struct tui_style st);
/* Formatted tui_put(). */
int tui_printf(struct tui_view v, int y, int x, struct tui_style st, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Blanks of a style. */
void tui_fill(struct tui_view v, int y, int x, int rows, int cols, struct tui_style st);
void tui_clear(struct tui_view v, struct tui_style st);
/* Lays a style over what is there (tui_style_over()): selections, search hits, the current line. */
void tui_tint(struct tui_view v, int y, int x, int cols, struct tui_style st);
/* Lines and a frame in box-drawing characters. */
void tui_hline(struct tui_view v, int y, int x, int cols, struct tui_style st);
void tui_vline(struct tui_view v, int y, int x, int rows, struct tui_style st);
void tui_box(struct tui_view v, struct tui_style st);

#endif
