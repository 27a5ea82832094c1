/*
 * Where the clusters of one row are on the screen: the way from a byte to a column and back, also
 * where the text goes from right to left. Only tui/pane/editor/ includes this.
 */
#ifndef TUI_PANE_EDITOR_CELLS_H
#define TUI_PANE_EDITOR_CELLS_H

#include "tui/pane/editor/rows.h"

#define EDITOR_CELLS 1024
#define EDITOR_CELL_BYTES 8192

struct editor_cells {
	struct ed_cell cell[EDITOR_CELLS]; /* in the order of the text */
	int x[EDITOR_CELLS];	/* columns of the text part of the screen; may be outside */
	bool odd[EDITOR_CELLS]; /* goes from right to left: brackets are mirrored */
	size_t n;
	bool rtl; /* the whole row goes from right to left */
	int end;  /* the column behind the last of the text (left of it when rtl) */
};

void editor_cells_of(struct editor *e, const struct editor_row *r, struct editor_cells *out);

#endif
