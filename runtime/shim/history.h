/*
 * Scrollback: logical lines (soft-wrapped rows joined) kept in the compact row
 * operations of base/termframe.h, so that memory is about the text's size and a new
 * width costs one walk over line headers. Rows are cut when they are asked for.
 */
#ifndef RUNTIME_SHIM_HISTORY_H
#define RUNTIME_SHIM_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/buf.h"

struct history_chunk;

struct history {
	struct history_chunk *first, *last;
	uint64_t lines_max; /* whole chunks are dropped when more are kept */
	uint64_t lines;
	uint64_t dropped_rows; /* rows that were dropped at the present width */
	uint64_t rows;	       /* kept rows at the present width */
	uint32_t cols;
	bool open; /* the last line goes on with the next push */
};

void history_init(struct history *h, uint64_t lines_max, uint32_t cols);
void history_fini(struct history *h);
/* Forgets every line (CSI 3 J). Row numbers start again at 0. */
void history_clear(struct history *h);
/* Adds a row of `cells` cells. It is joined to the last one when that was pushed as wrapped. */
void history_push(struct history *h, struct wn_str ops, uint32_t cells, bool has_wide,
		  uint8_t flags, bool wrapped);
/* A new width: recounts rows, copies nothing. */
void history_set_cols(struct history *h, uint32_t cols);
/* Takes the last line out: its operations are appended to ops. False when there is none. */
bool history_pop(struct history *h, struct wn_buf *ops, uint8_t *flags_out);
/* Appends rows [from, from + count) that are still there to `out` as row records of a frame,
 * indexed from `from`; returns how many. Row numbers count from the first row ever pushed at this
 * width. */
uint32_t history_rows(const struct history *h, uint64_t from, uint32_t count, struct wn_buf *out);

#endif
