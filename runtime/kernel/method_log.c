/*
 * The kernel's methods about what was recorded: jobs and events. Reads run in job threads.
 */
#include <stdio.h>

#include "gen/engine.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"
#include "runtime/kernel/call.h"
#include "runtime/kernel/job.h"

enum { JOBS_DEFAULT = 50, EVENTS_DEFAULT = 100, JOBS_MAX = 1000, ANSWER_MAX = 1 << 20 };

static wn_err
need_store(struct wn_kernel *k, struct wn_ctx *ctx)
{
	if (k->store == NULL)
		return WN_FAIL(ctx, WN_E_UNAVAILABLE, "this engine has no store");
	return WN_OK;
}

/* ---- jobs ---- */

struct job_rows {
	struct wn_ctx *ctx;
	struct model_job *jobs;
	size_t n, max;
};

enum {
	J_ID,
	J_KIND,
	J_MODULE,
	J_SUBJECT,
	J_ACTOR,
	J_CORRELATION,
	J_STATE,
	J_DONE,
	J_TOTAL,
	J_TEXT,
	J_STARTED,
	J_ENDED,
	J_RESULT,
	J_ERROR
};
#define JOB_COLUMNS                                                                        \
	"SELECT id, kind, module, subject, actor, correlation, state, done, total, text, " \
	"started_ms, ended_ms, result, error FROM engine_job "

static struct wn_str
cell(struct job_rows *r, const struct wn_sql_value *v)
{
	return v->type == WN_SQL_NULL ? WN_STR_NONE : wn_arena_str(r->ctx->arena, v->s);
}

static wn_err
on_job_row(void *arg, const struct wn_sql_value *row, size_t columns)
{
	struct job_rows *r = arg;
	struct model_job *j = &r->jobs[r->n];
	struct wn_str error = cell(r, &row[J_ERROR]);

	(void)columns;
	if (r->n == r->max)
		return WN_OK;
	r->n++;
	j->job = cell(r, &row[J_ID]);
	j->kind = cell(r, &row[J_KIND]);
	j->module = cell(r, &row[J_MODULE]);
	j->subject = cell(r, &row[J_SUBJECT]);
	j->actor = cell(r, &row[J_ACTOR]);
	j->correlation = cell(r, &row[J_CORRELATION]);
	j->state = model_job_state_value(row[J_STATE].s);
	j->done = row[J_DONE].i;
	j->total = row[J_TOTAL].i;
	j->text = cell(r, &row[J_TEXT]);
	j->started = row[J_STARTED].i;
	j->has_ended = row[J_ENDED].type != WN_SQL_NULL;
	j->ended = row[J_ENDED].i;
	j->result = cell(r, &row[J_RESULT]);
	if (error.p == NULL)
		return WN_OK;
	j->error = WN_ARENA_NEW(r->ctx->arena, struct model_failure);
	return model_failure_parse(error, r->ctx->arena, j->error, &r->ctx->diag);
}

wn_err
engine_on_job_list(struct wn_mod *mod, struct wn_ctx *ctx, const struct job_list_params *in,
		   struct job_list_result *out)
{
	struct wn_kernel *k = wn_kernel_of(mod);
	struct job_rows r = { .ctx = ctx, .max = in->has_limit ? (size_t)in->limit : JOBS_DEFAULT };
	const char *state = job_list_params_state_name(in->state);
	const struct wn_sql_value args[] = { WN_SQL_T(ctx->tenant), WN_SQL_T(state),
					     WN_SQL_S(in->subject), WN_SQL_I((int64_t)r.max) };
	wn_err err = need_store(k, ctx);

	r.jobs = wn_arena_array(ctx->arena, r.max, sizeof(*r.jobs));
	if (err == WN_OK)
		err = k->store->query(k->store_mod,
				      JOB_COLUMNS
				      "WHERE tenant = ?1 AND (?2 IS NULL OR state = ?2) AND "
				      "(?3 IS NULL OR subject = ?3) ORDER BY id DESC LIMIT ?4",
				      args, 4, on_job_row, &r, &ctx->diag);
	out->jobs = r.jobs;
	out->jobs_len = r.n;
	return err;
}

static wn_err
find_job(struct wn_mod *mod, struct wn_ctx *ctx, struct wn_str id, struct model_job *out)
{
	struct wn_kernel *k = wn_kernel_of(mod);
	struct job_rows r = { .ctx = ctx, .jobs = out, .max = 1 };
	const struct wn_sql_value args[] = { WN_SQL_T(ctx->tenant), WN_SQL_S(id) };
	wn_err err = need_store(k, ctx);

	if (err == WN_OK)
		err = k->store->query(k->store_mod, JOB_COLUMNS "WHERE tenant = ?1 AND id = ?2",
				      args, 2, on_job_row, &r, &ctx->diag);
	if (err == WN_OK && r.n == 0)
		err = WN_FAIL(ctx, WN_E_NOT_FOUND, "there is no job %.*s", WN_STR_ARG(id));
	return err;
}

wn_err
engine_on_job_get(struct wn_mod *mod, struct wn_ctx *ctx, const struct job_get_params *in,
		  struct job_get_result *out)
{
	return find_job(mod, ctx, in->job, &out->job);
}

wn_err
engine_on_job_cancel(struct wn_mod *mod, struct wn_ctx *ctx, const struct job_cancel_params *in,
		     struct job_cancel_result *out)
{
	char id[WN_ULID_MAX];

	(void)out;
	(void)snprintf(id, sizeof(id), "%.*s", WN_STR_ARG(in->job));
	if (wn_jobs_cancel(wn_kernel_of(mod)->jobs, id) != WN_OK)
		return WN_FAIL(ctx, WN_E_NOT_FOUND, "no job %s is running", id);
	return WN_OK;
}

/* ---- job.wait ---- */

struct waiting {
	struct wn_mod *mod;
	struct wn_call *call;
	char id[WN_ULID_MAX];
};

static void
wait_answer(struct wn_call *call, const struct job_wait_result *result)
{
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, ANSWER_MAX);
	err = job_wait_result_print(result, &b);
	wn_call_reply(call, err, NULL, wn_buf_view(&b), WN_STR_NONE);
	wn_buf_fini(&b);
}

static void
on_ended(void *arg, wn_err err, const struct wn_diag *d, struct wn_str result)
{
	struct waiting *w = arg;
	struct model_failure failure = { 0 };
	struct job_wait_result out = { .job = wn_str(w->id) };

	out.state = err == WN_OK	    ? JOB_WAIT_RESULT_STATE_FINISHED
		    : err == WN_E_CANCELLED ? JOB_WAIT_RESULT_STATE_CANCELLED
					    : JOB_WAIT_RESULT_STATE_FAILED;
	if (err == WN_OK && result.len > 0 && result.len < ANSWER_MAX / 2) {
		out.result = result;
	} else if (err != WN_OK) {
		failure.name = wn_str(wn_error_row(err)->name);
		failure.text = wn_str(d->text);
		out.error = &failure;
	}
	wait_answer(w->call, &out);
	wn_free(w);
}

/* Job thread: the job ended before it was asked for. The answer is what was recorded. */
static wn_err
read_ended(struct wn_mod *mod, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	struct waiting *w = arg;
	struct model_job job = { 0 };
	struct job_wait_result out = { 0 };
	wn_err err = find_job(mod, ctx, wn_str(w->id), &job);

	if (err != WN_OK)
		return err;
	if (job.state == MODEL_JOB_STATE_RUNNING)
		return WN_FAIL(ctx, WN_E_BUSY, "the job is just ending; ask again");
	out.job = job.job;
	out.state = job_wait_result_state_value(wn_str(model_job_state_name(job.state)));
	out.result = job.result;
	out.error = job.error;
	return job_wait_result_print(&out, result);
}

static void
on_read(void *arg, wn_err err, const struct wn_diag *d, struct wn_str result)
{
	struct waiting *w = arg;

	wn_call_reply(w->call, err, d, result, WN_STR_NONE);
	wn_free(w);
}

wn_err
engine_on_job_wait(struct wn_mod *mod, struct wn_ctx *ctx, const struct job_wait_params *in,
		   struct job_wait_result *out)
{
	struct wn_kernel *k = wn_kernel_of(mod);
	struct waiting *w = WN_NEW(struct waiting);
	struct wn_job_start s = { .spec = { .kind = "job.wait", .fn = read_ended, .arg = w },
				  .on_done = on_read,
				  .arg = w };
	wn_err err;

	(void)out;
	w->mod = mod;
	(void)snprintf(w->id, sizeof(w->id), "%.*s", WN_STR_ARG(in->job));
	err = wn_jobs_watch(k->jobs, w->id, on_ended, w);
	if (err == WN_E_NOT_FOUND)
		err = wn_jobs_start(k->jobs, mod, ctx, &s, NULL);
	if (err != WN_OK) {
		wn_free(w);
		return err;
	}
	w->call = wn_call_defer(ctx);
	return WN_PENDING;
}

/* ---- events ---- */

struct event_rows {
	struct wn_ctx *ctx;
	WN_VEC(struct model_event) rows;
};

static struct wn_str
keep(struct event_rows *r, const char *s)
{
	return s != NULL ? wn_arena_str(r->ctx->arena, wn_str(s)) : WN_STR_NONE;
}

static wn_err
on_event_row(void *arg, const struct wn_event *ev)
{
	struct event_rows *r = arg;

	wn_vec_push(&r->rows, (struct model_event){ .id = keep(r, ev->id),
						    .source = keep(r, ev->source),
						    .type = keep(r, ev->type),
						    .subject = keep(r, ev->subject),
						    .time = ev->time_ms,
						    .dataschema = keep(r, ev->dataschema),
						    .data = wn_arena_str(r->ctx->arena, ev->data),
						    .seq = ev->seq,
						    .stream = keep(r, ev->stream),
						    .version = ev->version,
						    .tenant = keep(r, ev->tenant),
						    .actor = keep(r, ev->actor),
						    .causation = keep(r, ev->causation),
						    .correlation = keep(r, ev->correlation) });
	return WN_OK;
}

static const char *
text(struct wn_arena *a, struct wn_str s)
{
	return s.p != NULL ? wn_arena_strndup(a, s.p, s.len) : NULL;
}

wn_err
engine_on_event_list(struct wn_mod *mod, struct wn_ctx *ctx, const struct event_list_params *in,
		     struct event_list_result *out)
{
	struct wn_kernel *k = wn_kernel_of(mod);
	struct event_rows r = { .ctx = ctx };
	struct wn_event_query q = { .after = in->has_after ? in->after : 0,
				    .upto = in->has_upto ? in->upto : 0,
				    .tenant = ctx->tenant,
				    .stream = text(ctx->arena, in->stream),
				    .subject = text(ctx->arena, in->subject),
				    .correlation = text(ctx->arena, in->correlation),
				    .limit = in->has_limit ? (size_t)in->limit : EVENTS_DEFAULT,
				    .newest_first = in->newest_first };
	const char **types = wn_arena_array(ctx->arena, in->types_len + 1, sizeof(*types));
	wn_err err = need_store(k, ctx);

	for (size_t i = 0; i < in->types_len; i++)
		types[i] = text(ctx->arena, in->types[i]);
	if (in->types_len > 0)
		q.types = types;
	if (err == WN_OK)
		err = k->store->events(k->store_mod, &q, on_event_row, &r, &ctx->diag);
	if (err == WN_OK && r.rows.len > 0) {
		out->events = wn_arena_array(ctx->arena, r.rows.len, sizeof(*out->events));
		memcpy(out->events, r.rows.p, r.rows.len * sizeof(*out->events));
		out->events_len = r.rows.len;
	}
	if (err == WN_OK)
		out->last = k->store->last_seq(k->store_mod);
	wn_vec_fini(&r.rows);
	return err;
}
