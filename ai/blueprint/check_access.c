/*
 * Access rules: roles exist, owners can exist, rows can be looked at. Deny by default is the
 * schema's business: an operation without `access` does not pass it.
 */
#include "ai/blueprint/check_priv.h"

#define DEPTH_MAX 20

bool
blueprint_check_access_open(const struct wn_json *access)
{
	const char *word = wn_json_str(access, NULL);
	if (word)
		return !strcmp(word, "public");
	for (EACH(a, wn_json_get(access, "any")))
		if (blueprint_check_access_open(a))
			return true;
	const struct wn_json *all = wn_json_get(access, "all");
	for (EACH(a, all))
		if (!blueprint_check_access_open(a))
			return false;
	return wn_json_len(all) > 0;
}

static void
check_word(struct check *c, const struct wn_json *access, const char *word,
	   const struct blueprint_thing *entity)
{
	const struct blueprint_thing *t;
	if (!strcmp(word, "public"))
		return;
	if (!c->ix.user)
		ERROR(c, "access", access, "Add an \"identity\", or make it public.",
		      "\"%s\" can never be true: nobody can sign in.", word);
	if (!strcmp(word, "owner") && c->ix.user && !blueprint_has_owner(&c->ix, entity))
		ERROR(c, "access", access,
		      "Mark the relation to the identity's entity with \"owner\": true, or name a "
		      "role.",
		      "Rows of \"%s\" have no owner.", entity ? entity->id : "nothing");
	if (strncmp(word, "role:", 5) != 0)
		return;
	for (THINGS(c, i, t))
		if (t->kind == BLUEPRINT_ROLE && !strcmp(blueprint_name(t), word + 5))
			return;
	ERROR(c, "access", access, "Add the role, or use one that exists.",
	      "There is no role \"%s\".", word + 5);
}

static void
check_rule(struct check *c, const struct wn_json *access, const struct blueprint_thing *entity,
	   bool row, unsigned depth)
{
	const char *word = wn_json_str(access, NULL);
	if (word) {
		check_word(c, access, word, entity);
		return;
	}
	if (depth > DEPTH_MAX)
		return;
	const struct wn_json *when = wn_json_get(access, "when"), *any = wn_json_get(access, "any");
	if (when && !row)
		ERROR(c, "access", when, "Use a scope, or a rule without \"when\".",
		      "\"when\" needs a row to look at, and there is none here.");
	else if (when)
		blueprint_check_condition(c, entity, when);
	for (EACH(a, any)) {
		check_rule(c, a, entity, row, depth + 1);
		if (wn_json_len(any) > 1 && blueprint_check_access_open(a))
			WARN(c, "access", a, "Write \"public\" alone.",
			     "\"public\" makes the rules beside it pointless.");
	}
	for (EACH(a, wn_json_get(access, "all")))
		check_rule(c, a, entity, row, depth + 1);
}

void
blueprint_check_access(struct check *c, const struct wn_json *access,
		       const struct blueprint_thing *entity, bool row)
{
	if (access)
		check_rule(c, access, entity, row, 0);
}
