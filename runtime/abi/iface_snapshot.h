/*
 * Interface "snapshot" 1.0, offered by modules/snapshot.
 */
#ifndef RUNTIME_ABI_IFACE_SNAPSHOT_H
#define RUNTIME_ABI_IFACE_SNAPSHOT_H

#include "runtime/abi/module.h"
#include "runtime/base/id.h"

struct wn_iface_snapshot {
	/* Takes a snapshot of dir as the state of a workspace; kind is "first", "manual",
	 * "before_restore" or "auto". When nothing changed, the last one is the answer. Emits
	 * snapshot.created. [job] */
	wn_err (*take)(struct wn_mod *, struct wn_ctx *, const char *workspace, const char *dir,
		       const char *kind, const char *label, char id_out[WN_ULID_MAX]);
};

#endif
