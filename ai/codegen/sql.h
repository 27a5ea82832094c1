/*
 * SQL of queries: the SELECT that every read of an entity starts with, and what sorts and fills it.
 */
#ifndef AI_CODEGEN_SQL_H
#define AI_CODEGEN_SQL_H

#include "ai/codegen/model.h"

/* "SELECT t.id, ... FROM product t" with computed values, labels of relations and _owner;
 * never a secret. Arena; NULL after a failure. */
const char *codegen_sql_select(struct cg_model *m, const struct cg_entity *e);
/* The entity at place i of the order in which tables are made. */
const struct cg_entity *codegen_sql_nth(const struct cg_model *m, size_t i);
/* SQL of a sort key over t, never NULL; NULL when the name cannot be sorted by. */
const char *codegen_sql_sort(const struct cg_model *m, const struct cg_entity *e, const char *name);
/* The default as SQL ("0", "'cart'"), or NULL. */
const char *codegen_sql_default(struct cg_model *m, const struct cg_entity *e,
				const struct cg_field *f);

#endif
