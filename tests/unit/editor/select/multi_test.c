/* Many selections: from matches, lines and columns; case and sorting in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "editor/select/multi.h"
#include "runtime/base/mem.h"

struct world {
	struct ed_doc *doc;
	struct ed_view *view;
};

static int
start(void **state)
{
	struct world *w = WN_NEW(struct world);

	w->doc = ed_doc_new(NULL);
	w->view = ed_view_new(w->doc);
	*state = w;
	return 0;
}

static int
finish(void **state)
{
	struct world *w = *state;

	ed_view_free(w->view);
	ed_doc_free(w->doc);
	wn_free(w);
	return 0;
}

static void
text(struct world *w, const char *s)
{
	assert_int_equal(ed_doc_edit(w->doc, 0, ed_text_len(ed_doc_text(w->doc)), wn_str(s)), 0);
	ed_view_select(w->view, 0, 0);
}

static void
assert_text(struct world *w, const char *want)
{
	struct wn_buf b;

	wn_buf_init(&b, 65536);
	assert_int_equal(ed_text_copy(ed_doc_text(w->doc), 0, SIZE_MAX, &b), 0);
	assert_string_equal(b.p ? b.p : "", want);
	wn_buf_fini(&b);
}

static struct ed_search *
query(const char *s)
{
	struct ed_search *q;

	assert_int_equal(ed_search_new(wn_str(s), ED_SEARCH_REGEX, &q, NULL), 0);
	return q;
}

static void
cursors_above_and_below_keep_their_column(void **state)
{
	struct world *w = *state;

	text(w, "abcd\nef\nghij\n");
	ed_view_select(w->view, 3, 3);
	ed_view_add_vertical(w->view, true);
	ed_view_add_vertical(w->view, true);
	assert_int_equal(ed_view_type(w->view, WN_STR("X"), NULL), 0);
	assert_text(w, "abcXd\nefX\nghXij\n");
	ed_view_select(w->view, 0, 0);
	ed_view_add_vertical(w->view, false); /* there is no line above */
	assert_int_equal(ed_view_type(w->view, WN_STR("-"), NULL), 0);
	assert_text(w, "-abcXd\nefX\nghXij\n");
}

static void
all_matches_are_edited_at_once(void **state)
{
	struct world *w = *state;
	struct ed_search *q = query("a+");

	text(w, "a b aa c a");
	assert_int_equal(ed_view_select_matches(w->view, q, false), 3);
	assert_int_equal(ed_view_type(w->view, WN_STR("x"), NULL), 0);
	assert_text(w, "x b x c x");
	assert_int_equal(ed_view_do(w->view, ED_UNDO, NULL), 0);
	assert_text(w, "a b aa c a");
	ed_view_select(w->view, 0, 6);
	assert_int_equal(ed_view_select_matches(w->view, q, true), 2);
	ed_view_select(w->view, 1, 2);
	assert_int_equal(ed_view_select_matches(w->view, q, true), 0);
	assert_int_equal(ed_view_main(w->view)->anchor, 1); /* nothing found changes nothing */
	ed_search_free(q);
}

static void
a_selection_is_split_by_a_pattern(void **state)
{
	struct world *w = *state;
	struct ed_search *q = query(", *");

	text(w, "(one, two,three)");
	ed_view_select(w->view, 1, 15);
	assert_int_equal(ed_view_split(w->view, q), 3);
	assert_int_equal(ed_view_case(w->view, ED_LETTERS_UPPER, NULL), 0);
	assert_text(w, "(ONE, TWO,THREE)");
	ed_search_free(q);
}

static void
selected_lines_get_a_cursor_each(void **state)
{
	struct world *w = *state;

	text(w, "a\nbb\nccc\n");
	ed_view_select(w->view, 0, 5);
	ed_view_split_lines(w->view);
	assert_int_equal(ed_view_type(w->view, WN_STR(";"), NULL), 0);
	assert_text(w, "a;\nbb;\nccc\n");
}

static void
case_takes_the_word_and_keeps_a_selection(void **state)
{
	struct world *w = *state;

	text(w, "straße éa");
	ed_view_select(w->view, 9, 9);
	assert_int_equal(ed_view_case(w->view, ED_LETTERS_UPPER, NULL), 0);
	assert_text(w, "straße ÉA");
	ed_view_select(w->view, 8, 11);
	assert_int_equal(ed_view_case(w->view, ED_LETTERS_LOWER, NULL), 0);
	assert_text(w, "straße éa");
	assert_int_equal(ed_view_main(w->view)->anchor, 8);
	assert_int_equal(ed_view_main(w->view)->head, 11);
}

static void
lines_are_sorted(void **state)
{
	struct world *w = *state;

	text(w, "c\na\nb\nd");
	ed_view_select(w->view, 0, 4);
	assert_int_equal(ed_view_sort(w->view, false, NULL), 0);
	assert_text(w, "a\nc\nb\nd");
	ed_view_select(w->view, 0, 0);
	assert_int_equal(ed_view_sort(w->view, true, NULL), 0);
	assert_text(w, "d\nc\nb\na");
	assert_int_equal(ed_view_do(w->view, ED_UNDO, NULL), 0);
	assert_text(w, "a\nc\nb\nd");
	ed_doc_set_read_only(w->doc, true);
	assert_int_equal(ed_view_sort(w->view, true, NULL), WN_E_READ_ONLY);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, start, finish)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(cursors_above_and_below_keep_their_column), T(all_matches_are_edited_at_once),
		T(a_selection_is_split_by_a_pattern),	      T(selected_lines_get_a_cursor_each),
		T(case_takes_the_word_and_keeps_a_selection), T(lines_are_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
