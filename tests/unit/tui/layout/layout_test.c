#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tui/layout/layout.h"

static char tab_a, tab_b, tab_c;

/* files | editor over terminal */
static struct tui_node *
three(struct tui_layout *l, struct tui_node **left, struct tui_node **low)
{
	struct tui_node *center;

	tui_layout_init(l);
	center = l->root;
	*left = tui_layout_split(l, center, TUI_DIR_LEFT, 200);
	(*left)->parent->fixed = 26;
	*low = tui_layout_split(l, center, TUI_DIR_DOWN, 300);
	wn_vec_push(&center->tabs, (void *)&tab_a);
	wn_vec_push(&(*left)->tabs, (void *)&tab_b);
	wn_vec_push(&(*low)->tabs, (void *)&tab_c);
	return center;
}

static void
neighbours_share_a_border(void **state)
{
	struct tui_layout l;
	struct tui_node *left, *low, *center = three(&l, &left, &low);

	(void)state;
	tui_layout_place(&l, (struct tui_rect){ 1, 0, 48, 200 });
	assert_int_equal(left->rect.cols, 26);
	assert_int_equal(center->rect.x, 25);
	assert_int_equal(center->rect.x + center->rect.cols, 200);
	assert_int_equal(low->rect.y, center->rect.y + center->rect.rows - 1);
	assert_int_equal(low->rect.y + low->rect.rows, 49);
	tui_layout_fini(&l);
}

static void
narrow_screens_show_only_the_focused(void **state)
{
	struct tui_layout l;
	struct tui_node *left, *low, *center = three(&l, &left, &low);

	(void)state;
	l.focus = low;
	tui_layout_place(&l, (struct tui_rect){ 1, 0, 22, 99 });
	assert_true(l.stacked);
	assert_int_equal(low->rect.cols, 99);
	assert_int_equal(left->rect.rows, 0);
	assert_int_equal(center->rect.rows, 0);
	assert_ptr_equal(tui_layout_toward(&l, TUI_DIR_LEFT), center);
	tui_layout_fini(&l);
}

static void
focus_moves_by_direction(void **state)
{
	struct tui_layout l;
	struct tui_node *left, *low, *center = three(&l, &left, &low);

	(void)state;
	l.focus = center;
	tui_layout_place(&l, (struct tui_rect){ 1, 0, 48, 200 });
	assert_ptr_equal(tui_layout_toward(&l, TUI_DIR_LEFT), left);
	assert_ptr_equal(tui_layout_toward(&l, TUI_DIR_DOWN), low);
	assert_null(tui_layout_toward(&l, TUI_DIR_RIGHT));
	assert_null(tui_layout_toward(&l, TUI_DIR_UP));
	tui_layout_fini(&l);
}

static void
a_leaf_without_tabs_takes_no_room(void **state)
{
	struct tui_layout l;
	struct tui_node *left, *low, *center = three(&l, &left, &low);

	(void)state;
	wn_vec_clear(&low->tabs);
	tui_layout_place(&l, (struct tui_rect){ 1, 0, 48, 200 });
	assert_int_equal(low->rect.rows, 0);
	assert_int_equal(center->rect.rows, 48);
	tui_layout_drop(&l, low);
	tui_layout_place(&l, (struct tui_rect){ 1, 0, 48, 200 });
	assert_int_equal(center->rect.rows, 48);
	assert_int_equal(left->rect.rows, 48);
	tui_layout_fini(&l);
}

static void
borders_can_be_dragged_but_not_away(void **state)
{
	struct tui_layout l;
	struct tui_node *left, *low, *split;

	(void)state;
	three(&l, &left, &low);
	tui_layout_place(&l, (struct tui_rect){ 1, 0, 48, 200 });
	assert_true(tui_layout_grab(&l, 10, 25, &split));
	assert_false(tui_layout_grab(&l, 10, 60, &split) && split == NULL);
	assert_true(tui_layout_grab(&l, 10, 25, &split));
	tui_layout_drag(split, 10, 40);
	tui_layout_place(&l, (struct tui_rect){ 1, 0, 48, 200 });
	assert_int_equal(left->rect.cols, 41);
	tui_layout_drag(split, 10, 0);
	tui_layout_place(&l, (struct tui_rect){ 1, 0, 48, 200 });
	assert_int_equal(left->rect.cols, 12);
	tui_layout_drag(split, 10, 500);
	tui_layout_place(&l, (struct tui_rect){ 1, 0, 48, 200 });
	assert_int_equal(left->rect.cols, 188);
	tui_layout_fini(&l);
}

static void
leaves_are_counted_in_reading_order(void **state)
{
	struct tui_layout l;
	struct tui_node *left, *low, *center = three(&l, &left, &low);
	size_t i = 9;

	(void)state;
	assert_ptr_equal(tui_layout_nth(&l, 0), left);
	assert_ptr_equal(tui_layout_nth(&l, 1), center);
	assert_ptr_equal(tui_layout_nth(&l, 2), low);
	assert_null(tui_layout_nth(&l, 3));
	assert_ptr_equal(tui_layout_find(&l, &tab_c, &i), low);
	assert_int_equal(i, 0);
	assert_null(tui_layout_find(&l, &l, NULL));
	tui_layout_fini(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_share_a_border),
		cmocka_unit_test(narrow_screens_show_only_the_focused),
		cmocka_unit_test(focus_moves_by_direction),
		cmocka_unit_test(a_leaf_without_tabs_takes_no_room),
		cmocka_unit_test(borders_can_be_dragged_but_not_away),
		cmocka_unit_test(leaves_are_counted_in_reading_order),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/layout/layout", tests, NULL, NULL);
}
