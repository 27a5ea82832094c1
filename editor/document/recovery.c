/*
 * Recovery files. A file is one line of numbers, the document's path, the folder's path and the
 * text; it is written beside and renamed, so it is always whole. Its name is the hash of the path;
 * a second program on the same document, and a text without a name, add their process number.
 */
#include "editor/document/recovery.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/mem.h"

#define NAME_HEX 24
#define HEAD_MAX ((size_t)128)
#define TEXT_MAX ((size_t)4 << 30)

struct ed_recovery {
	pthread_mutex_t lock; /* of generation, and of renaming and removing */
	atomic_uint refs, generation;
	char *path, *root; /* path "": no name yet */
	char *file;	   /* where the text is kept */
	char *crash;	   /* written by a dying program, then renamed */
	char *lock_file;   /* NULL: no lock is needed */
	int lock_fd;	   /* -1: somebody else has it */
	pid_t other;
};

char *
ed_recovery_dir(void)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (xdg != NULL && xdg[0] == '/')
		return wn_asprintf("%s/webnova/recovery", xdg);
	if (home != NULL && home[0] == '/')
		return wn_asprintf("%s/.local/state/webnova/recovery", home);
	return NULL;
}

/* ---- the lock -------------------------------------------------------------------------- */

static pid_t
owner_of(int fd)
{
	char buf[24] = "";
	ssize_t n = pread(fd, buf, sizeof buf - 1, 0);

	return n > 0 ? (pid_t)strtol(buf, NULL, 10) : 1;
}

/* The lock goes with the process, however it ends. The file may be removed by its last owner just
 * when we open it: then its name leads elsewhere, and we begin again. */
static void
take_lock(struct ed_recovery *r)
{
	struct stat mine, there;
	char buf[24];

	for (int tries = 0; tries < 20; tries++) {
		struct flock fl = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		int fd = open(r->lock_file, O_RDWR | O_CREAT | O_CLOEXEC, 0600), n;

		if (fd < 0)
			return;
		if (fcntl(fd, F_OFD_SETLK, &fl) < 0) {
			if (errno == EAGAIN || errno == EACCES)
				r->other = owner_of(fd);
			close(fd);
			return;
		}
		if (fstat(fd, &mine) == 0 && stat(r->lock_file, &there) == 0 &&
		    mine.st_ino == there.st_ino && mine.st_dev == there.st_dev) {
			n = snprintf(buf, sizeof buf, "%d\n", (int)getpid());
			if (ftruncate(fd, 0) == 0)
				(void)!pwrite(fd, buf, (size_t)n, 0);
			r->lock_fd = fd;
			return;
		}
		close(fd);
	}
}

/* ---- what was left ----------------------------------------------------------------------- */

struct head {
	int pid;
	int64_t time_ms;
	size_t bytes, path_len, root_len;
	size_t at; /* where the text begins */
};

static bool
parse_head(struct wn_str line, struct head *h)
{
	struct wn_str part;
	int64_t v[5];

	if (!wn_str_split(&line, ' ', &part) || !wn_str_is(part, "webnova-recovery") ||
	    !wn_str_split(&line, ' ', &part) || !wn_str_is(part, "1"))
		return false;
	for (size_t i = 0; i < sizeof v / sizeof *v; i++)
		if (!wn_str_split(&line, ' ', &part) || !wn_str_i64(part, &v[i]) || v[i] < 0)
			return false;
	if (v[0] > INT_MAX || v[2] > 65536 || v[3] > 65536 || (uint64_t)v[4] > TEXT_MAX)
		return false;
	*h = (struct head){ .pid = (int)v[0],
			    .time_ms = v[1],
			    .path_len = (size_t)v[2],
			    .root_len = (size_t)v[3],
			    .bytes = (size_t)v[4] };
	return true;
}

/* False: no recovery file, or not a whole one. */
static bool
read_head(int fd, struct head *h)
{
	char buf[HEAD_MAX + 1];
	ssize_t n = pread(fd, buf, HEAD_MAX, 0);
	struct stat st;
	char *nl;

	if (n <= 0 || fstat(fd, &st) < 0)
		return false;
	buf[n] = '\0';
	nl = strchr(buf, '\n');
	if (nl == NULL || !parse_head(wn_strn(buf, (size_t)(nl - buf)), h))
		return false;
	h->at = (size_t)(nl - buf) + 1 + h->path_len + h->root_len;
	return (size_t)st.st_size == h->at + h->bytes;
}

static bool
is_text(int fd, size_t at, size_t n, const char *want)
{
	char *p;
	bool same;

	if (n != strlen(want))
		return false;
	p = wn_alloc(n + 1);
	same = pread(fd, p, n, (off_t)at) == (ssize_t)n && memcmp(p, want, n) == 0;
	wn_free(p);
	return same;
}

/* Fills left when the file is whole, of this path and of this root (nullable: any). */
static bool
look_at(const char *file, const char *path, const char *root, struct ed_recovered *left)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct head h;
	bool good = fd >= 0 && read_head(fd, &h) &&
		    is_text(fd, h.at - h.root_len - h.path_len, h.path_len, path) &&
		    (root == NULL || is_text(fd, h.at - h.root_len, h.root_len, root));

	if (fd >= 0)
		close(fd);
	if (!good)
		return false;
	left->file = wn_strdup(file);
	left->time_ms = h.time_ms;
	left->bytes = h.bytes;
	return true;
}

/* Files of programs that had no lock carry their number: they count when that program is dead. */
static bool
dead_name(const char *name, const char *base, size_t n)
{
	const char *dot = strrchr(name, '.');
	char *end;
	long pid;

	if (strncmp(name, base, n) != 0 || dot == NULL || dot[1] < '1' || dot[1] > '9')
		return false;
	pid = strtol(dot + 1, &end, 10);
	return *end == '\0' && kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

static void
find_left(const char *dir, const char *base, const char *path, const char *root, size_t nth,
	  struct ed_recovered *left)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d != NULL && left->file == NULL && (e = readdir(d)) != NULL) {
		char *file;

		if (!dead_name(e->d_name, base, strlen(base)))
			continue;
		file = wn_path_join(dir, e->d_name);
		if (look_at(file, path, root, left) && nth-- > 0)
			ed_recovered_fini(left);
		wn_free(file);
	}
	if (d != NULL)
		closedir(d);
}

static void
look_at_disk(const char *path, struct ed_recovered *left)
{
	struct stat st;

	if (left->file == NULL || path[0] == '\0' || stat(path, &st) < 0)
		return;
	left->disk_bytes = (size_t)st.st_size;
	left->disk_ms = (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000;
}

bool
ed_recovered_unnamed(const char *dir, const char *root, size_t nth, struct ed_recovered *out)
{
	*out = (struct ed_recovered){ 0 };
	find_left(dir, "untitled", "", root, nth, out);
	return out->file != NULL;
}

struct ed_text *
ed_recovered_read(const struct ed_recovered *left, struct wn_diag *d)
{
	int fd = open(left->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct ed_text *t = NULL;
	struct head h;
	char *p = NULL;

	if (fd >= 0 && read_head(fd, &h))
		p = wn_try_alloc(h.bytes + 1);
	if (p != NULL && pread(fd, p, h.bytes, (off_t)h.at) == (ssize_t)h.bytes)
		t = ed_text_from(wn_strn(p, h.bytes));
	if (t == NULL)
		wn_fail(d, WN_E_IO, "the unsaved text in %s cannot be read", left->file);
	wn_free(p);
	if (fd >= 0)
		close(fd);
	return t;
}

void
ed_recovered_remove(const struct ed_recovered *left)
{
	if (left->file != NULL)
		(void)unlink(left->file);
}

void
ed_recovered_keep(const struct ed_recovered *left)
{
	int fd = left->file != NULL ? open(left->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	struct head h;
	char *aside;

	if (fd >= 0 && strchr(wn_path_base(left->file), '.') == NULL && read_head(fd, &h)) {
		aside = wn_asprintf("%s.%d", left->file, h.pid);
		(void)rename(left->file, aside);
		wn_free(aside);
	}
	if (fd >= 0)
		close(fd);
}

void
ed_recovered_fini(struct ed_recovered *left)
{
	wn_free(left->file);
	*left = (struct ed_recovered){ 0 };
}

/* ---- life --------------------------------------------------------------------------------- */

struct ed_recovery *
ed_recovery_open(const char *dir, const char *path, const char *root, struct ed_recovered *left)
{
	char base[WN_SHA256_HEX] = "untitled", unique[24];
	struct ed_recovery *r;
	unsigned char salt[4];

	*left = (struct ed_recovered){ 0 };
	if (dir == NULL || wn_file_mkdirs(dir, 0700, NULL) != 0)
		return NULL;
	r = WN_NEW(struct ed_recovery);
	pthread_mutex_init(&r->lock, NULL);
	atomic_init(&r->refs, 1);
	atomic_init(&r->generation, 0);
	r->path = wn_strdup(path != NULL ? path : "");
	r->root = wn_strdup(root);
	r->lock_fd = -1;
	if (path != NULL) {
		wn_sha256_hex(path, strlen(path), base);
		base[NAME_HEX] = '\0';
		r->lock_file = wn_asprintf("%s/%s.lock", dir, base);
		take_lock(r);
	}
	if (r->lock_fd >= 0) {
		r->file = wn_path_join(dir, base);
		if (!look_at(r->file, r->path, NULL, left))
			find_left(dir, base, r->path, NULL, 0, left);
		look_at_disk(r->path, left);
	} else {
		wn_random(salt, sizeof salt);
		snprintf(unique, sizeof unique, "%02x%02x", salt[0], salt[1]);
		r->file = path != NULL
				  ? wn_asprintf("%s/%s.%d", dir, base, (int)getpid())
				  : wn_asprintf("%s/%s-%s.%d", dir, base, unique, (int)getpid());
	}
	r->crash = wn_asprintf("%s/.wn-%s.crash.tmp", dir, wn_path_base(r->file));
	return r;
}

void
ed_recovery_ref(struct ed_recovery *r)
{
	atomic_fetch_add(&r->refs, 1);
}

void
ed_recovery_unref(struct ed_recovery *r)
{
	if (r == NULL || atomic_fetch_sub(&r->refs, 1) > 1)
		return;
	if (r->lock_fd >= 0) {
		(void)unlink(r->lock_file);
		close(r->lock_fd);
	}
	pthread_mutex_destroy(&r->lock);
	wn_free(r->path);
	wn_free(r->root);
	wn_free(r->file);
	wn_free(r->crash);
	wn_free(r->lock_file);
	wn_free(r);
}

pid_t
ed_recovery_other(const struct ed_recovery *r)
{
	return r->other;
}

unsigned
ed_recovery_next(struct ed_recovery *r)
{
	return atomic_fetch_add(&r->generation, 1) + 1;
}

/* ---- writing ------------------------------------------------------------------------------- */

/* Only calls that a signal handler may make. */
static bool
put(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

static void
put_number(char *buf, size_t *at, int64_t v)
{
	char digits[24];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	buf[(*at)++] = ' ';
	while (n > 0)
		buf[(*at)++] = digits[--n];
}

static bool
put_all(int fd, const struct ed_recovery *r, const struct ed_text *text)
{
	char head[HEAD_MAX] = "webnova-recovery 1", buf[8192];
	size_t at = strlen(head), len = ed_text_len(text);
	struct timespec now;
	bool ok;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	put_number(head, &at, getpid());
	put_number(head, &at, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
	put_number(head, &at, (int64_t)strlen(r->path));
	put_number(head, &at, (int64_t)strlen(r->root));
	put_number(head, &at, (int64_t)len);
	head[at++] = '\n';
	ok = put(fd, head, at) && put(fd, r->path, strlen(r->path)) &&
	     put(fd, r->root, strlen(r->root));
	for (size_t pos = 0; ok && pos < len;) {
		size_t n = ed_text_read(text, pos, buf, sizeof buf);

		ok = n > 0 && put(fd, buf, n);
		pos += n;
	}
	return ok;
}

wn_err
ed_recovery_write(struct ed_recovery *r, unsigned generation, const struct ed_text *text,
		  struct wn_diag *d)
{
	char *temp = wn_asprintf("%.*s.wn-%s-%u.tmp", (int)(wn_path_base(r->file) - r->file),
				 r->file, wn_path_base(r->file), generation);
	int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	wn_err err = 0;

	if (fd < 0 || !put_all(fd, r, text) || fdatasync(fd) < 0)
		err = wn_fail_errno(d, errno, "unsaved text cannot be kept in %s", r->file);
	if (fd >= 0)
		close(fd);
	pthread_mutex_lock(&r->lock);
	if (err != 0 || atomic_load(&r->generation) != generation)
		(void)unlink(temp);
	else if (rename(temp, r->file) < 0)
		err = wn_fail_errno(d, errno, "unsaved text cannot be kept in %s", r->file);
	pthread_mutex_unlock(&r->lock);
	wn_free(temp);
	return err;
}

void
ed_recovery_drop(struct ed_recovery *r, unsigned generation)
{
	pthread_mutex_lock(&r->lock);
	if (atomic_load(&r->generation) == generation)
		(void)unlink(r->file);
	pthread_mutex_unlock(&r->lock);
}

void
ed_recovery_crash(const struct ed_recovery *r, const struct ed_text *text)
{
	int fd = open(r->crash, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return;
	if (put_all(fd, r, text) && close(fd) == 0)
		(void)rename(r->crash, r->file);
}
