/*
 * Types to C: structs and enums in <unit>_types.h (model.h), their shapes in the .c beside it.
 */
#include "schemas/gen/emit.h"

#include <inttypes.h>

static const char *
unit_file(struct gen *g, const struct gen_unit *u, const char *suffix)
{
	return strcmp(u->name, "model") == 0
		       ? wn_arena_printf(&g->arena, "model.%s", suffix)
		       : wn_arena_printf(&g->arena, "%s_types.%s", u->name, suffix);
}

static bool
by_pointer(const struct gen_field *f)
{
	return !f->required && f->type->kind == GEN_OBJECT;
}

static const char *
c_type(struct gen *g, const struct gen_type *t)
{
	switch (t->kind) {
	case GEN_INTEGER:
	case GEN_INT64:
	case GEN_TIME:
		return "int64_t ";
	case GEN_NUMBER:
		return "double ";
	case GEN_BOOLEAN:
		return "bool ";
	case GEN_ENUM:
		return wn_arena_printf(&g->arena, "enum %s ", t->cname);
	case GEN_OBJECT:
	case GEN_ARRAY: /* a list */
		return wn_arena_printf(&g->arena, "struct %s ", t->cname);
	default:
		return "struct wn_str ";
	}
}

static const char *
unit_note(const struct gen_type *t)
{
	return t->kind == GEN_TIME  ? "milliseconds since 1970 UTC"
	       : t->kind == GEN_RAW ? "JSON text"
	       : t->kind == GEN_MAP ? "JSON text of an object"
				    : NULL;
}

static void
write_member(struct gen *g, struct wn_buf *b, const struct gen_field *f)
{
	const struct gen_type *t = f->type;
	const char *note = unit_note(t), *doc = f->doc;

	if (doc && note)
		doc = wn_arena_printf(&g->arena, "%s (%s)", doc, note);
	gen_comment(b, 1, doc ? doc : note);
	if (gen_has_flag(f))
		wn_buf_printf(b, "\tbool has_%s;\n", f->cname);
	if (t->kind == GEN_ARRAY)
		wn_buf_printf(b, "\t%s*%s;\n\tsize_t %s_len;\n", c_type(g, t->item), f->cname,
			      f->cname);
	else
		wn_buf_printf(b, "\t%s%s%s;\n", c_type(g, t), by_pointer(f) ? "*" : "", f->cname);
}

static void
write_functions(struct wn_buf *b, const char *c)
{
	wn_buf_printf(b,
		      "extern const struct wn_shape %s_shape;\n"
		      "wn_err %s_parse(struct wn_str json, struct wn_arena *arena,\n"
		      "\t\tstruct %s *out, struct wn_diag *d) WN_MUST;\n"
		      "wn_err %s_validate(const struct %s *v,\n\t\tstruct wn_diag *d) WN_MUST;\n"
		      "wn_err %s_print(const struct %s *v,\n\t\tstruct wn_buf *out);\n\n",
		      c, c, c, c, c, c, c);
}

static void
write_type(struct gen *g, struct wn_buf *b, const struct gen_type *t)
{
	const char *c = t->cname;

	gen_comment(b, 0, t->doc);
	if (t->kind == GEN_ENUM) {
		wn_buf_printf(b, "enum %s { /* 0: absent */\n", c);
		for (size_t i = 0; i < t->n; i++)
			wn_buf_printf(b, "\t%s%s%s\n", t->constants[i], i ? "" : " = 1",
				      i + 1 < t->n ? "," : "");
		wn_buf_printf(b,
			      "};\nconst char *%s_name(enum %s v);\n"
			      "enum %s %s_value(struct wn_str name);\n\n",
			      c, c, c, c);
	} else if (t->kind == GEN_ARRAY) {
		wn_buf_printf(b, "struct %s {\n\t%s*items;\n\tsize_t items_len;\n};\n\n", c,
			      c_type(g, t->item));
	} else {
		wn_buf_printf(b, "struct %s {\n", c);
		for (size_t i = 0; i < t->n; i++)
			if (t->fields[i].type)
				write_member(g, b, &t->fields[i]);
		if (t->n == 0)
			wn_buf_cstr(b, "\tbool unused; /* no members; C wants one */\n");
		wn_buf_cstr(b, "};\n");
		write_functions(b, c);
	}
}

/* --- shapes --- */

static const char *
kind_name(enum gen_kind k)
{
	static const char *const names[] = { "STRING", "INTEGER", "NUMBER", "BOOLEAN",
					     "ENUM",   "INT64",	  "TIME",   "RAW",
					     "MAP",    "OBJECT",  "ARRAY" };
	return names[k];
}

static void
write_bounds(struct wn_buf *b, const struct gen_type *t)
{
	if (t->has_lo)
		wn_buf_printf(b, ", .has_lo = true, .lo = %.17g", t->lo);
	if (t->has_hi)
		wn_buf_printf(b, ", .has_hi = true, .hi = %.17g", t->hi);
	if (t->min)
		wn_buf_printf(b, ", .min = %" PRIu64, t->min);
	if (t->has_max)
		wn_buf_printf(b, ", .has_max = true, .max = %" PRIu64, t->max);
	if (t->format)
		wn_buf_printf(b, ", .is_%s = true", t->format);
}

/* The address of a shape: by name for objects, else written in place. */
static void
write_shape(struct gen *g, struct wn_buf *b, const struct gen_unit *u, const struct gen_type *t)
{
	if (t->kind == GEN_OBJECT) {
		wn_buf_printf(b, "&%s_shape", t->cname);
		return;
	}
	wn_buf_printf(b, "&(const struct wn_shape){\n\t\t.kind = WN_SHAPE_%s", kind_name(t->kind));
	if (t->kind != GEN_ARRAY || t->boxed) {
		const char *size = c_type(g, t);
		wn_buf_printf(b, ", .size = sizeof(%.*s)", (int)strlen(size) - 1, size);
	}
	write_bounds(b, t);
	if (t->pattern) {
		/* A type of another file keeps its checker there: make one here as well. */
		struct gen_unit *mine = (struct gen_unit *)(uintptr_t)u;
		wn_buf_printf(b, ",\n\t\t.matches = %s, .pattern = ",
			      gen_pattern(g, mine, t->at, t->pattern));
		gen_literal(b, wn_str(t->pattern), 3);
	}
	if (t->kind == GEN_ENUM)
		wn_buf_printf(b, ",\n\t\t.values = %s_values, .n = %zu", t->cname, t->n);
	if (t->item) {
		wn_buf_cstr(b, ",\n\t\t.item = ");
		write_shape(g, b, u, t->item);
	}
	wn_buf_cstr(b, " }");
}

static void
write_field(struct gen *g, struct wn_buf *b, const struct gen_unit *u, const char *c,
	    const struct gen_field *f)
{
	wn_buf_printf(b, "\t{ .name = \"%s\",\n\t  .at = offsetof(struct %s, %s)", f->name, c,
		      f->cname);
	if (f->type->kind == GEN_ARRAY)
		wn_buf_printf(b, ",\n\t  .aux = offsetof(struct %s, %s_len)", c, f->cname);
	if (gen_has_flag(f))
		wn_buf_printf(b, ",\n\t  .has_flag = true, .aux = offsetof(struct %s, has_%s)", c,
			      f->cname);
	if (f->required)
		wn_buf_cstr(b, ", .required = true");
	if (by_pointer(f))
		wn_buf_cstr(b, ", .by_pointer = true");
	if (f->fallback) {
		wn_buf_cstr(b, ",\n\t  .fallback = ");
		gen_literal(b, wn_str(f->fallback), 3);
	}
	wn_buf_cstr(b, ",\n\t  .shape = ");
	write_shape(g, b, u, f->type);
	wn_buf_cstr(b, " },\n");
}

static void
write_object(struct gen *g, struct wn_buf *b, const struct gen_unit *u, const struct gen_type *t)
{
	const char *c = t->cname;

	if (t->n) {
		wn_buf_printf(b, "static const struct wn_shape_field %s_fields[] = {\n", c);
		for (size_t i = 0; i < t->n; i++)
			if (t->fields[i].type)
				write_field(g, b, u, c, &t->fields[i]);
		wn_buf_cstr(b, "};\n");
	}
	wn_buf_printf(b,
		      "const struct wn_shape %s_shape = {\n\t.kind = WN_SHAPE_OBJECT,\n"
		      "\t.size = sizeof(struct %s)",
		      c, c);
	if (t->n)
		wn_buf_printf(b, ",\n\t.fields = %s_fields,\n\t.n = %zu", c, t->n);
	wn_buf_printf(b,
		      "\n};\n\nwn_err\n%s_parse(struct wn_str json, struct wn_arena *arena,\n"
		      "\t\tstruct %s *out, struct wn_diag *d)\n{\n"
		      "\treturn wn_shape_parse%s(&%s_shape, json, arena, out, d);\n}\n\n",
		      c, c, t->tolerant ? "_tolerant" : "", c);
	wn_buf_printf(b,
		      "wn_err\n%s_validate(const struct %s *v,\n\t\tstruct wn_diag *d)\n{\n"
		      "\treturn wn_shape_validate(&%s_shape, v, d);\n}\n\n",
		      c, c, c);
	wn_buf_printf(b,
		      "wn_err\n%s_print(const struct %s *v,\n\t\tstruct wn_buf *out)\n{\n"
		      "\treturn wn_shape_print(&%s_shape, v, out);\n}\n\n",
		      c, c, c);
}

static void
write_enum(struct wn_buf *b, const struct gen_type *t)
{
	const char *c = t->cname;

	wn_buf_printf(b,
		      "const char *\n%s_name(enum %s v)\n{\n"
		      "\treturn wn_shape_enum_name(%s_values, %zu, (unsigned)v);\n}\n\n",
		      c, c, c, t->n);
	wn_buf_printf(b,
		      "enum %s\n%s_value(struct wn_str name)\n{\n"
		      "\treturn (enum %s)wn_shape_enum_value(\n\t\t%s_values, %zu, name);\n}\n\n",
		      c, c, c, c, t->n);
}

/* The wire names of every enum that the unit's shapes use, its own or the model's. */
static void
collect_values(struct gen *g, struct wn_buf *b, const struct gen_type *t, struct wn_map *seen)
{
	if (t->item)
		collect_values(g, b, t->item, seen);
	if (t->kind != GEN_ENUM || wn_map_set(seen, wn_str(t->cname), g))
		return;
	wn_buf_printf(b, "static const char *const %s_values[] = {\n", t->cname);
	for (size_t i = 0; i < t->n; i++) {
		wn_buf_cstr(b, "\t");
		gen_literal(b, wn_str(t->values[i]), 2);
		wn_buf_cstr(b, ",\n");
	}
	wn_buf_printf(b,
		      "};\n_Static_assert(sizeof(enum %s) == sizeof(unsigned),\n"
		      "\t\"shapes read enums as unsigned\");\n\n",
		      t->cname);
}

static void
write_values(struct gen *g, struct wn_buf *b, const struct gen_unit *u)
{
	struct wn_map seen;

	wn_map_init(&seen);
	for (size_t i = 0; i < u->types.len; i++) {
		const struct gen_type *t = u->types.p[i];
		collect_values(g, b, t, &seen);
		for (size_t k = 0; t->kind == GEN_OBJECT && k < t->n; k++)
			if (t->fields[k].type)
				collect_values(g, b, t->fields[k].type, &seen);
	}
	wn_map_fini(&seen, NULL);
}

static void
write_header(struct gen *g, const struct gen_unit *u, const char *from)
{
	const char *name = unit_file(g, u, "h");
	bool is_model = strcmp(u->name, "model") == 0;
	struct wn_buf b;

	gen_begin(&b, name, from,
		  "Structs hold what a message holds; text is borrowed from it or lives in the "
		  "arena.\n"
		  " * <x>_parse() errors carry a JSON Pointer in d->where. Any thread.");
	wn_buf_cstr(&b, "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n");
	if (!is_model)
		wn_buf_cstr(&b, "#include \"gen/model.h\"\n");
	wn_buf_cstr(&b, "#include \"runtime/base/arena.h\"\n#include \"runtime/base/buf.h\"\n"
			"#include \"runtime/base/error.h\"\n#include \"runtime/base/shape.h\"\n"
			"#include \"runtime/base/str.h\"\n\n");
	for (size_t i = 0; i < u->types.len; i++)
		write_type(g, &b, u->types.p[i]);
	if (b.p[b.len - 2] == '\n')
		wn_buf_cut(&b, b.len - 1);
	gen_end(g, &b, name);
}

static void
write_source(struct gen *g, const struct gen_unit *u, const char *from)
{
	const char *name = unit_file(g, u, "c");
	struct wn_buf b, body;

	wn_buf_init(&body, 64u << 20);
	for (size_t i = 0; i < u->types.len; i++) {
		if (u->types.p[i]->kind == GEN_OBJECT)
			write_object(g, &body, u, u->types.p[i]);
		else if (u->types.p[i]->kind == GEN_ENUM)
			write_enum(&body, u->types.p[i]);
	}
	gen_begin(&b, name, from, "The shapes behind the structs, and their functions.");
	wn_buf_printf(&b, "#include \"gen/%s\"\n\n", unit_file(g, u, "h"));
	write_values(g, &b, u);
	wn_buf_str(&b, wn_buf_view(&u->pattern_code));
	wn_buf_str(&b, wn_buf_view(&body));
	if (body.len)
		wn_buf_cut(&b, b.len - 1);
	wn_buf_fini(&body);
	gen_end(g, &b, name);
}

void
gen_emit_types(struct gen *g, const struct gen_unit *u)
{
	const char *from =
		strcmp(u->name, "model") == 0
			? "schemas/model"
			: wn_arena_printf(&g->arena, "schemas/{event,rpc}/%s.json", u->name);

	write_header(g, u, from);
	write_source(g, u, from);
}
