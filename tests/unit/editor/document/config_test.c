/* What .editorconfig asks: read through the library, applied when opening and before saving. */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "editor/document/config.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

static struct ed_doc *
doc_with(const char *text)
{
	struct ed_doc *doc = ed_doc_new(NULL);

	assert_int_equal(ed_doc_edit(doc, 0, 0, wn_str(text)), 0);
	return doc;
}

static void
check_tidy(const char *text, struct ed_config style, const char *want)
{
	struct ed_doc *doc = doc_with(text);
	size_t steps = ed_undo_count(ed_doc_undo(doc));
	char buf[256];
	size_t n;

	assert_int_equal(ed_config_tidy(doc, &style), 0);
	n = ed_text_read(ed_doc_text(doc), 0, buf, sizeof buf - 1);
	buf[n] = 0;
	assert_string_equal(buf, want);
	assert_int_equal(ed_undo_count(ed_doc_undo(doc)), steps + (strcmp(text, want) != 0));
	ed_doc_free(doc);
}

static void
line_ends_are_tidied_as_asked_in_one_step(void **state)
{
	const struct ed_config trim = { .trim = ED_WISH_YES };
	const struct ed_config newline = { .final_newline = ED_WISH_YES };
	const struct ed_config none = { .final_newline = ED_WISH_NO };
	const struct ed_config both = { .trim = ED_WISH_YES, .final_newline = ED_WISH_YES };

	(void)state;
	check_tidy("a  \nb\t \n c d\n", trim, "a\nb\n c d\n");
	check_tidy("a \r\n  \r\n\tb\r\n", trim, "a\r\n\r\n\tb\r\n");
	check_tidy("a \rb \r\r\n", trim, "a \rb \r\r\n"); /* a lone CR is text */
	check_tidy("   ", trim, "");
	check_tidy("a", newline, "a\n");
	check_tidy("a\n", newline, "a\n");
	check_tidy("", newline, "");
	check_tidy("a\n\r\n\n", none, "a");
	check_tidy("a \nb  ", both, "a\nb\n");
	check_tidy("a \n", (struct ed_config){ 0 }, "a \n");
}

static void
very_many_line_ends_are_one_change(void **state)
{
	const struct ed_config trim = { .trim = ED_WISH_YES };
	struct ed_doc *doc = ed_doc_new(NULL);
	struct ed_text *t = ed_text_new();

	(void)state;
	for (int i = 0; i < 20000; i++)
		assert_int_equal(ed_text_replace(t, ed_text_len(t), 0, WN_STR("xy \n")), 0);
	assert_int_equal(ed_doc_replace_with(doc, 0, 0, t), 0);
	assert_int_equal(ed_config_tidy(doc, &trim), 0);
	assert_int_equal(ed_text_len(ed_doc_text(doc)), 60000);
	assert_int_equal(ed_text_byte(ed_doc_text(doc), 59999), '\n');
	assert_int_equal(ed_text_byte(ed_doc_text(doc), 59998), 'y');
	assert_int_equal(ed_undo_now(ed_doc_undo(doc))->changes.len, 1);
	ed_text_free(t);
	ed_doc_free(doc);
}

static void
words_that_mean_nothing_do_nothing(void **state)
{
	struct ed_config s = { 0 };

	(void)state;
	ed_config_set(&s, "indent_size", "-3");
	ed_config_set(&s, "indent_size", "4000000000");
	ed_config_set(&s, "indent_style", "wild");
	ed_config_set(&s, "end_of_line", "cr");
	ed_config_set(&s, "charset", "ebcdic");
	ed_config_set(&s, "unknown", "x");
	ed_config_set(&s, "trim_trailing_whitespace", "perhaps");
	assert_memory_equal(&s, &(struct ed_config){ 0 }, sizeof s);
}

static void
a_file_gets_what_the_files_above_it_ask(void **state)
{
	char dir[] = "/tmp/wn-style-XXXXXX", path[64], config[64];
	void *so = dlopen("libeditorconfig.so.0", RTLD_NOW);
	struct ed_config s;
	struct ed_doc *doc;

	(void)state;
	assert_non_null(so); /* .ci/deps installs it */
	dlclose(so);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/src/x.py", dir);
	snprintf(config, sizeof config, "%s/.editorconfig", dir);
	assert_false(ed_config_read(path, &s));
	assert_int_equal(wn_file_write(config,
				       WN_STR("root = true\n[*.{py,sh}]\nindent_style = space\n"
					      "indent_size = 3\nend_of_line = crlf\n"
					      "charset = latin1\ninsert_final_newline = true\n"
					      "[*.c]\nindent_style = tab\n"),
				       0644, NULL),
			 0);
	assert_true(ed_config_read(path, &s));
	assert_int_equal(s.tabs, ED_WISH_NO);
	assert_int_equal(s.indent_width, 3);
	assert_int_equal(s.final_newline, ED_WISH_YES);
	assert_int_equal(s.trim, ED_WISH_NONE);
	assert_int_equal(ed_doc_open(path, NULL, &doc, NULL), 0);
	ed_config_apply(doc, &s);
	assert_int_equal(ed_doc_info(doc)->indent_width, 3);
	assert_int_equal(ed_doc_info(doc)->eol, ED_EOL_CRLF);
	assert_string_equal(ed_doc_info(doc)->charset, "iso-8859-1");
	assert_false(ed_doc_dirty(doc));
	ed_doc_free(doc);
	assert_int_equal(wn_file_rmtree(dir, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(line_ends_are_tidied_as_asked_in_one_step),
		cmocka_unit_test(very_many_line_ends_are_one_change),
		cmocka_unit_test(words_that_mean_nothing_do_nothing),
		cmocka_unit_test(a_file_gets_what_the_files_above_it_ask),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
