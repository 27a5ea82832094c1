/*
 * Private to modules/snapshot.
 *
 * Where things are: <state>/snapshot/<workspace>.git is a bare repository of our own (the user's
 * .git is never touched); refs/snapshots/<id> names the commit of a snapshot; <workspace>.index
 * remembers size, times and inode of each file, so that unchanged ones are not read again.
 */
#ifndef RUNTIME_MODULES_SNAPSHOT_SNAPSHOT_H
#define RUNTIME_MODULES_SNAPSHOT_SNAPSHOT_H

#include <pthread.h>
#include <stdbool.h>

#include "gen/snapshot.h"
#include "runtime/abi/decision.h"
#include "runtime/abi/host.h"
#include "runtime/abi/iface_snapshot.h"
#include "runtime/abi/iface_store.h"
#include "runtime/abi/iface_workspace.h"
#include "runtime/base/map.h"
#include "runtime/modules/snapshot/snapshot_git.h"

enum snapshot_need { NEED_STORE, NEED_WORKSPACE, NEED_COMPLIANCE, NEED_RISK };
#define DECIDERS 2 /* compliance and risk: who may refuse */

struct snapshot {
	const struct wn_host *host;
	char *dir;
	pthread_mutex_t lock; /* guards locks and the loading of git */
	struct snapshot_git git;
	struct wn_map locks; /* workspace id to struct snapshot_lock */
};

/* One workspace's files are looked at or written by one job at a time. */
struct snapshot_lock {
	pthread_mutex_t mutex;
};

/* What is known of a file since it was last read. */
struct snapshot_entry {
	int64_t size, mtime_ns, ctime_ns;
	uint64_t inode;
	uint32_t mode; /* git's: 0100644, 0100755, 0120000 */
	git_oid oid;
};

/* An open repository of one workspace, and the lock on it. */
struct snapshot_repo {
	struct wn_mod *m;
	struct wn_ctx *ctx;
	const char *workspace, *dir; /* id; its directory */
	char *path;		     /* of the repository */
	struct snapshot_lock *lock;
	git_repository *git;
	const struct snapshot_git *g; /* the library; loaded */
};

/* The state of a directory as a tree. */
struct snapshot_scan {
	git_oid tree;
	int64_t files, skipped;
};

/* snapshot_repo.c. Takes the workspace's lock (waiting, cancellable) and opens, or makes, its
 * repository. [job] */
wn_err snapshot_repo_open(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace,
			  const char *dir, struct snapshot_repo *r);
/* Lets go of the object database with all its backends; a collecting one would swallow what is
 * written next. */
wn_err snapshot_repo_reopen(struct snapshot_repo *r) WN_MUST;
void snapshot_repo_close(struct snapshot_repo *r);
/* libgit2's last error as ours. rc is its return code. */
wn_err snapshot_fail(struct snapshot_repo *r, int rc, const char *doing);
/* The tree of a snapshot; WN_E_NOT_FOUND when this workspace has none of that id. */
wn_err snapshot_tree(struct snapshot_repo *r, struct wn_str id, git_tree **out);
/* Writes a commit for a tree and names it refs/snapshots/<id>; parent nullable. */
wn_err snapshot_commit(struct snapshot_repo *r, const char *id, const git_oid *tree,
		       const char *parent, const char *label);

/* snapshot_scan.c. Reads the directory into the repository. [job] */
wn_err snapshot_scan_dir(struct snapshot_repo *r, struct snapshot_scan *out);

/* snapshot_index.c. What is remembered of files between scans; a damaged file counts as none. */
void snapshot_index_load(struct snapshot_repo *r, struct wn_map *out);
wn_err snapshot_index_save(struct snapshot_repo *r, const struct wn_map *index);
void snapshot_index_drop(struct snapshot_repo *r);

/* snapshot_apply.c. Brings the directory from one tree to another, all or nothing as far as the
 * disk allows: on a failure what was changed is changed back. paths limits it (prefixes); n 0:
 * everything. */
wn_err snapshot_apply(struct snapshot_repo *r, git_tree *from, git_tree *to,
		      const struct wn_str *paths, size_t n, int64_t *written_out,
		      int64_t *removed_out);

/* snapshot_name.c. A file's name as text for JSON, and back; in the arena. Quoted as git does when
 * it is not UTF-8. */
struct wn_str snapshot_name_tell(struct wn_arena *a, const char *path);
wn_err snapshot_name_read(struct wn_ctx *ctx, struct wn_str told, struct wn_str *out);

/* snapshot_take.c. */
wn_err snapshot_take(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const char *dir,
		     const char *kind, const char *label, char id_out[WN_ULID_MAX]);
/* On an open repository; *created_out false: nothing had changed since the last one, which is the
 * answer. */
wn_err snapshot_take_on(struct snapshot_repo *r, const char *kind, const char *label,
			struct model_snapshot *out, bool *created_out);
/* Newest snapshot of a workspace; WN_E_NOT_FOUND: none. id empty: the newest. */
wn_err snapshot_find(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, struct wn_str id,
		     struct model_snapshot *out);

/* snapshot_pristine.c. See runtime/abi/iface_snapshot.h. */
wn_err snapshot_keep_pristine(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace,
			      const char *dir, const char *hash, const struct wn_pristine *files,
			      size_t n);
wn_err snapshot_read_pristine(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace,
			      const char *dir, const char *hash, const char *path,
			      struct wn_buf *out);
wn_err snapshot_merge(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str base, struct wn_str ours,
		      struct wn_str theirs, struct wn_buf *out, bool *clean_out);

static inline struct snapshot *
snapshot_of(struct wn_mod *m)
{
	return (struct snapshot *)m->state;
}

static inline const struct wn_iface_store *
snapshot_store(struct wn_mod *m)
{
	return (const struct wn_iface_store *)m->bound[NEED_STORE].vtable;
}

/* The workspace of a request, of the ctx's tenant. */
wn_err snapshot_workspace(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id,
			  struct wn_workspace *out);

#endif
