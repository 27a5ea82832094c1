/*
 * Leaving the one who starts a shim: its process group and session. The first process stays until
 * the shim has said its line, so that nobody mistakes its end for the shim's. Opens nothing else.
 */
#include "runtime/shim/detach.h"

#include <errno.h>
#include <sys/types.h>
#include <unistd.h>

/* Passes the shim's one line on; the pipe ends when the shim lets go of its output. */
static int
relay(int from)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(from, buf, sizeof(buf))) != 0) {
		ssize_t done = 0;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return 1;
		while (done < n) {
			ssize_t w = write(1, buf + done, (size_t)(n - done));

			if (w < 0 && errno != EINTR)
				return 1;
			done += w > 0 ? w : 0;
		}
	}
	return 0;
}

int
shim_detach(void)
{
	int p[2];
	pid_t pid;

	if (pipe(p) != 0)
		return 1;
	pid = fork();
	if (pid < 0)
		return 1;
	if (pid > 0) {
		close(p[1]);
		return relay(p[0]);
	}
	setsid();
	close(p[0]);
	if (dup2(p[1], 1) < 0)
		_exit(1);
	close(p[1]);
	return -1;
}
