/*
 * The checks of everybody who is asked "may this be done?", whatever the rules are.
 */
#include "tests/lib/decider.h"

const struct wn_question decider_question = { .action = "platform.create",
					      .subject = "user:1000",
					      .resource = "path:/tmp/x",
					      .context = { "{\"files\":3}", 11 } };

wn_err
decider_ask(struct contract *c, const struct wn_question *q, struct wn_decision *out)
{
	const struct wn_iface_decider *d = c->vtable;

	return d->decide(c->mod, fake_host_ctx(c->h), q, out);
}

void
decider_a_decision_has_a_reason(void **state)
{
	struct wn_decision d = { 0 };

	assert_int_equal(decider_ask(*state, &decider_question, &d), WN_OK);
	assert_non_null(d.reason);
	assert_int_not_equal(d.reason[0], '\0');
}

void
decider_the_same_question_gets_the_same_answer(void **state)
{
	struct wn_decision a = { 0 }, b = { 0 };

	assert_int_equal(decider_ask(*state, &decider_question, &a), WN_OK);
	assert_int_equal(decider_ask(*state, &decider_question, &b), WN_OK);
	assert_int_equal(a.allow, b.allow);
}

void
decider_context_is_not_needed(void **state)
{
	struct wn_question q = decider_question;
	struct wn_decision d = { 0 };

	q.context = WN_STR_NONE;
	assert_int_equal(decider_ask(*state, &q, &d), WN_OK);
	assert_non_null(d.reason);
}

void
decider_what_is_no_question_is_invalid(void **state)
{
	struct wn_question no_action = decider_question, no_subject = decider_question,
			   no_resource = decider_question;
	struct wn_decision d = { 0 };

	no_action.action = "";
	no_subject.subject = NULL;
	no_resource.resource = "";
	assert_int_equal(decider_ask(*state, &no_action, &d), WN_E_INVALID);
	assert_int_equal(decider_ask(*state, &no_subject, &d), WN_E_INVALID);
	assert_int_equal(decider_ask(*state, &no_resource, &d), WN_E_INVALID);
}

void
decider_context_that_is_no_object_is_invalid(void **state)
{
	struct wn_question q = decider_question;
	struct wn_decision d = { 0 };

	q.context = WN_STR("[1]");
	assert_int_equal(decider_ask(*state, &q, &d), WN_E_INVALID);
	q.context = WN_STR("{\"a\":");
	assert_int_equal(decider_ask(*state, &q, &d), WN_E_INVALID);
}
