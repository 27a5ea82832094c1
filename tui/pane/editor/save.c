/*
 * Saving and reading again, on a worker: typing goes on meanwhile, and what is typed after the key
 * stays unsaved.
 */
#include <string.h>

#include "editor/document/history.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

#define SHOW_SAVING_MS 100

/* How the file is written: by us, or with the rights of root. */
enum via { VIA_US, VIA_SUDO, VIA_PASSWORD };

struct saving {
	struct editor *e;
	struct ed_save *save;
	struct ed_history *history; /* the undo tree as it was then */
	char *path, *undo_dir;
	bool elsewhere, may_sudo;
	enum via via;
	char *password; /* owned, wiped; for VIA_PASSWORD */
	struct wn_diag d;
	wn_err err;
};

static void start_save(struct editor *e, const char *path, bool force, enum via via,
		       const char *password);

static void
finish_save(struct editor *e, wn_err err)
{
	void (*fn)(void *, wn_err) = e->saved;

	e->saved = NULL;
	redraw(e);
	if (err == 0) {
		struct pane_event ev = { .type = PANE_FILE_SAVED,
					 .path = wn_str(ed_doc_path(e->doc)) };

		e->host->ops->say(e->host, PANE_INFO, "%s %s", TR(e, "Saved", "حفظ"),
				  wn_path_base(ed_doc_path(e->doc)));
		e->host->ops->tell(e->host, &ev);
	}
	if (fn != NULL)
		fn(e->saved_arg, err);
}

static void
conflict_answer(void *arg, const char *text)
{
	struct editor *e = arg;

	e->asked_disk = false;
	if (text != NULL && text[0] == 'o') {
		start_save(e, NULL, true, VIA_US, NULL);
		return;
	}
	if (text != NULL && text[0] == 'r')
		editor_reload(e);
	else if (text != NULL && text[0] == 'd')
		editor_c_differ(e, NULL);
	finish_save(e, WN_E_CANCELLED);
}

static const struct pane_choice conflict_choices[] = {
	{ 'o', TUI_TEXT("overwrite it with mine", "استبداله بنسختي") },
	{ 'r', TUI_TEXT("read it again (undo brings mine back)",
			"قراءته من جديد (التراجع يعيد نسختي)") },
	{ 'd', TUI_TEXT("see what differs", "رؤية الفرق") },
	{ 'c', TUI_TEXT("do nothing", "لا شيء") },
	{ 0, TUI_TEXT(NULL, NULL) },
};

static void
save_work(void *arg)
{
	struct saving *s = arg;

	if (s->via == VIA_US)
		s->err = ed_save_run(s->save, &s->d);
	else
		s->err = ed_save_run_with(s->save, editor_sudo_copy, s->password, &s->d);
	s->may_sudo = s->err == WN_E_DENIED && editor_sudo_there();
	/* The text is safe: a history that cannot be kept is no reason to speak of failure. */
	if (s->err == 0 && s->undo_dir != NULL)
		(void)!ed_history_write(s->history, s->undo_dir, s->path, NULL);
}

static void
password_answer(void *arg, const char *text)
{
	if (text != NULL)
		start_save(arg, NULL, false, VIA_PASSWORD, text);
	else
		finish_save(arg, WN_E_CANCELLED);
}

static void
sudo_answer(void *arg, const char *text)
{
	struct editor *e = arg;

	if (text != NULL && text[0] == 's') {
		start_save(e, NULL, false, VIA_SUDO, NULL);
		return;
	}
	finish_save(e, WN_E_CANCELLED);
	if (text != NULL && text[0] == 'a')
		editor_save_as(e);
}

static void
ask_sudo(struct editor *e)
{
	static const struct pane_choice choices[] = {
		{ 's', TUI_TEXT("save it as root, with sudo", "حفظه بصلاحية الجذر عبر sudo") },
		{ 'a', TUI_TEXT("save it elsewhere", "حفظه في مكان آخر") },
		{ 'c', TUI_TEXT("do nothing", "لا شيء") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};

	e->host->ops->choose(
		e->host, TR(e, "You may not write this file.", "لا يسمح لك بالكتابة في هذا الملف."),
		choices, sudo_answer, e);
}

static void
exists_answer(void *arg, const char *text)
{
	struct editor *e = arg;
	char *path = e->save_path;

	e->save_path = NULL;
	if (text != NULL && text[0] == 'o')
		start_save(e, path, true, VIA_US, NULL);
	else
		finish_save(e, WN_E_CANCELLED);
	wn_free(path);
}

static void
ask_exists(struct editor *e, const char *path)
{
	static const struct pane_choice choices[] = {
		{ 'o', TUI_TEXT("overwrite it", "استبداله") },
		{ 'c', TUI_TEXT("do nothing", "لا شيء") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};
	char *text =
		wn_asprintf("%s %s", wn_path_base(path), TR(e, "exists already.", "موجود من قبل."));

	wn_free(e->save_path);
	e->save_path = wn_strdup(path);
	e->host->ops->choose(e->host, text, choices, exists_answer, e);
	wn_free(text);
}

static void
ask_conflict(struct editor *e)
{
	e->asked_disk = true;
	e->host->ops->choose(e->host,
			     TR(e, "Somebody else changed this file on disk since it was read.",
				"غيّر أحد هذا الملف على القرص منذ قراءته."),
			     conflict_choices, conflict_answer, e);
}

static void
saved_well(struct editor *e, const struct saving *s)
{
	if (s->elsewhere) {
		editor_attach(e);
		editor_watch(e);
		editor_keep_here(e);
	} else if (!ed_doc_dirty(e->doc)) {
		editor_keep_not(e);
	}
	if (e->save_again && ed_doc_dirty(e->doc))
		start_save(e, NULL, false, VIA_US, NULL);
	else
		finish_save(e, 0);
}

static void
saved(struct editor *e, const struct saving *s)
{
	if (s->err == 0) {
		saved_well(e, s);
	} else if (s->err == WN_E_CONFLICT) {
		ask_conflict(e);
	} else if (s->err == WN_E_EXISTS && s->elsewhere) {
		ask_exists(e, s->path);
	} else if (s->may_sudo && s->via == VIA_US && !s->elsewhere) {
		ask_sudo(e);
	} else if (s->err == WN_E_UNAUTHENTICATED && s->via == VIA_SUDO) {
		e->host->ops->ask_secret(e->host,
					 TR(e, "Your password, for sudo:", "كلمة مرورك لـ sudo:"),
					 password_answer, e);
	} else {
		editor_tell(e, s->err, &s->d);
		finish_save(e, s->err);
	}
}

static void
save_done(void *arg, bool cancelled)
{
	struct saving *s = arg;
	struct editor *e = s->e;

	ed_save_end(s->save, cancelled ? NULL : e->doc, s->err);
	if (!cancelled) {
		e->saving = e->saving_shown = false;
		e->host->ops->timer_stop(e->host, &e->saving_timer);
		saved(e, s);
	}
	ed_history_free(s->history);
	wn_free(s->path);
	wn_free(s->undo_dir);
	if (s->password != NULL)
		explicit_bzero(s->password, strlen(s->password));
	wn_free(s->password);
	wn_free(s);
}

static void
show_saving(void *arg)
{
	struct editor *e = arg;

	e->saving_shown = true;
	redraw(e);
}

static void
start_save(struct editor *e, const char *path, bool force, enum via via, const char *password)
{
	struct saving *s = WN_NEW(struct saving);
	struct wn_diag d = { 0 };

	editor_tell(e, ed_config_tidy(e->doc, &e->config), &d); /* no reason not to save */
	*s = (struct saving){
		.e = e, .elsewhere = path != NULL, .via = via, .password = wn_strdup(password)
	};
	s->save = ed_save_begin(e->doc, path, force);
	s->history = ed_history_take(e->doc);
	s->path = wn_strdup(path != NULL ? path : ed_doc_path(e->doc));
	s->undo_dir = ed_history_dir();
	e->saving = true;
	e->save_again = false;
	e->host->ops->timer(e->host, &e->saving_timer, SHOW_SAVING_MS, show_saving, e);
	e->host->ops->work(e->host, save_work, save_done, s);
}

static void
save_as_answer(void *arg, const char *path)
{
	struct editor *e = arg;
	char *full;

	if (path == NULL || path[0] == '\0' || e->saving) {
		finish_save(e, WN_E_CANCELLED);
		return;
	}
	full = wn_path_clean(path, e->host->ops->root(e->host));
	start_save(e, full, false, VIA_US, NULL);
	wn_free(full);
}

void
editor_save(struct editor *e)
{
	if (e->loading)
		return;
	if (e->saving)
		e->save_again = true;
	else if (ed_doc_path(e->doc) == NULL)
		e->host->ops->ask(
			e->host,
			TR(e, "Save as (path in the open folder):", "حفظ باسم (مسار في المجلد):"),
			NULL, save_as_answer, e);
	else
		start_save(e, NULL, false, VIA_US, NULL);
}

void
editor_save_as(struct editor *e)
{
	if (!e->loading && !e->saving)
		e->host->ops->ask(e->host, TR(e, "Save as:", "حفظ باسم:"), ed_doc_path(e->doc),
				  save_as_answer, e);
}

/* ---- the undo tree of a text that was read again: good for the file as it is now ---- */

struct history {
	struct ed_history *taken;
	char *path, *dir;
};

static void
history_work(void *arg)
{
	struct history *h = arg;

	(void)!ed_history_write(h->taken, h->dir, h->path, NULL);
}

static void
history_done(void *arg, bool cancelled)
{
	struct history *h = arg;

	(void)cancelled;
	ed_history_free(h->taken);
	wn_free(h->path);
	wn_free(h->dir);
	wn_free(h);
}

static void
keep_history(struct editor *e)
{
	char *dir = ed_history_dir();
	struct history *h;

	if (dir == NULL)
		return;
	h = WN_NEW(struct history);
	*h = (struct history){ ed_history_take(e->doc), wn_strdup(ed_doc_path(e->doc)), dir };
	e->host->ops->work(e->host, history_work, history_done, h);
}

/* ---- reading again ---- */

struct reloading {
	struct editor *e;
	struct ed_reload *reload;
	struct wn_diag d;
	wn_err err;
};

static void
reload_work(void *arg)
{
	struct reloading *r = arg;

	r->err = ed_reload_run(r->reload, &r->d);
}

static void
reload_done(void *arg, bool cancelled)
{
	struct reloading *r = arg;
	struct editor *e = r->e;
	wn_err err = ed_reload_end(r->reload, cancelled ? NULL : e->doc, r->err);

	if (!cancelled) {
		e->reloading = false;
		editor_tell(e, err, &r->d);
		if (err == 0) {
			editor_keep_not(e);
			keep_history(e);
			e->host->ops->say(e->host, PANE_INFO, "%s %s",
					  wn_path_base(ed_doc_path(e->doc)),
					  TR(e, "changed on disk and was read again.",
					     "تغيّر على القرص وأعيدت قراءته."));
		}
		e->follow = true;
		redraw(e);
	}
	wn_free(r);
}

void
editor_reload(struct editor *e)
{
	struct reloading *r;

	if (e->loading || e->reloading || e->saving)
		return;
	e->reloading = true;
	r = WN_NEW(struct reloading);
	*r = (struct reloading){ .e = e, .reload = ed_reload_begin(e->doc) };
	e->host->ops->work(e->host, reload_work, reload_done, r);
}
