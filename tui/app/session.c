/*
 * The session of a folder: which panes were open and how they were, in one JSON file below the
 * state directory. A damaged or missing file gives a fresh start, never an error in the way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"
#include "tui/app/app.h"

#define SESSION_MAX ((size_t)1 << 20)
#define SESSION_TABS 64

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

static void
restore(struct app *a, const struct wn_json *j)
{
	const struct wn_json *t;
	const char *focus = wn_json_get_str(j, "focus", ""), *theme;
	struct tab *shown[SESSION_TABS], *want = NULL;
	struct tui_theme now;
	size_t n = 0;

	theme = wn_json_get_str(j, "theme", NULL);
	if (theme != NULL && !a->theme_chosen && tui_theme_load(theme, &now, NULL) == 0) {
		a->theme_chosen = true;
		app_use_theme(a, &now);
	}
	for (t = wn_json_first(wn_json_get(j, "tabs")); t != NULL && n < SESSION_TABS;
	     t = wn_json_next(t)) {
		const char *pane = wn_json_get_str(t, "pane", "");
		struct tab *tab = app_open(a, pane, NULL, wn_json_get(t, "state"));

		if (tab == NULL)
			continue;
		if (wn_json_get_bool(t, "active", false)) {
			shown[n++] = tab;
			if (strcmp(pane, focus) == 0)
				want = tab;
		}
	}
	for (size_t i = 0; i < n; i++)
		app_show(a, shown[i]);
	if (want != NULL)
		app_show(a, want);
	a->message[0] = '\0'; /* a file that is gone is not news worth a line */
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
