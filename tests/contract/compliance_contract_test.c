/*
 * What every implementation of the interface "compliance" must do, whatever its rules.
 */
#include "tests/lib/contract.h"
#include "tests/lib/decider.h"

#include "runtime/abi/iface_compliance.h"

static const struct wn_iface_compliance *
iface(const struct contract *c)
{
	return c->vtable;
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
		DECIDER_TESTS,
		CONTRACT_TEST(facts_say_who_decides_or_why_nobody),
	};

	return contract_run("compliance", tests, sizeof(tests) / sizeof(tests[0]));
}
