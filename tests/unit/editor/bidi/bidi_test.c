/* The order of mixed directions: by hand, and by Unicode's own test file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "editor/bidi/bidi.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "runtime/base/vec.h"

#define OFFICIAL "/usr/share/unicode/BidiCharacterTest.txt"
#define CELLS 400

static int
setup(void **state)
{
	*state = ed_bidi_new();
	return 0;
}

static int
teardown(void **state)
{
	ed_bidi_free(*state);
	return 0;
}

/* One cell a code point. */
static size_t
cells_of(struct wn_str s, struct ed_bidi_cell *cells)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n < CELLS; n++) {
		uint32_t cp;
		cells[n] = (struct ed_bidi_cell){ i, 1 };
		i += wn_utf8_decode(s.p + i, s.len - i, &cp);
	}
	return n;
}

/* The text as it would be seen from left to right. */
static void
check(void **state, const char *text, enum ed_bidi_base base, const char *seen, bool rtl)
{
	struct ed_bidi_cell cells[CELLS];
	int x[CELLS];
	bool odd[CELLS];
	size_t n = cells_of(wn_str(text), cells), at[CELLS];
	struct wn_buf b;
	bool is_rtl;

	wn_buf_init(&b, 4096);
	assert_true(ed_bidi_place(*state, wn_str(text), base, cells, n, x, odd, &is_rtl));
	assert_int_equal(is_rtl, rtl);
	for (size_t i = 0; i < n; i++)
		at[x[i]] = i;
	for (size_t i = 0; i < n; i++) {
		size_t from = cells[at[i]].at;
		size_t to = at[i] + 1 < n ? cells[at[i] + 1].at : strlen(text);
		(void)wn_buf_str(&b, wn_strn(text + from, to - from));
	}
	assert_string_equal(b.p, seen);
	wn_buf_fini(&b);
}

static void
words_of_both_directions_stand_in_order(void **state)
{
	check(state, "abc ابت def", ED_BIDI_LTR, "abc تبا def", false);
	check(state, "x = \"سلام\";", ED_BIDI_LTR, "x = \"مالس\";", false);
	check(state, "ابت abc", ED_BIDI_LTR, "تبا abc", false);
	check(state, "ابت abc", ED_BIDI_AUTO, "abc تبا", true);
	check(state, "ا 12 ب", ED_BIDI_AUTO, "ب 12 ا", true);
	check(state, "(ا) b", ED_BIDI_LTR, "(ا) b", false);
	check(state, "plain", ED_BIDI_AUTO, "plain", false);
}

static void
brackets_look_the_other_way(void **state)
{
	struct ed_bidi_cell cells[] = { { 0, 1 }, { 2, 1 }, { 3, 1 } };
	bool rtl, odd[3];
	int x[3];

	assert_true(ed_bidi_place(*state, WN_STR("ا(1"), ED_BIDI_AUTO, cells, 3, x, odd, &rtl));
	assert_true(odd[1]);
	assert_false(odd[2]);
	assert_int_equal(ed_bidi_mirror(*state, '('), ')');
	assert_int_equal(ed_bidi_mirror(*state, 'a'), 'a');
}

static void
only_right_to_left_text_needs_it(void **state)
{
	(void)state;
	assert_false(ed_bidi_needed(WN_STR("plain äö 漢字 😀")));
	assert_false(ed_bidi_needed(WN_STR("")));
	assert_true(ed_bidi_needed(WN_STR("x ا")));
	assert_true(ed_bidi_needed(WN_STR("א")));
	assert_false(ed_bidi_needed(WN_STR("\xD8")));
}

static void
wide_clusters_take_their_columns(void **state)
{
	struct ed_bidi_cell cells[] = { { 0, 1 }, { 2, 1 }, { 4, 2 } };
	bool rtl;
	int x[3];

	assert_true(ed_bidi_place(*state, WN_STR("اب漢"), ED_BIDI_AUTO, cells, 3, x, NULL, &rtl));
	assert_int_equal(x[2], 0);
	assert_int_equal(x[1], 2);
	assert_int_equal(x[0], 3);
}

static void
a_text_too_long_stays_as_it_is(void **state)
{
	struct ed_bidi_cell cell = { 0, 1 };
	char *text = wn_alloc(40001);
	bool rtl;
	int x;

	memset(text, 'a', 40000);
	assert_false(
		ed_bidi_place(*state, wn_strn(text, 40000), ED_BIDI_LTR, &cell, 1, &x, NULL, &rtl));
	assert_false(ed_bidi_place(*state, WN_STR(""), ED_BIDI_LTR, &cell, 0, &x, NULL, &rtl));
	wn_free(text);
}

/* "code points; direction; paragraph level; levels; order": true when we show that order. */
static bool
official_case(struct ed_bidi *b, char *line, bool *ours)
{
	struct ed_bidi_cell cells[CELLS];
	int x[CELLS], dir;
	size_t at[CELLS], n = 0;
	bool rtl, good = true;
	char text[CELLS * 4], *p = line, *order;
	size_t len = 0;

	*ours = false;
	for (; *p != ';' && n < CELLS; n++) {
		cells[n] = (struct ed_bidi_cell){ len, 1 };
		len += wn_utf8_encode((uint32_t)strtoul(p, &p, 16), text + len);
		p += *p == ' ';
	}
	dir = (int)strtol(p + 1, &p, 10);
	if (dir == 1)
		return true;
	*ours = true;
	order = strrchr(p, ';') + 1;
	if (!ed_bidi_place(b, wn_strn(text, len), dir == 2 ? ED_BIDI_AUTO : ED_BIDI_LTR, cells, n,
			   x, NULL, &rtl))
		return false;
	for (size_t i = 0; i < n; i++)
		at[x[i]] = i;
	/* What the algorithm removes is not in the list; we keep it where it falls. */
	size_t k = 0;
	while (*order && *order != '\n' && good) {
		size_t want = strtoul(order, &order, 10);
		while (k < n && at[k] != want)
			k++;
		good = k < n;
		order += *order == ' ';
	}
	return good;
}

static void
unicode_agrees(void **state)
{
	FILE *f = fopen(OFFICIAL, "r");
	char line[4096];
	int cases = 0, bad = 0;
	bool ours;

	if (!f)
		skip();
	while (fgets(line, sizeof line, f)) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		bad += !official_case(*state, line, &ours);
		cases += ours;
	}
	fclose(f);
	assert_true(cases > 30000);
	assert_int_equal(bad, 0);
}

#define T(f) cmocka_unit_test(f)
int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(words_of_both_directions_stand_in_order), T(brackets_look_the_other_way),
		T(only_right_to_left_text_needs_it),	    T(wide_clusters_take_their_columns),
		T(a_text_too_long_stays_as_it_is),	    T(unicode_agrees),
	};

	return cmocka_run_group_tests_name("editor/bidi/bidi", tests, setup, teardown);
}
