/* The terminal pane against an engine that answers what the test says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/termframe.h"
#include "tests/lib/fake_pane.h"

extern const struct pane_type pane_terminal;

#define WS "01JAAAAAAAAAAAAAAAAAAAAAAA"
#define TERM "01JBBBBBBBBBBBBBBBBBBBBBBB"
#define OTHER "01JCCCCCCCCCCCCCCCCCCCCCCC"
#define WORKSPACE                                                         \
	"{\"workspace\":{\"id\":\"" WS                                    \
	"\",\"name\":\"shop\",\"path\":\"/srv/shop\",\"platform\":false," \
	"\"blueprint_revision\":0,\"created\":\"2026-01-01T00:00:00.000Z\"}}"
#define FACTS(id, sandboxed)                                                                      \
	"{\"id\":\"" id "\",\"workspace\":\"" WS "\",\"title\":\"bash\",\"rows\":24,\"cols\":80," \
	"\"running\":true,\"sandboxed\":" sandboxed "}"

static void
give_frame(struct fake_pane *f, const char *text, uint32_t modes)
{
	struct wn_tframe head = { .flags = WN_TF_FULL,
				  .seq = 1,
				  .rows = 24,
				  .cols = 80,
				  .modes = WN_TM_CURSOR | modes,
				  .cursor_row = 2,
				  .cursor_col = 5,
				  .history = 50 };
	struct wn_buf b, ops;
	struct wn_trow_writer w = { .out = &ops };

	wn_buf_init(&b, 65536);
	wn_buf_init(&ops, 65536);
	wn_tframe_begin(&b, &head);
	wn_trow_ascii(&w, text, strlen(text));
	wn_tframe_add_row(&b, 0, 0, wn_buf_view(&ops));
	fake_pane_note(f, "terminal.frame", "{\"stream\":7,\"terminal\":\"" TERM "\"}",
		       wn_buf_view(&b));
	wn_buf_fini(&b);
	wn_buf_fini(&ops);
}

/* A new terminal that is attached and shows a line. */
static void
live(struct fake_pane *f, const char *arg, uint32_t modes)
{
	fake_pane_init(f, &pane_terminal);
	fake_pane_open(f, arg, NULL);
	(void)fake_pane_screen(f, 24, 80);
	fake_pane_reply(f, "workspace.open", WORKSPACE, WN_STR_NONE);
	fake_pane_reply(f, "terminal.open", "{\"terminal\":" FACTS(TERM, "false") "}", WN_STR_NONE);
	fake_pane_reply(f, "terminal.attach", "{\"stream\":7}", WN_STR_NONE);
	give_frame(f, "$ ls", modes);
}

static void
called_with(const struct fake_pane *f, const char *method, const char *what)
{
	const struct fake_call *c = fake_pane_call(f, method);

	assert_non_null(c);
	if (strstr(c->params, what) == NULL)
		fail_msg("%s was called with %s, not %s", method, c->params, what);
}

static void
a_new_terminal_is_opened_and_attached(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	assert_true(fake_pane_shows(&f, "$ ls"));
	assert_int_equal(f.cursor.row, 2);
	assert_int_equal(f.cursor.col, 5);
	fake_pane_fini(&f);
}

static void
the_tab_says_that_it_is_outside_the_sandbox(void **state)
{
	struct fake_pane f;
	char label[80];

	(void)state;
	live(&f, "new", 0);
	pane_terminal.label(f.self, label, sizeof label);
	assert_string_equal(label, "bash · outside the sandbox");
	fake_pane_fini(&f);
}

static void
a_sandboxed_one_is_asked_for_as_such(void **state)
{
	struct fake_pane f;

	(void)state;
	fake_pane_init(&f, &pane_terminal);
	fake_pane_open(&f, "new_sandboxed", NULL);
	fake_pane_reply(&f, "workspace.open", WORKSPACE, WN_STR_NONE);
	called_with(&f, "terminal.open", "\"sandbox\":true");
	fake_pane_fini(&f);
}

static void
one_that_runs_already_is_taken_over(void **state)
{
	struct fake_pane f;

	(void)state;
	fake_pane_init(&f, &pane_terminal);
	fake_pane_open(&f, "focus", NULL);
	fake_pane_reply(&f, "workspace.open", WORKSPACE, WN_STR_NONE);
	fake_pane_reply(&f, "terminal.list",
			"{\"terminals\":[" FACTS(TERM, "true") "," FACTS(OTHER, "false") "]}",
			WN_STR_NONE);
	called_with(&f, "terminal.attach", TERM);
	assert_null(fake_pane_call(&f, "terminal.open"));
	assert_string_equal(f.opened,
			    "terminal " TERM); /* the other got a pane; this one has the focus */
	fake_pane_fini(&f);
}

static void
a_session_comes_back_to_its_terminal(void **state)
{
	struct fake_pane f;

	(void)state;
	fake_pane_init(&f, &pane_terminal);
	fake_pane_open(&f, NULL, "{\"terminal\":\"" TERM "\"}");
	fake_pane_reply(&f, "workspace.open", WORKSPACE, WN_STR_NONE);
	fake_pane_refuse(&f, "terminal.attach", WN_E_NOT_FOUND, "there is no terminal");
	assert_true(fake_pane_shows(&f, "This terminal has ended. Enter"));
	fake_pane_fini(&f);
}

static void
text_is_typed_and_keys_are_named(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_key(&f, "x");
	assert_string_equal(fake_pane_call(&f, "terminal.input")->attachment, "x");
	fake_pane_key(&f, "ctrl-c");
	called_with(&f, "terminal.key", "\"key\":\"c\"");
	called_with(&f, "terminal.key", "\"ctrl\":true");
	fake_pane_fini(&f);
}

static void
keys_that_lead_out_are_left_to_the_keymap(void **state)
{
	static const char *const out[] = { "ctrl-k", "alt-1", "alt-9", "f1", "f6", "ctrl-pageup" };
	static const char *const ours[] = { "ctrl-p", "ctrl-w", "alt-a", "f5",
					    "esc",    "ctrl-c", "alt-0" };
	struct fake_pane f;
	struct tui_key k;

	(void)state;
	live(&f, "new", 0);
	for (size_t i = 0; i < sizeof out / sizeof out[0]; i++) {
		assert_true(tui_key_parse(wn_str(out[i]), &k));
		assert_false(pane_terminal.grabs(f.self, &k));
	}
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
		assert_true(tui_key_parse(wn_str(ours[i]), &k));
		assert_true(pane_terminal.grabs(f.self, &k));
	}
	fake_pane_fini(&f);
}

static void
a_paste_is_sent_as_one(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	pane_terminal.paste(f.self, WN_STR("a\nb"), true, true);
	called_with(&f, "terminal.input", "\"paste\":true");
	assert_string_equal(fake_pane_call(&f, "terminal.input")->attachment, "a\nb");
	fake_pane_fini(&f);
}

static void
credit_is_granted_as_frames_are_eaten(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	for (int i = 0; i < 6; i++)
		give_frame(&f, "x", 0);
	assert_null(fake_pane_call(&f, "stream.credit"));
	give_frame(&f, "x", 0);
	called_with(&f, "stream.credit", "\"credit\":8");
	fake_pane_fini(&f);
}

static void
a_frame_that_cannot_be_read_attaches_anew(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_note(&f, "terminal.frame", "{\"stream\":7,\"terminal\":\"" TERM "\"}",
		       WN_STR("\377garbage"));
	assert_non_null(fake_pane_call(&f, "terminal.attach"));
	assert_non_null(fake_pane_call(&f, "stream.close"));
	assert_true(fake_pane_shows(&f, "$ ls"));
	fake_pane_fini(&f);
}

static void
frames_of_another_stream_are_not_ours(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_note(&f, "terminal.frame", "{\"stream\":8,\"terminal\":\"" TERM "\"}",
		       WN_STR("\377garbage"));
	assert_null(fake_pane_call(&f, "terminal.attach"));
	fake_pane_fini(&f);
}

static void
the_end_is_said_and_enter_starts_anew(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_note(&f, "terminal.exit",
		       "{\"stream\":7,\"terminal\":\"" TERM "\",\"exit_code\":3}", WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "ended with code 3. Enter"));
	fake_pane_key(&f, "enter");
	called_with(&f, "terminal.close", TERM);
	fake_pane_reply(&f, "workspace.open", WORKSPACE, WN_STR_NONE);
	assert_non_null(fake_pane_call(&f, "terminal.open"));
	fake_pane_fini(&f);
}

static void
what_is_typed_before_it_is_there_is_kept(void **state)
{
	struct fake_pane f;

	(void)state;
	fake_pane_init(&f, &pane_terminal);
	fake_pane_open(&f, "new", NULL);
	fake_pane_key(&f, "x");
	fake_pane_reply(&f, "workspace.open", WORKSPACE, WN_STR_NONE);
	fake_pane_reply(&f, "terminal.open", "{\"terminal\":" FACTS(TERM, "false") "}",
			WN_STR_NONE);
	assert_null(fake_pane_call(&f, "terminal.input"));
	fake_pane_reply(&f, "terminal.attach", "{\"stream\":7}", WN_STR_NONE);
	assert_string_equal(fake_pane_call(&f, "terminal.input")->attachment, "x");
	fake_pane_fini(&f);
}

static void
the_engine_may_go_and_come(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_event(&f, PANE_ENGINE_DOWN);
	assert_true(fake_pane_shows(&f, "The engine is away. The terminal goes on by itself"));
	assert_true(fake_pane_shows(&f, "$ ls"));
	fake_pane_event(&f, PANE_ENGINE_UP);
	fake_pane_reply(&f, "workspace.open", WORKSPACE, WN_STR_NONE);
	called_with(&f, "terminal.attach", TERM);
	fake_pane_fini(&f);
}

static void
without_an_engine_it_says_so(void **state)
{
	struct fake_pane f;

	(void)state;
	fake_pane_init(&f, &pane_terminal);
	f.up = false;
	fake_pane_open(&f, "new", NULL);
	assert_true(fake_pane_shows(&f, "Terminals need the engine"));
	assert_int_equal(f.calls.len, 0);
	fake_pane_fini(&f);
}

static void
what_could_not_be_opened_is_said(void **state)
{
	struct fake_pane f;

	(void)state;
	fake_pane_init(&f, &pane_terminal);
	fake_pane_open(&f, "new", NULL);
	fake_pane_reply(&f, "workspace.open", WORKSPACE, WN_STR_NONE);
	fake_pane_refuse(&f, "terminal.open", WN_E_LIMIT, "there are 50 terminals already");
	assert_true(fake_pane_shows(&f, "there are 50 terminals already  Enter: try again"));
	fake_pane_fini(&f);
}

static void
looking_back_asks_for_the_rows(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_key(&f, "shift-pageup");
	called_with(&f, "terminal.scrollback", "\"from\":3");
	assert_true(fake_pane_shows(&f, "looking back"));
	fake_pane_key(&f, "esc");
	assert_true(fake_pane_shows(&f, "$ ls"));
	fake_pane_fini(&f);
}

static void
dragging_selects_and_copies(void **state)
{
	struct tui_mouse m = { .kind = TUI_MOUSE_PRESS, .button = 1, .y = 0, .x = 2, .clicks = 1 };
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	pane_terminal.mouse(f.self, &m);
	m.kind = TUI_MOUSE_DRAG;
	m.x = 3;
	pane_terminal.mouse(f.self, &m);
	m.kind = TUI_MOUSE_RELEASE;
	pane_terminal.mouse(f.self, &m);
	assert_string_equal(f.copied, "ls");
	assert_null(fake_pane_call(&f, "terminal.mouse"));
	fake_pane_fini(&f);
}

static void
the_mouse_goes_to_a_program_that_asked(void **state)
{
	struct tui_mouse m = { .kind = TUI_MOUSE_PRESS, .button = 1, .y = 4, .x = 2, .clicks = 1 };
	struct fake_pane f;

	(void)state;
	live(&f, "new", 1 << 8);
	pane_terminal.mouse(f.self, &m);
	called_with(&f, "terminal.mouse", "\"row\":4,\"col\":2,\"button\":1,\"pressed\":true");
	fake_pane_fini(&f);
}

static void
keys_select_in_copy_mode(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_command(&f, "terminal.copy_mode");
	fake_pane_type(&f, "kk0");
	fake_pane_key(&f, "space");
	fake_pane_type(&f, "lll");
	fake_pane_key(&f, "enter");
	assert_string_equal(f.copied, "$ ls");
	fake_pane_fini(&f);
}

static void
a_new_size_is_told_when_it_settles(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_tick(&f); /* the title */
	(void)fake_pane_screen(&f, 10, 40);
	(void)fake_pane_screen(&f, 12, 44);
	assert_null(fake_pane_call(&f, "terminal.resize"));
	fake_pane_tick(&f);
	called_with(&f, "terminal.resize", "\"rows\":12,\"cols\":44");
	fake_pane_fini(&f);
}

static void
closing_asks_while_a_program_runs(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	assert_false(pane_terminal.may_close(f.self));
	f.answer(f.answer_arg, "l");
	assert_non_null(fake_pane_call(&f, "stream.close"));
	assert_null(fake_pane_call(&f, "terminal.close"));
	assert_true(f.closing);
	fake_pane_fini(&f);
}

#define NEWS(kind, more) "{\"stream\":7,\"terminal\":\"" TERM "\",\"kind\":\"" kind "\"" more "}"

static void
news_change_title_and_tab_at_once_and_give_their_credit_back(void **state)
{
	struct fake_pane f;
	char label[96];

	(void)state;
	live(&f, "new", 0);
	fake_pane_note(&f, "terminal.news", NEWS("title", ",\"text\":\"vim a.c\""), WN_STR_NONE);
	pane_terminal.label(f.self, label, sizeof label);
	assert_non_null(strstr(label, "vim a.c"));
	called_with(&f, "stream.credit", "\"credit\":1");
	fake_pane_fini(&f);
}

static void
the_end_of_a_command_is_in_the_status_line(void **state)
{
	struct fake_pane f;
	char text[200];

	(void)state;
	live(&f, "new", 0);
	fake_pane_note(&f, "terminal.news", NEWS("command", ",\"exit_code\":2,\"ms\":1340"),
		       WN_STR_NONE);
	pane_terminal.status(f.self, text, sizeof text);
	assert_non_null(strstr(text, "✗ 2 · 1.3 s"));
	fake_pane_fini(&f);
}

static void
a_program_copies_only_with_consent(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_note(&f, "terminal.news", NEWS("clipboard", ""), WN_STR("aGVsbG8="));
	assert_null(f.copied);
	assert_non_null(f.asked);
	f.answer(f.answer_arg, "n");
	assert_null(f.copied);
	fake_pane_note(&f, "terminal.news", NEWS("clipboard", ""), WN_STR("aGVsbG8="));
	assert_null(f.copied);
	fake_pane_fini(&f);
}

static void
consent_may_last(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_note(&f, "terminal.news", NEWS("clipboard", ""), WN_STR("aGVsbG8="));
	f.answer(f.answer_arg, "a");
	assert_string_equal(f.copied, "hello");
	fake_pane_note(&f, "terminal.news", NEWS("clipboard", ""), WN_STR("d29ybGQ="));
	assert_string_equal(f.copied, "world");
	fake_pane_note(&f, "terminal.news", NEWS("clipboard", ""), WN_STR("not base64!"));
	assert_string_equal(f.copied, "world");
	fake_pane_fini(&f);
}

static void
a_text_is_found_by_the_engine_and_shown_in_copy_mode(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_command(&f, "terminal.find");
	f.answer(f.answer_arg, "needle");
	called_with(&f, "terminal.find", "\"text\":\"needle\"");
	called_with(&f, "terminal.find", "\"back\":true");
	fake_pane_reply(&f, "terminal.find", "{\"row\":12,\"col\":3,\"cols\":6}", WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "copy:"));
	called_with(&f, "terminal.scrollback", "\"terminal\"");
	fake_pane_type(&f, "n");
	called_with(&f, "terminal.find", "\"from\":12");
	fake_pane_reply(&f, "terminal.find", "{\"row\":-1,\"col\":0,\"cols\":0}", WN_STR_NONE);
	assert_non_null(strstr(f.said, "Not found"));
	fake_pane_fini(&f);
}

static void
the_output_of_the_last_command_is_selected(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_command(&f, "terminal.select_output");
	called_with(&f, "terminal.find", "\"mark\":\"output\"");
	fake_pane_reply(&f, "terminal.find", "{\"row\":50,\"col\":0,\"cols\":0}", WN_STR_NONE);
	called_with(&f, "terminal.find", "\"from\":51");
	fake_pane_reply(&f, "terminal.find", "{\"row\":51,\"col\":0,\"cols\":0}", WN_STR_NONE);
	fake_pane_key(&f, "enter");
	assert_string_equal(f.copied, "$ ls\n");
	fake_pane_fini(&f);
}

static void
the_bell_rings_or_marks_the_tab(void **state)
{
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	fake_pane_note(&f, "terminal.news", NEWS("bell", ""), WN_STR_NONE);
	assert_int_equal(f.bells, 1);
	fake_pane_fini(&f);
}

static void
ctrl_click_opens_the_file_that_is_named(void **state)
{
	struct tui_mouse m = { .kind = TUI_MOUSE_PRESS, .button = 1, .x = 7, .mods = TUI_CTRL };
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	give_frame(&f, "see /etc/passwd:3 or /nowhere/at/all:4", 0);
	pane_terminal.mouse(f.self, &m);
	assert_string_equal(f.opened, "/etc/passwd");
	m.x = 24;
	pane_terminal.mouse(f.self, &m);
	assert_non_null(strstr(f.said, "no such file"));
	fake_pane_fini(&f);
}

/* A row of its own look, from its first column. */
static void
give_link(struct fake_pane *f, const char *text, uint16_t link)
{
	struct wn_tframe head = { .flags = WN_TF_FULL, .rows = 24, .cols = 80, .history = 50 };
	struct wn_tstyle st = { .link = link };
	struct wn_buf b, ops;
	struct wn_trow_writer w = { .out = &ops };

	wn_buf_init(&b, 65536);
	wn_buf_init(&ops, 65536);
	wn_tframe_begin(&b, &head);
	wn_trow_style(&w, &st);
	wn_trow_ascii(&w, text, strlen(text));
	wn_tframe_add_row(&b, 0, 0, wn_buf_view(&ops));
	fake_pane_note(f, "terminal.frame", "{\"stream\":7,\"terminal\":\"" TERM "\"}",
		       wn_buf_view(&b));
	wn_buf_fini(&b);
	wn_buf_fini(&ops);
}

static void
ctrl_click_follows_a_link(void **state)
{
	struct tui_mouse m = { .kind = TUI_MOUSE_PRESS, .button = 1, .x = 2, .mods = TUI_CTRL };
	struct fake_pane f;

	(void)state;
	live(&f, "new", 0);
	give_link(&f, "manual", 9);
	pane_terminal.mouse(f.self, &m);
	called_with(&f, "terminal.link", "\"link\":9");
	fake_pane_reply(&f, "terminal.link", "{\"uri\":\"https://example.org\"}", WN_STR_NONE);
	assert_string_equal(f.copied, "https://example.org");
	pane_terminal.mouse(f.self, &m);
	fake_pane_reply(&f, "terminal.link", "{\"uri\":\"file://host/etc/a%20b\"}", WN_STR_NONE);
	assert_string_equal(f.opened, "/etc/a b");
	fake_pane_fini(&f);
}

static void
all_of_the_output_is_saved_and_opened(void **state)
{
	struct wn_tframe none = { .flags = WN_TF_HISTORY, .cols = 80, .history = 50 };
	char dir[] = "/tmp/wn-term-XXXXXX", *path;
	struct fake_pane f;
	struct wn_buf b;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = wn_asprintf("%s/out.txt", dir);
	live(&f, "new", 0);
	fake_pane_command(&f, "terminal.save");
	f.answer(f.answer_arg, path);
	called_with(&f, "terminal.scrollback", "\"from\":0");
	wn_buf_init(&b, 65536);
	wn_tframe_begin(&b, &none);
	fake_pane_reply(&f, "terminal.scrollback", "{\"total\":0}", wn_buf_view(&b));
	assert_string_equal(f.opened, path);
	wn_buf_clear(&b);
	assert_int_equal(wn_file_read(path, &b, NULL), 0);
	assert_string_equal(b.p, "$ ls\n");
	wn_buf_fini(&b);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	wn_free(path);
	fake_pane_fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(news_change_title_and_tab_at_once_and_give_their_credit_back),
		cmocka_unit_test(the_end_of_a_command_is_in_the_status_line),
		cmocka_unit_test(a_program_copies_only_with_consent),
		cmocka_unit_test(consent_may_last),
		cmocka_unit_test(ctrl_click_follows_a_link),
		cmocka_unit_test(ctrl_click_opens_the_file_that_is_named),
		cmocka_unit_test(all_of_the_output_is_saved_and_opened),
		cmocka_unit_test(a_text_is_found_by_the_engine_and_shown_in_copy_mode),
		cmocka_unit_test(the_output_of_the_last_command_is_selected),
		cmocka_unit_test(the_bell_rings_or_marks_the_tab),
		cmocka_unit_test(a_new_terminal_is_opened_and_attached),
		cmocka_unit_test(the_tab_says_that_it_is_outside_the_sandbox),
		cmocka_unit_test(a_sandboxed_one_is_asked_for_as_such),
		cmocka_unit_test(one_that_runs_already_is_taken_over),
		cmocka_unit_test(a_session_comes_back_to_its_terminal),
		cmocka_unit_test(text_is_typed_and_keys_are_named),
		cmocka_unit_test(keys_that_lead_out_are_left_to_the_keymap),
		cmocka_unit_test(a_paste_is_sent_as_one),
		cmocka_unit_test(credit_is_granted_as_frames_are_eaten),
		cmocka_unit_test(a_frame_that_cannot_be_read_attaches_anew),
		cmocka_unit_test(frames_of_another_stream_are_not_ours),
		cmocka_unit_test(the_end_is_said_and_enter_starts_anew),
		cmocka_unit_test(what_is_typed_before_it_is_there_is_kept),
		cmocka_unit_test(the_engine_may_go_and_come),
		cmocka_unit_test(without_an_engine_it_says_so),
		cmocka_unit_test(what_could_not_be_opened_is_said),
		cmocka_unit_test(looking_back_asks_for_the_rows),
		cmocka_unit_test(dragging_selects_and_copies),
		cmocka_unit_test(the_mouse_goes_to_a_program_that_asked),
		cmocka_unit_test(keys_select_in_copy_mode),
		cmocka_unit_test(a_new_size_is_told_when_it_settles),
		cmocka_unit_test(closing_asks_while_a_program_runs),
	};

	return cmocka_run_group_tests_name("tui/pane/terminal/terminal", tests, NULL, NULL);
}
