/*
 * The binary form of terminal rows and frames, shared by the shim (writer) and the
 * client (reader). Pure: bytes in, cells out; it knows no sockets and no grid.
 *
 * A frame: u8 version, u8 flags, then as varints (LEB128) seq, rows, cols, cursor row, cursor
 * col, cursor shape, modes, scrolled, history, and after them row records until the end. A
 * row record: varint index, u8 row flags, varint n, n bytes of row operations. Rows that
 * are absent did not change, after the reader moved its rows up by `scrolled`.
 * Row operations, each a byte and its operands; cells not mentioned at the end are blank:
 *	0 reset to the plain style
 *	1 style: varint attrs, varint link, colour fg, colour bg (u8 0 | u8 1, u8 index | u8 2, r,
 *g, b) 2 n ASCII characters, n cells		(varint n, n bytes) 3 n code points, each one cell
 *(varint n cells, varint bytes, UTF-8) 4 n code points, each two cells		(varint n clusters,
 *varint bytes, UTF-8) 5 one cluster of several code points	(u8 width, varint bytes, UTF-8) 6 n
 *blank cells in the present style	(varint n)
 */
#ifndef RUNTIME_BASE_TERMFRAME_H
#define RUNTIME_BASE_TERMFRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/base/str.h"

/* A colour: 0 is the terminal's default. */
#define WN_TCOLOR_INDEX(n) (0x01000000u | (uint32_t)(n))
#define WN_TCOLOR_RGB(r, g, b) \
	(0x02000000u | (uint32_t)(r) << 16 | (uint32_t)(g) << 8 | (uint32_t)(b))
#define WN_TCOLOR_KIND(c) ((c) >> 24) /* 0 default, 1 index, 2 rgb */

enum wn_tattr {
	WN_TA_BOLD = 1,
	WN_TA_DIM = 2,
	WN_TA_ITALIC = 4,
	WN_TA_BLINK = 8,
	WN_TA_REVERSE = 16,
	WN_TA_CONCEAL = 32,
	WN_TA_STRIKE = 64,
	WN_TA_OVERLINE = 128,
	WN_TA_UNDERLINE = 0x700, /* kind << 8: 1 single, 2 double, 3 curly, 4 dotted, 5 dashed */
};

struct wn_tstyle {
	uint32_t fg, bg;
	uint16_t attrs; /* enum wn_tattr */
	uint16_t link;	/* 0: none */
};

enum wn_tframe_flag { WN_TF_FULL = 1, WN_TF_ALT = 2, WN_TF_HISTORY = 4 };
enum wn_trow_flag { WN_TR_WRAPPED = 1, WN_TR_PROMPT = 2, WN_TR_OUTPUT = 4 };
enum wn_tmode {
	WN_TM_CURSOR = 1,
	WN_TM_PASTE = 2,
	WN_TM_FOCUS = 4,
	WN_TM_APP_CURSOR = 8,
	WN_TM_REVERSE = 16,
	WN_TM_CURSOR_BLINK = 32,
	WN_TM_MOUSE = 0x300, /* kind << 8: 1 click, 2 drag, 3 motion */
};

struct wn_tframe {
	uint8_t flags; /* enum wn_tframe_flag; HISTORY: rows come from scrollback, index counts from
			  `history` */
	uint64_t seq;
	uint32_t rows, cols;
	uint32_t cursor_row, cursor_col;
	uint32_t cursor_shape; /* 0 block, 1 underline, 2 bar */
	uint32_t modes;	       /* enum wn_tmode */
	uint32_t scrolled;     /* lines that left at the top since the last frame */
	uint64_t history; /* rows in scrollback (of a HISTORY frame: number of the first row) */
};

/* Appends the header; follow with wn_tframe_add_row(). Errors are the buffer's. */
void wn_tframe_begin(struct wn_buf *out, const struct wn_tframe *f);
void wn_tframe_add_row(struct wn_buf *out, uint32_t index, uint8_t flags, struct wn_str ops);

/* Row writer: the style is written when it differs from the last one. Start with style all zero. */
struct wn_trow_writer {
	struct wn_buf *out;
	struct wn_tstyle style;
};
void wn_trow_reset(struct wn_trow_writer *w); /* writes op 0 */
void wn_trow_style(struct wn_trow_writer *w, const struct wn_tstyle *style);
void wn_trow_ascii(struct wn_trow_writer *w, const char *p, size_t n);
/* n code points of `width` 1 or 2 each, as UTF-8. */
void wn_trow_points(struct wn_trow_writer *w, size_t n, int width, struct wn_str utf8);
void wn_trow_cluster(struct wn_trow_writer *w, int width, struct wn_str utf8);
void wn_trow_blank(struct wn_trow_writer *w, size_t n);

/* --- reading; everything is checked, nothing is trusted --- */
struct wn_tframe_reader {
	const unsigned char *p, *end;
};
struct wn_tframe_row {
	uint32_t index;
	uint8_t flags;
	struct wn_str ops; /* borrowed from the frame */
};
/* Header of a frame; WN_E_VERSION, WN_E_PARSE. */
wn_err wn_tframe_read(struct wn_tframe_reader *r, struct wn_str bytes,
		      struct wn_tframe *out) WN_MUST;
/* Next row record: 1, 0 at the end, or WN_E_PARSE. */
int wn_tframe_next(struct wn_tframe_reader *r, struct wn_tframe_row *out);

/* One cluster of a row, or a run of blanks. */
struct wn_tpiece {
	struct wn_tstyle style;
	struct wn_str text; /* UTF-8, borrowed; empty: `count` blank cells */
	uint32_t count;	    /* cells: 1 or 2 for text */
};
struct wn_trow_reader {
	const unsigned char *p, *end;
	struct wn_tstyle style;
	uint32_t left; /* clusters left in the present run */
	uint8_t width;
};
void wn_trow_read(struct wn_trow_reader *r, struct wn_str ops);
/* Next piece: 1, 0 at the end, or WN_E_PARSE. */
int wn_trow_next(struct wn_trow_reader *r, struct wn_tpiece *out);

#endif
