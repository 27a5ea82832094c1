/*
 * Generated files to a directory, without losing what a person wrote there.
 */
#ifndef AI_CODEGEN_OUTPUT_H
#define AI_CODEGEN_OUTPUT_H

#include <stdbool.h>

#include "ai/codegen/codegen.h"
#include "runtime/abi/ctx.h"
#include "runtime/abi/iface_codegen.h"

/* Relative to the directory: the list of generated files and their hashes; and what the generator
 * would have written where a person's text had to stay. */
#define CODEGEN_MANIFEST ".webnova/manifest.json"
#define CODEGEN_REVIEW ".webnova/review"

/* Brings dir to the state of files: decides for every file first, then writes, each file
 * atomically, the manifest last. A file is "edited by hand" when it differs from the hash in the
 * manifest of the generation before; it is merged with that generation as the base (past,
 * nullable). A file that was deleted by hand stays deleted; a file whose thing was renamed moves,
 * and the edits with it. What is told lives in ctx->arena. [job] */
wn_err codegen_output(const struct codegen_files *files, const char *dir, bool dry_run,
		      const struct wn_codegen_past *past, struct wn_ctx *ctx,
		      struct wn_codegen_outcome *out);

/* The database that dir's migrations lead to, as the generation before wrote it; *out NULL when
 * nothing was generated there yet, else owned. WN_E_STATE when there are migrations and no record
 * of where they lead. [job] */
wn_err codegen_read_schema(const char *dir, struct wn_ctx *ctx, struct wn_json **out);

#endif
