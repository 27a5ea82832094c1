/*
 * Implements the log sink. A failing write or rotation is silent: there is nobody left to tell.
 */
#include "runtime/kernel/log_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/mem.h"

struct wn_log_sink {
	pthread_mutex_t lock;
	char *path; /* NULL: standard error */
	int fd;
	int64_t size, max_bytes;
	int keep;
};

static wn_err
open_file(struct wn_log_sink *s, struct wn_diag *d)
{
	struct stat st;

	s->fd = open(s->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (s->fd < 0)
		return wn_fail_errno(d, errno, "cannot open the log %s", s->path);
	s->size = fstat(s->fd, &st) == 0 ? (int64_t)st.st_size : 0;
	return WN_OK;
}

wn_err
wn_log_sink_new(const struct wn_log_sink_opts *opts, struct wn_log_sink **out, struct wn_diag *d)
{
	struct wn_log_sink *s = WN_NEW(struct wn_log_sink);
	wn_err err = WN_OK;

	pthread_mutex_init(&s->lock, NULL);
	s->path = wn_strdup(opts->path);
	s->fd = STDERR_FILENO;
	s->max_bytes = opts->max_bytes;
	s->keep = opts->keep;
	if (s->path != NULL)
		err = open_file(s, d);
	if (err != WN_OK) {
		wn_log_sink_free(s);
		s = NULL;
	}
	*out = s;
	return err;
}

void
wn_log_sink_free(struct wn_log_sink *s)
{
	if (s == NULL)
		return;
	if (s->path != NULL && s->fd >= 0)
		close(s->fd);
	pthread_mutex_destroy(&s->lock);
	wn_free(s->path);
	wn_free(s);
}

static void
reopen(struct wn_log_sink *s)
{
	if (s->fd >= 0)
		close(s->fd);
	if (open_file(s, NULL) != WN_OK)
		s->fd = -1;
}

/* path.2 becomes path.3, path.1 path.2, path itself path.1; the oldest falls off. */
static void
rotate(struct wn_log_sink *s)
{
	for (int i = s->keep; i > 0; i--) {
		char *from = i == 1 ? wn_strdup(s->path) : wn_asprintf("%s.%d", s->path, i - 1);
		char *to = wn_asprintf("%s.%d", s->path, i);

		(void)rename(from, to);
		wn_free(from);
		wn_free(to);
	}
	if (s->keep == 0)
		(void)unlink(s->path);
	reopen(s);
}

void
wn_log_sink_write(void *arg, enum wn_log_level level, const char *line, size_t n)
{
	struct wn_log_sink *s = arg;
	ssize_t wrote;

	(void)level;
	pthread_mutex_lock(&s->lock);
	if (s->path != NULL && s->max_bytes > 0 && s->size > 0 &&
	    s->size + (int64_t)n > s->max_bytes)
		rotate(s);
	if (s->fd >= 0) {
		do
			wrote = write(s->fd, line, n);
		while (wrote < 0 && errno == EINTR);
		if (wrote > 0)
			s->size += wrote;
	}
	pthread_mutex_unlock(&s->lock);
}

void
wn_log_sink_reopen(struct wn_log_sink *s)
{
	pthread_mutex_lock(&s->lock);
	if (s->path != NULL)
		reopen(s);
	pthread_mutex_unlock(&s->lock);
}
