/* Differences of lines: that applying them gives the other text, how few they are, how they read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "editor/document/diff.h"

static struct ed_text *
text(const char *s)
{
	return ed_text_from(wn_str(s));
}

static void
check_print(const char *a, const char *b, const char *want)
{
	struct ed_text *x = text(a), *y = text(b);
	struct ed_diff d;
	struct wn_buf out;

	assert_int_equal(ed_diff_lines(x, y, &d), 0);
	wn_buf_init(&out, 4096);
	ed_diff_print(&d, x, y, 1, &out);
	assert_string_equal(out.p != NULL ? out.p : "", want);
	wn_buf_fini(&out);
	ed_diff_fini(&d);
	ed_text_free(x);
	ed_text_free(y);
}

static void
it_reads_as_people_expect(void **state)
{
	(void)state;
	check_print("a\nb\nc\n", "a\nb\nc\n", "");
	check_print("a\nb\nc\nd\n", "a\nX\nc\nd\n", "@@ line 1\n a\n-b\n+X\n c\n");
	check_print("", "a\n", "@@ line 1\n+a\n");
	check_print("a\n", "", "@@ line 1\n-a\n");
	check_print("1\n2\n3\n4\n5\n6\n7\n", "1\n3\n4\n5\n6\n7\n8\n",
		    "@@ line 1\n 1\n-2\n 3\n@@ line 6\n 7\n+8\n");
	check_print("a\nb", "a\nb\n", "@@ line 1\n a\n-b\n+b\n");
}

/* Puts the hunks into a, from the last to the first, and must get b. */
static void
check_apply(const struct ed_text *a, const struct ed_text *b, size_t most)
{
	struct ed_text *t = ed_text_snap(a);
	struct ed_diff d;
	size_t edits = 0;
	char x[8192], y[8192];

	assert_int_equal(ed_diff_lines(a, b, &d), 0);
	for (size_t i = d.hunks.len; i-- > 0;) {
		const struct ed_hunk *h = &d.hunks.p[i];
		size_t from = ed_text_line_start(a, h->a), to = ed_text_line_start(a, h->a + h->an);
		size_t bf = ed_text_line_start(b, h->b), bt = ed_text_line_start(b, h->b + h->bn);
		struct ed_text *part = ed_text_slice(b, bf, bt - bf);

		ed_text_splice(t, from, to - from, part);
		ed_text_free(part);
		edits += h->an + h->bn;
	}
	assert_true(edits <= most);
	assert_int_equal(ed_text_len(t), ed_text_len(b));
	assert_int_equal(ed_text_read(t, 0, x, sizeof x), ed_text_read(b, 0, y, sizeof y));
	assert_memory_equal(x, y, ed_text_len(b) < sizeof x ? ed_text_len(b) : sizeof x);
	ed_diff_fini(&d);
	ed_text_free(t);
}

static void
applying_it_gives_the_other_text(void **state)
{
	unsigned seed = 3;

	(void)state;
	for (int round = 0; round < 500; round++) {
		struct ed_text *a = ed_text_new(), *b;
		size_t edits = 0;

		for (int i = 0; i < 60; i++) {
			char line[2] = { "abcd"[(seed >> 9) % 4], '\n' };

			seed = seed * 1664525u + 1013904223u;
			assert_int_equal(ed_text_replace(a, ed_text_len(a), 0, wn_strn(line, 2)),
					 0);
		}
		b = ed_text_snap(a);
		for (int i = 0; i < 10; i++) {
			size_t line = (seed >> 7) % ed_text_lines(b),
			       at = ed_text_line_start(b, line);
			bool cut = (seed >> 20) % 2 && at + 2 <= ed_text_len(b);

			seed = seed * 1664525u + 1013904223u;
			assert_int_equal(ed_text_replace(b, at, cut ? 2 : 0,
							 cut ? WN_STR_NONE : WN_STR("x\n")),
					 0);
			edits++;
		}
		check_apply(a, b, edits);
		ed_text_free(a);
		ed_text_free(b);
	}
}

static void
texts_that_have_nothing_in_common_are_one_rough_hunk(void **state)
{
	struct ed_text *a = ed_text_new(), *b = ed_text_new();
	struct ed_diff d;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		char line[32];
		int n = snprintf(line, sizeof line, "%d\n", i);

		assert_int_equal(ed_text_replace(a, ed_text_len(a), 0, wn_strn(line, (size_t)n)),
				 0);
		line[0] = 'x';
		assert_int_equal(ed_text_replace(b, ed_text_len(b), 0, wn_strn(line, (size_t)n)),
				 0);
	}
	assert_int_equal(ed_diff_lines(a, b, &d), 0);
	assert_true(d.rough);
	assert_int_equal(d.hunks.len, 1);
	ed_diff_fini(&d);
	ed_text_free(a);
	ed_text_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_reads_as_people_expect),
		cmocka_unit_test(applying_it_gives_the_other_text),
		cmocka_unit_test(texts_that_have_nothing_in_common_are_one_rough_hunk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
