/*
 * How well a text answers a query typed in haste: subsequence matching with a preference for
 * starts of words, runs, the file's own name, and short texts. Case, marks and the forms of Arabic
 * letters do not matter (wn_utf8_fold()).
 */
#ifndef TUI_PICKER_SCORE_H
#define TUI_PICKER_SCORE_H

#include "runtime/base/buf.h"
#include "runtime/base/str.h"

#define TUI_SCORE_NONE (-1)
#define TUI_MATCH_MAX 64 /* matched characters that are reported */

/* Folds a query or a candidate once, for many comparisons. */
void tui_score_fold(struct wn_str s, struct wn_buf *out);
/* Score of a folded query in a folded text, TUI_SCORE_NONE when it is not in it. Blanks in the
 * query part words that must all match, in any order. path: '/' separates, and the last part counts
 * most. */
int tui_score(struct wn_str query, struct wn_str text, bool path);
/* Byte ranges of the *unfolded* text that matched, for showing; returns how many positions (byte
 * offsets of characters) were written. */
size_t tui_score_marks(struct wn_str query_folded, struct wn_str text, size_t *at, size_t max);

#endif
