/*
 * Implements the fake host over the kernel's own loop, settings, exec, http and links.
 */
#include "tests/lib/fake_host.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gen/config.h"
#include "gen/contracts.h"
#include "runtime/base/file.h"
#include "runtime/kernel/http.h"
#include "runtime/kernel/link.h"
#include "runtime/kernel/process.h"
#include "tests/lib/fake_host_priv.h"

/* ---- host functions ---- */

static void
on_log(void *arg, enum wn_log_level level, const char *line, size_t n)
{
	struct fake_host *h = arg;

	(void)level;
	(void)wn_buf_add(&h->log_text, line, n);
}

static void
new_id(const struct wn_host *host, char out[WN_ULID_MAX])
{
	wn_id_ulid(&host_of(host)->ids, out);
}

static const char *
config_str(const struct wn_host *host, const char *key)
{
	return wn_config_str(host_of(host)->config, key);
}

static int64_t
config_int(const struct wn_host *host, const char *key)
{
	return wn_config_int(host_of(host)->config, key);
}

static bool
config_bool(const struct wn_host *host, const char *key)
{
	return wn_config_bool(host_of(host)->config, key);
}

struct appended {
	struct fake_host *h;
	wn_err err;
	struct wn_diag *d;
};

static void
on_appended(void *arg, wn_err err, const struct wn_event *evs, size_t n, const struct wn_diag *d)
{
	struct appended *a = arg;

	a->err = err == WN_E_EXISTS ? WN_OK : err;
	if (a->err != WN_OK)
		*a->d = *d;
	for (size_t i = 0; err == WN_OK && i < n; i++)
		wn_vec_push(&a->h->events, wn_bus_event_new(&evs[i]));
}

static wn_err
store_event(struct fake_host *h, struct wn_event *ev, int64_t expect, struct wn_diag *d)
{
	struct wn_append ap = { .ev = *ev, .expect = expect };
	struct appended a = { h, WN_OK, d };
	wn_err err;

	if (h->store != NULL) {
		err = h->store->append(h->store_mod, &ap, 1, on_appended, &a, d);
		return err != WN_OK ? err : a.err;
	}
	ev->seq = (int64_t)h->events.len + 1;
	ev->version = 1;
	for (size_t i = 0; i < h->events.len; i++)
		ev->version += strcmp(h->events.p[i]->ev.stream, ev->stream) == 0;
	wn_vec_push(&h->events, wn_bus_event_new(ev));
	return WN_OK;
}

static wn_err
do_emit(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_emit *e)
{
	struct fake_host *h = of(m);
	struct wn_arena a;
	char id[WN_ULID_MAX], source[96], schema[160];
	struct wn_event ev;
	wn_err err;

	if (h->fail_emit_n > 0) {
		h->fail_emit_n--;
		return WN_FAIL(ctx, h->fail_emit, "%s", wn_error_row(h->fail_emit)->text);
	}
	wn_arena_init(&a, 0);
	err = wn_contract_check_event(e->type, e->schema_version, e->data, &a, &ctx->diag);
	wn_arena_fini(&a);
	if (err != WN_OK)
		return err;
	new_id(&h->host, id);
	(void)snprintf(source, sizeof(source), "webnova/%s", m->desc->name);
	(void)snprintf(schema, sizeof(schema), "urn:webnova:event:%s:%d", e->type,
		       e->schema_version);
	ev = (struct wn_event){ .id = e->id != NULL ? e->id : id,
				.source = source,
				.type = e->type,
				.subject = e->subject,
				.time_ms = wn_now_ms(&h->clock.clock),
				.dataschema = schema,
				.data = e->data,
				.stream = e->stream,
				.tenant = ctx->tenant,
				.actor = ctx->actor,
				.causation = ctx->causation,
				.correlation = ctx->correlation != NULL ? ctx->correlation : id };
	return store_event(h, &ev, e->expect, &ctx->diag);
}

static void
post(const struct wn_host *host, wn_post_fn fn, void *arg)
{
	wn_loop_post(host_of(host)->loop, fn, arg);
}

static struct wn_timer *
timer_start(struct wn_mod *m, int64_t ms, int64_t repeat_ms, wn_post_fn fn, void *arg)
{
	return wn_loop_timer(of(m)->loop, ms, repeat_ms, fn, arg);
}

static void
timer_stop(struct wn_mod *m, struct wn_timer *t)
{
	wn_loop_timer_stop(of(m)->loop, t);
}

static wn_err
job_start(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_job_spec *spec,
	  char id_out[WN_ULID_MAX])
{
	struct fake_host *h = of(m);
	struct wn_arena arena;
	struct wn_job job = { .h = h };
	struct wn_ctx jctx = *ctx;
	struct wn_buf result;
	struct job done = { .err = WN_OK };

	wn_arena_init(&arena, 0);
	wn_buf_init(&result, RESULT_MAX);
	new_id(&h->host, job.id);
	jctx.arena = &arena;
	jctx.job = &job;
	jctx.call = NULL;
	jctx.cancelled = &h->cancelled;
	wn_diag_clear(&jctx.diag);
	done.err = spec->fn(m, &jctx, spec->arg, &result);
	done.result = wn_strndup(result.p != NULL ? result.p : "", result.len);
	memcpy(done.id, job.id, sizeof(done.id));
	wn_vec_push(&h->jobs, done);
	if (spec->free_arg != NULL)
		spec->free_arg(spec->arg);
	memcpy(id_out, job.id, WN_ULID_MAX);
	wn_buf_fini(&result);
	wn_arena_fini(&arena);
	return WN_OK;
}

static wn_err
job_ask(struct wn_mod *m, struct wn_ctx *ctx,
	wn_err (*fn)(struct wn_mod *, struct wn_ctx *, void *), void *arg)
{
	return fn(m, ctx, arg);
}

static void
job_progress(struct wn_ctx *ctx, int64_t done, int64_t total, const char *text)
{
	if (ctx->job != NULL)
		(void)snprintf(ctx->job->h->progress, sizeof(ctx->job->h->progress), "%lld/%lld %s",
			       (long long)done, (long long)total, text != NULL ? text : "");
}

static const char *
job_id(const struct wn_ctx *ctx)
{
	return ctx->job != NULL ? ctx->job->id : NULL;
}

/* Kept with what streams sent. */
static void
job_notify(struct wn_ctx *ctx, const char *method, struct wn_str params)
{
	struct sent it = { 0 };

	if (ctx->job == NULL)
		return;
	it.text = wn_asprintf("%s %.*s", method, WN_STR_ARG(params));
	it.bytes = wn_strdup("");
	wn_vec_push(&ctx->job->h->sent, it);
}

/* Time is the test's: it passes at once. */
static wn_err
job_wait(struct wn_ctx *ctx, int64_t ms)
{
	if (ctx->job != NULL)
		wn_clock_fake_advance(&ctx->job->h->clock, ms);
	return wn_cancelled(ctx) ? WN_FAIL(ctx, WN_E_CANCELLED, "cancelled while waiting") : WN_OK;
}

static wn_err
do_exec(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_exec *e, struct wn_exec_result *out)
{
	(void)m;
	return wn_process_exec(ctx, NULL, -1, e, out);
}

static wn_err
do_http(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_http *x, struct wn_http_result *out)
{
	(void)m;
	return wn_http_exchange(ctx, -1, x, out);
}

static struct wn_call *
defer(struct wn_ctx *ctx)
{
	assert(ctx->call != NULL && !ctx->call->deferred);
	ctx->call->deferred = true;
	return ctx->call;
}

static void
reply(struct wn_call *call, wn_err err, const struct wn_diag *d, struct wn_str result,
      struct wn_str attachment)
{
	struct fake_host *h = call->h;

	assert(call->deferred && !call->done);
	call->done = true;
	call->err = err;
	if (err != WN_OK && d != NULL)
		h->diag = *d;
	wn_buf_clear(&h->result);
	(void)wn_buf_str(&h->result, result);
	if (attachment.len > 0)
		(void)wn_buf_str(&h->attached, attachment);
}

static struct wn_str
attachment_of(const struct wn_ctx *ctx)
{
	return ctx->call != NULL ? ctx->call->h->attachment : WN_STR_NONE;
}

static wn_err
attach(struct wn_ctx *ctx, struct wn_str bytes)
{
	if (ctx->call == NULL)
		return WN_FAIL(ctx, WN_E_STATE, "there is no open request to attach to");
	return wn_buf_str(&ctx->call->h->attached, bytes);
}

static wn_err
stream_open(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_stream_ops *ops, void *arg,
	    int64_t credit, struct wn_stream **out, int64_t *id_out)
{
	struct fake_host *h = of(m);
	struct wn_stream *s = WN_NEW(struct wn_stream);

	(void)ctx;
	s->h = h;
	s->ops = ops;
	s->arg = arg;
	s->credit = credit;
	wn_vec_push(&h->streams, s);
	s->id = (int64_t)h->streams.len;
	*out = s;
	*id_out = s->id;
	return WN_OK;
}

static wn_err
stream_send(struct wn_stream *s, const char *method, struct wn_str params, struct wn_str attachment)
{
	struct sent it = { 0 };

	assert(!s->closed);
	if (s->credit <= 0)
		return WN_E_BUSY;
	s->credit--;
	it.text = wn_asprintf("%s %.*s", method, WN_STR_ARG(params));
	it.bytes = wn_strndup(attachment.p != NULL ? attachment.p : "", attachment.len);
	it.len = attachment.len;
	wn_vec_push(&s->h->sent, it);
	return WN_OK;
}

static int64_t
stream_credit(const struct wn_stream *s)
{
	return s->credit;
}

static void
stream_close(struct wn_stream *s)
{
	if (s != NULL)
		s->closed = true;
}

static wn_err
link_open(struct wn_mod *m, const char *path, const struct wn_link_ops *ops, void *arg,
	  struct wn_link **out)
{
	return wn_link_open(of(m)->loop, path, ops, arg, out);
}

static wn_err
link_ask(struct wn_mod *m, struct wn_ctx *ctx, const char *path, const char *method,
	 struct wn_str params, struct wn_str attachment, struct wn_str *result_out,
	 struct wn_str *attachment_out)
{
	(void)m;
	return wn_link_ask(ctx, -1, path, method, params, attachment, result_out, attachment_out);
}

static void
send_signal(struct wn_mod *m, struct wn_ctx *ctx, const char *topic, const char *subject,
	    struct wn_str json)
{
	(void)ctx;
	wn_vec_push(&of(m)->signals,
		    wn_asprintf("%s %s %.*s", topic, subject != NULL ? subject : "-",
				WN_STR_ARG(json)));
}

/* ---- life ---- */

static void
fill(struct fake_host *h)
{
	h->host = (struct wn_host){ .abi = WN_ABI,
				    .size = sizeof(struct wn_host),
				    .kernel = h,
				    .log = &h->log,
				    .clock = &h->clock.clock,
				    .state_dir = h->state_dir,
				    .cache_dir = h->cache_dir,
				    .run_dir = h->run_dir,
				    .self_path = "/proc/self/exe",
				    .new_id = new_id,
				    .config_str = config_str,
				    .config_int = config_int,
				    .config_bool = config_bool,
				    .emit = do_emit,
				    .post = post,
				    .timer_start = timer_start,
				    .timer_stop = timer_stop,
				    .job_start = job_start,
				    .job_ask = job_ask,
				    .job_progress = job_progress,
				    .job_id = job_id,
				    .job_notify = job_notify,
				    .job_wait = job_wait,
				    .exec = do_exec,
				    .http = do_http,
				    .defer = defer,
				    .reply = reply,
				    .attachment = attachment_of,
				    .attach = attach,
				    .stream_open = stream_open,
				    .stream_send = stream_send,
				    .stream_credit = stream_credit,
				    .stream_close = stream_close,
				    .link_open = link_open,
				    .link_call = wn_link_call,
				    .link_notify = wn_link_notify,
				    .link_close = wn_link_close,
				    .link_ask = link_ask,
				    .signal = send_signal };
}

static char *
make_dir(const char *parent, const char *name)
{
	char *path = wn_path_join(parent, name);

	if (wn_file_mkdirs(path, 0700, NULL) != WN_OK)
		assert(!"cannot make a directory");
	return path;
}

struct fake_host *
fake_host_new(void)
{
	struct fake_host *h = WN_NEW(struct fake_host);
	char dir[] = "/tmp/wn-test-XXXXXX";

	(void)signal(SIGPIPE, SIG_IGN);
	if (mkdtemp(dir) == NULL)
		assert(!"cannot make a directory");
	wn_clock_fake_init(&h->clock, 1767225600000); /* 2026-01-01 */
	h->dir = wn_strdup(dir);
	h->state_dir = make_dir(dir, "state");
	h->cache_dir = make_dir(dir, "cache");
	h->run_dir = make_dir(dir, "run");
	wn_buf_init(&h->log_text, RESULT_MAX);
	wn_buf_init(&h->result, RESULT_MAX);
	wn_buf_init(&h->attached, RESULT_MAX);
	wn_arena_init(&h->arena, 0);
	h->log = (struct wn_log){ WN_LOG_DEBUG, 0, &h->clock.clock, on_log, h };
	h->loop = wn_loop_new(&h->clock.clock);
	h->config = wn_config_new(wn_settings, wn_setting_count);
	wn_idgen_init(&h->ids, &h->clock.clock);
	h->call.h = h;
	fill(h);
	return h;
}

static void
on_stopped(struct wn_mod *m)
{
	((struct added *)m)->started = false;
}

static bool
is_stopped(void *arg)
{
	return !((struct added *)arg)->started;
}

static void
end_module(struct fake_host *h, struct added *a)
{
	if (a->started && a->mod.desc->stop != NULL) {
		a->mod.desc->stop(&a->mod, on_stopped);
		if (!wn_loop_until(h->loop, is_stopped, a, SOME_TIME_MS))
			assert(!"a module did not stop");
	}
	if (a->inited && a->mod.desc->fini != NULL)
		a->mod.desc->fini(&a->mod);
}

static void
free_records(struct fake_host *h)
{
	for (size_t i = 0; i < h->events.len; i++)
		wn_bus_event_unref(h->events.p[i]);
	for (size_t i = 0; i < h->jobs.len; i++)
		wn_free(h->jobs.p[i].result);
	for (size_t i = 0; i < h->streams.len; i++)
		wn_free(h->streams.p[i]);
	for (size_t i = 0; i < h->sent.len; i++) {
		wn_free(h->sent.p[i].text);
		wn_free(h->sent.p[i].bytes);
	}
	for (size_t i = 0; i < h->signals.len; i++)
		wn_free(h->signals.p[i]);
	wn_vec_fini(&h->events);
	wn_vec_fini(&h->jobs);
	wn_vec_fini(&h->streams);
	wn_vec_fini(&h->sent);
	wn_vec_fini(&h->signals);
	wn_vec_fini(&h->offers);
	wn_buf_fini(&h->log_text);
	wn_buf_fini(&h->result);
	wn_buf_fini(&h->attached);
}

void
fake_host_free(struct fake_host *h)
{
	if (h == NULL)
		return;
	for (size_t i = h->streams.len; i > 0; i--)
		fake_host_stream_close(h, (int64_t)i);
	for (size_t i = h->mods.len; i > 0; i--)
		end_module(h, h->mods.p[i - 1]);
	if (h->store != NULL)
		h->store->close(h->store_mod);
	wn_loop_free(h->loop);
	for (size_t i = 0; i < h->mods.len; i++) {
		wn_free(h->mods.p[i]->bound);
		wn_free(h->mods.p[i]);
	}
	wn_vec_fini(&h->mods);
	free_records(h);
	wn_arena_fini(&h->arena);
	wn_config_free(h->config);
	wn_free(h->sets);
	(void)!wn_file_rmtree(h->dir, NULL);
	wn_free(h->dir);
	wn_free(h->state_dir);
	wn_free(h->cache_dir);
	wn_free(h->run_dir);
	wn_free(h);
}

const struct wn_host *
fake_host_host(struct fake_host *h)
{
	return &h->host;
}

/* ---- modules ---- */

void
fake_host_offer(struct fake_host *h, const char *name, const void *vtable, struct wn_mod *mod)
{
	wn_vec_push(&h->offers, (struct offer){ name, { vtable, mod } });
	if (strcmp(name, "store") == 0) {
		h->store = vtable;
		h->store_mod = mod;
	}
}

static struct wn_bound
find_offer(const struct fake_host *h, const struct wn_iface_decl *need)
{
	for (size_t i = 0; i < h->offers.len; i++) {
		if (strcmp(h->offers.p[i].name, need->name) == 0)
			return h->offers.p[i].bound;
	}
	assert((need->flags & WN_NEED_OPTIONAL) != 0 && "a need that the test does not offer");
	return (struct wn_bound){ NULL, NULL };
}

struct wn_mod *
fake_host_add(struct fake_host *h, const struct wn_module *desc)
{
	struct added *a = WN_NEW(struct added);
	size_t n = 0;

	while (desc->needs != NULL && desc->needs[n].name != NULL)
		n++;
	a->bound = wn_alloc_array(n + 1, sizeof(*a->bound));
	for (size_t i = 0; i < n; i++)
		a->bound[i] = find_offer(h, &desc->needs[i]);
	a->mod.desc = desc;
	a->mod.host = &h->host;
	a->mod.bound = a->bound;
	wn_vec_push(&h->mods, a);
	for (const struct wn_iface_decl *o = desc->offers; o != NULL && o->name != NULL; o++)
		fake_host_offer(h, o->name, o->vtable, &a->mod);
	return &a->mod;
}

static wn_err
on_project(void *arg, struct wn_tx *tx, const struct wn_event *ev)
{
	struct fake_host *h = arg;

	for (size_t i = 0; i < h->mods.len; i++) {
		struct wn_mod *m = &h->mods.p[i]->mod;
		const struct wn_project *p = m->desc->projects;

		for (; p != NULL && p->event != NULL; p++) {
			wn_err err = WN_OK;

			if (wn_event_type_fits(p->event, ev->type))
				err = p->fn(m, tx, ev);
			if (err != WN_OK)
				return err;
		}
	}
	return WN_OK;
}

static wn_err
open_store(struct fake_host *h)
{
	size_t n = 0;

	h->sets = wn_alloc_array(h->mods.len + 1, sizeof(*h->sets));
	for (size_t i = 0; i < h->mods.len; i++) {
		const struct wn_module *d = h->mods.p[i]->mod.desc;

		if (d->migrations != NULL && d->migrations[0] != NULL)
			h->sets[n++] =
				(struct wn_migration_set){ d->name, d->migrations, d->tables };
	}
	return h->store->open(h->store_mod, h->sets, n, on_project, h, NULL, NULL, &h->diag);
}

wn_err
fake_host_start(struct fake_host *h)
{
	wn_err err = h->store != NULL ? open_store(h) : WN_OK;

	for (size_t i = 0; i < h->mods.len && err == WN_OK; i++) {
		err = h->mods.p[i]->mod.desc->init(&h->mods.p[i]->mod, &h->host);
		h->mods.p[i]->inited = err == WN_OK;
	}
	for (size_t i = 0; i < h->mods.len && err == WN_OK; i++) {
		struct wn_mod *m = &h->mods.p[i]->mod;

		err = m->desc->start != NULL ? m->desc->start(m, fake_host_ctx(h)) : WN_OK;
		h->mods.p[i]->started = err == WN_OK;
		if (err != WN_OK)
			h->diag = h->ctx.diag;
	}
	return err;
}

const struct wn_diag *
fake_host_diag(const struct fake_host *h)
{
	return &h->diag;
}
