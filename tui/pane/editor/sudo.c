/*
 * Writing a file with the rights of root: sudo copies a file of ours over it, so its owner and mode
 * stay and the text never passes sudo's standard input. The password is given to sudo alone,
 * through a pipe.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

extern char **environ;

bool
editor_sudo_there(void)
{
	char *sudo = geteuid() != 0 ? wn_path_which("sudo") : NULL;
	bool there = sudo != NULL;

	wn_free(sudo);
	return there;
}

/* A pipe that holds the password and nothing else, or /dev/null; -1: none. */
static int
password_fd(const char *password)
{
	int fd[2];
	ssize_t n = 0;
	struct wn_buf line;

	if (password == NULL)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (strlen(password) > 1000 || pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	wn_buf_init(&line, 1024);
	(void)wn_buf_printf(&line, "%s\n", password);
	n = write(fd[1], line.p, line.len);
	explicit_bzero(line.p, line.len);
	wn_buf_fini(&line);
	close(fd[1]);
	if (n > 0)
		return fd[0];
	close(fd[0]);
	return -1;
}

/* Its exit status, or -1. */
static int
run(const char *sudo, int in, bool password, const char *from, const char *to)
{
	const char *quiet[] = { sudo, "-n", "cp", "--", from, to, NULL };
	const char *asks[] = { sudo, "-k", "-S", "-p", "", "cp", "--", from, to, NULL };
	const char **argv = password ? asks : quiet;
	posix_spawn_file_actions_t fa;
	int status = -1;
	pid_t pid;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, in, 0);
	posix_spawn_file_actions_addopen(&fa, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, sudo, &fa, NULL, (char **)(uintptr_t)argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&fa);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

wn_err
editor_sudo_copy(void *password, const char *from, const char *to, struct wn_diag *d)
{
	char *sudo = wn_path_which("sudo");
	int in = sudo != NULL ? password_fd(password) : -1;
	int status = in >= 0 ? run(sudo, in, password != NULL, from, to) : -1;

	if (in >= 0)
		close(in);
	wn_free(sudo);
	if (status == 0)
		return 0;
	if (status < 0)
		return wn_fail(d, WN_E_TOOL, "sudo could not be run");
	return wn_fail(d, WN_E_UNAUTHENTICATED,
		       password != NULL ? "sudo did not save it: the password is wrong, or you may "
					  "not use sudo here"
					: "sudo wants a password");
}
