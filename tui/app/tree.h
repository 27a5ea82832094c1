/*
 * Inside tui/app: a tree of splits read from JSON, for sessions and for named arrangements.
 */
#ifndef TUI_APP_TREE_H
#define TUI_APP_TREE_H

#include "runtime/base/json.h"
#include "tui/app/state.h"

struct app_tree {
	struct app *app;
	struct tui_node *focus, *center; /* leaves the JSON marks so; NULL: none */
	int leaves, leaves_max;
	/* Puts the tabs that j names into the leaf. */
	void (*fill)(struct app_tree *t, struct tui_node *leaf, const struct wn_json *j);
};

/* Splits the leaf as j says and fills what comes of it. */
void app_tree_build(struct app_tree *t, struct tui_node *leaf, const struct wn_json *j);
/* Gives the tabs that no leaf holds to the app's center, sets the focus and drops empty leaves. */
void app_tree_settle(struct app_tree *t);

#endif
