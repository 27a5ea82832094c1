/*
 * One connection: bytes in, bytes out, and what a bad or slow client costs (itself).
 * Reads once a turn, writes once a turn. Knows nothing of methods.
 */
#include "runtime/kernel/conn.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/base/mem.h"
#include "runtime/kernel/record.h"

enum { BAD_MESSAGES = 50, OUT_KEPT = 256 << 10, CLIENT_NAME_MAX = 80 };

static const struct wn_log *
log_of(const struct wn_conn *c)
{
	return c->server->k->opts.log;
}

static size_t
waiting(const struct wn_conn *c)
{
	return c->out.len - c->sent;
}

/* ---- the end ---- */

static void
unlink_conn(struct wn_conn *c)
{
	struct wn_server *s = c->server;

	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		s->conns = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	s->n_conns--;
	c->next = s->grave;
	s->grave = c;
	wn_loop_at_turn_end(s->k->loop, &s->reap);
}

void
wn_conn_close(struct wn_conn *c, const char *why)
{
	struct wn_loop *loop = c->server->k->loop;

	if (c->dead)
		return;
	c->dead = true;
	wn_log(log_of(c), WN_LOG_DEBUG, "rpc", "connection ended", WN_I("conn", c->id),
	       WN_S("why", why));
	wn_watch_stop(c->watch);
	close(c->fd);
	c->fd = -1;
	wn_loop_hook_drop(loop, &c->flush);
	wn_loop_timer_stop(loop, c->hello_timer);
	wn_loop_timer_stop(loop, c->stall_timer);
	wn_stream_drop_all(c);
	while (c->calls != NULL)
		wn_call_orphan(c->calls);
	unlink_conn(c);
}

void
wn_conn_end(struct wn_conn *c, const char *why)
{
	if (c->dead || c->ending)
		return;
	c->ending = true;
	if (waiting(c) == 0) {
		wn_conn_close(c, why);
		return;
	}
	wn_log(log_of(c), WN_LOG_INFO, "rpc", "ending a connection", WN_I("conn", c->id),
	       WN_S("why", why));
	wn_conn_wrote(c);
}

/* ---- writing ---- */

static void
watch_update(struct wn_conn *c)
{
	bool blocked = waiting(c) > 0;
	bool read = !c->ending && !c->eof && waiting(c) <= c->server->limits.hold;

	wn_watch_set(c->watch, (read ? WN_IO_READ : 0) | (blocked ? WN_IO_WRITE : 0));
}

static void
on_stall(void *arg)
{
	struct wn_conn *c = arg;

	c->stall_timer = NULL;
	wn_log(log_of(c), WN_LOG_WARN, "rpc", "a client does not read its answers, disconnected",
	       WN_I("conn", c->id), WN_I("waiting", waiting(c)));
	wn_conn_close(c, "it does not read");
}

/* The timer runs while bytes wait and starts anew with each byte the client takes. */
static void
stall_update(struct wn_conn *c, bool progress)
{
	struct wn_loop *loop = c->server->k->loop;

	if (c->stall_timer != NULL && (progress || waiting(c) == 0)) {
		wn_loop_timer_stop(loop, c->stall_timer);
		c->stall_timer = NULL;
	}
	if (c->stall_timer == NULL && waiting(c) > 0)
		c->stall_timer = wn_loop_timer(loop, c->server->limits.stall_ms, 0, on_stall, c);
}

static void
out_written(struct wn_conn *c)
{
	if (waiting(c) > 0) {
		/* Moving the rest down now and then keeps the buffer from growing with what is
		 * gone. */
		if (c->sent > (1u << 20)) {
			wn_buf_drop(&c->out, c->sent);
			c->told -= c->sent;
			c->sent = 0;
		}
		return;
	}
	c->sent = c->told = 0;
	if (c->out.cap > OUT_KEPT) {
		size_t max = c->out.max;

		wn_buf_fini(&c->out);
		wn_buf_init(&c->out, max);
	} else {
		wn_buf_clear(&c->out);
	}
}

static void
flush(void *arg)
{
	struct wn_conn *c = arg;
	ssize_t n = 0;
	bool progress = false;

	while (waiting(c) > 0) {
		n = send(c->fd, c->out.p + c->sent, waiting(c), MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		c->sent += (size_t)n;
		progress = true;
	}
	if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
		wn_conn_close(c, "writing failed");
		return;
	}
	if (c->out.err != WN_OK || waiting(c) > c->server->limits.backlog) {
		wn_log(log_of(c), WN_LOG_WARN, "rpc",
		       "more waits for a client than it may, disconnected", WN_I("conn", c->id),
		       WN_I("waiting", waiting(c)));
		wn_conn_close(c, "its backlog is too long");
		return;
	}
	out_written(c);
	if ((c->ending || (c->eof && c->in_flight == 0)) && waiting(c) == 0) {
		wn_conn_close(c, "ended");
		return;
	}
	stall_update(c, progress);
	watch_update(c);
}

struct wn_buf *
wn_conn_out(struct wn_conn *c)
{
	return &c->out;
}

void
wn_conn_wrote(struct wn_conn *c)
{
	if (c->dead)
		return;
	wn_record_out(c->server->k->recorder, c->id,
		      (struct wn_str){ c->out.p + c->told, c->out.len - c->told });
	c->told = c->out.len;
	/* Never closed here: the writer's stack still holds the stream or call it writes for. */
	wn_loop_at_turn_end(c->server->k->loop, &c->flush);
}

/* ---- reading ---- */

static void
write_bad(struct wn_conn *c, wn_err code, const char *text)
{
	struct wn_diag d = { 0 };

	(void)wn_fail(&d, code, "%s", text);
	(void)wn_rpc_write_error(&c->out, WN_STR_NONE, &d);
	wn_conn_wrote(c);
}

static void
on_bad(void *arg, wn_err code, const char *text)
{
	struct wn_conn *c = arg;

	if (c->dead || c->ending)
		return;
	wn_record_bad(c->server->k->recorder, c->id, text);
	write_bad(c, code, text);
	if (++c->bad >= BAD_MESSAGES)
		wn_conn_end(c, "it sends garbage");
}

static wn_err
on_msg(void *arg, const struct wn_rpc_msg *msg, struct wn_str attachment)
{
	struct wn_conn *c = arg;
	wn_err err;

	if (c->dead || c->ending)
		return WN_E_CLOSED;
	wn_record_in(c->server->k->recorder, c->id, msg);
	err = wn_call_message(c, msg, attachment);
	return c->dead || c->ending ? WN_E_CLOSED : err;
}

static void
on_input(struct wn_conn *c, const char *data, size_t n)
{
	wn_err err = wn_rpc_feed(&c->reader, data, n);

	if (c->dead || c->ending || err == WN_OK || err == WN_E_CLOSED)
		return;
	if (err == WN_E_LIMIT)
		write_bad(c, err,
			  "the message is larger than this engine takes (engine.hello says how "
			  "much)");
	wn_conn_end(c, err == WN_E_LIMIT ? "its message is too large" : "it broke the framing");
}

/* The client's side is shut. One that only shut its sending side still gets the answers it asked
 * for. */
static void
on_eof(struct wn_conn *c)
{
	struct pollfd p = { c->fd, 0, 0 };

	if (poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)) != 0) {
		wn_conn_close(c, "the client closed it");
		return;
	}
	c->eof = true;
	wn_stream_drop_all(c);
	wn_conn_wrote(c);
	watch_update(c);
}

static void
on_ready(void *arg, int events)
{
	struct wn_conn *c = arg;
	struct wn_server *s = c->server;
	ssize_t n;

	if ((events & WN_IO_WRITE) != 0) {
		flush(c);
		if (c->dead)
			return;
	}
	if ((events & WN_IO_READ) == 0 || c->ending)
		return;
	n = recv(c->fd, s->inbuf, sizeof(s->inbuf), 0);
	if (n > 0)
		on_input(c, s->inbuf, (size_t)n);
	else if (n == 0)
		on_eof(c);
	else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
		wn_conn_close(c, "reading failed");
}

/* ---- the beginning ---- */

static void
on_no_hello(void *arg)
{
	struct wn_conn *c = arg;

	c->hello_timer = NULL;
	write_bad(c, WN_E_DEADLINE, "engine.hello did not come in time");
	if (!c->dead)
		wn_conn_end(c, "no hello");
}

void
wn_conn_greeted(struct wn_conn *c, struct wn_str client)
{
	c->hello = true;
	wn_loop_timer_stop(c->server->k->loop, c->hello_timer);
	c->hello_timer = NULL;
	wn_free(c->client);
	c->client = wn_strndup(client.p != NULL ? client.p : "",
			       client.len < CLIENT_NAME_MAX ? client.len : CLIENT_NAME_MAX);
	wn_log(log_of(c), WN_LOG_DEBUG, "rpc", "client connected", WN_I("conn", c->id),
	       WN_S("client", c->client), WN_S("actor", c->actor));
}

bool
wn_conn_rate(struct wn_conn *c)
{
	const struct wn_server_limits *l = &c->server->limits;
	int64_t now = wn_mono_ns(c->server->k->opts.clock);

	c->tokens += (double)(now - c->tokens_ns) * 1e-9 * l->rate;
	c->tokens_ns = now;
	if (c->tokens > l->burst)
		c->tokens = l->burst;
	if (c->tokens < 1)
		return false;
	c->tokens -= 1;
	return true;
}

static void
conn_init(struct wn_conn *c, struct wn_server *s, int fd, const char *actor)
{
	struct wn_rpc_limits rl = { .line = s->limits.message, .attachment = s->limits.attachment };

	c->server = s;
	c->fd = fd;
	c->id = ++s->next_conn;
	wn_rpc_reader_init(&c->reader, &rl);
	c->reader.on_msg = on_msg;
	c->reader.on_bad = on_bad;
	c->reader.arg = c;
	/* Room for one whole answer above the backlog: the limit is checked after it was added. */
	wn_buf_init(&c->out,
		    s->limits.backlog + s->limits.message + s->limits.attachment + (2u << 20));
	c->flush.fn = flush;
	c->flush.arg = c;
	c->tokens = s->limits.burst;
	c->tokens_ns = wn_mono_ns(s->k->opts.clock);
	(void)snprintf(c->actor, sizeof(c->actor), "%s", actor);
}

wn_err
wn_server_adopt(struct wn_server *s, int fd, const char *actor)
{
	struct wn_conn *c = WN_NEW(struct wn_conn);

	conn_init(c, s, fd, actor);
	c->watch = wn_loop_watch(s->k->loop, fd, WN_IO_READ, on_ready, c);
	if (c->watch == NULL) {
		wn_rpc_reader_fini(&c->reader);
		wn_free(c);
		close(fd);
		return WN_E_IO;
	}
	c->hello_timer = wn_loop_timer(s->k->loop, s->limits.hello_ms, 0, on_no_hello, c);
	c->next = s->conns;
	if (s->conns != NULL)
		s->conns->prev = c;
	s->conns = c;
	s->n_conns++;
	return WN_OK;
}
