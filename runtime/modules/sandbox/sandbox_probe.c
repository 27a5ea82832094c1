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

/* Two engines of one machine have their groups apart. */
void
sandbox_groups_get(struct sandbox *s)
{
	char hash[WN_SHA256_HEX];

	if (s->groups.version)
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

static wn_err
find_facts(struct wn_mod *m, struct wn_ctx *ctx, struct sandbox_facts *out)
{
	static const char *const argv[] = { "/bin/true", NULL };
	const struct wn_sandbox_spec spec = { .name = "probe", .kind = "probe" };
	struct sandbox *s = sandbox_of(m);
	struct wn_exec_result r;
	wn_err err = make_ready(s, ctx);

	if (err)
		return err;
	*out = (struct sandbox_facts){ .known = true, .bwrap = s->bwrap != NULL, .seccomp = true };
	if (!s->bwrap) {
		snprintf(out->why, sizeof out->why, "bubblewrap (bwrap) is not installed");
		return WN_OK;
	}
	err = run_box(m, ctx, &spec, argv, &r, &out->held);
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

#define GROUPS_FIX "Run the engine as root, or ask systemd for a delegated scope (Delegate=yes)."

wn_err
sandbox_on_probe(struct wn_mod *m, struct wn_ctx *ctx, const struct sandbox_probe_params *params,
		 struct sandbox_probe_result *result)
{
	struct sandbox_facts f;
	wn_err err = sandbox_facts_get(m, ctx, &f);
	struct sandbox_probe_result_features_item *rows;

	(void)params;
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
