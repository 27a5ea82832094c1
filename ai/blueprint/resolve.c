/*
 * Builds and asks the index. Reports nothing: what is wrong is the checks' business.
 */
#include <stdio.h>

#include "ai/blueprint/resolve.h"

#define CHAIN_MAX 32
#define OWNER_STEPS 5

static const struct {
	const char *list, *name, *prefix;
} kinds[BLUEPRINT_KINDS] = {
	[BLUEPRINT_ROOT] = { NULL, "blueprint", "bp_" },
	[BLUEPRINT_ROLE] = { "roles", "role", "rol_" },
	[BLUEPRINT_ENTITY] = { "entities", "entity", "ent_" },
	[BLUEPRINT_FIELD] = { NULL, "field", "fld_" },
	[BLUEPRINT_RELATION] = { "relations", "relation", "rel_" },
	[BLUEPRINT_VIEW] = { "views", "view", "viw_" },
	[BLUEPRINT_OPERATION] = { "operations", "operation", "op_" },
	[BLUEPRINT_WORKFLOW] = { "workflows", "workflow", "wfl_" },
	[BLUEPRINT_EVENT] = { "events", "event", "evt_" },
	[BLUEPRINT_JOB] = { "jobs", "job", "job_" },
	[BLUEPRINT_INTEGRATION] = { "integrations", "integration", "int_" },
	[BLUEPRINT_PAGE] = { "pages", "page", "pag_" },
};

const char *
blueprint_kind_name(enum blueprint_kind kind)
{
	return kinds[kind].name;
}

const char *
blueprint_kind_prefix(enum blueprint_kind kind)
{
	return kinds[kind].prefix;
}

/* Key of the map of names; text too long for it is no name. */
static struct wn_str
name_key(char buf[256], char kind, const char *entity, const char *name)
{
	int n = snprintf(buf, 256, "%c%s/%s", kind, entity, name);
	return n > 0 && n < 256 ? wn_strn(buf, (size_t)n) : WN_STR_NONE;
}

static void
remember_name(struct blueprint_index *ix, struct blueprint_thing *t, char kind, const char *entity)
{
	char buf[256];
	struct wn_str key = name_key(buf, kind, entity, wn_json_get_str(t->json, "name", t->id));
	if (key.p && !wn_map_has(&ix->names, key))
		wn_map_set(&ix->names, key, t);
}

static const struct blueprint_thing *
named(const struct blueprint_index *ix, char kind, const struct blueprint_thing *entity,
      const char *name)
{
	char buf[256];
	struct wn_str key = entity && name ? name_key(buf, kind, entity->id, name) : WN_STR_NONE;
	return key.p ? wn_map_get(&ix->names, key) : NULL;
}

static struct blueprint_thing *
add(struct blueprint_index *ix, enum blueprint_kind kind, const struct wn_json *json,
    const struct blueprint_thing *entity)
{
	struct blueprint_thing *t = WN_ARENA_NEW(&ix->arena, struct blueprint_thing);
	t->kind = kind;
	t->id = wn_json_get_str(json, "id", "");
	t->json = json;
	t->entity = entity;
	wn_vec_push(&ix->things, t);
	if (*t->id && !wn_map_has(&ix->ids, wn_str(t->id)))
		wn_map_set(&ix->ids, wn_str(t->id), t);
	if (kind == BLUEPRINT_FIELD && entity)
		remember_name(ix, t, 'f', entity->id);
	if (kind == BLUEPRINT_RELATION)
		remember_name(ix, t, 'r', wn_json_get_str(json, "from", ""));
	return t;
}

/* Ownership spreads from the identity's entity: over `owner` in one step, over parts in up to
 * OWNER_STEPS more, as far as generated code follows it. */
static void
find_owned(struct blueprint_index *ix)
{
	struct blueprint_thing *user = ix->user ? wn_map_get(&ix->ids, wn_str(ix->user->id)) : NULL;
	if (!user)
		return;
	user->owned = true;
	for (int step = 0; step < OWNER_STEPS; step++) {
		for (size_t i = 0; i < ix->things.len; i++) {
			const struct blueprint_thing *r = ix->things.p[i];
			const struct blueprint_thing *to = blueprint_to(ix, r);
			if (r->kind != BLUEPRINT_RELATION || !to || !blueprint_from(ix, r))
				continue;
			struct blueprint_thing *from =
				wn_map_get(&ix->ids, wn_str(blueprint_from(ix, r)->id));
			if (blueprint_flag(r, "owner") && to == ix->user)
				from->owned = true;
			if (blueprint_flag(r, "part") && to->owned)
				from->owned = true;
		}
	}
}

void
blueprint_index_init(struct blueprint_index *ix, const struct wn_json *doc)
{
	*ix = (struct blueprint_index){ .doc = doc };
	wn_arena_init(&ix->arena, 0);
	wn_map_init(&ix->ids);
	wn_map_init(&ix->names);
	add(ix, BLUEPRINT_ROOT, doc, NULL);
	for (int k = 0; k < BLUEPRINT_KINDS; k++) {
		if (!kinds[k].list)
			continue;
		const struct wn_json *c = wn_json_first(wn_json_get(doc, kinds[k].list));
		for (; c; c = wn_json_next(c)) {
			struct blueprint_thing *t = add(ix, (enum blueprint_kind)k, c, NULL);
			const struct wn_json *f = wn_json_first(wn_json_get(c, "fields"));
			for (; k == BLUEPRINT_ENTITY && f; f = wn_json_next(f))
				add(ix, BLUEPRINT_FIELD, f, t);
		}
	}
	ix->user = blueprint_find(ix, wn_json_get_str(wn_json_get(doc, "identity"), "entity", NULL),
				  BLUEPRINT_ENTITY);
	find_owned(ix);
}

void
blueprint_index_fini(struct blueprint_index *ix)
{
	wn_map_fini(&ix->ids, NULL);
	wn_map_fini(&ix->names, NULL);
	wn_vec_fini(&ix->things);
	wn_arena_fini(&ix->arena);
}

const struct blueprint_thing *
blueprint_find(const struct blueprint_index *ix, const char *id, enum blueprint_kind kind)
{
	const struct blueprint_thing *t = id ? wn_map_get(&ix->ids, wn_str(id)) : NULL;
	return t && t->kind == kind ? t : NULL;
}

const char *
blueprint_name(const struct blueprint_thing *t)
{
	return wn_json_get_str(t->json, "name", t->id);
}

bool
blueprint_flag(const struct blueprint_thing *t, const char *member)
{
	return t && wn_json_get_bool(t->json, member, false);
}

bool
blueprint_type_is(const struct blueprint_thing *field, const char *type)
{
	return field && !strcmp(wn_json_get_str(field->json, "type", ""), type);
}

const struct blueprint_thing *
blueprint_field(const struct blueprint_index *ix, const struct blueprint_thing *entity,
		const char *name)
{
	const struct blueprint_thing *t = named(ix, 'f', entity, name);
	return t && t->entity == entity ? t : NULL;
}

const struct blueprint_thing *
blueprint_from(const struct blueprint_index *ix, const struct blueprint_thing *r)
{
	return r ? blueprint_find(ix, wn_json_get_str(r->json, "from", NULL), BLUEPRINT_ENTITY)
		 : NULL;
}

const struct blueprint_thing *
blueprint_to(const struct blueprint_index *ix, const struct blueprint_thing *r)
{
	return r ? blueprint_find(ix, wn_json_get_str(r->json, "to", NULL), BLUEPRINT_ENTITY)
		 : NULL;
}

static bool
is_many(const struct blueprint_thing *r)
{
	return !strcmp(wn_json_get_str(r->json, "kind", ""), "manyToMany");
}

const struct blueprint_thing *
blueprint_relation(const struct blueprint_index *ix, const struct blueprint_thing *entity,
		   const char *name)
{
	return named(ix, 'r', entity, name);
}

const struct blueprint_thing *
blueprint_inverse(const struct blueprint_index *ix, const struct blueprint_thing *entity,
		  const char *name)
{
	for (size_t i = 0; entity && name && i < ix->things.len; i++) {
		const struct blueprint_thing *t = ix->things.p[i];
		if (t->kind != BLUEPRINT_RELATION)
			continue;
		if (blueprint_to(ix, t) == entity &&
		    !strcmp(wn_json_get_str(t->json, "inverse", ""), name))
			return t;
		if (is_many(t) && blueprint_from(ix, t) == entity &&
		    !strcmp(blueprint_name(t), name))
			return t;
	}
	return NULL;
}

const struct blueprint_thing *
blueprint_many_back(const struct blueprint_index *ix, const struct blueprint_thing *entity,
		    const char *name)
{
	const struct blueprint_thing *r = blueprint_inverse(ix, entity, name);
	return r && is_many(r) && blueprint_to(ix, r) == entity ? r : NULL;
}

const struct blueprint_thing *
blueprint_view_entity(const struct blueprint_index *ix, const struct blueprint_thing *view)
{
	for (int i = 0; view && i < CHAIN_MAX; i++) {
		const char *of = wn_json_get_str(view->json, "of", NULL);
		if (of)
			return blueprint_find(ix, of, BLUEPRINT_ENTITY);
		view = blueprint_find(ix, wn_json_get_str(view->json, "extends", NULL),
				      BLUEPRINT_VIEW);
	}
	return NULL;
}

bool
blueprint_has_owner(const struct blueprint_index *ix, const struct blueprint_thing *entity)
{
	return ix->user && entity && entity->owned;
}

const struct blueprint_thing *
blueprint_workflow(const struct blueprint_index *ix, const struct blueprint_thing *entity)
{
	for (size_t i = 0; entity && i < ix->things.len; i++) {
		const struct blueprint_thing *t = ix->things.p[i];
		if (t->kind == BLUEPRINT_WORKFLOW &&
		    blueprint_find(ix, wn_json_get_str(t->json, "entity", NULL),
				   BLUEPRINT_ENTITY) == entity)
			return t;
	}
	return NULL;
}
