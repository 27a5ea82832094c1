/*
 * Access rules to TypeScript, and what can be said of a rule without a row. Deny by default:
 * a rule that cannot be expressed is a failure, never a pass.
 */
#include <string.h>

#include "ai/codegen/expr.h"

static const char *
strip_path(struct cg_model *m, const char *path, const char *strip)
{
	size_t n = strip ? strlen(strip) : 0;

	return n > 0 && strncmp(path, strip, n) == 0 && path[n] == '.'
		       ? wn_arena_strdup(m->arena, path + n + 1)
		       : path;
}

/* A copy of the expression in which paths begin at the row itself; owned. */
static struct wn_json *
rebase(struct cg_model *m, const struct wn_json *x, const char *strip, bool first)
{
	const struct wn_json *c;
	struct wn_json *out;

	if (wn_json_type(x) == WN_JSON_STRING && !first)
		return wn_json_new_str(wn_str(strip_path(m, wn_json_str(x, ""), strip)));
	if (wn_json_type(x) != WN_JSON_ARRAY)
		return wn_json_copy(x);
	out = wn_json_new_array();
	for (c = wn_json_first(x), first = true; c; c = wn_json_next(c), first = false)
		wn_json_push(out, rebase(m, c, strip, first));
	return out;
}

static const char *
when_ts(struct cg_model *m, const struct wn_json *expr, const struct codegen_access *env)
{
	struct wn_json *own;
	const char *sql;

	if (!env->when) {
		wn_fail(m->d, WN_E_UNSUPPORTED,
			"access: 'when' needs a row, and there is none here");
		return NULL;
	}
	own = rebase(m, expr, env->strip, true);
	sql = codegen_expr_sql(m, env->when, "t", own);
	wn_json_free(own);
	if (!sql)
		return NULL;
	return wn_arena_printf(m->arena,
			       "holds(ctx.db, `SELECT %s FROM %s t WHERE t.id = :id`, { id: %s })",
			       sql, env->when->table, env->when_id);
}

static bool
role_exists(const struct cg_model *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->n_roles; i++)
		if (strcmp(m->roles[i].name, name) == 0)
			return true;
	return false;
}

static const char *
word_ts(struct cg_model *m, const char *word, const struct codegen_access *env)
{
	if (strcmp(word, "public") == 0)
		return "true";
	if (strcmp(word, "member") == 0)
		return wn_arena_printf(m->arena, "%s !== null", env->viewer);
	if (strcmp(word, "owner") == 0 && env->owner)
		return env->owner;
	if (strncmp(word, "role:", 5) == 0 && role_exists(m, word + 5))
		return wn_arena_printf(m->arena, "is(%s, '%s')", env->viewer, word + 5);
	wn_fail(m->d, WN_E_INVALID, "access: '%s' means nothing here", word);
	return NULL;
}

/* a || b or a && b, with constants folded. */
static const char *
list_ts(struct cg_model *m, const struct wn_json *list, bool any, const struct codegen_access *env)
{
	const char *absorb = any ? "true" : "false", *neutral = any ? "false" : "true";
	const char *out = NULL, *part;
	const struct wn_json *c;
	unsigned n = 0;

	for (c = wn_json_first(list); c; c = wn_json_next(c)) {
		part = codegen_access_ts(m, c, env);
		if (!part)
			return NULL;
		if (strcmp(part, absorb) == 0)
			return absorb;
		if (strcmp(part, neutral) == 0)
			continue;
		out = out ? wn_arena_printf(m->arena, "%s %s %s", out, any ? "||" : "&&", part)
			  : part;
		n++;
	}
	if (n == 0)
		return neutral;
	return n == 1 ? out : wn_arena_printf(m->arena, "(%s)", out);
}

const char *
codegen_access_ts(struct cg_model *m, const struct wn_json *access,
		  const struct codegen_access *env)
{
	if (wn_json_type(access) == WN_JSON_STRING)
		return word_ts(m, wn_json_str(access, ""), env);
	if (wn_json_get(access, "any"))
		return list_ts(m, wn_json_get(access, "any"), true, env);
	if (wn_json_get(access, "all"))
		return list_ts(m, wn_json_get(access, "all"), false, env);
	if (wn_json_get(access, "when"))
		return when_ts(m, wn_json_get(access, "when"), env);
	wn_fail(m->d, WN_E_INVALID, "access: there is no rule");
	return NULL;
}

bool
codegen_access_has(const struct wn_json *access, const char *word)
{
	const struct wn_json *c;

	if (wn_json_type(access) == WN_JSON_STRING)
		return strcmp(wn_json_str(access, ""), word) == 0;
	if (wn_json_get(access, word))
		return true;
	for (c = wn_json_first(wn_json_get(access, "any")); c; c = wn_json_next(c))
		if (codegen_access_has(c, word))
			return true;
	for (c = wn_json_first(wn_json_get(access, "all")); c; c = wn_json_next(c))
		if (codegen_access_has(c, word))
			return true;
	return false;
}

static bool
role_grants(const struct cg_model *m, const char *role, const char *wanted, unsigned depth)
{
	size_t i, k;

	if (!role || depth > 16)
		return false;
	if (strcmp(role, wanted) == 0)
		return true;
	for (i = 0; i < m->n_roles; i++)
		if (strcmp(m->roles[i].name, role) == 0 && m->roles[i].inherits)
			for (k = 0; k < m->n_roles; k++)
				if (strcmp(m->roles[k].id, m->roles[i].inherits) == 0)
					return role_grants(m, m->roles[k].name, wanted, depth + 1);
	return false;
}

static int
eval_list(const struct cg_model *m, const struct wn_json *list, bool any,
	  const struct codegen_actor *actor)
{
	const struct wn_json *c;
	int result = any ? 0 : 1, one;

	for (c = wn_json_first(list); c; c = wn_json_next(c)) {
		one = codegen_access_eval(m, c, actor);
		if (one == (any ? 1 : 0))
			return one;
		if (one == -1)
			result = -1;
	}
	return result;
}

/* ["eq", "status", "=cart"] of a new row whose workflow begins at cart. */
static int
eval_when(const struct wn_json *expr, const struct cg_entity *fresh)
{
	const struct wn_json *op = wn_json_first(expr), *path = wn_json_next(op);
	const char *name = wn_json_str(path, ""), *value = wn_json_str(wn_json_next(path), "");
	const char *dot = strchr(name, '.');
	size_t i;

	for (i = 0; fresh && dot && i < fresh->n_rels; i++)
		if (strncmp(fresh->rels[i]->name, name, (size_t)(dot - name)) == 0) {
			fresh = fresh->rels[i]->to;
			name = dot + 1;
			break;
		}
	if (!fresh || !fresh->workflow || strcmp(wn_json_str(op, ""), "eq") != 0 ||
	    strcmp(fresh->workflow->name, name) != 0 || value[0] != '=')
		return -1;
	return strcmp(value + 1, fresh->initial) == 0;
}

int
codegen_access_eval(const struct cg_model *m, const struct wn_json *access,
		    const struct codegen_actor *actor)
{
	const char *word = wn_json_str(access, NULL);

	if (word && strcmp(word, "public") == 0)
		return 1;
	if (word && strcmp(word, "member") == 0)
		return actor->role != NULL;
	if (word && strcmp(word, "owner") == 0)
		return actor->role != NULL && actor->owner;
	if (word)
		return role_grants(m, actor->role, word + 5, 0);
	if (wn_json_get(access, "any"))
		return eval_list(m, wn_json_get(access, "any"), true, actor);
	if (wn_json_get(access, "all"))
		return eval_list(m, wn_json_get(access, "all"), false, actor);
	return eval_when(wn_json_get(access, "when"), actor->fresh);
}

bool
codegen_access_open(const struct wn_json *access)
{
	static const struct cg_model none;
	static const struct codegen_actor nobody;

	return codegen_access_eval(&none, access, &nobody) != 0;
}
