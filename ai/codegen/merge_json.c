/*
 * Merging JSON by structure. Knows nothing of files.
 */
#include "ai/codegen/merge_json.h"

#include <string.h>

static bool
equal(const struct wn_json *a, const struct wn_json *b)
{
	return (!a && !b) || (a && b && wn_json_equal(a, b));
}

/* ---- lists whose elements have names -------------------------------------------------------- */

static const char *
name_of(const struct wn_json *element)
{
	static const char *const keys[] = { "id", "name", "path", "route", "value", NULL };

	for (size_t i = 0; keys[i]; i++) {
		const char *s = wn_json_get_str(element, keys[i], NULL);

		if (s)
			return s;
	}
	return NULL;
}

static const struct wn_json *
named(const struct wn_json *list, const char *name)
{
	const struct wn_json *c;

	for (c = wn_json_first(list); c; c = wn_json_next(c))
		if (strcmp(name_of(c), name) == 0)
			return c;
	return NULL;
}

/* Every element is an object with a name of its own. */
static bool
is_named_list(const struct wn_json *list)
{
	const struct wn_json *c;

	if (wn_json_type(list) != WN_JSON_ARRAY)
		return false;
	for (c = wn_json_first(list); c; c = wn_json_next(c))
		if (wn_json_type(c) != WN_JSON_OBJECT || !name_of(c) ||
		    named(list, name_of(c)) != c)
			return false;
	return true;
}

/* ---- one part of both kinds -------------------------------------------------------------------
 */

/* The value of a part; *out NULL: it is gone on one side, and the other had not touched it. */
static bool
merge_part(const struct wn_json *base, const struct wn_json *ours, const struct wn_json *theirs,
	   struct wn_json **out)
{
	const struct wn_json *kept = NULL;

	*out = NULL;
	if (equal(ours, theirs) || equal(base, theirs))
		kept = ours;
	else if (equal(base, ours))
		kept = theirs;
	else if (!ours || !theirs)
		return false;
	else
		return (*out = codegen_merge_json(base, ours, theirs)) != NULL;
	*out = kept ? wn_json_copy(kept) : NULL;
	return true;
}

static const struct wn_json *
part(const struct wn_json *of, const struct wn_json *like, bool object)
{
	if (!of)
		return NULL;
	return object ? wn_json_get(of, wn_json_key(like)) : named(of, name_of(like));
}

static bool
add_part(struct wn_json *out, const struct wn_json *like, const struct wn_json *base,
	 const struct wn_json *ours, const struct wn_json *theirs, bool object)
{
	struct wn_json *value;

	if (!merge_part(base, ours, theirs, &value))
		return false;
	if (value && object)
		wn_json_set(out, wn_json_key(like), value);
	else if (value)
		wn_json_push(out, value);
	return true;
}

static struct wn_json *
merge_parts(const struct wn_json *base, const struct wn_json *ours, const struct wn_json *theirs,
	    bool object)
{
	struct wn_json *out = object ? wn_json_new_object() : wn_json_new_array();
	const struct wn_json *c;
	bool good = true;

	for (c = wn_json_first(theirs); c && good; c = wn_json_next(c))
		good = add_part(out, c, part(base, c, object), part(ours, c, object), c, object);
	for (c = wn_json_first(ours); c && good; c = wn_json_next(c))
		if (!part(theirs, c, object))
			good = add_part(out, c, part(base, c, object), c, NULL, object);
	if (good)
		return out;
	wn_json_free(out);
	return NULL;
}

struct wn_json *
codegen_merge_json(const struct wn_json *base, const struct wn_json *ours,
		   const struct wn_json *theirs)
{
	bool objects =
		wn_json_type(ours) == WN_JSON_OBJECT && wn_json_type(theirs) == WN_JSON_OBJECT;
	bool lists = is_named_list(ours) && is_named_list(theirs);

	if (equal(ours, theirs) || equal(base, theirs))
		return wn_json_copy(ours);
	if (equal(base, ours))
		return wn_json_copy(theirs);
	if (!objects && !lists)
		return NULL;
	if (wn_json_type(base) != wn_json_type(ours) || (lists && !is_named_list(base)))
		base = NULL;
	return merge_parts(base, ours, theirs, objects);
}
