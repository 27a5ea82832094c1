/*
 * The resolver: manyToMany relations, and what looks along relations: scopes and computed members.
 */
#include <string.h>

#include "ai/codegen/expr.h"
#include "ai/codegen/model_priv.h"
#include "ai/codegen/names.h"

/* ---- sides --------------------------------------------------------------------------------------
 */

struct cg_side
codegen_side(const struct cg_model *m, const struct cg_entity *e, const char *name)
{
	for (size_t i = 0; name && i < m->n_links; i++) {
		const struct cg_link *l = &m->links[i];

		if (l->from == e && strcmp(l->name, name) == 0)
			return (struct cg_side){ l, false };
		if (l->to == e && l->inverse && strcmp(l->inverse, name) == 0)
			return (struct cg_side){ l, true };
	}
	return (struct cg_side){ NULL, false };
}

struct cg_entity *
codegen_side_to(struct cg_side s)
{
	return s.back ? s.link->from : s.link->to;
}

const char *
codegen_side_own(struct cg_side s)
{
	return s.back ? s.link->to_column : s.link->from_column;
}

const char *
codegen_side_other(struct cg_side s)
{
	return s.back ? s.link->from_column : s.link->to_column;
}

/* ---- links --------------------------------------------------------------------------------------
 */

/* "tags" to "tag", "amenities" to "amenity", "boxes" to "box"; other words stay. */
static const char *
singular(struct wn_arena *a, const char *name)
{
	static const char *const endings[][2] = { { "ies", "y" },   { "sses", "ss" },
						  { "xes", "x" },   { "ches", "ch" },
						  { "shes", "sh" }, { "ss", "ss" },
						  { "s", "" } };
	size_t n = strlen(name), k;

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		k = strlen(endings[i][0]);
		if (n > k + 1 && strcmp(name + n - k, endings[i][0]) == 0)
			return wn_arena_printf(a, "%.*s%s", (int)(n - k), name, endings[i][1]);
	}
	return name;
}

static wn_err
read_input(struct cg_model *m, size_t index, const struct wn_json *input, struct cg_link *l)
{
	const char *by = wn_json_get_str(input, "by", NULL);

	l->read_only = wn_json_get_bool(input, "readOnly", false);
	l->write = wn_json_get(input, "write");
	l->create = wn_json_get_bool(input, "createMissing", false);
	l->key = l->name;
	if (!by) {
		l->key = wn_arena_printf(m->arena, "%sIds", singular(m->arena, l->name));
		return WN_OK;
	}
	l->by = codegen_field_by_id(l->to, by);
	if (!l->by || !l->by->unique || l->by->computed || l->by->type == CG_SECRET)
		return codegen_model_fail(m, WN_E_INVALID, "relations", index,
					  "relation %s: 'input.by' must be a unique field of %s",
					  l->id, l->to->id);
	for (size_t i = 0; l->create && i < l->to->n_fields; i++) {
		const struct cg_field *f = &l->to->fields[i];

		if (f != l->by && f->required && !f->def && !f->computed && !f->from && !f->copy)
			return codegen_model_fail(
				m, WN_E_INVALID, "relations", index,
				"relation %s: a missing %s cannot be made, it needs '%s' too",
				l->id, l->to->name, f->name);
	}
	return WN_OK;
}

wn_err
codegen_read_link(struct cg_model *m, size_t index, const struct wn_json *j, struct cg_link *l)
{
	const char *from, *to;

	*l = (struct cg_link){
		.id = wn_json_get_str(j, "id", ""),
		.name = wn_json_get_str(j, "name", ""),
		.inverse = wn_json_get_str(j, "inverse", NULL),
		.from = codegen_entity(m, wn_json_get_str(j, "from", "")),
		.to = codegen_entity(m, wn_json_get_str(j, "to", "")),
		.ordered = wn_json_get_bool(j, "ordered", false),
		.label = wn_json_get(j, "label"),
		.inverse_label = wn_json_get(j, "inverseLabel"),
	};
	if (!l->from || !l->to)
		return codegen_model_fail(m, WN_E_NOT_FOUND, "relations", index,
					  "relation %s: 'from' or 'to' is no entity", l->id);
	from = l->from->snake;
	to = l->from == l->to ? codegen_snake(m->arena, l->name) : l->to->snake;
	l->table = wn_arena_printf(m->arena, "%s_%s", from, codegen_snake(m->arena, l->name));
	l->from_column = wn_arena_printf(m->arena, "%s_id", from);
	l->to_column = wn_arena_printf(m->arena, "%s_id", to);
	if (strcmp(l->from_column, l->to_column) == 0)
		l->to_column = wn_arena_printf(m->arena, "other_%s_id", to);
	for (size_t i = 0; i < m->n_entities; i++)
		if (strcmp(m->entities[i].snake, l->table) == 0)
			return codegen_model_fail(m, WN_E_EXISTS, "relations", index,
						  "relation %s: its table %s is an entity's", l->id,
						  l->table);
	return read_input(m, index, wn_json_get(j, "input"), l);
}

void
codegen_hand_out_links(struct cg_model *m)
{
	for (size_t i = 0; i < m->n_entities; i++) {
		struct cg_entity *e = &m->entities[i];

		e->links = wn_arena_array(m->arena, m->n_links + 1, sizeof *e->links);
		for (size_t k = 0; k < m->n_links; k++)
			if (m->links[k].from == e)
				e->links[e->n_links++] = &m->links[k];
	}
}

/* ---- scopes -------------------------------------------------------------------------------------
 */

/* "author.followers": the condition that the path from t leads to :viewer. NULL: it cannot. */
static const char *
leads_to_viewer(struct cg_model *m, const struct cg_entity *e, struct wn_str path)
{
	const char *at = "t.id", *name;
	struct wn_str part;
	unsigned depth = 0;

	while (wn_str_split(&path, '.', &part) && depth++ < 4) {
		const struct cg_relation *r;
		struct cg_side s;

		name = wn_arena_strndup(m->arena, part.p, part.len);
		s = codegen_side(m, e, name);
		if (s.link)
			return path.len == 0 && codegen_side_to(s) == m->user
				       ? wn_arena_printf(m->arena,
							 "EXISTS (SELECT 1 FROM %s l WHERE l.%s = "
							 "%s AND l.%s = :viewer)",
							 s.link->table, codegen_side_own(s), at,
							 codegen_side_other(s))
				       : NULL;
		r = codegen_relation(e, name);
		if (!r)
			return NULL;
		at = depth == 1 ? wn_arena_printf(m->arena, "t.%s", r->col)
				: wn_arena_printf(m->arena,
						  "(SELECT s%u.%s FROM %s s%u WHERE s%u.id = %s)",
						  depth, r->col, e->table, depth, depth, at);
		e = r->to;
	}
	return e == m->user ? wn_arena_printf(m->arena, "%s = :viewer", at) : NULL;
}

wn_err
codegen_read_scope(struct cg_model *m, struct cg_op *op, size_t index, const struct wn_json *scope)
{
	const char *path = wn_json_get_str(scope, "path", NULL), *first = NULL, *second = NULL;
	const struct wn_json *where = wn_json_get(scope, "where");

	if (!scope)
		return WN_OK;
	if (path) {
		first = leads_to_viewer(m, op->entity, wn_str(path));
		op->scope_viewer = true;
	}
	if (where)
		second = codegen_expr_sql(m, op->entity, "t", where);
	if ((path && !first) || (where && !second) || (!path && !where)) {
		memset(m->d, 0, sizeof *m->d);
		return codegen_model_fail(
			m, WN_E_UNSUPPORTED, "operations", index,
			"operation %s: its scope's path must lead to people, over belongsTo "
			"relations and one manyToMany at the end, or 'where' be a condition",
			op->id);
	}
	op->scope_sql = first && second ? wn_arena_printf(m->arena, "%s AND %s", first, second)
			: first		? first
					: second;
	return WN_OK;
}

/* ---- computed members of views
 * ------------------------------------------------------------------- */

static struct cg_side
side_by_id(const struct cg_model *m, const struct cg_entity *e, const char *id)
{
	for (size_t i = 0; id && i < m->n_links; i++)
		if (strcmp(m->links[i].id, id) == 0 &&
		    (m->links[i].from == e || m->links[i].to == e))
			return (struct cg_side){ &m->links[i], m->links[i].from != e };
	return (struct cg_side){ NULL, false };
}

/* What the member looks at: a relation by id, or a path of one name. */
static void
find_side(const struct cg_model *m, const struct cg_view *v, const struct wn_json *j,
	  struct cg_calc *c)
{
	const char *id = wn_json_get_str(j, "relation", NULL),
		   *path = wn_json_get_str(j, "path", NULL);

	c->side = path ? codegen_side(m, v->entity, path) : side_by_id(m, v->entity, id);
	/* People who follow people: who asks is on the side that chose. */
	if (c->kind == CG_VIEWER_IN && !path && c->side.link &&
	    c->side.link->from == c->side.link->to)
		c->side.back = true;
	if (path && !c->side.link)
		c->rel = codegen_inverse(m, v->entity, path);
	for (size_t i = 0; id && !c->side.link && i < m->n_rels; i++)
		if (strcmp(m->rels[i].id, id) == 0 && m->rels[i].to == v->entity)
			c->rel = &m->rels[i];
}

static wn_err
read_calc(struct cg_model *m, struct cg_view *v, const struct wn_json *j, struct cg_calc *c)
{
	const char *fn = wn_json_get_str(j, "fn", "");

	*c = (struct cg_calc){ .name = wn_json_key(j) };
	if (strcmp(fn, "expr") == 0 && wn_json_get(j, "expr")) {
		c->kind = CG_EXPR;
		c->expr = wn_json_get(j, "expr");
		return WN_OK;
	}
	c->kind = strcmp(fn, "viewerIn") == 0 ? CG_VIEWER_IN
		  : strcmp(fn, "pluck") == 0  ? CG_PLUCK
					      : CG_COUNT;
	find_side(m, v, j, c);
	if (c->kind == CG_COUNT && strcmp(fn, "count") == 0 && (c->side.link || c->rel))
		return WN_OK;
	if (c->kind == CG_VIEWER_IN && c->side.link && codegen_side_to(c->side) == m->user)
		return WN_OK;
	if (c->kind != CG_PLUCK || !c->side.link)
		return WN_E_UNSUPPORTED;
	c->field = codegen_field_by_id(codegen_side_to(c->side), wn_json_get_str(j, "field", NULL));
	return c->field && c->field->type != CG_SECRET && !c->field->computed && !c->field->read
		       ? WN_OK
		       : WN_E_UNSUPPORTED;
}

wn_err
codegen_read_calcs(struct cg_model *m, struct cg_view *v, size_t index,
		   const struct wn_json *computed)
{
	const struct wn_json *c;
	struct cg_calc *grown =
		wn_arena_array(m->arena, v->n_calcs + wn_json_len(computed) + 1, sizeof *grown);

	if (v->n_calcs > 0)
		memcpy(grown, v->calcs, v->n_calcs * sizeof *grown);
	v->calcs = grown;
	for (c = wn_json_first(computed); c; c = wn_json_next(c)) {
		if (read_calc(m, v, c, &v->calcs[v->n_calcs]))
			return codegen_model_fail(m, WN_E_UNSUPPORTED, "views", index,
						  "view %s: '%s' cannot be computed so; there is "
						  "viewerIn and pluck over "
						  "a manyToMany, count over a relation, and expr",
						  v->id, wn_json_key(c));
		v->n_calcs++;
	}
	return WN_OK;
}
