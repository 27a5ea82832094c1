/*
 * Generated parsers: the first byte chooses a contract, the rest is its JSON. What was read is
 * valid, prints, and reads back to the same text.
 */
#include <stdlib.h>

#include "gen/contracts.h"
#include "runtime/base/buf.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

static const struct wn_shape *
choose(unsigned n)
{
	size_t events = 0, methods = 0;

	while (wn_contract_events[events].type)
		events++;
	while (wn_contract_methods[methods].name)
		methods++;
	size_t i = n % (events + 2 * methods);
	if (i < events)
		return wn_contract_events[i].shape;
	const struct wn_contract_method *m = &wn_contract_methods[(i - events) / 2];
	return (i - events) % 2 && m->result ? m->result : m->params;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct wn_arena arena;
	struct wn_buf first, second;
	struct wn_diag d = { 0 };

	if (size < 1)
		return 0;
	const struct wn_shape *shape = choose(data[0]);
	wn_arena_init(&arena, 64u << 20);
	wn_buf_init(&first, 16u << 20);
	wn_buf_init(&second, 16u << 20);
	void *v = wn_arena_alloc(&arena, shape->size);
	wn_err err =
		wn_shape_parse(shape, wn_strn((const char *)data + 1, size - 1), &arena, v, &d);
	if (err) {
		check(d.code == err && d.text[0]);
	} else {
		check(wn_shape_validate(shape, v, &d) == WN_OK);
		check(wn_shape_print(shape, v, &first) == WN_OK);
		check(!memchr(first.p, '\n', first.len));
		check(wn_shape_parse(shape, wn_buf_view(&first), &arena, v, &d) == WN_OK);
		check(wn_shape_print(shape, v, &second) == WN_OK);
		check(wn_str_eq(wn_buf_view(&first), wn_buf_view(&second)));
	}
	wn_buf_fini(&first);
	wn_buf_fini(&second);
	wn_arena_fini(&arena);
	return 0;
}
