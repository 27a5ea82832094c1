/*
 * Undo files: a line with version and checksum of the rest, then length and hash of the text, path,
 * tree. The name is the hash of the path.
 */
#include "editor/document/history.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "editor/document/doc.h"
#include "editor/undo/store.h"
#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/mem.h"

#define NAME_HEX 24
#define FILE_MAX_BYTES (ED_STORE_BYTES + ((size_t)1 << 20))
#define FILES_MAX 400
#define HEAD "webnova-undo 1 "
#define HEAD_LEN (sizeof HEAD - 1 + 16 + 1) /* and 16 digits and a newline */
/* Texts up to this are hashed whole, larger ones here and there: a gigabyte must open at once. */
#define WHOLE_MAX ((size_t)16 << 20)
#define SAMPLES 256

struct ed_history {
	struct ed_undo_image *image;
	struct ed_text *text; /* a snapshot */
};

char *
ed_history_dir(void)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (xdg != NULL && xdg[0] == '/')
		return wn_asprintf("%s/webnova/undo", xdg);
	if (home != NULL && home[0] == '/')
		return wn_asprintf("%s/.local/state/webnova/undo", home);
	return NULL;
}

struct ed_history *
ed_history_take(const struct ed_doc *doc)
{
	struct ed_history *h = WN_NEW(struct ed_history);

	h->image = ed_undo_image_new(doc->undo);
	h->text = ed_text_snap(doc->text);
	return h;
}

void
ed_history_free(struct ed_history *h)
{
	if (h == NULL)
		return;
	ed_undo_image_free(h->image);
	ed_text_free(h->text);
	wn_free(h);
}

/* ---- which text ------------------------------------------------------------------------------ */

static uint64_t
hash_text(const struct ed_text *t)
{
	char *p = wn_alloc(ED_CHUNK_MAX * 4);
	size_t len = ed_text_len(t), step = ED_CHUNK_MAX * 4, piece = step;
	uint64_t hash = len;

	if (len > WHOLE_MAX) {
		step = len / SAMPLES;
		piece = 4096;
	}
	for (size_t at = 0; at < len; at += step)
		hash = wn_hash64(p, ed_text_read(t, at, p, piece), hash);
	wn_free(p);
	return hash;
}

static char *
file_of(const char *dir, const char *path)
{
	char name[WN_SHA256_HEX];

	wn_sha256_hex(path, strlen(path), name);
	name[NAME_HEX] = '\0';
	return wn_path_join(dir, name);
}

static void
put_u64(struct wn_buf *b, uint64_t v)
{
	char p[8];

	for (int i = 0; i < 8; i++)
		p[i] = (char)(v >> 8 * i);
	(void)wn_buf_add(b, p, sizeof p);
}

static uint64_t
get_u64(struct wn_str *s)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8 && i < s->len; i++)
		v |= (uint64_t)(unsigned char)s->p[i] << 8 * i;
	*s = wn_str_sub(*s, 8, s->len);
	return v;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct kept {
	char *file;
	time_t time;
};

static int
by_age(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	return x->time < y->time ? -1 : x->time > y->time;
}

/* The oldest of too many go. */
static void
tidy(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	struct stat st;
	WN_VEC(struct kept) all = { 0 };

	while (d != NULL && (e = readdir(d)) != NULL) {
		char *file = wn_path_join(dir, e->d_name);

		if (strlen(e->d_name) == NAME_HEX && stat(file, &st) == 0)
			wn_vec_push(&all, (struct kept){ file, st.st_mtim.tv_sec });
		else
			wn_free(file);
	}
	if (d != NULL)
		closedir(d);
	if (all.len > FILES_MAX)
		qsort(all.p, all.len, sizeof *all.p, by_age);
	for (size_t i = 0; i < all.len; i++) {
		if (i + FILES_MAX < all.len)
			(void)unlink(all.p[i].file);
		wn_free(all.p[i].file);
	}
	wn_vec_fini(&all);
}

static wn_err
print(const struct ed_history *h, const char *path, struct wn_buf *out)
{
	struct wn_buf body;
	wn_err err;

	wn_buf_init(&body, FILE_MAX_BYTES);
	put_u64(&body, ed_text_len(h->text));
	put_u64(&body, hash_text(h->text));
	put_u64(&body, strlen(path));
	(void)wn_buf_cstr(&body, path);
	err = ed_undo_image_print(h->image, &body);
	if (err == 0) {
		(void)wn_buf_printf(out, HEAD "%016" PRIx64 "\n", wn_hash64(body.p, body.len, 0));
		err = wn_buf_str(out, wn_buf_view(&body));
	}
	wn_buf_fini(&body);
	return err;
}

/* Without waiting for the disk: the checksum finds out what a power cut left of it. */
static wn_err
write_quickly(const char *file, struct wn_str data, struct wn_diag *d)
{
	char *temp = wn_asprintf("%s.%d.tmp", file, (int)getpid());
	int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t at = 0;
	wn_err err = 0;

	while (fd >= 0 && at < data.len) {
		ssize_t k = write(fd, data.p + at, data.len - at);

		if (k < 0 && errno != EINTR)
			break;
		at += k > 0 ? (size_t)k : 0;
	}
	if (fd < 0 || at < data.len || rename(temp, file) < 0)
		err = wn_fail_errno(d, errno, "the undo history cannot be kept in %s", file);
	if (fd >= 0)
		close(fd);
	if (err != 0)
		(void)unlink(temp);
	wn_free(temp);
	return err;
}

wn_err
ed_history_write(const struct ed_history *h, const char *dir, const char *path, struct wn_diag *d)
{
	char *file = file_of(dir, path);
	bool fresh = !wn_file_exists(file);
	struct wn_buf out;
	wn_err err;

	wn_buf_init(&out, FILE_MAX_BYTES + HEAD_LEN);
	err = wn_file_mkdirs(dir, 0700, d);
	if (err == 0)
		err = print(h, path, &out);
	if (err == 0)
		err = write_quickly(file, wn_buf_view(&out), d);
	if (err == 0 && fresh)
		tidy(dir);
	wn_buf_fini(&out);
	wn_free(file);
	return err;
}

/* ---- reading -----------------------------------------------------------------------------------
 */

static wn_err
take_tree(struct ed_doc *doc, struct wn_str all)
{
	char want[HEAD_LEN + 1];
	struct wn_str s = wn_str_sub(all, HEAD_LEN, all.len);
	uint64_t len, hash, path_len;
	struct ed_undo *u;

	snprintf(want, sizeof want, HEAD "%016" PRIx64 "\n", wn_hash64(s.p, s.len, 0));
	if (!wn_str_has_prefix(all, wn_str(want)))
		return WN_E_CORRUPT;
	len = get_u64(&s);
	hash = get_u64(&s);
	path_len = get_u64(&s);
	if (path_len > s.len)
		return WN_E_CORRUPT;
	if (len != ed_text_len(doc->text) || hash != hash_text(doc->text) ||
	    !wn_str_eq(wn_strn(s.p, (size_t)path_len), wn_str(doc->path)))
		return WN_E_CONFLICT;
	u = ed_undo_parse(wn_str_sub(s, (size_t)path_len, s.len), (size_t)len);
	if (u == NULL)
		return WN_E_CORRUPT;
	ed_undo_free(doc->undo);
	doc->undo = u;
	doc->saved_step = ed_undo_now(u)->id;
	return 0;
}

wn_err
ed_history_read(struct ed_doc *doc, const char *dir, struct wn_diag *d)
{
	char *file = file_of(dir, doc->path);
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, FILE_MAX_BYTES + HEAD_LEN);
	err = wn_file_read(file, &b, NULL);
	if (err == WN_E_LIMIT)
		err = WN_E_CORRUPT;
	else if (err != 0)
		err = WN_E_NOT_FOUND;
	else
		err = take_tree(doc, wn_buf_view(&b));
	if (err == WN_E_CORRUPT)
		err = wn_fail(d, err, "the undo history kept for %s is damaged; it begins anew",
			      wn_path_base(doc->path));
	wn_buf_fini(&b);
	wn_free(file);
	return err;
}
