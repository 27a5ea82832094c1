/*
 * Names that come twice: few are compared at once by their hashes, many are sorted when their
 * object ends, so no text costs more than n log n. Knows nothing of the grammar around them.
 */
#include "runtime/base/json_names.h"

#include <stdlib.h>
#include <string.h>

void
wn_js_names_init(struct wn_js_names *n)
{
	wn_arena_init(&n->arena, 0);
	n->list = n->few;
	n->len = 0;
	n->cap = WN_JS_NAMES_FEW;
}

void
wn_js_names_fini(struct wn_js_names *n)
{
	wn_arena_fini(&n->arena);
}

void
wn_js_names_begin(struct wn_js_names *n, unsigned level)
{
	n->first[level] = n->len;
}

/* Both ends and the length: names that differ elsewhere only are compared in full. */
static inline uint64_t
name_hash(struct wn_str s)
{
	uint64_t head = 0, tail = 0;

	if (s.len >= 8) {
		memcpy(&head, s.p, 8);
		memcpy(&tail, s.p + s.len - 8, 8);
	} else if (s.len >= 4) {
		memcpy(&head, s.p, 4);
		memcpy(&tail, s.p + s.len - 4, 4);
	} else if (s.len > 0) {
		head = (unsigned char)s.p[0] | (uint64_t)(unsigned char)s.p[s.len / 2] << 8 |
		       (uint64_t)(unsigned char)s.p[s.len - 1] << 16;
	}
	return (head ^ (tail << 21 | tail >> 43) ^ s.len) * UINT64_C(0x9E3779B97F4A7C15);
}

static bool
grow(struct wn_js_names *n)
{
	struct wn_js_name *more =
		(struct wn_js_name *)wn_arena_try(&n->arena, n->cap * 2 * sizeof *more);

	if (!more)
		return false;
	memcpy(more, n->list, n->len * sizeof *more);
	n->list = more;
	n->cap *= 2;
	return true;
}

static bool
same(const struct wn_js_name *a, const struct wn_js_name *b)
{
	return a->hash == b->hash && wn_str_eq(a->text, b->text);
}

bool
wn_js_names_add(struct wn_js_names *n, unsigned level, struct wn_str raw, bool escaped,
		bool *twice_out)
{
	size_t first = n->first[level];
	struct wn_js_name *name;

	*twice_out = false;
	if (n->len == n->cap && !grow(n))
		return false;
	name = &n->list[n->len];
	name->text = raw;
	name->at = raw.p - 1;
	if (escaped) {
		char *copy = (char *)wn_arena_try(&n->arena, raw.len);

		if (!copy)
			return false;
		name->text = wn_strn(copy, wn_js_unescape(raw, copy));
	}
	name->hash = name_hash(name->text);
	if (n->len - first < WN_JS_NAMES_PAIRS)
		for (size_t i = first; i < n->len && !*twice_out; i++)
			*twice_out = same(&n->list[i], name);
	n->len++;
	return true;
}

static int
by_name(const void *a, const void *b)
{
	const struct wn_js_name *x = (const struct wn_js_name *)a;
	const struct wn_js_name *y = (const struct wn_js_name *)b;
	int order;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->text.len != y->text.len)
		return x->text.len < y->text.len ? -1 : 1;
	order = x->text.len ? memcmp(x->text.p, y->text.p, x->text.len) : 0;
	return order ? order : (x->at > y->at) - (x->at < y->at);
}

const char *
wn_js_names_end(struct wn_js_names *n, unsigned level)
{
	size_t first = n->first[level];
	struct wn_js_name *list = n->list + first;
	size_t len = n->len - first;
	const char *found = NULL;

	n->len = first;
	if (len <= WN_JS_NAMES_PAIRS)
		return NULL; /* each was compared when it came */
	qsort(list, len, sizeof *list, by_name);
	for (size_t i = 1; i < len; i++)
		if (same(&list[i - 1], &list[i]) && (!found || list[i].at < found))
			found = list[i].at;
	return found;
}
