/*
 * Entities with their fields, relations, workflows, and the views that show them.
 */
#include "ai/blueprint/compose/compose_priv.h"

static bool
is_type(const struct wn_json *f, const char *type)
{
	return !strcmp(wn_json_get_str(f, "type", ""), type);
}

static struct wn_json *
text2(const char *en, const char *ar)
{
	struct wn_json *t = wn_json_new_object();

	wn_json_set_str(t, "en", en);
	wn_json_set_str(t, "ar", ar);
	return t;
}

static void
copy_members(struct wn_json *to, const struct wn_json *from, const char *const *names)
{
	for (; *names; names++)
		if (wn_json_get(from, *names))
			(void)wn_json_set(to, *names, wn_json_copy(wn_json_get(from, *names)));
}

/* --- fields --------------------------------------------------------------------------- */

static void
add_field(struct compose *c, const struct thing *t, struct wn_json *list, const struct wn_json *f)
{
	static const char *const members[] = { "help",	  "type",   "required", "unique",
					       "default", "min",    "max",	"pattern",
					       "values",  "system", "computed", "normalize",
					       "class",	  "index",  "search",	"read",
					       "write",	  "copy",   NULL };
	const char *name = wn_json_get_str(f, "name", "field");
	struct wn_json *out = wn_json_push(list, wn_json_new_object());
	const char *from = wn_json_get_str(f, "from", NULL);

	wn_json_set_str(out, "id", compose_id(c, "fld_", t->snake, name));
	wn_json_set_str(out, "name", name);
	(void)wn_json_set(out, "label", compose_text(f, "label", name));
	copy_members(out, f, members);
	if (from)
		wn_json_set_str(out, "from", compose_ref(c, "fld_", t->snake, from));
}

/* A field of ours, unless the sketch has one of that name. */
static void
add_made_field(struct compose *c, const struct thing *t, struct wn_json *list, const char *text)
{
	const struct wn_json *x = wn_json_first(wn_json_get(t->json, "fields"));
	struct wn_json *f = NULL;
	bool there = false;

	if (wn_json_parse(wn_str(text), NULL, &f, NULL) != WN_OK)
		return;
	for (; x; x = wn_json_next(x))
		there = there ||
			!strcmp(wn_json_get_str(x, "name", ""), wn_json_get_str(f, "name", "?"));
	if (!there)
		add_field(c, t, list, f);
	wn_json_free(f);
}

static void
add_role_field(struct compose *c, const struct thing *t, struct wn_json *list)
{
	struct wn_json *f = wn_json_new_object(), *values = wn_json_new_array();
	const struct wn_json *roles = wn_json_get(c->sketch, "roles");

	wn_json_set_str(f, "name", "role");
	(void)wn_json_set(f, "label", text2("Role", "الدور"));
	wn_json_set_str(f, "type", "enum");
	wn_json_set_bool(f, "required", true);
	for (const struct wn_json *r = wn_json_first(roles); r; r = wn_json_next(r)) {
		struct wn_json *v = wn_json_push(values, wn_json_new_object());

		wn_json_set_str(v, "value", wn_json_get_str(r, "name", "member"));
		(void)wn_json_set(v, "label",
				  compose_text(r, "label", wn_json_get_str(r, "name", "member")));
		if (wn_json_get_bool(r, "default", false))
			wn_json_set_str(f, "default", wn_json_get_str(r, "name", "member"));
	}
	(void)wn_json_set(f, "values", values);
	wn_json_set_str(f, "write", "role:admin");
	add_field(c, t, list, f);
	wn_json_free(f);
}

/* Who signs in has a name, an e-mail, a password and a role, whatever else the sketch says. */
static void
add_identity_fields(struct compose *c, const struct thing *t, struct wn_json *list)
{
	add_made_field(
		c, t, list,
		"{\"name\":\"name\",\"label\":{\"en\":\"Name\",\"ar\":\"الاسم\"},\"type\":"
		"\"string\",\"required\":true,\"max\":80,\"search\":true,\"normalize\":[\"trim\","
		"\"collapse\"]}");
	add_made_field(
		c, t, list,
		"{\"name\":\"email\",\"label\":{\"en\":\"E-mail\",\"ar\":\"البريد "
		"الإلكتروني\"},\"type\":\"email\",\"required\":true,\"unique\":true,\"class\":"
		"\"personal\",\"normalize\":[\"trim\",\"lower\"]}");
	add_made_field(c, t, list,
		       "{\"name\":\"password\",\"label\":{\"en\":\"Password\",\"ar\":\"كلمة "
		       "المرور\"},\"type\":\"secret\",\"required\":true,\"min\":8}");
	add_role_field(c, t, list);
}

/* --- entities ------------------------------------------------------------------------------ */

static const char *
title_field(const struct thing *t)
{
	const char *wanted = wn_json_get_str(t->json, "title", NULL);

	if (wanted || t->identity)
		return wanted ? wanted : "name";
	for (const struct wn_json *f = wn_json_first(wn_json_get(t->json, "fields")); f;
	     f = wn_json_next(f))
		if ((is_type(f, "string") || is_type(f, "slug") || is_type(f, "email")) &&
		    !wn_json_get(f, "read"))
			return wn_json_get_str(f, "name", NULL);
	return NULL;
}

void
compose_entities(struct compose *c)
{
	static const char *const members[] = { "softDelete", "audit", "checks", NULL };
	struct wn_json *list = wn_json_set(c->doc, "entities", wn_json_new_array());

	for (size_t i = 0; i < c->things.len; i++) {
		const struct thing *t = &c->things.p[i];
		struct wn_json *e = wn_json_push(list, wn_json_new_object()), *fields;
		const char *title = title_field(t);

		wn_json_set_str(e, "id", compose_id(c, "ent_", t->name, NULL));
		wn_json_set_str(e, "name", t->name);
		(void)wn_json_set(e, "label", compose_text(t->json, "label", t->name));
		wn_json_set_bool(e, "timestamps", true);
		copy_members(e, t->json, members);
		fields = wn_json_new_array();
		if (t->identity)
			add_identity_fields(c, t, fields);
		for (const struct wn_json *f = wn_json_first(wn_json_get(t->json, "fields")); f;
		     f = wn_json_next(f))
			add_field(c, t, fields, f);
		if (!wn_json_first(fields))
			add_made_field(
				c, t, fields,
				"{\"name\":\"name\",\"label\":{\"en\":\"Name\",\"ar\":\"الاسم\"},"
				"\"type\":\"string\",\"max\":160}");
		if (title)
			wn_json_set_str(e, "title", compose_ref(c, "fld_", t->snake, title));
		(void)wn_json_set(e, "fields", fields);
	}
}

void
compose_relations(struct compose *c)
{
	static const char *const members[] = { "required", "owner", "part", NULL };
	struct wn_json *list = wn_json_new_array();

	for (size_t i = 0; i < c->things.len; i++) {
		const struct thing *t = &c->things.p[i];
		const struct wn_json *b = wn_json_first(wn_json_get(t->json, "belongs"));

		for (; b; b = wn_json_next(b)) {
			const struct thing *to = compose_thing(c, wn_json_get_str(b, "to", ""));
			const char *name = wn_json_get_str(b, "name", "parent");
			bool part = t->part == b, required = wn_json_get_bool(b, "required", false);
			struct wn_json *r;

			if (!to)
				continue;
			r = wn_json_push(list, wn_json_new_object());
			wn_json_set_str(r, "id", compose_id(c, "rel_", t->snake, name));
			wn_json_set_str(r, "kind", "belongsTo");
			wn_json_set_str(r, "from", compose_ref(c, "ent_", t->name, NULL));
			wn_json_set_str(r, "to", compose_ref(c, "ent_", to->name, NULL));
			wn_json_set_str(r, "name", name);
			(void)wn_json_set(r, "label", compose_text(b, "label", name));
			copy_members(r, b, members);
			if (part) {
				wn_json_set_str(r, "inverse", t->plural);
				(void)wn_json_set(r, "inverseLabel",
						  compose_text(t->json, "plural", t->plural));
			}
			wn_json_set_str(r, "onDelete",
					wn_json_get_str(b, "onDelete",
							part	   ? "cascade"
							: required ? "restrict"
								   : "setNull"));
		}
	}
	if (wn_json_first(list))
		(void)wn_json_set(c->doc, "relations", list);
	else
		wn_json_free(list);
}

void
compose_workflows(struct compose *c)
{
	struct wn_json *list = wn_json_new_array();

	for (size_t i = 0; i < c->things.len; i++) {
		const struct thing *t = &c->things.p[i];
		const struct wn_json *w = wn_json_get(t->json, "workflow");
		struct wn_json *out;

		if (!w)
			continue;
		out = wn_json_push(list, wn_json_new_object());
		wn_json_set_str(out, "id", compose_id(c, "wfl_", t->name, NULL));
		wn_json_set_str(out, "entity", compose_ref(c, "ent_", t->name, NULL));
		wn_json_set_str(
			out, "field",
			compose_ref(c, "fld_", t->snake, wn_json_get_str(w, "field", "status")));
		wn_json_set_str(out, "initial", wn_json_get_str(w, "initial", ""));
		(void)wn_json_set(out, "transitions", wn_json_copy(wn_json_get(w, "transitions")));
	}
	if (wn_json_first(list))
		(void)wn_json_set(c->doc, "workflows", list);
	else
		wn_json_free(list);
}

/* --- views ------------------------------------------------------------------------------------ */

static void
add_names(const struct compose *c, const struct thing *t, struct wn_json *fields, bool row)
{
	const char *const made[] = { "name", "email", "role" };
	const struct wn_json *x;

	(void)wn_json_push(fields, wn_json_new_str(WN_STR("id")));
	for (size_t i = 0; t->identity && i < 3; i++)
		(void)wn_json_push(fields, wn_json_new_str(wn_str(made[i])));
	for (x = wn_json_first(wn_json_get(t->json, "fields")); x; x = wn_json_next(x))
		if (!is_type(x, "secret") &&
		    !(row && (is_type(x, "text") || is_type(x, "markdown") || is_type(x, "json"))))
			(void)wn_json_push(
				fields, wn_json_new_str(wn_str(wn_json_get_str(x, "name", "?"))));
	for (x = wn_json_first(wn_json_get(t->json, "belongs")); x; x = wn_json_next(x))
		if (compose_thing(c, wn_json_get_str(x, "to", "")) && x != t->part)
			(void)wn_json_push(
				fields, wn_json_new_str(wn_str(wn_json_get_str(x, "name", "?"))));
	(void)wn_json_push(fields, wn_json_new_str(WN_STR("createdAt")));
}

static void
add_view(struct compose *c, struct wn_json *list, const struct thing *t, bool row)
{
	struct wn_json *v = wn_json_push(list, wn_json_new_object()), *fields = wn_json_new_array();
	struct wn_json *embed = NULL;

	wn_json_set_str(v, "id", compose_id(c, "viw_", t->name, row ? "row" : NULL));
	wn_json_set_str(v, "name", row ? wn_arena_printf(&c->arena, "%sRow", t->name) : t->name);
	wn_json_set_str(v, "of", compose_ref(c, "ent_", t->name, NULL));
	add_names(c, t, fields, row);
	(void)wn_json_set(v, "fields", fields);
	for (size_t i = 0; !row && i < c->things.len; i++) {
		const struct thing *p = &c->things.p[i];

		if (p->whole != t)
			continue;
		embed = embed ? embed : wn_json_set(v, "embed", wn_json_new_object());
		wn_json_set_str(embed, p->plural, compose_ref(c, "viw_", p->name, NULL));
	}
}

void
compose_views(struct compose *c)
{
	struct wn_json *list = wn_json_new_array();

	/* Parts first: what embeds them refers to their ids. */
	for (int parts = 1; parts >= 0; parts--)
		for (size_t i = 0; i < c->things.len; i++) {
			const struct thing *t = &c->things.p[i];

			if ((t->whole != NULL) != (parts == 1))
				continue;
			add_view(c, list, t, false);
			if (!t->whole)
				add_view(c, list, t, true);
		}
	(void)wn_json_set(c->doc, "views", list);
}
