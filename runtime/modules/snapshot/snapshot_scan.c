/*
 * A directory into a tree: only files whose size, times or inode moved are read. Directory handles
 * are opened one below the other without following links, so a tree that changes underfoot cannot
 * lead outside.
 */
#include "runtime/modules/snapshot/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

#define DEPTH_MAX 200
#define RACY_NS 2000000000LL /* a file changed this recently may change again unseen */
#define LINK_MAX 4096
#define PATH_BYTES 4096		/* a longer one is out of reach of ordinary programs too */
#define PENDING_MAX (64u << 20) /* bytes collected before they go into a pack */

struct scan {
	struct snapshot_repo *r;
	git_odb *odb;
	git_odb_backend *pack;	 /* collects what is written until it goes into a pack */
	WN_VEC(git_oid) pending; /* what it has collected */
	size_t pending_bytes;
	struct wn_map before, now; /* path to struct snapshot_entry */
	int64_t now_ns, max_file, max_files;
	int64_t files, skipped, fresh;
};

/* Not part of a workspace's state: the user's repository, what a package manager can fetch again,
 * our leftovers. */
static bool
never_kept(const char *name)
{
	return strcmp(name, ".git") == 0 || strcmp(name, "node_modules") == 0 ||
	       strncmp(name, ".webnova-new-", 13) == 0 ||
	       (strncmp(name, ".wn-", 4) == 0 && wn_str_has_suffix(wn_str(name), WN_STR(".tmp")));
}

static bool
ignored(struct scan *s, const char *path)
{
	int yes = 0;

	if (wn_map_has(&s->before, wn_str(path)))
		return false;
	return s->r->g->ignore_path_is_ignored(&yes, s->r->git, path) == 0 && yes;
}

static int64_t
ns(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct snapshot_entry
entry_of(const struct stat *st)
{
	return (struct snapshot_entry){
		.size = st->st_size,
		.mtime_ns = ns(st->st_mtim),
		.ctime_ns = ns(st->st_ctim),
		.inode = (uint64_t)st->st_ino,
		.mode = S_ISLNK(st->st_mode) ? 0120000
			: st->st_mode & 0111 ? 0100755
					     : 0100644,
	};
}

static bool
same(const struct snapshot_entry *a, const struct snapshot_entry *b)
{
	return a && a->size == b->size && a->mtime_ns == b->mtime_ns &&
	       a->ctime_ns == b->ctime_ns && a->inode == b->inode && a->mode == b->mode;
}

/* What was collected so far goes into a pack, so that a large directory does not have to fit into
 * memory. */
static wn_err
flush_pending(struct scan *s)
{
	git_packbuilder *pack = NULL;
	int rc;

	if (s->pending.len == 0)
		return WN_OK;
	rc = s->r->g->packbuilder_new(&pack, s->r->git);
	if (rc == 0)
		s->r->g->packbuilder_set_threads(pack, 0);
	for (size_t i = 0; i < s->pending.len && rc == 0; i++)
		rc = s->r->g->packbuilder_insert(pack, &s->pending.p[i], NULL);
	if (rc == 0)
		rc = s->r->g->packbuilder_write(pack, NULL, 0400, NULL, NULL);
	s->r->g->packbuilder_free(pack);
	if (rc == 0)
		rc = s->r->g->mempack_reset(s->pack);
	wn_vec_clear(&s->pending);
	s->pending_bytes = 0;
	return rc == 0 ? WN_OK : snapshot_fail(s->r, rc, "write the snapshot");
}

static wn_err
collected(struct scan *s, const git_oid *oid, size_t bytes)
{
	if (!s->pack)
		return WN_OK;
	wn_vec_push(&s->pending, *oid);
	s->pending_bytes += bytes;
	return s->pending_bytes > PENDING_MAX ? flush_pending(s) : WN_OK;
}

static wn_err
write_blob(struct scan *s, const void *data, size_t n, git_oid *out)
{
	int rc = s->r->g->odb_write(out, s->odb, data, n, GIT_OBJECT_BLOB);

	s->fresh++;
	return rc == 0 ? collected(s, out, n) : snapshot_fail(s->r, rc, "keep a file");
}

/* Puts an entry into a tree; *taken false: git has no place for such a name (".GIT"), which is no
 * reason to keep nothing. */
static wn_err
put(struct scan *s, git_treebuilder *tree, const char *name, const char *path, const git_oid *oid,
    git_filemode_t mode, bool *taken)
{
	int rc = s->r->g->treebuilder_insert(NULL, tree, name, oid, mode);
	const git_error *e = s->r->g->error_last();

	*taken = rc == 0;
	if (rc != 0 && e && e->klass == GIT_ERROR_TREE && strstr(e->message, "name")) {
		s->skipped++;
		return WN_OK;
	}
	return rc == 0 ? WN_OK : snapshot_fail(s->r, rc, path);
}

/* Each reader says with *kept false that the file cannot be kept: gone meanwhile, or not ours to
 * read. */
static wn_err
read_link(struct scan *s, int dir, const char *name, git_oid *out, bool *kept)
{
	char target[LINK_MAX];
	ssize_t n = readlinkat(dir, name, target, sizeof target);

	*kept = n >= 0 && n < (ssize_t)sizeof target;
	return *kept ? write_blob(s, target, (size_t)n, out) : WN_OK;
}

static wn_err
read_file(struct scan *s, int dir, const char *name, size_t size, git_oid *out, bool *kept)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	char *data = fd >= 0 ? (char *)wn_try_alloc(size + 1) : NULL;
	size_t got = 0;
	ssize_t n = 1;
	wn_err err = WN_OK;

	while (data && got < size && n > 0) {
		n = read(fd, data + got, size - got);
		if (n > 0)
			got += (size_t)n;
	}
	*kept = data && n >= 0;
	if (*kept)
		err = write_blob(s, data, got, out);
	wn_free(data);
	if (fd >= 0)
		close(fd);
	return err;
}

/* A file that changed in the last moments is read again next time: its times may not move any more.
 */
static void
remember(struct scan *s, const char *path, struct snapshot_entry *e)
{
	struct snapshot_entry *copy = WN_NEW(struct snapshot_entry);

	*copy = *e;
	if (s->now_ns - e->mtime_ns < RACY_NS)
		copy->mtime_ns = -1;
	wn_free(wn_map_set(&s->now, wn_str(path), copy));
}

static wn_err
scan_file(struct scan *s, int dir, const char *name, const char *path, const struct stat *st,
	  git_treebuilder *tree)
{
	struct snapshot_entry e = entry_of(st);
	const struct snapshot_entry *known =
		(const struct snapshot_entry *)wn_map_get(&s->before, wn_str(path));
	bool kept = st->st_size <= s->max_file;
	wn_err err = WN_OK;

	if (kept && same(known, &e))
		e.oid = known->oid;
	else if (kept && S_ISLNK(st->st_mode))
		err = read_link(s, dir, name, &e.oid, &kept);
	else if (kept)
		err = read_file(s, dir, name, (size_t)st->st_size, &e.oid, &kept);
	if (err)
		return err;
	if (!kept) {
		s->skipped++;
		return WN_OK;
	}
	if (++s->files > s->max_files)
		return WN_FAIL(s->r->ctx, WN_E_LIMIT,
			       "%s has more than %lld files (snapshot.max_files)", s->r->dir,
			       (long long)s->max_files);
	err = put(s, tree, name, path, &e.oid, (git_filemode_t)e.mode, &kept);
	if (kept)
		remember(s, path, &e);
	else
		s->files--;
	return err;
}

static wn_err scan_dir(struct scan *s, int fd, const char *path, unsigned depth, git_oid *out,
		       bool *empty);

static wn_err
scan_child_dir(struct scan *s, int dir, const char *name, const char *path, unsigned depth,
	       git_treebuilder *tree)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool empty = true, taken;
	git_oid oid;
	wn_err err;

	if (fd < 0 || depth >= DEPTH_MAX) {
		s->skipped++;
		if (fd >= 0)
			close(fd);
		return WN_OK;
	}
	err = scan_dir(s, fd, path, depth + 1, &oid, &empty);
	if (err || empty)
		return err;
	return put(s, tree, name, path, &oid, GIT_FILEMODE_TREE, &taken);
}

static wn_err
scan_entry(struct scan *s, int dir, const char *parent, const char *name, unsigned depth,
	   git_treebuilder *tree)
{
	char *path = parent[0] ? wn_asprintf("%s/%s", parent, name) : wn_strdup(name);
	struct stat st;
	wn_err err = WN_OK;

	if (strlen(path) >= PATH_BYTES || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		s->skipped++;
	else if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		s->skipped++;
	else if (ignored(s, path))
		; /* the workspace's own rules: not even counted */
	else if (S_ISDIR(st.st_mode))
		err = scan_child_dir(s, dir, name, path, depth, tree);
	else
		err = scan_file(s, dir, name, path, &st, tree);
	wn_free(path);
	return err;
}

/* Takes fd. */
static wn_err
scan_dir(struct scan *s, int fd, const char *path, unsigned depth, git_oid *out, bool *empty)
{
	git_treebuilder *tree = NULL;
	DIR *d = fdopendir(fd);
	struct dirent *e;
	wn_err err = WN_OK;
	int rc = s->r->g->treebuilder_new(&tree, s->r->git, NULL);

	if (!d) {
		close(fd);
		err = wn_fail_errno(&s->r->ctx->diag, errno, "read %s", path[0] ? path : s->r->dir);
	}
	if (rc != 0)
		err = snapshot_fail(s->r, rc, "make a tree");
	while (!err && d && (e = readdir(d))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
		    never_kept(e->d_name))
			continue;
		if (wn_cancelled(s->r->ctx))
			err = WN_FAIL(s->r->ctx, WN_E_CANCELLED, "the snapshot was cancelled");
		else
			err = scan_entry(s, dirfd(d), path, e->d_name, depth, tree);
	}
	if (!err) {
		*empty = s->r->g->treebuilder_entrycount(tree) == 0;
		rc = s->r->g->treebuilder_write(out, tree);
		err = rc == 0 ? collected(s, out, 0) : snapshot_fail(s->r, rc, "write a tree");
	}
	s->r->g->treebuilder_free(tree);
	if (d)
		closedir(d);
	return err;
}

/* The first snapshot goes into one pack; later ones are few objects and stay loose. */
static wn_err
pack_open(struct scan *s)
{
	int rc = s->r->g->repository_odb(&s->odb, s->r->git);

	if (rc == 0 && s->before.len == 0) {
		rc = s->r->g->mempack_new(&s->pack);
		if (rc == 0)
			rc = s->r->g->odb_add_backend(s->odb, s->pack, 999);
	}
	return rc == 0 ? WN_OK : snapshot_fail(s->r, rc, "open the snapshots");
}

/* The backend that collects knows only how to pack commits, so what it has is packed from here. */
static wn_err
pack_write(struct scan *s)
{
	wn_err err;

	if (!s->pack)
		return WN_OK;
	err = flush_pending(s);
	return err ? err : snapshot_repo_reopen(s->r);
}

static wn_err
open_top(struct snapshot_repo *r, int *fd_out)
{
	const char *home = getenv("HOME");
	struct stat st, home_st;

	*fd_out = open(r->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd_out < 0)
		return wn_fail_errno(&r->ctx->diag, errno, "open %s", r->dir);
	if (fstat(*fd_out, &st) == 0 &&
	    (strcmp(r->dir, "/") == 0 ||
	     (home && stat(home, &home_st) == 0 && st.st_ino == home_st.st_ino &&
	      st.st_dev == home_st.st_dev))) {
		close(*fd_out);
		return WN_FAIL(r->ctx, WN_E_UNSUPPORTED, "%s is not snapshotted: it is %s", r->dir,
			       strcmp(r->dir, "/") == 0 ? "the whole machine" : "a home directory");
	}
	return WN_OK;
}

wn_err
snapshot_scan_dir(struct snapshot_repo *r, struct snapshot_scan *out)
{
	const struct wn_host *h = r->m->host;
	struct scan s = {
		.r = r,
		.now_ns = wn_now_ms(h->clock) * 1000000,
		.max_file = h->config_int(h, "snapshot.max_file_mb") << 20,
		.max_files = h->config_int(h, "snapshot.max_files"),
	};
	bool empty;
	int fd;
	wn_err err = open_top(r, &fd);

	if (err)
		return err;
	wn_map_init(&s.now);
	snapshot_index_load(r, &s.before);
	err = pack_open(&s);
	if (err)
		close(fd);
	else
		err = scan_dir(&s, fd, "", 0, &out->tree, &empty);
	if (!err)
		err = pack_write(&s);
	if (!err)
		err = snapshot_index_save(r, &s.now);
	out->files = s.files;
	out->skipped = s.skipped;
	if (s.odb)
		r->g->odb_free(s.odb);
	wn_vec_fini(&s.pending);
	wn_map_fini(&s.before, wn_free);
	wn_map_fini(&s.now, wn_free);
	return err;
}
