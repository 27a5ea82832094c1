/*
 * When all is read: links find their targets, circles of required links are opened, somebody signs
 * in.
 */
#include "ai/blueprint/import/import_priv.h"

/* "customer_id" is the customer. */
static const char *
link_name(struct import *im, const struct import_link *l)
{
	struct wn_str s = wn_str(l->name);

	if (s.len > 3 &&
	    (wn_str_has_suffix(s, WN_STR("_id")) || wn_str_has_suffix(s, WN_STR("_ID"))))
		s.len -= 3;
	else if (s.len > 2 && wn_str_has_suffix(s, WN_STR("Id")))
		s.len -= 2;
	return import_name(im, wn_arena_strndup(im->arena, s.p, s.len), false);
}

static bool
is_named(const struct wn_json *entity, const char *name)
{
	const struct wn_json *b = wn_json_first(wn_json_get(entity, "belongs"));

	for (; b; b = wn_json_next(b))
		if (!strcmp(wn_json_get_str(b, "name", ""), name))
			return true;
	return import_named_field(entity, name) != NULL || !strcmp(name, "id") ||
	       !strcmp(name, "createdAt") || !strcmp(name, "updatedAt");
}

/* Would it be its own parent by required links? */
static bool
leads_to(const struct import *im, const char *from, const char *to, int depth)
{
	if (!strcmp(from, to))
		return true;
	for (const struct wn_json *e = wn_json_first(im->entities); e && depth < 40;
	     e = wn_json_next(e)) {
		const struct wn_json *b = wn_json_first(wn_json_get(e, "belongs"));

		if (strcmp(wn_json_get_str(e, "name", ""), from) != 0)
			continue;
		for (; b; b = wn_json_next(b))
			if (wn_json_get_bool(b, "required", false) &&
			    leads_to(im, wn_json_get_str(b, "to", ""), to, depth + 1))
				return true;
	}
	return false;
}

static void
add_link(struct import *im, const struct import_link *l)
{
	struct wn_json *from = import_find(im, l->from), *to = import_find(im, l->to), *b;
	const char *name = link_name(im, l);
	bool required = l->required;

	if (!from || !to) {
		import_lost(im, l->line, "%s.%s: there is no %s it could lead to", l->from, l->name,
			    l->to);
		return;
	}
	if (is_named(from, name))
		name = wn_arena_printf(im->arena, "%sRef", name);
	if (is_named(from, name)) {
		import_lost(im, l->line, "%s.%s: something else has its name", l->from, l->name);
		return;
	}
	if (required &&
	    leads_to(im, wn_json_get_str(to, "name", ""), wn_json_get_str(from, "name", ""), 0)) {
		import_lost(im, l->line,
			    "%s.%s is no longer required: rows could never be made in a circle",
			    l->from, l->name);
		required = false;
	}
	b = wn_json_push(wn_json_mut(wn_json_get(from, "belongs")), wn_json_new_object());
	wn_json_set_str(b, "name", name);
	wn_json_set_str(b, "to", wn_json_get_str(to, "name", "?"));
	if (required)
		wn_json_set_bool(b, "required", true);
	if (l->on_delete && !(required && !strcmp(l->on_delete, "setNull")))
		wn_json_set_str(b, "onDelete", l->on_delete);
	im->out->relations++;
}

/* --- who signs in ------------------------------------------------------------------------- */

static struct wn_json *
find_people(const struct import *im)
{
	static const char *const names[] = { "user",	 "account", "member",
					     "customer", "person",  "employee" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		for (const struct wn_json *e = wn_json_first(im->entities); e; e = wn_json_next(e))
			if (!strcmp(wn_json_get_str(e, "name", ""), names[i]) &&
			    (i == 0 || import_named_field(e, "email")))
				return wn_json_mut(e);
	return NULL;
}

static bool
is_secret(const char *name)
{
	return strstr(name, "assword") || strstr(name, "Hash") || !strcmp(name, "hash") ||
	       !strcmp(name, "salt") || !strcmp(name, "token");
}

/* The platform has its own name, e-mail, password and role for people; the rest stays. */
static void
make_people(struct import *im, struct wn_json *e)
{
	struct wn_json *kept = wn_json_new_array();
	const struct wn_json *f = wn_json_first(wn_json_get(e, "fields"));
	const char *source = wn_json_get_str(e, "source", "?");

	for (; f; f = wn_json_next(f)) {
		const char *name = wn_json_get_str(f, "name", "");
		struct wn_json *copy;

		if (!strcmp(name, "name") || !strcmp(name, "email"))
			continue;
		if (!strcmp(name, "role") || is_secret(name)) {
			import_lost(im, 0, "%s.%s: signing in brings its own", source, name);
			continue;
		}
		copy = wn_json_push(kept, wn_json_copy(f));
		if (wn_json_get_bool(copy, "required", false)) {
			wn_json_remove(copy, "required");
			import_lost(im, 0, "%s.%s is no longer required: people sign up without it",
				    source, name);
		}
	}
	(void)wn_json_set(e, "fields", kept);
	for (const struct wn_json *b = wn_json_first(wn_json_get(e, "belongs")); b;
	     b = wn_json_next(b))
		if (wn_json_get_bool(b, "required", false)) {
			wn_json_remove(wn_json_mut(b), "required");
			import_lost(im, 0, "%s.%s is no longer required: people sign up without it",
				    source, wn_json_get_str(b, "name", "?"));
		}
	wn_json_set_bool(e, "identity", true);
	wn_json_set_str(e, "access", "office");
	wn_json_remove(e, "softDelete");
}

static void
hide_secrets(struct import *im)
{
	for (const struct wn_json *e = wn_json_first(im->entities); e; e = wn_json_next(e)) {
		const struct wn_json *f = wn_json_first(wn_json_get(e, "fields"));

		for (; f; f = wn_json_next(f))
			if (is_secret(wn_json_get_str(f, "name", "")) &&
			    !wn_json_get_bool(e, "identity", false)) {
				wn_json_set_str(wn_json_mut(f), "read", "role:admin");
				wn_json_set_str(wn_json_mut(f), "write", "role:admin");
				import_lost(im, 0,
					    "%s.%s looks like a secret: only the office sees it",
					    wn_json_get_str(e, "source", "?"),
					    wn_json_get_str(f, "name", "?"));
			}
	}
}

static void
set_frame(struct wn_json *sketch, const char *name, const char *people)
{
	static const char roles[] =
		"[{\"name\":\"member\",\"default\":true,\"label\":{\"en\":\"Member\","
		"\"ar\":\"عضو\"}},{\"name\":\"admin\",\"label\":{\"en\":\"Manager\","
		"\"ar\":\"مدير\"}}]";
	static const char rows[] = "[{\"key\":\"admin\",\"values\":{\"name\":\"Manager\",\"email\":"
				   "\"admin@example.com\",\"role\":\"admin\"}}]";
	struct wn_json *j = NULL, *text, *seed;

	text = wn_json_set(sketch, "name", wn_json_new_object());
	wn_json_set_str(text, "en", name && *name ? name : "Imported platform");
	(void)wn_json_set(wn_json_set(sketch, "provenance", wn_json_new_object()), "source",
			  wn_json_new_str(WN_STR("file")));
	text = wn_json_set(sketch, "locales", wn_json_new_array());
	(void)wn_json_push(text, wn_json_new_str(WN_STR("en")));
	if (wn_json_parse(wn_str(roles), NULL, &j, NULL) == WN_OK)
		(void)wn_json_set(sketch, "roles", j);
	seed = wn_json_push(wn_json_set(sketch, "seed", wn_json_new_array()), wn_json_new_object());
	wn_json_set_str(seed, "entity", people);
	if (wn_json_parse(wn_str(rows), NULL, &j, NULL) == WN_OK)
		(void)wn_json_set(seed, "rows", j);
}

struct wn_json *
import_finish(struct import *im, const char *name)
{
	struct wn_json *sketch = wn_json_new_object(), *people;

	for (size_t i = 0; i < im->links.len; i++)
		add_link(im, &im->links.p[i]);
	people = find_people(im);
	if (!people) {
		people = wn_json_push(im->entities, wn_json_new_object());
		wn_json_set_str(people, "name", "user");
		wn_json_set_bool(people, "identity", true);
		import_lost(im, 0, "nothing signs in there; \"user\" was added");
	} else {
		make_people(im, people);
	}
	hide_secrets(im);
	import_lost(im, 0, "who may do what is not in the source: members read, managers write");
	set_frame(sketch, name, wn_json_get_str(people, "name", "user"));
	(void)wn_json_set(sketch, "entities", im->entities);
	im->entities = NULL;
	return sketch;
}
