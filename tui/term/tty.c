/*
 * termios, size, and the guard against leaving a broken terminal behind.
 */
#include "tui/term/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define GUARD_MAX 512
#define LAST_WORDS_S 5

/* A signal handler can reach nothing else: this is the one writable static of tui/term. */
static struct {
	struct termios saved;
	volatile sig_atomic_t have, fd;
	size_t len;
	char leave[GUARD_MAX];
	void (*last)(void *);
	void *last_arg;
} guard = { .fd = -1 };

static const int fatal[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };

wn_err
tui_tty_raw(int fd, struct wn_diag *d)
{
	struct termios t;

	if (tcgetattr(fd, &t) != 0)
		return wn_fail_errno(d, errno, "the terminal's mode cannot be read");
	if (!guard.have) {
		guard.saved = t;
		guard.have = 1;
	}
	t.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INPCK | ISTRIP | IXON | INLCR | IGNCR);
	t.c_oflag &= ~(tcflag_t)OPOST;
	t.c_cflag |= CS8;
	t.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSADRAIN, &t) != 0)
		return wn_fail_errno(d, errno, "the terminal's mode cannot be set");
	return 0;
}

void
tui_tty_restore(int fd)
{
	if (guard.have)
		(void)tcsetattr(fd, TCSADRAIN, &guard.saved);
	guard.have = 0;
}

bool
tui_tty_erase_is_bs(void)
{
	return guard.have && guard.saved.c_cc[VERASE] == 8;
}

bool
tui_tty_size(int fd, int *rows, int *cols)
{
	struct winsize ws;

	if (ioctl(fd, TIOCGWINSZ, &ws) != 0 || ws.ws_row == 0 || ws.ws_col == 0)
		return false;
	*rows = ws.ws_row;
	*cols = ws.ws_col;
	return true;
}

static void
on_fatal(int sig)
{
	int fd = guard.fd;

	if (fd >= 0) {
		const char *p = guard.leave;
		size_t left = guard.len;
		int fl = fcntl(fd, F_GETFL);

		if (fl >= 0)
			(void)fcntl(fd, F_SETFL, fl & ~O_NONBLOCK);
		while (left > 0) {
			ssize_t n = write(fd, p, left);

			if (n <= 0)
				break;
			p += n;
			left -= (size_t)n;
		}
		if (guard.have)
			(void)tcsetattr(fd, TCSANOW, &guard.saved);
	}
	if (guard.last != NULL) {
		void (*last)(void *) = guard.last;

		guard.last = NULL;
		alarm(LAST_WORDS_S); /* what it walks over may be broken */
		last(guard.last_arg);
	}
	(void)raise(sig); /* SA_RESETHAND: now it kills */
}

void
tui_tty_last_words(void (*fn)(void *), void *arg)
{
	guard.last_arg = arg;
	guard.last = fn;
}

void
tui_tty_guard(int fd, struct wn_str leave)
{
	struct sigaction sa = { 0 };

	guard.fd = -1;
	guard.len = leave.len < GUARD_MAX ? leave.len : GUARD_MAX;
	if (guard.len > 0)
		memcpy(guard.leave, leave.p, guard.len);
	guard.fd = fd;
	sa.sa_handler = fd >= 0 ? on_fatal : SIG_DFL;
	sa.sa_flags = (int)(SA_RESETHAND | SA_NODEFER);
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
		(void)sigaction(fatal[i], &sa, NULL);
}
