/* Compiling, errors, limits and vocabularies of the JSON Schema validator. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "runtime/base/jsonschema.h"
#include "runtime/base/buf.h"

static struct wn_json *
json(const char *text)
{
	struct wn_json *j = NULL;
	struct wn_diag d = { 0 };
	if (wn_json_parse(wn_str(text), NULL, &j, &d) != WN_OK)
		fail_msg("%s: %s", text, d.text);
	return j;
}

static void
add(struct wn_schema_set *set, const char *uri, const char *text)
{
	struct wn_diag d = { 0 };
	struct wn_json *j = json(text);
	if (wn_schema_set_add(set, uri, j, &d) != WN_OK)
		fail_msg("%s: %s", text, d.text);
	wn_json_free(j);
}

static wn_err
compile(const char *text, struct wn_diag *d)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema;
	struct wn_json *j = json(text);
	wn_err err = wn_schema_set_add(set, "urn:t", j, d);
	if (!err)
		err = wn_schema_compile(set, "urn:t", &schema, d);
	wn_json_free(j);
	wn_schema_set_free(set);
	return err;
}

/* Validates value with the schema text; the caller ends *result. */
static wn_err
validate(const char *text, const char *value, struct wn_schema_result *result)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema;
	struct wn_diag d = { 0 };
	struct wn_json *v = json(value);
	add(set, "urn:t", text);
	if (wn_schema_compile(set, "urn:t", &schema, &d) != WN_OK)
		fail_msg("%s: %s", text, d.text);
	wn_err err = wn_schema_validate(schema, v, result, NULL);
	wn_json_free(v);
	wn_schema_set_free(set);
	return err;
}

static void
a_failure_says_where_what_and_why(void **state)
{
	struct wn_schema_result r;
	(void)state;
	assert_int_equal(validate("{\"properties\":{\"a/b\":{\"items\":{\"$ref\":\"#/$defs/n\"}}},"
				  "\"$defs\":{\"n\":{\"type\":\"integer\"}}}",
				  "{\"a/b\":[1,\"x\"]}", &r),
			 WN_E_SCHEMA);
	assert_false(r.valid);
	assert_int_equal(r.n, 1);
	assert_string_equal(r.errors[0].pointer, "/a~1b/1");
	assert_string_equal(r.errors[0].schema, "urn:t#/$defs/n/type");
	assert_string_equal(r.errors[0].keyword, "type");
	assert_string_equal(r.errors[0].expected, "Expected an integer, found the string \"x\".");
	wn_schema_result_fini(&r);
}

static void
all_failures_are_told_up_to_a_limit(void **state)
{
	struct wn_schema_result r;
	(void)state;
	assert_int_equal(validate("{\"required\":[\"a\"],\"properties\":{\"b\":{\"maximum\":1},"
				  "\"c\":false},\"additionalProperties\":false}",
				  "{\"b\":2,\"c\":3,\"d\":4}", &r),
			 WN_E_SCHEMA);
	assert_int_equal(r.n, 4);
	wn_schema_result_fini(&r);
	assert_int_equal(validate("{\"items\":{\"type\":\"null\"}}",
				  "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", &r),
			 WN_E_SCHEMA);
	assert_int_equal(r.n, 16);
	wn_schema_result_fini(&r);
}

static void
the_alternative_that_was_meant_is_explained(void **state)
{
	struct wn_schema_result r;
	(void)state;
	assert_int_equal(validate("{\"oneOf\":[{\"type\":\"string\"},"
				  "{\"properties\":{\"kind\":{\"const\":\"a\"},\"n\":{\"type\":"
				  "\"string\"}},\"required\":[\"kind\"]},"
				  "{\"properties\":{\"kind\":{\"const\":\"b\"},\"n\":{\"type\":"
				  "\"null\"}},\"required\":[\"kind\"]}]}",
				  "{\"kind\":\"b\",\"n\":7}", &r),
			 WN_E_SCHEMA);
	assert_string_equal(r.errors[0].pointer, "/n");
	assert_string_equal(r.errors[0].expected, "Expected null, found the number 7.");
	assert_string_equal(r.errors[r.n - 1].keyword, "oneOf");
	wn_schema_result_fini(&r);
}

static void
no_alternative_is_guessed_among_wrong_types(void **state)
{
	struct wn_schema_result r;
	(void)state;
	assert_int_equal(
		validate("{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "1", &r),
		WN_E_SCHEMA);
	assert_int_equal(r.n, 1);
	assert_string_equal(r.errors[0].keyword, "anyOf");
	wn_schema_result_fini(&r);
}

static void
the_first_error_is_also_in_the_diagnosis(void **state)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema;
	struct wn_diag d = { 0 };
	struct wn_json *v = json("{\"a\":\"\"}");
	(void)state;
	add(set, "urn:t", "{\"properties\":{\"a\":{\"minLength\":1}}}");
	assert_int_equal(wn_schema_compile(set, "urn:t", &schema, &d), WN_OK);
	assert_int_equal(wn_schema_validate(schema, v, NULL, &d), WN_E_SCHEMA);
	assert_string_equal(d.where, "/a");
	assert_string_equal(d.text, "Expected at least 1 character, found 0.");
	wn_json_free(v);
	wn_schema_set_free(set);
}

static void
documents_of_a_set_refer_to_each_other(void **state)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema;
	struct wn_diag d = { 0 };
	struct wn_json *v = json("{\"x\":{\"y\":1}}");
	(void)state;
	add(set, "http://h.example/a/one.json", "{\"properties\":{\"x\":{\"$ref\":\"two.json\"}}}");
	add(set, "",
	    "{\"$id\":\"http://h.example/a/two.json\",\"properties\":{\"y\":{\"type\":\"null\"}}}");
	assert_int_equal(wn_schema_compile(set, "http://h.example/a/one.json", &schema, &d), WN_OK);
	assert_int_equal(wn_schema_validate(schema, v, NULL, &d), WN_E_SCHEMA);
	assert_string_equal(d.where, "/x/y");
	assert_int_equal(
		wn_schema_compile(set, "http://h.example/a/two.json#/properties/y", &schema, NULL),
		WN_OK);
	wn_json_free(v);
	wn_schema_set_free(set);
}

static void
an_unknown_reference_is_a_compile_error(void **state)
{
	struct wn_diag d = { 0 };
	(void)state;
	assert_int_equal(compile("{\"items\":{\"$ref\":\"http://elsewhere.example/x\"}}", &d),
			 WN_E_NOT_FOUND);
	assert_string_equal(d.where, "urn:t#/items/$ref");
	assert_int_equal(compile("{\"$ref\":\"#/$defs/none\"}", NULL), WN_E_NOT_FOUND);
	assert_int_equal(compile("{\"$ref\":\"#none\"}", NULL), WN_E_NOT_FOUND);
}

static void
a_bad_schema_is_a_compile_error(void **state)
{
	struct wn_diag d = { 0 };
	(void)state;
	assert_int_equal(compile("{\"properties\":{\"a\":{\"minLength\":\"3\"}}}", &d),
			 WN_E_SCHEMA);
	assert_string_equal(d.where, "urn:t#/properties/a/minLength");
	assert_int_equal(compile("{\"pattern\":\"(\"}", NULL), WN_E_PARSE);
	assert_int_equal(compile("{\"pattern\":\"(?i)x\"}", NULL), WN_E_PARSE);
	assert_int_equal(compile("{\"type\":\"text\"}", NULL), WN_E_SCHEMA);
	assert_int_equal(compile("{\"multipleOf\":0}", NULL), WN_E_SCHEMA);
	assert_int_equal(compile("7", NULL), WN_E_SCHEMA);
	assert_int_equal(compile("{\"$defs\":{\"a\":{\"$id\":\"x\"},\"b\":{\"$id\":\"x\"}}}", NULL),
			 WN_E_EXISTS);
	assert_int_equal(compile("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", NULL),
			 WN_E_UNSUPPORTED);
}

static void
circles_end_with_an_error(void **state)
{
	struct wn_schema_result r;
	(void)state;
	assert_int_equal(validate("{\"$ref\":\"#\"}", "1", &r), WN_E_CYCLE);
	wn_schema_result_fini(&r);
	assert_int_equal(
		validate("{\"anyOf\":[{\"not\":{\"$ref\":\"#\"}},{\"$ref\":\"#/anyOf/0\"}]}", "1",
			 &r),
		WN_E_CYCLE);
	wn_schema_result_fini(&r);
}

static void
exponential_schemas_end_with_an_error(void **state)
{
	struct wn_buf b;
	struct wn_schema_result r;
	(void)state;
	wn_buf_init(&b, 1 << 20);
	(void)wn_buf_cstr(&b, "{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
	for (int i = 0; i < 60; i++)
		(void)wn_buf_printf(&b,
				    "\"a%d\":{\"allOf\":[{\"$ref\":\"#/$defs/a%d\"},{\"$ref\":\"#/"
				    "$defs/a%d\"}]},",
				    i, i + 1, i + 1);
	(void)wn_buf_cstr(&b, "\"a60\":true}}");
	assert_int_equal(validate(b.p, "1", &r), WN_E_LIMIT);
	wn_schema_result_fini(&r);
	wn_buf_fini(&b);
}

static void
deep_values_do_not_overflow_the_stack(void **state)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema;
	struct wn_json *v = wn_json_new_array();
	(void)state;
	for (int i = 0; i < 5000; i++) {
		struct wn_json *outer = wn_json_new_array();
		wn_json_push(outer, v);
		v = outer;
	}
	add(set, "urn:t", "{\"items\":{\"$ref\":\"#\"}}");
	assert_int_equal(wn_schema_compile(set, "urn:t", &schema, NULL), WN_OK);
	assert_int_equal(wn_schema_validate(schema, v, NULL, NULL), WN_E_LIMIT);
	wn_json_free(v);
	wn_schema_set_free(set);
}

static void
long_reference_chains_compile(void **state)
{
	struct wn_buf b;
	struct wn_schema_result r;
	(void)state;
	wn_buf_init(&b, 1 << 20);
	(void)wn_buf_cstr(&b, "{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
	for (int i = 0; i < 1000; i++)
		(void)wn_buf_printf(&b, "\"a%d\":{\"$ref\":\"#/$defs/a%d\"},", i, i + 1);
	(void)wn_buf_cstr(&b, "\"a1000\":{\"type\":\"null\"}}}");
	assert_int_equal(validate(b.p, "null", &r), WN_OK);
	wn_schema_result_fini(&r);
	assert_int_equal(validate(b.p, "1", &r), WN_E_SCHEMA);
	wn_schema_result_fini(&r);
	wn_buf_fini(&b);
}

static void
catastrophic_patterns_end_with_an_error(void **state)
{
	struct wn_schema_result r;
	(void)state;
	assert_int_equal(
		validate(
			"{\"pattern\":\"^(a+)+$\"}",
			"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"",
			&r),
		WN_E_LIMIT);
	wn_schema_result_fini(&r);
}

#define VOCAB "https://json-schema.org/draft/2020-12/vocab/"
static void
vocabularies_of_a_meta_schema_are_respected(void **state)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema;
	struct wn_diag d = { 0 };
	struct wn_json *v = json("{\"n\":1}"), *w = json("{\"bad\":1}");
	(void)state;
	add(set, "",
	    "{\"$id\":\"http://m.example/no-validation\",\"$vocabulary\":{\"" VOCAB
	    "core\":true,\"" VOCAB "applicator\":true,\"http://x.example/"
	    "own\":false},\"$dynamicAnchor\":\"meta\",\"allOf\":["
	    "{\"$ref\":\"https://json-schema.org/draft/2020-12/meta/core\"},"
	    "{\"$ref\":\"https://json-schema.org/draft/2020-12/meta/applicator\"}]}");
	add(set, "urn:t",
	    "{\"$schema\":\"http://m.example/"
	    "no-validation\",\"properties\":{\"n\":{\"minimum\":10},\"bad\":false}}");
	if (wn_schema_compile(set, "urn:t", &schema, &d) != WN_OK)
		fail_msg("%s", d.text);
	assert_int_equal(wn_schema_validate(schema, v, NULL, NULL), WN_OK);
	assert_int_equal(wn_schema_validate(schema, w, NULL, NULL), WN_E_SCHEMA);
	wn_json_free(v);
	wn_json_free(w);
	wn_schema_set_free(set);
}

static void
a_needed_unknown_vocabulary_is_refused(void **state)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema;
	(void)state;
	add(set, "",
	    "{\"$id\":\"http://m.example/own\",\"$vocabulary\":{\"" VOCAB
	    "core\":true,\"http://x.example/own\":true}}");
	add(set, "urn:t", "{\"$schema\":\"http://m.example/own\"}");
	assert_int_equal(wn_schema_compile(set, "urn:t", &schema, NULL), WN_E_UNSUPPORTED);
	wn_schema_set_free(set);
}

static void
the_format_assertion_vocabulary_makes_formats_assert(void **state)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema;
	struct wn_json *v = json("\"not-an-address\"");
	(void)state;
	add(set, "",
	    "{\"$id\":\"http://m.example/f\",\"$vocabulary\":{\"" VOCAB "core\":true,\"" VOCAB
	    "format-assertion\":false},\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}");
	add(set, "urn:t", "{\"$schema\":\"http://m.example/f\",\"format\":\"ipv4\"}");
	assert_int_equal(wn_schema_compile(set, "urn:t", &schema, NULL), WN_OK);
	assert_int_equal(wn_schema_validate(schema, v, NULL, NULL), WN_E_SCHEMA);
	wn_json_free(v);
	wn_schema_set_free(set);
}

static void
a_schema_of_2019_is_read_as_far_as_it_means_the_same(void **state)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema;
	struct wn_json *v = json("[1,2]"), *w = json("{}");
	(void)state;
#define OLD "\"$schema\":\"https://json-schema.org/draft/2019-09/schema\""
	add(set, "http://h.example/old",
	    "{" OLD ",\"type\":\"array\",\"prefixItems\":[{\"type\":\"string\"}]}");
	add(set, "urn:t", "{\"$ref\":\"http://h.example/old\"}");
	add(set, "urn:tuple", "{" OLD ",\"items\":[true]}");
	assert_int_equal(wn_schema_compile(set, "urn:t", &schema, NULL), WN_OK);
	assert_int_equal(wn_schema_validate(schema, v, NULL, NULL), WN_OK);
	assert_int_equal(wn_schema_validate(schema, w, NULL, NULL), WN_E_SCHEMA);
	assert_int_equal(wn_schema_compile(set, "urn:tuple", &schema, NULL), WN_E_UNSUPPORTED);
	wn_json_free(v);
	wn_json_free(w);
	wn_schema_set_free(set);
}

static void
a_needed_vocabulary_of_another_schema_does_not_matter(void **state)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema;
	(void)state;
	add(set, "urn:other",
	    "{\"$schema\":\"http://nowhere.example/x\",\"$dynamicAnchor\":\"meta\"}");
	add(set, "urn:t", "{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}");
	assert_int_equal(wn_schema_compile(set, "urn:t", &schema, NULL), WN_OK);
	wn_schema_set_free(set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_says_where_what_and_why),
		cmocka_unit_test(all_failures_are_told_up_to_a_limit),
		cmocka_unit_test(the_alternative_that_was_meant_is_explained),
		cmocka_unit_test(no_alternative_is_guessed_among_wrong_types),
		cmocka_unit_test(the_first_error_is_also_in_the_diagnosis),
		cmocka_unit_test(documents_of_a_set_refer_to_each_other),
		cmocka_unit_test(an_unknown_reference_is_a_compile_error),
		cmocka_unit_test(a_bad_schema_is_a_compile_error),
		cmocka_unit_test(circles_end_with_an_error),
		cmocka_unit_test(exponential_schemas_end_with_an_error),
		cmocka_unit_test(deep_values_do_not_overflow_the_stack),
		cmocka_unit_test(long_reference_chains_compile),
		cmocka_unit_test(catastrophic_patterns_end_with_an_error),
		cmocka_unit_test(vocabularies_of_a_meta_schema_are_respected),
		cmocka_unit_test(a_needed_unknown_vocabulary_is_refused),
		cmocka_unit_test(a_schema_of_2019_is_read_as_far_as_it_means_the_same),
		cmocka_unit_test(a_needed_vocabulary_of_another_schema_does_not_matter),
		cmocka_unit_test(the_format_assertion_vocabulary_makes_formats_assert),
	};
	return cmocka_run_group_tests_name("runtime/base/jsonschema", tests, NULL, NULL);
}
