/* The formats, and the regular expressions of ECMA-262. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "runtime/base/jsonschema.h"
#include "runtime/base/regex.h"

struct format_case {
	const char *format;
	const char *good[24], *bad[32];
};

static void
judge(const struct wn_schema *schema, const char *format, const char *text, wn_err want)
{
	struct wn_json *v = wn_json_new_str(wn_str(text));
	if (wn_schema_validate(schema, v, NULL, NULL) != want)
		fail_msg("format %s: \"%s\" should be %s", format, text, want ? "bad" : "good");
	wn_json_free(v);
}

static void
run(const struct format_case *c)
{
	struct wn_schema_opts opts = { .assert_format = true };
	struct wn_schema_set *set = wn_schema_set_new(&opts);
	const struct wn_schema *schema;
	struct wn_json *doc = wn_json_new_object();
	wn_json_set_str(doc, "format", c->format);
	assert_int_equal(wn_schema_set_add(set, "urn:t", doc, NULL), WN_OK);
	assert_int_equal(wn_schema_compile(set, "urn:t", &schema, NULL), WN_OK);
	for (int i = 0; c->good[i]; i++)
		judge(schema, c->format, c->good[i], WN_OK);
	for (int i = 0; c->bad[i]; i++)
		judge(schema, c->format, c->bad[i], WN_E_SCHEMA);
	wn_json_free(doc);
	wn_schema_set_free(set);
}

static void
dates_and_times(void **state)
{
	static const struct format_case cases[] = {
		{ "date",
		  { "2024-02-29", "2000-02-29", "0000-01-01" },
		  { "2023-02-29", "1900-02-29", "2024-13-01", "2024-04-31", "24-04-01", "2024-4-01",
		    "2024-04-01 ", "", "2024-0\xE0\xA7\xAA-01" } },
		{ "time",
		  { "00:00:00Z", "23:59:60Z", "12:00:00.5+05:30", "15:59:60-08:00", "08:30:06z" },
		  { "24:00:00Z", "12:60:00Z", "12:00:61Z", "12:00:00", "12:00Z", "22:59:60Z",
		    "12:00:00+24:00", "12:00:00.Z", "12:00:00+5:00", "12:00:00,5Z" } },
		{ "date-time",
		  { "2024-01-31T12:00:00Z", "1998-12-31T15:59:60.123-08:00",
		    "2024-01-31t12:00:00z" },
		  { "2024-01-31 12:00:00Z", "2024-01-31T12:00:00", "2024-02-30T00:00:00Z",
		    "2024-01-31", "1998-12-31T22:59:60Z" } },
		{ "duration",
		  { "P1Y", "P3W", "PT1M", "P1Y2M3DT4H5M6S", "P0D", "P1M2D" },
		  { "P", "PT", "P1", "P1YT", "P1D1Y", "P1Y2D", "PT1H2S", "P1W1D", "PT0.5S", "1D",
		    "P1S", "-P1D", "p1d" } },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		run(&cases[i]);
}

static void
addresses(void **state)
{
	static const struct format_case cases[] = {
		{ "ipv4",
		  { "0.0.0.0", "255.255.255.255" },
		  { "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "0x7f.0.0.1",
		    "1..2.3", "" } },
		{ "ipv6",
		  { "::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:192.168.0.1", "1:2::192.168.0.1",
		    "1:2:3:4:5:6:1.2.3.4", "1::8" },
		  { ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
		    "12345::", "::1%eth0", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7:8", "::1.2.3",
		    "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "::g", "" } },
		{ "email",
		  { "a@b.example", "a.b+c@x", "\"a b\"@x.example", "a@[127.0.0.1]", "a@[IPv6:::1]",
		    "\"\\\"\"@x" },
		  { "a", "a@", "@b", ".a@b", "a.@b", "a..b@c", "a b@c", "a@b c", "a@-b",
		    "a@[1.2.3]", "a@b@c", "\xC3\xA9@b", "a@b.", "\"a@b" } },
		{ "idn-email",
		  { "\xC3\xA9@b", "\xEC\x8B\xA4@\xEC\x8B\xA4\xEB\xA1\x80.example", "a@b" },
		  { "2962", "@b", "a@" } },
		{ "hostname",
		  { "a", "www.example.com", "1host", "xn--4gbwdl.xn--wgbh1c", "a-b" },
		  { "", ".", "a.", ".a", "-a", "a-", "a_b", "a..b", "xn--X", "XN--aa---o47jg78q",
		    "\xC3\xA9",
		    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm.com" } },
		{ "idn-hostname",
		  { "\xEC\x8B\xA4\xEB\xA1\x80.\xED\x85\x8C\xEC\x8A\xA4\xED\x8A\xB8", "example",
		    "xn--ihqwcrb4cv8a8dqg056pqjye", "l\xC2\xB7l", "\xCE\xB1\xCD\xB5\xCE\xB2",
		    "\xD7\x90\xD7\xB3\xD7\x91", "\xE3\x83\xBB\xE3\x81\x81",
		    "\xD8\xA8\xD9\xA0\xD8\xA8",
		    "\xDB\xB0"
		    "0",
		    "\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D\xE0\xA4\xB7",
		    "\xD8\xA8\xD9\x8A\xE2\x80\x8C\xD8\xA8\xD9\x8A",
		    "\xC3\x9F\xCF\x82\xE0\xBC\x8B\xE3\x80\x87",
		    "a\xE3\x80\x82"
		    "b",
		    "\xD9\x85\xD8\xAB\xD8\xA7\xD9\x84" },
		  { "", ".", "a.", "\xE3\x80\xAE\xEC\x8B\xA4", "-> $1.00 <--", "xn--X",
		    "\xCC\x80hello", "\xD9\x80\xDF\xBA", "a\xC2\xB7l", "\xCE\xB1\xCD\xB5S",
		    "A\xD7\xB3\xD7\x91",
		    "def\xE3\x83\xBB"
		    "abc",
		    "\xD8\xA8\xD9\xA0\xDB\xB0", "\xE0\xA4\x95\xE2\x80\x8D\xE0\xA4\xB7",
		    "\xD8\xA7\xE2\x80\x8C\xD8\xA8", "-a", "a-", "\xEF\xBD\x81" } },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		run(&cases[i]);
}

static void
identifiers(void **state)
{
	static const struct format_case cases[] = {
		{ "uri",
		  { "http://a.example/?q=%20#f", "urn:x:y", "mailto:a@b", "http://[::1]:80/",
		    "http://u:p@h:1/", "file:///c:/x", "a:", "http://[v1.a]/", "http://999.1.1.1" },
		  { "/a", "a", "//h/", "http://a b", "http://a/\xC3\xA9", "http://a/%zz", "1a:b",
		    "http://[::1", "http://h:x/", "http://a/{b}", "http://a/^", "http://::1/",
		    "a_b:c" } },
		{ "uri-reference",
		  { "", "#f", "?q", "/a", "a/b", "./a:b", "//h", "http://h" },
		  { "\\\\x", "#a\\b", "a b", "1:b", "/[a]", "//a@b@c" } },
		{ "iri",
		  { "http://\xC6\x92.example/\xC3\xA9?\xEE\x80\x80#\xC3\xA9" },
		  { "/a", "\xC3\xA9", "http://a/\xEE\x80\x80", "http://a/\xEF\xBF\xBE" } },
		{ "iri-reference", { "\xC3\xA9", "#\xC3\xA9" }, { "\\\\\xC3\xA9", "#\\" } },
		{ "uri-template",
		  { "", "/a/{b}", "{+a,b*}{?c:9999}", "{a.b}", "%41{%41}", "\xC3\xA9" },
		  { "{", "}", "{}", "{a,}", "{a:0}", "{a:10000}", "{a..b}", "{a b}", "a b", "%4",
		    "{a*b}" } },
		{ "uuid",
		  { "2EB8AA08-aa98-11ea-b4aa-73b441d16380" },
		  { "2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
		    "2eb8aa08-aa98-11ea-b4ga-73b441d16380", "" } },
		{ "json-pointer",
		  { "", "/", "/a~0b~1c", "/0/\xC3\xA9" },
		  { "a", "/~", "/~2", "#/a" } },
		{ "relative-json-pointer",
		  { "0", "1/a", "10#", "2/" },
		  { "", "/a", "-1", "01/a", "1#a", "0##" } },
		{ "regex",
		  { "a", "(a|b)*", "\\p{L}\\u{1F600}", "[^]", "(?<n>a)\\k<n>", "a{2,3}?",
		    "(?<=a+)b", "(?<!ab)c" },
		  { "(", "[", "a**", "a++", "\\Z", "\\a", "(?i)a", "(*UTF)a", "\\p{No_Such}",
		    "\\u{110000}", "*a", "(?#c)", "\\", ")", "(?P<n>a)", "a{2}{3}" } },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		run(&cases[i]);
}

static void
expect_match(const char *pattern, const char *text, int want)
{
	struct wn_regex *re;
	struct wn_diag d = { 0 };
	if (wn_regex_new(wn_str(pattern), &re, &d) != WN_OK)
		fail_msg("%s: %s", pattern, d.text);
	if (wn_regex_match(re, wn_str(text)) != want)
		fail_msg("/%s/ and \"%s\"", pattern, text);
	wn_regex_free(re);
}

static void
expressions_mean_what_ecma_says(void **state)
{
	static const struct {
		const char *pattern, *text;
		int match;
	} cases[] = {
		{ "^a$", "a\n", 0 },
		{ "^a$", "b\na", 0 },
		{ "^\\d$", "\xDF\x80", 0 },
		{ "^\\w$", "\xC3\xA9", 0 },
		{ "^\\W$", "\xC3\xA9", 1 },
		{ "^\\s$", "\xEF\xBB\xBF", 1 },
		{ "^\\s$", "\xE2\x80\xA9", 1 },
		{ "^\\S$", "\xC2\xA0", 0 },
		{ "^[\\S]$", "\xC2\xA0", 0 },
		{ "^[\\S]$", "x", 1 },
		{ "^[^\\s]$", "\xE2\x80\x83", 0 },
		{ "^.$", "\xE2\x80\xA8", 0 },
		{ "^.$", "\xF0\x9F\x98\x80", 1 },
		{ "^\\cC$", "\x03", 1 },
		{ "^\\u00e9$", "\xC3\xA9", 1 },
		{ "^\\ud83d\\ude00$", "\xF0\x9F\x98\x80", 1 },
		{ "^\\u{1f600}$", "\xF0\x9F\x98\x80", 1 },
		{ "^\\p{Script=Arabic}+$", "\xD9\x85", 1 },
		{ "^\\p{Lu}$", "a", 0 },
		{ "^\\P{Letter}$", "1", 1 },
		{ "^\\p{digit}$", "\xE0\xA7\xAA", 1 },
		{ "^[[:alpha:]]$", "a]", 1 },
		{ "a{,2}", "a{,2}", 1 },
		{ "^[^]$", "\n", 1 },
		{ "[]", "a", 0 },
		{ "^\\/\\-$", "/-", 1 },
		{ "^[\\b]$", "\b", 1 },
		{ "(a)|\\1b", "b", 1 },
		{ "^(?<x>a)\\k<x>$", "aa", 1 },
		{ "\\bx", "a x", 1 },
		{ "", "", 1 },
		{ "x", "", 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		expect_match(cases[i].pattern, cases[i].text, cases[i].match);
}

static void
bad_text_is_no_match_but_an_error(void **state)
{
	struct wn_regex *re;
	(void)state;
	assert_int_equal(wn_regex_new(WN_STR("a"), &re, NULL), WN_OK);
	assert_int_equal(wn_regex_match(re, WN_STR("\xFF"
						   "a")),
			 WN_E_INVALID);
	wn_regex_free(re);
	assert_int_equal(wn_regex_new(WN_STR("\xC3"), &re, NULL), WN_E_PARSE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_and_times),
		cmocka_unit_test(addresses),
		cmocka_unit_test(identifiers),
		cmocka_unit_test(expressions_mean_what_ecma_says),
		cmocka_unit_test(bad_text_is_no_match_but_an_error),
	};
	return cmocka_run_group_tests_name("runtime/base/jsonschema_format", tests, NULL, NULL);
}
