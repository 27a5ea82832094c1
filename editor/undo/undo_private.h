/*
 * The inside of the undo tree; private to editor/undo.
 */
#ifndef EDITOR_UNDO_UNDO_PRIVATE_H
#define EDITOR_UNDO_UNDO_PRIVATE_H

#include "editor/undo/undo.h"

struct ed_undo {
	WN_VEC(struct ed_step *) steps; /* [0] is the root; a step's id is its index */
	struct ed_step *now;
	unsigned depth;		       /* open groups */
	bool made;		       /* the open group has its step */
	bool melt;		       /* the next group may join `now` */
	bool sealed;		       /* nothing joins `now` any more: it was saved or walked to */
	int64_t time_ms;	       /* of the open group */
	WN_VEC(struct ed_mark) before; /* of the open group */
};

/* A step at the end of the list. */
struct ed_step *ed_undo_step_new(struct ed_undo *u, struct ed_step *parent);

#endif
