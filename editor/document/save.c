/*
 * Writing a document to disk, streamed, so that a text of any size needs no second copy in memory.
 *
 * Usually: a temporary file beside it, mode, owner and attributes copied, fsync, rename, fsync of
 * the directory. Where that would break something (hard links, an owner we may not give, a
 * directory we may not write) the file is overwritten in place after its space was reserved.
 * Whatever fails before the last step leaves the old file as it was.
 */
#include "editor/document/doc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/id.h"
#include "runtime/base/mem.h"

#define BOM "\xEF\xBB\xBF"

struct save {
	struct ed_doc *doc;
	const struct ed_text *text;
	char *path;	/* owned: what the link leads to */
	struct stat st; /* of the old file */
	bool exists, force;
};

/* ---- bytes ------------------------------------------------------------------------ */

static wn_err
write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t k = write(fd, p, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -errno;
		p += k;
		n -= (size_t)k;
	}
	return 0;
}

/* Gathers small pieces so that a much edited text is not written in tiny calls. */
struct out {
	int fd;
	size_t len;
	char *p;
};
#define OUT_CAP ((size_t)256 << 10)

/* 0 or a negative errno. */
static int
out_add(struct out *o, struct wn_str s)
{
	int err = 0;

	if (s.len > OUT_CAP - o->len) {
		err = write_all(o->fd, o->p, o->len);
		o->len = 0;
	}
	memcpy(o->p + o->len, s.p, s.len); /* chunks are far below OUT_CAP */
	o->len += s.len;
	return err;
}

/* 0 or a negative errno. */
static int
write_text(const struct save *s, int fd)
{
	struct out o = { .fd = fd, .p = wn_alloc(OUT_CAP) };
	struct ed_iter it;
	int err = 0;

	if (s->doc->info.bom)
		err = out_add(&o, WN_STR(BOM));
	for (bool more = ed_iter_init(&it, s->text, 0); more && !err; more = ed_iter_next(&it))
		err = out_add(&o, it.chunk);
	ed_iter_fini(&it);
	if (!err)
		err = write_all(fd, o.p, o.len);
	wn_free(o.p);
	return err;
}

static size_t
total_size(const struct save *s)
{
	return ed_text_len(s->text) + (s->doc->info.bom ? sizeof BOM - 1 : 0);
}

/* ---- beside and rename -------------------------------------------------------------- */

static void
copy_attributes(int from, int to)
{
	char names[4096], value[4096];
	ssize_t n = flistxattr(from, names, sizeof names);

	/* ACLs and the like: kept where the system lets us, no reason to refuse a save. */
	for (char *p = names; n > 0 && p < names + n; p += strlen(p) + 1) {
		ssize_t k = fgetxattr(from, p, value, sizeof value);
		if (k >= 0)
			(void)fsetxattr(to, p, value, (size_t)k, 0);
	}
}

/* 0 or a negative errno. EXDEV is ours for "this way would lose owner or mode". */
static int
dress_like_old(const struct save *s, int fd)
{
	struct stat now;
	int old;

	if (!s->exists)
		return 0;
	if (fstat(fd, &now) < 0)
		return -errno;
	if ((now.st_uid != s->st.st_uid || now.st_gid != s->st.st_gid) &&
	    fchown(fd, s->st.st_uid, s->st.st_gid) < 0)
		return -EXDEV;
	if (fchmod(fd, s->st.st_mode & 07777) < 0)
		return -errno;
	old = open(s->path, O_RDONLY | O_CLOEXEC);
	if (old >= 0) {
		copy_attributes(old, fd);
		close(old);
	}
	return 0;
}

static void
sync_dir_of(const char *path)
{
	char *dir = wn_strndup(path, (size_t)(wn_path_base(path) - path));
	int fd = open(*dir ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	wn_free(dir);
}

/* True while the file is the one that was read (or still absent). */
static bool
as_read(const struct save *s)
{
	struct stat now;

	if (stat(s->path, &now) < 0)
		return !s->doc->disk.known;
	return ed_identity_same(&s->doc->disk, &now);
}

static char *
temp_name(const char *path)
{
	const char *base = wn_path_base(path);
	struct wn_idgen g;
	char id[WN_ULID_MAX];

	wn_idgen_init(&g, wn_clock_real());
	wn_id_ulid(&g, id);
	return wn_asprintf("%.*s.%.100s.%s", (int)(base - path), path, base, id + 16);
}

/* 0 or a negative errno; -ESTALE: the file changed while we wrote. */
static int
save_beside(const struct save *s, const char *temp)
{
	struct stat st;
	int fd, err;

	fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, s->exists ? 0600 : 0666);
	if (fd < 0)
		return errno == EACCES || errno == EPERM || errno == EROFS ? -EXDEV : -errno;
	err = dress_like_old(s, fd);
	if (!err)
		err = write_text(s, fd);
	if (!err && fsync(fd) < 0)
		err = -errno;
	if (!err && fstat(fd, &st) < 0)
		err = -errno;
	if (close(fd) < 0 && !err)
		err = -errno;
	if (!err && !s->force && !as_read(s))
		err = -ESTALE;
	if (!err && rename(temp, s->path) < 0)
		err = -errno;
	if (err) {
		(void)unlink(temp);
		return err;
	}
	sync_dir_of(s->path);
	ed_identity_set(&s->doc->disk, &st);
	return 0;
}

/* ---- in place ----------------------------------------------------------------------- */

/* A huge text reads from the very file that is about to be overwritten: put a copy, which has no
 * name, under its descriptor first. 0 or a negative errno. */
static int
move_huge_aside(struct ed_doc *doc)
{
	char *p = wn_alloc(OUT_CAP);
	char name[] = "/var/tmp/webnova-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC), err = fd < 0 ? -errno : 0;
	off_t at = 0;
	ssize_t k;

	if (fd >= 0)
		(void)unlink(name);
	while (!err && (k = pread(doc->huge_fd, p, OUT_CAP, at)) != 0) {
		err = k < 0 ? -errno : write_all(fd, p, (size_t)k);
		at += k > 0 ? k : 0;
	}
	/* Readers in other threads see the old or the new file, with the same bytes. */
	if (!err && dup3(fd, doc->huge_fd, O_CLOEXEC) < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	wn_free(p);
	return err;
}

static int
save_in_place(const struct save *s)
{
	size_t size = total_size(s);
	struct stat st;
	int fd, err = 0;

	if (s->doc->huge_fd >= 0 && fstat(s->doc->huge_fd, &st) == 0 && st.st_ino == s->st.st_ino &&
	    st.st_dev == s->st.st_dev)
		err = move_huge_aside(s->doc);
	fd = err ? -1 : open(s->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return err ? err : -errno;
	/* Room first: a full disk must be found out before the old bytes are gone. */
	if (size > (size_t)s->st.st_size) {
		err = -posix_fallocate(fd, 0, (off_t)size);
		if (err)
			(void)!ftruncate(fd, s->st.st_size);
	}
	if (!err)
		err = write_text(s, fd);
	if (!err && (ftruncate(fd, (off_t)size) < 0 || fsync(fd) < 0 || fstat(fd, &st) < 0))
		err = -errno;
	if (close(fd) < 0 && !err)
		err = -errno;
	if (!err)
		ed_identity_set(&s->doc->disk, &st);
	return err;
}

/* ---- the whole ----------------------------------------------------------------------- */

static wn_err
check(const struct save *s, struct wn_diag *d)
{
	const struct ed_doc *doc = s->doc;
	struct stat st;

	if (s->exists && !S_ISREG(s->st.st_mode))
		return wn_fail(d, WN_E_UNSUPPORTED, "%s is not a file", s->path);
	if (!s->force && !as_read(s))
		return wn_fail(d, WN_E_CONFLICT,
			       s->exists ? "%s changed on disk since it was read"
					 : "%s was removed from disk since it was read",
			       s->path);
	if (ed_text_lost(doc->text))
		return wn_fail(d, WN_E_CORRUPT,
			       "parts of %s are gone: the file was cut while it was open", s->path);
	/* Our own descriptor of a huge file must still show what was read. */
	if (doc->huge_fd >= 0 && fstat(doc->huge_fd, &st) == 0 && doc->disk.known &&
	    st.st_ino == doc->disk.ino && !ed_identity_same(&doc->disk, &st))
		return wn_fail(d, WN_E_CORRUPT,
			       "%s was rewritten in place while it was open; reload it", s->path);
	return 0;
}

static wn_err
save_error(const struct save *s, int err, struct wn_diag *d)
{
	if (err == -ESTALE)
		return wn_fail(d, WN_E_CONFLICT, "%s changed on disk while it was being saved",
			       s->path);
	return wn_fail_errno(d, -err, "cannot save %s", s->path);
}

/* The file a link leads to, also when that does not exist yet; owned. */
static char *
follow_links(const char *path)
{
	char *at = wn_strdup(path), link[PATH_MAX];

	for (int hops = 0; hops < 40; hops++) {
		ssize_t n = readlink(at, link, sizeof link - 1);
		if (n < 0)
			break;
		link[n] = 0;
		char *dir = wn_strndup(at, (size_t)(wn_path_base(at) - at));
		char *next =
			link[0] == '/' || !*dir ? wn_strdup(link) : wn_asprintf("%s%s", dir, link);
		wn_free(dir);
		wn_free(at);
		at = next;
	}
	return at;
}

static wn_err
save_to(struct ed_doc *doc, const char *path, bool force, struct wn_diag *d)
{
	struct save s = {
		.doc = doc, .text = doc->text, .path = follow_links(path), .force = force
	};
	char *temp = temp_name(s.path);
	int err = -EXDEV;
	wn_err e;

	s.exists = stat(s.path, &s.st) == 0;
	e = check(&s, d);
	if (e)
		goto out;
	/* The mode says no: replacing the file beside it would go behind the owner's back. */
	if (s.exists && access(s.path, W_OK) != 0) {
		e = wn_fail_errno(d, errno, "cannot save %s", s.path);
		goto out;
	}
	if (!s.exists || s.st.st_nlink == 1)
		err = save_beside(&s, temp);
	if (err == -EXDEV)
		err = s.exists ? save_in_place(&s) : -EACCES;
	if (err)
		e = save_error(&s, err, d);
out:
	wn_free(temp);
	wn_free(s.path);
	return e;
}

static void
saved(struct ed_doc *doc)
{
	doc->saved_step = ed_undo_now(doc->undo)->id;
	doc->info.is_new = false;
	doc->info.not_writable = false;
	ed_undo_moved(doc->undo, ed_undo_now(doc->undo)); /* typing does not melt over a save */
}

wn_err
ed_doc_save(struct ed_doc *doc, bool force, struct wn_diag *d)
{
	wn_err err;

	if (!doc->path)
		return wn_fail(d, WN_E_STATE, "the document has no name yet");
	err = save_to(doc, doc->path, force, d);
	if (!err)
		saved(doc);
	return err;
}

wn_err
ed_doc_save_as(struct ed_doc *doc, const char *path, bool force, struct wn_diag *d)
{
	struct ed_identity before = doc->disk;
	char *name;
	wn_err err;

	if (doc->path && strcmp(doc->path, path) == 0)
		return ed_doc_save(doc, force, d);
	if (!force && wn_file_exists(path))
		return wn_fail(d, WN_E_EXISTS, "%s exists already", path);
	name = wn_strdup(path);
	doc->disk.known = false;
	err = save_to(doc, path, force, d);
	if (err) {
		doc->disk = before;
		wn_free(name);
		return err;
	}
	wn_free(doc->path);
	doc->path = name;
	saved(doc);
	return 0;
}

enum ed_disk
ed_doc_disk(const struct ed_doc *doc)
{
	struct stat st;

	if (!doc->path)
		return ED_DISK_NONE;
	if (stat(doc->path, &st) < 0)
		return doc->disk.known ? ED_DISK_GONE : ED_DISK_NONE;
	return ed_identity_same(&doc->disk, &st) ? ED_DISK_SAME : ED_DISK_CHANGED;
}

/* ---- reload ---------------------------------------------------------------------------- */

/* Bytes that are equal at the start of both. */
static size_t
same_head(const struct ed_text *a, const struct ed_text *b, size_t max)
{
	char x[4096], y[4096];
	size_t at = 0;

	while (at < max) {
		size_t want = max - at < sizeof x ? max - at : sizeof x;
		size_t i = 0;
		ed_text_read(a, at, x, want);
		ed_text_read(b, at, y, want);
		while (i < want && x[i] == y[i])
			i++;
		at += i;
		if (i < want)
			break;
	}
	return at;
}

static size_t
same_tail(const struct ed_text *a, const struct ed_text *b, size_t max)
{
	char x[4096], y[4096];
	size_t at = 0, la = ed_text_len(a), lb = ed_text_len(b);

	while (at < max) {
		size_t want = max - at < sizeof x ? max - at : sizeof x;
		size_t i = 0;
		ed_text_read(a, la - at - want, x, want);
		ed_text_read(b, lb - at - want, y, want);
		while (i < want && x[want - 1 - i] == y[want - 1 - i])
			i++;
		at += i;
		if (i < want)
			break;
	}
	return at;
}

wn_err
ed_doc_reload(struct ed_doc *doc, struct wn_diag *d)
{
	struct ed_loaded l;
	wn_err err;

	if (!doc->path)
		return wn_fail(d, WN_E_STATE, "the document has no name yet");
	err = ed_load(doc->path, &l, d);
	if (err)
		return err;
	if (l.info.is_new) {
		ed_text_free(l.text);
		return wn_fail(d, WN_E_NOT_FOUND, "%s is no longer on disk", doc->path);
	}
	size_t la = ed_text_len(doc->text), lb = ed_text_len(l.text);
	size_t min = la < lb ? la : lb;
	/* A text on disk is swapped as a whole: what it reads may have changed under it. */
	bool huge = doc->info.huge || l.info.huge;
	size_t head = huge ? 0 : same_head(doc->text, l.text, min);
	size_t tail = huge ? 0 : same_tail(doc->text, l.text, min - head);
	struct ed_text *mid = ed_text_slice(l.text, head, lb - head - tail);
	bool locked = doc->locked;

	doc->locked = false;
	err = ed_doc_replace_with(doc, head, la - head - tail, mid);
	doc->locked = locked;
	ed_text_free(mid);
	ed_text_free(l.text);
	doc->disk = l.disk;
	doc->huge_fd = l.huge_fd;
	doc->info.huge = l.info.huge;
	doc->info.bom = l.info.bom;
	doc->info.eol = l.info.eol;
	saved(doc);
	ed_indexer_stop(&doc->index);
	if (huge)
		ed_indexer_start(&doc->index, doc->text);
	for (struct ed_listener *k = doc->listeners; k; k = k->next)
		if (k->on_reset)
			k->on_reset(k->arg);
	return err;
}
