/*
 * Workflows: states are values of the field, transitions lead somewhere, effects fit.
 */
#include "ai/blueprint/check_priv.h"

static bool
is_state(const struct blueprint_thing *field, const char *state)
{
	for (EACH(v, wn_json_get(field->json, "values")))
		if (!strcmp(wn_json_get_str(v, "value", ""), state))
			return true;
	return false;
}

static void
check_state(struct check *c, const struct blueprint_thing *field, const struct wn_json *where)
{
	const char *state = wn_json_str(where, NULL);
	if (state && field && !is_state(field, state))
		ERROR(c, "workflow", where, "Use one of the values of the field, or add it there.",
		      "\"%s\" is no value of \"%s\".", state, field->id);
}

/* The row that an effect changes: the workflow's own, or each one of a relation back to it. */
static const struct blueprint_thing *
effect_row(struct check *c, const struct blueprint_thing *e, const struct wn_json *effect)
{
	const struct wn_json *each = wn_json_get(effect, "forEach");
	const struct blueprint_thing *r =
		blueprint_find(&c->ix, wn_json_str(each, NULL), BLUEPRINT_RELATION);
	if (!each)
		return e;
	if (!r)
		return NULL;
	if (blueprint_to(&c->ix, r) == e)
		return blueprint_from(&c->ix, r);
	ERROR(c, "workflow", each, "Name a relation that leads to the workflow's entity.",
	      "\"%s\" does not lead back to \"%s\".", r->id, e->id);
	return NULL;
}

static void
check_effect(struct check *c, const struct blueprint_thing *e, const struct wn_json *effect)
{
	const struct blueprint_thing *row = effect_row(c, e, effect), *field = NULL;
	const struct wn_json *set = wn_json_get(effect, "set"), *to = wn_json_get(effect, "to");
	if (!row)
		return;
	enum check_type target = blueprint_check_path(c, row, wn_json_str(set, ""), set, &field);
	if (field && wn_json_get(field->json, "computed"))
		ERROR(c, "workflow", set, "Set what it is computed from.",
		      "\"%s\" is computed and cannot be set.", field->id);
	if (to && !blueprint_check_types_fit(blueprint_check_expr(c, row, to), target))
		ERROR(c, "workflow", to, "Give it a value of its type.",
		      "The expression does not fit \"%s\".", wn_json_str(set, ""));
	if (wn_json_get(effect, "require"))
		blueprint_check_condition(c, row, wn_json_get(effect, "require"));
}

/* States that no path from the initial one reaches. */
static void
check_reachable(struct check *c, const struct blueprint_thing *w,
		const struct blueprint_thing *field)
{
	struct wn_map reached;
	size_t before = 0;
	wn_map_init(&reached);
	wn_map_set(&reached, wn_str(wn_json_get_str(w->json, "initial", "")), &reached);
	while (reached.len > before) {
		before = reached.len;
		for (EACH(t, wn_json_get(w->json, "transitions")))
			for (EACH(from, wn_json_get(t, "from")))
				if (wn_map_has(&reached, wn_str(wn_json_str(from, ""))))
					wn_map_set(&reached, wn_str(wn_json_get_str(t, "to", "")),
						   &reached);
	}
	for (EACH(v, wn_json_get(field->json, "values")))
		if (!wn_map_has(&reached, wn_str(wn_json_get_str(v, "value", ""))))
			WARN(c, "workflow", v, "Add a transition to it, or remove the value.",
			     "No transition ever leads to \"%s\".",
			     wn_json_get_str(v, "value", ""));
	wn_map_fini(&reached, NULL);
}

static bool
has_operation(struct check *c, const struct blueprint_thing *e, const char *transition)
{
	const struct blueprint_thing *o;
	for (THINGS(c, i, o))
		if (o->kind == BLUEPRINT_OPERATION &&
		    !strcmp(wn_json_get_str(o->json, "transition", ""), transition) &&
		    blueprint_find(&c->ix, wn_json_get_str(o->json, "entity", NULL),
				   BLUEPRINT_ENTITY) == e)
			return true;
	return false;
}

static void
check_transition(struct check *c, const struct wn_json *list, const struct wn_json *t,
		 const struct blueprint_thing *e, const struct blueprint_thing *field)
{
	const char *name = wn_json_get_str(t, "name", "");
	for (EACH(from, wn_json_get(t, "from")))
		check_state(c, field, from);
	check_state(c, field, wn_json_get(t, "to"));
	blueprint_check_access(c, wn_json_get(t, "access"), e, true);
	for (EACH(x, wn_json_get(t, "effects")))
		check_effect(c, e, x);
	for (const struct wn_json *o = wn_json_first(list); o && o != t; o = wn_json_next(o))
		if (!strcmp(wn_json_get_str(o, "name", ""), name))
			ERROR(c, "name", wn_json_get(t, "name"), "Rename one of them.",
			      "Two transitions are called \"%s\".", name);
	if (!has_operation(c, e, name))
		WARN(c, "workflow", t, "Add an operation of kind transition.",
		     "No operation carries out the transition \"%s\".", name);
}

static void
check_workflow(struct check *c, const struct blueprint_thing *w)
{
	const struct blueprint_thing *e =
		blueprint_find(&c->ix, wn_json_get_str(w->json, "entity", NULL), BLUEPRINT_ENTITY);
	const struct blueprint_thing *field =
		blueprint_find(&c->ix, wn_json_get_str(w->json, "field", NULL), BLUEPRINT_FIELD);
	const struct wn_json *list = wn_json_get(w->json, "transitions");
	if (!e)
		return;
	if (blueprint_workflow(&c->ix, e) != w)
		ERROR(c, "workflow", w->json, "Keep one workflow an entity.",
		      "\"%s\" has two workflows.", e->id);
	if (field && !blueprint_type_is(field, "enum")) {
		ERROR(c, "workflow", wn_json_get(w->json, "field"),
		      "Use an enum whose values are the states.",
		      "\"%s\" is no enum and has no states.", field->id);
		field = NULL;
	}
	check_state(c, field, wn_json_get(w->json, "initial"));
	const struct wn_json *def = field ? wn_json_get(field->json, "default") : NULL;
	if (def && !wn_json_equal(def, wn_json_get(w->json, "initial")))
		ERROR(c, "workflow", wn_json_get(w->json, "initial"), "Make the two the same.",
		      "New rows get \"%s\" by default, but the workflow begins with \"%s\".",
		      wn_json_str(def, "?"), wn_json_get_str(w->json, "initial", ""));
	for (EACH(t, list))
		check_transition(c, list, t, e, field);
	if (field)
		check_reachable(c, w, field);
	if (field && !blueprint_flag(field, "system"))
		WARN(c, "workflow", field->json, "Set \"system\": true on the field.",
		     "People could set \"%s\" past the workflow.", field->id);
}

void
blueprint_check_workflows(struct check *c)
{
	const struct blueprint_thing *t;
	for (THINGS(c, i, t))
		if (t->kind == BLUEPRINT_WORKFLOW)
			check_workflow(c, t);
}
