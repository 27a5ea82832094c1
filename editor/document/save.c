/*
 * Writing a document to disk, streamed, so that a text of any size needs no second copy in memory.
 *
 * Usually: a temporary file beside it, mode, owner and attributes copied, fsync, rename, fsync of
 * the directory. Where that would break something (hard links, an owner we may not give, a
 * directory we may not write) the file is overwritten in place after its space was reserved.
 * Whatever fails before the last step leaves the old file as it was.
 */
#include "editor/document/charset.h"
#include "editor/document/disk.h"
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
#define LOST "parts of %s are gone: the file was cut while it was open"

/* Everything a save needs, copied: it runs in another thread than the document's. */
struct ed_save {
	struct ed_text *text;		/* a snapshot, which also keeps huge_fd open */
	char *name;			/* where it goes; the document's path afterwards */
	char *path;			/* what the link leads to; while it runs */
	struct stat st;			/* of the old file */
	bool exists, force, bom, fresh; /* fresh: another path than the document's */
	char charset[24];		/* "": bytes as they are in the text */
	struct ed_identity disk;	/* what was read; what was written */
	int huge_fd;
	uint64_t step, version;
	struct ed_text *anew; /* a huge text over the file as it is now; NULL: it stays as it is */
	int anew_fd;	      /* borrowed from it */
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
write_text(const struct ed_save *s, int fd)
{
	struct out o = { .fd = fd, .p = wn_alloc(OUT_CAP) };
	struct ed_iter it;
	int err = 0;

	if (s->bom)
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
total_size(const struct ed_save *s)
{
	return ed_text_len(s->text) + (s->bom ? sizeof BOM - 1 : 0);
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
dress_like_old(const struct ed_save *s, int fd)
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
as_read(const struct ed_save *s)
{
	struct stat now;

	if (stat(s->path, &now) < 0)
		return !s->disk.known;
	return ed_identity_same(&s->disk, &now);
}

static char *
temp_name(const char *path)
{
	const char *base = wn_path_base(path);
	struct wn_idgen g;
	char id[WN_ULID_MAX];

	wn_idgen_init(&g, wn_clock_real());
	wn_id_ulid(&g, id);
	return wn_asprintf("%.*s.wn-%s.tmp", (int)(base - path), path, id + 10);
}

/* 0 or a negative errno; -ESTALE: the file changed while we wrote. */
static int
save_beside(struct ed_save *s, const char *temp)
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
	ed_identity_set(&s->disk, &st);
	return 0;
}

/* ---- in place ----------------------------------------------------------------------- */

/* A huge text reads from the very file that is about to be overwritten: put a copy, which has no
 * name, under its descriptor first. 0 or a negative errno. */
static int
move_huge_aside(int huge_fd)
{
	char *p = wn_alloc(OUT_CAP);
	char name[] = "/var/tmp/webnova-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC), err = fd < 0 ? -errno : 0;
	off_t at = 0;
	ssize_t k;

	if (fd >= 0)
		(void)unlink(name);
	while (!err && (k = pread(huge_fd, p, OUT_CAP, at)) != 0) {
		err = k < 0 ? -errno : write_all(fd, p, (size_t)k);
		at += k > 0 ? k : 0;
	}
	/* Readers in other threads see the old or the new file, with the same bytes. */
	if (!err && dup3(fd, huge_fd, O_CLOEXEC) < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	wn_free(p);
	return err;
}

static int
save_in_place(struct ed_save *s)
{
	size_t size = total_size(s);
	struct stat st;
	int fd, err = 0;

	if (s->huge_fd >= 0 && fstat(s->huge_fd, &st) == 0 && st.st_ino == s->st.st_ino &&
	    st.st_dev == s->st.st_dev)
		err = move_huge_aside(s->huge_fd);
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
		ed_identity_set(&s->disk, &st);
	return err;
}

/* ---- the whole ----------------------------------------------------------------------- */

static wn_err
check(const struct ed_save *s, struct wn_diag *d)
{
	struct stat st;

	if (s->exists && !S_ISREG(s->st.st_mode))
		return wn_fail(d, WN_E_UNSUPPORTED, "%s is not a file", s->path);
	if (!s->force && !as_read(s))
		return wn_fail(d, WN_E_CONFLICT,
			       s->exists ? "%s changed on disk since it was read"
					 : "%s was removed from disk since it was read",
			       s->path);
	if (ed_text_lost(s->text))
		return wn_fail(d, WN_E_CORRUPT, LOST, s->path);
	/* Our own descriptor of a huge file must still show what was read. */
	if (s->huge_fd >= 0 && fstat(s->huge_fd, &st) == 0 && s->disk.known &&
	    st.st_ino == s->disk.ino && !ed_identity_same(&s->disk, &st))
		return wn_fail(d, WN_E_CORRUPT,
			       "%s was rewritten in place while it was open; reload it", s->path);
	return 0;
}

static wn_err
save_error(const struct ed_save *s, int err, struct wn_diag *d)
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

struct ed_save *
ed_save_begin(struct ed_doc *doc, const char *path, bool force)
{
	struct ed_save *s = WN_NEW(struct ed_save);
	bool own = path == NULL || (doc->path != NULL && strcmp(doc->path, path) == 0);

	*s = (struct ed_save){
		.text = ed_text_snap(doc->text),
		.name = wn_strdup(path != NULL ? path : doc->path),
		.force = force,
		.fresh = !own,
		.bom = doc->info.bom,
		.huge_fd = doc->huge_fd,
		.version = doc->version,
		.step = ed_undo_now(doc->undo)->id,
	};
	if (doc->info.encoding >= ED_ENC_UTF16LE && doc->info.encoding <= ED_ENC_OTHER)
		memcpy(s->charset, doc->info.charset, sizeof s->charset);
	if (own)
		s->disk = doc->disk;
	/* What is typed from now on is another step, or it would count as saved. */
	ed_undo_moved(doc->undo, ed_undo_now(doc->undo));
	return s;
}

/* From here on the text is what the file will hold. */
static wn_err
encode(struct ed_save *s, struct wn_diag *d)
{
	struct ed_text *whole = ed_text_snap(s->text), *now = NULL;
	struct wn_buf b;
	wn_err err = 0;

	if (s->bom)
		err = ed_text_replace(whole, 0, 0, WN_STR(BOM));
	wn_buf_init(&b, ED_DECODE_MAX * 4);
	if (err == 0)
		err = ed_charset_encode(s->charset, whole, &b, d);
	if (err == 0 && ed_text_lost(whole)) /* what is encoded no longer shows it */
		err = wn_fail(d, WN_E_CORRUPT, LOST, s->name);
	if (err == 0)
		now = ed_text_from(wn_buf_view(&b));
	wn_buf_fini(&b);
	ed_text_free(whole);
	if (now == NULL)
		return err != 0 ? err : wn_fail(d, WN_E_NO_MEMORY, "%s cannot be encoded", s->name);
	ed_text_free(s->text);
	s->text = now;
	s->bom = false;
	return 0;
}

/* What every way of saving begins with: bytes, place, and whether it may be. */
static wn_err
prepare(struct ed_save *s, struct wn_diag *d)
{
	wn_err err = 0;

	if (s->name == NULL)
		return wn_fail(d, WN_E_STATE, "the document has no name yet");
	if (s->charset[0] != '\0')
		err = encode(s, d);
	if (err)
		return err;
	if (s->fresh && !s->force && wn_file_exists(s->name))
		return wn_fail(d, WN_E_EXISTS, "%s exists already", s->name);
	s->path = follow_links(s->name);
	s->exists = stat(s->path, &s->st) == 0;
	if (s->fresh && s->exists) /* forced: it is ours to replace */
		ed_identity_set(&s->disk, &s->st);
	return check(s, d);
}

/* A huge text read the old file, which has no name any more: from now on it reads the new one, so
 * the old one's room is given back and unsaved edits can be kept as edits of what is on disk. */
static void
read_anew(struct ed_save *s)
{
	int fd = s->huge_fd >= 0 && s->charset[0] == '\0'
			 ? open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
			 : -1;
	struct stat st;

	if (fd < 0)
		return;
	if (fstat(fd, &st) < 0 || !ed_identity_same(&s->disk, &st) ||
	    (size_t)st.st_size != total_size(s)) {
		close(fd);
		return;
	}
	s->anew = ed_text_file(fd, (size_t)st.st_size);
	s->anew_fd = fd;
	if (s->bom)
		ed_text_splice(s->anew, 0, sizeof BOM - 1, NULL);
	(void)ed_text_index(s->anew, NULL, NULL); /* line numbers are there at once */
}

wn_err
ed_save_run(struct ed_save *s, struct wn_diag *d)
{
	wn_err e = prepare(s, d);
	int err = -EXDEV;
	char *temp;

	if (e || s->path == NULL)
		return e;
	/* The mode says no: replacing the file beside it would go behind the owner's back. */
	if (s->exists && access(s->path, W_OK) != 0)
		return wn_fail_errno(d, errno, "cannot save %s", s->path);
	temp = temp_name(s->path);
	if (!s->exists || s->st.st_nlink == 1)
		err = save_beside(s, temp);
	if (err == -EXDEV)
		err = s->exists ? save_in_place(s) : -EACCES;
	wn_free(temp);
	if (err)
		return save_error(s, err, d);
	read_anew(s);
	return 0;
}

/* A file that only we can read, with the text in it; name holds the template. 0 or a negative
 * errno. */
static int
write_private(const struct ed_save *s, char *name)
{
	int fd = mkostemp(name, O_CLOEXEC), err = fd < 0 ? -errno : 0;

	if (!err)
		err = write_text(s, fd);
	if (fd >= 0 && close(fd) < 0 && !err)
		err = -errno;
	return err;
}

wn_err
ed_save_run_with(struct ed_save *s, ed_put_fn put, void *arg, struct wn_diag *d)
{
	char temp[] = "/tmp/webnova-save-XXXXXX";
	struct stat st;
	wn_err e = prepare(s, d);
	int err;

	if (e || s->path == NULL)
		return e;
	err = write_private(s, temp);
	if (!err && s->huge_fd >= 0) /* the file we read from may be written over */
		err = move_huge_aside(s->huge_fd);
	e = err ? save_error(s, err, d) : put(arg, temp, s->path, d);
	(void)unlink(temp);
	if (e)
		return e;
	if (stat(s->path, &st) < 0)
		s->disk.known = false;
	else
		ed_identity_set(&s->disk, &st);
	return 0;
}

void
ed_save_end(struct ed_save *s, struct ed_doc *doc, wn_err err)
{
	if (doc != NULL && err == 0) {
		doc->disk = s->disk;
		doc->saved_step = s->step;
		ed_undo_saved(doc->undo, s->step);
		if (s->anew != NULL && s->version == doc->version) {
			/* The same bytes: nobody needs to be told. */
			ed_text_splice(doc->text, 0, ed_text_len(doc->text), s->anew);
			doc->huge_fd = s->anew_fd;
		}
		doc->info.is_new = doc->info.not_writable = false;
		wn_free(doc->path);
		doc->path = s->name;
		s->name = NULL;
		ed_undo_moved(doc->undo, ed_undo_now(doc->undo));
	}
	ed_text_free(s->text);
	ed_text_free(s->anew);
	wn_free(s->name);
	wn_free(s->path);
	wn_free(s);
}

wn_err
ed_doc_save(struct ed_doc *doc, bool force, struct wn_diag *d)
{
	struct ed_save *s = ed_save_begin(doc, NULL, force);
	wn_err err = ed_save_run(s, d);

	ed_save_end(s, doc, err);
	return err;
}

wn_err
ed_doc_save_as(struct ed_doc *doc, const char *path, bool force, struct wn_diag *d)
{
	struct ed_save *s = ed_save_begin(doc, path, force);
	wn_err err = ed_save_run(s, d);

	ed_save_end(s, doc, err);
	return err;
}
