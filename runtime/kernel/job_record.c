/*
 * Implements the job.* events and the table engine_job projected from them.
 */
#include "runtime/kernel/job_record.h"

#include <stdio.h>

#include "gen/engine.h"
#include "runtime/base/vec.h"
#include "runtime/kernel/emit.h"
#include "runtime/kernel/job.h"

enum { RESULT_KEPT = 256 << 10, DATA_MAX = 1 << 20 }; /* a larger result goes to the caller only */

/* Emits on a copy of the ctx, so that a failure to record does not hide the job's own. */
static wn_err
record(struct wn_kernel *k, const struct wn_ctx *ctx, const struct wn_job_who *who,
       const char *type, const char *id, const struct wn_buf *data, bool wait, struct wn_diag *d)
{
	struct wn_ctx scratch = *ctx;
	struct wn_emit e = { .type = type,
			     .schema_version = 1,
			     .stream = who->stream,
			     .subject = who->subject,
			     .expect = -1,
			     .id = id,
			     .data = wn_buf_view(data) };
	wn_err err;

	if (k->store == NULL)
		return WN_OK;
	scratch.call = NULL;
	wn_diag_clear(&scratch.diag);
	err = wait ? wn_emit(k->engine, &scratch, &e) : wn_emit_async(k->engine, &scratch, &e);
	if (err != WN_OK && d != NULL)
		*d = scratch.diag;
	if (err != WN_OK)
		wn_log(k->opts.log, WN_LOG_ERROR, "job", "what a job did could not be recorded",
		       WN_S("job", who->id), WN_S("event", type), WN_ERRF(err));
	return err;
}

wn_err
wn_job_record_started(struct wn_kernel *k, struct wn_ctx *ctx, const struct wn_job_who *who)
{
	struct job_started data = { .job = wn_str(who->id),
				    .kind = wn_str(who->kind),
				    .module = wn_str(who->module),
				    .subject = wn_str(who->subject) };
	struct wn_diag d = { 0 };
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, DATA_MAX);
	err = job_started_print(&data, &b);
	if (err == WN_OK)
		err = record(k, ctx, who, "job.started", who->event_id, &b, true, &d);
	if (err != WN_OK)
		ctx->diag = d;
	wn_buf_fini(&b);
	return err;
}

void
wn_job_record_progress(struct wn_kernel *k, struct wn_ctx *ctx, const struct wn_job_who *who,
		       const struct wn_job_step *step)
{
	struct job_progress data = { .job = wn_str(who->id),
				     .done = step->done,
				     .total = step->total,
				     .text = wn_str(step->text) };
	struct wn_buf b;

	wn_buf_init(&b, DATA_MAX);
	if (job_progress_print(&data, &b) == WN_OK)
		(void)record(k, ctx, who, "job.progress", NULL, &b, false, NULL);
	wn_buf_fini(&b);
}

static wn_err
print_failed(const struct wn_job_who *who, wn_err err, const struct wn_diag *d, struct wn_buf *b)
{
	struct job_failed data = { .job = wn_str(who->id) };

	data.error.name = wn_str(wn_error_row(err)->name);
	data.error.text = wn_str(d->text);
	if (d->where[0] != '\0')
		data.error.where = wn_str(d->where);
	return job_failed_print(&data, b);
}

void
wn_job_record_ended(struct wn_kernel *k, struct wn_ctx *ctx, const struct wn_job_who *who,
		    wn_err err, struct wn_str result)
{
	struct job_finished finished = { .job = wn_str(who->id) };
	struct job_cancelled cancelled = { .job = wn_str(who->id) };
	const char *type = "job.failed";
	struct wn_buf b;
	wn_err printed;

	wn_buf_init(&b, DATA_MAX);
	if (err == WN_OK) {
		type = "job.finished";
		if (result.len > 0 && result.len <= RESULT_KEPT)
			finished.result = result;
		printed = job_finished_print(&finished, &b);
	} else if (err == WN_E_CANCELLED) {
		type = "job.cancelled";
		printed = job_cancelled_print(&cancelled, &b);
	} else {
		printed = print_failed(who, err, &ctx->diag, &b);
	}
	if (printed == WN_OK)
		(void)record(k, ctx, who, type, NULL, &b, true, NULL);
	wn_buf_fini(&b);
}

/* ---- after a crash ---- */

struct left_over {
	WN_VEC(char *) ids;
	const char *boot_id;
};

static wn_err
on_left_over(void *arg, const struct wn_sql_value *row, size_t columns)
{
	struct left_over *l = arg;

	(void)columns;
	if (wn_str_cmp(row[0].s, wn_str(l->boot_id)) < 0)
		wn_vec_push(&l->ids, wn_strndup(row[0].s.p, row[0].s.len));
	return WN_OK;
}

wn_err
wn_jobs_recover(struct wn_mod *engine, struct wn_ctx *ctx)
{
	struct wn_kernel *k = wn_kernel_of(engine);
	struct left_over l = { .boot_id = k->boot_id };
	wn_err err;

	err = k->store->query(k->store_mod, "SELECT id FROM engine_job WHERE state = 'running'",
			      NULL, 0, on_left_over, &l, &ctx->diag);
	for (size_t i = 0; i < l.ids.len; i++) {
		struct wn_job_who who = { .kind = "" };
		struct wn_ctx scratch = *ctx;

		(void)snprintf(who.id, sizeof(who.id), "%s", l.ids.p[i]);
		(void)snprintf(who.stream, sizeof(who.stream), "job/%s", who.id);
		wn_diag_clear(&scratch.diag);
		(void)WN_FAIL(&scratch, WN_E_UNAVAILABLE, "the engine ended while this job ran");
		wn_job_record_ended(k, &scratch, &who, WN_E_UNAVAILABLE, WN_STR_NONE);
		wn_free(l.ids.p[i]);
	}
	wn_vec_fini(&l.ids);
	return err;
}

/* ---- projection: store thread ---- */

enum { ARENA_MAX = 4 << 20 };

wn_err
engine_project_job_started(struct wn_mod *mod, struct wn_tx *tx, const struct wn_event *event)
{
	struct job_started data;
	struct wn_arena a;
	wn_err err;

	(void)mod;
	wn_arena_init(&a, ARENA_MAX);
	err = job_started_parse(event->data, &a, &data, tx->diag);
	if (err == WN_OK) {
		const struct wn_sql_value args[] = {
			WN_SQL_S(data.job),	  WN_SQL_T(event->tenant),
			WN_SQL_S(data.kind),	  WN_SQL_S(data.module),
			WN_SQL_S(data.subject),	  WN_SQL_T(event->actor),
			WN_SQL_I(event->time_ms), WN_SQL_T(event->correlation)
		};

		err = tx->exec(tx,
			       "INSERT INTO engine_job (id, tenant, kind, module, subject, actor, "
			       "started_ms, correlation, state, done, total, text) "
			       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'running', 0, 0, '')",
			       args, 8);
	}
	wn_arena_fini(&a);
	return err;
}

wn_err
engine_project_job_progress(struct wn_mod *mod, struct wn_tx *tx, const struct wn_event *event)
{
	struct job_progress data;
	struct wn_arena a;
	wn_err err;

	(void)mod;
	wn_arena_init(&a, ARENA_MAX);
	err = job_progress_parse(event->data, &a, &data, tx->diag);
	if (err == WN_OK) {
		const struct wn_sql_value args[] = { WN_SQL_S(data.job), WN_SQL_I(data.done),
						     WN_SQL_I(data.total), WN_SQL_S(data.text) };

		err = tx->exec(
			tx, "UPDATE engine_job SET done = ?2, total = ?3, text = ?4 WHERE id = ?1",
			args, 4);
	}
	wn_arena_fini(&a);
	return err;
}

static wn_err
end_job(struct wn_tx *tx, const struct wn_event *event, const char *state, struct wn_str job,
	struct wn_str result, struct wn_str error)
{
	const struct wn_sql_value args[] = { WN_SQL_S(job), WN_SQL_T(state),
					     WN_SQL_I(event->time_ms), WN_SQL_S(result),
					     WN_SQL_S(error) };

	return tx->exec(tx,
			"UPDATE engine_job SET state = ?2, ended_ms = ?3, result = ?4, error = ?5 "
			"WHERE id = ?1",
			args, 5);
}

wn_err
engine_project_job_finished(struct wn_mod *mod, struct wn_tx *tx, const struct wn_event *event)
{
	struct job_finished data;
	struct wn_arena a;
	wn_err err;

	(void)mod;
	wn_arena_init(&a, ARENA_MAX);
	err = job_finished_parse(event->data, &a, &data, tx->diag);
	if (err == WN_OK)
		err = end_job(tx, event, "finished", data.job, data.result, WN_STR_NONE);
	wn_arena_fini(&a);
	return err;
}

wn_err
engine_project_job_failed(struct wn_mod *mod, struct wn_tx *tx, const struct wn_event *event)
{
	struct job_failed data;
	struct wn_arena a;
	struct wn_buf b;
	wn_err err;

	(void)mod;
	wn_arena_init(&a, ARENA_MAX);
	wn_buf_init(&b, DATA_MAX);
	err = job_failed_parse(event->data, &a, &data, tx->diag);
	if (err == WN_OK)
		err = model_failure_print(&data.error, &b);
	if (err == WN_OK)
		err = end_job(tx, event, "failed", data.job, WN_STR_NONE, wn_buf_view(&b));
	wn_buf_fini(&b);
	wn_arena_fini(&a);
	return err;
}

wn_err
engine_project_job_cancelled(struct wn_mod *mod, struct wn_tx *tx, const struct wn_event *event)
{
	struct job_cancelled data;
	struct wn_arena a;
	wn_err err;

	(void)mod;
	wn_arena_init(&a, ARENA_MAX);
	err = job_cancelled_parse(event->data, &a, &data, tx->diag);
	if (err == WN_OK)
		err = end_job(tx, event, "cancelled", data.job, WN_STR_NONE, WN_STR_NONE);
	wn_arena_fini(&a);
	return err;
}
