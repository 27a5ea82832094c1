/* Markdown as rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "runtime/base/utf8.h"
#include "tui/widget/markdown.h"

static char shown[8192];

/* The rows of a source at a width, joined by newlines. */
static const char *
rows(const char *source, int cols)
{
	struct tui_markdown m;
	struct wn_buf b;

	tui_markdown_init(&m);
	tui_markdown_set(&m, wn_str(source), cols);
	wn_buf_init(&b, sizeof shown - 1);
	for (size_t i = 0; i < m.lines.len; i++) {
		size_t from = b.len;

		tui_markdown_text(&m, i, &b);
		assert_true(wn_utf8_width(wn_strn(b.p + from, b.len - from)) <= cols);
		wn_buf_chr(&b, '\n');
	}
	assert_int_equal(b.err, 0);
	memcpy(shown, b.p != NULL ? b.p : "", b.len);
	shown[b.len] = '\0';
	wn_buf_fini(&b);
	tui_markdown_fini(&m);
	return shown;
}

static void
words_are_wrapped(void **state)
{
	(void)state;
	assert_string_equal(rows("one two three four", 9), "one two \nthree \nfour\n");
}

static void
a_word_too_wide_is_cut(void **state)
{
	(void)state;
	assert_string_equal(rows("abcdefghij", 4), "abcd\nefgh\nij\n");
}

static void
wide_text_is_never_wider_than_asked(void **state)
{
	(void)state;
	assert_string_equal(rows("日本語", 4), "日本\n語\n");
}

static void
lists_have_marks_and_room(void **state)
{
	(void)state;
	assert_string_equal(rows("- a\n- b\n  1. c\n  2. d\n", 40), "• a\n• b\n  1. c\n  2. d\n");
}

static void
tasks_are_boxes(void **state)
{
	(void)state;
	assert_string_equal(rows("- [ ] open\n- [x] done\n", 40), "☐ open\n☑ done\n");
}

static void
code_keeps_its_blanks(void **state)
{
	(void)state;
	assert_string_equal(rows("```c\nif (x)\n    y();\n```\nafter", 40),
			    "│ if (x)\n│     y();\n\nafter\n");
}

static void
a_code_block_without_end_is_shown_as_it_streams(void **state)
{
	(void)state;
	assert_string_equal(rows("text\n\n```\nint x", 40), "text\n\n│ int x\n");
}

static void
where_a_link_leads_is_said(void **state)
{
	(void)state;
	assert_string_equal(rows("[docs](https://x.example/a)", 60),
			    "docs (https://x.example/a)\n");
	assert_string_equal(rows("https://x.example/a", 60), "https://x.example/a\n");
}

static void
tables_are_rows_of_cells(void **state)
{
	(void)state;
	assert_string_equal(rows("| a | b |\n|---|---|\n| 1 | 2 |\n", 40), "a │ b\n1 │ 2\n");
}

static void
html_is_text(void **state)
{
	(void)state;
	assert_string_equal(rows("a <b>c</b>", 40), "a <b>c</b>\n");
}

static void
quotes_have_a_bar(void **state)
{
	(void)state;
	assert_string_equal(rows("> said\n> so", 40), "▌ said so\n");
}

static void
emphasis_is_a_style(void **state)
{
	struct tui_markdown m;

	(void)state;
	tui_markdown_init(&m);
	tui_markdown_set(&m, WN_STR("**b** *i* ~~s~~ `c`"), 40);
	assert_int_equal(m.spans.p[0].attr, TUI_BOLD);
	assert_int_equal(m.spans.p[2].attr, TUI_ITALIC);
	assert_int_equal(m.spans.p[4].attr, TUI_STRIKE);
	assert_int_equal(m.spans.p[6].look, UI_KEY);
	tui_markdown_fini(&m);
}

static void
depth_and_width_do_not_break_it(void **state)
{
	char deep[400];
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 60; i++)
		deep[n++] = '>';
	memcpy(deep + n, " x", 3);
	assert_non_null(strstr(rows(deep, 12), "x"));
	assert_non_null(strstr(rows("- - - - - word", 1), "w"));
	assert_string_equal(rows("", 10), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_wrapped),
		cmocka_unit_test(a_word_too_wide_is_cut),
		cmocka_unit_test(wide_text_is_never_wider_than_asked),
		cmocka_unit_test(lists_have_marks_and_room),
		cmocka_unit_test(tasks_are_boxes),
		cmocka_unit_test(code_keeps_its_blanks),
		cmocka_unit_test(a_code_block_without_end_is_shown_as_it_streams),
		cmocka_unit_test(where_a_link_leads_is_said),
		cmocka_unit_test(tables_are_rows_of_cells),
		cmocka_unit_test(html_is_text),
		cmocka_unit_test(quotes_have_a_bar),
		cmocka_unit_test(emphasis_is_a_style),
		cmocka_unit_test(depth_and_width_do_not_break_it),
	};

	return cmocka_run_group_tests_name("tui/widget/markdown", tests, NULL, NULL);
}
