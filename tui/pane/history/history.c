/*
 * The history pane's descriptor: keys, commands, words.
 */
#include "tui/pane/history/history.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"

#define WHEEL_LINES 3

/* Id of the snapshot under the bar; NULL: the present. */
static const char *
current(const struct history *h)
{
	int64_t i = h->list.current;

	return i > 0 && (size_t)i <= h->snaps.len ? h->snaps.p[i - 1].id : NULL;
}

static bool
ready(struct history *h)
{
	if (h->phase != HIST_READY)
		h->host->ops->say(h->host, PANE_WARN, "%s",
				  TR(h, "The engine does not answer now.", "المحرّك لا يجيب الآن."));
	return h->phase == HIST_READY;
}

/* ---- moving between the views ---- */

static void
look_in(struct history *h)
{
	if (h->view == HIST_SNAPSHOTS) {
		const char *id = current(h);

		if (!ready(h) || (id == NULL && h->snaps.len == 0))
			return;
		snprintf(h->of, sizeof h->of, "%s", id != NULL ? id : "");
		h->view = HIST_CHANGES;
		h->file_list.current = h->file_list.top = 0;
		hist_ask_files(h);
	} else if (h->view == HIST_CHANGES && h->files.len > 0 && h->file_list.current >= 0 &&
		   ready(h)) {
		wn_free(h->path);
		h->path = wn_strdup(h->files.p[h->file_list.current].path);
		h->view = HIST_DIFF;
		hist_ask_diff(h);
	}
	hist_redraw(h);
}

static bool
step_back(struct history *h)
{
	if (h->view == HIST_SNAPSHOTS)
		return false;
	h->view = h->view == HIST_DIFF ? HIST_CHANGES : HIST_SNAPSHOTS;
	h->asked++; /* an answer on its way is for a page that was left */
	if (h->view == HIST_CHANGES && !h->files_known)
		hist_ask_files(h);
	hist_redraw(h);
	return true;
}

/* ---- commands ---- */

static void
label_answer(void *arg, const char *text)
{
	struct history *h = arg;

	if (text != NULL && ready(h))
		hist_take(h, text[0] != '\0' ? text : NULL);
}

static void
c_take(void *self, const char *arg)
{
	struct history *h = self;

	if (arg != NULL)
		label_answer(h, arg);
	else
		h->host->ops->ask(h->host,
				  TR(h, "What is this snapshot for? (may be empty)",
				     "لماذا هذه اللقطة؟ (يجوز الفراغ)"),
				  NULL, label_answer, h);
}

static void
c_restore(void *self, const char *arg)
{
	struct history *h = self;
	const char *id = h->view == HIST_SNAPSHOTS ? current(h) : h->of, *path = NULL;

	(void)arg;
	if (!ready(h))
		return;
	if (h->view == HIST_DIFF)
		path = h->path;
	else if (h->view == HIST_CHANGES && h->file_list.current >= 0 &&
		 (size_t)h->file_list.current < h->files.len)
		path = h->files.p[h->file_list.current].path;
	if (h->view != HIST_SNAPSHOTS && id[0] == '\0' && h->snaps.len > 0)
		id = h->snaps.p[0].id; /* the present: back to the last snapshot */
	if (id == NULL || id[0] == '\0' || (h->view != HIST_SNAPSHOTS && path == NULL)) {
		h->host->ops->say(
			h->host, PANE_INFO, "%s",
			TR(h, "Choose a snapshot to go back to.", "اختر لقطة للرجوع إليها."));
		return;
	}
	hist_restore(h, id, path);
}

static void
c_undo(void *self, const char *arg)
{
	struct history *h = self;

	(void)arg;
	if (h->before[0] == '\0')
		h->host->ops->say(h->host, PANE_INFO, "%s",
				  TR(h, "Nothing was restored here; choose a snapshot and press r.",
				     "لم يستعد شيء هنا؛ اختر لقطة واضغط r."));
	else if (ready(h))
		hist_restore(h, h->before, NULL);
}

static void
c_refresh(void *self, const char *arg)
{
	(void)arg;
	hist_begin(self);
}

static void
c_open(void *self, const char *arg)
{
	struct history *h = self;
	const char *root = h->host->ops->root(h->host), *name = NULL;
	char *path;

	(void)arg;
	if (h->view == HIST_DIFF)
		name = h->path;
	else if (h->view == HIST_CHANGES && h->file_list.current >= 0 &&
		 (size_t)h->file_list.current < h->files.len)
		name = h->files.p[h->file_list.current].path;
	if (name == NULL)
		return;
	path = wn_asprintf("%s/%s", root, name);
	h->host->ops->open_file(h->host, path, 0, 0);
	wn_free(path);
}

static const struct tui_command commands[] = {
	{ "history.take", TUI_TEXT("Take a snapshot", "أخذ لقطة"), c_take, false },
	{ "history.restore",
	  TUI_TEXT("Restore the snapshot or the file shown", "استعادة اللقطة أو الملف المعروض"),
	  c_restore, false },
	{ "history.undo", TUI_TEXT("Undo the last restore", "التراجع عن آخر استعادة"), c_undo,
	  false },
	{ "history.open",
	  TUI_TEXT("Open the changed file in the editor", "فتح الملف المتغير في المحرر"), c_open,
	  false },
	{ "history.refresh", TUI_TEXT("Read the snapshots again", "قراءة اللقطات من جديد"),
	  c_refresh, false },
	{ 0 },
};

/* ---- the pane ---- */

static bool
diff_key(struct history *h, const struct tui_key *k)
{
	int page = h->rows > 1 ? h->rows - 1 : 1;

	switch (k->code) {
	case TUI_KEY_UP:
		h->top--;
		break;
	case TUI_KEY_DOWN:
		h->top++;
		break;
	case TUI_KEY_PGUP:
		h->top -= page;
		break;
	case TUI_KEY_PGDN:
	case TUI_KEY_SPACE:
		h->top += page;
		break;
	case TUI_KEY_HOME:
		h->top = 0;
		break;
	case TUI_KEY_END:
		h->top = (int64_t)h->lines.len;
		break;
	default:
		return false;
	}
	hist_redraw(h);
	return true;
}

static bool
key(void *self, const struct tui_key *k)
{
	struct history *h = self;

	if (k->mods != 0)
		return false;
	if (k->code == TUI_KEY_ESC || k->code == TUI_KEY_LEFT || k->code == TUI_KEY_BACKSPACE)
		return step_back(h);
	if (h->view == HIST_DIFF)
		return diff_key(h, k);
	if (k->code == TUI_KEY_ENTER || k->code == TUI_KEY_RIGHT) {
		look_in(h);
		return true;
	}
	return tui_list_class.key(h->view == HIST_CHANGES ? &h->file_list : &h->list, k);
}

static bool
mouse(void *self, const struct tui_mouse *m)
{
	struct history *h = self;
	struct tui_list *l = h->view == HIST_CHANGES ? &h->file_list : &h->list;
	struct tui_mouse in = *m;

	if (h->view == HIST_DIFF) {
		if (m->kind == TUI_MOUSE_WHEEL && (m->button == 1 || m->button == -1))
			h->top += m->button * WHEEL_LINES;
		else if (m->kind == TUI_MOUSE_PRESS && m->y == 0)
			step_back(h);
		hist_redraw(h);
		return true;
	}
	if (m->kind == TUI_MOUSE_PRESS && m->y == 0)
		return step_back(h);
	in.y--; /* below the head */
	if (in.y < 0 || !tui_list_class.mouse(l, &in))
		return false;
	if (l->hit && m->clicks == 2)
		look_in(h);
	return true;
}

static void
event(void *self, const struct pane_event *ev)
{
	struct history *h = self;

	if (ev->type == PANE_ENGINE_UP)
		hist_begin(h);
	else if (ev->type == PANE_ENGINE_DOWN)
		hist_engine_down(h);
}

static void *
open_history(struct pane_host *host, const char *arg, const struct wn_json *state,
	     struct wn_diag *d)
{
	struct history *h = WN_NEW(struct history);

	(void)arg;
	(void)state;
	(void)d;
	h->host = host;
	wn_buf_init(&h->diff, (size_t)16 << 20);
	hist_draw_init(h);
	hist_listen(h);
	hist_begin(h);
	return h;
}

static void
close_history(void *self)
{
	struct history *h = self;

	hist_clear_snaps(h);
	hist_clear_files(h);
	wn_vec_fini(&h->snaps);
	wn_vec_fini(&h->files);
	wn_vec_fini(&h->lines);
	wn_buf_fini(&h->diff);
	wn_free(h->path);
	wn_free(h);
}

static void
status(void *self, char *buf, size_t n)
{
	struct history *h = self;

	snprintf(buf, n, "%s",
		 h->view == HIST_SNAPSHOTS
			 ? TR(h, "History   Enter look in  s take  r restore  u undo",
			      "التاريخ   Enter عرض  s لقطة  r استعادة  u تراجع")
			 : TR(h, "History   Esc back  r restore this file  e open it",
			      "التاريخ   Esc رجوع  r استعادة الملف  e فتحه"));
}

extern const struct pane_type pane_history;
const struct pane_type pane_history = {
	.name = "history",
	.title = TUI_TEXT("History", "التاريخ"),
	.place = PANE_RIGHT,
	.flags = PANE_SINGLE,
	.open = open_history,
	.close = close_history,
	.draw = hist_draw,
	.key = key,
	.mouse = mouse,
	.event = event,
	.commands = commands,
	.status = status,
	.keys = TUI_TEXT("Enter, Right\tlook into a snapshot or file\nEsc, Left\tback\n",
			 "Enter, Right\tعرض لقطة أو ملف\nEsc, Left\tرجوع\n"),
};
