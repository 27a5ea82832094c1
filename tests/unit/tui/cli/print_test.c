/*
 * What may reach the terminal: the filter in front of every text from outside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/cli/print.h"

static void
check(struct wn_str in, bool lines, const char *want)
{
	struct wn_buf b;

	wn_buf_init(&b, 65536);
	cli_filter(in, lines, &b);
	assert_string_equal(b.p != NULL ? b.p : "", want);
	wn_buf_fini(&b);
}

static void
plain_text_passes(void **state)
{
	(void)state;
	check(WN_STR("webnova"), true, "webnova");
	check(WN_STR("متجر ✓ 店"), true, "متجر ✓ 店");
	check(WN_STR(""), true, "");
}

static void
escape_sequences_become_pictures(void **state)
{
	(void)state;
	check(WN_STR("a\033[2Jb"), true, "a␛[2Jb");
	check(WN_STR("\007\010\177"), true, "␇␈␡");
}

static void
c1_controls_become_the_replacement(void **state)
{
	(void)state;
	check(WN_STR("x\xC2\x9B"
		     "31m"),
	      true,
	      "x\xEF\xBF\xBD"
	      "31m");
}

static void
newlines_stay_only_when_asked(void **state)
{
	(void)state;
	check(WN_STR("a\nb"), true, "a\nb");
	check(WN_STR("a\nb"), false, "a␊b");
	check(WN_STR("a\r\nb"), true, "a␍\nb");
}

static void
invalid_bytes_become_the_replacement(void **state)
{
	(void)state;
	check(WN_STR("a\xFF"
		     "b\xC3"),
	      true,
	      "a\xEF\xBF\xBD"
	      "b\xEF\xBF\xBD");
}

static void
direction_overrides_are_taken_out(void **state)
{
	(void)state;
	check(WN_STR("a\xE2\x80\xAE"
		     "b"),
	      true,
	      "a\xEF\xBF\xBD"
	      "b");
}

static void
a_nul_byte_becomes_a_picture(void **state)
{
	(void)state;
	check(wn_strn("a\0b", 3), true, "a␀b");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_passes),
		cmocka_unit_test(escape_sequences_become_pictures),
		cmocka_unit_test(c1_controls_become_the_replacement),
		cmocka_unit_test(newlines_stay_only_when_asked),
		cmocka_unit_test(invalid_bytes_become_the_replacement),
		cmocka_unit_test(direction_overrides_are_taken_out),
		cmocka_unit_test(a_nul_byte_becomes_a_picture),
	};

	return cmocka_run_group_tests_name("unit/tui/cli/print", tests, NULL, NULL);
}
