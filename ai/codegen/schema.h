/*
 * JSON Schemas and the OpenAPI document, derived from the model. The generated server takes
 * its route schemas from that document, so this is the platform's contract.
 */
#ifndef AI_CODEGEN_SCHEMA_H
#define AI_CODEGEN_SCHEMA_H

#include "ai/codegen/model.h"

/* A field an operation accepts, a relation by id, or the rows of a link. One of them is set. */
struct codegen_input {
	const struct cg_field *field;
	const struct cg_relation *rel;
	const struct cg_link *link;
	const char *name;	     /* in the API */
	bool required;		     /* when a row is created */
	const struct wn_json *write; /* access; nullable */
};

/* What a request body of the operation may hold, in order; returns the count. list has room for
 * the entity's fields, relations and links. */
size_t codegen_inputs(const struct cg_model *m, const struct cg_op *op, struct codegen_input *list);
/* The whole document, owned by the caller; NULL after a failure, which is in m->d. */
struct wn_json *codegen_openapi(struct cg_model *m);
/* Names a list can be sorted by ("title", "createdAt"), arena; returns the count. */
size_t codegen_sorts(const struct cg_model *m, const struct cg_op *op, const char ***names_out);
/* Text in the language, else in the first one there is, else the fallback. */
const char *codegen_label(const struct wn_json *text, const char *locale, const char *fallback);

#endif
