/*
 * Jobs on a real kernel: what a task leaves in the log, cancelling, waiting, asking the loop,
 * surviving clients and crashes.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "runtime/base/mem.h"
#include "runtime/kernel/call.h"
#include "runtime/kernel/job.h"
#include "tests/lib/kernel_fix.h"

/* Blocks until it is cancelled. */
static wn_err
wait_cancel(struct wn_ctx *ctx)
{
	while (!wn_cancelled(ctx)) {
		struct timespec t = { 0, 2000000 };

		(void)nanosleep(&t, NULL);
	}
	return WN_FAIL(ctx, WN_E_CANCELLED, "as asked");
}

static wn_err
demo_good(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	(void)params;
	for (int i = 0; i < 100; i++)
		m->host->job_progress(ctx, i, 100, "counting");
	return wn_buf_cstr(result, "{\"sum\":7}");
}

static wn_err
demo_bad(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	(void)m;
	(void)params;
	(void)result;
	return WN_FAIL(ctx, WN_E_TOOL, "node is not installed");
}

static wn_err
demo_long(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	(void)params;
	(void)result;
	m->host->job_progress(ctx, 0, 0, "waiting");
	return wait_cancel(ctx);
}

static wn_err
on_ask(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	(void)ctx;
	*(bool *)arg = wn_loop_here(wn_kernel_of(m)->loop);
	return WN_E_BUSY;
}

static wn_err
demo_ask(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	bool on_loop = false;
	wn_err err = m->host->job_ask(m, ctx, on_ask, &on_loop);

	(void)params;
	return wn_buf_printf(result, "{\"loop\":%s,\"err\":%d}", on_loop ? "true" : "false", err);
}

static const struct wn_method demo_methods[] = {
	{ "demo.good", "", WN_RUN_TASK, demo_good }, { "demo.bad", "", WN_RUN_TASK, demo_bad },
	{ "demo.long", "", WN_RUN_TASK, demo_long }, { "demo.short", "", WN_RUN_JOB, demo_long },
	{ "demo.ask", "", WN_RUN_JOB, demo_ask },    { NULL, NULL, WN_RUN_LOOP, NULL },
};

static wn_err
demo_init(struct wn_mod *m, const struct wn_host *h)
{
	(void)m;
	(void)h;
	return WN_OK;
}

static const struct wn_module demo_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "demo",
	.version = "1.0.0",
	.manifest = "{\"name\":\"demo\",\"version\":\"1.0.0\",\"summary\":\"x\",\"methods\":{"
		    "\"demo.good\":\"\","
		    "\"demo.bad\":\"\",\"demo.long\":\"\",\"demo.short\":\"\",\"demo.ask\":\"\"}}",
	.methods = demo_methods,
	.init = demo_init,
};
static const struct wn_module *const modules[] = { &demo_module };

static void
begin(struct kernel_fix *f, struct fix_client *c)
{
	struct wn_diag d = { 0 };

	kernel_fix_init(f);
	assert_int_equal(kernel_fix_start(f, modules, 1, &d), WN_OK);
	fix_client_open(c, f, true);
}

static void
end(struct kernel_fix *f, struct fix_client *c)
{
	fix_client_close(c);
	kernel_fix_end(f);
}

static size_t
count_type(const struct kernel_fix *f, const char *type)
{
	size_t n = 0;

	for (size_t i = 0; i < fake_store_count(f->store); i++)
		n += strcmp(fake_store_at(f->store, i)->type, type) == 0;
	return n;
}

static bool
no_jobs(void *arg)
{
	struct kernel_fix *f = arg;

	return wn_jobs_running(f->k->jobs) == 0;
}

static void
a_task_answers_with_its_result(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	a = fix_client_call(&c, "demo.good", "{}");
	assert_int_equal(wn_json_num(wn_json_at(a, "/result/sum"), 0), 7);
	wn_json_free(a);
	end(&f, &c);
}

static void
a_task_leaves_its_story_in_the_log(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	const struct wn_event *first, *last;

	(void)state;
	begin(&f, &c);
	wn_json_free(fix_client_call(&c, "demo.good", "{}"));
	first = fake_store_at(f.store, 0);
	last = fake_store_at(f.store, fake_store_count(f.store) - 1);
	assert_string_equal(first->type, "job.started");
	assert_string_equal(last->type, "job.finished");
	assert_string_equal(last->stream, first->stream);
	assert_string_equal(last->causation, first->id);
	assert_string_equal(last->correlation, first->correlation);
	end(&f, &c);
}

static void
the_last_step_is_in_the_log(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	const struct wn_event *step;

	(void)state;
	begin(&f, &c);
	wn_json_free(fix_client_call(&c, "demo.good", "{}"));
	step = fake_store_at(f.store, fake_store_count(f.store) - 2);
	assert_string_equal(step->type, "job.progress");
	assert_true(wn_str_find(step->data, WN_STR("\"done\":99")) >= 0);
	end(&f, &c);
}

static void
a_task_is_about_the_workspace_its_request_names(void **state)
{
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin(&f, &c);
	wn_json_free(fix_client_call(&c, "demo.good", "{\"workspace\":7}"));
	assert_null(fake_store_at(f.store, 0)->subject);
	wn_json_free(fix_client_call(&c, "demo.good",
				     "{\"x\":[],\"workspace\":\"01J8ZQ5K3W0000000000000000\"}"));
	assert_string_equal(fake_store_at(f.store, fake_store_count(f.store) - 1)->subject,
			    "01J8ZQ5K3W0000000000000000");
	end(&f, &c);
}

static void
frequent_progress_is_merged_in_the_log(void **state)
{
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin(&f, &c);
	wn_json_free(fix_client_call(&c, "demo.good", "{}"));
	assert_in_range(count_type(&f, "job.progress"), 1, 3);
	end(&f, &c);
}

static void
the_caller_hears_of_progress_at_once(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;
	int64_t id;

	(void)state;
	begin(&f, &c);
	id = fix_client_request(&c, "demo.long", "{}");
	do {
		a = fix_client_recv(&c, NULL);
		assert_string_equal(wn_json_get_str(a, "method", ""), "call.progress");
		assert_int_equal(wn_json_num(wn_json_at(a, "/params/id"), 0), id);
		if (strcmp(wn_json_str(wn_json_at(a, "/params/text"), ""), "waiting") == 0)
			break;
		wn_json_free(a);
	} while (true);
	wn_json_free(a);
	end(&f, &c); /* stopping the kernel cancels it */
}

static void
a_failed_task_says_why_to_the_caller_and_the_log(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	a = fix_client_call(&c, "demo.bad", "{}");
	assert_string_equal(fix_error(a), "tool");
	wn_json_free(a);
	a = fix_client_call(&c, "job.list", "{\"state\":\"failed\"}");
	assert_string_equal(wn_json_str(wn_json_at(a, "/result/jobs/0/error/text"), ""),
			    "node is not installed");
	wn_json_free(a);
	end(&f, &c);
}

static void
cancelling_the_call_cancels_the_task(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;
	int64_t id;

	(void)state;
	begin(&f, &c);
	id = fix_client_request(&c, "demo.long", "{}");
	(void)fix_client_request(&c, "call.cancel", "{\"id\":2}");
	a = fix_client_answer(&c, id);
	assert_string_equal(fix_error(a), "cancelled");
	assert_int_equal(count_type(&f, "job.cancelled"), 1);
	wn_json_free(a);
	end(&f, &c);
}

/* The id of the only job, once it is recorded as running. */
static void
running_job(struct kernel_fix *f, struct fix_client *c, char out[WN_ULID_MAX])
{
	struct wn_json *a;

	(void)f;
	do {
		a = fix_client_call(c, "job.list", "{\"state\":\"running\"}");
		(void)snprintf(out, WN_ULID_MAX, "%s",
			       wn_json_str(wn_json_at(a, "/result/jobs/0/job"), ""));
		wn_json_free(a);
	} while (out[0] == '\0');
}

static void
a_task_outlives_its_client_and_can_be_waited_for(void **state)
{
	struct kernel_fix f;
	struct fix_client c, other;
	struct wn_json *a;
	char id[WN_ULID_MAX], params[64];
	int64_t wait;

	(void)state;
	begin(&f, &c);
	fix_client_open(&other, &f, true);
	(void)fix_client_request(&other, "demo.long", "{}");
	running_job(&f, &c, id);
	fix_client_close(&other);
	assert_true(wn_jobs_running(f.k->jobs) >= 1); /* the list that was asked for may end yet */
	(void)snprintf(params, sizeof(params), "{\"job\":\"%s\"}", id);
	wait = fix_client_request(&c, "job.wait", params);
	(void)fix_client_request(&c, "job.cancel", params);
	a = fix_client_answer(&c, wait);
	assert_string_equal(wn_json_str(wn_json_at(a, "/result/state"), ""), "cancelled");
	wn_json_free(a);
	a = fix_client_call(&c, "job.wait", params); /* it has ended: read from what was recorded */
	assert_string_equal(wn_json_str(wn_json_at(a, "/result/state"), ""), "cancelled");
	wn_json_free(a);
	a = fix_client_call(&c, "job.get", params);
	assert_string_equal(wn_json_str(wn_json_at(a, "/result/job/kind"), ""), "demo.long");
	wn_json_free(a);
	end(&f, &c);
}

static void
a_short_job_is_cancelled_with_its_client(void **state)
{
	struct kernel_fix f;
	struct fix_client c, other;

	(void)state;
	begin(&f, &c);
	fix_client_open(&other, &f, true);
	(void)fix_client_request(&other, "demo.short", "{}");
	kernel_fix_settle(&f);
	fix_client_close(&other);
	kernel_fix_until(&f, no_jobs, &f);
	assert_int_equal(count_type(&f, "job.started"), 0);
	end(&f, &c);
}

static void
a_job_asks_the_loop_and_gets_its_error_back(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	a = fix_client_call(&c, "demo.ask", "{}");
	assert_true(wn_json_bool(wn_json_at(a, "/result/loop"), false));
	assert_int_equal(wn_json_num(wn_json_at(a, "/result/err"), 0), WN_E_BUSY);
	wn_json_free(a);
	end(&f, &c);
}

static void
an_unknown_job_is_not_found(void **state)
{
	static const char *const methods[] = { "job.get", "job.wait", "job.cancel" };
	struct kernel_fix f;
	struct fix_client c;

	(void)state;
	begin(&f, &c);
	for (size_t i = 0; i < 3; i++) {
		struct wn_json *a =
			fix_client_call(&c, methods[i], "{\"job\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\"}");

		assert_string_equal(fix_error(a), "not_found");
		wn_json_free(a);
	}
	end(&f, &c);
}

static void
a_task_that_cannot_be_recorded_does_not_run(void **state)
{
	struct kernel_fix f;
	struct fix_client c;
	struct wn_json *a;

	(void)state;
	begin(&f, &c);
	fake_store_fail(f.store, WN_E_READ_ONLY, 1);
	a = fix_client_call(&c, "demo.good", "{}");
	assert_string_equal(fix_error(a), "read_only");
	wn_json_free(a);
	end(&f, &c);
}

/* ---- an earlier run of the engine ---- */

static void
ignore_done(void *arg, wn_err err, const struct wn_event *evs, size_t n, const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)evs;
	(void)n;
	(void)d;
}

static wn_err
left_over_start(struct wn_mod *m, struct wn_ctx *ctx)
{
	struct wn_kernel *k = wn_kernel_of(m);
	struct wn_append a = { .expect = -1 };

	a.ev = (struct wn_event){
		.id = "01ARZ3NDEKTSV4RRFFQ69G5FAW",
		.source = "webnova/engine",
		.type = "job.started",
		.dataschema = "urn:x",
		.data = WN_STR("{\"job\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"kind\":\"demo.x\","
			       "\"module\":\"demo\"}"),
		.stream = "job/01ARZ3NDEKTSV4RRFFQ69G5FAV",
		.tenant = "local",
		.actor = "user:1000",
		.correlation = "c"
	};
	return k->store->append(k->store_mod, &a, 1, ignore_done, NULL, &ctx->diag);
}

static bool
is_declared(void *arg)
{
	return count_type(arg, "job.failed") == 1;
}

static void
an_unfinished_task_of_an_earlier_run_is_declared_failed(void **state)
{
	struct wn_module left = demo_module;
	const struct wn_module *const list[] = { &left };
	struct kernel_fix f;
	struct wn_diag d = { 0 };
	struct wn_ctx ctx = { .tenant = "local", .actor = "engine" };
	struct wn_arena arena;

	(void)state;
	left.start = left_over_start;
	kernel_fix_init(&f);
	assert_int_equal(kernel_fix_start(&f, list, 1, &d), WN_OK);
	/* what the engine does at its start, now that something is left over */
	wn_arena_init(&arena, 0);
	ctx.arena = &arena;
	kernel_fix_until(&f, no_jobs, &f);
	if (!is_declared(&f)) /* the module's event came after the engine had looked */
		assert_int_equal(wn_jobs_recover(f.k->engine, &ctx), WN_OK);
	kernel_fix_until(&f, is_declared, &f);
	wn_arena_fini(&arena);
	kernel_fix_end(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_task_answers_with_its_result),
		cmocka_unit_test(a_task_leaves_its_story_in_the_log),
		cmocka_unit_test(the_last_step_is_in_the_log),
		cmocka_unit_test(a_task_is_about_the_workspace_its_request_names),
		cmocka_unit_test(frequent_progress_is_merged_in_the_log),
		cmocka_unit_test(the_caller_hears_of_progress_at_once),
		cmocka_unit_test(a_failed_task_says_why_to_the_caller_and_the_log),
		cmocka_unit_test(cancelling_the_call_cancels_the_task),
		cmocka_unit_test(a_task_outlives_its_client_and_can_be_waited_for),
		cmocka_unit_test(a_short_job_is_cancelled_with_its_client),
		cmocka_unit_test(a_job_asks_the_loop_and_gets_its_error_back),
		cmocka_unit_test(an_unknown_job_is_not_found),
		cmocka_unit_test(a_task_that_cannot_be_recorded_does_not_run),
		cmocka_unit_test(an_unfinished_task_of_an_earlier_run_is_declared_failed),
	};

	return cmocka_run_group_tests_name("unit/runtime/kernel/job", tests, NULL, NULL);
}
