/*
 * Private to modules/workspace.
 */
#ifndef RUNTIME_MODULES_WORKSPACE_WORKSPACE_H
#define RUNTIME_MODULES_WORKSPACE_WORKSPACE_H

#include <pthread.h>

#include "gen/workspace.h"
#include "runtime/abi/iface_store.h"
#include "runtime/abi/iface_workspace.h"

struct workspace {
	pthread_mutex_t lock; /* from looking a path up to its event: one workspace a path */
};

/* iface workspace; see abi/iface_workspace.h. */
wn_err workspace_get(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id,
		     struct wn_workspace *out);
wn_err workspace_add(struct wn_mod *m, struct wn_ctx *ctx, const char *id, const char *path,
		     const char *name, bool platform);
wn_err workspace_forget(struct wn_mod *m, struct wn_ctx *ctx, const char *id);

static inline const struct wn_iface_store *
workspace_store(struct wn_mod *m, struct wn_mod **store_out)
{
	*store_out = m->bound[0].mod;
	return (const struct wn_iface_store *)m->bound[0].vtable;
}

#endif
