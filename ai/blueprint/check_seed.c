/*
 * First data: rows fit their entity, point to rows that come before, and hold no secret.
 */
#include "ai/blueprint/check_priv.h"

#define ROWS_MAX 5000

struct row {
	const struct wn_json *json;
	const struct blueprint_thing *entity;
};

/* key -> struct row of all rows before the present one */
static void
check_ref(struct check *c, const struct wn_map *rows, const struct wn_json *value,
	  const struct blueprint_thing *r)
{
	const struct wn_json *ref = wn_json_get(value, "ref");
	const struct row *row = wn_map_get(rows, wn_str(wn_json_str(ref, "")));
	if (wn_json_type(value) == WN_JSON_NULL) {
		if (blueprint_flag(r, "required"))
			ERROR(c, "seed", value, "Write {\"ref\": key}.", "\"%s\" is required.",
			      blueprint_name(r));
		return;
	}
	if (!ref) {
		ERROR(c, "seed", value, "Write {\"ref\": key} with the key of a row.",
		      "\"%s\" is a relation and points to a row.", blueprint_name(r));
		return;
	}
	if (!row)
		ERROR(c, "seed", ref, "Move the row it points to before this one, or mend the key.",
		      "No row before this one has the key \"%s\".", wn_json_str(ref, ""));
	else if (row->entity != blueprint_to(&c->ix, r))
		ERROR(c, "seed", ref, "Point to a row of the right entity.",
		      "\"%s\" is a row of \"%s\"; \"%s\" leads to something else.",
		      wn_json_str(ref, ""), row->entity ? row->entity->id : "?", blueprint_name(r));
}

static void
check_member(struct check *c, const struct wn_map *rows, const struct row *row,
	     const struct wn_json *v)
{
	const char *name = wn_json_key(v);
	const struct blueprint_thing *f = blueprint_field(&c->ix, row->entity, name);
	const struct blueprint_thing *r = blueprint_relation(&c->ix, row->entity, name);
	if (!f && !r) {
		ERROR(c, "seed", v, "Use the name of a field or relation.",
		      "\"%s\" has nothing called \"%s\".", row->entity->id, name);
		return;
	}
	if (!f) {
		check_ref(c, rows, v, r);
		return;
	}
	if (wn_json_type(v) == WN_JSON_OBJECT) {
		ERROR(c, "seed", v, "Write the value itself.", "\"%s\" is no relation.", name);
		return;
	}
	if (blueprint_type_is(f, "secret"))
		ERROR(c, "secret", v, "Remove it; people set their secrets themselves.",
		      "Secrets never stand in a blueprint.");
	else if (wn_json_get(f->json, "computed"))
		ERROR(c, "seed", v, "Remove it.", "\"%s\" is computed.", name);
	else if (wn_json_type(v) == WN_JSON_NULL && blueprint_flag(f, "required"))
		ERROR(c, "seed", v, "Give it a value.", "\"%s\" is required.", name);
	else
		blueprint_check_value(c, f, v, "seed");
}

/* Required members that the row leaves out and nothing fills in. */
static void
check_missing(struct check *c, const struct row *row, const struct wn_json *values)
{
	const struct blueprint_thing *t;
	for (THINGS(c, i, t)) {
		bool field = t->kind == BLUEPRINT_FIELD && t->entity == row->entity;
		bool relation =
			t->kind == BLUEPRINT_RELATION && blueprint_from(&c->ix, t) == row->entity;
		if ((!field && !relation) || !blueprint_flag(t, "required") ||
		    wn_json_get(values, blueprint_name(t)))
			continue;
		bool made = field &&
			    (wn_json_get(t->json, "default") || wn_json_get(t->json, "computed") ||
			     wn_json_get(t->json, "copy") || wn_json_get(t->json, "from") ||
			     blueprint_flag(t, "system") || blueprint_type_is(t, "secret"));
		if (!made)
			ERROR(c, "seed", values, "Add it.",
			      "The row has no \"%s\", which is required.", blueprint_name(t));
	}
}

/* The same value of a unique field in an earlier row of the list. */
static void
check_unique(struct check *c, const struct row *row, const struct wn_json *list)
{
	for (EACH(v, wn_json_get(row->json, "values"))) {
		const struct blueprint_thing *f =
			blueprint_field(&c->ix, row->entity, wn_json_key(v));
		if (!f || !wn_json_bool(wn_json_get(f->json, "unique"), false))
			continue;
		for (const struct wn_json *o = wn_json_first(list); o && o != row->json;
		     o = wn_json_next(o))
			if (wn_json_equal(wn_json_get(wn_json_get(o, "values"), wn_json_key(v)),
					  v)) {
				ERROR(c, "seed", v, "Change one of them.",
				      "Two rows have the same \"%s\", which is unique.",
				      wn_json_key(v));
				break;
			}
	}
}

static void
check_row(struct check *c, struct wn_map *rows, struct row *row, const struct wn_json *list)
{
	const struct wn_json *values = wn_json_get(row->json, "values");
	struct wn_str key = wn_str(wn_json_get_str(row->json, "key", ""));
	if (row->entity) {
		for (EACH(v, values))
			check_member(c, rows, row, v);
		check_missing(c, row, values);
		check_unique(c, row, list);
	}
	if (wn_map_has(rows, key))
		ERROR(c, "seed", wn_json_get(row->json, "key"), "Give each row a key of its own.",
		      "The key \"%.*s\" is used twice.", WN_STR_ARG(key));
	else
		wn_map_set(rows, key, row);
}

void
blueprint_check_seed(struct check *c)
{
	struct wn_map rows;
	size_t total = 0;
	wn_map_init(&rows);
	for (EACH(s, wn_json_get(c->doc, "seed"))) {
		const struct blueprint_thing *e = blueprint_find(
			&c->ix, wn_json_get_str(s, "entity", NULL), BLUEPRINT_ENTITY);
		const struct wn_json *list = wn_json_get(s, "rows");
		total += wn_json_len(list);
		if (total > ROWS_MAX) {
			ERROR(c, "seed", s, "Load that much data by a job.",
			      "First data may have %d rows in all.", ROWS_MAX);
			break;
		}
		for (EACH(r, list)) {
			struct row *row = WN_ARENA_NEW(&c->ix.arena, struct row);
			row->json = r;
			row->entity = e;
			check_row(c, &rows, row, list);
		}
	}
	wn_map_fini(&rows, NULL);
}
