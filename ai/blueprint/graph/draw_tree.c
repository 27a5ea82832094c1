/*
 * Pages as a tree in text: the menu, and below each page those it leads to first.
 */
#include "ai/blueprint/graph/graph_priv.h"
#include "runtime/base/utf8.h"

#define DEPTH_MAX 40
#define TITLE_COLS 34

struct tree {
	const struct graph *g;
	struct wn_buf *out;
	int width;
	bool last[DEPTH_MAX]; /* the branch at that depth ends here */
};

static int
branches(struct tree *t, int depth)
{
	for (int i = 1; i < depth; i++)
		(void)wn_buf_cstr(t->out, t->last[i] ? "    " : "│   ");
	if (depth > 0)
		(void)wn_buf_cstr(t->out, t->last[depth] ? "└── " : "├── ");
	return depth * 4;
}

/* Title, route, kind and access; what does not fit is cut at its end. */
static void
row(struct tree *t, const struct graph_node *n, int depth)
{
	int at = branches(t, depth), cols = wn_utf8_width(wn_str(n->title));
	int pad = TITLE_COLS - at - cols;
	struct wn_buf rest;
	size_t fit;

	(void)wn_buf_cstr(t->out, n->title);
	wn_buf_init(&rest, 1000);
	for (size_t i = 0; i < n->lines.len; i++)
		(void)wn_buf_printf(&rest, "  %s", n->lines.p[i]);
	for (; pad > 0 && rest.len; pad--)
		(void)wn_buf_chr(t->out, ' ');
	at = at + cols > TITLE_COLS ? at + cols : TITLE_COLS;
	fit = at < t->width ? wn_utf8_fit(wn_buf_view(&rest), t->width - at, NULL) : 0;
	(void)wn_buf_add(t->out, rest.p ? rest.p : "", fit);
	(void)wn_buf_chr(t->out, '\n');
	wn_buf_fini(&rest);
}

static void
below(struct tree *t, size_t node, int depth)
{
	size_t left = 0;

	row(t, &t->g->nodes.p[node], depth);
	if (depth + 1 >= DEPTH_MAX)
		return;
	for (size_t i = 0; i < t->g->edges.len; i++)
		left += t->g->edges.p[i].from == node;
	for (size_t i = 0; i < t->g->edges.len; i++)
		if (t->g->edges.p[i].from == node) {
			t->last[depth + 1] = --left == 0;
			below(t, t->g->edges.p[i].to, depth + 1);
		}
}

void
graph_draw_tree(const struct graph *g, int width, struct wn_buf *out)
{
	struct tree t = { .g = g, .out = out, .width = width };

	for (size_t n = 0; n < g->nodes.len; n++) {
		bool root = true;

		for (size_t i = 0; i < g->edges.len; i++)
			root = root && g->edges.p[i].to != n;
		if (root)
			below(&t, n, 0);
	}
}
