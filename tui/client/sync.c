/*
 * Calls that wait, on a loop of their own.
 */
#include "tui/client/sync.h"

#include <signal.h>

#include "runtime/base/mem.h"

struct wn_sync {
	uv_loop_t loop;
	struct wn_client *client;
	uv_timer_t timer;
	uv_signal_t sigint;
	bool late, interrupted;
	struct wn_diag why; /* of the last loss */
	struct wn_client_opts user;
};

struct waiting {
	bool done, abandoned;
	wn_err err;
	struct wn_buf *result, *attachment;
	struct wn_diag d;
};

static void
on_timer(uv_timer_t *t)
{
	((struct wn_sync *)t->data)->late = true;
}

static void
on_sigint(uv_signal_t *h, int sig)
{
	(void)sig;
	((struct wn_sync *)h->data)->interrupted = true;
}

static void
on_state(void *arg, enum wn_client_state st, const struct wn_diag *why)
{
	struct wn_sync *s = arg;

	if (why != NULL)
		s->why = *why;
	if (s->user.on_state != NULL)
		s->user.on_state(s->user.arg, st, why);
}

static void
on_notify(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct wn_sync *s = arg;

	if (s->user.on_notify != NULL)
		s->user.on_notify(s->user.arg, method, params, attachment);
}

static void
watch_start(struct wn_sync *s, int64_t ms)
{
	s->late = false;
	uv_update_time(&s->loop);
	if (ms > 0)
		uv_timer_start(&s->timer, on_timer, (uint64_t)ms, 0);
}

static void
watch_stop(struct wn_sync *s)
{
	uv_timer_stop(&s->timer);
}

/* SIGINT is caught as long as the connection is open, also between two calls; it is told once. */
static bool
take_interrupt(struct wn_sync *s)
{
	bool was = s->interrupted;

	s->interrupted = false;
	return was;
}

wn_err
wn_sync_open(const struct wn_client_opts *opts, struct wn_sync **out, struct wn_diag *d)
{
	struct wn_sync *s = WN_NEW(struct wn_sync);
	struct wn_client_opts o = *opts;
	wn_err err = 0;

	*out = NULL;
	uv_loop_init(&s->loop);
	uv_timer_init(&s->loop, &s->timer);
	uv_signal_init(&s->loop, &s->sigint);
	s->timer.data = s->sigint.data = s;
	uv_signal_start(&s->sigint, on_sigint, SIGINT);
	s->user = *opts;
	o.on_state = on_state;
	o.on_notify = on_notify;
	o.arg = s;
	err = wn_client_new(&s->loop, &o, &s->client, d);
	if (err == 0) {
		wn_client_start(s->client);
		watch_start(s, 0);
		while (wn_client_state(s->client) == WN_CLIENT_CONNECTING && !s->interrupted)
			uv_run(&s->loop, UV_RUN_ONCE);
		watch_stop(s);
		if (take_interrupt(s))
			err = wn_fail(d, WN_E_CANCELLED, "interrupted");
		else if (wn_client_state(s->client) != WN_CLIENT_UP) {
			err = s->why.code != 0 ? s->why.code : WN_E_NETWORK;
			if (d != NULL && d->code == 0)
				*d = s->why;
		}
	}
	if (err != 0) {
		wn_sync_close(s);
		return err;
	}
	*out = s;
	return 0;
}

void
wn_sync_close(struct wn_sync *s)
{
	if (s == NULL)
		return;
	s->user.on_state = NULL;
	s->user.on_notify = NULL;
	wn_client_free(s->client);
	uv_close((uv_handle_t *)&s->timer, NULL);
	uv_close((uv_handle_t *)&s->sigint, NULL);
	while (uv_run(&s->loop, UV_RUN_DEFAULT) != 0)
		continue;
	uv_loop_close(&s->loop);
	wn_free(s);
}

static void
on_reply(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct waiting *w = arg;

	if (w->abandoned) {
		wn_free(w);
		return;
	}
	w->done = true;
	w->err = err;
	if (err == 0) {
		wn_buf_str(w->result, result);
		if (w->attachment != NULL)
			wn_buf_str(w->attachment, attachment);
		if (w->result->err != 0)
			w->err = wn_fail(&w->d, w->result->err, "the answer is too large");
	} else if (d != NULL) {
		w->d = *d;
	}
}

wn_err
wn_sync_call(struct wn_sync *s, const char *method, struct wn_str params, int64_t ms,
	     struct wn_buf *result, struct wn_buf *attachment, struct wn_diag *d)
{
	struct waiting *w = WN_NEW(struct waiting);
	wn_err err;

	w->result = result;
	w->attachment = attachment;
	err = wn_client_port(s->client)->call(wn_client_port(s->client), method, params,
					      WN_STR_NONE, on_reply, w);
	if (err != 0) {
		wn_free(w);
		return wn_fail(d, err, "%s could not be sent", method);
	}
	watch_start(s, ms);
	while (!w->done && !s->late && !s->interrupted)
		uv_run(&s->loop, UV_RUN_ONCE);
	watch_stop(s);
	if (!w->done) {
		(void)take_interrupt(s);
		w->abandoned = true; /* freed by its late answer, or by close */
		return s->late ? wn_fail(d, WN_E_DEADLINE, "%s took longer than %lld ms", method,
					 (long long)ms)
			       : wn_fail(d, WN_E_CANCELLED, "interrupted");
	}
	err = w->err;
	if (err != 0 && d != NULL && d->code == 0)
		*d = w->d;
	wn_free(w);
	return err;
}

wn_err
wn_sync_wait(struct wn_sync *s, bool (*stop)(void *arg), void *arg, int64_t ms, struct wn_diag *d)
{
	wn_err err = 0;

	watch_start(s, ms);
	while (!stop(arg)) {
		if (s->late)
			err = wn_fail(d, WN_E_DEADLINE, "nothing more came in %lld ms",
				      (long long)ms);
		else if (take_interrupt(s))
			err = wn_fail(d, WN_E_CANCELLED, "interrupted");
		else if (wn_client_state(s->client) == WN_CLIENT_WAITING && !s->user.reconnect)
			err = wn_fail(d, WN_E_CLOSED, "%s", s->why.text);
		if (err != 0)
			break;
		uv_run(&s->loop, UV_RUN_ONCE);
	}
	watch_stop(s);
	return err;
}

struct wn_client *
wn_sync_client(struct wn_sync *s)
{
	return s->client;
}
