/*
 * Calls and their answers, hello, starting an engine, connecting again.
 */
#include "tui/client/client.h"

#include <stdio.h>
#include <string.h>

#include "gen/contracts.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"
#include "tui/client/private.h"

#define RETRY_FIRST_MS 100
#define RETRY_MAX_MS 5000
#define START_TRY_MS 20
#define START_MS 10000
#define BACKLOG_MAX ((size_t)64 << 20)
#define MESSAGE_MAX ((size_t)20 << 20)

/* One call on its way. unsent holds the whole message until the engine is up. */
struct call {
	struct call *next;
	int64_t id;
	wn_rpc_reply_fn reply;
	void *arg;
	char *unsent;
	size_t unsent_len;
	wn_err failed; /* to be answered with this on the next turn */
	char text[WN_DIAG_TEXT_MAX];
};

struct wn_client {
	struct wn_rpc_port port; /* first: the port is the client */
	uv_loop_t *loop;
	struct wn_client_opts opts;
	char *program, *name;
	struct addr addr;
	enum wn_client_state state;
	struct link *link;
	uv_timer_t timer;	    /* next attempt */
	uv_timer_t defer;	    /* answers that failed */
	struct call *calls, **last; /* in order of their ids */
	int64_t next_id;
	int64_t started_at; /* loop time of the start of an engine; 0: none was */
	unsigned wait_ms;
	struct wn_buf hello;
	struct starter *engine; /* the one we started, until the next start */
	bool refused;		/* hello failed: no use in trying again */
	bool freed;
	int handles;
};

static wn_err port_call(struct wn_rpc_port *port, const char *method, struct wn_str params,
			struct wn_str attachment, wn_rpc_reply_fn reply, void *arg);
static void attempt(struct wn_client *c);

static void
set_state(struct wn_client *c, enum wn_client_state s, const struct wn_diag *why)
{
	if (c->state == s)
		return;
	c->state = s;
	if (c->opts.on_state != NULL)
		c->opts.on_state(c->opts.arg, s, why);
}

/* ---- calls ---- */

static void
append_call(struct wn_client *c, struct call *call)
{
	*c->last = call;
	c->last = &call->next;
}

static struct call *
take_call(struct wn_client *c, int64_t id)
{
	for (struct call **p = &c->calls; *p != NULL; p = &(*p)->next) {
		struct call *call = *p;

		if (call->id != id)
			continue;
		*p = call->next;
		if (c->last == &call->next)
			c->last = p;
		return call;
	}
	return NULL;
}

static void
finish(struct call *call, wn_err err, struct wn_str result, struct wn_str attachment,
       const struct wn_diag *d)
{
	call->reply(call->arg, err, result, attachment, d);
	wn_free(call->unsent);
	wn_free(call);
}

static void
on_defer(uv_timer_t *t)
{
	struct wn_client *c = t->data;

	for (;;) {
		struct call *call = c->calls;
		struct wn_diag d = { 0 };

		while (call != NULL && call->failed == 0)
			call = call->next;
		if (call == NULL)
			return;
		take_call(c, call->id);
		wn_fail(&d, call->failed, "%s", call->text);
		finish(call, call->failed, WN_STR_NONE, WN_STR_NONE, &d);
		if (c->freed)
			return;
	}
}

static void
fail_later(struct wn_client *c, struct call *call, const struct wn_diag *d)
{
	call->failed = d->code != 0 ? d->code : WN_E_CLOSED;
	snprintf(call->text, sizeof call->text, "%s", d->text);
	uv_timer_start(&c->defer, on_defer, 0, 0);
}

static void
fail_all(struct wn_client *c, const struct wn_diag *d)
{
	for (struct call *call = c->calls; call != NULL; call = call->next)
		if (call->failed == 0)
			fail_later(c, call, d);
}

static void
send_call(struct wn_client *c, struct call *call)
{
	char *p = call->unsent;

	call->unsent = NULL;
	link_send(c->link, p, call->unsent_len);
}

static void
flush_calls(struct wn_client *c)
{
	for (struct call *call = c->calls; call != NULL; call = call->next)
		if (call->unsent != NULL && call->failed == 0)
			send_call(c, call);
}

static struct call *
make_call(struct wn_client *c, const char *method, struct wn_str params, struct wn_str attachment,
	  wn_rpc_reply_fn reply, void *arg)
{
	struct call *call = WN_NEW(struct call);
	struct wn_buf b;
	char id[24];

	call->id = ++c->next_id;
	call->reply = reply;
	call->arg = arg;
	snprintf(id, sizeof id, "%lld", (long long)call->id);
	wn_buf_init(&b, MESSAGE_MAX);
	wn_rpc_write_request(&b, wn_str(id), method, params.len > 0 ? params : WN_STR("{}"),
			     attachment.len);
	wn_buf_add(&b, attachment.p, attachment.len);
	if (b.err != 0) {
		wn_buf_fini(&b);
		wn_free(call);
		return NULL;
	}
	call->unsent = wn_buf_take(&b, &call->unsent_len);
	return call;
}

static wn_err
port_call(struct wn_rpc_port *port, const char *method, struct wn_str params,
	  struct wn_str attachment, wn_rpc_reply_fn reply, void *arg)
{
	struct wn_client *c = (struct wn_client *)port;
	struct wn_diag d = { 0 };
	struct call *call;

	if (c->freed)
		return WN_E_CLOSED;
	call = make_call(c, method, params, attachment, reply, arg);
	if (call == NULL)
		return WN_E_LIMIT;
	append_call(c, call);
	if (c->state == WN_CLIENT_UP && link_backlog(c->link) > BACKLOG_MAX) {
		wn_fail(&d, WN_E_BUSY, "the engine is not reading; %zu bytes are waiting",
			link_backlog(c->link));
		fail_later(c, call, &d);
	} else if (c->state == WN_CLIENT_UP) {
		send_call(c, call);
	} else if (c->state == WN_CLIENT_WAITING) {
		wn_fail(&d, WN_E_UNAVAILABLE, "the engine is not connected");
		fail_later(c, call, &d);
	}
	return 0;
}

/* ---- down and up ---- */

static void
on_retry(uv_timer_t *t)
{
	struct wn_client *c = t->data;

	if (c->link == NULL)
		attempt(c);
}

static void
lost(struct wn_client *c, const struct wn_diag *d)
{
	link_close(c->link);
	c->link = NULL;
	wn_buf_clear(&c->hello);
	fail_all(c, d);
	set_state(c, WN_CLIENT_WAITING, d);
	if (c->freed || !c->opts.reconnect || c->refused)
		return;
	c->wait_ms = c->wait_ms == 0		     ? RETRY_FIRST_MS
		     : c->wait_ms * 2 > RETRY_MAX_MS ? RETRY_MAX_MS
						     : c->wait_ms * 2;
	uv_timer_start(&c->timer, on_retry, c->wait_ms, 0);
}

static void
on_hello(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct wn_client *c = arg;

	(void)attachment;
	if (c->freed)
		return;
	if (err != 0) {
		struct wn_diag why = *d;

		if (err == WN_E_CLOSED || err == WN_E_PROCESS || c->link == NULL)
			return; /* the link's own end was told */
		c->refused = true;
		lost(c, &why);
		return;
	}
	wn_buf_clear(&c->hello);
	wn_buf_str(&c->hello, result);
	c->wait_ms = 0;
	c->started_at = 0;
	set_state(c, WN_CLIENT_UP, NULL);
	if (c->link != NULL)
		flush_calls(c);
}

/* The greeting goes before whatever is waiting. */
static void
on_up(void *arg)
{
	struct wn_client *c = arg;
	struct wn_buf params;
	struct wn_jw w;
	struct call *call;

	wn_buf_init(&params, 4096);
	wn_jw_init(&w, &params);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "client", c->name);
	wn_jw_kstr(&w, "version", WN_VERSION);
	wn_jw_kint(&w, "protocol", WN_PROTOCOL);
	wn_jw_object_end(&w);
	call = make_call(c, "engine.hello", wn_buf_view(&params), WN_STR_NONE, on_hello, c);
	wn_buf_fini(&params);
	if (call == NULL)
		return;
	append_call(c, call);
	send_call(c, call);
}

static void
refuse_request(struct wn_client *c, const struct wn_rpc_msg *msg)
{
	struct wn_diag d = { 0 };
	struct wn_buf b;
	char *p;
	size_t n;

	wn_fail(&d, WN_E_METHOD, "this client offers no methods");
	wn_buf_init(&b, 65536);
	wn_rpc_write_error(&b, msg->id, &d);
	p = wn_buf_take(&b, &n);
	link_send(c->link, p, n);
}

static wn_err
on_message(void *arg, const struct wn_rpc_msg *msg, struct wn_str attachment)
{
	struct wn_client *c = arg;
	struct wn_diag d = { 0 };
	struct call *call;
	int64_t id;

	switch (msg->kind) {
	case WN_RPC_NOTIFY:
		if (c->opts.on_notify != NULL)
			c->opts.on_notify(c->opts.arg, msg->method, msg->params, attachment);
		return 0;
	case WN_RPC_REQUEST:
		refuse_request(c, msg);
		return 0;
	case WN_RPC_RESULT:
	case WN_RPC_ERROR:
	default:
		break;
	}
	if (!wn_str_i64(msg->id, &id) || (call = take_call(c, id)) == NULL)
		return 0; /* answered already: cancelled or declared lost */
	if (msg->kind == WN_RPC_RESULT) {
		finish(call, 0, msg->result, attachment, NULL);
	} else {
		wn_rpc_error_to_diag(msg, &d);
		finish(call, d.code != 0 ? d.code : WN_E_INTERNAL, WN_STR_NONE, WN_STR_NONE, &d);
	}
	return 0;
}

/* It ended without coming up: waiting for it has no use. */
static void
on_start_failed(void *arg, const char *words)
{
	struct wn_client *c = arg;
	struct wn_diag d = { 0 };

	if (c->freed || c->state != WN_CLIENT_CONNECTING)
		return;
	c->started_at = 0;
	uv_timer_stop(&c->timer);
	wn_fail(&d, WN_E_UNAVAILABLE, "the engine did not start: %s",
		words[0] != '\0' ? words : "it gave no reason");
	lost(c, &d);
}

/* Starts webnovad. A second one started by another client ends by itself. */
static bool
start_engine(struct wn_client *c, struct wn_diag *d)
{
	char *path = wn_client_find_engine(c->program);
	wn_err err;

	if (path == NULL) {
		wn_fail(d, WN_E_TOOL, "webnovad is neither beside webnova nor in PATH");
		return false;
	}
	starter_free(c->engine);
	err = starter_new(c->loop, path, on_start_failed, c, &c->engine, d);
	wn_free(path);
	return err == 0;
}

static void
on_down(void *arg, wn_err code, int sys, const char *text)
{
	struct wn_client *c = arg;
	struct wn_diag d = { 0 };
	int64_t now = (int64_t)uv_now(c->loop);
	int64_t patience = c->opts.start_ms > 0 ? c->opts.start_ms : START_MS;
	bool nobody = sys == UV_ENOENT || sys == UV_ECONNREFUSED;

	if (c->state == WN_CLIENT_CONNECTING && nobody && c->addr.kind == ADDR_OWN &&
	    c->opts.autostart) {
		bool going =
			c->started_at != 0 ? now - c->started_at < patience : start_engine(c, &d);

		if (going) {
			if (c->started_at == 0)
				c->started_at = now;
			link_close(c->link);
			c->link = NULL;
			uv_timer_start(&c->timer, on_retry, START_TRY_MS, 0);
			return;
		}
		c->started_at = 0;
		wn_fail(&d, WN_E_DEADLINE, "webnovad was started but does not answer on %s",
			c->addr.path);
	}
	if (nobody)
		wn_fail(&d, WN_E_NETWORK, "no engine answers on %s", c->addr.path);
	else if (c->addr.path != NULL)
		wn_fail(&d, code, "%s (%s)", text, c->addr.path);
	else
		wn_fail(&d, code, "%s", text);
	lost(c, &d);
}

static void
attempt(struct wn_client *c)
{
	struct link_events ev = { on_up, on_message, on_down, c };

	set_state(c, WN_CLIENT_CONNECTING, NULL);
	if (!c->freed && c->link == NULL)
		c->link = link_open(c->loop, &c->addr, &ev);
}

/* ---- the object ---- */

wn_err
wn_client_new(uv_loop_t *loop, const struct wn_client_opts *opts, struct wn_client **out,
	      struct wn_diag *d)
{
	struct wn_client *c;
	struct addr addr;
	wn_err err = addr_parse(opts->engine, &addr, d);

	*out = NULL;
	if (err != 0)
		return err;
	c = WN_NEW(struct wn_client);
	c->port.call = port_call;
	c->loop = loop;
	c->opts = *opts;
	c->addr = addr;
	c->program = wn_strdup(opts->program);
	c->name = wn_strdup(opts->name != NULL ? opts->name : "webnova");
	c->last = &c->calls;
	wn_buf_init(&c->hello, (size_t)1 << 20);
	uv_timer_init(loop, &c->timer);
	uv_timer_init(loop, &c->defer);
	c->timer.data = c->defer.data = c;
	c->handles = 2;
	*out = c;
	return 0;
}

void
wn_client_start(struct wn_client *c)
{
	if (c->state == WN_CLIENT_IDLE || (c->state == WN_CLIENT_WAITING && c->link == NULL)) {
		c->refused = false;
		uv_timer_stop(&c->timer);
		attempt(c);
	}
}

static void
on_closed(uv_handle_t *h)
{
	struct wn_client *c = h->data;

	if (--c->handles > 0)
		return;
	addr_fini(&c->addr);
	wn_buf_fini(&c->hello);
	wn_free(c->program);
	wn_free(c->name);
	wn_free(c);
}

void
wn_client_free(struct wn_client *c)
{
	struct wn_diag d = { 0 };

	if (c == NULL || c->freed)
		return;
	c->opts.on_state = NULL;
	c->opts.on_notify = NULL;
	c->freed = true;
	link_close(c->link);
	c->link = NULL;
	wn_fail(&d, WN_E_CLOSED, "the connection was closed");
	while (c->calls != NULL) {
		struct call *call = take_call(c, c->calls->id);

		finish(call, WN_E_CLOSED, WN_STR_NONE, WN_STR_NONE, &d);
	}
	starter_free(c->engine);
	c->engine = NULL;
	uv_close((uv_handle_t *)&c->timer, on_closed);
	uv_close((uv_handle_t *)&c->defer, on_closed);
}

enum wn_client_state
wn_client_state(const struct wn_client *c)
{
	return c->state;
}

struct wn_rpc_port *
wn_client_port(struct wn_client *c)
{
	return &c->port;
}

int64_t
wn_client_last_call(const struct wn_client *c)
{
	return c->next_id;
}

wn_err
wn_client_notify(struct wn_client *c, const char *method, struct wn_str params)
{
	struct wn_buf b;
	char *p;
	size_t n;

	if (c->state != WN_CLIENT_UP)
		return WN_E_UNAVAILABLE;
	wn_buf_init(&b, MESSAGE_MAX);
	wn_rpc_write_notify(&b, method, params, 0);
	if (b.err != 0) {
		wn_buf_fini(&b);
		return WN_E_LIMIT;
	}
	p = wn_buf_take(&b, &n);
	link_send(c->link, p, n);
	return 0;
}

struct wn_str
wn_client_hello(const struct wn_client *c)
{
	struct wn_str s = wn_buf_view(&c->hello);

	return s.p != NULL ? s : WN_STR("");
}
