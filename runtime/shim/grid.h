/*
 * The terminal's cells: two screens of ring rows, scrollback, damage by row generation.
 * Knows nothing of escape sequences; the emulator (vt.h) calls it.
 */
#ifndef RUNTIME_SHIM_GRID_H
#define RUNTIME_SHIM_GRID_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/buf.h"
#include "runtime/base/termframe.h"
#include "runtime/base/vec.h"
#include "runtime/shim/cluster.h"
#include "runtime/shim/history.h"

#define GRID_ROWS_MAX 1000
#define GRID_COLS_MAX 2000
#define GRID_CELLS_MAX 250000 /* rows * cols */

/* 16 bytes. ch: 0 blank, a code point, CELL_TAIL (right half of a wide one), CELL_CLUSTER | index.
 */
struct cell {
	uint32_t ch;
	struct wn_tstyle style;
};
#define CELL_TAIL 0x40000000u
#define CELL_CLUSTER 0x80000000u
#define CELL_WIDE 0x8000u    /* in style.attrs of the left half */
#define CELL_GUARDED 0x4000u /* DECSCA: selective erase passes it over */

struct cell_vec { /* for wn_vec_push() and its kin */
	struct cell *p;
	size_t len, cap;
};

struct row {
	struct cell *cells; /* grid.cols of them */
	uint64_t gen;	    /* generation of the last change */
	uint32_t used;	    /* cells from here on are plain blanks */
	uint8_t flags;	    /* enum wn_trow_flag */
};

struct screen {
	struct row *rows; /* ring, NULL until first used */
	uint32_t head;
	uint64_t scrolled; /* lines that left at the top, ever */
};

struct rect {
	int top, left, bottom, right; /* bottom, right: one behind */
};

struct grid {
	int rows, cols;
	struct screen main, alt;
	struct screen *now;
	struct history history;
	struct cluster_pool clusters;
	uint64_t gen; /* bumped by every change */
	struct wn_buf scratch;
};

void grid_init(struct grid *g, int rows, int cols, uint64_t history_lines);
void grid_fini(struct grid *g);
struct row *grid_row(struct grid *g, int r); /* of the present screen */
/* Writes n ASCII characters; they fit in the row. */
void grid_put_ascii(struct grid *g, int r, int c, const char *p, int n,
		    const struct wn_tstyle *style);
/* Writes one code point of width 1 or 2; it fits. */
void grid_put(struct grid *g, int r, int c, uint32_t cp, int width, const struct wn_tstyle *style);
/* Makes the cell at r,c a cluster of that text and width (it fits); text is cut at
 * CLUSTER_BYTES_MAX. */
void grid_put_cluster(struct grid *g, int r, int c, struct wn_str text, int width,
		      const struct wn_tstyle *style);
/* UTF-8 of the cell (its left half) into out, its length; 0 for a blank. */
size_t grid_cell_text(const struct grid *g, const struct cell *cell, char out[CLUSTER_BYTES_MAX]);
/* Blanks the rectangle with that background; guarded cells stay when selective. */
void grid_erase(struct grid *g, struct rect at, uint32_t bg, bool selective);
/* Moves the content up by `down` and left by `right` (negative: other way), blanks what comes in.
 * Lines that leave the top of the main screen over its full width go to history. */
void grid_scroll(struct grid *g, struct rect at, int down, int right, uint32_t bg);
void grid_touch(struct grid *g, int r); /* marks the row changed */
void grid_touch_all(struct grid *g);
/* Switches screens; the alternate one is blanked when entered with clear. */
void grid_use_alt(struct grid *g, bool alt, bool clear);
/* Main screen is reflowed, the alternate one cut or padded. *row, *col of the main screen's cursor
 * move along. */
void grid_resize(struct grid *g, int rows, int cols, int *row, int *col);
/* Row operations (base/termframe.h) of a row of this grid, appended. */
void grid_row_ops(const struct grid *g, const struct row *row, struct wn_buf *out, bool *wide_out);
/* Pushes a row of the main screen into history. */
void grid_row_to_history(struct grid *g, const struct row *row);
/* Appends the cells that row operations describe. */
void grid_cells_from_ops(struct grid *g, struct wn_str ops, struct cell_vec *v);

#endif
