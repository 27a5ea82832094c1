/*
 * What registry.c and manifest.c share. Nobody else includes it.
 */
#ifndef RUNTIME_KERNEL_REGISTRY_PRIV_H
#define RUNTIME_KERNEL_REGISTRY_PRIV_H

#include "runtime/base/map.h"
#include "runtime/base/vec.h"
#include "runtime/kernel/registry.h"

enum reg_state { REG_NEW, REG_INITED, REG_STARTED, REG_STOPPED };

struct reg_mod {
	struct wn_mod mod;
	struct wn_registry *registry;
	struct wn_bound *bound;
	struct wn_map emits; /* declared event types; the values are not used */
	enum reg_state state;
	int mark; /* of the sort: 0 new, 1 open, 2 done */
};

/* Reads m's manifest and checks the descriptor against it. */
wn_err wn_manifest_check(struct reg_mod *m, struct wn_diag *d);

#endif
