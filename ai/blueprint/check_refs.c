/*
 * Ids: one of a kind in the whole document, with the prefix of their kind; and every
 * reference leads to a thing of the right kind.
 */
#include "ai/blueprint/check_priv.h"

static void
check_ids(struct check *c)
{
	const struct blueprint_thing *t;
	for (THINGS(c, i, t)) {
		const char *prefix = blueprint_kind_prefix(t->kind);
		const struct wn_json *id = wn_json_get(t->json, "id");
		const struct blueprint_thing *first = wn_map_get(&c->ix.ids, wn_str(t->id));
		if (!*t->id)
			continue; /* the schema has said so */
		if (first != t)
			ERROR(c, "id", id, "Give each thing an id of its own and never reuse one.",
			      "The id \"%s\" is already that of another %s.", t->id,
			      blueprint_kind_name(first->kind));
		if (strncmp(t->id, prefix, strlen(prefix)) != 0)
			ERROR(c, "id", id, "Ids tell their kind by their prefix.",
			      "The id \"%s\" of a %s must begin with \"%s\".", t->id,
			      blueprint_kind_name(t->kind), prefix);
	}
}

/* One reference; of: the entity whose field or relation it must be, NULL for any. */
static const struct blueprint_thing *
ref(struct check *c, const struct wn_json *where, enum blueprint_kind kind,
    const struct blueprint_thing *of)
{
	const char *id = wn_json_str(where, NULL);
	if (!id)
		return NULL;
	const struct blueprint_thing *any = wn_map_get(&c->ix.ids, wn_str(id));
	const struct blueprint_thing *t = blueprint_find(&c->ix, id, kind);
	if (!any)
		ERROR(c, "reference", where, "Use the id of an existing thing, or add it.",
		      "There is no %s \"%s\".", blueprint_kind_name(kind), id);
	else if (!t)
		ERROR(c, "reference", where, "Refer to a thing of the right kind.",
		      "\"%s\" is a %s; a %s belongs here.", id, blueprint_kind_name(any->kind),
		      blueprint_kind_name(kind));
	else if (of && kind == BLUEPRINT_FIELD && t->entity != of)
		ERROR(c, "reference", where, "Refer to a field of the same entity.",
		      "The field \"%s\" stands in \"%s\", not in \"%s\".", id, t->entity->id,
		      of->id);
	return t;
}

#define REF(json, member, kind) ref(c, wn_json_get(json, member), BLUEPRINT_##kind, NULL)
#define FIELD_OF(json, member, entity) ref(c, wn_json_get(json, member), BLUEPRINT_FIELD, entity)

static void
refs(struct check *c, const struct wn_json *list, enum blueprint_kind kind,
     const struct blueprint_thing *of)
{
	for (EACH(r, list))
		(void)ref(c, r, kind, of);
}

static void
entity_refs(struct check *c, const struct blueprint_thing *e)
{
	const struct wn_json *after = wn_json_get(wn_json_get(e->json, "retention"), "after");
	FIELD_OF(e->json, "key", e);
	FIELD_OF(e->json, "title", e);
	if (strncmp(wn_json_str(after, ""), "fld_", 4) == 0)
		(void)ref(c, after, BLUEPRINT_FIELD, e);
	for (EACH(set, wn_json_get(e->json, "unique")))
		for (EACH(m, set)) {
			if (strncmp(wn_json_str(m, ""), "rel_", 4) != 0) {
				(void)ref(c, m, BLUEPRINT_FIELD, e);
				continue;
			}
			const struct blueprint_thing *r = ref(c, m, BLUEPRINT_RELATION, NULL);
			if (r && blueprint_from(&c->ix, r) != e)
				ERROR(c, "reference", m,
				      "Name relations that start at this entity.",
				      "The relation \"%s\" does not start at \"%s\".", r->id,
				      e->id);
		}
}

static void
relation_refs(struct check *c, const struct blueprint_thing *r)
{
	REF(r->json, "from", ENTITY);
	REF(r->json, "to", ENTITY);
	FIELD_OF(wn_json_get(r->json, "input"), "by", blueprint_to(&c->ix, r));
}

static void
view_refs(struct check *c, const struct blueprint_thing *v)
{
	REF(v->json, "of", ENTITY);
	REF(v->json, "extends", VIEW);
	refs(c, wn_json_get(v->json, "embed"), BLUEPRINT_VIEW, NULL);
	for (EACH(m, wn_json_get(v->json, "computed"))) {
		REF(m, "relation", RELATION);
		REF(m, "field", FIELD);
	}
}

static void
operation_refs(struct check *c, const struct blueprint_thing *o)
{
	const struct blueprint_thing *e = REF(o->json, "entity", ENTITY);
	FIELD_OF(o->json, "by", e);
	FIELD_OF(o->json, "field", e);
	REF(o->json, "relation", RELATION);
	REF(wn_json_get(o->json, "parent"), "relation", RELATION);
	REF(wn_json_get(o->json, "output"), "view", VIEW);
	refs(c, wn_json_get(o->json, "emits"), BLUEPRINT_EVENT, NULL);
}

static void
workflow_refs(struct check *c, const struct blueprint_thing *w)
{
	FIELD_OF(w->json, "field", REF(w->json, "entity", ENTITY));
	for (EACH(t, wn_json_get(w->json, "transitions"))) {
		refs(c, wn_json_get(t, "emits"), BLUEPRINT_EVENT, NULL);
		for (EACH(e, wn_json_get(t, "effects")))
			REF(e, "forEach", RELATION);
	}
}

static void
job_refs(struct check *c, const struct blueprint_thing *j)
{
	const struct wn_json *handler = wn_json_get(j->json, "handler");
	struct wn_str text = wn_str(wn_json_str(handler, ""));
	REF(j->json, "on", EVENT);
	if (!wn_json_get(j->json, "on") && !wn_json_get(j->json, "schedule"))
		ERROR(c, "job", j->json, "Give it a \"schedule\" or an event in \"on\".",
		      "Nothing ever starts the job \"%s\".", j->id);
	if (wn_str_has_prefix(text, WN_STR("integration:")) &&
	    !blueprint_find(&c->ix, text.p + 12, BLUEPRINT_INTEGRATION))
		ERROR(c, "reference", handler, "Name an integration of this blueprint.",
		      "There is no integration \"%s\".", text.p + 12);
}

static void
page_refs(struct check *c, const struct blueprint_thing *p)
{
	REF(p->json, "source", OPERATION);
	refs(c, wn_json_get(p->json, "tabs"), BLUEPRINT_PAGE, NULL);
	for (EACH(s, wn_json_get(p->json, "sections")))
		REF(s, "source", OPERATION);
	for (EACH(s, wn_json_get(p->json, "aside")))
		REF(s, "source", OPERATION);
}

static void
event_refs(struct check *c, const struct blueprint_thing *e)
{
	REF(wn_json_get(e->json, "payload"), "view", VIEW);
}

static void
role_refs(struct check *c, const struct blueprint_thing *r)
{
	const struct blueprint_thing *t = REF(r->json, "inherits", ROLE);
	for (int i = 0; t && i < 64; i++) {
		if (t == r) {
			ERROR(c, "role", wn_json_get(r->json, "inherits"), "Break the circle.",
			      "The role \"%s\" inherits from itself.", r->id);
			return;
		}
		t = blueprint_find(&c->ix, wn_json_get_str(t->json, "inherits", NULL),
				   BLUEPRINT_ROLE);
	}
}

static void
thing_refs(struct check *c, const struct blueprint_thing *t)
{
	static void (*const checks[BLUEPRINT_KINDS])(struct check *,
						     const struct blueprint_thing *) = {
		[BLUEPRINT_ROLE] = role_refs,		[BLUEPRINT_ENTITY] = entity_refs,
		[BLUEPRINT_RELATION] = relation_refs,	[BLUEPRINT_VIEW] = view_refs,
		[BLUEPRINT_OPERATION] = operation_refs, [BLUEPRINT_WORKFLOW] = workflow_refs,
		[BLUEPRINT_EVENT] = event_refs,		[BLUEPRINT_JOB] = job_refs,
		[BLUEPRINT_PAGE] = page_refs,
	};
	if (t->kind == BLUEPRINT_FIELD)
		FIELD_OF(t->json, "from", t->entity);
	else if (checks[t->kind])
		checks[t->kind](c, t);
}

/* Names that generated code uses as identifiers: one of a kind within their room. */
static void
check_names(struct check *c)
{
	struct wn_map seen;
	wn_map_init(&seen);
	for (size_t i = 0; i < c->ix.things.len; i++) {
		const struct blueprint_thing *t = c->ix.things.p[i];
		bool named = t->kind == BLUEPRINT_ROLE || t->kind == BLUEPRINT_ENTITY ||
			     t->kind == BLUEPRINT_FIELD || t->kind == BLUEPRINT_VIEW ||
			     t->kind == BLUEPRINT_JOB;
		if (!named)
			continue;
		struct wn_str key =
			wn_str(wn_arena_printf(&c->ix.arena, "%d %p %s", (int)t->kind,
					       (const void *)t->entity, blueprint_name(t)));
		if (wn_map_has(&seen, key))
			ERROR(c, "name", wn_json_get(t->json, "name"),
			      "Rename one of the two; the id stays.",
			      "Two %s things here are called \"%s\".", blueprint_kind_name(t->kind),
			      blueprint_name(t));
		wn_map_set(&seen, key, &seen);
	}
	wn_map_fini(&seen, NULL);
}

void
blueprint_check_references(struct check *c)
{
	const struct wn_json *identity = wn_json_get(c->doc, "identity");
	const struct blueprint_thing *user = REF(identity, "entity", ENTITY), *t;
	check_ids(c);
	check_names(c);
	refs(c, wn_json_get(identity, "login"), BLUEPRINT_FIELD, user);
	FIELD_OF(identity, "secret", user);
	FIELD_OF(identity, "roleField", user);
	REF(identity, "viewer", VIEW);
	REF(identity, "tenant", ENTITY);
	for (THINGS(c, i, t))
		thing_refs(c, t);
	for (EACH(s, wn_json_get(c->doc, "seed")))
		REF(s, "entity", ENTITY);
}
