/*
 * Inside graph/: nodes and edges, and where the layout puts them. The unit is a terminal's cell.
 */
#ifndef AI_BLUEPRINT_GRAPH_GRAPH_PRIV_H
#define AI_BLUEPRINT_GRAPH_GRAPH_PRIV_H

#include "ai/blueprint/graph/graph.h"

#define GRAPH_NODES_MAX 300
#define GRAPH_LINE_MAX 34 /* columns of a line in a box */

struct graph_node {
	const struct blueprint_thing *thing; /* NULL: the menu, or a bend of a long edge */
	const char *id, *title;
	WN_VEC(const char *) lines;
	int layer, x, y, w, h, order;
	double want; /* where its neighbours would like it */
	bool bend;   /* a long edge passes through */
	int ports_up, ports_down, used_up, used_down;
};

struct graph_edge {
	size_t from, to; /* indices; from stands above once it is laid out */
	const char *name;
	const struct blueprint_thing *thing; /* the relation; NULL: a way between pages */
	bool many_from, many_to, required;
	bool turned;	     /* against its meaning, to break a circle */
	bool hidden;	     /* doubled, to itself, or too much for the width: only named */
	WN_VEC(size_t) path; /* nodes it passes, ends included */
};

/* One straight-down-over-down piece of an edge between two neighbouring layers. */
struct graph_wire {
	int x1, y1, x2, y2, bend_y;
	bool many_top, many_bottom, arrow;
};

struct graph {
	WN_VEC(struct graph_node) nodes;
	WN_VEC(struct graph_edge) edges;
	WN_VEC(struct graph_wire) wires;
	int width, height, layers;
	size_t unnamed; /* edges that are not drawn for want of room */
	struct wn_arena arena;
};

/* layout.c: layers, order, places, wires within width columns. */
void graph_layout(struct graph *g, int width);
void graph_draw_text(const struct graph *g, struct wn_buf *out);
void graph_draw_svg(const struct graph *g, const char *title, bool rtl, struct wn_buf *out);
void graph_draw_tree(const struct graph *g, int width, struct wn_buf *out);
/* draw_mermaid.c */
void graph_draw_mermaid(const struct graph *g, const struct blueprint_graph_options *o,
			const struct blueprint_index *ix, struct wn_buf *out);
void graph_draw_json(const struct graph *g, struct wn_buf *out);
/* The label of a thing in a language, else its name. */
const char *graph_label(const struct blueprint_thing *t, const char *member, const char *locale);

#endif
