/*
 * Pages: a list, a detail and two forms for each thing, the home page, the office.
 */
#include "ai/blueprint/compose/compose_priv.h"

static bool
names_owner(const struct wn_json *access)
{
	if (wn_json_type(access) == WN_JSON_STRING)
		return !strcmp(wn_json_str(access, ""), "owner");
	for (const struct wn_json *x = wn_json_first(access); x; x = wn_json_next(x))
		if (names_owner(x))
			return true;
	return wn_json_get(access, "when") != NULL;
}

/* A page has no row to own: members may open it, the operation behind it decides. */
static void
set_page_access(const struct compose *c, struct wn_json *p, const struct thing *t, const char *op)
{
	struct wn_json *access = compose_access(c, t, op);

	if (names_owner(access)) {
		wn_json_free(access);
		access = wn_json_new_str(WN_STR("member"));
	}
	if (!strcmp(wn_json_str(access, ""), "public"))
		wn_json_free(access);
	else
		(void)wn_json_set(p, "access", access);
}

static struct wn_json *
page(struct compose *c, struct wn_json *list, const char *a, const char *b, const char *route,
     const char *kind)
{
	struct wn_json *p = wn_json_push(list, wn_json_new_object());

	wn_json_set_str(p, "id", compose_id(c, "pag_", a, b));
	wn_json_set_str(p, "route", route);
	wn_json_set_str(p, "kind", kind);
	return p;
}

static struct wn_json *
titled(const struct thing *t, const char *en, const char *ar)
{
	struct wn_json *label = compose_text(t->json, "label", t->name),
		       *out = wn_json_new_object();
	const char *e = wn_json_get_str(label, "en", t->name),
		   *a = wn_json_get_str(label, "ar", NULL);
	char *text = wn_asprintf("%s: %s", en, e);

	wn_json_set_str(out, "en", text);
	wn_free(text);
	text = a ? wn_asprintf("%s: %s", ar, a) : NULL;
	if (text)
		wn_json_set_str(out, "ar", text);
	wn_free(text);
	wn_json_free(label);
	return out;
}

static struct wn_json *
section(struct wn_json *list, const char *kind, const char *source, struct wn_json *title)
{
	struct wn_json *s = wn_json_push(list, wn_json_new_object());

	wn_json_set_str(s, "kind", kind);
	if (source)
		wn_json_set_str(s, "source", source);
	if (title)
		(void)wn_json_set(s, "title", title);
	return s;
}

static void
add_part_sections(struct compose *c, struct wn_json *p, const struct thing *t)
{
	struct wn_json *list = wn_json_new_array();

	(void)section(list, "fields", NULL, NULL);
	for (size_t i = 0; i < c->things.len; i++) {
		const struct thing *part = &c->things.p[i];

		if (part->whole != t)
			continue;
		(void)section(list, "list", compose_ref(c, "op_", part->name, "list"),
			      compose_text(part->json, "plural", part->plural));
		if (compose_has_op(c, part, "create"))
			(void)section(list, "form", compose_ref(c, "op_", part->name, "create"),
				      titled(part, "Add", "إضافة"));
	}
	(void)section(list, "actions", NULL, NULL);
	(void)wn_json_set(p, "sections", list);
}

static const char *
root_of(struct compose *c, const struct thing *t)
{
	return t->identity ? "/admin/users" : wn_arena_printf(&c->arena, "/%s", t->path);
}

static void
add_thing_pages(struct compose *c, struct wn_json *list, const struct thing *t)
{
	const char *root = root_of(c, t);
	bool home = wn_json_get_bool(t->json, "home", false);
	struct wn_json *p = page(c, list, t->name, "list", home ? "/" : root, "list");

	wn_json_set_str(p, "source", compose_ref(c, "op_", t->name, "list"));
	wn_json_set_bool(p, "nav", wn_json_get_bool(t->json, "nav", true));
	set_page_access(c, p, t, "list");
	(void)wn_json_set(p, "title", compose_text(t->json, "plural", t->plural));
	p = page(c, list, t->name, NULL, wn_arena_printf(&c->arena, "%s/{id}", root), "detail");
	wn_json_set_str(p, "source", compose_ref(c, "op_", t->name, "get"));
	set_page_access(c, p, t, "get");
	(void)wn_json_set(p, "title", compose_text(t->json, "label", t->name));
	if (t->listed_parts)
		add_part_sections(c, p, t);
	if (compose_has_op(c, t, "create")) {
		p = page(c, list, t->name, "new", wn_arena_printf(&c->arena, "%s/new", root),
			 "form");
		wn_json_set_str(p, "source", compose_ref(c, "op_", t->name, "create"));
		set_page_access(c, p, t, "create");
		(void)wn_json_set(p, "title", titled(t, "New", "جديد"));
	}
	if (compose_has_op(c, t, "update")) {
		p = page(c, list, t->name, "edit", wn_arena_printf(&c->arena, "%s/{id}/edit", root),
			 "form");
		wn_json_set_str(p, "source", compose_ref(c, "op_", t->name, "update"));
		set_page_access(c, p, t, "update");
		(void)wn_json_set(p, "title", titled(t, "Edit", "تعديل"));
	}
}

static void
add_welcome(struct compose *c, struct wn_json *list)
{
	struct wn_json *p = page(c, list, "home", NULL, "/", "static"), *title;

	wn_json_set_bool(p, "nav", true);
	title = wn_json_set(p, "title", wn_json_new_object());
	wn_json_set_str(title, "en", "Home");
	wn_json_set_str(title, "ar", "الرئيسية");
	(void)wn_json_set(p, "text", compose_text(c->sketch, "summary", "Welcome"));
}

static void
add_office(struct compose *c, struct wn_json *list)
{
	struct wn_json *p = page(c, list, "admin", NULL, "/admin", "dashboard"), *title, *sections;

	wn_json_set_str(p, "access", "role:admin");
	wn_json_set_bool(p, "nav", true);
	title = wn_json_set(p, "title", wn_json_new_object());
	wn_json_set_str(title, "en", "Office");
	wn_json_set_str(title, "ar", "لوحة الإدارة");
	sections = wn_json_set(p, "sections", wn_json_new_array());
	for (size_t i = 0; i < c->things.len; i++)
		if (!c->things.p[i].whole)
			(void)section(sections, "count",
				      compose_ref(c, "op_", c->things.p[i].name, "list"), NULL);
}

void
compose_pages(struct compose *c)
{
	struct wn_json *list = wn_json_set(c->doc, "pages", wn_json_new_array());
	bool home = false;

	for (size_t i = 0; i < c->things.len; i++)
		home = home || wn_json_get_bool(c->things.p[i].json, "home", false);
	if (!home)
		add_welcome(c, list);
	for (size_t i = 0; i < c->things.len; i++)
		if (!c->things.p[i].whole)
			add_thing_pages(c, list, &c->things.p[i]);
	add_office(c, list);
}
