/*
 * From the model to tables. STRICT tables; money is whole minor units; times are UTC text that
 * sorts. Constraints and indexes are named by ids, so that a rename leaves them as they are.
 */
#include "ai/codegen/tables.h"

#include <string.h>

#include "ai/codegen/expr.h"
#include "ai/codegen/names.h"
#include "ai/codegen/sql.h"

/* Room is made for as many as a table can come to; len counts. */
struct build {
	struct cg_model *m;
	struct cg_table *t;
};

static struct cg_column *
add_column(struct build *b, const char *id, const char *name, const char *kind, const char *type)
{
	struct cg_column *c = &b->t->columns[b->t->n_columns++];

	*c = (struct cg_column){ .id = id, .name = name, .kind = kind, .type = type };
	return c;
}

static struct cg_index *
add_index(struct build *b, const char *name, size_t room)
{
	struct cg_index *i = &b->t->indexes[b->t->n_indexes++];

	*i = (struct cg_index){ .name = name };
	i->columns = wn_arena_array(b->m->arena, room, sizeof *i->columns);
	return i;
}

static void
make_room(struct build *b, size_t columns, size_t checks, size_t indexes)
{
	b->t->columns = wn_arena_array(b->m->arena, columns, sizeof *b->t->columns);
	b->t->checks = wn_arena_array(b->m->arena, checks + 1, sizeof *b->t->checks);
	b->t->indexes = wn_arena_array(b->m->arena, indexes + 1, sizeof *b->t->indexes);
}

static const char *
storage(enum cg_type t)
{
	if (t == CG_INT || t == CG_MONEY || t == CG_BOOL)
		return "INTEGER";
	return t == CG_DECIMAL ? "REAL" : "TEXT";
}

static const char *
bound(struct cg_model *m, const struct cg_field *f, double v)
{
	unsigned i;

	for (i = 0; f->type == CG_MONEY && i < m->scale; i++)
		v *= 10;
	return codegen_number(m->arena, v);
}

static bool
is_text(enum cg_type t)
{
	return t == CG_STRING || t == CG_TEXT || t == CG_MARKDOWN || t == CG_EMAIL || t == CG_URL ||
	       t == CG_PHONE || t == CG_SLUG;
}

static const char *
enum_values(struct cg_model *m, const struct cg_field *f)
{
	const struct wn_json *c;
	const char *s = NULL;

	for (c = wn_json_first(f->values); c; c = wn_json_next(c))
		s = s ? wn_arena_printf(m->arena, "%s %s", s, wn_json_get_str(c, "value", ""))
		      : wn_json_get_str(c, "value", "");
	return s;
}

static void
field_column(struct build *b, const struct cg_entity *e, const struct cg_field *f)
{
	bool number = f->type == CG_INT || f->type == CG_MONEY || f->type == CG_DECIMAL;
	struct cg_column *c = add_column(b, f->id, f->column, wn_json_get_str(f->json, "type", ""),
					 storage(f->type));

	c->not_null = f->required || f->type == CG_SECRET || (f->type == CG_SLUG && f->from);
	c->def = codegen_sql_default(b->m, e, f);
	c->scale = f->type == CG_MONEY ? b->m->scale : 0;
	if (f->type == CG_ENUM)
		c->values = enum_values(b->m, f);
	if (number && f->has_min)
		c->min = bound(b->m, f, f->min);
	if ((number || is_text(f->type)) && f->has_max)
		c->max = bound(b->m, f, f->max);
}

static void
relation_column(struct build *b, const struct cg_relation *r)
{
	struct cg_column *c = add_column(b, r->id, r->column, "ref", "TEXT");

	c->not_null = r->required;
	c->to = r->to->id;
	c->on_delete = r->on_delete;
}

/* Search text is folded by the server; NULL until it has done so. */
static void
search_column(struct build *b, const struct cg_entity *e)
{
	struct cg_column *c = add_column(b, "_search", "_search", "own", "TEXT");
	const char *of = NULL;
	size_t i;

	for (i = 0; i < e->n_fields; i++)
		if (e->fields[i].search)
			of = of ? wn_arena_printf(b->m->arena, "%s %s", of, e->fields[i].id)
				: e->fields[i].id;
	c->of = of;
}

static void
own_columns(struct build *b, const struct cg_entity *e)
{
	if (e->timestamps) {
		add_column(b, "created_at", "created_at", "own", "TEXT")->not_null = true;
		add_column(b, "updated_at", "updated_at", "own", "TEXT")->not_null = true;
	}
	if (e->soft)
		add_column(b, "deleted_at", "deleted_at", "own", "TEXT");
	if (e->searchable)
		search_column(b, e);
}

static wn_err
table_checks(struct build *b, const struct cg_entity *e)
{
	const struct wn_json *c;

	for (c = wn_json_first(e->checks); c; c = wn_json_next(c)) {
		const char *sql = codegen_expr_sql(b->m, e, "", c);

		if (!sql || strstr(sql, "SELECT"))
			return wn_fail(b->m->d, WN_E_UNSUPPORTED,
				       "entity %s: a check may look at its own row only", e->id);
		sql = codegen_condition(b->m->arena, b->t, sql, true);
		b->t->checks[b->t->n_checks] = (struct cg_check){
			wn_arena_printf(b->m->arena, "ck_%s__%zu", e->id, b->t->n_checks + 1), sql
		};
		b->t->n_checks++;
	}
	return WN_OK;
}

/* ---- indexes ----------------------------------------------------------------------------------
 */

static void
one_column_index(struct build *b, const char *id, bool unique, bool alive)
{
	struct cg_index *i =
		add_index(b, wn_arena_printf(b->m->arena, "%s_%s", unique ? "ux" : "ix", id), 1);

	i->columns[i->n_columns++] = id;
	i->unique = unique;
	i->alive = unique && alive;
}

static wn_err
unique_sets(struct build *b, const struct cg_entity *e)
{
	const struct wn_json *set, *c;
	size_t n = 0;

	for (set = wn_json_first(e->unique); set; set = wn_json_next(set)) {
		struct cg_index *i =
			add_index(b, wn_arena_printf(b->m->arena, "ux_%s__%zu", e->id, ++n),
				  wn_json_len(set));

		i->unique = true;
		i->alive = e->soft;
		for (c = wn_json_first(set); c; c = wn_json_next(c)) {
			const char *id = wn_json_str(c, "");

			if (!codegen_table_column(b->t, id))
				return wn_fail(b->m->d, WN_E_NOT_FOUND,
					       "entity %s: unique names '%s', which is no column",
					       e->id, id);
			i->columns[i->n_columns++] = id;
		}
	}
	return WN_OK;
}

/* The order of a list, once however many lists have it. */
static void
sort_index(struct build *b, const struct cg_entity *e, const char *column)
{
	const char *name = strncmp(column, "fld_", 4) == 0
				   ? wn_arena_printf(b->m->arena, "ix_%s", column)
				   : wn_arena_printf(b->m->arena, "ix_%s_%s", e->id, column);
	struct cg_index *i;
	size_t k;

	for (k = 0; k < b->t->n_indexes; k++)
		if (strcmp(b->t->indexes[k].name, name) == 0)
			return;
	i = add_index(b, name, 2);
	i->columns[i->n_columns++] = column;
	i->columns[i->n_columns++] = "id";
}

static void
sort_indexes(struct build *b, const struct cg_entity *e)
{
	size_t i;

	for (i = 0; i < b->m->n_ops; i++) {
		const char *sort = b->m->ops[i].sort;
		const struct cg_field *f;

		if (b->m->ops[i].entity != e || !sort)
			continue;
		sort += *sort == '-';
		f = codegen_field(e, sort);
		if (f && !f->computed && !f->index && !f->unique)
			sort_index(b, e, f->id);
		else if (e->timestamps && strcmp(sort, "createdAt") == 0)
			sort_index(b, e, "created_at");
		else if (e->timestamps && strcmp(sort, "updatedAt") == 0)
			sort_index(b, e, "updated_at");
	}
}

static wn_err
entity_table(struct build *b, const struct cg_entity *e)
{
	size_t i;
	wn_err err;

	b->t->id = e->id;
	b->t->name = e->snake;
	make_room(b, e->n_fields + e->n_rels + 5, wn_json_len(e->checks),
		  e->n_fields + e->n_rels + wn_json_len(e->unique) + b->m->n_ops);
	add_column(b, "id", "id", "key", "TEXT")->not_null = true;
	for (i = 0; i < e->n_fields; i++)
		if (!e->fields[i].computed)
			field_column(b, e, &e->fields[i]);
	for (i = 0; i < e->n_rels; i++)
		relation_column(b, e->rels[i]);
	own_columns(b, e);
	err = table_checks(b, e);
	if (err)
		return err;
	for (i = 0; i < e->n_fields; i++)
		if (!e->fields[i].computed && (e->fields[i].unique || e->fields[i].index))
			one_column_index(b, e->fields[i].id, e->fields[i].unique, e->soft);
	for (i = 0; i < e->n_rels; i++)
		one_column_index(b, e->rels[i]->id, false, false);
	sort_indexes(b, e);
	return unique_sets(b, e);
}

static struct cg_column *
link_column(struct build *b, const char *id, const char *name, const struct cg_entity *to)
{
	struct cg_column *c = add_column(b, id, name, "ref", "TEXT");

	c->not_null = true;
	c->to = to->id;
	c->on_delete = "CASCADE";
	return c;
}

/* Pairs of rows, each once. */
static void
link_table(struct build *b, const struct cg_link *l)
{
	struct cg_index *i;

	b->t->id = l->id;
	b->t->name = l->table;
	make_room(b, 3, 0, 2);
	link_column(b, "from", l->from_column, l->from);
	link_column(b, "to", l->to_column, l->to);
	if (l->ordered)
		add_column(b, "position", "position", "own", "INTEGER")->not_null = true;
	i = add_index(b, wn_arena_printf(b->m->arena, "ux_%s", l->id), 2);
	i->columns[i->n_columns++] = "from";
	i->columns[i->n_columns++] = "to";
	i->unique = true;
	i = add_index(b, wn_arena_printf(b->m->arena, "ix_%s", l->id), 1);
	i->columns[i->n_columns++] = "to";
}

/* ---- conditions by id ---------------------------------------------------------------------------
 */

static const struct cg_column *
column_called(const struct cg_table *t, struct wn_str word, bool by_id)
{
	for (size_t i = 0; i < t->n_columns; i++) {
		const struct cg_column *c = &t->columns[i];

		if (!c->removed && wn_str_is(word, by_id ? c->name : c->id))
			return c;
	}
	return NULL;
}

/* Length of the token at s: a text in quotes, a word, or one character. */
static size_t
token(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
	const char *end;

	if (*s != '\'' && *s != '"')
		return n > 0 ? n : 1;
	end = strchr(s + 1, *s);
	return end ? (size_t)(end - s) + 1 : strlen(s);
}

const char *
codegen_condition(struct wn_arena *a, const struct cg_table *t, const char *sql, bool by_id)
{
	struct wn_buf out;
	const char *text;
	size_t n;

	wn_buf_init(&out, 1u << 20);
	for (; *sql; sql += n) {
		bool quote = *sql == '"';
		const struct cg_column *c;

		n = token(sql);
		c = sql[n] == '('
			    ? NULL /* a function */
			    : column_called(t, quote ? wn_strn(sql + 1, n - 2) : wn_strn(sql, n),
					    by_id);
		if (c)
			wn_buf_cstr(&out, by_id ? c->id : codegen_sql_name(a, c->name));
		else
			wn_buf_add(&out, sql, n);
	}
	text = wn_arena_strdup(a, out.p ? out.p : "");
	wn_buf_fini(&out);
	return text;
}

/* ---- the platform's own tables ------------------------------------------------------------------
 */

static const struct {
	const char *table, *columns; /* ! NOT NULL, # INTEGER, the first is the key */
	const char *index[2];	     /* columns of each */
} own_tables[] = {
	{ "_meta", "name value!", { NULL } },
	{ "_session", "token_hash user_id! created_at! expires_at!", { "user_id", "expires_at" } },
	{ "_audit",
	  "id at! actor action! entity! entity_id! fields!",
	  { "entity entity_id", NULL } },
	{ "_outbox", "id at! type! version#! subject! data! sent_at", { NULL } },
};
#define OWN_TABLES (sizeof own_tables / sizeof *own_tables)

static void
own_index(struct build *b, const char *columns)
{
	struct wn_str rest = wn_str(columns), part;
	struct cg_index *i = add_index(b, NULL, 2);

	while (wn_str_split(&rest, ' ', &part))
		i->columns[i->n_columns++] = wn_arena_strndup(b->m->arena, part.p, part.len);
	i->name = wn_arena_printf(b->m->arena, "ix_%s_%s", b->t->id, i->columns[0]);
}

static void
own_table(struct build *b, size_t n)
{
	struct wn_str rest = wn_str(own_tables[n].columns), part;

	b->t->id = b->t->name = own_tables[n].table;
	make_room(b, 8, 0, 2);
	while (wn_str_split(&rest, ' ', &part)) {
		const char *name = wn_arena_strndup(
			b->m->arena, part.p,
			strcspn(wn_arena_strndup(b->m->arena, part.p, part.len), "!#"));
		struct cg_column *c = add_column(b, name, name, "own", "TEXT");

		c->not_null = memchr(part.p, '!', part.len) != NULL;
		if (memchr(part.p, '#', part.len))
			c->type = "INTEGER";
		if (b->t->n_columns == 1) {
			c->kind = "key";
			c->not_null = true;
		}
	}
	for (size_t i = 0; i < 2 && own_tables[n].index[i]; i++)
		own_index(b, own_tables[n].index[i]);
}

wn_err
codegen_tables_make(struct cg_model *m, struct cg_tables *out)
{
	struct build b = { .m = m };
	struct cg_column *user;
	size_t i;
	wn_err err = WN_OK;

	out->p = wn_arena_array(m->arena, m->n_entities + m->n_links + OWN_TABLES, sizeof *out->p);
	out->len = 0;
	for (i = 0; i < m->n_entities && !err; i++) {
		b.t = &out->p[out->len++];
		err = entity_table(&b, codegen_sql_nth(m, i));
	}
	for (i = 0; i < m->n_links && !err; i++) {
		b.t = &out->p[out->len++];
		link_table(&b, &m->links[i]);
	}
	for (i = 0; i < OWN_TABLES && !err; i++) {
		b.t = &out->p[out->len++];
		own_table(&b, i);
		if (strcmp(b.t->id, "_session") != 0)
			continue;
		user = &b.t->columns[1];
		user->kind = "ref";
		user->to = m->user->id;
		user->on_delete = "CASCADE";
	}
	return err;
}

const struct cg_table *
codegen_tables_find(const struct cg_tables *t, const char *id)
{
	for (size_t i = 0; i < t->len; i++)
		if (!t->p[i].removed && strcmp(t->p[i].id, id) == 0)
			return &t->p[i];
	return NULL;
}

const struct cg_column *
codegen_table_column(const struct cg_table *t, const char *id)
{
	for (size_t i = 0; i < t->n_columns; i++)
		if (!t->columns[i].removed && strcmp(t->columns[i].id, id) == 0)
			return &t->columns[i];
	return NULL;
}
