/*
 * Reads schemas/ and the module directories into the tables of struct gen.
 */
#include "schemas/gen/gen.h"

#include <ctype.h>

#include "runtime/base/file.h"

static struct gen_unit *
unit(struct gen *g, const char *name)
{
	for (size_t i = 0; i < g->units.len; i++)
		if (strcmp(g->units.p[i]->name, name) == 0)
			return g->units.p[i];
	struct gen_unit *u = WN_ARENA_NEW(&g->arena, struct gen_unit);
	u->name = wn_arena_strdup(&g->arena, name);
	u->prefix = gen_snake(g, name);
	u->is_kernel = strcmp(name, "engine") == 0;
	wn_map_init(&u->patterns);
	wn_buf_init(&u->pattern_code, 4u << 20);
	wn_vec_push(&g->units, u);
	return u;
}

/* snapshot.create belongs to module snapshot; the kernel's own may have any prefix. */
static void
check_prefix(struct gen *g, struct gen_node at, const struct gen_unit *u, const char *name)
{
	size_t n = strlen(u->name);

	if (!gen_is_name(name, true) || !strchr(name, '.'))
		gen_error(g, at, "\"%s\" is no name; expected lower case words with dots between",
			  name);
	else if (!u->is_kernel && (strncmp(name, u->name, n) != 0 || name[n] != '.'))
		gen_error(g, at, "\"%s\" does not begin with \"%s.\"", name, u->name);
}

static void
read_event(struct gen *g, struct gen_unit *u, struct gen_node at)
{
	static const char *const members[] = { "summary", "version",  "stream",
					       "schema",  "$comment", NULL };
	struct gen_event *e = WN_ARENA_NEW(&g->arena, struct gen_event);
	int64_t version = 0;

	gen_only(g, at, members);
	e->at = at;
	e->unit = u;
	e->name = wn_json_key(at.j);
	e->cname = gen_snake(g, e->name);
	check_prefix(g, at, u, e->name);
	e->summary = gen_need_str(g, at, "summary");
	e->stream = gen_need_str(g, at, "stream");
	if (!wn_json_i64(wn_json_get(at.j, "version"), &version) || version < 1 || version > 9999)
		gen_error(g, gen_get(g, at, "version"), "expected a whole number from 1");
	e->version = (int)version;
	e->schema = gen_get(g, at, "schema");
	e->type = gen_type(g, u, e->schema, e->cname);
	if (e->type && e->type->kind != GEN_OBJECT)
		gen_error(g, e->schema, "the payload of an event is an object with properties");
	if (gen_find_event(g, e->name))
		gen_error(g, at, "the event is declared twice");
	wn_vec_push(&g->events, e);
}

static void
read_rest(struct gen *g, struct gen_method *m)
{
	struct gen_node rest = gen_get(g, m->at, "rest");
	const char *text = wn_json_str(rest.j, NULL);

	if (!rest.j)
		return;
	const char *blank = text ? strchr(text, ' ') : NULL;
	if (!blank || blank[1] != '/') {
		gen_error(g, rest, "expected \"GET /path/{member}\"");
		return;
	}
	m->rest_verb = wn_arena_strndup(&g->arena, text, (size_t)(blank - text));
	m->rest_path = blank + 1;
	if (strcmp(m->rest_verb, "GET") != 0)
		gen_error(g, rest, "only GET has a path of its own; everything else is POST /rpc");
	for (const char *p = m->rest_path; (p = strchr(p, '{'));) {
		const char *end = strchr(p, '}');
		struct wn_str name = wn_strn(p + 1, end ? (size_t)(end - p - 1) : 0);
		if (!end || !wn_json_getn(wn_json_get(m->params_schema.j, "properties"), name)) {
			gen_error(g, rest, "{%.*s} is not a member of the params",
				  WN_STR_ARG(name));
			return;
		}
		p = end;
	}
}

static const char *const runs[] = { "loop", "job", "task", NULL };
static const char *const attachments[] = { "none", "in", "out", "both", NULL };

static void
one_of(struct gen *g, struct gen_node at, const char *key, const char *value,
       const char *const *allowed)
{
	struct wn_buf b;

	for (size_t i = 0; allowed[i]; i++)
		if (strcmp(allowed[i], value) == 0)
			return;
	wn_buf_init(&b, 1000);
	for (size_t i = 0; allowed[i]; i++)
		wn_buf_printf(&b, "%s\"%s\"", i ? ", " : "", allowed[i]);
	gen_error(g, gen_get(g, at, key), "expected one of %s, found \"%s\"", b.p, value);
	wn_buf_fini(&b);
}

static struct gen_type *
object(struct gen *g, struct gen_unit *u, struct gen_node schema, const char *cname)
{
	struct gen_node at = schema;
	struct gen_type *t;

	if (!schema.j) { /* an absent schema is an empty object */
		struct wn_diag d = { 0 };
		struct wn_json *doc = NULL;
		wn_err err = wn_json_parse(WN_STR("{\"type\":\"object\",\"properties\":{},"
						  "\"additionalProperties\":false}"),
					   NULL, &doc, &d);
		if (err)
			return NULL;
		wn_vec_push(&g->docs, doc);
		at.j = doc;
	}
	t = gen_type(g, u, at, cname);
	if (t && t->kind != GEN_OBJECT) {
		gen_error(g, schema, "expected an object with properties");
		return NULL;
	}
	return t;
}

static void
check_errors(struct gen *g, struct gen_node at)
{
	struct gen_node errors = gen_get(g, at, "errors");
	size_t i = 0;

	if (errors.j && !gen_is_type(g, errors, WN_JSON_ARRAY, "an array of error names"))
		return;
	for (const struct wn_json *c = wn_json_first(errors.j); c; c = wn_json_next(c), i++) {
		const char *name = wn_json_str(c, "");
		if (strcmp(name, "internal") != 0 && wn_error_by_name(name) == WN_E_INTERNAL)
			gen_error(g, gen_child(g, errors, c, i),
				  "\"%s\" is not in schemas/error.json", name);
	}
}

/* An object that was described in place, not one that a reference shares. */
static bool
is_own(struct gen *g, const struct gen_type *t, const char *cname, const char *suffix)
{
	return t->cname &&
	       strcmp(t->cname, wn_arena_printf(&g->arena, "%s_%s", cname, suffix)) == 0;
}

static void
read_method(struct gen *g, struct gen_unit *u, struct gen_node at, bool is_notification)
{
	static const char *const on_method[] = { "summary",  "run",	   "params", "result",
						 "errors",   "attachment", "rest",   "stream",
						 "$comment", NULL };
	static const char *const on_note[] = { "summary", "params", "attachment", "$comment",
					       NULL };
	struct gen_method *m = WN_ARENA_NEW(&g->arena, struct gen_method);
	size_t n = strlen(u->name);

	gen_only(g, at, is_notification ? on_note : on_method);
	m->at = at;
	m->unit = u;
	m->is_notification = is_notification;
	m->name = wn_json_key(at.j);
	m->cname = gen_snake(g, m->name);
	check_prefix(g, at, u, m->name);
	m->handler = strncmp(m->cname, u->prefix, n) == 0 && m->cname[n] == '_' ? m->cname + n + 1
										: m->cname;
	m->summary = gen_need_str(g, at, "summary");
	m->run = is_notification ? "" : gen_need_str(g, at, "run");
	if (!is_notification)
		one_of(g, at, "run", m->run, runs);
	m->attachment = gen_opt_str(g, at, "attachment", "none");
	one_of(g, at, "attachment", m->attachment, attachments);
	m->params_schema = gen_get(g, at, "params");
	m->result_schema = gen_get(g, at, "result");
	m->params = object(
		g, u, m->params_schema,
		wn_arena_printf(&g->arena, "%s_%s", m->cname, is_notification ? "note" : "params"));
	if (is_notification && m->params)
		m->params->tolerant = is_own(g, m->params, m->cname, "note");
	if (!is_notification)
		m->result = object(g, u, m->result_schema,
				   wn_arena_printf(&g->arena, "%s_result", m->cname));
	check_errors(g, at);
	read_rest(g, m);
	for (size_t i = 0; i < g->methods.len; i++)
		if (strcmp(g->methods.p[i]->name, m->name) == 0)
			gen_error(g, at, "the method is declared twice");
	wn_vec_push(&g->methods, m);
}

static const char *
env_name(struct gen *g, const char *setting)
{
	return wn_arena_printf(&g->arena, "WEBNOVA_%s", gen_upper(g, setting));
}

static void
read_setting(struct gen *g, const struct gen_file *f, struct gen_node at)
{
	static const char *const members[] = { "summary", "schema",   "default", "env",
					       "flag",	  "$comment", NULL };
	struct gen_setting *s = WN_ARENA_NEW(&g->arena, struct gen_setting);
	struct gen_node fallback = gen_get(g, at, "default");

	gen_only(g, at, members);
	s->at = at;
	s->name = wn_json_key(at.j);
	s->module = f->name;
	s->summary = gen_need_str(g, at, "summary");
	s->schema = gen_get(g, at, "schema");
	if (gen_is_type(g, s->schema, WN_JSON_OBJECT, "a schema"))
		s->type = gen_need_str(g, s->schema, "type");
	if (!fallback.j)
		gen_error(g, fallback, "every setting has a default");
	else
		s->fallback = gen_printed(g, fallback.j);
	s->env = gen_opt_str(g, at, "env", env_name(g, s->name));
	s->flag = gen_opt_str(g, at, "flag", NULL);
	for (size_t i = 0; i < g->settings.len; i++)
		if (strcmp(g->settings.p[i]->name, s->name) == 0)
			gen_error(g, at, "the setting is declared twice");
	wn_vec_push(&g->settings, s);
}

/* The version of the wire, said once in all files. */
static void
read_protocol(struct gen *g, struct gen_node root)
{
	struct gen_node at = gen_get(g, root, "protocol");
	int64_t n = 0;

	if (!at.j)
		return;
	if (!wn_json_i64(at.j, &n) || wn_json_type(at.j) != WN_JSON_NUMBER || n < 1 || n > 9999)
		gen_error(g, at, "expected a number from 1 to 9999");
	else if (g->protocol)
		gen_error(g, at, "the protocol is declared twice");
	else
		g->protocol = (int)n;
}

static void
read_file(struct gen *g, struct gen_file *f)
{
	static const char *const on_model[] = { "$schema",     "$id",	   "$defs", "title",
						"description", "$comment", NULL };
	static const char *const on_event[] = { "$schema", "$defs", "events", "$comment", NULL };
	static const char *const on_rpc[] = { "$schema",  "$defs",    "methods", "notifications",
					      "protocol", "$comment", NULL };
	static const char *const on_config[] = { "$schema", "settings", "$comment", NULL };
	struct gen_node root = gen_root(f);

	if (strcmp(f->kind, "model") == 0 && !f->unit) {
		return; /* a document: validated at run time, no C types */
	} else if (strcmp(f->kind, "model") == 0) {
		const char *id = wn_arena_printf(&g->arena, "urn:webnova:model:%s", f->name);
		gen_only(g, root, on_model);
		if (strcmp(gen_need_str(g, root, "$id"), id) != 0)
			gen_error(g, gen_get(g, root, "$id"), "expected \"%s\"", id);
	} else if (strcmp(f->kind, "event") == 0) {
		struct gen_node events = gen_get(g, root, "events");
		gen_only(g, root, on_event);
		for (const struct wn_json *c = gen_members(g, events); c; c = wn_json_next(c))
			read_event(g, f->unit, gen_child(g, events, c, 0));
	} else if (strcmp(f->kind, "rpc") == 0) {
		struct gen_node methods = gen_get(g, root, "methods");
		struct gen_node notes = gen_get(g, root, "notifications");
		gen_only(g, root, on_rpc);
		read_protocol(g, root);
		for (const struct wn_json *c = gen_members(g, methods); c; c = wn_json_next(c))
			read_method(g, f->unit, gen_child(g, methods, c, 0), false);
		for (const struct wn_json *c = gen_members(g, notes); c; c = wn_json_next(c))
			read_method(g, f->unit, gen_child(g, notes, c, 0), true);
	} else {
		struct gen_node settings = gen_get(g, root, "settings");
		gen_only(g, root, on_config);
		for (const struct wn_json *c = gen_members(g, settings); c; c = wn_json_next(c))
			read_setting(g, f, gen_child(g, settings, c, 0));
	}
	if (f->unit)
		gen_defs(g, f);
}

static void
load_kind(struct gen *g, const char *kind)
{
	const char **names, *dir = wn_arena_printf(&g->arena, "%s/%s", g->root, kind);
	size_t n = gen_list(g, dir, ".json", &names);

	for (size_t i = 0; i < n; i++) {
		const char *name = wn_arena_strndup(&g->arena, names[i], strlen(names[i]) - 5);
		const char *path = wn_arena_printf(&g->arena, "%s/%s", dir, names[i]);
		struct gen_file *f = gen_load(g, path, kind, name);
		if (!f)
			continue;
		if (!gen_is_name(name, false))
			gen_error(g, gen_root(f), "the file's name is no module name");
		if (strcmp(kind, "model") == 0)
			f->unit = wn_json_get(f->doc, "type") ? NULL : unit(g, "model");
		else if (strcmp(kind, "config") != 0)
			f->unit = unit(g, name);
	}
}

void
gen_read_schemas(struct gen *g)
{
	static const char *const kinds[] = { "model", "event", "rpc", "config" };

	unit(g, "model");
	for (size_t i = 0; i < 4; i++)
		load_kind(g, kinds[i]);
	for (size_t i = 0; i < g->files.len; i++)
		read_file(g, g->files.p[i]);
}

struct gen_event *
gen_find_event(const struct gen *g, const char *name)
{
	for (size_t i = 0; i < g->events.len; i++)
		if (strcmp(g->events.p[i]->name, name) == 0)
			return g->events.p[i];
	return NULL;
}

/* --- module directories --- */

static void
read_migrations(struct gen *g, struct gen_module *m)
{
	const char **names, *dir = wn_arena_printf(&g->arena, "%s/migrations", m->dir);
	size_t n = gen_list(g, dir, ".sql", &names);

	for (size_t i = 0; i < n; i++) {
		const char *path = wn_arena_printf(&g->arena, "%s/%s", dir, names[i]);
		struct wn_buf text;
		struct wn_diag d = { 0 };
		int number = 0;
		for (int k = 0; k < 4 && isdigit((unsigned char)names[i][k]); k++)
			number = number * 10 + (names[i][k] - '0');
		if (number != (int)i + 1 || names[i][4] != '_')
			gen_error(g, gen_root(m->manifest),
				  "%s: expected the name %04zu_<what>.sql (numbers without gaps)",
				  path, i + 1);
		wn_buf_init(&text, 1u << 20);
		if (wn_file_read(path, &text, &d))
			gen_error(g, gen_root(m->manifest), "%s: %s", path, d.text);
		struct gen_sql sql = { names[i], wn_arena_str(&g->arena, wn_buf_view(&text)) };
		wn_vec_push(&m->migrations, sql);
		wn_buf_fini(&text);
	}
}

static void
check_manifest(struct gen *g, struct gen_module *m)
{
	static const char *const named[] = { "model",	"client",    "modules",	    "config",
					     "schemas", "contracts", "permissions", NULL };
	struct gen_node root = gen_root(m->manifest);

	gen_check_manifest(g, root);
	for (size_t i = 0; named[i]; i++)
		if (strcmp(named[i], m->name) == 0)
			gen_error(g, gen_get(g, root, "name"),
				  "the name is taken by a file of the contract compiler");
	for (size_t i = 0; i < g->modules.len; i++)
		if (strcmp(g->modules.p[i]->name, m->name) == 0)
			gen_error(g, gen_get(g, root, "name"),
				  "two modules of that name: %s and %s", g->modules.p[i]->dir,
				  m->dir);
}

void
gen_read_module(struct gen *g, const char *dir)
{
	const char *path = wn_arena_printf(&g->arena, "%s/module.json", dir);
	struct gen_file *f = gen_load(g, path, "module", dir);
	struct gen_module *m = WN_ARENA_NEW(&g->arena, struct gen_module);
	struct wn_buf text;

	if (!f)
		return;
	struct gen_node root = gen_root(f);
	m->dir = wn_arena_strdup(&g->arena, dir);
	m->manifest = f;
	m->name = gen_need_str(g, root, "name");
	m->version = gen_need_str(g, root, "version");
	m->summary = gen_need_str(g, root, "summary");
	wn_buf_init(&text, 4u << 20);
	wn_json_print(f->doc, &text);
	m->text = wn_arena_str(&g->arena, wn_buf_view(&text));
	wn_buf_fini(&text);
	check_manifest(g, m);
	m->unit = unit(g, m->name);
	m->unit->is_kernel = strcmp(wn_json_get_str(f->doc, "kind", "module"), "kernel") == 0;
	read_migrations(g, m);
	wn_vec_push(&g->modules, m);
}
