/*
 * From a message to a handler and back: the checks in their one order, then loop, job or task.
 */
#include "runtime/kernel/call.h"

#include <assert.h>

#include "runtime/base/id.h"
#include "runtime/base/json_read.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/conn.h"
#include "runtime/kernel/job.h"
#include "runtime/kernel/metric.h"

enum {
	SPARE_MAX = 64,
	ID_MAX = 256,
	ARENA_MAX = 64 << 20,
	RESULT_MAX = 64 << 20,
	KEEP = 256 << 10
};

static const char *const owner_roles[] = { "owner", NULL };

/* ---- objects ---- */

static struct wn_call *
call_new(struct wn_conn *c)
{
	struct wn_server *s = c->server;
	struct wn_call *call = s->spare;

	if (call != NULL) {
		s->spare = call->next;
		s->n_spare--;
	} else {
		call = WN_NEW(struct wn_call);
		wn_arena_init(&call->arena, ARENA_MAX);
		wn_buf_init(&call->id, ID_MAX);
		wn_buf_init(&call->result, RESULT_MAX);
		wn_buf_init(&call->attach_out, RESULT_MAX);
		s->n_calls++;
	}
	call->server = s;
	call->conn = c;
	call->prev = NULL;
	call->next = c->calls;
	if (c->calls != NULL)
		c->calls->prev = call;
	c->calls = call;
	c->in_flight++;
	return call;
}

static void
detach(struct wn_call *call)
{
	struct wn_conn *c = call->conn;

	if (c == NULL)
		return;
	if (call->prev != NULL)
		call->prev->next = call->next;
	else
		c->calls = call->next;
	if (call->next != NULL)
		call->next->prev = call->prev;
	call->next = call->prev = NULL;
	call->conn = NULL;
	c->in_flight--;
	if (c->eof)
		wn_conn_wrote(c); /* it may have been the last one it waited for */
}

static void
keep_small(struct wn_buf *b)
{
	size_t max = b->max;

	if (b->cap <= KEEP) {
		wn_buf_clear(b);
		return;
	}
	wn_buf_fini(b);
	wn_buf_init(b, max);
}

static void
call_destroy(struct wn_call *call)
{
	wn_arena_fini(&call->arena);
	wn_buf_fini(&call->id);
	wn_buf_fini(&call->result);
	wn_buf_fini(&call->attach_out);
	wn_free(call);
}

static void
call_free(struct wn_call *call)
{
	struct wn_server *s = call->server;

	detach(call);
	if (s->n_spare >= SPARE_MAX) {
		s->n_calls--;
		call_destroy(call);
		return;
	}
	wn_arena_clear(&call->arena);
	keep_small(&call->id);
	keep_small(&call->result);
	keep_small(&call->attach_out);
	wn_diag_clear(&call->ctx.diag);
	call->attach_in = WN_STR_NONE;
	call->job[0] = '\0';
	atomic_store_explicit(&call->cancelled, 0, memory_order_relaxed);
	call->appends = 0;
	call->err = WN_OK;
	call->handled = call->deferred = call->in_job = false;
	call->next = s->spare;
	s->spare = call;
	s->n_spare++;
}

void
wn_call_free_list(struct wn_call *list)
{
	while (list != NULL) {
		struct wn_call *next = list->next;

		call_destroy(list);
		list = next;
	}
}

/* ---- answering ---- */

static void
write_failure(struct wn_conn *c, struct wn_str id, const struct wn_diag *d)
{
	(void)wn_rpc_write_error(wn_conn_out(c), id, d);
	wn_conn_wrote(c);
}

static void
write_success(struct wn_conn *c, struct wn_call *call)
{
	struct wn_str result = call->result.len > 0 ? wn_buf_view(&call->result) : WN_STR("{}");
	struct wn_buf *out = wn_conn_out(c);

	(void)wn_rpc_write_result(out, wn_buf_view(&call->id), result, call->attach_out.len);
	if (call->attach_out.len > 0)
		(void)wn_buf_str(out, wn_buf_view(&call->attach_out));
	wn_conn_wrote(c);
}

/* Answers when the handler is through and all it emitted is durable. */
static void
settle(struct wn_call *call)
{
	struct wn_conn *c = call->conn;

	if (!call->handled || call->appends > 0)
		return;
	if (call->err == WN_OK && call->result.err != WN_OK)
		call->err = WN_FAIL(&call->ctx, call->result.err, "the answer is too large");
	if (call->err != WN_OK && call->ctx.diag.code == WN_OK)
		(void)WN_FAIL(&call->ctx, call->err, "%s", wn_error_row(call->err)->text);
	wn_metric_took(call->server->k, WN_METRIC_RPC, call->method->name, call->start_ns,
		       call->err);
	detach(call);
	if (c != NULL && !c->dead && call->id.len > 0) {
		if (call->err == WN_OK)
			write_success(c, call);
		else
			write_failure(c, wn_buf_view(&call->id), &call->ctx.diag);
	}
	call_free(call);
}

static void
handled(struct wn_call *call, wn_err err)
{
	assert(!call->handled);
	call->handled = true;
	if (call->err == WN_OK)
		call->err = err;
	settle(call);
}

void
wn_call_append_begin(struct wn_call *call)
{
	call->appends++;
}

void
wn_call_append_undo(struct wn_call *call)
{
	call->appends--;
}

void
wn_call_append_done(struct wn_call *call, wn_err err, const struct wn_diag *d)
{
	call->appends--;
	if (err != WN_OK && call->err == WN_OK) {
		call->err = err;
		wn_diag_clear(&call->ctx.diag);
		(void)WN_FAIL(&call->ctx, err, "%s",
			      d->text[0] != '\0' ? d->text : wn_error_row(err)->text);
	}
	settle(call);
}

/* ---- host functions ---- */

struct wn_call *
wn_call_defer(struct wn_ctx *ctx)
{
	assert(ctx->call != NULL && !ctx->call->deferred && !ctx->call->in_job);
	ctx->call->deferred = true;
	/* The reader's memory is gone once the handler returns. */
	if (ctx->call->attach_in.len > 0)
		ctx->call->attach_in = wn_arena_str(&ctx->call->arena, ctx->call->attach_in);
	return ctx->call;
}

void
wn_call_reply(struct wn_call *call, wn_err err, const struct wn_diag *d, struct wn_str result,
	      struct wn_str attachment)
{
	assert(call->deferred);
	wn_buf_clear(&call->result);
	if (err != WN_OK && d != NULL)
		call->ctx.diag = *d;
	if (err == WN_OK) {
		(void)wn_buf_str(&call->result, result);
		if (attachment.len > 0)
			(void)wn_buf_str(&call->attach_out, attachment);
	}
	handled(call, err);
}

struct wn_str
wn_call_attachment(const struct wn_ctx *ctx)
{
	return ctx->call != NULL ? ctx->call->attach_in : WN_STR_NONE;
}

wn_err
wn_call_attach(struct wn_ctx *ctx, struct wn_str bytes)
{
	if (ctx->call == NULL)
		return WN_FAIL(ctx, WN_E_STATE, "there is no open request to attach to");
	return wn_buf_str(&ctx->call->attach_out, bytes);
}

bool
wn_access_granted(const char *const *roles, const char *permission)
{
	if (permission == NULL || permission[0] == '\0')
		return true;
	for (; roles != NULL && *roles != NULL; roles++) {
		if (strcmp(*roles, "owner") == 0)
			return true;
		/* "grant:<permission>": what a plugin or token was given by name */
		if (strncmp(*roles, "grant:", 6) == 0 && wn_event_type_fits(*roles + 6, permission))
			return true;
		if (strcmp(*roles, "reader") == 0 &&
		    wn_str_has_suffix(wn_str(permission), WN_STR(".read")))
			return true;
	}
	return false;
}

/* ---- running ---- */

static void
on_job_done(void *arg, wn_err err, const struct wn_diag *d, struct wn_str result)
{
	struct wn_call *call = arg;

	call->in_job = false;
	if (err != WN_OK)
		call->ctx.diag = *d;
	else
		(void)wn_buf_str(&call->result, result);
	handled(call, err);
}

static void
on_job_progress(void *arg, const char *job, int64_t done, int64_t total, const char *text)
{
	struct wn_call *call = arg;
	struct wn_buf b;
	struct wn_jw w;

	if (call->conn == NULL || call->id.len == 0)
		return;
	wn_buf_init(&b, 4096);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	wn_jw_key(&w, "id");
	wn_jw_raw(&w, wn_buf_view(&call->id));
	wn_jw_kstr(&w, "job", job);
	wn_jw_kint(&w, "done", done);
	wn_jw_kint(&w, "total", total);
	wn_jw_kstr(&w, "text", text);
	wn_jw_object_end(&w);
	(void)wn_rpc_write_notify(wn_conn_out(call->conn), "call.progress", wn_buf_view(&b), 0);
	wn_buf_fini(&b);
	wn_conn_wrote(call->conn);
}

static void
on_job_note(void *arg, const char *method, struct wn_str params)
{
	struct wn_call *call = arg;

	if (call->conn == NULL || call->conn->dead || call->id.len == 0)
		return;
	(void)wn_rpc_write_notify(wn_conn_out(call->conn), method, params, 0);
	wn_conn_wrote(call->conn);
}

struct method_job {
	const struct wn_method *method;
	struct wn_str params;
};

static wn_err
run_method(struct wn_mod *m, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	struct method_job *j = arg;

	return j->method->fn(m, ctx, j->params, result);
}

/* What a request is about: the workspace it names, else nothing. */
static const char *
subject_of(struct wn_arena *a, struct wn_str params)
{
	struct wn_str key, value;
	struct wn_jr r;

	wn_jr_init(&r, params, a, NULL);
	if (wn_jr_peek(&r) != WN_JSON_OBJECT || !wn_jr_object(&r))
		return NULL;
	while (wn_jr_member(&r, &key)) {
		if (!wn_str_is(key, "workspace") || wn_jr_peek(&r) != WN_JSON_STRING)
			(void)wn_jr_skip(&r, NULL);
		else if (wn_jr_string(&r, &value) == WN_OK)
			return wn_id_is_ulid(value) ? wn_arena_strndup(a, value.p, value.len)
						    : NULL;
	}
	return NULL;
}

static void
start_job(struct wn_call *call, const struct method_entry *e, struct wn_str params)
{
	struct method_job *j = WN_ARENA_NEW(&call->arena, struct method_job);
	bool task = e->method->run == WN_RUN_TASK;
	struct wn_job_start s = { .spec = { .kind = e->method->name, .fn = run_method, .arg = j },
				  .task = task,
				  .call = call,
				  .on_done = on_job_done,
				  .on_progress = task ? on_job_progress : NULL,
				  .on_note = task ? on_job_note : NULL,
				  .arg = call };
	wn_err err;

	if (task)
		s.spec.subject = subject_of(&call->arena, params);
	j->method = e->method;
	j->params = wn_arena_str(&call->arena, params);
	call->attach_in = wn_arena_str(&call->arena, call->attach_in);
	call->in_job = true;
	err = wn_jobs_start(call->server->k->jobs, e->mod, &call->ctx, &s, call->job);
	if (err != WN_OK) {
		call->in_job = false;
		handled(call, err);
		return;
	}
	if (task)
		on_job_progress(call, call->job, 0, 0, "");
}

static void
run(struct wn_call *call, const struct method_entry *e, struct wn_str params)
{
	wn_err err;

	if (e->method->run != WN_RUN_LOOP) {
		start_job(call, e, params);
		return;
	}
	err = e->method->fn(e->mod, &call->ctx, params, &call->result);
	if (err == WN_PENDING) {
		assert(call->deferred && "WN_PENDING without defer()");
		return;
	}
	assert(!call->deferred && "defer() without WN_PENDING");
	handled(call, err);
}

static void
fill_ctx(struct wn_call *call, struct wn_conn *c)
{
	const struct wn_host *h = &call->server->k->host;

	h->new_id(h, call->correlation);
	call->ctx.tenant = "local";
	call->ctx.actor = c->actor;
	call->ctx.correlation = call->correlation;
	call->ctx.causation = NULL;
	call->ctx.roles = owner_roles;
	call->ctx.deadline_ns = 0;
	call->ctx.cancelled = &call->cancelled;
	call->ctx.arena = &call->arena;
	call->ctx.call = call;
	call->ctx.job = NULL;
}

/* The checks every request passes, in this order; the handler comes after the last. */
static wn_err
admit(struct wn_conn *c, const struct wn_rpc_msg *msg, const struct method_entry **e_out,
      struct wn_diag *d)
{
	const struct wn_server_limits *l = &c->server->limits;
	const struct method_entry *e = wn_map_get(&c->server->methods, msg->method);

	*e_out = e;
	if (msg->id.len > ID_MAX)
		return wn_fail(d, WN_E_LIMIT, "the id is longer than %d bytes", ID_MAX);
	if (!c->hello && !wn_str_is(msg->method, "engine.hello"))
		return wn_fail(d, WN_E_UNAUTHENTICATED, "engine.hello must be the first request");
	if (!wn_conn_rate(c))
		return wn_fail(d, WN_E_RATE, "more than %u requests a second", l->rate);
	if (e == NULL)
		return wn_fail(d, WN_E_METHOD, "there is no method %.*s",
			       msg->method.len < 80 ? (int)msg->method.len : 80, msg->method.p);
	if (!wn_access_granted(owner_roles, e->method->permission))
		return wn_fail(d, WN_E_DENIED, "%s needs the permission %s", e->method->name,
			       e->method->permission);
	for (struct wn_call *o = c->calls; o != NULL && msg->id.len > 0; o = o->next) {
		if (wn_str_eq(wn_buf_view(&o->id), msg->id))
			return wn_fail(d, WN_E_REQUEST, "a request with this id is open already");
	}
	if (c->in_flight >= l->in_flight)
		return wn_fail(d, WN_E_LIMIT, "more than %u requests are open on this connection",
			       l->in_flight);
	return WN_OK;
}

wn_err
wn_call_message(struct wn_conn *c, const struct wn_rpc_msg *msg, struct wn_str attachment)
{
	const struct method_entry *e = NULL;
	struct wn_call *call;
	struct wn_diag d;
	wn_err err;

	if (msg->kind != WN_RPC_REQUEST && msg->kind != WN_RPC_NOTIFY)
		return WN_OK; /* the engine asks its clients nothing, so there is nothing to answer
			       */
	d.code = WN_OK;
	d.text[0] = d.where[0] = '\0';
	err = admit(c, msg, &e, &d);
	if (err != WN_OK) {
		if (msg->kind == WN_RPC_REQUEST)
			write_failure(c, msg->id.len <= ID_MAX ? msg->id : WN_STR_NONE, &d);
		return WN_OK;
	}
	call = call_new(c);
	fill_ctx(call, c);
	call->start_ns = wn_mono_ns(c->server->k->opts.clock);
	(void)wn_buf_str(&call->id, msg->id);
	call->attach_in = attachment;
	call->mod = e->mod;
	call->method = e->method;
	run(call, e, msg->params);
	return WN_OK;
}

/* ---- cancelling ---- */

void
wn_call_cancel(struct wn_call *call)
{
	struct wn_conn *c = call->conn;

	atomic_store(&call->cancelled, 1);
	if (call->in_job) {
		(void)wn_jobs_cancel(call->server->k->jobs, call->job);
		return;
	}
	/* Deferred: the client hears now, and what the module replies later goes nowhere. */
	if (c == NULL || c->dead || call->handled)
		return;
	call->ctx.actor = wn_arena_strdup(&call->arena, call->ctx.actor);
	wn_diag_clear(&call->ctx.diag);
	(void)WN_FAIL(&call->ctx, WN_E_CANCELLED, "%s was cancelled", call->method->name);
	if (call->id.len > 0)
		write_failure(c, wn_buf_view(&call->id), &call->ctx.diag);
	detach(call);
}

void
wn_call_orphan(struct wn_call *call)
{
	bool task = call->in_job && call->method->run == WN_RUN_TASK;

	call->ctx.actor =
		wn_arena_strdup(&call->arena, call->ctx.actor); /* it lay in the connection */
	detach(call);
	if (!task)
		wn_call_cancel(call);
}
