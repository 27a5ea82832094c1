/* str: comparing, finding, splitting, numbers, globs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "runtime/base/str.h"

static void
order_is_bytewise_then_by_length(void **state)
{
	(void)state;
	assert_int_equal(wn_str_cmp(WN_STR("a"), WN_STR("b")), -1);
	assert_int_equal(wn_str_cmp(WN_STR("b"), WN_STR("a")), 1);
	assert_int_equal(wn_str_cmp(WN_STR("a"), WN_STR("ab")), -1);
	assert_int_equal(wn_str_cmp(WN_STR("ab"), WN_STR("a")), 1);
	assert_int_equal(wn_str_cmp(WN_STR_NONE, WN_STR_NONE), 0);
	assert_int_equal(wn_str_cmp(WN_STR("\xff"), WN_STR("a")), 1);
}

static void
prefix_and_suffix(void **state)
{
	(void)state;
	assert_true(wn_str_has_prefix(WN_STR("abc"), WN_STR("ab")));
	assert_true(wn_str_has_prefix(WN_STR("abc"), WN_STR("")));
	assert_false(wn_str_has_prefix(WN_STR("a"), WN_STR("ab")));
	assert_true(wn_str_has_suffix(WN_STR("abc"), WN_STR("bc")));
	assert_false(wn_str_has_suffix(WN_STR("c"), WN_STR("bc")));
	assert_true(wn_str_has_suffix(WN_STR_NONE, WN_STR_NONE));
}

static void
find_gives_the_first_place(void **state)
{
	(void)state;
	assert_int_equal(wn_str_find(WN_STR("hello"), WN_STR("l")), 2);
	assert_int_equal(wn_str_find(WN_STR("hello"), WN_STR("")), 0);
	assert_int_equal(wn_str_find(WN_STR("hello"), WN_STR("hellox")), -1);
	assert_int_equal(wn_str_find(WN_STR_NONE, WN_STR("x")), -1);
	assert_int_equal(wn_str_chr(WN_STR("a\0b"), 'b'), 2);
	assert_int_equal(wn_str_chr(WN_STR_NONE, 'b'), -1);
}

static void
trim_takes_ascii_blanks_off_both_ends(void **state)
{
	(void)state;
	assert_true(wn_str_is(wn_str_trim(WN_STR(" \t\r\n a b \v\f")), "a b"));
	assert_int_equal(wn_str_trim(WN_STR("   ")).len, 0);
	assert_int_equal(wn_str_trim(WN_STR_NONE).len, 0);
}

static void
sub_is_clamped(void **state)
{
	(void)state;
	assert_true(wn_str_is(wn_str_sub(WN_STR("abcdef"), 2, 2), "cd"));
	assert_true(wn_str_is(wn_str_sub(WN_STR("abcdef"), 4, SIZE_MAX), "ef"));
	assert_int_equal(wn_str_sub(WN_STR("abc"), 9, 1).len, 0);
	assert_int_equal(wn_str_sub(WN_STR_NONE, 1, 1).len, 0);
}

static void
split_gives_empty_parts_too(void **state)
{
	const char *want[] = { "", "a", "", "b", "" };
	struct wn_str rest = WN_STR(",a,,b,"), part;
	size_t n = 0;

	(void)state;
	while (wn_str_split(&rest, ',', &part))
		assert_true(wn_str_is(part, want[n++]));
	assert_int_equal(n, 5);
	rest = WN_STR_NONE;
	assert_false(wn_str_split(&rest, ',', &part));
}

static void
integers_are_whole_and_in_range(void **state)
{
	static const struct {
		const char *text;
		int ok;
		int64_t value;
	} rows[] = {
		{ "0", 1, 0 },
		{ "-0", 1, 0 },
		{ "42", 1, 42 },
		{ "-1", 1, -1 },
		{ "9223372036854775807", 1, INT64_MAX },
		{ "-9223372036854775808", 1, INT64_MIN },
		{ "9223372036854775808", 0, 0 },
		{ "-9223372036854775809", 0, 0 },
		{ "", 0, 0 },
		{ "-", 0, 0 },
		{ "+1", 0, 0 },
		{ " 1", 0, 0 },
		{ "1 ", 0, 0 },
		{ "1.0", 0, 0 },
		{ "0x1", 0, 0 },
		{ "--1", 0, 0 },
		{ "99999999999999999999", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t v = 0;

		assert_int_equal(wn_str_i64(wn_str(rows[i].text), &v), rows[i].ok);
		assert_true(v == rows[i].value);
	}
}

static void
unsigned_integers_reach_their_maximum(void **state)
{
	uint64_t v = 0;

	(void)state;
	assert_true(wn_str_u64(WN_STR("18446744073709551615"), &v));
	assert_true(v == UINT64_MAX);
	assert_false(wn_str_u64(WN_STR("18446744073709551616"), &v));
	assert_false(wn_str_u64(WN_STR("-1"), &v));
	assert_false(wn_str_u64(WN_STR_NONE, &v));
}

static void
glob_table(void **state)
{
	static const struct {
		const char *pattern, *text;
		char stop;
		int match;
	} rows[] = {
		{ "", "", 0, 1 },
		{ "", "a", 0, 0 },
		{ "*", "", 0, 1 },
		{ "*", "anything", 0, 1 },
		{ "a*c", "abbc", 0, 1 },
		{ "a*c", "abbd", 0, 0 },
		{ "*.c", "x.c.c", 0, 1 },
		{ "a?c", "abc", 0, 1 },
		{ "a?c", "ac", 0, 0 },
		{ "*.c", ".c", '/', 1 },
		{ "src/*.c", "src/a.c", '/', 1 },
		{ "src/*.c", "src/b/a.c", '/', 0 },
		{ "src/*.c", "src/b/a.c", 0, 1 },
		{ "*/*", "a/b", '/', 1 },
		{ "*", "a/b", '/', 0 },
		{ "a?b", "a/b", '/', 0 },
		{ "a[/]b", "a/b", '/', 0 },
		{ "a/b", "a/b", '/', 1 },
		{ "*/b", "aab/b", '/', 1 },
		{ "a*/b*", "axx/byy", '/', 1 },
		{ "a*/b*", "axx/c/byy", '/', 0 },
		{ "[a-c]x", "bx", 0, 1 },
		{ "[a-c]x", "dx", 0, 0 },
		{ "[!a-c]x", "dx", 0, 1 },
		{ "[^a]", "b", 0, 1 },
		{ "[]]", "]", 0, 1 },
		{ "[a-]", "-", 0, 1 },
		{ "[abc", "[abc", 0, 1 },
		{ "[", "[", 0, 1 },
		{ "\\*", "*", 0, 1 },
		{ "\\*", "a", 0, 0 },
		{ "snapshot.*", "snapshot.created", '.', 1 },
		{ "*.*", "a.b.c", '.', 0 },
		{ "a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (wn_str_glob(wn_str(rows[i].pattern), wn_str(rows[i].text), rows[i].stop) !=
		    rows[i].match)
			fail_msg("row %zu: %s against %s", i, rows[i].pattern, rows[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_is_bytewise_then_by_length),
		cmocka_unit_test(prefix_and_suffix),
		cmocka_unit_test(find_gives_the_first_place),
		cmocka_unit_test(trim_takes_ascii_blanks_off_both_ends),
		cmocka_unit_test(sub_is_clamped),
		cmocka_unit_test(split_gives_empty_parts_too),
		cmocka_unit_test(integers_are_whole_and_in_range),
		cmocka_unit_test(unsigned_integers_reach_their_maximum),
		cmocka_unit_test(glob_table),
	};

	return cmocka_run_group_tests_name("runtime/base/str", tests, NULL, NULL);
}
