/*
 * fork and exec: own session, controlling terminal, plain signals, no stray descriptors. What
 * goes wrong between fork and exec comes back through a pipe as an errno.
 */
#include "runtime/shim/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "runtime/base/mem.h"

extern char **environ;

/* Ends of the plumbing while the child is started. */
struct ends {
	int fd, err_fd;		  /* ours */
	int child_out, child_err; /* the child's */
	int report[2];
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
child_resize(int fd, int rows, int cols)
{
	struct winsize w = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	ioctl(fd, TIOCSWINSZ, &w);
}

static void
terminal_modes(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) != 0)
		return;
	t.c_iflag |= IUTF8; /* the line editor erases whole characters */
	t.c_cc[VERASE] = 0x7F;
	tcsetattr(fd, TCSANOW, &t);
}

static wn_err
open_pty(const struct spec *s, struct ends *e, struct wn_diag *d)
{
	char name[128];

	e->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (e->fd < 0 || grantpt(e->fd) != 0 || unlockpt(e->fd) != 0 ||
	    ptsname_r(e->fd, name, sizeof name) != 0)
		return wn_fail_errno(d, errno, "no pseudo-terminal");
	e->child_out = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (e->child_out < 0)
		return wn_fail_errno(d, errno, "cannot open %s", name);
	terminal_modes(e->child_out);
	child_resize(e->fd, s->rows, s->cols);
	return 0;
}

static wn_err
open_pipes(struct ends *e, struct wn_diag *d)
{
	int out[2], err[2];

	if (pipe2(out, O_CLOEXEC) != 0)
		return wn_fail_errno(d, errno, "no pipe");
	e->fd = out[0];
	e->child_out = out[1];
	if (pipe2(err, O_CLOEXEC) != 0)
		return wn_fail_errno(d, errno, "no pipe");
	e->err_fd = err[0];
	e->child_err = err[1];
	return 0;
}

/* ---- in the child ---- */

static void
plain_signals(void)
{
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
close_from(int first, int keep)
{
	if (keep > first)
		syscall(SYS_close_range, first, keep - 1, 0);
	if (syscall(SYS_close_range, keep + 1, ~0U, 0) == 0)
		return;
	for (int fd = first; fd < 4096; fd++)
		if (fd != keep)
			close(fd);
}

static void
set_environment(const struct spec *s)
{
	if (s->env_clear)
		clearenv();
	if (s->kind == SHIM_TERMINAL) {
		setenv("TERM", s->term, 1);
		setenv("COLORTERM", "truecolor", 1);
		setenv("TERM_PROGRAM", "WebNova", 1);
		unsetenv("LINES");
		unsetenv("COLUMNS");
	}
	for (size_t i = 0; s->env[i]; i++)
		putenv(s->env[i]);
}

static void
wire(const struct spec *s, const struct ends *e)
{
	if (s->kind == SHIM_TERMINAL) {
		ioctl(e->child_out, TIOCSCTTY, 0);
		dup2(e->child_out, 0);
		dup2(e->child_out, 1);
		dup2(e->child_out, 2);
		return;
	}
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(e->child_out, 1);
	dup2(e->child_err, 2);
}

static _Noreturn void
child_main(const struct spec *s, const struct ends *e)
{
	int failed;

	setsid();
	plain_signals();
	wire(s, e);
	close_from(3, e->report[1]);
	if (chdir(s->cwd) == 0) {
		set_environment(s);
		execvp(s->argv[0], s->argv);
	}
	failed = errno;
	if (write(e->report[1], &failed, sizeof failed) < 0)
		_exit(126);
	_exit(127);
}

/* ---- in the shim ---- */

static wn_err
wait_for_exec(struct ends *e, const struct spec *s, struct wn_diag *d)
{
	int failed = 0;
	ssize_t n;

	close_fd(&e->report[1]);
	do
		n = read(e->report[0], &failed, sizeof failed);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)sizeof failed)
		return wn_fail_errno(d, failed, "cannot run %s in %s", s->argv[0], s->cwd);
	return 0;
}

static void
non_blocking(int fd)
{
	if (fd >= 0)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static wn_err
fork_child(const struct spec *s, struct ends *e, struct child *out, struct wn_diag *d)
{
	wn_err err;

	if (pipe2(e->report, O_CLOEXEC) != 0)
		return wn_fail_errno(d, errno, "no pipe");
	out->pid = fork();
	if (out->pid < 0)
		return wn_fail_errno(d, errno, "cannot start a process");
	if (out->pid == 0)
		child_main(s, e);
	err = wait_for_exec(e, s, d);
	if (err)
		return err;
	non_blocking(e->fd);
	non_blocking(e->err_fd);
	out->fd = e->fd;
	out->err_fd = e->err_fd;
	e->fd = e->err_fd = -1;
	return 0;
}

wn_err
child_start(const struct spec *s, struct child *out, struct wn_diag *d)
{
	struct ends e = { -1, -1, -1, -1, { -1, -1 } };
	wn_err err = s->kind == SHIM_TERMINAL ? open_pty(s, &e, d) : open_pipes(&e, d);

	if (!err)
		err = fork_child(s, &e, out, d);
	close_fd(&e.fd);
	close_fd(&e.err_fd);
	close_fd(&e.child_out);
	close_fd(&e.child_err);
	close_fd(&e.report[0]);
	close_fd(&e.report[1]);
	return err;
}
