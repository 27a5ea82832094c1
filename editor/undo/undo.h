/*
 * The undo tree of a document: steps with a parent each, so nothing that was ever typed is lost by
 * typing something else after an undo. It holds data only; the document applies it.
 *
 * A step keeps, for each change, the bytes that are NOT in the text right now: crossing the
 * change swaps them with those that are. One record thus serves undo and redo.
 */
#ifndef EDITOR_UNDO_UNDO_H
#define EDITOR_UNDO_UNDO_H

#include "editor/text/text.h"
#include "runtime/base/vec.h"

struct ed_mark {
	size_t anchor, head;
};

struct ed_change {
	size_t pos, len;       /* bytes in the text now */
	struct ed_text *other; /* owned: what takes their place; NULL: nothing */
};

struct ed_step {
	struct ed_step *parent; /* NULL: the root, the text as it was opened */
	struct ed_step *redo;	/* the child that redo goes to: the one last left or made */
	uint64_t id;		/* 0: the root; rises in the order of time */
	int64_t time_ms;	/* wall clock of its last change */
	bool saved;		/* the text was saved as it is behind this step */
	WN_VEC(struct ed_change) changes;
	WN_VEC(struct ed_mark) before, after; /* selections around it */
};

struct ed_undo; /* see ed_doc_undo() */

struct ed_undo *ed_undo_new(void);
void ed_undo_free(struct ed_undo *u); /* nullable */

/* Opens a group (they nest). before: selections now, kept by the outermost one. */
void ed_undo_begin(struct ed_undo *u, int64_t now_ms, const struct ed_mark *before, size_t n);
/* Ends it; after: selections now. */
void ed_undo_end(struct ed_undo *u, const struct ed_mark *after, size_t n);
/* Records a change inside a group. removed: owned, nullable. */
void ed_undo_add(struct ed_undo *u, size_t pos, struct ed_text *removed, size_t inserted);
/* The next group joins the present step, if that is the newest one and less than 3 s old. */
void ed_undo_melt(struct ed_undo *u, int64_t now_ms);
bool ed_undo_grouping(const struct ed_undo *u);

/* The step the text is at, and moving to a neighbour after its changes were applied; nothing melts
 * into the step moved to (moving to the present one only seals it). */
struct ed_step *ed_undo_now(const struct ed_undo *u);
void ed_undo_moved(struct ed_undo *u, struct ed_step *to);
/* All steps, oldest first; for a history view and going to any of them. */
size_t ed_undo_count(const struct ed_undo *u);
struct ed_step *ed_undo_at(const struct ed_undo *u, size_t i);
/* Marks the step whose text was saved. */
void ed_undo_saved(struct ed_undo *u, uint64_t id);

/* What a list of steps shows. */
struct ed_step_info {
	size_t parent; /* index; of the root its own */
	int64_t time_ms;
	size_t inserted, removed; /* bytes, going from the parent to it */
	bool now, done, saved;	  /* done: it is in the text now */
};
struct ed_step_info ed_undo_describe(const struct ed_undo *u, size_t i);

enum ed_undo_unit { ED_UNDO_STEPS, ED_UNDO_MS, ED_UNDO_SAVES };
/* "10m", "30s", "2h", "1d", "5" (steps), "3f" (saves), as :earlier takes them; false: none of
 * these. */
bool ed_undo_span(struct wn_str text, enum ed_undo_unit *unit_out, int64_t *n_out);
/* Where going n units back (below 0) or on leads, in the order of time over all branches, as Vim's
 * g-, :earlier and :later do. Time counts from now_ms when the newest step is the present one, else
 * from the time of the present one. */
size_t ed_undo_find(const struct ed_undo *u, enum ed_undo_unit unit, int64_t n, int64_t now_ms);

#endif
