/*
 * The inside of an operation; private to editor/ot.
 */
#ifndef EDITOR_OT_OT_PRIVATE_H
#define EDITOR_OT_OT_PRIVATE_H

#include "editor/ot/ot.h"
#include "runtime/base/vec.h"

struct ed_ot_piece {
	enum ed_ot_kind kind;
	size_t n;	 /* code points */
	size_t off, len; /* bytes of an insertion in the operation's text */
};

struct ed_ot {
	WN_VEC(struct ed_ot_piece) parts;
	struct wn_buf text; /* all insertions one behind the other */
	size_t before, after;
};

/* Walks an operation; a part may be taken in steps. */
struct ed_ot_walk {
	const struct ed_ot *op;
	size_t i, used, used_bytes; /* of part i */
};

/* ED_OT_RETAIN with n 0 at the end. */
struct ed_ot_part ed_ot_walk_at(const struct ed_ot_walk *w);
/* The next n code points (n <= those of the part at hand). */
struct ed_ot_part ed_ot_walk_take(struct ed_ot_walk *w, size_t n);
/* Appends any part; the text need not be valid UTF-8 (what a deletion took out may not be). */
wn_err ed_ot_add(struct ed_ot *op, struct ed_ot_part part);

#endif
