/* What keys do: moving, selecting, typing, and the commands, on one and on many selections. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "editor/select/view.h"
#include "runtime/base/mem.h"

/*
 * A text with its selections drawn in: '|' is a cursor, '[' and ']' the anchor and head of a
 * selection ("[ab]" forward, "]ab[" backward). The main selection is the last one.
 */
struct world {
	struct wn_clock_fake clock;
	struct ed_doc *doc;
	struct ed_view *view;
};

static void
start(struct world *w, const char *drawn, const char *eol)
{
	struct ed_doc_opts o = { .clock = &w->clock.clock, .indent_width = 4 };
	size_t at = 0, anchor = 0, head = 0;
	bool first = true;

	wn_clock_fake_init(&w->clock, 1000);
	w->doc = ed_doc_new(&o);
	(void)eol;
	for (const char *p = drawn; *p; p++) {
		if (strchr("|[]", *p))
			continue;
		assert_int_equal(ed_doc_edit(w->doc, at++, 0, wn_strn(p, 1)), 0);
	}
	w->view = ed_view_new(w->doc);
	at = 0;
	for (const char *p = drawn; *p; p++) {
		bool end = false;
		if (*p == '|') {
			anchor = head = at;
			end = true;
		} else if (*p == '[' || *p == ']') {
			size_t *which = *p == '[' ? &anchor : &head;
			*which = at;
			for (p++; *p != '[' && *p != ']'; p++)
				at++;
			*(which == &anchor ? &head : &anchor) = at;
			end = true;
		} else {
			at++;
		}
		if (end && first)
			ed_view_select(w->view, anchor, head);
		else if (end)
			ed_view_add(w->view, anchor, head);
		first = first && !end;
	}
}

static void
finish(struct world *w)
{
	ed_view_free(w->view);
	ed_doc_free(w->doc);
}

static void
assert_drawn(struct world *w, const char *want)
{
	const struct ed_sel *sel;
	size_t n = ed_view_sels(w->view, &sel), len = ed_text_len(ed_doc_text(w->doc));
	struct wn_buf b;

	wn_buf_init(&b, 1 << 16);
	for (size_t at = 0; at <= len; at++) {
		for (size_t i = 0; i < n; i++) {
			if (sel[i].anchor == at && sel[i].head == at)
				(void)wn_buf_chr(&b, '|');
			else if (sel[i].anchor == at)
				(void)wn_buf_chr(&b, '[');
			else if (sel[i].head == at)
				(void)wn_buf_chr(&b, ']');
		}
		if (at < len)
			(void)wn_buf_chr(&b, (char)ed_text_byte(ed_doc_text(w->doc), at));
	}
	assert_string_equal(b.p ? b.p : "", want);
	wn_buf_fini(&b);
}

static void
check_do(const char *before, enum ed_cmd cmd, const char *after)
{
	struct world w;

	start(&w, before, "\n");
	assert_int_equal(ed_view_do(w.view, cmd, NULL), 0);
	assert_drawn(&w, after);
	finish(&w);
}

/* The command, then undo, gives the text and selections from before. */
static void
check_do_undo(const char *before, enum ed_cmd cmd, const char *after)
{
	struct world w;

	start(&w, before, "\n");
	assert_int_equal(ed_view_do(w.view, cmd, NULL), 0);
	assert_drawn(&w, after);
	assert_int_equal(ed_view_do(w.view, ED_UNDO, NULL), 0);
	assert_drawn(&w, before);
	assert_int_equal(ed_view_do(w.view, ED_REDO, NULL), 0);
	assert_drawn(&w, after);
	finish(&w);
}

static void
check_move(const char *before, enum ed_move move, size_t count, bool extend, const char *after)
{
	struct world w;

	start(&w, before, "\n");
	ed_view_move(w.view, move, count, extend);
	assert_drawn(&w, after);
	finish(&w);
}

/* ---- moving ------------------------------------------------------------------------- */

static void
moves_by_cluster(void **state)
{
	(void)state;
	check_move("a|\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"
		   "b",
		   ED_RIGHT, 1, false, "a\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7|b");
	check_move("ae\xCC\x81|", ED_LEFT, 1, false, "a|e\xCC\x81");
	check_move("a|\r\nb", ED_RIGHT, 1, false, "a\r\n|b");
	check_move("a\r\n|b", ED_LEFT, 1, false, "a|\r\nb");
	check_move("|ab", ED_LEFT, 1, false, "|ab");
	check_move("ab|", ED_RIGHT, 3, false, "ab|");
	check_move("\xFF|\xFE", ED_LEFT, 1, false, "|\xFF\xFE");
}

static void
moving_leaves_a_selection_by_its_end(void **state)
{
	(void)state;
	check_move("a[bc]d", ED_LEFT, 1, false, "a|bcd");
	check_move("a[bc]d", ED_RIGHT, 1, false, "abc|d");
	check_move("a[bc]d", ED_RIGHT, 1, true, "a[bcd]");
}

static void
up_and_down_keep_the_column(void **state)
{
	struct world w;

	(void)state;
	start(&w, "long line|\nab\nlong again", "\n");
	ed_view_move(w.view, ED_DOWN, 1, false);
	assert_drawn(&w, "long line\nab|\nlong again");
	ed_view_move(w.view, ED_DOWN, 1, false);
	assert_drawn(&w, "long line\nab\nlong agai|n");
	ed_view_move(w.view, ED_UP, 2, false);
	assert_drawn(&w, "long line|\nab\nlong again");
	finish(&w);
	check_move("\tx|y\n0123456789abc", ED_DOWN, 1, false, "\txy\n012345678|9abc");
	check_move("a|b\ncd", ED_DOWN, 5, false, "ab\nc|d");
	check_move("ab\nc|d", ED_DOWN, 1, false, "ab\ncd|");
	check_move("a|b\ncd", ED_UP, 1, false, "|ab\ncd");
}

static void
words_lines_and_ends(void **state)
{
	(void)state;
	check_move("|one two.three", ED_WORD_RIGHT, 2, false, "one two|.three");
	check_move("one two.three|", ED_WORD_LEFT, 2, false, "one two|.three");
	check_move("a\n  |b", ED_WORD_LEFT, 1, false, "|a\n  b");
	check_move("  ab|c", ED_HOME, 1, false, "  |abc");
	check_move("  |abc", ED_HOME, 1, false, "|  abc");
	check_move("a|bc\r\nd", ED_LINE_END, 1, false, "abc|\r\nd");
	check_move("a\nb|c", ED_LINE_START, 1, true, "a\n]b[c");
	check_move("a|b\ncd", ED_DOC_END, 1, true, "a[b\ncd]");
}

static void
goto_counts_lines_and_columns(void **state)
{
	struct world w;

	(void)state;
	start(&w, "|ab\n\tcd\n", "\n");
	ed_view_goto(w.view, 1, 9, false);
	assert_drawn(&w, "ab\n\tc|d\n");
	ed_view_goto(w.view, 99, 99, false);
	assert_drawn(&w, "ab\n\tcd\n|");
	finish(&w);
}

/* ---- typing -------------------------------------------------------------------------- */

static void
type_all(struct world *w, const char *s)
{
	for (; *s; s++)
		assert_int_equal(ed_view_type(w->view, wn_strn(s, 1), NULL), 0);
}

static void
a_word_is_one_undo_step(void **state)
{
	struct world w;

	(void)state;
	start(&w, "|", "\n");
	type_all(&w, "one two");
	assert_int_equal(ed_view_do(w.view, ED_UNDO, NULL), 0);
	assert_drawn(&w, "one |");
	assert_int_equal(ed_view_do(w.view, ED_UNDO, NULL), 0);
	assert_drawn(&w, "|");
	assert_int_equal(ed_view_do(w.view, ED_UNDO, NULL), WN_E_NOT_FOUND);
	finish(&w);
}

static void
moving_or_waiting_begins_a_new_step(void **state)
{
	struct world w;

	(void)state;
	start(&w, "|", "\n");
	type_all(&w, "ab");
	ed_view_move(w.view, ED_LEFT, 1, false);
	type_all(&w, "c");
	wn_clock_fake_advance(&w.clock, 10000);
	type_all(&w, "d");
	assert_drawn(&w, "acd|b");
	assert_int_equal(ed_view_do(w.view, ED_UNDO, NULL), 0);
	assert_drawn(&w, "ac|b");
	assert_int_equal(ed_view_do(w.view, ED_UNDO, NULL), 0);
	assert_drawn(&w, "a|b");
	finish(&w);
}

static void
typing_replaces_every_selection(void **state)
{
	struct world w;

	(void)state;
	start(&w, "[ab] c [de]\n|", "\n");
	type_all(&w, "xy");
	assert_drawn(&w, "xy| c xy|\nxy|");
	assert_int_equal(ed_view_do(w.view, ED_UNDO, NULL), 0);
	assert_drawn(&w, "[ab] c [de]\n|");
	finish(&w);
}

static void
a_closing_bracket_goes_back_one_level(void **state)
{
	struct world w;

	(void)state;
	start(&w, "{\n        |", "\n");
	type_all(&w, "}");
	assert_drawn(&w, "{\n    }|");
	finish(&w);
}

static void
another_view_keeps_its_place(void **state)
{
	struct world w;
	struct ed_view *other;

	(void)state;
	start(&w, "ab|cd", "\n");
	other = ed_view_new(w.doc);
	ed_view_select(other, 3, 3);
	type_all(&w, "xx");
	assert_int_equal(ed_view_main(other)->head, 5);
	ed_view_free(other);
	finish(&w);
}

/* ---- commands -------------------------------------------------------------------------- */

static void
deleting(void **state)
{
	(void)state;
	check_do_undo("ae\xCC\x81|b", ED_DELETE_LEFT, "a|b");
	check_do_undo("a|\r\nb", ED_DELETE_RIGHT, "a|b");
	check_do_undo("x[ab]y", ED_DELETE_LEFT, "x|y");
	check_do_undo("        |x", ED_DELETE_LEFT, "    |x");
	check_do_undo("     |x", ED_DELETE_LEFT, "    |x");
	check_do_undo("one two|", ED_DELETE_WORD_LEFT, "one |");
	check_do_undo("|one two", ED_DELETE_WORD_RIGHT, "| two");
	check_do_undo("a|bc\nd", ED_DELETE_TO_LINE_END, "a|\nd");
	check_do("a|\nb", ED_DELETE_TO_LINE_END, "a|b");
	check_do_undo("a\nb|b\nc", ED_DELETE_LINE, "a\n|c");
	check_do("a\nb|b", ED_DELETE_LINE, "a|");
	check_do("a|b|c", ED_DELETE_LEFT, "|c");
}

static void
a_new_line_keeps_the_indent(void **state)
{
	(void)state;
	check_do_undo("    ab|cd", ED_NEWLINE, "    ab\n    |cd");
	check_do("\tif (x) {|", ED_NEWLINE, "\tif (x) {\n\t    |");
	check_do("f(|)", ED_NEWLINE, "f(\n    |\n)");
	check_do("  |  x", ED_NEWLINE, "  \n  |  x");
}

static void
indenting(void **state)
{
	(void)state;
	check_do_undo("[a\n\nb]", ED_INDENT, "[    a\n\n    b]");
	check_do_undo("        |a", ED_DEDENT, "    |a");
	check_do("\t|a", ED_DEDENT, "|a");
	check_do("  |a", ED_DEDENT, "|a");
	check_do("a|b", ED_TAB, "a   |b");
	check_do("[a\nb]", ED_TAB, "[    a\n    b]");
}

static void
moving_lines(void **state)
{
	(void)state;
	check_do_undo("a\nb|b\nc", ED_MOVE_LINE_UP, "b|b\na\nc");
	check_do_undo("a\nb|b\nc", ED_MOVE_LINE_DOWN, "a\nc\nb|b");
	check_do("|a\nb", ED_MOVE_LINE_UP, "|a\nb");
	check_do("a\n|b", ED_MOVE_LINE_DOWN, "a\n|b");
	check_do_undo("[a\nb]\nc", ED_MOVE_LINE_DOWN, "c\n[a\nb]");
	check_do("a\r\nb|", ED_MOVE_LINE_UP, "b|\r\na");
	check_do("a|\r\nb\r\n", ED_MOVE_LINE_DOWN, "b\r\na|\r\n");
}

static void
duplicating_and_joining(void **state)
{
	(void)state;
	check_do_undo("a|b\nc", ED_DUPLICATE_LINE, "ab\na|b\nc");
	check_do_undo("a|b", ED_DUPLICATE_LINE, "ab\na|b");
	check_do("a|b\r\nc", ED_DUPLICATE_LINE, "ab\r\na|b\r\nc");
	check_do_undo("a|b\n   cd\ne", ED_JOIN_LINES, "a|b cd\ne");
	check_do("[a\nb\nc]\nd", ED_JOIN_LINES, "[a b c]\nd");
}

static void
commenting(void **state)
{
	struct world w;

	(void)state;
	start(&w, "[  a\n\n    b]", "\n");
	assert_int_equal(ed_view_do(w.view, ED_TOGGLE_COMMENT, NULL), WN_E_UNSUPPORTED);
	ed_view_set_comment(w.view, "//", NULL);
	assert_int_equal(ed_view_do(w.view, ED_TOGGLE_COMMENT, NULL), 0);
	assert_drawn(&w, "[  // a\n\n    // b]");
	assert_int_equal(ed_view_do(w.view, ED_TOGGLE_COMMENT, NULL), 0);
	assert_drawn(&w, "[  a\n\n    b]");
	ed_view_set_comment(w.view, "<!--", "-->");
	assert_int_equal(ed_view_do(w.view, ED_TOGGLE_COMMENT, NULL), 0);
	assert_drawn(&w, "[  <!-- a -->\n\n    <!-- b] -->");
	assert_int_equal(ed_view_do(w.view, ED_TOGGLE_COMMENT, NULL), 0);
	assert_drawn(&w, "[  a\n\n    b]");
	finish(&w);
}

static void
selecting(void **state)
{
	(void)state;
	check_do("a|b", ED_SELECT_ALL, "[ab]");
	check_do("a\nb|b\nc", ED_SELECT_LINE, "a\n[bb\n]c");
	check_do("one t|wo.x", ED_SELECT_WORD, "one [two].x");
	check_do("[a] [b]", ED_SELECT_NONE, "a b|");
}

static void
selections_that_meet_become_one(void **state)
{
	struct world w;

	(void)state;
	start(&w, "a|b|c", "\n");
	ed_view_move(w.view, ED_LINE_END, 1, false);
	assert_drawn(&w, "abc|");
	finish(&w);
	start(&w, "[ab]cd", "\n");
	ed_view_add(w.view, 1, 3);
	assert_drawn(&w, "[abc]d");
	finish(&w);
}

static void
cut_copy_and_paste(void **state)
{
	struct ed_register r;
	struct world w;

	(void)state;
	ed_register_init(&r);
	start(&w, "a[bc]d", "\n");
	assert_int_equal(ed_view_cut(w.view, &r, NULL), 0);
	assert_drawn(&w, "a|d");
	assert_int_equal(ed_view_paste(w.view, &r, NULL), 0);
	assert_int_equal(ed_view_paste(w.view, &r, NULL), 0);
	assert_drawn(&w, "abcbc|d");
	finish(&w);
	start(&w, "one\nt|wo\nthree", "\n");
	assert_int_equal(ed_view_cut(w.view, &r, NULL), 0);
	assert_drawn(&w, "one\n|three");
	assert_true(r.lines);
	assert_int_equal(ed_view_paste(w.view, &r, NULL), 0);
	assert_drawn(&w, "one\ntwo\n|three");
	finish(&w);
	ed_register_fini(&r);
}

static void
nothing_is_lost_when_read_only(void **state)
{
	struct wn_diag d = { 0 };
	struct world w;

	(void)state;
	start(&w, "a[b]c", "\n");
	ed_doc_set_read_only(w.doc, true);
	assert_int_equal(ed_view_type(w.view, WN_STR("x"), &d), WN_E_READ_ONLY);
	for (int c = 0; c < ED_CMDS; c++)
		(void)!ed_view_do(w.view, (enum ed_cmd)c, NULL);
	ed_view_select(w.view, 1, 2);
	assert_drawn(&w, "a[b]c");
	finish(&w);
}

/* Whatever is done, undoing all of it gives the first text back and positions stay in range. */
static void
any_commands_undone_give_the_first_text(void **state)
{
	uint64_t seed = 1234;
	struct world w;

	(void)state;
	start(&w, "int main(void)\n{\n\treturn \xE6\xBC\xA2 0; // x\n}\n\n  end|", "\n");
	for (int i = 0; i < 3000; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 7;
		seed ^= seed << 17;
		size_t len = ed_text_len(ed_doc_text(w.doc));
		const struct ed_sel *sel;
		switch (seed % 4) {
		case 0:
			ed_view_move(w.view, (enum ed_move)(seed / 7 % (ED_DOC_END + 1)),
				     seed / 99 % 4, seed / 5 % 2);
			break;
		case 1:
			if (seed / 3 % 3)
				ed_view_select(w.view, seed / 11 % (len + 1),
					       seed / 13 % (len + 1));
			else
				ed_view_add(w.view, seed / 11 % (len + 1), seed / 13 % (len + 1));
			break;
		case 2:
			if (len < 4000)
				assert_int_equal(ed_view_type(w.view,
							      wn_str(seed / 3 % 2 ? "{ab" : "\n}"),
							      NULL),
						 0);
			break;
		default:
			(void)!ed_view_do(w.view, (enum ed_cmd)(seed / 17 % ED_CMDS), NULL);
		}
		len = ed_text_len(ed_doc_text(w.doc));
		for (size_t k = ed_view_sels(w.view, &sel); k-- > 0;)
			assert_true(sel[k].anchor <= len && sel[k].head <= len);
	}
	while (ed_view_do(w.view, ED_UNDO, NULL) == 0)
		;
	assert_int_equal(ed_text_len(ed_doc_text(w.doc)), 0);
	finish(&w);
}

#define T(f) cmocka_unit_test(f)
int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(moves_by_cluster),
		T(moving_leaves_a_selection_by_its_end),
		T(up_and_down_keep_the_column),
		T(words_lines_and_ends),
		T(goto_counts_lines_and_columns),
		T(a_word_is_one_undo_step),
		T(moving_or_waiting_begins_a_new_step),
		T(typing_replaces_every_selection),
		T(a_closing_bracket_goes_back_one_level),
		T(another_view_keeps_its_place),
		T(deleting),
		T(a_new_line_keeps_the_indent),
		T(indenting),
		T(moving_lines),
		T(duplicating_and_joining),
		T(commenting),
		T(selecting),
		T(selections_that_meet_become_one),
		T(cut_copy_and_paste),
		T(nothing_is_lost_when_read_only),
		T(any_commands_undone_give_the_first_text),
	};

	return cmocka_run_group_tests_name("editor/select/view", tests, NULL, NULL);
}
