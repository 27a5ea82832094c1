/*
 * json.h: whatever parses prints to text that parses to an equal document, in all
 * three styles; canonical text is a fixed point.
 */
#include <stdlib.h>

#include "runtime/base/json.h"
#include "runtime/base/utf8.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

typedef wn_err (*print_fn)(const struct wn_json *, struct wn_buf *);

static void
round_trip(const struct wn_json *j, print_fn print)
{
	struct wn_json *again;
	struct wn_buf a, b;

	wn_buf_init(&a, 1 << 24);
	wn_buf_init(&b, 1 << 24);
	check(print(j, &a) == WN_OK);
	check(wn_utf8_valid(wn_buf_view(&a)));
	check(wn_json_parse(wn_buf_view(&a), NULL, &again, NULL) == WN_OK);
	check(wn_json_equal(j, again));
	check(print(again, &b) == WN_OK);
	check(wn_str_eq(wn_buf_view(&a), wn_buf_view(&b)));
	wn_json_free(again);
	wn_buf_fini(&a);
	wn_buf_fini(&b);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct wn_json_limits lossy = { .lossy_numbers = true };
	struct wn_json *j, *copy;
	struct wn_diag d = { 0 };

	if (wn_json_parse(wn_strn((const char *)data, size), &lossy, &j, &d)) {
		check(d.code != WN_OK && d.text[0] >= '1' && d.text[0] <= '9');
		return 0;
	}
	round_trip(j, wn_json_print);
	round_trip(j, wn_json_print_pretty);
	round_trip(j, wn_json_print_canonical);
	copy = wn_json_copy(j);
	check(wn_json_equal(copy, j));
	wn_json_free(copy);
	wn_json_free(j);
	return 0;
}
