/*
 * Reads the sketch, then writes the blueprint part by part.
 */
#include "ai/blueprint/compose/compose.h"

#include "ai/blueprint/compose/compose_priv.h"

#define THINGS_MAX 200

/* Two things may have one plural ("axe", "ax"): paths and names of lists differ all the same. */
static void
set_plural(struct compose *c, struct thing *t)
{
	const char *plural = wn_json_get_str(t->json, "many", compose_plural(&c->arena, t->name));
	const char *path = wn_json_get_str(t->json, "path", NULL);
	bool again = true;

	t->plural = plural;
	for (int n = 2; again; n++) {
		t->path = path && n == 2 ? path : compose_path(&c->arena, t->plural);
		again = false;
		for (size_t i = 0; i < c->things.len; i++)
			again = again || (!strcmp(c->things.p[i].path, t->path) &&
					  wn_json_get(t->json, "many") == NULL);
		if (again)
			t->plural = wn_arena_printf(&c->arena, "%s%d", plural, n);
	}
}

static void
read_things(struct compose *c)
{
	const struct wn_json *e = wn_json_first(wn_json_get(c->sketch, "entities"));

	for (; e && c->things.len < THINGS_MAX; e = wn_json_next(e)) {
		struct thing t = { .json = e, .name = wn_json_get_str(e, "name", "thing") };

		if (compose_thing(c, t.name))
			continue;
		t.snake = compose_snake(&c->arena, t.name);
		set_plural(c, &t);
		t.identity = wn_json_get_bool(e, "identity", false);
		wn_vec_push(&c->things, t);
	}
}

/* A part of a part stands on its own: paths are one parent deep. */
static void
find_wholes(struct compose *c)
{
	for (size_t i = 0; i < c->things.len; i++) {
		struct thing *t = &c->things.p[i];
		const struct wn_json *b = wn_json_first(wn_json_get(t->json, "belongs"));

		for (; b; b = wn_json_next(b)) {
			struct thing *to =
				(struct thing *)compose_thing(c, wn_json_get_str(b, "to", ""));

			if (!wn_json_get_bool(b, "part", false) || !to || to == t || to->whole ||
			    t->whole || t->listed_parts)
				continue;
			t->part = b;
			t->whole = to;
			to->listed_parts = true;
		}
	}
	for (size_t i = 0; i < c->things.len; i++)
		if (c->things.p[i].identity)
			c->user = &c->things.p[i];
}

static const char *
id_of(struct compose *c)
{
	const char *name = wn_json_get_str(wn_json_get(c->sketch, "name"), "en", "platform");

	return wn_json_get_str(
		c->sketch, "id",
		wn_arena_printf(&c->arena, "bp_%.50s", compose_snake(&c->arena, name)));
}

static void
write_identity(struct compose *c)
{
	struct wn_json *i = wn_json_new_object(), *login = wn_json_new_array(), *token;
	const char *user = c->user->snake;

	wn_json_set_str(i, "entity", compose_ref(c, "ent_", c->user->name, NULL));
	(void)wn_json_push(login, wn_json_new_str(wn_str(compose_ref(c, "fld_", user, "email"))));
	(void)wn_json_set(i, "login", login);
	wn_json_set_str(i, "secret", compose_ref(c, "fld_", user, "password"));
	wn_json_set_str(i, "roleField", compose_ref(c, "fld_", user, "role"));
	token = wn_json_set(i, "token", wn_json_new_object());
	wn_json_set_str(token, "scheme", "both");
	wn_json_set_num(token, "days", 30);
	(void)wn_json_set(c->doc, "identity", i);
}

static void
write_roles(struct compose *c)
{
	struct wn_json *list = wn_json_set(c->doc, "roles", wn_json_new_array());
	const struct wn_json *r = wn_json_first(wn_json_get(c->sketch, "roles"));

	for (; r; r = wn_json_next(r)) {
		const char *name = wn_json_get_str(r, "name", "member");
		struct wn_json *out = wn_json_push(list, wn_json_new_object());

		wn_json_set_str(out, "id", compose_id(c, "rol_", name, NULL));
		wn_json_set_str(out, "name", name);
		(void)wn_json_set(out, "label", compose_text(r, "label", name));
		if (wn_json_get_bool(r, "default", false))
			wn_json_set_bool(out, "default", true);
	}
}

static void
copy(struct compose *c, const char *member)
{
	if (wn_json_get(c->sketch, member))
		(void)wn_json_set(c->doc, member, wn_json_copy(wn_json_get(c->sketch, member)));
}

static void
write_header(struct compose *c)
{
	struct wn_json *o;

	wn_json_set_str(c->doc, "blueprint", "1.0");
	wn_json_set_str(c->doc, "id", id_of(c));
	wn_json_set_num(c->doc, "revision", 1);
	copy(c, "name");
	copy(c, "summary");
	copy(c, "locales");
	copy(c, "provenance");
	o = wn_json_set(c->doc, "conventions", wn_json_new_object());
	wn_json_set_str(o, "basePath", "/api");
	wn_json_set_str(o, "currency", wn_json_get_str(c->sketch, "currency", "USD"));
	wn_json_set_num(o, "moneyScale", 2);
}

static void
write_footer(struct compose *c)
{
	struct wn_json *o = wn_json_set(c->doc, "theme", wn_json_new_object());

	wn_json_set_str(o, "mode", "auto");
	wn_json_set_str(o, "accent", wn_json_get_str(c->sketch, "accent", "#0f5e9c"));
	wn_json_set_num(o, "radius", 8);
	o = wn_json_set(c->doc, "target", wn_json_new_object());
	wn_json_set_str(o, "stack", "node-fastify");
	wn_json_set_str(o, "database", "sqlite");
	wn_json_set_str(o, "frontend", "svelte");
}

/* Rows by the names of entities become rows by their ids. */
static void
write_seed(struct compose *c)
{
	struct wn_json *list = wn_json_set(c->doc, "seed", wn_json_new_array());
	const struct wn_json *s = wn_json_first(wn_json_get(c->sketch, "seed"));

	for (; s; s = wn_json_next(s)) {
		const struct thing *t = compose_thing(c, wn_json_get_str(s, "entity", ""));
		struct wn_json *out;

		if (!t)
			continue;
		out = wn_json_push(list, wn_json_new_object());
		wn_json_set_str(out, "entity", compose_ref(c, "ent_", t->name, NULL));
		(void)wn_json_set(out, "rows", wn_json_copy(wn_json_get(s, "rows")));
	}
}

wn_err
blueprint_compose(const struct wn_json *sketch, struct wn_json **out, struct wn_diag *d)
{
	struct compose c = { .sketch = sketch, .doc = wn_json_new_object() };
	wn_err err = WN_OK;

	*out = NULL;
	wn_arena_init(&c.arena, 0);
	wn_map_init(&c.ids);
	read_things(&c);
	find_wholes(&c);
	if (!c.user) {
		err = wn_fail(d, WN_E_INVALID, "nothing in the sketch can sign in");
		wn_json_free(c.doc);
	} else {
		write_header(&c);
		compose_entities(&c);
		compose_relations(&c);
		write_identity(&c);
		write_roles(&c);
		compose_workflows(&c);
		compose_views(&c);
		compose_operations(&c);
		compose_pages(&c);
		write_footer(&c);
		write_seed(&c);
		*out = c.doc;
	}
	wn_map_fini(&c.ids, NULL);
	wn_vec_fini(&c.things);
	wn_arena_fini(&c.arena);
	return err;
}
