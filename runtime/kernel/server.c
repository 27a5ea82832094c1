/*
 * Implements the listening side of the server: the socket's directory, accepting, checking who it
 * is.
 */
#include "runtime/kernel/server.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "runtime/base/mem.h"
#include "runtime/kernel/conn.h"
#include "runtime/kernel/private_dir.h"
#include "runtime/kernel/record.h"

enum { ACCEPTS_A_TURN = 16, ACCEPT_RETRY_MS = 200 };

static void reap(void *arg);

static void
add_methods(struct wn_server *s)
{
	for (size_t i = 0; i < wn_registry_count(s->k->registry); i++) {
		struct wn_mod *m = wn_registry_at(s->k->registry, i);
		const struct wn_method *x = m->desc->methods;

		for (; x != NULL && x->name != NULL; x++) {
			struct method_entry *e = WN_NEW(struct method_entry);

			e->method = x;
			e->mod = m;
			wn_free(wn_map_set(&s->methods, wn_str(x->name), e));
		}
	}
}

struct wn_server *
wn_server_new(struct wn_kernel *k, const struct wn_server_limits *limits)
{
	struct wn_server *s = WN_NEW(struct wn_server);

	s->k = k;
	s->limits = *limits;
	s->fd = -1;
	s->reap.fn = reap;
	s->reap.arg = s;
	wn_map_init(&s->methods);
	add_methods(s);
	return s;
}

const struct wn_server_limits *
wn_server_limits(const struct wn_server *s)
{
	return &s->limits;
}

size_t
wn_server_connections(const struct wn_server *s)
{
	return s->n_conns;
}

size_t
wn_server_calls(const struct wn_server *s)
{
	return s->n_calls - s->n_spare;
}

/* ---- the socket ---- */

static wn_err
bind_socket(int fd, const char *path, struct wn_diag *d)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(addr.sun_path))
		return wn_fail(d, WN_E_INVALID, "the socket path is longer than %zu bytes: %s",
			       sizeof(addr.sun_path) - 1, path);
	memcpy(addr.sun_path, path, strlen(path) + 1);
	(void)unlink(path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0)
		return wn_fail_errno(d, errno, "cannot bind %s", path);
	if (chmod(path, 0600) != 0 || listen(fd, 128) != 0)
		return wn_fail_errno(d, errno, "cannot listen on %s", path);
	return WN_OK;
}

/* Who is at the other end; only the engine's own user and root may be. */
static bool
peer_of(int fd, struct ucred *peer)
{
	socklen_t len = sizeof(*peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, peer, &len) != 0)
		return false;
	return peer->uid == geteuid() || peer->uid == 0;
}

static void on_accept(void *arg, int events);

static void
on_accept_retry(void *arg)
{
	struct wn_server *s = arg;

	s->accept_retry = NULL;
	if (s->watch != NULL)
		wn_watch_set(s->watch, WN_IO_READ);
}

/* Out of descriptors: wait a little instead of spinning on a socket that stays ready. */
static void
accept_pause(struct wn_server *s)
{
	wn_watch_set(s->watch, 0);
	wn_loop_timer_stop(s->k->loop, s->accept_retry);
	s->accept_retry = wn_loop_timer(s->k->loop, ACCEPT_RETRY_MS, 0, on_accept_retry, s);
}

static void
refuse(struct wn_server *s, int fd, wn_err code, const char *text)
{
	struct wn_diag d = { 0 };
	struct wn_buf b;

	(void)wn_fail(&d, code, "%s", text);
	wn_buf_init(&b, 4096);
	if (wn_rpc_write_error(&b, WN_STR_NONE, &d) == WN_OK)
		(void)send(fd, b.p, b.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	wn_record_out(s->k->recorder, 0, wn_buf_view(&b));
	wn_buf_fini(&b);
	close(fd);
}

static void
accept_one(struct wn_server *s, int fd)
{
	struct ucred peer = { 0 };
	char actor[32];

	if (!peer_of(fd, &peer)) {
		wn_log(s->k->opts.log, WN_LOG_WARN, "rpc",
		       "a connection of another user was refused", WN_I("uid", peer.uid),
		       WN_I("pid", peer.pid));
		refuse(s, fd, WN_E_DENIED, "this engine belongs to another user");
		return;
	}
	if (s->n_conns >= s->limits.connections) {
		wn_log(s->k->opts.log, WN_LOG_WARN, "rpc", "too many connections, one was refused",
		       WN_I("limit", s->limits.connections));
		refuse(s, fd, WN_E_LIMIT, "too many connections (engine.rpc.connections)");
		return;
	}
	(void)snprintf(actor, sizeof(actor), "user:%u", (unsigned)peer.uid);
	if (wn_server_adopt(s, fd, actor) != WN_OK)
		wn_log(s->k->opts.log, WN_LOG_WARN, "rpc", "a connection could not be watched");
}

static void
on_accept(void *arg, int events)
{
	struct wn_server *s = arg;

	(void)events;
	for (int i = 0; i < ACCEPTS_A_TURN; i++) {
		int fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			accept_one(s, fd);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
			accept_pause(s);
		if (errno != EINTR && errno != ECONNABORTED)
			return;
	}
}

wn_err
wn_server_listen(struct wn_server *s, const char *path, struct wn_diag *d)
{
	wn_err err = wn_private_dir_of(path, d);
	int fd;

	assert(s->fd < 0);
	if (err != WN_OK)
		return err;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return wn_fail_errno(d, errno, "cannot make a socket");
	err = bind_socket(fd, path, d);
	if (err != WN_OK) {
		close(fd);
		return err;
	}
	s->fd = fd;
	s->path = wn_strdup(path);
	s->watch = wn_loop_watch(s->k->loop, fd, WN_IO_READ, on_accept, s);
	return WN_OK;
}

/* ---- ending ---- */

void
wn_server_close(struct wn_server *s)
{
	if (s->fd < 0)
		return;
	wn_watch_stop(s->watch);
	s->watch = NULL;
	wn_loop_timer_stop(s->k->loop, s->accept_retry);
	s->accept_retry = NULL;
	close(s->fd);
	s->fd = -1;
	(void)unlink(s->path);
	wn_free(s->path);
	s->path = NULL;
}

void
wn_server_drop_all(struct wn_server *s)
{
	while (s->conns != NULL) {
		struct wn_conn *c = s->conns;

		if (c->out.len > c->sent)
			(void)send(c->fd, c->out.p + c->sent, c->out.len - c->sent,
				   MSG_NOSIGNAL | MSG_DONTWAIT);
		wn_conn_close(c, "the engine stops");
	}
}

static void
reap(void *arg)
{
	struct wn_server *s = arg;
	struct wn_conn *c;

	while ((c = s->grave) != NULL) {
		s->grave = c->next;
		wn_rpc_reader_fini(&c->reader);
		wn_buf_fini(&c->out);
		wn_free(c->client);
		wn_free(c);
	}
}

void
wn_server_free(struct wn_server *s)
{
	if (s == NULL)
		return;
	assert(s->conns == NULL && s->fd < 0);
	wn_loop_hook_drop(s->k->loop, &s->reap);
	reap(s);
	assert(s->n_calls == s->n_spare && "a call is still open");
	wn_call_free_list(s->spare);
	wn_map_fini(&s->methods, wn_free);
	wn_free(s);
}
