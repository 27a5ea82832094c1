/*
 * JSON Schema 2020-12 to types. The subset is in the tables below: a keyword that is not listed
 * for its type is an error that names file and pointer, never ignored.
 */
#include "schemas/gen/gen.h"

#include <math.h>

#include "runtime/base/shape.h"

#define NOTES "title", "description", "examples", "default", "$comment"

static const char *const on_any[] = { NOTES, NULL };
static const char *const on_ref[] = { NOTES, "$ref", NULL };
static const char *const on_string[] = { NOTES,	      "type",	 "enum",   "const", "minLength",
					 "maxLength", "pattern", "format", NULL };
static const char *const on_number[] = { NOTES, "type", "const", "minimum", "maximum", NULL };
static const char *const on_boolean[] = { NOTES, "type", "const", NULL };
static const char *const on_object[] = {
	NOTES, "type", "properties", "required", "additionalProperties", NULL
};
static const char *const on_array[] = { NOTES, "type", "items", "minItems", "maxItems", NULL };

static void
subset(struct gen *g, struct gen_node n, const char *const *allowed, const char *what)
{
	for (const struct wn_json *c = gen_members(g, n); c; c = wn_json_next(c)) {
		size_t i = 0;
		while (allowed[i] && strcmp(allowed[i], wn_json_key(c)) != 0)
			i++;
		if (!allowed[i])
			gen_error(g, gen_child(g, n, c, 0),
				  "the keyword \"%s\" is not in the subset for %s", wn_json_key(c),
				  what);
	}
}

static uint64_t
count(struct gen *g, struct gen_node n, const char *key)
{
	struct gen_node m = gen_get(g, n, key);
	int64_t v = 0;

	if (m.j && (wn_json_type(m.j) != WN_JSON_NUMBER || !wn_json_i64(m.j, &v) || v < 0))
		gen_error(g, m, "expected a whole number of at least 0");
	return v > 0 ? (uint64_t)v : 0;
}

static void
sizes(struct gen *g, struct gen_type *t, const char *min, const char *max)
{
	t->min = count(g, t->at, min);
	t->has_max = wn_json_get(t->at.j, max) != NULL;
	t->max = count(g, t->at, max);
	if (t->has_max && t->max < t->min)
		gen_error(g, t->at, "%s is less than %s", max, min);
}

static void
enum_values(struct gen *g, struct gen_type *t, struct gen_node values, const char *cname)
{
	size_t n = wn_json_len(values.j), i = 0;

	if (wn_json_type(values.j) != WN_JSON_ARRAY || n == 0) {
		gen_error(g, values, "expected an array of strings");
		return;
	}
	t->kind = GEN_ENUM;
	t->cname = cname;
	t->n = n;
	t->values = wn_arena_array(&g->arena, n, sizeof *t->values);
	t->constants = wn_arena_array(&g->arena, n, sizeof *t->constants);
	gen_take(g, t->at, cname);
	for (const struct wn_json *c = wn_json_first(values.j); c; c = wn_json_next(c), i++) {
		struct gen_node at = gen_child(g, values, c, i);
		if (!gen_is_type(g, at, WN_JSON_STRING, "a string (enums are of strings)"))
			continue;
		t->values[i] = wn_json_str(c, "");
		t->constants[i] = gen_upper(
			g, wn_arena_printf(&g->arena, "%s_%s", cname, gen_snake(g, t->values[i])));
		gen_take(g, at, t->constants[i]);
	}
}

static void
string_format(struct gen *g, struct gen_type *t, const char *format)
{
	if (strcmp(format, "int64") == 0)
		t->kind = GEN_INT64;
	else if (strcmp(format, "date-time") == 0)
		t->kind = GEN_TIME;
	else if (strcmp(format, "ulid") == 0 || strcmp(format, "uuid") == 0)
		t->format = format;
	else
		gen_error(g, gen_get(g, t->at, "format"),
			  "the format \"%s\" is not in the subset (int64, date-time, ulid, uuid)",
			  format);
	if (t->kind != GEN_STRING && (t->min || t->has_max || wn_json_get(t->at.j, "pattern")))
		gen_error(g, t->at, "the format \"%s\" takes no other constraint", format);
}

static void
string_type(struct gen *g, struct gen_unit *u, struct gen_type *t, const char *cname)
{
	struct gen_node values = gen_get(g, t->at, "enum"), pattern = gen_get(g, t->at, "pattern");
	struct gen_node constant = gen_get(g, t->at, "const");

	subset(g, t->at, on_string, "a string");
	t->kind = GEN_STRING;
	if (values.j) {
		enum_values(g, t, values, cname);
		wn_vec_push(&u->types, t);
		return;
	}
	if (constant.j) {
		struct wn_json *one = wn_json_new_array();
		wn_json_push(one, wn_json_copy(constant.j));
		wn_vec_push(&g->docs, one);
		enum_values(g, t, (struct gen_node){ t->at.file, one, constant.pointer }, cname);
		wn_vec_push(&u->types, t);
		return;
	}
	sizes(g, t, "minLength", "maxLength");
	if (pattern.j && gen_is_type(g, pattern, WN_JSON_STRING, "a string")) {
		t->pattern = wn_json_str(pattern.j, "");
		gen_pattern(g, NULL, pattern, t->pattern);
	}
	const char *format = gen_opt_str(g, t->at, "format", NULL);
	if (format)
		string_format(g, t, format);
}

static void
bound(struct gen *g, struct gen_type *t, const char *key, bool *has, double *value)
{
	struct gen_node m = gen_get(g, t->at, key);

	if (!m.j || !gen_is_type(g, m, WN_JSON_NUMBER, "a number"))
		return;
	*has = true;
	*value = wn_json_num(m.j, 0);
	if (t->kind == GEN_INTEGER && (*value != floor(*value) || fabs(*value) > 0x1p53))
		gen_error(g, m, "expected an integer within +-2^53");
}

static void
number_type(struct gen *g, struct gen_type *t, enum gen_kind kind)
{
	subset(g, t->at, on_number, "a number");
	t->kind = kind;
	bound(g, t, "minimum", &t->has_lo, &t->lo);
	bound(g, t, "maximum", &t->has_hi, &t->hi);
	if (wn_json_get(t->at.j, "const")) {
		bound(g, t, "const", &t->has_lo, &t->lo);
		bound(g, t, "const", &t->has_hi, &t->hi);
	}
	if (t->has_lo && t->has_hi && t->hi < t->lo)
		gen_error(g, t->at, "maximum is less than minimum");
}

static void
boolean_type(struct gen *g, struct gen_type *t)
{
	struct gen_node m = gen_get(g, t->at, "const");

	subset(g, t->at, on_boolean, "a boolean");
	t->kind = GEN_BOOLEAN;
	if (m.j && gen_is_type(g, m, WN_JSON_BOOL, "a boolean")) {
		t->has_lo = t->has_hi = true;
		t->lo = t->hi = wn_json_bool(m.j, false) ? 1 : 0;
	}
}

/* An array inside an array or a map is one value: a struct of pointer and length. */
static void
box(struct gen *g, struct gen_unit *u, struct gen_type *item, const char *cname)
{
	if (!item || item->kind != GEN_ARRAY || item->boxed)
		return;
	item->boxed = true;
	item->cname = cname;
	gen_take(g, item->at, cname);
	wn_vec_push(&u->types, item);
}

static void
array_type(struct gen *g, struct gen_unit *u, struct gen_type *t, const char *cname)
{
	struct gen_node items = gen_get(g, t->at, "items");

	subset(g, t->at, on_array, "an array");
	t->kind = GEN_ARRAY;
	sizes(g, t, "minItems", "maxItems");
	if (!items.j) {
		gen_error(g, t->at, "an array needs \"items\"");
		return;
	}
	t->item = gen_type(g, u, items, wn_arena_printf(&g->arena, "%s_item", cname));
	box(g, u, t->item, wn_arena_printf(&g->arena, "%s_item", cname));
}

static void
take_member(struct gen *g, struct wn_map *seen, struct gen_node at, const char *cname)
{
	if (wn_map_set(seen, wn_str(cname), g))
		gen_error(g, at, "two members become %s in C", cname);
}

bool
gen_has_flag(const struct gen_field *f)
{
	return !f->required && (f->type->kind == GEN_INTEGER || f->type->kind == GEN_NUMBER ||
				f->type->kind == GEN_BOOLEAN || f->type->kind == GEN_INT64 ||
				f->type->kind == GEN_TIME);
}

static void
member(struct gen *g, struct gen_unit *u, struct gen_type *t, struct gen_node at,
       struct gen_field *f, struct wn_map *seen)
{
	f->name = wn_json_key(at.j);
	f->cname = gen_ident(g, f->name);
	f->type = gen_type(g, u, at,
			   wn_arena_printf(&g->arena, "%s_%s", t->cname, gen_snake(g, f->name)));
	f->doc = wn_json_get_str(at.j, "description", f->type ? f->type->doc : NULL);
	take_member(g, seen, at, f->cname);
	if (!f->type)
		return;
	if (f->type->kind == GEN_OBJECT && f->type->building && f->required)
		gen_error(g, at, "an object cannot require itself");
	if (f->type->kind == GEN_ARRAY)
		take_member(g, seen, at, wn_arena_printf(&g->arena, "%s_len", f->cname));
	if (gen_has_flag(f))
		take_member(g, seen, at, wn_arena_printf(&g->arena, "has_%s", f->cname));
	if (wn_json_get(at.j, "default")) {
		if (f->required)
			gen_error(g, gen_get(g, at, "default"), "a required member has no default");
		f->fallback = gen_printed(g, wn_json_get(at.j, "default"));
	}
}

static void
object_members(struct gen *g, struct gen_unit *u, struct gen_type *t, struct gen_node props)
{
	struct gen_node required = gen_get(g, t->at, "required");
	struct wn_map seen;
	size_t n = gen_members(g, props) ? wn_json_len(props.j) : 0, i = 0;

	wn_map_init(&seen);
	t->fields = wn_arena_array(&g->arena, n + 1, sizeof *t->fields);
	if (n > WN_SHAPE_FIELDS_MAX)
		gen_error(g, props, "more than %d members", WN_SHAPE_FIELDS_MAX);
	for (const struct wn_json *c = gen_members(g, props); c; c = wn_json_next(c), i++) {
		for (const struct wn_json *r = wn_json_first(required.j); r; r = wn_json_next(r))
			if (strcmp(wn_json_str(r, ""), wn_json_key(c)) == 0)
				t->fields[i].required = true;
		member(g, u, t, gen_child(g, props, c, 0), &t->fields[i], &seen);
	}
	t->n = n;
	i = 0;
	for (const struct wn_json *r = wn_json_first(required.j); r; r = wn_json_next(r), i++)
		if (!wn_json_get(props.j, wn_json_str(r, "")))
			gen_error(g, gen_child(g, required, r, i),
				  "\"%s\" is required but not in properties", wn_json_str(r, ""));
	wn_map_fini(&seen, NULL);
}

static void
object_type(struct gen *g, struct gen_unit *u, struct gen_type *t, const char *cname)
{
	struct gen_node props = gen_get(g, t->at, "properties");
	struct gen_node more = gen_get(g, t->at, "additionalProperties");

	subset(g, t->at, on_object, "an object");
	if (!props.j && !(wn_json_type(more.j) == WN_JSON_BOOL && !wn_json_bool(more.j, true))) {
		/* free, or with a schema for every member: kept as JSON text */
		t->kind = GEN_MAP;
		if (wn_json_type(more.j) == WN_JSON_OBJECT)
			t->item =
				gen_type(g, u, more, wn_arena_printf(&g->arena, "%s_value", cname));
		box(g, u, t->item, wn_arena_printf(&g->arena, "%s_value", cname));
		if (wn_json_get(t->at.j, "required"))
			gen_error(g, gen_get(g, t->at, "required"), "needs \"properties\"");
		return;
	}
	t->kind = GEN_OBJECT;
	t->cname = cname;
	t->building = true;
	gen_take(g, t->at, cname);
	if (wn_json_type(more.j) != WN_JSON_BOOL || wn_json_bool(more.j, true))
		gen_error(g, t->at,
			  "an object with properties needs \"additionalProperties\": false");
	object_members(g, u, t, props);
	t->building = false;
	wn_vec_push(&u->types, t);
}

static struct gen_type *
build(struct gen *g, struct gen_unit *u, struct gen_type *t, const char *cname)
{
	struct gen_node type = gen_get(g, t->at, "type");
	const char *name = wn_json_str(type.j, "");

	t->doc = wn_json_get_str(t->at.j, "description", NULL);
	if (!type.j && (wn_json_get(t->at.j, "enum") || wn_json_get(t->at.j, "const")))
		name = "string";
	if (!type.j && !*name) {
		t->kind = GEN_RAW;
		subset(g, t->at, on_any, "a schema without \"type\"");
	} else if (strcmp(name, "string") == 0) {
		string_type(g, u, t, cname);
	} else if (strcmp(name, "integer") == 0) {
		number_type(g, t, GEN_INTEGER);
	} else if (strcmp(name, "number") == 0) {
		number_type(g, t, GEN_NUMBER);
	} else if (strcmp(name, "boolean") == 0) {
		boolean_type(g, t);
	} else if (strcmp(name, "array") == 0) {
		array_type(g, u, t, cname);
	} else if (strcmp(name, "object") == 0) {
		object_type(g, u, t, cname);
	} else {
		gen_error(g, type,
			  "expected one of string, integer, number, boolean, array, object");
		return NULL;
	}
	return t;
}

static struct gen_type *
new_type(struct gen *g, struct gen_node at)
{
	struct gen_type *t = WN_ARENA_NEW(&g->arena, struct gen_type);

	t->at = at;
	return t;
}

/* The type of <file>#/$defs/<name>, built once. */
static struct gen_type *
definition(struct gen *g, struct gen_file *f, const char *name)
{
	struct gen_node at = gen_get(g, gen_get(g, gen_root(f), "$defs"), name);
	const char *key = wn_arena_printf(&g->arena, "%s#%s", f->path, at.pointer);
	struct gen_type *t = wn_map_get(&g->defs, wn_str(key));

	if (t || !at.j || !gen_is_type(g, at, WN_JSON_OBJECT, "a schema (an object)"))
		return t;
	const char *cname =
		wn_arena_printf(&g->arena, "%s_%s", f->unit->prefix, gen_snake(g, name));
	if (wn_json_get(at.j, "$ref")) {
		t = gen_type(g, f->unit, at, cname);
		wn_map_set(&g->defs, wn_str(key), t);
		return t;
	}
	t = new_type(g, at);
	wn_map_set(&g->defs, wn_str(key), t);
	return build(g, f->unit, t, cname);
}

static struct gen_file *
find_file(struct gen *g, const char *kind, struct wn_str name)
{
	for (size_t i = 0; i < g->files.len; i++)
		if (strcmp(g->files.p[i]->kind, kind) == 0 && wn_str_is(name, g->files.p[i]->name))
			return g->files.p[i];
	return NULL;
}

static struct gen_type *
reference(struct gen *g, struct gen_node at, struct gen_node ref)
{
	struct wn_str s = wn_str(wn_json_str(ref.j, "")), uri = s, defs = WN_STR("/$defs/");
	struct wn_str model = WN_STR("urn:webnova:model:");
	struct gen_file *f = NULL;

	subset(g, at, on_ref, "a reference");
	wn_str_split(&s, '#', &uri);
	if (uri.len == 0) {
		for (size_t i = 0; i < g->files.len; i++)
			if (g->files.p[i] == at.file)
				f = g->files.p[i];
	} else if (wn_str_has_prefix(uri, model)) {
		f = find_file(g, "model", wn_str_sub(uri, model.len, uri.len));
	}
	struct gen_type *t = NULL;
	if (f && f->unit && s.p && wn_str_has_prefix(s, defs))
		t = definition(g, f, wn_arena_strndup(&g->arena, s.p + defs.len, s.len - defs.len));
	if (!t)
		gen_error(g, ref,
			  "\"%s\" names nothing; expected \"#/$defs/<name>\" or "
			  "\"urn:webnova:model:<file>#/$defs/<name>\"",
			  wn_json_str(ref.j, ""));
	return t;
}

struct gen_type *
gen_type(struct gen *g, struct gen_unit *u, struct gen_node schema, const char *cname)
{
	if (wn_json_type(schema.j) == WN_JSON_BOOL && wn_json_bool(schema.j, false)) {
		struct gen_type *t = new_type(g, schema);
		t->kind = GEN_RAW;
		return t;
	}
	if (!gen_is_type(g, schema, WN_JSON_OBJECT, "a schema (an object or true)"))
		return NULL;
	struct gen_node ref = gen_get(g, schema, "$ref");
	if (ref.j)
		return reference(g, schema, ref);
	return build(g, u, new_type(g, schema), cname);
}

void
gen_defs(struct gen *g, struct gen_file *f)
{
	struct gen_node defs = gen_get(g, gen_root(f), "$defs");

	for (const struct wn_json *c = gen_members(g, defs); c; c = wn_json_next(c))
		definition(g, f, wn_json_key(c));
}
