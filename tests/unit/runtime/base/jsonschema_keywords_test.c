/* Every keyword of draft 2020-12, each with values that fit and values that do not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "runtime/base/jsonschema.h"

#define CASES_MAX 12

struct keyword_case {
	const char *schema;
	const char *valid[CASES_MAX];
	const char *invalid[CASES_MAX];
};

static struct wn_json *
json(const char *text)
{
	static const struct wn_json_limits lossy = { .lossy_numbers = true };
	struct wn_json *j = NULL;
	struct wn_diag d = { 0 };
	if (wn_json_parse(wn_str(text), &lossy, &j, &d) != WN_OK)
		fail_msg("%s: %s", text, d.text);
	return j;
}

static void
expect(const struct wn_schema *schema, const char *text, const char *value, wn_err want)
{
	struct wn_json *v = json(value);
	struct wn_diag d = { 0 };
	wn_err err = wn_schema_validate(schema, v, NULL, &d);
	if (err != want)
		fail_msg("%s with %s: got %d (%s), expected %d", text, value, err, d.text, want);
	wn_json_free(v);
}

static void
run(const struct keyword_case *c, bool assert_format)
{
	struct wn_schema_opts opts = { .assert_format = assert_format };
	struct wn_schema_set *set = wn_schema_set_new(&opts);
	const struct wn_schema *schema;
	struct wn_diag d = { 0 };
	struct wn_json *doc = json(c->schema);
	assert_int_equal(wn_schema_set_add(set, "urn:test", doc, &d), WN_OK);
	const char *id = wn_json_get_str(doc, "$id", "urn:test");
	if (wn_schema_compile(set, id, &schema, &d) != WN_OK)
		fail_msg("%s: %s", c->schema, d.text);
	for (int i = 0; c->valid[i]; i++)
		expect(schema, c->schema, c->valid[i], WN_OK);
	for (int i = 0; c->invalid[i]; i++)
		expect(schema, c->schema, c->invalid[i], WN_E_SCHEMA);
	wn_json_free(doc);
	wn_schema_set_free(set);
}

static void
run_all(const struct keyword_case *c, size_t n, bool assert_format)
{
	for (size_t i = 0; i < n; i++)
		run(&c[i], assert_format);
}
#define RUN(cases) run_all(cases, sizeof cases / sizeof *cases, false)

static void
validation_keywords_judge_one_value(void **state)
{
	static const struct keyword_case cases[] = {
		{ "true", { "1", "null", "{}" }, { 0 } },
		{ "false", { 0 }, { "1", "null", "[]" } },
		{ "{\"type\":\"integer\"}",
		  { "1", "-3.0", "1e3" },
		  { "1.5", "\"1\"", "null", "true" } },
		{ "{\"type\":\"number\"}", { "1", "1.5" }, { "\"1\"", "[]" } },
		{ "{\"type\":[\"null\",\"object\"]}", { "null", "{}" }, { "[]", "false" } },
		{ "{\"type\":\"boolean\"}", { "true", "false" }, { "0", "\"\"" } },
		{ "{\"enum\":[1,\"a\",[null],{\"b\":2}]}",
		  { "1.0", "[null]", "{\"b\":2}" },
		  { "2", "[false]" } },
		{ "{\"enum\":[0]}", { "0", "0.0", "-0.0" }, { "false", "\"\"" } },
		{ "{\"const\":{\"a\":1,\"b\":2}}", { "{\"b\":2,\"a\":1}" }, { "{\"a\":1}", "[]" } },
		{ "{\"const\":null}", { "null" }, { "0", "\"\"" } },
		{ "{\"maximum\":3}", { "3", "2.9", "\"9\"" }, { "3.1" } },
		{ "{\"minimum\":-1.5}", { "-1.5", "0" }, { "-2", "-1.500001" } },
		{ "{\"exclusiveMaximum\":3}", { "2.99" }, { "3", "4" } },
		{ "{\"exclusiveMinimum\":3}", { "3.01" }, { "3", "2" } },
		{ "{\"maxLength\":2}",
		  { "\"\"", "\"ab\"", "\"\xF0\x9F\x92\xA9\xF0\x9F\x92\xA9\"", "111" },
		  { "\"abc\"" } },
		{ "{\"minLength\":2}",
		  { "\"ab\"", "\"\xD9\x85\xD9\x85\"" },
		  { "\"a\"", "\"\xF0\x9F\x92\xA9\"" } },
		{ "{\"maxLength\":2.0}", { "\"ab\"" }, { "\"abc\"" } },
		{ "{\"pattern\":\"^a+$\"}", { "\"aa\"", "3" }, { "\"b\"", "\"aa\\n\"", "\"\"" } },
		{ "{\"pattern\":\"\\\\p{Letter}+\"}", { "\"\xD8\xB9\"" }, { "\"12\"" } },
		{ "{\"maxItems\":1}", { "[]", "[1]", "\"ab\"" }, { "[1,2]" } },
		{ "{\"minItems\":1}", { "[1]", "{}" }, { "[]" } },
		{ "{\"uniqueItems\":true}",
		  { "[1,true]", "[0,false]", "[[1],[2]]", "[{\"a\":1},{\"a\":2}]", "[\"1\",1]" },
		  { "[1,1.0]", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]", "[[0],1,[0.0]]",
		    "[null,null]" } },
		{ "{\"uniqueItems\":false}", { "[1,1]" }, { 0 } },
		{ "{\"maxProperties\":1}", { "{}", "{\"a\":1}" }, { "{\"a\":1,\"b\":2}" } },
		{ "{\"minProperties\":1}", { "{\"a\":1}" }, { "{}" } },
		{ "{\"required\":[\"a\",\"\\u00e9\"]}",
		  { "{\"a\":null,\"\xC3\xA9\":1}", "[]" },
		  { "{\"a\":1}" } },
		{ "{\"dependentRequired\":{\"a\":[\"b\",\"c\"]}}",
		  { "{}", "{\"b\":1}", "{\"a\":1,\"b\":1,\"c\":1}" },
		  { "{\"a\":1,\"b\":1}" } },
	};
	(void)state;
	RUN(cases);
}

static void
multiple_of_computes_in_decimals(void **state)
{
	static const struct keyword_case cases[] = {
		{ "{\"multipleOf\":2}", { "10", "0", "-4", "1e300" }, { "7", "1.5" } },
		{ "{\"multipleOf\":0.01}",
		  { "0.07", "19.99", "1.1", "-4.35", "1e20" },
		  { "0.001", "4.355" } },
		{ "{\"multipleOf\":0.0001}", { "0.0075", "3" }, { "0.00751" } },
		{ "{\"multipleOf\":1e-8}", { "12391239123", "0.00000003" }, { "1e-9" } },
		{ "{\"multipleOf\":0.123456789}", { "0.123456789", "123.456789" }, { "1e308" } },
		{ "{\"multipleOf\":1e300}", { "0", "3e300" }, { "1e299", "1" } },
		{ "{\"multipleOf\":9007199254740992}",
		  { "9007199254740992", "18014398509481984" },
		  { "9007199254740990" } },
	};
	(void)state;
	RUN(cases);
}

static void
array_applicators_reach_items(void **state)
{
	static const struct keyword_case cases[] = {
		{ "{\"prefixItems\":[{\"type\":\"string\"},{\"type\":\"null\"}]}",
		  { "[]", "[\"a\"]", "[\"a\",null,7]", "{}" },
		  { "[1]", "[\"a\",1]" } },
		{ "{\"items\":{\"type\":\"integer\"}}",
		  { "[]", "[1,2]", "\"x\"" },
		  { "[1,\"a\"]" } },
		{ "{\"items\":false}", { "[]" }, { "[1]" } },
		{ "{\"prefixItems\":[true],\"items\":{\"type\":\"null\"}}",
		  { "[9,null]" },
		  { "[9,9]" } },
		{ "{\"contains\":{\"minimum\":5}}", { "[1,5]" }, { "[]", "[1,2]" } },
		{ "{\"contains\":{\"const\":1},\"minContains\":2,\"maxContains\":3}",
		  { "[1,1]", "[1,0,1,1]" },
		  { "[1]", "[1,1,1,1]" } },
		{ "{\"contains\":{\"const\":1},\"minContains\":0}", { "[]", "[2]" }, { 0 } },
		{ "{\"minContains\":2}", { "[]" }, { 0 } },
	};
	(void)state;
	RUN(cases);
}

static void
object_applicators_reach_members(void **state)
{
	static const struct keyword_case cases[] = {
		{ "{\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":false}}",
		  { "{}", "{\"a\":1,\"c\":\"x\"}" },
		  { "{\"a\":\"x\"}", "{\"b\":1}" } },
		{ "{\"properties\":{\"__proto__\":{\"type\":\"number\"},\"toString\":{\"type\":"
		  "\"null\"}}}",
		  { "{\"toString\":null}" },
		  { "{\"__proto__\":\"a\"}" } },
		{ "{\"patternProperties\":{\"^n\":{\"type\":\"number\"},\"z$\":{\"minimum\":2}}}",
		  { "{\"n\":1}", "{\"nz\":2}", "{\"q\":\"\"}" },
		  { "{\"n\":\"\"}", "{\"nz\":1}" } },
		{ "{\"properties\":{\"a\":true},\"patternProperties\":{\"^x\":true},"
		  "\"additionalProperties\":false}",
		  { "{\"a\":1,\"xy\":1}" },
		  { "{\"b\":1}" } },
		{ "{\"additionalProperties\":{\"type\":\"null\"}}",
		  { "{\"b\":null}" },
		  { "{\"b\":1}" } },
		{ "{\"allOf\":[{\"properties\":{\"a\":true}}],\"additionalProperties\":false}",
		  { "{}" },
		  { "{\"a\":1}" } },
		{ "{\"propertyNames\":{\"maxLength\":2}}", { "{\"ab\":1}" }, { "{\"abc\":1}" } },
		{ "{\"propertyNames\":false}", { "{}", "[]" }, { "{\"a\":1}" } },
		{ "{\"dependentSchemas\":{\"a\":{\"required\":[\"b\"]},\"c\":false}}",
		  { "{}", "{\"a\":1,\"b\":1}" },
		  { "{\"a\":1}", "{\"c\":1}" } },
		{ "{\"dependencies\":{\"a\":[\"b\"],\"c\":{\"required\":[\"d\"]}}}",
		  { "{\"a\":1,\"b\":1}", "{\"c\":1,\"d\":1}" },
		  { "{\"a\":1}", "{\"c\":1}" } },
	};
	(void)state;
	RUN(cases);
}

static void
in_place_applicators_combine(void **state)
{
	static const struct keyword_case cases[] = {
		{ "{\"allOf\":[{\"minimum\":2},{\"maximum\":4}]}", { "3" }, { "1", "5" } },
		{ "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":2}]}",
		  { "\"a\"", "3" },
		  { "1" } },
		{ "{\"oneOf\":[{\"multipleOf\":2},{\"multipleOf\":3}]}",
		  { "2", "9" },
		  { "6", "7" } },
		{ "{\"not\":{\"type\":\"string\"}}", { "1" }, { "\"a\"" } },
		{ "{\"not\":{}}", { 0 }, { "1", "null" } },
		{ "{\"if\":{\"minimum\":10},\"then\":{\"multipleOf\":10},\"else\":{\"multipleOf\":"
		  "3}}",
		  { "20", "9" },
		  { "11", "4" } },
		{ "{\"then\":false,\"else\":false}", { "1" }, { 0 } },
		{ "{\"if\":true,\"else\":false}", { "1" }, { 0 } },
	};
	(void)state;
	RUN(cases);
}

static void
unevaluated_looks_at_what_nobody_evaluated(void **state)
{
	static const struct keyword_case cases[] = {
		{ "{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false}",
		  { "{\"a\":1}" },
		  { "{\"b\":1}" } },
		{ "{\"anyOf\":[{\"properties\":{\"a\":{\"const\":1}},\"required\":[\"a\"]},{"
		  "\"properties\":{\"b\":true}}],\"unevaluatedProperties\":false}",
		  { "{\"a\":1}", "{\"b\":1}", "{\"a\":1,\"b\":2}" },
		  { "{\"a\":2}", "{\"c\":1}" } },
		{ "{\"if\":{\"properties\":{\"a\":{\"const\":1}},\"required\":[\"a\"]},\"then\":{"
		  "\"properties\":{\"b\":true}},\"unevaluatedProperties\":false}",
		  { "{\"a\":1,\"b\":1}", "{}" },
		  { "{\"a\":2}", "{\"b\":1}" } },
		{ "{\"$ref\":\"#/$defs/"
		  "x\",\"unevaluatedProperties\":{\"type\":\"null\"},\"$defs\":{\"x\":{"
		  "\"patternProperties\":{\"^x\":true}}}}",
		  { "{\"x1\":9,\"q\":null}" },
		  { "{\"q\":9}" } },
		{ "{\"allOf\":[{\"properties\":{\"a\":true}},{\"unevaluatedProperties\":false}]}",
		  { "{}" },
		  { "{\"a\":1}" } },
		{ "{\"allOf\":[{\"unevaluatedProperties\":true}],\"unevaluatedProperties\":false}",
		  { "{\"a\":1}" },
		  { 0 } },
		{ "{\"not\":{\"not\":{\"properties\":{\"a\":true}}},\"unevaluatedProperties\":"
		  "false}",
		  { "{}" },
		  { "{\"a\":1}" } },
		{ "{\"dependentSchemas\":{\"a\":{\"properties\":{\"b\":true}}},\"properties\":{"
		  "\"a\":true},\"unevaluatedProperties\":false}",
		  { "{\"a\":1,\"b\":1}" },
		  { "{\"b\":1}" } },
		{ "{\"prefixItems\":[true],\"unevaluatedItems\":false}",
		  { "[1]", "{}" },
		  { "[1,2]" } },
		{ "{\"prefixItems\":[true],\"contains\":{\"type\":\"string\"},\"unevaluatedItems\":"
		  "false}",
		  { "[1,\"a\"]" },
		  { "[1,2,\"a\"]", "[1,2]" } },
		{ "{\"oneOf\":[{\"prefixItems\":[true,{\"const\":1}]},{\"prefixItems\":[true,true,{"
		  "\"const\":2}]}],\"unevaluatedItems\":{\"type\":\"null\"}}",
		  { "[0,1,null]", "[0,3,2,null]" },
		  { "[0,1,3]" } },
		{ "{\"items\":true,\"unevaluatedItems\":false}", { "[1,2]" }, { 0 } },
		{ "{\"prefixItems\":[{\"prefixItems\":[true,true]}],\"unevaluatedItems\":false}",
		  { "[[1,2]]" },
		  { "[[1,2],2]" } },
	};
	(void)state;
	RUN(cases);
}

static void
references_resolve_by_pointer_anchor_and_id(void **state)
{
	static const struct keyword_case cases[] = {
		{ "{\"properties\":{\"a\":{\"$ref\":\"#\"}},\"additionalProperties\":false}",
		  { "{\"a\":{\"a\":{}}}" },
		  { "{\"a\":{\"b\":1}}" } },
		{ "{\"$ref\":\"#/$defs/a~1b~0c%25\",\"$defs\":{\"a/b~c%\":{\"type\":\"null\"}}}",
		  { "null" },
		  { "1" } },
		{ "{\"$ref\":\"#here\",\"$defs\":{\"x\":{\"$anchor\":\"here\",\"type\":\"null\"}}}",
		  { "null" },
		  { "1" } },
		{ "{\"$id\":\"http://a.example/x/root.json\",\"$ref\":\"../y/"
		  "part.json#p\",\"$defs\":{\"q\":{\"$id\":\"/y/"
		  "part.json\",\"$defs\":{\"z\":{\"$anchor\":\"p\",\"const\":7}}}}}",
		  { "7" },
		  { "8" } },
		{ "{\"$id\":\"urn:uuid:1:2\",\"$ref\":\"urn:uuid:1:2#/$defs/"
		  "a\",\"$defs\":{\"a\":{\"type\":\"null\"}}}",
		  { "null" },
		  { "1" } },
		{ "{\"$ref\":\"#/unknown/0\",\"unknown\":[{\"type\":\"null\"}]}",
		  { "null" },
		  { "1" } },
		{ "{\"$ref\":\"#/$defs//$defs/"
		  "\",\"$defs\":{\"\":{\"$defs\":{\"\":{\"type\":\"null\"}}}}}",
		  { "null" },
		  { "1" } },
		{ "{\"enum\":[{\"$ref\":\"#/none\",\"$id\":\"::\"}]}",
		  { "{\"$ref\":\"#/none\",\"$id\":\"::\"}" },
		  { "1" } },
		{ "{\"$ref\":\"#/$defs/a\",\"maxLength\":2,\"$defs\":{\"a\":{\"$ref\":\"#/$defs/"
		  "b\"},\"b\":{\"type\":\"string\"}}}",
		  { "\"ab\"" },
		  { "\"abc\"", "1" } },
		{ "{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}",
		  { "true", "{\"type\":\"string\"}", "{\"$id\":\"a#\"}" },
		  { "1", "{\"type\":\"strin\"}", "{\"$id\":\"a#b\"}", "{\"$anchor\":\"1\"}",
		    "{\"items\":[true]}", "{\"$defs\":{\"a\":{\"minLength\":-1}}}" } },
	};
	(void)state;
	RUN(cases);
}

static void
dynamic_references_follow_the_dynamic_scope(void **state)
{
#define LIST                                                                                      \
	"\"list\":{\"$id\":\"list\",\"type\":\"array\",\"items\":{\"$dynamicRef\":\"#item\"},\"$" \
	"defs\":{\"d\":{\"$dynamicAnchor\":\"item\"}}}"
	static const struct keyword_case cases[] = {
		{ "{\"$id\":\"http://d.example/"
		  "root\",\"$ref\":\"list\",\"$defs\":{\"s\":{\"$dynamicAnchor\":\"item\",\"type\":"
		  "\"string\"}," LIST "}}",
		  { "[\"a\"]" },
		  { "[1]" } },
		{ "{\"$id\":\"http://d.example/"
		  "root\",\"$ref\":\"list\",\"$defs\":{\"s\":{\"$anchor\":\"item\",\"type\":"
		  "\"string\"}," LIST "}}",
		  { "[\"a\",1]" },
		  { "1" } },
		{ "{\"$id\":\"http://d.example/"
		  "tree\",\"$dynamicAnchor\":\"node\",\"properties\":{\"data\":true,\"kids\":{"
		  "\"items\":{\"$dynamicRef\":\"#node\"}}},\"unevaluatedProperties\":false}",
		  { "{\"data\":1,\"kids\":[{\"data\":2}]}" },
		  { "{\"kids\":[{\"dta\":2}]}" } },
		{ "{\"$id\":\"http://d.example/"
		  "strict\",\"$dynamicAnchor\":\"node\",\"$ref\":\"tree\","
		  "\"unevaluatedProperties\":false,"
		  "\"$defs\":{\"t\":{\"$id\":\"tree\",\"$dynamicAnchor\":\"node\",\"type\":"
		  "\"object\",\"properties\":{\"data\":true,\"kids\":{\"items\":{\"$dynamicRef\":"
		  "\"#node\"}}}}}}",
		  { "{\"kids\":[{\"data\":1}]}" },
		  { "{\"kids\":[{\"daat\":1}]}" } },
		{ "{\"properties\":{\"t\":{\"$dynamicRef\":\"#/$defs/"
		  "t\"},\"f\":{\"$dynamicRef\":\"#/$defs/f\"}},\"$defs\":{\"t\":true,\"f\":false}}",
		  { "{\"t\":1}" },
		  { "{\"f\":1}" } },
		{ "{\"$id\":\"http://d.example/"
		  "main\",\"if\":{\"$id\":\"first\",\"$defs\":{\"x\":{\"$dynamicAnchor\":\"x\","
		  "\"type\":\"number\"}}},"
		  "\"then\":{\"$id\":\"second\",\"$ref\":\"start\",\"$defs\":{\"x\":{\"$"
		  "dynamicAnchor\":\"x\",\"type\":\"null\"}}},"
		  "\"$defs\":{\"start\":{\"$id\":\"start\",\"$dynamicRef\":\"inner#x\"},\"i\":{\"$"
		  "id\":\"inner\",\"$dynamicAnchor\":\"x\",\"type\":\"string\"}}}",
		  { "null" },
		  { "1", "\"a\"" } },
	};
	(void)state;
	RUN(cases);
}

static void
annotations_assert_nothing(void **state)
{
	static const struct keyword_case cases[] = {
		{ "{\"title\":\"t\",\"description\":\"d\",\"default\":1,\"deprecated\":true,"
		  "\"readOnly\":true,\"writeOnly\":true,\"examples\":[1],\"$comment\":\"c\"}",
		  { "\"x\"" },
		  { 0 } },
		{ "{\"contentMediaType\":\"application/"
		  "json\",\"contentEncoding\":\"base64\",\"contentSchema\":{\"type\":\"null\"}}",
		  { "\"{:}\"", "1" },
		  { 0 } },
		{ "{\"format\":\"email\"}", { "\"nothing\"" }, { 0 } },
		{ "{\"format\":\"of our own\"}", { "\"nothing\"" }, { 0 } },
		{ "{\"unknown\":{\"type\":5}}", { "1" }, { 0 } },
	};
	(void)state;
	RUN(cases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(validation_keywords_judge_one_value),
		cmocka_unit_test(multiple_of_computes_in_decimals),
		cmocka_unit_test(array_applicators_reach_items),
		cmocka_unit_test(object_applicators_reach_members),
		cmocka_unit_test(in_place_applicators_combine),
		cmocka_unit_test(unevaluated_looks_at_what_nobody_evaluated),
		cmocka_unit_test(references_resolve_by_pointer_anchor_and_id),
		cmocka_unit_test(dynamic_references_follow_the_dynamic_scope),
		cmocka_unit_test(annotations_assert_nothing),
	};
	return cmocka_run_group_tests_name("runtime/base/jsonschema_keywords", tests, NULL, NULL);
}
