/*
 * Tenants against each other, on the whole engine (every module, the real store): what one tenant
 * made is to another as if it were not there, and no list shows it. The wire gives every local
 * caller one tenant, so the methods are called as the host calls them, with a context of either.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "gen/contracts.h"
#include "gen/modules.h"
#include "gen/schemas.h"
#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/job.h"
#include "runtime/kernel/kernel.h"

enum { LIMIT_MS = 20000, RESULT_MAX = 16 << 20 };

static const char *const owner[] = { "owner", NULL };
static const char nobody[] = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

struct world {
	struct wn_kernel *k;
	struct wn_config *config;
	struct wn_log log;
	char dir[64];
	char workspace[WN_ULID_MAX], snapshot[WN_ULID_MAX], job[WN_ULID_MAX];
	struct wn_buf result; /* of the last call */
};

struct call {
	const struct wn_method *method;
	struct wn_str params;
	struct world *w;
	bool done;
	wn_err err;
};

static const struct wn_method *
find_method(struct world *w, const char *name, struct wn_mod **mod)
{
	for (size_t i = 0; i < wn_registry_count(w->k->registry); i++) {
		*mod = wn_registry_at(w->k->registry, i);
		for (const struct wn_method *m = (*mod)->desc->methods;
		     m != NULL && m->name != NULL; m++)
			if (strcmp(m->name, name) == 0)
				return m;
	}
	return NULL;
}

static wn_err
run_call(struct wn_mod *m, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	struct call *c = arg;

	return c->method->fn(m, ctx, c->params, result);
}

static void
on_done(void *arg, wn_err err, const struct wn_diag *d, struct wn_str result)
{
	struct call *c = arg;

	(void)d;
	c->err = err;
	(void)wn_buf_str(&c->w->result, result);
	c->done = true;
}

static bool
is_done(void *arg)
{
	return ((struct call *)arg)->done;
}

/* A method with a context of that tenant, on the thread it is made for. */
static wn_err
call(struct world *w, const char *tenant, const char *name, const char *params)
{
	struct wn_mod *m = NULL;
	struct call c = { .method = find_method(w, name, &m), .params = wn_str(params), .w = w };
	struct wn_arena arena;
	struct wn_ctx ctx = { .tenant = tenant,
			      .actor = "user:1",
			      .correlation = nobody,
			      .roles = owner,
			      .arena = &arena };
	struct wn_job_start s = { .spec = { .kind = name, .fn = run_call, .arg = &c },
				  .on_done = on_done,
				  .arg = &c };

	assert_non_null(c.method);
	wn_arena_init(&arena, RESULT_MAX);
	wn_buf_clear(&w->result);
	s.task = c.method->run == WN_RUN_TASK;
	if (c.method->run == WN_RUN_LOOP) {
		c.err = c.method->fn(m, &ctx, c.params, &w->result);
	} else {
		assert_int_equal(wn_jobs_start(w->k->jobs, m, &ctx, &s, NULL), WN_OK);
		assert_true(wn_loop_until(w->k->loop, is_done, &c, LIMIT_MS));
	}
	wn_arena_fini(&arena);
	return c.err;
}

/* A text at a pointer of the last result. */
static void
take_text(struct world *w, const char *pointer, char out[WN_ULID_MAX])
{
	struct wn_json *j = NULL;

	assert_int_equal(wn_json_parse(wn_buf_view(&w->result), NULL, &j, NULL), WN_OK);
	(void)snprintf(out, WN_ULID_MAX, "%s", wn_json_str(wn_json_at(j, pointer), ""));
	wn_json_free(j);
	assert_int_equal(strlen(out), 26);
}

static void
log_nothing(void *arg, enum wn_log_level level, const char *line, size_t n)
{
	(void)arg;
	(void)level;
	(void)line;
	(void)n;
}

static void
start_kernel(struct world *w)
{
	struct wn_diag d = { 0 };
	struct wn_kernel_opts o = { .modules = wn_modules,
				    .n_modules = wn_module_count,
				    .config = w->config,
				    .clock = wn_clock_real(),
				    .log = &w->log,
				    .contracts = { .openrpc = wn_openrpc,
						   .check_event = wn_contract_check_event },
				    .state_dir = w->dir,
				    .cache_dir = w->dir,
				    .run_dir = w->dir,
				    .self_path = "/proc/self/exe" };

	if (wn_kernel_new(&o, &w->k, &d) != WN_OK || wn_kernel_start(w->k, &d) != WN_OK)
		fail_msg("the kernel did not start: %s", d.text);
}

/* The tenant "local" gets a workspace with a file, its snapshot, and the job that took it. */
static void
make_things(struct world *w)
{
	struct wn_diag d = { 0 };
	char text[256], path[128];

	(void)snprintf(path, sizeof(path), "%s/mine", w->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(text, sizeof(text), "%s/secret-name", path);
	assert_int_equal(wn_file_write(text, WN_STR("mine\n"), 0600, &d), WN_OK);
	(void)snprintf(text, sizeof(text), "{\"path\":\"%s\"}", path);
	assert_int_equal(call(w, "local", "workspace.open", text), WN_OK);
	take_text(w, "/workspace/id", w->workspace);
	(void)snprintf(text, sizeof(text), "{\"workspace\":\"%s\"}", w->workspace);
	assert_int_equal(call(w, "local", "snapshot.create", text), WN_OK);
	take_text(w, "/snapshot/id", w->snapshot);
	assert_int_equal(call(w, "local", "job.list", "{}"), WN_OK);
	take_text(w, "/jobs/0/job", w->job);
}

static int
setup(void **state)
{
	struct world *w = WN_NEW(struct world);

	(void)snprintf(w->dir, sizeof(w->dir), "/tmp/wn-tenant-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	w->config = wn_config_new(wn_settings, wn_setting_count);
	w->log = (struct wn_log){ .level = WN_LOG_ERROR,
				  .clock = wn_clock_real(),
				  .sink = log_nothing };
	wn_buf_init(&w->result, RESULT_MAX);
	start_kernel(w);
	make_things(w);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;

	assert_true(wn_kernel_stop(w->k, LIMIT_MS));
	wn_kernel_free(w->k);
	wn_config_free(w->config);
	wn_buf_fini(&w->result);
	assert_int_equal(wn_file_rmtree(w->dir, NULL), WN_OK);
	wn_free(w);
	return 0;
}

/* $w, $s and $j are ids of the other tenant's workspace, snapshot and job. */
static const struct {
	const char *method, *params;
} reaches[] = {
	{ "workspace.get", "{\"workspace\":\"$w\"}" },
	{ "workspace.forget", "{\"workspace\":\"$w\"}" },
	{ "snapshot.create", "{\"workspace\":\"$w\"}" },
	{ "snapshot.list", "{\"workspace\":\"$w\"}" },
	{ "snapshot.diff", "{\"workspace\":\"$w\",\"from\":\"$s\"}" },
	{ "snapshot.restore", "{\"workspace\":\"$w\",\"snapshot\":\"$s\"}" },
	{ "platform.generate", "{\"workspace\":\"$w\"}" },
	{ "preview.start", "{\"workspace\":\"$w\"}" },
	{ "preview.stop", "{\"workspace\":\"$w\"}" },
	{ "preview.status", "{\"workspace\":\"$w\"}" },
	{ "preview.logs", "{\"workspace\":\"$w\",\"credit\":1}" },
	{ "preview.last_log", "{\"workspace\":\"$w\"}" },
	{ "terminal.open", "{\"workspace\":\"$w\",\"rows\":1,\"cols\":1}" },
	{ "assistant.ask", "{\"workspace\":\"$w\",\"text\":\"what is there\"}" },
	{ "job.get", "{\"job\":\"$j\"}" },
	{ "job.cancel", "{\"job\":\"$j\"}" },
};

static void
fill_ids(const char *params, const char *w, const char *s, const char *j, struct wn_buf *out)
{
	for (; *params != '\0'; params++) {
		if (params[0] != '$')
			(void)wn_buf_chr(out, params[0]);
		else
			(void)wn_buf_str(out, wn_str(*++params == 'w' ? w
						     : *params == 's' ? s
								      : j));
	}
	(void)wn_buf_chr(out, '\0');
}

static wn_err
reach(struct world *w, size_t i, bool there)
{
	struct wn_buf params;
	wn_err err;

	wn_buf_init(&params, 4096);
	fill_ids(reaches[i].params, there ? w->workspace : nobody, there ? w->snapshot : nobody,
		 there ? w->job : nobody, &params);
	err = call(w, "other", reaches[i].method, params.p);
	wn_buf_fini(&params);
	return err;
}

static void
another_tenants_id_answers_as_one_that_is_not_there(void **state)
{
	struct world *w = *state;
	int wrong = 0;

	for (size_t i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++) {
		wn_err theirs = reach(w, i, true), none = reach(w, i, false);

		if (theirs == WN_E_NOT_FOUND && none == WN_E_NOT_FOUND)
			continue;
		print_message("# %s: %s for another tenant's, %s for none\n", reaches[i].method,
			      wn_error_row(theirs)->name, wn_error_row(none)->name);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void
nothing_of_another_tenant_is_listed(void **state)
{
	static const char *const lists[] = { "workspace.list", "job.list",	"event.list",
					     "preview.list",   "terminal.list", "datalake.export" };
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const char *params =
			strcmp(lists[i], "datalake.export") == 0 ? "{\"reader\":\"x\"}" : "{}";
		wn_err err = call(w, "other", lists[i], params);

		/* an export hands its lines to the request it answers; here there is none */
		if (err != WN_OK && err != WN_E_STATE)
			fail_msg("%s: %s", lists[i], wn_error_row(err)->name);
		(void)wn_buf_chr(&w->result, '\0');
		if (strstr(w->result.p, w->workspace) != NULL ||
		    strstr(w->result.p, w->job) != NULL || strstr(w->result.p, w->dir) != NULL)
			fail_msg("%s shows another tenant's: %s", lists[i], w->result.p);
	}
}

static void
the_owner_still_has_all_of_it(void **state)
{
	struct world *w = *state;
	char text[128];

	for (size_t i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++)
		(void)reach(w, i, true);
	(void)snprintf(text, sizeof(text), "{\"workspace\":\"%s\"}", w->workspace);
	assert_int_equal(call(w, "local", "workspace.get", text), WN_OK);
	assert_int_equal(call(w, "local", "snapshot.list", text), WN_OK);
	(void)wn_buf_chr(&w->result, '\0');
	assert_non_null(strstr(w->result.p, w->snapshot));
	assert_int_equal(call(w, "local", "event.list", "{}"), WN_OK);
	(void)wn_buf_chr(&w->result, '\0');
	assert_non_null(strstr(w->result.p, w->workspace));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(another_tenants_id_answers_as_one_that_is_not_there,
						setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_of_another_tenant_is_listed, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_owner_still_has_all_of_it, setup, teardown),
	};

	return cmocka_run_group_tests_name("contract/tenant", tests, NULL, NULL);
}
