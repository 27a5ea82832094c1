/*
 * What every implementation of the interface "gateway" must do, whatever stands in front of a
 * platform.
 */
#include "tests/lib/contract.h"

#include <string.h>

#include "runtime/abi/iface_gateway.h"

#define WORKSPACE "01ARZ3NDEKTSV4RRFFQ69G5FAV"

static const struct wn_iface_gateway *
iface(const struct contract *c)
{
	return c->vtable;
}

static wn_err
publish(struct contract *c, const char *workspace, const char *upstream,
	struct wn_gateway_address *out)
{
	return iface(c)->publish(c->mod, fake_host_ctx(c->h), wn_str(workspace), wn_str(upstream),
				 out);
}

static void
a_published_platform_has_an_address(void **state)
{
	struct wn_gateway_address a = { 0 };

	assert_int_equal(publish(*state, WORKSPACE, "http://127.0.0.1:3000/", &a), WN_OK);
	assert_non_null(a.url);
	assert_true(strncmp(a.url, "http://", 7) == 0 || strncmp(a.url, "https://", 8) == 0);
}

static void
without_a_gateway_there_is_a_reason(void **state)
{
	struct wn_gateway_address a = { 0 };

	assert_int_equal(publish(*state, WORKSPACE, "http://127.0.0.1:3000/", &a), WN_OK);
	assert_true(a.gated != (a.reason != NULL));
}

static void
publishing_again_moves_it(void **state)
{
	struct wn_gateway_address a = { 0 }, b = { 0 };

	assert_int_equal(publish(*state, WORKSPACE, "http://127.0.0.1:3000/", &a), WN_OK);
	assert_int_equal(publish(*state, WORKSPACE, "http://127.0.0.1:3001/", &b), WN_OK);
	assert_true(b.gated || strstr(b.url, ":3001") != NULL);
}

static void
what_is_no_address_is_invalid(void **state)
{
	static const char *const bad[] = {
		"",	     "127.0.0.1:3000", "ftp://x/",    "http://",
		"http:///x", "http://a b/",    "http://x/\n", "file:///etc/passwd"
	};
	struct wn_gateway_address a = { 0 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(publish(*state, WORKSPACE, bad[i], &a), WN_E_INVALID);
	assert_int_equal(publish(*state, "", "http://127.0.0.1:3000/", &a), WN_E_INVALID);
}

static void
withdrawing_is_fine_at_any_time(void **state)
{
	struct contract *c = *state;
	struct wn_gateway_address a = { 0 };
	struct wn_ctx *ctx;

	assert_int_equal(publish(c, WORKSPACE, "http://127.0.0.1:3000/", &a), WN_OK);
	ctx = fake_host_ctx(c->h);
	assert_int_equal(iface(c)->withdraw(c->mod, ctx, WN_STR(WORKSPACE)), WN_OK);
	assert_int_equal(iface(c)->withdraw(c->mod, ctx, WN_STR(WORKSPACE)), WN_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONTRACT_TEST(a_published_platform_has_an_address),
		CONTRACT_TEST(without_a_gateway_there_is_a_reason),
		CONTRACT_TEST(publishing_again_moves_it),
		CONTRACT_TEST(what_is_no_address_is_invalid),
		CONTRACT_TEST(withdrawing_is_fine_at_any_time),
	};

	return contract_run("gateway", tests, sizeof(tests) / sizeof(tests[0]));
}
