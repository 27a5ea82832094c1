/*
 * Settings: who wins, what is refused and how it is told, and the TOML subset.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "runtime/base/mem.h"
#include "runtime/kernel/config.h"

static const struct wn_setting table[] = {
	{ .name = "demo.deep.list",
	  .type = "array",
	  .fallback = "[]",
	  .summary = "A list.",
	  .env = "WEBNOVA_DEMO_DEEP_LIST",
	  .schema = "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}" },
	{ .name = "demo.level",
	  .type = "string",
	  .fallback = "\"info\"",
	  .summary = "How much is said.",
	  .env = "WEBNOVA_DEMO_LEVEL",
	  .flag = "--level",
	  .schema = "{\"type\":\"string\",\"enum\":[\"info\",\"debug\",\"123\"]}" },
	{ .name = "demo.on",
	  .type = "boolean",
	  .fallback = "false",
	  .summary = "On.",
	  .env = "WEBNOVA_DEMO_ON",
	  .schema = "{\"type\":\"boolean\"}" },
	{ .name = "demo.size",
	  .type = "integer",
	  .fallback = "5",
	  .summary = "A size.",
	  .env = "WEBNOVA_DEMO_SIZE",
	  .schema = "{\"type\":\"integer\",\"minimum\":1,\"maximum\":100}" },
};

static struct wn_config *
make(void)
{
	return wn_config_new(table, sizeof(table) / sizeof(table[0]));
}

static wn_err
read_text(struct wn_config *c, const char *name, const char *text, struct wn_diag *d)
{
	wn_diag_clear(d);
	return wn_config_text(c, name, wn_str(text), d);
}

static void
defaults_hold_when_nobody_speaks(void **state)
{
	struct wn_config *c = make();

	(void)state;
	assert_string_equal(wn_config_str(c, "demo.level"), "info");
	assert_int_equal(wn_config_int(c, "demo.size"), 5);
	assert_false(wn_config_bool(c, "demo.on"));
	assert_string_equal(wn_config_source(c, "demo.size"), "default");
	wn_config_free(c);
}

static void
a_flag_wins_over_the_environment_and_that_over_the_file(void **state)
{
	char v1[] = "WEBNOVA_DEMO_SIZE=20", v2[] = "WEBNOVA_DEMO_ON=true", v3[] = "OTHER=1";
	char *env[] = { v1, v2, v3, NULL };
	struct wn_config *c = make();
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(
		read_text(c, "x.toml", "[demo]\nsize = 10\non = false\nlevel = \"debug\"\n", &d),
		WN_OK);
	assert_int_equal(wn_config_int(c, "demo.size"), 10);
	assert_int_equal(wn_config_env(c, env, &d), WN_OK);
	assert_int_equal(wn_config_int(c, "demo.size"), 20);
	assert_int_equal(wn_config_set(c, "demo.size", WN_STR("30"), WN_CONFIG_FLAG, &d), WN_OK);
	assert_int_equal(wn_config_int(c, "demo.size"), 30);
	assert_true(wn_config_bool(c, "demo.on"));
	assert_string_equal(wn_config_str(c, "demo.level"), "debug");
	assert_string_equal(wn_config_source(c, "demo.size"), "flag");
	assert_string_equal(wn_config_source(c, "demo.on"), "env");
	assert_string_equal(wn_config_source(c, "demo.level"), "file");
	wn_config_free(c);
}

static void
an_unknown_name_suggests_the_nearest(void **state)
{
	struct wn_config *c = make();
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(read_text(c, "x.toml", "[demo]\nlevle = \"info\"\n", &d), WN_E_INVALID);
	assert_non_null(strstr(d.text, "did you mean demo.level?"));
	assert_non_null(strstr(d.text, "line 2"));
	assert_non_null(strstr(d.text, "x.toml"));
	assert_int_equal(read_text(c, "x.json", "{\"demo\":{\"sise\":1}}", &d), WN_E_INVALID);
	assert_non_null(strstr(d.text, "did you mean demo.size?"));
	wn_config_free(c);
}

static void
a_value_outside_its_schema_is_refused_and_the_old_one_stays(void **state)
{
	struct wn_config *c = make();
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(read_text(c, "x.toml", "demo.size = 101\n", &d), WN_E_SCHEMA);
	assert_non_null(strstr(d.text, "demo.size"));
	assert_int_equal(read_text(c, "x.toml", "demo.size = \"5\"\n", &d), WN_E_SCHEMA);
	assert_int_equal(wn_config_int(c, "demo.size"), 5);
	wn_config_free(c);
}

static void
a_bare_text_is_enough_for_a_string(void **state)
{
	struct wn_config *c = make();
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(wn_config_set(c, "demo.level", WN_STR("123"), WN_CONFIG_ENV, &d), WN_OK);
	assert_string_equal(wn_config_str(c, "demo.level"), "123");
	wn_config_free(c);
}

static void
json_may_nest_or_use_dotted_names(void **state)
{
	struct wn_config *c = make();
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(read_text(c, "x.json",
				   "{\"demo\":{\"deep\":{\"list\":[\"a\"]},\"on\":true},"
				   "\"demo.size\":7}",
				   &d),
			 WN_OK);
	assert_string_equal(wn_config_json(c, "demo.deep.list"), "[\"a\"]");
	assert_int_equal(wn_config_int(c, "demo.size"), 7);
	wn_config_free(c);
}

static void
what_is_printed_can_be_read_again(void **state)
{
	struct wn_config *c = make(), *again = make();
	struct wn_diag d = { 0 };
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 10000);
	assert_int_equal(
		read_text(c, "x.toml", "demo.deep.list = ['a\"b', \"\\u00e9\"]\ndemo.size = 9", &d),
		WN_OK);
	assert_int_equal(wn_config_print(c, &b), WN_OK);
	assert_int_equal(wn_config_text(again, "y.toml", wn_buf_view(&b), &d), WN_OK);
	assert_string_equal(wn_config_json(again, "demo.deep.list"),
			    wn_config_json(c, "demo.deep.list"));
	assert_int_equal(wn_config_int(again, "demo.size"), 9);
	wn_buf_fini(&b);
	wn_config_free(c);
	wn_config_free(again);
}

/* ---- TOML ---- */

static void
the_toml_subset_is_read(void **state)
{
	static const char text[] = "# head\r\n"
				   "\"demo\".'size' = 1_0 # ten\n"
				   "[demo.deep]\n"
				   "list = [ 'lit\\eral', \"esc\\t\\\"\\U0001F600\", # why\n"
				   "  \"last\", ]\n"
				   "\n[ demo ]\non=true";
	struct wn_config *c = make();
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(read_text(c, "x.toml", text, &d), WN_OK);
	assert_int_equal(wn_config_int(c, "demo.size"), 10);
	assert_true(wn_config_bool(c, "demo.on"));
	assert_string_equal(wn_config_json(c, "demo.deep.list"),
			    "[\"lit\\\\eral\",\"esc\\t\\\"\xf0\x9f\x98\x80\",\"last\"]");
	wn_config_free(c);
}

static void
bad_toml_is_told_with_its_line(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "\n\ndemo.size\n", "line 3: = was expected" },
		{ "demo.size = \n", "line 1: a value was expected" },
		{ "demo.size = 5 6\n", "line 1: something stands behind" },
		{ "demo.level = \"inf\n", "line 1: the string does not end" },
		{ "demo.level = \"\"\"x\"\"\"\n", "multi-line" },
		{ "demo.size = 1979-05-27\n", "dates" },
		{ "demo.size = 05\n", "may not start with 0" },
		{ "demo.size = { a = 1 }\n", "inline tables" },
		{ "[[demo]]\n", "arrays of tables" },
		{ "[demo\nsize = 1\n", "must end with ]" },
		{ "demo.size = 1\ndemo.size = 2\n", "line 2: demo.size was given before" },
		{ "demo.level = \"\\q\"\n", "unknown escape" },
		{ "demo.level = \"\\ud800\"\n", "names no character" },
		{ "demo.level = \"\xff\"\n", "not valid UTF-8" },
		{ "demo.deep.list = [1 2]\n", "needs , or ]" },
		{ "= 5\n", "a name was expected" },
		{ "demo.size = 1e\n", "exponent" },
		{ "demo.deep.list = [[[[[[[[[[1]]]]]]]]]]\n", "nested too deeply" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wn_config *c = make();
		struct wn_diag d = { 0 };

		assert_int_equal(read_text(c, "x.toml", cases[i].text, &d), WN_E_PARSE);
		if (strstr(d.text, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].text, d.text);
		wn_config_free(c);
	}
}

static void
a_binary_file_is_refused(void **state)
{
	struct wn_config *c = make();
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(wn_config_text(c, "x.toml", wn_strn("a\0b", 3), &d), WN_E_PARSE);
	wn_config_free(c);
}

static void
an_empty_file_changes_nothing(void **state)
{
	struct wn_config *c = make();
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(read_text(c, "x.toml", "", &d), WN_OK);
	assert_int_equal(read_text(c, "x.json", "", &d), WN_E_PARSE);
	wn_config_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_hold_when_nobody_speaks),
		cmocka_unit_test(a_flag_wins_over_the_environment_and_that_over_the_file),
		cmocka_unit_test(an_unknown_name_suggests_the_nearest),
		cmocka_unit_test(a_value_outside_its_schema_is_refused_and_the_old_one_stays),
		cmocka_unit_test(a_bare_text_is_enough_for_a_string),
		cmocka_unit_test(json_may_nest_or_use_dotted_names),
		cmocka_unit_test(what_is_printed_can_be_read_again),
		cmocka_unit_test(the_toml_subset_is_read),
		cmocka_unit_test(bad_toml_is_told_with_its_line),
		cmocka_unit_test(a_binary_file_is_refused),
		cmocka_unit_test(an_empty_file_changes_nothing),
	};

	return cmocka_run_group_tests_name("unit/runtime/kernel/config", tests, NULL, NULL);
}
