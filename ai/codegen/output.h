/*
 * Generated files to a directory, without losing what a person wrote there.
 */
#ifndef AI_CODEGEN_OUTPUT_H
#define AI_CODEGEN_OUTPUT_H

#include <stdbool.h>

#include "ai/codegen/codegen.h"
#include "runtime/abi/ctx.h"
#include "runtime/abi/iface_codegen.h"

/* Where the list of generated files and their hashes is kept, relative to the directory. */
#define CODEGEN_MANIFEST ".webnova/manifest.json"

/* Brings dir to the state of files: decides for every file first (write, unchanged, keep, remove),
 * then writes, each file atomically, the manifest last. A file is "edited by hand" when it differs
 * from the hash in the manifest of the generation before; a file that was deleted by hand stays
 * deleted. What is told lives in ctx->arena. [job] */
wn_err codegen_output(const struct codegen_files *files, const char *dir, bool dry_run,
		      struct wn_ctx *ctx, struct wn_codegen_outcome *out);

/* The database that dir's migrations lead to, as the generation before wrote it; *out NULL when
 * nothing was generated there yet, else owned. WN_E_STATE when there are migrations and no record
 * of where they lead. [job] */
wn_err codegen_read_schema(const char *dir, struct wn_ctx *ctx, struct wn_json **out);

#endif
