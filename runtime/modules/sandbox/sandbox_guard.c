/*
 * The rules: what a box may do is looked at while it runs, and one that takes more than it may is
 * stopped with a sentence that names the setting. What the kernel holds a box to is told as well.
 * Loop thread; reads small files of memory file systems only.
 */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gen/sandbox.h"
#include "runtime/base/mem.h"
#include "runtime/modules/sandbox/sandbox.h"

#define SECOND_NS INT64_C(1000000000)
#define MIB (1024 * 1024)
#define REFUSED_MANY 200 /* processes refused between two looks: nobody does that by mistake */
#define BUSY_PERCENT 80	 /* of a core, or of all it may have when that is less */
#define IDLE_US 2000	 /* of processor time between two looks: it did nothing */
#define NEWS_NS (6 * SECOND_NS) /* a request is heard of this much later at most */
#define WHY_NS (10 * SECOND_NS)

struct sandbox_space *
sandbox_space_of(struct sandbox *s, const char *workspace)
{
	struct sandbox_space *p = (struct sandbox_space *)wn_map_get(&s->spaces, wn_str(workspace));

	if (!p) {
		p = WN_NEW(struct sandbox_space);
		p->disk_bytes = p->disk_files = -1;
		wn_map_set(&s->spaces, wn_str(workspace), p);
	}
	return p;
}

void
sandbox_space_free(void *space)
{
	struct sandbox_space *p = (struct sandbox_space *)space;

	wn_free(p->stopped);
	wn_free(p);
}

/* --- telling ---- */

static void
emit(struct wn_mod *m, struct sandbox_run *r, bool stopped, int rule, const char *reason,
     const char *setting)
{
	struct sandbox_stopped e = { .workspace = wn_str(r->workspace),
				     .box = wn_str(r->id),
				     .kind = wn_str(r->kind),
				     .rule = (enum sandbox_stopped_rule)rule,
				     .reason = wn_str(reason),
				     .setting = wn_str(setting) };
	struct sandbox_limited l = { .workspace = e.workspace,
				     .box = e.box,
				     .kind = e.kind,
				     .rule = (enum sandbox_limited_rule)rule,
				     .reason = e.reason,
				     .setting = e.setting };
	char correlation[WN_ULID_MAX];
	struct wn_arena arena;
	struct wn_ctx ctx = {
		.tenant = r->tenant, .actor = "engine", .correlation = correlation, .arena = &arena
	};
	const char *stream;
	wn_err err;

	wn_arena_init(&arena, 0);
	m->host->new_id(m->host, correlation);
	stream = wn_arena_printf(&arena, "workspace/%s", r->workspace);
	err = stopped ? emit_sandbox_stopped(m, &ctx, stream, &e)
		      : emit_sandbox_limited(m, &ctx, stream, &l);
	if (err)
		wn_log(m->host->log, WN_LOG_ERROR, "sandbox",
		       "a limit that was met was not recorded", WN_S("workspace", r->workspace),
		       WN_S("why", ctx.diag.text));
	wn_arena_fini(&arena);
}

static void
remember(struct wn_mod *m, struct sandbox_run *r, const char *reason)
{
	struct sandbox_space *p = sandbox_space_of(sandbox_of(m), r->workspace);

	wn_free(p->stopped);
	p->stopped = wn_strdup(reason);
	p->stopped_ns = strcmp(r->kind, "service") == 0 ? wn_mono_ns(m->host->clock) : 0;
}

static void
stop_box(struct wn_mod *m, struct sandbox_run *r, int rule, const char *reason, const char *setting)
{
	if (r->stopping)
		return;
	r->stopping = true;
	remember(m, r, reason);
	/* With the process that holds the box goes everything in it. */
	if (r->pid > 0 && sandbox_start_of(r->pid) == r->pid_start)
		(void)kill((pid_t)r->pid, SIGKILL);
	emit(m, r, true, rule, reason, setting);
}

static void __attribute__((format(printf, 4, 0)))
vsay(char *out, size_t n, const char *setting, const char *format, va_list ap)
{
	char words[260];

	vsnprintf(words, sizeof words, format, ap);
	snprintf(out, n, "stopped: %s (setting %s)", words, setting);
}

void
sandbox_guard_stop(struct wn_mod *m, struct sandbox_run *r, int rule, const char *setting,
		   const char *format, ...)
{
	char reason[360];
	va_list ap;

	va_start(ap, format);
	vsay(reason, sizeof reason, setting, format, ap);
	va_end(ap);
	stop_box(m, r, rule, reason, setting);
}

/* --- looking ---- */

/* What groups do not count is looked up process by process. */
static void
look(struct sandbox *s, struct sandbox_run *r, struct sandbox_usage *now)
{
	struct sandbox_usage tree;

	sandbox_group_usage(&s->groups, r->workspace, r->id, now);
	if (now->cpu_us >= 0 && now->memory_bytes >= 0 && now->processes >= 0)
		return;
	sandbox_tree_usage(r->pid, &tree);
	if (now->cpu_us < 0)
		now->cpu_us = tree.cpu_us;
	if (now->processes < 0)
		now->processes = tree.processes;
	if (now->memory_bytes < 0) {
		now->memory_bytes = tree.memory_bytes;
		now->memory_peak = r->seen.memory_peak > tree.memory_bytes ? r->seen.memory_peak
									   : tree.memory_bytes;
	}
}

static int64_t
grown(int64_t before, int64_t now)
{
	return now > before ? now - (before > 0 ? before : 0) : 0;
}

static void
rule_memory(struct wn_mod *m, struct sandbox_run *r, const struct sandbox_usage *now)
{
	struct sandbox *s = sandbox_of(m);
	long long mib = m->host->config_int(m->host, "sandbox.memory_mb");
	char words[300];

	if (!s->groups.memory && now->memory_bytes > mib * MIB)
		sandbox_guard_stop(m, r, SANDBOX_STOPPED_RULE_MEMORY, "sandbox.memory_mb",
				   "it used more than %lld MiB of memory", mib);
	if (grown(r->seen.oom_kills, now->oom_kills) == 0 || r->stopping)
		return;
	r->oom_ns = wn_mono_ns(m->host->clock);
	if (r->told)
		return;
	snprintf(words, sizeof words,
		 "the boxes of this workspace used all of their %lld MiB of memory, so a program "
		 "was "
		 "ended (setting sandbox.memory_mb)",
		 mib);
	r->told = true;
	emit(m, r, false, SANDBOX_LIMITED_RULE_MEMORY, words, "sandbox.memory_mb");
}

static void
rule_processes(struct wn_mod *m, struct sandbox_run *r, const struct sandbox_usage *now)
{
	struct sandbox *s = sandbox_of(m);
	int64_t limit = m->host->config_int(m->host, "sandbox.pids");
	int64_t refused = grown(r->seen.pids_refused, now->pids_refused);

	if (refused >= REFUSED_MANY)
		sandbox_guard_stop(m, r, SANDBOX_STOPPED_RULE_PROCESSES, "sandbox.pids",
				   "it started processes without end (%lld beyond the %lld it may "
				   "have)",
				   (long long)refused, (long long)limit);
	else if (!s->groups.pids && now->processes > limit)
		sandbox_guard_stop(m, r, SANDBOX_STOPPED_RULE_PROCESSES, "sandbox.pids",
				   "it has %lld processes and threads, of the %lld it may have",
				   (long long)now->processes, (long long)limit);
}

/* On a machine with much to do a program that never rests gets little; that it always wanted more
 * tells it from one that has little to do. The process that wanted most: how long since it began.
 */
static int64_t
wanted_ns(struct sandbox *s, const struct sandbox_run *r, int64_t *pid_out)
{
	int64_t pids[64], most = -1;
	size_t n = sandbox_group_pids(&s->groups, r->workspace, r->id, pids,
				      sizeof pids / sizeof pids[0]);

	*pid_out = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t ready = sandbox_ready_ns(pids[i]);

		if (ready > most) {
			most = ready;
			*pid_out = pids[i];
		}
	}
	return most;
}

/* Percent of a processor that was used, or wanted all the time, since the busy time began. */
static int64_t
busy_percent(const struct sandbox_run *r, const struct sandbox_usage *now, int64_t pid,
	     int64_t ready_ns, int64_t now_ns)
{
	int64_t took = now_ns - r->busy_ns, used, wanted = 0;

	if (took <= 0)
		return 0;
	used = grown(r->busy_cpu_us, now->cpu_us) * 100000 / took;
	if (pid != 0 && pid == r->ready_pid)
		wanted = (ready_ns - r->ready_ns) * 100 / took;
	return used > wanted ? used : wanted;
}

/* Judged over the whole time and not from look to look: on a loaded machine looks come late. */
static void
rule_busy(struct wn_mod *m, struct sandbox_run *r, const struct sandbox_usage *now, int64_t now_ns)
{
	const struct wn_host *h = m->host;
	int64_t seconds = h->config_int(h, "sandbox.busy_seconds"), pid, ready;
	int64_t may = h->config_int(h, "sandbox.cpu_percent");
	int64_t asked = sandbox_space_of(sandbox_of(m), r->workspace)->requested_ns;

	if (strcmp(r->kind, "service") != 0 || seconds == 0)
		return;
	if (may > 100)
		may = 100;
	ready = wanted_ns(sandbox_of(m), r, &pid);
	if (r->busy_ns == 0 || asked > r->busy_ns ||
	    busy_percent(r, now, pid, ready, now_ns) < may * BUSY_PERCENT / 100) {
		r->busy_ns = now_ns;
		r->busy_cpu_us = now->cpu_us;
		r->ready_pid = pid;
		r->ready_ns = ready;
		return;
	}
	if (now_ns - r->busy_ns >= seconds * SECOND_NS + NEWS_NS)
		sandbox_guard_stop(m, r, SANDBOX_STOPPED_RULE_BUSY, "sandbox.busy_seconds",
				   "it wanted a whole processor for %lld s without a request",
				   (long long)((now_ns - r->busy_ns) / SECOND_NS));
}

static void
rule_wall(struct wn_mod *m, struct sandbox_run *r)
{
	int64_t seconds = m->host->config_int(m->host, "sandbox.wall_seconds");

	if (seconds > 0 && wn_now_ms(m->host->clock) - r->began_ms > seconds * 1000)
		sandbox_guard_stop(m, r, SANDBOX_STOPPED_RULE_WALL_TIME, "sandbox.wall_seconds",
				   "it ran for %lld s", (long long)seconds);
}

bool
sandbox_guard(struct wn_mod *m, struct sandbox_run *r)
{
	int64_t now_ns = wn_mono_ns(m->host->clock), cpu;
	struct sandbox_usage now;

	if (r->pid == 0 || r->stopping)
		return true;
	look(sandbox_of(m), r, &now);
	cpu = grown(r->seen.cpu_us, now.cpu_us);
	if (r->seen_ns > 0 && now_ns > r->seen_ns)
		r->cpu_percent = cpu * 100000 / (now_ns - r->seen_ns);
	rule_processes(m, r, &now); /* many processes use much memory: the cause is said */
	rule_memory(m, r, &now);
	rule_busy(m, r, &now, now_ns);
	rule_wall(m, r);
	r->seen = now;
	r->seen_ns = now_ns;
	if (!r->stopping)
		sandbox_disk_look(m, r);
	return cpu > IDLE_US || r->measuring;
}

void
sandbox_guard_ended(struct wn_mod *m, struct sandbox_run *r)
{
	long long mib = m->host->config_int(m->host, "sandbox.memory_mb");
	struct sandbox_usage now;
	char reason[360];

	if (r->stopping)
		return;
	sandbox_group_usage(&sandbox_of(m)->groups, r->workspace, r->id, &now);
	/* A look may have come between the kernel's act and the end of the box. */
	if (grown(r->seen.oom_kills, now.oom_kills) == 0 &&
	    (r->oom_ns == 0 || wn_mono_ns(m->host->clock) - r->oom_ns > WHY_NS))
		return;
	r->stopping = true;
	snprintf(reason, sizeof reason,
		 "stopped: it used more than %lld MiB of memory (setting sandbox.memory_mb)", mib);
	remember(m, r, reason);
	emit(m, r, true, SANDBOX_STOPPED_RULE_MEMORY, reason, "sandbox.memory_mb");
}

/* --- iface sandbox ---- */

void
sandbox_requested(struct wn_mod *m, const char *workspace)
{
	sandbox_space_of(sandbox_of(m), workspace)->requested_ns = wn_mono_ns(m->host->clock);
}

bool
sandbox_why(struct wn_mod *m, const char *workspace, char *out, size_t n)
{
	struct sandbox *s = sandbox_of(m);
	struct sandbox_space *p;
	struct wn_map_iter it;

	wn_map_iter_init(&it, &s->runs);
	while (wn_map_iter_next(&it)) {
		struct sandbox_run *r = (struct sandbox_run *)it.value;

		if (strcmp(r->workspace, workspace) == 0 && strcmp(r->kind, "service") == 0)
			sandbox_guard_ended(m, r);
	}
	p = (struct sandbox_space *)wn_map_get(&s->spaces, wn_str(workspace));
	if (!p || p->stopped_ns == 0 || wn_mono_ns(m->host->clock) - p->stopped_ns > WHY_NS)
		return false;
	snprintf(out, n, "%s", p->stopped);
	return true;
}

void
sandbox_stop(struct wn_mod *m, const char *workspace, enum wn_sandbox_rule rule, const char *reason,
	     const char *setting)
{
	struct sandbox *s = sandbox_of(m);
	struct wn_map_iter it;

	wn_map_iter_init(&it, &s->runs);
	while (wn_map_iter_next(&it)) {
		struct sandbox_run *r = (struct sandbox_run *)it.value;

		if (strcmp(r->workspace, workspace) == 0 && strcmp(r->kind, "service") == 0)
			sandbox_guard_stop(m, r,
					   rule == WN_SANDBOX_LOG_FLOOD
						   ? SANDBOX_STOPPED_RULE_LOG_FLOOD
						   : SANDBOX_STOPPED_RULE_PORT_SCAN,
					   setting, "%s", reason);
	}
}
