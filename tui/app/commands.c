/*
 * The application's own commands, running any command by id, and the palette over all of them.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/app/app.h"

static void
cmd_palette(void *self, const char *arg)
{
	(void)arg;
	app_palette(self);
}

static void
cmd_quit(void *self, const char *arg)
{
	(void)arg;
	app_quit(self);
}

static void
cmd_close(void *self, const char *arg)
{
	struct app *a = self;

	(void)arg;
	if (app_focus(a) != NULL)
		app_close(a, app_focus(a));
}

static void
cmd_help(void *self, const char *arg)
{
	(void)arg;
	app_open(self, "help", NULL, NULL);
}

static void
cmd_new_file(void *self, const char *arg)
{
	(void)arg;
	app_open(self, "editor", NULL, NULL);
}

static void
cmd_redraw(void *self, const char *arg)
{
	struct app *a = self;

	(void)arg;
	tui_term_spoil(a->term);
	a->redraw = true;
}

static void
cmd_suspend(void *self, const char *arg)
{
	(void)arg;
	app_suspend(self);
}

static void
cmd_zoom(void *self, const char *arg)
{
	struct app *a = self;

	(void)arg;
	a->layout.zoom = !a->layout.zoom;
	a->redraw = true;
}

static void
focus_dir(struct app *a, enum tui_dir dir)
{
	struct tui_node *n = tui_layout_toward(&a->layout, dir);

	if (n != NULL)
		app_set_focus(a, n, n->active);
}

static void
cmd_left(void *self, const char *arg)
{
	(void)arg;
	focus_dir(self, TUI_DIR_LEFT);
}
static void
cmd_right(void *self, const char *arg)
{
	(void)arg;
	focus_dir(self, TUI_DIR_RIGHT);
}
static void
cmd_up(void *self, const char *arg)
{
	(void)arg;
	focus_dir(self, TUI_DIR_UP);
}
static void
cmd_down(void *self, const char *arg)
{
	(void)arg;
	focus_dir(self, TUI_DIR_DOWN);
}

static void
cmd_focus(void *self, const char *arg)
{
	struct app *a = self;
	struct tui_node *n =
		tui_layout_nth(&a->layout, arg != NULL ? (int)strtol(arg, NULL, 10) - 1 : 0);

	if (n != NULL)
		app_set_focus(a, n, n->active);
}

static void
cmd_focus_next(void *self, const char *arg)
{
	struct app *a = self;

	(void)arg;
	for (int i = 0;; i++) {
		struct tui_node *n = tui_layout_nth(&a->layout, i), *next;

		if (n == NULL)
			return;
		if (n != a->layout.focus)
			continue;
		next = tui_layout_nth(&a->layout, i + 1);
		if (next == NULL)
			next = tui_layout_nth(&a->layout, 0);
		app_set_focus(a, next, next->active);
		return;
	}
}

static void
tab_step(struct app *a, size_t step)
{
	struct tui_node *n = a->layout.focus;

	if (n->tabs.len > 1)
		app_set_focus(a, n, (n->active + step) % n->tabs.len);
}

static void
cmd_tab_next(void *self, const char *arg)
{
	(void)arg;
	tab_step(self, 1);
}

static void
cmd_tab_prev(void *self, const char *arg)
{
	struct app *a = self;

	(void)arg;
	tab_step(a, a->layout.focus->tabs.len - 1);
}

static void
resize_by(struct app *a, enum tui_dir dir)
{
	struct tui_rect area = { 1, 0, a->grid.rows - 2, a->grid.cols };

	tui_layout_grow(&a->layout, dir, 2);
	tui_layout_place(&a->layout, area); /* the next key of this turn counts from here */
	a->redraw = true;
}

static void
cmd_wider(void *self, const char *arg)
{
	(void)arg;
	resize_by(self, TUI_DIR_RIGHT);
}

static void
cmd_narrower(void *self, const char *arg)
{
	(void)arg;
	resize_by(self, TUI_DIR_LEFT);
}

static void
cmd_taller(void *self, const char *arg)
{
	(void)arg;
	resize_by(self, TUI_DIR_DOWN);
}

static void
cmd_lower(void *self, const char *arg)
{
	(void)arg;
	resize_by(self, TUI_DIR_UP);
}

/* ---- arranging ---- */

static void
cmd_move_left(void *self, const char *arg)
{
	(void)arg;
	app_move(self, TUI_DIR_LEFT);
}

static void
cmd_move_right(void *self, const char *arg)
{
	(void)arg;
	app_move(self, TUI_DIR_RIGHT);
}

static void
cmd_move_up(void *self, const char *arg)
{
	(void)arg;
	app_move(self, TUI_DIR_UP);
}

static void
cmd_move_down(void *self, const char *arg)
{
	(void)arg;
	app_move(self, TUI_DIR_DOWN);
}

static void
cmd_split_right(void *self, const char *arg)
{
	(void)arg;
	app_split(self, TUI_DIR_RIGHT);
}

static void
cmd_split_down(void *self, const char *arg)
{
	(void)arg;
	app_split(self, TUI_DIR_DOWN);
}

static void
cmd_arrangement_save(void *self, const char *arg)
{
	(void)arg;
	app_arrangement_save(self);
}

static void
cmd_arrangement(void *self, const char *arg)
{
	app_arrangement_choose(self, arg);
}

/* ---- theme ---- */

static void
set_theme(void *app, const char *name)
{
	struct app *a = app;
	struct tui_theme t;
	struct wn_diag d = { 0 };

	if (tui_theme_load(name, &t, &d) != 0) {
		app_fail(a, &d);
		return;
	}
	a->theme_chosen = true;
	app_use_theme(a, &t);
}

static void
cmd_theme(void *self, const char *arg)
{
	struct app *a = self;
	struct pick *p;

	if (arg != NULL) {
		set_theme(a, arg);
		return;
	}
	p = app_pick_new(a, app_tr(a, (struct tui_text)TUI_TEXT("Theme", "السمة")), NULL, false,
			 set_theme, a);
	for (const char *const *n = tui_theme_names(); *n != NULL; n++)
		app_pick_add(p, *n, *n, NULL, strcmp(*n, a->theme.name) == 0 ? "now" : NULL);
	app_pick_show(p);
}

/* ---- keymap ---- */

static void
set_keymap(void *app, const char *name)
{
	struct app *a = app;
	struct wn_diag d = { 0 };

	if (app_use_keymap(a, name, &d) != 0)
		app_fail(a, &d);
	else
		app_session_soon(a);
}

static void
cmd_keymap(void *self, const char *arg)
{
	static const char *const names[] = { "standard", "vim" };
	struct app *a = self;
	struct pick *p;

	if (arg != NULL) {
		set_keymap(a, arg);
		return;
	}
	p = app_pick_new(a, app_tr(a, (struct tui_text)TUI_TEXT("Keymap", "خريطة المفاتيح")), NULL,
			 false, set_keymap, a);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		app_pick_add(p, names[i], names[i], NULL,
			     strcmp(names[i], a->keymap.name) == 0 ? "now" : NULL);
	app_pick_show(p);
}

/* ---- keys of the focused pane ---- */

static void
add_bindings(struct app *a, struct wn_buf *b, const char *pane, const struct tui_command *c)
{
	for (; c != NULL && c->id != NULL; c++)
		for (size_t i = 0; i < a->keymap.b.len; i++) {
			const struct tui_binding *k = &a->keymap.b.p[i];

			if (strcmp(k->command, c->id) != 0 || strcmp(k->pane, pane) != 0 ||
			    k->arg != NULL)
				continue;
			if (!tui_term_caps(a->term)->kitty && !tui_chord_is_legacy(&k->chord))
				continue; /* this terminal cannot send it */
			tui_chord_print(&k->chord, b);
			wn_buf_printf(b, "\t%s\n", app_tr(a, c->title));
		}
}

static void
cmd_keys(void *self, const char *arg)
{
	struct app *a = self;
	struct tab *t = app_focus(a);
	struct wn_buf b;

	(void)arg;
	if (t == NULL)
		return;
	wn_buf_init(&b, 65536);
	wn_buf_cstr(&b, app_tr(a, t->type->keys));
	add_bindings(a, &b, t->type->name, t->type->commands);
	add_bindings(a, &b, "", app_commands);
	app_page(a, app_tr(a, t->type->title), wn_buf_take(&b, NULL));
}

/* ---- finding a file by name ---- */

#define WALK_MAX 200000
#define WALK_DEPTH 24

struct walk {
	struct app *app;
	struct pick *pick; /* shown while the folder is read; only to be compared until it is found
			      shown */
	char *root;
	struct wn_buf paths; /* NUL-separated, relative to root */
	const char **sorted;
	size_t n;
	unsigned id; /* of the walk: an old one's picker may be gone and its memory in use again */
	uv_work_t req;
};

static bool
skip_dir(const char *name)
{
	return strcmp(name, ".git") == 0 || strcmp(name, "node_modules") == 0 ||
	       strcmp(name, ".svn") == 0 || strcmp(name, ".hg") == 0;
}

static void
walk_dir(struct walk *w, const char *rel, int depth)
{
	char *path = rel[0] != '\0' ? wn_path_join(w->root, rel) : wn_strdup(w->root);
	DIR *dir = opendir(path);
	struct dirent *e;

	wn_free(path);
	while (dir != NULL && w->n < WALK_MAX && (e = readdir(dir)) != NULL) {
		char *sub;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		sub = rel[0] != '\0' ? wn_path_join(rel, e->d_name) : wn_strdup(e->d_name);
		if (e->d_type == DT_DIR && depth < WALK_DEPTH && !skip_dir(e->d_name)) {
			walk_dir(w, sub, depth + 1);
		} else if (e->d_type == DT_REG || e->d_type == DT_LNK) {
			wn_buf_add(&w->paths, sub, strlen(sub) + 1);
			w->n++;
		}
		wn_free(sub);
	}
	if (dir != NULL)
		closedir(dir);
}

static int
by_path(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void
sort_paths(struct walk *w)
{
	size_t n = 0;

	w->sorted = wn_alloc_array(w->n + 1, sizeof *w->sorted);
	for (size_t i = 0; i < w->paths.len; i += strlen(w->paths.p + i) + 1)
		w->sorted[n++] = w->paths.p + i;
	w->n = n; /* the buffer has a maximum */
	qsort(w->sorted, n, sizeof *w->sorted, by_path);
}

static void
walk_work(uv_work_t *req)
{
	struct walk *w = req->data;

	walk_dir(w, "", 0);
	sort_paths(w);
}

static void
open_found(void *app, const char *id)
{
	app_open_path(app, id, 0, 0);
}

static void
fill(struct walk *w)
{
	char *memory = wn_buf_take(&w->paths, NULL);

	app_pick_add_many(w->pick, memory, w->sorted, w->n);
	app_pick_filled(w->pick);
}

static void
walk_done(uv_work_t *req, int status)
{
	struct walk *w = req->data;
	struct app *a = w->app;

	a->working--;
	if (status == 0 && !a->quit && a->picks == w->id && app_pick_is_shown(a, w->pick))
		fill(w);
	wn_buf_fini(&w->paths);
	wn_free(w->sorted);
	wn_free(w->root);
	wn_free(w);
}

static void
cmd_find_file(void *self, const char *arg)
{
	struct app *a = self;
	struct walk *w;

	if (arg != NULL) {
		app_open_path(a, arg, 0, 0);
		return;
	}
	w = WN_NEW(struct walk);
	w->app = a;
	w->root = wn_strdup(a->root);
	wn_buf_init(&w->paths, (size_t)64 << 20);
	w->req.data = w;
	w->pick = app_pick_new(a, app_tr(a, (struct tui_text)TUI_TEXT("Open a file", "فتح ملف")),
			       NULL, true, open_found, a);
	app_pick_wait(w->pick);
	w->id = a->picks;
	a->working++;
	uv_queue_work(a->loop, &w->req, walk_work, walk_done);
}

const struct tui_command app_commands[] = {
	{ "app.palette", TUI_TEXT("Commands", "الأوامر"), cmd_palette, true },
	{ "app.find_file", TUI_TEXT("Open a file by name", "فتح ملف بالاسم"), cmd_find_file,
	  false },
	{ "app.new_file", TUI_TEXT("New file", "ملف جديد"), cmd_new_file, false },
	{ "app.close", TUI_TEXT("Close this pane", "إغلاق هذه اللوحة"), cmd_close, false },
	{ "app.quit", TUI_TEXT("Quit", "خروج"), cmd_quit, false },
	{ "app.help", TUI_TEXT("Help", "المساعدة"), cmd_help, false },
	{ "app.keys", TUI_TEXT("Keys of this pane", "مفاتيح هذه اللوحة"), cmd_keys, false },
	{ "app.theme", TUI_TEXT("Choose a theme", "اختيار السمة"), cmd_theme, false },
	{ "app.keymap", TUI_TEXT("Choose the keymap", "اختيار خريطة المفاتيح"), cmd_keymap, false },
	{ "app.zoom", TUI_TEXT("Zoom this pane", "تكبير هذه اللوحة"), cmd_zoom, false },
	{ "app.focus_left", TUI_TEXT("Go to the pane on the left", "إلى اللوحة اليسرى"), cmd_left,
	  false },
	{ "app.focus_right", TUI_TEXT("Go to the pane on the right", "إلى اللوحة اليمنى"),
	  cmd_right, false },
	{ "app.focus_up", TUI_TEXT("Go to the pane above", "إلى اللوحة العليا"), cmd_up, false },
	{ "app.focus_down", TUI_TEXT("Go to the pane below", "إلى اللوحة السفلى"), cmd_down,
	  false },
	{ "app.focus_next", TUI_TEXT("Go to the next pane", "إلى اللوحة التالية"), cmd_focus_next,
	  false },
	{ "app.focus", TUI_TEXT("Go to a pane by number", "إلى لوحة برقمها"), cmd_focus, true },
	{ "app.tab_next", TUI_TEXT("Next tab", "اللسان التالي"), cmd_tab_next, false },
	{ "app.tab_prev", TUI_TEXT("Previous tab", "اللسان السابق"), cmd_tab_prev, false },
	{ "app.wider", TUI_TEXT("Make this pane wider", "توسيع اللوحة"), cmd_wider, false },
	{ "app.narrower", TUI_TEXT("Make this pane narrower", "تضييق اللوحة"), cmd_narrower,
	  false },
	{ "app.taller", TUI_TEXT("Make this pane taller", "إطالة اللوحة"), cmd_taller, false },
	{ "app.lower", TUI_TEXT("Make this pane lower", "تقصير اللوحة"), cmd_lower, false },
	{ "app.move_left", TUI_TEXT("Move this pane left", "نقل اللوحة يسارا"), cmd_move_left,
	  false },
	{ "app.move_right", TUI_TEXT("Move this pane right", "نقل اللوحة يمينا"), cmd_move_right,
	  false },
	{ "app.move_up", TUI_TEXT("Move this pane up", "نقل اللوحة إلى أعلى"), cmd_move_up, false },
	{ "app.move_down", TUI_TEXT("Move this pane down", "نقل اللوحة إلى أسفل"), cmd_move_down,
	  false },
	{ "app.split_right", TUI_TEXT("Split: this pane to the right", "تقسيم: هذه اللوحة يمينا"),
	  cmd_split_right, false },
	{ "app.split_down", TUI_TEXT("Split: this pane below", "تقسيم: هذه اللوحة أسفل"),
	  cmd_split_down, false },
	{ "app.arrangement_save", TUI_TEXT("Keep this arrangement of panes", "حفظ ترتيب اللوحات"),
	  cmd_arrangement_save, false },
	{ "app.arrangement", TUI_TEXT("Arrange the panes as kept", "ترتيب اللوحات كما حفظ"),
	  cmd_arrangement, false },
	{ "app.redraw", TUI_TEXT("Draw the screen again", "إعادة رسم الشاشة"), cmd_redraw, false },
	{ "app.suspend", TUI_TEXT("Suspend to the shell", "تعليق إلى الصدفة"), cmd_suspend, false },
	{ 0 },
};

/* ---- any command ---- */

static const struct tui_command *
find_in(const struct tui_command *c, const char *id)
{
	for (; c != NULL && c->id != NULL; c++)
		if (strcmp(c->id, id) == 0)
			return c;
	return NULL;
}

/* The pane a pane's command runs on: the focused one of that type, else any, else a new one. */
static struct tab *
target(struct app *a, const struct pane_type *type)
{
	struct tab *t = app_focus(a);

	if (t != NULL && t->type == type)
		return t;
	for (size_t i = 0; i < a->tabs.len; i++)
		if (a->tabs.p[i]->type == type)
			return a->tabs.p[i];
	return type->flags & PANE_SINGLE ? app_open(a, type->name, NULL, NULL) : NULL;
}

bool
app_run(struct app *a, const char *id, const char *arg)
{
	const struct tui_command *c = find_in(app_commands, id);

	if (c != NULL) {
		c->run(a, arg);
		return true;
	}
	if (strncmp(id, "pane.", 5) == 0) {
		app_open(a, id + 5, arg, NULL);
		return true;
	}
	for (const struct pane_type *const *t = pane_table; *t != NULL; t++) {
		struct tab *tab;

		c = find_in((*t)->commands, id);
		if (c == NULL)
			continue;
		if (c->run == NULL) {
			app_open(a, (*t)->name, strrchr(id, '.') + 1, NULL);
			return true;
		}
		tab = target(a, *t);
		if (tab == NULL) {
			app_say(a, PANE_WARN, "%s: %s", app_tr(a, c->title),
				app_tr(a, (struct tui_text)TUI_TEXT("open a file first.",
								    "افتح ملفا أولا.")));
			return true;
		}
		tab->dirty = true;
		c->run(tab->self, arg);
		return true;
	}
	app_say(a, PANE_ERROR, "There is no command \"%s\".", id);
	return false;
}

static void
remember(struct app *a, const char *id)
{
	for (size_t i = 0; i < a->recent.len; i++)
		if (strcmp(a->recent.p[i], id) == 0) {
			wn_free(a->recent.p[i]);
			wn_vec_remove(&a->recent, i);
			break;
		}
	wn_vec_push(&a->recent, NULL);
	memmove(a->recent.p + 1, a->recent.p, (a->recent.len - 1) * sizeof *a->recent.p);
	a->recent.p[0] = wn_strdup(id);
	if (a->recent.len > RECENT_MAX)
		wn_free(a->recent.p[--a->recent.len]);
}

static void
run_chosen(void *app, const char *id)
{
	remember(app, id);
	app_run(app, id, NULL);
}

/* 0 for the command used last; what was never chosen comes behind. */
static uint32_t
last_use(const struct app *a, const char *id)
{
	for (size_t i = 0; i < a->recent.len; i++)
		if (strcmp(a->recent.p[i], id) == 0)
			return (uint32_t)i;
	return RECENT_MAX;
}

static void
add_commands(struct app *a, struct pick *p, const struct tui_command *c)
{
	for (; c != NULL && c->id != NULL; c++)
		if (!c->hidden)
			app_pick_add_ranked(p, c->id, app_tr(a, c->title),
					    a->arabic ? c->title.en : c->title.ar,
					    app_keys(a, c->id), last_use(a, c->id));
}

void
app_palette(struct app *a)
{
	struct pick *p =
		app_pick_new(a, app_tr(a, (struct tui_text)TUI_TEXT("Commands", "الأوامر")),
			     app_tr(a, (struct tui_text)TUI_TEXT("type to search", "اكتب للبحث")),
			     false, run_chosen, a);
	struct tab *focus = app_focus(a);

	if (focus != NULL)
		add_commands(a, p, focus->type->commands);
	add_commands(a, p, app_commands);
	for (const struct pane_type *const *t = pane_table; *t != NULL; t++) {
		char id[64];

		if (focus == NULL || focus->type != *t)
			add_commands(a, p, (*t)->commands);
		if (!((*t)->flags & PANE_SINGLE))
			continue;
		snprintf(id, sizeof id, "pane.%s", (*t)->name);
		app_pick_add_ranked(p, id, app_tr(a, (*t)->title),
				    a->arabic ? (*t)->title.en : (*t)->title.ar, app_keys(a, id),
				    last_use(a, id));
	}
	app_pick_show(p);
}
