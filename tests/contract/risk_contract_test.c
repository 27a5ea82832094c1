/*
 * What every implementation of the interface "risk" must do, whatever its rules.
 */
#include "tests/lib/contract.h"

#include "runtime/abi/iface_risk.h"

static const struct wn_question question = { .action = "platform.create",
					     .subject = "user:1000",
					     .resource = "path:/tmp/x",
					     .context = { "{\"files\":3}", 11 } };

static const struct wn_iface_risk *
iface(const struct contract *c)
{
	return c->vtable;
}

static wn_err
decide(struct contract *c, const struct wn_question *q, struct wn_decision *out)
{
	return iface(c)->decider.decide(c->mod, fake_host_ctx(c->h), q, out);
}

static void
a_decision_has_a_reason(void **state)
{
	struct wn_decision d = { 0 };

	assert_int_equal(decide(*state, &question, &d), WN_OK);
	assert_non_null(d.reason);
	assert_int_not_equal(d.reason[0], '\0');
}

static void
the_same_question_gets_the_same_answer(void **state)
{
	struct wn_decision a = { 0 }, b = { 0 };

	assert_int_equal(decide(*state, &question, &a), WN_OK);
	assert_int_equal(decide(*state, &question, &b), WN_OK);
	assert_int_equal(a.allow, b.allow);
}

static void
context_is_not_needed(void **state)
{
	struct wn_question q = question;
	struct wn_decision d = { 0 };

	q.context = WN_STR_NONE;
	assert_int_equal(decide(*state, &q, &d), WN_OK);
	assert_non_null(d.reason);
}

static void
what_is_no_question_is_invalid(void **state)
{
	struct wn_question no_action = question, no_subject = question, no_resource = question;
	struct wn_decision d = { 0 };

	no_action.action = "";
	no_subject.subject = NULL;
	no_resource.resource = "";
	assert_int_equal(decide(*state, &no_action, &d), WN_E_INVALID);
	assert_int_equal(decide(*state, &no_subject, &d), WN_E_INVALID);
	assert_int_equal(decide(*state, &no_resource, &d), WN_E_INVALID);
}

static void
context_that_is_no_object_is_invalid(void **state)
{
	struct wn_question q = question;
	struct wn_decision d = { 0 };

	q.context = WN_STR("[1]");
	assert_int_equal(decide(*state, &q, &d), WN_E_INVALID);
	q.context = WN_STR("{\"a\":");
	assert_int_equal(decide(*state, &q, &d), WN_E_INVALID);
}

static void
a_score_is_in_its_range_or_unknown(void **state)
{
	struct contract *c = *state;
	struct wn_risk_score s = { .score = -1 };

	assert_int_equal(iface(c)->assess(c->mod, fake_host_ctx(c->h), &question, &s), WN_OK);
	assert_non_null(s.reason);
	assert_true(!s.known || (s.score >= 0 && s.score <= 100));
}

static void
a_refusal_has_a_score(void **state)
{
	struct contract *c = *state;
	struct wn_risk_score s = { 0 };
	struct wn_decision d = { 0 };

	assert_int_equal(decide(c, &question, &d), WN_OK);
	assert_int_equal(iface(c)->assess(c->mod, fake_host_ctx(c->h), &question, &s), WN_OK);
	assert_true(d.allow || s.known);
}

static void
assessing_no_question_is_invalid(void **state)
{
	struct contract *c = *state;
	struct wn_question q = question;
	struct wn_risk_score s = { 0 };

	q.action = NULL;
	assert_int_equal(iface(c)->assess(c->mod, fake_host_ctx(c->h), &q, &s), WN_E_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONTRACT_TEST(a_decision_has_a_reason),
		CONTRACT_TEST(the_same_question_gets_the_same_answer),
		CONTRACT_TEST(context_is_not_needed),
		CONTRACT_TEST(what_is_no_question_is_invalid),
		CONTRACT_TEST(context_that_is_no_object_is_invalid),
		CONTRACT_TEST(a_score_is_in_its_range_or_unknown),
		CONTRACT_TEST(a_refusal_has_a_score),
		CONTRACT_TEST(assessing_no_question_is_invalid),
	};

	return contract_run("risk", tests, sizeof(tests) / sizeof(tests[0]));
}
