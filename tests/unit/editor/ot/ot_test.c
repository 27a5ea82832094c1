/* Operations: their canonical form, the laws of compose, transform and invert, and refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "editor/ot/ot.h"
#include "runtime/base/mem.h"

#define ROUNDS 3000

static unsigned
next_random(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static const char *const words[] = { "a",
				     "bc",
				     "\xC3\xA9",
				     "\xE2\x82\xAC\n",
				     "\xF0\x9F\x8C\x8D",
				     "xyz",
				     "\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85" };

static struct ed_ot *
random_op(unsigned *seed, size_t points)
{
	struct ed_ot *op = ed_ot_new();
	size_t left = points;

	while (left > 0) {
		size_t n = 1 + next_random(seed) % (left < 5 ? left : 5);

		switch (next_random(seed) % 3) {
		case 0:
			assert_int_equal(ed_ot_retain(op, n), 0);
			left -= n;
			break;
		case 1:
			assert_int_equal(ed_ot_delete(op, n), 0);
			left -= n;
			break;
		default:
			assert_int_equal(ed_ot_insert(op, wn_str(words[next_random(seed) % 7])), 0);
		}
	}
	if (next_random(seed) % 2)
		assert_int_equal(ed_ot_insert(op, wn_str(words[next_random(seed) % 7])), 0);
	return op;
}

static struct ed_text *
random_text(unsigned *seed)
{
	struct ed_text *t = ed_text_new();

	for (unsigned n = next_random(seed) % 12; n-- > 0;)
		assert_int_equal(
			ed_text_replace(t, ed_text_len(t), 0, wn_str(words[next_random(seed) % 7])),
			0);
	return t;
}

static size_t
points(const struct ed_text *t)
{
	return ed_text_rank(t, ED_POINTS, ed_text_len(t));
}

static struct ed_text *
applied(const struct ed_text *t, const struct ed_ot *op)
{
	struct ed_text *now = ed_text_snap(t);

	assert_int_equal(ed_ot_apply(op, now), 0);
	assert_int_equal(points(now), ed_ot_after(op));
	return now;
}

static void
same_text(struct ed_text *a, struct ed_text *b)
{
	struct wn_buf x, y;

	wn_buf_init(&x, 1 << 20);
	wn_buf_init(&y, 1 << 20);
	assert_int_equal(ed_text_copy(a, 0, ed_text_len(a), &x), 0);
	assert_int_equal(ed_text_copy(b, 0, ed_text_len(b), &y), 0);
	assert_true(wn_str_eq(wn_buf_view(&x), wn_buf_view(&y)));
	wn_buf_fini(&x);
	wn_buf_fini(&y);
	ed_text_free(a);
	ed_text_free(b);
}

static void
composing_is_one_after_the_other(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct ed_text *t = random_text(&seed), *mid;
		struct ed_ot *a = random_op(&seed, points(t)), *b, *both;

		mid = applied(t, a);
		b = random_op(&seed, points(mid));
		assert_int_equal(ed_ot_compose(a, b, &both), 0);
		same_text(applied(t, both), applied(mid, b));
		ed_ot_free(a);
		ed_ot_free(b);
		ed_ot_free(both);
		ed_text_free(mid);
		ed_text_free(t);
	}
}

static void
both_ways_round_give_one_text(void **state)
{
	unsigned seed = 2;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct ed_text *t = random_text(&seed), *ta, *tb;
		struct ed_ot *a = random_op(&seed, points(t)), *b = random_op(&seed, points(t));
		struct ed_ot *a2, *b2;

		assert_int_equal(ed_ot_transform(a, b, &a2, &b2), 0);
		ta = applied(t, a);
		tb = applied(t, b);
		same_text(applied(ta, b2), applied(tb, a2));
		ed_ot_free(a);
		ed_ot_free(b);
		ed_ot_free(a2);
		ed_ot_free(b2);
		ed_text_free(ta);
		ed_text_free(tb);
		ed_text_free(t);
	}
}

static void
inverting_brings_the_text_back(void **state)
{
	unsigned seed = 3;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct ed_text *t = random_text(&seed), *there;
		struct ed_ot *op, *back;

		/* Bytes that are no UTF-8 are deleted and come back too. */
		assert_int_equal(ed_text_replace(t, ed_text_len(t), 0, WN_STR("q\xFF\x80\x80")), 0);
		op = random_op(&seed, points(t));
		there = applied(t, op);
		assert_int_equal(ed_ot_invert(op, t, &back), 0);
		same_text(applied(there, back), ed_text_snap(t));
		ed_ot_free(op);
		ed_ot_free(back);
		ed_text_free(there);
		ed_text_free(t);
	}
}

static void
equal_edits_have_equal_parts(void **state)
{
	struct ed_ot *a = ed_ot_new(), *b = ed_ot_new();

	(void)state;
	assert_int_equal(ed_ot_retain(a, 1) | ed_ot_delete(a, 2) | ed_ot_insert(a, WN_STR("x")), 0);
	assert_int_equal(ed_ot_delete(a, 1) | ed_ot_insert(a, WN_STR("y")), 0);
	assert_int_equal(ed_ot_retain(b, 1) | ed_ot_insert(b, WN_STR("xy")) | ed_ot_delete(b, 3),
			 0);
	assert_int_equal(ed_ot_count(a), 3);
	assert_int_equal(ed_ot_part(a, 1).kind, ED_OT_INSERT);
	assert_true(ed_ot_same(a, b));
	ed_ot_free(a);
	ed_ot_free(b);
}

static void
the_first_one_stands_first_at_one_place(void **state)
{
	struct ed_text *t = ed_text_from(WN_STR("--"));
	struct ed_ot *a, *b, *a2, *b2;

	(void)state;
	assert_int_equal(ed_ot_edit(2, 1, 0, WN_STR("A"), &a), 0);
	assert_int_equal(ed_ot_edit(2, 1, 0, WN_STR("B"), &b), 0);
	assert_int_equal(ed_ot_transform(a, b, &a2, &b2), 0);
	assert_int_equal(ed_ot_apply(b, t) | ed_ot_apply(a2, t), 0);
	same_text(t, ed_text_from(WN_STR("-AB-")));
	ed_ot_free(a);
	ed_ot_free(b);
	ed_ot_free(a2);
	ed_ot_free(b2);
}

static void
a_cursor_moves_with_the_text(void **state)
{
	struct ed_ot *op = ed_ot_new();

	(void)state;
	assert_int_equal(ed_ot_retain(op, 2) | ed_ot_insert(op, WN_STR("new")), 0);
	assert_int_equal(ed_ot_delete(op, 3) | ed_ot_retain(op, 4), 0);
	assert_int_equal(ed_ot_move(op, 1, true), 1);
	assert_int_equal(ed_ot_move(op, 2, false), 2);
	assert_int_equal(ed_ot_move(op, 2, true), 5);
	assert_int_equal(ed_ot_move(op, 4, true), 5); /* was deleted */
	assert_int_equal(ed_ot_move(op, 6, false), 6);
	assert_int_equal(ed_ot_move(op, 9, false), 9);
	ed_ot_free(op);
}

static void
what_does_not_fit_is_refused_and_changes_nothing(void **state)
{
	struct ed_text *t = ed_text_from(WN_STR("abc")), *stray = ed_text_from(WN_STR("\x80z"));
	struct ed_ot *three, *two, *out, *other;

	(void)state;
	assert_int_equal(ed_ot_edit(3, 2, 2, WN_STR(""), &out), WN_E_INVALID);
	assert_int_equal(ed_ot_edit(3, 1, 1, WN_STR("\xFF"), &out), WN_E_INVALID);
	assert_int_equal(ed_ot_edit(3, 1, 1, WN_STR("x"), &three), 0);
	assert_int_equal(ed_ot_edit(2, 1, 1, WN_STR("x"), &two), 0);
	assert_int_equal(ed_ot_compose(three, two, &out), WN_E_INVALID);
	assert_int_equal(ed_ot_transform(three, two, &out, &other), WN_E_INVALID);
	assert_int_equal(ed_ot_invert(two, t, &out), WN_E_INVALID);
	assert_int_equal(ed_ot_apply(two, t), WN_E_INVALID);
	assert_int_equal(ed_ot_apply(two, stray), WN_E_INVALID);
	same_text(t, ed_text_from(WN_STR("abc")));
	ed_text_free(stray);
	ed_ot_free(three);
	ed_ot_free(two);
}

static void
lengths_do_not_overflow(void **state)
{
	struct ed_ot *op = ed_ot_new();

	(void)state;
	assert_int_equal(ed_ot_retain(op, SIZE_MAX), 0);
	assert_int_equal(ed_ot_retain(op, 1), WN_E_LIMIT);
	assert_int_equal(ed_ot_insert(op, WN_STR("x")), WN_E_LIMIT);
	assert_int_equal(ed_ot_delete(op, 1), WN_E_LIMIT);
	assert_int_equal(ed_ot_count(op), 1);
	ed_ot_free(op);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(composing_is_one_after_the_other),
		cmocka_unit_test(both_ways_round_give_one_text),
		cmocka_unit_test(inverting_brings_the_text_back),
		cmocka_unit_test(equal_edits_have_equal_parts),
		cmocka_unit_test(the_first_one_stands_first_at_one_place),
		cmocka_unit_test(a_cursor_moves_with_the_text),
		cmocka_unit_test(what_does_not_fit_is_refused_and_changes_nothing),
		cmocka_unit_test(lengths_do_not_overflow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
