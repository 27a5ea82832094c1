/*
 * Where panes are: a tree of splits whose leaves are groups of tabs. Pure arithmetic on
 * rectangles; it does not know what a pane is (a tab is a pointer).
 */
#ifndef TUI_LAYOUT_LAYOUT_H
#define TUI_LAYOUT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/vec.h"
#include "tui/cell/rect.h"

enum tui_dir { TUI_DIR_LEFT, TUI_DIR_RIGHT, TUI_DIR_UP, TUI_DIR_DOWN };
enum tui_split {
	TUI_LEAF,
	TUI_SPLIT_ROW /* side by side */,
	TUI_SPLIT_COL /* one above the other */
};

struct tui_node {
	enum tui_split kind;
	struct tui_node *parent, *child[2]; /* of a split */
	int weight;			    /* thousandths of the first child */
	int fixed; /* > 0: columns the first child wants instead of a weight */
	/* of a leaf: */
	int id;
	WN_VEC(void *) tabs;
	size_t active;
	struct tui_rect rect; /* of the last tui_layout_place(), with borders; rows 0: not shown */
};

struct tui_layout {
	struct tui_node *root;
	struct tui_node *focus; /* a leaf, never NULL */
	bool zoom;		/* only the focused leaf is shown */
	bool stacked;		/* too narrow for more than one (set by place) */
	int next_id;
};

#define TUI_STACK_COLS 100 /* below this, leaves are stacked and one is shown */

void tui_layout_init(struct tui_layout *l); /* one empty leaf */
void tui_layout_fini(struct tui_layout *l); /* frees nodes, not tabs */
/* Splits a leaf: a new leaf goes to the given side and gets weight thousandths. */
struct tui_node *tui_layout_split(struct tui_layout *l, struct tui_node *leaf, enum tui_dir side,
				  int weight);
/* Removes an empty leaf (never the last one); its sibling takes the room. */
void tui_layout_drop(struct tui_layout *l, struct tui_node *leaf);
/* Empty leaves take no room unless they are the only one. */
void tui_layout_place(struct tui_layout *l, struct tui_rect area);
/* The leaf at a cell, or NULL. */
struct tui_node *tui_layout_at(const struct tui_layout *l, int y, int x);
/* The shown (or, stacked, existing) leaf next in that direction, or NULL. */
struct tui_node *tui_layout_toward(const struct tui_layout *l, enum tui_dir dir);
/* n-th leaf that has tabs, left to right, top to bottom, from 0; NULL: no such. */
struct tui_node *tui_layout_nth(const struct tui_layout *l, int n);
struct tui_node *tui_layout_find(const struct tui_layout *l, const void *tab, size_t *index_out);
/* Moves the border at a cell by dragging; false when there is none there. */
bool tui_layout_grab(struct tui_layout *l, int y, int x, struct tui_node **split_out);
void tui_layout_drag(struct tui_node *split, int y, int x);
/* Makes the focused leaf larger or smaller by a step. */
void tui_layout_grow(struct tui_layout *l, enum tui_dir dir, int cells);

#endif
