/*
 * Interface "secret" 1.1, offered by modules/secret: what a process of a workspace is to be given.
 */
#ifndef RUNTIME_ABI_IFACE_SECRET_H
#define RUNTIME_ABI_IFACE_SECRET_H

#include "runtime/abi/module.h"

/* name and value are borrowed for the call; the value is wiped after it. An error ends the walk. */
typedef wn_err (*wn_secret_fn)(void *arg, const char *name, struct wn_str value);

struct wn_iface_secret {
	/* Each secret of a workspace's environment in the order of names. What it gives may go into
	 * the environment or a file of that workspace's own process, and nowhere else. WN_E_STATE
	 * while the store is locked and there is something to give. [job] */
	wn_err (*each)(struct wn_mod *, struct wn_ctx *, const char *workspace,
		       const char *environment, wn_secret_fn fn, void *arg);
	/* Gives a secret a new value that only processes get; since 1.1. [job] */
	wn_err (*keep)(struct wn_mod *, struct wn_ctx *, const char *workspace,
		       const char *environment, const char *name, struct wn_str value);
	/* Deletes a secret; one that is not there is no error. Since 1.1. [job] */
	wn_err (*drop)(struct wn_mod *, struct wn_ctx *, const char *workspace,
		       const char *environment, const char *name);
};

#endif
