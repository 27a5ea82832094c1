/* The history pane against an engine that answers what the test says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/lib/fake_pane.h"

extern const struct pane_type pane_history;

#define WS "01JAAAAAAAAAAAAAAAAAAAAAAA"
#define S1 "01JDDDDDDDDDDDDDDDDDDDDDDD"
#define S2 "01JEEEEEEEEEEEEEEEEEEEEEEE"
#define WORKSPACE                                                        \
	"{\"workspace\":{\"id\":\"" WS                                   \
	"\",\"name\":\"shop\",\"path\":\"/srv/shop\",\"platform\":true," \
	"\"blueprint_revision\":1,\"created\":\"2026-01-01T00:00:00.000Z\"}}"
#define SNAP(id, label, kind, changed)                                                         \
	"{\"id\":\"" id "\",\"workspace\":\"" WS "\",\"label\":\"" label "\",\"kind\":\"" kind \
	"\","                                                                                  \
	"\"created\":\"2020-05-06T12:00:00.000Z\",\"files\":9,\"changed\":" changed            \
	",\"skipped\":0}"
#define LIST \
	"{\"snapshots\":[" SNAP(S2, "prices", "manual", "2") "," SNAP(S1, "", "first", "9") "]}"
#define FILES                                                                                      \
	"{\"changes\":[{\"path\":\"src/"                                                           \
	"a.ts\",\"change\":\"modified\",\"added\":3,\"removed\":1,\"binary\":false},"              \
	"{\"path\":\"logo.png\",\"change\":\"added\",\"added\":0,\"removed\":0,\"binary\":true}]," \
	"\"truncated\":false}"

static void
listed(struct fake_pane *f, const char *list)
{
	fake_pane_init(f, &pane_history);
	fake_pane_open(f, NULL, NULL);
	fake_pane_reply(f, "workspace.open", WORKSPACE, WN_STR_NONE);
	fake_pane_reply(f, "event.subscribe", "{\"stream\":3,\"last\":\"9\"}", WN_STR_NONE);
	fake_pane_reply(f, "snapshot.list", list, WN_STR_NONE);
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
snapshots_are_listed(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, LIST);
	assert_true(fake_pane_shows(&f, "2020-05-06"));
	assert_true(fake_pane_shows(&f, "prices"));
	assert_true(fake_pane_shows(&f, "2 changed"));
	assert_true(fake_pane_shows(&f, "first"));
	fake_pane_fini(&f);
}

static void
none_yet_says_what_to_do(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, "{\"snapshots\":[]}");
	assert_true(fake_pane_shows(&f, "No snapshot yet. s takes the first one"));
	fake_pane_fini(&f);
}

static void
enter_looks_into_a_snapshot_then_a_file(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, LIST);
	fake_pane_key(&f, "down");
	fake_pane_key(&f, "enter");
	called_with(&f, "snapshot.diff", "\"to\":\"" S2 "\"");
	fake_pane_reply(&f, "snapshot.diff", FILES, WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "M src/a.ts"));
	assert_true(fake_pane_shows(&f, "+3  -1"));
	assert_true(fake_pane_shows(&f, "A logo.png"));
	assert_true(fake_pane_shows(&f, "binary"));
	fake_pane_key(&f, "enter");
	called_with(&f, "snapshot.diff", "\"path\":\"src/a.ts\"");
	fake_pane_reply(&f, "snapshot.diff", FILES, WN_STR("@@ -1 +1 @@\n-old\n+new\n"));
	assert_true(fake_pane_shows(&f, "+new"));
	fake_pane_key(&f, "esc");
	assert_true(fake_pane_shows(&f, "M src/a.ts"));
	fake_pane_key(&f, "esc");
	assert_true(fake_pane_shows(&f, "prices"));
	fake_pane_fini(&f);
}

static void
an_answer_for_a_page_that_was_left_is_dropped(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, LIST);
	fake_pane_key(&f, "down");
	fake_pane_key(&f, "enter");
	fake_pane_key(&f, "esc");
	fake_pane_reply(&f, "snapshot.diff", FILES, WN_STR_NONE);
	assert_true(fake_pane_shows(&f, "prices"));
	fake_pane_fini(&f);
}

static void
the_present_is_compared_with_the_newest(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, LIST);
	fake_pane_key(&f, "home");
	fake_pane_key(&f, "enter");
	assert_null(strstr(fake_pane_call(&f, "snapshot.diff")->params, "\"to\""));
	fake_pane_fini(&f);
}

static void
a_restore_says_how_to_go_back_and_u_does(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, LIST);
	fake_pane_key(&f, "down");
	fake_pane_command(&f, "history.restore");
	called_with(&f, "snapshot.restore", "\"snapshot\":\"" S2 "\"");
	assert_true(fake_pane_shows(&f, "restoring"));
	fake_pane_reply(&f, "snapshot.restore",
			"{\"before\":\"" S1 "\",\"written\":3,\"removed\":1}", WN_STR_NONE);
	assert_string_equal(f.said,
			    "Restored: 3 written, 1 removed. u goes back to the state before.");
	assert_non_null(f.told); /* editors look at their files again */
	fake_pane_command(&f, "history.undo");
	called_with(&f, "snapshot.restore", "\"snapshot\":\"" S1 "\"");
	fake_pane_fini(&f);
}

static void
one_file_can_be_restored(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, LIST);
	fake_pane_key(&f, "down");
	fake_pane_key(&f, "enter");
	fake_pane_reply(&f, "snapshot.diff", FILES, WN_STR_NONE);
	fake_pane_command(&f, "history.restore");
	called_with(&f, "snapshot.restore", "\"paths\":[\"src/a.ts\"]");
	fake_pane_fini(&f);
}

static void
a_snapshot_is_taken_with_its_words(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, LIST);
	fake_pane_command(&f, "history.take");
	f.answer(f.answer_arg, "before the sale");
	called_with(&f, "snapshot.create", "\"label\":\"before the sale\"");
	fake_pane_reply(&f, "snapshot.create",
			"{\"snapshot\":" SNAP(S2, "prices", "manual", "2") ",\"created\":false}",
			WN_STR_NONE);
	assert_non_null(strstr(f.said, "Nothing has changed"));
	fake_pane_fini(&f);
}

static void
turning_away_takes_none(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, LIST);
	fake_pane_command(&f, "history.take");
	f.answer(f.answer_arg, NULL);
	assert_null(fake_pane_call(&f, "snapshot.create"));
	fake_pane_fini(&f);
}

static void
a_refusal_is_said_and_keeps_the_list(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, LIST);
	fake_pane_key(&f, "down");
	fake_pane_command(&f, "history.restore");
	fake_pane_refuse(&f, "snapshot.restore", WN_E_NO_SPACE, "the disk is full");
	assert_string_equal(f.said, "the disk is full");
	assert_true(fake_pane_shows(&f, "prices"));
	fake_pane_fini(&f);
}

static void
without_an_engine_it_says_so(void **state)
{
	struct fake_pane f;

	(void)state;
	fake_pane_init(&f, &pane_history);
	f.up = false;
	fake_pane_open(&f, NULL, NULL);
	assert_true(fake_pane_shows(&f, "Snapshots need the engine"));
	fake_pane_fini(&f);
}

static void
the_bar_stays_on_its_snapshot(void **state)
{
	struct fake_pane f;

	(void)state;
	listed(&f, "{\"snapshots\":[" SNAP(S1, "base", "first", "9") "]}");
	fake_pane_key(&f, "down");
	fake_pane_command(&f, "history.refresh");
	fake_pane_reply(&f, "workspace.open", WORKSPACE, WN_STR_NONE);
	fake_pane_reply(&f, "snapshot.list", LIST, WN_STR_NONE);
	fake_pane_command(&f, "history.restore");
	called_with(&f, "snapshot.restore", "\"snapshot\":\"" S1 "\"");
	fake_pane_fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshots_are_listed),
		cmocka_unit_test(none_yet_says_what_to_do),
		cmocka_unit_test(enter_looks_into_a_snapshot_then_a_file),
		cmocka_unit_test(an_answer_for_a_page_that_was_left_is_dropped),
		cmocka_unit_test(the_present_is_compared_with_the_newest),
		cmocka_unit_test(a_restore_says_how_to_go_back_and_u_does),
		cmocka_unit_test(one_file_can_be_restored),
		cmocka_unit_test(a_snapshot_is_taken_with_its_words),
		cmocka_unit_test(turning_away_takes_none),
		cmocka_unit_test(a_refusal_is_said_and_keeps_the_list),
		cmocka_unit_test(without_an_engine_it_says_so),
		cmocka_unit_test(the_bar_stays_on_its_snapshot),
	};

	return cmocka_run_group_tests_name("tui/pane/history/history", tests, NULL, NULL);
}
