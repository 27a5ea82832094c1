/*
 * The migrations of a platform: those that are there stay as they are, and one more when the
 * database is to change.
 */
#ifndef AI_CODEGEN_MIGRATIONS_H
#define AI_CODEGEN_MIGRATIONS_H

#include "ai/codegen/tables.h"

struct cg_migrations {
	struct cg_history history; /* with the new one */
	size_t kept;		   /* how many of them were there before */
	const char *name;	   /* of the new one; NULL: there is none */
	struct wn_buf up, down, schema;
	const char **changes; /* "class: sentence" */
	size_t changes_len;
};

/* schema: what the generation before wrote to CODEGEN_SCHEMA; NULL: this is the first. out is
 * always initialised. */
wn_err codegen_migrations_make(struct cg_model *m, const struct wn_json *schema,
			       struct cg_migrations *out) WN_MUST;
void codegen_migrations_fini(struct cg_migrations *g);

#endif
