/*
 * Pages: routes differ, sources fit, parameters are filled, and people can get there.
 */
#include "ai/blueprint/check_priv.h"

static const struct blueprint_thing *
source_of(struct check *c, const struct wn_json *j)
{
	return blueprint_find(&c->ix, wn_json_get_str(j, "source", NULL), BLUEPRINT_OPERATION);
}

static bool
kind_is(const struct blueprint_thing *t, const char *kind)
{
	return t && !strcmp(wn_json_get_str(t->json, "kind", ""), kind);
}

static void
check_source(struct check *c, const struct blueprint_thing *p)
{
	const struct blueprint_thing *o = source_of(c, p->json);
	const char *kind = wn_json_get_str(p->json, "kind", "");
	const struct wn_json *where = wn_json_get(p->json, "source");
	bool wants = !strcmp(kind, "list") || !strcmp(kind, "detail") || !strcmp(kind, "form");
	if (wants && !where)
		ERROR(c, "page", p->json, "Name the operation in \"source\".",
		      "A page of kind %s shows what an operation gives.", kind);
	if (!o || !wants || kind_is(o, "custom"))
		return;
	bool fits = !strcmp(kind, "list") ? kind_is(o, "list")
		    : !strcmp(kind, "detail")
			    ? kind_is(o, "get")
			    : !kind_is(o, "list") && !kind_is(o, "get") && !kind_is(o, "delete");
	if (!fits)
		ERROR(c, "page", where, "Choose an operation that fits the page.",
		      "A page of kind %s cannot show the %s \"%s\".", kind,
		      wn_json_get_str(o->json, "kind", ""), o->id);
}

/* Every {name} that the source's path needs must be in the route. */
static void
check_route(struct check *c, const struct blueprint_thing *p)
{
	const struct blueprint_thing *o = source_of(c, p->json);
	const char *route = wn_json_get_str(p->json, "route", "");
	const char *path = o ? strchr(wn_json_get_str(o->json, "http", ""), '/') : NULL;
	for (; path && (path = strchr(path, '{')) != NULL; path++) {
		const char *end = strchr(path, '}');
		if (!end)
			return;
		char *name = wn_arena_strndup(&c->ix.arena, path, (size_t)(end - path) + 1);
		if (!strstr(route, name))
			ERROR(c, "page", wn_json_get(p->json, "route"), "Put it into the route.",
			      "The route does not give %s, which \"%s\" needs.", name, o->id);
	}
}

static void
check_same_route(struct check *c, struct blueprint_thing *p, struct wn_map *shapes)
{
	struct wn_str shape =
		wn_str(blueprint_check_route_shape(c, wn_json_get_str(p->json, "route", "")));
	const struct blueprint_thing *first = wn_map_get(shapes, shape);
	if (first)
		ERROR(c, "page", wn_json_get(p->json, "route"), "Change one of the routes.",
		      "\"%s\" and \"%s\" have the same route.", p->id, first->id);
	else
		wn_map_set(shapes, shape, p);
}

static void
check_page_access(struct check *c, const struct blueprint_thing *p)
{
	const struct wn_json *access = wn_json_get(p->json, "access");
	const struct blueprint_thing *o = source_of(c, p->json);
	const struct blueprint_thing *e =
		o ? blueprint_find(&c->ix, wn_json_get_str(o->json, "entity", NULL),
				   BLUEPRINT_ENTITY)
		  : NULL;
	blueprint_check_access(c, access, e, false);
	if (o && (!access || blueprint_check_access_open(access)) &&
	    !blueprint_check_access_open(wn_json_get(o->json, "access")))
		WARN(c, "access", access ? access : p->json,
		     "Give the page the access of its source.",
		     "Visitors may open \"%s\", but not load what it shows.", p->id);
}

static void
check_sections(struct check *c, const struct wn_json *list)
{
	for (EACH(s, list)) {
		const char *kind = wn_json_get_str(s, "kind", "");
		bool needs =
			!strcmp(kind, "list") || !strcmp(kind, "form") || !strcmp(kind, "count");
		if (needs && !wn_json_get(s, "source"))
			ERROR(c, "page", s, "Name the operation in \"source\".",
			      "A section of kind %s shows what an operation gives.", kind);
		if (!strcmp(kind, "text") && !wn_json_get(s, "text"))
			ERROR(c, "page", s, "Add \"text\".", "This section has nothing to say.");
		const struct blueprint_thing *o = source_of(c, s);
		if (o && (!strcmp(kind, "list") || !strcmp(kind, "count")) && !kind_is(o, "list") &&
		    !kind_is(o, "custom"))
			ERROR(c, "page", wn_json_get(s, "source"), "Use an operation of kind list.",
			      "A section of kind %s cannot show \"%s\".", kind, o->id);
		blueprint_check_access(c, wn_json_get(s, "access"), NULL, false);
	}
}

/* --- can people get there? --- */

/* From the pages of the menu along their links; each page is followed once. */
static void
check_reachable(struct check *c)
{
	size_t n = c->ix.things.len, todo = 0;
	bool *reached = wn_arena_array(&c->ix.arena, n + 1, sizeof *reached);
	size_t *queue = wn_arena_array(&c->ix.arena, n + 1, sizeof *queue);
	const struct blueprint_thing *p;
	for (THINGS(c, i, p))
		if (p->kind == BLUEPRINT_PAGE && blueprint_page_starts(p)) {
			reached[i] = true;
			queue[todo++] = i;
		}
	while (todo > 0) {
		const struct blueprint_thing *from = c->ix.things.p[queue[--todo]];
		for (THINGS(c, i, p))
			if (p->kind == BLUEPRINT_PAGE && !reached[i] &&
			    blueprint_page_links(&c->ix, from, p)) {
				reached[i] = true;
				queue[todo++] = i;
			}
	}
	for (THINGS(c, i, p))
		if (p->kind == BLUEPRINT_PAGE && !reached[i])
			WARN(c, "page", p->json,
			     "Set \"nav\": true, or show its entity on a page people reach.",
			     "No page leads to \"%s\".", p->id);
}

void
blueprint_check_pages(struct check *c)
{
	struct wn_map shapes;
	wn_map_init(&shapes);
	for (size_t i = 0; i < c->ix.things.len; i++) {
		struct blueprint_thing *p = c->ix.things.p[i];
		if (p->kind != BLUEPRINT_PAGE)
			continue;
		check_source(c, p);
		check_route(c, p);
		check_same_route(c, p, &shapes);
		check_page_access(c, p);
		check_sections(c, wn_json_get(p->json, "sections"));
		check_sections(c, wn_json_get(p->json, "aside"));
		if (blueprint_flag(p, "nav") && strchr(wn_json_get_str(p->json, "route", ""), '{'))
			ERROR(c, "page", wn_json_get(p->json, "nav"), "Remove \"nav\".",
			      "A page about one row cannot stand in the menu.");
	}
	wn_map_fini(&shapes, NULL);
	check_reachable(c);
}
