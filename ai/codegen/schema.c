/*
 * Field, view and body schemas, and the OpenAPI document around them.
 */
#include "ai/codegen/schema.h"

#include <string.h>

#include "ai/codegen/expr.h"
#include "ai/codegen/schema_priv.h"
#include "ai/codegen/sql.h"

#define INT_MAX_SAFE 9007199254740991.0

const char *
codegen_label(const struct wn_json *text, const char *locale, const char *fallback)
{
	const char *s = locale ? wn_json_get_str(text, locale, NULL) : NULL;

	if (!s)
		s = wn_json_get_str(text, "en", NULL);
	return s ? s : wn_json_str(wn_json_first(text), fallback);
}

static void
set_type(struct wn_json *s, const char *type, bool nullable)
{
	struct wn_json *list;

	if (!nullable) {
		wn_json_set_str(s, "type", type);
		return;
	}
	list = wn_json_set(s, "type", wn_json_new_array());
	wn_json_push(list, wn_json_new_str(wn_str(type)));
	wn_json_push(list, wn_json_new_str(WN_STR("null")));
}

static void
set_lengths(struct wn_json *s, const struct cg_field *f, double max, bool filled)
{
	double min = f->has_min ? f->min : 0;

	if (filled && min < 1)
		min = 1;
	if (min > 0)
		wn_json_set_num(s, "minLength", min);
	wn_json_set_num(s, "maxLength", f->has_max ? f->max : max);
}

static void
text_schema(struct wn_json *s, const struct cg_field *f, bool filled)
{
	bool line = f->type == CG_STRING;

	set_lengths(s, f, line ? 500 : 100000, filled);
	wn_json_set_str(s, "pattern",
			f->pattern ? f->pattern
			: line	   ? "^[^\\u0000-\\u001f]*$"
				   : "^[^\\u0000]*$");
}

static void
number_schema(struct wn_json *s, const struct cg_field *f)
{
	if (f->type == CG_INT || f->has_min)
		wn_json_set_num(s, "minimum", f->has_min ? f->min : -INT_MAX_SAFE);
	if (f->type == CG_INT || f->has_max)
		wn_json_set_num(s, "maximum", f->has_max ? f->max : INT_MAX_SAFE);
}

static void
money_schema(const struct cg_model *m, struct wn_json *s, const struct cg_field *f)
{
	const char *sign = f->has_min && f->min >= 0 ? "" : "-?";

	wn_json_set_str(s, "pattern",
			m->scale == 0
				? wn_arena_printf(m->arena, "^%s[0-9]{1,12}$", sign)
				: wn_arena_printf(m->arena, "^%s[0-9]{1,12}(\\.[0-9]{1,%u})?$",
						  sign, m->scale));
	wn_json_set_str(s, "description", "An amount of money as decimal text.");
}

static void
enum_schema(struct wn_json *s, const struct cg_field *f, bool nullable)
{
	struct wn_json *list = wn_json_set(s, "enum", wn_json_new_array());
	const struct wn_json *c;

	for (c = wn_json_first(f->values); c; c = wn_json_next(c))
		wn_json_push(list, wn_json_new_str(wn_str(wn_json_get_str(c, "value", ""))));
	if (nullable)
		wn_json_push(list, wn_json_new_null());
}

static void
special_schema(struct wn_json *s, const struct cg_field *f)
{
	switch (f->type) {
	case CG_DATE:
		wn_json_set_str(s, "format", "date");
		break;
	case CG_DATETIME:
		wn_json_set_str(s, "format", "date-time");
		break;
	case CG_EMAIL:
		wn_json_set_str(s, "format", "email");
		wn_json_set_num(s, "maxLength", 254);
		break;
	case CG_URL:
		wn_json_set_str(s, "pattern", "^https?://[^\\s]+$");
		wn_json_set_num(s, "maxLength", 2000);
		break;
	case CG_PHONE:
		wn_json_set_str(s, "pattern", "^\\+?[0-9 ()-]{5,24}$");
		break;
	case CG_SLUG:
		wn_json_set_num(s, "maxLength", 120);
		wn_json_set_num(s, "minLength", 1);
		break;
	case CG_UUID:
		wn_json_set_str(s, "format", "uuid");
		break;
	default:
		break;
	}
}

struct wn_json *
codegen_field_schema(const struct cg_model *m, const struct cg_field *f, bool nullable, bool filled)
{
	struct wn_json *s = wn_json_new_object();

	switch (f->type) {
	case CG_INT:
		set_type(s, "integer", nullable);
		number_schema(s, f);
		return s;
	case CG_DECIMAL:
		set_type(s, "number", nullable);
		number_schema(s, f);
		return s;
	case CG_BOOL:
		set_type(s, "boolean", nullable);
		return s;
	case CG_JSON:
		return s;
	default:
		set_type(s, "string", nullable);
	}
	if (f->type == CG_STRING || f->type == CG_TEXT || f->type == CG_MARKDOWN)
		text_schema(s, f, filled);
	else if (f->type == CG_MONEY)
		money_schema(m, s, f);
	else if (f->type == CG_ENUM)
		enum_schema(s, f, nullable);
	else
		special_schema(s, f);
	return s;
}

struct wn_json *
codegen_object_schema(struct wn_json **properties_out, struct wn_json **required_out)
{
	struct wn_json *s = wn_json_new_object();

	wn_json_set_str(s, "type", "object");
	wn_json_set_bool(s, "additionalProperties", false);
	*required_out = wn_json_set(s, "required", wn_json_new_array());
	*properties_out = wn_json_set(s, "properties", wn_json_new_object());
	return s;
}

struct wn_json *
codegen_ref(const struct cg_model *m, const char *name)
{
	struct wn_json *s = wn_json_new_object();

	wn_json_set_str(s, "$ref", wn_arena_printf(m->arena, "#/components/schemas/%s", name));
	return s;
}

static struct wn_json *
nullable_ref(const struct cg_model *m, const char *name)
{
	struct wn_json *s = wn_json_new_object(), *list = wn_json_new_array(),
		       *null = wn_json_new_object();

	wn_json_push(list, codegen_ref(m, name));
	wn_json_set_str(null, "type", "null");
	wn_json_push(list, null);
	wn_json_set(s, "anyOf", list);
	return s;
}

static struct wn_json *
text_of_format(const char *format)
{
	struct wn_json *s = wn_json_new_object();

	wn_json_set_str(s, "type", "string");
	if (format)
		wn_json_set_str(s, "format", format);
	return s;
}

static struct wn_json *array_of(struct wn_json *items);

struct wn_json *
codegen_shown_schema(const struct cg_model *m, const struct cg_field *f, bool nullable)
{
	static const char *const rules[] = { "pattern", "minLength", "maxLength", "minimum",
					     "maximum" };
	struct wn_json *s = codegen_field_schema(m, f, nullable, false);

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		wn_json_remove(s, rules[i]);
	return s;
}

static struct wn_json *
calc_schema(const struct cg_model *m, const struct cg_calc *c)
{
	struct wn_json *s;

	if (c->kind == CG_PLUCK)
		return array_of(codegen_shown_schema(m, c->field, !c->field->required));
	s = wn_json_new_object();
	if (c->kind == CG_VIEWER_IN)
		wn_json_set_str(s, "type", "boolean");
	else if (c->kind == CG_COUNT)
		wn_json_set_str(s, "type", "integer");
	return s;
}

static struct wn_json *
view_property(const struct cg_model *m, const struct cg_entity *e, const char *name)
{
	const struct cg_field *f = codegen_field(e, name);
	const struct cg_relation *r = codegen_relation(e, name);
	struct cg_side side = codegen_side(m, e, name);

	if (f)
		return codegen_shown_schema(m, f, !f->required && !f->computed && !f->from);
	if (side.link)
		return array_of(!side.back && side.link->by
					? codegen_shown_schema(m, side.link->by, false)
					: codegen_ref(m, "Reference"));
	if (r)
		return r->required ? codegen_ref(m, "Reference") : nullable_ref(m, "Reference");
	return text_of_format(strcmp(name, "id") == 0 ? "uuid" : "date-time");
}

static bool
is_embedded(const struct cg_view *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->n_embeds; i++)
		if (strcmp(v->embeds[i], name) == 0)
			return true;
	return false;
}

static struct wn_json *
view_schema(const struct cg_model *m, const struct cg_view *v)
{
	struct wn_json *props, *required, *s = codegen_object_schema(&props, &required);
	size_t i;

	for (i = 0; i < v->n_names; i++) {
		const struct cg_field *f = codegen_field(v->entity, v->names[i]);

		if (is_embedded(v, v->names[i]))
			continue;
		wn_json_set(props, v->names[i], view_property(m, v->entity, v->names[i]));
		if (!f || !f->read)
			wn_json_push(required, wn_json_new_str(wn_str(v->names[i])));
	}
	for (i = 0; i < v->n_embeds; i++) {
		const struct cg_relation *r = codegen_relation(v->entity, v->embeds[i]);
		const char *inner = v->embed_views[i]->schema;

		wn_json_push(required, wn_json_new_str(wn_str(v->embeds[i])));
		if (r) {
			wn_json_set(props, v->embeds[i],
				    r->required ? codegen_ref(m, inner) : nullable_ref(m, inner));
			continue;
		}
		wn_json_set(props, v->embeds[i], array_of(codegen_ref(m, inner)));
	}
	for (i = 0; i < v->n_calcs; i++) {
		wn_json_set(props, v->calcs[i].name, calc_schema(m, &v->calcs[i]));
		wn_json_push(required, wn_json_new_str(wn_str(v->calcs[i].name)));
	}
	return s;
}

/* ---- bodies -------------------------------------------------------------------------------- */

static bool
in_names(const struct wn_json *list, const char *name)
{
	const struct wn_json *c;

	for (c = wn_json_first(list); c; c = wn_json_next(c))
		if (strcmp(wn_json_str(c, ""), name) == 0)
			return true;
	return false;
}

static bool
chosen(const struct cg_op *op, const char *name)
{
	const struct wn_json *fields = wn_json_get(op->input, "fields");

	return (!fields || in_names(fields, name)) &&
	       !in_names(wn_json_get(op->input, "omit"), name);
}

static bool
takes_field(const struct cg_model *m, const struct cg_op *op, const struct cg_field *f)
{
	if (f->system || f->computed || f->copy || f == op->entity->workflow ||
	    !chosen(op, f->name))
		return false;
	if (f->type == CG_SECRET)
		return f == m->secret && op->kind == CG_REGISTER;
	return op->kind != CG_REGISTER || !f->write;
}

/* The owner is the viewer unless somebody may name another; a part stays where it was made. */
static bool
takes_relation(const struct cg_model *m, const struct cg_op *op, const struct cg_relation *r)
{
	if (r->read_only || r == op->parent || !chosen(op, r->name))
		return false;
	if (r->owner && r->to == m->user && !r->write)
		return false;
	return !(r->part && op->kind == CG_UPDATE);
}

size_t
codegen_inputs(const struct cg_model *m, const struct cg_op *op, struct codegen_input *list)
{
	const struct cg_entity *e = op->entity;
	size_t i, n = 0;

	if (op->kind != CG_CREATE && op->kind != CG_REGISTER && op->kind != CG_UPDATE)
		return 0;
	for (i = 0; i < e->n_fields; i++) {
		const struct cg_field *f = &e->fields[i];

		if (takes_field(m, op, f))
			list[n++] =
				(struct codegen_input){ f,
							NULL,
							NULL,
							f->name,
							f == m->secret || (f->required && !f->def),
							f->write };
	}
	for (i = 0; i < e->n_rels; i++) {
		const struct cg_relation *r = e->rels[i];
		bool own = r->owner && r->to == m->user;

		if (takes_relation(m, op, r))
			list[n++] = (struct codegen_input){
				NULL, r, NULL, r->key, r->required && !own, r->write
			};
	}
	for (i = 0; i < e->n_links && op->kind != CG_REGISTER; i++) {
		const struct cg_link *l = e->links[i];

		if (!l->read_only && chosen(op, l->name))
			list[n++] =
				(struct codegen_input){ NULL, NULL, l, l->key, false, l->write };
	}
	return n;
}

static struct wn_json *
id_schema(bool nullable)
{
	struct wn_json *s = wn_json_new_object();

	set_type(s, "string", nullable);
	wn_json_set_str(s, "format", "uuid");
	return s;
}

static struct wn_json *
array_of(struct wn_json *items)
{
	struct wn_json *s = wn_json_new_object();

	wn_json_set_str(s, "type", "array");
	wn_json_set(s, "items", items);
	return s;
}

/* The rows that a row is linked with: all of them, once each. */
static struct wn_json *
link_schema(const struct cg_model *m, const struct cg_link *l)
{
	struct wn_json *s =
		array_of(l->by ? codegen_field_schema(m, l->by, false, true) : id_schema(false));

	wn_json_set_num(s, "maxItems", 100);
	wn_json_set_bool(s, "uniqueItems", true);
	return s;
}

static struct wn_json *
secret_schema(const struct cg_field *f)
{
	struct wn_json *s = wn_json_new_object();

	wn_json_set_str(s, "type", "string");
	wn_json_set_num(s, "minLength", f->has_min ? f->min : 8);
	wn_json_set_num(s, "maxLength", 200);
	wn_json_set_str(s, "format", "password");
	return s;
}

struct wn_json *
codegen_body_schema(const struct cg_model *m, const struct cg_op *op)
{
	struct wn_json *props, *required, *s = codegen_object_schema(&props, &required);
	struct codegen_input *list = wn_arena_array(
		m->arena, op->entity->n_fields + op->entity->n_rels + op->entity->n_links,
		sizeof *list);
	bool all = op->kind != CG_UPDATE || strcmp(op->method, "PUT") == 0;
	size_t i, n = codegen_inputs(m, op, list);

	for (i = 0; i < n; i++) {
		const struct codegen_input *in = &list[i];

		if (in->field && in->field == m->secret)
			wn_json_set(props, in->name, secret_schema(in->field));
		else if (in->field)
			wn_json_set(props, in->name,
				    codegen_field_schema(m, in->field, !in->field->required,
							 in->field->required));
		else if (in->link)
			wn_json_set(props, in->name, link_schema(m, in->link));
		else
			wn_json_set(props, in->name, id_schema(!in->rel->required));
		if (all && in->required)
			wn_json_push(required, wn_json_new_str(wn_str(in->name)));
	}
	if (!all)
		wn_json_set_num(s, "minProperties", 1);
	return s;
}

struct wn_json *
codegen_login_schema(const struct cg_model *m)
{
	struct wn_json *props, *required, *s = codegen_object_schema(&props, &required), *p;

	p = wn_json_set(props, m->login->name, wn_json_new_object());
	wn_json_set_str(p, "type", "string");
	wn_json_set_num(p, "maxLength", 254);
	p = wn_json_set(props, m->secret->name, wn_json_new_object());
	wn_json_set_str(p, "type", "string");
	wn_json_set_num(p, "maxLength", 200);
	wn_json_set_str(p, "format", "password");
	wn_json_push(required, wn_json_new_str(wn_str(m->login->name)));
	wn_json_push(required, wn_json_new_str(wn_str(m->secret->name)));
	return s;
}

/* ---- components ---------------------------------------------------------------------------- */

static struct wn_json *
reference_schema(void)
{
	struct wn_json *props, *required, *s = codegen_object_schema(&props, &required);

	wn_json_set(props, "id", text_of_format("uuid"));
	wn_json_set(props, "label", text_of_format(NULL));
	wn_json_push(required, wn_json_new_str(WN_STR("id")));
	wn_json_push(required, wn_json_new_str(WN_STR("label")));
	return s;
}

static struct wn_json *
problem_schema(void)
{
	static const char text[] =
		"{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"code\"],"
		"\"properties\":{"
		"\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"status\":{"
		"\"type\":\"integer\"},"
		"\"code\":{\"type\":\"string\"},\"requestId\":{\"type\":\"string\"},\"fields\":{"
		"\"type\":\"object\","
		"\"additionalProperties\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}}";
	struct wn_json *s = NULL;

	return wn_json_parse(wn_str(text), NULL, &s, NULL) ? wn_json_new_object() : s;
}

struct wn_json *
codegen_components(const struct cg_model *m)
{
	struct wn_json *schemas = wn_json_new_object();
	size_t i;

	for (i = 0; i < m->n_views; i++)
		wn_json_set(schemas, m->views[i].schema, view_schema(m, &m->views[i]));
	wn_json_set(schemas, "Reference", reference_schema());
	wn_json_set(schemas, "Problem", problem_schema());
	return schemas;
}
