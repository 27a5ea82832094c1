/*
 * The values of one column across a change, there and back. Every value that a change alters is
 * kept beside the new one, so that the way back is exact.
 */
#include <stdlib.h>
#include <string.h>

#include "ai/codegen/change.h"
#include "ai/codegen/expr.h"
#include "ai/codegen/names.h"

#define NOW "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"

/* ---- the blueprint's word ---------------------------------------------------------------------
 */

const struct wn_json *
codegen_hint(struct cg_model *m, unsigned since, const char *kind, const char *id)
{
	double now = wn_json_get_num(m->doc, "revision", 1);
	const struct wn_json *g = wn_json_first(wn_json_get(m->doc, "migrations")), *c;

	for (; g; g = wn_json_next(g)) {
		double r = wn_json_get_num(g, "revision", 0);

		if (r > now || (r <= since && r < now))
			continue;
		for (c = wn_json_first(wn_json_get(g, "changes")); c; c = wn_json_next(c))
			if (strcmp(wn_json_get_str(c, "kind", ""), kind) == 0 &&
			    strcmp(wn_json_get_str(c, "of", ""), id) == 0)
				return c;
	}
	return NULL;
}

/* The place of a thing in the document. */
static void
point_at(struct cg_model *m, const char *id)
{
	static const char *const lists[] = { "entities", "relations" };
	const struct wn_json *c, *f;

	for (size_t k = 0; k < 2; k++) {
		size_t i = 0;

		for (c = wn_json_first(wn_json_get(m->doc, lists[k])); c;
		     c = wn_json_next(c), i++) {
			size_t n = 0;

			if (strcmp(wn_json_get_str(c, "id", ""), id) == 0)
				wn_fail_where(m->d, "/%s/%zu", lists[k], i);
			for (f = wn_json_first(wn_json_get(c, "fields")); f;
			     f = wn_json_next(f), n++)
				if (strcmp(wn_json_get_str(f, "id", ""), id) == 0)
					wn_fail_where(m->d, "/%s/%zu/fields/%zu", lists[k], i, n);
		}
	}
}

wn_err
codegen_move_fail(struct cg_model *m, const char *id, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	wn_failv(m->d, WN_E_STATE, fmt, ap);
	va_end(ap);
	point_at(m, id);
	return WN_E_STATE;
}

static wn_err
needs_data(const struct cg_move *v, const struct cg_column *c, const char *what)
{
	return codegen_move_fail(
		v->m, c->id,
		"%s: %s.%s %s. Say what becomes of them in migrations: {\"revision\": %.0f, "
		"\"changes\": [{\"kind\": \"backfill\", \"of\": \"%s\", \"value\": …}]} (or "
		"\"expr\"; \"approved\": true when every row keeps to it already)",
		c->id, v->to->name, c->name, what, wn_json_get_num(v->m->doc, "revision", 1),
		c->id);
}

static const char *
quoted(struct wn_arena *a, const char *s)
{
	struct wn_buf b;
	const char *out;

	wn_buf_init(&b, 1u << 20);
	wn_buf_chr(&b, '\'');
	for (; *s; s++)
		wn_buf_cstr(&b, *s == '\'' ? "''" : (char[]){ *s, '\0' });
	wn_buf_chr(&b, '\'');
	out = wn_arena_strdup(a, b.p);
	wn_buf_fini(&b);
	return out;
}

static bool
has_value(const struct cg_column *c, const char *value)
{
	struct wn_str rest = wn_str(c->values), part;

	while (wn_str_split(&rest, ' ', &part))
		if (wn_str_is(part, value))
			return true;
	return false;
}

/* A constant of the blueprint as the column keeps it; NULL: it is none that fits. */
static const char *
literal(struct wn_arena *a, const struct cg_column *c, const struct wn_json *value)
{
	const char *text = wn_json_str(value, NULL);
	bool number = strcmp(c->type, "TEXT") != 0;
	double v = wn_json_num(value, text && number ? strtod(text, NULL) : 0);

	if (wn_json_type(value) == WN_JSON_BOOL)
		return strcmp(c->kind, "bool") == 0 ? (wn_json_bool(value, false) ? "1" : "0")
						    : NULL;
	if (wn_json_type(value) == WN_JSON_NULL || (number && strcmp(c->kind, "bool") == 0))
		return NULL;
	for (unsigned i = 0; number && i < c->scale; i++)
		v *= 10;
	if (number)
		return strcmp(c->type, "INTEGER") == 0
			       ? (v > -9e15 && v < 9e15 && (double)(long long)v == v
					  ? wn_arena_printf(a, "%lld", (long long)v)
					  : NULL)
			       : codegen_number(a, v);
	if (!text || (c->values && !has_value(c, text)))
		return NULL;
	return quoted(a, text);
}

/* An expression of the blueprint over the row as it was, its columns under their new names. */
static const char *
expression(const struct cg_move *v, const struct wn_json *x)
{
	struct wn_arena *a = v->m->arena;
	const char *sql = v->e ? codegen_expr_sql(v->m, v->e, "t", x) : NULL, *row = NULL;

	if (!sql || strstr(sql, "SELECT"))
		return NULL;
	for (size_t i = 0; i < v->to->n_columns; i++) {
		const struct cg_column *c = &v->to->columns[i];
		const struct cg_column *o = codegen_table_column(v->from, c->id);

		row = wn_arena_printf(a, "%s%s%s%s AS %s", row ? row : "", row ? ", " : "",
				      o ? "o." : "", o ? codegen_sql_name(a, o->name) : "NULL",
				      codegen_sql_name(a, c->name));
	}
	return wn_arena_printf(a, "(SELECT %s FROM (SELECT %s) t)", sql, row);
}

/* What rows without a proper value get: *fill_out NULL when the blueprint says none is needed.
 * Without its word, what the column says of itself; else it fails with `what`. */
static wn_err
find_fill(const struct cg_move *v, const struct cg_column *c, bool itself, const char *what,
	  const char **fill_out)
{
	const struct wn_json *h = codegen_hint(v->m, v->since, "backfill", c->id);
	const struct wn_json *value = wn_json_get(h, "value"), *x = wn_json_get(h, "expr");

	*fill_out = NULL;
	if (wn_json_get(h, "sql"))
		return codegen_move_fail(v->m, c->id,
					 "the backfill of %s is SQL, which is not run from a "
					 "blueprint; give a value or an expr, or write it into the "
					 "migration before it is applied",
					 c->id);
	if (x || value) {
		*fill_out = x ? expression(v, x) : literal(v->m->arena, c, value);
		return *fill_out ? WN_OK
				 : codegen_move_fail(
					   v->m, c->id, "the backfill of %s does not fit %s.%s%s",
					   c->id, v->to->name, c->name,
					   x ? "; an expr may look at its own row only" : "");
	}
	if (wn_json_get_bool(h, "approved", false))
		return WN_OK;
	if (itself && c->def)
		*fill_out = c->def;
	else if (itself && strcmp(c->kind, "own") == 0)
		*fill_out = NOW;
	else if (itself && strcmp(c->kind, "slug") == 0)
		*fill_out = "o.id"; /* unique, and short enough to be changed by hand */
	return *fill_out ? WN_OK : needs_data(v, c, what);
}

/* ---- one value into another -------------------------------------------------------------------
 */

static bool
in_words(const char *word, const char *list)
{
	struct wn_str rest = wn_str(list), part;

	while (wn_str_split(&rest, ' ', &part))
		if (wn_str_is(part, word))
			return true;
	return false;
}

/* Every value of the one is a value of the other. */
static bool
widens(const char *from, const char *to)
{
	static const char *const table[][2] = {
		{ "string", "text markdown" }, { "text", "markdown" },
		{ "markdown", "text" },	       { "int", "decimal" },
		{ "email", "string text" },    { "url", "string text" },
		{ "phone", "string text" },    { "slug", "string text" },
		{ "uuid", "string text" },     { "enum", "string text" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i][0], from) == 0 && in_words(to, table[i][1]))
			return true;
	return strcmp(from, to) == 0;
}

/* The value `x` of column `from` as column `to` stores it. */
static const char *
converted(struct wn_arena *a, const struct cg_column *from, const struct cg_column *to,
	  const char *x)
{
	unsigned i, up = to->scale > from->scale ? to->scale - from->scale : 0,
		    down = from->scale > to->scale ? from->scale - to->scale : 0;

	for (i = 0; i < up; i++)
		x = wn_arena_printf(a, "%s * 10", x);
	for (i = 0; i < down; i++)
		x = wn_arena_printf(a, "%s / 10", x);
	return strcmp(from->type, to->type) == 0
		       ? x
		       : wn_arena_printf(a, "CAST(%s AS %s)", x, to->type);
}

static double
number(const char *s, const struct cg_column *of, const struct cg_column *as)
{
	double v = strtod(s, NULL);

	for (unsigned i = of->scale; i < as->scale; i++)
		v *= 10;
	return v;
}

/* `after` forbids values that `before` allows. */
static bool
narrows(const struct cg_column *before, const struct cg_column *after)
{
	struct wn_str rest = wn_str(before->values ? before->values : ""), part;
	char word[80];

	if (after->values && !before->values)
		return true;
	while (after->values && wn_str_split(&rest, ' ', &part)) {
		size_t n = part.len < sizeof word - 1 ? part.len : sizeof word - 1;

		memcpy(word, part.p, n);
		word[n] = '\0';
		if (!has_value(after, word))
			return true;
	}
	if (after->min &&
	    (!before->min || number(before->min, before, after) < number(after->min, after, after)))
		return true;
	return after->max && (!before->max || number(before->max, before, after) >
						      number(after->max, after, after));
}

static const char *
kept_or(struct wn_arena *a, const struct cg_column *c, const char *value, const char *fill)
{
	const char *check = codegen_column_check(a, c, value);

	return check ? wn_arena_printf(a, "CASE WHEN %s IS NULL OR %s THEN %s ELSE %s END", value,
				       check, value, fill)
		     : value;
}

static const char *
old(struct wn_arena *a, const struct cg_column *c)
{
	return wn_arena_printf(a, "o.%s", codegen_sql_name(a, c->name));
}

static bool
same_text(const char *x, const char *y)
{
	return x == y || (x && y && strcmp(x, y) == 0);
}

bool
codegen_column_same(struct wn_arena *a, const struct cg_column *x, const struct cg_column *y)
{
	bool aside = x->removed || y->removed;

	if (aside)
		return strcmp(x->type, y->type) == 0 && !x->not_null && !y->not_null &&
		       !x->def == !y->def && (!x->to || x->removed) && (!y->to || y->removed) &&
		       !codegen_column_check(a, x, "?") && !codegen_column_check(a, y, "?");
	return strcmp(x->type, y->type) == 0 && x->not_null == y->not_null &&
	       x->scale == y->scale && same_text(x->def, y->def) && same_text(x->to, y->to) &&
	       same_text(x->on_delete, y->on_delete) &&
	       same_text(codegen_column_check(a, x, "?"), codegen_column_check(a, y, "?"));
}

wn_err
codegen_move_add(const struct cg_move *v, const struct cg_column *c, struct cg_source *up)
{
	bool must = c->not_null && !c->def;

	*up = (struct cg_source){ .from = -1 };
	if (!must && !codegen_hint(v->m, v->since, "backfill", c->id))
		return WN_OK;
	return find_fill(v, c, true, "is new and required, and the rows there have no value for it",
			 &up->expr);
}

/* Another kind of value: by itself where every old value is a new one, else by the blueprint's
 * word. *all_out: every row gets the fill. */
static wn_err
change_kind(const struct cg_move *v, const struct cg_column *o, const struct cg_column *c,
	    const char **value, bool *all_out)
{
	struct wn_arena *a = v->m->arena;
	const char *fill;
	wn_err err;

	*all_out = false;
	*value = converted(a, o, c, *value);
	if (widens(o->kind, c->kind) && c->scale >= o->scale)
		return WN_OK;
	err = find_fill(v, c, false,
			strcmp(o->kind, c->kind) == 0
				? "keeps fewer decimals from now on, and rows may have more"
				: "changes its type, and the values there may not fit it",
			&fill);
	*all_out = fill != NULL;
	if (fill)
		*value = fill;
	return err;
}

wn_err
codegen_move_change(const struct cg_move *v, const struct cg_column *o, const struct cg_column *c,
		    struct cg_source *up, bool *keep_out)
{
	struct wn_arena *a = v->m->arena;
	const char *value = old(a, o), *fill = NULL;
	bool all;
	wn_err err;

	*keep_out = false;
	up->same = codegen_column_same(a, o, c) && widens(o->kind, c->kind);
	up->expr = value;
	if (up->same)
		return WN_OK;
	err = change_kind(v, o, c, &value, &all);
	if (!err && !all && c->not_null && (!o->not_null || o->removed)) {
		err = find_fill(v, c, true, "becomes required, and rows may have none", &fill);
		value = fill ? wn_arena_printf(a, "coalesce(%s, %s)", value, fill) : value;
	}
	*keep_out = all || fill;
	if (!err && !all && narrows(o, c)) {
		err = find_fill(v, c, false, "allows less, and rows may have values it forbids",
				&fill);
		value = fill ? kept_or(a, c, value, fill) : value;
		*keep_out |= fill != NULL;
	}
	up->expr = value;
	return err;
}

/* A value that the column allows, for rows that have none when a change is taken back. NULL: there
 * is none, and the way back stops at such a row. */
static const char *
any_value(const struct cg_move *v, const struct cg_column *c)
{
	struct wn_arena *a = v->m->arena;

	if (c->def)
		return c->def;
	if (c->to || strcmp(c->kind, "key") == 0)
		return NULL;
	for (size_t i = 0; i < v->from->n_indexes; i++)
		if (v->from->indexes[i].unique &&
		    strcmp(v->from->indexes[i].columns[0], c->id) == 0)
			return strcmp(c->type, "TEXT") == 0 && !c->values ? "o.id" : NULL;
	if (c->values)
		return wn_arena_printf(a, "'%.*s'", (int)strcspn(c->values, " "), c->values);
	if (strcmp(c->type, "TEXT") != 0)
		return c->min && strtod(c->min, NULL) > 0   ? c->min
		       : c->max && strtod(c->max, NULL) < 0 ? c->max
							    : "0";
	if (strcmp(c->kind, "datetime") == 0 || strcmp(c->kind, "own") == 0)
		return "'1970-01-01T00:00:00.000Z'";
	return strcmp(c->kind, "date") == 0   ? "'1970-01-01'"
	       : strcmp(c->kind, "json") == 0 ? "'null'"
					      : "''";
}

void
codegen_move_back(const struct cg_move *v, const struct cg_column *before,
		  const struct cg_column *after, struct cg_source *down)
{
	struct wn_arena *a = v->m->arena;
	const char *value = old(a, after), *any = any_value(v, before);

	down->same = codegen_column_same(a, after, before);
	down->expr = value;
	if (down->same)
		return;
	value = converted(a, after, before, value);
	if (any && before->not_null && (!after->not_null || after->removed))
		value = wn_arena_printf(a, "coalesce(%s, %s)", value, any);
	if (any && !after->removed && !before->removed && narrows(after, before))
		value = kept_or(a, before, value, any);
	down->expr = value;
}
