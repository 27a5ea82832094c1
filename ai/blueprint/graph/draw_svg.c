/*
 * The same layout as SVG: lines behind boxes, text from the document escaped, colours that follow
 * the reader's light or dark setting. No script, no link, no outside font.
 */
#include "ai/blueprint/graph/graph_priv.h"

#define CELL_W 9
#define CELL_H 20
#define EDGE 10

static void
escaped(struct wn_buf *out, const char *s)
{
	for (; *s; s++) {
		const char *e = *s == '&'   ? "&amp;"
				: *s == '<' ? "&lt;"
				: *s == '>' ? "&gt;"
				: *s == '"' ? "&quot;"
					    : NULL;

		if (e)
			(void)wn_buf_cstr(out, e);
		else if ((unsigned char)*s >= 0x20)
			(void)wn_buf_chr(out, *s);
	}
}

static int
px(int x)
{
	return EDGE + x * CELL_W + CELL_W / 2;
}

static int
py(int y)
{
	return EDGE + y * CELL_H + CELL_H / 2;
}

static void
wire(const struct graph_wire *w, struct wn_buf *out)
{
	(void)wn_buf_printf(out, "<path d=\"M%d %dV%dH%dV%d\"%s/>\n", px(w->x1), py(w->y1),
			    py(w->bend_y), px(w->x2), py(w->y2),
			    w->arrow ? " marker-end=\"url(#to)\""
			    : w->many_bottom && w->many_top
				    ? " marker-start=\"url(#many)\" marker-end=\"url(#many)\""
			    : w->many_bottom ? " marker-end=\"url(#many)\""
			    : w->many_top    ? " marker-start=\"url(#many)\""
					     : "");
}

static void
row(const struct graph_node *n, int y, const char *text, bool head, bool rtl, struct wn_buf *out)
{
	int x = rtl ? px(n->x + n->w - 1) - CELL_W : px(n->x) + CELL_W;

	(void)wn_buf_printf(out, "<text x=\"%d\" y=\"%d\"%s%s>", x, py(y) + 5,
			    head ? " class=\"head\"" : "", rtl ? " text-anchor=\"start\"" : "");
	escaped(out, text);
	(void)wn_buf_cstr(out, "</text>\n");
}

static void
box(const struct graph_node *n, bool rtl, struct wn_buf *out)
{
	(void)wn_buf_cstr(out, "<g><title>");
	escaped(out, n->id ? n->id : "");
	(void)wn_buf_printf(out,
			    "</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
			    "rx=\"4\"/>\n",
			    px(n->x), py(n->y), (n->w - 1) * CELL_W, (n->h - 1) * CELL_H);
	row(n, n->y + 1, n->title, true, rtl, out);
	if (n->lines.len)
		(void)wn_buf_printf(out, "<path d=\"M%d %dH%d\"/>\n", px(n->x), py(n->y + 2),
				    px(n->x + n->w - 1));
	for (size_t i = 0; i < n->lines.len; i++)
		row(n, n->y + 3 + (int)i, n->lines.p[i], false, rtl, out);
	(void)wn_buf_cstr(out, "</g>\n");
}

void
graph_draw_svg(const struct graph *g, const char *title, bool rtl, struct wn_buf *out)
{
	int w = 2 * EDGE + (g->width + 1) * CELL_W, h = 2 * EDGE + (g->height + 1) * CELL_H;

	(void)wn_buf_printf(out,
			    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
			    "viewBox=\"0 0 %d %d\" role=\"img\"%s>\n<title>",
			    w, h, w, h, rtl ? " direction=\"rtl\"" : "");
	escaped(out, title);
	(void)wn_buf_cstr(
		out,
		"</title>\n<style>svg{background:#fff;color:#1b1b1b}"
		"text{font:14px ui-monospace,monospace;fill:currentColor}.head{font-weight:bold}"
		"rect{fill:#f6f7f9;stroke:#5a6572}path{fill:none;stroke:#5a6572}"
		"@media(prefers-color-scheme:dark){svg{background:#16181c;color:#e8e8e8}"
		"rect{fill:#22262c;stroke:#9aa4b1}path{stroke:#9aa4b1}}</style>\n"
		"<defs><marker id=\"to\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
		"markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 "
		"8\"/></marker>"
		"<marker id=\"many\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" "
		"markerWidth=\"10\" markerHeight=\"10\" orient=\"auto-start-reverse\">"
		"<path d=\"M10 0L0 5L10 10M0 5H10\"/></marker></defs>\n");
	for (size_t i = 0; i < g->wires.len; i++)
		wire(&g->wires.p[i], out);
	for (size_t i = 0; i < g->nodes.len; i++)
		if (g->nodes.p[i].bend)
			(void)wn_buf_printf(out, "<path d=\"M%d %dV%d\"/>\n", px(g->nodes.p[i].x),
					    py(g->nodes.p[i].y),
					    py(g->nodes.p[i].y + g->nodes.p[i].h - 1));
		else
			box(&g->nodes.p[i], rtl, out);
	(void)wn_buf_cstr(out, "</svg>\n");
}
