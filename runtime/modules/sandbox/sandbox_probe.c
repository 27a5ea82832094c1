/*
 * What confinement this machine allows, asked of the launcher and told in words.
 */
#include "runtime/modules/sandbox/sandbox.h"

#include "gen/sandbox.h"
#include "runtime/base/json.h"

wn_err
sandbox_facts_get(struct wn_mod *m, struct wn_ctx *ctx, struct sandbox_facts *out)
{
	struct sandbox *s = sandbox_of(m);
	const char *argv[] = { m->host->self_path, "--launch", "--probe", NULL };
	struct wn_exec spec = { .argv = argv, .timeout_ms = 10000 };
	struct wn_exec_result r;
	struct wn_json *j = NULL;
	wn_err err = WN_OK;

	pthread_mutex_lock(&s->lock);
	*out = s->facts;
	pthread_mutex_unlock(&s->lock);
	if (out->known)
		return WN_OK;
	err = m->host->exec(m, ctx, &spec, &r);
	if (!err)
		err = wn_json_parse(r.out, NULL, &j, &ctx->diag);
	if (err)
		return err;
	out->known = true;
	out->bwrap = wn_json_get_bool(j, "bwrap", false);
	out->namespaces = wn_json_get_bool(j, "namespaces", false);
	out->seccomp = wn_json_get_bool(j, "seccomp", false);
	out->memory = wn_json_get_bool(j, "memory", false);
	out->pids = wn_json_get_bool(j, "pids", false);
	out->cpu = wn_json_get_bool(j, "cpu", false);
	wn_json_free(j);
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
		{ WN_STR("memory limit"), f.memory, WN_STR("A platform can use all memory."),
		  WN_STR(GROUPS_FIX) },
		{ WN_STR("process limit"), f.pids,
		  WN_STR("A platform can start processes without end."), WN_STR(GROUPS_FIX) },
		{ WN_STR("processor limit"), f.cpu, WN_STR("A platform can use all processors."),
		  WN_STR(GROUPS_FIX) },
	};
	rows = (struct sandbox_probe_result_features_item *)wn_arena_alloc(ctx->arena, sizeof all);
	memcpy(rows, all, sizeof all);
	result->features = rows;
	result->features_len = sizeof all / sizeof all[0];
	result->tier = !(f.bwrap && f.namespaces && f.seccomp) ? SANDBOX_PROBE_RESULT_TIER_NONE
		       : f.memory && f.pids		       ? SANDBOX_PROBE_RESULT_TIER_FULL
					    : SANDBOX_PROBE_RESULT_TIER_UNPRIVILEGED;
	return WN_OK;
}
