/*
 * The tree of splits. Every split has two children, so three side by side are two splits.
 */
#include "tui/layout/layout.h"

#include "runtime/base/mem.h"

#define MIN_ROWS 3
#define MIN_COLS 12

static struct tui_node *
leaf_new(struct tui_layout *l)
{
	struct tui_node *n = WN_NEW(struct tui_node);

	n->kind = TUI_LEAF;
	n->id = l->next_id++;
	return n;
}

static void
node_free(struct tui_node *n)
{
	if (n == NULL)
		return;
	node_free(n->child[0]);
	node_free(n->child[1]);
	wn_vec_fini(&n->tabs);
	wn_free(n);
}

void
tui_layout_init(struct tui_layout *l)
{
	*l = (struct tui_layout){ 0 };
	l->root = l->focus = leaf_new(l);
}

void
tui_layout_fini(struct tui_layout *l)
{
	node_free(l->root);
	*l = (struct tui_layout){ 0 };
}

static void
replace_child(struct tui_layout *l, struct tui_node *old, struct tui_node *now)
{
	now->parent = old->parent;
	if (old->parent == NULL)
		l->root = now;
	else
		old->parent->child[old->parent->child[1] == old] = now;
}

struct tui_node *
tui_layout_split(struct tui_layout *l, struct tui_node *leaf, enum tui_dir side, int weight)
{
	struct tui_node *split = WN_NEW(struct tui_node), *fresh = leaf_new(l);
	bool before = side == TUI_DIR_LEFT || side == TUI_DIR_UP;

	split->kind = side == TUI_DIR_LEFT || side == TUI_DIR_RIGHT ? TUI_SPLIT_ROW : TUI_SPLIT_COL;
	split->weight = before ? weight : 1000 - weight;
	replace_child(l, leaf, split);
	split->child[before ? 0 : 1] = fresh;
	split->child[before ? 1 : 0] = leaf;
	fresh->parent = leaf->parent = split;
	return fresh;
}

static struct tui_node *
first_leaf(struct tui_node *n)
{
	while (n->kind != TUI_LEAF)
		n = n->child[0];
	return n;
}

void
tui_layout_drop(struct tui_layout *l, struct tui_node *leaf)
{
	struct tui_node *split = leaf->parent, *other;

	if (split == NULL || leaf->tabs.len > 0)
		return;
	other = split->child[split->child[0] == leaf];
	replace_child(l, split, other);
	if (l->focus == leaf)
		l->focus = first_leaf(other);
	split->child[0] = split->child[1] = NULL;
	node_free(split);
	node_free(leaf);
}

static bool
has_tabs(const struct tui_node *n)
{
	if (n->kind == TUI_LEAF)
		return n->tabs.len > 0;
	return has_tabs(n->child[0]) || has_tabs(n->child[1]);
}

static void
hide(struct tui_node *n)
{
	n->rect = (struct tui_rect){ 0 };
	if (n->kind != TUI_LEAF) {
		hide(n->child[0]);
		hide(n->child[1]);
	}
}

/* Size of the first of two children that share `size` cells. */
static int
first_share(const struct tui_node *n, int size, int min)
{
	int a = n->fixed > 0 ? n->fixed : (size * n->weight + 500) / 1000;

	if (a > size - min)
		a = size - min;
	if (a < min)
		a = min;
	return a;
}

/* Neighbours share one line of border: the second begins where the first ends. */
static void
place(struct tui_node *n, struct tui_rect r)
{
	struct tui_rect a = r, b = r;

	n->rect = r;
	if (n->kind == TUI_LEAF)
		return;
	if (!has_tabs(n->child[0]) || !has_tabs(n->child[1])) {
		int shown = has_tabs(n->child[0]) ? 0 : 1;

		hide(n->child[1 - shown]);
		place(n->child[shown], r);
		return;
	}
	if (n->kind == TUI_SPLIT_ROW) {
		a.cols = first_share(n, r.cols, MIN_COLS);
		b.x = r.x + a.cols - 1;
		b.cols = r.cols - a.cols + 1;
	} else {
		a.rows = first_share(n, r.rows, MIN_ROWS);
		b.y = r.y + a.rows - 1;
		b.rows = r.rows - a.rows + 1;
	}
	place(n->child[0], a);
	place(n->child[1], b);
}

void
tui_layout_place(struct tui_layout *l, struct tui_rect area)
{
	l->stacked = area.cols < TUI_STACK_COLS;
	hide(l->root);
	if (l->zoom || l->stacked || !has_tabs(l->root))
		l->focus->rect = area;
	else
		place(l->root, area);
	if (l->focus->rect.rows == 0) { /* it lost its last tab */
		struct tui_node *n = tui_layout_nth(l, 0);

		if (n != NULL) {
			l->focus = n;
			tui_layout_place(l, area);
		}
	}
}

/* Calls fn for each leaf, left to right and top to bottom, until it says true. */
static struct tui_node *
each_leaf(struct tui_node *n, bool (*fn)(struct tui_node *, void *), void *arg)
{
	struct tui_node *hit;

	if (n->kind == TUI_LEAF)
		return fn(n, arg) ? n : NULL;
	hit = each_leaf(n->child[0], fn, arg);
	return hit != NULL ? hit : each_leaf(n->child[1], fn, arg);
}

struct at {
	int y, x;
};

static bool
covers(struct tui_node *n, void *arg)
{
	const struct at *a = arg;

	return n->rect.rows > 0 && a->y >= n->rect.y && a->y < n->rect.y + n->rect.rows &&
	       a->x >= n->rect.x && a->x < n->rect.x + n->rect.cols;
}

struct tui_node *
tui_layout_at(const struct tui_layout *l, int y, int x)
{
	struct at a = { y, x };

	return each_leaf(l->root, covers, &a);
}

static bool
nth(struct tui_node *n, void *arg)
{
	int *left = arg;

	return n->tabs.len > 0 && (*left)-- == 0;
}

struct tui_node *
tui_layout_nth(const struct tui_layout *l, int n)
{
	return each_leaf(l->root, nth, &n);
}

static int
index_of(const struct tui_layout *l, const struct tui_node *leaf)
{
	for (int i = 0;; i++) {
		struct tui_node *n = tui_layout_nth(l, i);

		if (n == NULL || n == leaf)
			return n == NULL ? -1 : i;
	}
}

struct tui_node *
tui_layout_toward(const struct tui_layout *l, enum tui_dir dir)
{
	struct tui_rect r = l->focus->rect;
	int y = r.y + 1, x = r.x + r.cols / 2;

	if (l->stacked || l->zoom) {
		int i = index_of(l, l->focus);
		int step = dir == TUI_DIR_LEFT || dir == TUI_DIR_UP ? -1 : 1;

		return i + step < 0 ? NULL : tui_layout_nth(l, i + step);
	}
	switch (dir) {
	case TUI_DIR_LEFT:
		x = r.x - 1;
		break;
	case TUI_DIR_RIGHT:
		x = r.x + r.cols;
		break;
	case TUI_DIR_UP:
		y = r.y - 1;
		break;
	case TUI_DIR_DOWN:
	default:
		y = r.y + r.rows;
		break;
	}
	return tui_layout_at(l, y, x);
}

struct find {
	const void *tab;
	size_t index;
};

static bool
holds(struct tui_node *n, void *arg)
{
	struct find *f = arg;

	for (f->index = 0; f->index < n->tabs.len; f->index++)
		if (n->tabs.p[f->index] == f->tab)
			return true;
	return false;
}

struct tui_node *
tui_layout_find(const struct tui_layout *l, const void *tab, size_t *index_out)
{
	struct find f = { tab, 0 };
	struct tui_node *n = each_leaf(l->root, holds, &f);

	if (n != NULL && index_out != NULL)
		*index_out = f.index;
	return n;
}

static struct tui_node *
grab(struct tui_node *n, int y, int x)
{
	const struct tui_rect *b;

	if (n->kind == TUI_LEAF || n->rect.rows == 0)
		return NULL;
	b = &n->child[1]->rect;
	if (b->rows > 0 && n->child[0]->rect.rows > 0) {
		if (n->kind == TUI_SPLIT_ROW && x == b->x && y > b->y && y < b->y + b->rows)
			return n;
		if (n->kind == TUI_SPLIT_COL && y == b->y && x > b->x && x < b->x + b->cols)
			return n;
	}
	{
		struct tui_node *hit = grab(n->child[0], y, x);

		return hit != NULL ? hit : grab(n->child[1], y, x);
	}
}

bool
tui_layout_grab(struct tui_layout *l, int y, int x, struct tui_node **split_out)
{
	if (l->stacked || l->zoom)
		return false;
	*split_out = grab(l->root, y, x);
	return *split_out != NULL;
}

void
tui_layout_drag(struct tui_node *s, int y, int x)
{
	int size = s->kind == TUI_SPLIT_ROW ? s->rect.cols : s->rect.rows;
	int first = s->kind == TUI_SPLIT_ROW ? x - s->rect.x + 1 : y - s->rect.y + 1;

	if (size <= 0)
		return;
	s->fixed = 0;
	s->weight = first < 0 ? 0 : first > size ? 1000 : first * 1000 / size;
}

void
tui_layout_grow(struct tui_layout *l, enum tui_dir dir, int cells)
{
	enum tui_split want =
		dir == TUI_DIR_LEFT || dir == TUI_DIR_RIGHT ? TUI_SPLIT_ROW : TUI_SPLIT_COL;
	int sign = dir == TUI_DIR_LEFT || dir == TUI_DIR_UP ? -1 : 1;
	struct tui_node *n = l->focus;

	for (; n->parent != NULL; n = n->parent) {
		struct tui_node *p = n->parent;
		const struct tui_rect *first = &p->child[0]->rect;

		if (p->kind != want || p->child[1]->rect.rows == 0 || first->rows == 0)
			continue;
		tui_layout_drag(p, first->y + first->rows - 1 + sign * cells,
				first->x + first->cols - 1 + sign * cells);
		return;
	}
}
