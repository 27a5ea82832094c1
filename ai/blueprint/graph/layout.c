/*
 * Places boxes in layers, parents above children, and leads lines between them (after Sugiyama,
 * Tagawa and Toda, 1981): break circles, layer by longest path, let long edges bend through the
 * layers between, order by barycentres, then straight wires with one bend in the channels.
 * A layer too wide for the page becomes two; an edge that finds no room is only named.
 */
#include <stdlib.h>

#include "ai/blueprint/graph/graph_priv.h"

#define GAP 2
#define SWEEPS 8

/* --- layers ---------------------------------------------------------------------------- */

/* Depth first; an edge to a node that is still open closes a circle and is turned. */
static void
break_circles(struct graph *g, size_t node, char *state)
{
	state[node] = 1;
	for (size_t i = 0; i < g->edges.len; i++) {
		struct graph_edge *e = &g->edges.p[i];

		if (e->hidden || e->turned || e->from != node)
			continue;
		if (state[e->to] == 1) {
			e->turned = true;
			e->from = e->to;
			e->to = node;
		} else if (state[e->to] == 0) {
			break_circles(g, e->to, state);
		}
	}
	state[node] = 2;
}

static void
longest_paths(struct graph *g)
{
	bool moved = true;

	for (size_t round = 0; moved && round <= g->nodes.len; round++) {
		moved = false;
		for (size_t i = 0; i < g->edges.len; i++) {
			const struct graph_edge *e = &g->edges.p[i];

			if (e->hidden || g->nodes.p[e->to].layer > g->nodes.p[e->from].layer)
				continue;
			g->nodes.p[e->to].layer = g->nodes.p[e->from].layer + 1;
			moved = true;
		}
	}
}

/* A node without parents moves down beside what hangs from it. */
static void
pull_down(struct graph *g)
{
	for (size_t n = g->nodes.len; n-- > 0;) {
		int lowest = -1;
		bool parents = false;

		for (size_t i = 0; i < g->edges.len; i++) {
			const struct graph_edge *e = &g->edges.p[i];

			if (e->hidden)
				continue;
			parents |= e->to == n;
			if (e->from == n && (lowest < 0 || g->nodes.p[e->to].layer - 1 < lowest))
				lowest = g->nodes.p[e->to].layer - 1;
		}
		if (!parents && lowest > g->nodes.p[n].layer)
			g->nodes.p[n].layer = lowest;
	}
}

static bool
is_lonely(const struct graph *g, size_t n)
{
	for (size_t i = 0; i < g->edges.len; i++)
		if (!g->edges.p[i].hidden && (g->edges.p[i].from == n || g->edges.p[i].to == n))
			return false;
	return true;
}

static int
deepest(const struct graph *g)
{
	int d = 0;

	for (size_t i = 0; i < g->nodes.len; i++)
		d = g->nodes.p[i].layer > d ? g->nodes.p[i].layer : d;
	return d;
}

/* Boxes of one layer that do not fit side by side go one below the other. */
static void
split_layers(struct graph *g, int width)
{
	int last = deepest(g), lonely = last + 1;

	for (size_t i = 0; i < g->nodes.len; i++)
		if (is_lonely(g, i))
			g->nodes.p[i].layer = lonely;
	for (int layer = 0; layer <= deepest(g) && layer < GRAPH_NODES_MAX; layer++) {
		int used = 0;
		bool full = false;

		for (size_t i = 0; i < g->nodes.len; i++) {
			struct graph_node *n = &g->nodes.p[i];

			if (n->layer != layer)
				continue;
			full = full || (used > 0 && used + GAP + n->w > width);
			if (full)
				n->layer = -1;
			else
				used += (used ? GAP : 0) + n->w;
		}
		if (!full)
			continue;
		for (size_t i = 0; i < g->nodes.len; i++) {
			struct graph_node *n = &g->nodes.p[i];

			n->layer = n->layer == -1     ? layer + 1
				   : n->layer > layer ? n->layer + 1
						      : n->layer;
		}
	}
	g->layers = g->nodes.len ? deepest(g) + 1 : 0;
}

/* --- bends ----------------------------------------------------------------------------------- */

static int
width_of_layer(const struct graph *g, int layer)
{
	int used = 0;

	for (size_t i = 0; i < g->nodes.len; i++)
		if (g->nodes.p[i].layer == layer)
			used += (used ? GAP : 0) + g->nodes.p[i].w;
	return used;
}

static bool
room_for(const struct graph *g, const struct graph_edge *e, int width)
{
	for (int l = g->nodes.p[e->from].layer + 1; l < g->nodes.p[e->to].layer; l++)
		if (width_of_layer(g, l) + GAP + 1 > width)
			return false;
	return true;
}

static void
add_bends(struct graph *g, int width)
{
	for (int length = 1; length <= g->layers; length++) /* short ones first: they find room */
		for (size_t i = 0; i < g->edges.len; i++) {
			struct graph_edge *e = &g->edges.p[i];
			int from = g->nodes.p[e->from].layer, to = g->nodes.p[e->to].layer;

			if (e->hidden || to - from != length)
				continue;
			if (!room_for(g, e, width)) {
				e->hidden = true;
				g->unnamed++;
				continue;
			}
			wn_vec_push(&e->path, e->from);
			for (int l = from + 1; l < to; l++) {
				struct graph_node bend = { .layer = l, .w = 1, .bend = true };

				wn_vec_push(&g->nodes, bend);
				wn_vec_push(&e->path, g->nodes.len - 1);
			}
			wn_vec_push(&e->path, e->to);
		}
}

/* --- order --------------------------------------------------------------------------------------
 */

static void
barycentres(struct graph *g, int layer, bool from_above)
{
	for (size_t n = 0; n < g->nodes.len; n++) {
		double sum = 0;
		int count = 0;

		if (g->nodes.p[n].layer != layer)
			continue;
		for (size_t i = 0; i < g->edges.len; i++) {
			const struct graph_edge *e = &g->edges.p[i];

			for (size_t k = 0; k + 1 < e->path.len; k++) {
				size_t here = e->path.p[from_above ? k + 1 : k];
				size_t there = e->path.p[from_above ? k : k + 1];

				if (here != n)
					continue;
				sum += g->nodes.p[there].want;
				count++;
			}
		}
		g->nodes.p[n].want = count ? sum / count : g->nodes.p[n].want;
	}
}

/* The nodes of a layer, by what they want; ties by their number, so the picture is always the same.
 */
static size_t
collect(const struct graph *g, int layer, size_t *out)
{
	size_t n = 0;

	for (size_t i = 0; i < g->nodes.len; i++) {
		size_t k = n;

		if (g->nodes.p[i].layer != layer)
			continue;
		while (k > 0 && g->nodes.p[out[k - 1]].want > g->nodes.p[i].want) {
			out[k] = out[k - 1];
			k--;
		}
		out[k] = i;
		n++;
	}
	return n;
}

static void
order_layers(struct graph *g, size_t *row)
{
	for (size_t i = 0; i < g->nodes.len; i++)
		g->nodes.p[i].want = (double)i;
	for (int sweep = 0; sweep < SWEEPS; sweep++)
		for (int k = 0; k < g->layers; k++) {
			bool down = sweep % 2 == 0;
			int layer = down ? k : g->layers - 1 - k;
			size_t n;

			barycentres(g, layer, down);
			n = collect(g, layer, row);
			for (size_t i = 0; i < n; i++)
				g->nodes.p[row[i]].want =
					(double)(i + 1) / (double)(n + 1) * 1000 + (double)i * 1e-6;
		}
}

/* --- places ------------------------------------------------------------------------------------
 */

/* Side by side in their order, each as near as may be to where its neighbours stand. */
static void
place_layer(struct graph *g, size_t *row, size_t n, int width)
{
	int at = 0, right = width;

	for (size_t i = 0; i < n; i++) {
		struct graph_node *b = &g->nodes.p[row[i]];
		int x = (int)b->want - b->w / 2;

		b->x = x > at ? x : at;
		at = b->x + b->w + GAP;
	}
	for (size_t i = n; i-- > 0;) {
		struct graph_node *b = &g->nodes.p[row[i]];

		if (b->x + b->w > right)
			b->x = right - b->w;
		if (b->x < 0)
			b->x = 0;
		right = b->x - GAP;
	}
	at = 0;
	for (size_t i = 0; i < n; i++) { /* too wide altogether: it runs over on the right */
		struct graph_node *b = &g->nodes.p[row[i]];

		b->x = b->x > at ? b->x : at;
		at = b->x + b->w + GAP;
	}
}

static void
centres(struct graph *g)
{
	for (size_t i = 0; i < g->nodes.len; i++)
		g->nodes.p[i].want = g->nodes.p[i].x + g->nodes.p[i].w / 2.0;
}

static void
place(struct graph *g, size_t *row, int width)
{
	size_t **rows = wn_arena_array(&g->arena, (size_t)g->layers + 1, sizeof *rows);
	size_t *counts = wn_arena_array(&g->arena, (size_t)g->layers + 1, sizeof *counts);

	for (int l = 0; l < g->layers; l++) {
		int used = width_of_layer(g, l), at;

		counts[l] = collect(g, l, row);
		rows[l] = wn_arena_array(&g->arena, counts[l] + 1, sizeof **rows);
		memcpy(rows[l], row, counts[l] * sizeof *row);
		at = used < width ? (width - used) / 2 : 0;
		for (size_t i = 0; i < counts[l]; i++) {
			g->nodes.p[row[i]].x = at;
			at += g->nodes.p[row[i]].w + GAP;
		}
	}
	for (int sweep = 0; sweep < 4; sweep++)
		for (int k = 0; k < g->layers; k++) {
			int l = sweep % 2 == 0 ? k : g->layers - 1 - k;

			centres(g);
			barycentres(g, l, sweep % 2 == 0);
			place_layer(g, rows[l], counts[l], width);
		}
}

static void
shift_left(struct graph *g)
{
	int left = g->nodes.len ? g->nodes.p[0].x : 0;

	for (size_t i = 0; i < g->nodes.len; i++)
		left = g->nodes.p[i].x < left ? g->nodes.p[i].x : left;
	for (size_t i = 0; i < g->nodes.len; i++)
		g->nodes.p[i].x -= left;
}

/* --- wires
 * ---------------------------------------------------------------------------------------- */

/* The i-th of n places on a side of a box, corners left out. */
static int
port(const struct graph_node *b, int i, int n)
{
	if (b->bend)
		return b->x;
	return b->x + 1 + (b->w - 2) * (2 * i + 1) / (2 * n);
}

static int
by_other_end(const void *a, const void *b)
{
	const struct graph_wire *x = (const struct graph_wire *)a;
	const struct graph_wire *y = (const struct graph_wire *)b;

	return x->x1 != y->x1 ? (x->x1 < y->x1 ? -1 : 1) : x->x2 < y->x2 ? -1 : x->x2 > y->x2;
}

struct piece {
	size_t up, down; /* nodes */
	int key;	 /* where the other end is */
	struct graph_wire wire;
};

static int
by_key(const void *a, const void *b)
{
	const struct piece *x = (const struct piece *)a, *y = (const struct piece *)b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* Gives each piece its place on the boxes of one side, in the order of their other ends. */
static void
assign_ports(struct graph *g, struct piece *p, size_t n, bool upper)
{
	for (size_t i = 0; i < n; i++) {
		const struct graph_node *other = &g->nodes.p[upper ? p[i].down : p[i].up];

		p[i].key = other->x * 2 + other->w;
	}
	if (n > 1)
		qsort(p, n, sizeof *p, by_key);
	for (size_t i = 0; i < n; i++) {
		struct graph_node *b = &g->nodes.p[upper ? p[i].up : p[i].down];
		int *used = upper ? &b->used_down : &b->used_up;
		int all = upper ? b->ports_down : b->ports_up;
		int x = port(b, (*used)++, all ? all : 1);

		if (upper)
			p[i].wire.x1 = x;
		else
			p[i].wire.x2 = x;
	}
}

static bool
overlap(const struct graph_wire *a, const struct graph_wire *b)
{
	int al = a->x1 < a->x2 ? a->x1 : a->x2, ar = a->x1 < a->x2 ? a->x2 : a->x1;
	int bl = b->x1 < b->x2 ? b->x1 : b->x2, br = b->x1 < b->x2 ? b->x2 : b->x1;

	return al <= br + 1 && bl <= ar + 1;
}

/* Rows of the channel: two wires share one when they are apart, and a wire that comes down where
 * another goes down turns off above it. Returns how many rows are used. */
static int
assign_tracks(struct piece *p, size_t n)
{
	int most = 0;

	for (size_t i = 0; i < n; i++) {
		int track = 1;
		bool again = true;

		if (p[i].wire.x1 == p[i].wire.x2)
			continue;
		while (again) {
			again = false;
			for (size_t k = 0; k < i && !again; k++) {
				const struct graph_wire *o = &p[k].wire;

				if (o->x1 == o->x2)
					continue;
				again = (o->bend_y == track && overlap(o, &p[i].wire)) ||
					(o->bend_y >= track && o->x1 == p[i].wire.x2);
			}
			track += again;
		}
		p[i].wire.bend_y = track;
		most = track > most ? track : most;
	}
	return most;
}

static size_t
collect_pieces(struct graph *g, int layer, struct piece *out)
{
	size_t n = 0;

	for (size_t i = 0; i < g->edges.len; i++) {
		const struct graph_edge *e = &g->edges.p[i];

		for (size_t k = 0; k + 1 < e->path.len; k++) {
			struct piece *p = &out[n];

			if (g->nodes.p[e->path.p[k]].layer != layer)
				continue;
			*p = (struct piece){ .up = e->path.p[k], .down = e->path.p[k + 1] };
			g->nodes.p[p->up].ports_down++;
			g->nodes.p[p->down].ports_up++;
			p->wire.many_top = k == 0 && (e->turned ? e->many_to : e->many_from);
			p->wire.many_bottom =
				k + 2 == e->path.len && (e->turned ? e->many_from : e->many_to);
			p->wire.arrow = k + 2 == e->path.len && !e->thing;
			n++;
		}
	}
	return n;
}

static void
lead_wires(struct graph *g)
{
	size_t most = g->edges.len + 1;
	struct piece *p = wn_arena_array(&g->arena, most, sizeof *p);
	int y = 0;

	for (int layer = 0; layer < g->layers; layer++) {
		size_t n = collect_pieces(g, layer, p);
		int height = 1, rows, top;

		for (size_t i = 0; i < g->nodes.len; i++)
			if (g->nodes.p[i].layer == layer && g->nodes.p[i].h > height)
				height = g->nodes.p[i].h;
		for (size_t i = 0; i < g->nodes.len; i++)
			if (g->nodes.p[i].layer == layer) {
				g->nodes.p[i].y = y;
				g->nodes.p[i].h = g->nodes.p[i].bend ? height : g->nodes.p[i].h;
			}
		assign_ports(g, p, n, true);
		assign_ports(g, p, n, false);
		rows = assign_tracks(p, n);
		top = y + height;
		y = top + (n ? rows + 2 : 1);
		for (size_t i = 0; i < n; i++) {
			const struct graph_node *up = &g->nodes.p[p[i].up];

			p[i].wire.y1 = up->y + up->h - 1;
			p[i].wire.y2 = y;
			p[i].wire.bend_y = top + (p[i].wire.bend_y ? p[i].wire.bend_y : 1) - 1;
			wn_vec_push(&g->wires, p[i].wire);
		}
	}
	g->height = y > 0 ? y - 1 : 0;
	if (g->wires.len > 1)
		qsort(g->wires.p, g->wires.len, sizeof *g->wires.p, by_other_end);
}

void
graph_layout(struct graph *g, int width)
{
	char *state = wn_arena_array(&g->arena, g->nodes.len + 1, 1);
	size_t *row;

	for (size_t i = 0; i < g->nodes.len; i++)
		if (!state[i])
			break_circles(g, i, state);
	longest_paths(g);
	pull_down(g);
	split_layers(g, width);
	add_bends(g, width);
	row = wn_arena_array(&g->arena, g->nodes.len + 1, sizeof *row);
	order_layers(g, row);
	place(g, row, width);
	shift_left(g);
	lead_wires(g);
	for (size_t i = 0; i < g->nodes.len; i++)
		if (g->nodes.p[i].x + g->nodes.p[i].w > g->width)
			g->width = g->nodes.p[i].x + g->nodes.p[i].w;
}
