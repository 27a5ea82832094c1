/* mem, buf, arena, vec: what grows, what refuses, what stays. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

static void
alloc_gives_zeroed_memory(void **state)
{
	unsigned char *p = wn_alloc(100);

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(p[i], 0);
	wn_free(p);
}

static void
alloc_of_nothing_gives_a_pointer(void **state)
{
	void *p = wn_alloc(0), *q = wn_try_alloc(0);

	(void)state;
	assert_non_null(p);
	assert_non_null(q);
	wn_free(p);
	wn_free(q);
	wn_free(NULL);
}

static void
try_alloc_refuses_absurd_sizes(void **state)
{
	char *p = wn_alloc(8);

	(void)state;
	assert_null(wn_try_alloc(SIZE_MAX));
	assert_null(wn_try_realloc(p, SIZE_MAX));
	wn_free(p);
}

static void
copies_end_with_nul(void **state)
{
	char *a = wn_strdup("abc"), *b = wn_strndup("abcdef", 2), *c = wn_strndup("a", 100);
	char *f = wn_asprintf("%d-%s", 7, "x");

	(void)state;
	assert_string_equal(a, "abc");
	assert_string_equal(b, "ab");
	assert_string_equal(c, "a");
	assert_string_equal(f, "7-x");
	assert_null(wn_strdup(NULL));
	assert_null(wn_strndup(NULL, 3));
	wn_free(a);
	wn_free(b);
	wn_free(c);
	wn_free(f);
}

static void
buf_grows_and_is_terminated(void **state)
{
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 100000);
	assert_string_equal(wn_buf_view(&b).p, "");
	for (int i = 0; i < 10000; i++)
		assert_int_equal(wn_buf_printf(&b, "%d,", i % 10), WN_OK);
	assert_int_equal(b.len, 20000);
	assert_int_equal(b.p[b.len], 0);
	wn_buf_fini(&b);
}

static void
buf_stops_exactly_at_its_maximum(void **state)
{
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 5);
	assert_int_equal(wn_buf_cstr(&b, "12345"), WN_OK);
	assert_int_equal(wn_buf_chr(&b, '6'), WN_E_LIMIT);
	assert_string_equal(b.p, "12345");
	assert_true(b.cap <= 6);
	wn_buf_fini(&b);
}

static void
buf_printf_fits_exactly_or_changes_nothing(void **state)
{
	struct wn_buf b;

	(void)state;
	for (size_t max = 1; max < 200; max++) {
		wn_buf_init(&b, max);
		for (size_t i = 0; i < max; i++)
			assert_int_equal(wn_buf_printf(&b, "%c", 'x'), WN_OK);
		assert_int_equal(wn_buf_printf(&b, "%s", "y"), WN_E_LIMIT);
		assert_int_equal(strlen(b.p), max);
		wn_buf_fini(&b);
		assert_int_equal(wn_buf_printf(&b, "%*d", (int)max, 1), WN_OK);
		assert_int_equal(strlen(b.p), max);
		wn_buf_fini(&b);
	}
}

static void
buf_error_is_sticky_until_cleared(void **state)
{
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 4);
	assert_int_equal(wn_buf_cstr(&b, "12345"), WN_E_LIMIT);
	assert_int_equal(wn_buf_cstr(&b, "1"), WN_E_LIMIT);
	assert_null(wn_buf_reserve(&b, 1));
	assert_int_equal(wn_buf_printf(&b, "x"), WN_E_LIMIT);
	assert_int_equal(b.len, 0);
	wn_buf_clear(&b);
	assert_int_equal(wn_buf_cstr(&b, "1"), WN_OK);
	wn_buf_fini(&b);
}

static void
buf_refuses_sizes_that_overflow(void **state)
{
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, SIZE_MAX);
	assert_int_equal(wn_buf_cstr(&b, "abc"), WN_OK);
	assert_null(wn_buf_reserve(&b, SIZE_MAX - 1));
	assert_int_equal(b.err, WN_E_LIMIT);
	assert_string_equal(b.p, "abc");
	wn_buf_fini(&b);
}

static void
buf_reserve_then_commit_appends(void **state)
{
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 10);
	memcpy(wn_buf_reserve(&b, 10), "0123456789", 10);
	wn_buf_commit(&b, 4);
	assert_string_equal(b.p, "0123");
	wn_buf_fini(&b);
}

static void
buf_drop_and_cut_keep_the_rest(void **state)
{
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 100);
	wn_buf_drop(&b, 0);
	wn_buf_cut(&b, 0);
	wn_buf_cstr(&b, "hello world");
	wn_buf_drop(&b, 6);
	assert_string_equal(b.p, "world");
	wn_buf_cut(&b, 3);
	assert_string_equal(b.p, "wor");
	wn_buf_fini(&b);
}

static void
buf_take_hands_the_memory_over(void **state)
{
	struct wn_buf b;
	size_t n = 99;
	char *p;

	(void)state;
	wn_buf_init(&b, 100);
	p = wn_buf_take(&b, &n);
	assert_string_equal(p, "");
	assert_int_equal(n, 0);
	wn_free(p);
	wn_buf_cstr(&b, "abc");
	p = wn_buf_take(&b, &n);
	assert_string_equal(p, "abc");
	assert_int_equal(n, 3);
	assert_null(b.p);
	wn_free(p);
	wn_buf_fini(&b);
}

static void
buf_adds_nothing_from_null(void **state)
{
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 10);
	assert_int_equal(wn_buf_str(&b, WN_STR_NONE), WN_OK);
	assert_int_equal(wn_buf_cstr(&b, NULL), WN_OK);
	assert_int_equal(b.len, 0);
	wn_buf_fini(&b);
}

static void
arena_memory_is_zeroed_and_aligned_after_reuse(void **state)
{
	struct wn_arena a;

	(void)state;
	wn_arena_init(&a, 0);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 3000; i++) {
			unsigned char *p = wn_arena_alloc(&a, i % 77);

			assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
			for (size_t k = 0; k < i % 77; k++)
				assert_int_equal(p[k], 0);
			memset(p, 0xAA, i % 77);
		}
		wn_arena_clear(&a);
		assert_int_equal(a.used, 0);
	}
	wn_arena_fini(&a);
}

static void
arena_respects_its_maximum(void **state)
{
	struct wn_arena a;

	(void)state;
	wn_arena_init(&a, 4096);
	assert_non_null(wn_arena_try(&a, 4000));
	assert_null(wn_arena_try(&a, 4000));
	assert_non_null(wn_arena_try(&a, 16));
	assert_null(wn_arena_try(&a, SIZE_MAX));
	wn_arena_fini(&a);
	assert_non_null(wn_arena_try(&a, 4000));
	wn_arena_fini(&a);
}

static void
arena_large_block_leaves_small_chunk_in_use(void **state)
{
	struct wn_arena a;
	struct wn_arena_chunk *head;

	(void)state;
	wn_arena_init(&a, 0);
	wn_arena_alloc(&a, 10);
	head = a.chunk;
	memset(wn_arena_alloc(&a, 1000000), 1, 1000000);
	wn_arena_alloc(&a, 10);
	assert_ptr_equal(a.chunk, head);
	wn_arena_fini(&a);
}

static void
arena_copies_text(void **state)
{
	struct wn_arena a;
	struct wn_str s;

	(void)state;
	wn_arena_init(&a, 0);
	assert_string_equal(wn_arena_strdup(&a, "abc"), "abc");
	assert_null(wn_arena_strdup(&a, NULL));
	assert_string_equal(wn_arena_strndup(&a, "abcdef", 3), "abc");
	assert_string_equal(wn_arena_printf(&a, "%s=%d", "x", 3), "x=3");
	s = wn_arena_str(&a, wn_strn("a\0b", 3));
	assert_int_equal(s.len, 3);
	assert_memory_equal(s.p, "a\0b", 4);
	assert_null(wn_arena_str(&a, WN_STR_NONE).p);
	wn_arena_fini(&a);
}

static void
vec_keeps_order_through_insert_and_remove(void **state)
{
	WN_VEC(int) v = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		wn_vec_push(&v, i);
	wn_vec_remove(&v, 0);
	wn_vec_insert(&v, 0, 7);
	wn_vec_insert(&v, v.len, 8);
	assert_int_equal(v.len, 101);
	assert_int_equal(v.p[0], 7);
	assert_int_equal(v.p[1], 1);
	assert_int_equal(wn_vec_pop(&v), 8);
	assert_int_equal(wn_vec_last(&v), 99);
	wn_vec_clear(&v);
	assert_int_equal(v.len, 0);
	wn_vec_fini(&v);
	assert_null(v.p);
}

static void
vec_takes_compound_literals(void **state)
{
	struct pair {
		int a, b;
	};
	WN_VEC(struct pair) v = { 0 };

	(void)state;
	wn_vec_push(&v, (struct pair){ 1, 2 });
	assert_int_equal(v.p[0].b, 2);
	wn_vec_fini(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alloc_gives_zeroed_memory),
		cmocka_unit_test(alloc_of_nothing_gives_a_pointer),
		cmocka_unit_test(try_alloc_refuses_absurd_sizes),
		cmocka_unit_test(copies_end_with_nul),
		cmocka_unit_test(buf_grows_and_is_terminated),
		cmocka_unit_test(buf_stops_exactly_at_its_maximum),
		cmocka_unit_test(buf_printf_fits_exactly_or_changes_nothing),
		cmocka_unit_test(buf_error_is_sticky_until_cleared),
		cmocka_unit_test(buf_refuses_sizes_that_overflow),
		cmocka_unit_test(buf_reserve_then_commit_appends),
		cmocka_unit_test(buf_drop_and_cut_keep_the_rest),
		cmocka_unit_test(buf_take_hands_the_memory_over),
		cmocka_unit_test(buf_adds_nothing_from_null),
		cmocka_unit_test(arena_memory_is_zeroed_and_aligned_after_reuse),
		cmocka_unit_test(arena_respects_its_maximum),
		cmocka_unit_test(arena_large_block_leaves_small_chunk_in_use),
		cmocka_unit_test(arena_copies_text),
		cmocka_unit_test(vec_keeps_order_through_insert_and_remove),
		cmocka_unit_test(vec_takes_compound_literals),
	};

	return cmocka_run_group_tests_name("runtime/base/mem", tests, NULL, NULL);
}
