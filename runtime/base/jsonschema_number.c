/*
 * Exact arithmetic on the decimal texts of numbers, and the search for equal items.
 * Doubles come in; the shortest decimal text that reads back as the same double is what the
 * author wrote, and that is what is computed with.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/hash.h"
#include "runtime/base/jsonschema_priv.h"

__extension__ typedef unsigned __int128 u128;

struct decimal {
	uint64_t digits; /* without trailing zeros */
	int exponent;	 /* of ten */
};

bool
js_is_integer(double v)
{
	return isfinite(v) && floor(v) == v;
}

static struct decimal
decimal_of(double v)
{
	char text[40];
	struct decimal out = { 0 };
	v = fabs(v);
	for (int precision = 14; precision <= 16; precision++) {
		snprintf(text, sizeof text, "%.*e", precision, v);
		if (strtod(text, NULL) == v)
			break;
	}
	int fraction = 0;
	char *p = text;
	/* "d.ddde+xx", whatever the locale's decimal point is */
	for (bool behind = false; *p && *p != 'e'; p++) {
		if (*p < '0' || *p > '9') {
			behind = true;
			continue;
		}
		out.digits = out.digits * 10 + (uint64_t)(*p - '0');
		fraction += behind;
	}
	out.exponent = (*p ? (int)strtol(p + 1, NULL, 10) : 0) - fraction;
	while (out.digits && out.digits % 10 == 0) {
		out.digits /= 10;
		out.exponent++;
	}
	return out;
}

bool
js_multiple_of(double v, double d)
{
	if (v == 0)
		return true;
	if (!isfinite(v) || !isfinite(d))
		return false;
	struct decimal a = decimal_of(v), b = decimal_of(d);
	int shift = a.exponent - b.exponent;
	if (b.digits == 0)
		return false;
	u128 rest = a.digits % b.digits;
	if (shift >= 0) {
		for (; shift > 0 && rest != 0; shift--)
			rest = rest * 10 % b.digits;
		return rest == 0;
	}
	/* a.digits must be a multiple of b.digits * 10^-shift; it has at most 17 digits. */
	if (shift < -18)
		return false;
	u128 whole = b.digits;
	for (; shift < 0; shift++)
		whole *= 10;
	return (u128)a.digits % whole == 0;
}

/* Equal values have equal hashes, whatever the order of their members. */
static uint64_t
hash_json(const struct wn_json *j, unsigned depth)
{
	uint64_t h = (uint64_t)wn_json_type(j) * 0x9E3779B97F4A7C15u;
	const char *s;
	double num;
	if (depth > 100)
		return h;
	switch (wn_json_type(j)) {
	case WN_JSON_BOOL:
		return h + wn_json_bool(j, false);
	case WN_JSON_NUMBER:
		num = wn_json_num(j, 0) + 0.0; /* -0 becomes 0 */
		return wn_hash64(&num, sizeof num, h);
	case WN_JSON_STRING:
		s = wn_json_str(j, "");
		return wn_hash64(s, strlen(s), h);
	case WN_JSON_ARRAY:
		for (j = wn_json_first(j); j; j = wn_json_next(j))
			h = (h ^ hash_json(j, depth + 1)) * 0x100000001B3u + 1;
		return h;
	case WN_JSON_OBJECT:
		for (j = wn_json_first(j); j; j = wn_json_next(j)) {
			uint64_t value = hash_json(j, depth + 1);
			s = wn_json_key(j);
			h += wn_hash64(s, strlen(s), value);
		}
		return h;
	case WN_JSON_NONE:
	case WN_JSON_NULL:
		break;
	}
	return h;
}

struct item {
	uint64_t hash;
	size_t index;
	const struct wn_json *json;
};

static int
by_hash(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

bool
js_unique(const struct wn_json *array, size_t *a_out, size_t *b_out)
{
	size_t n = wn_json_len(array), i = 0;
	bool unique = true;
	struct item *items = wn_alloc_array(n + 1, sizeof *items);
	for (const struct wn_json *c = wn_json_first(array); c; c = wn_json_next(c), i++)
		items[i] = (struct item){ hash_json(c, 0), i, c };
	qsort(items, n, sizeof *items, by_hash);
	for (i = 0; i + 1 < n && unique; i++)
		for (size_t k = i + 1; k < n && unique && items[k].hash == items[i].hash; k++)
			if (wn_json_equal(items[i].json, items[k].json)) {
				unique = false;
				*a_out = items[i].index;
				*b_out = items[k].index;
			}
	wn_free(items);
	return unique;
}
