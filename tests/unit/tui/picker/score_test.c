#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tui/picker/score.h"

static int
score(const char *q, const char *t, bool path)
{
	struct wn_buf fq, ft;
	int s;

	wn_buf_init(&fq, 65536);
	wn_buf_init(&ft, 65536);
	tui_score_fold(wn_str(q), &fq);
	tui_score_fold(wn_str(t), &ft);
	s = tui_score(wn_buf_view(&fq), wn_buf_view(&ft), path);
	wn_buf_fini(&fq);
	wn_buf_fini(&ft);
	return s;
}

/* The first text is the better answer. */
static const struct {
	const char *query, *better, *worse;
} order[] = {
	{ "ord", "src/orders.ts", "src/old/record.ts" },
	{ "main", "tui/main.c", "domain/index.c" },
	{ "fn", "file_name.c", "often.c" },
	{ "ot", "orders.test.ts", "root.ts" },
	{ "app", "app/app.c", "app/deep/other/wrapper.c" },
	{ "edit", "editor/editor.h", "docs/credits.md" },
};

static void
better_answers_come_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		int a = score(order[i].query, order[i].better, true),
		    b = score(order[i].query, order[i].worse, true);

		if (a <= b)
			fail_msg("%s: %s has %d, %s has %d", order[i].query, order[i].better, a,
				 order[i].worse, b);
	}
}

static void
what_is_not_in_it_does_not_match(void **state)
{
	(void)state;
	assert_int_equal(score("xyz", "abc", false), TUI_SCORE_NONE);
	assert_int_equal(score("ba", "ab", false), TUI_SCORE_NONE);
	assert_true(score("", "abc", false) >= 0);
	assert_int_equal(score("a", "", false), TUI_SCORE_NONE);
}

static void
words_match_in_any_order(void **state)
{
	(void)state;
	assert_true(score("pane close", "Close this pane", false) > 0);
}

static void
arabic_forms_and_marks_do_not_matter(void **state)
{
	(void)state;
	assert_true(score("المحرك", "المُحرِّك", false) > 0);
	assert_true(score("احمد", "أحمد", false) > 0);
	assert_true(score("مكتبه", "مكتبة", false) > 0);
}

static void
long_texts_are_matched_on_their_end(void **state)
{
	static char text[3000];

	(void)state;
	memset(text, 'a', sizeof text - 10);
	memcpy(text + sizeof text - 10, "/end.c", 7);
	assert_true(score("end", text, true) > TUI_SCORE_NONE);
}

static void
marks_point_at_characters(void **state)
{
	size_t at[8];

	(void)state;
	assert_int_equal(tui_score_marks(WN_STR("oc"), WN_STR("Open clé"), at, 8), 2);
	assert_int_equal(at[0], 0);
	assert_int_equal(at[1], 5);
	assert_int_equal(tui_score_marks(WN_STR("zz"), WN_STR("Open"), at, 8), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(better_answers_come_first),
		cmocka_unit_test(what_is_not_in_it_does_not_match),
		cmocka_unit_test(words_match_in_any_order),
		cmocka_unit_test(arabic_forms_and_marks_do_not_matter),
		cmocka_unit_test(long_texts_are_matched_on_their_end),
		cmocka_unit_test(marks_point_at_characters),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/picker/score", tests, NULL, NULL);
}
