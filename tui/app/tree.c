/*
 * The tree of splits from JSON. It makes nodes and places tabs; it opens none.
 */
#include "tui/app/tree.h"

#include <assert.h>
#include <string.h>

static int
bounded(const struct wn_json *j, const char *name, int lo, int hi)
{
	int64_t v = lo;

	(void)!wn_json_i64(wn_json_get(j, name), &v);
	return v < lo ? lo : v > hi ? hi : (int)v;
}

static void
build_leaf(struct app_tree *t, struct tui_node *leaf, const struct wn_json *j)
{
	int64_t active;

	t->fill(t, leaf, j);
	if (wn_json_i64(wn_json_get(j, "active"), &active) && active >= 0 &&
	    (size_t)active < leaf->tabs.len)
		leaf->active = (size_t)active;
}

void
app_tree_build(struct app_tree *t, struct tui_node *leaf, const struct wn_json *j)
{
	const char *split = wn_json_get_str(j, "split", NULL);
	struct tui_node *fresh;

	if (split == NULL || ++t->leaves >= t->leaves_max) {
		build_leaf(t, leaf, j);
		return;
	}
	fresh = tui_layout_split(&t->app->layout, leaf,
				 strcmp(split, "row") == 0 ? TUI_DIR_RIGHT : TUI_DIR_DOWN, 500);
	leaf->parent->weight = bounded(j, "weight", 50, 950);
	leaf->parent->fixed = bounded(j, "fixed", 0, 1000);
	app_tree_build(t, leaf, wn_json_get(j, "first"));
	app_tree_build(t, fresh, wn_json_get(j, "second"));
}

static void
drop_empty(struct app *a, struct tui_node *n)
{
	assert(n != NULL);
	if (n->kind != TUI_LEAF) {
		struct tui_node *first = n->child[0], *second = n->child[1];

		drop_empty(a, first);
		drop_empty(a, second);
	} else if (n->tabs.len == 0 && n != a->center) {
		tui_layout_drop(&a->layout, n);
	}
}

void
app_tree_settle(struct app_tree *t)
{
	struct app *a = t->app;

	for (size_t i = 0; i < a->tabs.len; i++)
		if (tui_layout_find(&a->layout, a->tabs.p[i], NULL) == NULL)
			wn_vec_push(&a->center->tabs, (void *)a->tabs.p[i]);
	a->layout.focus = t->focus != NULL ? t->focus : a->center;
	drop_empty(a, a->layout.root);
}
