/*
 * A borrowed piece of text: pointer and length, not necessarily terminated.
 */
#ifndef RUNTIME_BASE_STR_H
#define RUNTIME_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct wn_str {
	const char *p;
	size_t len;
};

#define WN_STR(lit) ((struct wn_str){ (lit), sizeof(lit) - 1 })
#define WN_STR_NONE ((struct wn_str){ NULL, 0 })
/* For printf: "%.*s", WN_STR_ARG(s) */
#define WN_STR_ARG(s) (int)(s).len, (s).p

/* s nullable. */
static inline struct wn_str
wn_str(const char *s)
{
	return (struct wn_str){ s, s ? strlen(s) : 0 };
}

static inline struct wn_str
wn_strn(const char *p, size_t n)
{
	return (struct wn_str){ p, n };
}

static inline bool
wn_str_eq(struct wn_str a, struct wn_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool
wn_str_is(struct wn_str a, const char *b)
{
	return wn_str_eq(a, wn_str(b));
}

int wn_str_cmp(struct wn_str a, struct wn_str b); /* bytewise, as memcmp then length */
bool wn_str_has_prefix(struct wn_str s, struct wn_str prefix);
bool wn_str_has_suffix(struct wn_str s, struct wn_str suffix);
/* Index of the first needle, or -1. */
ptrdiff_t wn_str_find(struct wn_str s, struct wn_str needle);
ptrdiff_t wn_str_chr(struct wn_str s, char c);
struct wn_str wn_str_trim(struct wn_str s);			    /* ASCII blanks */
struct wn_str wn_str_sub(struct wn_str s, size_t from, size_t len); /* clamped */
/* Takes the part before sep (or all) out of *rest; false when *rest is exhausted (p NULL). */
bool wn_str_split(struct wn_str *rest, char sep, struct wn_str *part_out);
/* Whole text is one decimal integer in range; false otherwise. */
bool wn_str_i64(struct wn_str s, int64_t *out);
bool wn_str_u64(struct wn_str s, uint64_t *out);
/* Shell-style glob: * ? [a-z], '.' has no special meaning; '*' does not cross `stop` (0: crosses
 * all). */
bool wn_str_glob(struct wn_str pattern, struct wn_str s, char stop);

#endif
