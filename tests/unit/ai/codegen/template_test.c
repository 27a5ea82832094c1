/* The template engine: values, sections, loops, filters, and what it refuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ai/codegen/template.h"

static struct wn_str
partial(void *arg, struct wn_str name)
{
	(void)arg;
	if (wn_str_is(name, "self"))
		return WN_STR("{{> self}}");
	return wn_str_is(name, "hello") ? WN_STR("hello {{name}}") : WN_STR_NONE;
}

static wn_err
render(const char *text, const char *json, struct wn_buf *out, struct wn_diag *d)
{
	struct codegen_template t = { "test", wn_str(text), partial, NULL };
	struct wn_json *context = NULL;
	wn_err err = wn_json_parse(wn_str(json), NULL, &context, d);

	wn_buf_init(out, 4096);
	if (!err)
		err = codegen_render(&t, context, out, d);
	wn_json_free(context);
	return err;
}

static void
expect(const char *text, const char *json, const char *wanted)
{
	struct wn_diag d = { 0 };
	struct wn_buf out;
	wn_err err = render(text, json, &out, &d);

	assert_string_equal(d.text, "");
	assert_int_equal(err, WN_OK);
	assert_string_equal(out.p ? out.p : "", wanted);
	wn_buf_fini(&out);
}

static void
refuse(const char *text, const char *json, wn_err code, const char *word)
{
	struct wn_diag d = { 0 };
	struct wn_buf out;

	assert_int_equal(render(text, json, &out, &d), code);
	assert_non_null(strstr(d.text, word));
	wn_buf_fini(&out);
}

static void
test_values_come_from_the_nearest_context(void **state)
{
	(void)state;
	expect("{{a}} {{b.c}} {{n}}", "{\"a\":\"x\",\"b\":{\"c\":true},\"n\":2}", "x true 2");
	expect("{{#l}}{{a}}{{o}}{{/l}}", "{\"o\":\"!\",\"a\":\"out\",\"l\":[{\"a\":\"in\"},{}]}",
	       "in!out!");
}

static void
test_loops_know_first_last_and_index(void **state)
{
	(void)state;
	expect("{{#l}}{{-index}}{{.}}{{^-last}}, {{/-last}}{{/l}}", "{\"l\":[\"a\",\"b\"]}",
	       "0a, 1b");
	expect("{{#l}}{{#-first}}<{{/-first}}{{.}}{{/l}}", "{\"l\":[\"a\",\"b\"]}", "<ab");
}

static void
test_false_null_empty_and_absent_are_off(void **state)
{
	(void)state;
	expect("{{#a}}1{{/a}}{{#b}}2{{/b}}{{#c}}3{{/c}}{{#d}}4{{/d}}{{#e}}5{{/e}}",
	       "{\"a\":false,\"b\":null,\"c\":[],\"d\":\"\"}", "");
	expect("{{^a}}1{{/a}}{{#n}}0{{/n}}", "{\"n\":0}", "10");
}

static void
test_a_tag_alone_on_its_line_takes_the_line(void **state)
{
	(void)state;
	expect("a\n  {{#l}}\nb\n  {{/l}}\nc\n", "{\"l\":[1,2]}", "a\nb\nb\nc\n");
	expect("a {{#l}}b{{/l}}\nc", "{\"l\":[1]}", "a b\nc");
}

static void
test_filters_quote_for_the_language_around(void **state)
{
	(void)state;
	expect("{{a|q}}", "{\"a\":\"it's \\\\ \\n\"}", "'it\\'s \\\\ \\u000a'");
	expect("{{a|tl}}", "{\"a\":\"`${x}` \\\\ $\"}", "\\`\\${x}\\` \\\\ $");
	expect("{{a|html}}", "{\"a\":\"<b>&\\\"\"}", "&lt;b&gt;&amp;&quot;");
	expect("{{a|json}}", "{\"a\":[1,\"x\"]}", "[1,\"x\"]");
	expect("{{a|md}}", "{\"a\":\"*a*|\\nb\"}", "\\*a\\*\\| b");
}

static void
test_a_value_never_becomes_template_text(void **state)
{
	(void)state;
	expect("{{a}}", "{\"a\":\"{{b}}\",\"b\":\"leak\"}", "{{b}}");
}

static void
test_partials_are_rendered_in_place(void **state)
{
	(void)state;
	expect("[{{> hello}}]", "{\"name\":\"you\"}", "[hello you]");
	refuse("{{> none}}", "{}", WN_E_NOT_FOUND, "none");
	refuse("{{> self}}", "{}", WN_E_LIMIT, "deep");
}

static void
test_what_is_wrong_is_told_with_its_line(void **state)
{
	(void)state;
	refuse("a\n{{missing}}", "{}", WN_E_NOT_FOUND, "line 2");
	refuse("{{#a}}", "{\"a\":true}", WN_E_PARSE, "no end");
	refuse("{{/a}}", "{}", WN_E_PARSE, "without a section");
	refuse("{{#a}}{{#b}}{{/a}}{{/b}}", "{\"a\":true}", WN_E_PARSE, "wrong end");
	refuse("{{a|nope}}", "{\"a\":1}", WN_E_PARSE, "filter");
	refuse("{{a}}", "{\"a\":{}}", WN_E_NOT_FOUND, "'a'");
}

static void
test_output_beyond_the_maximum_is_an_error(void **state)
{
	char text[6000];
	struct wn_diag d = { 0 };
	struct wn_buf out;

	(void)state;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_int_equal(render(text, "{}", &out, &d), WN_E_LIMIT);
	wn_buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_come_from_the_nearest_context),
		cmocka_unit_test(test_loops_know_first_last_and_index),
		cmocka_unit_test(test_false_null_empty_and_absent_are_off),
		cmocka_unit_test(test_a_tag_alone_on_its_line_takes_the_line),
		cmocka_unit_test(test_filters_quote_for_the_language_around),
		cmocka_unit_test(test_a_value_never_becomes_template_text),
		cmocka_unit_test(test_partials_are_rendered_in_place),
		cmocka_unit_test(test_what_is_wrong_is_told_with_its_line),
		cmocka_unit_test(test_output_beyond_the_maximum_is_an_error),
	};

	return cmocka_run_group_tests_name("ai/codegen/template", tests, NULL, NULL);
}
