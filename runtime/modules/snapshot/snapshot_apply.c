/*
 * From one tree to another, on the disk. Every path is opened below the workspace without following
 * links (openat2), because the program that ran there may have put links where directories were.
 */
#include "runtime/modules/snapshot/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/file.h"

struct apply {
	struct snapshot_repo *r;
	git_diff *diff;
	int top;
	const struct wn_str *paths;
	size_t npaths;
	int64_t written, removed;
};

static int
open_below(int top, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)flags | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	return (int)syscall(SYS_openat2, top, path, &how, sizeof how);
}

/* The directory that holds path, made as needed; *name_out is the last part. */
static int
open_parent(struct apply *a, const char *path, bool make, const char **name_out)
{
	char *p = wn_arena_strdup(a->r->ctx->arena, path), *slash;
	int fd = open_below(a->top, ".", O_RDONLY | O_DIRECTORY);

	while (fd >= 0 && (slash = strchr(p, '/'))) {
		int next;

		*slash = '\0';
		if (make && mkdirat(fd, p, 0755) != 0 && errno != EEXIST) {
			close(fd);
			return -1;
		}
		next = openat(fd, p, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0 && make && (errno == ENOTDIR || errno == ELOOP) &&
		    unlinkat(fd, p, 0) == 0 && mkdirat(fd, p, 0755) == 0)
			next = openat(fd, p, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(fd);
		fd = next;
		p = slash + 1;
	}
	*name_out = p;
	return fd;
}

static wn_err
fail_path(struct apply *a, int errnum, const char *doing, const char *path)
{
	return wn_fail_errno(&a->r->ctx->diag, errnum, "%s %s", doing, path);
}

static int
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno != EINTR)
			return -1;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	return fsync(fd);
}

/* A directory stands where a file must go: it goes when nothing is left in it. */
static void
clear_place(int parent, const char *name)
{
	struct stat st;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
		(void)unlinkat(parent, name, AT_REMOVEDIR);
}

/* Beside its place, then renamed over it. */
static int
put_file(int parent, const char *name, const char *data, size_t n, uint16_t mode)
{
	static const char temp[] = ".webnova-new-file";
	int fd, rc;

	(void)unlinkat(parent, temp, 0);
	if (mode == GIT_FILEMODE_LINK) {
		char target[4096];

		snprintf(target, sizeof target, "%.*s", (int)n, data);
		rc = symlinkat(target, parent, temp);
	} else {
		fd = openat(parent, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			    mode == GIT_FILEMODE_BLOB_EXECUTABLE ? 0755 : 0644);
		rc = fd < 0 ? -1 : write_all(fd, data, n);
		if (fd >= 0)
			close(fd);
	}
	if (rc == 0) {
		clear_place(parent, name);
		rc = renameat(parent, temp, parent, name);
	}
	if (rc != 0) {
		int saved = errno;

		(void)unlinkat(parent, temp, 0);
		errno = saved;
	}
	return rc;
}

static wn_err
write_file(struct apply *a, const git_diff_file *f)
{
	git_blob *blob = NULL;
	const char *name;
	int parent, rc = a->r->g->blob_lookup(&blob, a->r->git, &f->id);

	if (rc != 0)
		return snapshot_fail(a->r, rc, f->path);
	parent = open_parent(a, f->path, true, &name);
	rc = parent < 0 ? -1
			: put_file(parent, name, (const char *)a->r->g->blob_rawcontent(blob),
				   (size_t)a->r->g->blob_rawsize(blob), f->mode);
	if (rc != 0)
		rc = errno ? errno : EIO;
	if (parent >= 0)
		close(parent);
	a->r->g->blob_free(blob);
	a->written += rc == 0;
	return rc == 0 ? WN_OK : fail_path(a, rc, "write", f->path);
}

/* The file, then the directories that it leaves empty. */
static wn_err
remove_file(struct apply *a, const char *path)
{
	char *p = wn_arena_strdup(a->r->ctx->arena, path), *slash;
	const char *name;
	int parent = open_parent(a, path, false, &name);
	int rc = parent < 0 ? -1 : unlinkat(parent, name, 0);

	if (rc != 0 && errno != ENOENT && errno != ENOTDIR) {
		rc = errno;
		if (parent >= 0)
			close(parent);
		return fail_path(a, rc, "remove", path);
	}
	if (parent >= 0)
		close(parent);
	a->removed += rc == 0;
	while ((slash = strrchr(p, '/'))) {
		*slash = '\0';
		parent = open_parent(a, p, false, &name);
		rc = parent < 0 ? -1 : unlinkat(parent, name, AT_REMOVEDIR);
		if (parent >= 0)
			close(parent);
		if (rc != 0)
			break;
	}
	return WN_OK;
}

static bool
wanted(const struct apply *a, const char *path)
{
	struct wn_str s = wn_str(path);

	for (size_t i = 0; i < a->npaths; i++) {
		struct wn_str p = a->paths[i];

		if (wn_str_eq(p, s) || (wn_str_has_prefix(s, p) && s.p[p.len] == '/'))
			return true;
	}
	return a->npaths == 0;
}

/* Deletions first: a file may stand where a directory must go. */
static wn_err
run(struct apply *a, bool removals, size_t *reached)
{
	size_t n = a->r->g->diff_num_deltas(a->diff);
	wn_err err = WN_OK;

	for (size_t i = 0; i < n && !err; i++) {
		const git_diff_delta *d = a->r->g->diff_get_delta(a->diff, i);
		bool deleted = d->status == GIT_DELTA_DELETED;

		if (deleted != removals ||
		    !wanted(a, deleted ? d->old_file.path : d->new_file.path))
			continue;
		if (!removals && wn_cancelled(a->r->ctx))
			return WN_FAIL(a->r->ctx, WN_E_CANCELLED,
				       "cancelled; the files are as they were");
		err = deleted ? remove_file(a, d->old_file.path) : write_file(a, &d->new_file);
		*reached = i + 1;
	}
	return err;
}

static wn_err
run_both(struct apply *a)
{
	size_t reached = 0;
	wn_err err = run(a, true, &reached);

	return err ? err : run(a, false, &reached);
}

/* True when what stands at f's place already is f. */
static bool
is_there(struct apply *a, int parent, const char *name, const struct stat *st,
	 const git_diff_file *f)
{
	git_blob *blob = NULL;
	struct wn_buf text;
	bool same = false;
	char *path;

	if (!S_ISREG(st->st_mode) || f->mode == GIT_FILEMODE_LINK ||
	    a->r->g->blob_lookup(&blob, a->r->git, &f->id) != 0)
		return false;
	path = wn_arena_printf(a->r->ctx->arena, "/proc/self/fd/%d/%s", parent, name);
	wn_buf_init(&text, (size_t)st->st_size + 1);
	if ((uint64_t)st->st_size == (uint64_t)a->r->g->blob_rawsize(blob) &&
	    wn_file_read(path, &text, NULL) == WN_OK)
		same = wn_str_eq(
			wn_buf_view(&text),
			wn_strn((const char *)a->r->g->blob_rawcontent(blob), (size_t)st->st_size));
	wn_buf_fini(&text);
	a->r->g->blob_free(blob);
	return same;
}

/* What no snapshot keeps (an ignored file, one that is too large) would be lost for good when
 * another is written over it: then nothing is done at all. */
static wn_err
check_unkept(struct apply *a)
{
	size_t n = a->r->g->diff_num_deltas(a->diff);

	for (size_t i = 0; i < n; i++) {
		const git_diff_delta *d = a->r->g->diff_get_delta(a->diff, i);
		const char *name;
		struct stat st;
		bool fine;
		int parent;

		if (d->status != GIT_DELTA_ADDED || !wanted(a, d->new_file.path))
			continue;
		parent = open_parent(a, d->new_file.path, false, &name);
		if (parent < 0)
			continue;
		fine = fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		       S_ISDIR(st.st_mode) || is_there(a, parent, name, &st, &d->new_file);
		close(parent);
		if (!fine)
			return WN_FAIL(
				a->r->ctx, WN_E_EXISTS,
				"%.*s is in the way: the snapshot has a file of that name, and "
				"what stands there is "
				"in no snapshot (ignored, too large or not readable). Move it "
				"away, then restore again",
				WN_STR_ARG(snapshot_name_tell(a->r->ctx->arena, d->new_file.path)));
	}
	return WN_OK;
}

static wn_err
open_diff(struct apply *a, git_tree *from, git_tree *to)
{
	int rc = a->r->g->diff_tree_to_tree(&a->diff, a->r->git, from, to, NULL);

	return rc == 0 ? WN_OK : snapshot_fail(a->r, rc, "compare");
}

wn_err
snapshot_apply(struct snapshot_repo *r, git_tree *from, git_tree *to, const struct wn_str *paths,
	       size_t n, int64_t *written_out, int64_t *removed_out)
{
	struct apply a = { .r = r, .paths = paths, .npaths = n };
	bool begun = false;
	wn_err err = open_diff(&a, from, to);

	a.top = open(r->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!err && a.top < 0)
		err = fail_path(&a, errno, "open", r->dir);
	if (!err)
		err = check_unkept(&a);
	begun = !err;
	if (!err)
		err = run_both(&a);
	*written_out = a.written;
	*removed_out = a.removed;
	r->g->diff_free(a.diff);
	a.diff = NULL;
	if (err && begun) {
		/* Back to where it was; the cancel that may have led here no longer counts. */
		const atomic_int *cancelled = r->ctx->cancelled;
		struct wn_diag first = r->ctx->diag;

		r->ctx->cancelled = NULL;
		if (open_diff(&a, to, from) || run_both(&a))
			wn_fail_note(&first, "putting the files back failed too; restore the "
					     "snapshot taken before");
		r->ctx->cancelled = cancelled;
		r->ctx->diag = first;
		r->g->diff_free(a.diff);
	}
	if (a.top >= 0)
		close(a.top);
	return err;
}
