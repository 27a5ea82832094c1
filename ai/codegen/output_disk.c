/*
 * Reading, writing and removing below an output's directory. Many small files are made durable
 * together: the disk is told to begin with all of them before anything waits for one.
 */
#include "ai/codegen/output_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"

#define PENDING_MAX 200 /* open files at most */

char *
codegen_disk_path(struct disk *d, const char *path)
{
	return wn_arena_printf(d->ctx->arena, "%s/%s", d->dir, path);
}

/* True when a part of the path above its last is a link: what lies behind it is not the
 * workspace's, and a program that ran there may have put the link. */
static bool
behind_link(struct disk *d, const char *path)
{
	char *full = codegen_disk_path(d, path);
	struct stat st;

	for (char *slash = full + strlen(d->dir); (slash = strchr(slash + 1, '/'));) {
		bool is_link;

		*slash = '\0';
		is_link = lstat(full, &st) == 0 && !S_ISDIR(st.st_mode);
		*slash = '/';
		if (is_link)
			return true;
	}
	return false;
}

wn_err
codegen_disk_read(struct disk *d, const char *path, enum disk_kind *kind_out, struct wn_buf *text)
{
	char *full = codegen_disk_path(d, path);
	struct stat st;

	*kind_out = DISK_OTHER;
	if (behind_link(d, path))
		return WN_OK;
	if (lstat(full, &st) != 0) {
		*kind_out = DISK_NONE;
		return errno == ENOENT || errno == ENOTDIR
			       ? WN_OK
			       : wn_fail_errno(&d->ctx->diag, errno, "look at %s", path);
	}
	if (!S_ISREG(st.st_mode))
		return WN_OK;
	*kind_out = DISK_FILE;
	return text ? wn_file_read(full, text, &d->ctx->diag) : WN_OK;
}

static wn_err
write_all(struct disk *d, int fd, const char *path, struct wn_str text)
{
	size_t done = 0;

	while (done < text.len) {
		ssize_t n = write(fd, text.p + done, text.len - done);

		if (n < 0 && errno != EINTR)
			return wn_fail_errno(&d->ctx->diag, errno, "write %s", path);
		done += n > 0 ? (size_t)n : 0;
	}
	return WN_OK;
}

static wn_err
make_parents(struct disk *d, char *full)
{
	char *slash = strrchr(full, '/');
	struct stat st;
	wn_err err = WN_OK;

	*slash = '\0';
	if (lstat(full, &st) != 0)
		err = wn_file_mkdirs(full, 0755, &d->ctx->diag);
	*slash = '/';
	return err;
}

wn_err
codegen_disk_write(struct disk *d, const char *path, struct wn_str text, unsigned mode)
{
	char *full = codegen_disk_path(d, path);
	const char *at = d->fresh ? full : wn_arena_printf(d->ctx->arena, "%s.webnova-new", full);
	struct stat st;
	wn_err err = make_parents(d, full);
	int fd;

	if (err)
		return err;
	if (!d->fresh && behind_link(d, path))
		return WN_FAIL(d->ctx, WN_E_STATE, "%s is behind a link; nothing is written there",
			       path);
	if (!d->fresh && lstat(full, &st) == 0 && S_ISREG(st.st_mode))
		mode = st.st_mode & 0777;
	fd = open(at, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
	if (fd < 0)
		return wn_fail_errno(&d->ctx->diag, errno, "write %s", path);
	err = write_all(d, fd, path, text);
	if (!err && !d->fresh && fchmod(fd, (mode_t)mode) != 0)
		err = wn_fail_errno(&d->ctx->diag, errno, "write %s", path);
	if (err) {
		close(fd);
		(void)unlink(at);
		return err;
	}
	(void)sync_file_range(fd, 0, 0,
			      SYNC_FILE_RANGE_WRITE); /* only begins; the wait comes later */
	wn_vec_push(&d->pending, (struct disk_pending){ fd, d->fresh ? NULL : at, full });
	return d->pending.len < PENDING_MAX ? WN_OK : codegen_disk_sync(d);
}

wn_err
codegen_disk_sync(struct disk *d)
{
	wn_err err = WN_OK;

	for (size_t i = 0; i < d->pending.len; i++) {
		const struct disk_pending *p = &d->pending.p[i];
		bool bad = fdatasync(p->fd) != 0 && errno != EINVAL && errno != ENOTSUP;

		bad |= close(p->fd) != 0;
		if (!bad && !err && p->from)
			bad = rename(p->from, p->to) != 0;
		if (bad && !err)
			err = wn_fail_errno(&d->ctx->diag, errno, "write %s", p->to);
		if (err && p->from)
			(void)unlink(p->from);
	}
	wn_vec_clear(&d->pending);
	return err;
}

wn_err
codegen_disk_remove(struct disk *d, const char *path)
{
	char *full = codegen_disk_path(d, path), *slash;

	if (behind_link(d, path))
		return WN_OK;
	if (unlink(full) != 0 && errno != ENOENT)
		return wn_fail_errno(&d->ctx->diag, errno, "remove %s", path);
	while ((slash = strrchr(full, '/')) > full + strlen(d->dir)) {
		*slash = '\0';
		if (rmdir(full) != 0)
			break;
	}
	return WN_OK;
}

void
codegen_disk_fini(struct disk *d)
{
	for (size_t i = 0; i < d->pending.len; i++) {
		close(d->pending.p[i].fd);
		if (d->pending.p[i].from)
			(void)unlink(d->pending.p[i].from);
	}
	wn_vec_fini(&d->pending);
}
