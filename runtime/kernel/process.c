/*
 * Implements exec with posix_spawn, a pidfd and poll. No signal handlers, no waiting in the loop
 * thread.
 */
#include "runtime/kernel/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

enum { OUTPUT_MAX = 1 << 20, LINE_MAX_BYTES = 64 << 10, TICK_MS = 50, GRACE_MS = 2000 };
enum { DRAIN_MS = 100 };

extern char **environ;

/* One of the child's output streams. */
struct tap {
	int fd; /* -1: ended */
	bool is_stderr, dropped;
	struct wn_buf kept;
	struct wn_buf line; /* unfinished line for on_line */
};

struct child {
	struct wn_ctx *ctx;
	struct wn_keeper *keeper;
	const struct wn_exec *e;
	pid_t pid;
	int pidfd; /* -1: the kernel has none */
	int in;	   /* its stdin; -1: closed */
	size_t in_done;
	struct tap out, err;
	int wake_fd;
	int64_t end_ns;	 /* deadline; 0: none */
	int64_t kill_ns; /* TERM was sent: KILL is due then; 0: not sent */
	wn_err stop;	 /* why it is being ended */
	bool exited;
	int64_t drain_ns; /* after the exit output is read until then */
};

static int64_t
mono_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- the environment ---- */

/* Keys and passwords of the engine are not for the programs it runs. */
static bool
is_secret(const char *var)
{
	static const char *const marks[] = { "SECRET",	    "TOKEN",	  "PASSWORD",
					     "PASSWD",	    "API_KEY",	  "APIKEY",
					     "PRIVATE_KEY", "ACCESS_KEY", "CREDENTIAL" };
	struct wn_str name = wn_str(var);
	ptrdiff_t eq = wn_str_chr(name, '=');

	if (eq >= 0)
		name.len = (size_t)eq;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (wn_str_find(name, wn_str(marks[i])) >= 0)
			return true;
	}
	return wn_str_has_suffix(name, WN_STR("_KEY"));
}

static char **
clean_environ(struct wn_arena *a)
{
	size_t n = 0, k = 0;
	char **env;

	while (environ[n] != NULL)
		n++;
	env = wn_arena_array(a, n + 1, sizeof(*env));
	for (size_t i = 0; i < n; i++) {
		if (!is_secret(environ[i]))
			env[k++] = environ[i];
	}
	return env;
}

/* ---- starting ---- */

struct pipes {
	int in[2], out[2], err[2];
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
close_pipes(struct pipes *p)
{
	for (int i = 0; i < 2; i++) {
		close_fd(&p->in[i]);
		close_fd(&p->out[i]);
		close_fd(&p->err[i]);
	}
}

static wn_err
open_pipes(struct wn_ctx *ctx, const struct wn_exec *e, struct pipes *p)
{
	int rc = 0;

	*p = (struct pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 } };
	if (e->input.len > 0)
		rc = pipe2(p->in, O_CLOEXEC);
	else
		p->in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (rc == 0)
		rc = pipe2(p->out, O_CLOEXEC);
	if (rc == 0)
		rc = pipe2(p->err, O_CLOEXEC);
	if (rc == 0 && p->in[0] >= 0)
		return WN_OK;
	rc = errno;
	close_pipes(p);
	return wn_fail_errno(&ctx->diag, rc, "cannot make pipes for %s", e->argv[0]);
}

static int
spawn(const char *path, const struct wn_exec *e, const struct pipes *p, char **env, pid_t *pid_out)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&at);
	posix_spawn_file_actions_adddup2(&fa, p->in[0], 0);
	posix_spawn_file_actions_adddup2(&fa, p->out[1], 1);
	posix_spawn_file_actions_adddup2(&fa, p->err[1], 2);
	posix_spawn_file_actions_addclosefrom_np(&fa, 3);
	if (e->cwd != NULL)
		posix_spawn_file_actions_addchdir_np(&fa, e->cwd);
	posix_spawnattr_setflags(&at, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
					      POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&at, 0);
	posix_spawnattr_setsigmask(&at, &none);
	posix_spawnattr_setsigdefault(&at, &all);
	rc = posix_spawn(pid_out, path, &fa, &at, (char *const *)e->argv, env);
	posix_spawnattr_destroy(&at);
	posix_spawn_file_actions_destroy(&fa);
	return rc;
}

static void
nonblock(int fd)
{
	if (fd >= 0)
		(void)fcntl(fd, F_SETFL, O_NONBLOCK);
}

static void
adopt(struct child *c, struct pipes *p)
{
	c->in = c->e->input.len > 0 ? p->in[1] : -1;
	c->out.fd = p->out[0];
	c->err.fd = p->err[0];
	if (c->e->input.len > 0)
		p->in[1] = -1;
	p->out[0] = p->err[0] = -1;
	close_pipes(p);
	nonblock(c->in);
	nonblock(c->out.fd);
	nonblock(c->err.fd);
	c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
}

static wn_err
start(struct child *c)
{
	const struct wn_exec *e = c->e;
	struct pipes p;
	char *path = wn_path_which(e->argv[0]);
	char *const *env = e->env != NULL ? (char *const *)e->env : clean_environ(c->ctx->arena);
	wn_err err;
	int rc;

	if (path == NULL)
		return WN_FAIL(c->ctx, WN_E_TOOL, "the program %s is not installed", e->argv[0]);
	err = open_pipes(c->ctx, e, &p);
	if (err == WN_OK) {
		rc = spawn(path, e, &p, (char **)env, &c->pid);
		if (rc == ENOENT && e->cwd != NULL)
			err = wn_fail_errno(&c->ctx->diag, rc, "cannot start %s in %s", path,
					    e->cwd);
		else if (rc != 0)
			err = wn_fail_errno(&c->ctx->diag, rc, "cannot start %s", path);
		if (rc != 0) {
			close_pipes(&p);
		} else {
			wn_keeper_add(c->keeper, c->pid);
			adopt(c, &p);
		}
	}
	wn_free(path);
	return err;
}

/* ---- output ---- */

static void
line_out(struct child *c, struct tap *t)
{
	if (t->line.len > 0)
		c->e->on_line(c->e->arg, t->is_stderr, wn_buf_view(&t->line));
	wn_buf_clear(&t->line);
}

/* Lines without their line end; one longer than the maximum comes in pieces. */
static void
lines(struct child *c, struct tap *t, const char *p, size_t n)
{
	while (n > 0) {
		const char *nl = memchr(p, '\n', n);
		size_t take = nl != NULL ? (size_t)(nl - p) : n;
		size_t room = LINE_MAX_BYTES - t->line.len;

		if (take > room) {
			(void)wn_buf_add(&t->line, p, room);
			line_out(c, t);
			p += room;
			n -= room;
			continue;
		}
		(void)wn_buf_add(&t->line, p, take);
		p += take;
		n -= take;
		if (nl != NULL) {
			if (t->line.len > 0)
				line_out(c, t);
			else
				c->e->on_line(c->e->arg, t->is_stderr, WN_STR(""));
			p++;
			n--;
		}
	}
}

static void
tap_read(struct child *c, struct tap *t)
{
	char buf[16384];
	ssize_t n;

	while (t->fd >= 0) {
		size_t room = t->kept.max - t->kept.len;

		n = read(t->fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			close_fd(&t->fd);
			return;
		}
		(void)wn_buf_add(&t->kept, buf, (size_t)n < room ? (size_t)n : room);
		t->dropped = t->dropped || (size_t)n > room;
		if (c->e->on_line != NULL)
			lines(c, t, buf, (size_t)n);
		if ((size_t)n < sizeof(buf))
			return;
	}
}

static void
in_write(struct child *c)
{
	struct wn_str in = c->e->input;

	while (c->in >= 0) {
		ssize_t n = c->in_done < in.len
				    ? write(c->in, in.p + c->in_done, in.len - c->in_done)
				    : 0;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0)
			close_fd(&c->in); /* all given, or the child does not want it */
		else
			c->in_done += (size_t)n;
	}
}

/* ---- the end ---- */

static void
check_stop(struct child *c)
{
	int64_t now = mono_ns();

	if (c->stop == WN_OK && wn_cancelled(c->ctx))
		c->stop = WN_E_CANCELLED;
	else if (c->stop == WN_OK && c->end_ns != 0 && now >= c->end_ns)
		c->stop = WN_E_DEADLINE;
	if (c->stop == WN_OK || c->exited)
		return;
	if (c->kill_ns == 0) {
		(void)kill(-c->pid, SIGTERM);
		c->kill_ns = now + (int64_t)GRACE_MS * 1000000;
	} else if (now >= c->kill_ns) {
		(void)kill(-c->pid, SIGKILL);
	}
}

static void
check_exit(struct child *c)
{
	siginfo_t info = { 0 };

	if (c->exited)
		return;
	/* Not reaped yet: while it is a zombie its group id cannot be given to others. */
	if (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
	    info.si_pid == 0)
		return;
	c->exited = true;
	c->drain_ns = mono_ns() + (int64_t)DRAIN_MS * 1000000;
	(void)kill(-c->pid, SIGKILL);
}

static int
wait_ms(const struct child *c)
{
	int64_t now = mono_ns(), until = 0, ms;

	if (c->exited)
		until = c->drain_ns;
	else if (c->kill_ns != 0)
		until = c->kill_ns;
	else
		until = c->end_ns;
	ms = until == 0 ? -1 : until > now ? (until - now + 999999) / 1000000 : 0;
	if ((c->pidfd < 0 || c->wake_fd < 0) && (ms < 0 || ms > TICK_MS))
		ms = TICK_MS;
	return (int)(ms > 3600000 ? 3600000 : ms);
}

static bool
over(const struct child *c)
{
	if (!c->exited)
		return false;
	return (c->out.fd < 0 && c->err.fd < 0) || mono_ns() >= c->drain_ns;
}

static void
serve(struct child *c)
{
	while (!over(c)) {
		struct pollfd p[5] = { { c->out.fd, POLLIN, 0 },
				       { c->err.fd, POLLIN, 0 },
				       { c->in, POLLOUT, 0 },
				       { c->exited ? -1 : c->pidfd, POLLIN, 0 },
				       { c->stop != WN_OK ? -1 : c->wake_fd, POLLIN, 0 } };

		(void)poll(p, 5, wait_ms(c));
		tap_read(c, &c->out);
		tap_read(c, &c->err);
		in_write(c);
		check_exit(c);
		check_stop(c);
	}
}

static void
tap_init(struct tap *t, bool is_stderr, size_t max)
{
	t->fd = -1;
	t->is_stderr = is_stderr;
	wn_buf_init(&t->kept, max > 0 ? max : OUTPUT_MAX);
	wn_buf_init(&t->line, LINE_MAX_BYTES + 1);
}

static void
tap_fini(struct child *c, struct tap *t)
{
	if (c->e->on_line != NULL)
		line_out(c, t);
	close_fd(&t->fd);
	wn_buf_fini(&t->kept);
	wn_buf_fini(&t->line);
}

static wn_err
finish(struct child *c, struct wn_exec_result *out)
{
	int status = 0;

	wn_keeper_remove(c->keeper, c->pid);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	out->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	out->out = wn_arena_str(c->ctx->arena, wn_buf_view(&c->out.kept));
	out->err = wn_arena_str(c->ctx->arena, wn_buf_view(&c->err.kept));
	out->truncated = c->out.dropped || c->err.dropped;
	if (c->stop == WN_E_CANCELLED)
		return WN_FAIL(c->ctx, WN_E_CANCELLED, "%s was cancelled", c->e->argv[0]);
	if (c->stop == WN_E_DEADLINE)
		return WN_FAIL(c->ctx, WN_E_DEADLINE, "%s took longer than it may", c->e->argv[0]);
	return WN_OK;
}

wn_err
wn_process_exec(struct wn_ctx *ctx, struct wn_keeper *keeper, int wake_fd, const struct wn_exec *e,
		struct wn_exec_result *out)
{
	struct child c = {
		.ctx = ctx, .keeper = keeper, .e = e, .in = -1, .pidfd = -1, .wake_fd = wake_fd
	};
	wn_err err;

	*out = (struct wn_exec_result){ 0 };
	if (e->argv == NULL || e->argv[0] == NULL)
		return WN_FAIL(ctx, WN_E_INVALID, "no program was named");
	if (wn_cancelled(ctx))
		return WN_FAIL(ctx, WN_E_CANCELLED, "%s was cancelled", e->argv[0]);
	c.end_ns = ctx->deadline_ns;
	if (e->timeout_ms > 0) {
		int64_t t = mono_ns() + e->timeout_ms * 1000000;

		if (c.end_ns == 0 || t < c.end_ns)
			c.end_ns = t;
	}
	tap_init(&c.out, false, e->output_max);
	tap_init(&c.err, true, e->output_max);
	err = start(&c);
	if (err == WN_OK) {
		serve(&c);
		err = finish(&c, out);
	}
	close_fd(&c.in);
	close_fd(&c.pidfd);
	tap_fini(&c, &c.out);
	tap_fini(&c, &c.err);
	return err;
}
