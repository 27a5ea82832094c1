/*
 * Interface "codegen" 1.0, offered by ai/codegen: a checked blueprint to files.
 */
#ifndef RUNTIME_ABI_IFACE_CODEGEN_H
#define RUNTIME_ABI_IFACE_CODEGEN_H

#include "runtime/abi/module.h"
#include "runtime/base/json.h"

/* What generating did, or would do. Paths are in ctx->arena. */
struct wn_codegen_outcome {
	int64_t files, written, unchanged, removed;
	const char *const
		*kept; /* edited by hand and left alone, though the generator has something new */
	size_t kept_len;
	const char *migration;	    /* name of the new one; nullable */
	const char *const *changes; /* what it does: "class: sentence" each */
	size_t changes_len;
};

struct wn_iface_codegen {
	/* Generates the platform into dir (empty, or generated before) and writes the blueprint and
	 * the manifest beside it. A file edited by hand since it was generated is kept. Everything
	 * is generated before the first file is touched; each file is replaced atomically. dry_run
	 * writes nothing. [job] */
	wn_err (*generate_into)(struct wn_mod *, struct wn_ctx *, const char *dir,
				const struct wn_json *blueprint, bool dry_run,
				struct wn_codegen_outcome *out);
	/* Records it: codegen.generated on the workspace's stream. [job] */
	wn_err (*record)(struct wn_mod *, struct wn_ctx *, const char *workspace,
			 const struct wn_json *blueprint, const struct wn_codegen_outcome *outcome);
};

#endif
