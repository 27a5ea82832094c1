/*
 * Words for people: every text is there in every locale of the blueprint, and things people
 * see have a label at all. Warnings only.
 */
#include "ai/blueprint/check_priv.h"

/* Members that hold a text by locale. */
static bool
is_text_member(const char *name)
{
	static const char *const names[] = { "label", "help",	      "title",
					     "text",  "inverseLabel", "summary" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static void
check_text(struct check *c, const struct wn_json *text)
{
	for (EACH(l, wn_json_get(c->doc, "locales"))) {
		const char *locale = wn_json_str(l, NULL);
		const char *words = locale ? wn_json_get_str(text, locale, NULL) : "x";
		if (!words || !*words)
			WARN(c, "label", text, "Add the missing language.",
			     "This text has no \"%s\".", locale);
	}
	/* A text that is no object has been told of already; what is in a list has no key. */
	for (EACH(w, wn_json_type(text) == WN_JSON_OBJECT ? text : NULL)) {
		bool known = false;
		for (EACH(l, wn_json_get(c->doc, "locales")))
			known |= !strcmp(wn_json_str(l, ""), wn_json_key(w));
		if (!known && wn_json_get(c->doc, "locales"))
			WARN(c, "label", w, "Add it to \"locales\", or remove the text.",
			     "\"%s\" is no locale of this blueprint.", wn_json_key(w));
	}
}

static void
walk(struct check *c, const struct wn_json *j, unsigned depth)
{
	for (const struct wn_json *m = wn_json_first(j); m && depth < 12; m = wn_json_next(m)) {
		const char *key = wn_json_key(m);
		if (key && wn_json_type(m) == WN_JSON_OBJECT && is_text_member(key))
			check_text(c, m);
		else if (!key || strcmp(key, "values") != 0 || wn_json_type(m) == WN_JSON_ARRAY)
			walk(c, m, depth + 1); /* "values" of a seed row are data, not words */
	}
}

static void
check_missing(struct check *c)
{
	const struct blueprint_thing *t;
	for (THINGS(c, i, t)) {
		bool seen = t->kind == BLUEPRINT_ENTITY || t->kind == BLUEPRINT_FIELD ||
			    (t->kind == BLUEPRINT_ROLE && !blueprint_flag(t, "implicit"));
		if (seen && !wn_json_get(t->json, "label"))
			WARN(c, "label", t->json, "Add a \"label\" in every locale.",
			     "The %s \"%s\" has no label; people will read \"%s\".",
			     blueprint_kind_name(t->kind), t->id, blueprint_name(t));
		if (t->kind == BLUEPRINT_PAGE && !wn_json_get(t->json, "title"))
			WARN(c, "label", t->json, "Add a \"title\" in every locale.",
			     "The page \"%s\" has no title.", t->id);
	}
}

void
blueprint_check_labels(struct check *c)
{
	static const char *const skipped[] = { "provenance", "extensions", "seed", "conventions" };
	for (EACH(m, c->doc)) {
		bool skip = false;
		for (size_t i = 0; i < sizeof skipped / sizeof *skipped; i++)
			skip |= wn_json_key(m) && !strcmp(wn_json_key(m), skipped[i]);
		if (!skip && wn_json_key(m) && !strcmp(wn_json_key(m), "summary"))
			check_text(c, m);
		else if (!skip && wn_json_key(m) && !strcmp(wn_json_key(m), "name"))
			check_text(c, m);
		else if (!skip)
			walk(c, m, 0);
	}
	for (EACH(m, wn_json_get(wn_json_get(c->doc, "conventions"), "messages")))
		check_text(c, m);
	if (wn_json_len(wn_json_get(c->doc, "locales")) > 1)
		check_missing(c);
}
