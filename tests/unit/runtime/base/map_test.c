/* map and hash. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "runtime/base/hash.h"
#include "runtime/base/map.h"
#include "runtime/base/mem.h"

static void
set_returns_what_was_there(void **state)
{
	struct wn_map m;
	int a, b;

	(void)state;
	wn_map_init(&m);
	assert_null(wn_map_set(&m, WN_STR("k"), &a));
	assert_ptr_equal(wn_map_set(&m, WN_STR("k"), &b), &a);
	assert_ptr_equal(wn_map_get(&m, WN_STR("k")), &b);
	assert_int_equal(m.len, 1);
	wn_map_fini(&m, NULL);
}

static void
null_values_are_present(void **state)
{
	struct wn_map m;

	(void)state;
	wn_map_init(&m);
	wn_map_set(&m, WN_STR("k"), NULL);
	assert_true(wn_map_has(&m, WN_STR("k")));
	assert_null(wn_map_get(&m, WN_STR("k")));
	assert_false(wn_map_has(&m, WN_STR("other")));
	wn_map_fini(&m, NULL);
}

static void
keys_are_bytes_and_copied(void **state)
{
	struct wn_map m;
	char key[3] = { 'a', '\0', 'b' };
	int v;

	(void)state;
	wn_map_init(&m);
	wn_map_set(&m, wn_strn(key, 3), &v);
	key[2] = 'c';
	assert_null(wn_map_get(&m, wn_strn(key, 3)));
	assert_ptr_equal(wn_map_get(&m, wn_strn("a\0b", 3)), &v);
	wn_map_fini(&m, NULL);
}

static void
the_empty_key_is_a_key(void **state)
{
	struct wn_map m;
	int v;

	(void)state;
	wn_map_init(&m);
	assert_null(wn_map_get(&m, WN_STR_NONE));
	wn_map_set(&m, WN_STR_NONE, &v);
	assert_ptr_equal(wn_map_get(&m, WN_STR("")), &v);
	assert_ptr_equal(wn_map_remove(&m, WN_STR_NONE), &v);
	wn_map_fini(&m, NULL);
}

static void
iteration_keeps_insertion_order_and_allows_removal(void **state)
{
	struct wn_map m;
	struct wn_map_iter it;
	char key[16];
	uintptr_t want = 1;

	(void)state;
	wn_map_init(&m);
	for (uintptr_t i = 1; i <= 1000; i++) {
		snprintf(key, sizeof(key), "k%u", (unsigned)(i * 7919 % 10007));
		wn_map_set(&m, wn_str(key), (void *)i);
	}
	for (wn_map_iter_init(&it, &m); wn_map_iter_next(&it); want++) {
		assert_int_equal((uintptr_t)it.value, want);
		if (want % 2)
			wn_map_remove(&m, it.key);
	}
	assert_int_equal(want, 1001);
	assert_int_equal(m.len, 500);
	wn_map_fini(&m, NULL);
}

static void
removing_all_leaves_a_usable_map(void **state)
{
	struct wn_map m;
	struct wn_map_iter it;

	(void)state;
	wn_map_init(&m);
	wn_map_set(&m, WN_STR("a"), &m);
	wn_map_remove(&m, WN_STR("a"));
	assert_null(wn_map_remove(&m, WN_STR("a")));
	wn_map_iter_init(&it, &m);
	assert_false(wn_map_iter_next(&it));
	wn_map_set(&m, WN_STR("b"), &m);
	assert_true(wn_map_has(&m, WN_STR("b")));
	wn_map_fini(&m, NULL);
}

static void
fini_frees_values(void **state)
{
	struct wn_map m;

	(void)state;
	wn_map_init(&m);
	wn_map_set(&m, WN_STR("a"), wn_alloc(10));
	wn_map_set(&m, WN_STR("b"), wn_alloc(10));
	wn_map_fini(&m, wn_free);
	assert_int_equal(m.len, 0);
	wn_map_fini(&m, wn_free);
}

static void
sha256_vectors(void **state)
{
	char hex[WN_SHA256_HEX];

	(void)state;
	/* FIPS 180-2 */
	wn_sha256_hex("", 0, hex);
	assert_string_equal(hex,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	wn_sha256_hex(NULL, 0, hex);
	assert_string_equal(hex,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	wn_sha256_hex("abc", 3, hex);
	assert_string_equal(hex,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
sha256_in_pieces_is_the_same(void **state)
{
	struct wn_sha256 s;
	unsigned char a[WN_SHA256_BYTES], b[WN_SHA256_BYTES];
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof(text));
	wn_sha256_once(text, sizeof(text), a);
	wn_sha256_init(&s);
	for (size_t i = 0; i < sizeof(text); i += 125)
		wn_sha256_add(&s, text + i, 125);
	wn_sha256_add(&s, NULL, 0);
	wn_sha256_end(&s, b);
	assert_memory_equal(a, b, sizeof(a));
}

static void
hash64_depends_on_the_seed(void **state)
{
	(void)state;
	assert_true(wn_hash64("abc", 3, 1) == wn_hash64("abc", 3, 1));
	assert_true(wn_hash64("abc", 3, 1) != wn_hash64("abc", 3, 2));
	assert_true(wn_hash64(NULL, 0, 1) == wn_hash64("", 0, 1));
}

static void
random_bytes_differ(void **state)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	wn_random(a, sizeof(a));
	wn_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	wn_random(NULL, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_returns_what_was_there),
		cmocka_unit_test(null_values_are_present),
		cmocka_unit_test(keys_are_bytes_and_copied),
		cmocka_unit_test(the_empty_key_is_a_key),
		cmocka_unit_test(iteration_keeps_insertion_order_and_allows_removal),
		cmocka_unit_test(removing_all_leaves_a_usable_map),
		cmocka_unit_test(fini_frees_values),
		cmocka_unit_test(sha256_vectors),
		cmocka_unit_test(sha256_in_pieces_is_the_same),
		cmocka_unit_test(hash64_depends_on_the_seed),
		cmocka_unit_test(random_bytes_differ),
	};

	return cmocka_run_group_tests_name("runtime/base/map", tests, NULL, NULL);
}
