/* Edits of a blueprint's text: what was not edited keeps every byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ai/blueprint/source/edit.h"

static wn_err
edit(const char *path, const char *text, enum blueprint_edit_op op, const char *pointer,
     const char *value, struct wn_buf *out, struct wn_diag *d)
{
	struct blueprint_file f = { path, wn_str(text) };
	struct wn_json *v = NULL;
	struct blueprint_edit e = { op, pointer, NULL };
	wn_err err;

	if (value)
		assert_int_equal(wn_json_parse(wn_str(value), NULL, &v, NULL), WN_OK);
	e.value = v;
	wn_buf_init(out, 1u << 20);
	err = blueprint_edit(&f, &e, 1, out, d);
	wn_json_free(v);
	return err;
}

struct edit_case {
	enum blueprint_edit_op op;
	const char *pointer, *value, *before, *after;
};

static void
all_come_out(const char *path, const struct edit_case *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct wn_diag d = { 0 };
		struct wn_buf b;

		if (edit(path, c[i].before, c[i].op, c[i].pointer, c[i].value, &b, &d))
			fail_msg("case %zu %s: %s", i, c[i].pointer, d.text);
		if (strcmp(b.p, c[i].after))
			fail_msg("case %zu %s:\n%s", i, c[i].pointer, b.p);
		wn_buf_fini(&b);
	}
}

#define SET BLUEPRINT_EDIT_SET
#define ADD BLUEPRINT_EDIT_ADD
#define REMOVE BLUEPRINT_EDIT_REMOVE

static void
yaml_keeps_comments_and_order(void **state)
{
	static const struct edit_case cases[] = {
		{ SET, "/a", "2", "# top\na: 1 # one\nb: x\n", "# top\na: 2 # one\nb: x\n" },
		{ SET, "/a", "\"no\"", "a:   'yes'   # why\n", "a: \"no\"   # why\n" },
		{ SET, "/a/x", "\"سعر\"", "a:\n  # c\n  y: 1\n  x: b # d\n",
		  "a:\n  # c\n  y: 1\n  x: سعر # d\n" },
		{ SET, "/c", "true", "a: 1\nb:\n  - 1 # last\n\n# end\n",
		  "a: 1\nb:\n  - 1 # last\nc: true\n\n# end\n" },
		{ SET, "/a", "{\"en\":\"A\",\"ar\":\"ب\"}", "a: {en: B} # c\nb: 1\n",
		  "a: {en: A, ar: ب} # c\nb: 1\n" },
		{ SET, "/a/b", "5", "a: # about a\n  b: 1\n", "a: # about a\n  b: 5\n" },
		{ SET, "/a", "[{\"x\":{\"y\":1}}]", "a: # about a\n  b: 1\nc: 2\n",
		  "a: # about a\n  - x: {\"y\": 1}\nc: 2\n" },
		{ SET, "/a", "1", "a: |\n  one\n  two\nb: 2\n", "a: 1\nb: 2\n" },
		{ SET, "/a", "1", "a:\nb: 2\n", "a: 1\nb: 2\n" },
		{ SET, "/a/c", "1", "a: {b: 1, d: 2}\n", "a: {b: 1, d: 2, c: 1}\n" },
		{ SET, "/a/c", "1", "a: {}\nb: 1\n", "a: {c: 1}\nb: 1\n" },
		{ ADD, "/a/-", "\"z\"", "a:\n- x # 1\n- y # 2\nb: 1\n",
		  "a:\n- x # 1\n- y # 2\n- z\nb: 1\n" },
		{ ADD, "/a/0", "\"z\"", "a:\n  # first\n  - x\n", "a:\n  # first\n  - z\n  - x\n" },
		{ ADD, "/a/1", "{\"id\":\"f\",\"v\":[[1,2],[3]]}",
		  "a:\n  - id: x\n    t: |\n      w\n  # two\n  - id: y\n",
		  "a:\n  - id: x\n    t: |\n      w\n  - id: f\n    v:\n      - [1, 2]\n      - "
		  "[3]\n  # two\n  - id: y\n" },
		{ ADD, "/a/1", "9", "a: [1, 2] # c\n", "a: [1, 9, 2] # c\n" },
		{ REMOVE, "/b", NULL, "a: 1\n# about b\nb:\n  - 1 # x\n  - 2\nc: 3\n",
		  "a: 1\n# about b\nc: 3\n" },
		{ REMOVE, "/a/0", NULL, "a:\n  - x: 1\n    y: 2\n  # keep\n  - z: 1\n",
		  "a:\n  # keep\n  - z: 1\n" },
		{ REMOVE, "/a/0/x", NULL, "a:\n  - x: 1\n    y: 2\n", "a:\n  - y: 2\n" },
		{ REMOVE, "/a/0", NULL, "a:\n  - x # only\nb: 1\n", "a: [] # only\nb: 1\n" },
		{ REMOVE, "/a/b", NULL, "a: {b: 1, c: 2}\n", "a: {c: 2}\n" },
		{ REMOVE, "/a/1", NULL, "a: [1, 2]\n", "a: [1]\n" },
		{ REMOVE, "/a/0", NULL, "a: [\n  1, # one\n  2\n ]\n",
		  "a: [\n   # one\n  2\n ]\n" },
		{ SET, "/a~1b", "1", "a/b: 2 # c\r\nc: 3\r\n", "a/b: 1 # c\r\nc: 3\r\n" },
	};

	(void)state;
	all_come_out("a.yaml", cases, sizeof cases / sizeof cases[0]);
}

static void
json_keeps_order_and_layout(void **state)
{
	static const struct edit_case cases[] = {
		{ SET, "/a", "2", "{\n \"b\": 1,\n \"a\": \"x\"\n}\n",
		  "{\n \"b\": 1,\n \"a\": 2\n}\n" },
		{ SET, "/c", "{\"en\":\"C\"}", "{\n \"b\": 1,\n \"a\": {\"x\": 1}\n}\n",
		  "{\n \"b\": 1,\n \"a\": {\"x\": 1},\n \"c\": {\"en\": \"C\"}\n}\n" },
		{ SET, "/a/y", "1", "{\"a\": {\"x\": 1}}", "{\"a\": {\"x\": 1, \"y\": 1}}" },
		{ SET, "/a/y", "1", "{\"a\": {}}", "{\"a\": {\"y\": 1}}" },
		{ ADD, "/a/0", "1", "{\"a\": []}", "{\"a\": [1]}" },
		{ ADD, "/a/1", "{\"z\":[{\"q\":[1]}]}", "{\n  \"a\": [\n    1,\n    2\n  ]\n}",
		  "{\n  \"a\": [\n    1,\n    {\n      \"z\": [\n        {\n          \"q\": [1]\n "
		  "       }\n      ]\n    },\n    2\n  ]\n}" },
		{ ADD, "/a/-", "3", "{\"a\": [1, 2]}", "{\"a\": [1, 2, 3]}" },
		{ REMOVE, "/a", NULL, "{\n  \"a\": 1,\n  \"b\": 2\n}", "{\n  \"b\": 2\n}" },
		{ REMOVE, "/b", NULL, "{\n  \"a\": 1,\n  \"b\": 2\n}", "{\n  \"a\": 1\n}" },
		{ REMOVE, "/a/0", NULL, "{\"a\": [[1, 2]]}", "{\"a\": []}" },
	};

	(void)state;
	all_come_out("a.json", cases, sizeof cases / sizeof cases[0]);
}

static void
what_cannot_be_done_changes_nothing(void **state)
{
	static const struct {
		enum blueprint_edit_op op;
		const char *pointer, *text;
		wn_err err;
	} cases[] = {
		{ SET, "/b", "a: &x 1\nb: *x\n", WN_E_UNSUPPORTED },
		{ SET, "/a", "a: &x 1\nb: *x\n", WN_E_UNSUPPORTED },
		{ SET, "", "a: 1\n", WN_E_INVALID },
		{ SET, "/x/y", "a: 1\n", WN_E_NOT_FOUND },
		{ SET, "/a/b", "a: 1\n", WN_E_NOT_FOUND },
		{ REMOVE, "/b", "a: 1\n", WN_E_NOT_FOUND },
		{ ADD, "/a/5", "a: [1]\n", WN_E_NOT_FOUND },
		{ SET, "/a/x", "a: [1]\n", WN_E_NOT_FOUND },
		{ SET, "/a", "a: [\n", WN_E_PARSE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct wn_diag d = { 0 };
		struct wn_buf b;
		wn_err err = edit("a.yaml", cases[i].text, cases[i].op, cases[i].pointer,
				  cases[i].op == REMOVE ? NULL : "7", &b, &d);

		if (err != cases[i].err || b.len || !d.text[0])
			fail_msg("%s: %d %s", cases[i].pointer, err, d.text);
		wn_buf_fini(&b);
	}
}

static void
several_edits_follow_each_other(void **state)
{
	struct blueprint_file f = { "a.yaml", WN_STR("a: 1 # c\nb: [x]\n") };
	struct wn_json *one = wn_json_new_num(1), *text = wn_json_new_str(WN_STR("y"));
	struct blueprint_edit edits[] = { { SET, "/a", text },
					  { ADD, "/b/0", one },
					  { REMOVE, "/b/1", NULL } };
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 1000);
	assert_int_equal(blueprint_edit(&f, edits, 3, &b, NULL), WN_OK);
	assert_string_equal(b.p, "a: \"y\" # c\nb: [1]\n");
	wn_buf_fini(&b);
	wn_json_free(one);
	wn_json_free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml_keeps_comments_and_order),
		cmocka_unit_test(json_keeps_order_and_layout),
		cmocka_unit_test(what_cannot_be_done_changes_nothing),
		cmocka_unit_test(several_edits_follow_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
