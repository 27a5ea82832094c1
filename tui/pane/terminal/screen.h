/*
 * What a terminal shows, as the client knows it: the live rows, and a piece of the scrollback.
 * Pure: frames in, cells out; it knows no pane and no engine. Rows are numbered as the shim
 * does: the first live row has the number `history`.
 */
#ifndef TUI_PANE_TERMINAL_SCREEN_H
#define TUI_PANE_TERMINAL_SCREEN_H

#include "runtime/base/buf.h"
#include "runtime/base/termframe.h"
#include "tui/cell/grid.h"

#define TERM_SIDE_MAX 1000 /* rows or columns; a frame with more is refused */

struct term_screen {
	bool known;	       /* a frame came */
	struct wn_tframe head; /* of the newest frame */
	struct tui_grid live, past;
	bool *wraps, *past_wraps;     /* the row goes on in the next one */
	uint16_t *links, *past_links; /* of each cell: where it leads (OSC 8), 0: nowhere */
	bool *fresh;		      /* live rows that changed since term_screen_seen() */
	int64_t history;	      /* number of the first live row */
	int64_t past_from;	      /* number of the first row of past */
	int past_n;		      /* rows held in past */
};

void term_screen_init(struct term_screen *s);
void term_screen_fini(struct term_screen *s);
/* Takes a frame over; WN_E_PARSE or WN_E_VERSION: what was shown stays. */
wn_err term_screen_frame(struct term_screen *s, struct wn_str bytes) WN_MUST;
/* Takes rows of the scrollback (a frame with flag HISTORY), in place of those held before. */
wn_err term_screen_past(struct term_screen *s, struct wn_str bytes) WN_MUST;
/* The live rows were drawn. */
void term_screen_seen(struct term_screen *s);
void term_screen_forget_past(struct term_screen *s);
/* Cells of a row by number, *cols_out of them; NULL: not held. */
const struct tui_cell *term_screen_row(const struct term_screen *s, int64_t row, int *cols_out);
/* The link of a cell, 0: none. */
uint16_t term_screen_link(const struct term_screen *s, int64_t row, int col);
/* Appends the text from one place to another (the end column excluded); rows that wrapped are
 * joined, blanks at the end of a row are dropped. */
void term_screen_text(const struct term_screen *s, int64_t row, int col, int64_t to_row, int to_col,
		      struct wn_buf *out);

#endif
