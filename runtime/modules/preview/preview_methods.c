/*
 * The methods: start and stop as jobs that ask the loop for the table, the rest from the table.
 */
#include "runtime/modules/preview/preview.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"

/* What a job wants of the table. */
struct table_ask {
	struct preview_run *run;
	const char *workspace;
	bool already;
	struct model_preview *out;
};

static const char *
stream_of(struct wn_ctx *ctx, const char *workspace)
{
	return wn_arena_printf(ctx->arena, "workspace/%s", workspace);
}

/* --- start ------------------------------------------------------------------------------- */

static wn_err
table_begin(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct table_ask *q = (struct table_ask *)arg;
	struct preview_item *it = preview_item_get(m, ctx->tenant, wn_str(q->workspace), true);

	if (!it)
		return WN_FAIL(ctx, WN_E_NOT_FOUND, "there is no workspace %s", q->workspace);
	if (it->state == MODEL_PREVIEW_STATE_RUNNING) {
		q->already = true;
		preview_item_model(it, ctx->arena, q->out);
		return WN_OK;
	}
	if (it->state == MODEL_PREVIEW_STATE_PREPARING ||
	    it->state == MODEL_PREVIEW_STATE_STARTING || it->stopping)
		return WN_FAIL(ctx, WN_E_BUSY, "the platform is being started or stopped already");
	preview_restart_cancel(it);
	it->state = MODEL_PREVIEW_STATE_PREPARING;
	it->forgotten = false;
	it->has_exit_code = false;
	preview_item_set_reason(it, NULL);
	if (q->run->port == 0)
		q->run->port = it->port;
	return WN_OK;
}

static wn_err
table_running(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct table_ask *q = (struct table_ask *)arg;
	struct preview_run *r = q->run;
	struct preview_item *it = preview_item_get(m, ctx->tenant, wn_str(q->workspace), false);
	wn_err err;

	if (!it || it->forgotten)
		return WN_FAIL(ctx, WN_E_STATE, "the workspace was forgotten meanwhile");
	it->port = r->port;
	it->pid = r->pid;
	it->isolated = r->isolated;
	it->started_ms = wn_now_ms(m->host->clock);
	wn_free(it->limits);
	it->limits = wn_strdup(r->limits);
	wn_free(it->credentials);
	it->credentials = wn_strdup(r->credentials);
	snprintf(it->url, sizeof it->url, "http://127.0.0.1:%d/", r->port);
	err = preview_item_watch(it, r->socket, &ctx->diag);
	if (err)
		return err;
	it->state = MODEL_PREVIEW_STATE_RUNNING;
	preview_item_model(it, ctx->arena, q->out);
	return WN_OK;
}

/* From here on only the job that failed may end what it started. */
static wn_err
table_failing(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct table_ask *q = (struct table_ask *)arg;
	struct preview_item *it = preview_item_get(m, ctx->tenant, wn_str(q->workspace), false);

	if (!it)
		return WN_OK;
	it->stopping = true;
	preview_watch_stop(it);
	m->host->link_close(it->link);
	it->link = NULL;
	return WN_OK;
}

static wn_err
table_failed(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct table_ask *q = (struct table_ask *)arg;
	struct preview_item *it = preview_item_get(m, ctx->tenant, wn_str(q->workspace), false);

	if (!it)
		return WN_OK;
	it->stopping = false;
	it->state = ctx->diag.code == WN_E_CANCELLED ? MODEL_PREVIEW_STATE_STOPPED
						     : MODEL_PREVIEW_STATE_FAILED;
	it->has_exit_code = q->run->has_exit_code;
	it->exit_code = q->run->exit_code;
	preview_item_set_reason(it, ctx->diag.text);
	return WN_OK;
}

/* Passwords of seeded people are made at the first start and are in no other place. */
static void
find_credentials(struct preview_run *r)
{
	const char *path = wn_arena_printf(r->ctx->arena, "%s/credentials.json", r->data_dir);

	r->credentials = wn_file_exists(path) ? path : NULL;
}

/* For an engine that comes after this one. */
static wn_err
write_card(struct preview_run *r)
{
	struct wn_json *j = wn_json_new_object();
	struct wn_buf text;
	wn_err err;

	wn_json_set_str(j, "tenant", r->ctx->tenant);
	wn_json_set_num(j, "port", r->port);
	wn_json_set_num(j, "pid", (double)r->pid);
	wn_json_set_bool(j, "isolated", r->isolated);
	wn_json_set_str(j, "limits", r->limits);
	if (r->credentials)
		wn_json_set_str(j, "credentials", r->credentials);
	wn_json_set_i64s(j, "started_ms", wn_now_ms(r->m->host->clock));
	wn_buf_init(&text, 65536);
	err = wn_json_print(j, &text);
	if (!err)
		err = wn_file_write(preview_card(r->m->host, r->ctx->arena, r->ws.id),
				    wn_buf_view(&text), 0600, &r->ctx->diag);
	wn_buf_fini(&text);
	wn_json_free(j);
	return err;
}

static void
announce_failure(struct preview_run *r, struct table_ask *q)
{
	struct wn_ctx *ctx = r->ctx;
	struct wn_diag first = ctx->diag;
	struct preview_failed e = { .workspace = wn_str(r->ws.id),
				    .reason = wn_str(first.text),
				    .step = preview_failed_step_value(wn_str(r->step)),
				    .has_exit_code = r->has_exit_code,
				    .exit_code = r->exit_code };
	const atomic_int *cancelled = ctx->cancelled;
	int code;
	bool has;

	ctx->cancelled = NULL;
	(void)r->m->host->job_ask(r->m, ctx, table_failing, q);
	if (r->socket)
		(void)preview_end(r->m, ctx, r->socket, &code, &has);
	(void)unlink(preview_card(r->m->host, ctx->arena, r->ws.id));
	if (r->m->host->job_ask(r->m, ctx, table_failed, q) ||
	    emit_preview_failed(r->m, ctx, stream_of(ctx, r->ws.id), &e))
		wn_log(r->m->host->log, WN_LOG_ERROR, "preview", "a failed start was not recorded",
		       WN_S("workspace", r->ws.id));
	ctx->cancelled = cancelled;
	ctx->diag = first;
}

static wn_err
run_steps(struct preview_run *r, struct table_ask *q)
{
	struct preview_started e = { .workspace = wn_str(r->ws.id) };
	int64_t began = wn_mono_ns(r->m->host->clock);
	wn_err err = preview_prepare(r);

	if (!err)
		err = preview_launch(r);
	if (!err)
		err = preview_await_health(r);
	if (!err)
		find_credentials(r);
	if (!err)
		err = write_card(r);
	if (!err)
		err = r->m->host->job_ask(r->m, r->ctx, table_running, q);
	if (err)
		return err;
	e.url = q->out->url;
	e.pid = r->pid;
	e.isolation =
		r->isolated ? PREVIEW_STARTED_ISOLATION_SANDBOX : PREVIEW_STARTED_ISOLATION_NONE;
	e.took_ms = (wn_mono_ns(r->m->host->clock) - began) / 1000000;
	return emit_preview_started(r->m, r->ctx, stream_of(r->ctx, r->ws.id), &e);
}

static wn_err
workspace_of(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id, struct wn_workspace *out)
{
	const struct wn_bound *b = &m->bound[NEED_WORKSPACE];

	return ((const struct wn_iface_workspace *)b->vtable)->get(b->mod, ctx, id, out);
}

static wn_err
may_start(struct preview_run *r)
{
	const struct wn_question q = { .action = "preview.start",
				       .resource = wn_arena_printf(r->ctx->arena, "workspace/%s",
								   r->ws.id) };

	return wn_may(&r->m->bound[NEED_COMPLIANCE], DECIDERS, r->ctx, q);
}

wn_err
preview_on_start(struct wn_mod *m, struct wn_ctx *ctx, const struct preview_start_params *params,
		 struct preview_start_result *result)
{
	struct preview_run r = { .m = m, .ctx = ctx, .step = "dependencies", .how = "cached" };
	struct table_ask q = { .run = &r, .out = &result->preview };
	wn_err err = workspace_of(m, ctx, params->workspace, &r.ws);

	if (!err)
		err = may_start(&r);
	if (err)
		return err;
	/* A port asked for by name is kept or the start fails: said by its sign (preview_launch).
	 */
	r.port = params->has_port ? -(int)params->port : 0;
	q.workspace = r.ws.id;
	err = m->host->job_ask(m, ctx, table_begin, &q);
	if (err || q.already)
		return err;
	err = run_steps(&r, &q);
	if (err)
		announce_failure(&r, &q);
	return err;
}

/* --- stop --------------------------------------------------------------------------------- */

static wn_err
table_stopping(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct table_ask *q = (struct table_ask *)arg;
	struct preview_item *it = preview_item_get(m, ctx->tenant, wn_str(q->workspace), false);

	if (!it)
		return WN_E_NOT_FOUND; /* it never ran; the caller knows whether there is such a
					  workspace */
	if (it->stopping)
		return WN_FAIL(ctx, WN_E_BUSY,
			       "the platform is being stopped already; wait for that to end");
	if (it->state == MODEL_PREVIEW_STATE_PREPARING || it->state == MODEL_PREVIEW_STATE_STARTING)
		return WN_FAIL(ctx, WN_E_BUSY,
			       "the platform is being started; cancel that job instead");
	q->already = it->state != MODEL_PREVIEW_STATE_RUNNING;
	preview_restart_cancel(it);
	it->stopping = true;
	return WN_OK;
}

static wn_err
table_stopped(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct table_ask *q = (struct table_ask *)arg;
	struct preview_item *it = preview_item_get(m, ctx->tenant, wn_str(q->workspace), false);

	if (!it)
		return WN_OK;
	preview_watch_stop(it);
	m->host->link_close(it->link);
	it->link = NULL;
	it->stopping = false;
	it->state = MODEL_PREVIEW_STATE_STOPPED;
	if (!q->already) {
		it->has_exit_code = q->run->has_exit_code;
		it->exit_code = q->run->exit_code;
	}
	preview_item_set_reason(it, NULL);
	preview_item_model(it, ctx->arena, q->out);
	return WN_OK;
}

/* Ends what the table says runs; *stopped_out false: nothing did. A service that had ended by
 * itself has left its keeper, which goes too. */
static wn_err
stop_service(struct preview_run *r, struct table_ask *q, bool *stopped_out)
{
	struct wn_mod *m = r->m;
	const char *socket = preview_socket(m->host, r->ctx->arena, r->ws.id);
	wn_err err = m->host->job_ask(m, r->ctx, table_stopping, q);

	*stopped_out = false;
	if (err)
		return err;
	m->host->job_progress(r->ctx, 0, 1, "stopping");
	if (!q->already || wn_file_exists(socket))
		err = preview_end(m, r->ctx, socket, &r->exit_code, &r->has_exit_code);
	(void)unlink(preview_card(m->host, r->ctx->arena, r->ws.id));
	*stopped_out = !q->already;
	if (m->host->job_ask(m, r->ctx, table_stopped, q) && !err)
		err = WN_FAIL(r->ctx, WN_E_INTERNAL, "the end of the platform was not noted");
	return err;
}

static wn_err
record_stop(struct preview_run *r)
{
	struct preview_stopped e = { .workspace = wn_str(r->ws.id),
				     .has_exit_code = r->has_exit_code,
				     .exit_code = r->exit_code };

	return emit_preview_stopped(r->m, r->ctx, stream_of(r->ctx, r->ws.id), &e);
}

/* The table is asked first: what runs can be stopped also when its workspace was forgotten. */
wn_err
preview_on_stop(struct wn_mod *m, struct wn_ctx *ctx, const struct preview_stop_params *params,
		struct preview_stop_result *result)
{
	struct preview_run r = { .m = m, .ctx = ctx };
	struct table_ask q = { .run = &r, .out = &result->preview };
	bool stopped;
	wn_err err;

	q.workspace = r.ws.id =
		wn_arena_strndup(ctx->arena, params->workspace.p, params->workspace.len);
	err = stop_service(&r, &q, &stopped);
	if (err == WN_E_NOT_FOUND && !ctx->diag.code) {
		err = workspace_of(m, ctx, params->workspace, &r.ws);
		result->preview = (struct model_preview){ .workspace = wn_str(q.workspace),
							  .state = MODEL_PREVIEW_STATE_STOPPED };
		return err;
	}
	return err || !stopped ? err : record_stop(&r);
}

/* --- a workspace is taken off the list: what runs for it would be out of everybody's sight
 * --------------- */

static wn_err
stop_forgotten(struct wn_mod *m, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	struct model_preview ignored;
	struct preview_run r = { .m = m, .ctx = ctx };
	struct table_ask q = { .run = &r, .out = &ignored };
	bool stopped;
	wn_err err;

	q.workspace = r.ws.id = (const char *)arg;
	err = stop_service(&r, &q, &stopped);
	if (!err && stopped)
		err = record_stop(&r);
	return err ? err : wn_buf_cstr(result, "{}");
}

wn_err
preview_on_event_workspace_forgotten(struct wn_mod *m, struct wn_ctx *ctx,
				     const struct wn_event *ev)
{
	struct preview_item *it =
		ev->subject ? preview_item_get(m, ev->tenant, wn_str(ev->subject), false) : NULL;
	struct wn_job_spec job = { .kind = "preview.stop",
				   .subject = ev->subject,
				   .fn = stop_forgotten,
				   .free_arg = wn_free };
	wn_err err;

	if (!it)
		return WN_OK;
	it->forgotten = true; /* a start under way ends by this */
	preview_restart_cancel(it);
	if (it->state != MODEL_PREVIEW_STATE_RUNNING || it->stopping)
		return WN_OK;
	job.arg = wn_strdup(ev->subject);
	err = m->host->job_start(m, ctx, &job, NULL);
	if (err)
		wn_free(job.arg);
	return err;
}

/* --- looking ---------------------------------------------------------------------------------- */

static wn_err
table_state(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct table_ask *q = (struct table_ask *)arg;
	struct preview_item *it = preview_item_get(m, ctx->tenant, wn_str(q->workspace), false);

	if (it)
		preview_item_model(it, ctx->arena, q->out);
	else
		*q->out = (struct model_preview){ .workspace = wn_str(q->workspace),
						  .state = MODEL_PREVIEW_STATE_STOPPED };
	return WN_OK;
}

wn_err
preview_on_status(struct wn_mod *m, struct wn_ctx *ctx, const struct preview_status_params *params,
		  struct preview_status_result *result)
{
	struct wn_workspace ws = { 0 };
	struct table_ask q = { .out = &result->preview };
	wn_err err = workspace_of(m, ctx, params->workspace, &ws);

	q.workspace = ws.id;
	return err ? err : m->host->job_ask(m, ctx, table_state, &q);
}

wn_err
preview_on_list(struct wn_mod *m, struct wn_ctx *ctx, const struct preview_list_params *params,
		struct preview_list_result *result)
{
	struct preview *p = preview_of(m);
	struct wn_map_iter it;

	(void)params;
	result->previews = (struct model_preview *)wn_arena_array(ctx->arena, p->items.len + 1,
								  sizeof *result->previews);
	wn_map_iter_init(&it, &p->items);
	while (wn_map_iter_next(&it)) {
		const struct preview_item *item = (const struct preview_item *)it.value;

		if (strcmp(item->tenant, ctx->tenant) == 0 &&
		    item->state != MODEL_PREVIEW_STATE_STOPPED)
			preview_item_model(item, ctx->arena,
					   &result->previews[result->previews_len++]);
	}
	return WN_OK;
}
