/*
 * Tables, indexes, constraints. STRICT tables; money is whole minor units; times are UTC text
 * that sorts; every constraint has a name that the error map knows.
 */
#include "ai/codegen/sql.h"

#include <string.h>

#include "ai/codegen/expr.h"
#include "ai/codegen/names.h"

static const char fixed_tables[] =
	"CREATE TABLE _meta (\n\tname TEXT PRIMARY KEY,\n\tvalue TEXT NOT NULL\n) STRICT;\n\n"
	"CREATE TABLE _session (\n\ttoken_hash TEXT PRIMARY KEY,\n\tuser_id TEXT NOT NULL "
	"REFERENCES %s (id) "
	"ON DELETE CASCADE,\n\tcreated_at TEXT NOT NULL,\n\texpires_at TEXT NOT NULL\n) STRICT;\n"
	"CREATE INDEX ix__session_user ON _session (user_id);\n"
	"CREATE INDEX ix__session_expires ON _session (expires_at);\n\n"
	"CREATE TABLE _audit (\n\tid TEXT PRIMARY KEY,\n\tat TEXT NOT NULL,\n\tactor "
	"TEXT,\n\taction TEXT NOT NULL,\n"
	"\tentity TEXT NOT NULL,\n\tentity_id TEXT NOT NULL,\n\tfields TEXT NOT NULL\n) STRICT;\n"
	"CREATE INDEX ix__audit_entity ON _audit (entity, entity_id);\n\n"
	"CREATE TABLE _outbox (\n\tid TEXT PRIMARY KEY,\n\tat TEXT NOT NULL,\n\ttype TEXT NOT "
	"NULL,\n\tversion INTEGER NOT NULL,\n"
	"\tsubject TEXT NOT NULL,\n\tdata TEXT NOT NULL,\n\tsent_at TEXT\n) STRICT;\n";

const struct cg_entity *
codegen_sql_nth(const struct cg_model *m, size_t i)
{
	size_t k;

	for (k = 0; k < m->n_entities; k++)
		if (m->entities[k].order == i + 1)
			return &m->entities[k];
	return NULL;
}

static const char *
column_type(enum cg_type t)
{
	if (t == CG_INT || t == CG_MONEY || t == CG_BOOL)
		return "INTEGER";
	return t == CG_DECIMAL ? "REAL" : "TEXT";
}

static double
scaled(const struct cg_model *m, const struct cg_field *f, double v)
{
	unsigned i;

	for (i = 0; f->type == CG_MONEY && i < m->scale; i++)
		v *= 10;
	return v;
}

static bool
is_text(enum cg_type t)
{
	return t == CG_STRING || t == CG_TEXT || t == CG_MARKDOWN || t == CG_EMAIL || t == CG_URL ||
	       t == CG_PHONE || t == CG_SLUG;
}

/* The condition of a column's CHECK, or nothing. */
static void
field_check(const struct cg_model *m, const struct cg_field *f, struct wn_buf *out)
{
	bool number = f->type == CG_INT || f->type == CG_MONEY || f->type == CG_DECIMAL;
	const struct wn_json *c;

	if (f->type == CG_ENUM) {
		wn_buf_printf(out, "%s IN (", f->col);
		for (c = wn_json_first(f->values); c; c = wn_json_next(c))
			wn_buf_printf(out, "'%s'%s", wn_json_get_str(c, "value", ""),
				      wn_json_next(c) ? ", " : ")");
	} else if (f->type == CG_BOOL) {
		wn_buf_printf(out, "%s IN (0, 1)", f->col);
	} else if (f->type == CG_JSON) {
		wn_buf_printf(out, "json_valid(%s)", f->col);
	} else if (number) {
		if (f->has_min)
			wn_buf_printf(out, "%s >= %s", f->col,
				      codegen_number(m->arena, scaled(m, f, f->min)));
		if (f->has_max)
			wn_buf_printf(out, "%s%s <= %s", f->has_min ? " AND " : "", f->col,
				      codegen_number(m->arena, scaled(m, f, f->max)));
	} else if (is_text(f->type) && f->has_max) {
		wn_buf_printf(out, "length(%s) <= %s", f->col, codegen_number(m->arena, f->max));
	}
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

static void
column_sql(struct cg_model *m, const struct cg_entity *e, const struct cg_field *f,
	   struct wn_buf *out)
{
	const char *def = codegen_sql_default(m, e, f);
	struct wn_buf check;

	wn_buf_printf(out, ",\n\t%s %s", f->col, column_type(f->type));
	if (f->required || f->type == CG_SECRET || (f->type == CG_SLUG && f->from))
		wn_buf_cstr(out, " NOT NULL");
	if (def)
		wn_buf_printf(out, " DEFAULT %s", def);
	wn_buf_init(&check, 65536);
	field_check(m, f, &check);
	if (check.len > 0)
		wn_buf_printf(out, " CONSTRAINT ck_%s_%s CHECK (%s)", e->snake, f->column, check.p);
	wn_buf_fini(&check);
}

static wn_err
table_sql(struct cg_model *m, const struct cg_entity *e, struct wn_buf *out)
{
	const struct wn_json *c;
	size_t i, n = 0;

	wn_buf_printf(out, "CREATE TABLE %s (\n\tid TEXT PRIMARY KEY NOT NULL", e->table);
	for (i = 0; i < e->n_fields; i++)
		if (!e->fields[i].computed)
			column_sql(m, e, &e->fields[i], out);
	for (i = 0; i < e->n_rels; i++)
		wn_buf_printf(out, ",\n\t%s TEXT%s REFERENCES %s (id) ON DELETE %s",
			      e->rels[i]->col, e->rels[i]->required ? " NOT NULL" : "",
			      e->rels[i]->to->table, e->rels[i]->on_delete);
	if (e->timestamps)
		wn_buf_cstr(out, ",\n\tcreated_at TEXT NOT NULL,\n\tupdated_at TEXT NOT NULL");
	if (e->soft)
		wn_buf_cstr(out, ",\n\tdeleted_at TEXT");
	if (e->searchable)
		wn_buf_cstr(out, ",\n\t_search TEXT NOT NULL");
	for (c = wn_json_first(e->checks); c; c = wn_json_next(c)) {
		const char *sql = codegen_expr_sql(m, e, "", c);

		if (!sql || strstr(sql, "SELECT"))
			return wn_fail(m->d, WN_E_UNSUPPORTED,
				       "entity %s: a check may look at its own row only", e->id);
		wn_buf_printf(out, ",\n\tCONSTRAINT ck_%s__%zu CHECK (%s)", e->snake, ++n, sql);
	}
	wn_buf_cstr(out, "\n) STRICT;\n");
	return WN_OK;
}

/* SQL name of the column behind an id of a field or relation; NULL: neither. */
static const char *
column_of_id(const struct cg_entity *e, const char *id)
{
	const struct cg_field *f = codegen_field_by_id(e, id);
	size_t i;

	if (f)
		return f->computed ? NULL : f->col;
	for (i = 0; i < e->n_rels; i++)
		if (strcmp(e->rels[i]->id, id) == 0)
			return e->rels[i]->col;
	return NULL;
}

static wn_err
unique_sets_sql(struct cg_model *m, const struct cg_entity *e, struct wn_buf *out)
{
	const struct wn_json *set, *c;
	size_t n = 0;

	for (set = wn_json_first(e->unique); set; set = wn_json_next(set)) {
		wn_buf_printf(out, "CREATE UNIQUE INDEX ux_%s__%zu ON %s (", e->snake, ++n,
			      e->table);
		for (c = wn_json_first(set); c; c = wn_json_next(c)) {
			const char *col = column_of_id(e, wn_json_str(c, ""));

			if (!col)
				return wn_fail(m->d, WN_E_NOT_FOUND,
					       "entity %s: unique names '%s', which is no column",
					       e->id, wn_json_str(c, ""));
			wn_buf_printf(out, "%s%s", col, wn_json_next(c) ? ", " : ")");
		}
		wn_buf_cstr(out, e->soft ? " WHERE deleted_at IS NULL;\n" : ";\n");
	}
	return WN_OK;
}

/* An index for the order of each list. */
static void
sort_indexes_sql(const struct cg_model *m, const struct cg_entity *e, struct wn_buf *out)
{
	bool created = false, updated = false;
	size_t i, k;

	for (i = 0; i < m->n_ops; i++) {
		const char *sort = m->ops[i].sort;
		const struct cg_field *f;

		if (m->ops[i].entity != e || !sort)
			continue;
		sort += *sort == '-';
		created |= strcmp(sort, "createdAt") == 0;
		updated |= strcmp(sort, "updatedAt") == 0;
		f = codegen_field(e, sort);
		for (k = 0; f && k < i; k++)
			if (m->ops[k].entity == e && m->ops[k].sort &&
			    strcmp(m->ops[k].sort + (m->ops[k].sort[0] == '-'), sort) == 0)
				f = NULL;
		if (f && !f->computed && !f->index && !f->unique)
			wn_buf_printf(out, "CREATE INDEX ix_%s_%s ON %s (%s, id);\n", e->snake,
				      f->column, e->table, f->col);
	}
	if (created && e->timestamps)
		wn_buf_printf(out, "CREATE INDEX ix_%s_created_at ON %s (created_at, id);\n",
			      e->snake, e->table);
	if (updated && e->timestamps)
		wn_buf_printf(out, "CREATE INDEX ix_%s_updated_at ON %s (updated_at, id);\n",
			      e->snake, e->table);
}

static wn_err
indexes_sql(struct cg_model *m, const struct cg_entity *e, struct wn_buf *out)
{
	size_t i;

	for (i = 0; i < e->n_fields; i++) {
		const struct cg_field *f = &e->fields[i];

		if (f->computed || (!f->unique && !f->index))
			continue;
		wn_buf_printf(out, "CREATE %sINDEX %s_%s_%s ON %s (%s)%s;\n",
			      f->unique ? "UNIQUE " : "", f->unique ? "ux" : "ix", e->snake,
			      f->column, e->table, f->col,
			      f->unique && e->soft ? " WHERE deleted_at IS NULL" : "");
	}
	for (i = 0; i < e->n_rels; i++)
		wn_buf_printf(out, "CREATE INDEX ix_%s_%s ON %s (%s);\n", e->snake,
			      e->rels[i]->column, e->table, e->rels[i]->col);
	sort_indexes_sql(m, e, out);
	return unique_sets_sql(m, e, out);
}

wn_err
codegen_sql_up(struct cg_model *m, struct wn_buf *out)
{
	size_t i;
	wn_err err = WN_OK;

	for (i = 0; i < m->n_entities && !err; i++) {
		const struct cg_entity *e = codegen_sql_nth(m, i);

		wn_buf_printf(out, "-- %s\n", e->id);
		err = table_sql(m, e, out);
		if (!err)
			err = indexes_sql(m, e, out);
		wn_buf_chr(out, '\n');
	}
	wn_buf_cstr(out, "-- Of the platform itself: first data, sessions, audit trail, outbox of "
			 "events.\n");
	wn_buf_printf(out, fixed_tables, m->user->table);
	return err ? err : out->err;
}

void
codegen_sql_down(const struct cg_model *m, struct wn_buf *out)
{
	size_t i;

	wn_buf_cstr(out, "DROP TABLE _outbox;\nDROP TABLE _audit;\nDROP TABLE _session;\nDROP "
			 "TABLE _meta;\n");
	for (i = m->n_entities; i > 0; i--)
		wn_buf_printf(out, "DROP TABLE %s;\n", codegen_sql_nth(m, i - 1)->table);
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
