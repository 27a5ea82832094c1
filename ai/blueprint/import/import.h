/*
 * Reads what others keep their data models in (SQL, OpenAPI, Prisma, JHipster's JDL) and makes a
 * blueprint of it. What could not be carried over is listed with its line, never dropped silently.
 * Pure; any thread.
 */
#ifndef AI_BLUEPRINT_IMPORT_IMPORT_H
#define AI_BLUEPRINT_IMPORT_IMPORT_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/base/json.h"
#include "runtime/base/vec.h"

#define BLUEPRINT_IMPORT_BYTES ((size_t)4 << 20)

enum blueprint_import_format {
	BLUEPRINT_IMPORT_SQL,
	BLUEPRINT_IMPORT_OPENAPI,
	BLUEPRINT_IMPORT_PRISMA,
	BLUEPRINT_IMPORT_JDL
};

struct blueprint_lost {
	size_t line;	  /* 0: of no line in particular */
	const char *text; /* what was there, and what became of it */
};

struct blueprint_import {
	struct wn_json *doc;		    /* owned; NULL after an error */
	size_t entities, fields, relations; /* carried over */
	WN_VEC(struct blueprint_lost) lost;
	struct wn_arena arena;
};

/* name: what the platform is called (nullable). out is always initialised. WN_E_INVALID: nothing in
 * the text could be used; WN_E_PARSE, WN_E_LIMIT with the line in d. */
wn_err blueprint_import(enum blueprint_import_format format, struct wn_str text, const char *name,
			struct blueprint_import *out, struct wn_diag *d) WN_MUST;
void blueprint_import_fini(struct blueprint_import *import);

#endif
