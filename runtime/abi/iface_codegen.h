/*
 * Interface "codegen" 2.0, offered by ai/codegen: a checked blueprint to files, beside what people
 * made of the files of the generation before.
 */
#ifndef RUNTIME_ABI_IFACE_CODEGEN_H
#define RUNTIME_ABI_IFACE_CODEGEN_H

#include "runtime/abi/iface_snapshot.h"
#include "runtime/abi/module.h"
#include "runtime/base/json.h"

/* A list of texts, in ctx->arena. */
struct wn_codegen_list {
	const char *const *p;
	size_t len;
};

/* What generating did, or would do. Paths are in ctx->arena. */
struct wn_codegen_outcome {
	int64_t files, written, unchanged, removed;
	/* Edited by hand and left alone, though the generator has something new. */
	struct wn_codegen_list kept;
	struct wn_codegen_list merged; /* edited by hand, and the generator's change put in */
	struct wn_codegen_list review; /* of kept: the generator's text waits in the review queue */
	const char *migration;	       /* name of the new one; nullable */
	struct wn_codegen_list changes; /* what it does: "class: sentence" each */
	const char *pristine;		/* hash of what was generated */
	const struct wn_pristine
		*files_made; /* what was generated, sorted; content is in ctx->arena */
	size_t files_made_len;
};

/* What is known of the generation before; the functions as in iface_snapshot.h. */
struct wn_codegen_past {
	void *arg;
	/* WN_E_NOT_FOUND: that file of that generation is not known. */
	wn_err (*read)(void *arg, struct wn_ctx *, const char *hash, const char *path,
		       struct wn_buf *out);
	wn_err (*merge)(void *arg, struct wn_ctx *, struct wn_str base, struct wn_str ours,
			struct wn_str theirs, struct wn_buf *out, bool *clean_out);
};

struct wn_iface_codegen {
	/* Generates the platform into dir (empty, or generated before) and writes the manifest
	 * beside it. What was edited by hand since is merged with what is new; where both changed
	 * the same place, or past is NULL, the person's file stays and the generator's waits under
	 * .webnova/review. Everything is generated and decided before the first file is touched;
	 * each file is replaced atomically. dry_run writes nothing. past nullable. [job] */
	wn_err (*generate_into)(struct wn_mod *, struct wn_ctx *, const char *dir,
				const struct wn_json *blueprint, bool dry_run,
				const struct wn_codegen_past *past, struct wn_codegen_outcome *out);
	/* Records it: codegen.generated on the workspace's stream. [job] */
	wn_err (*record)(struct wn_mod *, struct wn_ctx *, const char *workspace,
			 const struct wn_json *blueprint, const struct wn_codegen_outcome *outcome);
};

#endif
