/*
 * What queries are made of: rows with their computed values, sort keys, defaults.
 */
#include "ai/codegen/sql.h"

#include <string.h>

#include "ai/codegen/expr.h"
#include "ai/codegen/names.h"

const struct cg_entity *
codegen_sql_nth(const struct cg_model *m, size_t i)
{
	size_t k;

	for (k = 0; k < m->n_entities; k++)
		if (m->entities[k].order == i + 1)
			return &m->entities[k];
	return NULL;
}

static double
scaled(const struct cg_model *m, const struct cg_field *f, double v)
{
	unsigned i;

	for (i = 0; f->type == CG_MONEY && i < m->scale; i++)
		v *= 10;
	return v;
}

const char *
codegen_sql_default(struct cg_model *m, const struct cg_entity *e, const struct cg_field *f)
{
	const char *text = wn_json_str(f->def, NULL);

	if (e->workflow == f)
		return wn_arena_printf(m->arena, "'%s'", e->initial);
	if (!f->def)
		return NULL;
	if (wn_json_type(f->def) == WN_JSON_BOOL)
		return wn_json_bool(f->def, false) ? "1" : "0";
	if (wn_json_type(f->def) == WN_JSON_NUMBER)
		return codegen_number(m->arena, scaled(m, f, wn_json_num(f->def, 0)));
	if (f->type == CG_MONEY || !text || strchr(text, '\''))
		return NULL;
	return wn_arena_printf(m->arena, "'%s'", text);
}

const char *
codegen_sql_select(struct cg_model *m, const struct cg_entity *e)
{
	struct wn_arena *a = m->arena;
	const char *s = "SELECT\n\tt.id";
	size_t i;

	for (i = 0; i < e->n_fields; i++) {
		const struct cg_field *f = &e->fields[i];
		const char *sql;

		if (f->type == CG_SECRET)
			continue;
		if (!f->computed) {
			s = wn_arena_printf(a, "%s, t.%s", s, f->col);
			continue;
		}
		sql = codegen_expr_sql(m, e, "t", f->computed);
		if (!sql)
			return NULL;
		s = wn_arena_printf(a, "%s,\n\t%s AS %s", s, sql, f->col);
	}
	for (i = 0; i < e->n_rels; i++) {
		const struct cg_relation *r = e->rels[i];

		s = wn_arena_printf(a, "%s,\n\tt.%s", s, r->col);
		if (r->to->title && !r->to->title->computed)
			s = wn_arena_printf(
				a, "%s, (SELECT x.%s FROM %s x WHERE x.id = t.%s) AS %s_label", s,
				r->to->title->col, r->to->table, r->col, r->column);
	}
	if (e->timestamps)
		s = wn_arena_printf(a, "%s,\n\tt.created_at, t.updated_at", s);
	if (e->owner_sql)
		s = wn_arena_printf(a, "%s,\n\t%s AS _owner", s, e->owner_sql);
	return wn_arena_printf(a, "%s\nFROM %s t", s, e->table);
}

const char *
codegen_sql_sort(const struct cg_model *m, const struct cg_entity *e, const char *name)
{
	const struct cg_field *f = codegen_field(e, name);

	if (strcmp(name, "id") == 0)
		return "t.id";
	if (e->timestamps && strcmp(name, "createdAt") == 0)
		return "t.created_at";
	if (e->timestamps && strcmp(name, "updatedAt") == 0)
		return "t.updated_at";
	if (!f || f->computed || f->read || !f->required || f->type == CG_SECRET ||
	    f->type == CG_JSON)
		return NULL;
	return wn_arena_printf(m->arena, "t.%s", f->col);
}
