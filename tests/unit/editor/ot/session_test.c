/* Three people in one text: whatever the order in which things are typed and arrive, all end with
 * the engine's text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "editor/ot/session.h"
#include "runtime/base/vec.h"

#define CLIENTS 3
#define SESSIONS 200
#define STEPS 120

/* A way from one to the other: things arrive in the order they were sent, at any time. */
struct message {
	bool ack;
	uint64_t revision;
	struct ed_ot *op; /* owned; NULL: an acknowledgement */
};
struct person {
	struct ed_ot_client ot;
	struct ed_text *text;
	WN_VEC(struct message) up, down;
};
struct world {
	struct person people[CLIENTS];
	struct ed_ot_log *log;
	struct ed_text *text;
	unsigned seed;
};

static unsigned
roll(struct world *w, unsigned n)
{
	w->seed = w->seed * 1664525u + 1013904223u;
	return (w->seed >> 8) % n;
}

static size_t
points(const struct ed_text *t)
{
	return ed_text_rank(t, ED_POINTS, ed_text_len(t));
}

static void
send(struct person *p, const struct ed_ot *op)
{
	if (op != NULL)
		wn_vec_push(&p->up, (struct message){ false, p->ot.revision, ed_ot_copy(op) });
}

static void
type(struct world *w, struct person *p)
{
	static const char *const words[] = { "", "a", "\xC3\xA9", "two\n", "\xF0\x9F\x8C\x8D" };
	size_t len = points(p->text), pos = roll(w, (unsigned)len + 1);
	size_t n = roll(w, 3) == 0 ? roll(w, (unsigned)(len - pos) + 1) % 6 : 0;
	struct ed_ot *op;
	const struct ed_ot *out;

	assert_int_equal(ed_ot_edit(len, pos, n, wn_str(words[roll(w, 5)]), &op), 0);
	assert_int_equal(ed_ot_apply(op, p->text), 0);
	assert_int_equal(ed_ot_client_edit(&p->ot, op, &out), 0);
	send(p, out);
}

static void
engine_hears(struct world *w, struct person *from)
{
	struct message m = from->up.p[0];
	const struct ed_ot *now;

	wn_vec_remove(&from->up, 0);
	assert_int_equal(ed_ot_log_add(w->log, m.revision, m.op, &now), 0);
	ed_ot_free(m.op);
	assert_int_equal(ed_ot_apply(now, w->text), 0);
	for (struct person *p = w->people; p < w->people + CLIENTS; p++)
		wn_vec_push(&p->down,
			    (struct message){ p == from, 0, p == from ? NULL : ed_ot_copy(now) });
}

static void
person_hears(struct person *p)
{
	struct message m = p->down.p[0];
	const struct ed_ot *out = NULL;
	struct ed_ot *here;

	wn_vec_remove(&p->down, 0);
	if (m.ack) {
		assert_int_equal(ed_ot_client_ack(&p->ot, &out), 0);
		send(p, out);
		return;
	}
	assert_int_equal(ed_ot_client_remote(&p->ot, m.op, &here), 0);
	assert_int_equal(ed_ot_apply(here, p->text), 0);
	ed_ot_free(here);
	ed_ot_free(m.op);
}

static void
step(struct world *w, bool typing)
{
	struct person *p = &w->people[roll(w, CLIENTS)];

	switch (roll(w, 3)) {
	case 0:
		if (typing)
			type(w, p);
		break;
	case 1:
		if (p->up.len > 0)
			engine_hears(w, p);
		break;
	default:
		if (p->down.len > 0)
			person_hears(p);
	}
}

static bool
quiet(const struct world *w)
{
	for (const struct person *p = w->people; p < w->people + CLIENTS; p++)
		if (p->up.len > 0 || p->down.len > 0)
			return false;
	return true;
}

static void
check_same(const struct ed_text *a, const struct ed_text *b)
{
	struct wn_buf x, y;

	wn_buf_init(&x, 1 << 20);
	wn_buf_init(&y, 1 << 20);
	assert_int_equal(ed_text_copy(a, 0, ed_text_len(a), &x), 0);
	assert_int_equal(ed_text_copy(b, 0, ed_text_len(b), &y), 0);
	assert_true(wn_str_eq(wn_buf_view(&x), wn_buf_view(&y)));
	wn_buf_fini(&x);
	wn_buf_fini(&y);
}

static void
any_interleaving_of_three_ends_in_one_text(void **state)
{
	(void)state;
	for (unsigned s = 1; s <= SESSIONS; s++) {
		struct world w = { .seed = s * 7919u, .text = ed_text_from(WN_STR("start\n")) };

		w.log = ed_ot_log_new(0, points(w.text));
		for (struct person *p = w.people; p < w.people + CLIENTS; p++) {
			ed_ot_client_init(&p->ot, 0);
			p->text = ed_text_snap(w.text);
		}
		for (int i = 0; i < STEPS; i++)
			step(&w, true);
		while (!quiet(&w))
			step(&w, false);
		for (struct person *p = w.people; p < w.people + CLIENTS; p++) {
			check_same(p->text, w.text);
			assert_null(p->ot.sent);
			assert_int_equal(p->ot.revision, ed_ot_log_revision(w.log));
			ed_ot_client_fini(&p->ot);
			wn_vec_fini(&p->up);
			wn_vec_fini(&p->down);
			ed_text_free(p->text);
		}
		ed_ot_log_free(w.log);
		ed_text_free(w.text);
	}
}

static void
what_is_no_longer_kept_is_a_conflict(void **state)
{
	struct ed_ot_log *l = ed_ot_log_new(7, 0);
	struct ed_ot *op;
	const struct ed_ot *now;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(ed_ot_edit(i, i, 0, WN_STR("x"), &op), 0);
		assert_int_equal(ed_ot_log_add(l, 7 + i, op, &now), 0);
		ed_ot_free(op);
	}
	ed_ot_log_trim(l, 2);
	assert_null(ed_ot_log_at(l, 9));
	assert_int_equal(ed_ot_before(ed_ot_log_at(l, 10)), 2);
	assert_int_equal(ed_ot_edit(2, 0, 0, WN_STR("y"), &op), 0);
	assert_int_equal(ed_ot_log_add(l, 8, op, &now), WN_E_CONFLICT);
	assert_int_equal(ed_ot_log_add(l, 12, op, &now), WN_E_INVALID);
	assert_int_equal(ed_ot_log_add(l, 10, op, &now), WN_E_INVALID); /* of another length */
	assert_int_equal(ed_ot_log_add(l, 9, op, &now), 0);
	assert_int_equal(ed_ot_log_revision(l), 12);
	ed_ot_free(op);
	ed_ot_log_free(l);
}

static void
an_answer_to_nothing_is_refused(void **state)
{
	struct ed_ot_client c;
	const struct ed_ot *out;

	(void)state;
	ed_ot_client_init(&c, 3);
	assert_int_equal(ed_ot_client_ack(&c, &out), WN_E_STATE);
	assert_int_equal(c.revision, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_interleaving_of_three_ends_in_one_text),
		cmocka_unit_test(what_is_no_longer_kept_is_a_conflict),
		cmocka_unit_test(an_answer_to_nothing_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
