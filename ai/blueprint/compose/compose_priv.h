/*
 * Inside compose/: the sketch read into plain structs, and what the parts of the writer share.
 */
#ifndef AI_BLUEPRINT_COMPOSE_COMPOSE_PRIV_H
#define AI_BLUEPRINT_COMPOSE_COMPOSE_PRIV_H

#include "ai/blueprint/compose/compose.h"
#include "runtime/base/arena.h"
#include "runtime/base/map.h"
#include "runtime/base/vec.h"

struct thing {
	const struct wn_json *json;
	const char *name, *snake, *path, *plural; /* path: "order-lines"; plural: "orderLines" */
	bool identity;
	const struct wn_json *part;	     /* the relation that makes it a part, or NULL */
	const struct thing *whole, *sign_in; /* what it is a part of; who owns rows */
	bool listed_parts;		     /* others are parts of it */
};

struct compose {
	const struct wn_json *sketch;
	struct wn_json *doc;
	WN_VEC(struct thing) things;
	const struct thing *user;
	struct wn_map ids; /* those given out */
	struct wn_arena arena;
};

/* compose_names.c */
const char *compose_snake(struct wn_arena *a, const char *name);
const char *compose_plural(struct wn_arena *a, const char *name);
const char *compose_singular(struct wn_arena *a, const char *word);
const char *compose_path(struct wn_arena *a, const char *plural);
/* "ent_" + parts, unique and within the contract's 60 characters. */
const char *compose_id(struct compose *c, const char *prefix, const char *a, const char *b);
/* The id that a name got with that prefix before. */
const char *compose_ref(struct compose *c, const char *prefix, const char *a, const char *b);
const struct thing *compose_thing(const struct compose *c, const char *name);
/* A copy of the text member, or one made of a name. */
struct wn_json *compose_text(const struct wn_json *from, const char *member, const char *name);

/* compose_data.c: entities, relations, workflows, views. */
void compose_entities(struct compose *c);
void compose_relations(struct compose *c);
void compose_workflows(struct compose *c);
void compose_views(struct compose *c);
/* compose_ops.c */
void compose_operations(struct compose *c);
/* The access of one operation of a thing: "list", "get", "create", "update", "delete". New value.
 */
struct wn_json *compose_access(const struct compose *c, const struct thing *t, const char *op);
bool compose_has_op(const struct compose *c, const struct thing *t, const char *op);
/* compose_pages.c */
void compose_pages(struct compose *c);

#endif
