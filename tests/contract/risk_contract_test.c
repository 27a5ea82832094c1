/*
 * What every implementation of the interface "risk" must do, whatever its rules.
 */
#include "tests/lib/contract.h"
#include "tests/lib/decider.h"

#include "runtime/abi/iface_risk.h"

static const struct wn_iface_risk *
iface(const struct contract *c)
{
	return c->vtable;
}

static void
a_score_is_in_its_range_or_unknown(void **state)
{
	struct contract *c = *state;
	struct wn_risk_score s = { .score = -1 };

	assert_int_equal(iface(c)->assess(c->mod, fake_host_ctx(c->h), &decider_question, &s),
			 WN_OK);
	assert_non_null(s.reason);
	assert_true(!s.known || (s.score >= 0 && s.score <= 100));
}

static void
a_refusal_has_a_score(void **state)
{
	struct contract *c = *state;
	struct wn_risk_score s = { 0 };
	struct wn_decision d = { 0 };

	assert_int_equal(decider_ask(c, &decider_question, &d), WN_OK);
	assert_int_equal(iface(c)->assess(c->mod, fake_host_ctx(c->h), &decider_question, &s),
			 WN_OK);
	assert_true(d.allow || s.known);
}

static void
assessing_no_question_is_invalid(void **state)
{
	struct contract *c = *state;
	struct wn_question q = decider_question;
	struct wn_risk_score s = { 0 };

	q.action = NULL;
	assert_int_equal(iface(c)->assess(c->mod, fake_host_ctx(c->h), &q, &s), WN_E_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DECIDER_TESTS,
		CONTRACT_TEST(a_score_is_in_its_range_or_unknown),
		CONTRACT_TEST(a_refusal_has_a_score),
		CONTRACT_TEST(assessing_no_question_is_invalid),
	};

	return contract_run("risk", tests, sizeof(tests) / sizeof(tests[0]));
}
