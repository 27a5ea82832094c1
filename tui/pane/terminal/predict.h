/*
 * What was typed, shown before the far end has shown it: on slow links a character stands where its
 * echo will come, underlined until it does. After mosh: nothing is shown on a line until one of its
 * characters was echoed (a password never is), and a wrong guess takes all of them back.
 * Pure: no pane, no clock.
 */
#ifndef TUI_PANE_TERMINAL_PREDICT_H
#define TUI_PANE_TERMINAL_PREDICT_H

#include "tui/pane/terminal/screen.h"

#define PREDICT_MAX 64
#define PREDICT_FROM_MS 30 /* round trip; quicker links need none */

struct term_guess {
	int row, col, width;
	uint8_t len;
	char text[TUI_CELL_TEXT];
	int64_t ms; /* when it was typed */
};

struct term_predict {
	struct term_guess v[PREDICT_MAX];
	int n;
	int64_t rtt_ms; /* smoothed; 0: not measured */
	bool sure;	/* an echo was seen on this line: guesses are shown */
	bool held; /* a key whose effect is not known was sent: guess no more until all is told */
};

/* A round trip was measured. */
void term_predict_rtt(struct term_predict *p, int64_t ms);
/* A character was typed. */
void term_predict_text(struct term_predict *p, const struct term_screen *s, struct wn_str cluster,
		       int64_t now_ms);
/* Another key was sent. backspace takes the last guess back. */
void term_predict_key(struct term_predict *p, bool backspace);
/* A frame came: what it shows is no guess any more. */
void term_predict_frame(struct term_predict *p, const struct term_screen *s, int64_t now_ms);
/* True when guesses are to be drawn; the cursor after the last one. */
bool term_predict_shown(const struct term_predict *p, int *row, int *col);

#endif
