/*
 * The picture in cells: box drawing characters, one line a row, no blanks at their ends.
 */
#include "ai/blueprint/graph/graph_priv.h"
#include "runtime/base/utf8.h"

enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

struct canvas {
	int w, h;
	unsigned char *lines;	/* directions of a cell */
	const char **text;	/* a cell's character; NULL: none */
	unsigned char *bytes;	/* of it */
	unsigned char *covered; /* the second cell of a wide character */
};

static void
line(struct canvas *c, int x, int y, unsigned char dirs)
{
	if (x >= 0 && y >= 0 && x < c->w && y < c->h)
		c->lines[y * c->w + x] |= dirs;
}

static void
text(struct canvas *c, int x, int y, const char *s)
{
	size_t n = strlen(s);

	while (n > 0 && x < c->w && y < c->h) {
		int w;
		size_t len = wn_utf8_cluster(s, n, &w);

		c->text[y * c->w + x] = s;
		c->bytes[y * c->w + x] = (unsigned char)(len < 255 ? len : 255);
		for (int i = 1; i < w && x + i < c->w; i++)
			c->covered[y * c->w + x + i] = 1;
		x += w;
		s += len;
		n -= len;
	}
}

static void
rule(struct canvas *c, int x, int y, int w)
{
	for (int i = 0; i < w; i++)
		line(c, x + i, y, (unsigned char)((i > 0 ? LEFT : 0) | (i + 1 < w ? RIGHT : 0)));
}

static void
box(struct canvas *c, const struct graph_node *n)
{
	bool divided = n->lines.len > 0;

	rule(c, n->x, n->y, n->w);
	rule(c, n->x, n->y + n->h - 1, n->w);
	if (divided)
		rule(c, n->x, n->y + 2, n->w);
	for (int y = 0; y < n->h; y++) {
		unsigned char d = (unsigned char)((y > 0 ? UP : 0) | (y + 1 < n->h ? DOWN : 0));

		line(c, n->x, n->y + y, d);
		line(c, n->x + n->w - 1, n->y + y, d);
	}
	text(c, n->x + 2, n->y + 1, n->title);
	for (size_t i = 0; i < n->lines.len; i++)
		text(c, n->x + 2, n->y + 3 + (int)i, n->lines.p[i]);
}

static void
down(struct canvas *c, int x, int from, int to)
{
	for (int y = from; y <= to; y++)
		line(c, x, y, (unsigned char)((y > from ? UP : 0) | (y < to ? DOWN : 0)));
}

static void
wire(struct canvas *c, const struct graph_wire *w)
{
	int left = w->x1 < w->x2 ? w->x1 : w->x2, right = w->x1 < w->x2 ? w->x2 : w->x1;

	down(c, w->x1, w->y1, w->bend_y);
	for (int x = left; x <= right && left != right; x++)
		line(c, x, w->bend_y,
		     (unsigned char)((x > left ? LEFT : 0) | (x < right ? RIGHT : 0)));
	down(c, w->x2, w->bend_y, w->y2);
	if (w->many_top)
		text(c, w->x1, w->y1 + 1, "*");
	if (w->many_bottom)
		text(c, w->x2, w->y2 - 1, "*");
	if (w->arrow)
		text(c, w->x2, w->y2 - 1, "▼");
}

static void
print(const struct canvas *c, struct wn_buf *out)
{
	static const char *const glyphs[16] = { " ", "│", "│", "│", "─", "┘", "┐", "┤",
						"─", "└", "┌", "├", "─", "┴", "┬", "┼" };

	for (int y = 0; y < c->h; y++) {
		int blanks = 0;

		for (int x = 0; x < c->w; x++) {
			int i = y * c->w + x;

			if (c->covered[i])
				continue;
			if (!c->text[i] && !c->lines[i]) {
				blanks++;
				continue;
			}
			for (; blanks > 0; blanks--)
				(void)wn_buf_chr(out, ' ');
			if (c->text[i])
				(void)wn_buf_add(out, c->text[i], c->bytes[i]);
			else
				(void)wn_buf_cstr(out, glyphs[c->lines[i]]);
		}
		(void)wn_buf_chr(out, '\n');
	}
}

void
graph_draw_text(const struct graph *g, struct wn_buf *out)
{
	struct wn_arena a;
	struct canvas c = { .w = g->width, .h = g->height };
	size_t cells = (size_t)c.w * (size_t)c.h + 1;

	wn_arena_init(&a, 0);
	c.lines = wn_arena_array(&a, cells, 1);
	c.bytes = wn_arena_array(&a, cells, 1);
	c.covered = wn_arena_array(&a, cells, 1);
	c.text = wn_arena_array(&a, cells, sizeof *c.text);
	for (size_t i = 0; i < g->nodes.len; i++)
		if (!g->nodes.p[i].bend)
			box(&c, &g->nodes.p[i]);
		else
			down(&c, g->nodes.p[i].x, g->nodes.p[i].y,
			     g->nodes.p[i].y + g->nodes.p[i].h - 1);
	for (size_t i = 0; i < g->wires.len; i++)
		wire(&c, &g->wires.p[i]);
	print(&c, out);
	if (g->unnamed)
		(void)wn_buf_printf(out, "%zu lines do not fit; see the boxes.\n", g->unnamed);
	wn_arena_fini(&a);
}
