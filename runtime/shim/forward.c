/*
 * Splices TCP connections to a unix socket, both ways, half closes included. One side is not
 * read while the other has more than a window's worth to send.
 */
#include "runtime/shim/forward.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "runtime/base/mem.h"

#define WINDOW 65536

struct forward_side {
	union {
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} h;
	struct forward_link *link;
	struct forward_side *peer;
	bool paused, ended; /* ended: this side sent its end */
	uv_shutdown_t shutdown;
};

struct forward_link {
	struct forward *f;
	struct forward_link *next, **back;
	struct forward_side side[2]; /* 0 the client's TCP, 1 the service */
	uv_connect_t connect;
	int handles; /* not closed yet */
	bool closing;
};

struct piece {
	uv_write_t req;
	struct forward_side *from;
	char data[];
};

static void
on_closed(uv_handle_t *h)
{
	struct forward_side *s = h->data;
	struct forward_link *l = s->link;

	if (--l->handles)
		return;
	*l->back = l->next;
	if (l->next)
		l->next->back = l->back;
	l->f->open--;
	wn_free(l);
}

static void
link_close(struct forward_link *l)
{
	if (l->closing)
		return;
	l->closing = true;
	uv_close((uv_handle_t *)&l->side[0].h.stream, on_closed);
	uv_close((uv_handle_t *)&l->side[1].h.stream, on_closed);
}

static void
on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	struct piece *p = wn_realloc(NULL, sizeof *p + suggested); /* not zeroed */

	(void)h;
	*buf = uv_buf_init(p->data, (unsigned)suggested);
}

static struct piece *
piece_of(char *data)
{
	return (struct piece *)(void *)(data - offsetof(struct piece, data));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

static void
on_written(uv_write_t *req, int status)
{
	struct piece *p = (struct piece *)(void *)req;
	struct forward_side *from = p->from;

	wn_free(p);
	if (from->link->closing)
		return;
	if (status < 0) {
		link_close(from->link);
		return;
	}
	if (from->paused && !from->ended &&
	    uv_stream_get_write_queue_size(&from->peer->h.stream) < WINDOW) {
		from->paused = false;
		uv_read_start(&from->h.stream, on_alloc, on_read);
	}
}

static void
on_shutdown(uv_shutdown_t *req, int status)
{
	struct forward_side *s = req->data;

	if (s->link->closing)
		return;
	if (status < 0 || s->ended)
		link_close(s->link);
}

/* This side has said all it will: the other is told so. */
static void
side_ended(struct forward_side *s)
{
	s->ended = true;
	uv_read_stop(&s->h.stream);
	s->peer->shutdown.data = s->peer;
	if (uv_shutdown(&s->peer->shutdown, &s->peer->h.stream, on_shutdown) != 0)
		link_close(s->link);
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct forward_side *s = stream->data;
	struct piece *p = buf->base ? piece_of(buf->base) : NULL;
	uv_buf_t out;

	if (n <= 0 || !p || s->link->closing) {
		wn_free(p);
		if (n == UV_EOF)
			side_ended(s);
		else if (n < 0)
			link_close(s->link);
		return;
	}
	p->from = s;
	if (s == &s->link->side[0])
		s->link->f->asked += (uint64_t)n;
	out = uv_buf_init(p->data, (unsigned)n);
	if (uv_write(&p->req, &s->peer->h.stream, &out, 1, on_written) != 0) {
		wn_free(p);
		link_close(s->link);
		return;
	}
	if (uv_stream_get_write_queue_size(&s->peer->h.stream) >= WINDOW) {
		s->paused = true;
		uv_read_stop(stream);
	}
}

static void
on_connected(uv_connect_t *req, int status)
{
	struct forward_link *l = req->data;

	if (l->closing)
		return;
	if (status < 0) { /* the service does not listen yet: the client sees a closed connection */
		link_close(l);
		return;
	}
	for (int i = 0; i < 2; i++)
		uv_read_start(&l->side[i].h.stream, on_alloc, on_read);
}

static struct forward_link *
link_new(struct forward *f, uv_loop_t *loop)
{
	struct forward_link *l = WN_NEW(struct forward_link);

	l->f = f;
	l->handles = 2;
	for (int i = 0; i < 2; i++) {
		l->side[i].link = l;
		l->side[i].peer = &l->side[1 - i];
	}
	uv_tcp_init(loop, &l->side[0].h.tcp);
	uv_pipe_init(loop, &l->side[1].h.pipe, 0);
	l->side[0].h.stream.data = &l->side[0];
	l->side[1].h.stream.data = &l->side[1];
	l->next = f->links;
	l->back = &f->links;
	if (l->next)
		l->next->back = &l->next;
	f->links = l;
	f->open++;
	return l;
}

static void
on_connection(uv_stream_t *listener, int status)
{
	struct forward *f = listener->data;
	struct forward_link *l;

	if (status < 0)
		return;
	l = link_new(f, listener->loop);
	if (uv_accept(listener, &l->side[0].h.stream) != 0 || f->open > f->max) {
		f->refused++;
		link_close(l);
		return;
	}
	l->connect.data = l;
	uv_pipe_connect(&l->connect, &l->side[1].h.pipe, f->path, on_connected);
}

wn_err
forward_start(struct forward *f, uv_loop_t *loop, int port, const char *path, int max,
	      struct wn_diag *d)
{
	struct sockaddr_in a;
	int len = sizeof a, err;

	*f = (struct forward){ .path = path, .max = max };
	uv_tcp_init(loop, &f->listener);
	f->listener.data = f;
	f->listening = true;
	uv_ip4_addr("127.0.0.1", port, &a);
	err = uv_tcp_bind(&f->listener, (const struct sockaddr *)&a, 0);
	if (!err)
		err = uv_listen((uv_stream_t *)&f->listener, 64, on_connection);
	if (!err)
		err = uv_tcp_getsockname(&f->listener, (struct sockaddr *)&a, &len);
	if (err)
		return wn_fail_errno(d, -err, "cannot listen on 127.0.0.1:%d", port);
	f->port = ntohs(a.sin_port);
	return 0;
}

void
forward_stop(struct forward *f)
{
	if (!f->listening)
		return;
	f->listening = false;
	uv_close((uv_handle_t *)&f->listener, NULL);
	for (struct forward_link *l = f->links; l; l = l->next)
		link_close(l);
}
