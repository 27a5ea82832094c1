/*
 * Which page leads to which: what the checks follow, and what the graph of pages draws.
 */
#include "ai/blueprint/resolve.h"

static const struct blueprint_thing *
source_of(const struct blueprint_index *ix, const struct wn_json *j)
{
	return blueprint_find(ix, wn_json_get_str(j, "source", NULL), BLUEPRINT_OPERATION);
}

static bool
shows_entity(const struct blueprint_index *ix, const struct wn_json *j, const char *entity)
{
	const struct blueprint_thing *o = source_of(ix, j);

	return o && *entity && !strcmp(wn_json_get_str(o->json, "entity", ""), entity);
}

static bool
any_shows(const struct blueprint_index *ix, const struct wn_json *list, const char *entity)
{
	for (const struct wn_json *s = wn_json_first(list); s; s = wn_json_next(s))
		if (shows_entity(ix, s, entity))
			return true;
	return false;
}

bool
blueprint_page_starts(const struct blueprint_thing *page)
{
	return blueprint_flag(page, "nav") ||
	       !strcmp(wn_json_get_str(page->json, "route", ""), "/");
}

bool
blueprint_page_links(const struct blueprint_index *ix, const struct blueprint_thing *from,
		     const struct blueprint_thing *to)
{
	const struct blueprint_thing *o = source_of(ix, to->json);
	const char *entity = o ? wn_json_get_str(o->json, "entity", "") : "";
	const char *kind = wn_json_get_str(to->json, "kind", "");
	const struct wn_json *tabs = wn_json_get(from->json, "tabs");

	for (const struct wn_json *t = wn_json_first(tabs); t; t = wn_json_next(t))
		if (!strcmp(wn_json_str(t, ""), to->id))
			return true;
	if (strcmp(kind, "detail") != 0 && strcmp(kind, "form") != 0)
		return false;
	return shows_entity(ix, from->json, entity) ||
	       any_shows(ix, wn_json_get(from->json, "sections"), entity) ||
	       any_shows(ix, wn_json_get(from->json, "aside"), entity);
}
