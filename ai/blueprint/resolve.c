/*
 * Builds and asks the index. Reports nothing: what is wrong is the checks' business.
 */
#include "ai/blueprint/resolve.h"

#define CHAIN_MAX 32

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

const char *blueprint_kind_name(enum blueprint_kind kind)
{
	return kinds[kind].name;
}

const char *blueprint_kind_prefix(enum blueprint_kind kind)
{
	return kinds[kind].prefix;
}

static struct blueprint_thing *add(struct blueprint_index *ix, enum blueprint_kind kind,
				   const struct wn_json *json, const struct blueprint_thing *entity)
{
	struct blueprint_thing *t = WN_ARENA_NEW(&ix->arena, struct blueprint_thing);
	t->kind = kind;
	t->id = wn_json_get_str(json, "id", "");
	t->json = json;
	t->entity = entity;
	wn_vec_push(&ix->things, t);
	if (*t->id && !wn_map_has(&ix->ids, wn_str(t->id)))
		wn_map_set(&ix->ids, wn_str(t->id), t);
	return t;
}

void blueprint_index_init(struct blueprint_index *ix, const struct wn_json *doc)
{
	*ix = (struct blueprint_index){ .doc = doc };
	wn_arena_init(&ix->arena, 0);
	wn_map_init(&ix->ids);
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
}

void blueprint_index_fini(struct blueprint_index *ix)
{
	wn_map_fini(&ix->ids, NULL);
	wn_vec_fini(&ix->things);
	wn_arena_fini(&ix->arena);
}

const struct blueprint_thing *blueprint_find(const struct blueprint_index *ix, const char *id,
					     enum blueprint_kind kind)
{
	const struct blueprint_thing *t = id ? wn_map_get(&ix->ids, wn_str(id)) : NULL;
	return t && t->kind == kind ? t : NULL;
}

const struct blueprint_thing *blueprint_thing_of(const struct blueprint_index *ix,
						 const struct wn_json *json)
{
	for (size_t i = 0; i < ix->things.len; i++)
		if (ix->things.p[i]->json == json)
			return ix->things.p[i];
	return NULL;
}

const char *blueprint_name(const struct blueprint_thing *t)
{
	return wn_json_get_str(t->json, "name", t->id);
}

bool blueprint_flag(const struct blueprint_thing *t, const char *member)
{
	return t && wn_json_get_bool(t->json, member, false);
}

bool blueprint_type_is(const struct blueprint_thing *field, const char *type)
{
	return field && !strcmp(wn_json_get_str(field->json, "type", ""), type);
}

const struct blueprint_thing *blueprint_field(const struct blueprint_index *ix,
					      const struct blueprint_thing *entity,
					      const char *name)
{
	for (size_t i = 0; entity && name && i < ix->things.len; i++) {
		const struct blueprint_thing *t = ix->things.p[i];
		if (t->kind == BLUEPRINT_FIELD && t->entity == entity &&
		    !strcmp(blueprint_name(t), name))
			return t;
	}
	return NULL;
}

const struct blueprint_thing *blueprint_from(const struct blueprint_index *ix,
					     const struct blueprint_thing *r)
{
	return r ? blueprint_find(ix, wn_json_get_str(r->json, "from", NULL), BLUEPRINT_ENTITY)
		 : NULL;
}

const struct blueprint_thing *blueprint_to(const struct blueprint_index *ix,
					   const struct blueprint_thing *r)
{
	return r ? blueprint_find(ix, wn_json_get_str(r->json, "to", NULL), BLUEPRINT_ENTITY)
		 : NULL;
}

static bool is_many(const struct blueprint_thing *r)
{
	return !strcmp(wn_json_get_str(r->json, "kind", ""), "manyToMany");
}

const struct blueprint_thing *blueprint_relation(const struct blueprint_index *ix,
						 const struct blueprint_thing *entity,
						 const char *name)
{
	for (size_t i = 0; entity && name && i < ix->things.len; i++) {
		const struct blueprint_thing *t = ix->things.p[i];
		if (t->kind == BLUEPRINT_RELATION && blueprint_from(ix, t) == entity &&
		    !strcmp(blueprint_name(t), name))
			return t;
	}
	return NULL;
}

const struct blueprint_thing *blueprint_inverse(const struct blueprint_index *ix,
						const struct blueprint_thing *entity,
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

const struct blueprint_thing *blueprint_view_entity(const struct blueprint_index *ix,
						    const struct blueprint_thing *view)
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

static bool owned(const struct blueprint_index *ix, const struct blueprint_thing *entity, int depth)
{
	if (!entity || !ix->user || depth > 4)
		return false;
	if (entity == ix->user)
		return true;
	for (size_t i = 0; i < ix->things.len; i++) {
		const struct blueprint_thing *r = ix->things.p[i];
		if (r->kind != BLUEPRINT_RELATION || blueprint_from(ix, r) != entity)
			continue;
		if (blueprint_flag(r, "owner") && blueprint_to(ix, r) == ix->user)
			return true;
		if (blueprint_flag(r, "part") && owned(ix, blueprint_to(ix, r), depth + 1))
			return true;
	}
	return false;
}

bool blueprint_has_owner(const struct blueprint_index *ix, const struct blueprint_thing *entity)
{
	return owned(ix, entity, 0);
}

const struct blueprint_thing *blueprint_workflow(const struct blueprint_index *ix,
						 const struct blueprint_thing *entity)
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
