/*
 * Panes that are open: opening, placing, focusing, closing, telling.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/app/app.h"

#define LEFT_COLS 26
#define RIGHT_WEIGHT 260
#define LOW_WEIGHT 300

static const struct pane_type *
type_by_name(const char *name)
{
	for (const struct pane_type *const *t = pane_table; *t != NULL; t++)
		if (strcmp((*t)->name, name) == 0)
			return *t;
	return NULL;
}

static struct tab *
find_open(struct app *a, const struct pane_type *type, const char *arg)
{
	for (size_t i = 0; i < a->tabs.len; i++) {
		struct tab *t = a->tabs.p[i];

		if (t->type != type)
			continue;
		if (type->flags & PANE_SINGLE)
			return t;
		if (arg != NULL && type->is != NULL && type->is(t->self, arg))
			return t;
	}
	return NULL;
}

/* The leaf where panes of this place are, or a new one at that side. */
static struct tui_node *
leaf_for(struct app *a, enum pane_place place)
{
	struct tui_node *n;

	if (place == PANE_CENTER)
		return a->center;
	for (size_t i = 0; i < a->tabs.len; i++)
		if (a->tabs.p[i]->type->place == place) {
			n = tui_layout_find(&a->layout, a->tabs.p[i], NULL);
			if (n != NULL)
				return n;
		}
	switch (place) {
	case PANE_LEFT:
		n = tui_layout_split(&a->layout, a->layout.root, TUI_DIR_LEFT, 200);
		n->parent->fixed = LEFT_COLS;
		return n;
	case PANE_RIGHT:
		return tui_layout_split(&a->layout, a->layout.root, TUI_DIR_RIGHT, RIGHT_WEIGHT);
	case PANE_BOTTOM:
		return tui_layout_split(&a->layout, a->center, TUI_DIR_DOWN, LOW_WEIGHT);
	case PANE_CENTER:
	default:
		return a->center;
	}
}

struct tab *
app_focus(const struct app *a)
{
	const struct tui_node *n = a->layout.focus;

	return n->tabs.len > 0 ? n->tabs.p[n->active] : NULL;
}

static void
send_event(struct tab *t, enum pane_event_type type)
{
	if (t != NULL && t->self != NULL && t->type->event != NULL)
		t->type->event(t->self, &(struct pane_event){ .type = type });
	if (t != NULL)
		t->dirty = true;
}

void
app_set_focus(struct app *a, struct tui_node *leaf, size_t tab)
{
	struct tab *before = app_focus(a), *after;

	a->layout.focus = leaf;
	if (tab < leaf->tabs.len)
		leaf->active = tab;
	after = app_focus(a);
	a->redraw = true;
	if (before == after)
		return;
	send_event(before, PANE_BLURRED);
	send_event(after, PANE_FOCUSED);
}

void
app_show(struct app *a, struct tab *t)
{
	size_t i;
	struct tui_node *n = tui_layout_find(&a->layout, t, &i);

	if (n != NULL)
		app_set_focus(a, n, i);
}

/* A welcome page gives its place to the first real thing that opens there. */
static void
drop_welcome(struct app *a, const struct tab *fresh)
{
	for (size_t i = 0; i < a->tabs.len; i++)
		if (a->tabs.p[i] != fresh && strcmp(a->tabs.p[i]->type->name, "welcome") == 0) {
			app_close_now(a, a->tabs.p[i]);
			return;
		}
}

struct tab *
app_open(struct app *a, const char *name, const char *arg, const struct wn_json *state)
{
	const struct pane_type *type = type_by_name(name);
	struct tui_node *leaf;
	struct wn_diag d = { 0 };
	struct tab *t;

	if (type == NULL) {
		app_say(a, PANE_ERROR, "There is no pane \"%s\" in this build.", name);
		return NULL;
	}
	t = find_open(a, type, arg);
	if (t != NULL) {
		app_show(a, t);
		if (arg != NULL && type->again != NULL)
			type->again(t->self, arg);
		return t;
	}
	t = WN_NEW(struct tab);
	app_tab_init(t, a, type);
	t->self = type->open(&t->host, arg, state, &d);
	if (t->self == NULL) {
		app_tab_release(t);
		app_tab_unref(t);
		app_fail(a, &d);
		return NULL;
	}
	leaf = leaf_for(a, type->place);
	wn_vec_push(&a->tabs, t);
	wn_vec_push(&leaf->tabs, (void *)t);
	app_set_focus(a, leaf, leaf->tabs.len - 1);
	if (type->place == PANE_CENTER && strcmp(name, "welcome") != 0)
		drop_welcome(a, t);
	return t;
}

void
app_close_now(struct app *a, struct tab *t)
{
	size_t i;
	struct tui_node *n = tui_layout_find(&a->layout, t, &i);
	void *self = t->self;

	if (a->mouse_tab == t)
		a->mouse_tab = NULL;
	app_tab_release(t);
	t->self = NULL;
	t->type->close(self);
	if (n != NULL) {
		wn_vec_remove(&n->tabs, i);
		if (n->active >= n->tabs.len && n->active > 0)
			n->active = n->tabs.len - 1;
		else if (n->active > i)
			n->active--;
		if (n->tabs.len == 0 && n != a->center)
			tui_layout_drop(&a->layout, n);
	}
	for (i = 0; i < a->tabs.len; i++)
		if (a->tabs.p[i] == t) {
			wn_vec_remove(&a->tabs, i);
			break;
		}
	app_tab_unref(t);
	a->redraw = true;
	if (app_focus(a) == NULL && tui_layout_nth(&a->layout, 0) != NULL)
		a->layout.focus = tui_layout_nth(&a->layout, 0);
	if (a->quit)
		return;
	if (a->center->tabs.len == 0)
		app_open(a, "welcome", NULL, NULL);
	send_event(app_focus(a), PANE_FOCUSED);
}

void
app_close(struct app *a, struct tab *t)
{
	if (t->type->may_close != NULL && !t->type->may_close(t->self))
		return;
	app_close_now(a, t);
}

void
app_tell(struct app *a, const struct tab *except, const struct pane_event *ev)
{
	for (size_t i = 0; i < a->tabs.len; i++) {
		struct tab *t = a->tabs.p[i];

		if (t != except && t->self != NULL && t->type->event != NULL)
			t->type->event(t->self, ev);
	}
}

void
app_tab_label(struct tab *t, char *buf, size_t n)
{
	if (t->type->label != NULL)
		t->type->label(t->self, buf, n);
	else
		snprintf(buf, n, "%s", app_tr(t->app, t->type->title));
}

void
app_open_path(struct app *a, const char *path, int64_t line, int64_t col)
{
	char *clean = wn_path_clean(path, a->root), *arg;

	if (wn_file_is_dir(clean)) {
		app_say(a, PANE_ERROR, "%s is a folder. Open it with: webnova %s", clean, clean);
		wn_free(clean);
		return;
	}
	if (line > 0) /* editors take "path\nline\ncolumn" */
		arg = wn_asprintf("%s\n%lld\n%lld", clean, (long long)line, (long long)col);
	else
		arg = wn_strdup(clean);
	app_open(a, "editor", arg, NULL);
	wn_free(arg);
	wn_free(clean);
}

bool
app_busy(const struct app *a)
{
	if (a->working > 0 || a->posted != NULL || a->woken || a->ahead.len > 0)
		return true;
	for (size_t i = 0; i < a->tabs.len; i++) {
		const struct tab *t = a->tabs.p[i];

		if (t->type->busy != NULL && t->type->busy(t->self))
			return true;
	}
	return false;
}
