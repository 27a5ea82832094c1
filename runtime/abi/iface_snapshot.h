/*
 * Interface "snapshot" 1.1, offered by modules/snapshot.
 */
#ifndef RUNTIME_ABI_IFACE_SNAPSHOT_H
#define RUNTIME_ABI_IFACE_SNAPSHOT_H

#include "runtime/abi/module.h"
#include "runtime/base/buf.h"
#include "runtime/base/id.h"
#include "runtime/base/str.h"

/* A file as a generator made it, before anybody edited it. */
struct wn_pristine {
	const char *path;
	struct wn_str content;
};

struct wn_iface_snapshot {
	/* Takes a snapshot of dir as the state of a workspace; kind is "first", "manual",
	 * "before_restore" or "auto". When nothing changed, the last one is the answer. Emits
	 * snapshot.created. [job] */
	wn_err (*take)(struct wn_mod *, struct wn_ctx *, const char *workspace, const char *dir,
		       const char *kind, const char *label, char id_out[WN_ULID_MAX]);
	/* Since 1.1. Keeps files (sorted by path) beside the snapshots, under a private reference
	 * that is called by their hash; keeping the same again changes nothing. [job] */
	wn_err (*keep_pristine)(struct wn_mod *, struct wn_ctx *, const char *workspace,
				const char *dir, const char *hash, const struct wn_pristine *files,
				size_t n);
	/* Appends a file that was kept; WN_E_NOT_FOUND: not under that hash, or not that path.
	 * [job] */
	wn_err (*read_pristine)(struct wn_mod *, struct wn_ctx *, const char *workspace,
				const char *dir, const char *hash, const char *path,
				struct wn_buf *out);
	/* Appends what both sides made of base. *clean_out false: they changed the same place, and
	 * out is as it was. [job] */
	wn_err (*merge)(struct wn_mod *, struct wn_ctx *, struct wn_str base, struct wn_str ours,
			struct wn_str theirs, struct wn_buf *out, bool *clean_out);
};

#endif
