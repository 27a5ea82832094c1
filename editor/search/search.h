/*
 * Find and replace in a text (or a snapshot of it, in any thread): literal bytes with memmem or a
 * PCRE2 pattern with JIT. Never copies the whole text.
 */
#ifndef EDITOR_SEARCH_SEARCH_H
#define EDITOR_SEARCH_SEARCH_H

#include <stdatomic.h>

#include "editor/document/document.h"

struct ed_search; /* one compiled query; used by one thread at a time */

enum ed_search_flags {
	ED_SEARCH_REGEX = 1, /* else literal */
	ED_SEARCH_ICASE = 2,
	ED_SEARCH_WORD = 4,	  /* only whole words */
	ED_SEARCH_SMART_CASE = 8, /* ignore case unless the query holds a capital */
	ED_SEARCH_KEEP_CASE = 16  /* a replacement is written as what it replaces: FOO, Foo, foo */
};

struct ed_match {
	size_t from, to; /* bytes; from == to for an empty match */
};

/* A regex match longer than this is not found across its chunk border. */
#define ED_MATCH_MAX ((size_t)64 << 10)

/* WN_E_PARSE with the offset and reason for a bad pattern, WN_E_INVALID for an empty query. */
wn_err ed_search_new(struct wn_str query, unsigned flags, struct ed_search **out,
		     struct wn_diag *d) WN_MUST;
void ed_search_free(struct ed_search *s); /* nullable */
/* First match that starts at or behind pos. WN_E_NOT_FOUND; WN_E_CANCELLED when *cancel (nullable)
 * became true; WN_E_LIMIT when the pattern backtracks without end. */
wn_err ed_search_next(struct ed_search *s, const struct ed_text *t, size_t pos,
		      const atomic_bool *cancel, struct ed_match *out);
/* Last match that ends at or before pos. */
wn_err ed_search_prev(struct ed_search *s, const struct ed_text *t, size_t pos,
		      const atomic_bool *cancel, struct ed_match *out);
/* Matches that start in from..to, at most max; more are not counted. */
wn_err ed_search_all(struct ed_search *s, const struct ed_text *t, size_t from, size_t to,
		     const atomic_bool *cancel, struct ed_match *out, size_t max, size_t *n_out);
/* As ed_search_next() in the very text of the call before it, which is quicker: what was read of it
 * then is used again. */
wn_err ed_search_more(struct ed_search *s, const struct ed_text *t, size_t pos,
		      struct ed_match *out);
/* Where the groups of the match found last by next or more lie ([0] is all of it); those that
 * caught nothing, and all of a literal query, leave out[i] as it is. */
void ed_search_groups(const struct ed_search *s, struct ed_match *out, size_t max);
/* What a match is replaced by: for a regex, $1 ${1} ${name} $0 $$ and \n \t \r \\ are filled in,
 * and \u \l \U \L \E change the case of what follows. Appends. */
wn_err ed_search_expand(struct ed_search *s, const struct ed_text *t, struct ed_match m,
			struct wn_str with, struct wn_buf *out, struct wn_diag *d) WN_MUST;
/* A sentence for a search that failed with err: a pattern that backtracks without end, and so on.
 */
wn_err ed_search_fail(wn_err err, struct wn_diag *d);
/* What replacing every match would do: len bytes at pos become text. */
struct ed_replacement {
	size_t pos, len, n;   /* n: matches */
	struct ed_text *text; /* owned; never NULL */
};
/* Works it out on a snapshot, in any thread; the caller frees out->text, also after a failure. */
wn_err ed_search_replacement(struct ed_search *s, const struct ed_text *old, size_t from, size_t to,
			     struct wn_str with, const atomic_bool *cancel,
			     struct ed_replacement *out, struct wn_diag *d) WN_MUST;
/* Replaces every match in from..to as one undo step. */
wn_err ed_search_replace_all(struct ed_search *s, struct ed_doc *doc, size_t from, size_t to,
			     struct wn_str with, size_t *n_out, struct wn_diag *d) WN_MUST;

#endif
