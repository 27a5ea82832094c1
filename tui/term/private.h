/*
 * Inside tui/term: the terminal object and what its files tell each other. No curses types here.
 */
#ifndef TUI_TERM_PRIVATE_H
#define TUI_TERM_PRIVATE_H

#include "tui/term/term.h"

struct tui_screen; /* the curses side */

struct tui_term {
	struct tui_caps caps;
	bool colors_fixed;    /* the person said how many */
	bool truecolor_probe; /* the DECRQSS question was sent */
	bool in_mux;	      /* tmux or screen stands between */
	char term[64];
	struct tui_screen *screen;
	int rows, cols;
	bool spoiled;
	struct tui_style base; /* what default colours stand for */
	bool light;
};

/* profile.c: tells family and colours from the hints; WN_E_TERMINAL when it cannot do. */
wn_err tui_profile_pick(const struct tui_term_opts *opts, struct tui_term *t, struct wn_diag *d);

/* screen.c: a curses screen on a memory file. */
struct tui_screen *tui_screen_new(const struct tui_caps *caps, int rows, int cols,
				  struct wn_diag *d);
void tui_screen_free(struct tui_screen *s);
void tui_screen_resize(struct tui_screen *s, int rows, int cols);
void tui_screen_base(struct tui_screen *s, struct tui_style base, bool light);
void tui_screen_draw(struct tui_screen *s, const struct tui_caps *caps, struct tui_grid *g,
		     bool all, int row, int col, struct wn_buf *out);

/* tidy.c: melts SGR sequences that touch, in place; the new length. */
size_t tui_sgr_tidy(char *p, size_t n);

/* color.c: brings a colour down to what there is: -1 default, else an index or, direct, RGB. */
int tui_color_fit(uint32_t color, int colors);
/* 24-bit value of an index of the 256-colour palette. */
uint32_t tui_color_rgb(int index);

#endif
