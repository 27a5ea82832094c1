/*
 * The proxy's life: its spec, its sockets, a thread for each connection, its end with the service.
 * Knows no secrets of the engine; what it reads from sockets is a stranger's.
 */
#include "runtime/shim/egress.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "runtime/base/json.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"
#include "runtime/shim/detach.h"

#define SPEC_MAX (1u << 20)
#define CONNECTIONS 128
#define BACKLOG 64
#define STACK_BYTES (256 * 1024)

struct life {
	struct egress e;
	atomic_int open;
	char *socket;
	int unix_fd, box_fd, pid_fd;
};

struct work {
	struct life *life;
	int fd;
};

static void *
serve(void *arg)
{
	struct work *w = (struct work *)arg;

	egress_serve(&w->life->e, w->fd);
	atomic_fetch_sub(&w->life->open, 1);
	wn_free(w);
	return NULL;
}

static void
take(struct life *l, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	struct work *w;
	pthread_attr_t attr;
	pthread_t t;

	if (fd < 0)
		return;
	if (atomic_fetch_add(&l->open, 1) >= CONNECTIONS) {
		atomic_fetch_sub(&l->open, 1);
		close(fd);
		return;
	}
	w = WN_NEW(struct work);
	*w = (struct work){ l, fd };
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	if (pthread_create(&t, &attr, serve, w) != 0) {
		atomic_fetch_sub(&l->open, 1);
		close(fd);
		wn_free(w);
	}
	pthread_attr_destroy(&attr);
}

static wn_err
listen_unix(struct life *l, struct wn_diag *d)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (strlen(l->socket) >= sizeof a.sun_path)
		return wn_fail(d, WN_E_INVALID, "%s is too long for a socket", l->socket);
	memcpy(a.sun_path, l->socket, strlen(l->socket) + 1);
	(void)unlink(l->socket);
	l->unix_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (l->unix_fd < 0 || bind(l->unix_fd, (const struct sockaddr *)&a, sizeof a) != 0 ||
	    listen(l->unix_fd, BACKLOG) != 0)
		return wn_fail_errno(d, errno, "listen on %s", l->socket);
	return WN_OK;
}

/* Ends with the process it is for. */
static void
loop(struct life *l)
{
	struct pollfd p[3] = { { l->pid_fd, POLLIN, 0 },
			       { l->unix_fd, POLLIN, 0 },
			       { l->box_fd, POLLIN, 0 } };

	for (;;) {
		if (poll(p, 3, -1) < 0 && errno != EINTR)
			return;
		if (p[0].revents)
			return;
		if (p[1].revents)
			take(l, l->unix_fd);
		if (p[2].revents)
			take(l, l->box_fd);
	}
}

static wn_err
read_spec(struct life *l, struct wn_diag *d)
{
	struct wn_json *j = NULL;
	struct wn_buf text;
	ssize_t n = 1;
	wn_err err;

	wn_buf_init(&text, SPEC_MAX);
	while (n > 0) {
		char *room = wn_buf_reserve(&text, 4096);

		n = room ? read(0, room, 4096) : 0;
		if (n > 0)
			wn_buf_commit(&text, (size_t)n);
	}
	err = wn_json_parse(wn_buf_view(&text), NULL, &j, d);
	wn_buf_fini(&text);
	if (err)
		return err;
	l->socket = wn_strdup(wn_json_get_str(j, "socket", ""));
	l->e.full = strcmp(wn_json_get_str(j, "mode", "list"), "full") == 0;
	l->e.log = egress_log_new(wn_json_get_str(j, "log", ""), wn_json_get_str(j, "stats", ""));
	err = egress_rules_parse(&l->e.allow, wn_json_get_str(j, "allow", ""), d);
	if (!err)
		err = egress_rules_parse(&l->e.within, wn_json_get_str(j, "private", ""), d);
	if (!err) {
		pid_t pid = (pid_t)wn_json_get_num(j, "pid", 0);

		l->pid_fd = pid > 1 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
		if (l->pid_fd < 0)
			err = wn_fail(d, WN_E_NOT_FOUND, "there is no process %d", (int)pid);
		else
			l->box_fd = egress_box_listen(pid, EGRESS_PORT);
	}
	wn_json_free(j);
	return err;
}

/* One line for whoever started it; then nobody reads here any more. */
static void
report(const struct life *l, const struct wn_diag *d)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct wn_buf b;
	struct wn_jw w;

	wn_buf_init(&b, 65536);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	if (d->code)
		wn_jw_kstr(&w, "error", d->text);
	else
		wn_jw_kint(&w, "port", l->box_fd >= 0 ? EGRESS_PORT : 0);
	wn_jw_object_end(&w);
	(void)wn_buf_chr(&b, '\n');
	(void)!write(1, b.p, b.len);
	wn_buf_fini(&b);
	for (int fd = 0; fd < 3 && null >= 0; fd++)
		(void)dup2(null, fd);
}

int
wn_egress_main(int argc, char **argv)
{
	struct life l = { .unix_fd = -1, .box_fd = -1, .pid_fd = -1 };
	struct wn_diag d = { 0 };
	wn_err err;

	if (argc > 1 && strcmp(argv[argc - 1], "--detach") == 0) {
		int status = shim_detach();

		if (status >= 0)
			return status;
		(void)setsid();
	}
	(void)signal(SIGPIPE, SIG_IGN);
	err = read_spec(&l, &d);
	if (!err)
		err = listen_unix(&l, &d);
	report(&l, &d);
	if (!err) {
		loop(&l);
		(void)unlink(l.socket);
	}
	/* Threads may still use the rest; the process ends here. */
	_exit(err ? 1 : 0);
}
