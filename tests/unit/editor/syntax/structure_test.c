/* What the tree says: objects, folds, indentation, brackets, outlines, in every language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "editor/syntax/private.h"
#include "editor/syntax/structure.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define GOLDEN "tests/unit/editor/syntax/golden/"
#define WAIT_MS 120000

static const char *const samples[] = {
	"sample.c",   "sample.cpp",    "sample.js",   "sample.ts",  "sample.tsx", "sample.py",
	"sample.php", "sample.json",   "sample.html", "sample.css", "sample.sql", "sample.md",
	"sample.sh",  "sample.yaml",   "sample.toml", "sample.go",  "sample.rs",  "sample.mk",
	"sample.lua", "sample.svelte", "sample.java", "sample.rb",  "sample.cs",  "sample.dart",
	"sample.dtd", "sample.ex",     "sample.erb",  "sample.hcl", "sample.kt",  "sample.scss",
	"sample.xml", "sample.zig",
};

struct open {
	struct ed_doc *doc;
	struct ed_syntax *s;
};

static int
setup(void **state)
{
	*state = ed_syntax_host_new(NULL);
	return 0;
}

static int
teardown(void **state)
{
	ed_syntax_host_free(*state);
	return 0;
}

static struct open
open_text(void **state, const char *text, const char *language)
{
	struct open o = { .doc = ed_doc_new(NULL) };

	assert_int_equal(ed_doc_edit(o.doc, 0, 0, wn_str(text)), 0);
	o.s = ed_syntax_attach(*state, o.doc, language);
	ed_syntax_show(o.s, 0, ed_text_len(ed_doc_text(o.doc)));
	assert_true(ed_syntax_wait(o.s, WAIT_MS));
	return o;
}

static void
close_text(struct open *o)
{
	ed_syntax_detach(o->s);
	ed_doc_free(o->doc);
}

static void
add_text(struct wn_buf *out, const struct ed_text *t, struct ed_range r)
{
	for (size_t p = r.from; p < r.to && p < r.from + 60; p++) {
		int c = ed_text_byte(t, p);
		(void)(c == '\n' ? wn_buf_cstr(out, "\\n") : wn_buf_chr(out, (char)c));
	}
	(void)wn_buf_chr(out, '\n');
}

/* Outline, folds, and how deep each line is by its indentation query. */
static void
print_structure(const struct open *o, struct wn_buf *out)
{
	const struct ed_text *t = ed_doc_text(o->doc);
	ed_tag_list tags = { 0 };
	ed_range_list folds = { 0 };

	ed_syntax_tags(o->s, &tags);
	for (size_t i = 0; i < tags.len; i++) {
		(void)wn_buf_printf(out, "tag %zu %d %s ",
				    ed_text_line_of(t, tags.p[i].name.from) + 1, tags.p[i].depth,
				    tags.p[i].kind);
		add_text(out, t, tags.p[i].name);
	}
	ed_syntax_folds(o->s, 0, ed_text_len(t), &folds);
	for (size_t i = 0; i < folds.len; i++)
		(void)wn_buf_printf(out, "fold %zu-%zu\n", ed_text_line_of(t, folds.p[i].from) + 1,
				    ed_text_line_of(t, folds.p[i].to) + 1);
	for (size_t line = 1; line + 1 < ed_text_lines(t); line++) {
		int levels = ed_syntax_indent(o->s, ed_text_line_start(t, line - 1),
					      ed_text_line_start(t, line));
		if (levels)
			(void)wn_buf_printf(out, "indent %zu %+d\n", line + 1, levels);
	}
	wn_vec_fini(&tags);
	wn_vec_fini(&folds);
}

static void
check_sample(void **state, const char *file)
{
	char *path = wn_asprintf(GOLDEN "%s.in", file);
	char *golden = wn_asprintf(GOLDEN "%s.structure", file);
	struct wn_buf have, want;
	struct open o = { 0 };
	const char *mode = getenv("WN_GOLDEN");

	wn_buf_init(&have, 1 << 20);
	wn_buf_init(&want, 1 << 20);
	assert_int_equal(ed_doc_open(path, NULL, &o.doc, NULL), 0);
	o.s = ed_syntax_attach(*state, o.doc, ed_language_of(file, WN_STR_NONE));
	assert_true(ed_syntax_wait(o.s, WAIT_MS));
	if (!o.s->grammar || !o.s->grammar->structure.query)
		fail_msg("structure.scm of %s: %s", ed_syntax_language(o.s),
			 o.s->grammar ? o.s->grammar->why.text : "no grammar");
	print_structure(&o, &have);
	if (mode && strcmp(mode, "write") == 0)
		assert_int_equal(wn_file_write(golden, wn_buf_view(&have), 0644, NULL), 0);
	assert_int_equal(wn_file_read(golden, &want, NULL), 0);
	assert_string_equal(have.len ? have.p : "", want.len ? want.p : "");
	close_text(&o);
	wn_buf_fini(&have);
	wn_buf_fini(&want);
	wn_free(path);
	wn_free(golden);
}

static void
every_language_has_its_structure(void **state)
{
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		check_sample(state, samples[i]);
}

static void
check_range(const struct open *o, struct ed_range r, const char *want)
{
	struct wn_buf b;

	wn_buf_init(&b, 4096);
	assert_int_equal(ed_text_copy(ed_doc_text(o->doc), r.from, r.to, &b), 0);
	assert_string_equal(b.len ? b.p : "", want);
	wn_buf_fini(&b);
}

static const char c_text[] = "/* one */\nint\nadd(int a, int b)\n{\n\treturn max(a, (b));\n}\n"
			     "int other(void) { return 1; }\n";

static void
objects_are_found_around_the_cursor(void **state)
{
	struct open o = open_text(state, c_text, "c");
	struct ed_range r;
	size_t body = 40;

	assert_true(ed_syntax_object(o.s, ED_OBJECT_FUNCTION, false, body, &r));
	check_range(&o, r, "int\nadd(int a, int b)\n{\n\treturn max(a, (b));\n}");
	assert_true(ed_syntax_object(o.s, ED_OBJECT_FUNCTION, true, body, &r));
	check_range(&o, r, "return max(a, (b));");
	assert_true(ed_syntax_object(o.s, ED_OBJECT_PARAMETER, true, 19, &r));
	check_range(&o, r, "int a");
	assert_true(ed_syntax_object(o.s, ED_OBJECT_PARAMETER, false, 19, &r));
	check_range(&o, r, "int a, ");
	assert_true(ed_syntax_object(o.s, ED_OBJECT_PARAMETER, false, 26, &r));
	check_range(&o, r, ", int b");
	assert_true(ed_syntax_object(o.s, ED_OBJECT_COMMENT, true, 4, &r));
	check_range(&o, r, "one");
	assert_false(ed_syntax_object(o.s, ED_OBJECT_CLASS, false, body, &r));
	close_text(&o);
}

static void
objects_are_found_on_both_sides(void **state)
{
	struct open o = open_text(state, c_text, "c");
	struct ed_range r;

	assert_true(ed_syntax_object_next(o.s, ED_OBJECT_FUNCTION, 0, false, &r));
	assert_int_equal(r.from, 10);
	assert_true(ed_syntax_object_next(o.s, ED_OBJECT_FUNCTION, r.from, false, &r));
	check_range(&o, r, "int other(void) { return 1; }");
	assert_false(ed_syntax_object_next(o.s, ED_OBJECT_FUNCTION, r.from, false, &r));
	assert_true(ed_syntax_object_next(o.s, ED_OBJECT_FUNCTION, r.from, true, &r));
	assert_int_equal(r.from, 10);
	close_text(&o);
}

static void
a_selection_grows_node_by_node(void **state)
{
	struct open o = open_text(state, "int x = f(a + b);\n", "c");
	struct ed_range r = { 10, 10 };

	assert_true(ed_syntax_grow(o.s, r, &r));
	check_range(&o, r, "a");
	assert_true(ed_syntax_grow(o.s, r, &r));
	check_range(&o, r, "a + b");
	assert_true(ed_syntax_grow(o.s, r, &r));
	check_range(&o, r, "(a + b)");
	assert_true(ed_syntax_grow(o.s, r, &r));
	check_range(&o, r, "f(a + b)");
	close_text(&o);
}

static void
structure_follows_edits_before_the_worker_does(void **state)
{
	struct open o = open_text(state, c_text, "c");
	struct ed_range r;

	assert_int_equal(ed_doc_edit(o.doc, 0, 0, WN_STR("\n\n\n")), 0);
	assert_true(ed_syntax_object(o.s, ED_OBJECT_PARAMETER, true, 22, &r));
	check_range(&o, r, "int a");
	assert_int_equal(ed_doc_edit(o.doc, r.to, 0, WN_STR("bc")), 0);
	assert_true(ed_syntax_object(o.s, ED_OBJECT_FUNCTION, false, 43, &r));
	check_range(&o, r, "int\nadd(int abc, int b)\n{\n\treturn max(a, (b));\n}");
	close_text(&o);
}

static void
brackets_find_each_other(void **state)
{
	struct open o = open_text(state, "f(a[\")\"], { (1) });\n", "javascript");
	size_t at;

	assert_true(ed_syntax_bracket(o.s, 1, 1000, &at));
	assert_int_equal(at, 17);
	assert_true(ed_syntax_bracket(o.s, 17, 1000, &at));
	assert_int_equal(at, 1);
	assert_true(ed_syntax_bracket(o.s, 3, 1000, &at));
	assert_int_equal(at, 7);
	assert_false(ed_syntax_bracket(o.s, 5, 1000, &at));
	assert_false(ed_syntax_bracket(o.s, 0, 1000, &at));
	close_text(&o);
}

static void
scopes_are_those_begun_above(void **state)
{
	struct open o = open_text(state, "class A:\n    def f(self):\n        x = 1\n", "python");
	struct ed_range r[4];

	assert_int_equal(ed_syntax_scopes(o.s, 35, r, 4), 2);
	assert_int_equal(r[0].from, 0);
	assert_int_equal(r[1].from, 13);
	assert_int_equal(ed_syntax_scopes(o.s, 2, r, 4), 0);
	close_text(&o);
}

static void
without_a_grammar_nothing_is_found(void **state)
{
	struct open o = open_text(state, "(plain) text\n", NULL);
	struct ed_range r = { 0, 0 };
	ed_tag_list tags = { 0 };
	size_t at;

	assert_false(ed_syntax_grow(o.s, r, &r));
	assert_false(ed_syntax_object(o.s, ED_OBJECT_FUNCTION, false, 0, &r));
	ed_syntax_tags(o.s, &tags);
	assert_int_equal(tags.len, 0);
	assert_int_equal(ed_syntax_indent(o.s, 0, 3), 0);
	assert_true(ed_syntax_bracket(o.s, 0, 1000, &at));
	assert_int_equal(at, 6);
	close_text(&o);
}

#define T(f) cmocka_unit_test(f)
int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_language_has_its_structure),
		T(objects_are_found_around_the_cursor),
		T(objects_are_found_on_both_sides),
		T(a_selection_grows_node_by_node),
		T(structure_follows_edits_before_the_worker_does),
		T(brackets_find_each_other),
		T(scopes_are_those_begun_above),
		T(without_a_grammar_nothing_is_found),
	};

	return cmocka_run_group_tests_name("editor/syntax/structure", tests, setup, teardown);
}
