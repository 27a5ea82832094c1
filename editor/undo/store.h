/*
 * An undo tree as bytes, for the next time the same text is opened. An image is taken in the
 * document's thread and costs no copy of text; any thread may print it.
 */
#ifndef EDITOR_UNDO_STORE_H
#define EDITOR_UNDO_STORE_H

#include "editor/undo/undo.h"

/* At most so much is kept: older steps, and branches that leave before them, are left out. */
#define ED_STORE_STEPS ((size_t)10000)
#define ED_STORE_BYTES ((size_t)8 << 20)

struct ed_undo_image;

/* The present step counts as saved: an image is written when its text was. */
struct ed_undo_image *ed_undo_image_new(const struct ed_undo *u);
void ed_undo_image_free(struct ed_undo_image *i); /* nullable */
/* Appends it. */
wn_err ed_undo_image_print(const struct ed_undo_image *i, struct wn_buf *out) WN_MUST;
/* The tree of a text of text_len bytes; NULL: not such bytes. Whatever they are, walking the tree
 * never leaves the text. */
struct ed_undo *ed_undo_parse(struct wn_str bytes, size_t text_len);

#endif
