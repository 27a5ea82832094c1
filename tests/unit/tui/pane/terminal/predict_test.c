/* Guesses of echoes on a slow link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/pane/terminal/predict.h"

static struct term_screen s;
static struct term_predict p;

/* The far end shows a line on row 0 with the cursor behind it. */
static void
far_end(const char *line, int64_t now)
{
	struct wn_tframe head = {
		.flags = WN_TF_FULL, .rows = 4, .cols = 20, .cursor_col = (uint32_t)strlen(line)
	};
	struct wn_buf b, ops;
	struct wn_trow_writer w = { .out = &ops };

	wn_buf_init(&b, 65536);
	wn_buf_init(&ops, 65536);
	wn_tframe_begin(&b, &head);
	wn_trow_ascii(&w, line, strlen(line));
	wn_tframe_add_row(&b, 0, 0, wn_buf_view(&ops));
	assert_int_equal(term_screen_frame(&s, wn_buf_view(&b)), 0);
	wn_buf_fini(&b);
	wn_buf_fini(&ops);
	term_predict_frame(&p, &s, now);
}

static void
type(const char *text, int64_t now)
{
	for (; *text != '\0'; text++)
		term_predict_text(&p, &s, wn_strn(text, 1), now);
}

static bool
shown(void)
{
	int row, col;

	return term_predict_shown(&p, &row, &col);
}

static int
setup(void **state)
{
	(void)state;
	term_screen_init(&s);
	p = (struct term_predict){ 0 };
	term_predict_rtt(&p, 300);
	far_end("$ ", 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	term_screen_fini(&s);
	return 0;
}

static void
after_the_first_echo_what_is_typed_is_shown_at_once(void **state)
{
	int row = -1, col = -1;

	(void)state;
	type("ls", 0);
	assert_false(shown()); /* it may be a password */
	far_end("$ l", 300);
	assert_true(shown());
	type(" -l", 310);
	assert_true(term_predict_shown(&p, &row, &col));
	assert_int_equal(row, 0);
	assert_int_equal(col, 7);
	far_end("$ ls -l", 600);
	assert_false(shown());
	assert_int_equal(p.n, 0);
}

static void
a_password_is_never_shown(void **state)
{
	(void)state;
	type("secret", 0);
	assert_false(shown());
	far_end("$ ", 3000);
	assert_false(shown());
	assert_int_equal(p.n, 0); /* nobody echoed: given up */
}

static void
a_wrong_guess_takes_all_back(void **state)
{
	(void)state;
	type("a", 0);
	far_end("$ a", 300);
	type("bc", 300);
	assert_true(shown());
	far_end("$ aX", 600);
	assert_false(shown());
	assert_int_equal(p.n, 0);
}

static void
a_key_of_unknown_effect_ends_guessing_until_all_is_told(void **state)
{
	(void)state;
	type("a", 0);
	far_end("$ a", 300);
	type("b", 300);
	term_predict_key(&p, false);
	type("c", 310);
	assert_int_equal(p.n, 1);
	assert_false(shown());
	far_end("$ ab", 600);
	type("d", 610);
	assert_int_equal(p.n, 1);
}

static void
backspace_takes_the_last_guess_back(void **state)
{
	(void)state;
	type("a", 0);
	far_end("$ a", 300);
	type("bc", 300);
	term_predict_key(&p, true);
	assert_int_equal(p.n, 1);
	assert_true(shown());
}

static void
nothing_is_guessed_inside_a_line_or_at_its_end(void **state)
{
	(void)state;
	far_end("0123456789012345678", 0); /* the last column wraps in ways of its own */
	type("x", 0);
	assert_int_equal(p.n, 0);
}

static void
a_quick_link_shows_no_guesses(void **state)
{
	(void)state;
	p.rtt_ms = 5;
	type("a", 0);
	far_end("$ a", 5);
	type("b", 6);
	assert_false(shown());
}

int
main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(after_the_first_echo_what_is_typed_is_shown_at_once),
		T(a_password_is_never_shown),
		T(a_wrong_guess_takes_all_back),
		T(a_key_of_unknown_effect_ends_guessing_until_all_is_told),
		T(backspace_takes_the_last_guess_back),
		T(nothing_is_guessed_inside_a_line_or_at_its_end),
		T(a_quick_link_shows_no_guesses),
	};

	return cmocka_run_group_tests_name("tui/pane/terminal/predict", tests, NULL, NULL);
}
