/*
 * The boxes there are: noted before they start, forgotten after they ended, taken over from an
 * engine that died. The launcher leaves a card in the run directory, with what the next engine must
 * know of the box and with its own process id. Loop thread.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"
#include "runtime/modules/sandbox/sandbox.h"

#define TICK_MS 2000
#define CARD_MAX 4096
#define UNSTARTED_MS 60000 /* an argv that nobody ran in that time is not run any more */

void
sandbox_run_free(void *run)
{
	struct sandbox_run *r = (struct sandbox_run *)run;

	wn_free(r->workspace);
	wn_free(r->tenant);
	wn_free(r->kind);
	wn_free(r);
}

static struct sandbox_run *
run_new(const char *id, const char *workspace, const char *tenant, const char *kind,
	int64_t began_ms)
{
	struct sandbox_run *r = WN_NEW(struct sandbox_run);

	snprintf(r->id, sizeof r->id, "%s", id);
	r->workspace = wn_strdup(workspace);
	r->tenant = wn_strdup(tenant);
	r->kind = wn_strdup(kind);
	r->began_ms = began_ms;
	return r;
}

/* --- cards ---------------------------------------------------------------------------------------
 */

void
sandbox_run_card(const struct sandbox_run *r, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "workspace", r->workspace);
	wn_jw_kstr(&w, "tenant", r->tenant);
	wn_jw_kstr(&w, "kind", r->kind);
	wn_jw_kint(&w, "began_ms", r->began_ms);
	wn_jw_object_end(&w);
}

/* Start time of a line of /proc/PID/stat, as the kernel counts; 0: it has ended. */
static int64_t
start_in(const char *stat)
{
	const char *p = strrchr(stat, ')'); /* a program's name may hold anything */

	if (!p || p[1] != ' ' || p[2] == 'Z')
		return 0;
	for (int field = 2; p && field < 22; field++)
		p = strchr(p + 1, ' ');
	return p ? strtoll(p, NULL, 10) : 0;
}

/* The launcher's own line, after ours. */
static void
card_note(struct wn_str text, int64_t *pid, int64_t *start)
{
	struct wn_str line;

	*pid = *start = 0;
	if (!wn_str_split(&text, '\n', &line) || text.len == 0)
		return;
	*pid = strtoll(text.p, NULL, 10);
	*start = start_in(text.p);
}

static bool
card_read(struct sandbox *s, const char *id, struct wn_buf *text)
{
	char *path = wn_path_join(s->runs_dir, id);
	wn_err err;

	wn_buf_init(text, CARD_MAX);
	err = wn_file_read(path, text, NULL);
	wn_free(path);
	return !err;
}

/* --- life
 * ------------------------------------------------------------------------------------------ */

/* 0: there is no such process. */
static int64_t
start_of(int64_t pid)
{
	char path[40], stat[1024];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, stat, sizeof stat - 1);
		close(fd);
	}
	stat[n > 0 ? n : 0] = '\0';
	return start_in(stat);
}

/* A box that has not started yet lives as long as it may still be started. */
static bool
lives(struct sandbox *s, struct sandbox_run *r)
{
	struct wn_buf text;

	if (r->pid == 0 && card_read(s, r->id, &text)) {
		card_note(wn_buf_view(&text), &r->pid, &r->pid_start);
		wn_buf_fini(&text);
	}
	if (r->pid == 0)
		return wn_now_ms(s->host->clock) - r->began_ms < UNSTARTED_MS;
	return r->pid_start > 0 && start_of(r->pid) == r->pid_start;
}

/* What an ended box leaves: its groups and its card. False: its last process is not quite gone. */
static bool
sweep(struct sandbox *s, const char *workspace, const char *id)
{
	char *path;
	bool gone;

	pthread_mutex_lock(&s->lock);
	gone = sandbox_group_remove(&s->groups, workspace, id);
	wn_free(wn_map_remove(&s->set, wn_str(workspace)));
	pthread_mutex_unlock(&s->lock);
	if (!gone)
		return false;
	path = wn_path_join(s->runs_dir, id);
	(void)unlink(path);
	wn_free(path);
	return true;
}

static void
tick(void *arg)
{
	struct wn_mod *m = (struct wn_mod *)arg;
	struct sandbox *s = sandbox_of(m);
	const char *ended[64];
	struct wn_map_iter it;
	size_t n = 0;

	wn_map_iter_init(&it, &s->runs);
	while (wn_map_iter_next(&it)) {
		struct sandbox_run *r = (struct sandbox_run *)it.value;

		if (n < sizeof ended / sizeof ended[0] && !lives(s, r) &&
		    sweep(s, r->workspace, r->id))
			ended[n++] = r->id;
	}
	for (size_t i = 0; i < n; i++)
		sandbox_run_free(wn_map_remove(&s->runs, wn_str(ended[i])));
	if (s->runs.len == 0) {
		m->host->timer_stop(m, s->tick);
		s->tick = NULL;
	}
}

static void
watch(struct wn_mod *m)
{
	struct sandbox *s = sandbox_of(m);

	if (!s->tick && s->runs.len > 0)
		s->tick = m->host->timer_start(m, TICK_MS, TICK_MS, tick, m);
}

/* --- begin
 * ----------------------------------------------------------------------------------------- */

static wn_err
table_add(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct sandbox_run *r = (struct sandbox_run *)arg;

	(void)ctx;
	wn_map_set(&sandbox_of(m)->runs, wn_str(r->id), r);
	watch(m);
	return WN_OK;
}

struct sandbox_run *
sandbox_run_new(struct wn_mod *m, struct wn_ctx *ctx, const char *id,
		const struct wn_sandbox_spec *spec)
{
	return run_new(id, spec->name ? spec->name : "run", ctx->tenant,
		       spec->kind ? spec->kind : "task", wn_now_ms(m->host->clock));
}

wn_err
sandbox_run_begin(struct wn_mod *m, struct wn_ctx *ctx, struct sandbox_run *r)
{
	wn_err err = m->host->job_ask(m, ctx, table_add, r);

	if (err)
		sandbox_run_free(r);
	return err;
}

/* --- adoption
 * --------------------------------------------------------------------------------------- */

/* Returns the run of a card that is still alive; else removes what is left of it. */
static struct sandbox_run *
adopt(struct sandbox *s, const char *id)
{
	struct sandbox_run *r = NULL;
	struct wn_json *j = NULL;
	struct wn_str rest, line;
	struct wn_buf text;
	int64_t began;

	if (!card_read(s, id, &text))
		return NULL;
	rest = wn_buf_view(&text);
	if (wn_str_split(&rest, '\n', &line) && wn_json_parse(line, NULL, &j, NULL) == WN_OK) {
		began = (int64_t)wn_json_get_num(j, "began_ms", 0);
		r = run_new(id, wn_json_get_str(j, "workspace", "run"),
			    wn_json_get_str(j, "tenant", "local"),
			    wn_json_get_str(j, "kind", "task"), began);
		card_note(wn_buf_view(&text), &r->pid, &r->pid_start);
	}
	wn_json_free(j);
	wn_buf_fini(&text);
	/* Nobody is left who would start one that has not started. */
	if (r && r->pid > 0 && lives(s, r))
		return r;
	if (!sweep(s, r ? r->workspace : "run", id))
		return r; /* the tick sees to it */
	if (r)
		sandbox_run_free(r);
	return NULL;
}

void
sandbox_runs_adopt(struct wn_mod *m, bool sweep_groups)
{
	struct sandbox *s = sandbox_of(m);
	DIR *d = opendir(s->runs_dir);
	struct dirent *e;
	int taken = 0, gone = 0;

	while (d && (e = readdir(d))) {
		struct sandbox_run *r;

		if (!wn_id_is_ulid(wn_str(e->d_name)))
			continue;
		sandbox_groups_get(s);
		r = adopt(s, e->d_name);
		if (r)
			wn_map_set(&s->runs, wn_str(r->id), r);
		taken += r != NULL;
		gone += r == NULL;
	}
	if (d)
		closedir(d);
	if (taken || gone || sweep_groups) {
		sandbox_groups_get(s);
		gone += sandbox_groups_sweep(&s->groups);
	}
	if (taken || gone)
		wn_log(m->host->log, WN_LOG_INFO, "sandbox", "boxes of an engine that ended",
		       WN_I("alive", taken), WN_I("removed", gone));
	watch(m);
}
