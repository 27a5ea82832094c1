/*
 * What every implementation of the interface "command" must do, however many engines it knows.
 */
#include "tests/lib/contract.h"

#include <string.h>

#include "runtime/abi/iface_command.h"

static const struct wn_iface_command *
iface(const struct contract *c)
{
	return c->vtable;
}

static wn_err
send_to(struct contract *c, const char *engine, const char *method, const char *params)
{
	struct wn_str result;

	return iface(c)->send(c->mod, fake_host_ctx(c->h), wn_str(engine), wn_str(method),
			      wn_str(params), &result);
}

static void
this_engine_is_listed_first_and_once(void **state)
{
	struct contract *c = *state;
	const struct wn_command_engine *e = NULL;
	size_t n = 0, self = 0;

	assert_int_equal(iface(c)->engines(c->mod, fake_host_ctx(c->h), &e, &n), WN_OK);
	assert_true(n >= 1);
	assert_string_equal(e[0].id, "self");
	assert_true(e[0].self && e[0].reachable);
	for (size_t i = 0; i < n; i++)
		self += e[i].self;
	assert_int_equal(self, 1);
}

static void
every_engine_has_a_name_and_an_id_of_its_own(void **state)
{
	struct contract *c = *state;
	const struct wn_command_engine *e = NULL;
	size_t n = 0;

	assert_int_equal(iface(c)->engines(c->mod, fake_host_ctx(c->h), &e, &n), WN_OK);
	for (size_t i = 0; i < n; i++) {
		assert_true(e[i].name != NULL && e[i].name[0] != '\0');
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(e[i].id, e[k].id);
	}
}

static void
an_unknown_engine_is_not_found(void **state)
{
	assert_int_equal(send_to(*state, "no-such-engine", "engine.ping", "{}"), WN_E_NOT_FOUND);
}

static void
this_engine_is_not_sent_to(void **state)
{
	assert_int_equal(send_to(*state, "self", "engine.ping", "{}"), WN_E_INVALID);
}

static void
what_is_no_call_is_invalid(void **state)
{
	assert_int_equal(send_to(*state, "no-such-engine", "", "{}"), WN_E_INVALID);
	assert_int_equal(send_to(*state, "no-such-engine", "engine.ping", "[]"), WN_E_INVALID);
	assert_int_equal(send_to(*state, "no-such-engine", "engine.ping", "{"), WN_E_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONTRACT_TEST(this_engine_is_listed_first_and_once),
		CONTRACT_TEST(every_engine_has_a_name_and_an_id_of_its_own),
		CONTRACT_TEST(an_unknown_engine_is_not_found),
		CONTRACT_TEST(this_engine_is_not_sent_to),
		CONTRACT_TEST(what_is_no_call_is_invalid),
	};

	return contract_run("command", tests, sizeof(tests) / sizeof(tests[0]));
}
