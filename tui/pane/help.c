/*
 * The help pane: first steps and the keys that matter, in the person's language.
 */
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/vec.h"
#include "tui/pane/pane.h"
#include "tui/widget/list.h"

/* "@command" stands for the keys bound to it; lines with '#' in front are headings. */
static const struct tui_text page =
	TUI_TEXT("#Everything\n"
		 "@app.palette\tevery command, found by typing a part of its name\n"
		 "@app.keys\tthe keys of the pane you are in (? where nothing is typed)\n"
		 "@app.quit\tquit; what is not saved is asked about\n"
		 "#Moving about\n"
		 "@app.find_file\topen a file of this folder by a part of its name\n"
		 "@pane.files\tthe tree of files\n"
		 "@app.focus_next\tthe next pane; Alt-1 to Alt-9 by number\n"
		 "@app.tab_next\tthe next tab\n"
		 "@app.zoom\tone pane over the whole screen, and back\n"
		 "@app.close\tclose the pane or file\n"
		 "#Editing\n"
		 "@editor.save\tsave\n"
		 "@editor.undo\tundo\n"
		 "@editor.redo\tredo\n"
		 "@editor.find\tfind; Enter next, Up previous, Esc done\n"
		 "@editor.replace\tfind and replace\n"
		 "@editor.goto\tgo to a line\n"
		 "@editor.add_next\tselect the word, then the same word again\n"
		 "@editor.comment\tcomment lines and back\n"
		 "#Appearance\n"
		 "@app.theme\tdark, light, or high contrast\n"
		 "@app.redraw\tdraw the screen again\n"
		 "@app.suspend\tto the shell; fg comes back\n",
		 "#كل شيء\n"
		 "@app.palette\tكل الأوامر، بكتابة جزء من الاسم\n"
		 "@app.keys\tمفاتيح اللوحة التي أنت فيها\n"
		 "@app.quit\tخروج، مع سؤال عما لم يحفظ\n"
		 "#التنقل\n"
		 "@app.find_file\tفتح ملف بجزء من اسمه\n"
		 "@pane.files\tشجرة الملفات\n"
		 "@app.focus_next\tاللوحة التالية، أو Alt-1 إلى Alt-9\n"
		 "@app.tab_next\tاللسان التالي\n"
		 "@app.zoom\tلوحة واحدة على كامل الشاشة\n"
		 "@app.close\tإغلاق اللوحة أو الملف\n"
		 "#التحرير\n"
		 "@editor.save\tحفظ\n"
		 "@editor.undo\tتراجع\n"
		 "@editor.redo\tإعادة\n"
		 "@editor.find\tبحث\n"
		 "@editor.replace\tبحث واستبدال\n"
		 "@editor.goto\tإلى سطر\n"
		 "#المظهر\n"
		 "@app.theme\tداكن أو فاتح أو عالي التباين\n"
		 "@app.suspend\tإلى الصدفة، وfg للرجوع\n");

struct help {
	struct pane_host *host;
	struct tui_list list;
	WN_VEC(struct wn_str) lines;
};

static void
row(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t, struct tui_style base)
{
	struct help *h = arg;
	struct wn_str s = h->lines.p[i], key;
	char id[64];
	size_t n;

	if (s.len > 0 && s.p[0] == '#') {
		tui_put(v, 0, 1, wn_str_sub(s, 1, s.len), tui_style_over(base, t->ui[UI_FOLDER]));
		return;
	}
	wn_str_split(&s, '\t', &key);
	n = key.len - 1 < sizeof id - 1 ? key.len - 1 : sizeof id - 1;
	memcpy(id, key.p + 1, n);
	id[n] = '\0';
	tui_put_cut(v, 0, 3, 14, wn_str(h->host->ops->keys(h->host, id)),
		    tui_style_over(base, t->ui[UI_KEY]));
	tui_put_cut(v, 0, 18, v.cols - 19, s, base);
}

static void
draw(void *self, const struct pane_draw *d)
{
	struct help *h = self;

	tui_list_class.draw(&h->list, d->view, d->theme, d->focused);
}

static bool
key(void *self, const struct tui_key *k)
{
	return tui_list_class.key(&((struct help *)self)->list, k);
}

static bool
mouse(void *self, const struct tui_mouse *m)
{
	return tui_list_class.mouse(&((struct help *)self)->list, m);
}

static void *
open_help(struct pane_host *host, const char *arg, const struct wn_json *state, struct wn_diag *d)
{
	struct help *h = WN_NEW(struct help);
	struct wn_str rest = wn_str(host->ops->tr(host, page)), line;

	(void)arg;
	(void)state;
	(void)d;
	h->host = host;
	while (wn_str_split(&rest, '\n', &line))
		if (line.len > 0)
			wn_vec_push(&h->lines, line);
	h->list.row = row;
	h->list.arg = h;
	tui_list_set(&h->list, (int64_t)h->lines.len);
	return h;
}

static void
close_help(void *self)
{
	struct help *h = self;

	wn_vec_fini(&h->lines);
	wn_free(h);
}

extern const struct pane_type pane_help;
const struct pane_type pane_help = {
	.name = "help",
	.title = TUI_TEXT("Help", "المساعدة"),
	.place = PANE_CENTER,
	.flags = PANE_SINGLE,
	.open = open_help,
	.close = close_help,
	.draw = draw,
	.key = key,
	.mouse = mouse,
	.keys = TUI_TEXT("Up, Down\tscroll\nq\tclose\n", "Up, Down\tتمرير\nq\tإغلاق\n"),
};
