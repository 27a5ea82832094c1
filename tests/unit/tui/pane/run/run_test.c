/* The run pane and its log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "tests/lib/fake_pane.h"
#include "tui/pane/run/log.h"

extern const struct pane_type pane_run;

#define WS "01JAAAAAAAAAAAAAAAAAAAAAAA"
#define WORKSPACE(platform)                                                  \
	"{\"workspace\":{\"id\":\"" WS                                       \
	"\",\"name\":\"shop\",\"path\":\"/srv/shop\",\"platform\":" platform \
	",\"blueprint_revision\":1,\"created\":\"2026-01-01T00:00:00.000Z\"}}"
#define PREVIEW(rest) "{\"preview\":{\"workspace\":\"" WS "\"," rest "}}"
#define RUNNING                                                          \
	PREVIEW("\"state\":\"running\",\"url\":\"http://127.0.0.1:3000/" \
		"\",\"isolation\":\"sandbox\","                          \
		"\"limits\":\"512 MiB, 128 processes\"")

static void
known(struct fake_pane *f, const char *status)
{
	fake_pane_init(f, &pane_run);
	fake_pane_open(f, NULL, NULL);
	fake_pane_reply(f, "workspace.open", WORKSPACE("true"), WN_STR_NONE);
	fake_pane_reply(f, "event.subscribe", "{\"stream\":3,\"last\":\"9\"}", WN_STR_NONE);
	fake_pane_reply(f, "preview.status", status, WN_STR_NONE);
}

static void
running(struct fake_pane *f)
{
	known(f, RUNNING);
	fake_pane_reply(f, "preview.logs", "{\"stream\":4}", WN_STR_NONE);
}

static void
line(struct fake_pane *f, const char *text)
{
	char *p = wn_asprintf("{\"stream\":4,\"lines\":[{\"time\":\"2026-01-01T10:20:30.000Z\","
			      "\"source\":\"out\",\"text\":\"%s\"}]}",
			      text);

	fake_pane_note(f, "preview.log", p, WN_STR_NONE);
	wn_free(p);
}

static void
a_folder_that_is_no_platform_says_what_to_do(void **state)
{
	struct fake_pane f;

	(void)state;
	fake_pane_init(&f, &pane_run);
	fake_pane_open(&f, NULL, NULL);
	fake_pane_reply(&f, "workspace.open", WORKSPACE("false"), WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "This folder is no platform"));
	assert_true(fake_pane_shows(&f, "webnova new DIR --blueprint FILE"));
	fake_pane_fini(&f);
}

static void
a_running_platform_shows_address_isolation_and_limits(void **state)
{
	struct fake_pane f;

	(void)state;
	running(&f);
	assert_true(fake_pane_shows(&f, "● running  http://127.0.0.1:3000/  sandboxed"));
	assert_true(fake_pane_shows(&f, "512 MiB, 128 processes"));
	fake_pane_command(&f, "run.copy_url");
	assert_string_equal(f.copied, "http://127.0.0.1:3000/");
	fake_pane_fini(&f);
}

static void
starting_shows_its_steps(void **state)
{
	struct fake_pane f;
	char *note;

	(void)state;
	known(&f, PREVIEW("\"state\":\"stopped\""));
	fake_pane_command(&f, "run.toggle");
	note = wn_asprintf("{\"id\":%lld,\"job\":\"" WS
			   "\",\"done\":1,\"total\":5,\"text\":\"fetching dependencies\"}",
			   (long long)f.last_call);
	fake_pane_note(&f, "call.progress", note, WN_STR_NONE);
	wn_free(note);
	assert_true(fake_pane_shows(&f, "fetching dependencies"));
	assert_true(fake_pane_shows(&f, "2/5"));
	fake_pane_reply(&f, "preview.start", RUNNING, WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "● running"));
	fake_pane_fini(&f);
}

static void
progress_of_another_call_is_not_ours(void **state)
{
	struct fake_pane f;

	(void)state;
	known(&f, PREVIEW("\"state\":\"stopped\""));
	fake_pane_command(&f, "run.toggle");
	fake_pane_note(&f, "call.progress",
		       "{\"id\":1,\"job\":\"" WS
		       "\",\"done\":1,\"total\":5,\"text\":\"other work\"}",
		       WN_STR_NONE);
	assert_null(strstr(fake_pane_screen(&f, 24, 80), "other work"));
	fake_pane_fini(&f);
}

static void
a_start_under_way_is_cancelled_by_its_call(void **state)
{
	struct fake_pane f;
	char id[40];

	(void)state;
	known(&f, PREVIEW("\"state\":\"stopped\""));
	fake_pane_command(&f, "run.toggle");
	snprintf(id, sizeof id, "{\"id\":%lld}", (long long)f.last_call);
	fake_pane_command(&f, "run.toggle");
	assert_string_equal(fake_pane_call(&f, "call.cancel")->params, id);
	fake_pane_fini(&f);
}

static void
a_failure_says_why(void **state)
{
	struct fake_pane f;

	(void)state;
	known(&f, PREVIEW("\"state\":\"failed\",\"reason\":\"the build ended\",\"exit_code\":2"));
	assert_true(fake_pane_shows(&f, "E failed"));
	assert_true(fake_pane_shows(&f, "the build ended (code 2)"));
	assert_non_null(fake_pane_call(&f, "preview.last_log")); /* what it said before */
	fake_pane_fini(&f);
}

static void
the_log_streams_with_its_time(void **state)
{
	struct fake_pane f;

	(void)state;
	running(&f);
	line(&f, "GET /api/orders 200");
	assert_true(fake_pane_shows(&f, "10:20:30   GET /api/orders 200"));
	fake_pane_fini(&f);
}

static void
looking_back_holds_the_log(void **state)
{
	struct fake_pane f;
	char text[32];

	(void)state;
	running(&f);
	for (int i = 0; i < 100; i++) {
		snprintf(text, sizeof text, "line %03d", i);
		line(&f, text);
	}
	assert_true(fake_pane_shows(&f, "line 099"));
	fake_pane_key(&f, "home");
	line(&f, "newest");
	assert_true(fake_pane_shows(&f, "line 000"));
	assert_true(fake_pane_shows(&f, "paused"));
	fake_pane_key(&f, "end");
	assert_true(fake_pane_shows(&f, "newest"));
	fake_pane_fini(&f);
}

static void
finding_goes_to_the_line(void **state)
{
	struct fake_pane f;

	(void)state;
	running(&f);
	line(&f, "Needle here");
	for (int i = 0; i < 60; i++)
		line(&f, "hay");
	fake_pane_command(&f, "run.find");
	f.answer(f.answer_arg, "needle");
	assert_true(fake_pane_shows(&f, "Needle here"));
	fake_pane_fini(&f);
}

static void
credit_for_the_log_is_renewed(void **state)
{
	struct fake_pane f;

	(void)state;
	running(&f);
	for (int i = 0; i < 16; i++)
		line(&f, "x");
	assert_non_null(fake_pane_call(&f, "stream.credit"));
	fake_pane_fini(&f);
}

static void
an_event_asks_for_the_state_again(void **state)
{
	struct fake_pane f;

	(void)state;
	running(&f);
	fake_pane_note(&f, "event.item",
		       "{\"stream\":3,\"event\":{\"id\":\"" WS
		       "\",\"source\":\"preview\",\"type\":\"preview.stopped\","
		       "\"subject\":\"x\",\"time\":\"2026-01-01T00:00:00.000Z\","
		       "\"dataschema\":\"urn:x\",\"data\":{\"workspace\":\"" WS
		       "\"},\"seq\":\"10\",\"stream\":\"w\","
		       "\"version\":\"1\",\"tenant\":\"local\",\"actor\":\"me\",\"causation\":"
		       "\"c\",\"correlation\":\"c\"}}",
		       WN_STR_NONE);
	fake_pane_reply(&f, "preview.status", PREVIEW("\"state\":\"stopped\""), WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "○ stopped"));
	fake_pane_fini(&f);
}

static void
the_engine_away_is_said(void **state)
{
	struct fake_pane f;

	(void)state;
	running(&f);
	fake_pane_event(&f, PANE_ENGINE_DOWN);
	assert_true(fake_pane_shows(&f, "The engine does not answer."));
	fake_pane_fini(&f);
}

static void
plain(const char *in, const char *want)
{
	struct wn_buf b;

	wn_buf_init(&b, 4096);
	run_log_plain(wn_str(in), &b);
	assert_string_equal(b.p != NULL ? b.p : "", want);
	wn_buf_fini(&b);
}

static void
escapes_are_taken_out_of_lines(void **state)
{
	(void)state;
	plain("\033[1;31mred\033[0m", "red");
	plain("a\033]0;title\ab", "ab");
	plain("a\033]8;;http://x\033\\b", "ab");
	plain("a\033(Bb", "ab");
	plain("a\rb\bc\001", "abc");
	plain("tab\there", "tab    here");
	plain("cut\033[", "cut");
	plain("cut\033", "cut");
	plain("cut\033]0;never", "cut");
	plain("عربي", "عربي");
}

static void
old_lines_make_room(void **state)
{
	struct run_log l = { 0 };

	(void)state;
	for (int i = 0; i < RUN_LOG_MAX + 10; i++)
		run_log_add(&l, RUN_OUT, 0, WN_STR("x"));
	assert_true(l.v.len <= RUN_LOG_MAX);
	assert_int_equal(l.dropped + (int64_t)l.v.len, RUN_LOG_MAX + 10);
	run_log_fini(&l);
}

static void
human(const char *in, const char *want, enum run_level level)
{
	enum run_level got;
	struct wn_buf b;

	wn_buf_init(&b, 4096);
	assert_true(run_human(wn_str(in), &b, &got));
	assert_string_equal(b.p, want);
	assert_int_equal(got, level);
	wn_buf_fini(&b);
}

static void
structured_lines_become_words(void **state)
{
	(void)state;
	human("{\"level\":30,\"time\":1,\"pid\":2,\"hostname\":\"h\",\"reqId\":\"req-1\","
	      "\"method\":\"GET\",\"path\":\"/"
	      "health\",\"status\":200,\"ms\":8,\"msg\":\"request\"}",
	      "request GET /health 200 8 ms  reqId=req-1", RUN_LEVEL_INFO);
	human("{\"severity\":\"WARNING\",\"message\":\"disk nearly full\",\"free\":3,\"of\":null}",
	      "disk nearly full  free=3 of=null", RUN_LEVEL_WARN);
	human("{\"level\":50,\"err\":{\"type\":\"E\",\"message\":\"no such "
	      "table\",\"stack\":\"x\"},"
	      "\"msg\":\"failed\"}",
	      "failed: no such table", RUN_LEVEL_ERROR);
	human("{\"lvl\":\"debug\",\"event\":\"tick\",\"who\":\"a b\",\"tags\":[1,2]}",
	      "tick  who=\"a b\" tags=[1,2]", RUN_LEVEL_DEBUG);
	human("{\"level\":30,\"req\":{\"method\":\"PUT\",\"url\":\"/"
	      "x\"},\"res\":{\"statusCode\":404},"
	      "\"responseTime\":1.5,\"msg\":\"done\"}",
	      "done PUT /x 404 1.5 ms", RUN_LEVEL_INFO);
}

static void
other_lines_stay_as_they_are(void **state)
{
	static const char *const lines[] = {
		"",	 "{",	   "plain",	     "{\"msg\":\"x\"}",
		"[1,2]", "{\"a\"", "{\"level\":30}", "{\"level\":1,\"msg\":7}"
	};
	enum run_level level;
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 4096);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		assert_false(run_human(wn_str(lines[i]), &b, &level));
	assert_int_equal(b.len, 0);
	wn_buf_fini(&b);
}

static void
a_copied_line_is_the_one_that_was_written(void **state)
{
	struct fake_pane f;

	(void)state;
	running(&f);
	line(&f, "{\\\"level\\\":40,\\\"msg\\\":\\\"low\\\"}");
	assert_true(fake_pane_shows(&f, "W low"));
	fake_pane_command(&f, "run.copy_line");
	assert_string_equal(f.copied, "{\"level\":40,\"msg\":\"low\"}");
	fake_pane_fini(&f);
}

#define LIMIT(name, value, unit, used, how)                                               \
	"{\"name\":\"" name "\",\"value\":" value ",\"unit\":\"" unit "\",\"used\":" used \
	",\"enforced\":\"" how "\",\"setting\":\"sandbox.x\"}"

static void
what_it_uses_is_shown_and_asked_again_on_a_signal(void **state)
{
	struct fake_pane f;

	(void)state;
	running(&f);
	fake_pane_reply(&f, "signal.subscribe", "{\"stream\":7}", WN_STR_NONE);
	fake_pane_reply(&f, "sandbox.usage",
			"{\"workspaces\":[{\"workspace\":\"" WS
			"\",\"boxes\":[],\"limits\":[" LIMIT(
				"processor", "200", "percent", "12",
				"none") "," LIMIT("memory", "1073741824", "bytes", "88080384",
						  "kernel") "," LIMIT("processes", "512", "count",
								      "9", "watched") "]}]}",
			WN_STR_NONE);
	assert_true(fake_pane_shows(
		&f,
		"cpu 12 of 200 % (not enforced here)  memory 84 of 1024 MiB  processes 9 of 512"));
	fake_pane_note(&f, "signal.item",
		       "{\"stream\":7,\"topic\":\"sandbox.usage\",\"subject\":\"" WS
		       "\",\"data\":{}}",
		       WN_STR_NONE);
	fake_pane_reply(&f, "sandbox.usage", "{\"workspaces\":[]}", WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "512 MiB, 128 processes"));
	fake_pane_fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_that_is_no_platform_says_what_to_do),
		cmocka_unit_test(a_running_platform_shows_address_isolation_and_limits),
		cmocka_unit_test(starting_shows_its_steps),
		cmocka_unit_test(progress_of_another_call_is_not_ours),
		cmocka_unit_test(a_start_under_way_is_cancelled_by_its_call),
		cmocka_unit_test(a_failure_says_why),
		cmocka_unit_test(the_log_streams_with_its_time),
		cmocka_unit_test(looking_back_holds_the_log),
		cmocka_unit_test(finding_goes_to_the_line),
		cmocka_unit_test(credit_for_the_log_is_renewed),
		cmocka_unit_test(an_event_asks_for_the_state_again),
		cmocka_unit_test(the_engine_away_is_said),
		cmocka_unit_test(escapes_are_taken_out_of_lines),
		cmocka_unit_test(old_lines_make_room),
		cmocka_unit_test(what_it_uses_is_shown_and_asked_again_on_a_signal),
		cmocka_unit_test(structured_lines_become_words),
		cmocka_unit_test(other_lines_stay_as_they_are),
		cmocka_unit_test(a_copied_line_is_the_one_that_was_written),
	};

	return cmocka_run_group_tests_name("tui/pane/run/run", tests, NULL, NULL);
}
