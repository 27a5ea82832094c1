/*
 * The expression language: operator first, total, typed. Finds the type of each part and says
 * what does not fit; never evaluates anything.
 */
#include "ai/blueprint/check_priv.h"

#define DEPTH_MAX 20

static const char *const type_names[] = {
	"something", "null",   "a condition", "a number", "text",
	"a date",    "a time", "a row",	      "a value",
};

bool
blueprint_check_types_fit(enum check_type a, enum check_type b)
{
	return a == CHECK_UNKNOWN || b == CHECK_UNKNOWN || a == b || a == CHECK_NULL ||
	       b == CHECK_NULL;
}

enum check_type
blueprint_check_field_type(const struct blueprint_thing *field)
{
	static const struct {
		const char *name;
		enum check_type type;
	} types[] = {
		{ "int", CHECK_NUMBER },   { "decimal", CHECK_NUMBER },
		{ "money", CHECK_NUMBER }, { "bool", CHECK_BOOL },
		{ "date", CHECK_DATE },	   { "datetime", CHECK_DATETIME },
		{ "json", CHECK_OTHER },   { "file", CHECK_OTHER },
		{ "image", CHECK_OTHER },
	};
	const char *name = wn_json_get_str(field->json, "type", "");
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (!strcmp(types[i].name, name))
			return types[i].type;
	return CHECK_TEXT;
}

bool
blueprint_check_is_system_name(const struct blueprint_thing *entity, const char *name)
{
	if (!strcmp(name, "id"))
		return true;
	if (!strcmp(name, "createdAt") || !strcmp(name, "updatedAt"))
		return blueprint_flag(entity, "timestamps");
	return !strcmp(name, "deletedAt") && blueprint_flag(entity, "softDelete");
}

/* The last part of a path. */
static enum check_type
end_of_path(struct check *c, const struct blueprint_thing *entity, const char *name,
	    const struct wn_json *where, const struct blueprint_thing **field_out)
{
	const struct blueprint_thing *f = blueprint_field(&c->ix, entity, name);
	if (f) {
		if (blueprint_type_is(f, "secret"))
			ERROR(c, "secret", where, "Secrets can be set and verified, never read.",
			      "\"%s\" is a secret and may not be used here.", name);
		*field_out = f;
		return blueprint_check_field_type(f);
	}
	if (blueprint_relation(&c->ix, entity, name) || blueprint_many_back(&c->ix, entity, name))
		return CHECK_ROW;
	if (blueprint_check_is_system_name(entity, name))
		return !strcmp(name, "id") ? CHECK_ROW : CHECK_DATETIME;
	ERROR(c, "expression", where, "Use the name of a field or relation of that entity.",
	      "\"%s\" has nothing called \"%s\".", entity->id, name);
	return CHECK_UNKNOWN;
}

enum check_type
blueprint_check_path(struct check *c, const struct blueprint_thing *entity, const char *path,
		     const struct wn_json *where, const struct blueprint_thing **field_out)
{
	struct wn_str rest = wn_str(path), part;
	const struct blueprint_thing *ignored;
	if (!field_out)
		field_out = &ignored;
	*field_out = NULL;
	while (entity && wn_str_split(&rest, '.', &part)) {
		char *name = wn_arena_strndup(&c->ix.arena, part.p, part.len);
		if (rest.len == 0)
			return end_of_path(c, entity, name, where, field_out);
		const struct blueprint_thing *r = blueprint_relation(&c->ix, entity, name);
		const struct blueprint_thing *back =
			r ? NULL : blueprint_many_back(&c->ix, entity, name);
		if (!r && !back) {
			ERROR(c, "expression", where, "Only relations lead on to another entity.",
			      "\"%s\" has no relation \"%s\".", entity->id, name);
			return CHECK_UNKNOWN;
		}
		entity = r ? blueprint_to(&c->ix, r) : blueprint_from(&c->ix, back);
	}
	return CHECK_UNKNOWN;
}

static enum check_type expr(struct check *c, const struct blueprint_thing *entity,
			    const struct wn_json *x, unsigned depth);

/* An operand: constant, path, "=text", or an expression. */
static enum check_type
operand(struct check *c, const struct blueprint_thing *entity, const struct wn_json *x,
	unsigned depth, const struct blueprint_thing **field_out)
{
	const char *s = wn_json_str(x, NULL);
	*field_out = NULL;
	switch (wn_json_type(x)) {
	case WN_JSON_NULL:
		return CHECK_NULL;
	case WN_JSON_BOOL:
		return CHECK_BOOL;
	case WN_JSON_NUMBER:
		return CHECK_NUMBER;
	case WN_JSON_STRING:
		return *s == '=' ? CHECK_TEXT : blueprint_check_path(c, entity, s, x, field_out);
	case WN_JSON_ARRAY:
		return expr(c, entity, x, depth + 1);
	default:
		return CHECK_UNKNOWN;
	}
}

static enum check_type
wants(struct check *c, const struct blueprint_thing *entity, const struct wn_json *x,
      enum check_type type, unsigned depth)
{
	const struct blueprint_thing *field;
	enum check_type got = operand(c, entity, x, depth, &field);
	if (!blueprint_check_types_fit(got, type))
		ERROR(c, "expression", x, "Use operands of the type that the operator works on.",
		      "Expected %s here, found %s.", type_names[type], type_names[got]);
	return got;
}

/* A constant compared with an enum must be one of its values. */
static void
enum_constant(struct check *c, const struct blueprint_thing *field, const struct wn_json *x)
{
	const char *s = wn_json_str(x, "");
	if (!blueprint_type_is(field, "enum") || *s != '=')
		return;
	for (EACH(v, wn_json_get(field->json, "values")))
		if (!strcmp(wn_json_get_str(v, "value", ""), s + 1))
			return;
	ERROR(c, "expression", x, "Use one of the values of the field.",
	      "\"%s\" is no value of \"%s\": this could never hold.", s + 1, field->id);
}

/* A date or time may be written as text. */
static bool
comparable(enum check_type a, enum check_type b)
{
	bool date_a = a == CHECK_DATE || a == CHECK_DATETIME || a == CHECK_TEXT || a == CHECK_ROW;
	bool date_b = b == CHECK_DATE || b == CHECK_DATETIME || b == CHECK_TEXT || b == CHECK_ROW;
	return blueprint_check_types_fit(a, b) ||
	       (date_a && date_b &&
		(a == CHECK_TEXT || b == CHECK_TEXT || (a != CHECK_ROW && b != CHECK_ROW)));
}

static enum check_type
compare(struct check *c, const struct blueprint_thing *entity, const struct wn_json *x,
	const struct wn_json *a, bool order, unsigned depth)
{
	const struct wn_json *b = wn_json_next(a);
	const struct blueprint_thing *fa, *fb;
	enum check_type ta = operand(c, entity, a, depth, &fa);
	enum check_type tb = operand(c, entity, b, depth, &fb);
	if (!comparable(ta, tb))
		ERROR(c, "expression", x, "Compare values of the same type.",
		      "%s cannot be compared with %s.", type_names[ta], type_names[tb]);
	else if (order && (ta == CHECK_BOOL || ta == CHECK_ROW || ta == CHECK_OTHER ||
			   ta == CHECK_NULL || tb == CHECK_NULL))
		ERROR(c, "expression", x, "Use eq, ne or isNull.", "%s has no order.",
		      type_names[ta == CHECK_NULL || tb != CHECK_NULL ? ta : tb]);
	if (fa)
		enum_constant(c, fa, b);
	if (fb)
		enum_constant(c, fb, a);
	return CHECK_BOOL;
}

static enum check_type
is_in(struct check *c, const struct blueprint_thing *entity, const struct wn_json *x,
      const struct wn_json *a, unsigned depth)
{
	const struct blueprint_thing *field;
	enum check_type type = operand(c, entity, a, depth, &field), got;
	const struct wn_json *list = wn_json_next(a);
	if (wn_json_type(list) != WN_JSON_ARRAY || wn_json_len(list) == 0) {
		ERROR(c, "expression", x, "Write [\"in\", path, [value, ...]].",
		      "\"in\" needs a list of values.");
		return CHECK_BOOL;
	}
	for (EACH(v, list)) {
		got = wn_json_type(v) == WN_JSON_NUMBER ? CHECK_NUMBER
		      : wn_json_type(v) == WN_JSON_BOOL ? CHECK_BOOL
		      : wn_json_type(v) == WN_JSON_NULL ? CHECK_NULL
							: CHECK_TEXT;
		if (!comparable(type, got))
			ERROR(c, "expression", v, "List values of the type of the field.",
			      "%s is never %s.", type_names[type], type_names[got]);
	}
	return CHECK_BOOL;
}

/* sum, count, has: over the rows that point here, by the relation's inverse name. */
static enum check_type
aggregate(struct check *c, const struct blueprint_thing *entity, const char *op,
	  const struct wn_json *a, unsigned depth)
{
	const char *name = wn_json_str(a, "");
	const struct blueprint_thing *r = blueprint_inverse(&c->ix, entity, name), *rows;
	const struct wn_json *rest = wn_json_next(a);
	if (!r) {
		ERROR(c, "expression", a, "Use the \"inverse\" name of a relation that leads here.",
		      "No relation leads back to \"%s\" under the name \"%s\".", entity->id, name);
		return CHECK_UNKNOWN;
	}
	rows = blueprint_to(&c->ix, r) == entity ? blueprint_from(&c->ix, r)
						 : blueprint_to(&c->ix, r);
	if (!strcmp(op, "sum")) {
		if (!rest)
			ERROR(c, "expression", a, "Write [\"sum\", rows, what].",
			      "\"sum\" does not say what to add up.");
		else if (rows)
			(void)wants(c, rows, rest, CHECK_NUMBER, depth);
		return CHECK_NUMBER;
	}
	if (rest && rows)
		(void)wants(c, rows, rest, CHECK_BOOL, depth);
	return !strcmp(op, "count") ? CHECK_NUMBER : CHECK_BOOL;
}

static bool
one_of(const char *op, const char *list)
{
	size_t n = strlen(op);
	for (const char *p = list; (p = strstr(p, op)) != NULL; p++)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == 0))
			return true;
	return false;
}

/* Operands that an operator needs at least and may have at most. */
static bool
count_fits(const char *op, size_t n)
{
	if (one_of(op, "now"))
		return n == 0;
	if (one_of(op, "not isNull"))
		return n == 1;
	if (one_of(op, "count has sum"))
		return n == 1 || n == 2;
	if (one_of(op, "and or add mul"))
		return n >= 1;
	return n == 2;
}

static enum check_type
expr(struct check *c, const struct blueprint_thing *entity, const struct wn_json *x, unsigned depth)
{
	const struct wn_json *first = wn_json_first(x), *a = wn_json_next(first);
	const char *op = wn_json_str(first, "");
	const struct blueprint_thing *field;
	if (!entity || !*op)
		return CHECK_UNKNOWN; /* reported elsewhere */
	if (depth > DEPTH_MAX) {
		ERROR(c, "expression", x, "Split it into computed fields.",
		      "The expression nests deeper than %d.", DEPTH_MAX);
		return CHECK_UNKNOWN;
	}
	if (!count_fits(op, wn_json_len(x) - 1)) {
		ERROR(c, "expression", x, "Give the operator the operands it works on.",
		      "\"%s\" cannot work on %zu operands.", op, wn_json_len(x) - 1);
		return CHECK_UNKNOWN;
	}
	if (one_of(op, "eq ne"))
		return compare(c, entity, x, a, false, depth);
	if (one_of(op, "lt le gt ge"))
		return compare(c, entity, x, a, true, depth);
	if (one_of(op, "in"))
		return is_in(c, entity, x, a, depth);
	if (one_of(op, "sum count has"))
		return aggregate(c, entity, op, a, depth);
	if (one_of(op, "now"))
		return CHECK_DATETIME;
	if (one_of(op, "isNull")) {
		(void)operand(c, entity, a, depth, &field);
		return CHECK_BOOL;
	}
	bool logic = one_of(op, "and or not");
	for (; a; a = wn_json_next(a))
		(void)wants(c, entity, a, logic ? CHECK_BOOL : CHECK_NUMBER, depth);
	return logic ? CHECK_BOOL : CHECK_NUMBER;
}

enum check_type
blueprint_check_expr(struct check *c, const struct blueprint_thing *entity, const struct wn_json *x)
{
	return wn_json_type(x) == WN_JSON_ARRAY ? expr(c, entity, x, 0) : CHECK_UNKNOWN;
}

void
blueprint_check_condition(struct check *c, const struct blueprint_thing *entity,
			  const struct wn_json *x)
{
	enum check_type type = blueprint_check_expr(c, entity, x);
	if (!blueprint_check_types_fit(type, CHECK_BOOL))
		ERROR(c, "expression", x, "Use a comparison, and, or, not.",
		      "Expected a condition, found %s.", type_names[type]);
}
