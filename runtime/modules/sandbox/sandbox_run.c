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

#define TICK_MS 1000	  /* between two looks at boxes that do something */
#define TICK_IDLE_MS 8000 /* at boxes that do nothing */
#define CARD_MAX 4096
#define UNSTARTED_MS 60000 /* an argv that nobody ran in that time is not run any more */

void
sandbox_run_free(void *run)
{
	struct sandbox_run *r = (struct sandbox_run *)run;

	wn_free(r->workspace);
	wn_free(r->tenant);
	wn_free(r->kind);
	for (size_t i = 0; i < SANDBOX_PLACES; i++)
		wn_free(r->places[i]);
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

/* --- cards ---- */

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
	wn_jw_key(&w, "places");
	wn_jw_array(&w);
	for (size_t i = 0; i < SANDBOX_PLACES && r->places[i]; i++)
		wn_jw_cstr(&w, r->places[i]);
	wn_jw_array_end(&w);
	wn_jw_object_end(&w);
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
	*start = sandbox_start_in(text.p);
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

/* --- life ---- */

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
	return r->pid_start > 0 && sandbox_start_of(r->pid) == r->pid_start;
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

static void tick(void *arg);

/* The next look, if there is anything to look at. */
static void
watch(struct wn_mod *m)
{
	struct sandbox *s = sandbox_of(m);

	m->host->timer_stop(m, s->tick);
	s->tick = s->runs.len > 0 ? m->host->timer_start(m, s->tick_ms, 0, tick, m) : NULL;
}

/* Latest wins: who shows it asks for the whole. */
static void
announce(struct wn_mod *m, const struct sandbox_run *r)
{
	char correlation[WN_ULID_MAX];
	struct wn_arena arena;
	struct wn_ctx ctx = {
		.tenant = r->tenant, .actor = "engine", .correlation = correlation, .arena = &arena
	};

	wn_arena_init(&arena, 0);
	m->host->new_id(m->host, correlation);
	m->host->signal(m, &ctx, "sandbox.usage", r->workspace, WN_STR("{}"));
	wn_arena_fini(&arena);
}

/* True when the box is gone and nothing of it is left. */
static bool
look_at(struct wn_mod *m, struct sandbox_run *r, bool *active)
{
	struct sandbox *s = sandbox_of(m);
	bool moved;

	if (lives(s, r)) {
		moved = sandbox_guard(m, r);
		*active = *active || moved;
		if (moved)
			announce(m, r);
		return false;
	}
	sandbox_guard_ended(m, r);
	*active = true;
	announce(m, r);
	return sweep(s, r->workspace, r->id);
}

static void
tick(void *arg)
{
	struct wn_mod *m = (struct wn_mod *)arg;
	struct sandbox *s = sandbox_of(m);
	const char *ended[64];
	struct wn_map_iter it;
	bool active = false;
	size_t n = 0;

	s->tick = NULL;
	wn_map_iter_init(&it, &s->runs);
	while (wn_map_iter_next(&it)) {
		struct sandbox_run *r = (struct sandbox_run *)it.value;

		if (n < sizeof ended / sizeof ended[0] && look_at(m, r, &active))
			ended[n++] = r->id;
	}
	for (size_t i = 0; i < n; i++)
		sandbox_run_free(wn_map_remove(&s->runs, wn_str(ended[i])));
	s->tick_ms = active ? TICK_MS : s->tick_ms * 2;
	if (s->tick_ms > TICK_IDLE_MS)
		s->tick_ms = TICK_IDLE_MS;
	watch(m);
}

/* --- begin ---- */

static wn_err
table_add(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct sandbox_run *r = (struct sandbox_run *)arg;

	(void)ctx;
	wn_map_set(&sandbox_of(m)->runs, wn_str(r->id), r);
	sandbox_of(m)->tick_ms = TICK_MS;
	watch(m);
	return WN_OK;
}

struct sandbox_run *
sandbox_run_new(struct wn_mod *m, struct wn_ctx *ctx, const char *id,
		const struct wn_sandbox_spec *spec)
{
	struct sandbox_run *r =
		run_new(id, spec->name ? spec->name : "run", ctx->tenant,
			spec->kind ? spec->kind : "task", wn_now_ms(m->host->clock));
	size_t n = 0;

	if (spec->workspace)
		r->places[n++] = wn_strdup(spec->workspace);
	for (size_t i = 0; i < spec->nbinds && n < SANDBOX_PLACES; i++)
		if (spec->binds[i].writable)
			r->places[n++] = wn_strdup(spec->binds[i].from);
	sandbox_disk_begin(r);
	return r;
}

wn_err
sandbox_run_begin(struct wn_mod *m, struct wn_ctx *ctx, struct sandbox_run *r)
{
	wn_err err = m->host->job_ask(m, ctx, table_add, r);

	if (err)
		sandbox_run_free(r);
	return err;
}

/* --- adoption ---- */

static void
take_places(struct sandbox_run *r, const struct wn_json *list)
{
	size_t n = 0;

	for (const struct wn_json *p = wn_json_first(list); p && n < SANDBOX_PLACES;
	     p = wn_json_next(p))
		if (wn_json_str(p, NULL))
			r->places[n++] = wn_strdup(wn_json_str(p, ""));
	sandbox_disk_begin(r);
}

/* Returns the run of a card that is still alive, or whose last process is not quite gone; else
 * removes what is left of it. */
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
		take_places(r, wn_json_get(j, "places"));
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
	s->tick_ms = TICK_MS;
	watch(m);
}
