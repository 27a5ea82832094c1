/*
 * Where the provider asks, and why it does not: settings and the one environment variable.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ai/provider/openai/openai.h"
#include "tests/lib/fake_host.h"

#define KEY "sk-test-1"

static struct openai_target
target(struct fake_host *h, const char *endpoint, const char *key)
{
	struct openai_target t;

	fake_host_set(h, "assistant.endpoint", endpoint);
	fake_host_set(h, "assistant.model", "m");
	fake_host_set(h, "assistant.api_key_env", "WN_TEST_KEY");
	(void)setenv("WN_TEST_KEY", key, 1);
	openai_target_read(fake_host_host(h), fake_host_ctx(h)->arena, &t);
	return t;
}

static void
an_address_gets_the_method_and_loses_its_slashes(void **state)
{
	struct fake_host *h = fake_host_new();
	struct openai_target t = target(h, "https://api.example:8443/v1//", KEY);

	(void)state;
	assert_null(t.reason);
	assert_string_equal(t.url, "https://api.example:8443/v1/chat/completions");
	assert_string_equal(t.host, "api.example:8443");
	assert_string_equal(t.key, KEY);
	fake_host_free(h);
}

static void
what_is_no_address_has_a_reason(void **state)
{
	static const char *const bad[] = { "",
					   "api.example/v1",
					   "ftp://x/",
					   "https://",
					   "https:///v1",
					   "https://:80/",
					   "https://u:p@x/v1",
					   "https://x/v1?key=1",
					   "https://x/#a",
					   "https://x/ y" };
	struct fake_host *h = fake_host_new();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(target(h, bad[i], KEY).reason);
	fake_host_free(h);
}

static void
a_key_goes_in_clear_to_this_machine_only(void **state)
{
	static const char *const here[] = { "http://127.0.0.1:1/v1", "http://localhost/v1",
					    "http://[::1]:8080/v1" };
	static const char *const away[] = { "http://10.0.0.1/v1", "http://127.evil.example/v1",
					    "http://localhost.evil.example/v1",
					    "http://[fe80::1]/v1" };
	struct fake_host *h = fake_host_new();

	(void)state;
	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		assert_null(target(h, here[i], KEY).reason);
	for (size_t i = 0; i < sizeof(away) / sizeof(away[0]); i++)
		assert_non_null(strstr(target(h, away[i], KEY).reason, "in clear"));
	fake_host_free(h);
}

static void
a_key_that_would_break_the_header_is_refused_and_not_said(void **state)
{
	struct fake_host *h = fake_host_new();
	struct openai_target t = target(h, "https://x/v1", KEY "\r\nX-Evil: 1");

	(void)state;
	assert_non_null(t.reason);
	assert_null(t.key);
	assert_null(strstr(t.reason, KEY));
	fake_host_free(h);
}

static void
without_a_model_the_reason_names_the_setting(void **state)
{
	struct fake_host *h = fake_host_new();
	struct openai_target t;

	(void)state;
	fake_host_set(h, "assistant.endpoint", "https://x/v1");
	openai_target_read(fake_host_host(h), fake_host_ctx(h)->arena, &t);
	assert_non_null(strstr(t.reason, "assistant.model"));
	fake_host_free(h);
}

/* ---- refusals ---- */

static struct openai_refusal
refusal(struct wn_arena *a, int status, const char *body)
{
	struct openai_refusal r;

	openai_refusal_read(a, status, wn_str(body), KEY, &r);
	return r;
}

static void
a_refusal_is_classed_by_its_code_before_its_status(void **state)
{
	struct wn_arena a;

	(void)state;
	wn_arena_init(&a, 0);
	assert_int_equal(refusal(&a, 429, "{\"error\":{\"code\":\"insufficient_quota\"}}").fault,
			 WN_CHAT_AUTH);
	assert_false(refusal(&a, 429, "{\"error\":{\"code\":\"insufficient_quota\"}}").retry);
	assert_int_equal(refusal(&a, 429, "").fault, WN_CHAT_RATE);
	assert_int_equal(refusal(&a, 529, "").fault, WN_CHAT_OVERLOADED);
	assert_int_equal(refusal(&a, 400, "{\"error\":\"this exceeds the context length\"}").fault,
			 WN_CHAT_CONTEXT);
	assert_int_equal(refusal(&a, 422, "<html>").fault, WN_CHAT_REFUSED);
	wn_arena_fini(&a);
}

static void
a_message_loses_controls_and_the_key(void **state)
{
	struct wn_arena a;

	(void)state;
	wn_arena_init(&a, 0);
	assert_string_equal(refusal(&a, 400, "no\x1b[2J " KEY KEY "\xff.").message,
			    "no [2J [key][key] .");
	wn_arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_gets_the_method_and_loses_its_slashes),
		cmocka_unit_test(what_is_no_address_has_a_reason),
		cmocka_unit_test(a_key_goes_in_clear_to_this_machine_only),
		cmocka_unit_test(a_key_that_would_break_the_header_is_refused_and_not_said),
		cmocka_unit_test(without_a_model_the_reason_names_the_setting),
		cmocka_unit_test(a_refusal_is_classed_by_its_code_before_its_status),
		cmocka_unit_test(a_message_loses_controls_and_the_key),
	};

	return cmocka_run_group_tests_name("ai/provider/openai_target", tests, NULL, NULL);
}
