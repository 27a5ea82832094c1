/*
 * Operations: create, read, update, delete for each thing as its access allows; its transitions;
 * signing in.
 */
#include "ai/blueprint/compose/compose_priv.h"

/* --- access ------------------------------------------------------------------------------ */

static const struct {
	const char *preset, *list, *get, *create, *update, *remove;
} presets[] = {
	/* Everybody reads, the office writes. */
	{ "catalog", "public", "public", "role:admin", "role:admin", "role:admin" },
	/* People see and change their own, the office all of them. */
	{ "own", "own", "own", "member", "own", "own" },
	/* Their own, but only the office changes them afterwards. */
	{ "request", "own", "own", "member", "role:admin", "role:admin" },
	/* Everybody reads, members write, each changes their own. */
	{ "post", "public", "public", "member", "own", "own" },
	/* Members read and write, each changes their own. */
	{ "shared", "member", "member", "member", "own", "own" },
	/* Members read, the office writes. */
	{ "library", "member", "member", "role:admin", "role:admin", "role:admin" },
	/* The office alone. */
	{ "office", "role:admin", "role:admin", "role:admin", "role:admin", "role:admin" },
	/* Staff and the office. */
	{ "staff", "staff", "staff", "staff", "staff", "role:admin" },
	/* Staff writes, everybody reads. */
	{ "published", "public", "public", "staff", "staff", "role:admin" },
};

static struct wn_json *
any_of(const char *a, const char *b)
{
	struct wn_json *out = wn_json_new_object(), *list = wn_json_new_array();

	(void)wn_json_push(list, wn_json_new_str(wn_str(a)));
	(void)wn_json_push(list, wn_json_new_str(wn_str(b)));
	(void)wn_json_set(out, "any", list);
	return out;
}

static struct wn_json *
word_access(const char *word)
{
	if (!strcmp(word, "own"))
		return any_of("owner", "role:admin");
	if (!strcmp(word, "staff"))
		return any_of("role:staff", "role:admin");
	return wn_json_new_str(wn_str(word));
}

static const char *
preset_word(const char *preset, const char *op)
{
	for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++)
		if (!strcmp(presets[i].preset, preset))
			return !strcmp(op, "list")     ? presets[i].list
			       : !strcmp(op, "get")    ? presets[i].get
			       : !strcmp(op, "create") ? presets[i].create
			       : !strcmp(op, "update") ? presets[i].update
						       : presets[i].remove;
	return "role:admin";
}

/* Parts go with their whole: who may read it reads them, who may change it changes them. */
struct wn_json *
compose_access(const struct compose *c, const struct thing *t, const char *op)
{
	const struct wn_json *access = wn_json_get(t->json, "access"), *own;

	if (t->whole)
		return compose_access(c, t->whole,
				      !strcmp(op, "list") || !strcmp(op, "get") ? "get" : "update");
	own = wn_json_get(access, op);
	if (own)
		return wn_json_type(own) == WN_JSON_STRING ? word_access(wn_json_str(own, ""))
							   : wn_json_copy(own);
	return word_access(preset_word(
		wn_json_type(access) == WN_JSON_STRING
			? wn_json_str(access, "")
			: wn_json_get_str(access, "preset", t->identity ? "office" : "catalog"),
		op));
}

bool
compose_has_op(const struct compose *c, const struct thing *t, const char *op)
{
	const struct wn_json *without = wn_json_get(t->json, "without");

	(void)c;
	for (const struct wn_json *w = wn_json_first(without); w; w = wn_json_next(w))
		if (!strcmp(wn_json_str(w, ""), op))
			return false;
	return !t->identity || (strcmp(op, "create") != 0 && strcmp(op, "delete") != 0);
}

/* --- operations ------------------------------------------------------------------------------ */

static struct wn_json *
operation(struct compose *c, struct wn_json *list, const char *name, const char *more,
	  const char *kind, const char *http)
{
	struct wn_json *o = wn_json_push(list, wn_json_new_object());

	wn_json_set_str(o, "id", compose_id(c, "op_", name, more));
	wn_json_set_str(o, "kind", kind);
	wn_json_set_str(o, "http", http);
	return o;
}

static void
set_output(struct compose *c, struct wn_json *o, const char *as, const struct thing *t, bool row)
{
	struct wn_json *out = wn_json_set(o, "output", wn_json_new_object());

	wn_json_set_str(out, "as", as);
	wn_json_set_str(out, "view", compose_ref(c, "viw_", t->name, row ? "row" : NULL));
}

static void
set_limit(struct wn_json *o, int per_minute)
{
	wn_json_set_num(wn_json_set(o, "limits", wn_json_new_object()), "perMinute", per_minute);
}

static bool
is_reserved(const char *name)
{
	return !strcmp(name, "limit") || !strcmp(name, "cursor") || !strcmp(name, "sort") ||
	       !strcmp(name, "q") || !strcmp(name, "page") || !strcmp(name, "offset");
}

static void
set_filters(struct compose *c, struct wn_json *o, const struct thing *t)
{
	struct wn_json *f = wn_json_new_object();
	bool search = t->identity;
	const struct wn_json *x;

	for (x = wn_json_first(wn_json_get(t->json, "fields")); x; x = wn_json_next(x))
		search = search || wn_json_get_bool(x, "search", false);
	if (search)
		wn_json_set_str(f, "q", "@search");
	if (t->identity)
		wn_json_set_str(f, "role", "role");
	for (x = wn_json_first(wn_json_get(t->json, "fields")); x; x = wn_json_next(x))
		if (!strcmp(wn_json_get_str(x, "type", ""), "enum") && !wn_json_get(x, "read") &&
		    !is_reserved(wn_json_get_str(x, "name", "q")))
			wn_json_set_str(f, wn_json_get_str(x, "name", "?"),
					wn_json_get_str(x, "name", "?"));
	for (x = wn_json_first(wn_json_get(t->json, "belongs")); x; x = wn_json_next(x))
		if (x != t->part && !wn_json_get_bool(x, "owner", false) &&
		    compose_thing(c, wn_json_get_str(x, "to", "")) &&
		    !is_reserved(wn_json_get_str(x, "name", "q")))
			wn_json_set_str(f, wn_json_get_str(x, "name", "?"),
					wn_arena_printf(&c->arena, "%s.id",
							wn_json_get_str(x, "name", "?")));
	if (wn_json_first(f))
		(void)wn_json_set(o, "filters", f);
	else
		wn_json_free(f);
}

static void
set_page(struct wn_json *o)
{
	struct wn_json *p = wn_json_set(o, "page", wn_json_new_object());

	wn_json_set_str(p, "style", "cursor");
	wn_json_set_num(p, "limit", 24);
	wn_json_set_num(p, "max", 100);
}

static const char *
base_path(struct compose *c, const struct thing *t)
{
	if (!t->whole)
		return wn_arena_printf(&c->arena, "/%s", t->path);
	return wn_arena_printf(&c->arena, "/%s/{%s}/%s", t->whole->path,
			       wn_json_get_str(t->part, "name", "parent"), t->path);
}

static void
set_common(struct compose *c, struct wn_json *o, const struct thing *t, const char *op)
{
	(void)wn_json_set(o, "access", compose_access(c, t, op));
	wn_json_set_str(o, "entity", compose_ref(c, "ent_", t->name, NULL));
	if (t->whole)
		wn_json_set_str(wn_json_set(o, "parent", wn_json_new_object()), "relation",
				compose_ref(c, "rel_", t->snake,
					    wn_json_get_str(t->part, "name", "parent")));
}

static void
add_list(struct compose *c, struct wn_json *list, const struct thing *t)
{
	struct wn_json *o = operation(c, list, t->name, "list", "list",
				      wn_arena_printf(&c->arena, "GET %s", base_path(c, t)));

	set_common(c, o, t, "list");
	if (!t->whole)
		set_filters(c, o, t);
	wn_json_set_str(o, "sort", t->whole ? "id" : "-createdAt");
	set_page(o);
	set_output(c, o, t->plural, t, !t->whole);
}

static void
add_one(struct compose *c, struct wn_json *list, const struct thing *t, const char *op,
	const char *method)
{
	bool create = !strcmp(op, "create");
	struct wn_json *o = operation(c, list, t->name, op, op,
				      wn_arena_printf(&c->arena, "%s %s%s", method, base_path(c, t),
						      create ? "" : "/{id}"));

	set_common(c, o, t, op);
	if (!strcmp(op, "update") && t->identity) {
		struct wn_json *fields = wn_json_new_array();

		(void)wn_json_push(fields, wn_json_new_str(WN_STR("name")));
		(void)wn_json_push(fields, wn_json_new_str(WN_STR("role")));
		(void)wn_json_set(wn_json_set(o, "input", wn_json_new_object()), "fields", fields);
	}
	if (strcmp(op, "delete") != 0)
		set_output(c, o, t->name, t, false);
}

static void
add_transitions(struct compose *c, struct wn_json *list, const struct thing *t)
{
	const struct wn_json *w = wn_json_get(t->json, "workflow");
	const struct wn_json *x = wn_json_first(wn_json_get(w, "transitions"));

	for (; x; x = wn_json_next(x)) {
		const char *name = wn_json_get_str(x, "name", "?");
		struct wn_json *o =
			operation(c, list, t->name, name, "transition",
				  wn_arena_printf(&c->arena, "POST /%s/{id}/%s", t->path,
						  compose_path(&c->arena, name)));

		(void)wn_json_set(o, "access", wn_json_copy(wn_json_get(x, "access")));
		wn_json_set_str(o, "entity", compose_ref(c, "ent_", t->name, NULL));
		wn_json_set_str(o, "transition", name);
		wn_json_set_bool(o, "idempotent", true);
		set_output(c, o, t->name, t, false);
	}
}

static void
add_sign_in(struct compose *c, struct wn_json *list)
{
	const char *entity = compose_ref(c, "ent_", c->user->name, NULL);
	struct wn_json *o = operation(c, list, "register", NULL, "register", "POST /auth/register");

	wn_json_set_str(o, "access", "public");
	wn_json_set_str(o, "entity", entity);
	set_limit(o, 5);
	set_output(c, o, c->user->name, c->user, false);
	o = operation(c, list, "login", NULL, "login", "POST /auth/login");
	wn_json_set_str(o, "access", "public");
	wn_json_set_str(o, "entity", entity);
	set_limit(o, 10);
	set_output(c, o, c->user->name, c->user, false);
	o = operation(c, list, "logout", NULL, "logout", "POST /auth/logout");
	wn_json_set_str(o, "access", "member");
	o = operation(c, list, "me", NULL, "get", "GET /me");
	wn_json_set_str(o, "subject", "@viewer");
	wn_json_set_str(o, "access", "member");
	wn_json_set_str(o, "entity", entity);
	set_output(c, o, c->user->name, c->user, false);
}

void
compose_operations(struct compose *c)
{
	struct wn_json *list = wn_json_set(c->doc, "operations", wn_json_new_array());

	add_sign_in(c, list);
	for (size_t i = 0; i < c->things.len; i++) {
		const struct thing *t = &c->things.p[i];

		add_list(c, list, t);
		if (!t->whole)
			add_one(c, list, t, "get", "GET");
		if (compose_has_op(c, t, "create"))
			add_one(c, list, t, "create", "POST");
		if (compose_has_op(c, t, "update") && !t->whole)
			add_one(c, list, t, "update", "PATCH");
		if (compose_has_op(c, t, "delete"))
			add_one(c, list, t, "delete", "DELETE");
		add_transitions(c, list, t);
	}
}
