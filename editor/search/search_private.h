/*
 * The inside of a query; private to editor/search.
 */
#ifndef EDITOR_SEARCH_SEARCH_PRIVATE_H
#define EDITOR_SEARCH_SEARCH_PRIVATE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "editor/search/search.h"

struct ed_search {
	bool regex;   /* a replacement may name groups */
	char *needle; /* owned; NULL: a pattern */
	size_t needle_len;
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	size_t overlap; /* bytes a match may reach into the next window */
	char *window;	/* owned: bytes base .. base + len of the text */
	size_t base, len, cap;
};

/* First match at or behind pos in the window that is loaded; its groups stay in s->match. */
wn_err ed_search_in_window(struct ed_search *s, const struct ed_text *t, size_t pos,
			   struct ed_match *out);

#endif
