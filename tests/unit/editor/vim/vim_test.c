/*
 * What Vim cannot be asked about: surround, pasting, what the host is told, undo around a save, a
 * macro without end, and the selection the view is given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "editor/undo/undo.h"
#include "editor/vim/vim.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

struct world {
	struct ed_doc *doc;
	struct ed_view *view;
	struct ed_vim_shared *shared;
	struct ed_vim *v;
	char said[256], asked[64];
	bool error;
	struct wn_buf clip;
	size_t top;
};

static void
on_say(void *arg, bool error, const char *text)
{
	struct world *w = arg;

	w->error = error;
	snprintf(w->said, sizeof w->said, "%s", text);
}

static wn_err
on_command(void *arg, const char *name, bool bang, struct wn_str rest, size_t from, size_t to,
	   struct wn_diag *d)
{
	struct world *w = arg;

	(void)from;
	(void)to;
	(void)d;
	snprintf(w->asked, sizeof w->asked, "%s%s %.*s", name, bang ? "!" : "", WN_STR_ARG(rest));
	return strcmp(name, "w") == 0 || strcmp(name, "e") == 0 ? 0 : WN_E_NOT_FOUND;
}

static struct wn_str
on_clipboard(void *arg)
{
	return wn_buf_view(&((struct world *)arg)->clip);
}

static void
on_copy(void *arg, struct wn_str text)
{
	struct world *w = arg;

	wn_buf_clear(&w->clip);
	assert_int_equal(wn_buf_str(&w->clip, text), 0);
}

static void
on_window(void *arg, size_t *top, size_t *rows)
{
	*top = ((struct world *)arg)->top;
	*rows = 4;
}

static void
on_top(void *arg, size_t top)
{
	((struct world *)arg)->top = top;
}

static int
start(void **state)
{
	struct world *w = WN_NEW(struct world);
	struct ed_vim_host host = { w,	     on_say,	on_command, on_clipboard,
				    on_copy, on_window, on_top,	    NULL };

	wn_buf_init(&w->clip, 4096);
	w->doc = ed_doc_new(NULL);
	w->view = ed_view_new(w->doc);
	w->shared = ed_vim_shared_new();
	w->v = ed_vim_new(w->view, w->shared, &host);
	*state = w;
	return 0;
}

static int
finish(void **state)
{
	struct world *w = *state;

	ed_vim_free(w->v);
	ed_vim_shared_free(w->shared);
	ed_view_free(w->view);
	ed_doc_free(w->doc);
	wn_buf_fini(&w->clip);
	wn_free(w);
	return 0;
}

static void
text(struct world *w, const char *s)
{
	assert_int_equal(ed_doc_edit(w->doc, 0, ed_text_len(ed_doc_text(w->doc)), wn_str(s)), 0);
	ed_view_select(w->view, 0, 0);
}

/* Keys as they are, ESC and CR by their bytes. */
static void
type(struct world *w, const char *keys)
{
	struct wn_str s = wn_str(keys);
	uint32_t cp;

	for (size_t i = 0; i < s.len;) {
		i += wn_utf8_decode(s.p + i, s.len - i, &cp);
		(void)ed_vim_key(w->v, cp);
	}
}

static void
assert_text(struct world *w, const char *want)
{
	struct wn_buf b;

	wn_buf_init(&b, 65536);
	assert_int_equal(ed_text_copy(ed_doc_text(w->doc), 0, SIZE_MAX, &b), 0);
	assert_string_equal(b.p ? b.p : "", want);
	wn_buf_fini(&b);
}

static void
assert_after(struct world *w, const char *before, const char *keys, const char *after)
{
	text(w, before);
	type(w, keys);
	assert_text(w, after);
}

static void
surround_adds(void **state)
{
	struct world *w = *state;

	assert_after(w, "one two\n", "ysiw)", "(one) two\n");
	assert_after(w, "one two\n", "ysiw(", "( one ) two\n");
	assert_after(w, "one two\n", "ysiw\"", "\"one\" two\n");
	assert_after(w, "  one two\n", "yss]", "  [one two]\n");
	assert_after(w, "one two\n", "ysiwtb class=\"x\">", "<b class=\"x\">one</b> two\n");
	assert_after(w, "one two\n", "veS}", "{one} two\n");
	assert_after(w, "one two\n", "ysiw)$.", "(one) (two)\n");
}

static void
surround_changes_and_deletes(void **state)
{
	struct world *w = *state;

	assert_after(w, "f(a, b)\n", "fads)", "fa, b\n");
	assert_after(w, "f( a )\n", "fads(", "fa\n");
	assert_after(w, "say \"hi\"\n", "fhcs\"'", "say 'hi'\n");
	assert_after(w, "[a]\n", "cs]}", "{a}\n");
	assert_after(w, "<p>a</p>\n", "fadst", "a\n");
	assert_after(w, "<p>a</p>\n", "facst<h1>", "<h1>a</h1>\n");
	assert_after(w, "(a) (b)\n", "ds)ww.", "a b\n");
}

static void
a_paste_is_one_undo_step_in_every_mode(void **state)
{
	struct world *w = *state;

	text(w, "ab\n");
	assert_int_equal(ed_vim_paste(w->v, WN_STR("x\n  y"), NULL), 0);
	assert_text(w, "ax\n  yb\n");
	type(w, "u");
	assert_text(w, "ab\n");
	type(w, "A!");
	assert_int_equal(ed_vim_paste(w->v, WN_STR("(1)"), NULL), 0);
	type(w, "?\033");
	assert_text(w, "ab!(1)?\n");
}

static void
a_pasted_line_end_does_not_run_the_line_being_typed(void **state)
{
	struct world *w = *state;
	size_t at;

	text(w, "ab\n");
	type(w, ":");
	assert_int_equal(ed_vim_paste(w->v, WN_STR("d\n"), NULL), 0);
	assert_int_equal(ed_vim_mode(w->v), ED_VIM_COMMAND);
	assert_true(wn_str_is(ed_vim_line(w->v, &at), ":d"));
	type(w, "\033");
	assert_text(w, "ab\n");
}

static void
typing_after_a_save_is_another_undo_step(void **state)
{
	struct world *w = *state;

	text(w, "\n");
	type(w, "iab");
	ed_undo_moved(ed_doc_undo(w->doc), ed_undo_now(ed_doc_undo(w->doc))); /* as a save does */
	type(w, "cd\033u");
	assert_text(w, "ab\n");
}

static void
a_macro_without_end_is_stopped(void **state)
{
	struct world *w = *state;

	text(w, "a\n");
	type(w, "qa~q");
	type(w, ":let\r"); /* unknown: told, nothing else */
	type(w, "qAh@aq");
	type(w, "@a");
	assert_true(w->error);
	assert_int_equal(ed_vim_mode(w->v), ED_VIM_NORMAL);
}

static void
what_only_the_host_can_do_is_asked_of_it(void **state)
{
	struct world *w = *state;

	text(w, "a\n");
	type(w, ":w\r");
	assert_string_equal(w->asked, "w ");
	type(w, ":e! other file\r");
	assert_string_equal(w->asked, "e! other file");
	type(w, ":nosuch\r");
	assert_true(w->error);
	assert_non_null(strstr(w->said, "nosuch"));
}

static void
the_clipboard_is_a_register(void **state)
{
	struct world *w = *state;

	text(w, "one two\n");
	type(w, "\"+yiw");
	assert_string_equal(w->clip.p, "one");
	type(w, "\"*yy");
	assert_string_equal(w->clip.p, "one two\n");
	on_copy(w, WN_STR("from outside"));
	type(w, "\"+P");
	assert_text(w, "from outsideone two\n");
}

static void
the_view_shows_what_is_selected(void **state)
{
	struct world *w = *state;
	const struct ed_sel *s;

	text(w, "abc\ndef\nghi\n");
	type(w, "vl");
	s = ed_view_main(w->view);
	assert_true(s->anchor == 0 && s->head == 2);
	assert_int_equal(ed_vim_cursor(w->v), 1);
	type(w, "V");
	s = ed_view_main(w->view);
	assert_true(s->anchor == 0 && s->head == 4);
	type(w, "\026jl");
	assert_int_equal(ed_view_sels(w->view, &s), 2);
	assert_true(s[0].anchor == 0 && s[0].head == 3 && s[1].anchor == 4 && s[1].head == 7);
	type(w, "\033");
	assert_int_equal(ed_view_sels(w->view, &s), 1);
}

static void
a_selection_made_elsewhere_is_taken_over(void **state)
{
	struct world *w = *state;

	text(w, "abcdef\n");
	type(w, "l");
	ed_view_select(w->view, 2, 5); /* the mouse */
	type(w, "d");
	assert_text(w, "abf\n");
	ed_view_select(w->view, 0, 0);
	type(w, "x");
	assert_text(w, "bf\n");
}

static void
modes_and_what_is_pending_can_be_shown(void **state)
{
	struct world *w = *state;
	char pending[16];

	text(w, "abc\n");
	type(w, "\"a2d");
	ed_vim_pending(w->v, pending, sizeof pending);
	assert_string_equal(pending, "\"a2d");
	assert_int_equal(ed_vim_mode(w->v), ED_VIM_PENDING);
	type(w, "\033R");
	assert_int_equal(ed_vim_mode(w->v), ED_VIM_REPLACE);
	type(w, "\033qz");
	assert_int_equal(ed_vim_recording(w->v), 'z');
	type(w, "q");
	assert_int_equal(ed_vim_recording(w->v), 0);
}

static void
scrolling_moves_the_window_and_keeps_the_cursor_in_it(void **state)
{
	struct world *w = *state;

	text(w, "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
	type(w, "\005\005");
	assert_int_equal(w->top, 4);
	assert_int_equal(ed_vim_cursor(w->v), 4);
	type(w, "Gzt");
	assert_int_equal(w->top, 18);
	type(w, "zb");
	assert_int_equal(w->top, 12);
	type(w, "gg\006");
	assert_true(w->top > 0 && ed_vim_cursor(w->v) >= w->top);
}

static void
a_read_only_document_stays_as_it_is(void **state)
{
	struct world *w = *state;

	text(w, "abc\n");
	ed_doc_set_read_only(w->doc, true);
	type(w, "xddifoo\033p:s/a/b/\r");
	assert_true(w->error);
	assert_text(w, "abc\n");
}

static void
crlf_line_ends_are_kept(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;
	FILE *f;
	char path[] = "/tmp/vim-crlf-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	fputs("one\r\ntwo\r\n", f);
	fclose(f);
	assert_int_equal(ed_doc_open(path, NULL, &doc, NULL), 0);
	remove(path);
	finish(state);
	start(state);
	w = *state;
	ed_vim_free(w->v);
	ed_view_free(w->view);
	ed_doc_free(w->doc);
	w->doc = doc;
	w->view = ed_view_new(doc);
	w->v = ed_vim_new(w->view, w->shared, NULL);
	type(w, "A!\033onew\033yyp:%s/$/;/\r");
	assert_text(w, "one!;\r\nnew;\r\nnew;\r\ntwo;\r\n");
	type(w, "ggJ");
	assert_text(w, "one!; new;\r\nnew;\r\ntwo;\r\n");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, start, finish)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(surround_adds),
		T(surround_changes_and_deletes),
		T(a_paste_is_one_undo_step_in_every_mode),
		T(a_pasted_line_end_does_not_run_the_line_being_typed),
		T(typing_after_a_save_is_another_undo_step),
		T(a_macro_without_end_is_stopped),
		T(what_only_the_host_can_do_is_asked_of_it),
		T(the_clipboard_is_a_register),
		T(the_view_shows_what_is_selected),
		T(a_selection_made_elsewhere_is_taken_over),
		T(modes_and_what_is_pending_can_be_shown),
		T(scrolling_moves_the_window_and_keeps_the_cursor_in_it),
		T(a_read_only_document_stays_as_it_is),
		T(crlf_line_ends_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
