/*
 * Whole files and trees in plain blocking calls. The one place that knows how to
 * replace a file so that a crash leaves the old or the new content, never half.
 */
#include "runtime/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/hash.h"
#include "runtime/base/mem.h"

enum { READ_STEP = 64 * 1024 };

static wn_err
read_all(int fd, const char *path, struct wn_buf *out, struct wn_diag *d)
{
	for (;;) {
		/* One byte over the maximum tells "too large" from "just fits". */
		size_t room = out->max - out->len;
		char extra, *to = &extra;
		ssize_t n;

		if (room > READ_STEP)
			room = READ_STEP;
		if (room) {
			to = wn_buf_reserve(out, room);
			if (!to)
				return wn_fail(d, out->err, "%s: no memory to read it", path);
		}
		n = read(fd, to, room ? room : 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return wn_fail_errno(d, errno, "%s: cannot read", path);
		if (n == 0)
			return WN_OK;
		if (!room)
			return wn_fail(d, WN_E_LIMIT, "%s: larger than the %zu bytes allowed", path,
				       out->max);
		wn_buf_commit(out, (size_t)n);
	}
}

wn_err
wn_file_read(const char *path, struct wn_buf *out, struct wn_diag *d)
{
	struct stat st;
	size_t before = out->len;
	wn_err err;
	int fd;

	if (out->err)
		return wn_fail(d, out->err, "%s: the buffer has failed before", path);
	/* Not blocking: a FIFO without a writer must not hang us. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return wn_fail_errno(d, errno, "%s: cannot open", path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    (uintmax_t)st.st_size > out->max - out->len)
		err = wn_fail(d, WN_E_LIMIT, "%s: larger than the %zu bytes allowed", path,
			      out->max);
	else
		err = read_all(fd, path, out, d);
	close(fd);
	if (err && out->len > before)
		wn_buf_cut(out, before);
	return err;
}

static wn_err
write_all(int fd, struct wn_str data)
{
	while (data.len) {
		ssize_t n = write(fd, data.p, data.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		data.p += n;
		data.len -= (size_t)n;
	}
	return 0;
}

/* Where the content goes in the end: links followed, also one that points to nothing yet. Owned. */
static char *
follow_links(const char *path, int *errnum)
{
	char *at = wn_strdup(path);

	for (int hops = 0; hops < 40; hops++) {
		char to[PATH_MAX], *dir, *next;
		ssize_t n = readlink(at, to, sizeof(to) - 1);

		if (n < 0) {
			*errnum = errno == EINVAL || errno == ENOENT ? 0 : errno;
			return at;
		}
		to[n] = '\0';
		dir = wn_strndup(at, (size_t)(wn_path_base(at) - at));
		next = wn_path_join(dir, to);
		wn_free(dir);
		wn_free(at);
		at = next;
	}
	*errnum = ELOOP;
	return at;
}

/* Gives a new file the owner and mode of the one it will replace; an errno, or 0. */
static int
take_over(int fd, const struct stat *old)
{
	mode_t mode = old->st_mode & 07777;

	/* The owner first: changing it clears set-id bits, which may not go to another one. */
	if ((old->st_uid != geteuid() || old->st_gid != getegid()) &&
	    fchown(fd, old->st_uid, old->st_gid) != 0) {
		mode &= (mode_t) ~(S_ISUID | S_ISGID);
		(void)!fchown(fd, (uid_t)-1, old->st_gid);
	}
	return fchmod(fd, mode) == 0 ? 0 : errno;
}

/* A new file next to the target, of its mode and owner; -1 with errno. *name_out is owned. */
static int
open_temporary(const char *target, mode_t mode_if_new, char **name_out)
{
	struct stat st;
	bool exists = stat(target, &st) == 0;
	unsigned char random[8];
	char hex[2 * sizeof(random) + 1];
	int fd, errnum;

	/* Only files are replaced: a device or a pipe of that name must stay what it is. */
	if (exists && !S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return -1;
	}
	/* Replacing a file that may not be written would step around its owner's wish. */
	if (exists && access(target, W_OK) != 0)
		return -1;
	wn_random(random, sizeof(random));
	wn_hex(random, sizeof(random), hex);
	*name_out =
		wn_asprintf("%.*s.wn-%s.tmp", (int)(wn_path_base(target) - target), target, hex);
	fd = open(*name_out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  exists ? 0600 : mode_if_new & 07777);
	if (fd < 0 || !exists)
		return fd;
	errnum = take_over(fd, &st);
	if (!errnum)
		return fd;
	close(fd);
	unlink(*name_out);
	errno = errnum;
	return -1;
}

static int
sync_directory(const char *target)
{
	size_t n = (size_t)(wn_path_base(target) - target);
	char *dir = n ? wn_strndup(target, n) : wn_strdup(".");
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), errnum = 0;

	if (fd < 0)
		errnum = errno;
	else if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
		errnum = errno;
	if (fd >= 0)
		close(fd);
	wn_free(dir);
	return errnum;
}

/* Fills and closes fd, puts it in the target's place; an errno, or 0. */
static int
replace(int fd, const char *temporary, const char *target, struct wn_str data)
{
	int errnum = write_all(fd, data);

	if (!errnum && fsync(fd) != 0)
		errnum = errno;
	if (close(fd) != 0 && !errnum)
		errnum = errno;
	if (!errnum && rename(temporary, target) != 0)
		errnum = errno;
	if (errnum)
		unlink(temporary);
	return errnum;
}

wn_err
wn_file_write(const char *path, struct wn_str data, mode_t mode_if_new, struct wn_diag *d)
{
	int errnum = path[0] ? 0 : ENOENT;
	char *target = errnum ? NULL : follow_links(path, &errnum), *temporary = NULL;
	wn_err err = WN_OK;

	if (!errnum) {
		int fd = open_temporary(target, mode_if_new, &temporary);

		errnum = fd < 0 ? errno : replace(fd, temporary, target, data);
	}
	if (errnum) {
		err = wn_fail_errno(d, errnum, "%s: cannot write", path);
	} else {
		/* The content is in place; a directory that cannot be synced is still told. */
		errnum = sync_directory(target);
		if (errnum && errnum != EACCES)
			err = wn_fail_errno(d, errnum, "%s: written, but not safely on disk", path);
	}
	wn_free(temporary);
	wn_free(target);
	return err;
}

bool
wn_file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool
wn_file_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

wn_err
wn_file_mkdirs(const char *path, mode_t mode, struct wn_diag *d)
{
	char *part = wn_strdup(path);
	wn_err err = WN_OK;

	if (!part[0])
		err = wn_fail(d, WN_E_INVALID, "an empty path cannot be a directory");
	for (char *p = part; *p && !err;) {
		char cut;

		p += strspn(p, "/");
		p += strcspn(p, "/");
		cut = *p;
		*p = '\0';
		if (part[0] && mkdir(part, mode) != 0) {
			int errnum = errno;

			/* Some file systems say EROFS or EACCES for what exists. */
			if (!wn_file_is_dir(part))
				err = wn_fail_errno(d, errnum == EEXIST ? ENOTDIR : errnum,
						    "%s: cannot make the directory", part);
		}
		*p = cut;
	}
	wn_free(part);
	return err;
}

static int remove_content(int dir);

/* Opens a directory to empty it, making it readable when that is all it lacks. */
static int
open_directory(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), path_fd;
	char self[40];

	if (fd >= 0 || errno != EACCES)
		return fd;
	/* By descriptor, so that a link put there meanwhile is not followed. */
	path_fd = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (path_fd < 0)
		return -1;
	snprintf(self, sizeof(self), "/proc/self/fd/%d", path_fd);
	if (chmod(self, 0700) == 0)
		fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	close(path_fd);
	return fd;
}

/* Removes one name in an open directory, whatever it is; an errno, or 0. */
static int
remove_name(int dir, const char *name)
{
	int fd, errnum;

	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return errno;
	errnum = errno;
	fd = open_directory(dir, name);
	if (fd < 0)
		return errno == ENOTDIR || errno == ELOOP ? errnum : errno;
	errnum = remove_content(fd);
	if (errnum)
		return errnum;
	return unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : errno;
}

/* Takes fd. */
static int
remove_content(int fd)
{
	DIR *dir = fdopendir(fd);
	struct dirent *e;
	int errnum = 0;

	if (!dir) {
		errnum = errno;
		close(fd);
		return errnum;
	}
	while (!errnum && (errno = 0, e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		errnum = remove_name(fd, e->d_name);
		/* A directory that may not be written (a package cache): ours, so open it up. */
		if (errnum == EACCES && fchmod(fd, 0700) == 0)
			errnum = remove_name(fd, e->d_name);
	}
	closedir(dir);
	return errnum;
}

wn_err
wn_file_rmtree(const char *path, struct wn_diag *d)
{
	int errnum;

	if (!path[0])
		return wn_fail(d, WN_E_INVALID, "an empty path cannot be removed");
	errnum = remove_name(AT_FDCWD, path);
	return errnum ? wn_fail_errno(d, errnum, "%s: cannot remove", path) : WN_OK;
}
