/*
 * The application object: made, run, unmade; leaving with unsaved text.
 */
#include "tui/app/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/term/tty.h"

#define FIRST_WAIT_MS 15
#define CLIPBOARD_MAX ((size_t)256 << 20)

static void
on_async(uv_async_t *h)
{
	app_posts_run(h->data);
}

/* The open folder: the one given, or the one a given file is in (or here, when it is below). */
static char *
find_root(const struct app_opts *o, char **file_out)
{
	char cwd[4096], *path, *slash;

	*file_out = NULL;
	if (getcwd(cwd, sizeof cwd) == NULL)
		snprintf(cwd, sizeof cwd, "/");
	if (o->path == NULL)
		return wn_strdup(cwd);
	path = wn_path_clean(o->path, cwd);
	if (wn_file_is_dir(path))
		return path;
	*file_out = wn_strdup(path);
	if (strncmp(path, cwd, strlen(cwd)) == 0 && path[strlen(cwd)] == '/') {
		wn_free(path);
		return wn_strdup(cwd);
	}
	slash = strrchr(path, '/');
	if (slash != NULL && slash != path)
		*slash = '\0';
	return path;
}

static void
pick_language(struct app *a)
{
	static const char *const vars[] = { "WEBNOVA_LANG", "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof vars / sizeof vars[0]; i++) {
		const char *v = getenv(vars[i]);

		if (v != NULL && v[0] != '\0') {
			a->arabic = strncmp(v, "ar", 2) == 0;
			return;
		}
	}
}

static wn_err
pick_theme(struct app *a, struct tui_theme *out, struct wn_diag *d)
{
	const char *name = a->opts.theme != NULL ? a->opts.theme : getenv("WEBNOVA_THEME");

	a->theme_chosen = name != NULL && name[0] != '\0';
	return tui_theme_load(a->theme_chosen ? name : "dark", out, d);
}

/* The person's own bindings of a keymap; no file: none. */
static wn_err
own_bindings(struct tui_keymap *k, struct wn_diag *d)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	bool have = xdg != NULL && xdg[0] == '/';
	struct wn_buf b;
	char *path;
	wn_err err = 0;

	if (!have && home == NULL)
		return 0;
	path = wn_asprintf("%s%s/webnova/keymap/%s.json", have ? xdg : home, have ? "" : "/.config",
			   k->name);
	wn_buf_init(&b, (size_t)1 << 20);
	if (access(path, R_OK) == 0)
		err = wn_file_read(path, &b, d);
	if (err == 0 && b.len > 0)
		err = tui_keymap_add(k, wn_buf_view(&b), d);
	wn_buf_fini(&b);
	wn_free(path);
	return err;
}

static wn_err
load_keymap(struct app *a, const char *name, struct wn_diag *d)
{
	struct tui_keymap k;
	struct wn_diag own = { 0 };
	wn_err err = tui_keymap_load(name, &k, d);

	if (err != 0)
		return err;
	if (own_bindings(&k, &own) != 0) /* the keys must work all the same */
		app_say(a, PANE_WARN, "%s", own.text);
	tui_keymap_fini(&a->keymap);
	a->keymap = k;
	return 0;
}

static wn_err
pick_keymap(struct app *a, struct wn_diag *d)
{
	const char *name = getenv("WEBNOVA_KEYMAP");

	a->keymap_chosen = name != NULL && name[0] != '\0';
	return load_keymap(a, a->keymap_chosen ? name : "standard", d);
}

wn_err
app_use_keymap(struct app *a, const char *name, struct wn_diag *d)
{
	wn_err err = load_keymap(a, name, d);

	if (err != 0)
		return err;
	app_which_stop(a);
	a->keymap_chosen = true;
	a->redraw = true;
	return 0;
}

/* Without colours, what a background said is said in reverse. */
static void
without_colors(struct tui_theme *t)
{
	static const enum tui_look looks[] = { UI_TITLE,       UI_STATUS,	  UI_STATUS_KEY,
					       UI_SELECTION,   UI_MATCH,	  UI_MATCH_ACTIVE,
					       UI_LIST_ACTIVE, UI_SCROLLBAR_THUMB };

	for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
		t->ui[looks[i]].attr |= TUI_REVERSE;
	t->ui[UI_INPUT].attr |= TUI_UNDERLINE;
}

void
app_use_theme(struct app *a, const struct tui_theme *t)
{
	a->theme = *t;
	if (tui_term_caps(a->term)->colors < 8)
		without_colors(&a->theme);
	tui_term_base(a->term, t->ui[UI_TEXT], t->dark);
	a->redraw = true;
	app_tell(a, NULL, &(struct pane_event){ .type = PANE_THEME });
}

static wn_err
open_terminal(struct app *a, struct wn_diag *d)
{
	struct tui_term_opts o = { .term = getenv("TERM"),
				   .colorterm = getenv("COLORTERM"),
				   .colors = a->opts.colors,
				   .rows = 24,
				   .cols = 80 };
	const char *no_color = getenv("NO_COLOR");

	a->tty.fd_in = 0;
	a->tty.fd_out = 1;
	if (!isatty(0) || !isatty(1))
		return wn_fail(d, WN_E_TERMINAL,
			       "the IDE needs a terminal for input and output; here is a pipe or a "
			       "file. For scripts there are commands: webnova --help");
	if (o.colors == 0 && no_color != NULL && no_color[0] != '\0')
		o.colors = 1;
	o.ascii = getenv("WEBNOVA_ASCII") != NULL;
	tui_tty_size(1, &o.rows, &o.cols);
	tui_grid_init(&a->grid, o.rows, o.cols);
	return tui_term_new(&o, &a->term, d);
}

static void
open_first_panes(struct app *a, const char *file)
{
	if (file == NULL)
		app_session_load(a);
	if (a->tabs.len == 0)
		app_open(a, "files", NULL, NULL);
	if (file != NULL)
		app_open_path(a, file, 0, 0);
	if (a->center->tabs.len == 0)
		app_open(a, "welcome", NULL, NULL);
}

static void
on_enough(uv_timer_t *t)
{
	(void)t;
}

/* A file on a quick disk is in the first picture; a slow one comes when it is read. */
static void
wait_for_files(struct app *a)
{
	uv_timer_t *t = WN_NEW(uv_timer_t);
	uint64_t until = uv_hrtime() + FIRST_WAIT_MS * UINT64_C(1000000);

	uv_timer_init(a->loop, t);
	uv_update_time(a->loop);
	uv_timer_start(t, on_enough, FIRST_WAIT_MS, 0);
	while (a->working > 0 && !a->quit && uv_hrtime() < until)
		uv_run(a->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)t, (uv_close_cb)wn_free);
	a->starting = false;
}

wn_err
app_init(struct app *a, uv_loop_t *loop, const struct app_opts *opts, struct wn_diag *d)
{
	struct tui_theme theme;
	char *file;
	wn_err err;

	*a = (struct app){ .loop = loop, .opts = *opts };
	a->test = getenv("WEBNOVA_TEST") != NULL;
	wn_clock_fake_init(&a->fake, 1767225600000);
	a->clock = a->test ? &a->fake.clock : wn_clock_real();
	a->posted_last = &a->posted;
	pthread_mutex_init(&a->lock, NULL);
	tui_input_init(&a->input, app_event, a);
	a->input.sync = a->test;
	wn_buf_init(&a->clipboard, CLIPBOARD_MAX);
	tui_layout_init(&a->layout);
	a->center = a->layout.root;
	app_timers_init(a);
	uv_async_init(loop, &a->async, on_async);
	a->async.data = a;
	a->slow_link = getenv("SSH_CONNECTION") != NULL;
	pick_language(a);
	a->root = find_root(opts, &file);
	err = pick_theme(a, &theme, d);
	if (err == 0)
		err = pick_keymap(a, d);
	if (err == 0)
		err = open_terminal(a, d);
	if (err == 0)
		app_use_theme(a, &theme);
	if (err == 0)
		err = app_tty_open(a, d);
	if (err == 0) {
		a->redraw = a->starting = true;
		open_first_panes(a, file);
		wait_for_files(a);
		app_compose(a); /* the first picture, before the engine is asked */
		app_tty_send(a);
		app_engine_start(a);
		app_session_unnamed(a);
	}
	wn_free(file);
	return err;
}

void
app_fini(struct app *a)
{
	a->quit = true;
	if (a->overlay != NULL)
		app_overlay_close(a);
	while (a->tabs.len > 0)
		app_close_now(a, wn_vec_last(&a->tabs));
	for (size_t i = a->shared.len; i > 0; i--)
		a->shared.p[i - 1].kind->free(a->shared.p[i - 1].obj);
	wn_vec_fini(&a->shared);
	app_timers_drop(a, NULL);
	wn_client_free(a->client);
	if (a->term != NULL)
		app_tty_close(a);
	uv_close((uv_handle_t *)&a->timer, NULL);
	uv_close((uv_handle_t *)&a->async, NULL);
	while (uv_run(a->loop, UV_RUN_DEFAULT) != 0)
		continue;
	app_posts_run(a);
	tui_term_free(a->term);
	tui_grid_fini(&a->grid);
	tui_keymap_fini(&a->keymap);
	tui_layout_fini(&a->layout);
	tui_input_fini(&a->input);
	wn_vec_fini(&a->tabs);
	wn_vec_fini(&a->rects);
	app_arrangements_free(a);
	app_ahead_fini(a);
	for (size_t i = 0; i < a->recent.len; i++)
		wn_free(a->recent.p[i]);
	wn_vec_fini(&a->recent);
	wn_buf_fini(&a->clipboard);
	wn_buf_fini(&a->tty.buf);
	wn_buf_fini(&a->tty.flight);
	pthread_mutex_destroy(&a->lock);
	wn_free(a->root);
}

/* ---- leaving ---- */

static void
leave(struct app *a)
{
	app_session_save(a);
	a->quit = true;
	uv_stop(a->loop);
}

void
app_die(struct app *a, int code)
{
	if (a->quit)
		return;
	for (size_t i = 0; i < a->tabs.len; i++) {
		struct tab *t = a->tabs.p[i];

		if (t->self != NULL && t->type->rescue != NULL)
			t->type->rescue(t->self, false);
	}
	a->exit_code = code;
	leave(a);
}

static bool
any_saving(const struct app *a)
{
	for (size_t i = 0; i < a->tabs.len; i++) {
		const struct tab *t = a->tabs.p[i];

		if (t->type->saving != NULL && t->self != NULL && t->type->saving(t->self))
			return true;
	}
	return false;
}

void
app_quit_go_on(struct app *a)
{
	if (!a->quit_waits || a->quit || any_saving(a))
		return;
	a->quit_waits = false;
	app_quit(a);
}

static void save_next(struct app *a);

static void
on_saved(void *arg, wn_err err)
{
	struct app *a = arg;

	if (err == 0)
		save_next(a);
}

/* Saves one dirty pane after the other; the first that cannot be saved is shown, and nothing is
 * left. */
static void
save_next(struct app *a)
{
	for (size_t i = 0; i < a->tabs.len; i++) {
		struct tab *t = a->tabs.p[i];

		if (t->type->dirty == NULL || !t->type->dirty(t->self) || t->type->save_all == NULL)
			continue;
		app_show(a, t);
		t->type->save_all(t->self, on_saved, a);
		return;
	}
	leave(a);
}

static void
on_quit_answer(void *arg, const char *text)
{
	struct app *a = arg;

	if (text == NULL || a->quit)
		return;
	if (text[0] == 's')
		save_next(a);
	else if (text[0] == 'd')
		leave(a);
}

void
app_quit(struct app *a)
{
	static const struct pane_choice choices[] = {
		{ 's', TUI_TEXT("save all and quit", "حفظ الكل والخروج") },
		{ 'd', TUI_TEXT("quit without saving", "الخروج دون حفظ") },
		{ 'c', TUI_TEXT("stay", "البقاء") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};
	char names[256] = "", label[96];
	size_t n = 0, at = 0;

	if (any_saving(a)) {
		a->quit_waits = true;
		app_say(a, PANE_INFO, "%s",
			app_tr(a, (struct tui_text)TUI_TEXT("Saving, then quitting. Esc stays.",
							    "حفظ ثم خروج. Esc للبقاء.")));
		return;
	}

	for (size_t i = 0; i < a->tabs.len; i++) {
		struct tab *t = a->tabs.p[i];

		if (t->type->dirty == NULL || !t->type->dirty(t->self))
			continue;
		app_tab_label(t, label, sizeof label);
		if (at < sizeof names)
			at += (size_t)snprintf(names + at, sizeof names - at, "%s%s", n ? ", " : "",
					       label);
		n++;
	}
	if (n == 0) {
		leave(a);
		return;
	}
	{
		char text[400];

		snprintf(text, sizeof text, "%s %s",
			 app_tr(a, (struct tui_text)TUI_TEXT("Not saved:", "لم يحفظ:")), names);
		app_choose(a, NULL, text, choices, on_quit_answer, a);
	}
}
