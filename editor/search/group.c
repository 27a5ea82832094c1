/*
 * The groups of a match, and going on from one match to the next in a text that stays as it is.
 */
#include "editor/search/search_private.h"

void
ed_search_groups(const struct ed_search *s, struct ed_match *out, size_t max)
{
	PCRE2_SIZE *v;
	size_t n;

	if (!s->match)
		return;
	v = pcre2_get_ovector_pointer(s->match);
	n = pcre2_get_ovector_count(s->match);
	for (size_t i = 0; i < n && i < max; i++)
		if (v[2 * i] != PCRE2_UNSET && v[2 * i] <= v[2 * i + 1])
			out[i] = (struct ed_match){ s->base + v[2 * i], s->base + v[2 * i + 1] };
}

wn_err
ed_search_more(struct ed_search *s, const struct ed_text *t, size_t pos, struct ed_match *out)
{
	return ed_search_find(s, t, pos, ed_text_len(t), NULL, out);
}
