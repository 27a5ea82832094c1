/*
 * The assistant pane's descriptor: keys, commands, what goes along with a question.
 */
#include "tui/pane/assistant/assistant.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"

#define WHEEL_LINES 3

/* The file of the editor as it is now. */
static void
look_at_editor(struct assistant *a)
{
	wn_buf_clear(&a->context.text);
	a->context.path[0] = a->context.language[0] = '\0';
	a->has_context = a->host->ops->context(a->host, &a->context);
	a->context_lines = 1;
	for (size_t i = 0; i + 1 < a->context.text.len; i++)
		a->context_lines += a->context.text.p[i] == '\n';
	asst_redraw(a);
}

static void
scroll(struct assistant *a, int64_t lines)
{
	int64_t last = a->total > a->rows ? a->total - a->rows : 0;

	a->top += lines;
	a->top = a->top < 0 ? 0 : a->top > last ? last : a->top;
	a->back = true;
	a->at_end = a->top == last;
	asst_redraw(a);
}

/* An older or newer question into the box, as shells do. */
static bool
recall(struct assistant *a, bool older)
{
	if (older ? a->recall >= a->turns.len : a->recall == 0)
		return false;
	if (a->recall == 0) {
		wn_free(a->draft);
		a->draft = wn_strndup(a->box.text.p != NULL ? a->box.text.p : "", a->box.text.len);
	}
	a->recall += older ? 1 : (size_t)-1;
	if (a->recall == 0)
		box_set(&a->box, wn_str(a->draft));
	else
		box_set(&a->box, wn_str(a->turns.p[a->turns.len - a->recall].question));
	return true;
}

/* ---- commands ---- */

static void
c_cancel(void *self, const char *arg)
{
	(void)arg;
	asst_cancel(self);
}

static void
c_context(void *self, const char *arg)
{
	struct assistant *a = self;

	(void)arg;
	a->use_context = !a->use_context;
	asst_redraw(a);
}

static void
c_clear(void *self, const char *arg)
{
	struct assistant *a = self;

	(void)arg;
	if (asst_asking(a)) {
		a->host->ops->say(a->host, PANE_WARN, "%s",
				  TR(a, "An answer is coming; Esc cancels it.",
				     "جواب في الطريق؛ Esc يلغيه."));
		return;
	}
	asst_turns_clear(a);
	asst_redraw(a);
}

static void
c_copy(void *self, const char *arg)
{
	struct assistant *a = self;

	(void)arg;
	if (a->turns.len == 0)
		return;
	a->host->ops->copy(a->host, wn_buf_view(&wn_vec_last(&a->turns).answer));
	a->host->ops->say(a->host, PANE_INFO, "%s",
			  TR(a, "The last answer is copied.", "نسخ آخر جواب."));
}

static const struct tui_command commands[] = {
	{ "assistant.cancel", TUI_TEXT("Assistant: cancel the answer", "المساعد: إلغاء الجواب"),
	  c_cancel, false },
	{ "assistant.context",
	  TUI_TEXT("Assistant: the open file goes along, or not",
		   "المساعد: إرفاق الملف المفتوح أو عدمه"),
	  c_context, false },
	{ "assistant.copy", TUI_TEXT("Assistant: copy the last answer", "المساعد: نسخ آخر جواب"),
	  c_copy, false },
	{ "assistant.clear", TUI_TEXT("Assistant: new conversation", "المساعد: محادثة جديدة"),
	  c_clear, false },
	{ 0 },
};

/* ---- the pane ---- */

static bool
key(void *self, const struct tui_key *k)
{
	struct assistant *a = self;
	int page = a->rows > 1 ? a->rows - 1 : 1;

	if (tui_key_is(k, TUI_KEY_ENTER, TUI_ALT) || tui_key_is(k, TUI_KEY_ENTER, TUI_SHIFT) ||
	    tui_key_is(k, 'j', TUI_CTRL)) {
		box_insert(&a->box, WN_STR("\n"));
		return true;
	}
	if (k->mods == 0)
		switch (k->code) {
		case TUI_KEY_ENTER:
			asst_ask(a);
			return true;
		case TUI_KEY_ESC:
			if (asst_asking(a))
				asst_cancel(a);
			else if (!a->back)
				return false;
			a->back = false;
			asst_redraw(a);
			return true;
		case TUI_KEY_PGUP:
			scroll(a, -page);
			return true;
		case TUI_KEY_PGDN:
			scroll(a, page);
			return true;
		default:
			break;
		}
	if (box_key(&a->box, k, a->box_cols > 0 ? a->box_cols : 40))
		return true;
	if (tui_key_is(k, TUI_KEY_UP, 0) || tui_key_is(k, TUI_KEY_DOWN, 0))
		return recall(a, k->code == TUI_KEY_UP);
	return false;
}

static bool
mouse(void *self, const struct tui_mouse *m)
{
	if (m->kind != TUI_MOUSE_WHEEL || m->button > 1 || m->button < -1)
		return false;
	scroll(self, m->button * WHEEL_LINES);
	return true;
}

static void
paste(void *self, struct wn_str piece, bool first, bool last)
{
	struct assistant *a = self;

	(void)first;
	(void)last;
	box_insert(&a->box, piece);
	asst_redraw(a);
}

static void
event(void *self, const struct pane_event *ev)
{
	struct assistant *a = self;

	switch (ev->type) {
	case PANE_FOCUSED:
	case PANE_BLURRED:
	case PANE_FILE_SAVED:
	case PANE_FILE_SHOWN:
		look_at_editor(a);
		break;
	case PANE_ENGINE_UP:
		asst_begin(a);
		break;
	case PANE_ENGINE_DOWN:
		asst_engine_down(a);
		break;
	default:
		break;
	}
}

static void *
open_assistant(struct pane_host *h, const char *arg, const struct wn_json *state, struct wn_diag *d)
{
	struct assistant *a = WN_NEW(struct assistant);

	(void)arg;
	(void)d;
	a->host = h;
	a->use_context = wn_json_get_bool(state, "context", true);
	wn_buf_init(&a->context.text, CONTEXT_MAX);
	box_init(&a->box);
	asst_turns_load(a, state);
	asst_listen(a);
	look_at_editor(a);
	asst_begin(a);
	return a;
}

static void
close_assistant(void *self)
{
	struct assistant *a = self;

	asst_turns_clear(a);
	wn_vec_fini(&a->turns);
	wn_buf_fini(&a->context.text);
	box_fini(&a->box);
	wn_free(a->draft);
	wn_free(a);
}

static void
status(void *self, char *buf, size_t n)
{
	struct assistant *a = self;

	snprintf(buf, n, "%s  %s", TR(a, "Assistant", "المساعد"),
		 asst_asking(a) ? TR(a, "Esc cancels", "Esc يلغي")
				: TR(a, "Enter sends  Alt-Enter new line",
				     "Enter يرسل  Alt-Enter سطر جديد"));
}

static void
save(void *self, struct wn_jw *w)
{
	struct assistant *a = self;

	wn_jw_kbool(w, "context", a->use_context);
	asst_turns_save(a, w);
}

extern const struct pane_type pane_assistant;
const struct pane_type pane_assistant = {
	.name = "assistant",
	.title = TUI_TEXT("Assistant", "المساعد"),
	.place = PANE_RIGHT,
	.flags = PANE_SINGLE | PANE_TYPING,
	.open = open_assistant,
	.close = close_assistant,
	.draw = asst_draw,
	.key = key,
	.mouse = mouse,
	.paste = paste,
	.event = event,
	.commands = commands,
	.status = status,
	.save = save,
	.keys = TUI_TEXT("Enter\tsend\nAlt-Enter, Ctrl-J\tnew line\nEsc\tcancel the answer\nPgUp, "
			 "PgDn\tolder text\n"
			 "Up, Down\tearlier questions\n",
			 "Enter\tإرسال\nAlt-Enter, Ctrl-J\tسطر جديد\nEsc\tإلغاء الجواب\nPgUp, "
			 "PgDn\tنص أقدم\n"
			 "Up, Down\tأسئلة سابقة\n"),
};
