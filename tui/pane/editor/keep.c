/*
 * Unsaved text is kept beside: a second after an edit or after two hundred of them, on a worker,
 * and when the program is told to end. What an earlier program left is offered when its file is
 * opened.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

#define IDLE_MS 1000
#define EDITS_MAX 200
#define LARGE ((size_t)4 << 20) /* beyond this only time counts */
/* A text that reads a file on disk is kept as its edits; one that is in memory is written whole,
 * and when it is this large not every second. */
#define VERY_LARGE ((size_t)32 << 20)
#define MS_PER_MIB 20

struct keeping {
	struct editor *e;
	struct ed_recovery *rec;
	struct ed_recovered aside; /* was not asked about yet, and is in the way */
	struct ed_text *text;
	unsigned generation;
	struct wn_diag d;
	wn_err err;
};

/* ---- files that go, on a worker ---- */

struct tidying {
	struct ed_recovery *rec; /* counted, nullable */
	bool drop;
	unsigned generation;
	struct ed_recovered gone, aside;
};

static void
tidy_work(void *arg)
{
	struct tidying *t = arg;

	ed_recovered_remove(&t->gone);
	ed_recovered_keep(&t->aside);
	if (t->drop)
		ed_recovery_drop(t->rec, t->generation);
	ed_recovery_unref(t->rec); /* the last one gives the lock back, which touches the disk */
}

static void
tidy_done(void *arg, bool cancelled)
{
	struct tidying *t = arg;

	(void)cancelled;
	ed_recovered_fini(&t->gone);
	ed_recovered_fini(&t->aside);
	wn_free(t);
}

/* Takes what gone and aside (nullable) hold. */
static void
tidy(struct editor *e, bool drop, struct ed_recovered *gone, struct ed_recovered *aside)
{
	struct tidying *t;

	drop = drop && e->rec != NULL;
	if (!drop && (gone == NULL || gone->file == NULL) && (aside == NULL || aside->file == NULL))
		return;
	t = WN_NEW(struct tidying);
	t->drop = drop;
	if (drop) {
		t->rec = e->rec;
		ed_recovery_ref(t->rec);
		t->generation = ed_recovery_next(t->rec);
	}
	if (gone != NULL)
		t->gone = *gone;
	if (aside != NULL)
		t->aside = *aside;
	if (gone != NULL)
		*gone = (struct ed_recovered){ 0 };
	if (aside != NULL)
		*aside = (struct ed_recovered){ 0 };
	e->host->ops->work(e->host, tidy_work, tidy_done, t);
}

/* ---- keeping ---- */

static void
keep_work(void *arg)
{
	struct keeping *k = arg;

	ed_recovered_keep(&k->aside);
	k->err = ed_recovery_write(k->rec, k->generation, k->text, &k->d);
}

static void
keep_done(void *arg, bool cancelled)
{
	struct keeping *k = arg;
	struct editor *e = k->e;

	if (!cancelled) {
		e->keeping = false;
		if (k->err != 0 && !e->keep_told)
			e->host->ops->fail(e->host, &k->d);
		e->keep_told = k->err != 0;
		if (k->err == 0) /* what was recovered is in a file of ours now */
			tidy(e, false, &e->taken, NULL);
		if (e->edits > 0)
			editor_keep_soon(e);
	}
	ed_recovered_fini(&k->aside);
	ed_text_free(k->text);
	ed_recovery_unref(k->rec);
	wn_free(k);
}

static void
keep_now(void *arg)
{
	struct editor *e = arg;
	struct keeping *k;

	if (e->rec == NULL || e->keeping || e->loading)
		return;
	if (!ed_doc_dirty(e->doc)) {
		editor_keep_not(e);
		return;
	}
	k = WN_NEW(struct keeping);
	*k = (struct keeping){ .e = e,
			       .rec = e->rec,
			       .aside = e->was_left,
			       .text = ed_text_snap(text_of(e)),
			       .generation = ed_recovery_next(e->rec) };
	e->was_left = (struct ed_recovered){ 0 };
	ed_recovery_ref(e->rec);
	e->keeping = e->kept = true;
	e->edits = 0;
	e->host->ops->timer_stop(e->host, &e->keep_timer);
	e->host->ops->work(e->host, keep_work, keep_done, k);
}

void
editor_keep_soon(struct editor *e)
{
	size_t len = ed_text_len(text_of(e));
	int64_t extra = len > VERY_LARGE && !ed_doc_info(e->doc)->huge
				? (int64_t)(len >> 20) * MS_PER_MIB
				: 0;

	e->edits++;
	if (e->loading || e->keeping)
		return;
	if (e->edits >= EDITS_MAX && len < LARGE && e->rec != NULL)
		keep_now(e);
	else if (e->keep_timer == NULL) /* who types without a pause loses no more than others */
		e->host->ops->timer(e->host, &e->keep_timer, IDLE_MS + extra, keep_now, e);
}

void
editor_keep_not(struct editor *e)
{
	e->host->ops->timer_stop(e->host, &e->keep_timer);
	e->edits = 0;
	tidy(e, e->kept, &e->taken, NULL);
	e->kept = false;
}

void
editor_keep_close(struct editor *e)
{
	struct tidying *t;

	ed_recovered_fini(&e->was_left); /* stays where it is */
	ed_recovered_fini(&e->taken);
	if (e->rec == NULL)
		return;
	t = WN_NEW(struct tidying);
	t->rec = e->rec;
	e->rec = NULL;
	e->host->ops->work(e->host, tidy_work, tidy_done, t);
}

/* ---- another path ---- */

struct moving {
	struct editor *e;
	char *dir, *path, *root;
	struct ed_recovery *rec;
};

static void
move_work(void *arg)
{
	struct moving *m = arg;
	struct ed_recovered left;

	m->rec = ed_recovery_open(m->dir, m->path, m->root, &left);
	ed_recovered_keep(&left);
	ed_recovered_fini(&left);
}

static void
move_done(void *arg, bool cancelled)
{
	struct moving *m = arg;
	struct editor *e = m->e;

	if (!cancelled) {
		editor_keep_not(e); /* the old one is needed until the new one can be written */
		editor_keep_close(e);
		e->rec = m->rec;
		m->rec = NULL;
		if (ed_doc_dirty(e->doc))
			editor_keep_soon(e);
	}
	ed_recovery_unref(m->rec);
	wn_free(m->dir);
	wn_free(m->path);
	wn_free(m->root);
	wn_free(m);
}

void
editor_keep_here(struct editor *e)
{
	struct moving *m = WN_NEW(struct moving);

	*m = (struct moving){ .e = e,
			      .dir = ed_recovery_dir(),
			      .path = wn_strdup(ed_doc_path(e->doc)),
			      .root = wn_strdup(e->host->ops->root(e->host)) };
	e->host->ops->work(e->host, move_work, move_done, m);
}

/* ---- questions ---- */

/* Reading what was left; nothing is written meanwhile. */
struct recovering {
	struct editor *e;
	struct ed_recovered left;
	struct ed_text *before, *text;
	uint64_t version; /* of the document then */
	struct ed_stretch differs;
	struct wn_diag d;
};

static void
recover_work(void *arg)
{
	struct recovering *r = arg;

	r->text = ed_recovered_read(&r->left, &r->d);
	if (r->text != NULL)
		r->differs = ed_text_differ(r->before, r->text);
}

static wn_err
take(struct editor *e, const struct recovering *r)
{
	if (r->version == ed_doc_version(e->doc))
		return ed_doc_take_stretch(e->doc, r->text, r->differs);
	return ed_doc_take(e->doc, r->text); /* somebody typed meanwhile */
}

static void
recovered(struct editor *e, struct recovering *r)
{
	if (r->text == NULL || take(e, r) != 0) {
		e->host->ops->fail(e->host, &r->d);
		tidy(e, false, NULL, &r->left); /* offered again another day */
		return;
	}
	/* The file that bears our own name is written over, or dropped when the text is saved. */
	e->kept = true;
	if (strchr(wn_path_base(r->left.file), '.') != NULL) {
		e->taken = r->left;
		r->left = (struct ed_recovered){ 0 };
	}
	e->follow = true;
	editor_keep_soon(e);
}

static void
recover_done(void *arg, bool cancelled)
{
	struct recovering *r = arg;

	if (!cancelled) {
		r->e->keeping = false;
		recovered(r->e, r);
		redraw(r->e);
	}
	ed_recovered_fini(&r->left);
	ed_text_free(r->before);
	ed_text_free(r->text);
	wn_free(r);
}

static void
left_answer(void *arg, const char *text)
{
	struct editor *e = arg;
	struct recovering *r;

	redraw(e);
	if (e->was_left.file == NULL)
		return;
	if (text != NULL && text[0] == 'd') {
		tidy(e, false, &e->was_left, NULL);
	} else if (text == NULL || text[0] != 'r') {
		tidy(e, false, NULL, &e->was_left); /* offered again another day */
	} else {
		r = WN_NEW(struct recovering);
		*r = (struct recovering){ .e = e,
					  .left = e->was_left,
					  .before = ed_text_snap(text_of(e)),
					  .version = ed_doc_version(e->doc) };
		e->was_left = (struct ed_recovered){ 0 };
		e->keeping = true;
		e->host->ops->work(e->host, recover_work, recover_done, r);
	}
}

static void
time_text(char *buf, size_t n, int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL || strftime(buf, n, "%Y-%m-%d %H:%M", &tm) == 0)
		buf[0] = '\0';
}

static void
size_text(char *buf, size_t n, size_t bytes)
{
	if (bytes < 10000)
		snprintf(buf, n, "%zu B", bytes);
	else
		snprintf(buf, n, "%zu KB", (bytes + 512) / 1024);
}

static void
ask_left(struct editor *e)
{
	static const struct pane_choice choices[] = {
		{ 'r', TUI_TEXT("recover it (undo goes back to the file)",
				"استرجاعه (التراجع يعيد إلى الملف)") },
		{ 'd', TUI_TEXT("discard it", "إهماله") },
		{ 'l', TUI_TEXT("later", "لاحقا") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};
	char kept[32], disk[32] = "", size[24], disk_size[24], *text;

	time_text(kept, sizeof kept, e->was_left.time_ms);
	size_text(size, sizeof size, e->was_left.bytes);
	size_text(disk_size, sizeof disk_size, e->was_left.disk_bytes);
	if (e->was_left.disk_ms != 0)
		time_text(disk, sizeof disk, e->was_left.disk_ms);
	text = wn_asprintf("%s %s: %s, %s. %s: %s%s%s",
			   TR(e, "There is unsaved text of", "يوجد نص غير محفوظ من"),
			   wn_path_base(ed_doc_path(e->doc)), size, kept,
			   TR(e, "The file on disk", "الملف على القرص"),
			   e->was_left.disk_ms != 0 ? disk_size : TR(e, "not there", "غير موجود"),
			   e->was_left.disk_ms != 0 ? ", " : "", disk);
	e->host->ops->choose(e->host, text, choices, left_answer, e);
	wn_free(text);
}

static void
other_answer(void *arg, const char *text)
{
	struct editor *e = arg;

	if (text != NULL && text[0] == 'e')
		ed_doc_set_read_only(e->doc, false);
	redraw(e);
}

static void
ask_other(struct editor *e)
{
	static const struct pane_choice choices[] = {
		{ 'r', TUI_TEXT("only read it here", "قراءته فقط هنا") },
		{ 'e', TUI_TEXT("edit it here as well", "تحريره هنا أيضا") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};
	char *text = wn_asprintf(
		"%s %s %d.", wn_path_base(ed_doc_path(e->doc)),
		TR(e, "is open in another WebNova, process", "مفتوح في WebNova أخرى، العملية"),
		(int)ed_recovery_other(e->rec));

	e->other_told = true;
	if (!ed_doc_info(e->doc)->read_only) {
		ed_doc_set_read_only(e->doc, true);
		e->host->ops->choose(e->host, text, choices, other_answer, e);
	}
	wn_free(text);
}

void
editor_keep_ask(struct editor *e)
{
	if (e->loading || e->rec == NULL || ed_doc_path(e->doc) == NULL)
		return;
	if (e->was_left.file != NULL)
		ask_left(e);
	else if (ed_recovery_other(e->rec) != 0 && !e->other_told)
		ask_other(e);
}

/* ---- the program must end ---- */

void
editor_rescue(void *self, bool crashing)
{
	struct editor *e = self;

	if (e->rec == NULL || e->loading || !ed_doc_dirty(e->doc))
		return;
	if (crashing) {
		ed_recovery_crash(e->rec, text_of(e));
		return;
	}
	e->rescued = true;
	ed_recovered_keep(&e->was_left);
	(void)!ed_recovery_write(e->rec, ed_recovery_next(e->rec), text_of(e), NULL);
}
