/*
 * What can be checked only when all is read: manifests against the schemas (nothing is declared in
 * one place only), schemas against 2020-12 itself, defaults and examples against their schemas.
 */
#include "schemas/gen/emit.h"

#include "runtime/base/file.h"
#include "runtime/base/jsonschema.h"

/* --- JSON Schema --- */

/* A value against a schema set's entry; at names the value's place. */
static void
validate(struct gen *g, struct wn_schema_set *set, const char *uri, struct gen_node at)
{
	const struct wn_schema *schema = NULL;
	struct wn_schema_result result = { 0 };
	struct wn_diag d = { 0 };

	if (wn_schema_compile(set, uri, &schema, &d)) {
		gen_error(g, at, "%s", d.text);
		return;
	}
	if (wn_schema_validate(schema, at.j, &result, &d)) {
		struct gen_node deeper = at;
		deeper.pointer = wn_arena_printf(&g->arena, "%s%s", at.pointer, d.where);
		gen_error(g, deeper, "%s", d.text);
	}
	wn_schema_result_fini(&result);
}

void
gen_check_manifest(struct gen *g, struct gen_node root)
{
	const char *path = wn_arena_printf(&g->arena, "%s/module/module.schema.json", g->root);
	struct wn_schema_set *set;
	struct wn_diag d = { 0 };

	if (!g->manifest_schema)
		g->manifest_schema = gen_load(g, path, "manifest", "module");
	if (!g->manifest_schema)
		return;
	set = wn_schema_set_new(NULL);
	if (wn_schema_set_add(set, "urn:webnova:module", g->manifest_schema->doc, &d))
		gen_error(g, gen_root(g->manifest_schema), "%s", d.text);
	else
		validate(g, set, "urn:webnova:module", root);
	wn_schema_set_free(set);
}

static const char *
add(struct gen *g, struct wn_schema_set *set, struct gen_node schema)
{
	const char *uri = wn_arena_printf(&g->arena, "urn:webnova:check:%zu", g->docs.len);
	struct wn_json *doc = gen_standalone(g, schema, uri);
	struct wn_diag d = { 0 };

	if (wn_schema_set_add(set, uri, doc, &d)) {
		gen_error(g, schema, "%s", d.text);
		return NULL;
	}
	return uri;
}

static void
check_values(struct gen *g, struct wn_schema_set *set, struct gen_node schema)
{
	struct gen_node fallback = gen_get(g, schema, "default");
	struct gen_node examples = gen_get(g, schema, "examples");
	size_t i = 0;

	if (wn_json_type(schema.j) != WN_JSON_OBJECT || (!fallback.j && !examples.j))
		return;
	const char *uri = add(g, set, schema);
	if (uri && fallback.j)
		validate(g, set, uri, fallback);
	for (const struct wn_json *c = wn_json_first(examples.j); uri && c;
	     c = wn_json_next(c), i++)
		validate(g, set, uri, gen_child(g, examples, c, i));
}

static void
check_types(struct gen *g, struct wn_schema_set *set)
{
	for (size_t i = 0; i < g->units.len; i++)
		for (size_t k = 0; k < g->units.p[i]->types.len; k++) {
			struct gen_type *t = g->units.p[i]->types.p[k];
			struct gen_node props = gen_get(g, t->at, "properties");
			check_values(g, set, t->at);
			for (const struct wn_json *c = wn_json_first(props.j); c;
			     c = wn_json_next(c))
				check_values(g, set, gen_child(g, props, c, 0));
		}
}

static void
check_setting(struct gen *g, struct wn_schema_set *set, const struct gen_setting *s)
{
	const char *uri = add(g, set, s->schema);

	if (uri)
		validate(g, set, uri, gen_get(g, s->at, "default"));
}

static void
check_schemas(struct gen *g)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	struct wn_diag d = { 0 };

	for (size_t i = 0; i < g->files.len; i++) {
		struct gen_file *f = g->files.p[i];
		const struct wn_schema *compiled;
		if (strcmp(f->kind, "model") != 0)
			continue;
		wn_diag_clear(&d);
		if (wn_schema_set_add(set, "", f->doc, &d) ||
		    (!f->unit &&
		     wn_schema_compile(set, wn_json_get_str(f->doc, "$id", ""), &compiled, &d)))
			gen_error(g, gen_root(f), "%s", d.text);
	}
	check_types(g, set);
	for (size_t i = 0; i < g->settings.len; i++)
		check_setting(g, set, g->settings.p[i]);
	wn_schema_set_free(set);
}

/* --- manifests --- */

static void
check_emits(struct gen *g, struct gen_module *m)
{
	struct gen_node list = gen_get(g, gen_root(m->manifest), "emits");
	size_t i = 0;

	for (const struct wn_json *c = wn_json_first(list.j); c; c = wn_json_next(c), i++) {
		struct gen_event *e = gen_find_event(g, wn_json_str(c, ""));
		struct gen_node at = gen_child(g, list, c, i);
		if (!e)
			gen_error(g, at, "no schema declares the event \"%s\"", wn_json_str(c, ""));
		else if (e->unit != m->unit)
			gen_error(g, at, "the event belongs to %s", e->unit->name);
		else
			wn_vec_push(&m->emits, e);
	}
}

static void
check_events(struct gen *g, struct gen_module *m, const char *key, bool patterns)
{
	struct gen_node list = gen_get(g, gen_root(m->manifest), key);
	size_t i = 0;

	for (const struct wn_json *c = wn_json_first(list.j); c; c = wn_json_next(c), i++) {
		const char *name = wn_json_str(c, "");
		struct wn_str star = WN_STR(".*"), s = wn_str(name);
		if (!gen_find_event(g, name) && !(patterns && wn_str_has_suffix(s, star)))
			gen_error(g, gen_child(g, list, c, i),
				  "no schema declares the event \"%s\"", name);
		else if (key[0] == 'l')
			wn_vec_push(&m->listens, name);
		else
			wn_vec_push(&m->projects, name);
	}
}

static void
check_methods(struct gen *g, struct gen_module *m)
{
	struct gen_node root = gen_root(m->manifest), list = gen_get(g, root, "methods");
	struct gen_node permissions = gen_get(g, root, "permissions");

	for (size_t i = 0; i < g->methods.len; i++) {
		struct gen_method *x = g->methods.p[i];
		if (x->unit != m->unit || x->is_notification)
			continue;
		struct gen_node at = gen_get(g, list, x->name);
		x->permission = wn_json_str(at.j, NULL);
		if (!x->permission)
			gen_error(g, at, "the method has a schema but no permission here");
		else if (x->permission[0] && !wn_json_get(permissions.j, x->permission))
			gen_error(g, at, "the permission \"%s\" is not under \"permissions\"",
				  x->permission);
		wn_vec_push(&m->methods, x);
	}
	for (const struct wn_json *c = wn_json_first(list.j); c; c = wn_json_next(c)) {
		bool known = false;
		for (size_t i = 0; i < m->methods.len; i++)
			known = known || strcmp(m->methods.p[i]->name, wn_json_key(c)) == 0;
		if (!known)
			gen_error(g, gen_child(g, list, c, 0), "no schema declares the method");
	}
}

void
gen_check(struct gen *g)
{
	if (!g->errors)
		check_schemas(g);
	for (size_t i = 0; i < g->modules.len; i++) {
		struct gen_module *m = g->modules.p[i];
		check_emits(g, m);
		check_events(g, m, "listens", true);
		check_events(g, m, "projects", false);
		check_methods(g, m);
	}
}
