/*
 * The files pane: a tree of the open folder. Descriptor, picture, keys, session.
 */
#include "tui/pane/files/files.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define OPEN_MAX 200 /* folders a session remembers as open */

static void
activate(struct files *f)
{
	struct node *n = files_current(f);
	char *path;

	if (n == NULL)
		return;
	if (n->dir) {
		files_set_open(f, n, !n->open);
		return;
	}
	path = files_path(f, n);
	f->host->ops->open_file(f->host, path, 0, 0);
	wn_free(path);
}

/* ---- the pane ---- */

static void
row(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t, struct tui_style base)
{
	struct files *f = arg;
	struct node *n = f->rows.p[i];
	int x = 1 + (n->depth - 1) * 2;
	enum tui_look look = n->dir ? UI_FOLDER : n->name[0] == '.' ? UI_HIDDEN : UI_FILE;

	if (n->dir)
		tui_puts(v, 0, x, n->open ? "▾" : "▸", tui_style_over(base, t->ui[UI_MUTED]));
	tui_put_cut(v, 0, x + 2, v.cols - x - 2, wn_str(n->name),
		    tui_style_over(base, t->ui[look]));
}

static void
draw(void *self, const struct pane_draw *d)
{
	struct files *f = self;

	tui_list_class.draw(&f->list, d->view, d->theme, d->focused);
	if (f->rows.len == 0 && f->root->loaded)
		tui_puts(d->view, 0, 1, TR(f, "empty", "فارغ"), d->theme->ui[UI_MUTED]);
}

static bool
key(void *self, const struct tui_key *k)
{
	struct files *f = self;
	struct node *n = files_current(f);

	if (tui_list_class.key(&f->list, k))
		return true;
	if (k->mods != 0 || n == NULL)
		return false;
	switch (k->code) {
	case TUI_KEY_ENTER:
	case TUI_KEY_SPACE:
		activate(f);
		return true;
	case TUI_KEY_RIGHT:
		if (n->dir && !n->open)
			files_set_open(f, n, true);
		else if (!n->dir)
			activate(f);
		return true;
	case TUI_KEY_LEFT:
		if (n->dir && n->open)
			files_set_open(f, n, false);
		else if (n->parent != f->root)
			files_go_to(f, n->parent);
		return true;
	default:
		return false;
	}
}

static bool
mouse(void *self, const struct tui_mouse *m)
{
	struct files *f = self;

	if (!tui_list_class.mouse(&f->list, m))
		return false;
	if (f->list.hit)
		activate(f);
	return true;
}

static void
event(void *self, const struct pane_event *ev)
{
	struct files *f = self;

	if (ev->type == PANE_TERMINAL_FOCUSED)
		files_refresh(f, f->root);
	else if (ev->type == PANE_DISK_CHANGED) {
		char *path = wn_strndup(ev->path.p, ev->path.len);
		struct node *n = files_find(f, path);

		if (n != NULL && n->loaded && n->open)
			files_load(f, n);
		wn_free(path);
	} else if (ev->type == PANE_FILE_SAVED) {
		char *path = wn_strndup(ev->path.p, ev->path.len);

		if (files_find(f, path) == NULL)
			files_refresh(f, f->root);
		wn_free(path);
	}
}

static void *
open_files(struct pane_host *h, const char *arg, const struct wn_json *state, struct wn_diag *d)
{
	struct files *f = WN_NEW(struct files);

	(void)arg;
	(void)d;
	f->host = h;
	f->root = WN_NEW(struct node);
	f->root->name = wn_strdup("");
	f->root->dir = f->root->open = true;
	f->hidden = wn_json_get_bool(state, "hidden", false);
	f->list.row = row;
	f->list.arg = f;
	for (const struct wn_json *j = wn_json_first(wn_json_get(state, "open")); j != NULL;
	     j = wn_json_next(j))
		if (wn_path_is_inside(wn_str(wn_json_str(j, ""))) && f->reopen.len < OPEN_MAX)
			wn_vec_push(&f->reopen, wn_path_join(h->ops->root(h), wn_json_str(j, "")));
	if (wn_json_get_str(state, "current", NULL) != NULL)
		f->want = wn_path_join(h->ops->root(h), wn_json_get_str(state, "current", ""));
	files_watch(f, f->root, true);
	files_load(f, f->root);
	return f;
}

static void
close_files(void *self)
{
	struct files *f = self;

	files_node_free(f->root);
	wn_vec_fini(&f->rows);
	wn_free(f->last_trash);
	wn_free(f->last_from);
	wn_free(f->want);
	for (size_t i = 0; i < f->reopen.len; i++)
		wn_free(f->reopen.p[i]);
	wn_vec_fini(&f->reopen);
	wn_free(f);
}

static void
status(void *self, char *buf, size_t n)
{
	struct files *f = self;
	struct node *c = files_current(f);

	snprintf(buf, n, "%s", c != NULL ? c->name : TR(f, "Files", "الملفات"));
}

static void
save_open(const struct files *f, const struct node *n, size_t skip, struct wn_jw *w, size_t *left)
{
	for (size_t i = 0; i<n->kids.len && * left> 0; i++) {
		const struct node *k = n->kids.p[i];
		char *path;

		if (!k->open)
			continue;
		path = files_path(f, k);
		wn_jw_str(w, wn_str(path + skip));
		wn_free(path);
		--*left;
		save_open(f, k, skip, w, left);
	}
}

static void
save_state(void *self, struct wn_jw *w)
{
	struct files *f = self;
	const struct node *n = files_current(f);
	size_t root = strlen(f->host->ops->root(f->host)), left = OPEN_MAX;
	char *path;

	wn_jw_kbool(w, "hidden", f->hidden);
	if (n != NULL) {
		path = files_path(f, n);
		wn_jw_kstr(w, "current", path + root + (root > 1));
		wn_free(path);
	}
	wn_jw_key(w, "open");
	wn_jw_array(w);
	save_open(f, f->root, root + (root > 1), w, &left);
	for (size_t i = 0; i < f->reopen.len && left > 0; i++, left--) /* not read yet */
		wn_jw_str(w, wn_str(f->reopen.p[i] + root + (root > 1)));
	wn_jw_array_end(w);
}

extern const struct pane_type pane_files;
const struct pane_type pane_files = {
	.name = "files",
	.title = TUI_TEXT("Files", "الملفات"),
	.place = PANE_LEFT,
	.flags = PANE_SINGLE,
	.open = open_files,
	.close = close_files,
	.draw = draw,
	.key = key,
	.mouse = mouse,
	.event = event,
	.commands = files_commands,
	.status = status,
	.save = save_state,
	.keys = TUI_TEXT("Enter\topen\nRight, Left\topen and close a folder\n",
			 "Enter\tفتح\nRight, Left\tفتح مجلد وإغلاقه\n"),
};
