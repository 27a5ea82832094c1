/*
 * A service that ended by itself is started again, when the settings say so: after a pause that
 * doubles, and not without end. One that a rule stopped stays stopped. Loop thread.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/modules/preview/preview.h"

#define SECOND_NS INT64_C(1000000000)
#define WINDOW_NS (600 * SECOND_NS)
#define PAUSE_MAX_MS 30000

/* Job: the same start as a person's. */
static wn_err
start_again(struct wn_mod *m, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	struct preview_start_params params = { .workspace = wn_str((const char *)arg) };
	struct preview_start_result out = { 0 };
	wn_err err = preview_on_start(m, ctx, &params, &out);

	return err ? err : wn_buf_cstr(result, "{}");
}

static void
due(void *arg)
{
	struct preview_item *it = (struct preview_item *)arg;
	const struct wn_host *h = it->m->host;
	char correlation[WN_ULID_MAX];
	struct wn_arena arena;
	struct wn_ctx ctx = {
		.tenant = it->tenant, .actor = "engine", .correlation = correlation, .arena = &arena
	};
	struct wn_job_spec job = { .kind = "preview.restart",
				   .subject = it->workspace,
				   .fn = start_again,
				   .arg = wn_strdup(it->workspace),
				   .free_arg = wn_free };

	it->restart = NULL;
	wn_arena_init(&arena, 0);
	h->new_id(h, correlation);
	if (it->state != MODEL_PREVIEW_STATE_FAILED || it->forgotten || it->stopping ||
	    h->job_start(it->m, &ctx, &job, NULL))
		wn_free(job.arg);
	wn_arena_fini(&arena);
}

bool
preview_restart_later(struct preview_item *it, char *words, size_t n)
{
	const struct wn_host *h = it->m->host;
	int64_t now = wn_mono_ns(h->clock), most = h->config_int(h, "preview.restart_limit"), ms;

	if (strcmp(h->config_str(h, "preview.restart"), "on-failure") != 0 ||
	    (it->has_exit_code && it->exit_code == 0) || it->restart)
		return false;
	if (it->restarts == 0 || now - it->restarted_ns > WINDOW_NS) {
		it->restarts = 0;
		it->restarted_ns = now;
	}
	if (it->restarts >= most) {
		snprintf(words, n, "; it was started again %d times in ten minutes and stays ended",
			 it->restarts);
		return true;
	}
	ms = it->restarts < 5 ? INT64_C(1000) << it->restarts : PAUSE_MAX_MS;
	if (ms > PAUSE_MAX_MS)
		ms = PAUSE_MAX_MS;
	it->restarts++;
	it->restart = h->timer_start(it->m, ms, 0, due, it);
	snprintf(words, n, "; it is started again in %lld s", (long long)(ms / 1000));
	return true;
}

void
preview_restart_cancel(struct preview_item *it)
{
	it->m->host->timer_stop(it->m, it->restart);
	it->restart = NULL;
}
