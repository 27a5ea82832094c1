/* The assistant pane and its question box. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "tests/lib/fake_pane.h"
#include "tui/pane/assistant/box.h"

extern const struct pane_type pane_assistant;

#define WS "01JAAAAAAAAAAAAAAAAAAAAAAA"
#define JOB "01JFFFFFFFFFFFFFFFFFFFFFFF"
#define TALK "01JGGGGGGGGGGGGGGGGGGGGGGG"
#define WORKSPACE                                                         \
	"{\"workspace\":{\"id\":\"" WS                                    \
	"\",\"name\":\"shop\",\"path\":\"/srv/shop\",\"platform\":false," \
	"\"blueprint_revision\":0,\"created\":\"2026-01-01T00:00:00.000Z\"}}"
#define MODEL "{\"configured\":true,\"model\":\"m-1\",\"endpoint\":\"127.0.0.1:9\"}"
#define NO_MODEL "{\"configured\":false,\"reason\":\"no endpoint is set\"}"

static void
ready(struct fake_pane *f, const char *status)
{
	fake_pane_init(f, &pane_assistant);
	snprintf(f->context.path, sizeof f->context.path, "src/orders.ts");
	wn_buf_cstr(&f->context.text, "let a;\nlet b;\n");
	f->can_context = true;
	fake_pane_open(f, NULL, NULL);
	fake_pane_reply(f, "workspace.open", WORKSPACE, WN_STR_NONE);
	fake_pane_reply(f, "assistant.status", status, WN_STR_NONE);
}

static void
asked(struct fake_pane *f, const char *question)
{
	ready(f, MODEL);
	fake_pane_type(f, question);
	fake_pane_key(f, "enter");
}

static void
delta(struct fake_pane *f, const char *job, const char *text)
{
	char *p = wn_asprintf("{\"job\":\"%s\",\"text\":\"%s\"}", job, text);

	fake_pane_note(f, "assistant.delta", p, WN_STR_NONE);
	wn_free(p);
}

static void
the_model_is_named(void **state)
{
	struct fake_pane f;

	(void)state;
	ready(&f, MODEL);
	assert_true(fake_pane_shows(&f, "● m-1  127.0.0.1:9"));
	fake_pane_fini(&f);
}

static void
no_model_is_said_with_its_reason(void **state)
{
	struct fake_pane f;

	(void)state;
	ready(&f, NO_MODEL);
	assert_true(fake_pane_shows(&f, "○ no model: no endpoint is set"));
	assert_true(fake_pane_shows(&f, "searching this folder"));
	fake_pane_fini(&f);
}

static void
a_question_takes_the_open_file_along(void **state)
{
	struct fake_pane f;

	(void)state;
	ready(&f, MODEL);
	assert_true(fake_pane_shows(&f, "@ src/orders.ts: 2 lines"));
	fake_pane_type(&f, "why");
	fake_pane_key(&f, "enter");
	assert_non_null(strstr(fake_pane_call(&f, "assistant.ask")->params, "let a;\\nlet b;"));
	assert_non_null(strstr(fake_pane_call(&f, "assistant.ask")->params, "\"text\":\"why\""));
	fake_pane_fini(&f);
}

static void
the_file_can_be_left_out(void **state)
{
	struct fake_pane f;

	(void)state;
	ready(&f, MODEL);
	fake_pane_command(&f, "assistant.context");
	assert_true(fake_pane_shows(&f, "no file goes along"));
	fake_pane_type(&f, "why");
	fake_pane_key(&f, "enter");
	assert_null(strstr(fake_pane_call(&f, "assistant.ask")->params, "context"));
	fake_pane_fini(&f);
}

static void
an_answer_streams_and_the_result_replaces_it(void **state)
{
	struct fake_pane f;

	(void)state;
	asked(&f, "q");
	delta(&f, JOB, "# He");
	assert_true(fake_pane_shows(&f, "He"));
	fake_pane_reply(&f, "assistant.ask",
			"{\"conversation\":\"" TALK
			"\",\"text\":\"Hello **you**\",\"source\":\"model\",\"model\":\"m-1\","
			"\"complete\":true,\"finish\":\"stop\"}",
			WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "Hello you"));
	assert_true(fake_pane_shows(&f, "> q"));
	fake_pane_fini(&f);
}

static void
pieces_between_two_pictures_wait_for_the_next(void **state)
{
	struct fake_pane f;

	(void)state;
	asked(&f, "q");
	delta(&f, JOB, "one");
	assert_true(fake_pane_shows(&f, "one"));
	delta(&f, JOB, " two");
	assert_null(strstr(fake_pane_screen(&f, 24, 80), "two"));
	fake_pane_tick(&f);
	assert_true(fake_pane_shows(&f, "one two"));
	fake_pane_fini(&f);
}

static void
pieces_of_another_job_are_not_ours(void **state)
{
	struct fake_pane f;

	(void)state;
	asked(&f, "q");
	delta(&f, JOB, "mine");
	delta(&f, TALK, "theirs");
	fake_pane_tick(&f);
	assert_null(strstr(fake_pane_screen(&f, 24, 80), "theirs"));
	fake_pane_fini(&f);
}

static void
escape_cancels_and_keeps_what_came(void **state)
{
	struct fake_pane f;
	char id[40];

	(void)state;
	asked(&f, "q");
	snprintf(id, sizeof id, "{\"id\":%lld}", (long long)f.last_call);
	delta(&f, JOB, "half");
	fake_pane_key(&f, "esc");
	assert_string_equal(fake_pane_call(&f, "call.cancel")->params, id);
	fake_pane_reply(&f, "assistant.ask",
			"{\"conversation\":\"" TALK
			"\",\"text\":\"half\",\"source\":\"model\",\"complete\":false,"
			"\"finish\":\"cancelled\"}",
			WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "half"));
	assert_true(fake_pane_shows(&f, "! Cancelled."));
	fake_pane_fini(&f);
}

static void
a_failure_is_said_in_its_turn(void **state)
{
	struct fake_pane f;

	(void)state;
	asked(&f, "q");
	fake_pane_refuse(&f, "assistant.ask", WN_E_NETWORK, "the model's server does not answer");
	assert_true(fake_pane_shows(&f, "E the model's server does not answer"));
	fake_pane_fini(&f);
}

static void
a_search_is_labelled(void **state)
{
	struct fake_pane f;

	(void)state;
	asked(&f, "q");
	fake_pane_reply(&f, "assistant.ask",
			"{\"conversation\":\"" TALK
			"\",\"text\":\"- src/a.ts:3\",\"source\":\"local\",\"complete\":true}",
			WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "found by searching this folder; no model"));
	fake_pane_fini(&f);
}

static void
the_next_question_goes_on_in_the_conversation(void **state)
{
	struct fake_pane f;

	(void)state;
	asked(&f, "q");
	fake_pane_reply(&f, "assistant.ask",
			"{\"conversation\":\"" TALK
			"\",\"text\":\"a\",\"source\":\"model\",\"complete\":true}",
			WN_STR_NONE);
	fake_pane_type(&f, "more");
	fake_pane_key(&f, "enter");
	assert_non_null(strstr(fake_pane_call(&f, "assistant.ask")->params, TALK));
	fake_pane_fini(&f);
}

static void
a_lost_link_ends_the_turn_with_what_came(void **state)
{
	struct fake_pane f;

	(void)state;
	asked(&f, "q");
	delta(&f, JOB, "half");
	fake_pane_event(&f, PANE_ENGINE_DOWN);
	assert_true(fake_pane_shows(&f, "half"));
	assert_true(fake_pane_shows(&f, "The engine went away"));
	fake_pane_fini(&f);
}

static void
a_question_without_an_engine_stays_in_the_box(void **state)
{
	struct fake_pane f;

	(void)state;
	fake_pane_init(&f, &pane_assistant);
	f.up = false;
	fake_pane_open(&f, NULL, NULL);
	fake_pane_type(&f, "kept");
	fake_pane_key(&f, "enter");
	assert_true(fake_pane_shows(&f, "> kept"));
	assert_non_null(strstr(f.said, "does not answer"));
	fake_pane_fini(&f);
}

static void
markdown_in_a_question_is_shown_as_written(void **state)
{
	struct fake_pane f;

	(void)state;
	asked(&f, "a *b* # c");
	assert_true(fake_pane_shows(&f, "> a *b* # c"));
	fake_pane_fini(&f);
}

static void
the_conversation_survives_the_session(void **state)
{
	struct fake_pane f, g;
	struct wn_buf b;
	struct wn_jw w;

	(void)state;
	asked(&f, "q");
	fake_pane_reply(&f, "assistant.ask",
			"{\"conversation\":\"" TALK
			"\",\"text\":\"the answer\",\"source\":\"local\",\"complete\":true}",
			WN_STR_NONE);
	wn_buf_init(&b, 65536);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	pane_assistant.save(f.self, &w);
	wn_jw_object_end(&w);
	fake_pane_fini(&f);
	fake_pane_init(&g, &pane_assistant);
	fake_pane_open(&g, NULL, b.p);
	assert_true(fake_pane_shows(&g, "the answer"));
	assert_true(fake_pane_shows(&g, "found by searching"));
	fake_pane_fini(&g);
	wn_buf_fini(&b);
}

static void
earlier_questions_come_back(void **state)
{
	struct fake_pane f;

	(void)state;
	asked(&f, "first");
	fake_pane_type(&f, "draft");
	fake_pane_key(&f, "up");
	(void)fake_pane_screen(&f, 24, 80);
	assert_int_equal(f.cursor.col, 2 + 5);
	fake_pane_key(&f, "down");
	assert_true(fake_pane_shows(&f, "> draft"));
	fake_pane_fini(&f);
}

/* ---- the box ---- */

static void
the_box_edits_by_cluster(void **state)
{
	struct ask_box b;

	(void)state;
	box_init(&b);
	box_insert(&b, WN_STR("ae\xCC\x81z"));
	box_key(&b, &(struct tui_key){ TUI_KEY_LEFT, 0 }, 20);
	box_key(&b, &(struct tui_key){ TUI_KEY_BACKSPACE, 0 }, 20);
	assert_string_equal(b.text.p, "az");
	box_fini(&b);
}

static void
the_box_wraps_and_moves_by_row(void **state)
{
	struct ask_box b;
	int row, col;

	(void)state;
	box_init(&b);
	box_insert(&b, WN_STR("one two three\nfour"));
	assert_int_equal(box_rows(&b, 8, &row, &col), 3);
	assert_int_equal(row, 2);
	assert_true(box_key(&b, &(struct tui_key){ TUI_KEY_UP, 0 }, 8));
	box_rows(&b, 8, &row, &col);
	assert_int_equal(row, 1);
	assert_int_equal(col, 4);
	assert_true(box_key(&b, &(struct tui_key){ TUI_KEY_UP, 0 }, 8));
	assert_false(box_key(&b, &(struct tui_key){ TUI_KEY_UP, 0 }, 8));
	box_fini(&b);
}

static void
the_box_takes_text_only(void **state)
{
	struct ask_box b;

	(void)state;
	box_init(&b);
	box_insert(&b, WN_STR("a\r\nb\033[31m\001\xff\tc"));
	assert_string_equal(b.text.p, "a\nb[31m    c");
	box_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_model_is_named),
		cmocka_unit_test(no_model_is_said_with_its_reason),
		cmocka_unit_test(a_question_takes_the_open_file_along),
		cmocka_unit_test(the_file_can_be_left_out),
		cmocka_unit_test(an_answer_streams_and_the_result_replaces_it),
		cmocka_unit_test(pieces_between_two_pictures_wait_for_the_next),
		cmocka_unit_test(pieces_of_another_job_are_not_ours),
		cmocka_unit_test(escape_cancels_and_keeps_what_came),
		cmocka_unit_test(a_failure_is_said_in_its_turn),
		cmocka_unit_test(a_search_is_labelled),
		cmocka_unit_test(the_next_question_goes_on_in_the_conversation),
		cmocka_unit_test(a_lost_link_ends_the_turn_with_what_came),
		cmocka_unit_test(a_question_without_an_engine_stays_in_the_box),
		cmocka_unit_test(markdown_in_a_question_is_shown_as_written),
		cmocka_unit_test(the_conversation_survives_the_session),
		cmocka_unit_test(earlier_questions_come_back),
		cmocka_unit_test(the_box_edits_by_cluster),
		cmocka_unit_test(the_box_wraps_and_moves_by_row),
		cmocka_unit_test(the_box_takes_text_only),
	};

	return cmocka_run_group_tests_name("tui/pane/assistant/assistant", tests, NULL, NULL);
}
