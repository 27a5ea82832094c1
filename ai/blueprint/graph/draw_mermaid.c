/*
 * Mermaid and JSON: somebody else lays it out. Mermaid has no escapes in names, so names are made
 * of letters, digits and underscores only, and labels lose what would end them.
 */
#include "ai/blueprint/graph/graph_priv.h"
#include "runtime/base/json_write.h"

static void
plain(struct wn_buf *out, const char *s, bool name)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '_';

		if (word || (!name && c >= 0x20 && c != '"' && c != '#' && c != '\\' && c != '`' &&
			     c != '<' && c != '>'))
			(void)wn_buf_chr(out, (char)c);
		else
			(void)wn_buf_chr(out, name ? '_' : ' ');
	}
}

static const char *
entity_name(const struct blueprint_thing *t)
{
	return t ? blueprint_name(t) : "unknown";
}

static void
entity(const struct blueprint_thing *t, const struct blueprint_index *ix,
       const struct blueprint_graph_options *o, struct wn_buf *out)
{
	(void)wn_buf_cstr(out, "  ");
	plain(out, entity_name(t), true);
	(void)wn_buf_cstr(out, " {\n");
	for (size_t i = 0; i < ix->things.len && !o->no_fields; i++) {
		const struct blueprint_thing *f = ix->things.p[i];

		if (f->kind != BLUEPRINT_FIELD || f->entity != t)
			continue;
		(void)wn_buf_cstr(out, "    ");
		plain(out, wn_json_get_str(f->json, "type", "unknown"), true);
		(void)wn_buf_chr(out, ' ');
		plain(out, blueprint_name(f), true);
		(void)wn_buf_cstr(out, blueprint_flag(f, "unique") ? " UK" : "");
		if (o->locale) {
			(void)wn_buf_cstr(out, " \"");
			plain(out, graph_label(f, "label", o->locale), false);
			(void)wn_buf_chr(out, '"');
		}
		(void)wn_buf_chr(out, '\n');
	}
	(void)wn_buf_cstr(out, "  }\n");
}

static void
relations(const struct blueprint_index *ix, struct wn_buf *out)
{
	for (size_t i = 0; i < ix->things.len; i++) {
		const struct blueprint_thing *r = ix->things.p[i];
		bool many = !strcmp(wn_json_get_str(r->json, "kind", ""), "manyToMany");

		if (r->kind != BLUEPRINT_RELATION || !blueprint_from(ix, r) || !blueprint_to(ix, r))
			continue;
		(void)wn_buf_cstr(out, "  ");
		plain(out, entity_name(blueprint_to(ix, r)), true);
		(void)wn_buf_cstr(out, many			       ? " }o--o{ "
				       : blueprint_flag(r, "required") ? " ||--o{ "
								       : " |o--o{ ");
		plain(out, entity_name(blueprint_from(ix, r)), true);
		(void)wn_buf_cstr(out, " : \"");
		plain(out, blueprint_name(r), false);
		(void)wn_buf_cstr(out, "\"\n");
	}
}

static void
flow(const struct graph *g, struct wn_buf *out)
{
	(void)wn_buf_cstr(out, "flowchart TD\n");
	for (size_t i = 0; i < g->nodes.len; i++) {
		const struct graph_node *n = &g->nodes.p[i];

		(void)wn_buf_cstr(out, "  ");
		plain(out, n->id, true);
		(void)wn_buf_cstr(out, "[\"");
		plain(out, n->title, false);
		for (size_t k = 0; k < n->lines.len; k++) {
			(void)wn_buf_cstr(out, "<br/>");
			plain(out, n->lines.p[k], false);
		}
		(void)wn_buf_cstr(out, "\"]\n");
	}
	for (size_t i = 0; i < g->edges.len; i++) {
		(void)wn_buf_cstr(out, "  ");
		plain(out, g->nodes.p[g->edges.p[i].from].id, true);
		(void)wn_buf_cstr(out, " --> ");
		plain(out, g->nodes.p[g->edges.p[i].to].id, true);
		(void)wn_buf_chr(out, '\n');
	}
}

void
graph_draw_mermaid(const struct graph *g, const struct blueprint_graph_options *o,
		   const struct blueprint_index *ix, struct wn_buf *out)
{
	if (o->of == BLUEPRINT_GRAPH_PAGES) {
		flow(g, out);
		return;
	}
	(void)wn_buf_cstr(out, "erDiagram\n");
	for (size_t i = 0; i < g->nodes.len; i++)
		entity(g->nodes.p[i].thing, ix, o, out);
	relations(ix, out);
}

void
graph_draw_json(const struct graph *g, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_key(&w, "nodes");
	wn_jw_array(&w);
	for (size_t i = 0; i < g->nodes.len; i++) {
		const struct graph_node *n = &g->nodes.p[i];

		wn_jw_object(&w);
		wn_jw_kstr(&w, "id", n->id);
		wn_jw_kstr(&w, "title", n->title);
		wn_jw_key(&w, "lines");
		wn_jw_array(&w);
		for (size_t k = 0; k < n->lines.len; k++)
			wn_jw_str(&w, wn_str(n->lines.p[k]));
		wn_jw_array_end(&w);
		wn_jw_object_end(&w);
	}
	wn_jw_array_end(&w);
	wn_jw_key(&w, "edges");
	wn_jw_array(&w);
	for (size_t i = 0; i < g->edges.len; i++) {
		const struct graph_edge *e = &g->edges.p[i];

		wn_jw_object(&w);
		if (e->thing)
			wn_jw_kstr(&w, "id", e->thing->id);
		wn_jw_kstr(&w, "from", g->nodes.p[e->thing ? e->to : e->from].id);
		wn_jw_kstr(&w, "to", g->nodes.p[e->thing ? e->from : e->to].id);
		wn_jw_kstr(&w, "name", e->name);
		wn_jw_kbool(&w, "required", e->required);
		wn_jw_kbool(&w, "many", e->many_from);
		wn_jw_object_end(&w);
	}
	wn_jw_array_end(&w);
	wn_jw_object_end(&w);
}
