/* utf8: bytes, clusters, columns, folding. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <utf8proc.h>

#include "runtime/base/utf8.h"

static void
every_code_point_round_trips(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		char text[4];
		uint32_t back;
		size_t n;

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		n = wn_utf8_encode(cp, text);
		if (wn_utf8_decode(text, n, &back) != n || back != cp ||
		    wn_utf8_check(text, n) != n)
			fail_msg("U+%04X", (unsigned)cp);
	}
}

static void
invalid_code_points_encode_as_replacement(void **state)
{
	char text[4];

	(void)state;
	assert_int_equal(wn_utf8_encode(0xD800, text), 3);
	assert_memory_equal(text, "\xEF\xBF\xBD", 3);
	assert_int_equal(wn_utf8_encode(0x110000, text), 3);
	assert_int_equal(wn_utf8_encode(WN_UTF8_BAD, text), 3);
}

static void
malformed_sequences_decode_as_one_bad_byte(void **state)
{
	static const struct wn_str rows[] = {
		{ "\x80", 1 },
		{ "\xBF", 1 },
		{ "\xC0\x80", 2 },
		{ "\xC1\xBF", 2 },
		{ "\xC2", 1 },
		{ "\xC2\x41", 2 },
		{ "\xE0\x80\x80", 3 },
		{ "\xE0\x9F\xBF", 3 },
		{ "\xED\xA0\x80", 3 },
		{ "\xED\xBF\xBF", 3 },
		{ "\xE2\x82", 2 },
		{ "\xE2\x41\x41", 3 },
		{ "\xE2\x82\x41", 3 },
		{ "\xF0\x80\x80\x80", 4 },
		{ "\xF0\x8F\xBF\xBF", 4 },
		{ "\xF4\x90\x80\x80", 4 },
		{ "\xF5\x80\x80\x80", 4 },
		{ "\xF0\x9F\x98", 3 },
		{ "\xF0\x9F\x98\x41", 4 },
		{ "\xFE", 1 },
		{ "\xFF", 1 },
		{ "\xF8\x88\x80\x80\x80", 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t cp;

		assert_int_equal(wn_utf8_decode(rows[i].p, rows[i].len, &cp), 1);
		assert_true(cp == WN_UTF8_BAD);
		assert_int_equal(wn_utf8_check(rows[i].p, rows[i].len), 0);
	}
}

static void
check_finds_the_place_at_every_offset(void **state)
{
	(void)state;
	for (size_t at = 0; at < 40; at++) {
		char text[40];

		memset(text, 'a', sizeof(text));
		text[at] = '\xFF';
		assert_int_equal(wn_utf8_check(text, sizeof(text)), at);
		memset(text, 'a', sizeof(text));
		if (at + 2 <= sizeof(text))
			memcpy(text + at, "\xD8\xB9", 2);
		assert_int_equal(wn_utf8_check(text, sizeof(text)), sizeof(text));
	}
	assert_int_equal(wn_utf8_check(NULL, 0), 0);
}

static void
counts(void **state)
{
	struct wn_str s = WN_STR("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xFF");

	(void)state;
	assert_int_equal(wn_utf8_count(s), 5);
	assert_int_equal(wn_utf8_units16(s), 6);
	assert_int_equal(wn_utf8_count(WN_STR_NONE), 0);
}

/* The table that matters: one cluster each, with its columns. */
static const struct {
	const char *name, *text;
	int width;
} clusters[] = {
	{ "letter", "a", 1 },
	{ "e with combining acute", "e\xCC\x81", 1 },
	{ "CJK", "\xE4\xB8\xAD", 2 },
	{ "Hangul syllable", "\xED\x95\x9C", 2 },
	{ "Hangul jamo", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 2 },
	{ "fullwidth A", "\xEF\xBC\xA1", 2 },
	{ "halfwidth katakana", "\xEF\xBD\xB1", 1 },
	{ "Arabic ain", "\xD8\xB9", 1 },
	{ "Arabic with two marks", "\xD8\xA8\xD9\x91\xD9\x8E", 1 },
	{ "emoji", "\xF0\x9F\x98\x80", 2 },
	{ "Unicode 15 emoji", "\xF0\x9F\xAB\xA8", 2 },
	{ "thumb and skin", "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD", 2 },
	{ "family", "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", 2 },
	{ "heart and VS16", "\xE2\x9D\xA4\xEF\xB8\x8F", 2 },
	{ "heart alone", "\xE2\x9D\xA4", 1 },
	{ "heart and VS15", "\xE2\x9D\xA4\xEF\xB8\x8E", 1 },
	{ "keycap", "1\xEF\xB8\x8F\xE2\x83\xA3", 2 },
	{ "flag", "\xF0\x9F\x87\xAA\xF0\x9F\x87\xAC", 2 },
	{ "rainbow flag", "\xF0\x9F\x8F\xB3\xEF\xB8\x8F\xE2\x80\x8D\xF0\x9F\x8C\x88", 2 },
	{ "ring of England",
	  "\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xA5\xF3\xA0\x81\xAE\xF3\xA0"
	  "\x81\xA7\xF3\xA0\x81\xBF",
	  2 },
	{ "Devanagari kssi", "\xE0\xA4\xB7\xE0\xA4\xBF", 1 },
	{ "Thai with vowel and tone", "\xE0\xB8\x81\xE0\xB8\xB4\xE0\xB9\x88", 1 },
	{ "zero width space", "\xE2\x80\x8B", 0 },
	{ "combining mark alone", "\xCC\x81", 0 },
	{ "control", "\x01", 1 },
	{ "DEL", "\x7F", 1 },
	{ "C1", "\xC2\x9B", 1 },
	{ "bad byte", "\xFF", 1 },
	{ "no-break space", "\xC2\xA0", 1 },
	{ "private use", "\xEE\x82\xB0", 1 },
};

static void
clusters_have_their_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(clusters) / sizeof(clusters[0]); i++) {
		struct wn_str s = wn_str(clusters[i].text);
		int w;
		size_t n = wn_utf8_cluster(s.p, s.len, &w);

		if (n != s.len || w != clusters[i].width)
			fail_msg("%s: %zu of %zu bytes, width %d", clusters[i].name, n, s.len, w);
	}
}

/* Each beside each: a cluster's end does not depend on a neighbour that starts a new one. */
static void
clusters_end_before_a_letter(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(clusters) / sizeof(clusters[0]); i++) {
		struct wn_buf b;
		int w;

		wn_buf_init(&b, 1000);
		wn_buf_cstr(&b, clusters[i].text);
		wn_buf_chr(&b, 'x');
		assert_int_equal(wn_utf8_cluster(b.p, b.len, &w), b.len - 1);
		assert_int_equal(w, clusters[i].width);
		wn_buf_fini(&b);
	}
}

/* Every code point before one of each kind: boundary and width as the tables say. */
static void
shortcuts_agree_with_the_tables(void **state)
{
	static const uint32_t nexts[] = { 'x',	  ' ',	  0xE9,	  0x627,  0x64E,   0x301,
					  0x4E2D, 0x3042, 0x200D, 0xFE0F, 0x1F600, 0x1F1EA,
					  0x1100, 0x903,  0x600,  0xAD,	  0x5D0,   0x430 };

	(void)state;
	for (uint32_t cp = 0x20; cp < 0x20000; cp++) {
		char text[8];
		size_t n = wn_utf8_encode(cp, text);

		if ((cp >= 0x7F && cp < 0xA0) || (cp >= 0xD800 && cp <= 0xDFFF))
			continue;
		for (size_t k = 0; k < sizeof(nexts) / sizeof(nexts[0]); k++) {
			utf8proc_int32_t break_state = 0;
			size_t all = n + wn_utf8_encode(nexts[k], text + n);
			bool ends = utf8proc_grapheme_break_stateful(
				(utf8proc_int32_t)cp, (utf8proc_int32_t)nexts[k], &break_state);
			int w;

			if (wn_utf8_cluster(text, all, &w) != (ends ? n : all))
				fail_msg("U+%04X U+%04X", (unsigned)cp, (unsigned)nexts[k]);
			if (ends && w != wn_utf8_cp_width(cp))
				fail_msg("U+%04X has %d columns", (unsigned)cp, w);
		}
	}
}

static void
three_regionals_are_a_flag_and_one(void **state)
{
	struct wn_str s = WN_STR("\xF0\x9F\x87\xAA\xF0\x9F\x87\xAC\xF0\x9F\x87\xAA");
	int w;

	(void)state;
	assert_int_equal(wn_utf8_cluster(s.p, s.len, &w), 8);
	assert_int_equal(wn_utf8_cluster(s.p + 8, 4, &w), 4);
	assert_in_range(w, 1, 2);
}

static void
controls_and_bad_bytes_never_join(void **state)
{
	int w;

	(void)state;
	assert_int_equal(wn_utf8_cluster("\r\n", 2, &w), 1);
	assert_int_equal(wn_utf8_cluster("a\xFF", 2, &w), 1);
	assert_int_equal(wn_utf8_cluster("\n\xCC\x81", 3, &w), 1);
	assert_int_equal(wn_utf8_cluster("\xFF\xCC\x81", 3, &w), 1);
	assert_int_equal(wn_utf8_cluster("", 0, &w), 0);
	assert_int_equal(w, 0);
}

static void
widths_add_up(void **state)
{
	(void)state;
	assert_int_equal(wn_utf8_width(WN_STR("abc\t")), 4);
	assert_int_equal(wn_utf8_width(WN_STR("a\xE4\xB8\xAD\xF0\x9F\x98\x80")), 5);
	assert_int_equal(wn_utf8_width(WN_STR_NONE), 0);
	assert_int_equal(wn_utf8_cp_width('a'), 1);
	assert_int_equal(wn_utf8_cp_width(0x4E2D), 2);
	assert_int_equal(wn_utf8_cp_width(0x301), 0);
	assert_int_equal(wn_utf8_cp_width(0), 1);
	assert_int_equal(wn_utf8_cp_width(WN_UTF8_BAD), 1);
}

static void
fit_never_cuts_a_cluster(void **state)
{
	struct wn_str s = WN_STR("a\xE4\xB8\xAD"
				 "e\xCC\x81z");
	static const struct {
		int cols;
		size_t n;
		int used;
	} rows[] = { { 0, 0, 0 }, { 1, 1, 1 }, { 2, 1, 1 },  { 3, 4, 3 },
		     { 4, 7, 4 }, { 5, 8, 5 }, { 99, 8, 5 }, { -1, 0, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int used = -1;

		assert_int_equal(wn_utf8_fit(s, rows[i].cols, &used), rows[i].n);
		assert_int_equal(used, rows[i].used);
	}
	assert_int_equal(wn_utf8_fit(s, 3, NULL), 4);
}

static void
folding_table(void **state)
{
	static const struct {
		const char *text, *folded;
	} rows[] = {
		{ "", "" },
		{ "AbC", "abc" },
		{ "\xC3\x89t\xC3\xA9", "ete" },
		{ "STRASSE", "strasse" },
		{ "Stra\xC3\x9F"
		  "e",
		  "strasse" },
		{ "\xEF\xAC\x81", "fi" },
		{ "\xEF\xBC\xA1", "a" },
		{ "\xCE\xA3\xCF\x82", "\xCF\x83\xCF\x83" },
		/* Arabic: alef forms, teh marbuta, alef maksura, tatweel, marks */
		{ "\xD8\xA3\xD8\xA5\xD8\xA2\xD9\xB1\xD8\xA7",
		  "\xD8\xA7\xD8\xA7\xD8\xA7\xD8\xA7\xD8\xA7" },
		{ "\xD9\x85\xD8\xAF\xD8\xB1\xD8\xB3\xD8\xA9",
		  "\xD9\x85\xD8\xAF\xD8\xB1\xD8\xB3\xD9\x87" },
		{ "\xD8\xB9\xD9\x84\xD9\x89", "\xD8\xB9\xD9\x84\xD9\x8A" },
		{ "\xD9\x85\xD9\x80\xD9\x80\xD8\xAF", "\xD9\x85\xD8\xAF" },
		{ "\xD9\x85\xD9\x8F\xD8\xAD\xD9\x8E\xD9\x85\xD9\x91\xD9\x8E\xD8\xAF",
		  "\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF" },
		{ "a\xFFZ", "a\xFFz" },
		{ "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wn_buf b;

		wn_buf_init(&b, 1000);
		assert_int_equal(wn_utf8_fold(wn_str(rows[i].text), &b), WN_OK);
		assert_string_equal(wn_buf_view(&b).p, rows[i].folded);
		wn_buf_fini(&b);
	}
}

static void
folding_keeps_nul(void **state)
{
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 10);
	wn_utf8_fold(WN_STR("a\0B"), &b);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.p, "a\0b", 3);
	wn_buf_fini(&b);
}

static void
direction_and_classes(void **state)
{
	(void)state;
	assert_true(wn_utf8_is_rtl(0x639));
	assert_true(wn_utf8_is_rtl(0x5D0));
	assert_false(wn_utf8_is_rtl('a'));
	assert_false(wn_utf8_is_rtl(0x661));
	assert_false(wn_utf8_is_rtl(WN_UTF8_BAD));
	assert_true(wn_utf8_is_word('_'));
	assert_true(wn_utf8_is_word('7'));
	assert_true(wn_utf8_is_word(0x639));
	assert_true(wn_utf8_is_word(0x301));
	assert_true(wn_utf8_is_word(0x203F));
	assert_false(wn_utf8_is_word('-'));
	assert_false(wn_utf8_is_word(0x2014));
	assert_false(wn_utf8_is_word(WN_UTF8_BAD));
	assert_true(wn_utf8_is_space('\t'));
	assert_true(wn_utf8_is_space(0xA0));
	assert_true(wn_utf8_is_space(0x3000));
	assert_true(wn_utf8_is_space(0x2028));
	assert_false(wn_utf8_is_space(0x200B));
	assert_false(wn_utf8_is_space('x'));
	assert_false(wn_utf8_is_space(WN_UTF8_BAD));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_round_trips),
		cmocka_unit_test(invalid_code_points_encode_as_replacement),
		cmocka_unit_test(malformed_sequences_decode_as_one_bad_byte),
		cmocka_unit_test(check_finds_the_place_at_every_offset),
		cmocka_unit_test(counts),
		cmocka_unit_test(clusters_have_their_columns),
		cmocka_unit_test(clusters_end_before_a_letter),
		cmocka_unit_test(shortcuts_agree_with_the_tables),
		cmocka_unit_test(three_regionals_are_a_flag_and_one),
		cmocka_unit_test(controls_and_bad_bytes_never_join),
		cmocka_unit_test(widths_add_up),
		cmocka_unit_test(fit_never_cuts_a_cluster),
		cmocka_unit_test(folding_table),
		cmocka_unit_test(folding_keeps_nul),
		cmocka_unit_test(direction_and_classes),
	};

	return cmocka_run_group_tests_name("runtime/base/utf8", tests, NULL, NULL);
}
