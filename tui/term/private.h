/*
 * Inside tui/term: the terminal object and what its files tell each other. No curses types here.
 */
#ifndef TUI_TERM_PRIVATE_H
#define TUI_TERM_PRIVATE_H

#include "runtime/base/vec.h"
#include "tui/term/term.h"

struct tui_screen; /* the curses side */
struct tui_paint;  /* the writer */
struct tui_fit;

struct tui_term {
	struct tui_caps caps;
	bool colors_fixed;    /* the person said how many */
	bool truecolor_probe; /* the DECRQSS question was sent */
	bool in_mux;	      /* tmux or screen stands between */
	char term[64];
	struct tui_screen *screen;
	struct tui_paint *paint;
	const struct tui_rect *rects; /* where things scroll; borrowed for a frame */
	size_t n_rects;
	int rows, cols;
	bool spoiled;
	int home_row, home_col; /* the cursor before we came, from 1; 0: not known */
	struct tui_style base;	/* what default colours stand for */
	bool light;
};

/* profile.c: tells family and colours from the hints; WN_E_TERMINAL when it cannot do. */
wn_err tui_profile_pick(const struct tui_term_opts *opts, struct tui_term *t, struct wn_diag *d);

#define TUI_GLYPH_MARKS 4 /* CCHARW_MAX - 1: combining characters curses keeps in a cell */

/* Characters that stand for a cell in every terminal's counting. */
struct tui_glyph {
	uint32_t cp[TUI_GLYPH_MARKS + 1]; /* one with its marks */
	int n;
	uint32_t tail; /* character of the second column, 0: the first one is wide */
};

/* glyph.c; the C library's locale must be a UTF-8 one. */
void tui_glyph_of(const struct tui_cell *c, bool ascii, struct tui_glyph *out);

/* screen.c: a curses screen on a memory file; paints whole pictures. */
struct tui_screen *tui_screen_new(const struct tui_caps *caps, int rows, int cols,
				  struct wn_diag *d);
void tui_screen_free(struct tui_screen *s);
void tui_screen_resize(struct tui_screen *s, int rows, int cols);
/* Everything anew; the pen is the plain one afterwards, the cursor anywhere. */
void tui_screen_draw(struct tui_screen *s, const struct tui_fit *fit, bool ascii,
		     const struct tui_grid *g, struct wn_buf *out);

/* tidy.c: melts SGR sequences that touch, in place; the new length. */
size_t tui_sgr_tidy(char *p, size_t n);

/* color.c: brings a colour down to what there is: -1 default, else an index or, direct, RGB. */
int tui_color_fit(uint32_t color, int colors);
/* 24-bit value of an index of the 256-colour palette. */
uint32_t tui_color_rgb(int index);

#endif
