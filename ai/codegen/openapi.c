/*
 * The OpenAPI 3.1 document: one path item for each path, in the order of the blueprint.
 */
#include <string.h>

#include "ai/codegen/expr.h"
#include "ai/codegen/schema.h"
#include "ai/codegen/schema_priv.h"
#include "ai/codegen/sql.h"

static struct wn_json *
str_schema(const char *format, double max)
{
	struct wn_json *s = wn_json_new_object();

	wn_json_set_str(s, "type", "string");
	if (format)
		wn_json_set_str(s, "format", format);
	if (max > 0)
		wn_json_set_num(s, "maxLength", max);
	return s;
}

static void
add_parameter(struct wn_json *list, const char *name, const char *in, bool required,
	      struct wn_json *schema)
{
	struct wn_json *p = wn_json_push(list, wn_json_new_object());

	wn_json_set_str(p, "name", name);
	wn_json_set_str(p, "in", in);
	wn_json_set_bool(p, "required", required);
	wn_json_set(p, "schema", schema);
}

size_t
codegen_sorts(const struct cg_model *m, const struct cg_op *op, const char ***names_out)
{
	const struct cg_view *v = op->view;
	const char **names = wn_arena_array(m->arena, v->n_names + 1, sizeof *names);
	const char *first = op->sort + (op->sort[0] == '-');
	size_t i, n = 0;

	if (codegen_sql_sort(m, op->entity, first))
		names[n++] = first;
	for (i = 0; i < v->n_names; i++)
		if (strcmp(v->names[i], first) != 0 && codegen_sql_sort(m, op->entity, v->names[i]))
			names[n++] = v->names[i];
	*names_out = names;
	return n;
}

static struct wn_json *
sort_schema(const struct cg_model *m, const struct cg_op *op)
{
	struct wn_json *s = wn_json_new_object(), *list = wn_json_new_array();
	const char **names;
	size_t i, n = codegen_sorts(m, op, &names);

	wn_json_set_str(s, "type", "string");
	for (i = 0; i < n; i++) {
		wn_json_push(list, wn_json_new_str(wn_str(names[i])));
		wn_json_push(list,
			     wn_json_new_str(wn_str(wn_arena_printf(m->arena, "-%s", names[i]))));
	}
	wn_json_set(s, "enum", list);
	wn_json_set_str(s, "default", op->sort);
	return s;
}

static struct wn_json *
limit_schema(const struct cg_op *op)
{
	struct wn_json *s = wn_json_new_object();

	wn_json_set_str(s, "type", "integer");
	wn_json_set_num(s, "minimum", 1);
	wn_json_set_num(s, "maximum", op->max);
	wn_json_set_num(s, "default", op->limit);
	return s;
}

static void
list_parameters(const struct cg_model *m, const struct cg_op *op, struct wn_json *list)
{
	size_t i;

	for (i = 0; i < op->n_filters; i++) {
		const struct cg_filter *f = &op->filters[i];
		struct wn_json *s = f->field ? codegen_field_schema(m, f->field, false, false)
				    : f->rel || f->side.link ? str_schema("uuid", 0)
							     : str_schema(NULL, 200);

		if (f->field)
			wn_json_remove(s, "minLength");
		add_parameter(list, f->name, "query", false, s);
	}
	add_parameter(list, "sort", "query", false, sort_schema(m, op));
	add_parameter(list, "limit", "query", false, limit_schema(op));
	add_parameter(list, "cursor", "query", false, str_schema(NULL, 2000));
}

static struct wn_json *
parameters(const struct cg_model *m, const struct cg_op *op)
{
	struct wn_json *list = wn_json_new_array();

	if (op->parent_param)
		add_parameter(list, op->parent_param, "path", true, str_schema(NULL, 200));
	if (op->param)
		add_parameter(list, op->param, "path", true, str_schema(NULL, 200));
	if (op->kind == CG_LIST)
		list_parameters(m, op, list);
	return list;
}

/* {"content": {TYPE: {"schema": s}}} under `holder`. */
static void
set_content(struct wn_json *holder, const char *type, struct wn_json *schema)
{
	struct wn_json *content = wn_json_set(holder, "content", wn_json_new_object());
	struct wn_json *media = wn_json_set(content, type, wn_json_new_object());

	wn_json_set(media, "schema", schema);
}

static struct wn_json *
answer_schema(const struct cg_model *m, const struct cg_op *op)
{
	struct wn_json *props, *required, *s = codegen_object_schema(&props, &required), *p, *t;
	bool bearer =
		strcmp(wn_json_get_str(wn_json_at(m->doc, "/identity/token"), "scheme", "both"),
		       "cookie") != 0;

	wn_json_push(required, wn_json_new_str(wn_str(op->as)));
	if (op->kind == CG_LIST) {
		p = wn_json_set(props, op->as, wn_json_new_object());
		wn_json_set_str(p, "type", "array");
		wn_json_set(p, "items", codegen_ref(m, op->view->schema));
		wn_json_push(required, wn_json_new_str(WN_STR("next")));
		p = wn_json_set(props, "next", wn_json_new_object());
		t = wn_json_set(p, "type", wn_json_new_array());
		wn_json_push(t, wn_json_new_str(WN_STR("string")));
		wn_json_push(t, wn_json_new_str(WN_STR("null")));
		wn_json_set_str(p, "description",
				"Give it as cursor to get the next page; null on the last.");
		if (op->count) {
			wn_json_push(required, wn_json_new_str(wn_str(op->count)));
			p = wn_json_set(props, op->count, wn_json_new_object());
			wn_json_set_str(p, "type", "integer");
		}
		return s;
	}
	if (op->kind == CG_VALUES) {
		p = wn_json_set(props, op->as, wn_json_new_object());
		wn_json_set_str(p, "type", "array");
		wn_json_set(p, "items", codegen_shown_schema(m, op->values, false));
		return s;
	}
	wn_json_set(props, op->as, codegen_ref(m, op->view->schema));
	if ((op->kind == CG_LOGIN || op->kind == CG_REGISTER) && bearer) {
		wn_json_push(required, wn_json_new_str(WN_STR("token")));
		wn_json_set(props, "token", str_schema(NULL, 0));
	}
	return s;
}

static void
add_problem(struct wn_json *responses, const char *status, const char *what)
{
	struct wn_json *r = wn_json_set(responses, status, wn_json_new_object());
	struct wn_json *ref = wn_json_new_object();

	wn_json_set_str(r, "description", what);
	wn_json_set_str(ref, "$ref", "#/components/schemas/Problem");
	set_content(r, "application/problem+json", ref);
}

static struct wn_json *
responses(const struct cg_model *m, const struct cg_op *op)
{
	struct wn_json *all = wn_json_new_object(), *ok;
	bool none = op->kind == CG_DELETE || op->kind == CG_LOGOUT;
	bool made = op->kind == CG_CREATE || op->kind == CG_REGISTER;

	ok = wn_json_set(all, none ? "204" : made ? "201" : "200", wn_json_new_object());
	wn_json_set_str(ok, "description", none ? "Done" : made ? "Made" : "Found");
	if (!none)
		set_content(ok, "application/json", answer_schema(m, op));
	add_problem(all, "400", "Not readable");
	if (!codegen_access_open(op->access) || op->kind == CG_LOGIN)
		add_problem(all, "401", "Not signed in");
	if (!codegen_access_open(op->access))
		add_problem(all, "403", "Not allowed");
	if (op->param || op->parent_param)
		add_problem(all, "404", "Not there");
	if (made || op->kind == CG_UPDATE || op->kind == CG_DELETE || op->kind == CG_TRANSITION)
		add_problem(all, "409", "Collides with what is there");
	add_problem(all, "422", "Not acceptable");
	if (op->limits)
		add_problem(all, "429", "Too many requests");
	return all;
}

static struct wn_json *
security(const struct cg_op *op)
{
	struct wn_json *list = wn_json_new_array(), *one;

	if (codegen_access_open(op->access))
		return list;
	one = wn_json_push(list, wn_json_new_object());
	wn_json_set(one, "cookie", wn_json_new_array());
	one = wn_json_push(list, wn_json_new_object());
	wn_json_set(one, "bearer", wn_json_new_array());
	return list;
}

static bool
has_thing(const struct cg_op *op)
{
	return op->kind < CG_REGISTER || op->kind >= CG_LINK;
}

static struct wn_json *
operation(const struct cg_model *m, const struct cg_op *op)
{
	static const char *const verbs[] = { "List",   "Read",	  "Make",	    "Change",
					     "Remove", "Sign up", "Sign in",	    "Sign out",
					     "Move",   "Choose",  "Choose no more", "Values" };
	struct wn_json *o = wn_json_new_object(), *list, *body;
	const char *what =
		op->entity ? codegen_label(op->entity->label, "en", op->entity->name) : "";

	wn_json_set_str(o, "operationId", op->id);
	wn_json_set_str(o, "summary",
			op->label ? codegen_label(op->label, "en", op->id)
				  : wn_arena_printf(m->arena, "%s%s%s", verbs[op->kind],
						    has_thing(op) ? ": " : "",
						    has_thing(op) ? what : ""));
	list = wn_json_set(o, "tags", wn_json_new_array());
	wn_json_push(list, wn_json_new_str(wn_str(op->entity ? op->entity->name : "auth")));
	wn_json_set(o, "security", security(op));
	list = parameters(m, op);
	if (wn_json_first(list))
		wn_json_set(o, "parameters", list);
	else
		wn_json_free(list);
	if (op->kind == CG_CREATE || op->kind == CG_UPDATE || op->kind == CG_REGISTER ||
	    op->kind == CG_LOGIN) {
		body = wn_json_set(o, "requestBody", wn_json_new_object());
		wn_json_set_bool(body, "required", true);
		set_content(body, "application/json",
			    op->kind == CG_LOGIN ? codegen_login_schema(m)
						 : codegen_body_schema(m, op));
	}
	wn_json_set(o, "responses", responses(m, op));
	return o;
}

static struct wn_json *
paths(const struct cg_model *m)
{
	struct wn_json *all = wn_json_new_object();
	size_t i;

	for (i = 0; i < m->n_ops; i++) {
		const char *path = wn_arena_printf(m->arena, "%s%s", m->base_path, m->ops[i].path);
		struct wn_json *item = wn_json_mut(wn_json_get(all, path));
		char *verb = wn_arena_strdup(m->arena, m->ops[i].method), *p;

		for (p = verb; *p; p++)
			*p = (char)(*p - 'A' + 'a');
		if (!item)
			item = wn_json_set(all, path, wn_json_new_object());
		wn_json_set(item, verb, operation(m, &m->ops[i]));
	}
	return all;
}

static struct wn_json *
security_schemes(void)
{
	struct wn_json *all = wn_json_new_object(), *s;

	s = wn_json_set(all, "cookie", wn_json_new_object());
	wn_json_set_str(s, "type", "apiKey");
	wn_json_set_str(s, "in", "cookie");
	wn_json_set_str(s, "name", "sid");
	s = wn_json_set(all, "bearer", wn_json_new_object());
	wn_json_set_str(s, "type", "http");
	wn_json_set_str(s, "scheme", "bearer");
	return all;
}

struct wn_json *
codegen_openapi(struct cg_model *m)
{
	struct wn_json *doc = wn_json_new_object(), *info, *components, *servers, *s;
	double revision = wn_json_get_num(m->doc, "revision", 1);

	wn_json_set_str(doc, "openapi", "3.1.0");
	info = wn_json_set(doc, "info", wn_json_new_object());
	wn_json_set_str(info, "title",
			codegen_label(wn_json_get(m->doc, "name"), "en", "Platform"));
	wn_json_set_str(info, "version", wn_arena_printf(m->arena, "1.%.0f.0", revision));
	servers = wn_json_set(doc, "servers", wn_json_new_array());
	s = wn_json_push(servers, wn_json_new_object());
	wn_json_set_str(s, "url", "/");
	wn_json_set(doc, "paths", paths(m));
	components = wn_json_set(doc, "components", wn_json_new_object());
	wn_json_set(components, "schemas", codegen_components(m));
	wn_json_set(components, "securitySchemes", security_schemes());
	return doc;
}
