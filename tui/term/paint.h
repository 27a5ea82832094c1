/*
 * Inside tui/term: the writer, which turns the difference between two pictures into the fewest
 * bytes it finds. It keeps what the terminal shows, its cursor and its pen. A whole picture is
 * painted by curses (screen.c) and then adopted here.
 */
#ifndef TUI_TERM_PAINT_H
#define TUI_TERM_PAINT_H

#include "tui/term/private.h"

/* A look as the terminal has it: -1 its own colour, else an index or, direct, RGB. */
struct tui_pen {
	int fg, bg;
	uint32_t attr;
};

/* How looks come down to what a terminal has. */
struct tui_fit {
	int colors;
	bool light;	    /* greys without a colour go to the dark side */
	bool color_or_attr; /* it shows underline and dim as colours */
	uint32_t attrs;	    /* what it can show */
	struct tui_style base;
};

/* What the terminal does beyond the VT220. */
struct tui_can {
	bool bce; /* erases with the pen's background */
	bool ech; /* erases characters in place */
	bool su;  /* scrolls a region without the cursor */
	bool sc;  /* a saved cursor may be used between frames */
};

/* A short sequence; big enough for the longest move or look. */
struct tui_seq {
	size_t n;
	char p[96];
};

struct tui_place {
	int y, x; /* -1: unknown */
	struct tui_pen pen;
	bool inked; /* pen is known */
};

enum tui_seg_kind { TUI_SEG_TEXT, TUI_SEG_EL, TUI_SEG_ECH };

/* Neighbouring cells of one look that have to be written. */
struct tui_seg {
	int y, x, n;
	enum tui_seg_kind kind;
	bool soft; /* blanks only: any pen of this background will do */
	struct tui_pen pen;
	size_t group;
};

#define TUI_GROUPS 48

struct tui_paint {
	struct tui_fit fit;
	struct tui_can can;
	bool ascii;
	int rows, cols;
	struct tui_cell *front; /* what the terminal shows */
	struct tui_place at;
	struct tui_place slot; /* the terminal's saved cursor; y -1: nothing of ours */
	int top, bottom;       /* scrolling region that is set; bottom -1: the whole screen */
	int shown;	       /* cursor: -1 unknown */
	WN_VEC(struct tui_seg) segs;
	struct tui_pen groups[TUI_GROUPS];
	size_t n_groups;
	WN_VEC(uint64_t) hashes;
};

/* pen.c: pure. */
struct tui_pen tui_pen_fit(const struct tui_fit *f, struct tui_style st);
bool tui_pen_eq(struct tui_pen a, struct tui_pen b);
/* A blank drawn with pen looks like a blank of the look `blank`. */
bool tui_pen_blank_ok(struct tui_pen pen, struct tui_pen blank);
/* Appends the shortest SGR from one look to another; from NULL: unknown. */
void tui_pen_change(struct tui_seq *s, const struct tui_pen *from, struct tui_pen to);

/* move.c: appends the shortest way of the cursor; nothing when it is there. */
void tui_move(struct tui_seq *s, const struct tui_paint *p, const struct tui_place *from, int y,
	      int x);
void tui_seq_add(struct tui_seq *s, const char *text);
void tui_seq_num(struct tui_seq *s, int n);

/* shift.c: scrolls what moved inside rects, when that is cheaper than painting it, and keeps front
 * true. */
void tui_paint_shift(struct tui_paint *p, bool margins, struct tui_grid *g,
		     const struct tui_rect *rects, size_t n, struct wn_buf *out);

/* paint.c */
void tui_paint_init(struct tui_paint *p, const struct tui_caps *caps);
void tui_paint_fini(struct tui_paint *p);
void tui_paint_fit(struct tui_paint *p, const struct tui_caps *caps, struct tui_style base,
		   bool light);
/* The terminal shows g; its pen and its cursor are unknown. */
void tui_paint_adopt(struct tui_paint *p, const struct tui_grid *g);
/* Bytes from the picture shown to g (same size), by its damage; the cursor at row, col, row -1
 * hidden. */
void tui_paint_frame(struct tui_paint *p, bool margins, struct tui_grid *g,
		     const struct tui_rect *rects, size_t n, int row, int col, struct wn_buf *out);
/* Moves and inks with the cheapest way there is. */
void tui_paint_go(struct tui_paint *p, int y, int x, struct tui_pen pen, struct wn_buf *out);

#endif
