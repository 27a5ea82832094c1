#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tui/widget/field.h"
#include "tui/widget/list.h"

static struct tui_theme theme;

static void
press(struct tui_field *f, const char *keys)
{
	struct tui_chord c;

	assert_true(tui_chord_parse(wn_str(keys), &c));
	for (int i = 0; i < c.n; i++)
		tui_field_class.key(f, &c.key[i]);
}

static void
a_field_edits_by_cluster(void **state)
{
	struct tui_field f;

	(void)state;
	tui_field_init(&f, "e\xCC\x81日");
	press(&f, "left backspace");
	assert_string_equal(tui_field_text(&f), "日");
	press(&f, "delete delete");
	assert_string_equal(tui_field_text(&f), "");
	press(&f, "backspace a");
	assert_string_equal(tui_field_text(&f), "a");
	tui_field_fini(&f);
}

static void
a_field_moves_and_deletes_by_word(void **state)
{
	struct tui_field f;

	(void)state;
	tui_field_init(&f, "one two السلام");
	press(&f, "ctrl-left x");
	assert_string_equal(tui_field_text(&f), "one two xالسلام");
	press(&f, "backspace ctrl-w");
	assert_string_equal(tui_field_text(&f), "one السلام");
	press(&f, "ctrl-k ctrl-u");
	assert_string_equal(tui_field_text(&f), "");
	tui_field_fini(&f);
}

static void
a_field_undoes(void **state)
{
	struct tui_field f;

	(void)state;
	tui_field_init(&f, "abc");
	press(&f, "ctrl-u x ctrl-z");
	assert_string_equal(tui_field_text(&f), "");
	press(&f, "ctrl-z");
	assert_string_equal(tui_field_text(&f), "abc");
	press(&f, "ctrl-z ctrl-z");
	assert_string_equal(tui_field_text(&f), "abc");
	tui_field_fini(&f);
}

static void
typing_replaces_the_selection(void **state)
{
	struct tui_field f;

	(void)state;
	tui_field_init(&f, "abc");
	press(&f, "shift-left shift-left x");
	assert_string_equal(tui_field_text(&f), "ax");
	press(&f, "ctrl-a y");
	assert_string_equal(tui_field_text(&f), "y");
	tui_field_fini(&f);
}

static void
pasted_controls_do_not_enter_a_field(void **state)
{
	struct tui_field f;

	(void)state;
	tui_field_init(&f, NULL);
	tui_field_insert(&f, WN_STR("a\nb\x1b[Ac\td"));
	assert_string_equal(tui_field_text(&f), "a b[Ac d");
	tui_field_fini(&f);
}

static void
a_field_has_a_maximum(void **state)
{
	struct tui_field f;
	static char big[TUI_FIELD_MAX * 2];

	(void)state;
	memset(big, 'x', sizeof big);
	tui_field_init(&f, "abc");
	tui_field_insert(&f, wn_strn(big, sizeof big));
	assert_true(f.text.len < TUI_FIELD_MAX);
	assert_string_equal(tui_field_text(&f), "abc");
	tui_field_fini(&f);
}

static void
the_cursor_counts_columns(void **state)
{
	struct tui_field f;
	struct tui_grid g;

	(void)state;
	tui_grid_init(&g, 1, 8);
	tui_field_init(&f, "日本");
	tui_field_class.draw(&f, tui_view_all(&g), &theme, true);
	assert_int_equal(f.cursor, 4);
	tui_field_insert(&f, WN_STR("語語語"));
	tui_field_class.draw(&f, tui_view_all(&g), &theme, true);
	assert_true(f.cursor < 8);
	tui_field_fini(&f);
	tui_grid_fini(&g);
}

static void
row(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t, struct tui_style base)
{
	(void)arg;
	(void)t;
	tui_printf(v, 0, 0, base, "%d", (int)i);
}

static void
a_list_keeps_its_current_row_in_view(void **state)
{
	struct tui_list l = { .row = row };
	struct tui_grid g;

	(void)state;
	tui_grid_init(&g, 5, 10);
	tui_list_set(&l, 100);
	tui_list_class.draw(&l, tui_view_all(&g), &theme, true);
	tui_list_go(&l, 50);
	assert_int_equal(l.top, 46);
	tui_list_class.key(&l, &(struct tui_key){ TUI_KEY_HOME, 0 });
	assert_int_equal(l.top, 0);
	tui_list_class.key(&l, &(struct tui_key){ TUI_KEY_UP, 0 });
	assert_int_equal(l.current, 0);
	tui_list_class.key(&l, &(struct tui_key){ TUI_KEY_END, 0 });
	assert_int_equal(l.current, 99);
	tui_list_set(&l, 3);
	assert_int_equal(l.current, 2);
	assert_int_equal(l.top, 0);
	tui_list_set(&l, 0);
	assert_int_equal(l.current, -1);
	tui_grid_fini(&g);
}

static void
the_wheel_scrolls_a_list(void **state)
{
	struct tui_list l = { .row = row };
	struct tui_grid g;
	struct tui_mouse m = { .kind = TUI_MOUSE_WHEEL, .button = 1 };

	(void)state;
	tui_grid_init(&g, 5, 10);
	tui_list_set(&l, 100);
	tui_list_class.draw(&l, tui_view_all(&g), &theme, true);
	assert_true(tui_list_class.mouse(&l, &m));
	assert_int_equal(l.top, 3);
	assert_int_equal(l.current, 3);
	tui_grid_fini(&g);
}

static void
a_scroll_bar_maps_both_ends(void **state)
{
	struct tui_scrollbar s = { 1000, 10, 0 };

	(void)state;
	assert_int_equal(tui_scrollbar_hit(&s, 20, 0), 0);
	assert_int_equal(tui_scrollbar_hit(&s, 20, 19), 990);
}

static void
text_wraps_at_words_and_always_goes_on(void **state)
{
	(void)state;
	assert_int_equal(tui_wrap(wn_str("one two"), 20), 7);
	assert_int_equal(tui_wrap(wn_str("one two"), 5), 3);
	assert_int_equal(tui_wrap(wn_str("one two"), 3), 3);
	assert_int_equal(tui_wrap(wn_str("wonderful"), 4), 4);
	assert_int_equal(tui_wrap(wn_str("漢字"), 1), 3);
	assert_int_equal(tui_wrap(wn_str("سلام عليكم"), 6), 8);
	assert_int_equal(tui_wrap(wn_str(""), 4), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_wraps_at_words_and_always_goes_on),
		cmocka_unit_test(a_field_edits_by_cluster),
		cmocka_unit_test(a_field_moves_and_deletes_by_word),
		cmocka_unit_test(a_field_undoes),
		cmocka_unit_test(typing_replaces_the_selection),
		cmocka_unit_test(pasted_controls_do_not_enter_a_field),
		cmocka_unit_test(a_field_has_a_maximum),
		cmocka_unit_test(the_cursor_counts_columns),
		cmocka_unit_test(a_list_keeps_its_current_row_in_view),
		cmocka_unit_test(the_wheel_scrolls_a_list),
		cmocka_unit_test(a_scroll_bar_maps_both_ends),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/widget/widget", tests, NULL, NULL);
}
