/* What a terminal pane makes of frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/pane/terminal/screen.h"

struct frame {
	struct wn_buf bytes;
	struct wn_tframe head;
};

static void
begin(struct frame *f, uint8_t flags, uint32_t rows, uint32_t cols, uint32_t scrolled,
      uint64_t history)
{
	wn_buf_init(&f->bytes, 1 << 20);
	f->head = (struct wn_tframe){ .flags = flags,
				      .seq = 1,
				      .rows = rows,
				      .cols = cols,
				      .modes = WN_TM_CURSOR,
				      .scrolled = scrolled,
				      .history = history };
	wn_tframe_begin(&f->bytes, &f->head);
}

static void
row(struct frame *f, uint32_t index, uint8_t flags, const char *text, const struct wn_tstyle *st)
{
	struct wn_buf ops;
	struct wn_trow_writer w = { .out = &ops };

	wn_buf_init(&ops, 65536);
	if (st != NULL)
		wn_trow_style(&w, st);
	wn_trow_ascii(&w, text, strlen(text));
	wn_tframe_add_row(&f->bytes, index, flags, wn_buf_view(&ops));
	wn_buf_fini(&ops);
}

static void
give(struct term_screen *s, struct frame *f)
{
	assert_int_equal(term_screen_frame(s, wn_buf_view(&f->bytes)), 0);
	wn_buf_fini(&f->bytes);
}

static void
holds(const struct term_screen *s, int64_t n, const char *want)
{
	struct wn_buf b;

	wn_buf_init(&b, 65536);
	term_screen_text(s, n, 0, n, 1000, &b);
	assert_string_equal(b.p != NULL ? b.p : "", want);
	wn_buf_fini(&b);
}

static void
a_full_frame_is_the_screen(void **state)
{
	struct term_screen s;
	struct frame f;

	(void)state;
	term_screen_init(&s);
	begin(&f, WN_TF_FULL, 3, 10, 0, 0);
	row(&f, 0, 0, "one", NULL);
	row(&f, 2, 0, "three", NULL);
	give(&s, &f);
	holds(&s, 0, "one");
	holds(&s, 1, "");
	holds(&s, 2, "three");
	term_screen_fini(&s);
}

static void
scrolling_moves_rows_and_takes_only_new_ones(void **state)
{
	struct term_screen s;
	struct frame f;

	(void)state;
	term_screen_init(&s);
	begin(&f, WN_TF_FULL, 3, 10, 0, 0);
	row(&f, 0, 0, "a", NULL);
	row(&f, 1, 0, "b", NULL);
	row(&f, 2, 0, "c", NULL);
	give(&s, &f);
	begin(&f, 0, 3, 10, 2, 2);
	row(&f, 1, 0, "d", NULL);
	give(&s, &f);
	assert_int_equal(s.history, 2);
	holds(&s, 2, "c");
	holds(&s, 3, "d");
	holds(&s, 4, "");
	term_screen_fini(&s);
}

static void
styles_become_the_grids_styles(void **state)
{
	static const struct wn_tstyle st = { WN_TCOLOR_INDEX(1), WN_TCOLOR_RGB(1, 2, 3),
					     WN_TA_BOLD | 0x300, 0 };
	struct term_screen s;
	struct frame f;
	const struct tui_cell *c;
	int cols;

	(void)state;
	term_screen_init(&s);
	begin(&f, WN_TF_FULL, 1, 5, 0, 0);
	row(&f, 0, 0, "x", &st);
	give(&s, &f);
	c = term_screen_row(&s, 0, &cols);
	assert_int_equal(c->style.fg, TUI_INDEX(1));
	assert_int_equal(c->style.bg, TUI_RGB(0x010203));
	assert_int_equal(c->style.attr, TUI_BOLD | TUI_UNDERLINE);
	term_screen_fini(&s);
}

static void
rows_that_wrapped_are_one_line_when_copied(void **state)
{
	struct term_screen s;
	struct frame f;
	struct wn_buf b;

	(void)state;
	term_screen_init(&s);
	begin(&f, WN_TF_FULL, 3, 4, 0, 0);
	row(&f, 0, WN_TR_WRAPPED, "long", NULL);
	row(&f, 1, 0, "er", NULL);
	row(&f, 2, 0, "next", NULL);
	give(&s, &f);
	wn_buf_init(&b, 65536);
	term_screen_text(&s, 0, 0, 2, 4, &b);
	assert_string_equal(b.p, "longer\nnext");
	wn_buf_fini(&b);
	term_screen_fini(&s);
}

static void
scrollback_is_found_by_number(void **state)
{
	struct term_screen s;
	struct frame f;
	int cols;

	(void)state;
	term_screen_init(&s);
	begin(&f, WN_TF_FULL, 2, 8, 0, 100);
	row(&f, 0, 0, "live", NULL);
	give(&s, &f);
	begin(&f, WN_TF_HISTORY, 2, 8, 0, 98);
	row(&f, 0, 0, "old98", NULL);
	row(&f, 1, 0, "old99", NULL);
	assert_int_equal(term_screen_past(&s, wn_buf_view(&f.bytes)), 0);
	wn_buf_fini(&f.bytes);
	holds(&s, 98, "old98");
	holds(&s, 99, "old99");
	holds(&s, 100, "live");
	assert_null(term_screen_row(&s, 97, &cols));
	term_screen_fini(&s);
}

static void
a_broken_frame_changes_nothing(void **state)
{
	struct term_screen s;
	struct frame f;

	(void)state;
	term_screen_init(&s);
	begin(&f, WN_TF_FULL, 2, 8, 0, 0);
	row(&f, 0, 0, "kept", NULL);
	give(&s, &f);
	begin(&f, WN_TF_FULL, 2, 8, 0, 0);
	row(&f, 0, 0, "lost", NULL);
	wn_buf_cstr(&f.bytes, "\001\001\377");
	assert_int_not_equal(term_screen_frame(&s, wn_buf_view(&f.bytes)), 0);
	wn_buf_fini(&f.bytes);
	begin(&f, WN_TF_FULL, 100000, 8, 0, 0);
	assert_int_not_equal(term_screen_frame(&s, wn_buf_view(&f.bytes)), 0);
	wn_buf_fini(&f.bytes);
	holds(&s, 0, "kept");
	term_screen_fini(&s);
}

static void
rows_outside_the_screen_are_passed_over(void **state)
{
	struct term_screen s;
	struct frame f;

	(void)state;
	term_screen_init(&s);
	begin(&f, WN_TF_FULL, 1, 4, 0, 0);
	row(&f, 7, 0, "x", NULL);
	row(&f, 0, 0, "toolong", NULL);
	give(&s, &f);
	holds(&s, 0, "tool");
	term_screen_fini(&s);
}

static void
a_new_size_keeps_what_fits(void **state)
{
	struct term_screen s;
	struct frame f;

	(void)state;
	term_screen_init(&s);
	begin(&f, WN_TF_FULL, 2, 8, 0, 0);
	row(&f, 0, 0, "abcdef", NULL);
	give(&s, &f);
	begin(&f, 0, 3, 4, 0, 0);
	give(&s, &f);
	holds(&s, 0, "abcd");
	term_screen_fini(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_frame_is_the_screen),
		cmocka_unit_test(scrolling_moves_rows_and_takes_only_new_ones),
		cmocka_unit_test(styles_become_the_grids_styles),
		cmocka_unit_test(rows_that_wrapped_are_one_line_when_copied),
		cmocka_unit_test(scrollback_is_found_by_number),
		cmocka_unit_test(a_broken_frame_changes_nothing),
		cmocka_unit_test(rows_outside_the_screen_are_passed_over),
		cmocka_unit_test(a_new_size_keeps_what_fits),
	};

	return cmocka_run_group_tests_name("tui/pane/terminal/screen", tests, NULL, NULL);
}
