/*
 * Turns a blueprint into nodes and edges and hands them to a drawing.
 */
#include "ai/blueprint/graph/graph.h"

#include <assert.h>

#include "ai/blueprint/graph/graph_priv.h"
#include "runtime/base/utf8.h"

struct builder {
	struct graph *g;
	const struct blueprint_graph_options *o;
	struct blueprint_index ix;
	struct wn_map by_id; /* id -> node index + 1 */
};

const char *
graph_label(const struct blueprint_thing *t, const char *member, const char *locale)
{
	const char *text =
		locale ? wn_json_get_str(wn_json_get(t->json, member), locale, NULL) : NULL;

	return text && *text ? text : blueprint_name(t);
}

/* Cut to what a box may hold; the cut is shown. */
static const char *
fitted(struct builder *b, const char *text)
{
	size_t n;

	if (wn_utf8_width(wn_str(text)) <= GRAPH_LINE_MAX)
		return text;
	n = wn_utf8_fit(wn_str(text), GRAPH_LINE_MAX - 1, NULL);
	return wn_arena_printf(&b->g->arena, "%.*s…", (int)n, text);
}

static struct graph_node *
add_node(struct builder *b, const struct blueprint_thing *t, const char *id, const char *title)
{
	struct graph_node n = { .thing = t, .id = id, .title = fitted(b, title) };
	size_t at;

	if (b->g->nodes.len >= GRAPH_NODES_MAX || wn_map_has(&b->by_id, wn_str(id)))
		return NULL;
	at = b->g->nodes.len;
	(void)wn_vec_reserve(&b->g->nodes, at + 1);
	assert(b->g->nodes.p != NULL);
	b->g->nodes.p[at] = n;
	b->g->nodes.len = at + 1;
	(void)wn_map_set(&b->by_id, wn_str(id), (void *)(uintptr_t)b->g->nodes.len);
	return &b->g->nodes.p[b->g->nodes.len - 1];
}

static size_t
node_of(const struct builder *b, const char *id)
{
	return (size_t)(uintptr_t)wn_map_get(&b->by_id, wn_str(id));
}

static void
add_edge(struct builder *b, const char *from, const char *to, const char *name,
	 const struct blueprint_thing *t)
{
	size_t x = node_of(b, from), y = node_of(b, to);
	struct graph_edge e = { .from = x - 1, .to = y - 1, .name = name, .thing = t };

	if (!x || !y)
		return;
	e.hidden = x == y;
	e.many_to = t != NULL;
	e.many_from = t && !strcmp(wn_json_get_str(t->json, "kind", ""), "manyToMany");
	e.required = t && blueprint_flag(t, "required");
	for (size_t i = 0; i < b->g->edges.len && !e.hidden; i++) {
		const struct graph_edge *other = &b->g->edges.p[i];

		e.hidden = !other->hidden && ((other->from == e.from && other->to == e.to) ||
					      (other->from == e.to && other->to == e.from));
	}
	wn_vec_push(&b->g->edges, e);
}

/* --- entities ------------------------------------------------------------------------ */

static void
add_field_line(struct builder *b, struct graph_node *n, const struct blueprint_thing *f)
{
	const char *type = wn_json_get_str(f->json, "type", "?");
	const char *mark = blueprint_flag(f, "unique")	   ? " !"
			   : blueprint_flag(f, "required") ? " *"
							   : "";

	wn_vec_push(&n->lines, fitted(b, wn_arena_printf(&b->g->arena, "%s: %s%s",
							 blueprint_name(f), type, mark)));
}

static void
add_relation_line(struct builder *b, const struct blueprint_thing *r)
{
	const char *from = wn_json_get_str(r->json, "from", "");
	const struct blueprint_thing *to = blueprint_to(&b->ix, r);
	size_t i = node_of(b, from);
	bool many = !strcmp(wn_json_get_str(r->json, "kind", ""), "manyToMany");

	if (i && to)
		wn_vec_push(
			&b->g->nodes.p[i - 1].lines,
			fitted(b, wn_arena_printf(&b->g->arena, "%s → %s%s%s", blueprint_name(r),
						  many ? "many " : "", blueprint_name(to),
						  blueprint_flag(r, "required") ? " *" : "")));
}

static void
add_entities(struct builder *b)
{
	const struct blueprint_thing *t;

	for (size_t i = 0; i < b->ix.things.len; i++) {
		struct graph_node *n;

		t = b->ix.things.p[i];
		if (t->kind != BLUEPRINT_ENTITY || !*t->id)
			continue;
		n = add_node(b, t, t->id, graph_label(t, "label", b->o->locale));
		for (size_t k = 0; n && !b->o->no_fields && k < b->ix.things.len; k++)
			if (b->ix.things.p[k]->kind == BLUEPRINT_FIELD &&
			    b->ix.things.p[k]->entity == t && n->lines.len < 40)
				add_field_line(b, n, b->ix.things.p[k]);
	}
	for (size_t i = 0; i < b->ix.things.len; i++) {
		t = b->ix.things.p[i];
		if (t->kind != BLUEPRINT_RELATION)
			continue;
		if (!b->o->no_fields)
			add_relation_line(b, t);
		add_edge(b, wn_json_get_str(t->json, "to", ""),
			 wn_json_get_str(t->json, "from", ""), blueprint_name(t), t);
	}
}

/* --- pages ----------------------------------------------------------------------------- */

static const char *
access_word(struct builder *b, const struct wn_json *access)
{
	struct wn_buf text;
	const char *out = "public";

	if (wn_json_type(access) == WN_JSON_STRING)
		return wn_json_str(access, "");
	if (!access)
		return out;
	wn_buf_init(&text, 200);
	if (wn_json_print(access, &text) == WN_OK)
		out = wn_arena_strdup(&b->g->arena, text.p);
	else
		out = "some";
	wn_buf_fini(&text);
	return out;
}

static void
add_page(struct builder *b, const struct blueprint_thing *p)
{
	const char *title = wn_json_get_str(wn_json_get(p->json, "title"),
					    b->o->locale ? b->o->locale : "en", NULL);
	struct graph_node *n = add_node(b, p, p->id, title && *title ? title : p->id);

	if (!n || b->o->no_fields)
		return;
	wn_vec_push(&n->lines, fitted(b, wn_json_get_str(p->json, "route", "?")));
	wn_vec_push(&n->lines,
		    fitted(b, wn_arena_printf(&b->g->arena, "%s, %s",
					      wn_json_get_str(p->json, "kind", "?"),
					      access_word(b, wn_json_get(p->json, "access")))));
}

static const char *
shown_entity(const struct builder *b, const struct blueprint_thing *page)
{
	const struct blueprint_thing *o = blueprint_find(
		&b->ix, wn_json_get_str(page->json, "source", NULL), BLUEPRINT_OPERATION);

	return o ? wn_json_get_str(o->json, "entity", "") : "";
}

/* Follows the ways from the pages that are reached; direct: only to pages about the same thing. */
static void
follow(struct builder *b, const struct blueprint_thing **queue, size_t *tail, bool *seen,
       bool direct)
{
	for (size_t head = 0; head < *tail; head++)
		for (size_t i = 0; i < b->ix.things.len; i++) {
			const struct blueprint_thing *to = b->ix.things.p[i];

			if (to->kind != BLUEPRINT_PAGE || seen[i] ||
			    !blueprint_page_links(&b->ix, queue[head], to) ||
			    (direct &&
			     strcmp(shown_entity(b, queue[head]), shown_entity(b, to)) != 0))
				continue;
			seen[i] = true;
			queue[(*tail)++] = to;
			add_edge(b, queue[head]->id, to->id, "", NULL);
		}
}

/* Each page hangs from the first one about the same thing that leads to it, counted from the menu;
 * else from the first that shows such a thing in a section. */
static void
add_ways(struct builder *b)
{
	size_t n = b->ix.things.len, tail = 0;
	const struct blueprint_thing **queue = wn_arena_array(&b->g->arena, n + 1, sizeof *queue);
	bool *seen = wn_arena_array(&b->g->arena, n + 1, sizeof *seen);

	for (size_t i = 0; i < n; i++)
		if (b->ix.things.p[i]->kind == BLUEPRINT_PAGE &&
		    blueprint_page_starts(b->ix.things.p[i])) {
			seen[i] = true;
			queue[tail++] = b->ix.things.p[i];
			add_edge(b, "menu", b->ix.things.p[i]->id, "", NULL);
		}
	follow(b, queue, &tail, seen, true);
	follow(b, queue, &tail, seen, false);
}

static void
add_pages(struct builder *b)
{
	(void)add_node(b, NULL, "menu",
		       b->o->locale && !strcmp(b->o->locale, "ar") ? "القائمة" : "menu");
	for (size_t i = 0; i < b->ix.things.len; i++)
		if (b->ix.things.p[i]->kind == BLUEPRINT_PAGE && *b->ix.things.p[i]->id)
			add_page(b, b->ix.things.p[i]);
	add_ways(b);
}

/* --- together ----------------------------------------------------------------------------- */

static void
measure(struct graph *g)
{
	for (size_t i = 0; i < g->nodes.len; i++) {
		struct graph_node *n = &g->nodes.p[i];
		int w = wn_utf8_width(wn_str(n->title));

		for (size_t k = 0; k < n->lines.len; k++) {
			int c = wn_utf8_width(wn_str(n->lines.p[k]));

			w = c > w ? c : w;
		}
		n->w = w + 4;
		n->h = 3 + (n->lines.len ? (int)n->lines.len + 1 : 0);
	}
}

static void
draw(struct builder *b, struct wn_buf *out)
{
	const char *locale = b->o->locale;

	if (b->o->format == BLUEPRINT_GRAPH_MERMAID) {
		graph_draw_mermaid(b->g, b->o, &b->ix, out);
		return;
	}
	if (b->o->format == BLUEPRINT_GRAPH_JSON) {
		graph_draw_json(b->g, out);
		return;
	}
	if (b->o->format == BLUEPRINT_GRAPH_TEXT && b->o->of == BLUEPRINT_GRAPH_PAGES) {
		graph_draw_tree(b->g, b->o->width ? (int)b->o->width : 80, out);
		return;
	}
	measure(b->g);
	graph_layout(b->g, b->o->format == BLUEPRINT_GRAPH_SVG ? 160
			   : b->o->width		       ? (int)b->o->width
							       : 80);
	if (b->o->format == BLUEPRINT_GRAPH_SVG)
		graph_draw_svg(b->g,
			       wn_json_get_str(wn_json_get(b->ix.doc, "name"),
					       locale ? locale : "en", "Blueprint"),
			       locale && !strcmp(locale, "ar"), out);
	else
		graph_draw_text(b->g, out);
}

static void
graph_fini(struct graph *g)
{
	for (size_t i = 0; i < g->nodes.len; i++)
		wn_vec_fini(&g->nodes.p[i].lines);
	for (size_t i = 0; i < g->edges.len; i++)
		wn_vec_fini(&g->edges.p[i].path);
	wn_vec_fini(&g->nodes);
	wn_vec_fini(&g->edges);
	wn_vec_fini(&g->wires);
	wn_arena_fini(&g->arena);
}

wn_err
blueprint_graph(const struct wn_json *doc, const struct blueprint_graph_options *options,
		struct wn_buf *out)
{
	struct graph g = { 0 };
	struct blueprint_graph_options o = *options;
	struct builder b = { .g = &g, .o = &o };

	/* Cells are counted from the left: text keeps to names, which are ASCII. */
	if (o.format == BLUEPRINT_GRAPH_TEXT)
		o.locale = NULL;

	wn_arena_init(&g.arena, 0);
	wn_map_init(&b.by_id);
	blueprint_index_init(&b.ix, doc);
	if (o.of == BLUEPRINT_GRAPH_PAGES)
		add_pages(&b);
	else
		add_entities(&b);
	draw(&b, out);
	blueprint_index_fini(&b.ix);
	wn_map_fini(&b.by_id, NULL);
	graph_fini(&g);
	return out->err;
}
