/*
 * Entities and fields: types, bounds, defaults, what goes together and what does not.
 */
#include <math.h>

#include "ai/blueprint/check_priv.h"
#include "runtime/base/regex.h"
#include "runtime/base/utf8.h"

static bool
type_in(const struct blueprint_thing *f, const char *const *types)
{
	for (; *types; types++)
		if (blueprint_type_is(f, *types))
			return true;
	return false;
}

static bool
is_numeric(const struct blueprint_thing *f)
{
	static const char *const types[] = { "int", "decimal", "money", NULL };
	return type_in(f, types);
}

/* Types whose min and max count characters. */
static bool
is_texty(const struct blueprint_thing *f)
{
	static const char *const types[] = { "string", "text", "markdown", "email", "url",
					     "phone",  "slug", "secret",   NULL };
	return type_in(f, types);
}

/* "12", "-3.50": amounts travel as text. */
static bool
is_decimal_text(const char *s)
{
	size_t digits = 0;
	s += *s == '-';
	for (; *s >= '0' && *s <= '9'; s++)
		digits++;
	if (*s == '.' && digits > 0)
		for (s++, digits = 0; *s >= '0' && *s <= '9'; s++)
			digits++;
	return digits > 0 && *s == 0;
}

static bool
matches(const char *pattern, const char *s)
{
	struct wn_regex *re;
	if (wn_regex_new(wn_str(pattern), &re, NULL) != WN_OK)
		return true; /* a bad pattern is reported where it stands */
	int found = wn_regex_match(re, wn_str(s));
	wn_regex_free(re);
	return found != 0;
}

static const char *
text_fault(const struct blueprint_thing *f, const char *s)
{
	static const struct {
		const char *type, *pattern, *fault;
	} shapes[] = {
		{ "date", "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$",
		  "is no date (2026-01-31)" },
		{ "datetime",
		  "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)$",
		  "is no time (2026-01-31T12:00:00Z)" },
		{ "email", "^[^@\\s]+@[^@\\s]+$", "is no e-mail address" },
		{ "url", "^[a-zA-Z][a-zA-Z0-9+.-]*:\\S+$", "is no address (https://...)" },
		{ "phone", "^\\+?[0-9 ().-]{3,}$", "is no phone number" },
		{ "slug", "^[a-z0-9]+(-[a-z0-9]+)*$", "is no slug (small-words-like-this)" },
		{ "uuid", "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", "is no UUID" },
	};
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (blueprint_type_is(f, shapes[i].type) && !matches(shapes[i].pattern, s))
			return shapes[i].fault;
	const char *pattern = wn_json_get_str(f->json, "pattern", NULL);
	return pattern && !matches(pattern, s) ? "does not match the field's pattern" : NULL;
}

static bool
is_enum_value(const struct blueprint_thing *f, const char *s)
{
	for (EACH(v, wn_json_get(f->json, "values")))
		if (!strcmp(wn_json_get_str(v, "value", ""), s))
			return true;
	return false;
}

static const char *
bounds_fault(const struct blueprint_thing *f, double v)
{
	const struct wn_json *min = wn_json_get(f->json, "min"), *max = wn_json_get(f->json, "max");
	if (min && v < wn_json_num(min, 0))
		return is_texty(f) ? "is too short" : "is below the minimum";
	if (max && v > wn_json_num(max, 0))
		return is_texty(f) ? "is too long" : "is above the maximum";
	return NULL;
}

static const char *
number_fault(const struct blueprint_thing *f, const struct wn_json *v)
{
	const char *s = wn_json_str(v, NULL);
	double num = wn_json_num(v, 0);
	if (blueprint_type_is(f, "int")) {
		if (wn_json_type(v) != WN_JSON_NUMBER || floor(num) != num)
			return "is no whole number";
	} else if (s) {
		if (!is_decimal_text(s))
			return "is no amount (write 12.50 or \"12.50\")";
		struct wn_json *parsed = NULL;
		if (wn_json_parse(wn_str(s), NULL, &parsed, NULL) == WN_OK)
			num = wn_json_num(parsed, 0);
		wn_json_free(parsed);
	} else if (wn_json_type(v) != WN_JSON_NUMBER) {
		return "is no number";
	}
	return bounds_fault(f, num);
}

static const char *
value_fault(const struct blueprint_thing *f, const struct wn_json *v)
{
	const char *s = wn_json_str(v, NULL);
	if (is_numeric(f))
		return number_fault(f, v);
	if (blueprint_type_is(f, "bool"))
		return wn_json_type(v) == WN_JSON_BOOL ? NULL : "is neither true nor false";
	if (blueprint_type_is(f, "json"))
		return NULL;
	if (!s)
		return "is no text";
	if (blueprint_type_is(f, "enum"))
		return is_enum_value(f, s) ? NULL : "is none of the field's values";
	const char *fault = text_fault(f, s);
	return !fault && is_texty(f) ? bounds_fault(f, (double)wn_utf8_count(wn_str(s))) : fault;
}

void
blueprint_check_value(struct check *c, const struct blueprint_thing *f, const struct wn_json *v,
		      const char *rule)
{
	if (!v || wn_json_type(v) == WN_JSON_NULL || !wn_json_get(f->json, "type"))
		return;
	const char *fault = value_fault(f, v);
	if (fault)
		ERROR(c, rule, v, "Write a value that the field itself would accept.",
		      "This value %s (field \"%s\", type %s).", fault, f->id,
		      wn_json_get_str(f->json, "type", "?"));
}

static void
check_bounds(struct check *c, const struct blueprint_thing *f)
{
	const struct wn_json *min = wn_json_get(f->json, "min"), *max = wn_json_get(f->json, "max");
	const struct wn_json *pattern = wn_json_get(f->json, "pattern");
	struct wn_regex *re = NULL;
	struct wn_diag d = { 0 };
	if (min && max && wn_json_num(min, 0) > wn_json_num(max, 0))
		ERROR(c, "field", min, "Swap or widen the bounds.",
		      "No value of \"%s\" can be at least min and at most max.", f->id);
	if ((min || max) && !is_numeric(f) && !is_texty(f))
		ERROR(c, "field", min ? min : max, "Remove the bound.",
		      "A field of type %s has no min or max.",
		      wn_json_get_str(f->json, "type", "?"));
	if (is_texty(f) && (wn_json_num(min, 0) < 0 || wn_json_num(max, 1) < 1))
		ERROR(c, "field", min ? min : max, "Lengths are whole numbers from 0 on.",
		      "This length makes no sense.");
	if (pattern && !is_texty(f))
		ERROR(c, "field", pattern, "Remove the pattern, or make it a text field.",
		      "A field of type %s takes no pattern.",
		      wn_json_get_str(f->json, "type", "?"));
	else if (pattern && wn_regex_new(wn_str(wn_json_str(pattern, "")), &re, &d) != WN_OK)
		ERROR(c, "field", pattern, "Write it as JavaScript would accept it.", "%s", d.text);
	wn_regex_free(re);
}

static void
check_secret(struct check *c, const struct blueprint_thing *f)
{
	static const char *const never[] = { "default",	 "search", "index", "unique",
					     "computed", "values", "copy",  "pattern" };
	if (!blueprint_type_is(f, "secret"))
		return;
	for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
		const struct wn_json *m = wn_json_get(f->json, never[i]);
		if (m && !(wn_json_type(m) == WN_JSON_BOOL && !wn_json_bool(m, false)))
			ERROR(c, "secret", m, "Remove it: a secret is kept as a hash only.",
			      "The secret \"%s\" can have no \"%s\".", f->id, never[i]);
	}
}

static void
check_computed(struct check *c, const struct blueprint_thing *f)
{
	static const char *const never[] = { "default", "from", "copy", "unique", "values" };
	const struct wn_json *computed = wn_json_get(f->json, "computed");
	if (!computed)
		return;
	enum check_type type = blueprint_check_expr(c, f->entity, computed);
	if (!blueprint_check_types_fit(type, blueprint_check_field_type(f)) &&
	    !(blueprint_check_field_type(f) == CHECK_DATE && type == CHECK_DATETIME))
		ERROR(c, "expression", computed, "Change the type of the field or the expression.",
		      "The expression does not give what a field of type %s holds.",
		      wn_json_get_str(f->json, "type", "?"));
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (wn_json_get(f->json, never[i]))
			ERROR(c, "field", wn_json_get(f->json, never[i]), "Remove one of the two.",
			      "A computed field cannot have \"%s\".", never[i]);
}

static void
check_enum(struct check *c, const struct blueprint_thing *f)
{
	const struct wn_json *values = wn_json_get(f->json, "values");
	bool is_enum = blueprint_type_is(f, "enum");
	if (is_enum && wn_json_len(values) == 0)
		ERROR(c, "field", f->json, "Add \"values\": [{\"value\": ...}].",
		      "The enum \"%s\" has no values.", f->id);
	if (!is_enum && values)
		ERROR(c, "field", values, "Make its type enum, or remove the values.",
		      "Only an enum has values.");
	for (EACH(v, values))
		for (const struct wn_json *o = wn_json_first(values); o && o != v;
		     o = wn_json_next(o))
			if (wn_json_equal(wn_json_get(o, "value"), wn_json_get(v, "value"))) {
				ERROR(c, "field", v, "Remove one of them.",
				      "The value \"%s\" is listed twice.",
				      wn_json_get_str(v, "value", ""));
				break;
			}
}

static void
check_sources(struct check *c, const struct blueprint_thing *f)
{
	const struct wn_json *copy = wn_json_get(f->json, "copy"),
			     *from = wn_json_get(f->json, "from");
	const struct blueprint_thing *source = NULL;
	if (from && !blueprint_type_is(f, "slug"))
		ERROR(c, "field", from, "Use \"copy\" or \"computed\".",
		      "Only a slug is made \"from\" a field.");
	if (from && !strcmp(wn_json_str(from, ""), f->id))
		ERROR(c, "field", from, "Name the field that holds the words.",
		      "A slug cannot be made from itself.");
	if (!copy)
		return;
	enum check_type type =
		blueprint_check_path(c, f->entity, wn_json_str(copy, ""), copy, &source);
	if (!blueprint_check_types_fit(type, blueprint_check_field_type(f)))
		ERROR(c, "field", copy, "Copy from a field of the same type.",
		      "What is copied does not fit a field of type %s.",
		      wn_json_get_str(f->json, "type", "?"));
}

static bool
is_workflow_field(struct check *c, const struct blueprint_thing *f)
{
	const struct blueprint_thing *w = blueprint_workflow(&c->ix, f->entity);
	return w && !strcmp(wn_json_get_str(w->json, "field", ""), f->id);
}

/* A required field that nobody fills in. */
static void
check_fillable(struct check *c, const struct blueprint_thing *f)
{
	bool made = wn_json_get(f->json, "computed") || wn_json_get(f->json, "copy") ||
		    wn_json_get(f->json, "from") || is_workflow_field(c, f) ||
		    (wn_json_get(f->json, "default") &&
		     wn_json_type(wn_json_get(f->json, "default")) != WN_JSON_NULL);
	if (blueprint_flag(f, "system") && blueprint_flag(f, "required") && !made)
		WARN(c, "field", f->json,
		     "Give it a default, computed or copy, or fill it in by a hook.",
		     "\"%s\" is required, but no person and no rule of the blueprint fills it in.",
		     f->id);
}

static void
check_field(struct check *c, const struct blueprint_thing *f)
{
	static const char *const reserved[] = { "id", "createdAt", "updatedAt", "deletedAt" };
	const struct wn_json *unique = wn_json_get(f->json, "unique");
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (!strcmp(blueprint_name(f), reserved[i]))
			ERROR(c, "name", wn_json_get(f->json, "name"), "Rename it.",
			      "Every entity has \"%s\" already.", reserved[i]);
	check_enum(c, f);
	check_bounds(c, f);
	check_secret(c, f);
	check_computed(c, f);
	check_sources(c, f);
	check_fillable(c, f);
	blueprint_check_value(c, f, wn_json_get(f->json, "default"), "default");
	blueprint_check_access(c, wn_json_get(f->json, "read"), f->entity, true);
	blueprint_check_access(c, wn_json_get(f->json, "write"), f->entity, true);
	if (!strcmp(wn_json_str(unique, ""), "tenant") &&
	    strcmp(wn_json_get_str(f->entity->json, "tenant", ""), "scoped") != 0)
		ERROR(c, "field", unique, "Set \"tenant\": \"scoped\" on the entity, or use true.",
		      "Unique in a tenant needs an entity that has tenants.");
}

static void
check_entity(struct check *c, const struct blueprint_thing *e)
{
	const struct blueprint_thing *key =
		blueprint_find(&c->ix, wn_json_get_str(e->json, "key", NULL), BLUEPRINT_FIELD);
	const struct blueprint_thing *title =
		blueprint_find(&c->ix, wn_json_get_str(e->json, "title", NULL), BLUEPRINT_FIELD);
	if (key && !blueprint_flag(key, "unique"))
		ERROR(c, "entity", wn_json_get(e->json, "key"), "Make the field unique.",
		      "\"%s\" cannot tell rows apart: it is not unique.", key->id);
	if (title && (blueprint_type_is(title, "secret") ||
		      blueprint_check_field_type(title) == CHECK_OTHER))
		ERROR(c, "entity", wn_json_get(e->json, "title"), "Choose a field people can read.",
		      "\"%s\" cannot name a row to people.", title->id);
	for (EACH(x, wn_json_get(e->json, "checks")))
		blueprint_check_condition(c, e, x);
	const struct wn_json *after = wn_json_get(wn_json_get(e->json, "retention"), "after");
	const struct blueprint_thing *f =
		blueprint_find(&c->ix, wn_json_str(after, NULL), BLUEPRINT_FIELD);
	if (f && blueprint_check_field_type(f) != CHECK_DATE &&
	    blueprint_check_field_type(f) != CHECK_DATETIME)
		ERROR(c, "entity", after, "Name a date or datetime field.",
		      "Retention is counted from a date, and \"%s\" is none.", f->id);
	if (after && !f && wn_json_str(after, NULL) &&
	    strncmp(wn_json_str(after, ""), "fld_", 4) != 0 &&
	    !blueprint_check_is_system_name(e, wn_json_str(after, "")))
		ERROR(c, "entity", after, "Set \"timestamps\": true on the entity.",
		      "\"%s\" has no \"%s\".", e->id, wn_json_str(after, ""));
	if (!strcmp(wn_json_get_str(e->json, "tenant", ""), "scoped") &&
	    !wn_json_get(wn_json_get(c->doc, "identity"), "tenant"))
		ERROR(c, "entity", wn_json_get(e->json, "tenant"),
		      "Name the tenant's entity in \"identity\".",
		      "There are no tenants in this blueprint.");
}

void
blueprint_check_entities(struct check *c)
{
	const struct blueprint_thing *t;
	for (THINGS(c, i, t)) {
		if (t->kind == BLUEPRINT_ENTITY)
			check_entity(c, t);
		else if (t->kind == BLUEPRINT_FIELD)
			check_field(c, t);
	}
}
