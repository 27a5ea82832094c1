/*
 * The order in which a row of mixed directions is shown (Unicode's bidirectional algorithm, by
 * fribidi, which is loaded when the first right-to-left text comes). Only order: letters are joined
 * by the terminal.
 */
#ifndef EDITOR_BIDI_BIDI_H
#define EDITOR_BIDI_BIDI_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/str.h"

struct ed_bidi; /* the loaded library */

/* Never NULL; loads nothing yet. */
struct ed_bidi *ed_bidi_new(void);
void ed_bidi_free(struct ed_bidi *b); /* nullable */
/* True when some of it goes from right to left. */
bool ed_bidi_needed(struct wn_str s);

/* One cluster of the row: where it begins in the paragraph, its columns. */
struct ed_bidi_cell {
	size_t at;
	int width;
};
enum ed_bidi_base { ED_BIDI_LTR, ED_BIDI_AUTO }; /* AUTO: by the first letter with a direction */
/*
 * Columns (from 0, at the left) where the row's clusters go; cells are in logical order, text is
 * the whole paragraph they are of. odd (nullable): the cluster goes from right to left, so its
 * brackets are mirrored. rtl: the paragraph goes from right to left. False: as they are (the
 * library is missing, or the text too long).
 */
bool ed_bidi_place(struct ed_bidi *b, struct wn_str text, enum ed_bidi_base base,
		   const struct ed_bidi_cell *cells, size_t n, int *x_out, bool *odd_out,
		   bool *rtl_out);
/* The character that looks like cp from the other side: '(' gives ')'. */
uint32_t ed_bidi_mirror(struct ed_bidi *b, uint32_t cp);

#endif
