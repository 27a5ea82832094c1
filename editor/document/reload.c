/*
 * The file under a document: looking whether it changed, reading it again, and taking over a text
 * that comes from elsewhere as one edit of what differs.
 */
#include "editor/document/disk.h"
#include "editor/document/doc.h"

#include "runtime/base/mem.h"

/* ---- looking --------------------------------------------------------------------------- */

struct ed_look {
	char *path; /* NULL: none */
	struct ed_identity disk;
};

struct ed_look *
ed_look_begin(const struct ed_doc *doc)
{
	struct ed_look *l = WN_NEW(struct ed_look);

	*l = (struct ed_look){ wn_strdup(doc->path), doc->disk };
	return l;
}

enum ed_disk
ed_look_run(const struct ed_look *l)
{
	struct stat st;

	if (l->path == NULL)
		return ED_DISK_NONE;
	if (stat(l->path, &st) < 0)
		return l->disk.known ? ED_DISK_GONE : ED_DISK_NONE;
	return ed_identity_same(&l->disk, &st) ? ED_DISK_SAME : ED_DISK_CHANGED;
}

/* A save or a reload may have come between. */
bool
ed_look_fits(const struct ed_look *l, const struct ed_doc *doc)
{
	return l->path != NULL && doc->path != NULL && strcmp(l->path, doc->path) == 0 &&
	       l->disk.known == doc->disk.known && l->disk.ino == doc->disk.ino &&
	       l->disk.size == doc->disk.size && l->disk.mtime.tv_sec == doc->disk.mtime.tv_sec &&
	       l->disk.mtime.tv_nsec == doc->disk.mtime.tv_nsec;
}

void
ed_look_end(struct ed_look *l)
{
	wn_free(l->path);
	wn_free(l);
}

enum ed_disk
ed_doc_disk(const struct ed_doc *doc)
{
	return ed_look_run(&(struct ed_look){ doc->path, doc->disk });
}

void
ed_doc_moved(struct ed_doc *doc, const char *path)
{
	char *now = wn_strdup(path);

	wn_free(doc->path);
	doc->path = now;
}

void
ed_doc_forget_disk(struct ed_doc *doc)
{
	doc->disk.known = false;
	doc->saved_step = UINT64_MAX;
}

/* ---- what differs ------------------------------------------------------------------------ */

#define COMPARE ((size_t)64 << 10)

/* Bytes that are equal at the start of both. */
static size_t
same_head(const struct ed_text *a, const struct ed_text *b, size_t max)
{
	char *x = wn_alloc(COMPARE), *y = wn_alloc(COMPARE);
	size_t at = 0, n = 0, i = 0;

	for (; at < max && i == n; at += i) {
		n = max - at < COMPARE ? max - at : COMPARE;
		ed_text_read(a, at, x, n);
		ed_text_read(b, at, y, n);
		i = memcmp(x, y, n) == 0 ? n : 0;
		while (i < n && x[i] == y[i])
			i++;
	}
	wn_free(x);
	wn_free(y);
	return at;
}

static size_t
same_tail(const struct ed_text *a, const struct ed_text *b, size_t max)
{
	char *x = wn_alloc(COMPARE), *y = wn_alloc(COMPARE);
	size_t at = 0, la = ed_text_len(a), lb = ed_text_len(b), n = 0, i = 0;

	for (; at < max && i == n; at += i) {
		n = max - at < COMPARE ? max - at : COMPARE;
		ed_text_read(a, la - at - n, x, n);
		ed_text_read(b, lb - at - n, y, n);
		i = memcmp(x, y, n) == 0 ? n : 0;
		while (i < n && x[n - 1 - i] == y[n - 1 - i])
			i++;
	}
	wn_free(x);
	wn_free(y);
	return at;
}

struct ed_stretch
ed_text_differ(const struct ed_text *a, const struct ed_text *b)
{
	size_t la = ed_text_len(a), lb = ed_text_len(b), min = la < lb ? la : lb;
	struct ed_stretch d;

	d.head = same_head(a, b, min);
	d.tail = same_tail(a, b, min - d.head);
	return d;
}

static wn_err
take_over(struct ed_doc *doc, const struct ed_text *now, struct ed_stretch w)
{
	struct ed_text *mid = ed_text_slice(now, w.head, ed_text_len(now) - w.head - w.tail);
	bool locked = doc->locked;
	wn_err err;

	doc->locked = false;
	ed_undo_moved(doc->undo, ed_undo_now(doc->undo)); /* a step of its own */
	err = ed_doc_replace_with(doc, w.head, ed_text_len(doc->text) - w.head - w.tail, mid);
	doc->locked = locked;
	ed_text_free(mid);
	return err;
}

wn_err
ed_doc_take(struct ed_doc *doc, const struct ed_text *now)
{
	return take_over(doc, now, ed_text_differ(doc->text, now));
}

wn_err
ed_doc_take_stretch(struct ed_doc *doc, const struct ed_text *now, struct ed_stretch w)
{
	return take_over(doc, now, w);
}

/* ---- reading again ------------------------------------------------------------------------ */

struct ed_reload {
	char *path;
	char charset[24];	/* "": whatever it is now */
	struct ed_text *before; /* a snapshot */
	uint64_t version;
	bool huge;
	struct ed_loaded now;
	struct ed_stretch differ;
};

struct ed_reload *
ed_reload_begin(const struct ed_doc *doc)
{
	struct ed_reload *r = WN_NEW(struct ed_reload);

	*r = (struct ed_reload){ .path = wn_strdup(doc->path),
				 .before = ed_text_snap(doc->text),
				 .version = doc->version,
				 .huge = doc->info.huge };
	/* What a person chose stays; what the file said may have changed with it. */
	if (ed_doc_chosen_charset(doc) != NULL)
		memcpy(r->charset, doc->info.charset, sizeof r->charset);
	return r;
}

wn_err
ed_reload_run(struct ed_reload *r, struct wn_diag *d)
{
	wn_err err;

	if (r->path == NULL)
		return wn_fail(d, WN_E_STATE, "the document has no name yet");
	err = WN_E_INVALID;
	if (r->charset[0] != '\0')
		err = ed_load(r->path, r->charset, &r->now, NULL);
	if (err == WN_E_INVALID)
		err = ed_load(r->path, NULL, &r->now, d);
	if (err)
		return err;
	if (r->now.info.is_new)
		return wn_fail(d, WN_E_NOT_FOUND, "%s is no longer on disk", r->path);
	/* A text on disk is swapped as a whole: what it reads may have changed under it. */
	r->huge = r->huge || r->now.info.huge;
	if (!r->huge)
		r->differ = ed_text_differ(r->before, r->now.text);
	return 0;
}

static wn_err
reload_into(struct ed_reload *r, struct ed_doc *doc)
{
	wn_err err;

	if (!r->huge && doc->version != r->version)
		r->differ = ed_text_differ(doc->text, r->now.text);
	err = take_over(doc, r->now.text, r->differ);
	if (err)
		return err;
	doc->disk = r->now.disk;
	doc->huge_fd = r->now.huge_fd;
	doc->info.huge = r->now.info.huge;
	doc->info.bom = r->now.info.bom;
	doc->info.eol = r->now.info.eol;
	doc->info.encoding = r->now.info.encoding;
	doc->info.guessed = r->now.info.guessed;
	memcpy(doc->info.charset, r->now.info.charset, sizeof doc->info.charset);
	doc->info.is_new = doc->info.not_writable = false;
	doc->saved_step = ed_undo_now(doc->undo)->id;
	ed_undo_moved(doc->undo, ed_undo_now(doc->undo));
	ed_indexer_stop(&doc->index);
	if (r->huge)
		ed_indexer_start(&doc->index, doc->text);
	for (struct ed_listener *k = doc->listeners; k; k = k->next)
		if (k->on_reset)
			k->on_reset(k->arg);
	return 0;
}

wn_err
ed_reload_end(struct ed_reload *r, struct ed_doc *doc, wn_err err)
{
	if (doc != NULL && err == 0)
		err = reload_into(r, doc);
	ed_text_free(r->before);
	ed_text_free(r->now.text);
	wn_free(r->path);
	wn_free(r);
	return err;
}

wn_err
ed_doc_reload(struct ed_doc *doc, struct wn_diag *d)
{
	struct ed_reload *r = ed_reload_begin(doc);

	return ed_reload_end(r, doc, ed_reload_run(r, d));
}
