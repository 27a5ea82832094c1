/* Where a box may go, and what it asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "runtime/shim/egress_request.h"

static bool
is_public(const char *text)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return egress_is_public((const struct sockaddr *)&four);
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return egress_is_public((const struct sockaddr *)&six);
}

static void
addresses_of_no_ones_server_are_not_public(void **state)
{
	static const char *const inside[] = { "0.0.0.0",
					      "10.0.0.1",
					      "100.64.0.1",
					      "127.0.0.1",
					      "127.255.0.1",
					      "169.254.169.254",
					      "172.16.0.1",
					      "172.31.255.255",
					      "192.0.0.1",
					      "192.0.2.1",
					      "192.168.1.1",
					      "198.18.0.1",
					      "198.51.100.1",
					      "203.0.113.1",
					      "224.0.0.1",
					      "255.255.255.255",
					      "::",
					      "::1",
					      "fe80::1",
					      "fc00::1",
					      "fd12::1",
					      "ff02::1",
					      "2001:db8::1",
					      "2001:0:1::1",
					      "100::1",
					      "fec0::1",
					      "::ffff:10.0.0.1",
					      "::ffff:127.0.0.1",
					      "64:ff9b::7f00:1",
					      "2002:7f00:1::1",
					      "2002:c0a8:1::1",
					      "::127.0.0.1" };

	(void)state;
	for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++)
		if (is_public(inside[i]))
			fail_msg("%s is taken for public", inside[i]);
}

static void
addresses_of_the_internet_are_public(void **state)
{
	static const char *const outside[] = {
		"1.1.1.1",	   "8.8.8.8",	   "9.255.255.255",   "11.0.0.1",
		"172.15.0.1",	   "172.32.0.1",   "192.167.0.1",     "223.255.255.1",
		"2606:4700::1111", "2a00:1450::1", "2001:4860::8888", "::ffff:1.1.1.1",
		"2002:101:101::1"
	};

	(void)state;
	for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++)
		if (!is_public(outside[i]))
			fail_msg("%s is not taken for public", outside[i]);
}

static void
a_name_is_allowed_as_the_rule_says(void **state)
{
	struct egress_rules r;
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(egress_rules_parse(
				 &r, " API.example.com , *.example.org:8443,[2001:db8::5]:25 ", &d),
			 WN_OK);
	assert_true(egress_rules_allow(&r, "api.example.com", 443));
	assert_true(egress_rules_allow(&r, "api.example.com", 80));
	assert_false(egress_rules_allow(&r, "api.example.com", 22));
	assert_false(egress_rules_allow(&r, "example.com", 443));
	assert_false(egress_rules_allow(&r, "x.api.example.com", 443));
	assert_true(egress_rules_allow(&r, "a.b.example.org", 8443));
	assert_false(egress_rules_allow(&r, "example.org", 8443));
	assert_false(egress_rules_allow(&r, "badexample.org", 8443));
	assert_false(egress_rules_allow(&r, "a.example.org", 443));
	assert_true(egress_rules_allow(&r, "2001:db8::5", 25));
	egress_rules_fini(&r);
}

static void
rules_that_are_none_are_refused(void **state)
{
	static const char *const bad[] = { "a b", "a:0", "a:99999",  "*",
					   "-a",  "a:b", "http://a", ".a" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct wn_diag d = { 0 };
		struct egress_rules r;

		if (egress_rules_parse(&r, bad[i], &d) == WN_OK)
			fail_msg("%s is taken for a rule", bad[i]);
		assert_true(d.text[0] != '\0');
	}
}

static void
a_head_that_is_not_whole_is_waited_for(void **state)
{
	static const char text[] = "CONNECT a.example:443 HTTP/1.1\r\nX: y\r\n\r\n";
	struct egress_request r;
	const char *why;

	(void)state;
	for (size_t n = 0; n + 1 < sizeof text - 1; n++)
		assert_int_equal(egress_request_parse(wn_strn(text, n), &r, &why), EGRESS_MORE);
	assert_int_equal(egress_request_parse(wn_str(text), &r, &why), EGRESS_OK);
	assert_true(r.tunnel);
	assert_string_equal(r.host, "a.example");
	assert_int_equal(r.port, 443);
	assert_int_equal(r.head, sizeof text - 1);
}

static void
a_plain_head_is_written_anew(void **state)
{
	struct egress_request r;
	struct wn_buf b;
	const char *why;

	(void)state;
	assert_int_equal(
		egress_request_parse(
			WN_STR("POST http://A.example:81/p?q HTTP/1.0\r\nHOST: evil\r\n"
			       "Content-Length: 2\r\nConnection: keep-alive\r\nX: y\r\n\r\nab"),
			&r, &why),
		EGRESS_OK);
	assert_int_equal(r.body, 2);
	wn_buf_init(&b, 4096);
	egress_request_head(&r, &b);
	assert_string_equal(b.p, "POST /p?q HTTP/1.1\r\nHost: a.example:81\r\nConnection: close\r\n"
				 "Content-Length: 2\r\nX: y\r\n\r\n");
	wn_buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_no_ones_server_are_not_public),
		cmocka_unit_test(addresses_of_the_internet_are_public),
		cmocka_unit_test(a_name_is_allowed_as_the_rule_says),
		cmocka_unit_test(rules_that_are_none_are_refused),
		cmocka_unit_test(a_head_that_is_not_whole_is_waited_for),
		cmocka_unit_test(a_plain_head_is_written_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
