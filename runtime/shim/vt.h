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
#define VT_STR_MAX (256 * 1024) /* of an OSC or DCS string */

struct vt_events {
	void (*reply)(void *arg, const char *p, size_t n); /* bytes for the child */
	void (*title)(void *arg);			   /* vt.title changed */
	void (*cwd)(void *arg);				   /* vt.cwd changed */
	void (*bell)(void *arg);
	void (*clipboard)(void *arg, struct wn_str base64); /* OSC 52 write */
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
	uint32_t color_fg, color_bg; /* answers to OSC 10 and 11, 0xRRGGBB */
	char *title, *cwd;	     /* owned, never NULL */
	/* the tokenizer */
	enum { T_GROUND, T_ESC, T_ESC_INTER, T_CSI, T_CSI_SKIP, T_OSC, T_DCS, T_SKIP_STR } token;
	bool str_esc; /* ESC seen inside a string */
	char seq[VT_SEQ_MAX];
	size_t seq_len;
	struct wn_buf str;
	char part[4]; /* begun UTF-8 character */
	size_t part_len;
};

/* A control sequence taken apart. */
struct vt_csi {
	char leader, inter, final; /* 0: none */
	int n;			   /* parameters */
	int p[VT_PARAM_MAX];	   /* -1: absent */
	bool sub[VT_PARAM_MAX];	   /* joined to the one before by ':' */
};

/* grid is borrowed. */
void vt_init(struct vt *t, struct grid *grid, const struct vt_events *events);
void vt_fini(struct vt *t);
/* Takes output of the child, in pieces of any size. */
void vt_feed(struct vt *t, const char *p, size_t n);
/* New size: reflows the grid; margins and tabs start afresh. */
void vt_resize(struct vt *t, int rows, int cols);
/* Modes as a client needs them: enum wn_tmode. */
uint32_t vt_wire_modes(const struct vt *t);

/* --- between the files of the emulator --- */
size_t vt_text(struct vt *t, const char *p, size_t n); /* eats a run without controls; vt_text.c */
void vt_linefeed(struct vt *t);
void vt_repeat(struct vt *t, int count);
void vt_csi_run(struct vt *t, const struct vt_csi *c); /* vt_csi.c */
int vt_arg(const struct vt_csi *c, int i, int absent); /* 0 counts as absent */
void vt_sgr(struct vt *t, const struct vt_csi *c);     /* vt_sgr.c */
void vt_sgr_print(const struct wn_tstyle *pen, struct wn_buf *out);
void vt_mode_run(struct vt *t, const struct vt_csi *c);	   /* h, l; vt_mode.c */
int vt_mode_report(struct vt *t, bool private_, int mode); /* DECRQM: 0, 1, 2 */
void vt_save_cursor(struct vt *t);
void vt_restore_cursor(struct vt *t);
void vt_reset(struct vt *t, bool hard);
void vt_osc(struct vt *t, struct wn_str s); /* vt_osc.c */
void vt_dcs(struct vt *t, struct wn_str s);
void vt_engine_start(struct vt *t); /* vt_engine.c: libvterm */
/* Brings libvterm to our cursor, feeds the sequence, takes the cursor back. */
void vt_engine_do(struct vt *t, const char *fmt, ...) WN_PRINTF(2, 3);
void vt_reply(struct vt *t, const char *fmt, ...) WN_PRINTF(2, 3);
void vt_tabs_reset(struct vt *t);

#endif
