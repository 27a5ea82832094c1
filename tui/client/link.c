/*
 * One connection: a libuv pipe to a socket, or two to a child. Its handles close on
 * their own turns of the loop; the last one frees the link.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "tui/client/private.h"

#define READ_SIZE 65536
#define STDERR_KEEP 400

struct link {
	struct link_events ev;
	struct wn_rpc_reader reader;
	uv_pipe_t in, out, err; /* a socket uses in for both */
	uv_process_t process;
	uv_connect_t connect;
	uv_stream_t *write_to;
	int handles; /* open ones */
	bool child, spawned, dead, told;
	bool eof, words_done;	     /* of the child's output and of its last words */
	char end[96];		     /* how the child ended; "": it runs */
	char words[STDERR_KEEP + 1]; /* the child's last words */
	size_t words_len;
	char rbuf[READ_SIZE];
};

static void
on_closed(uv_handle_t *h)
{
	struct link *l = h->data;

	if (--l->handles > 0)
		return;
	wn_rpc_reader_fini(&l->reader);
	wn_free(l);
}

static void
close_handle(void *h)
{
	if (!uv_is_closing(h))
		uv_close(h, on_closed);
}

void
link_close(struct link *l)
{
	if (l == NULL || l->dead)
		return;
	l->dead = true;
	if (l->spawned && uv_is_active((uv_handle_t *)&l->process))
		uv_process_kill(&l->process, SIGTERM);
	close_handle(&l->in);
	if (l->child) {
		close_handle(&l->out);
		close_handle(&l->err);
		close_handle(&l->process);
	}
}

static void
tell_down(struct link *l, wn_err code, int sys, const char *text)
{
	if (l->dead || l->told)
		return;
	l->told = true;
	if (l->words_len > 0) {
		char all[STDERR_KEEP + 160];

		snprintf(all, sizeof all, "%s: %s", text, l->words);
		l->ev.down(l->ev.arg, code, sys, all);
	} else {
		l->ev.down(l->ev.arg, code, sys, text);
	}
}

/* A child is over when it has ended and one of its pipes is drained: then its last words are known.
 */
static void
child_over(struct link *l)
{
	if (l->end[0] != '\0' && (l->eof || l->words_done))
		tell_down(l, WN_E_PROCESS, 0, l->end);
}

static void
on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	struct link *l = h->data;

	(void)hint;
	*buf = uv_buf_init(l->rbuf, READ_SIZE);
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct link *l = s->data;

	if (l->dead)
		return;
	if (n == UV_EOF && l->child) {
		l->eof = true;
		child_over(l);
		return;
	}
	if (n < 0) {
		tell_down(l, WN_E_CLOSED, (int)n,
			  n == UV_EOF ? "the engine closed the connection" : uv_strerror((int)n));
		return;
	}
	if (n > 0) {
		wn_err err = wn_rpc_feed(&l->reader, buf->base, (size_t)n);

		if (err != 0 && !l->dead)
			tell_down(l, err, 0, "the engine sent something that is no message");
	}
}

static wn_err
on_msg(void *arg, const struct wn_rpc_msg *msg, struct wn_str attachment)
{
	struct link *l = arg;
	wn_err err = l->ev.msg(l->ev.arg, msg, attachment);

	return l->dead ? WN_E_CLOSED : err;
}

static void
on_bad(void *arg, wn_err code, const char *text)
{
	struct link *l = arg;

	if (!l->dead)
		tell_down(l, code, 0, text);
}

static void
begin(struct link *l)
{
	l->write_to = l->child ? (uv_stream_t *)&l->out : (uv_stream_t *)&l->in;
	if (uv_read_start((uv_stream_t *)&l->in, on_alloc, on_read) != 0) {
		tell_down(l, WN_E_IO, 0, "the connection cannot be read");
		return;
	}
	l->ev.up(l->ev.arg);
}

static void
on_connect(uv_connect_t *req, int status)
{
	struct link *l = req->data;

	if (l->dead)
		return;
	if (status < 0)
		tell_down(l, WN_E_NETWORK, status, uv_strerror(status));
	else
		begin(l);
}

static void
on_words(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct link *l = s->data;
	size_t room = STDERR_KEEP - l->words_len;

	if (n < 0) {
		l->words_done = true;
		child_over(l);
		return;
	}
	for (ssize_t i = 0; i < n && room > 0; i++, room--) {
		unsigned char c = (unsigned char)buf->base[i];

		l->words[l->words_len++] = c < 0x20 || c == 0x7F ? ' ' : (char)c;
	}
	l->words[l->words_len] = '\0';
}

static void
on_exit(uv_process_t *p, int64_t status, int sig)
{
	struct link *l = p->data;

	snprintf(l->end, sizeof l->end, "the engine's process ended with %s %d",
		 sig ? "signal" : "status", sig ? sig : (int)status);
	child_over(l);
}

static void
spawn(struct link *l, uv_loop_t *loop, const struct addr *a)
{
	uv_stdio_container_t io[3];
	uv_process_options_t o = { 0 };
	int r;

	uv_pipe_init(loop, &l->out, 0);
	uv_pipe_init(loop, &l->err, 0);
	l->out.data = l->err.data = l->process.data = l;
	l->handles += 3;
	io[0] = (uv_stdio_container_t){ UV_CREATE_PIPE | UV_READABLE_PIPE,
					{ .stream = (uv_stream_t *)&l->out } };
	io[1] = (uv_stdio_container_t){ UV_CREATE_PIPE | UV_WRITABLE_PIPE,
					{ .stream = (uv_stream_t *)&l->in } };
	io[2] = (uv_stdio_container_t){ UV_CREATE_PIPE | UV_WRITABLE_PIPE,
					{ .stream = (uv_stream_t *)&l->err } };
	o.file = a->args[0];
	o.args = (char **)(uintptr_t)a->args;
	o.stdio = io;
	o.stdio_count = 3;
	o.exit_cb = on_exit;
	r = uv_spawn(loop, &l->process, &o);
	l->process.data = l;
	if (r != 0) {
		snprintf(l->words, sizeof l->words, "%.100s: %s", a->args[0], uv_strerror(r));
		l->words_len = strlen(l->words);
		return;
	}
	l->spawned = true;
	uv_read_start((uv_stream_t *)&l->err, on_alloc, on_words);
}

/* The first news of a child comes on a later turn, as a socket's would. */
static void
on_child_started(uv_handle_t *h)
{
	struct link *l = h->data;

	wn_free(h);
	if (--l->handles == 0) {
		wn_rpc_reader_fini(&l->reader);
		wn_free(l);
	} else if (!l->dead) {
		if (l->spawned)
			begin(l);
		else
			tell_down(l, WN_E_PROCESS, 0, "the engine could not be started");
	}
}

struct link *
link_open(uv_loop_t *loop, const struct addr *a, const struct link_events *ev)
{
	struct link *l = WN_NEW(struct link);

	l->ev = *ev;
	wn_rpc_reader_init(&l->reader, NULL);
	l->reader.on_msg = on_msg;
	l->reader.on_bad = on_bad;
	l->reader.arg = l;
	uv_pipe_init(loop, &l->in, 0);
	l->in.data = l;
	l->handles = 1;
	if (a->kind == ADDR_CHILD) {
		uv_idle_t *later = WN_NEW(uv_idle_t);

		l->child = true;
		spawn(l, loop, a);
		uv_idle_init(loop, later);
		later->data = l;
		l->handles++;
		uv_close((uv_handle_t *)later, on_child_started);
	} else {
		l->connect.data = l;
		uv_pipe_connect(&l->connect, &l->in, a->path, on_connect);
	}
	return l;
}

struct write {
	uv_write_t req;
	char *p;
};

static void
on_written(uv_write_t *req, int status)
{
	struct write *w = req->data;
	struct link *l = req->handle->data;

	wn_free(w->p);
	wn_free(w);
	if (status < 0 && status != UV_ECANCELED)
		tell_down(l, WN_E_CLOSED, status, uv_strerror(status));
}

void
link_send(struct link *l, char *p, size_t n)
{
	struct write *w;
	uv_buf_t buf;

	if (l->dead || l->write_to == NULL) {
		wn_free(p);
		return;
	}
	w = WN_NEW(struct write);
	w->p = p;
	w->req.data = w;
	buf = uv_buf_init(p, (unsigned)n);
	if (uv_write(&w->req, l->write_to, &buf, 1, on_written) != 0) {
		wn_free(p);
		wn_free(w);
	}
}

size_t
link_backlog(const struct link *l)
{
	return l->write_to != NULL ? uv_stream_get_write_queue_size(l->write_to) : 0;
}
