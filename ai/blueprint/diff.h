/*
 * What changed between two revisions of one blueprint, by id: a rename is never a removal and
 * an addition. Each change says what it means for the data that is there.
 */
#ifndef AI_BLUEPRINT_DIFF_H
#define AI_BLUEPRINT_DIFF_H

#include <stdbool.h>

#include "ai/blueprint/resolve.h"
#include "runtime/base/buf.h"
#include "runtime/base/error.h"

enum blueprint_class {
	BLUEPRINT_SAFE,	      /* no row is touched, or every row stays valid */
	BLUEPRINT_NEEDS_DATA, /* rows may break it: a backfill must say what to do with them */
	BLUEPRINT_DESTRUCTIVE /* data goes away */
};

struct blueprint_change {
	enum blueprint_class class;
	const char *verb; /* add remove rename retype require relax narrow widen move change */
	enum blueprint_kind kind;
	const char *id;	     /* of the thing */
	const char *pointer; /* in the new document; of a removed thing in the old one */
	const char *text;    /* one sentence */
	bool breaking;	     /* clients of the API notice */
	bool covered;	     /* the new document's migrations hold a backfill or purge for it */
};

struct blueprint_diff {
	size_t safe, needs_data, destructive;
	WN_VEC(struct blueprint_change) changes; /* destructive first, then needs data, then safe */
	struct wn_arena arena;
};

/* Compares; out is always initialised and ended with blueprint_diff_fini(). Both documents should
 * have passed blueprint_check(); others give a poor diff but no harm. WN_E_INVALID when they are
 * not revisions of the same blueprint. Any thread. d nullable. */
wn_err blueprint_diff(const struct wn_json *before, const struct wn_json *after,
		      struct blueprint_diff *out, struct wn_diag *d) WN_MUST;
void blueprint_diff_fini(struct blueprint_diff *diff);
/* Appends {"safe", "needsData", "destructive", "changes": [...]}. */
wn_err blueprint_diff_print(const struct blueprint_diff *diff, struct wn_buf *out);
const char *blueprint_class_name(enum blueprint_class class); /* "safe" "needsData" "destructive" */

#endif
