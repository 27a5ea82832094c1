/*
 * Many selections at once: made from matches, lines, or the line above and below. And what is done
 * to the text in them. Same rules as view.h.
 */
#ifndef EDITOR_SELECT_MULTI_H
#define EDITOR_SELECT_MULTI_H

#include "editor/search/search.h"
#include "editor/select/view.h"

/* More would not be seen, and each edit touches all of them. */
#define ED_SELS_MAX ((size_t)10000)

/* A cursor in the line above the first or below the last one, in its column. */
void ed_view_add_vertical(struct ed_view *v, bool below);
/* Every match in the text, or in what is selected, becomes a selection; how many, 0: nothing
 * changed. At most ED_SELS_MAX. */
size_t ed_view_select_matches(struct ed_view *v, struct ed_search *s, bool in_selection);
/* What lies between the matches in each selection becomes a selection of its own; as above. */
size_t ed_view_split(struct ed_view *v, struct ed_search *s);
/* A cursor at the end of every selected line. */
void ed_view_split_lines(struct ed_view *v);

enum ed_letters { ED_LETTERS_UPPER, ED_LETTERS_LOWER };
/* The words under cursors when nothing is selected. One undo step. */
wn_err ed_view_case(struct ed_view *v, enum ed_letters how, struct wn_diag *d);
/* The lines of the main selection by their bytes; all lines when nothing is selected. */
wn_err ed_view_sort(struct ed_view *v, bool descending, struct wn_diag *d);

#endif
