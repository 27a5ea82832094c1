/*
 * Views: names exist, secrets stay inside, embedding and extending come to an end.
 */
#include "ai/blueprint/check_priv.h"

#define CHAIN_MAX 32

static bool
extends_itself(struct check *c, const struct blueprint_thing *v)
{
	const struct blueprint_thing *t = v;
	for (int i = 0; t && i < CHAIN_MAX; i++) {
		t = blueprint_find(&c->ix, wn_json_get_str(t->json, "extends", NULL),
				   BLUEPRINT_VIEW);
		if (t == v)
			return true;
	}
	return t != NULL;
}

static void
check_names(struct check *c, const struct blueprint_thing *e, const struct wn_json *list,
	    bool shown)
{
	for (EACH(n, list)) {
		const char *name = wn_json_str(n, NULL);
		const struct blueprint_thing *f = blueprint_field(&c->ix, e, name);
		if (!name)
			continue;
		if (!f && !blueprint_relation(&c->ix, e, name) &&
		    !blueprint_many_back(&c->ix, e, name) &&
		    !blueprint_check_is_system_name(e, name))
			ERROR(c, "view", n, "Use the name of a field or relation of the entity.",
			      "\"%s\" has nothing called \"%s\".", e->id, name);
		if (shown && (blueprint_type_is(f, "secret") ||
			      (f && !strcmp(wn_json_get_str(f->json, "class", ""), "secret"))))
			ERROR(c, "secret", n, "Remove it from the view.",
			      "\"%s\" is a secret and may not be shown.", name);
		for (const struct wn_json *o = wn_json_first(list); o && o != n;
		     o = wn_json_next(o))
			if (wn_json_equal(o, n)) {
				WARN(c, "view", n, "Remove one.", "\"%s\" is listed twice.", name);
				break;
			}
	}
}

static void
check_embeds(struct check *c, const struct blueprint_thing *e, const struct wn_json *embed)
{
	for (EACH(m, embed)) {
		const char *name = wn_json_key(m);
		const struct blueprint_thing *r = blueprint_relation(&c->ix, e, name), *of;
		const struct blueprint_thing *v =
			blueprint_find(&c->ix, wn_json_str(m, NULL), BLUEPRINT_VIEW);
		of = r ? blueprint_to(&c->ix, r) : NULL;
		if (!r && (r = blueprint_inverse(&c->ix, e, name)) != NULL)
			of = blueprint_to(&c->ix, r) == e ? blueprint_from(&c->ix, r)
							  : blueprint_to(&c->ix, r);
		if (!r)
			ERROR(c, "view", m, "Embed under the name of a relation or an inverse.",
			      "\"%s\" has no relation \"%s\".", e->id, name);
		else if (v && of && blueprint_view_entity(&c->ix, v) != of)
			ERROR(c, "view", m, "Embed a view of the related entity.",
			      "\"%s\" leads to \"%s\", but the view shows something else.", name,
			      of->id);
	}
}

/* Views that v embeds, and those in turn; each is looked at once. */
static bool
embeds(struct check *c, const struct blueprint_thing *v, const struct blueprint_thing *start,
       struct wn_map *seen)
{
	for (EACH(m, wn_json_get(v->json, "embed"))) {
		const struct blueprint_thing *t =
			blueprint_find(&c->ix, wn_json_str(m, NULL), BLUEPRINT_VIEW);
		if (t == start)
			return true;
		if (!t || wn_map_has(seen, wn_str(t->id)))
			continue;
		wn_map_set(seen, wn_str(t->id), seen);
		if (embeds(c, t, start, seen))
			return true;
	}
	return false;
}

static bool
embeds_itself(struct check *c, const struct blueprint_thing *v)
{
	struct wn_map seen;
	wn_map_init(&seen);
	bool found = embeds(c, v, v, &seen);
	wn_map_fini(&seen, NULL);
	return found;
}

static void
needs(struct check *c, const struct wn_json *m, const char *fn, const char *member)
{
	if (!wn_json_get(m, member))
		ERROR(c, "view", m, "Add what the function works on.", "\"%s\" needs \"%s\".", fn,
		      member);
}

static void
check_computed(struct check *c, const struct blueprint_thing *e, const struct wn_json *computed)
{
	for (EACH(m, computed)) {
		const char *fn = wn_json_get_str(m, "fn", "");
		if (!strcmp(fn, "viewerIn") || !strcmp(fn, "count"))
			needs(c, m, fn, wn_json_get(m, "path") ? "path" : "relation");
		if (!strcmp(fn, "sum") || !strcmp(fn, "pluck"))
			needs(c, m, fn, wn_json_get(m, "path") ? "path" : "field");
		if (!strcmp(fn, "hook"))
			needs(c, m, fn, "hook");
		if (!strcmp(fn, "expr"))
			needs(c, m, fn, "expr");
		(void)blueprint_check_expr(c, e, wn_json_get(m, "expr"));
		if (blueprint_field(&c->ix, e, wn_json_key(m)))
			ERROR(c, "view", m, "Choose another name.",
			      "\"%s\" already has a field \"%s\".", e->id, wn_json_key(m));
	}
}

void
blueprint_check_views(struct check *c)
{
	const struct blueprint_thing *v;
	for (THINGS(c, i, v)) {
		if (v->kind != BLUEPRINT_VIEW)
			continue;
		const struct blueprint_thing *e = blueprint_view_entity(&c->ix, v);
		if (extends_itself(c, v))
			ERROR(c, "view", wn_json_get(v->json, "extends"), "Break the circle.",
			      "The view \"%s\" extends itself.", v->id);
		else if (!e && !wn_json_get(v->json, "of") && !wn_json_get(v->json, "extends"))
			ERROR(c, "view", v->json, "Add \"of\" or \"extends\".",
			      "The view \"%s\" shows no entity.", v->id);
		if (embeds_itself(c, v))
			ERROR(c, "view", wn_json_get(v->json, "embed"), "Embed a smaller view.",
			      "The view \"%s\" contains itself.", v->id);
		if (!e)
			continue;
		check_names(c, e, wn_json_get(v->json, "fields"), true);
		check_names(c, e, wn_json_get(v->json, "omit"), false);
		check_embeds(c, e, wn_json_get(v->json, "embed"));
		check_computed(c, e, wn_json_get(v->json, "computed"));
	}
}
