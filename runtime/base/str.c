/*
 * Questions about borrowed text: compare, find, split, number, glob. Never
 * allocates and never writes to the text.
 */
#include "runtime/base/str.h"

int
wn_str_cmp(struct wn_str a, struct wn_str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	if (c)
		return c < 0 ? -1 : 1;
	return (a.len > b.len) - (a.len < b.len);
}

bool
wn_str_has_prefix(struct wn_str s, struct wn_str prefix)
{
	return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.p, prefix.p, prefix.len) == 0);
}

bool
wn_str_has_suffix(struct wn_str s, struct wn_str suffix)
{
	return s.len >= suffix.len &&
	       (suffix.len == 0 || memcmp(s.p + s.len - suffix.len, suffix.p, suffix.len) == 0);
}

ptrdiff_t
wn_str_find(struct wn_str s, struct wn_str needle)
{
	const char *at;

	if (needle.len == 0)
		return 0;
	if (s.len < needle.len)
		return -1;
	at = memmem(s.p, s.len, needle.p, needle.len);
	return at ? at - s.p : -1;
}

ptrdiff_t
wn_str_chr(struct wn_str s, char c)
{
	const char *at = s.len ? memchr(s.p, c, s.len) : NULL;

	return at ? at - s.p : -1;
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct wn_str
wn_str_trim(struct wn_str s)
{
	while (s.len && is_blank(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

struct wn_str
wn_str_sub(struct wn_str s, size_t from, size_t len)
{
	if (from > s.len)
		from = s.len;
	if (len > s.len - from)
		len = s.len - from;
	return wn_strn(s.p ? s.p + from : NULL, len);
}

bool
wn_str_split(struct wn_str *rest, char sep, struct wn_str *part_out)
{
	ptrdiff_t at;

	if (!rest->p)
		return false;
	at = wn_str_chr(*rest, sep);
	if (at < 0) {
		*part_out = *rest;
		*rest = WN_STR_NONE;
		return true;
	}
	*part_out = wn_strn(rest->p, (size_t)at);
	rest->p += at + 1;
	rest->len -= (size_t)at + 1;
	return true;
}

bool
wn_str_u64(struct wn_str s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}

bool
wn_str_i64(struct wn_str s, int64_t *out)
{
	bool negative = s.len > 0 && s.p[0] == '-';
	uint64_t v;

	if (negative) {
		s.p++;
		s.len--;
	}
	if (!wn_str_u64(s, &v))
		return false;
	if (negative) {
		if (v > (uint64_t)INT64_MAX + 1)
			return false;
		*out = v == 0 ? 0 : -(int64_t)(v - 1) - 1;
		return true;
	}
	if (v > INT64_MAX)
		return false;
	*out = (int64_t)v;
	return true;
}

/* Matches c against the set at pattern[i] ('['); sets *next behind ']'. A set without an
 * end is a plain '['. */
static bool
glob_set(struct wn_str pattern, size_t i, char c, size_t *next)
{
	size_t first = i + 1, j;
	bool negate = false, hit = false;
	unsigned char u = (unsigned char)c;

	if (first < pattern.len && (pattern.p[first] == '!' || pattern.p[first] == '^')) {
		negate = true;
		first++;
	}
	for (j = first; j < pattern.len && (pattern.p[j] != ']' || j == first); j++) {
		unsigned char lo = (unsigned char)pattern.p[j], hi = lo;

		if (j + 2 < pattern.len && pattern.p[j + 1] == '-' && pattern.p[j + 2] != ']') {
			hi = (unsigned char)pattern.p[j + 2];
			j += 2;
		}
		if (lo <= u && u <= hi)
			hit = true;
	}
	if (j >= pattern.len) {
		*next = i + 1;
		return c == '[';
	}
	*next = j + 1;
	return hit != negate;
}

/* One character of s against the pattern element at i; sets *next behind the element. */
static bool
glob_one(struct wn_str pattern, size_t i, char c, char stop, size_t *next)
{
	*next = i + 1;
	if (pattern.p[i] == '?')
		return !(stop && c == stop);
	if (pattern.p[i] == '[')
		return glob_set(pattern, i, c, next) && !(stop && c == stop);
	if (pattern.p[i] == '\\' && i + 1 < pattern.len) {
		*next = i + 2;
		return pattern.p[i + 1] == c;
	}
	return pattern.p[i] == c;
}

/*
 * Backtracks to the last '*' only, which is enough when '*' crosses everything. With a
 * stop the last star cannot cross it, and no earlier star may either, so the same holds
 * within each part between two stops.
 */
bool
wn_str_glob(struct wn_str pattern, struct wn_str s, char stop)
{
	size_t i = 0, j = 0, star = 0, mark = 0, next;
	bool starred = false;

	while (j < s.len) {
		if (i < pattern.len && pattern.p[i] == '*') {
			starred = true;
			star = ++i;
			mark = j;
		} else if (i < pattern.len && glob_one(pattern, i, s.p[j], stop, &next)) {
			i = next;
			j++;
		} else if (starred && !(stop && s.p[mark] == stop)) {
			i = star;
			j = ++mark;
		} else {
			return false;
		}
	}
	while (i < pattern.len && pattern.p[i] == '*')
		i++;
	return i == pattern.len;
}
