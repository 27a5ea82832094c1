/* Looks in fewer bytes, and never other looks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/term/private.h"

static void
is(const char *in, const char *want)
{
	char buf[256];
	size_t n = strlen(in);

	memcpy(buf, in, n);
	n = tui_sgr_tidy(buf, n);
	buf[n] = '\0';
	assert_string_equal(buf, want);
}

static void
a_colour_before_a_reset_is_not_sent(void **state)
{
	(void)state;
	is("x\033[39;49m\033[my", "x\033[my");
	is("\033[38;5;75m\033[0;1my", "\033[0;1my");
}

static void
colours_that_touch_become_one(void **state)
{
	(void)state;
	is("\033[38;5;253m\033[48;5;236m3", "\033[38;5;253;48;5;236m3");
	is("\033[0;1m\033[31m\033[42mx", "\033[0;1;31;42mx");
}

static void
what_does_not_touch_stays(void **state)
{
	(void)state;
	is("\033[31mx\033[42my", "\033[31mx\033[42my");
	is("\033[31m\033[3;4Hx", "\033[31m\033[3;4Hx");
	is("\033[?25l\033[m", "\033[?25l\033[m");
	is("\033[31", "\033[31");
	is("\033", "\033");
}

static void
a_reset_stays_in_front_of_a_colour(void **state)
{
	(void)state;
	is("\033[m\033[31mx", "\033[m\033[31mx");
	is("\033[0m\033[31mx", "\033[0;31mx");
	is("\033[1m\033[m\033[31mx", "\033[0;31mx");
}

static void
no_sequence_grows_beyond_what_consoles_take(void **state)
{
	(void)state;
	is("\033[38;2;1;2;3m\033[48;2;4;5;6m\033[38;2;7;8;9mx",
	   "\033[38;2;1;2;3;48;2;4;5;6m\033[38;2;7;8;9mx");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_colour_before_a_reset_is_not_sent),
		cmocka_unit_test(colours_that_touch_become_one),
		cmocka_unit_test(what_does_not_touch_stays),
		cmocka_unit_test(a_reset_stays_in_front_of_a_colour),
		cmocka_unit_test(no_sequence_grows_beyond_what_consoles_take),
	};

	return cmocka_run_group_tests_name("tui/term/tidy", tests, NULL, NULL);
}
