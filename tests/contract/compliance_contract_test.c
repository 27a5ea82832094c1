/*
 * What every implementation of the interface "compliance" must do, whatever its rules.
 */
#include "tests/lib/contract.h"

#include "runtime/abi/iface_compliance.h"

static const struct wn_question question = { .action = "platform.create",
					     .subject = "user:1000",
					     .resource = "path:/tmp/x",
					     .context = { "{\"files\":3}", 11 } };

static const struct wn_iface_compliance *
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
facts_say_who_decides_or_why_nobody(void **state)
{
	struct contract *c = *state;
	struct wn_compliance_facts f = { 0 };

	iface(c)->facts(c->mod, fake_host_ctx(c->h), &f);
	assert_true((f.engine != NULL) != (f.reason != NULL));
	assert_true(f.rules >= 0);
	assert_true(f.engine != NULL || f.rules == 0);
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
		CONTRACT_TEST(facts_say_who_decides_or_why_nobody),
	};

	return contract_run("compliance", tests, sizeof(tests) / sizeof(tests[0]));
}
