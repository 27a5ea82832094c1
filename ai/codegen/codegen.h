/*
 * Blueprint in, platform out: a pure function from a valid blueprint to the files of a
 * running program. Same blueprint and options, same bytes, on any machine, locale and time
 * zone. Touches no disk, no network, no clock; puts no secret into a file.
 */
#ifndef AI_CODEGEN_CODEGEN_H
#define AI_CODEGEN_CODEGEN_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/base/json.h"
#include "runtime/base/str.h"

#define CODEGEN_VERSION "1"

enum codegen_kind {
	CODEGEN_GENERATED, /* ours: written again by every generation */
	CODEGEN_ONCE,	   /* the user's from the first generation on */
	CODEGEN_KEPT	   /* made by a generation before and never again: no content, a hash */
};

struct codegen_file {
	const char *path; /* relative, '/' between parts, never leaves the directory */
	unsigned mode;	  /* 0644 or 0755 */
	enum codegen_kind kind;
	struct wn_str content;
	const char *ids;    /* blueprint ids it comes from, blank between; "" for fixed files */
	const char *sha256; /* of the content; NULL for the manifest, which is the last */
};

/* Everything in it lives in its arena. Sorted by path. */
struct codegen_files {
	struct codegen_file *p;
	size_t len, cap;
	/* What the blueprint asks for and this stack does not make yet, one sentence each. */
	const char **notes;
	size_t notes_len, notes_cap;
	/* What the new migration does, "class: sentence" each; migration NULL: there is none. */
	const char *migration, **changes;
	size_t changes_len;
	const char
		*pristine; /* hash of what was made: two generations with the same are the same */
	struct wn_arena arena;
};

struct codegen_options {
	/* Stack instead of the blueprint's target; NULL: the target's, or node-fastify. */
	const char *stack;
	/* CODEGEN_SCHEMA as the generation before left it; NULL: this is the first. */
	const struct wn_json *schema;
};

/* Where the database that the migrations lead to is written down, relative to the platform. */
#define CODEGEN_SCHEMA "migrations/schema.json"

/* Fills out (always initialised; codegen_files_fini() it also after an error). The blueprint is
 * borrowed and must follow its schema; what the chosen stack cannot make is WN_E_UNSUPPORTED, a
 * reference to nothing WN_E_NOT_FOUND, rows that may break a new rule WN_E_STATE, with the JSON
 * Pointer in d. options, d nullable. Any thread. */
wn_err codegen_generate(const struct wn_json *blueprint, const struct codegen_options *options,
			struct codegen_files *out, struct wn_diag *d) WN_MUST;
void codegen_files_fini(struct codegen_files *f);
/* The file of that path, or NULL. */
const struct codegen_file *codegen_files_find(const struct codegen_files *f, const char *path);

#endif
