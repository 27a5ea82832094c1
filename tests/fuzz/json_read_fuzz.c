/*
 * json_read.h against json.h: both accept the same texts (but for duplicate names, which only a
 * strict skip refuses), and a walk finds what the document holds.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/base/json.h"
#include "runtime/base/json_read.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

static void walk(struct wn_jr *r, const struct wn_json *j);

static void
walk_object(struct wn_jr *r, const struct wn_json *j)
{
	const struct wn_json *c = wn_json_first(j);
	struct wn_str key;

	if (!wn_jr_object(r))
		return;
	while (wn_jr_member(r, &key)) {
		if (j)
			check(c && wn_str_is(key, wn_json_key(c)));
		walk(r, c);
		c = wn_json_next(c);
	}
	check(r->err || !c);
}

static void
walk_array(struct wn_jr *r, const struct wn_json *j)
{
	const struct wn_json *c = wn_json_first(j);

	if (!wn_jr_array(r))
		return;
	while (wn_jr_element(r)) {
		check(!j || c);
		walk(r, c);
		c = wn_json_next(c);
	}
	check(r->err || !c);
}

/* Reads one value by its type; j is what must be found there, or NULL: anything. */
static void
walk(struct wn_jr *r, const struct wn_json *j)
{
	enum wn_json_type type = wn_jr_peek(r);
	struct wn_str s;
	double n;
	bool b;

	check(!j || wn_json_type(j) == type);
	switch (type) {
	case WN_JSON_OBJECT:
		walk_object(r, j);
		break;
	case WN_JSON_ARRAY:
		walk_array(r, j);
		break;
	case WN_JSON_STRING:
		if (wn_jr_string(r, &s) == WN_OK && j)
			check(wn_str_is(s, wn_json_str(j, "")));
		break;
	case WN_JSON_NUMBER:
		if (wn_jr_number(r, &n) == WN_OK && j)
			check(n == wn_json_num(j, -1));
		break;
	case WN_JSON_BOOL:
		if (wn_jr_bool(r, &b) == WN_OK && j)
			check(b == wn_json_bool(j, !b));
		break;
	case WN_JSON_NULL:
		(void)!wn_jr_null(r);
		break;
	default:
		(void)!wn_jr_skip(r, NULL); /* gives the error */
		check(r->err != WN_OK);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct wn_json_limits l = { .bytes = size + 1,
				    .depth = WN_JR_DEPTH_MAX,
				    .values = size + 1 };
	struct wn_str text = wn_strn((const char *)data, size);
	struct wn_diag d = { 0 };
	struct wn_arena arena;
	struct wn_json *j;
	struct wn_jr r;
	wn_err err = wn_json_parse(text, &l, &j, &d);

	wn_arena_init(&arena, 0);
	wn_jr_init(&r, text, &arena, NULL);
	(void)!wn_jr_skip_strict(&r, NULL);
	check(wn_jr_end(&r) == err);
	wn_jr_init(&r, text, &arena, NULL);
	(void)!wn_jr_skip(&r, NULL);
	if (err && strstr(d.text, "duplicate"))
		err = wn_jr_end(&r); /* there may be another fault behind it, or none */
	check(wn_jr_end(&r) == err);
	wn_jr_init(&r, text, &arena, NULL);
	walk(&r, j);
	check((wn_jr_end(&r) == WN_OK) == (err == WN_OK));
	wn_arena_fini(&arena);
	wn_json_free(j);
	return 0;
}
