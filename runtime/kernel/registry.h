/*
 * The registry: which modules there are, in which order they start, what is bound to what.
 *
 * Owns the struct wn_mod of each module and the checks of its descriptor against its manifest. It
 * knows no module by name but the one it is told is the root: everybody who is not needed by the
 * root starts after it. Loop thread only; lookups from any thread once started.
 */
#ifndef RUNTIME_KERNEL_REGISTRY_H
#define RUNTIME_KERNEL_REGISTRY_H

#include "runtime/abi/host.h"
#include "runtime/abi/module.h"
#include "runtime/kernel/loop.h"

struct wn_registry;

struct wn_registry_opts {
	const struct wn_module *const *modules; /* borrowed */
	size_t n;
	const char *root;	    /* nullable */
	const struct wn_host *host; /* borrowed */
};

/* Checks descriptors and manifests, binds needs to offers, sorts. WN_E_NEED, WN_E_CYCLE,
 * WN_E_CONTRACT and WN_E_VERSION name the modules. Runs nothing of them. Owned. */
wn_err wn_registry_new(const struct wn_registry_opts *opts, struct wn_registry **out,
		       struct wn_diag *d) WN_MUST;
/* init for all, then start in order: for all, or (only_root) for the root and what it needs. On
 * failure those started are left for wn_registry_stop(). */
wn_err wn_registry_start(struct wn_registry *r, bool only_root, struct wn_ctx *ctx) WN_MUST;
/* Stops in reverse order, one after the other; done(arg) when the last has. A module that has not
 * answered after limit_ms is passed over with an error in the log. */
void wn_registry_stop(struct wn_registry *r, struct wn_loop *l, int64_t limit_ms, wn_post_fn done,
		      void *arg);
/* fini in reverse order for those that were initialised; frees. Nullable. */
void wn_registry_free(struct wn_registry *r);

/* In starting order. */
size_t wn_registry_count(const struct wn_registry *r);
struct wn_mod *wn_registry_at(const struct wn_registry *r, size_t i);
/* By module name; NULL when there is none. */
struct wn_mod *wn_registry_find(const struct wn_registry *r, const char *name);
/* True when the module's manifest says that it emits this type. Any thread. */
bool wn_registry_emits(const struct wn_mod *m, const char *type);
/* Whether the module is started: "starting", "running", "stopped". */
const char *wn_registry_state(const struct wn_mod *m);

#endif
