/*
 * Shared by the checks: the context, the way to report, and the types of expressions.
 */
#ifndef AI_BLUEPRINT_CHECK_PRIV_H
#define AI_BLUEPRINT_CHECK_PRIV_H

#include "ai/blueprint/check.h"
#include "ai/blueprint/resolve.h"

struct check {
	const struct wn_json *doc;
	struct blueprint_index ix;
	struct blueprint_report *report;
};

#define ERROR(c, rule, where, hint, ...) \
	blueprint_report_add((c)->report, BLUEPRINT_ERROR, rule, where, hint, __VA_ARGS__)
#define WARN(c, rule, where, hint, ...) \
	blueprint_report_add((c)->report, BLUEPRINT_WARNING, rule, where, hint, __VA_ARGS__)
/* for (EACH(field, list)) over the members of an array or object. */
#define EACH(var, list)                                  \
	const struct wn_json *var = wn_json_first(list); \
	var;                                             \
	var = wn_json_next(var)
/* for (THINGS(c, i, t, kind)) over all things; the body must test t->kind. */
#define THINGS(c, i, t)                                                \
	size_t i = 0;                                                  \
	i < (c)->ix.things.len && ((t) = (c)->ix.things.p[i]) != NULL; \
	i++

/* What an expression gives. */
enum check_type {
	CHECK_UNKNOWN, /* already reported: fits everywhere */
	CHECK_NULL,
	CHECK_BOOL,
	CHECK_NUMBER,
	CHECK_TEXT,
	CHECK_DATE,
	CHECK_DATETIME,
	CHECK_ROW,
	CHECK_OTHER
};

/* Type of an expression (array) over a row of entity; reports what does not fit. */
enum check_type blueprint_check_expr(struct check *c, const struct blueprint_thing *entity,
				     const struct wn_json *expr);
/* As above; it must give a boolean. */
void blueprint_check_condition(struct check *c, const struct blueprint_thing *entity,
			       const struct wn_json *expr);
/* Type of a path over a row ("product.stock"); *field_out (nullable) gets the field it ends in.
 * where is reported at. */
enum check_type blueprint_check_path(struct check *c, const struct blueprint_thing *entity,
				     const char *path, const struct wn_json *where,
				     const struct blueprint_thing **field_out);
enum check_type blueprint_check_field_type(const struct blueprint_thing *field);
bool blueprint_check_types_fit(enum check_type a, enum check_type b);
/* Reports when a constant is no value for a field (default, seed). */
void blueprint_check_value(struct check *c, const struct blueprint_thing *field,
			   const struct wn_json *value, const char *rule);
/* An access rule; entity nullable: no row to own; row: `when` has a row to look at. */
void blueprint_check_access(struct check *c, const struct wn_json *access,
			    const struct blueprint_thing *entity, bool row);
bool
blueprint_check_access_open(const struct wn_json *access); /* somebody not signed in may pass */
/* createdAt, updatedAt, deletedAt or id, where the entity has them. */
bool blueprint_check_is_system_name(const struct blueprint_thing *entity, const char *name);
/* The route with every {name} as {}: two such routes are the same. */
const char *blueprint_check_route_shape(struct check *c, const char *route);

/* What to do about a finding of the schema; the nearest allowed word where there is one. */
const char *blueprint_schema_hint(struct wn_arena *a, const char *keyword, const char *expected);

void blueprint_check_references(struct check *c);
void blueprint_check_entities(struct check *c);
void blueprint_check_relations(struct check *c);
void blueprint_check_identity(struct check *c);
void blueprint_check_views(struct check *c);
void blueprint_check_workflows(struct check *c);
void blueprint_check_operations(struct check *c);
void blueprint_check_pages(struct check *c);
void blueprint_check_seed(struct check *c);
void blueprint_check_labels(struct check *c);

#endif
