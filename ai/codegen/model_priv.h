/*
 * What the parts of the resolver share. Private to model*.c.
 */
#ifndef AI_CODEGEN_MODEL_PRIV_H
#define AI_CODEGEN_MODEL_PRIV_H

#include "ai/codegen/model.h"

/* Fails about element i of a top-level list ("operations"). */
wn_err codegen_model_fail(struct cg_model *m, wn_err code, const char *list, size_t i,
			  const char *fmt, ...) WN_PRINTF(5, 6);
/* Adds one sentence to the list of what is not made. */
void codegen_model_note(struct cg_model *m, const char *fmt, ...) WN_PRINTF(2, 3);

/* The view of that id, or with none the entity's own (made on first use). NULL: no such id. */
struct cg_view *codegen_view_for(struct cg_model *m, const char *id, struct cg_entity *e);
wn_err codegen_build_views(struct cg_model *m) WN_MUST;
wn_err codegen_build_ops(struct cg_model *m) WN_MUST;
wn_err codegen_build_pages(struct cg_model *m) WN_MUST;

#endif
