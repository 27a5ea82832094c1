/*
 * Recovery files. A file is one line of numbers, the document's path, the folder's path and the
 * text (version 1), or, of a text that reads a file on disk, where its bytes lie in that file and
 * those that do not (version 2): "K offset bytes" and "A bytes" lines, so that a gigabyte with a
 * word typed into it is a few lines. It is written beside and renamed, so it is always whole. Its
 * name is the hash of the path; a second program on the same document, and a text without a name,
 * add their process number.
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
#define HEAD_MAX ((size_t)240)
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

static int64_t
mtime_ns(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

/* ---- what was left ----------------------------------------------------------------------- */

struct head {
	int version, pid;
	int64_t time_ms;
	size_t bytes, path_len, root_len;
	size_t body;	     /* what follows; of version 1 the text itself */
	int64_t size, mtime; /* of the file under a version 2, mtime in ns */
	size_t at;	     /* where the body begins */
};

/* Numbers of a head: version 1 has the first five. */
enum { PID, TIME, PATH_LEN, ROOT_LEN, BYTES, BODY, SIZE, MTIME, NUMBERS };

static bool
parse_head(struct wn_str line, struct head *h)
{
	struct wn_str part;
	int64_t v[NUMBERS] = { 0 };
	bool two;

	if (!wn_str_split(&line, ' ', &part) || !wn_str_is(part, "webnova-recovery") ||
	    !wn_str_split(&line, ' ', &part))
		return false;
	two = wn_str_is(part, "2");
	if (!two && !wn_str_is(part, "1"))
		return false;
	for (size_t i = 0; i < (two ? NUMBERS : BODY); i++)
		if (!wn_str_split(&line, ' ', &part) || !wn_str_i64(part, &v[i]) || v[i] < 0)
			return false;
	if (v[PID] > INT_MAX || v[PATH_LEN] > 65536 || v[ROOT_LEN] > 65536 ||
	    (!two && (uint64_t)v[BYTES] > TEXT_MAX) || (uint64_t)v[BODY] > TEXT_MAX)
		return false;
	*h = (struct head){ .version = two ? 2 : 1,
			    .pid = (int)v[PID],
			    .time_ms = v[TIME],
			    .path_len = (size_t)v[PATH_LEN],
			    .root_len = (size_t)v[ROOT_LEN],
			    .bytes = (size_t)v[BYTES],
			    .body = (size_t)(two ? v[BODY] : v[BYTES]),
			    .size = v[SIZE],
			    .mtime = v[MTIME] };
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
	return (size_t)st.st_size == h->at + h->body;
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

/* The file under the text, unless it is another one by now. */
static struct ed_text *
open_base(int fd, const struct head *h)
{
	char *path = wn_alloc(h->path_len + 1);
	struct stat st;
	int base = -1;

	if (pread(fd, path, h->path_len, (off_t)(h->at - h->root_len - h->path_len)) ==
	    (ssize_t)h->path_len)
		base = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	wn_free(path);
	if (base < 0)
		return NULL;
	if (fstat(base, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == h->size &&
	    mtime_ns(&st) == h->mtime)
		return ed_text_file(base, (size_t)st.st_size);
	close(base);
	return NULL;
}

/* One line of a version 2 body and the bytes it has with it. False: it is none. */
static bool
take_line(struct wn_str *body, const struct ed_text *base, struct ed_text *t)
{
	struct wn_str line, part;
	int64_t a, b = 0;
	bool keep;

	if (!wn_str_split(body, '\n', &line) || !wn_str_split(&line, ' ', &part))
		return false;
	keep = wn_str_is(part, "K");
	if (!wn_str_split(&line, ' ', &part) || !wn_str_i64(part, &a) || a < 0)
		return false;
	if (keep) {
		struct ed_text *piece;

		if (!wn_str_split(&line, ' ', &part) || !wn_str_i64(part, &b) || b < 0 ||
		    (uint64_t)a > ed_text_len(base) ||
		    (uint64_t)b > ed_text_len(base) - (uint64_t)a)
			return false;
		piece = ed_text_slice(base, (size_t)a, (size_t)b);
		ed_text_splice(t, ed_text_len(t), 0, piece);
		ed_text_free(piece);
		return true;
	}
	if (body->p == NULL || (uint64_t)a > body->len ||
	    ed_text_replace(t, ed_text_len(t), 0, wn_strn(body->p, (size_t)a)) != 0)
		return false;
	*body = wn_str_sub(*body, (size_t)a, body->len);
	return true;
}

static struct ed_text *
build(struct wn_str body, const struct ed_text *base, size_t bytes)
{
	struct ed_text *t = ed_text_new();

	while (body.p != NULL && body.len > 0)
		if (!take_line(&body, base, t))
			break;
	if (body.len == 0 && ed_text_len(t) == bytes)
		return t;
	ed_text_free(t);
	return NULL;
}

struct ed_text *
ed_recovered_read(const struct ed_recovered *left, struct wn_diag *d)
{
	int fd = open(left->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct ed_text *t = NULL, *base = NULL;
	struct head h = { 0 };
	char *p = NULL;
	bool whole = fd >= 0 && read_head(fd, &h);

	if (whole && h.version == 2 && (base = open_base(fd, &h)) == NULL)
		wn_fail(d, WN_E_CONFLICT,
			"the file changed since; what was typed is in %s, between lines that say "
			"where it belongs",
			left->file);
	if (whole && (h.version == 1 || base != NULL))
		p = wn_try_alloc(h.body + 1);
	if (p != NULL && pread(fd, p, h.body, (off_t)h.at) == (ssize_t)h.body)
		t = h.version == 1 ? ed_text_from(wn_strn(p, h.body))
				   : build(wn_strn(p, h.body), base, h.bytes);
	if (t == NULL)
		wn_fail(d, WN_E_IO, "the unsaved text in %s cannot be read", left->file);
	ed_text_free(base);
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

/* The stretch of the text at pos that lies in the file fd, or that does not. */
struct stretch {
	bool kept;
	size_t off, len;
};

static struct stretch
stretch_at(const struct ed_text *text, size_t pos, int fd)
{
	struct stretch s = { 0 };
	size_t off, n;
	int in;

	while ((n = ed_text_origin(text, pos + s.len, &in, &off)) > 0) {
		bool kept = in == fd;

		if (s.len == 0) {
			s.kept = kept;
			s.off = off;
		} else if (kept != s.kept || (kept && off != s.off + s.len)) {
			break;
		}
		s.len += n;
	}
	return s;
}

static size_t
stretch_line(char *buf, const struct stretch *s)
{
	size_t at = 0;

	buf[at++] = s->kept ? 'K' : 'A';
	if (s->kept)
		put_number(buf, &at, (int64_t)s->off);
	put_number(buf, &at, (int64_t)s->len);
	buf[at++] = '\n';
	return at;
}

static bool
put_bytes(int fd, const struct ed_text *text, size_t pos, size_t n)
{
	char buf[8192];

	while (n > 0) {
		size_t k = ed_text_read(text, pos, buf, n < sizeof buf ? n : sizeof buf);

		if (k == 0 || !put(fd, buf, k))
			return false;
		pos += k;
		n -= k;
	}
	return true;
}

/* Length of a version 2 body; out >= 0: writes it there, and returns 0 when that fails. */
static size_t
body_of(const struct ed_text *text, int base, int out)
{
	size_t total = 0, len = ed_text_len(text);
	char line[64];

	for (size_t pos = 0; pos < len;) {
		struct stretch s = stretch_at(text, pos, base);
		size_t n = stretch_line(line, &s);

		if (out >= 0 &&
		    (!put(out, line, n) || (!s.kept && !put_bytes(out, text, pos, s.len))))
			return 0;
		total += n + (s.kept ? 0 : s.len);
		pos += s.len;
	}
	return total;
}

/* The file that the text reads, when it is what lies at the document's path; -1: none. */
static int
base_of(const struct ed_recovery *r, const struct ed_text *text, struct stat *st)
{
	struct stat there;
	size_t pos = 0, off, n;
	int fd = -1;

	while (fd < 0 && (n = ed_text_origin(text, pos, &fd, &off)) > 0)
		pos += n;
	if (fd < 0 || fstat(fd, st) < 0 || stat(r->path, &there) < 0 ||
	    st->st_ino != there.st_ino || st->st_dev != there.st_dev)
		return -1;
	return fd;
}

static bool
put_all(int fd, const struct ed_recovery *r, const struct ed_text *text)
{
	char head[HEAD_MAX] = "webnova-recovery 1";
	size_t at = strlen(head), len = ed_text_len(text);
	struct timespec now;
	struct stat st;
	int base = base_of(r, text, &st);

	(void)clock_gettime(CLOCK_REALTIME, &now);
	put_number(head, &at, getpid());
	put_number(head, &at, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
	put_number(head, &at, (int64_t)strlen(r->path));
	put_number(head, &at, (int64_t)strlen(r->root));
	put_number(head, &at, (int64_t)len);
	if (base >= 0) {
		head[strlen("webnova-recovery ")] = '2';
		put_number(head, &at, (int64_t)body_of(text, base, -1));
		put_number(head, &at, (int64_t)st.st_size);
		put_number(head, &at, mtime_ns(&st));
	}
	head[at++] = '\n';
	if (!put(fd, head, at) || !put(fd, r->path, strlen(r->path)) ||
	    !put(fd, r->root, strlen(r->root)))
		return false;
	return base >= 0 ? body_of(text, base, fd) > 0 : put_bytes(fd, text, 0, len);
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
