/*
 * Interface "workspace" 1.0, offered by modules/workspace: which directory is that?
 */
#ifndef RUNTIME_ABI_IFACE_WORKSPACE_H
#define RUNTIME_ABI_IFACE_WORKSPACE_H

#include "runtime/abi/module.h"

struct wn_workspace {
	const char *id, *name, *path; /* in ctx->arena */
	bool platform;		      /* made from a blueprint */
	int64_t revision, created_ms;
};

struct wn_iface_workspace {
	/* One workspace of the ctx's tenant; WN_E_NOT_FOUND also for another tenant's. [job] */
	wn_err (*get)(struct wn_mod *, struct wn_ctx *, struct wn_str id, struct wn_workspace *out);
	/* Makes a directory known under a new id (a ULID of the caller). WN_E_EXISTS: known
	 * already; but a platform's directory is always a new one and takes the place of what was
	 * there. Durable when it returns. [job] */
	wn_err (*add)(struct wn_mod *, struct wn_ctx *, const char *id, const char *path,
		      const char *name, bool platform);
	/* Takes it off the list; the directory stays. [job] */
	wn_err (*forget)(struct wn_mod *, struct wn_ctx *, const char *id);
};

#endif
