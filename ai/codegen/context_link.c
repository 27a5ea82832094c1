/*
 * Contexts of manyToMany relations and of computed members: in entity files and in views.
 */
#include "ai/codegen/context_link.h"

#include <string.h>

#include "ai/codegen/context.h"
#include "ai/codegen/expr.h"
#include "ai/codegen/names.h"

const char *
codegen_side_name(struct cg_model *m, struct cg_side s)
{
	if (!s.back)
		return s.link->name;
	return s.link->inverse ? s.link->inverse
			       : wn_arena_printf(m->arena, "%sBack", s.link->name);
}

/* ---- entity files -------------------------------------------------------------------------------
 */

static void
add_side(struct cg_model *m, struct wn_json *j, struct cg_side s)
{
	struct wn_json *c = codegen_push_object(j, "links");

	wn_json_set_str(c, "name", codegen_side_name(m, s));
	wn_json_set_str(c, "joinTable", s.link->table);
	wn_json_set_str(c, "own", codegen_side_own(s));
	wn_json_set_str(c, "other", codegen_side_other(s));
	wn_json_set_bool(c, "ordered", s.link->ordered && !s.back);
	wn_json_set_bool(j, "anyLinks", true);
}

static void
add_link_input(struct cg_model *m, struct wn_json *j, const struct cg_link *l)
{
	struct wn_json *c = codegen_push_object(j, "linkInputs");
	bool self = l->from == l->to;

	wn_json_set_str(c, "name", l->name);
	wn_json_set_str(c, "key", l->key);
	wn_json_set_str(c, "prefix",
			self ? "" : wn_arena_printf(m->arena, "%sTable.", l->to->name));
	wn_json_set_bool(c, "byId", l->by == NULL);
	wn_json_set_bool(c, "byName", l->by != NULL);
	wn_json_set_bool(c, "create", l->create);
	if (l->by) {
		wn_json_set_str(
			c, "fn",
			wn_arena_printf(m->arena, "by%s", codegen_pascal(m->arena, l->by->name)));
		wn_json_set_str(c, "field", l->by->name);
	}
	if (!self)
		codegen_view_import(j, "linkImports", "name", l->to->name, l->to->snake);
	wn_json_set_bool(j, "anyLinkInputs", true);
}

void
codegen_entity_links(struct cg_model *m, struct wn_json *j, const struct cg_entity *e)
{
	for (size_t i = 0; i < m->n_links; i++) {
		const struct cg_link *l = &m->links[i];

		if (l->from == e)
			add_side(m, j, (struct cg_side){ l, false });
		if (l->to == e)
			add_side(m, j, (struct cg_side){ l, true });
		if (l->from == e && !l->read_only)
			add_link_input(m, j, l);
	}
}

/* ---- views --------------------------------------------------------------------------------------
 */

/* The rows on the other side, as a map by id of the row; returns the variable. */
static const char *
other_rows(struct cg_model *m, struct wn_json *j, const struct cg_view *v, struct cg_side s)
{
	const char *name = codegen_side_name(m, s);
	const char *var = wn_arena_printf(m->arena, "%sOf", name);
	const struct cg_entity *to = codegen_side_to(s);
	const char *own = wn_arena_printf(m->arena, "%sTable", v->entity->name);
	const char *other = wn_arena_printf(m->arena, "%sTable", to->name);
	const struct wn_json *seen;
	struct wn_json *c;

	codegen_view_import(j, "imports", "var", own, v->entity->snake);
	codegen_view_import(j, "imports", "var", other, to->snake);
	for (seen = wn_json_first(wn_json_get(j, "linkMaps")); seen; seen = wn_json_next(seen))
		if (strcmp(wn_json_get_str(seen, "var", ""), var) == 0)
			return var;
	c = codegen_push_object(j, "linkMaps");
	wn_json_set_str(c, "var", var);
	wn_json_set_str(c, "own", own);
	wn_json_set_str(c, "other", other);
	wn_json_set_str(c, "name", name);
	return var;
}

static void
push_member(struct wn_json *j, const char *key, const char *value)
{
	struct wn_json *c = codegen_push_object(j, "members");

	wn_json_set_str(c, "key", key);
	wn_json_set_str(c, "value", value);
	wn_json_set_bool(c, "guard", false);
}

/* Values of a column of the other rows; sorted unless the person gave them an order. */
static const char *
plucked(struct cg_model *m, const char *var, const struct cg_field *f, bool ordered)
{
	return wn_arena_printf(m->arena, "%s.get(row.id)!.map((other) => other.%s)%s", var,
			       f->column, ordered ? "" : ".sort()");
}

void
codegen_link_member(struct cg_model *m, struct wn_json *j, const struct cg_view *v,
		    const char *name)
{
	struct cg_side s = codegen_side(m, v->entity, name);
	const struct cg_entity *to = codegen_side_to(s);
	const char *var = other_rows(m, j, v, s);

	if (!s.back && s.link->by)
		push_member(j, name, plucked(m, var, s.link->by, s.link->ordered));
	else
		push_member(j, name,
			    wn_arena_printf(m->arena,
					    "%s.get(row.id)!.map((other) => reference(other.id, "
					    "other.%s))",
					    var,
					    to->title && !to->title->computed ? to->title->column
									      : "id"));
}

void
codegen_link_embed(struct cg_model *m, struct wn_json *j, const struct cg_view *v, size_t i)
{
	struct cg_side s = codegen_side(m, v->entity, v->embeds[i]);
	const struct cg_view *inner = v->embed_views[i];

	if (inner != v)
		codegen_view_import(j, "viewImports", "fn", inner->fn,
				    codegen_snake(m->arena, inner->name));
	push_member(j, v->embeds[i],
		    wn_arena_printf(m->arena, "%s(db, viewer, %s.get(row.id)!)", inner->fn,
				    other_rows(m, j, v, s)));
}

/* ---- computed members ---------------------------------------------------------------------------
 */

static void
add_value_map(struct wn_json *j, const char *var, const char *init)
{
	struct wn_json *c = codegen_push_object(j, "valueMaps");

	wn_json_set_str(c, "var", var);
	wn_json_set_str(c, "init", init);
}

static bool
is_condition(const struct wn_json *x)
{
	static const char *const ops[] = { "eq", "ne",	"lt", "le",  "gt",     "ge",
					   "in", "and", "or", "not", "isNull", "has" };
	const char *op = wn_json_str(wn_json_first(x), "");

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (strcmp(ops[i], op) == 0)
			return true;
	return false;
}

static wn_err
add_expr(struct cg_model *m, struct wn_json *j, const struct cg_view *v, const struct cg_calc *c,
	 const char *var)
{
	const char *sql = codegen_expr_sql(m, v->entity, "t", c->expr);
	const char *value = wn_arena_printf(m->arena, "%s.get(row.id)", var);

	if (!sql)
		return WN_E_UNSUPPORTED;
	add_value_map(j, var,
		      wn_arena_printf(m->arena,
				      "valuesById(db, `SELECT t.id, %s AS value FROM %s t WHERE "
				      "t.id IN (SELECT value FROM json_each(:ids))`, ids)",
				      sql, v->entity->table));
	if (is_condition(c->expr))
		value = wn_arena_printf(m->arena, "toBool(%s)", value);
	else if (codegen_expr_is_money(m, v->entity, c->expr))
		value = wn_arena_printf(m->arena, "moneyToText(%s, MONEY_SCALE)", value);
	push_member(j, c->name, value);
	return WN_OK;
}

static void
add_count(struct cg_model *m, struct wn_json *j, const struct cg_view *v, const struct cg_calc *c,
	  const char *var)
{
	const struct cg_entity *from = c->rel ? c->rel->from : codegen_side_to(c->side);
	const char *alive = from->soft ? " AND x.deleted_at IS NULL" : "";
	const char *sql;

	(void)v;
	if (c->rel)
		sql = wn_arena_printf(
			m->arena,
			"SELECT x.%s AS id, count(*) AS value FROM %s x WHERE x.%s IN "
			"(SELECT value FROM json_each(:ids))%s GROUP BY x.%s",
			c->rel->col, from->table, c->rel->col, alive, c->rel->col);
	else
		sql = wn_arena_printf(
			m->arena,
			"SELECT l.%s AS id, count(*) AS value FROM %s l JOIN %s x ON x.id = l.%s "
			"WHERE l.%s IN (SELECT value FROM json_each(:ids))%s GROUP BY l.%s",
			codegen_side_own(c->side), c->side.link->table, from->table,
			codegen_side_other(c->side), codegen_side_own(c->side), alive,
			codegen_side_own(c->side));
	add_value_map(j, var, wn_arena_printf(m->arena, "valuesById(db, `%s`, ids)", sql));
	push_member(j, c->name, wn_arena_printf(m->arena, "%s.get(row.id) ?? 0", var));
}

wn_err
codegen_calc_member(struct cg_model *m, struct wn_json *j, const struct cg_view *v,
		    const struct cg_calc *c)
{
	const char *var = wn_arena_printf(m->arena, "%sOf", c->name);

	if (c->kind == CG_EXPR)
		return add_expr(m, j, v, c, var);
	if (c->kind == CG_COUNT) {
		add_count(m, j, v, c, var);
	} else if (c->kind == CG_VIEWER_IN) {
		const char *own = wn_arena_printf(m->arena, "%sTable", v->entity->name);

		codegen_view_import(j, "imports", "var", own, v->entity->snake);
		add_value_map(j, var,
			      wn_arena_printf(m->arena,
					      "linkedWith(db, %s.links.%s, ids, viewer?.id)", own,
					      codegen_side_name(m, c->side)));
		push_member(j, c->name, wn_arena_printf(m->arena, "%s.has(row.id)", var));
	} else {
		push_member(j, c->name,
			    plucked(m, other_rows(m, j, v, c->side), c->field,
				    c->side.link->ordered && !c->side.back));
	}
	return WN_OK;
}
