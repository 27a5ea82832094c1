/*
 * What confinement this machine allows: found by starting a box, and told in words.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gen/sandbox.h"
#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/mem.h"
#include "runtime/modules/sandbox/sandbox.h"

#define LAUNCH_FAILED 125 /* of the launcher: a line of its spec does not hold */

/* Two engines of one machine have their groups apart. */
void
sandbox_groups_get(struct sandbox *s)
{
	char hash[WN_SHA256_HEX];

	if (s->groups.version || s->no_groups)
		return;
	wn_sha256_hex(s->host->run_dir, strlen(s->host->run_dir), hash);
	hash[16] = '\0';
	sandbox_groups_find("/sys/fs/cgroup", hash, &s->groups);
}

/* What every box needs: made once. */
static wn_err
make_ready(struct sandbox *s, struct wn_ctx *ctx)
{
	wn_err err = WN_OK;

	pthread_mutex_lock(&s->lock);
	if (!s->ready) {
		sandbox_groups_get(s);
		if (!s->bwrap)
			s->bwrap = wn_path_which("bwrap");
		if (!s->launcher)
			s->launcher = sandbox_launcher_open(&s->launcher_fd);
		if (!s->filter)
			s->filter = wn_path_join(s->spec_dir, "filter.bpf");
		(void)unlink(s->filter); /* half of one, of an attempt that failed */
		err = sandbox_filter_write(s->filter, &ctx->diag);
		s->ready = !err;
	}
	pthread_mutex_unlock(&s->lock);
	return err;
}

/* Runs a program in a box as every other is run. */
static wn_err
run_box(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_sandbox_spec *spec,
	const char *const *argv, struct wn_exec_result *r, struct sandbox_limits *held)
{
	struct wn_exec x = { .timeout_ms = 20000 };
	wn_err err = sandbox_box(m, ctx, spec, argv, &x.argv, held);

	return err ? err : m->host->exec(m, ctx, &x, r);
}

/* On the loop, which looks at groups without the lock. */
static wn_err
give_up_groups(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct sandbox *s = sandbox_of(m);

	(void)ctx;
	pthread_mutex_lock(&s->lock);
	*(bool *)arg = s->groups.version != 0;
	s->no_groups = true;
	sandbox_groups_fini(&s->groups);
	pthread_mutex_unlock(&s->lock);
	return WN_OK;
}

static wn_err
find_facts(struct wn_mod *m, struct wn_ctx *ctx, struct sandbox_facts *out)
{
	static const char *const argv[] = { "/bin/true", NULL };
	const struct wn_sandbox_spec spec = { .name = "probe", .kind = "probe" };
	struct sandbox *s = sandbox_of(m);
	struct wn_exec_result r;
	bool had = false;
	wn_err err = make_ready(s, ctx);

	if (err)
		return err;
	*out = (struct sandbox_facts){ .known = true, .bwrap = s->bwrap != NULL, .seccomp = true };
	if (!s->bwrap) {
		snprintf(out->why, sizeof out->why, "bubblewrap (bwrap) is not installed");
		return WN_OK;
	}
	err = run_box(m, ctx, &spec, argv, &r, &out->held);
	/* Groups may be ours to make and not ours to join: a session's processes stay in its scope.
	 */
	if (!err && r.status == LAUNCH_FAILED) {
		err = m->host->job_ask(m, ctx, give_up_groups, &had);
		if (!err && had)
			err = run_box(m, ctx, &spec, argv, &r, &out->held);
	}
	if (err)
		return err;
	out->namespaces = r.status == 0;
	if (r.status != 0)
		snprintf(out->why, sizeof out->why, "this machine makes no sandbox (%.*s)",
			 (int)(wn_str_trim(r.err).len < 120 ? wn_str_trim(r.err).len : 120),
			 wn_str_trim(r.err).p ? wn_str_trim(r.err).p : "");
	return WN_OK;
}

wn_err
sandbox_facts_get(struct wn_mod *m, struct wn_ctx *ctx, struct sandbox_facts *out)
{
	struct sandbox *s = sandbox_of(m);
	wn_err err;

	pthread_mutex_lock(&s->lock);
	*out = s->facts;
	pthread_mutex_unlock(&s->lock);
	if (out->known)
		return WN_OK;
	err = find_facts(m, ctx, out);
	if (err)
		return err;
	pthread_mutex_lock(&s->lock);
	s->facts = *out;
	pthread_mutex_unlock(&s->lock);
	return WN_OK;
}

/* --- proof: a limit holds when something that passes it is ended ---- */

struct proof {
	const char *script; /* 0: it passed the limit; anything else: it was held */
	struct sandbox_limits own;
};

static bool
holds(struct wn_mod *m, struct wn_ctx *ctx, const struct proof *p)
{
	const char *argv[] = { "/bin/sh", "-c", p->script, NULL };
	static const char *const env[] = { "PATH=/usr/bin:/bin", NULL };
	const struct wn_sandbox_spec spec = { .name = "probe",
					      .kind = "probe",
					      .env = env,
					      .memory_bytes = p->own.memory_bytes,
					      .pids = p->own.pids,
					      .cpu_percent = p->own.cpu_percent };
	struct sandbox_limits held;
	struct wn_exec_result r;

	return run_box(m, ctx, &spec, argv, &r, &held) == WN_OK && r.status != 0;
}

/* Each is tried once; a limit that is written down and does not hold is none. */
static wn_err
prove(struct wn_mod *m, struct wn_ctx *ctx, struct sandbox_facts *f)
{
	static const struct proof memory = {
		"x=$(head -c 67108864 /dev/zero | tr '\\0' x); test ${#x} -eq 67108864",
		{ .memory_bytes = 24 << 20 }
	};
	static const struct proof pids = {
		"for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1 & done; kill -9 -1", { .pids = 8 }
	};
	struct sandbox *s = sandbox_of(m);

	if (f->proven || !f->namespaces)
		return WN_OK;
	if (f->held.memory_bytes && !holds(m, ctx, &memory))
		f->held.memory_bytes = 0;
	if (f->held.pids && !holds(m, ctx, &pids))
		f->held.pids = 0;
	f->proven = true;
	if (wn_cancelled(ctx))
		return WN_FAIL(ctx, WN_E_CANCELLED, "looking at the sandbox was cancelled");
	pthread_mutex_lock(&s->lock);
	s->facts = *f;
	pthread_mutex_unlock(&s->lock);
	return WN_OK;
}

#define GROUPS_FIX "Run the engine as root, or ask systemd for a delegated scope (Delegate=yes)."

wn_err
sandbox_on_probe(struct wn_mod *m, struct wn_ctx *ctx, const struct sandbox_probe_params *params,
		 struct sandbox_probe_result *result)
{
	struct sandbox_facts f;
	wn_err err = sandbox_facts_get(m, ctx, &f);
	struct sandbox_probe_result_features_item *rows;

	(void)params;
	if (!err)
		err = prove(m, ctx, &f);
	if (err)
		return err;
	const struct sandbox_probe_result_features_item all[] = {
		{ WN_STR("bubblewrap"), f.bwrap, WN_STR("Platforms do not run."),
		  WN_STR("apt install bubblewrap") },
		{ WN_STR("user namespaces"), f.namespaces, WN_STR("Platforms do not run."),
		  WN_STR("sysctl kernel.unprivileged_userns_clone=1, or run the engine as root") },
		{ WN_STR("system call filter"), f.seccomp, WN_STR("Platforms do not run."),
		  WN_STR("Use a kernel with seccomp.") },
		{ WN_STR("memory limit"), f.held.memory_bytes > 0,
		  WN_STR("A platform can use all memory."), WN_STR(GROUPS_FIX) },
		{ WN_STR("process limit"), f.held.pids > 0,
		  WN_STR("A platform can start processes without end."), WN_STR(GROUPS_FIX) },
		{ WN_STR("processor limit"), f.held.cpu_percent > 0,
		  WN_STR("A platform can use all processors."), WN_STR(GROUPS_FIX) },
	};
	rows = (struct sandbox_probe_result_features_item *)wn_arena_alloc(ctx->arena, sizeof all);
	memcpy(rows, all, sizeof all);
	result->features = rows;
	result->features_len = sizeof all / sizeof all[0];
	result->tier = !(f.bwrap && f.namespaces && f.seccomp) ? SANDBOX_PROBE_RESULT_TIER_NONE
		       : f.held.memory_bytes && f.held.pids
			       ? SANDBOX_PROBE_RESULT_TIER_FULL
			       : SANDBOX_PROBE_RESULT_TIER_UNPRIVILEGED;
	return WN_OK;
}
