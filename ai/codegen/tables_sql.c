/*
 * Tables and indexes as SQLite spells them. Knows nothing of what changed.
 */
#include <string.h>

#include "ai/codegen/names.h"
#include "ai/codegen/tables.h"

static const char *
values_check(struct wn_arena *a, const struct cg_column *c, const char *operand)
{
	struct wn_str rest = wn_str(c->values), value;
	const char *list = NULL;

	while (wn_str_split(&rest, ' ', &value))
		list = wn_arena_printf(a, "%s%s'%.*s'", list ? list : "", list ? ", " : "",
				       (int)value.len, value.p);
	return wn_arena_printf(a, "%s IN (%s)", operand, list);
}

static const char *
bounds_check(struct wn_arena *a, const struct cg_column *c, const char *operand)
{
	if (strcmp(c->type, "TEXT") == 0)
		return c->max ? wn_arena_printf(a, "length(%s) <= %s", operand, c->max) : NULL;
	if (c->min && c->max)
		return wn_arena_printf(a, "%s >= %s AND %s <= %s", operand, c->min, operand,
				       c->max);
	if (c->min)
		return wn_arena_printf(a, "%s >= %s", operand, c->min);
	return c->max ? wn_arena_printf(a, "%s <= %s", operand, c->max) : NULL;
}

const char *
codegen_column_check(struct wn_arena *a, const struct cg_column *c, const char *operand)
{
	if (c->removed)
		return NULL;
	if (c->values)
		return values_check(a, c, operand);
	if (strcmp(c->kind, "bool") == 0)
		return wn_arena_printf(a, "%s IN (0, 1)", operand);
	if (strcmp(c->kind, "json") == 0)
		return wn_arena_printf(a, "json_valid(%s)", operand);
	return bounds_check(a, c, operand);
}

void
codegen_column_sql(struct wn_arena *a, const struct cg_tables *all, const struct cg_column *c,
		   struct wn_buf *out)
{
	const char *name = codegen_sql_name(a, c->name);
	const char *check = codegen_column_check(a, c, name);
	const struct cg_table *to = c->to && !c->removed ? codegen_tables_find(all, c->to) : NULL;

	wn_buf_printf(out, "%s %s", name, c->type);
	if (strcmp(c->kind, "key") == 0)
		wn_buf_cstr(out, " PRIMARY KEY");
	if (c->not_null)
		wn_buf_cstr(out, " NOT NULL");
	if (c->def)
		wn_buf_printf(out, " DEFAULT %s", c->def);
	if (to)
		wn_buf_printf(out, " REFERENCES %s (id) ON DELETE %s",
			      codegen_sql_name(a, to->name), c->on_delete);
	if (check)
		wn_buf_printf(out, " CONSTRAINT ck_%s CHECK (%s)", c->id, check);
}

void
codegen_table_create(struct wn_arena *a, const struct cg_tables *all, const struct cg_table *t,
		     const char *name, struct wn_buf *out)
{
	size_t i;

	wn_buf_printf(out, "CREATE TABLE %s (", codegen_sql_name(a, name));
	for (i = 0; i < t->n_columns; i++) {
		wn_buf_cstr(out, i > 0 ? ",\n\t" : "\n\t");
		codegen_column_sql(a, all, &t->columns[i], out);
	}
	for (i = 0; i < t->n_checks; i++)
		wn_buf_printf(out, ",\n\tCONSTRAINT %s CHECK (%s)", t->checks[i].name,
			      codegen_condition(a, t, t->checks[i].sql, false));
	wn_buf_cstr(out, "\n) STRICT;\n");
}

void
codegen_index_create(struct wn_arena *a, const struct cg_table *t, const struct cg_index *x,
		     struct wn_buf *out)
{
	size_t i;

	wn_buf_printf(out, "CREATE %sINDEX %s ON %s (", x->unique ? "UNIQUE " : "", x->name,
		      codegen_sql_name(a, t->name));
	for (i = 0; i < x->n_columns; i++) {
		const struct cg_column *c = codegen_table_column(t, x->columns[i]);

		wn_buf_printf(out, "%s%s", i > 0 ? ", " : "",
			      codegen_sql_name(a, c ? c->name : x->columns[i]));
	}
	wn_buf_cstr(out, x->alive ? ") WHERE deleted_at IS NULL;\n" : ");\n");
}
