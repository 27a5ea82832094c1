/*
 * Reading the file of an editor pane, and following what happens to it on disk: everything that
 * touches the disk runs on a worker.
 */
#include <stdio.h>
#include <string.h>

#include "editor/document/history.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

struct opening {
	struct editor *e;
	char *path; /* NULL: a text without a name */
	char *root, *dir, *undo_dir;
	struct ed_doc_opts opts;
	char charset[24];
	bool must_exist, again; /* again: unsaved text of it is kept beside already */
	struct ed_doc *doc;
	struct ed_text *text; /* of a text without a name that was left */
	struct ed_recovery *rec;
	struct ed_recovered left;
	struct ed_config config;
	struct wn_diag d, undo_d;
};

const char *
editor_path(const struct editor *e)
{
	return e->loading ? e->path : ed_doc_path(e->doc);
}

static bool
same_text(const struct ed_text *a, const struct ed_text *b)
{
	char x[4096], y[4096];
	size_t len = ed_text_len(a);

	if (len != ed_text_len(b))
		return false;
	for (size_t at = 0; at < len; at += sizeof x) {
		size_t n = ed_text_read(a, at, x, sizeof x);

		if (ed_text_read(b, at, y, n) != n || memcmp(x, y, n) != 0)
			return false;
	}
	return true;
}

/* What was left is worth a question only when it differs from the file. */
static void
forget_if_same(struct opening *o)
{
	struct ed_text *was;

	if (o->left.file == NULL || o->left.bytes != ed_text_len(ed_doc_text(o->doc)))
		return;
	was = ed_recovered_read(&o->left, NULL);
	if (was != NULL && same_text(was, ed_doc_text(o->doc))) {
		ed_recovered_remove(&o->left);
		ed_recovered_fini(&o->left);
	}
	ed_text_free(was);
}

static void
open_work(void *arg)
{
	struct opening *o = arg;
	struct ed_recovered none;

	if (o->path == NULL) {
		o->rec = ed_recovery_open(o->dir, NULL, o->root, &none);
		if (o->left.file != NULL)
			o->text = ed_recovered_read(&o->left, &o->d);
		return;
	}
	o->opts.charset = o->charset[0] != '\0' ? o->charset : NULL;
	if (ed_doc_open(o->path, &o->opts, &o->doc, &o->d) != 0)
		return;
	if (ed_config_read(o->path, &o->config))
		ed_config_apply(o->doc, &o->config);
	if (o->again)
		return;
	o->rec = ed_recovery_open(o->dir, o->path, o->root, &o->left);
	if (o->undo_dir != NULL && ed_history_read(o->doc, o->undo_dir, &o->undo_d) != WN_E_CORRUPT)
		o->undo_d.code = 0;
	forget_if_same(o);
	if (o->must_exist && ed_doc_info(o->doc)->is_new && o->left.file == NULL)
		wn_fail(&o->d, WN_E_NOT_FOUND, "%s is gone", o->path);
}

static void
use_document(struct editor *e, struct ed_doc *doc)
{
	editor_find_close(e);
	ed_syntax_detach(e->syntax);
	e->syntax = NULL;
	ed_doc_unlisten(e->doc, &e->listener);
	editor_modal_drop(e);
	ed_view_free(e->view);
	ed_doc_free(e->doc);
	e->doc = doc;
	e->view = ed_view_new(doc);
	ed_doc_listen(doc, &e->listener);
}

static void
take_unnamed(struct editor *e, struct opening *o)
{
	if (o->text == NULL || ed_doc_take(e->doc, o->text) != 0)
		return;
	e->taken = o->left;
	o->left = (struct ed_recovered){ 0 };
	e->host->ops->say(e->host, PANE_INFO, "%s",
			  TR(e, "A text that had no name was brought back; it is not saved yet.",
			     "أعيد نص بلا اسم؛ لم يحفظ بعد."));
}

/* What such a file is spared; each of these holds in the code that reads info.huge or the length.
 */
static void
say_large(struct editor *e)
{
	e->host->ops->say(e->host, PANE_INFO, "%s",
			  TR(e,
			     "Large file: it stays on disk; colours only around what is seen, line "
			     "numbers when "
			     "counted, no trimming on save.",
			     "ملف كبير: يبقى على القرص؛ الألوان حول ما يرى فقط، والأرقام بعد العد، "
			     "ولا تشذيب عند الحفظ."));
}

static void
opened(struct editor *e, struct opening *o)
{
	if (!o->again)
		e->rec = o->rec;
	o->rec = NULL;
	if (o->path == NULL) {
		take_unnamed(e, o);
		return;
	}
	use_document(e, o->doc);
	o->doc = NULL;
	e->config = o->config;
	if (o->again)
		editor_keep_not(e);
	e->was_left = o->left;
	o->left = (struct ed_recovered){ 0 };
	e->loading = false;
	wn_free(e->path);
	e->path = NULL;
	editor_attach(e);
	editor_goto_wanted(e);
	editor_watch(e);
	editor_hex_show(e, ed_doc_info(e->doc)->encoding == ED_ENC_BINARY);
	if (ed_doc_info(e->doc)->huge)
		say_large(e);
	if (o->undo_d.code != 0)
		e->host->ops->fail(e->host, &o->undo_d);
	if (e->host->ops->focused(e->host))
		editor_keep_ask(e);
}

static void
open_done(void *arg, bool cancelled)
{
	struct opening *o = arg;
	struct editor *e = o->e;

	if (!cancelled && o->d.code == 0) {
		opened(e, o);
	} else if (!cancelled && o->again) {
		e->loading = false;
		wn_free(e->path);
		e->path = NULL;
		e->host->ops->fail(e->host, &o->d);
		redraw(e);
	} else if (!cancelled) {
		if (!e->from_session)
			e->host->ops->fail(e->host, &o->d);
		if (o->path != NULL)
			e->host->ops->close_me(e->host);
	}
	ed_doc_free(o->doc);
	ed_text_free(o->text);
	ed_recovery_unref(o->rec);
	ed_recovered_fini(&o->left);
	wn_free(o->path);
	wn_free(o->root);
	wn_free(o->dir);
	wn_free(o->undo_dir);
	wn_free(o);
}

void
editor_load(struct editor *e, const char *recovered)
{
	struct opening *o = WN_NEW(struct opening);

	*o = (struct opening){ .e = e,
			       .path = wn_strdup(e->path),
			       .root = wn_strdup(e->host->ops->root(e->host)),
			       .dir = ed_recovery_dir(),
			       .undo_dir = ed_history_dir(),
			       .opts = { .clock = e->host->ops->clock(e->host) },
			       .must_exist = e->from_session,
			       .again = e->reopening };
	memcpy(o->charset, e->charset, sizeof o->charset);
	if (e->path == NULL && recovered != NULL)
		o->left.file = wn_strdup(recovered);
	e->loading = e->path != NULL;
	if (e->loading && !o->again)
		ed_doc_set_read_only(e->doc, true);
	if (!o->again)
		editor_attach(e);
	e->host->ops->work(e->host, open_work, open_done, o);
}

void
editor_reopen(struct editor *e, const char *charset)
{
	if (e->loading || e->saving || e->reloading || ed_doc_path(e->doc) == NULL)
		return;
	e->path = wn_strdup(ed_doc_path(e->doc));
	snprintf(e->charset, sizeof e->charset, "%s", charset);
	e->want_top = e->want_cursor = 0;
	e->reopening = true;
	editor_load(e, NULL);
	e->reopening = false;
}

/* ---- what happens to the file elsewhere ---- */

void
editor_watch(struct editor *e)
{
	const char *path = ed_doc_path(e->doc);
	char *dir = NULL;

	if (path != NULL && wn_path_base(path) > path + 1)
		dir = wn_strndup(path, (size_t)(wn_path_base(path) - path - 1));
	if (e->watched != NULL)
		e->host->ops->watch(e->host, e->watched, false);
	if (dir != NULL)
		e->host->ops->watch(e->host, dir, true);
	wn_free(e->watched);
	e->watched = dir;
}

struct looking {
	struct editor *e;
	struct ed_look *look;
	enum ed_disk disk;
};

static void
disk_answer(void *arg, const char *text)
{
	struct editor *e = arg;

	e->asked_disk = false;
	if (text != NULL && text[0] == 'r')
		editor_reload(e);
	else if (text != NULL && text[0] == 'd')
		editor_c_differ(e, NULL);
}

/* A clean text follows the disk by itself (undo brings the old one back); a changed one asks. */
static void
seen(struct editor *e, enum ed_disk disk)
{
	static const struct pane_choice choices[] = {
		{ 'r', TUI_TEXT("read it again (undo brings mine back)",
				"قراءته من جديد (التراجع يعيد نسختي)") },
		{ 'd', TUI_TEXT("see what differs", "رؤية الفرق") },
		{ 'k', TUI_TEXT("keep mine", "الإبقاء على نسختي") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};

	if (disk == ED_DISK_GONE) {
		ed_doc_forget_disk(e->doc);
		editor_keep_soon(e);
		e->host->ops->say(e->host, PANE_WARN, "%s %s", wn_path_base(ed_doc_path(e->doc)),
				  TR(e, "was removed on disk; saving makes it again.",
				     "حذف من القرص؛ الحفظ ينشئه."));
		redraw(e);
	} else if (disk == ED_DISK_CHANGED && !ed_doc_dirty(e->doc)) {
		editor_reload(e);
	} else if (disk == ED_DISK_CHANGED && e->host->ops->focused(e->host)) {
		e->asked_disk = true;
		e->host->ops->choose(e->host,
				     TR(e, "This file changed on disk, and you changed it here.",
					"تغيّر هذا الملف على القرص، وغيّرته هنا."),
				     choices, disk_answer, e);
	}
}

static void
look_work(void *arg)
{
	struct looking *l = arg;

	l->disk = ed_look_run(l->look);
}

static void
look_done(void *arg, bool cancelled)
{
	struct looking *l = arg;
	struct editor *e = l->e;

	if (!cancelled) {
		e->looking = false;
		if (!e->asked_disk && !e->saving && !e->reloading && ed_look_fits(l->look, e->doc))
			seen(e, l->disk);
	}
	ed_look_end(l->look);
	wn_free(l);
}

void
editor_look_at_disk(struct editor *e)
{
	struct looking *l;

	if (e->loading || e->looking || e->saving || e->asked_disk || e->was_left.file != NULL ||
	    ed_doc_path(e->doc) == NULL)
		return;
	e->looking = true;
	l = WN_NEW(struct looking);
	*l = (struct looking){ .e = e, .look = ed_look_begin(e->doc) };
	e->host->ops->work(e->host, look_work, look_done, l);
}

void
editor_moved(struct editor *e, struct wn_str from, struct wn_str to)
{
	const char *path = ed_doc_path(e->doc);
	char *now;

	if (path == NULL || strncmp(path, from.p, from.len) != 0 ||
	    (path[from.len] != '\0' && path[from.len] != '/'))
		return;
	if (to.len == 0) {
		editor_look_at_disk(e); /* says that it is gone */
		return;
	}
	now = wn_asprintf("%.*s%s", (int)to.len, to.p, path + from.len);
	ed_doc_moved(e->doc, now);
	editor_attach(e);
	editor_watch(e);
	editor_keep_here(e);
	e->host->ops->say(e->host, PANE_INFO, "%s %s", TR(e, "This file is now", "هذا الملف الآن"),
			  wn_path_base(now));
	wn_free(now);
	redraw(e);
}
