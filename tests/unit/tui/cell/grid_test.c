#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/buf.h"
#include "tui/cell/grid.h"

static const struct tui_style plain;

static const char *
row(const struct tui_grid *g, int y, struct wn_buf *b)
{
	wn_buf_clear(b);
	for (int x = 0; x < g->cols; x++) {
		const struct tui_cell *c = tui_grid_at(g, y, x);

		if (c->width == 0)
			wn_buf_chr(b, '<');
		else
			wn_buf_add(b, c->text, c->len);
	}
	return b->p;
}

struct fix {
	struct tui_grid g;
	struct wn_buf b;
	struct tui_view v;
};

static int
setup(void **state)
{
	static struct fix f;

	tui_grid_init(&f.g, 3, 10);
	wn_buf_init(&f.b, 4096);
	f.v = tui_view_all(&f.g);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fix *f = *state;

	tui_grid_fini(&f->g);
	wn_buf_fini(&f->b);
	return 0;
}

static void
wide_text_takes_two_columns(void **state)
{
	struct fix *f = *state;

	assert_int_equal(tui_puts(f->v, 0, 0, "a日b", plain), 4);
	assert_string_equal(row(&f->g, 0, &f->b), "a日<b      ");
}

static void
a_mark_stays_with_its_letter(void **state)
{
	struct fix *f = *state;

	assert_int_equal(tui_puts(f->v, 0, 0, "e\xCC\x81x", plain), 2);
	assert_int_equal(tui_grid_at(&f->g, 0, 0)->len, 3);
}

static void
half_of_a_wide_cluster_is_never_left(void **state)
{
	struct fix *f = *state;

	tui_puts(f->v, 0, 0, "日本", plain);
	tui_puts(f->v, 0, 1, "x", plain);
	assert_string_equal(row(&f->g, 0, &f->b), " x本<      ");
	tui_puts(f->v, 0, 2, "y", plain);
	assert_string_equal(row(&f->g, 0, &f->b), " xy       ");
}

static void
a_wide_cluster_at_the_edge_becomes_a_blank(void **state)
{
	struct fix *f = *state;

	tui_puts(f->v, 0, 9, "日", plain);
	assert_string_equal(row(&f->g, 0, &f->b), "          ");
	tui_puts(f->v, 1, -1, "日x", plain);
	assert_string_equal(row(&f->g, 1, &f->b), " x        ");
}

static void
views_clip(void **state)
{
	struct fix *f = *state;
	struct tui_view v = tui_view_sub(f->v, 1, 3, 1, 4);

	tui_puts(v, 0, -2, "abcdefghij", plain);
	tui_puts(v, 1, 0, "no", plain);
	tui_puts(v, -1, 0, "no", plain);
	assert_string_equal(row(&f->g, 1, &f->b), "   cdef   ");
	assert_string_equal(row(&f->g, 0, &f->b), "          ");
	v = tui_view_sub(f->v, 2, 8, 5, 5);
	assert_int_equal(v.rows, 1);
	assert_int_equal(v.cols, 2);
	v = tui_view_sub(f->v, 5, 0, 2, 2);
	assert_int_equal(v.rows, 0);
	tui_clear(v, plain);
}

static void
only_what_changes_is_damage(void **state)
{
	struct fix *f = *state;

	tui_puts(f->v, 0, 0, "hello", plain);
	tui_grid_clean(&f->g);
	tui_puts(f->v, 0, 0, "hallo", plain);
	assert_int_equal(f->g.damage[0].lo, 1);
	assert_int_equal(f->g.damage[0].hi, 2);
	assert_true(f->g.damage[1].lo >= f->g.damage[1].hi);
}

static void
controls_and_bad_bytes_are_pictures(void **state)
{
	struct fix *f = *state;

	assert_int_equal(tui_put(f->v, 0, 0, wn_strn("\x1b\xff\t\x7f", 4), plain), 4);
	assert_string_equal(row(&f->g, 0, &f->b), "␛� ␡      ");
}

static void
text_that_does_not_fit_ends_in_an_ellipsis(void **state)
{
	struct fix *f = *state;

	assert_int_equal(tui_put_cut(f->v, 0, 0, 5, WN_STR("日本語"), plain), 5);
	assert_string_equal(row(&f->g, 0, &f->b), "日<本<…     ");
	assert_int_equal(tui_put_cut(f->v, 1, 0, 5, WN_STR("abcde"), plain), 5);
	assert_string_equal(row(&f->g, 1, &f->b), "abcde     ");
	assert_int_equal(tui_put_cut(f->v, 2, 0, 0, WN_STR("abc"), plain), 0);
}

static void
a_tint_keeps_the_text(void **state)
{
	struct fix *f = *state;

	tui_puts(f->v, 0, 0, "ab", (struct tui_style){ TUI_RGB(1), 0, 0 });
	tui_tint(f->v, 0, 0, 1, (struct tui_style){ 0, TUI_RGB(2), TUI_BOLD });
	assert_int_equal(tui_grid_at(&f->g, 0, 0)->style.fg, TUI_RGB(1));
	assert_int_equal(tui_grid_at(&f->g, 0, 0)->style.bg, TUI_RGB(2));
	assert_int_equal(tui_grid_at(&f->g, 0, 1)->style.bg, 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(wide_text_takes_two_columns),
		T(a_mark_stays_with_its_letter),
		T(half_of_a_wide_cluster_is_never_left),
		T(a_wide_cluster_at_the_edge_becomes_a_blank),
		T(views_clip),
		T(only_what_changes_is_damage),
		T(controls_and_bad_bytes_are_pictures),
		T(text_that_does_not_fit_ends_in_an_ellipsis),
		T(a_tint_keeps_the_text),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/cell/grid", tests, NULL, NULL);
}
