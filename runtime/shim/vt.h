/*
 * The emulator: bytes of the child in, changes of the grid and replies out.
 *
 * It cuts the stream into text, controls and sequences itself. Text, colours, modes, tabs,
 * reports and strings (OSC, DCS) are handled here; moving, erasing, inserting and scrolling
 * are libvterm's state layer, which is given whole, checked sequences and calls back
 * into the grid. May not know of sockets or processes.
 */
#ifndef RUNTIME_SHIM_VT_H
#define RUNTIME_SHIM_VT_H

#include <stdbool.h>
#include <stdint.h>
#include <vterm.h>

#include "runtime/shim/grid.h"

enum vt_mode {
	VT_INSERT = 1 << 0,
	VT_WRAP = 1 << 1,
	VT_ORIGIN = 1 << 2,
	VT_NEWLINE = 1 << 3,
	VT_SIDE_MARGINS = 1 << 4,
	VT_CURSOR = 1 << 5,
	VT_APP_CURSOR = 1 << 6,
	VT_APP_KEYPAD = 1 << 7,
	VT_PASTE = 1 << 8,
	VT_FOCUS = 1 << 9,
	VT_REVERSE = 1 << 10,
	VT_SYNC = 1 << 11,
	VT_BLINK = 1 << 12,
	VT_ALT = 1 << 13,
	VT_REVERSE_WRAP = 1 << 14,
	VT_MOUSE_X10 = 1 << 16,
	VT_MOUSE_CLICK = 1 << 17,
	VT_MOUSE_DRAG = 1 << 18,
	VT_MOUSE_MOVE = 1 << 19,
	VT_MOUSE_UTF8 = 1 << 20,
	VT_MOUSE_SGR = 1 << 21,
	VT_MOUSE_URXVT = 1 << 22,
	VT_ALT_SCROLL = 1 << 23,
};

#define VT_SEQ_MAX 128 /* of a control sequence; longer ones are dropped */
#define VT_PARAM_MAX 32
#define VT_COLORS 261	 /* 256 and the five special ones */
#define VT_OWN_COLORS 10 /* OSC 10 to 19 */
#define VT_TITLES 10
#define VT_LINK_MAX 2083 /* bytes of a URI; longer ones are no links */
#define VT_LINKS_MAX 65535
#define VT_LINKS_BYTES (1 << 20) /* all of them; after that new ones are plain text */
#define VT_STR_MAX (256 * 1024)	 /* of an OSC or DCS string */

struct vt_events {
	void (*reply)(void *arg, const char *p, size_t n); /* bytes for the child */
	void (*title)(void *arg);			   /* vt.title changed */
	void (*cwd)(void *arg);				   /* vt.cwd changed */
	void (*bell)(void *arg);
	void (*clipboard)(void *arg, struct wn_str base64); /* OSC 52 write */
	/* OSC 133, nullable: kind 'A' a prompt, 'B' a command line, 'C' its output, 'D' its end;
	 * code is of the end, -1: not said. */
	void (*mark)(void *arg, char kind, int code);
	void *arg;
};

struct vt_saved { /* DECSC */
	int row, col;
	bool wrap_due;
	struct wn_tstyle pen;
	uint8_t charset[4], gl;
	bool origin;
};

struct vt {
	struct grid *grid;
	VTerm *vterm;
	VTermState *state;
	struct vt_events events;
	uint32_t modes; /* enum vt_mode */
	int row, col;
	bool wrap_due; /* the last column is written, the next character wraps */
	struct wn_tstyle pen;
	int top, bottom, left, right; /* margins; bottom, right one behind */
	struct vt_saved saved[2];     /* main, alternate */
	uint8_t charset[4], gl,
		single;	  /* 'B' ASCII, '0' line drawing, 'A' British; single shift or 0 */
	int cursor_shape; /* 0 block, 1 underline, 2 bar */
	unsigned char tabs[GRID_COLS_MAX / 8 + 1];
	uint32_t last_cp; /* for REP */
	uint64_t resets;  /* counts what makes clients need a full screen */
	uint32_t bells;
	uint32_t color_fg, color_bg;			 /* the client's, 0xRRGGBB */
	uint32_t palette[VT_COLORS], own[VT_OWN_COLORS]; /* set by OSC; vt_color.c */
	int level;					 /* of conformance (DECSCL), 4: VT420 */
	bool iso_guard;	  /* guarded cells stay in every erase (SPA), not in selective ones alone */
	bool rect_extent; /* DECSACE: changes of looks take rectangles, not runs */
	uint32_t kept;	  /* modes that are remembered only; vt_mode.c */
	uint32_t stacked; /* modes and kept ones as XTSAVE found them */
	uint32_t stacked_kept;
	char *title, *cwd; /* owned, never NULL */
	struct vt_links {
		WN_VEC(char *) v; /* URIs; a cell's link is an index + 1 */
		size_t bytes;
	} links;
	char *titles[VT_TITLES]; /* pushed ones */
	int n_titles;
	/* the tokenizer */
	enum { T_GROUND, T_ESC, T_ESC_INTER, T_CSI, T_CSI_SKIP, T_OSC, T_DCS, T_SKIP_STR } token;
	bool str_esc;  /* ESC seen inside a string */
	bool str_bell; /* the string was ended by BEL: so is its answer */
	char seq[VT_SEQ_MAX];
	size_t seq_len;
	struct wn_buf str;
	char part[4]; /* begun UTF-8 character */
	size_t part_len;
};

/* grid is borrowed. */
void vt_init(struct vt *t, struct grid *grid, const struct vt_events *events);
void vt_fini(struct vt *t);
/* Takes output of the child, in pieces of any size. */
void vt_feed(struct vt *t, const char *p, size_t n);
/* New size: reflows the grid; margins and tabs start afresh. */
void vt_resize(struct vt *t, int rows, int cols);
/* The URI behind a cell's link, or NULL. Borrowed. */
const char *vt_link(const struct vt *t, int64_t link);
/* Modes as a client needs them: enum wn_tmode. */
uint32_t vt_wire_modes(const struct vt *t);

#endif
