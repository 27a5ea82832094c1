/*
 * Arranging panes: moving one to another side, splitting, and arrangements kept by name. An
 * arrangement names kinds of panes, not files: whatever of a kind is open takes its places.
 */
#include <string.h>

#include "tui/app/tree.h"
#include "runtime/base/json.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"
#include "tui/app/app.h"

#define TREE_MAX ((size_t)64 << 10)
#define LEAVES_MAX 32

/* ---- moving ---- */

/* Takes the tab out of its leaf, which goes when it is empty and not where files open. */
static void
take_out(struct app *a, struct tui_node *leaf, size_t at)
{
	wn_vec_remove(&leaf->tabs, at);
	if (leaf->active >= leaf->tabs.len && leaf->active > 0)
		leaf->active--;
	if (leaf->tabs.len == 0 && leaf != a->center)
		tui_layout_drop(&a->layout, leaf);
}

static void
put_in(struct app *a, struct tui_node *leaf, struct tab *t)
{
	wn_vec_push(&leaf->tabs, (void *)t);
	app_set_focus(a, leaf, leaf->tabs.len - 1);
	a->redraw = true;
}

void
app_split(struct app *a, enum tui_dir dir)
{
	struct tui_node *leaf = a->layout.focus, *fresh;
	struct tab *t = app_focus(a);

	if (t == NULL || leaf->tabs.len < 2) {
		app_say(a, PANE_INFO, "%s",
			app_tr(a, (struct tui_text)TUI_TEXT(
					  "There is one pane here only: open another to split.",
					  "هنا لوحة واحدة: افتح أخرى للتقسيم.")));
		return;
	}
	fresh = tui_layout_split(&a->layout, leaf, dir, 500);
	take_out(a, leaf, leaf->active);
	put_in(a, fresh, t);
}

void
app_move(struct app *a, enum tui_dir dir)
{
	struct tui_node *leaf = a->layout.focus, *there = tui_layout_toward(&a->layout, dir);
	struct tab *t = app_focus(a);

	if (t == NULL)
		return;
	if (there == NULL || there == leaf) {
		app_split(a, dir);
		return;
	}
	take_out(a, leaf, leaf->active);
	put_in(a, there, t);
}

/* ---- arrangements by name ---- */

static void
write_tree(const struct app *a, struct wn_jw *w, const struct tui_node *n)
{
	wn_jw_object(w);
	if (n->kind != TUI_LEAF) {
		wn_jw_kstr(w, "split", n->kind == TUI_SPLIT_ROW ? "row" : "column");
		wn_jw_kint(w, "weight", n->weight);
		wn_jw_kint(w, "fixed", n->fixed);
		wn_jw_key(w, "first");
		write_tree(a, w, n->child[0]);
		wn_jw_key(w, "second");
		write_tree(a, w, n->child[1]);
		wn_jw_object_end(w);
		return;
	}
	if (n == a->center)
		wn_jw_kbool(w, "center", true);
	if (n == a->layout.focus)
		wn_jw_kbool(w, "focus", true);
	wn_jw_kint(w, "active", (int)n->active);
	wn_jw_key(w, "panes");
	wn_jw_array(w);
	for (size_t i = 0; i < n->tabs.len; i++)
		wn_jw_cstr(w, ((const struct tab *)n->tabs.p[i])->type->name);
	wn_jw_array_end(w);
	wn_jw_object_end(w);
}

static void
fill(struct app_tree *b, struct tui_node *leaf, const struct wn_json *j)
{
	struct app *a = b->app;

	for (const struct wn_json *t = wn_json_first(wn_json_get(j, "panes")); t != NULL;
	     t = wn_json_next(t)) {
		const char *name = wn_json_str(t, NULL);

		for (size_t i = 0; name != NULL && i < a->tabs.len; i++)
			if (strcmp(a->tabs.p[i]->type->name, name) == 0 &&
			    tui_layout_find(&a->layout, a->tabs.p[i], NULL) == NULL) {
				wn_vec_push(&leaf->tabs, (void *)a->tabs.p[i]);
				break;
			}
	}
	if (wn_json_get_bool(j, "focus", false) && leaf->tabs.len > 0)
		b->focus = leaf;
	if (wn_json_get_bool(j, "center", false))
		b->center = leaf;
}

static void
use_tree(struct app *a, const struct wn_json *j)
{
	struct tui_layout old = a->layout;
	struct app_tree b = { .app = a, .leaves_max = LEAVES_MAX, .fill = fill };
	struct tab *focus = app_focus(a);

	a->drag = NULL;
	tui_layout_init(&a->layout);
	app_tree_build(&b, a->layout.root, j);
	a->center = b.center != NULL
			    ? b.center
			    : tui_layout_split(&a->layout, a->layout.root, TUI_DIR_RIGHT, 700);
	app_tree_settle(&b);
	tui_layout_fini(&old);
	a->redraw = true;
	if (focus != NULL) /* who had the keyboard keeps it */
		app_show(a, focus);
}

static void
keep(struct app *a, const char *name, struct wn_str tree)
{
	size_t i = 0;

	while (i < a->arrangements.len && strcmp(a->arrangements.p[i].name, name) != 0)
		i++;
	if (i == a->arrangements.len)
		wn_vec_push(&a->arrangements, (struct arrangement){ wn_strdup(name), NULL });
	wn_free(a->arrangements.p[i].tree);
	a->arrangements.p[i].tree = wn_strndup(tree.p, tree.len);
}

static void
on_name(void *arg, const char *name)
{
	struct app *a = arg;
	struct wn_buf b;
	struct wn_jw w;

	if (name == NULL || name[0] == '\0')
		return;
	wn_buf_init(&b, TREE_MAX);
	wn_jw_init(&w, &b);
	write_tree(a, &w, a->layout.root);
	if (b.err == 0) {
		keep(a, name, wn_buf_view(&b));
		app_session_soon(a);
	}
	wn_buf_fini(&b);
}

void
app_arrangement_save(struct app *a)
{
	app_ask(a, NULL,
		app_tr(a, (struct tui_text)TUI_TEXT("Keep this arrangement of panes as:",
						    "حفظ ترتيب اللوحات هذا باسم:")),
		"", on_name, a);
}

static void
on_chosen(void *arg, const char *name)
{
	struct app *a = arg;
	struct wn_json *j = NULL;

	for (size_t i = 0; i < a->arrangements.len; i++)
		if (strcmp(a->arrangements.p[i].name, name) == 0 &&
		    wn_json_parse(wn_str(a->arrangements.p[i].tree), NULL, &j, NULL) == 0)
			use_tree(a, j);
	wn_json_free(j);
}

void
app_arrangement_choose(struct app *a, const char *name)
{
	struct pick *p;

	if (name != NULL) {
		on_chosen(a, name);
		return;
	}
	p = app_pick_new(a, app_tr(a, (struct tui_text)TUI_TEXT("Arrangement", "الترتيب")), NULL,
			 false, on_chosen, a);
	for (size_t i = 0; i < a->arrangements.len; i++)
		app_pick_add(p, a->arrangements.p[i].name, a->arrangements.p[i].name, NULL, NULL);
	app_pick_show(p);
}

void
app_arrangements_write(const struct app *a, struct wn_jw *w)
{
	wn_jw_object(w);
	for (size_t i = 0; i < a->arrangements.len; i++) {
		wn_jw_key(w, a->arrangements.p[i].name);
		wn_jw_raw(w, wn_str(a->arrangements.p[i].tree));
	}
	wn_jw_object_end(w);
}

void
app_arrangements_read(struct app *a, const struct wn_json *j)
{
	for (const struct wn_json *t = wn_json_first(j); t != NULL; t = wn_json_next(t)) {
		struct wn_buf b;

		wn_buf_init(&b, TREE_MAX);
		if (wn_json_key(t) != NULL && wn_json_print(t, &b) == 0)
			keep(a, wn_json_key(t), wn_buf_view(&b));
		wn_buf_fini(&b);
	}
}

void
app_arrangements_free(struct app *a)
{
	for (size_t i = 0; i < a->arrangements.len; i++) {
		wn_free(a->arrangements.p[i].name);
		wn_free(a->arrangements.p[i].tree);
	}
	wn_vec_fini(&a->arrangements);
}
