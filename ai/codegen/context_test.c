/*
 * Context of the generated tests: how to make a row of each entity, what body each operation
 * takes, and what every kind of person must be answered. The expectations come from the
 * access rules, not from the code that enforces them.
 */
#include <string.h>

#include "ai/codegen/context.h"
#include "ai/codegen/expr.h"
#include "ai/codegen/names.h"
#include "ai/codegen/schema.h"

/* ---- samples -------------------------------------------------------------------------------- */

static const char *
text_sample(struct cg_model *m, const struct cg_field *f)
{
	if (f->has_max && f->max < 16)
		return wn_arena_printf(m->arena, "`n${n}`.slice(-%.0f)", f->max);
	if (f->has_min && f->min > 8)
		return wn_arena_printf(m->arena, "`نص تجريبي ${n}`.padEnd(%.0f, '.')", f->min);
	return "`نص تجريبي ${n}`";
}

static const char *
number_sample(struct cg_model *m, const struct cg_field *f)
{
	double base = f->has_min ? f->min : 1;

	if (!f->has_min && f->has_max && f->max < 1)
		base = f->max;
	return f->unique ? wn_arena_printf(m->arena, "%s + n", codegen_number(m->arena, base))
			 : codegen_number(m->arena, base);
}

static const char *
money_sample(struct cg_model *m, const struct cg_field *f)
{
	double amount = 10;

	if (f->has_min && f->min > 10)
		amount = f->min;
	else if (f->has_max && f->max < 10)
		amount = f->max;
	return wn_arena_printf(m->arena, "'%.0f'", amount);
}

/* Types whose limits do not matter to the value; NULL: the others. */
static const char *
fixed_sample(enum cg_type type)
{
	static const struct {
		enum cg_type type;
		const char *js;
	} samples[] = {
		{ CG_BOOL, "true" },
		{ CG_DATE, "'2026-01-15'" },
		{ CG_DATETIME, "'2026-01-15T10:00:00.000Z'" },
		{ CG_EMAIL, "`person${n}@example.test`" },
		{ CG_URL, "`https://example.test/${n}`" },
		{ CG_PHONE, "`+96650000${1000 + n}`" },
		{ CG_SLUG, "`sample-${n}`" },
		{ CG_UUID, "newId()" },
		{ CG_JSON, "{}" },
	};

	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		if (samples[i].type == type)
			return samples[i].js;
	return NULL;
}

/* JavaScript of a valid value as the API takes it; NULL: none can be made up. */
static const char *
sample(struct cg_model *m, const struct cg_field *f)
{
	if (f->pattern)
		return NULL;
	switch (f->type) {
	case CG_STRING:
	case CG_TEXT:
	case CG_MARKDOWN:
		return text_sample(m, f);
	case CG_INT:
	case CG_DECIMAL:
		return number_sample(m, f);
	case CG_MONEY:
		return money_sample(m, f);
	case CG_ENUM:
		return wn_arena_printf(m->arena, "'%s'",
				       wn_json_get_str(wn_json_first(f->values), "value", ""));
	case CG_SECRET:
		return wn_arena_printf(m->arena, "'correct horse battery'.padEnd(%.0f, '.')",
				       f->has_min ? f->min : 8);
	default:
		return fixed_sample(f->type);
	}
}

static void
add_pair(struct wn_json *j, const char *list, const char *key, const char *js)
{
	struct wn_json *c = codegen_push_object(j, list);

	wn_json_set_str(c, "key", key);
	wn_json_set_str(c, "js", js);
}

static void
add_maker(struct cg_model *m, struct wn_json *j, const struct cg_entity *e)
{
	struct wn_json *c = codegen_push_object(j, "makers");
	size_t i;

	wn_json_set_str(c, "name", e->name);
	wn_json_set_str(c, "snake", e->snake);
	wn_json_set(c, "values", wn_json_new_array());
	wn_json_set(c, "columns", wn_json_new_array());
	for (i = 0; i < e->n_fields; i++) {
		const struct cg_field *f = &e->fields[i];
		const char *js = sample(m, f);

		if (f->computed || f->copy || f == e->workflow || (f->type == CG_SLUG && f->from) ||
		    (!f->required && !f->unique))
			continue;
		if (f->type == CG_SECRET)
			add_pair(c, "columns", f->column, "''");
		else
			add_pair(c, "values", f->name, js ? js : "null");
	}
	for (i = 0; i < e->n_rels; i++) {
		const struct cg_relation *r = e->rels[i];

		if (r->required || r->owner)
			add_pair(c, "values", r->key,
				 r->owner && r->to == m->user
					 ? "owner"
					 : wn_arena_printf(m->arena, "make.%s!(db, owner)",
							   r->to->name));
	}
}

/* ---- operations -------------------------------------------------------------------------------
 */

static const char *
link_sample(struct cg_model *m, const struct cg_link *l)
{
	const char *one = l->by ? sample(m, l->by) : NULL;

	if (l->by && !l->create)
		return wn_arena_printf(m->arena, "[find.%s!(db, make.%s!(db, owner))!.%s]",
				       l->to->name, l->to->name, l->by->column);
	if (l->by)
		return one ? wn_arena_printf(m->arena, "[%s]", one) : NULL;
	return wn_arena_printf(m->arena, "[make.%s!(db, owner)]", l->to->name);
}

static void
add_body(struct cg_model *m, struct wn_json *c, const struct cg_op *op)
{
	struct codegen_input *list = wn_arena_array(
		m->arena, op->entity->n_fields + op->entity->n_rels + op->entity->n_links,
		sizeof *list);
	size_t i, n = codegen_inputs(m, op, list);
	struct wn_json *required = wn_json_set(c, "required", wn_json_new_array());

	wn_json_set(c, "body", wn_json_new_array());
	for (i = 0; i < n; i++) {
		const char *js = list[i].rel	? wn_arena_printf(m->arena, "make.%s!(db, owner)",
								  list[i].rel->to->name)
				 : list[i].link ? link_sample(m, list[i].link)
						: sample(m, list[i].field);

		if (list[i].required)
			wn_json_push(required, wn_json_new_str(wn_str(list[i].name)));
		if (list[i].write && !list[i].required)
			continue;
		if (!js && list[i].required)
			wn_json_set_bool(c, "untestable", true);
		if (js && (list[i].required || !list[i].rel))
			add_pair(c, "body", list[i].name, js);
	}
}

static int
expectation(const struct cg_model *m, const struct cg_op *op, const char *role, bool owner)
{
	struct codegen_actor actor = { .role = role, .owner = owner };
	bool row = op->param || op->parent;
	int first, second = 1;

	actor.fresh = op->kind == CG_TRANSITION ? NULL : op->entity;
	if (!row)
		actor.owner = role != NULL;
	first = codegen_access_eval(m, op->access, &actor);
	if (op->transition && op->transition->access)
		second = codegen_access_eval(m, op->transition->access, &actor);
	if (first == 0 || second == 0)
		return role ? 403 : 401;
	if (first < 0 || second < 0)
		return 0;
	if (op->kind == CG_CREATE || op->kind == CG_REGISTER)
		return 201;
	return op->kind == CG_DELETE || op->kind == CG_LOGOUT ? 204 : 200;
}

static void
add_case(const struct cg_model *m, struct wn_json *c, const struct cg_op *op, const char *role,
	 bool owner)
{
	int expect = expectation(m, op, role, owner);
	struct wn_json *one;

	if (expect == 0)
		return;
	one = codegen_push_object(c, "cases");
	wn_json_set_str(one, "role", role ? role : "");
	wn_json_set_bool(one, "owner", owner);
	wn_json_set_num(one, "expect", expect);
}

static void
add_cases(const struct cg_model *m, struct wn_json *c, const struct cg_op *op)
{
	bool row = op->param || op->parent;
	size_t i;

	wn_json_set(c, "cases", wn_json_new_array());
	add_case(m, c, op, NULL, false);
	for (i = 0; i < m->n_roles; i++) {
		if (m->roles[i].implicit)
			continue;
		add_case(m, c, op, m->roles[i].name, false);
		if (row && op->entity->owner_sql)
			add_case(m, c, op, m->roles[i].name, true);
	}
}

static void
add_op(struct cg_model *m, struct wn_json *j, const struct cg_op *op)
{
	static const char *const kinds[] = { "list",	   "get",      "create", "update",
					     "delete",	   "register", "login",	 "logout",
					     "transition", "link",     "unlink", "values" };
	struct wn_json *c = codegen_push_object(j, "ops");

	wn_json_set_str(c, "id", op->id);
	wn_json_set_str(c, "kind", kinds[op->kind]);
	wn_json_set_str(c, "method", op->method);
	wn_json_set_str(c, "path", op->path);
	wn_json_set_str(c, "as", op->as);
	wn_json_set_str(c, "entity", op->entity ? op->entity->name : "");
	wn_json_set_str(c, "param", op->param ? op->param : "");
	wn_json_set_str(c, "by", op->by ? op->by->column : "id");
	wn_json_set_bool(c, "viewer", op->viewer);
	wn_json_set_bool(c, "scoped", op->scope_sql != NULL);
	wn_json_set_bool(c, "scopedToViewer", op->scope_viewer);
	if (op->parent) {
		wn_json_set_str(c, "parentParam", op->parent_param);
		wn_json_set_str(c, "parentEntity", op->parent->to->name);
		wn_json_set_str(c, "parentColumn", op->parent->column);
	}
	if (op->transition && op->entity) {
		wn_json_set_str(c, "stateColumn", op->entity->workflow->column);
		wn_json_set_str(c, "state", wn_json_str(wn_json_first(op->transition->from), ""));
	}
	if (op->entity)
		add_body(m, c, op);
	add_cases(m, c, op);
}

struct wn_json *
codegen_test_context(struct cg_model *m)
{
	struct wn_json *j = wn_json_new_object();
	size_t i;

	wn_json_set_str(j, "basePath", m->base_path);
	wn_json_set_str(j, "userEntity", m->user->name);
	wn_json_set_str(j, "login", m->login->name);
	wn_json_set_str(j, "loginColumn", m->login->column);
	wn_json_set_str(j, "secret", m->secret->name);
	wn_json_set_str(j, "roleColumn", m->role ? m->role->column : "");
	wn_json_set(j, "roles", wn_json_new_array());
	for (i = 0; i < m->n_roles; i++)
		if (!m->roles[i].implicit)
			wn_json_set_str(codegen_push_object(j, "roles"), "name", m->roles[i].name);
	for (i = 0; i < m->n_entities; i++)
		add_maker(m, j, &m->entities[i]);
	for (i = 0; i < m->n_ops; i++)
		add_op(m, j, &m->ops[i]);
	return j;
}
