/*
 * What the doctor asks the engine: whether it is there, its store, its sandbox.
 */
#include "gen/engine_types.h"
#include "gen/sandbox_types.h"
#include "tui/cli/doctor.h"
#include "tui/cli/print.h"

static void
store_row(struct doctor *d, const struct engine_info_result *r)
{
	const char *name = engine_info_result_store_name(r->store);

	if (r->store == ENGINE_INFO_RESULT_STORE_OK)
		doctor_row(d, DOCTOR_OK, "store",
			   wn_arena_printf(&d->c->arena, "%lld events in %.*s", (long long)r->seq,
					   WN_STR_ARG(r->state_dir)),
			   NULL, NULL);
	else
		doctor_row(
			d, DOCTOR_ESSENTIAL, "store",
			wn_arena_printf(&d->c->arena, "%s: %.*s", name, WN_STR_ARG(r->store_why)),
			"Nothing can be changed until it can be written.",
			"free space or restore write access; the engine recovers by itself");
}

static void
sandbox_rows(struct doctor *d)
{
	struct sandbox_probe_params params = { 0 };
	struct sandbox_probe_result r;

	if (CLI_ASK(d->c, sandbox_probe, "sandbox.probe", &params, &r) != CLI_OK)
		return;
	for (size_t i = 0; i < r.features_len; i++) {
		const struct sandbox_probe_result_features_item *f = &r.features[i];
		struct wn_arena *a = &d->c->arena;

		doctor_row(d,
			   f->present				      ? DOCTOR_OK
			   : r.tier == SANDBOX_PROBE_RESULT_TIER_NONE ? DOCTOR_ESSENTIAL
								      : DOCTOR_MISSING,
			   wn_arena_strndup(a, f->name.p, f->name.len),
			   f->present ? "works here" : "not possible here",
			   wn_arena_strndup(a, f->cost.p, f->cost.len),
			   wn_arena_strndup(a, f->fix.p, f->fix.len));
	}
}

void
doctor_engine(struct doctor *d)
{
	struct engine_info_params params = { 0 };
	struct engine_info_result r;
	struct cli *c = d->c;
	struct wn_diag why = { 0 };

	if (cli_try_connect(c, true, &why) != 0) {
		doctor_row(d, DOCTOR_ESSENTIAL, "engine", why.text,
			   "Only looking at files works without it.", wn_error_row(why.code)->hint);
		return;
	}
	if (CLI_ASK(c, engine_info, "engine.info", &params, &r) != CLI_OK)
		return;
	doctor_row(d, DOCTOR_OK, "engine",
		   wn_arena_printf(&c->arena, "webnovad %.*s, process %lld", WN_STR_ARG(r.version),
				   (long long)r.pid),
		   NULL, NULL);
	doctor_row(d, DOCTOR_OK, "log", wn_arena_printf(&c->arena, "%.*s", WN_STR_ARG(r.log)), NULL,
		   NULL);
	store_row(d, &r);
	doctor_section(d, "Sandbox");
	sandbox_rows(d);
}
