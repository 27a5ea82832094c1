/*
 * Contract tests that every decider must pass: of interfaces whose vtable begins with struct
 * wn_iface_decider.
 */
#ifndef TESTS_LIB_DECIDER_H
#define TESTS_LIB_DECIDER_H

#include "runtime/abi/decision.h"
#include "tests/lib/contract.h"

/* A question that is complete. */
extern const struct wn_question decider_question;
/* Asks the module at hand. */
wn_err decider_ask(struct contract *c, const struct wn_question *q, struct wn_decision *out);

void decider_a_decision_has_a_reason(void **state);
void decider_the_same_question_gets_the_same_answer(void **state);
void decider_context_is_not_needed(void **state);
void decider_what_is_no_question_is_invalid(void **state);
void decider_context_that_is_no_object_is_invalid(void **state);

/* All of them, for a table of tests. */
#define DECIDER_TESTS                                                          \
	CONTRACT_TEST(decider_a_decision_has_a_reason),                        \
		CONTRACT_TEST(decider_the_same_question_gets_the_same_answer), \
		CONTRACT_TEST(decider_context_is_not_needed),                  \
		CONTRACT_TEST(decider_what_is_no_question_is_invalid),         \
		CONTRACT_TEST(decider_context_that_is_no_object_is_invalid)

#endif
