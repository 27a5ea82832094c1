/*
 * Implements emitting. The store's thread calls back; from there an event goes to the loop by a
 * post, so nobody hears of it on the emitter's stack or before it is durable.
 */
#include "runtime/kernel/emit.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/json_read.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/call.h"

enum { ARENA_MAX = 4 << 20 };

/* One append under way. */
struct append {
	struct wn_kernel *k;
	struct wn_call *call; /* nullable: its answer waits for this */
	char *type;	      /* for the log */
	wn_err err;
	struct wn_diag diag;
	/* job threads wait here */
	bool waited, done;
	pthread_mutex_t lock;
	pthread_cond_t cond;
};

static wn_err
check(struct wn_kernel *k, struct wn_mod *m, struct wn_ctx *ctx, const struct wn_emit *e)
{
	struct wn_arena arena;
	struct wn_jr r;
	wn_err err;

	if (e->type == NULL || e->stream == NULL || e->stream[0] == '\0')
		return WN_FAIL(ctx, WN_E_CONTRACT, "an event needs a type and a stream");
	if (!wn_registry_emits(m, e->type))
		return WN_FAIL(ctx, WN_E_CONTRACT, "module %s does not declare the event %s",
			       m->desc->name, e->type);
	wn_arena_init(&arena, ARENA_MAX);
	if (k->opts.contracts.check_event != NULL) {
		err = k->opts.contracts.check_event(e->type, e->schema_version, e->data, &arena,
						    &ctx->diag);
	} else {
		wn_jr_init(&r, e->data, &arena, &ctx->diag);
		if (wn_jr_peek(&r) != WN_JSON_OBJECT)
			(void)wn_jr_fail(&r, WN_E_CONTRACT, "the data of %s is no object", e->type);
		(void)wn_jr_skip(&r, NULL);
		err = wn_jr_end(&r);
	}
	wn_arena_fini(&arena);
	return err;
}

static void
append_fini(struct append *a)
{
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->cond);
	wn_free(a->type);
}

/* Loop: an append that nobody waited for has ended. */
static void
settle(void *arg)
{
	struct append *a = arg;

	if (a->err != WN_OK)
		wn_log(a->k->opts.log, WN_LOG_ERROR, "store", "an event could not be stored",
		       WN_S("type", a->type), WN_ERRF(a->err), WN_S("text", a->diag.text));
	if (a->call != NULL)
		wn_call_append_done(a->call, a->err, &a->diag);
	append_fini(a);
	wn_free(a);
}

static void
on_done(void *arg, wn_err err, const struct wn_event *evs, size_t n, const struct wn_diag *d)
{
	struct append *a = arg;

	if (err == WN_OK) {
		for (size_t i = 0; i < n; i++)
			wn_bus_commit(a->k->bus, wn_bus_event_new(&evs[i]));
	}
	if (err == WN_E_EXISTS)
		err = WN_OK; /* the same id was appended before: that was this event */
	a->err = err;
	if (err != WN_OK && d != NULL)
		a->diag = *d;
	if (!a->waited) {
		wn_loop_post(a->k->loop, settle, a);
		return;
	}
	pthread_mutex_lock(&a->lock);
	a->done = true;
	pthread_cond_signal(&a->cond);
	pthread_mutex_unlock(&a->lock);
}

static void
append_init(struct append *a, struct wn_kernel *k, bool waited)
{
	a->k = k;
	a->waited = waited;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->cond, NULL);
}

/* Blocks until the event is durable. A store that can lets this very thread commit it. */
static wn_err
submit_wait(struct wn_kernel *k, struct wn_ctx *ctx, const struct wn_append *ap)
{
	struct append a = { 0 };
	struct wn_diag d = { 0 };
	wn_err err;

	append_init(&a, k, true);
	if (k->store->append_wait != NULL) {
		err = k->store->append_wait(k->store_mod, ap, 1, on_done, &a, &d);
	} else {
		err = k->store->append(k->store_mod, ap, 1, on_done, &a, &d);
		pthread_mutex_lock(&a.lock);
		while (err == WN_OK && !a.done)
			pthread_cond_wait(&a.cond, &a.lock);
		pthread_mutex_unlock(&a.lock);
	}
	if (a.done) {
		err = a.err; /* an id seen before is no failure */
		d = a.diag;
	}
	if (err != WN_OK)
		(void)WN_FAIL(ctx, err, "%s", d.text[0] ? d.text : wn_error_row(err)->text);
	append_fini(&a);
	return err;
}

static wn_err
submit_async(struct wn_kernel *k, struct wn_ctx *ctx, const struct wn_append *ap)
{
	struct append *a = WN_NEW(struct append);
	wn_err err;

	append_init(a, k, false);
	a->type = wn_strdup(ap->ev.type);
	if (wn_loop_here(k->loop) && ctx->call != NULL) {
		a->call = ctx->call;
		wn_call_append_begin(a->call);
	}
	err = k->store->append(k->store_mod, ap, 1, on_done, a, &ctx->diag);
	if (err == WN_OK)
		return WN_OK;
	if (a->call != NULL)
		wn_call_append_undo(a->call);
	append_fini(a);
	wn_free(a);
	return err;
}

static wn_err
submit(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_emit *e, bool wait)
{
	struct wn_kernel *k = wn_kernel_of(m);
	char id[WN_ULID_MAX], source[96], schema[160];
	struct wn_append ap = { .expect = e->expect, .fresh_id = e->id == NULL };

	k->host.new_id(&k->host, id);
	(void)snprintf(source, sizeof(source), "webnova/%s", m->desc->name);
	(void)snprintf(schema, sizeof(schema), "urn:webnova:event:%s:%d", e->type,
		       e->schema_version);
	ap.ev = (struct wn_event){ .id = e->id != NULL ? e->id : id,
				   .source = source,
				   .type = e->type,
				   .subject = e->subject,
				   .time_ms = wn_now_ms(k->opts.clock),
				   .dataschema = schema,
				   .data = e->data,
				   .stream = e->stream,
				   .tenant = ctx->tenant,
				   .actor = ctx->actor,
				   .causation = ctx->causation,
				   .correlation =
					   ctx->correlation != NULL ? ctx->correlation : id };
	return wait ? submit_wait(k, ctx, &ap) : submit_async(k, ctx, &ap);
}

static wn_err
emit(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_emit *e, bool wait)
{
	struct wn_kernel *k = wn_kernel_of(m);
	wn_err err;

	if (k->store == NULL)
		return WN_FAIL(ctx, WN_E_UNAVAILABLE, "this engine has no store");
	err = check(k, m, ctx, e);
	if (err != WN_OK) {
		wn_fail_note(&ctx->diag, "emitting %s", e->type != NULL ? e->type : "an event");
		return err;
	}
	return submit(m, ctx, e, wait);
}

wn_err
wn_emit(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_emit *e)
{
	return emit(m, ctx, e, !wn_loop_here(wn_kernel_of(m)->loop));
}

wn_err
wn_emit_async(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_emit *e)
{
	return emit(m, ctx, e, false);
}
