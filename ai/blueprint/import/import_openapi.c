/*
 * OpenAPI 3 and Swagger 2, in JSON or YAML: schemas with properties become things, references
 * become relations. The composer makes its own paths; those it does not make are listed.
 */
#include "ai/blueprint/compose/compose_priv.h"
#include "ai/blueprint/import/import_priv.h"
#include "ai/blueprint/source/source.h"

#define DEPTH_MAX 8

struct openapi {
	struct import *im;
	const struct blueprint_source *src;
	const struct wn_json *schemas;
};

static size_t
line_of(const struct openapi *o, const struct wn_json *at)
{
	const struct blueprint_mark *m = blueprint_source_mark(o->src, at);
	struct wn_str text;
	size_t line = 1;

	if (!m)
		return 0;
	text = o->src->files.p[m->file].text;
	for (size_t i = 0; i < m->at && i < text.len; i++)
		line += text.p[i] == '\n';
	return line;
}

static const char *
word(const struct openapi *o, const char *s)
{
	return import_text(o->im, wn_str(s));
}

/* "#/components/schemas/Order" is Order; NULL: no reference to a schema. */
static const char *
ref_name(const struct wn_json *schema)
{
	const char *ref = wn_json_get_str(schema, "$ref", NULL),
		   *slash = ref ? strrchr(ref, '/') : NULL;

	return slash && slash[1] ? slash + 1 : NULL;
}

static bool
is_envelope(const char *name)
{
	static const char *const ends[] = { "Request", "Response", "Input",  "Error", "Errors",
					    "List",    "Page",	   "Params", "Query", "Result" };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (wn_str_has_suffix(wn_str(name), wn_str(ends[i])))
			return true;
	return false;
}

static bool
is_thing(const struct openapi *o, const char *name)
{
	const struct wn_json *s = wn_json_get(o->schemas, name);

	return s && !is_envelope(name) &&
	       (wn_json_first(wn_json_get(s, "properties")) || wn_json_get(s, "allOf"));
}

/* OpenAPI 3.1 writes ["string", "null"]. */
static const char *
type_word(const struct wn_json *schema)
{
	const struct wn_json *t = wn_json_get(schema, "type");

	if (wn_json_type(t) == WN_JSON_ARRAY)
		for (const struct wn_json *x = wn_json_first(t); x; x = wn_json_next(x))
			if (strcmp(wn_json_str(x, "null"), "null") != 0)
				return wn_json_str(x, "");
	return wn_json_str(t, "");
}

static const char *
field_type(const struct wn_json *p, const char *name)
{
	static const struct {
		const char *format, *type;
	} formats[] = {
		{ "date", "date" },   { "date-time", "datetime" },
		{ "email", "email" }, { "uri", "url" },
		{ "url", "url" },     { "uuid", "uuid" },
	};
	const char *type = type_word(p), *format = wn_json_get_str(p, "format", "");

	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (!strcmp(format, formats[i].format))
			return formats[i].type;
	if (!strcmp(type, "integer"))
		return "int";
	if (!strcmp(type, "number"))
		return import_refine("decimal", name);
	if (!strcmp(type, "boolean"))
		return "bool";
	if (!strcmp(type, "string"))
		return import_refine(wn_json_get_num(p, "maxLength", 0) > 1000 ? "text" : "string",
				     name);
	return NULL;
}

static void
set_bounds(struct openapi *o, struct wn_json *f, const struct wn_json *p, const char *what)
{
	const char *type = wn_json_get_str(f, "type", "");
	bool text = !strcmp(type, "string") || !strcmp(type, "text");
	bool number = !strcmp(type, "int") || !strcmp(type, "decimal") || !strcmp(type, "money");
	const char *low = text ? "minLength" : "minimum", *high = text ? "maxLength" : "maximum";

	if ((text || number) && wn_json_type(wn_json_get(p, low)) == WN_JSON_NUMBER)
		wn_json_set_num(f, "min", wn_json_get_num(p, low, 0));
	if ((text || number) && wn_json_type(wn_json_get(p, high)) == WN_JSON_NUMBER)
		wn_json_set_num(f, "max", wn_json_get_num(p, high, 0));
	if (wn_json_get_num(f, "min", 0) > wn_json_get_num(f, "max", 1e300))
		wn_json_remove(f, "min");
	if (wn_json_get(p, "pattern"))
		import_lost(o->im, line_of(o, p), "%s: its pattern", what);
}

static void
set_enum(struct openapi *o, struct wn_json *f, const struct wn_json *p, const char *what)
{
	const struct wn_json *v = wn_json_first(wn_json_get(p, "enum"));

	if (!v)
		return;
	for (; v; v = wn_json_next(v))
		if (wn_json_type(v) == WN_JSON_STRING)
			import_enum_value(o->im, what, wn_str(wn_json_str(v, "")), line_of(o, p));
	wn_json_remove(f, "min");
	wn_json_remove(f, "max");
	if (wn_json_get(o->im->enums, what))
		import_use_enum(o->im, f, what);
}

static void
set_default(struct openapi *o, struct wn_json *f, const struct wn_json *p)
{
	const struct wn_json *v = wn_json_get(p, "default");
	struct wn_buf b;

	if (!v || wn_json_type(v) == WN_JSON_NULL)
		return;
	wn_buf_init(&b, 1000);
	if (wn_json_type(v) == WN_JSON_STRING)
		(void)wn_buf_cstr(&b, wn_json_str(v, ""));
	else
		(void)wn_json_print(v, &b);
	if (!b.err)
		import_default(o->im, f, wn_buf_view(&b), line_of(o, p));
	wn_buf_fini(&b);
}

static bool
is_required(const struct wn_json *schema, const char *name)
{
	const struct wn_json *r = wn_json_first(wn_json_get(schema, "required"));

	for (; r; r = wn_json_next(r))
		if (!strcmp(wn_json_str(r, ""), name))
			return true;
	return false;
}

/* A reference, or allOf with one in it: an order's customer. */
static const char *
target_of(const struct wn_json *p)
{
	const char *name = ref_name(p);

	return name ? name : ref_name(wn_json_first(wn_json_get(p, "allOf")));
}

static void
read_property(struct openapi *o, struct wn_json *entity, const char *of,
	      const struct wn_json *schema, const struct wn_json *p)
{
	const char *name = word(o, wn_json_key(p)), *target = target_of(p), *type;
	const char *items = ref_name(wn_json_get(p, "items"));
	const char *what = wn_arena_printf(o->im->arena, "%s.%s", of, name);
	const struct wn_json *shape = target ? wn_json_get(o->schemas, target) : p;
	struct wn_json *f;

	if (target && is_thing(o, target)) {
		import_link_add(o->im,
				(struct import_link){ of, name, word(o, target), NULL,
						      is_required(schema, name), line_of(o, p) });
		return;
	}
	if (items && is_thing(o, items)) {
		import_lost(o->im, line_of(o, p),
			    "%s: a list of %s; give %s a relation back if it belongs", what,
			    word(o, items), word(o, items));
		return;
	}
	type = field_type(shape, name);
	if (!type) {
		import_lost(o->im, line_of(o, p), "%s became JSON", what);
		type = "json";
	}
	f = import_field(o->im, entity, name, type, line_of(o, p));
	if (!f)
		return;
	set_bounds(o, f, shape, what);
	set_enum(o, f, shape, what);
	set_default(o, f, p);
	if (is_required(schema, name))
		wn_json_set_bool(f, "required", true);
}

static void
read_schema(struct openapi *o, struct wn_json *entity, const char *of, const struct wn_json *schema,
	    int depth)
{
	const struct wn_json *p = wn_json_first(wn_json_get(schema, "properties")), *part;

	for (; p; p = wn_json_next(p))
		read_property(o, entity, of, schema, p);
	for (part = wn_json_first(wn_json_get(schema, "allOf")); part && depth < DEPTH_MAX;
	     part = wn_json_next(part))
		read_schema(o, entity, of,
			    ref_name(part) ? wn_json_get(o->schemas, ref_name(part)) : part,
			    depth + 1);
	if (wn_json_get(schema, "oneOf") || wn_json_get(schema, "anyOf"))
		import_lost(o->im, line_of(o, schema), "%s: its alternatives", of);
}

/* Every operation but those on "/things" and "/things/{id}" that each thing gets anyway. */
static void
lose_paths(struct openapi *o)
{
	const struct wn_json *path = wn_json_first(wn_json_get(o->src->doc, "paths")), *m;

	for (; path; path = wn_json_next(path))
		for (m = wn_json_first(path); m; m = wn_json_next(m)) {
			const char *method = wn_json_key(m);
			bool verb = !strcmp(method, "get") || !strcmp(method, "post") ||
				    !strcmp(method, "put") || !strcmp(method, "patch") ||
				    !strcmp(method, "delete");
			size_t slashes = 0;

			for (const char *c = wn_json_key(path); *c; c++)
				slashes += *c == '/';
			if (verb &&
			    (slashes > 2 || (slashes == 2 && !strchr(wn_json_key(path), '{'))))
				import_lost(o->im, line_of(o, m), "the operation %s %s", method,
					    word(o, wn_json_key(path)));
		}
	if (wn_json_at(o->src->doc, "/components/securitySchemes") ||
	    wn_json_get(o->src->doc, "securityDefinitions"))
		import_lost(o->im, 0, "its ways to sign in; the platform has e-mail and password");
}

static wn_err
read_document(struct openapi *o)
{
	const struct wn_json *s;

	o->schemas = wn_json_at(o->src->doc, "/components/schemas");
	if (!o->schemas)
		o->schemas = wn_json_get(o->src->doc, "definitions");
	for (s = wn_json_first(o->schemas); s; s = wn_json_next(s))
		if (is_thing(o, wn_json_key(s)))
			(void)import_entity(o->im, word(o, wn_json_key(s)), line_of(o, s));
		else if (is_envelope(wn_json_key(s)))
			import_lost(o->im, line_of(o, s),
				    "the schema %s: a question or an answer, no thing",
				    word(o, wn_json_key(s)));
	for (s = wn_json_first(o->schemas); s; s = wn_json_next(s)) {
		struct wn_json *e = is_thing(o, wn_json_key(s))
					    ? import_find(o->im, word(o, wn_json_key(s)))
					    : NULL;

		if (e)
			read_schema(o, e, word(o, wn_json_key(s)), s, 0);
	}
	lose_paths(o);
	return WN_OK;
}

wn_err
import_openapi(struct import *im, struct wn_str text)
{
	struct blueprint_file file = { "openapi", text };
	struct blueprint_source src;
	struct openapi o = { im, &src, NULL };
	wn_err err = blueprint_source_read(&file, 1, &src);

	if (err && src.report.findings.len)
		err = wn_fail(im->d, err, "%zu:%zu: %s", src.report.findings.p[0].line,
			      src.report.findings.p[0].column, src.report.findings.p[0].text);
	else if (!err)
		err = read_document(&o);
	blueprint_source_fini(&src);
	return err;
}
