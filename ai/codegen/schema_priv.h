/*
 * Pieces of schemas that the OpenAPI document is put together from. All return owned values.
 */
#ifndef AI_CODEGEN_SCHEMA_PRIV_H
#define AI_CODEGEN_SCHEMA_PRIV_H

#include "ai/codegen/model.h"

/* nullable: null is a value; filled: empty text is not. */
struct wn_json *codegen_field_schema(const struct cg_model *m, const struct cg_field *f,
				     bool nullable, bool filled);
/* A closed object; properties and required are borrowed from it. */
/* A field as answers show it: what is stored already, whatever the rules for new values say. */
struct wn_json *codegen_shown_schema(const struct cg_model *m, const struct cg_field *f,
				     bool nullable);
struct wn_json *codegen_object_schema(struct wn_json **properties_out,
				      struct wn_json **required_out);
struct wn_json *codegen_ref(const struct cg_model *m, const char *name);
struct wn_json *codegen_body_schema(const struct cg_model *m, const struct cg_op *op);
struct wn_json *codegen_login_schema(const struct cg_model *m);
struct wn_json *codegen_components(const struct cg_model *m);

#endif
