/*
 * Grid: scrollback, reflow, damage, and properties over random bytes.
 */
#include "tests/unit/runtime/shim/screen_help.h"

#include <stdlib.h>

#include "runtime/base/mem.h"

static void
start(struct fake *f, int rows, int cols, const char *in)
{
	fake_init(f, rows, cols, 1000);
	fake_feed(f, in);
}

static void
test_lines_go_to_scrollback(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 2, 10, "1\r\n2\r\n\033[31m3\033[m x\r\n4");
	assert_string_equal(fake_history(&f), "1\n2\n");
	assert_string_equal(fake_screen(&f), "3 x\n4");
	fake_fini(&f);
}

static void
test_alternate_screen_has_no_scrollback(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 2, 10, "\033[?1049h1\r\n2\r\n3\r\n4\033[?1049l");
	assert_string_equal(fake_history(&f), "");
	fake_fini(&f);
}

static void
test_top_region_goes_to_scrollback(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 3, 10, "1\r\n2\r\nstatus\033[1;2r\033[2;1H\n");
	assert_string_equal(fake_history(&f), "1\n");
	assert_string_equal(fake_screen(&f), "2\n\nstatus");
	fake_fini(&f);
}

static void
test_clear_scrollback(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 2, 10, "1\r\n2\r\n3\033[3J");
	assert_string_equal(fake_history(&f), "");
	assert_string_equal(fake_screen(&f), "2\n3");
	fake_fini(&f);
}

static void
test_scrollback_is_bounded(void **state)
{
	struct fake f;
	char line[64];

	(void)state;
	fake_init(&f, 2, 20, 100);
	for (int i = 0; i < 100000; i++) {
		snprintf(line, sizeof line, "line %d\r\n", i);
		fake_feed(&f, line);
	}
	assert_true(f.grid.history.lines >= 100);
	assert_true(f.grid.history.lines < 10000); /* the limit and at most one chunk */
	assert_int_equal(f.grid.history.dropped_rows + f.grid.history.rows, 99999);
	fake_fini(&f);
}

static void
test_narrower_wraps_again(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 4, 10, "0123456789ab\r\nxy");
	vt_resize(&f.vt, 4, 5);
	assert_string_equal(fake_screen(&f), "01234\n56789\nab\nxy");
	assert_int_equal(f.vt.row, 3);
	assert_int_equal(f.vt.col, 2);
	fake_fini(&f);
}

static void
test_wider_joins_again(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 4, 5, "0123456789ab\r\nxy");
	vt_resize(&f.vt, 4, 20);
	assert_string_equal(fake_screen(&f), "0123456789ab\nxy");
	assert_int_equal(f.vt.row, 1);
	fake_fini(&f);
}

static void
test_line_broken_by_the_program_stays_broken(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 4, 5, "01234\r\nabc");
	vt_resize(&f.vt, 4, 20);
	assert_string_equal(fake_screen(&f), "01234\nabc");
	fake_fini(&f);
}

static void
test_line_half_in_scrollback_is_joined(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 2, 5, "0123456789abcde");
	assert_string_equal(fake_history(&f), "01234\n");
	vt_resize(&f.vt, 2, 20);
	assert_string_equal(fake_history(&f), "");
	assert_string_equal(fake_screen(&f), "0123456789abcde");
	fake_fini(&f);
}

static void
test_scrollback_rewraps(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 1, 10, "0123456789ab\r\n漢字漢字漢\r\nz");
	assert_string_equal(fake_history(&f), "0123456789\nab\n漢字漢字漢\n");
	vt_resize(&f.vt, 1, 5);
	assert_string_equal(fake_history(&f), "01234\n56789\nab\n漢字\n漢字\n漢\n");
	assert_int_equal(f.grid.history.rows, 6);
	fake_fini(&f);
}

static void
test_lower_screen_pushes_to_scrollback(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 4, 10, "1\r\n2\r\n3\r\n4");
	vt_resize(&f.vt, 2, 10);
	assert_string_equal(fake_screen(&f), "3\n4");
	assert_string_equal(fake_history(&f), "1\n2\n");
	vt_resize(&f.vt, 4, 10);
	assert_string_equal(fake_screen(&f), "1\n2\n3\n4");
	assert_string_equal(fake_history(&f), "");
	fake_fini(&f);
}

static void
test_blank_rows_below_are_given_up_first(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 4, 10, "1\r\n2");
	vt_resize(&f.vt, 2, 10);
	assert_string_equal(fake_screen(&f), "1\n2");
	assert_string_equal(fake_history(&f), "");
	fake_fini(&f);
}

static void
test_resize_on_the_alternate_screen(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 4, 10, "0123456789ab\033[?1049h\033[Halt screen!");
	vt_resize(&f.vt, 3, 5);
	assert_string_equal(fake_screen(&f), "alt s\n!");
	fake_feed(&f, "\033[?1049l");
	assert_string_equal(fake_screen(&f), "01234\n56789\nab");
	assert_int_equal(f.vt.row, 2);
	assert_int_equal(f.vt.col, 2);
	fake_fini(&f);
}

static void
test_wide_character_in_one_column(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 4, 10, "漢a");
	vt_resize(&f.vt, 4, 1);
	assert_non_null(strstr(fake_screen(&f), "a"));
	vt_resize(&f.vt, 4, 10);
	fake_feed(&f, "字");
	fake_fini(&f);
}

static void
test_very_long_line_survives_resizes(void **state)
{
	struct fake f;
	size_t n = 0;

	(void)state;
	fake_init(&f, 3, 80, 1000);
	for (int i = 0; i < 20000; i++)
		fake_feed(&f, "abcde");
	vt_resize(&f.vt, 5, 33);
	vt_resize(&f.vt, 3, 80);
	for (const char *p = fake_history(&f); *p; p++)
		n += *p >= 'a' && *p <= 'e';
	for (const char *p = fake_screen(&f); *p; p++)
		n += *p >= 'a' && *p <= 'e';
	assert_int_equal(n, 100000);
	fake_fini(&f);
}

static void
test_only_touched_rows_are_damaged(void **state)
{
	struct fake f;
	uint64_t before;

	(void)state;
	start(&f, 4, 10, "1\r\n2\r\n3");
	before = f.grid.gen;
	fake_feed(&f, "\033[2;5Hx");
	assert_true(grid_row(&f.grid, 0)->gen <= before);
	assert_true(grid_row(&f.grid, 1)->gen > before);
	assert_true(grid_row(&f.grid, 2)->gen <= before);
	fake_fini(&f);
}

static void
test_scrolling_damages_only_the_new_row(void **state)
{
	struct fake f;
	uint64_t before;

	(void)state;
	start(&f, 3, 10, "1\r\n2\r\n3");
	before = f.grid.gen;
	fake_feed(&f, "\r\n4");
	assert_int_equal(f.grid.main.scrolled, 1);
	assert_true(grid_row(&f.grid, 1)->gen <= before);
	assert_true(grid_row(&f.grid, 2)->gen > before);
	fake_fini(&f);
}

static void
test_prompt_marks_are_row_flags(void **state)
{
	struct fake f;

	(void)state;
	start(&f, 4, 10, "\033]133;A\a$ ls\r\n\033]133;C\aout");
	assert_int_equal(grid_row(&f.grid, 0)->flags, WN_TR_PROMPT);
	assert_int_equal(grid_row(&f.grid, 1)->flags, WN_TR_OUTPUT);
	fake_fini(&f);
}

/* ---- properties ---- */

static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Bytes that look like what programs send, and some that do not. */
static size_t
random_bytes(uint64_t *seed, char *out, size_t n)
{
	static const char *const bits[] = {
		"\033[",  "\033]0;",  "\033P$q",   "\a",
		"\033\\", ";",	      "1",	   "9",
		"99",	  "?",	      "m",	   "H",
		"J",	  "K",	      "L",	   "M",
		"@",	  "P",	      "r",	   "h",
		"l",	  "1049",     "69",	   "s",
		"6",	  "\r\n",     "\n",	   "\t",
		"\b",	  "漢",	      "e\xCC\x81", "👨‍👩‍👧",
		"\xFF",	  "\xE6\xBC", "hello ",	   "\033M",
		"\0337",  "\0338",    "\033c",	   "S",
		"T",	  "4",	      "7",	   "X",
		"'}",	  "'~",	      "b",	   "\033#8",
		"\033(0", "\016",     "\017",	   "!p",
		"2026",	  "سلام",
	};
	size_t len = 0;

	while (len + 32 < n) {
		const char *b = bits[next_random(seed) % (sizeof bits / sizeof bits[0])];
		size_t k = strlen(b);

		if (next_random(seed) % 16 == 0) {
			out[len++] = (char)next_random(seed);
			continue;
		}
		memcpy(out + len, b, k);
		len += k;
	}
	return len;
}

static void
check_rows(struct fake *f)
{
	for (int r = 0; r < f->grid.rows; r++) {
		const struct row *row = grid_row(&f->grid, r);

		for (int c = 0; c < f->grid.cols; c++) {
			bool wide = row->cells[c].style.attrs & CELL_WIDE;
			bool tail = c + 1 < f->grid.cols && row->cells[c + 1].ch == CELL_TAIL;

			assert_int_equal(wide, tail);
			assert_true(c < (int)row->used || row->cells[c].ch == 0);
		}
	}
}

static void
test_random_bytes_keep_the_grid_whole(void **state)
{
	uint64_t seed = 88172645463325252u;
	char buf[600];

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct fake f;
		size_t n = random_bytes(&seed, buf, sizeof buf);

		fake_init(&f, 1 + (int)(next_random(&seed) % 12),
			  1 + (int)(next_random(&seed) % 30), 50);
		for (int k = 0; k < 3; k++) {
			vt_feed(&f.vt, buf, n);
			assert_in_range(f.vt.row, 0, f.grid.rows - 1);
			assert_in_range(f.vt.col, 0, f.grid.cols - 1);
			check_rows(&f);
			vt_resize(&f.vt, 1 + (int)(next_random(&seed) % 12),
				  1 + (int)(next_random(&seed) % 30));
			check_rows(&f);
		}
		fake_fini(&f);
	}
}

static void
test_pieces_of_any_size_give_the_same_screen(void **state)
{
	uint64_t seed = 1234567u;
	char buf[600];

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct fake whole, cut;
		size_t n = random_bytes(&seed, buf, sizeof buf), at = 0;
		char *expect;

		fake_init(&whole, 8, 20, 50);
		fake_init(&cut, 8, 20, 50);
		vt_feed(&whole.vt, buf, n);
		while (at < n) {
			size_t k = 1 + next_random(&seed) % 7;

			if (k > n - at)
				k = n - at;
			vt_feed(&cut.vt, buf + at, k);
			at += k;
		}
		expect = wn_strdup(fake_screen(&whole));
		assert_string_equal(fake_screen(&cut), expect);
		assert_int_equal(whole.vt.row, cut.vt.row);
		assert_int_equal(whole.vt.col, cut.vt.col);
		wn_free(expect);
		fake_fini(&whole);
		fake_fini(&cut);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_go_to_scrollback),
		cmocka_unit_test(test_alternate_screen_has_no_scrollback),
		cmocka_unit_test(test_top_region_goes_to_scrollback),
		cmocka_unit_test(test_clear_scrollback),
		cmocka_unit_test(test_scrollback_is_bounded),
		cmocka_unit_test(test_narrower_wraps_again),
		cmocka_unit_test(test_wider_joins_again),
		cmocka_unit_test(test_line_broken_by_the_program_stays_broken),
		cmocka_unit_test(test_line_half_in_scrollback_is_joined),
		cmocka_unit_test(test_scrollback_rewraps),
		cmocka_unit_test(test_lower_screen_pushes_to_scrollback),
		cmocka_unit_test(test_blank_rows_below_are_given_up_first),
		cmocka_unit_test(test_resize_on_the_alternate_screen),
		cmocka_unit_test(test_wide_character_in_one_column),
		cmocka_unit_test(test_very_long_line_survives_resizes),
		cmocka_unit_test(test_only_touched_rows_are_damaged),
		cmocka_unit_test(test_scrolling_damages_only_the_new_row),
		cmocka_unit_test(test_prompt_marks_are_row_flags),
		cmocka_unit_test(test_random_bytes_keep_the_grid_whole),
		cmocka_unit_test(test_pieces_of_any_size_give_the_same_screen),
	};

	return cmocka_run_group_tests_name("runtime/shim/grid", tests, NULL, NULL);
}
