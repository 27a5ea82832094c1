/* The jobs pane against an engine that answers what the test says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/lib/fake_pane.h"

extern const struct pane_type pane_jobs;

#define A "01JAAAAAAAAAAAAAAAAAAAAAAA"
#define B "01JBBBBBBBBBBBBBBBBBBBBBBB"
#define JOB(id, kind, state, more)                                                               \
	"{\"job\":\"" id "\",\"kind\":\"" kind "\",\"module\":\"m\",\"subject\":\"\",\"actor\":" \
	"\"me\",\"state\":\"" state "\",\"done\":3,\"total\":10,\"text\":\"copying\","           \
	"\"started\":\"2026-01-01T00:00:00.000Z\"" more "}"
#define ENDED ",\"ended\":\"2026-01-01T00:00:01.500Z\""

static void
list(struct fake_pane *f, const char *jobs)
{
	fake_pane_init(f, &pane_jobs);
	fake_pane_open(f, NULL, NULL);
	fake_pane_reply(f, "event.subscribe", "{\"stream\":4}", WN_STR_NONE);
	fake_pane_reply(f, "job.list", jobs, WN_STR_NONE);
}

static void
jobs_are_listed_with_state_steps_and_time(void **state)
{
	struct fake_pane f;

	(void)state;
	list(&f, "{\"jobs\":[" JOB(A, "preview.run", "running",
				   "") "," JOB(B, "snapshot.create", "finished", ENDED) "]}");
	assert_true(fake_pane_shows(&f, "running"));
	assert_true(fake_pane_shows(&f, "preview.run"));
	assert_true(fake_pane_shows(&f, "3/10"));
	assert_true(fake_pane_shows(&f, "1.5 s"));
	fake_pane_fini(&f);
}

static void
a_running_job_is_cancelled(void **state)
{
	struct fake_pane f;
	const struct fake_call *c;

	(void)state;
	list(&f, "{\"jobs\":[" JOB(A, "preview.run", "running", "") "]}");
	fake_pane_key(&f, "c");
	c = fake_pane_call(&f, "job.cancel");
	assert_non_null(c);
	assert_non_null(strstr(c->params, A));
	fake_pane_fini(&f);
}

static void
one_that_ended_is_not(void **state)
{
	struct fake_pane f;

	(void)state;
	list(&f, "{\"jobs\":[" JOB(A, "preview.run", "finished", ENDED) "]}");
	fake_pane_key(&f, "c");
	assert_null(fake_pane_call(&f, "job.cancel"));
	assert_non_null(strstr(f.said, "ended already"));
	fake_pane_fini(&f);
}

static void
no_jobs_and_no_engine_are_said(void **state)
{
	struct fake_pane f;

	(void)state;
	list(&f, "{\"jobs\":[]}");
	assert_true(fake_pane_shows(&f, "No jobs yet"));
	f.up = false;
	fake_pane_event(&f, PANE_ENGINE_DOWN);
	assert_true(fake_pane_shows(&f, "does not answer"));
	fake_pane_fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jobs_are_listed_with_state_steps_and_time),
		cmocka_unit_test(a_running_job_is_cancelled),
		cmocka_unit_test(one_that_ended_is_not),
		cmocka_unit_test(no_jobs_and_no_engine_are_said),
	};

	return cmocka_run_group_tests_name("tui/pane/jobs", tests, NULL, NULL);
}
