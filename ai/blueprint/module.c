/*
 * ai/blueprint as a module: descriptor, lifecycle, and the interface "blueprint".
 */
#include "ai/blueprint/methods.h"
#include "runtime/abi/iface_blueprint.h"
#include "runtime/base/mem.h"

static wn_err
check(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_json *doc,
      const struct wn_finding **findings_out, size_t *n_out, size_t *errors_out)
{
	struct blueprint_report report = { 0 };
	struct wn_finding *out;
	wn_err err = blueprint_run_check(m, ctx, doc, &report);

	*n_out = *errors_out = 0;
	out = (struct wn_finding *)wn_arena_array(ctx->arena, report.findings.len + 1, sizeof *out);
	for (size_t i = 0; !err && i < report.findings.len; i++) {
		const struct blueprint_finding *f = &report.findings.p[i];

		out[i] = (struct wn_finding){
			.is_error = f->severity == BLUEPRINT_ERROR,
			.pointer = wn_arena_strdup(ctx->arena, f->pointer),
			.text = wn_arena_strdup(ctx->arena, f->text),
			.hint = f->hint ? wn_arena_strdup(ctx->arena, f->hint) : NULL,
		};
		*errors_out += out[i].is_error;
		*n_out = i + 1;
	}
	*findings_out = out;
	blueprint_report_fini(&report);
	return err;
}

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct blueprint_state *s = WN_NEW(struct blueprint_state);

	(void)host;
	pthread_mutex_init(&s->lock, NULL);
	m->state = s;
	return WN_OK;
}

static void
fini(struct wn_mod *m)
{
	struct blueprint_state *s = (struct blueprint_state *)m->state;

	if (s->set)
		wn_schema_set_free(s->set);
	pthread_mutex_destroy(&s->lock);
	wn_free(s);
	m->state = NULL;
}

static const struct wn_iface_blueprint vtable = { .check = check };
static const struct wn_iface_decl offers[] = { { "blueprint", 1, 0, &vtable, 0 }, { 0 } };

const struct wn_module blueprint_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "blueprint",
	.version = "1.0.0",
	.manifest = blueprint_manifest,
	.offers = offers,
	.methods = blueprint_methods,
	.init = init,
	.fini = fini,
};
