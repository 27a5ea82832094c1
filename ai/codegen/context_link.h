/*
 * What templates are given of manyToMany relations and computed members. Private to context*.c.
 */
#ifndef AI_CODEGEN_CONTEXT_LINK_H
#define AI_CODEGEN_CONTEXT_LINK_H

#include "ai/codegen/model.h"

/* What the side is called in the entity's `links`; arena. */
const char *codegen_side_name(struct cg_model *m, struct cg_side s);
void codegen_entity_links(struct cg_model *m, struct wn_json *j, const struct cg_entity *e);
void codegen_link_member(struct cg_model *m, struct wn_json *j, const struct cg_view *v,
			 const char *name);
void codegen_link_embed(struct cg_model *m, struct wn_json *j, const struct cg_view *v, size_t i);
wn_err codegen_calc_member(struct cg_model *m, struct wn_json *j, const struct cg_view *v,
			   const struct cg_calc *c) WN_MUST;
/* context_entity.c: an import, once. */
void codegen_view_import(struct wn_json *j, const char *list, const char *name, const char *value,
			 const char *file);

#endif
