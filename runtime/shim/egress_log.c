/*
 * The record of what left a box: a line of JSON for each request in a file of limited size, and the
 * sums in a small file that is replaced whole. Any thread.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/base/hash.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"
#include "runtime/shim/egress.h"

#define LOG_BYTES (1 << 20) /* then it becomes the older of two */
#define TARGETS 64	    /* of the newest refused ones */
#define WINDOW_MS 60000

struct refused {
	uint64_t target;
	int64_t ms;
};

struct egress_log {
	char *path, *stats_path;
	pthread_mutex_t lock;
	int fd;
	int64_t requests, refusals, up, down;
	struct refused last[TARGETS];
	size_t next;
};

struct egress_log *
egress_log_new(const char *path, const char *stats_path)
{
	struct egress_log *l = WN_NEW(struct egress_log);

	l->path = wn_strdup(path);
	l->stats_path = wn_strdup(stats_path);
	l->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	pthread_mutex_init(&l->lock, NULL);
	return l;
}

void
egress_log_free(struct egress_log *l)
{
	if (!l)
		return;
	if (l->fd >= 0)
		close(l->fd);
	pthread_mutex_destroy(&l->lock);
	wn_free(l->path);
	wn_free(l->stats_path);
	wn_free(l);
}

static void
rotate(struct egress_log *l)
{
	struct stat st;
	char *older;

	if (l->fd < 0 || fstat(l->fd, &st) != 0 || st.st_size < LOG_BYTES)
		return;
	older = wn_asprintf("%s.1", l->path);
	(void)rename(l->path, older);
	wn_free(older);
	close(l->fd);
	l->fd = open(l->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static void
write_line(struct egress_log *l, const struct egress_entry *e, int64_t now_ms)
{
	char time[WN_TIME_MAX];
	struct wn_buf b;
	struct wn_jw w;

	wn_time_print(now_ms, time);
	wn_buf_init(&b, 4096);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "time", time);
	wn_jw_kstr(&w, "host", e->host);
	wn_jw_kint(&w, "port", e->port);
	if (e->address && e->address[0])
		wn_jw_kstr(&w, "address", e->address);
	wn_jw_kstr(&w, "result", e->allowed ? "allowed" : "refused");
	if (e->reason && e->reason[0])
		wn_jw_kstr(&w, "reason", e->reason);
	wn_jw_kint(&w, "up", e->up);
	wn_jw_kint(&w, "down", e->down);
	wn_jw_kint(&w, "ms", e->ms);
	wn_jw_object_end(&w);
	(void)wn_buf_chr(&b, '\n');
	if (!b.err && l->fd >= 0)
		(void)!write(l->fd, b.p, b.len); /* a full disk loses the line, the sums stay */
	wn_buf_fini(&b);
}

/* Different places that were asked for in vain in the last minute: many of them are a search. */
static int
refused_targets(const struct egress_log *l, int64_t now_ms)
{
	int n = 0;

	for (size_t i = 0; i < TARGETS; i++) {
		bool first = l->last[i].ms > 0 && now_ms - l->last[i].ms < WINDOW_MS;

		for (size_t k = 0; k < i && first; k++)
			first = l->last[k].target != l->last[i].target ||
				now_ms - l->last[k].ms >= WINDOW_MS;
		n += first;
	}
	return n;
}

static void
write_stats(struct egress_log *l, int64_t now_ms)
{
	char *temporary = wn_asprintf("%s.new", l->stats_path);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	char text[240];
	int n = snprintf(text, sizeof text,
			 "{\"requests\":%lld,\"refused\":%lld,\"refused_targets\":%d,"
			 "\"up\":%lld,\"down\":%lld}",
			 (long long)l->requests, (long long)l->refusals, refused_targets(l, now_ms),
			 (long long)l->up, (long long)l->down);

	if (fd >= 0 && write(fd, text, (size_t)n) == n)
		(void)rename(temporary, l->stats_path);
	if (fd >= 0)
		close(fd);
	wn_free(temporary);
}

void
egress_log_add(struct egress_log *l, const struct egress_entry *e)
{
	int64_t now_ms = wn_now_ms(wn_clock_real());
	char target[EGRESS_HOST_MAX + 12];

	pthread_mutex_lock(&l->lock);
	l->requests++;
	l->up += e->up;
	l->down += e->down;
	if (!e->allowed) {
		snprintf(target, sizeof target, "%s:%d", e->host, e->port);
		l->refusals++;
		l->last[l->next++ % TARGETS] =
			(struct refused){ wn_hash64(target, strlen(target), 0), now_ms };
	}
	rotate(l);
	write_line(l, e, now_ms);
	write_stats(l, now_ms);
	pthread_mutex_unlock(&l->lock);
}
