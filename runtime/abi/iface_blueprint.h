/*
 * Interface "blueprint" 1.0, offered by ai/blueprint: is this document a good blueprint?
 */
#ifndef RUNTIME_ABI_IFACE_BLUEPRINT_H
#define RUNTIME_ABI_IFACE_BLUEPRINT_H

#include "runtime/abi/module.h"
#include "runtime/base/json.h"

struct wn_finding {
	bool is_error;
	const char *pointer, *text, *hint; /* in ctx->arena; hint nullable */
};

struct wn_iface_blueprint {
	/* All findings of a document; no error among them means it can be generated. WN_OK also
	 * when it has errors. [job] */
	wn_err (*check)(struct wn_mod *, struct wn_ctx *, const struct wn_json *doc,
			const struct wn_finding **findings_out, size_t *n_out, size_t *errors_out);
};

#endif
