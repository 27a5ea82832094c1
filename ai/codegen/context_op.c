/*
 * Contexts of operation files.
 */
#include <string.h>

#include "ai/codegen/context.h"
#include "ai/codegen/context_link.h"
#include "ai/codegen/expr.h"
#include "ai/codegen/names.h"
#include "ai/codegen/schema.h"
#include "ai/codegen/sql.h"

static void
add_import(struct wn_json *j, const char *what, const char *from)
{
	struct wn_json *i = codegen_push_object(j, "imports");

	wn_json_set_str(i, "what", what);
	wn_json_set_str(i, "from", from);
}

static void
add_imports(struct cg_model *m, struct wn_json *j, const struct cg_op *op)
{
	struct wn_arena *a = m->arena;
	bool hooks = op->kind == CG_CREATE || op->kind == CG_UPDATE || op->kind == CG_DELETE ||
		     op->kind == CG_TRANSITION || op->kind == CG_REGISTER;

	if (op->entity && !op->viewer)
		add_import(j, "* as table",
			   wn_arena_printf(a, "../entities/%s.ts", op->entity->snake));
	else if (op->viewer && op->kind == CG_UPDATE)
		add_import(j, "* as table",
			   wn_arena_printf(a, "../entities/%s.ts", op->entity->snake));
	if (op->parent)
		add_import(j, "* as parentTable",
			   wn_arena_printf(a, "../entities/%s.ts", op->parent->to->snake));
	if (op->view)
		add_import(j, wn_arena_printf(a, "{ %s }", op->view->fn),
			   wn_arena_printf(a, "../views/%s.ts", codegen_snake(a, op->view->name)));
	if (hooks)
		add_import(j, "{ hooks }",
			   wn_arena_printf(a, "../../hooks/%s.ts", op->entity->snake));
}

/* ---- access --------------------------------------------------------------------------------- */

static bool
has_row(const struct cg_op *op)
{
	return op->param || op->viewer;
}

/* The rules of the operation and, for a transition, of the transition. */
static const char *
allow_ts(struct cg_model *m, const struct cg_op *op)
{
	const struct cg_entity *row = has_row(op) ? op->entity : op->parent ? op->parent->to : NULL;
	struct codegen_access env = { .viewer = "ctx.viewer", .when = row, .when_id = "row.id" };
	const char *first, *second;

	if (row && row->owner_sql)
		env.owner = "owns(ctx.viewer, row)";
	else if (!row && op->entity && op->entity->owner_sql)
		env.owner = "ctx.viewer !== null";
	if (!has_row(op) && op->parent)
		env.strip = op->parent->name;
	first = codegen_access_ts(m, op->access, &env);
	if (!first || !op->transition || !op->transition->access)
		return first;
	second = codegen_access_ts(m, op->transition->access, &env);
	if (!second || strcmp(second, "true") == 0 || strcmp(first, second) == 0)
		return second ? first : NULL;
	return strcmp(first, "true") == 0 ? second
					  : wn_arena_printf(m->arena, "%s && %s", first, second);
}

static const struct cg_relation *
owner_relation(const struct cg_model *m, const struct cg_entity *e)
{
	size_t i;

	for (i = 0; i < e->n_rels; i++)
		if (e->rels[i]->owner && e->rels[i]->to == m->user)
			return e->rels[i];
	return NULL;
}

static wn_err
add_access(struct cg_model *m, struct wn_json *j, const struct cg_op *op)
{
	const char *allow;
	bool sign_in =
		!codegen_access_open(op->access) || op->viewer || op->link.link || op->scope_viewer;

	if (op->kind == CG_CREATE && !op->parent && op->entity->owner_sql &&
	    !owner_relation(m, op->entity) && op->entity != m->user &&
	    codegen_access_has(op->access, "owner"))
		return wn_fail(
			m->d, WN_E_UNSUPPORTED,
			"operation %s: a part can be made by its owner under its parent only",
			op->id);
	if (op->kind == CG_CREATE && owner_relation(m, op->entity))
		sign_in = true;
	allow = allow_ts(m, op);
	if (!allow)
		return WN_E_INVALID;
	wn_json_set_str(j, "allow", allow);
	wn_json_set_bool(j, "usesCtx", strcmp(allow, "true") != 0);
	wn_json_set_bool(j, "usesRow", strstr(allow, "row") != NULL);
	wn_json_set_str(j, "signIn", sign_in ? "true" : "false");
	return WN_OK;
}

static bool
takes_links(struct cg_model *m, const struct cg_op *op)
{
	struct codegen_input *list;
	size_t i, n;

	if (!op->entity || op->entity->n_links == 0)
		return false;
	list = wn_arena_array(m->arena,
			      op->entity->n_fields + op->entity->n_rels + op->entity->n_links,
			      sizeof *list);
	n = codegen_inputs(m, op, list);
	for (i = 0; i < n; i++)
		if (list[i].link)
			return true;
	return false;
}

/* Fields that some who may call this may not write. */
static wn_err
add_locked(struct cg_model *m, struct wn_json *j, const struct cg_op *op)
{
	struct codegen_input *list = wn_arena_array(
		m->arena, op->entity->n_fields + op->entity->n_rels + op->entity->n_links,
		sizeof *list);
	struct codegen_access env = { .viewer = "ctx.viewer" };
	size_t i, n = codegen_inputs(m, op, list);

	if (op->entity->owner_sql)
		env.owner = op->kind == CG_UPDATE ? "owns(ctx.viewer, row)" : "ctx.viewer !== null";
	for (i = 0; i < n; i++) {
		const char *cond;
		struct wn_json *c;

		if (!list[i].write)
			continue;
		cond = codegen_access_ts(m, list[i].write, &env);
		if (!cond)
			return WN_E_INVALID;
		c = codegen_push_object(j, "locked");
		wn_json_set_str(c, "key", list[i].name);
		wn_json_set_str(c, "cond", cond);
		wn_json_set_bool(j, "anyLocked", true);
		if (strstr(cond, "row"))
			wn_json_set_bool(j, "lockedUsesRow", true);
	}
	return WN_OK;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void
add_find(struct cg_model *m, struct wn_json *j, const struct cg_op *op)
{
	const char *by =
		op->by ? wn_arena_printf(m->arena, "by%s", codegen_pascal(m->arena, op->by->name))
		       : "byId";
	const char *find = NULL;

	if (op->viewer)
		find = "(ctx) => ctx.viewer!.row";
	else if (op->param && op->parent)
		find = wn_arena_printf(
			m->arena,
			"(ctx, parent) => {\n\t\tconst row = table.%s(ctx.db, ctx.params.%s!);\n"
			"\t\treturn row && row.%s === parent!.id ? row : undefined;\n\t}",
			by, op->param, op->parent->column);
	else if (op->param)
		find = wn_arena_printf(m->arena, "(ctx) => table.%s(ctx.db, ctx.params.%s!)", by,
				       op->param);
	if (find)
		wn_json_set_str(j, "find", find);
}

static void
add_parent(struct wn_json *j, const struct cg_op *op)
{
	struct wn_json *p;

	if (!op->parent)
		return;
	p = wn_json_set(j, "parent", wn_json_new_object());
	wn_json_set_str(p, "param", op->parent_param);
	wn_json_set_str(p, "col", op->parent->col);
	wn_json_set_str(p, "column", op->parent->column);
}

/* ---- lists ---------------------------------------------------------------------------------- */

/* Some row that this one is linked with. */
static void
add_link_filter(struct cg_model *m, struct wn_json *c, const struct cg_filter *f)
{
	const struct cg_entity *to = codegen_side_to(f->side);
	const char *what = f->field ? wn_arena_printf(m->arena, "x.%s", f->field->col) : "x.id";

	wn_json_set_str(
		c, "exists",
		wn_arena_printf(m->arena,
				"EXISTS (SELECT 1 FROM %s l JOIN %s x ON x.id = l.%s WHERE l.%s = "
				"t.id AND %s %s :%s%s)",
				f->side.link->table, to->table, codegen_side_other(f->side),
				codegen_side_own(f->side), what, f->op, f->name,
				to->soft ? " AND x.deleted_at IS NULL" : ""));
}

static void
add_filter(struct cg_model *m, struct wn_json *j, const struct cg_filter *f)
{
	struct wn_json *c = codegen_push_object(j, "filters");
	enum cg_type type = f->field ? f->field->type : CG_STRING;
	const char *sql, *value = "ctx.query.%s";

	wn_json_set_str(c, "name", f->name);
	wn_json_set_bool(c, "search", strcmp(f->op, "search") == 0);
	wn_json_set_bool(c, "compare", strcmp(f->op, "search") != 0 && !f->side.link);
	wn_json_set_str(c, "op", f->op);
	if (f->side.link)
		add_link_filter(m, c, f);
	if (f->rel && f->field)
		sql = wn_arena_printf(m->arena, "(SELECT x.%s FROM %s x WHERE x.id = t.%s)",
				      f->field->col, f->rel->to->table, f->rel->col);
	else
		sql = wn_arena_printf(m->arena, "t.%s",
				      f->rel			  ? f->rel->col
				      : f->field && !f->side.link ? f->field->col
								  : "id");
	wn_json_set_str(c, "sql", sql);
	if (type == CG_MONEY)
		value = wn_arena_printf(m->arena, "moneyToUnits(ctx.query.%s, MONEY_SCALE)",
					f->name);
	else if (type == CG_BOOL)
		value = wn_arena_printf(m->arena, "Number(ctx.query.%s)", f->name);
	else if (type == CG_DATETIME)
		value = wn_arena_printf(m->arena, "new Date(ctx.query.%s).toISOString()", f->name);
	else
		value = wn_arena_printf(m->arena, "ctx.query.%s", f->name);
	wn_json_set_str(c, "value", value);
}

static wn_err
add_list(struct cg_model *m, struct wn_json *j, const struct cg_op *op)
{
	struct codegen_access env = { .viewer = "ctx.viewer", .owner = "false" };
	const char **names;
	size_t i, n = codegen_sorts(m, op, &names);

	for (i = 0; i < op->n_filters; i++)
		add_filter(m, j, &op->filters[i]);
	for (i = 0; i < n; i++) {
		struct wn_json *c = codegen_push_object(j, "sorts");

		wn_json_set_str(c, "name", names[i]);
		wn_json_set_str(c, "sql", codegen_sql_sort(m, op->entity, names[i]));
	}
	if (op->count)
		wn_json_set_str(j, "count", op->count);
	if (op->scope_sql) {
		wn_json_set_str(j, "scope", op->scope_sql);
		wn_json_set_bool(j, "scopeViewer", op->scope_viewer);
	}
	if (n == 0 || strcmp(names[0], op->sort + (op->sort[0] == '-')) != 0)
		return wn_fail(m->d, WN_E_UNSUPPORTED,
			       "operation %s: lists are sorted by required, stored, unrestricted "
			       "fields only",
			       op->id);
	if (op->parent || !codegen_access_has(op->access, "owner"))
		return WN_OK;
	env.owner = "false";
	wn_json_set_bool(j, "ownerFilter", true);
	wn_json_set_str(j, "ownerSql", op->entity->owner_sql ? op->entity->owner_sql : "NULL");
	wn_json_set_str(j, "everything", codegen_access_ts(m, op->access, &env));
	return WN_OK;
}

/* ---- events and effects -----------------------------------------------------------------------
 */

static void
add_emits(struct cg_model *m, struct wn_json *j, const struct wn_json *ids)
{
	const struct wn_json *c, *e;

	for (c = wn_json_first(ids); c; c = wn_json_next(c))
		for (e = wn_json_first(wn_json_get(m->doc, "events")); e; e = wn_json_next(e))
			if (strcmp(wn_json_get_str(e, "id", ""), wn_json_str(c, "")) == 0) {
				struct wn_json *o = codegen_push_object(j, "emits");

				wn_json_set_str(o, "name", wn_json_get_str(e, "name", ""));
				wn_json_set_num(o, "version", wn_json_get_num(e, "version", 1));
			}
}

static const struct cg_relation *
relation_by_id(const struct cg_model *m, const char *id)
{
	size_t i;

	for (i = 0; i < m->n_rels; i++)
		if (strcmp(m->rels[i].id, id) == 0)
			return &m->rels[i];
	return NULL;
}

/* One effect: for each row of `source` (alias l) set a field of it, or of what it points to. */
static wn_err
add_effect(struct cg_model *m, struct wn_json *j, const struct cg_entity *e,
	   const struct wn_json *x)
{
	const char *each = wn_json_get_str(x, "forEach", NULL);
	const struct cg_relation *back = each ? relation_by_id(m, each) : NULL, *r;
	const struct cg_entity *source = back ? back->from : e, *target;
	struct wn_str path = wn_str(wn_json_get_str(x, "set", "")), part = WN_STR_NONE;
	const struct cg_field *f;
	struct wn_json *c = codegen_push_object(j, "effects");
	const char *value, *require;

	if ((each && (!back || back->to != e)) || !wn_json_get(x, "to"))
		return wn_fail(m->d, WN_E_UNSUPPORTED, "%s: an effect that is not made yet", e->id);
	wn_str_split(&path, '.', &part);
	r = path.len > 0 ? codegen_relation(source, wn_arena_strndup(m->arena, part.p, part.len))
			 : NULL;
	target = r ? r->to : source;
	f = codegen_field(target, r ? path.p : wn_json_get_str(x, "set", ""));
	value = codegen_expr_sql(m, source, "l", wn_json_get(x, "to"));
	if (!f || f->computed || f->type == CG_SECRET || !value || (r && target == source))
		return wn_fail(m->d, WN_E_UNSUPPORTED, "%s: an effect sets '%s', which it cannot",
			       e->id, wn_json_get_str(x, "set", ""));
	if (back)
		wn_json_set_str(
			c, "each",
			wn_arena_printf(m->arena,
					"SELECT l.id FROM %s l WHERE l.%s = :id ORDER BY l.id",
					source->table, back->col));
	wn_json_set_str(c, "what", wn_json_get_str(x, "set", ""));
	wn_json_set_str(
		c, "set",
		r ? wn_arena_printf(
			    m->arena,
			    "UPDATE %s SET %s = %s FROM %s l WHERE l.id = :id AND %s.id = l.%s",
			    target->table, f->col, value, source->table, target->table, r->col)
		  : wn_arena_printf(m->arena, "UPDATE %s AS l SET %s = %s WHERE l.id = :id",
				    target->table, f->col, value));
	if (!wn_json_get(x, "require"))
		return WN_OK;
	require = codegen_expr_sql(m, source, "l", wn_json_get(x, "require"));
	if (!require)
		return WN_E_INVALID;
	wn_json_set_str(c, "require",
			wn_arena_printf(m->arena, "SELECT %s FROM %s l WHERE l.id = :id", require,
					source->table));
	return WN_OK;
}

static wn_err
add_transition(struct cg_model *m, struct wn_json *j, const struct cg_op *op)
{
	const struct cg_transition *t = op->transition;
	const struct wn_json *c;
	wn_err err = WN_OK;

	wn_json_set_str(j, "transition", t->name);
	wn_json_set_str(j, "to", t->to);
	wn_json_set(j, "from", wn_json_copy(t->from));
	wn_json_set_str(j, "field", op->entity->workflow->column);
	wn_json_set_str(j, "fieldCol", op->entity->workflow->col);
	wn_json_set_str(j, "fieldName", op->entity->workflow->name);
	add_emits(m, j, t->emits);
	for (c = wn_json_first(t->effects); c && !err; c = wn_json_next(c))
		err = add_effect(m, j, op->entity, c);
	return err;
}

/* ---- all together ------------------------------------------------------------------------------
 */

static void
add_identity(struct cg_model *m, struct wn_json *j)
{
	const char *scheme =
		wn_json_get_str(wn_json_at(m->doc, "/identity/token"), "scheme", "both");

	wn_json_set_bool(j, "cookie", strcmp(scheme, "bearer") != 0);
	wn_json_set_bool(j, "bearer", strcmp(scheme, "cookie") != 0);
	wn_json_set_str(j, "login", m->login->name);
	wn_json_set_str(j, "loginCol", m->login->col);
	wn_json_set_str(j, "secret", m->secret->name);
	wn_json_set_str(j, "secretCol", m->secret->col);
	wn_json_set_str(j, "secretColumn", m->secret->column);
}

static void
add_limits(struct wn_json *j, const struct cg_op *op)
{
	static const char *const names[] = { "perMinute", "perHour", "perDay" };
	struct wn_json *limits = NULL;
	size_t i;

	for (i = 0; i < 3; i++) {
		const struct wn_json *v = wn_json_get(op->limits, names[i]);

		if (v && !limits)
			limits = wn_json_set(j, "limits", wn_json_new_object());
		if (v)
			wn_json_set_num(limits, names[i], wn_json_num(v, 1));
	}
	if (wn_json_get(op->limits, "bodyBytes"))
		wn_json_set_num(j, "bodyLimit", wn_json_get_num(op->limits, "bodyBytes", 1));
}

static void
add_header(struct cg_model *m, struct wn_json *j, const struct cg_op *op)
{
	static const char *const flags[] = { "isList",	     "isGet",	   "isCreate", "isUpdate",
					     "isDelete",     "isRegister", "isLogin",  "isLogout",
					     "isTransition", "isLink",	   "isUnlink", "isValues" };
	bool body = op->kind == CG_CREATE || op->kind == CG_UPDATE || op->kind == CG_REGISTER ||
		    op->kind == CG_LOGIN;

	wn_json_set_str(j, "id", op->id);
	wn_json_set_str(j, "method", op->method);
	wn_json_set_str(j, "path", op->path);
	wn_json_set_str(j, "as", op->as);
	wn_json_set_num(j, "status",
			op->kind == CG_CREATE || op->kind == CG_REGISTER ? 201
			: op->kind == CG_DELETE || op->kind == CG_LOGOUT ? 204
									 : 200);
	wn_json_set_bool(j, flags[op->kind], true);
	wn_json_set_bool(j, "normalize", body);
	wn_json_set_bool(j, "idempotent", op->idempotent);
	if (op->view)
		wn_json_set_str(j, "view", op->view->fn);
	if (op->entity) {
		wn_json_set_str(j, "entity", op->entity->name);
		wn_json_set_str(j, "table", op->entity->table);
		wn_json_set_bool(j, "audit", op->entity->audit);
		wn_json_set_bool(j, "timestamps", op->entity->timestamps);
	}
	add_limits(j, op);
	add_identity(m, j);
}

struct wn_json *
codegen_op_context(struct cg_model *m, const struct cg_op *op)
{
	struct wn_json *j = wn_json_new_object();
	const struct cg_relation *owner;
	wn_err err = WN_OK;

	add_header(m, j, op);
	add_imports(m, j, op);
	add_find(m, j, op);
	add_parent(j, op);
	err = add_access(m, j, op);
	if (!err && op->entity)
		err = add_locked(m, j, op);
	if (!err && op->kind == CG_LIST)
		err = add_list(m, j, op);
	if (!err && op->kind == CG_TRANSITION)
		err = add_transition(m, j, op);
	else
		add_emits(m, j, op->emits);
	if (op->link.link)
		wn_json_set_str(j, "side", codegen_side_name(m, op->link));
	if (op->values) {
		wn_json_set_str(j, "valueCol", op->values->col);
		wn_json_set_bool(j, "money", op->values->type == CG_MONEY);
		wn_json_set_bool(j, "bool", op->values->type == CG_BOOL);
	}
	wn_json_set_bool(j, "links", takes_links(m, op));
	owner = op->entity && op->kind == CG_CREATE ? owner_relation(m, op->entity) : NULL;
	if (owner)
		wn_json_set_str(j, "ownerColumn", owner->column);
	if (!err)
		return j;
	wn_fail_note(m->d, "in operation %s", op->id);
	wn_json_free(j);
	return NULL;
}
