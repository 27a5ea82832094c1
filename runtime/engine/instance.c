/*
 * Implements the single instance and the bridge.
 */
#include "runtime/engine/instance.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/kernel/private_dir.h"

extern char **environ;

wn_err
instance_lock(const struct options *o, int *fd_out, struct wn_diag *d)
{
	wn_err err = wn_private_dir(o->run_dir, d);
	int fd;

	if (err != WN_OK)
		return err;
	fd = open(o->lock_path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return wn_fail_errno(d, errno, "cannot open the lock %s", o->lock_path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		err = errno == EWOULDBLOCK
			      ? wn_fail(d, WN_E_BUSY, "an engine runs already at %s", o->socket)
			      : wn_fail_errno(d, errno, "cannot lock %s", o->lock_path);
		close(fd);
		return err;
	}
	*fd_out = fd;
	return WN_OK;
}

/* ---- the background ---- */

static int
await_report(int fd)
{
	char text[1024];
	size_t used = 0;
	ssize_t n;

	while (used < sizeof(text) - 1) {
		n = read(fd, text + used, sizeof(text) - 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		used += (size_t)n;
	}
	close(fd);
	text[used] = '\0';
	if (used == 0) {
		(void)fprintf(stderr,
			      "webnovad: the engine ended before it was ready; see its log\n");
		return 1;
	}
	if (text[0] == '+')
		return 0;
	(void)fprintf(stderr, "webnovad: %s\n", text + 1);
	return 1;
}

static void
leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setsid();
	(void)chdir("/");
	if (null >= 0) {
		(void)dup2(null, 0);
		(void)dup2(null, 1);
		(void)dup2(null, 2);
		close(null);
	}
}

wn_err
instance_background(int *status_out, int *report_out, struct wn_diag *d)
{
	int p[2];
	pid_t pid;

	*status_out = *report_out = -1;
	if (pipe2(p, O_CLOEXEC) != 0)
		return wn_fail_errno(d, errno, "cannot make a pipe");
	pid = fork();
	if (pid < 0)
		return wn_fail_errno(d, errno, "cannot go to the background");
	if (pid > 0) {
		close(p[1]);
		*status_out = await_report(p[0]);
		return WN_OK;
	}
	close(p[0]);
	leave_terminal();
	*report_out = p[1];
	return WN_OK;
}

void
instance_report(int fd, const char *text)
{
	char line[1024];
	int n;

	if (fd < 0)
		return;
	n = snprintf(line, sizeof(line), "%c%s", text != NULL ? '-' : '+',
		     text != NULL ? text : "");
	if (n > 0)
		(void)!write(fd, line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1);
	close(fd);
}

/* ---- reaching an engine ---- */

wn_err
instance_connect(const struct options *o, int *fd_out, struct wn_diag *d)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(o->socket) >= sizeof(addr.sun_path))
		return wn_fail(d, WN_E_INVALID, "the socket path is too long: %s", o->socket);
	memcpy(addr.sun_path, o->socket, strlen(o->socket) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return wn_fail_errno(d, errno, "cannot make a socket");
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0) {
		close(fd);
		return wn_fail(d, WN_E_UNAVAILABLE, "no engine answers at %s", o->socket);
	}
	*fd_out = fd;
	return WN_OK;
}

/* Runs this program once more, without --stdio; it returns when the engine is ready. */
static wn_err
start_engine(const struct options *o, struct wn_diag *d)
{
	const char *argv[9] = { o->self, "--socket", o->socket, "--state-dir", o->state_dir };
	posix_spawn_file_actions_t fa;
	pid_t pid;
	int rc, status = 0;

	if (o->config_path != NULL) {
		argv[5] = "--config";
		argv[6] = o->config_path;
	}
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&fa, 2, 1); /* standard output belongs to the protocol */
	rc = posix_spawn(&pid, o->self, &fa, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	if (rc != 0)
		return wn_fail_errno(d, rc, "cannot start %s", o->self);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return wn_fail(d, WN_E_UNAVAILABLE, "the engine did not start");
	return WN_OK;
}

static wn_err
connect_or_start(const struct options *o, int *fd_out, struct wn_diag *d)
{
	struct wn_diag first = { 0 };
	wn_err err = instance_connect(o, fd_out, &first);

	if (err != WN_E_UNAVAILABLE) {
		*d = first;
		return err;
	}
	err = start_engine(o, d);
	/* Another starter may hold the lock and be about to listen. */
	for (int i = 0; err == WN_OK && i < 100; i++) {
		wn_diag_clear(&first);
		if (instance_connect(o, fd_out, &first) == WN_OK)
			return WN_OK;
		(void)poll(NULL, 0, 50);
	}
	return err != WN_OK ? err : wn_fail(d, first.code, "%s", first.text);
}

/* ---- the bridge ---- */

/* One direction: bytes read but not yet written. */
struct pump {
	int from, to;
	char buf[65536];
	size_t at, len;
	bool eof;
};

static bool
write_some(struct pump *p)
{
	ssize_t n;

	if (p->len == p->at)
		return true;
	n = write(p->to, p->buf + p->at, p->len - p->at);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	p->at += (size_t)n;
	if (p->at == p->len)
		p->at = p->len = 0;
	return true;
}

static bool
read_some(struct pump *p)
{
	ssize_t n = read(p->from, p->buf, sizeof(p->buf));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	p->eof = n == 0;
	p->at = 0;
	p->len = (size_t)n;
	return true;
}

/* True when there is nothing more to do in this direction. */
static bool
step(struct pump *p, short can_read, short can_write, bool *broken)
{
	if (p->len > p->at && can_write != 0)
		*broken = *broken || !write_some(p);
	else if (p->len == p->at && can_read != 0 && !p->eof)
		*broken = *broken || !read_some(p);
	return p->eof && p->len == p->at;
}

static void
bridge(int sock)
{
	static struct pump up, down; /* too large for the stack; the process does nothing else */
	bool broken = false, shut = false;

	up.from = 0;
	up.to = down.from = sock;
	down.to = 1;
	while (!broken) {
		struct pollfd p[4] = {
			{ up.len == up.at && !up.eof ? 0 : -1, POLLIN, 0 },
			{ up.len > up.at ? sock : -1, POLLOUT, 0 },
			{ down.len == down.at ? sock : -1, POLLIN, 0 },
			{ down.len > down.at ? 1 : -1, POLLOUT, 0 },
		};

		if (poll(p, 4, -1) < 0 && errno != EINTR)
			return;
		if (step(&up, p[0].revents, p[1].revents, &broken) && !shut) {
			shut = true;
			(void)shutdown(sock, SHUT_WR); /* what was asked is still answered */
		}
		if (step(&down, p[2].revents, p[3].revents, &broken))
			return;
	}
}

int
instance_stdio(const struct options *o)
{
	struct wn_diag d = { 0 };
	int sock = -1;

	if (connect_or_start(o, &sock, &d) != WN_OK) {
		(void)fprintf(stderr, "webnovad: %s\n", d.text);
		return 1;
	}
	bridge(sock);
	close(sock);
	return 0;
}
