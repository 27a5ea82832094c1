/*
 * Implements links on the loop. The blocking variant is in link_ask.c.
 */
#include "runtime/kernel/link.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/base/jsonrpc.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/link_priv.h"

enum { OUT_MAX = 64 << 20, MESSAGE_MAX = 16 << 20, ATTACHMENT_MAX = 64 << 20 };

struct open_call {
	struct open_call *next;
	int64_t id;
	wn_link_reply_fn reply;
	void *arg;
};

struct wn_link {
	struct wn_loop *loop;
	const struct wn_link_ops *ops;
	void *arg;
	int fd;
	struct wn_watch *watch;
	struct wn_rpc_reader reader;
	struct wn_buf out;
	size_t sent;
	struct wn_turn_hook flush;
	struct open_call *calls;
	int64_t next_id;
	wn_err broken; /* it ended by itself: on_close is due */
	bool closed;   /* by its owner */
	bool feeding, posted;
};

static void
destroy(struct wn_link *l)
{
	wn_rpc_reader_fini(&l->reader);
	wn_buf_fini(&l->out);
	wn_free(l);
}

static void
fail_calls(struct wn_link *l, wn_err why)
{
	struct wn_diag d = { 0 };
	struct open_call *c;

	(void)wn_fail(&d, why, "%s", wn_error_row(why)->text);
	while ((c = l->calls) != NULL) {
		l->calls = c->next;
		c->reply(c->arg, why, WN_STR_NONE, WN_STR_NONE, &d);
		wn_free(c);
	}
}

static void
cut(struct wn_link *l)
{
	if (l->fd < 0)
		return;
	wn_loop_hook_drop(l->loop, &l->flush);
	wn_watch_stop(l->watch);
	l->watch = NULL;
	close(l->fd);
	l->fd = -1;
}

/* A later turn: tells the owner, or buries what the owner closed meanwhile. */
static void
on_broken(void *arg)
{
	struct wn_link *l = arg;

	if (!l->closed) {
		fail_calls(l, WN_E_CLOSED);
		if (!l->closed && l->ops->on_close != NULL)
			l->ops->on_close(l->arg, l->broken);
	}
	l->posted = false; /* until here wn_link_close() only marks */
	if (l->closed)
		destroy(l);
}

static void
break_off(struct wn_link *l, wn_err why)
{
	if (l->broken != WN_OK || l->closed)
		return;
	l->broken = why;
	cut(l);
	l->posted = true;
	wn_loop_post(l->loop, on_broken, l);
}

/* ---- reading ---- */

static void
take_answer(struct wn_link *l, const struct wn_rpc_msg *msg, struct wn_str attachment)
{
	struct open_call **at = &l->calls, *c;
	struct wn_diag d = { 0 };
	int64_t id = 0;

	if (!wn_str_i64(msg->id, &id))
		return;
	while ((c = *at) != NULL && c->id != id)
		at = &c->next;
	if (c == NULL)
		return;
	*at = c->next;
	if (msg->kind == WN_RPC_ERROR)
		wn_rpc_error_to_diag(msg, &d);
	c->reply(c->arg, d.code, msg->result, attachment, &d);
	wn_free(c);
}

static wn_err
on_msg(void *arg, const struct wn_rpc_msg *msg, struct wn_str attachment)
{
	struct wn_link *l = arg;
	char *method;

	switch (msg->kind) {
	case WN_RPC_RESULT:
	case WN_RPC_ERROR:
		take_answer(l, msg, attachment);
		break;
	case WN_RPC_NOTIFY:
		if (l->ops->on_notify == NULL)
			break;
		method = wn_strndup(msg->method.p, msg->method.len);
		l->ops->on_notify(l->arg, method, msg->params, attachment);
		wn_free(method);
		break;
	default:
		break; /* the other side has nothing to ask of us */
	}
	return l->closed ? WN_E_CLOSED : WN_OK;
}

static void
on_bad(void *arg, wn_err code, const char *text)
{
	(void)text;
	break_off(arg, code);
}

static void
read_some(struct wn_link *l)
{
	char buf[65536];
	ssize_t n = recv(l->fd, buf, sizeof(buf), 0);
	wn_err err;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		break_off(l, n == 0 ? WN_E_CLOSED : WN_E_IO);
		return;
	}
	l->feeding = true;
	err = wn_rpc_feed(&l->reader, buf, (size_t)n);
	l->feeding = false;
	if (l->closed) {
		if (!l->posted)
			destroy(l);
		return;
	}
	if (err != WN_OK)
		break_off(l, err);
}

/* ---- writing ---- */

static void
flush(void *arg)
{
	struct wn_link *l = arg;
	ssize_t n = 1;

	while (l->sent < l->out.len && n > 0) {
		n = send(l->fd, l->out.p + l->sent, l->out.len - l->sent, MSG_NOSIGNAL);
		if (n > 0)
			l->sent += (size_t)n;
		else if (errno == EINTR)
			n = 1;
	}
	if (n < 0 && errno != EAGAIN) {
		break_off(l, WN_E_CLOSED);
		return;
	}
	wn_buf_drop(&l->out, l->sent);
	l->sent = 0;
	wn_watch_set(l->watch, WN_IO_READ | (l->out.len > 0 ? WN_IO_WRITE : 0));
}

static void
on_ready(void *arg, int events)
{
	struct wn_link *l = arg;

	if ((events & WN_IO_WRITE) != 0)
		flush(l);
	if ((events & WN_IO_READ) != 0 && l->fd >= 0)
		read_some(l);
}

static wn_err
queue(struct wn_link *l, wn_err err, struct wn_str attachment)
{
	if (err == WN_OK && attachment.len > 0)
		err = wn_buf_str(&l->out, attachment);
	if (err != WN_OK) {
		break_off(l, err); /* half a message may stand in the buffer */
		return err;
	}
	wn_loop_at_turn_end(l->loop, &l->flush);
	return WN_OK;
}

wn_err
wn_link_call(struct wn_link *l, const char *method, struct wn_str params, struct wn_str attachment,
	     wn_link_reply_fn reply, void *arg)
{
	struct open_call *c;
	char id[24];

	if (l->fd < 0)
		return WN_E_CLOSED;
	c = WN_NEW(struct open_call);
	c->id = ++l->next_id;
	c->reply = reply;
	c->arg = arg;
	c->next = l->calls;
	l->calls = c;
	(void)snprintf(id, sizeof(id), "%lld", (long long)c->id);
	/* A failure breaks the link, and the call is answered by that. */
	(void)queue(l, wn_rpc_write_request(&l->out, wn_str(id), method, params, attachment.len),
		    attachment);
	return WN_OK;
}

wn_err
wn_link_notify(struct wn_link *l, const char *method, struct wn_str params,
	       struct wn_str attachment)
{
	if (l->fd < 0)
		return WN_E_CLOSED;
	return queue(l, wn_rpc_write_notify(&l->out, method, params, attachment.len), attachment);
}

/* ---- life ---- */

wn_err
wn_link_open(struct wn_loop *loop, const char *path, const struct wn_link_ops *ops, void *arg,
	     struct wn_link **out)
{
	struct wn_rpc_limits limits = { .line = MESSAGE_MAX, .attachment = ATTACHMENT_MAX };
	struct wn_link *l;
	int fd = -1;
	wn_err err = wn_link_connect(path, &fd, NULL);

	*out = NULL;
	if (err != WN_OK)
		return err;
	l = WN_NEW(struct wn_link);
	l->loop = loop;
	l->ops = ops;
	l->arg = arg;
	l->fd = fd;
	wn_rpc_reader_init(&l->reader, &limits);
	l->reader.on_msg = on_msg;
	l->reader.on_bad = on_bad;
	l->reader.arg = l;
	wn_buf_init(&l->out, OUT_MAX);
	l->flush.fn = flush;
	l->flush.arg = l;
	l->watch = wn_loop_watch(loop, fd, WN_IO_READ, on_ready, l);
	*out = l;
	return WN_OK;
}

void
wn_link_close(struct wn_link *l)
{
	if (l == NULL || l->closed)
		return;
	if (l->fd >= 0 && l->out.len > l->sent)
		(void)send(l->fd, l->out.p + l->sent, l->out.len - l->sent,
			   MSG_NOSIGNAL | MSG_DONTWAIT);
	l->closed = true;
	cut(l);
	fail_calls(l, WN_E_CLOSED);
	if (!l->feeding && !l->posted)
		destroy(l);
}
