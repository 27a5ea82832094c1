/*
 * The editor and the disk: saving, conflicts, reading again.
 */
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

static void save_as_answer(void *arg, const char *path);

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

void
editor_reload(struct editor *e)
{
	struct wn_diag d = { 0 };

	editor_tell(e, ed_doc_reload(e->doc, &d), &d);
	e->follow = true;
	redraw(e);
}

static void
conflict_answer(void *arg, const char *text)
{
	struct editor *e = arg;
	struct wn_diag d = { 0 };
	wn_err err;

	e->asked_disk = false;
	if (text != NULL && text[0] == 'o') {
		err = ed_doc_save(e->doc, true, &d);
		editor_tell(e, err, &d);
		finish_save(e, err);
		return;
	}
	if (text != NULL && text[0] == 'r')
		editor_reload(e);
	finish_save(e, WN_E_CANCELLED);
}

static const struct pane_choice conflict_choices[] = {
	{ 'o', TUI_TEXT("overwrite it with mine", "استبداله بنسختي") },
	{ 'r', TUI_TEXT("read it again (undo brings mine back)",
			"قراءته من جديد (التراجع يعيد نسختي)") },
	{ 'c', TUI_TEXT("do nothing", "لا شيء") },
	{ 0, TUI_TEXT(NULL, NULL) },
};

void
editor_save(struct editor *e)
{
	struct wn_diag d = { 0 };
	wn_err err;

	if (ed_doc_path(e->doc) == NULL) {
		e->host->ops->ask(
			e->host,
			TR(e, "Save as (path in the open folder):", "حفظ باسم (مسار في المجلد):"),
			NULL, save_as_answer, e);
		return;
	}
	err = ed_doc_save(e->doc, false, &d);
	if (err == WN_E_CONFLICT) {
		e->asked_disk = true;
		e->host->ops->choose(
			e->host,
			TR(e, "Somebody else changed this file on disk since it was read.",
			   "غيّر أحد هذا الملف على القرص منذ قراءته."),
			conflict_choices, conflict_answer, e);
		return;
	}
	editor_tell(e, err, &d);
	finish_save(e, err);
}

static void
save_as_answer(void *arg, const char *path)
{
	struct editor *e = arg;
	struct wn_diag d = { 0 };
	wn_err err = WN_E_CANCELLED;
	char *full;

	if (path != NULL && path[0] != '\0') {
		full = wn_path_clean(path, e->host->ops->root(e->host));
		err = ed_doc_save_as(e->doc, full, false, &d);
		editor_tell(e, err, &d);
		if (err == 0)
			editor_attach(e);
		wn_free(full);
	}
	finish_save(e, err);
}

static void
disk_answer(void *arg, const char *text)
{
	struct editor *e = arg;

	e->asked_disk = false;
	if (text != NULL && text[0] == 'r')
		editor_reload(e);
}

/* A clean text follows the disk by itself (undo brings the old one back); a changed one asks. */
void
editor_look_at_disk(struct editor *e)
{
	static const struct pane_choice choices[] = {
		{ 'r', TUI_TEXT("read it again (undo brings mine back)",
				"قراءته من جديد (التراجع يعيد نسختي)") },
		{ 'k', TUI_TEXT("keep mine", "الإبقاء على نسختي") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};
	enum ed_disk disk = ed_doc_disk(e->doc);

	if (e->asked_disk)
		return;
	if (disk == ED_DISK_GONE) {
		e->host->ops->say(e->host, PANE_WARN, "%s %s", wn_path_base(ed_doc_path(e->doc)),
				  TR(e, "was removed on disk; saving makes it again.",
				     "حذف من القرص؛ الحفظ ينشئه."));
	} else if (disk == ED_DISK_CHANGED && !ed_doc_dirty(e->doc)) {
		editor_reload(e);
		e->host->ops->say(e->host, PANE_INFO, "%s %s", wn_path_base(ed_doc_path(e->doc)),
				  TR(e, "changed on disk and was read again.",
				     "تغيّر على القرص وأعيدت قراءته."));
	} else if (disk == ED_DISK_CHANGED && e->host->ops->focused(e->host)) {
		e->asked_disk = true;
		e->host->ops->choose(e->host,
				     TR(e, "This file changed on disk, and you changed it here.",
					"تغيّر هذا الملف على القرص، وغيّرته هنا."),
				     choices, disk_answer, e);
	}
}

void
editor_save_as(struct editor *e)
{
	e->host->ops->ask(e->host, TR(e, "Save as:", "حفظ باسم:"), ed_doc_path(e->doc),
			  save_as_answer, e);
}
