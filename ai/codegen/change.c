/*
 * Pairs tables and columns of two generations by id, and says what becomes of each.
 */
#include "ai/codegen/change.h"

#include <stdarg.h>
#include <string.h>

#include "ai/codegen/names.h"

#define SAFE "safe"
#define NEEDS "needs data"
#define LOSS "destructive"

struct pairing {
	struct cg_model *m;
	const struct cg_history *h;
	const struct cg_tables *wanted;
	unsigned number;
	struct cg_plan *out;
};

/* One table on its way. */
struct table_pair {
	struct pairing *p;
	struct cg_move v;
	struct cg_table *after;
	struct cg_step *up, *down;
	int *keep; /* a column before: index+1 in after where its old values are kept */
};

static void note(struct pairing *p, const char *class, const char *fmt, ...) WN_PRINTF(3, 4);

static void
note(struct pairing *p, const char *class, const char *fmt, ...)
{
	va_list ap;
	struct cg_note n = { .class = class };

	va_start(ap, fmt);
	n.text = wn_arena_vprintf(p->m->arena, fmt, ap);
	va_end(ap);
	wn_vec_push(&p->out->notes, n);
}

static const char *
aside_name(struct pairing *p, const char *name)
{
	return wn_arena_printf(p->m->arena, "_removed_%u_%s", p->number, name);
}

/* ---- columns ----------------------------------------------------------------------------------
 */

/* The column before with that id: in use, else the one put aside last. -1: none. */
static int
column_before(const struct cg_table *t, const char *id)
{
	int best = -1;

	for (size_t i = 0; i < t->n_columns; i++) {
		if (strcmp(t->columns[i].id, id) != 0)
			continue;
		if (!t->columns[i].removed)
			return (int)i;
		if (best < 0 || t->columns[i].removed > t->columns[best].removed)
			best = (int)i;
	}
	return best;
}

/* Puts a column of before aside under a name of its own. */
static void
put_aside(struct table_pair *t, size_t k)
{
	const struct cg_column *o = &t->v.from->columns[k];
	struct cg_column *c = &t->after->columns[t->after->n_columns];
	struct cg_source *up = &t->up->columns[t->after->n_columns++];

	*c = *o;
	c->not_null = false;
	c->def = NULL;
	if (!o->removed) {
		c->removed = t->p->number;
		c->name = aside_name(t->p, o->name);
	}
	*up = (struct cg_source){ .from = (int)k,
				  .same = codegen_column_same(t->p->m->arena, o, c) };
	up->expr =
		wn_arena_printf(t->p->m->arena, "o.%s", codegen_sql_name(t->p->m->arena, o->name));
	t->keep[k] = (int)t->after->n_columns;
}

static void
note_change(struct table_pair *t, const struct cg_column *o, const struct cg_column *c, bool kept,
	    bool same)
{
	struct pairing *p = t->p;
	const char *table = t->after->name;

	if (o->removed)
		note(p, SAFE, "%s.%s comes back from %s", table, c->name, o->name);
	else if (strcmp(o->name, c->name) != 0)
		note(p, SAFE, "%s.%s is called %s from now on", table, o->name, c->name);
	if (kept)
		note(p, NEEDS,
		     "%s.%s: values that no longer fit are replaced; as they were, they stay in %s",
		     table, c->name, o->removed ? o->name : aside_name(p, o->name));
	else if (!same && !o->removed)
		note(p, SAFE, "%s.%s: its rules change, and every row keeps to them", table,
		     c->name);
}

static bool
is_derived(const struct cg_column *c)
{
	return c->of != NULL;
}

/* The wanted column i of the table. */
static wn_err
pair_column(struct table_pair *t, size_t i)
{
	const struct cg_column *c = &t->after->columns[i], *o;
	struct cg_source *up = &t->up->columns[i];
	int k = column_before(t->v.from, c->id);
	bool keep = false;
	wn_err err;

	o = k >= 0 ? &t->v.from->columns[k] : NULL;
	if (o && (!o->to != !c->to || (o->to && strcmp(o->to, c->to) != 0)))
		o = NULL; /* it leads elsewhere: what it held means nothing there */
	if (!o) {
		err = codegen_move_add(&t->v, c, up);
		if (!err && !is_derived(c))
			note(t->p, up->expr ? NEEDS : SAFE, "%s.%s is new%s", t->after->name,
			     c->name, up->expr ? ", and rows there are given a value" : "");
		t->up->refold |= is_derived(c);
		return err;
	}
	up->from = k;
	err = codegen_move_change(&t->v, o, c, up, &keep);
	if (err)
		return err;
	if (is_derived(c) && strcmp(o->of ? o->of : "", c->of) != 0)
		t->up->refold = t->down->refold = true;
	note_change(t, o, c, keep, up->same);
	if (keep)
		put_aside(t, (size_t)k);
	else
		t->keep[k] = (int)i + 1;
	return WN_OK;
}

/* A column of before that is not wanted any more. */
static wn_err
leave_column(struct table_pair *t, size_t k)
{
	const struct cg_column *o = &t->v.from->columns[k];
	const struct wn_json *purge = codegen_hint(t->p->m, t->p->h->revision, "purge", o->id);

	if (is_derived(o))
		return WN_OK;
	if (strcmp(o->name, "deleted_at") == 0 && !o->removed &&
	    !wn_json_get_bool(codegen_hint(t->p->m, t->p->h->revision, "backfill", t->after->id),
			      "approved", false))
		return codegen_move_fail(
			t->p->m, t->after->id,
			"%s deletes at once from now on, and rows marked as deleted would be there "
			"again. Agree to it in migrations: {\"revision\": %.0f, \"changes\": "
			"[{\"kind\": \"backfill\", \"of\": \"%s\", \"approved\": true}]}",
			t->after->id, wn_json_get_num(t->p->m->doc, "revision", 1), t->after->id);
	if (o->removed && wn_json_get_bool(purge, "approved", false)) {
		note(t->p, LOSS, "%s.%s is purged, as approved", t->after->name, o->name);
		return WN_OK;
	}
	if (!o->removed)
		note(t->p, LOSS, "%s.%s goes; its values stay in %s until they are purged",
		     t->after->name, o->name, aside_name(t->p, o->name));
	put_aside(t, k);
	return WN_OK;
}

static void
columns_back(struct table_pair *t)
{
	struct cg_move back = t->v;

	for (size_t k = 0; k < t->v.from->n_columns; k++) {
		struct cg_source *down = &t->down->columns[k];

		*down = (struct cg_source){ .from = t->keep[k] - 1 };
		if (t->keep[k] > 0)
			codegen_move_back(&back, &t->v.from->columns[k],
					  &t->after->columns[t->keep[k] - 1], down);
		else if (is_derived(&t->v.from->columns[k]))
			t->down->refold = true;
		else if (t->v.from->columns[k].not_null && !t->v.from->columns[k].def)
			down->expr = "NULL";
	}
}

static bool
same_check(const struct cg_table *t, const struct cg_check *c)
{
	for (size_t i = 0; i < t->n_checks; i++)
		if (strcmp(t->checks[i].sql, c->sql) == 0)
			return true;
	return false;
}

/* The columns hold the same pairs of values as an index before: nothing is asked of the rows. */
static bool
had_index(const struct cg_table *t, const struct cg_index *x)
{
	for (size_t i = 0; i < t->n_indexes; i++) {
		const struct cg_index *y = &t->indexes[i];
		bool same = y->unique && y->n_columns == x->n_columns && (x->alive || !y->alive);

		for (size_t k = 0; same && k < x->n_columns; k++)
			same = strcmp(x->columns[k], y->columns[k]) == 0;
		if (same)
			return true;
	}
	return false;
}

/* A new unique rule over values that rows may share. */
static bool
asks_of_rows(const struct table_pair *t, const struct cg_index *x)
{
	for (size_t i = 0; i < x->n_columns; i++) {
		const struct cg_column *c = codegen_table_column(t->after, x->columns[i]);
		int k = column_before(t->v.from, x->columns[i]);

		/* New and empty, or made of the key: no two rows have the same. */
		if (k < 0 && c && (!c->not_null || strcmp(c->kind, "slug") == 0))
			return false;
	}
	return true;
}

static wn_err
rules(struct table_pair *t)
{
	struct pairing *p = t->p;
	size_t i;

	for (i = 0; i < t->after->n_checks + t->after->n_indexes; i++) {
		const struct cg_index *x =
			i < t->after->n_checks ? NULL : &t->after->indexes[i - t->after->n_checks];
		const char *id = t->after->id;
		bool fresh = x ? x->unique && !had_index(t->v.from, x) && asks_of_rows(t, x)
			       : !same_check(t->v.from, &t->after->checks[i]);

		if (!fresh)
			continue;
		if (x && x->n_columns == 1 && strcmp(x->name + 3, x->columns[0]) == 0)
			id = x->columns[0]; /* "ux_" and the id */
		const struct wn_json *h = codegen_hint(p->m, p->h->revision, "backfill", id);

		if (!wn_json_get_bool(h, "approved", false) && !wn_json_get(h, "expr"))
			return codegen_move_fail(
				p->m, id,
				"%s: %s gets a rule that rows may break (%s). When all of them "
				"keep to "
				"it, say so in migrations: {\"revision\": %.0f, \"changes\": "
				"[{\"kind\": \"backfill\", \"of\": \"%s\", \"approved\": true}]}; "
				"the migration stops, and changes nothing, where one does not",
				id, t->after->name, x ? "unique" : t->after->checks[i].sql,
				wn_json_get_num(p->m->doc, "revision", 1), id);
		note(p, NEEDS, "%s: a new rule (%s), which all rows keep to as approved",
		     t->after->name, x ? x->name : t->after->checks[i].name);
	}
	return WN_OK;
}

/* ---- tables -----------------------------------------------------------------------------------
 */

static int
table_before(const struct cg_tables *t, const char *id)
{
	int best = -1;

	for (size_t i = 0; i < t->len; i++) {
		if (strcmp(t->p[i].id, id) != 0)
			continue;
		if (!t->p[i].removed)
			return (int)i;
		if (best < 0 || t->p[i].removed > t->p[best].removed)
			best = (int)i;
	}
	return best;
}

/* Room in after for every column that is wanted and every one that was. */
static void
make_table(struct table_pair *t, const struct cg_table *like, size_t more)
{
	struct wn_arena *a = t->p->m->arena;
	struct cg_column *columns =
		wn_arena_array(a, like->n_columns + 2 * more + 1, sizeof *columns);

	*t->after = *like;
	if (like->n_columns > 0)
		memcpy(columns, like->columns, like->n_columns * sizeof *columns);
	t->after->columns = columns;
	t->up->columns = wn_arena_array(a, like->n_columns + 2 * more + 1, sizeof *t->up->columns);
	t->keep = wn_arena_array(a, more + 1, sizeof *t->keep);
}

static wn_err
pair_table(struct table_pair *t, const struct cg_table *wanted, int k)
{
	struct pairing *p = t->p;
	const struct cg_table *from = &p->out->before.p[k];
	size_t i;
	wn_err err = WN_OK;

	make_table(t, wanted, from->n_columns);
	t->v = (struct cg_move){ p->m, codegen_entity(p->m, wanted->id), from, t->after,
				 p->h->revision };
	t->up->from = k;
	t->down = &p->out->down[k];
	t->down->columns = wn_arena_array(p->m->arena, from->n_columns, sizeof *t->down->columns);
	if (from->removed)
		note(p, SAFE, "%s comes back from %s", wanted->name, from->name);
	else if (strcmp(from->name, wanted->name) != 0)
		note(p, SAFE, "%s is called %s from now on", from->name, wanted->name);
	for (i = 0; i < wanted->n_columns && !err; i++)
		err = pair_column(t, i);
	for (i = 0; i < from->n_columns && !err; i++)
		if (t->keep[i] == 0)
			err = leave_column(t, i);
	if (!err)
		err = rules(t);
	columns_back(t);
	return err;
}

/* A table that is not wanted any more: its rows stay, its rules go. */
static void
leave_table(struct table_pair *t, int k)
{
	struct pairing *p = t->p;
	const struct cg_table *from = &p->out->before.p[k];
	struct cg_table none = { .id = from->id, .name = from->name, .removed = from->removed };

	if (!from->removed) {
		none.removed = p->number;
		none.name = aside_name(p, from->name);
		note(p, LOSS, "%s goes; its rows stay in %s until they are purged", from->name,
		     none.name);
	}
	make_table(t, &none, from->n_columns);
	t->v = (struct cg_move){ p->m, NULL, from, t->after, p->h->revision };
	t->up->from = k;
	t->down = &p->out->down[k];
	t->down->columns = wn_arena_array(p->m->arena, from->n_columns, sizeof *t->down->columns);
	for (size_t i = 0; i < from->n_columns; i++) {
		const struct cg_column *o = &from->columns[i];
		struct cg_column *c;

		if (is_derived(o))
			continue;
		put_aside(t, i);
		c = &t->after->columns[t->after->n_columns - 1];
		if (from->removed || strcmp(o->kind, "key") == 0) {
			*c = *o;
			t->up->columns[t->after->n_columns - 1].same = true;
		} else if (!o->removed) {
			c->name = o->name;
		}
	}
	columns_back(t);
}

static bool
is_purged(struct pairing *p, const struct cg_table *t)
{
	return t->removed && wn_json_get_bool(codegen_hint(p->m, p->h->revision, "purge", t->id),
					      "approved", false);
}

wn_err
codegen_plan(struct cg_model *m, const struct cg_history *h, const struct cg_tables *wanted,
	     unsigned number, struct cg_plan *out)
{
	struct pairing p = { m, h, wanted, number, out };
	size_t i, room = wanted->len + h->tables.len;
	bool *used = wn_arena_array(m->arena, h->tables.len + 1, sizeof *used);
	wn_err err = WN_OK;

	*out = (struct cg_plan){ .before = h->tables };
	out->after.p = wn_arena_array(m->arena, room, sizeof *out->after.p);
	out->up = wn_arena_array(m->arena, room, sizeof *out->up);
	out->down = wn_arena_array(m->arena, h->tables.len + 1, sizeof *out->down);
	for (i = 0; i < h->tables.len; i++)
		out->down[i].from = -1;
	for (i = 0; i < room && !err; i++) {
		struct table_pair t = { .p = &p };
		size_t n = out->after.len;
		int k;

		t.after = &out->after.p[n];
		t.up = &out->up[n];
		k = i < wanted->len ? table_before(&h->tables, wanted->p[i].id)
				    : (int)(i - wanted->len);
		if (i < wanted->len && k < 0) {
			*t.after = wanted->p[i];
			t.up->from = -1;
			note(&p, SAFE, "%s is new", t.after->name);
		} else if (i < wanted->len) {
			err = pair_table(&t, &wanted->p[i], k);
		} else if (used[k]) {
			continue;
		} else if (is_purged(&p, &h->tables.p[k])) {
			note(&p, LOSS, "%s is purged, as approved", h->tables.p[k].name);
			continue;
		} else {
			leave_table(&t, k);
		}
		if (k >= 0) {
			used[k] = true;
			out->down[k].from = (int)n;
		}
		out->after.len++;
	}
	return err;
}

void
codegen_plan_fini(struct cg_plan *p)
{
	wn_vec_fini(&p->notes);
}
