/*
 * The question: text of several lines with a cursor. Pure. Drawn in wrapped rows.
 */
#ifndef TUI_PANE_ASSISTANT_BOX_H
#define TUI_PANE_ASSISTANT_BOX_H

#include "tui/widget/widget.h"

#define BOX_MAX ((size_t)60000) /* bytes; the engine takes 65,536 characters */

struct ask_box {
	struct wn_buf text;
	size_t at; /* cursor, on a cluster's border */
};

void box_init(struct ask_box *b);
void box_fini(struct ask_box *b);
void box_set(struct ask_box *b, struct wn_str s); /* cursor at the end */
/* Inserts valid text at the cursor; returns become newlines, other controls and invalid bytes are
 * dropped. */
void box_insert(struct ask_box *b, struct wn_str s);
/* Editing keys; false: not one. Up on the first row and Down on the last are not used. cols: of the
 * last draw. */
bool box_key(struct ask_box *b, const struct tui_key *k, int cols);
/* Rows the text takes at a width, and the cursor's place in them. */
int box_rows(const struct ask_box *b, int cols, int *row_out, int *col_out);
/* Start and length of a row; false: there is none. */
bool box_row(const struct ask_box *b, int cols, int row, struct wn_str *out);

#endif
