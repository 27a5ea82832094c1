/*
 * A rectangle of cells.
 */
#ifndef TUI_CELL_RECT_H
#define TUI_CELL_RECT_H

struct tui_rect {
	int y, x, rows, cols;
};

#endif
