/*
 * Files are opened, edited and saved as documents are: encodings, line ends, owners and modes stay.
 */
#include "tui/pane/search/apply.h"

#include <sys/stat.h>

#include "editor/document/disk.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define EXPAND_MAX ((size_t)16 << 20)

void
apply_free(struct apply *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->n; i++)
		found_file_free(a->files[i]);
	for (size_t i = 0; i < a->done.len; i++) {
		wn_free(a->done.p[i].path);
		ed_text_free(a->done.p[i].before);
	}
	wn_vec_fini(&a->done);
	wn_free(a->files);
	wn_free(a->root);
	wn_free(a->query);
	wn_free(a->with);
	wn_free(a);
}

static bool
is_as(const char *full, off_t size, struct timespec mtime)
{
	struct stat st;

	return stat(full, &st) == 0 && st.st_size == size && st.st_mtim.tv_sec == mtime.tv_sec &&
	       st.st_mtim.tv_nsec == mtime.tv_nsec;
}

/* From the last hit to the first, so that places stay true. */
static wn_err
replace_hits(struct apply *a, struct ed_search *s, const struct found_file *file,
	     struct ed_doc *doc, const struct ed_text *before)
{
	struct wn_buf b;
	wn_err err = 0;

	wn_buf_init(&b, EXPAND_MAX);
	ed_doc_begin(doc);
	for (size_t i = file->hits.len; i-- > 0 && err == 0;) {
		const struct hit *h = &file->hits.p[i];

		wn_buf_clear(&b);
		err = ed_search_expand(s, before, (struct ed_match){ h->from, h->to },
				       wn_str(a->with), &b, &a->d);
		if (err == 0)
			err = ed_doc_edit(doc, h->from, h->to - h->from, wn_buf_view(&b));
	}
	ed_doc_end(doc);
	wn_buf_fini(&b);
	return err;
}

static void
replace_in(struct apply *a, struct ed_search *s, const struct found_file *file)
{
	char *full = wn_path_join(a->root, file->path);
	struct ed_doc *doc = NULL;
	struct ed_text *before = NULL;
	struct stat st;
	wn_err err;

	if (!is_as(full, file->size, file->mtime)) {
		a->changed++;
		goto out;
	}
	err = ed_doc_open(full, NULL, &doc, &a->d);
	if (err == 0) {
		before = ed_text_snap(ed_doc_text(doc));
		err = replace_hits(a, s, file, doc, before);
	}
	if (err == 0)
		err = ed_doc_save(doc, false, &a->d);
	if (err != 0 || stat(full, &st) < 0) {
		a->failed++;
		goto out;
	}
	a->hits += file->hits.len;
	wn_vec_push(&a->done,
		    (struct undo_file){ wn_strdup(file->path), before, st.st_size, st.st_mtim });
	before = NULL;
out:
	ed_text_free(before);
	ed_doc_free(doc);
	wn_free(full);
}

void
apply_run(struct apply *a)
{
	struct ed_search *s = NULL;

	if (ed_search_new(wn_str(a->query), a->flags, &s, &a->d) != 0)
		return;
	for (size_t i = 0; i < a->n; i++)
		replace_in(a, s, a->files[i]);
	ed_search_free(s);
}

static bool
take_back(struct apply *a, const struct undo_file *u)
{
	char *full = wn_path_join(a->root, u->path);
	struct ed_doc *doc = NULL;
	bool done = false;

	if (!is_as(full, u->size, u->mtime))
		a->changed++;
	else if (ed_doc_open(full, NULL, &doc, &a->d) == 0 && ed_doc_take(doc, u->before) == 0 &&
		 ed_doc_save(doc, false, &a->d) == 0)
		done = true;
	else
		a->failed++;
	ed_doc_free(doc);
	wn_free(full);
	return done;
}

void
apply_undo(struct apply *a)
{
	size_t left = 0;

	a->changed = a->failed = 0;
	a->d = (struct wn_diag){ 0 };
	for (size_t i = 0; i < a->done.len; i++) {
		struct undo_file *u = &a->done.p[i];

		if (take_back(a, u)) {
			wn_free(u->path);
			ed_text_free(u->before);
		} else {
			a->done.p[left++] = *u;
		}
	}
	a->done.len = left;
}

bool
apply_preview(const struct hit *h, struct ed_search *s, struct wn_str with, struct wn_buf *out)
{
	struct ed_text *t = ed_text_from(wn_str(h->line));
	bool ok = t != NULL && ed_search_expand(s, t, (struct ed_match){ h->at, h->at + h->len },
						with, out, NULL) == 0;

	ed_text_free(t);
	return ok;
}
