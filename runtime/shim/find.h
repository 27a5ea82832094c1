/*
 * Finding in a terminal's rows, scrollback and screen: a text, or where a prompt or an output
 * begins (OSC 133). Row numbers are those of frames.
 */
#ifndef RUNTIME_SHIM_FIND_H
#define RUNTIME_SHIM_FIND_H

#include "runtime/shim/grid.h"

struct find {
	struct wn_str text; /* small letters match large ones too; empty: look at flags */
	uint8_t flags;	    /* enum wn_trow_flag: one of them is enough */
	bool back;	    /* the nearest before `from`, else the nearest from it on */
	int64_t from;
};

struct found {
	int64_t row; /* -1: nothing */
	int col, cols;
};

/* Walks the rows; a text that goes over the end of a row is not found. */
struct found find_run(struct grid *g, const struct find *want);

#endif
