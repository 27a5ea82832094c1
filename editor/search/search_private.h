/*
 * The inside of a query; private to editor/search.
 */
#ifndef EDITOR_SEARCH_SEARCH_PRIVATE_H
#define EDITOR_SEARCH_SEARCH_PRIVATE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "editor/search/search.h"

struct ed_search {
	bool regex; /* a replacement may name groups */
	bool keep_case;
	char *needle; /* owned; NULL: a pattern */
	size_t needle_len;
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	size_t overlap; /* bytes a match may reach into the next window */
	char *window;	/* owned: bytes base .. base + len of the text */
	size_t base, len, cap;
	/* Matches that start in first .. last (excluded) are found in it with all they need around
	 * them; last 0: it holds nothing. */
	size_t first, last;
	size_t rare[2]; /* places of the two rarest bytes in the needle */
	bool sampled;	/* they were picked by looking at a text */
};

/* What is in the window is not what it was. */
static inline void
ed_search_forget(struct ed_search *s)
{
	s->last = 0;
}

/* needle.c: first place of the needle in p, or NULL. Both pieces are at least as long as it. */
const char *ed_needle_find(const struct ed_search *s, const char *p, size_t n);
/* Picks the rare bytes, judged by a piece of the text. */
void ed_needle_sample(struct ed_search *s, const char *p, size_t n);

/* case.c: what is done to the letters of a replacement as it is put together. */
struct ed_case {
	char all;  /* 'U', 'L' or 0: to all that comes */
	char next; /* and to the next one alone */
};
wn_err ed_case_add(struct ed_case *c, struct wn_str s, struct wn_buf *out);
/* U L u l E behind a backslash; false: none of these. */
bool ed_case_sign(struct ed_case *c, char sign);
/* The way the text that was found is written: FOUND, found, Found. */
struct ed_case ed_case_of(struct wn_str found);

/* First match that starts in pos..end; its groups stay in s->match. The window of the call before
 * is used as far as it goes: forget it when the text may be another. */
wn_err ed_search_find(struct ed_search *s, const struct ed_text *t, size_t pos, size_t end,
		      const atomic_bool *cancel, struct ed_match *out);

#endif
