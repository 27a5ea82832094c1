/*
 * Shared by the two halves of the diff.
 */
#ifndef AI_BLUEPRINT_DIFF_PRIV_H
#define AI_BLUEPRINT_DIFF_PRIV_H

#include "ai/blueprint/diff.h"

struct diff {
	struct blueprint_index before, after;
	struct blueprint_diff *out;
	const struct wn_json *migrations; /* of the new document */
};

/* Adds a change of t (which stands in the new document, or in the old one when `removed`). */
void blueprint_diff_add(struct diff *x, const struct blueprint_thing *t, bool removed,
			enum blueprint_class class, const char *verb, bool breaking,
			const char *fmt, ...) WN_PRINTF(7, 8);
/* Members differ; absent equals absent. */
bool blueprint_diff_member(const struct blueprint_thing *a, const struct blueprint_thing *b,
			   const char *name);
/* The entity is new: no row of it exists yet. */
bool blueprint_diff_entity_is_new(const struct diff *x, const struct blueprint_thing *entity);

/* diff_data.c: things that hold rows. */
void blueprint_diff_field(struct diff *x, const struct blueprint_thing *a,
			  const struct blueprint_thing *b);
void blueprint_diff_field_added(struct diff *x, const struct blueprint_thing *f);
void blueprint_diff_field_removed(struct diff *x, const struct blueprint_thing *f);
void blueprint_diff_relation(struct diff *x, const struct blueprint_thing *a,
			     const struct blueprint_thing *b);
void blueprint_diff_relation_added(struct diff *x, const struct blueprint_thing *r);
void blueprint_diff_entity(struct diff *x, const struct blueprint_thing *a,
			   const struct blueprint_thing *b);

#endif
