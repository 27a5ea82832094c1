/* Reading blueprints: YAML 1.2 and JSON mean the same, every value has a place, errors say where
 * and what to do, and small texts do not become big documents. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ai/blueprint/source/edit.h"
#include "ai/blueprint/source/source.h"

static wn_err
read_as(const char *path, const char *text, struct blueprint_source *s)
{
	struct blueprint_file f = { path, wn_str(text) };

	return blueprint_source_read(&f, 1, s);
}

static void
means(const char *yaml, const char *json)
{
	struct blueprint_source s;
	struct wn_json *want = NULL;
	struct wn_buf b;

	assert_int_equal(wn_json_parse(wn_str(json), NULL, &want, NULL), WN_OK);
	wn_buf_init(&b, 1u << 20);
	if (read_as("a.yaml", yaml, &s))
		fail_msg("%s: %s", yaml, s.report.findings.p[0].text);
	(void)wn_json_print(s.doc, &b);
	if (!wn_json_equal(s.doc, want))
		fail_msg("%s is %s", yaml, b.p);
	wn_buf_fini(&b);
	wn_json_free(want);
	blueprint_source_fini(&s);
}

/* The finding's place and a word of its sentence and hint. */
static void
refused(const char *path, const char *text, size_t line, size_t column, const char *says,
	const char *hint)
{
	struct blueprint_source s;
	const struct blueprint_finding *f;

	assert_int_not_equal(read_as(path, text, &s), WN_OK);
	assert_null(s.doc);
	assert_int_equal(s.report.findings.len, 1);
	f = &s.report.findings.p[0];
	if (f->line != line || f->column != column || !strstr(f->text, says) ||
	    !strstr(f->hint, hint))
		fail_msg("%s: %zu:%zu %s | %s", text, f->line, f->column, f->text, f->hint);
	assert_string_equal(f->file, path);
	blueprint_source_fini(&s);
}

static void
plain_words_are_typed_as_yaml_1_2_says(void **state)
{
	(void)state;
	means("a: no\nb: yes\nc: on\nd: true\ne: ~\nf:\ng: null\n",
	      "{\"a\":\"no\",\"b\":\"yes\",\"c\":\"on\",\"d\":true,\"e\":null,\"f\":null,\"g\":"
	      "null}");
	means("a: 010\nb: 0x1F\nc: 0o17\nd: -1.5e3\ne: 1.0\nf: 1_000\ng: 12:30\nh: 2026-01-01\n",
	      "{\"a\":10,\"b\":31,\"c\":15,\"d\":-1500,\"e\":1,\"f\":\"1_000\",\"g\":\"12:30\","
	      "\"h\":\"2026-01-01\"}");
	means("a: \"1\"\nb: '2'\nc: !!str 3\nd: +4\n",
	      "{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":4}");
}

static void
blocks_flows_and_arabic_are_read(void **state)
{
	(void)state;
	means("# first\nname: {en: Shop, ar: متجر}\nlist:\n- a\n- - b\n  - [c, {d: 1}]\n"
	      "text: |\n  one\n  two\nfold: >-\n  one\n  two\n",
	      "{\"name\":{\"en\":\"Shop\",\"ar\":\"متجر\"},\"list\":[\"a\",[\"b\",[\"c\",{\"d\":1}]"
	      "]],"
	      "\"text\":\"one\\ntwo\\n\",\"fold\":\"one two\"}");
	means("\xef\xbb\xbf"
	      "a: 1\r\nb:\r\n  - 2\r\n",
	      "{\"a\":1,\"b\":[2]}");
}

static void
aliases_are_copies(void **state)
{
	(void)state;
	means("a: &x {en: A}\nb: *x\nc: [*x]\n",
	      "{\"a\":{\"en\":\"A\"},\"b\":{\"en\":\"A\"},\"c\":[{\"en\":\"A\"}]}");
}

static void
yaml_errors_say_where_and_what_to_do(void **state)
{
	const char *y = "b.yaml";

	(void)state;
	refused(y, "a:\n\tb: 1\n", 2, 1, "tab", "spaces");
	refused(y, "a: \"x\n", 1, 5, "closing quote", "Close");
	refused(y, "a: 1\nb: 2\na: 3\n", 3, 1, "\"a\" is written twice", "another name");
	refused(y, "a: [1, 2\n", 2, 1, "closing bracket", "Close");
	refused(y, "a: b: c\n", 1, 5, "nested", "quotes");
	refused(y, "- a\nb: 1\n", 2, 1, "block sequence", "Indent");
	refused(y, "a: @x\n", 1, 4, "'@'", "quotes");
	refused(y, "a: 1\n---\nb: 1\n", 2, 1, "one document", "two files");
	refused(y, "a: *b\n", 1, 4, "Nothing above", "&name");
	refused(y, "سعر: *b\n", 1, 6, "Nothing above", "&name");
	refused(y, "a: &x 1\n<<: {b: 1}\n", 2, 1, "merge", "Write the members out");
	refused(y, "a: !foo 1\n", 1, 9, "tags", "Remove");
	refused(y, "? [a]\n: 1\n", 1, 3, "name of a member", "name");
	refused(y, "a: .inf\n", 1, 4, "infinite", "quotes");
	refused(y, "a: 99999999999999999999\n", 1, 4, "too large", "quotes");
	refused(y, "", 1, 1, "empty", "webnova new");
	refused(y, "a: \x01\n", 1, 4, "control", "Remove");
	refused(y, "a: \xff\n", 1, 1, "UTF-8", "UTF-8");
}

static void
json_errors_say_where_and_what_to_do(void **state)
{
	const char *j = "b.json";

	(void)state;
	refused(j, "{\"a\": 1,\n}", 2, 1, "member name", "Remove the comma");
	refused(j, "[1,]", 1, 4, "value", "Remove the comma");
	refused(j, "{'a': 1}", 1, 2, "member name", "double quotes");
	refused(j, "{\"a\": yes}", 1, 7, "value", "quotes");
	refused(j, "{\"a\": 1 // x\n}", 1, 9, "','", "comma");
	refused(j, "{\"a\": 1", 1, 8, "does not end", "} or ]");
	refused(j, "{\"a\" 1}", 1, 6, "':'", "\"name\": value");
	refused(j, "{\"م\": 1, \"م\": 2}", 1, 10, "duplicate", "another name");
	refused(j, "", 1, 1, "ends", "empty");
}

static void
a_small_text_does_not_grow(void **state)
{
	struct blueprint_source s;
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 1u << 20);
	(void)wn_buf_cstr(&b, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 9; i++) {
		(void)wn_buf_printf(&b, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			(void)wn_buf_printf(&b, "%s*a%d", k ? ", " : "", i - 1);
		(void)wn_buf_cstr(&b, "]\n");
	}
	assert_int_equal(read_as("a.yaml", b.p, &s), WN_E_LIMIT);
	blueprint_source_fini(&s);
	wn_buf_clear(&b);
	for (int i = 0; i < 5000; i++)
		(void)wn_buf_chr(&b, '[');
	assert_int_equal(read_as("a.yaml", b.p, &s), WN_E_LIMIT);
	blueprint_source_fini(&s);
	assert_int_equal(read_as("a.json", b.p, &s), WN_E_LIMIT);
	blueprint_source_fini(&s);
	wn_buf_clear(&b);
	for (int i = 0; i < 200; i++)
		(void)wn_buf_cstr(&b, "- ");
	assert_int_equal(read_as("a.yaml", b.p, &s), WN_E_LIMIT);
	blueprint_source_fini(&s);
	wn_buf_clear(&b);
	for (int i = 0; i < 3000; i++)
		(void)wn_buf_printf(&b, "k%d: 1\n", i);
	assert_int_equal(read_as("a.yaml", b.p, &s), WN_E_LIMIT);
	blueprint_source_fini(&s);
	wn_buf_fini(&b);
}

static void
stands_at(const char *path, const char *text, const char *pointer, size_t line, size_t column)
{
	struct blueprint_place p = { 0 };
	struct blueprint_source s;

	assert_int_equal(read_as(path, text, &s), WN_OK);
	assert_true(blueprint_source_place(&s, pointer, &p));
	if (p.line != line || p.column != column)
		fail_msg("%s is at %zu:%zu", pointer, p.line, p.column);
	blueprint_source_fini(&s);
}

static void
every_value_has_its_place(void **state)
{
	const char *yaml = "a: 1\nb:\n  - x: سسس\n    y: {z: [1, 2]}\n  - 'q'\n";
	const char *json =
		"{\"a\": 1,\n \"b\": [{\"x\": \"سسس\", \"y\": {\"z\": [1, 2]}},\n  \"q\"]}";

	(void)state;
	stands_at("a.yaml", yaml, "/a", 1, 4);
	stands_at("a.yaml", yaml, "/b", 2, 1);
	stands_at("a.yaml", yaml, "/b/0/x", 3, 8);
	stands_at("a.yaml", yaml, "/b/0/y/z/1", 4, 16);
	stands_at("a.yaml", yaml, "/b/0/y/z/7", 4, 9);
	stands_at("a.yaml", yaml, "/b/1", 5, 5);
	stands_at("a.json", json, "/a", 1, 7);
	stands_at("a.json", json, "/b", 2, 2);
	stands_at("a.json", json, "/b/0/y/z/1", 2, 36);
	stands_at("a.json", json, "/b/1", 3, 3);
}

static void
an_included_file_stands_in_its_place(void **state)
{
	struct blueprint_file files[] = {
		{ "main.yaml", WN_STR("a: {$include: sub/a.json}\nlist:\n  - 1\n"
				      "  - $include: sub/list.yaml\n  - 4\n") },
		{ "sub/a.json", WN_STR("{\"deep\": {\"$include\": \"b.yaml\"}}") },
		{ "sub/list.yaml", WN_STR("- 2\n- x: 3\n") },
		{ "sub/b.yaml", WN_STR("\nhere: true\n") },
	};
	struct blueprint_source s;
	struct blueprint_place p = { 0 };
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 1000);
	assert_int_equal(blueprint_source_read(files, 4, &s), WN_OK);
	(void)wn_json_print(s.doc, &b);
	assert_string_equal(b.p, "{\"a\":{\"deep\":{\"here\":true}},\"list\":[1,2,{\"x\":3},4]}");
	assert_true(blueprint_source_place(&s, "/a/deep/here", &p));
	assert_string_equal(p.file, "sub/b.yaml");
	assert_int_equal(p.line, 2);
	assert_true(blueprint_source_place(&s, "/list/2/x", &p));
	assert_string_equal(p.file, "sub/list.yaml");
	assert_int_equal(p.column, 6);
	blueprint_source_fini(&s);
	wn_buf_fini(&b);
}

static void
an_include_that_will_not_do_is_refused(void **state)
{
	static const struct {
		const char *path;
		wn_err err;
	} cases[] = {
		{ "../a.yaml", WN_E_DENIED },	 { "/etc/passwd", WN_E_DENIED },
		{ "sub/../../a", WN_E_DENIED },	 { "", WN_E_DENIED },
		{ "main.yaml", WN_E_LIMIT },	 { "circle.yaml", WN_E_LIMIT },
		{ "gone.yaml", WN_E_NOT_FOUND }, { "broken.yaml", WN_E_PARSE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[100];
		struct blueprint_file files[] = {
			{ "main.yaml", WN_STR_NONE },
			{ "circle.yaml", WN_STR("{$include: circle2.yaml}") },
			{ "circle2.yaml", WN_STR("{$include: circle.yaml}") },
			{ "broken.yaml", WN_STR("a: [") },
			{ "etc/passwd", WN_STR("a: 1") },
		};
		struct blueprint_source s;
		wn_err err;

		snprintf(text, sizeof text, "a:\n  $include: \"%s\"\n", cases[i].path);
		files[0].text = wn_str(text);
		err = blueprint_source_read(files, 5, &s);
		if (err != cases[i].err)
			fail_msg("%s: %d", cases[i].path, err);
		assert_int_equal(s.report.errors, 1);
		assert_int_equal(s.missing.len, err == WN_E_NOT_FOUND);
		blueprint_source_fini(&s);
	}
}

static void
an_unquoted_version_gets_a_fitting_hint(void **state)
{
	struct blueprint_source s;

	(void)state;
	assert_int_equal(read_as("a.yaml", "blueprint: 1.0\nid: \"x\"\n", &s), WN_OK);
	assert_string_equal(
		blueprint_source_hint(&s, "/blueprint", "Expected a string, found", "?"),
		"Put it in quotes: \"1.0\".");
	assert_string_equal(blueprint_source_hint(&s, "/id", "Expected a string, found", "?"), "?");
	blueprint_source_fini(&s);
}

static void
what_is_printed_as_yaml_is_read_back(void **state)
{
	static const char *const docs[] = {
		"{\"a\":{\"en\":\"Shop: the best\",\"ar\":\"متجر\"},\"b\":[],\"c\":{},\"d\":null}",
		"{\"a\":[[1,2],[{\"x\":\"no\",\"y\":\"- "
		"z\"},\"#c\"]],\"b\":\"two\\nlines\",\"c\":\"1.0\"}",
		"{\"list\":[{\"id\":\"fld_x\",\"name\":\"a name that is long "
		"enough\",\"values\":[{\"v\":1},"
		"{\"v\":\"~\"}]}],\"t\":\"GET /a/{id}\",\"e\":[\"eq\",\"status\",\"=cart\"]}",
		"[1,\"\",\" lead\",\"trail \",\"\\u0085\",\"\\u2028\",\"a: b\",\"0x1\"]",
		"\"just text\"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof docs / sizeof docs[0]; i++) {
		struct wn_json *j = NULL;
		struct wn_buf b;

		assert_int_equal(wn_json_parse(wn_str(docs[i]), NULL, &j, NULL), WN_OK);
		wn_buf_init(&b, 1u << 16);
		assert_int_equal(blueprint_yaml_print(j, BLUEPRINT_YAML_DOCUMENT, 0, &b), WN_OK);
		means(b.p, docs[i]);
		wn_buf_fini(&b);
		wn_json_free(j);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_words_are_typed_as_yaml_1_2_says),
		cmocka_unit_test(blocks_flows_and_arabic_are_read),
		cmocka_unit_test(aliases_are_copies),
		cmocka_unit_test(yaml_errors_say_where_and_what_to_do),
		cmocka_unit_test(json_errors_say_where_and_what_to_do),
		cmocka_unit_test(a_small_text_does_not_grow),
		cmocka_unit_test(every_value_has_its_place),
		cmocka_unit_test(an_included_file_stands_in_its_place),
		cmocka_unit_test(an_include_that_will_not_do_is_refused),
		cmocka_unit_test(an_unquoted_version_gets_a_fitting_hint),
		cmocka_unit_test(what_is_printed_as_yaml_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
