/*
 * Expressions to SQL. Every operand is a path from the row, a literal, or an expression.
 */
#include "ai/codegen/expr.h"

#include <string.h>

#include "ai/codegen/names.h"

static const char *expr_sql(struct cg_model *m, const struct cg_entity *e, const char *alias,
			    const struct wn_json *x, bool money, unsigned depth);

static const char *
expr_fail(struct cg_model *m, const char *what, const char *detail)
{
	wn_fail(m->d, WN_E_UNSUPPORTED, "expression: %s '%s'", what, detail);
	return NULL;
}

static const char *
column_sql(struct cg_model *m, const char *alias, const char *col)
{
	return alias[0] ? wn_arena_printf(m->arena, "%s.%s", alias, col) : col;
}

/* The column that a name stands for in the row itself; NULL: none. */
static const char *
own_column(const struct cg_entity *e, const char *name)
{
	const struct cg_field *f = codegen_field(e, name);
	const struct cg_relation *r = codegen_relation(e, name);

	if (f)
		return f->computed || f->type == CG_SECRET ? NULL : f->col;
	if (r)
		return r->col;
	if (strcmp(name, "id") == 0)
		return "id";
	if (e->timestamps && strcmp(name, "createdAt") == 0)
		return "created_at";
	return e->timestamps && strcmp(name, "updatedAt") == 0 ? "updated_at" : NULL;
}

static const char *
path_sql(struct cg_model *m, const struct cg_entity *e, const char *alias, struct wn_str path,
	 unsigned depth)
{
	struct wn_str part = WN_STR_NONE;
	const struct cg_field *f;
	const struct cg_relation *r;
	const char *name, *inner, *sub;

	wn_str_split(&path, '.', &part);
	name = wn_arena_strndup(m->arena, part.p, part.len);
	if (path.len == 0) {
		f = codegen_field(e, name);
		if (f && f->computed)
			return expr_sql(m, e, alias, f->computed, false, depth + 1);
		sub = own_column(e, name);
		return sub ? column_sql(m, alias, sub)
			   : expr_fail(m, "nothing is called so here:", name);
	}
	r = codegen_relation(e, name);
	if (!r || depth > 6)
		return expr_fail(m, "no relation is called", name);
	inner = wn_arena_printf(m->arena, "r%u", depth);
	sub = path_sql(m, r->to, inner, path, depth + 1);
	return sub ? wn_arena_printf(m->arena, "(SELECT %s FROM %s %s WHERE %s.id = %s)", sub,
				     r->to->table, inner, inner, column_sql(m, alias, r->col))
		   : NULL;
}

const char *
codegen_path_sql(struct cg_model *m, const struct cg_entity *e, const char *alias, const char *path)
{
	return path_sql(m, e, alias, wn_str(path), 0);
}

static bool
path_is_money(const struct cg_entity *e, struct wn_str path)
{
	struct wn_str part;
	char name[64];

	while (e && wn_str_split(&path, '.', &part) && part.len < sizeof name) {
		const struct cg_relation *r;

		memcpy(name, part.p, part.len);
		name[part.len] = '\0';
		r = codegen_relation(e, name);
		if (!r || path.len == 0) {
			const struct cg_field *f = codegen_field(e, name);

			return f && f->type == CG_MONEY;
		}
		e = r->to;
	}
	return false;
}

bool
codegen_expr_is_money(const struct cg_model *m, const struct cg_entity *e, const struct wn_json *x)
{
	const struct wn_json *first = wn_json_first(x), *c;
	const char *op = wn_json_str(first, "");

	if (wn_json_type(x) == WN_JSON_STRING)
		return wn_json_str(x, "")[0] != '=' && path_is_money(e, wn_str(wn_json_str(x, "")));
	if (wn_json_type(x) != WN_JSON_ARRAY)
		return false;
	if (strcmp(op, "sum") == 0) {
		const struct wn_json *name = wn_json_next(first);
		const struct cg_relation *r = codegen_inverse(m, e, wn_json_str(name, ""));

		return r && codegen_expr_is_money(m, r->from, wn_json_next(name));
	}
	if (strcmp(op, "add") != 0 && strcmp(op, "sub") != 0 && strcmp(op, "mul") != 0)
		return false;
	for (c = wn_json_next(first); c; c = wn_json_next(c))
		if (codegen_expr_is_money(m, e, c))
			return true;
	return false;
}

static const char *
text_sql(struct cg_model *m, const char *s)
{
	char *out = wn_arena_alloc(m->arena, strlen(s) * 2 + 3), *p = out;

	*p++ = '\'';
	for (; *s; s++) {
		if (*s == '\'')
			*p++ = '\'';
		*p++ = *s;
	}
	*p = '\'';
	return out;
}

static const char *
number_sql(struct cg_model *m, double v, bool money)
{
	unsigned i;

	for (i = 0; money && i < m->scale; i++)
		v *= 10;
	if (v > -9e15 && v < 9e15 && (double)(int64_t)v == v)
		return wn_arena_printf(m->arena, "%lld", (long long)v);
	return money ? expr_fail(m, "an amount has too many digits", "")
		     : codegen_number(m->arena, v);
}

static const char *
literal_sql(struct cg_model *m, const struct wn_json *x, bool money)
{
	switch (wn_json_type(x)) {
	case WN_JSON_NULL:
		return "NULL";
	case WN_JSON_BOOL:
		return wn_json_bool(x, false) ? "1" : "0";
	case WN_JSON_NUMBER:
		return number_sql(m, wn_json_num(x, 0), money);
	case WN_JSON_STRING:
		return text_sql(m, wn_json_str(x, ""));
	default:
		return expr_fail(m, "not a value", "");
	}
}

/* a OP b OP c */
static const char *
joined_sql(struct cg_model *m, const struct cg_entity *e, const char *alias,
	   const struct wn_json *args, const char *op, bool money, unsigned depth)
{
	const struct wn_json *c;
	const char *out = NULL, *part;

	for (c = args; c; c = wn_json_next(c)) {
		part = expr_sql(m, e, alias, c, money, depth + 1);
		if (!part)
			return NULL;
		out = out ? wn_arena_printf(m->arena, "%s %s %s", out, op, part) : part;
	}
	return out ? wn_arena_printf(m->arena, "(%s)", out) : expr_fail(m, "has no operands:", op);
}

static const char *
in_sql(struct cg_model *m, const struct cg_entity *e, const char *alias, const struct wn_json *args,
       unsigned depth)
{
	const char *left = expr_sql(m, e, alias, args, false, depth + 1), *list = NULL;
	const struct wn_json *c;

	for (c = wn_json_first(wn_json_next(args)); left && c; c = wn_json_next(c)) {
		const char *v = literal_sql(m, c, codegen_expr_is_money(m, e, args));

		if (!v)
			return NULL;
		list = list ? wn_arena_printf(m->arena, "%s, %s", list, v) : v;
	}
	if (!left || !list)
		return left ? expr_fail(m, "in needs a list", "") : NULL;
	return wn_arena_printf(m->arena, "(%s IN (%s))", left, list);
}

/* sum and count over the rows that point here. */
static const char *
aggregate_sql(struct cg_model *m, const struct cg_entity *e, const char *alias, const char *op,
	      const struct wn_json *args, unsigned depth)
{
	const struct cg_relation *r = codegen_inverse(m, e, wn_json_str(args, ""));
	const char *inner = wn_arena_printf(m->arena, "a%u", depth), *what = "*";

	if (!r)
		return expr_fail(m, "no relation back is called", wn_json_str(args, ""));
	if (strcmp(op, "sum") == 0) {
		what = expr_sql(m, r->from, inner, wn_json_next(args), false, depth + 1);
		if (!what)
			return NULL;
	}
	return wn_arena_printf(
		m->arena, "(SELECT %s(%s)%s FROM %s %s WHERE %s.%s = %s%s)",
		strcmp(op, "sum") == 0 ? "coalesce(sum" : "count", what,
		strcmp(op, "sum") == 0 ? ", 0)" : "", r->from->table, inner, inner, r->col,
		column_sql(m, alias, "id"),
		r->from->soft ? wn_arena_printf(m->arena, " AND %s.deleted_at IS NULL", inner)
			      : "");
}

static const char *
infix(const char *op)
{
	static const char *const table[][2] = {
		{ "eq", "=" },	{ "ne", "<>" }, { "lt", "<" },	  { "le", "<=" },
		{ "gt", ">" },	{ "ge", ">=" }, { "and", "AND" }, { "or", "OR" },
		{ "add", "+" }, { "sub", "-" }, { "mul", "*" },
	};
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i][0], op) == 0)
			return table[i][1];
	return NULL;
}

static const char *
operator_sql(struct cg_model *m, const struct cg_entity *e, const char *alias,
	     const struct wn_json *x, unsigned depth)
{
	const struct wn_json *first = wn_json_first(x), *args = wn_json_next(first), *c;
	const char *op = wn_json_str(first, ""), *sql;
	bool money = false;

	if (strcmp(op, "now") == 0)
		return "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
	if (!args)
		return expr_fail(m, "has no operands:", op);
	if (strcmp(op, "in") == 0)
		return in_sql(m, e, alias, args, depth);
	if (strcmp(op, "sum") == 0 || strcmp(op, "count") == 0)
		return aggregate_sql(m, e, alias, op, args, depth);
	if (strcmp(op, "not") == 0 || strcmp(op, "isNull") == 0) {
		sql = expr_sql(m, e, alias, args, false, depth + 1);
		return !sql ? NULL
			    : wn_arena_printf(m->arena, op[0] == 'n' ? "(NOT %s)" : "(%s IS NULL)",
					      sql);
	}
	if (!infix(op))
		return expr_fail(m, "this stack does not know", op);
	for (c = args; c && strcmp(op, "mul") != 0; c = wn_json_next(c))
		money |= codegen_expr_is_money(m, e, c);
	return joined_sql(m, e, alias, args, infix(op), money, depth);
}

static const char *
expr_sql(struct cg_model *m, const struct cg_entity *e, const char *alias, const struct wn_json *x,
	 bool money, unsigned depth)
{
	const char *s = wn_json_str(x, NULL);

	if (depth > 20)
		return expr_fail(m, "nests too deep", "");
	if (s)
		return s[0] == '=' ? text_sql(m, s + 1) : path_sql(m, e, alias, wn_str(s), depth);
	if (wn_json_type(x) != WN_JSON_ARRAY)
		return literal_sql(m, x, money);
	return operator_sql(m, e, alias, x, depth);
}

const char *
codegen_expr_sql(struct cg_model *m, const struct cg_entity *e, const char *alias,
		 const struct wn_json *expr)
{
	return expr_sql(m, e, alias, expr, false, 0);
}
