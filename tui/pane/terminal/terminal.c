/*
 * The terminal pane's descriptor: opening, closing, its words and commands.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/utf8.h"
#include "tui/pane/terminal/terminal.h"

/* ---- every terminal pane ---- */

static void *
make_all(void (*wake)(void *), void *arg)
{
	(void)wake;
	(void)arg;
	return WN_NEW(struct term_all);
}

static void
free_all(void *obj)
{
	struct term_all *all = obj;

	wn_vec_fini(&all->v);
	wn_free(all);
}

static const struct pane_shared shared_all = { "terminal.all", make_all, free_all };

/* ---- commands ---- */

static void
c_copy_mode(void *self, const char *arg)
{
	struct terminal *t = self;

	(void)arg;
	if (t->screen.known)
		term_copy_mode(t, !t->copy_mode);
}

static void
c_back(void *self, const char *arg)
{
	struct terminal *t = self;

	(void)arg;
	term_scroll(t, -(t->rows > 1 ? t->rows - 1 : 1));
}

static void
c_paste(void *self, const char *arg)
{
	struct terminal *t = self;

	(void)arg;
	term_type(t, t->host->ops->clipboard(t->host), true);
}

static void
c_prefix(void *self, const char *arg)
{
	(void)arg;
	term_key(self, "k", TUI_CTRL);
}

static void
c_end(void *self, const char *arg)
{
	struct terminal *t = self;

	(void)arg;
	term_end(t);
	t->host->ops->close_me(t->host);
}

static void
c_leave(void *self, const char *arg)
{
	struct terminal *t = self;

	(void)arg;
	term_leave(t);
	t->host->ops->close_me(t->host);
}

static void
c_find(void *self, const char *arg)
{
	(void)arg;
	term_find(self);
}

static void
c_prompt_before(void *self, const char *arg)
{
	(void)arg;
	term_prompt(self, true);
}

static void
c_prompt_after(void *self, const char *arg)
{
	(void)arg;
	term_prompt(self, false);
}

static void
c_select_output(void *self, const char *arg)
{
	(void)arg;
	term_select_output(self);
}

static void
c_save(void *self, const char *arg)
{
	(void)arg;
	term_save_output(self);
}

static const struct tui_command commands[] = {
	{ "terminal.new", TUI_TEXT("New terminal", "طرفية جديدة"), NULL, false },
	{ "terminal.new_sandboxed", TUI_TEXT("New sandboxed terminal", "طرفية جديدة معزولة"), NULL,
	  false },
	{ "terminal.focus", TUI_TEXT("Go to the terminal", "إلى الطرفية"), NULL, false },
	{ "terminal.copy_mode",
	  TUI_TEXT("Terminal: select and copy by keys", "الطرفية: تحديد ونسخ بالمفاتيح"),
	  c_copy_mode, false },
	{ "terminal.back", TUI_TEXT("Terminal: look back a page", "الطرفية: صفحة إلى الخلف"),
	  c_back, false },
	{ "terminal.find", TUI_TEXT("Terminal: find in the output", "الطرفية: بحث في الخرج"),
	  c_find, false },
	{ "terminal.prompt_before",
	  TUI_TEXT("Terminal: to the prompt before", "الطرفية: إلى المطالبة السابقة"),
	  c_prompt_before, false },
	{ "terminal.prompt_after",
	  TUI_TEXT("Terminal: to the next prompt", "الطرفية: إلى المطالبة التالية"), c_prompt_after,
	  false },
	{ "terminal.select_output",
	  TUI_TEXT("Terminal: select the last command's output", "الطرفية: تحديد خرج آخر أمر"),
	  c_select_output, false },
	{ "terminal.save",
	  TUI_TEXT("Terminal: save the output and open it", "الطرفية: حفظ الخرج وفتحه"), c_save,
	  false },
	{ "terminal.paste", TUI_TEXT("Terminal: paste", "الطرفية: لصق"), c_paste, false },
	{ "terminal.prefix",
	  TUI_TEXT("Terminal: send Ctrl-K to the program", "الطرفية: إرسال Ctrl-K إلى البرنامج"),
	  c_prefix, false },
	{ "terminal.end",
	  TUI_TEXT("End this terminal and its program", "إنهاء هذه الطرفية وبرنامجها"), c_end,
	  false },
	{ "terminal.leave",
	  TUI_TEXT("Close the pane, leave the program running", "إغلاق اللوحة وإبقاء البرنامج"),
	  c_leave, false },
	{ 0 },
};

/* ---- the pane ---- */

static void *
open_terminal(struct pane_host *h, const char *arg, const struct wn_json *state, struct wn_diag *d)
{
	struct terminal *t = WN_NEW(struct terminal);
	const char *id = wn_json_get_str(state, "terminal", "");

	(void)d;
	t->host = h;
	t->all = h->ops->shared(h, &shared_all);
	term_screen_init(&t->screen);
	t->sandboxed = wn_json_get_bool(state, "sandboxed", false);
	if (arg != NULL && wn_id_is_ulid(wn_str(arg)))
		id = arg;
	else if (arg != NULL && strcmp(arg, "new_sandboxed") == 0)
		t->sandboxed = true;
	else if (arg == NULL || strcmp(arg, "new") != 0)
		t->adopt = true;
	snprintf(t->id, sizeof t->id, "%s", id);
	wn_vec_push(&t->all->v, t);
	t->all->last = t;
	term_listen(t);
	term_news_init(t);
	term_begin(t);
	return t;
}

static void
close_terminal(void *self)
{
	struct terminal *t = self;
	struct term_all *all = t->all;

	for (size_t i = 0; i < all->v.len; i++)
		if (all->v.p[i] == t) {
			wn_vec_remove(&all->v, i);
			break;
		}
	if (all->last == t)
		all->last = all->v.len > 0 ? wn_vec_last(&all->v) : NULL;
	term_screen_fini(&t->screen);
	term_news_fini(t);
	wn_free(t);
}

static void
on_close_answer(void *arg, const char *text)
{
	if (text != NULL && text[0] == 'e')
		c_end(arg, NULL);
	else if (text != NULL && text[0] == 'l')
		c_leave(arg, NULL);
}

static bool
may_close(void *self)
{
	static const struct pane_choice choices[] = {
		{ 'e', TUI_TEXT("end the program", "إنهاء البرنامج") },
		{ 'l', TUI_TEXT("leave it running; a terminal opened later finds it again",
				"إبقاؤه؛ تجده طرفية تفتح لاحقا") },
		{ 'c', TUI_TEXT("stay", "البقاء") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};
	struct terminal *t = self;

	if (t->state != TERM_LIVE) {
		if (t->state == TERM_ENDED || t->state == TERM_FAILED)
			term_end(t);
		return true;
	}
	t->host->ops->choose(
		t->host, TR(t, "A program runs in this terminal.", "في هذه الطرفية برنامج يعمل."),
		choices, on_close_answer, t);
	return false;
}

static bool
is(void *self, const char *arg)
{
	const struct terminal *t = self;

	if (strcmp(arg, "focus") == 0)
		return t->all->last == t;
	return strcmp(arg, t->id) == 0;
}

static void
event(void *self, const struct pane_event *ev)
{
	struct terminal *t = self;

	switch (ev->type) {
	case PANE_FOCUSED:
		t->all->last = t;
		t->rang = false;
		if (t->screen.head.modes & WN_TM_FOCUS)
			term_type(t, WN_STR("\033[I"), false);
		break;
	case PANE_BLURRED:
		if (t->screen.head.modes & WN_TM_FOCUS)
			term_type(t, WN_STR("\033[O"), false);
		break;
	case PANE_ENGINE_UP:
		if (t->state == TERM_AWAY)
			term_begin(t);
		break;
	case PANE_ENGINE_DOWN:
		term_engine_down(t);
		break;
	default:
		break;
	}
}

static const char *
where(const struct terminal *t)
{
	return t->sandboxed ? TR(t, "sandboxed", "معزولة")
			    : TR(t, "outside the sandbox", "خارج العزل");
}

static const char *
name(const struct terminal *t)
{
	return t->title[0] != '\0' ? t->title : TR(t, "Terminal", "طرفية");
}

static void
label(void *self, char *buf, size_t n)
{
	struct terminal *t = self;
	struct wn_str s = wn_str(name(t));
	size_t fit = wn_utf8_fit(s, 20, NULL);

	snprintf(buf, n, "%s%.*s%s · %s", t->rang ? "! " : "", (int)fit, s.p,
		 fit < s.len ? "…" : "", where(t));
}

static void
status(void *self, char *buf, size_t n)
{
	struct terminal *t = self;

	char done[64] = "";

	if (t->has_command && t->command_code >= 0)
		snprintf(done, sizeof done, " · %s %d · %lld.%lld s",
			 t->command_code == 0 ? "✓" : "✗", t->command_code,
			 (long long)(t->command_ms / 1000),
			 (long long)(t->command_ms % 1000 / 100));
	else if (t->has_command)
		snprintf(done, sizeof done, " · %lld.%lld s", (long long)(t->command_ms / 1000),
			 (long long)(t->command_ms % 1000 / 100));
	snprintf(buf, n, "%s · %s%s   Ctrl-K …", name(t), where(t), done);
}

static void
save(void *self, struct wn_jw *w)
{
	struct terminal *t = self;

	if (t->id[0] != '\0')
		wn_jw_kstr(w, "terminal", t->id);
	wn_jw_kbool(w, "sandboxed", t->sandboxed);
}

extern const struct pane_type pane_terminal;
const struct pane_type pane_terminal = {
	.name = "terminal",
	.title = TUI_TEXT("Terminal", "الطرفية"),
	.place = PANE_BOTTOM,
	.flags = PANE_TYPING,
	.open = open_terminal,
	.close = close_terminal,
	.may_close = may_close,
	.draw = term_draw,
	.grabs = term_grabs,
	.key = term_on_key,
	.mouse = term_on_mouse,
	.paste = term_on_paste,
	.event = event,
	.commands = commands,
	.label = label,
	.status = status,
	.save = save,
	.is = is,
	.keys = TUI_TEXT("every key\tgoes to the program, but these:\n"
			 "Ctrl-K\tbegins the IDE's chords; Ctrl-K Ctrl-K sends it\n"
			 "Alt-1..9, F6\tother panes\n"
			 "F1\thelp\n"
			 "Ctrl-PgUp, -PgDn\tother tabs\n"
			 "Shift-PgUp, wheel\tlook back\n"
			 "drag\tselect and copy; with Shift or Alt when the program has the mouse\n"
			 "Ctrl-click\topen the file that is named there\n"
			 "in copy mode: / n N\tfind, older, newer\n"
			 "in copy mode: [ ]\tthe prompt before, the next one\n"
			 "in copy mode: o\topen the file under the cursor\n",
			 "كل مفتاح\tيذهب إلى البرنامج، إلا هذه:\n"
			 "Ctrl-K\tيبدأ أوامر البيئة؛ Ctrl-K Ctrl-K يرسله\n"
			 "Alt-1..9, F6\tاللوحات الأخرى\n"
			 "F1\tالمساعدة\n"
			 "Ctrl-PgUp, -PgDn\tالألسنة الأخرى\n"
			 "Shift-PgUp\tالنظر إلى ما سبق\n"
			 "السحب\tتحديد ونسخ؛ مع Shift أو Alt حين تكون الفأرة للبرنامج\n"
			 "Ctrl-نقرة\tفتح الملف المسمى هناك\n"
			 "في وضع النسخ: / n N\tبحث، الأقدم، الأحدث\n"
			 "في وضع النسخ: [ ]\tالمطالبة السابقة والتالية\n"
			 "في وضع النسخ: o\tفتح الملف تحت المؤشر\n"),
};
