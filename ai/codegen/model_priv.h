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
/* model_link.c. A manyToMany relation into link; scopes of lists; computed members of views. */
wn_err codegen_read_link(struct cg_model *m, size_t index, const struct wn_json *j,
			 struct cg_link *link) WN_MUST;
void codegen_hand_out_links(struct cg_model *m);
wn_err codegen_read_scope(struct cg_model *m, struct cg_op *op, size_t index,
			  const struct wn_json *scope) WN_MUST;
wn_err codegen_read_calcs(struct cg_model *m, struct cg_view *v, size_t index,
			  const struct wn_json *computed) WN_MUST;
wn_err codegen_build_views(struct cg_model *m) WN_MUST;
wn_err codegen_build_ops(struct cg_model *m) WN_MUST;
wn_err codegen_build_pages(struct cg_model *m) WN_MUST;

#endif
