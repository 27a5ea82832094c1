/*
 * One request to a local process, waited for with poll in a job thread.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/jsonrpc.h"
#include "runtime/kernel/link.h"
#include "runtime/kernel/link_priv.h"

enum { MESSAGE_MAX = 16 << 20, ATTACHMENT_MAX = 64 << 20, TICK_MS = 50 };

wn_err
wn_link_connect(const char *path, int *fd_out, struct wn_diag *d)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(addr.sun_path))
		return wn_fail(d, WN_E_INVALID, "the socket path is too long: %s", path);
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return wn_fail_errno(d, errno, "cannot make a socket");
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0) {
		int e = errno;

		close(fd);
		if (e == ENOENT || e == ECONNREFUSED || e == EAGAIN)
			return wn_fail(d, WN_E_UNAVAILABLE, "nobody answers at %s", path);
		return wn_fail_errno(d, e, "cannot connect to %s", path);
	}
	*fd_out = fd;
	return WN_OK;
}

struct ask {
	struct wn_ctx *ctx;
	int fd, wake_fd;
	struct wn_buf out;
	size_t sent;
	bool answered;
	wn_err err;
	struct wn_str result, attachment;
};

static wn_err
on_msg(void *arg, const struct wn_rpc_msg *msg, struct wn_str attachment)
{
	struct ask *a = arg;

	if (msg->kind == WN_RPC_REQUEST || msg->kind == WN_RPC_NOTIFY)
		return WN_OK;
	a->answered = true;
	if (msg->kind == WN_RPC_ERROR) {
		wn_rpc_error_to_diag(msg, &a->ctx->diag);
		a->err = a->ctx->diag.code;
		return WN_OK;
	}
	a->result = wn_arena_str(a->ctx->arena, msg->result);
	a->attachment = wn_arena_str(a->ctx->arena, attachment);
	return WN_OK;
}

static void
on_bad(void *arg, wn_err code, const char *text)
{
	struct ask *a = arg;

	a->answered = true;
	a->err = WN_FAIL(a->ctx, code, "the answer could not be read: %s", text);
}

static wn_err
push(struct ask *a)
{
	while (a->sent < a->out.len) {
		ssize_t n = send(a->fd, a->out.p + a->sent, a->out.len - a->sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return WN_OK;
		if (n < 0)
			return WN_FAIL(a->ctx, WN_E_CLOSED, "the other side closed the connection");
		a->sent += (size_t)n;
	}
	return WN_OK;
}

static wn_err
pull(struct ask *a, struct wn_rpc_reader *r)
{
	char buf[32768];
	ssize_t n = recv(a->fd, buf, sizeof(buf), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return WN_OK;
	if (n <= 0)
		return WN_FAIL(a->ctx, WN_E_CLOSED, "the other side closed the connection");
	return wn_rpc_feed(r, buf, (size_t)n);
}

static wn_err
stopped(const struct ask *a)
{
	struct timespec t;

	if (wn_cancelled(a->ctx))
		return WN_FAIL(a->ctx, WN_E_CANCELLED, "cancelled while waiting for an answer");
	clock_gettime(CLOCK_MONOTONIC, &t);
	if (a->ctx->deadline_ns != 0 &&
	    (int64_t)t.tv_sec * 1000000000 + t.tv_nsec >= a->ctx->deadline_ns)
		return WN_FAIL(a->ctx, WN_E_DEADLINE, "no answer came in time");
	return WN_OK;
}

static wn_err
exchange(struct ask *a, struct wn_rpc_reader *r)
{
	wn_err err = WN_OK;

	while (err == WN_OK && !a->answered) {
		struct pollfd p[2] = {
			{ a->fd, (short)(POLLIN | (a->sent < a->out.len ? POLLOUT : 0)), 0 },
			{ a->wake_fd, POLLIN, 0 }
		};
		bool tick = a->wake_fd < 0 || a->ctx->deadline_ns != 0;

		(void)poll(p, 2, tick ? TICK_MS : -1);
		err = stopped(a);
		if (err == WN_OK)
			err = push(a);
		if (err == WN_OK && p[0].revents != 0)
			err = pull(a, r);
	}
	return err != WN_OK ? err : a->err;
}

wn_err
wn_link_ask(struct wn_ctx *ctx, int wake_fd, const char *path, const char *method,
	    struct wn_str params, struct wn_str attachment, struct wn_str *result_out,
	    struct wn_str *attachment_out)
{
	struct wn_rpc_limits limits = { .line = MESSAGE_MAX, .attachment = ATTACHMENT_MAX };
	struct ask a = { .ctx = ctx, .fd = -1, .wake_fd = wake_fd };
	struct wn_rpc_reader r;
	wn_err err = wn_link_connect(path, &a.fd, &ctx->diag);

	if (err != WN_OK)
		return err;
	wn_buf_init(&a.out, MESSAGE_MAX + ATTACHMENT_MAX);
	wn_rpc_reader_init(&r, &limits);
	r.on_msg = on_msg;
	r.on_bad = on_bad;
	r.arg = &a;
	(void)wn_rpc_write_request(&a.out, WN_STR("1"), method, params, attachment.len);
	if (attachment.len > 0)
		(void)wn_buf_str(&a.out, attachment);
	err = a.out.err;
	if (err == WN_OK)
		err = exchange(&a, &r);
	if (err == WN_OK && result_out != NULL)
		*result_out = a.result;
	if (err == WN_OK && attachment_out != NULL)
		*attachment_out = a.attachment;
	wn_rpc_reader_fini(&r);
	wn_buf_fini(&a.out);
	close(a.fd);
	return err;
}
