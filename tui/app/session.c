/*
 * The session of a folder: which panes were open and how they were, in one JSON file below the
 * state directory. A damaged or missing file gives a fresh start, never an error in the way.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "editor/document/recovery.h"
#include "tui/app/tree.h"
#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"
#include "tui/app/app.h"

#define SESSION_MAX ((size_t)1 << 20)
#define SESSION_TABS 64
#define SESSION_MS 2000
#define UNNAMED_MAX 16

static char *
session_path(const struct app *a, bool make)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *dir, *path, hex[WN_SHA256_HEX];

	if (xdg != NULL && xdg[0] == '/')
		dir = wn_asprintf("%s/webnova/sessions", xdg);
	else if (home != NULL && home[0] == '/')
		dir = wn_asprintf("%s/.local/state/webnova/sessions", home);
	else
		return NULL;
	if (make && wn_file_mkdirs(dir, 0700, NULL) != 0) {
		wn_free(dir);
		return NULL;
	}
	wn_sha256_hex(a->root, strlen(a->root), hex);
	hex[24] = '\0';
	path = wn_asprintf("%s/%s.json", dir, hex);
	wn_free(dir);
	return path;
}

static void
write_tab(struct wn_jw *w, struct tab *t, bool active)
{
	wn_jw_object(w);
	wn_jw_kstr(w, "pane", t->type->name);
	if (active)
		wn_jw_kbool(w, "active", true);
	wn_jw_key(w, "state");
	wn_jw_object(w);
	if (t->type->save != NULL)
		t->type->save(t->self, w);
	wn_jw_object_end(w);
	wn_jw_object_end(w);
}

static void
write_node(struct app *a, struct wn_jw *w, const struct tui_node *n)
{
	wn_jw_object(w);
	if (n->kind != TUI_LEAF) {
		wn_jw_kstr(w, "split", n->kind == TUI_SPLIT_ROW ? "row" : "column");
		wn_jw_kint(w, "weight", n->weight);
		wn_jw_kint(w, "fixed", n->fixed);
		wn_jw_key(w, "first");
		write_node(a, w, n->child[0]);
		wn_jw_key(w, "second");
		write_node(a, w, n->child[1]);
		wn_jw_object_end(w);
		return;
	}
	if (n == a->center)
		wn_jw_kbool(w, "center", true);
	if (n == a->layout.focus)
		wn_jw_kbool(w, "focus", true);
	wn_jw_kint(w, "active", (int)n->active);
	wn_jw_key(w, "tabs");
	wn_jw_array(w);
	for (size_t i = 0; i < n->tabs.len; i++)
		for (size_t k = 0; k < a->tabs.len && k < SESSION_TABS; k++)
			if (a->tabs.p[k] == n->tabs.p[i])
				wn_jw_int(w, (int)k);
	wn_jw_array_end(w);
	wn_jw_object_end(w);
}

static void
write_session(struct app *a, struct wn_buf *out)
{
	struct wn_jw w;
	struct tab *focus = app_focus(a);

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kint(&w, "version", 1);
	wn_jw_kstr(&w, "root", a->root);
	if (a->theme_chosen)
		wn_jw_kstr(&w, "theme", a->theme.name);
	if (a->keymap_chosen)
		wn_jw_kstr(&w, "keymap", a->keymap.name);
	if (focus != NULL)
		wn_jw_kstr(&w, "focus", focus->type->name);
	wn_jw_key(&w, "tabs");
	wn_jw_array(&w);
	for (size_t i = 0; i < a->tabs.len && i < SESSION_TABS; i++) {
		size_t at;
		struct tui_node *n = tui_layout_find(&a->layout, a->tabs.p[i], &at);

		write_tab(&w, a->tabs.p[i], n != NULL && n->active == at);
	}
	wn_jw_array_end(&w);
	wn_jw_key(&w, "layout");
	write_node(a, &w, a->layout.root);
	wn_jw_kbool(&w, "zoom", a->layout.zoom);
	wn_jw_key(&w, "arrangements");
	app_arrangements_write(a, &w);
	wn_jw_key(&w, "recent");
	wn_jw_array(&w);
	for (size_t i = 0; i < a->recent.len; i++)
		wn_jw_str(&w, wn_str(a->recent.p[i]));
	wn_jw_array_end(&w);
	wn_jw_object_end(&w);
	wn_buf_chr(out, '\n');
}

void
app_session_save(struct app *a)
{
	char *path = session_path(a, true);
	struct wn_buf b;

	if (path == NULL)
		return;
	wn_buf_init(&b, SESSION_MAX);
	write_session(a, &b);
	if (b.err == 0 && wn_file_write(path, wn_buf_view(&b), 0600, NULL) != 0)
		app_say(a, PANE_WARN, "The session could not be kept in %s.", path);
	wn_buf_fini(&b);
	wn_free(path);
}

/* ---- now and then, for the crash that nobody saw coming ---- */

struct writing {
	struct app *app;
	char *path;
	struct wn_buf text;
	uv_work_t req;
};

static void
write_work(uv_work_t *req)
{
	struct writing *w = req->data;

	(void)!wn_file_write(w->path, wn_buf_view(&w->text), 0600, NULL);
}

static void
write_done(uv_work_t *req, int status)
{
	struct writing *w = req->data;

	(void)status;
	w->app->working--;
	w->app->session_writing = false;
	wn_buf_fini(&w->text);
	wn_free(w->path);
	wn_free(w);
}

static void
on_session_due(void *arg)
{
	struct app *a = arg;
	struct writing *w;
	uint64_t hash;

	if (a->session_writing || a->quit)
		return;
	w = WN_NEW(struct writing);
	w->app = a;
	w->req.data = w;
	wn_buf_init(&w->text, SESSION_MAX);
	write_session(a, &w->text);
	hash = wn_hash64(w->text.p, w->text.len, 0);
	if (w->text.err != 0 || hash == a->session_hash ||
	    (w->path = session_path(a, true)) == NULL) {
		wn_buf_fini(&w->text);
		wn_free(w);
		return;
	}
	a->session_hash = hash;
	a->session_writing = true;
	a->working++;
	uv_queue_work(a->loop, &w->req, write_work, write_done);
}

void
app_session_soon(struct app *a)
{
	if (a->session_timer == NULL && !a->quit)
		app_timer(a, NULL, &a->session_timer, SESSION_MS, on_session_due, a);
}

/* ---- coming back ---- */

struct restoring {
	struct app_tree tree;		/* first: what fill_leaf() is given */
	struct tab *tabs[SESSION_TABS]; /* by their number in the file; NULL: could not be opened */
	size_t n;
};

static void
fill_leaf(struct app_tree *tree, struct tui_node *leaf, const struct wn_json *j)
{
	struct restoring *r = (struct restoring *)tree;
	const struct wn_json *t;
	int64_t k;

	for (t = wn_json_first(wn_json_get(j, "tabs")); t != NULL; t = wn_json_next(t))
		if (wn_json_i64(t, &k) && k >= 0 && (size_t)k < r->n && r->tabs[k] != NULL &&
		    tui_layout_find(&r->tree.app->layout, r->tabs[k], NULL) == NULL)
			wn_vec_push(&leaf->tabs, (void *)r->tabs[k]);
	if (wn_json_get_bool(j, "focus", false))
		r->tree.focus = leaf;
	if (wn_json_get_bool(j, "center", false))
		r->tree.center = leaf;
}

/* The tree of splits as it was; what it does not name goes to the center. */
static void
restore_layout(struct restoring *r, const struct wn_json *j)
{
	struct app *a = r->tree.app;
	struct tui_layout old = a->layout;

	if (wn_json_get(j, "layout") == NULL)
		return;
	tui_layout_init(&a->layout);
	r->tree.leaves_max = SESSION_TABS;
	r->tree.fill = fill_leaf;
	app_tree_build(&r->tree, a->layout.root, wn_json_get(j, "layout"));
	a->center = r->tree.center;
	if (a->center == NULL) {
		a->center = a->layout.root;
		assert(a->center != NULL);
		while (a->center->kind != TUI_LEAF && a->center->child[0] != NULL)
			a->center = a->center->child[0];
	}
	app_tree_settle(&r->tree);
	if (app_focus(a) == NULL && tui_layout_nth(&a->layout, 0) != NULL)
		a->layout.focus = tui_layout_nth(&a->layout, 0);
	a->layout.zoom = wn_json_get_bool(j, "zoom", false);
	tui_layout_fini(&old);
	a->redraw = true;
}

static void
restore_recent(struct app *a, const struct wn_json *j)
{
	const struct wn_json *t;

	for (t = wn_json_first(wn_json_get(j, "recent")); t != NULL && a->recent.len < RECENT_MAX;
	     t = wn_json_next(t))
		if (wn_json_str(t, NULL) != NULL)
			wn_vec_push(&a->recent, wn_strdup(wn_json_str(t, NULL)));
}

static void
restore(struct app *a, const struct wn_json *j)
{
	const struct wn_json *t;
	const char *theme = wn_json_get_str(j, "theme", NULL);
	const char *keymap = wn_json_get_str(j, "keymap", NULL);
	struct restoring r = { .tree = { .app = a } };
	struct tui_theme now;

	if (theme != NULL && !a->theme_chosen && tui_theme_load(theme, &now, NULL) == 0) {
		a->theme_chosen = true;
		app_use_theme(a, &now);
	}
	if (keymap != NULL && !a->keymap_chosen)
		(void)app_use_keymap(a, keymap, NULL); /* one that is gone: the usual keys */
	for (t = wn_json_first(wn_json_get(j, "tabs")); t != NULL && r.n < SESSION_TABS;
	     t = wn_json_next(t))
		r.tabs[r.n++] =
			app_open(a, wn_json_get_str(t, "pane", ""), NULL, wn_json_get(t, "state"));
	restore_layout(&r, j);
	restore_recent(a, j);
	app_arrangements_read(a, wn_json_get(j, "arrangements"));
	a->message[0] = '\0'; /* a file that is gone is not news worth a line */
}

/* ---- texts without a name ---- */

struct unnamed {
	struct app *app;
	char *dir, *root;
	WN_VEC(char *) files;
	uv_work_t req;
};

static void
unnamed_work(uv_work_t *req)
{
	struct unnamed *u = req->data;
	struct ed_recovered left;

	while (u->files.len < UNNAMED_MAX &&
	       ed_recovered_unnamed(u->dir, u->root, u->files.len, &left)) {
		wn_vec_push(&u->files, wn_strdup(left.file));
		ed_recovered_fini(&left);
	}
}

static void
open_unnamed(struct app *a, const char *file)
{
	struct wn_buf b;
	struct wn_jw w;
	struct wn_json *state = NULL;

	wn_buf_init(&b, 65536);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "recovered", file);
	wn_jw_object_end(&w);
	if (wn_json_parse(wn_buf_view(&b), NULL, &state, NULL) == 0)
		app_open(a, "editor", NULL, state);
	wn_json_free(state);
	wn_buf_fini(&b);
}

static void
unnamed_done(uv_work_t *req, int status)
{
	struct unnamed *u = req->data;

	u->app->working--;
	for (size_t i = 0; i < u->files.len; i++) {
		if (status == 0 && !u->app->quit)
			open_unnamed(u->app, u->files.p[i]);
		wn_free(u->files.p[i]);
	}
	wn_vec_fini(&u->files);
	wn_free(u->dir);
	wn_free(u->root);
	wn_free(u);
}

void
app_session_unnamed(struct app *a)
{
	char *dir = ed_recovery_dir();
	struct unnamed *u;

	if (dir == NULL)
		return;
	u = WN_NEW(struct unnamed);
	u->app = a;
	u->dir = dir;
	u->root = wn_strdup(a->root);
	u->req.data = u;
	a->working++;
	uv_queue_work(a->loop, &u->req, unnamed_work, unnamed_done);
}

void
app_session_load(struct app *a)
{
	char *path = session_path(a, false);
	struct wn_buf b;
	struct wn_json *j = NULL;

	if (path == NULL)
		return;
	wn_buf_init(&b, SESSION_MAX);
	if (wn_file_exists(path) && wn_file_read(path, &b, NULL) == 0 &&
	    wn_json_parse(wn_buf_view(&b), NULL, &j, NULL) == 0)
		restore(a, j);
	wn_json_free(j);
	wn_buf_fini(&b);
	wn_free(path);
}
