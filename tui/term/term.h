/*
 * The terminal: what it can do, and grids to bytes. The only room that includes curses.
 * Produces bytes, never writes them: the application owns the descriptor and the loop.
 *
 * ncurses draws into a memory file, so a whole frame is one piece of text; it is wrapped in
 * synchronized output (mode 2026) where the terminal has said it knows that.
 */
#ifndef TUI_TERM_TERM_H
#define TUI_TERM_TERM_H

#include <stdbool.h>

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "tui/cell/grid.h"
#include "tui/cell/rect.h"
#include "tui/input/event.h"

struct tui_term;

enum tui_dark { TUI_DARK_UNKNOWN, TUI_DARK, TUI_LIGHT };

struct tui_term_opts {
	const char *term;      /* $TERM, nullable */
	const char *colorterm; /* $COLORTERM, nullable */
	int colors;	       /* 0: find out; 1 none, 8, 16, 256, 1 << 24 */
	bool ascii;	       /* no box drawing: for fonts without it */
	int rows, cols;
};

/* What is known so far; grows as answers arrive. */
struct tui_caps {
	const char *profile;	  /* "xterm", "linux", "screen", "plain" */
	int colors;		  /* 1, 8, 16, 256, 1 << 24 */
	bool mouse, paste, focus; /* asked for at start */
	bool sync;		  /* 2026 */
	bool kitty;		  /* keyboard protocol granted */
	bool margins;		  /* left and right margins (DECSLRM) */
	bool clipboard;		  /* OSC 52 is worth sending */
	bool ascii;
	bool answered; /* the last question (DA1) was answered */
	enum tui_dark dark;
};

#define TUI_MIN_ROWS 8
#define TUI_MIN_COLS 30

/* WN_E_TERMINAL with a sentence when this terminal cannot show the IDE. Draws nothing yet. */
wn_err tui_term_new(const struct tui_term_opts *opts, struct tui_term **out,
		    struct wn_diag *d) WN_MUST;
void tui_term_free(struct tui_term *t);
const struct tui_caps *tui_term_caps(const struct tui_term *t);
/* Bytes that take the terminal over: alternate screen, modes. questions: ask what it can do. */
void tui_term_enter(struct tui_term *t, bool questions, struct wn_buf *out);
/* Bytes that give it back as it was. */
void tui_term_leave(struct tui_term *t, struct wn_buf *out);
/* Appends what turns the screen as the terminal has it into g, with the cursor at row, col (row -1:
 * hidden); nothing when nothing changed. Cleans g's damage. */
void tui_term_frame(struct tui_term *t, struct tui_grid *g, int row, int col, struct wn_buf *out);
/* Where the next frame's content may have moved up or down (the insides of panes); borrowed until
 * that frame is drawn. */
void tui_term_rects(struct tui_term *t, const struct tui_rect *rects, size_t n);
/* What the default colours of cells stand for (themes that paint their own background), and whether
 * that background is dark: with eight colours the greys go to the side that is readable. */
void tui_term_base(struct tui_term *t, struct tui_style base, bool dark);
/* The terminal's content is unknown: the next frame paints everything. */
void tui_term_spoil(struct tui_term *t);
void tui_term_resize(struct tui_term *t, int rows, int cols);
/* Takes an answer in. Appends what must be sent because of it; true: the next frame must be drawn
 * (colours or the background became known). */
bool tui_term_reply(struct tui_term *t, const struct tui_reply *r, struct wn_buf *out);
/* Title of the window; copy to the clipboard by OSC 52 (at most 74,994 bytes of text). */
void tui_term_title(struct tui_term *t, const char *title, struct wn_buf *out);
bool tui_term_copy(struct tui_term *t, struct wn_str text, struct wn_buf *out);

#endif
