/*
 * From a sketch (things, their fields, who may do what) to a whole blueprint: ids, views,
 * operations, pages, menu. Templates, words and imports all make sketches, so what they give is
 * alike and uses only what the generator makes.
 *
 * A sketch is JSON:
 *   {"id", "name": text, "summary": text, "locales", "currency", "accent", "members": bool,
 *    "roles": [{"name", "label", "default"}],
 *    "entities": [{"name", "label", "plural": text, "path", "home", "nav", "access": preset or
 *       {"list", "get", "create", "update", "delete"}, "title": field, "identity": bool,
 *       "fields": [a field of a blueprint without its id],
 *       "belongs": [{"name", "to": entity, "label", "required", "owner", "part", "onDelete"}],
 *       "workflow": {"field", "initial", "transitions": [...]}, "checks": [...]}],
 *    "seed": [...] as in a blueprint, by names, "provenance": as in a blueprint}
 */
#ifndef AI_BLUEPRINT_COMPOSE_COMPOSE_H
#define AI_BLUEPRINT_COMPOSE_COMPOSE_H

#include "runtime/base/error.h"
#include "runtime/base/json.h"

/* Owned blueprint in *out, made in the order of the sketch: the same sketch, the same bytes. The
 * sketch is ours or already checked for shape; names that are none are made ones.
 WN_E_INVALID: nothing in it has "identity". Any thread. */
wn_err blueprint_compose(const struct wn_json *sketch, struct wn_json **out,
			 struct wn_diag *d) WN_MUST;

#endif
