/*
 * Tables that both programs look things up in: settings, schema texts, permissions.
 */
#include "schemas/gen/emit.h"

static void
row_text(struct wn_buf *b, const char *member, const char *text)
{
	if (!text)
		return;
	wn_buf_printf(b, "\n\t  .%s = ", member);
	gen_literal(b, wn_str(text), 2);
	wn_buf_cstr(b, ",");
}

/* --- settings --- */

static void
config_header(struct gen *g)
{
	struct wn_buf b;

	gen_begin(&b, "config.h", "schemas/config",
		  "Every setting of the engine and the terminal.");
	wn_buf_cstr(&b, "#include <stddef.h>\n\n#include \"runtime/base/str.h\"\n\n"
			"struct wn_setting {\n"
			"\tconst char *name; /* \"engine.log.level\" */\n"
			"\tconst char *module; /* whose it is */\n"
			"\tconst char *type; /* JSON Schema's name */\n"
			"\tconst char *fallback; /* default, as JSON */\n"
			"\tconst char *summary; /* one sentence */\n"
			"\tconst char *env; /* environment variable */\n"
			"\tconst char *flag; /* command line, \"--log-level\"; nullable */\n"
			"\tconst char *schema; /* what a value must follow, as JSON */\n"
			"};\n\n"
			"/* Sorted by name. */\n"
			"extern const struct wn_setting wn_settings[];\n"
			"extern const size_t wn_setting_count;\n"
			"/* NULL when there is none of that name. Any thread. */\n"
			"const struct wn_setting *wn_setting_find(struct wn_str name);\n");
	gen_end(g, &b, "config.h");
}

static void
sort_settings(struct gen *g)
{
	for (size_t i = 1; i < g->settings.len; i++)
		for (size_t k = i;
		     k > 0 && strcmp(g->settings.p[k - 1]->name, g->settings.p[k]->name) > 0; k--) {
			struct gen_setting *s = g->settings.p[k];
			g->settings.p[k] = g->settings.p[k - 1];
			g->settings.p[k - 1] = s;
		}
}

static const char find_setting[] = "const struct wn_setting *\n"
				   "wn_setting_find(struct wn_str name)\n"
				   "{\n"
				   "\tfor (size_t i = 0; i < wn_setting_count; i++)\n"
				   "\t\tif (wn_str_is(name, wn_settings[i].name))\n"
				   "\t\t\treturn &wn_settings[i];\n"
				   "\treturn NULL;\n"
				   "}\n";

void
gen_emit_config(struct gen *g)
{
	struct wn_buf b;

	config_header(g);
	sort_settings(g);
	gen_begin(&b, "config.c", "schemas/config", "The settings table.");
	wn_buf_cstr(&b, "#include \"gen/config.h\"\n\nconst struct wn_setting wn_settings[] = {\n");
	for (size_t i = 0; i < g->settings.len; i++) {
		const struct gen_setting *s = g->settings.p[i];
		wn_buf_printf(&b, "\t{ .name = \"%s\",", s->name);
		row_text(&b, "module", s->module);
		row_text(&b, "type", s->type);
		row_text(&b, "fallback", s->fallback);
		row_text(&b, "summary", s->summary);
		row_text(&b, "env", s->env);
		row_text(&b, "flag", s->flag);
		row_text(&b, "schema", gen_printed(g, s->schema.j));
		wn_buf_cstr(&b, " },\n");
	}
	if (!g->settings.len)
		wn_buf_cstr(&b, "\t{ .name = NULL },\n");
	wn_buf_printf(&b, "};\n\nconst size_t wn_setting_count = %zu;\n\n%s", g->settings.len,
		      find_setting);
	gen_end(g, &b, "config.c");
}

/* --- permissions --- */

void
gen_emit_permissions(struct gen *g)
{
	struct wn_buf b;
	size_t n = 0;

	gen_begin(&b, "permissions.h", "the manifests", "Every permission a method may ask for.");
	wn_buf_cstr(&b, "#include <stddef.h>\n\n"
			"struct wn_permission {\n"
			"\tconst char *name; /* \"snapshot.write\" */\n"
			"\tconst char *module;\n"
			"\tconst char *summary; /* what it allows, one sentence */\n"
			"};\n\n"
			"extern const struct wn_permission wn_permissions[];\n"
			"extern const size_t wn_permission_count;\n");
	gen_end(g, &b, "permissions.h");
	gen_begin(&b, "permissions.c", "the manifests", "The permissions table.");
	wn_buf_cstr(&b, "#include \"gen/permissions.h\"\n\nconst struct wn_permission "
			"wn_permissions[] = {\n");
	for (size_t i = 0; i < g->modules.len; i++) {
		const struct gen_module *m = g->modules.p[i];
		const struct wn_json *list = wn_json_get(m->manifest->doc, "permissions");
		for (const struct wn_json *c = wn_json_first(list); c; c = wn_json_next(c), n++) {
			wn_buf_printf(&b, "\t{ \"%s\", \"%s\",\n\t  ", wn_json_key(c), m->name);
			gen_literal(&b, wn_str(wn_json_str(c, "")), 2);
			wn_buf_cstr(&b, " },\n");
		}
	}
	if (!n)
		wn_buf_cstr(&b, "\t{ NULL, NULL, NULL },\n");
	wn_buf_printf(&b, "};\n\nconst size_t wn_permission_count = %zu;\n", n);
	gen_end(g, &b, "permissions.c");
}

/* --- schema texts --- */

struct wn_json *
gen_standalone(struct gen *g, struct gen_node schema, const char *uri)
{
	struct wn_json *doc = wn_json_copy(schema.j);
	const struct wn_json *defs = wn_json_get(schema.file->doc, "$defs");

	wn_json_set_str(doc, "$id", uri);
	wn_json_set_str(doc, "$schema", "https://json-schema.org/draft/2020-12/schema");
	if (defs)
		wn_json_set(doc, "$defs", wn_json_copy(defs));
	wn_vec_push(&g->docs, doc);
	return doc;
}

static void
schema_row(struct gen *g, struct wn_buf *b, struct gen_node schema, const char *uri)
{
	if (wn_json_type(schema.j) != WN_JSON_OBJECT)
		return;
	wn_buf_printf(b, "\t{ \"%s\",\n\t  ", uri);
	gen_literal(b, wn_str(gen_printed(g, gen_standalone(g, schema, uri))), 2);
	wn_buf_cstr(b, " },\n");
}

static void
schema_rows(struct gen *g, struct wn_buf *b)
{
	struct wn_arena *a = &g->arena;

	for (size_t i = 0; i < g->files.len; i++)
		if (strcmp(g->files.p[i]->kind, "model") == 0)
			schema_row(g, b, gen_root(g->files.p[i]),
				   wn_json_get_str(g->files.p[i]->doc, "$id", ""));
	for (size_t i = 0; i < g->events.len; i++) {
		const struct gen_event *e = g->events.p[i];
		schema_row(g, b, e->schema,
			   wn_arena_printf(a, "urn:webnova:event:%s:%d", e->name, e->version));
	}
	for (size_t i = 0; i < g->methods.len; i++) {
		const struct gen_method *m = g->methods.p[i];
		schema_row(g, b,
			   m->params->at.file == m->at.file ? m->params->at : m->params_schema,
			   wn_arena_printf(a, "urn:webnova:rpc:%s:params", m->name));
		if (m->result)
			schema_row(g, b,
				   m->result->at.file == m->at.file ? m->result->at
								    : m->result_schema,
				   wn_arena_printf(a, "urn:webnova:rpc:%s:result", m->name));
	}
	for (size_t i = 0; i < g->settings.len; i++)
		schema_row(g, b, g->settings.p[i]->schema,
			   wn_arena_printf(a, "urn:webnova:config:%s", g->settings.p[i]->name));
}

static const char find_text[] = "const char *\n"
				"wn_schema_text(const char *uri)\n"
				"{\n"
				"\tfor (size_t i = 0; wn_schema_rows[i].uri; i++)\n"
				"\t\tif (strcmp(wn_schema_rows[i].uri, uri) == 0)\n"
				"\t\t\treturn wn_schema_rows[i].text;\n"
				"\treturn NULL;\n"
				"}\n";

static const char schemas_h[] = "/*\n"
				" * urn:webnova:model:<file>, urn:webnova:event:<type>:<version>, "
				"urn:webnova:rpc:<method>:params and\n"
				" * :result, urn:webnova:config:<setting>, urn:webnova:module. "
				"They refer to models by URI only:\n"
				" * a set of all rows resolves every reference.\n"
				" */\n"
				"struct wn_schema_row {\n"
				"\tconst char *uri;\n"
				"\tconst char *text; /* JSON Schema 2020-12 */\n"
				"};\n\n"
				"/* Ends with a zero row. */\n"
				"extern const struct wn_schema_row wn_schema_rows[];\n"
				"/* The published documents: OpenRPC, OpenAPI 3.1, AsyncAPI 3. */\n"
				"extern const char wn_openrpc[];\n"
				"extern const char wn_openapi[];\n"
				"extern const char wn_asyncapi[];\n"
				"/* The text behind a URI, or NULL. Any thread. */\n"
				"const char *wn_schema_text(const char *uri);\n";

static void
document(struct wn_buf *b, const char *name, struct wn_json *doc)
{
	struct wn_buf text;

	wn_buf_init(&text, 32u << 20);
	wn_json_print(doc, &text);
	wn_buf_printf(b, "const char wn_%s[] =\n\t", name);
	gen_literal(b, wn_buf_view(&text), 1);
	wn_buf_cstr(b, ";\n\n");
	wn_buf_fini(&text);
	wn_json_free(doc);
}

void
gen_emit_schemas(struct gen *g)
{
	struct wn_buf b;

	gen_begin(&b, "schemas.h", "schemas/",
		  "Every contract as text, for validation at run time.");
	wn_buf_cstr(&b, schemas_h);
	gen_end(g, &b, "schemas.h");
	gen_begin(&b, "schemas.c", "schemas/", "Embedded texts.");
	wn_buf_cstr(&b,
		    "#include \"gen/schemas.h\"\n\n#include <stddef.h>\n#include <string.h>\n\n");
	gen_long_literals(&b);
	wn_buf_cstr(&b, "const struct wn_schema_row wn_schema_rows[] = {\n");
	schema_rows(g, &b);
	if (g->manifest_schema)
		schema_row(g, &b, gen_root(g->manifest_schema), "urn:webnova:module");
	wn_buf_cstr(&b, "\t{ NULL, NULL }\n};\n\n");
	document(&b, "openrpc", gen_openrpc(g));
	document(&b, "openapi", gen_openapi(g));
	document(&b, "asyncapi", gen_asyncapi(g));
	wn_buf_cstr(&b, find_text);
	gen_end(g, &b, "schemas.c");
}
