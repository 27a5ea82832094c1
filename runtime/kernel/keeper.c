/*
 * Implements the keeper. What it says over the pipe is a pid, negative when it ended; each is
 * written at once. The process calls nothing that a fork of a threaded program may not.
 */
#include "runtime/kernel/keeper.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/mem.h"

enum { GROUPS_MAX = 1024 };

struct wn_keeper {
	pthread_mutex_t lock;
	pid_t pid; /* 0: not made yet; -1: cannot be made */
	int fd;
};

struct wn_keeper *
wn_keeper_new(void)
{
	struct wn_keeper *k = WN_NEW(struct wn_keeper);

	pthread_mutex_init(&k->lock, NULL);
	k->fd = -1;
	return k;
}

/* Never returns: notes what comes until the engine is gone, then ends it all. */
static void
keep(int fd)
{
	pid_t groups[GROUPS_MAX], said;
	int n = 0;

	(void)setsid(); /* signals for the engine's terminal are not for it */
	(void)prctl(PR_SET_NAME, "wn-keeper");
	(void)dup2(fd, 0);
	(void)close_range(1, ~0u, 0);
	while (read(0, &said, sizeof(said)) == (ssize_t)sizeof(said)) {
		pid_t group = said < 0 ? -said : said;

		for (int i = 0; i < n; i++)
			if (groups[i] == group)
				groups[i--] = groups[--n];
		if (said > 0 && n < GROUPS_MAX)
			groups[n++] = group;
	}
	for (int i = 0; i < n; i++)
		(void)kill(-groups[i], SIGKILL);
	_exit(0);
}

/* All signals are blocked around the fork: the engine's handlers do not belong in the child, where
 * they stay blocked. Called with the lock held. */
static void
start(struct wn_keeper *k)
{
	sigset_t all, old;
	int p[2];

	k->pid = -1;
	if (pipe2(p, O_CLOEXEC) != 0)
		return;
	sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &old);
	k->pid = fork();
	if (k->pid == 0)
		keep(p[0]);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	close(p[0]);
	if (k->pid < 0)
		close(p[1]);
	else
		k->fd = p[1];
}

static void
say(struct wn_keeper *k, pid_t said)
{
	bool started;

	if (k == NULL)
		return;
	pthread_mutex_lock(&k->lock);
	if (k->pid == 0 && said > 0)
		start(k);
	started = k->pid > 0;
	pthread_mutex_unlock(&k->lock);
	/* A keeper that somebody killed keeps nothing: SIGPIPE is ignored, and so is the loss. */
	if (started)
		(void)!write(k->fd, &said, sizeof(said));
}

void
wn_keeper_add(struct wn_keeper *k, pid_t group)
{
	say(k, group);
}

void
wn_keeper_remove(struct wn_keeper *k, pid_t group)
{
	say(k, -group);
}

void
wn_keeper_free(struct wn_keeper *k)
{
	if (k == NULL)
		return;
	if (k->pid > 0) {
		close(k->fd);
		(void)waitpid(k->pid, NULL, 0);
	}
	pthread_mutex_destroy(&k->lock);
	wn_free(k);
}
