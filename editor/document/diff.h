/*
 * What differs between two texts, line by line. Pure; any thread.
 */
#ifndef EDITOR_DOCUMENT_DIFF_H
#define EDITOR_DOCUMENT_DIFF_H

#include "editor/text/text.h"
#include "runtime/base/vec.h"

/* Larger texts are not compared. */
#define ED_DIFF_MAX ((size_t)64 << 20)

/* an lines from line a of the one became bn lines from line b of the other. */
struct ed_hunk {
	size_t a, an, b, bn;
};
struct ed_diff {
	WN_VEC(struct ed_hunk) hunks; /* in order, never touching */
	bool rough; /* they differ so much that one hunk stands for a stretch of many */
};

/* WN_E_LIMIT: larger than ED_DIFF_MAX. out is begun here. */
wn_err ed_diff_lines(const struct ed_text *a, const struct ed_text *b, struct ed_diff *out) WN_MUST;
void ed_diff_fini(struct ed_diff *d);
/* Appends it as people read it: "@@ line 12", then lines with a blank, '-' (of a) or '+' (of b)
 * before them, `around` equal lines on both sides. Stops quietly at out's maximum. */
void ed_diff_print(const struct ed_diff *d, const struct ed_text *a, const struct ed_text *b,
		   size_t around, struct wn_buf *out);

#endif
