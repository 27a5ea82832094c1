/*
 * What to do about a finding of the schema, in words.
 */
#include <stdlib.h>

#include "ai/blueprint/check_priv.h"

#define WORD_MAX 60

/* Levenshtein distance of two short words, case folded. */
static size_t
distance(struct wn_str a, struct wn_str b)
{
	size_t row[WORD_MAX + 1];

	if (a.len > WORD_MAX || b.len > WORD_MAX)
		return WORD_MAX;
	for (size_t k = 0; k <= b.len; k++)
		row[k] = k;
	for (size_t i = 1; i <= a.len; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t k = 1; k <= b.len; k++) {
			size_t up = row[k],
			       best = corner + ((a.p[i - 1] | 32) != (b.p[k - 1] | 32));

			best = up + 1 < best ? up + 1 : best;
			row[k] = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
			corner = up;
		}
	}
	return row[b.len];
}

/* The next "word" in quotes; false: there is none. */
static bool
quoted(struct wn_str *rest, struct wn_str *word)
{
	ptrdiff_t open = wn_str_chr(*rest, '"'), close;

	if (open < 0)
		return false;
	*rest = wn_str_sub(*rest, (size_t)open + 1, rest->len);
	close = wn_str_chr(*rest, '"');
	if (close < 0)
		return false;
	*word = wn_str_sub(*rest, 0, (size_t)close);
	*rest = wn_str_sub(*rest, (size_t)close + 1, rest->len);
	return true;
}

/* The sentence names what is allowed and, behind "found", what is there. */
static const char *
nearest_hint(struct wn_arena *a, const char *expected)
{
	const char *found = strstr(expected, ", found");
	struct wn_str rest, word, wrong, best = WN_STR_NONE;
	size_t best_at = 4;

	if (!found)
		return NULL;
	rest = wn_str(found);
	if (!quoted(&rest, &wrong))
		return NULL;
	rest = wn_strn(expected, (size_t)(found - expected));
	while (quoted(&rest, &word)) {
		size_t d = distance(word, wrong);

		if (d < best_at && d < word.len) {
			best = word;
			best_at = d;
		}
	}
	return best.p ? wn_arena_printf(a, "Did you mean \"%.*s\"?", WN_STR_ARG(best)) : NULL;
}

const char *
blueprint_schema_hint(struct wn_arena *a, const char *keyword, const char *expected)
{
	static const struct {
		const char *keyword, *hint;
	} hints[] = {
		{ "required", "Add it." },
		{ "additionalProperties", "Correct its name, or remove it; own data belongs under "
					  "\"extensions\"." },
		{ "propertyNames", "Correct its name." },
		{ "enum", "Use one of the values it names." },
		{ "const", "Write exactly that." },
		{ "type", "Write a value of that kind." },
		{ "pattern", "Write it as the schema's pattern asks." },
		{ "minItems", "Add an element." },
		{ "maxItems", "Remove some." },
		{ "maxLength", "Shorten it." },
		{ "minLength", "Write something." },
		{ "minimum", "Use a larger number." },
		{ "maximum", "Use a smaller number." },
		{ "uniqueItems", "Remove the one that is there twice." },
	};
	const char *near = !strcmp(keyword, "enum") || !strcmp(keyword, "const")
				   ? nearest_hint(a, expected)
				   : NULL;

	if (near)
		return near;
	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
		if (!strcmp(keyword, hints[i].keyword))
			return hints[i].hint;
	return "Change it to what the schema expects, or remove it.";
}
