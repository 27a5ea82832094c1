/*
 * Terminal frames: what is written is read back, and nothing else is believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/base/termframe.h"

static void
test_header_round_trip(void **state)
{
	struct wn_tframe f = { WN_TF_ALT, UINT64_C(1) << 40, 50, 200, 49, 199, 2, 0x321,
			       7,	  123456789 },
			 g;
	struct wn_tframe_reader r;
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 4096);
	wn_tframe_begin(&b, &f);
	memset(&g, 0, sizeof g);
	assert_int_equal(wn_tframe_read(&r, wn_buf_view(&b), &g), 0);
	assert_int_equal(g.seq, f.seq);
	assert_int_equal(g.rows, 50);
	assert_int_equal(g.cursor_col, 199);
	assert_int_equal(g.modes, 0x321);
	assert_int_equal(g.scrolled, 7);
	assert_int_equal(g.history, 123456789);
	wn_buf_fini(&b);
}

static void
test_rows_round_trip(void **state)
{
	struct wn_tframe f = { .rows = 2 };
	struct wn_tframe_reader r;
	struct wn_tframe_row row;
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 4096);
	wn_tframe_begin(&b, &f);
	wn_tframe_add_row(&b, 300, WN_TR_WRAPPED, WN_STR("abc"));
	wn_tframe_add_row(&b, 1, 0, WN_STR_NONE);
	assert_int_equal(wn_tframe_read(&r, wn_buf_view(&b), &f), 0);
	assert_int_equal(wn_tframe_next(&r, &row), 1);
	assert_int_equal(row.index, 300);
	assert_int_equal(row.flags, WN_TR_WRAPPED);
	assert_int_equal(row.ops.len, 3);
	assert_int_equal(wn_tframe_next(&r, &row), 1);
	assert_int_equal(row.ops.len, 0);
	assert_int_equal(wn_tframe_next(&r, &row), 0);
	wn_buf_fini(&b);
}

static void
expect(struct wn_trow_reader *r, const char *text, unsigned count, uint32_t fg)
{
	struct wn_tpiece p;

	assert_int_equal(wn_trow_next(r, &p), 1);
	assert_int_equal(p.text.len, strlen(text));
	assert_memory_equal(p.text.len ? p.text.p : "", text, strlen(text));
	assert_int_equal(p.count, count);
	assert_int_equal(p.style.fg, fg);
}

static void
test_pieces_round_trip(void **state)
{
	struct wn_buf b;
	struct wn_trow_writer w = { .out = &b };
	struct wn_tstyle red = { .fg = WN_TCOLOR_RGB(200, 1, 2), .attrs = 3 << 8 | WN_TA_BOLD };
	struct wn_trow_reader r;
	struct wn_tpiece p;

	(void)state;
	wn_buf_init(&b, 4096);
	wn_trow_ascii(&w, "ab", 2);
	wn_trow_style(&w, &red);
	wn_trow_points(&w, 1, 1, WN_STR("س"));
	wn_trow_points(&w, 2, 2, WN_STR("漢字"));
	wn_trow_cluster(&w, 2, WN_STR("👨‍👩‍👧"));
	wn_trow_blank(&w, 5);
	wn_trow_reset(&w);
	wn_trow_ascii(&w, "z", 1);
	wn_trow_read(&r, wn_buf_view(&b));
	expect(&r, "a", 1, 0);
	expect(&r, "b", 1, 0);
	expect(&r, "س", 1, red.fg);
	expect(&r, "漢", 2, red.fg);
	expect(&r, "字", 2, red.fg);
	expect(&r, "👨‍👩‍👧", 2, red.fg);
	expect(&r, "", 5, red.fg);
	expect(&r, "z", 1, 0);
	assert_int_equal(wn_trow_next(&r, &p), 0);
	wn_buf_fini(&b);
}

static void
test_same_style_is_written_once(void **state)
{
	struct wn_buf b;
	struct wn_trow_writer w = { .out = &b };
	struct wn_tstyle s = { .bg = WN_TCOLOR_INDEX(4) };
	size_t len;

	(void)state;
	wn_buf_init(&b, 4096);
	wn_trow_style(&w, &s);
	len = b.len;
	wn_trow_style(&w, &s);
	assert_int_equal(b.len, len);
	wn_buf_fini(&b);
}

static void
test_damaged_rows_are_refused(void **state)
{
	static const struct {
		const char *p;
		size_t n;
	} bad[] = {
		{ "\x02\x05"
		  "ab",
		  4 }, /* fewer characters than said */
		{ "\x03\x02\x01"
		  "a",
		  4 },			   /* fewer bytes than characters */
		{ "\x03\x01\x01\xFF", 4 }, /* no UTF-8 */
		{ "\x05\x03\x01"
		  "a",
		  4 },			       /* width 3 */
		{ "\x05\x01\x00", 3 },	       /* empty cluster */
		{ "\x06\x00", 2 },	       /* no blanks */
		{ "\x01\x00\x00\x03", 4 },     /* no such colour */
		{ "\x01\x00\x00\x02\x01", 5 }, /* colour cut */
		{ "\x09", 1 },		       /* no such operation */
		{ "\x06\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 11 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct wn_trow_reader r;
		struct wn_tpiece p;
		int got;

		wn_trow_read(&r, wn_strn(bad[i].p, bad[i].n));
		while ((got = wn_trow_next(&r, &p)) == 1)
			;
		assert_int_equal(got, WN_E_PARSE);
	}
}

static void
test_damaged_frames_are_refused(void **state)
{
	struct wn_tframe_reader r;
	struct wn_tframe f;

	(void)state;
	assert_int_equal(wn_tframe_read(&r, WN_STR(""), &f), WN_E_PARSE);
	assert_int_equal(wn_tframe_read(&r, WN_STR("\x63\x00"), &f), WN_E_VERSION);
	assert_int_equal(wn_tframe_read(&r, WN_STR("\x01\x00\x01\x02"), &f), WN_E_PARSE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_round_trip),
		cmocka_unit_test(test_rows_round_trip),
		cmocka_unit_test(test_pieces_round_trip),
		cmocka_unit_test(test_same_style_is_written_once),
		cmocka_unit_test(test_damaged_rows_are_refused),
		cmocka_unit_test(test_damaged_frames_are_refused),
	};

	return cmocka_run_group_tests_name("runtime/base/termframe", tests, NULL, NULL);
}
