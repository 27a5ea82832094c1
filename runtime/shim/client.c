/*
 * Connections on the shim's socket: who may come in, framing, and output that never
 * blocks. A client that does not read or sends garbage is its own problem only.
 */
#include "runtime/shim/shim_priv.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define BAD_MAX 16 /* senseless messages before a client is closed */

struct outgoing {
	uv_write_t req;
	struct client *client;
	char *data; /* owned */
};

static void
on_closed(uv_handle_t *h)
{
	struct client *c = h->data, **at = &c->shim->clients;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	c->shim->clients_len--;
	wn_rpc_reader_fini(&c->reader);
	wn_free(c);
}

void
client_close(struct client *c)
{
	if (c->closing)
		return;
	c->closing = true;
	uv_close((uv_handle_t *)&c->pipe, on_closed);
}

size_t
client_queued(const struct client *c)
{
	return uv_stream_get_write_queue_size((const uv_stream_t *)&c->pipe);
}

static void
on_written(uv_write_t *req, int status)
{
	struct outgoing *o = (struct outgoing *)(void *)req;
	struct client *c = o->client;

	wn_free(o->data);
	wn_free(o);
	if (c->closing)
		return;
	if (status < 0) {
		client_close(c);
		return;
	}
	if (client_queued(c) >= SHIM_QUEUE_SOFT)
		return;
	if (c->shim->spec.kind == SHIM_TERMINAL)
		terminal_frames(c->shim);
	else
		service_lines(c->shim, c);
}

/* Takes the buffer's content. */
static void
client_send(struct client *c, struct wn_buf *b)
{
	struct outgoing *o;
	uv_buf_t data;
	size_t n;

	if (c->closing || b->err || client_queued(c) + b->len > SHIM_QUEUE_HARD) {
		wn_buf_fini(b);
		client_close(c);
		return;
	}
	o = WN_NEW(struct outgoing);
	o->client = c;
	o->data = wn_buf_take(b, &n);
	data = uv_buf_init(o->data, (unsigned)n);
	if (uv_write(&o->req, (uv_stream_t *)&c->pipe, &data, 1, on_written) != 0) {
		wn_free(o->data);
		wn_free(o);
		client_close(c);
	}
}

void
client_notify(struct client *c, const char *method, struct wn_str params, struct wn_str bytes)
{
	struct wn_buf out;

	wn_buf_init(&out, SHIM_QUEUE_HARD);
	wn_rpc_write_notify(&out, method, params, bytes.len);
	wn_buf_str(&out, bytes);
	client_send(c, &out);
}

void
clients_notify(struct shim *s, const char *method, struct wn_str params, struct wn_str bytes)
{
	for (struct client *c = s->clients, *next; c; c = next) {
		next = c->next;
		if (c->attached && !c->closing)
			client_notify(c, method, params, bytes);
	}
}

/* ---- incoming ---- */

static wn_err
on_msg(void *arg, const struct wn_rpc_msg *m, struct wn_str bytes)
{
	struct client *c = arg;
	struct answer a = { .d = { 0 } };
	struct wn_buf out;
	wn_err err;

	if (c->closing || (m->kind != WN_RPC_REQUEST && m->kind != WN_RPC_NOTIFY))
		return 0;
	wn_buf_init(&a.json, SHIM_QUEUE_HARD);
	wn_buf_init(&a.bytes, SHIM_QUEUE_HARD);
	err = method_run(c, m, bytes, &a);
	if (!err)
		err = a.bytes.err ? a.bytes.err : a.json.err;
	if (m->kind == WN_RPC_REQUEST) {
		wn_buf_init(&out, SHIM_QUEUE_HARD);
		if (err) {
			wn_fail(&a.d, err, "%s", wn_error_row(err)->text);
			wn_rpc_write_error(&out, m->id, &a.d);
		} else {
			wn_rpc_write_result(&out, m->id,
					    a.json.len ? wn_buf_view(&a.json) : WN_STR("{}"),
					    a.bytes.len);
			wn_buf_str(&out, wn_buf_view(&a.bytes));
		}
		client_send(c, &out);
	}
	wn_buf_fini(&a.json);
	wn_buf_fini(&a.bytes);
	return 0;
}

static void
on_bad(void *arg, wn_err code, const char *text)
{
	struct client *c = arg;
	struct wn_diag d = { 0 };
	struct wn_buf out;

	if (c->closing)
		return;
	wn_fail(&d, code, "%s", text);
	wn_buf_init(&out, 64 * 1024);
	wn_rpc_write_error(&out, WN_STR_NONE, &d);
	client_send(c, &out);
	if (++c->bad > BAD_MAX)
		client_close(c);
}

static void
on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	(void)h;
	(void)suggested;
	*buf = uv_buf_init(wn_realloc(NULL, 16 * 1024), 16 * 1024);
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = stream->data;

	if (n > 0 && !c->closing && wn_rpc_feed(&c->reader, buf->base, (size_t)n) != 0)
		client_close(c);
	if (n < 0)
		client_close(c);
	wn_free(buf->base);
}

/* Only the user who owns the shim, and root, may speak to it. */
static bool
is_allowed(uv_pipe_t *pipe)
{
	struct ucred peer;
	socklen_t len = sizeof peer;
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)pipe, &fd) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0)
		return false;
	return peer.uid == geteuid() || peer.uid == 0;
}

static void
on_connection(uv_stream_t *listener, int status)
{
	struct shim *s = listener->data;
	struct client *c;

	if (status < 0)
		return;
	c = WN_NEW(struct client);
	c->shim = s;
	wn_rpc_reader_init(&c->reader,
			   &(struct wn_rpc_limits){ .line = 1 << 20, .attachment = 2 << 20 });
	c->reader.on_msg = on_msg;
	c->reader.on_bad = on_bad;
	c->reader.arg = c;
	uv_pipe_init(&s->loop, &c->pipe, 0);
	c->pipe.data = c;
	c->next = s->clients;
	s->clients = c;
	s->clients_len++;
	if (uv_accept(listener, (uv_stream_t *)&c->pipe) != 0 ||
	    s->clients_len > SHIM_CLIENTS_MAX || !is_allowed(&c->pipe) ||
	    uv_read_start((uv_stream_t *)&c->pipe, on_alloc, on_read) != 0)
		client_close(c);
}

/* ---- the socket ---- */

static wn_err
check_dir(const char *dir, struct wn_diag *d)
{
	struct stat st;
	wn_err err = wn_file_mkdirs(dir, 0700, d);

	if (err)
		return err;
	if (stat(dir, &st) != 0)
		return wn_fail_errno(d, errno, "%s", dir);
	if (st.st_uid != geteuid() || (st.st_mode & 077))
		return wn_fail(d, WN_E_DENIED, "%s must be yours alone (mode 0700)", dir);
	return 0;
}

/* A socket nobody listens on any more is in the way; a living one is somebody's. */
static wn_err
clear_stale(const char *path, struct wn_diag *d)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool lives;

	if (fd < 0)
		return wn_fail_errno(d, errno, "no socket");
	memcpy(a.sun_path, path, strlen(path) + 1);
	lives = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
	close(fd);
	if (lives)
		return wn_fail(d, WN_E_EXISTS, "a shim is listening on %s already", path);
	unlink(path);
	return 0;
}

wn_err
clients_listen(struct shim *s, struct wn_diag *d)
{
	const char *path = s->spec.socket;
	char *dir = wn_strndup(path, (size_t)(wn_path_base(path) - path));
	wn_err err = check_dir(dir, d);
	int e;

	wn_free(dir);
	if (!err)
		err = clear_stale(path, d);
	if (err)
		return err;
	uv_pipe_init(&s->loop, &s->listener, 0);
	s->listener.data = s;
	e = uv_pipe_bind(&s->listener, path);
	if (!e)
		e = uv_listen((uv_stream_t *)&s->listener, 16, on_connection);
	if (e)
		return wn_fail_errno(d, -e, "cannot listen on %s", path);
	chmod(path, 0600);
	return 0;
}

void
clients_stop(struct shim *s)
{
	for (struct client *c = s->clients; c; c = c->next)
		client_close(c);
	uv_close((uv_handle_t *)&s->listener, NULL);
}
