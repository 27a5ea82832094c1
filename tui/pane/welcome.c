/*
 * The welcome pane: what to do when nothing is open. A short list of commands with their keys.
 */
#include <stdio.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/pane/pane.h"
#include "tui/widget/list.h"

struct choice {
	const char *command; /* run when chosen */
	struct tui_text text;
};

static const struct choice choices[] = {
	{ "app.find_file", TUI_TEXT("Open a file of this folder", "فتح ملف من هذا المجلد") },
	{ "pane.files", TUI_TEXT("Look through the folder", "تصفح المجلد") },
	{ "app.new_file", TUI_TEXT("New file", "ملف جديد") },
	{ "app.palette", TUI_TEXT("All commands", "كل الأوامر") },
	{ "app.help", TUI_TEXT("First steps and keys", "الخطوات الأولى والمفاتيح") },
};
#define CHOICES (int64_t)(sizeof choices / sizeof choices[0])

struct welcome {
	struct pane_host *host;
	struct tui_list list;
};

static void
row(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t, struct tui_style base)
{
	struct welcome *w = arg;
	const char *keys = w->host->ops->keys(w->host, choices[i].command);

	tui_put_cut(v, 0, 2, v.cols - 18, wn_str(w->host->ops->tr(w->host, choices[i].text)), base);
	tui_puts(v, 0, v.cols - wn_utf8_width(wn_str(keys)) - 2, keys,
		 tui_style_over(base, t->ui[UI_KEY]));
}

static void
draw(void *self, const struct pane_draw *d)
{
	struct welcome *w = self;
	int cols = d->view.cols < 56 ? d->view.cols : 56;
	int y = d->view.rows > 12 ? d->view.rows / 4 : 0, x = (d->view.cols - cols) / 2;

	tui_clear(d->view, d->theme->ui[UI_TEXT]);
	tui_puts(d->view, y, x + 2, "WebNova",
		 tui_style_over(d->theme->ui[UI_TEXT], d->theme->ui[UI_KEY]));
	tui_put_cut(d->view, y + 1, x + 2, cols - 4, wn_str(w->host->ops->root(w->host)),
		    d->theme->ui[UI_MUTED]);
	tui_list_class.draw(&w->list, tui_view_sub(d->view, y + 3, x, (int)CHOICES, cols), d->theme,
			    d->focused);
}

static bool
key(void *self, const struct tui_key *k)
{
	struct welcome *w = self;

	if (k->code == TUI_KEY_ENTER && w->list.current >= 0) {
		w->host->ops->run(w->host, choices[w->list.current].command, NULL);
		return true;
	}
	return tui_list_class.key(&w->list, k);
}

static void *
open_welcome(struct pane_host *h, const char *arg, const struct wn_json *state, struct wn_diag *d)
{
	struct welcome *w = WN_NEW(struct welcome);

	(void)arg;
	(void)state;
	(void)d;
	w->host = h;
	w->list.row = row;
	w->list.arg = w;
	tui_list_set(&w->list, CHOICES);
	return w;
}

static void
close_welcome(void *self)
{
	wn_free(self);
}

extern const struct pane_type pane_welcome;
const struct pane_type pane_welcome = {
	.name = "welcome",
	.title = TUI_TEXT("Welcome", "أهلا"),
	.place = PANE_CENTER,
	.flags = PANE_SINGLE,
	.open = open_welcome,
	.close = close_welcome,
	.draw = draw,
	.key = key,
	.keys = TUI_TEXT("Up, Down\tchoose\nEnter\tdo it\n", "Up, Down\tاختيار\nEnter\tتنفيذ\n"),
};
