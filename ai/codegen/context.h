/*
 * What templates are given: JSON made from the model. All values are owned by the caller.
 * NULL after a failure, which is in m->d.
 */
#ifndef AI_CODEGEN_CONTEXT_H
#define AI_CODEGEN_CONTEXT_H

#include "ai/codegen/model.h"

struct wn_json *codegen_entity_context(struct cg_model *m, const struct cg_entity *e);
struct wn_json *codegen_view_context(struct cg_model *m, const struct cg_view *v);
struct wn_json *codegen_op_context(struct cg_model *m, const struct cg_op *op);
struct wn_json *codegen_identity_context(struct cg_model *m);
struct wn_json *codegen_seed_context(struct cg_model *m);
struct wn_json *codegen_search_context(struct cg_model *m);
struct wn_json *codegen_test_context(struct cg_model *m);
struct wn_json *codegen_readme_context(struct cg_model *m);
/* What the pages are made from: web/src/model.json. */
struct wn_json *codegen_web_model(struct cg_model *m);

/* A new empty object behind an array in context `j`, made when missing. */
struct wn_json *codegen_push_object(struct wn_json *j, const char *list);

#endif
