/*
 * The fake host as a test drives it: calls, events, time, and what the modules did. The host
 * itself is fake_host.c's.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/lib/fake_host_priv.h"

/* ---- calling ---- */

struct wn_ctx *
fake_host_ctx(struct fake_host *h)
{
	static const char *const roles[] = { "owner", NULL };

	wn_arena_clear(&h->arena);
	h->host.new_id(&h->host, h->correlation);
	h->ctx = (struct wn_ctx){ .tenant = "local",
				  .actor = "user:1000",
				  .correlation = h->correlation,
				  .roles = roles,
				  .cancelled = &h->cancelled,
				  .arena = &h->arena };
	return &h->ctx;
}

static const struct wn_method *
find_method(const struct fake_host *h, const char *name, struct wn_mod **mod_out)
{
	for (size_t i = 0; i < h->mods.len; i++) {
		const struct wn_method *m = h->mods.p[i]->mod.desc->methods;

		for (; m != NULL && m->name != NULL; m++) {
			if (strcmp(m->name, name) == 0) {
				*mod_out = &h->mods.p[i]->mod;
				return m;
			}
		}
	}
	assert(!"no added module has such a method");
	return NULL;
}

static bool
is_answered(void *arg)
{
	struct fake_host *h = arg;

	return h->call.done;
}

wn_err
fake_host_call(struct fake_host *h, const char *method, const char *params)
{
	struct wn_mod *m = NULL;
	const struct wn_method *x = find_method(h, method, &m);
	struct wn_ctx *ctx = fake_host_ctx(h);
	struct wn_job job = { .h = h };
	wn_err err;

	wn_buf_clear(&h->result);
	wn_buf_clear(&h->attached);
	wn_diag_clear(&h->diag);
	h->call.deferred = h->call.done = false;
	h->host.new_id(&h->host, job.id);
	ctx->call = &h->call;
	ctx->job = x->run == WN_RUN_LOOP ? NULL : &job;
	err = x->fn(m, ctx, wn_str(params), &h->result);
	ctx->job = NULL;
	if (err != WN_PENDING) {
		if (err != WN_OK)
			h->diag = ctx->diag;
		return err;
	}
	assert(h->call.deferred && "WN_PENDING without defer()");
	fake_host_run(h);
	if (!h->call.done && !wn_loop_until(h->loop, is_answered, h, SOME_TIME_MS))
		assert(!"a deferred call was never answered");
	return h->call.err;
}

const char *
fake_host_result(const struct fake_host *h)
{
	return h->result.len > 0 ? h->result.p : "";
}

void
fake_host_set_attachment(struct fake_host *h, struct wn_str bytes)
{
	h->attachment = bytes;
}

struct wn_str
fake_host_attached(const struct fake_host *h)
{
	return wn_buf_view(&h->attached);
}

void
fake_host_cancel(struct fake_host *h, bool on)
{
	atomic_store(&h->cancelled, on ? 1 : 0);
}

/* ---- events ---- */

size_t
fake_host_events(const struct fake_host *h)
{
	return h->events.len;
}

const struct wn_event *
fake_host_event(const struct fake_host *h, size_t i)
{
	assert(i < h->events.len);
	return &h->events.p[i]->ev;
}

const struct wn_event *
fake_host_last_event(const struct fake_host *h, const char *type)
{
	for (size_t i = h->events.len; i > 0; i--) {
		if (strcmp(h->events.p[i - 1]->ev.type, type) == 0)
			return &h->events.p[i - 1]->ev;
	}
	return NULL;
}

wn_err
fake_host_deliver(struct fake_host *h, const struct wn_event *ev)
{
	wn_err first = WN_OK;

	for (size_t i = 0; i < h->mods.len; i++) {
		struct wn_mod *m = &h->mods.p[i]->mod;
		const struct wn_listen *l = m->desc->listens;

		for (; l != NULL && l->event != NULL; l++) {
			struct wn_ctx *ctx;
			wn_err err;

			if (!wn_event_type_fits(l->event, ev->type))
				continue;
			ctx = fake_host_ctx(h);
			ctx->tenant = ev->tenant;
			ctx->actor = ev->actor;
			ctx->correlation = ev->correlation;
			ctx->causation = ev->id;
			err = l->fn(m, ctx, ev);
			if (first == WN_OK && err != WN_OK) {
				first = err;
				h->diag = ctx->diag;
			}
		}
	}
	return first;
}

void
fake_host_fail_emit(struct fake_host *h, wn_err err, int n)
{
	h->fail_emit = err;
	h->fail_emit_n = n;
}

/* ---- time ---- */

static void
deliver_new(struct fake_host *h)
{
	while (h->delivered < h->events.len) {
		struct wn_bus_event *e = wn_bus_event_ref(h->events.p[h->delivered++]);

		(void)fake_host_deliver(h, &e->ev);
		wn_bus_event_unref(e);
	}
}

void
fake_host_run(struct fake_host *h)
{
	do {
		wn_loop_turn(h->loop, false);
		deliver_new(h);
	} while (wn_loop_pending(h->loop) || h->delivered < h->events.len);
}

bool
fake_host_until(struct fake_host *h, bool (*done)(void *arg), void *arg, int64_t ms)
{
	return wn_loop_until(h->loop, done, arg, ms);
}

void
fake_host_advance(struct fake_host *h, int64_t ms)
{
	wn_clock_fake_advance(&h->clock, ms);
	fake_host_run(h);
}

size_t
fake_host_timers(const struct fake_host *h)
{
	return wn_loop_timers(h->loop);
}

/* ---- settings, jobs, streams, signals, log ---- */

void
fake_host_set(struct fake_host *h, const char *setting, const char *value)
{
	if (wn_config_set(h->config, setting, wn_str(value), WN_CONFIG_FLAG, &h->diag) != WN_OK)
		assert(!"the setting or its value is not acceptable");
}

size_t
fake_host_jobs(const struct fake_host *h)
{
	return h->jobs.len;
}

wn_err
fake_host_job_result(const struct fake_host *h, size_t i, const char **json_out_nullable)
{
	assert(i < h->jobs.len);
	if (json_out_nullable != NULL)
		*json_out_nullable = h->jobs.p[i].result;
	return h->jobs.p[i].err;
}

const char *
fake_host_progress(const struct fake_host *h)
{
	return h->progress;
}

size_t
fake_host_sent(const struct fake_host *h)
{
	return h->sent.len;
}

const char *
fake_host_sent_at(const struct fake_host *h, size_t i, struct wn_str *attachment_out)
{
	assert(i < h->sent.len);
	if (attachment_out != NULL)
		*attachment_out = wn_strn(h->sent.p[i].bytes, h->sent.p[i].len);
	return h->sent.p[i].text;
}

static struct wn_stream *
stream_at(struct fake_host *h, int64_t id)
{
	assert(id >= 1 && (size_t)id <= h->streams.len);
	return h->streams.p[id - 1];
}

void
fake_host_stream_credit(struct fake_host *h, int64_t id, int64_t credit)
{
	struct wn_stream *s = stream_at(h, id);

	assert(!s->closed);
	s->credit += credit;
	if (s->ops->on_credit != NULL)
		s->ops->on_credit(s->arg, s->credit);
}

void
fake_host_stream_data(struct fake_host *h, int64_t id, const char *params, struct wn_str attachment)
{
	struct wn_stream *s = stream_at(h, id);

	assert(!s->closed && s->ops->on_data != NULL);
	s->ops->on_data(s->arg, wn_str(params), attachment);
}

void
fake_host_stream_close(struct fake_host *h, int64_t id)
{
	struct wn_stream *s = stream_at(h, id);

	if (s->closed)
		return;
	s->closed = true;
	if (s->ops->on_close != NULL)
		s->ops->on_close(s->arg);
}

size_t
fake_host_signals(const struct fake_host *h)
{
	return h->signals.len;
}

const char *
fake_host_signal_at(const struct fake_host *h, size_t i)
{
	assert(i < h->signals.len);
	return h->signals.p[i];
}

const char *
fake_host_log(const struct fake_host *h)
{
	return h->log_text.len > 0 ? h->log_text.p : "";
}
