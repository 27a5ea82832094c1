/*
 * A change of the database as statements of SQLite: ALTER TABLE where it can do it, else the table
 * made anew beside the old one, filled from it, and put in its place. Foreign keys are off while
 * they run and checked before the end (server/lib/migrate.ts).
 */
#include <string.h>

#include "ai/codegen/change.h"
#include "ai/codegen/names.h"

struct way {
	struct wn_arena *a;
	const struct cg_tables *from, *to;
	const struct cg_step *steps;
	struct wn_buf *out;
};

static const char *
sql_name(struct way *w, const char *name)
{
	return codegen_sql_name(w->a, name);
}

/* ---- can ALTER do it? ---------------------------------------------------------------------------
 */

static bool
same_checks(const struct cg_table *x, const struct cg_table *y)
{
	if (x->n_checks != y->n_checks)
		return false;
	for (size_t i = 0; i < x->n_checks; i++)
		if (strcmp(x->checks[i].name, y->checks[i].name) != 0 ||
		    strcmp(x->checks[i].sql, y->checks[i].sql) != 0)
			return false;
	return true;
}

static int
used_as(const struct cg_table *to, const struct cg_step *s, size_t column)
{
	for (size_t i = 0; i < to->n_columns; i++)
		if (s->columns[i].from == (int)column)
			return (int)i;
	return -1;
}

/* A name that another column still has, or had: renaming one by one would meet it. */
static bool
names_meet(const struct cg_table *from, const struct cg_table *to, const struct cg_step *s)
{
	for (size_t i = 0; i < to->n_columns; i++)
		for (size_t k = 0; k < from->n_columns; k++)
			if (strcmp(to->columns[i].name, from->columns[k].name) == 0 &&
			    s->columns[i].from != (int)k)
				return true;
	return false;
}

static bool
can_alter(const struct cg_table *from, const struct cg_table *to, const struct cg_step *s)
{
	size_t i;

	for (i = 0; i < to->n_columns; i++) {
		const struct cg_column *c = &to->columns[i];
		const struct cg_source *src = &s->columns[i];
		bool plain = !src->expr && (!c->not_null || c->def) && strcmp(c->kind, "key") != 0;

		if (src->from >= 0 ? !src->same : !plain)
			return false;
	}
	for (i = 0; i < from->n_columns; i++)
		if (used_as(to, s, i) < 0 && from->columns[i].to && !from->columns[i].removed)
			return false;
	return same_checks(from, to) && !names_meet(from, to, s);
}

/* ---- indexes ------------------------------------------------------------------------------------
 */

static bool
has_index(const struct cg_table *t, const struct cg_index *x)
{
	for (size_t i = 0; i < t->n_indexes; i++) {
		const struct cg_index *y = &t->indexes[i];
		bool same = strcmp(x->name, y->name) == 0 && x->unique == y->unique &&
			    x->alive == y->alive && x->n_columns == y->n_columns;

		for (size_t k = 0; same && k < x->n_columns; k++)
			same = strcmp(x->columns[k], y->columns[k]) == 0;
		if (same)
			return true;
	}
	return false;
}

static void
drop_indexes(struct way *w, const struct cg_table *from, const struct cg_table *to)
{
	for (size_t i = 0; i < from->n_indexes; i++)
		if (!has_index(to, &from->indexes[i]))
			wn_buf_printf(w->out, "DROP INDEX %s;\n", from->indexes[i].name);
}

/* ---- tables -------------------------------------------------------------------------------------
 */

static void
alter(struct way *w, const struct cg_table *from, const struct cg_table *to,
      const struct cg_step *s)
{
	const char *table = sql_name(w, to->name);
	size_t i;

	for (i = 0; i < to->n_columns; i++) {
		const struct cg_column *c = &to->columns[i];
		const char *was =
			s->columns[i].from < 0 ? NULL : from->columns[s->columns[i].from].name;

		if (was && strcmp(was, c->name) != 0)
			wn_buf_printf(w->out, "ALTER TABLE %s RENAME COLUMN %s TO %s;\n", table,
				      sql_name(w, was), sql_name(w, c->name));
		if (was)
			continue;
		wn_buf_printf(w->out, "ALTER TABLE %s ADD COLUMN ", table);
		codegen_column_sql(w->a, w->to, c, w->out);
		wn_buf_cstr(w->out, ";\n");
	}
	for (i = 0; i < from->n_columns; i++)
		if (used_as(to, s, i) < 0)
			wn_buf_printf(w->out, "ALTER TABLE %s DROP COLUMN %s;\n", table,
				      sql_name(w, from->columns[i].name));
}

static void
rebuild(struct way *w, const struct cg_table *to, const struct cg_step *s)
{
	const char *fresh = wn_arena_printf(w->a, "_new_%s", to->name), *between = "";
	const char *table = sql_name(w, to->name);
	size_t i;

	codegen_table_create(w->a, w->to, to, fresh, w->out);
	wn_buf_printf(w->out, "INSERT INTO %s (", fresh);
	for (i = 0; i < to->n_columns; i++)
		if (s->columns[i].expr) {
			wn_buf_printf(w->out, "%s%s", between, sql_name(w, to->columns[i].name));
			between = ", ";
		}
	wn_buf_cstr(w->out, ")\nSELECT ");
	for (i = 0, between = ""; i < to->n_columns; i++)
		if (s->columns[i].expr) {
			wn_buf_printf(w->out, "%s%s", between, s->columns[i].expr);
			between = ", ";
		}
	wn_buf_printf(w->out, "\nFROM %s o;\nDROP TABLE %s;\nALTER TABLE %s RENAME TO %s;\n", table,
		      table, fresh, table);
}

static bool
name_is_taken(const struct cg_tables *t, const char *name)
{
	for (size_t i = 0; i < t->len; i++)
		if (strcmp(t->p[i].name, name) == 0)
			return true;
	return false;
}

/* Two tables may change names with each other: whoever wants a name that is taken waits under
 * another one. */
static void
rename_tables(struct way *w, bool second)
{
	for (size_t i = 0; i < w->to->len; i++) {
		const char *was, *name = w->to->p[i].name, *wait;
		bool taken;

		if (w->steps[i].from < 0)
			continue;
		was = w->from->p[w->steps[i].from].name;
		taken = name_is_taken(w->from, name);
		wait = wn_arena_printf(w->a, "_moving_%s", name);
		if (strcmp(was, name) == 0 || (second && !taken))
			continue;
		wn_buf_printf(w->out, "ALTER TABLE %s RENAME TO %s;\n",
			      second ? wait : sql_name(w, was),
			      !second && taken ? wait : sql_name(w, name));
	}
}

/* Tables that nobody needs any more, and indexes that are in the way. */
static void
drop(struct way *w)
{
	for (size_t k = w->from->len; k-- > 0;) {
		const struct cg_table *from = &w->from->p[k];
		size_t i = 0;

		while (i < w->to->len && w->steps[i].from != (int)k)
			i++;
		if (i == w->to->len)
			wn_buf_printf(w->out, "DROP TABLE %s;\n", sql_name(w, from->name));
		else if (can_alter(from, &w->to->p[i], &w->steps[i]))
			drop_indexes(w, from, &w->to->p[i]);
	}
}

static void
change_table(struct way *w, size_t i)
{
	const struct cg_table *to = &w->to->p[i], *from;
	const struct cg_step *s = &w->steps[i];

	if (s->from < 0) {
		codegen_table_create(w->a, w->to, to, to->name, w->out);
		for (size_t k = 0; k < to->n_indexes; k++)
			codegen_index_create(w->a, to, &to->indexes[k], w->out);
		wn_buf_chr(w->out, '\n');
		return;
	}
	from = &w->from->p[s->from];
	if (can_alter(from, to, s))
		alter(w, from, to, s);
	else
		rebuild(w, to, s);
	if (s->refold && codegen_table_column(to, "_search"))
		wn_buf_printf(w->out, "UPDATE %s SET _search = NULL;\n", sql_name(w, to->name));
}

static void
make_indexes(struct way *w, size_t i)
{
	const struct cg_table *to = &w->to->p[i];
	const struct cg_step *s = &w->steps[i];
	const struct cg_table *from = s->from < 0 ? NULL : &w->from->p[s->from];
	bool kept = from && can_alter(from, to, s);

	for (size_t k = 0; from && k < to->n_indexes; k++)
		if (!kept || !has_index(from, &to->indexes[k]))
			codegen_index_create(w->a, to, &to->indexes[k], w->out);
}

wn_err
codegen_steps_sql(struct wn_arena *a, const struct cg_tables *from, const struct cg_tables *to,
		  const struct cg_step *steps, struct wn_buf *out)
{
	struct way w = { a, from, to, steps, out };
	size_t i;

	drop(&w);
	rename_tables(&w, false);
	rename_tables(&w, true);
	for (i = 0; i < to->len; i++)
		change_table(&w, i);
	for (i = 0; i < to->len; i++)
		make_indexes(&w, i);
	return out->err;
}
