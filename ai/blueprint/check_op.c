/*
 * Operations: what each kind needs, where its path leads, what it takes and gives.
 */
#include "ai/blueprint/check_priv.h"

struct op {
	const struct wn_json *j;
	const char *id, *kind, *method, *path;
	const struct blueprint_thing *entity;
	bool row; /* it works on one row, named by the path or the viewer */
	bool viewer;
};

struct kind_rule {
	const char *kind, *methods; /* methods: words */
	bool row, writes;
	const char *needs; /* members, words */
};

static const struct kind_rule rules[] = {
	{ "list", "GET", false, false, "entity" },
	{ "get", "GET", true, false, "entity" },
	{ "create", "POST", false, true, "entity" },
	{ "update", "PATCH PUT", true, true, "entity" },
	{ "delete", "DELETE", true, true, "entity" },
	{ "link", "POST PUT", true, true, "entity relation" },
	{ "unlink", "DELETE POST", true, true, "entity relation" },
	{ "values", "GET", false, false, "entity field" },
	{ "register", "POST", false, false, "entity" },
	{ "login", "POST", false, false, "entity" },
	{ "logout", "POST DELETE", false, false, "" },
	{ "transition", "POST", true, true, "entity transition" },
	{ "custom", "GET POST PUT PATCH DELETE", false, false, "" },
};

static const struct kind_rule *
rule_of(const char *kind)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (!strcmp(rules[i].kind, kind))
			return &rules[i];
	return NULL;
}

/* The route with every {name} as {}: two such routes are the same. */
const char *
blueprint_check_route_shape(struct check *c, const char *route)
{
	char *out = wn_arena_strdup(&c->ix.arena, route), *p = out;
	for (bool in = false; *route; route++) {
		if (!in || *route == '}')
			*p++ = *route;
		if (*route == '{' || *route == '}')
			in = *route == '{';
	}
	*p = 0;
	return out;
}

static void
check_needs(struct check *c, const struct op *o, const struct kind_rule *rule)
{
	struct wn_str words = wn_str(rule->needs), word;
	while (wn_str_split(&words, ' ', &word)) {
		char *name = wn_arena_strndup(&c->ix.arena, word.p, word.len);
		if (!wn_json_get(o->j, name) && *name)
			ERROR(c, "operation", o->j, "Add it.",
			      "An operation of kind %s needs \"%s\".", o->kind, name);
	}
	struct wn_str methods = wn_str(rule->methods);
	bool fits = false;
	while (wn_str_split(&methods, ' ', &word))
		fits |= wn_str_is(word, o->method);
	if (!fits && *o->method)
		ERROR(c, "operation", wn_json_get(o->j, "http"), "Use the method people expect.",
		      "An operation of kind %s is no %s; use %s.", o->kind, o->method,
		      rule->methods);
	if (!strcmp(o->kind, "custom") && !wn_json_get(o->j, "hook"))
		ERROR(c, "operation", o->j, "Name the hand-written function in \"hook\".",
		      "The custom operation \"%s\" has no hook.", o->id);
}

static void
check_identity_kinds(struct check *c, const struct op *o)
{
	bool sign = !strcmp(o->kind, "register") || !strcmp(o->kind, "login") ||
		    !strcmp(o->kind, "logout");
	if (sign && !c->ix.user)
		ERROR(c, "operation", o->j, "Add an \"identity\".", "Nobody can sign in here.");
	else if (sign && o->entity && o->entity != c->ix.user)
		ERROR(c, "operation", wn_json_get(o->j, "entity"), "Use the identity's entity.",
		      "People sign in as \"%s\", not as \"%s\".", c->ix.user->id, o->entity->id);
	if (o->viewer && o->entity != c->ix.user)
		ERROR(c, "operation", wn_json_get(o->j, "subject"), "Use the identity's entity.",
		      "\"@viewer\" is the person who is signed in.");
	if (o->viewer && blueprint_check_access_open(wn_json_get(o->j, "access")))
		ERROR(c, "access", wn_json_get(o->j, "access"), "Use \"member\".",
		      "A visitor who is not signed in has no \"@viewer\".");
}

/* The i-th {name} of a path, or NULL. */
static const char *
param(struct check *c, const char *path, size_t i)
{
	for (; (path = strchr(path, '{')) != NULL; path++)
		if (i-- == 0) {
			const char *end = strchr(path, '}');
			return end ? wn_arena_strndup(&c->ix.arena, path + 1,
						      (size_t)(end - path - 1))
				   : NULL;
		}
	return NULL;
}

static void
check_row_param(struct check *c, const struct op *o, const char *name)
{
	const struct wn_json *by = wn_json_get(o->j, "by");
	const struct blueprint_thing *f =
		by ? blueprint_find(&c->ix, wn_json_str(by, NULL), BLUEPRINT_FIELD)
		   : blueprint_field(&c->ix, o->entity, name);
	const struct wn_json *http = wn_json_get(o->j, "http");
	if (!name) {
		ERROR(c, "operation", http, "Add {id}, or the name of a unique field, to the path.",
		      "The path does not say which row is meant.");
		return;
	}
	if (!by && !strcmp(name, "id"))
		return;
	if (!f && !by && o->entity)
		ERROR(c, "operation", http, "Use {id} or the name of a unique field.",
		      "\"%s\" has no field \"%s\".", o->entity->id, name);
	else if (f && !blueprint_flag(f, "unique"))
		ERROR(c, "operation", by ? by : http, "Make the field unique, or use {id}.",
		      "\"%s\" does not find one row: it is not unique.", f->id);
}

static void
check_params(struct check *c, const struct op *o)
{
	const struct wn_json *parent = wn_json_get(o->j, "parent"),
			     *http = wn_json_get(o->j, "http");
	const struct blueprint_thing *r = blueprint_find(
		&c->ix, wn_json_get_str(parent, "relation", NULL), BLUEPRINT_RELATION);
	size_t used = 0;
	if (!strcmp(o->kind, "custom"))
		return;
	if (parent) {
		const char *name = param(c, o->path, used++);
		const char *want = wn_json_get_str(parent, "param", NULL);
		if (!name || (want && strcmp(name, want) != 0))
			ERROR(c, "operation", http, "Name the parent's row first in the path.",
			      "The path does not say which parent is meant.");
		if (r && o->entity && blueprint_from(&c->ix, r) != o->entity)
			ERROR(c, "operation", parent, "Use a relation that starts at the entity.",
			      "\"%s\" does not start at \"%s\".", r->id, o->entity->id);
	}
	if (o->row && !o->viewer)
		check_row_param(c, o, param(c, o->path, used++));
	const char *extra = param(c, o->path, used);
	if (extra)
		ERROR(c, "operation", http, "Remove it, or add \"parent\".",
		      "Nothing says what {%s} in the path is.", extra);
	for (size_t i = 0; param(c, o->path, i); i++)
		for (size_t k = 0; k < i; k++)
			if (!strcmp(param(c, o->path, i), param(c, o->path, k)))
				ERROR(c, "operation", http, "Rename one of them.",
				      "{%s} stands twice in the path.", param(c, o->path, i));
}

static bool
is_searchable(struct check *c, const struct blueprint_thing *e)
{
	const struct blueprint_thing *f;
	for (THINGS(c, i, f))
		if (f->kind == BLUEPRINT_FIELD && f->entity == e && blueprint_flag(f, "search"))
			return true;
	return false;
}

static void
check_filter(struct check *c, const struct op *o, const struct wn_json *filter)
{
	static const char *const reserved[] = { "sort", "limit", "cursor" };
	const struct wn_json *where = wn_json_get(filter, "path");
	const struct blueprint_thing *f;
	if (!where)
		where = filter;
	const char *path = wn_json_str(where, NULL);
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (!strcmp(wn_json_key(filter), reserved[i]))
			ERROR(c, "operation", filter, "Rename the filter.",
			      "Every list has a parameter \"%s\" already.", reserved[i]);
	if (!path || !o->entity)
		return;
	if (!strcmp(path, "@search")) {
		if (!is_searchable(c, o->entity))
			ERROR(c, "operation", where, "Set \"search\": true on a field.",
			      "\"%s\" has no field to search in.", o->entity->id);
		return;
	}
	(void)blueprint_check_path(c, o->entity, path, where, &f);
	if (f && wn_json_get(f->json, "computed"))
		ERROR(c, "operation", where, "Filter by what it is computed from.",
		      "\"%s\" is computed and cannot be filtered by.", f->id);
	if (f && wn_json_get(f->json, "read") &&
	    blueprint_check_access_open(wn_json_get(o->j, "access")))
		WARN(c, "access", where, "Remove the filter, or close the operation.",
		     "Visitors could guess \"%s\" through this filter.", f->id);
}

static void
check_sort(struct check *c, const struct op *o)
{
	const struct wn_json *sort = wn_json_get(o->j, "sort");
	const char *name = wn_json_str(sort, NULL);
	if (!name || !o->entity)
		return;
	name += *name == '-';
	const struct blueprint_thing *f = blueprint_field(&c->ix, o->entity, name);
	if (!f && !blueprint_check_is_system_name(o->entity, name))
		ERROR(c, "operation", sort, "Sort by a field of the entity.",
		      "\"%s\" has no field \"%s\".", o->entity->id, name);
	if (f && (blueprint_type_is(f, "secret") || blueprint_check_field_type(f) == CHECK_OTHER ||
		  wn_json_get(f->json, "computed")))
		ERROR(c, "operation", sort, "Sort by a stored, plain field.",
		      "A list cannot be sorted by \"%s\".", f->id);
}

static void
check_list(struct check *c, const struct op *o)
{
	static const char *const only[] = { "filters", "sort", "page", "scope" };
	const struct wn_json *page = wn_json_get(o->j, "page"), *scope = wn_json_get(o->j, "scope");
	if (strcmp(o->kind, "list") != 0) {
		for (size_t i = 0; i < sizeof only / sizeof *only; i++)
			if (wn_json_get(o->j, only[i]) && strcmp(o->kind, "custom") != 0)
				ERROR(c, "operation", wn_json_get(o->j, only[i]), "Remove it.",
				      "Only a list has \"%s\".", only[i]);
		return;
	}
	for (EACH(f, wn_json_get(o->j, "filters")))
		check_filter(c, o, f);
	check_sort(c, o);
	if (wn_json_get_num(page, "limit", 1) > wn_json_get_num(page, "max", 500))
		ERROR(c, "operation", wn_json_get(page, "limit"), "Raise max or lower limit.",
		      "A page is longer than pages may be.");
	if (wn_json_get(scope, "where"))
		blueprint_check_condition(c, o->entity, wn_json_get(scope, "where"));
	if (wn_json_get_str(scope, "path", NULL) && o->entity)
		(void)blueprint_check_path(c, o->entity, wn_json_get_str(scope, "path", ""),
					   wn_json_get(scope, "path"), NULL);
}

/* A field by its name, or a relation by its name or by name + "Id". */
static bool
is_input(struct check *c, const struct op *o, const char *name,
	 const struct blueprint_thing **field)
{
	size_t n = strlen(name);
	*field = blueprint_field(&c->ix, o->entity, name);
	if (*field || blueprint_relation(&c->ix, o->entity, name))
		return true;
	return n > 2 && !strcmp(name + n - 2, "Id") &&
	       blueprint_relation(&c->ix, o->entity, wn_arena_strndup(&c->ix.arena, name, n - 2));
}

static void
check_input(struct check *c, const struct op *o, const struct wn_json *names)
{
	for (EACH(n, names)) {
		const struct blueprint_thing *f = NULL;
		const char *name = wn_json_str(n, NULL);
		if (!name || !o->entity)
			continue;
		if (!is_input(c, o, name, &f))
			ERROR(c, "operation", n, "Use the name of a field or relation.",
			      "\"%s\" has nothing called \"%s\".", o->entity->id, name);
		if (f && (wn_json_get(f->json, "computed") || blueprint_flag(f, "system")))
			ERROR(c, "operation", n, "Remove it from the input.",
			      "\"%s\" is filled in by the platform, not by people.", f->id);
	}
}

static void
check_transition(struct check *c, const struct op *o)
{
	const struct wn_json *t = wn_json_get(o->j, "transition");
	const struct blueprint_thing *w = blueprint_workflow(&c->ix, o->entity);
	if (!t)
		return;
	for (EACH(x, wn_json_get(w ? w->json : NULL, "transitions")))
		if (wn_json_equal(wn_json_get(x, "name"), t))
			return;
	ERROR(c, "operation", t, "Use a transition of the entity's workflow.",
	      "There is no transition \"%s\".", wn_json_str(t, ""));
}

static void
check_members(struct check *c, const struct op *o)
{
	const struct wn_json *view = wn_json_get(wn_json_get(o->j, "output"), "view");
	const struct blueprint_thing *v =
		blueprint_find(&c->ix, wn_json_str(view, NULL), BLUEPRINT_VIEW);
	const struct blueprint_thing *of = v ? blueprint_view_entity(&c->ix, v) : NULL;
	const struct blueprint_thing *f =
		blueprint_find(&c->ix, wn_json_get_str(o->j, "field", NULL), BLUEPRINT_FIELD);
	const struct blueprint_thing *r =
		blueprint_find(&c->ix, wn_json_get_str(o->j, "relation", NULL), BLUEPRINT_RELATION);
	if (of && o->entity && of != o->entity && strcmp(o->kind, "custom") != 0)
		ERROR(c, "operation", view, "Use a view of the operation's entity.",
		      "The view \"%s\" shows \"%s\", not \"%s\".", v->id, of->id, o->entity->id);
	if (!strcmp(o->kind, "values") && blueprint_type_is(f, "secret"))
		ERROR(c, "secret", wn_json_get(o->j, "field"), "Choose another field.",
		      "The values of a secret are never listed.");
	if (r && (!strcmp(o->kind, "link") || !strcmp(o->kind, "unlink")) &&
	    strcmp(wn_json_get_str(r->json, "kind", ""), "manyToMany") != 0)
		ERROR(c, "operation", wn_json_get(o->j, "relation"), "Update the field instead.",
		      "Only manyToMany relations are linked and unlinked.");
	check_input(c, o, wn_json_get(wn_json_get(o->j, "input"), "fields"));
	check_transition(c, o);
}

static void
check_rights(struct check *c, const struct op *o, const struct kind_rule *rule)
{
	const struct wn_json *access = wn_json_get(o->j, "access");
	blueprint_check_access(c, access, o->entity, o->row || wn_json_get(o->j, "parent"));
	if (rule && rule->writes && blueprint_check_access_open(access))
		WARN(c, "access", access,
		     "Use \"member\", \"owner\" or a role, unless this is meant.",
		     "Anybody on the internet may %s.", o->kind);
}

static void
check_operation(struct check *c, const struct blueprint_thing *t)
{
	struct wn_str path = wn_str(wn_json_get_str(t->json, "http", "")), method = WN_STR_NONE;
	struct op o = { .j = t->json, .id = t->id, .kind = wn_json_get_str(t->json, "kind", "") };
	wn_str_split(&path, ' ', &method);
	o.method = wn_arena_strndup(&c->ix.arena, method.p ? method.p : "", method.len);
	o.path = wn_arena_strndup(&c->ix.arena, path.p ? path.p : "", path.len);
	o.entity =
		blueprint_find(&c->ix, wn_json_get_str(t->json, "entity", NULL), BLUEPRINT_ENTITY);
	o.viewer = wn_json_get(t->json, "subject") != NULL;
	const struct kind_rule *rule = rule_of(o.kind);
	o.row = rule && rule->row;
	if (rule)
		check_needs(c, &o, rule);
	check_identity_kinds(c, &o);
	check_params(c, &o);
	check_list(c, &o);
	check_members(c, &o);
	check_rights(c, &o, rule);
}

static void
check_same_path(struct check *c, struct blueprint_thing *t, struct wn_map *shapes)
{
	struct wn_str shape =
		wn_str(blueprint_check_route_shape(c, wn_json_get_str(t->json, "http", "")));
	const struct blueprint_thing *first = wn_map_get(shapes, shape);
	if (first)
		ERROR(c, "operation", wn_json_get(t->json, "http"),
		      "Change the method or the path of one.",
		      "\"%s\" and \"%s\" answer the same requests.", t->id, first->id);
	else
		wn_map_set(shapes, shape, t);
}

void
blueprint_check_operations(struct check *c)
{
	struct wn_map shapes;
	wn_map_init(&shapes);
	for (size_t i = 0; i < c->ix.things.len; i++) {
		struct blueprint_thing *t = c->ix.things.p[i];
		if (t->kind != BLUEPRINT_OPERATION)
			continue;
		check_operation(c, t);
		check_same_path(c, t, &shapes);
	}
	wn_map_fini(&shapes, NULL);
}
