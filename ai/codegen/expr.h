/*
 * The blueprint's two little languages: expressions become SQL, access rules become
 * TypeScript conditions. Both are total; nothing in them is ever evaluated as code here.
 */
#ifndef AI_CODEGEN_EXPR_H
#define AI_CODEGEN_EXPR_H

#include "ai/codegen/model.h"

/* SQL of an expression over a row of e called alias ("t"; "" inside a CHECK). Text, arena;
 * NULL after a failure, which is in m->d. */
const char *codegen_expr_sql(struct cg_model *m, const struct cg_entity *e, const char *alias,
			     const struct wn_json *expr);
/* SQL of a path ("product.stock"), as above. */
const char *codegen_path_sql(struct cg_model *m, const struct cg_entity *e, const char *alias,
			     const char *path);
/* The expression gives money, so its numbers are in minor units. */
bool codegen_expr_is_money(const struct cg_model *m, const struct cg_entity *e,
			   const struct wn_json *expr);

struct codegen_access {
	const char *viewer;	      /* TypeScript for the viewer */
	const char *owner;	      /* TypeScript for "the viewer owns it"; NULL: nobody can */
	const struct cg_entity *when; /* rows that `when` looks at; NULL: not allowed here */
	const char *when_id;	      /* TypeScript for the row's id */
	const char *strip;	      /* first part of a path that names the row itself; nullable */
};

/* A condition, "true" and "false" folded away; arena; NULL after a failure. */
const char *codegen_access_ts(struct cg_model *m, const struct wn_json *access,
			      const struct codegen_access *env);
/* Somebody who is not signed in might pass. */
bool codegen_access_open(const struct wn_json *access);
bool codegen_access_has(const struct wn_json *access, const char *word); /* "owner", "when" */
/* What the rule says of a viewer: 1 yes, 0 no, -1 it depends on the row (when). */
struct codegen_actor {
	const char *role; /* NULL: not signed in */
	bool owner;
	/* Rows of this entity are new: `when` comparing its workflow with the initial value holds.
	 * Nullable. */
	const struct cg_entity *fresh;
};
int codegen_access_eval(const struct cg_model *m, const struct wn_json *access,
			const struct codegen_actor *actor);

#endif
