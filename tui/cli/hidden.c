/*
 * Reads what may not be seen: without echo from the terminal, or whole from standard input.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tui/cli/print.h"

/* Up to a line break (a terminal) or the end. False: reading failed. */
static bool
read_value(struct wn_buf *out, bool one_line)
{
	char c;
	ssize_t n;

	while ((n = read(STDIN_FILENO, &c, 1)) == 1 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		if (one_line && c == '\n')
			return true;
		if (wn_buf_chr(out, c) != 0)
			return true;
	}
	return n == 0;
}

/* ^C must leave the terminal as it was: it is read as a character here. */
static bool
read_hidden(struct wn_buf *out)
{
	struct termios was, now;
	bool ok;

	if (tcgetattr(STDIN_FILENO, &was) != 0)
		return false;
	now = was;
	now.c_lflag &= (tcflag_t) ~(ECHO | ISIG);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &now);
	ok = read_value(out, true);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	return ok && (out->len == 0 || memchr(out->p, 3, out->len) == NULL);
}

int
cli_hidden(struct cli *c, const char *prompt, struct wn_buf *out)
{
	struct wn_diag d = { 0 };
	bool tty = isatty(STDIN_FILENO) != 0, ok;

	if (tty)
		(void)!write(STDERR_FILENO, prompt, strlen(prompt));
	ok = tty ? read_hidden(out) : read_value(out, false);
	if (tty)
		(void)!write(STDERR_FILENO, "\n", 1);
	if (!tty && out->len > 0 && out->p[out->len - 1] == '\n')
		wn_buf_cut(out, out->len - 1);
	if (out->err != 0)
		(void)wn_fail(&d, WN_E_LIMIT, "what was given is too long");
	else if (!ok)
		(void)wn_fail(&d, WN_E_CANCELLED, "nothing was given");
	return d.code == 0 ? CLI_OK : cli_fail(c, &d);
}
