/*
 * The index of a blueprint: every thing with an id, and what its names mean. It tolerates any
 * document (missing, doubled, wrongly typed parts): what is not there is simply not found.
 */
#ifndef AI_BLUEPRINT_RESOLVE_H
#define AI_BLUEPRINT_RESOLVE_H

#include "runtime/base/arena.h"
#include "runtime/base/json.h"
#include "runtime/base/map.h"
#include "runtime/base/vec.h"

enum blueprint_kind {
	BLUEPRINT_ROOT,
	BLUEPRINT_ROLE,
	BLUEPRINT_ENTITY,
	BLUEPRINT_FIELD,
	BLUEPRINT_RELATION,
	BLUEPRINT_VIEW,
	BLUEPRINT_OPERATION,
	BLUEPRINT_WORKFLOW,
	BLUEPRINT_EVENT,
	BLUEPRINT_JOB,
	BLUEPRINT_INTEGRATION,
	BLUEPRINT_PAGE,
	BLUEPRINT_KINDS
};

struct blueprint_thing {
	enum blueprint_kind kind;
	const char *id; /* "" when it has none */
	const struct wn_json *json;
	const struct blueprint_thing *entity; /* of a field: where it stands; else NULL */
	bool owned;			      /* of an entity: see blueprint_has_owner() */
};

struct blueprint_index {
	const struct wn_json *doc; /* borrowed */
	struct wn_map ids;	   /* id -> the first thing that has it */
	struct wn_map names;	   /* "f" or "r", entity id, name -> the first field or relation */
	WN_VEC(struct blueprint_thing *) things; /* in document order, those with doubled ids too */
	const struct blueprint_thing *user;	 /* entity of the identity; NULL: nobody signs in */
	struct wn_arena arena;
};

void blueprint_index_init(struct blueprint_index *ix, const struct wn_json *doc);
void blueprint_index_fini(struct blueprint_index *ix);
const char *blueprint_kind_name(enum blueprint_kind kind);   /* "entity" */
const char *blueprint_kind_prefix(enum blueprint_kind kind); /* "ent_" */

/* Thing of that kind, or NULL. id nullable. */
const struct blueprint_thing *blueprint_find(const struct blueprint_index *ix, const char *id,
					     enum blueprint_kind kind);
/* Field of an entity by name; entity nullable. */
const struct blueprint_thing *blueprint_field(const struct blueprint_index *ix,
					      const struct blueprint_thing *entity,
					      const char *name);
/* Relation that starts at the entity, by its name. */
const struct blueprint_thing *blueprint_relation(const struct blueprint_index *ix,
						 const struct blueprint_thing *entity,
						 const char *name);
/* Relation that leads back to the entity, by its inverse name; also manyToMany from here. */
const struct blueprint_thing *blueprint_inverse(const struct blueprint_index *ix,
						const struct blueprint_thing *entity,
						const char *name);
/* The manyToMany relation to the entity whose inverse is called so, or NULL. */
const struct blueprint_thing *blueprint_many_back(const struct blueprint_index *ix,
						  const struct blueprint_thing *entity,
						  const char *name);
/* Ends of a relation. */
const struct blueprint_thing *blueprint_from(const struct blueprint_index *ix,
					     const struct blueprint_thing *relation);
const struct blueprint_thing *blueprint_to(const struct blueprint_index *ix,
					   const struct blueprint_thing *relation);
/* Entity a view shows, through extends; NULL when that leads nowhere or in a circle. */
const struct blueprint_thing *blueprint_view_entity(const struct blueprint_index *ix,
						    const struct blueprint_thing *view);
/* Somebody owns its rows: it is the identity's, or belongs to it by `owner` or through parts. */
bool blueprint_has_owner(const struct blueprint_index *ix, const struct blueprint_thing *entity);
/* Workflow of an entity, or NULL. */
const struct blueprint_thing *blueprint_workflow(const struct blueprint_index *ix,
						 const struct blueprint_thing *entity);
/* page_links.c. People begin at the pages of the menu and at "/"; a page leads to its tabs and to
 * the details and forms of what it shows. */
bool blueprint_page_starts(const struct blueprint_thing *page);
bool blueprint_page_links(const struct blueprint_index *ix, const struct blueprint_thing *from,
			  const struct blueprint_thing *to);
/* Shorthand on a thing's JSON. */
const char *blueprint_name(const struct blueprint_thing *t); /* "name", else the id */
bool blueprint_flag(const struct blueprint_thing *t, const char *member);
bool blueprint_type_is(const struct blueprint_thing *field, const char *type);

#endif
