/*
 * extensions/pipeline, the null module: it checks a pipeline as any runner must, and then says that
 * there is none.
 */
#include "gen/pipeline.h"
#include "runtime/abi/iface_pipeline.h"
#include "runtime/base/json.h"

static bool
is_object(struct wn_str text)
{
	struct wn_json *j = NULL;
	bool ok = text.len == 0 || (wn_json_parse(text, NULL, &j, NULL) == WN_OK &&
				    wn_json_type(j) == WN_JSON_OBJECT);

	wn_json_free(j);
	return ok;
}

static bool
is_taken(const struct wn_pipeline_stage *stages, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (strcmp(stages[k].name, stages[i].name) == 0)
			return true;
	}
	return false;
}

static wn_err
check(struct wn_ctx *ctx, struct wn_str workspace, const struct wn_pipeline_stage *stages, size_t n)
{
	if (workspace.len == 0 || n == 0 || n > WN_PIPELINE_STAGES_MAX)
		return WN_FAIL(ctx, WN_E_INVALID, "a pipeline needs a workspace and 1 to %d stages",
			       WN_PIPELINE_STAGES_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct wn_pipeline_stage *s = &stages[i];

		if (!s->name || !s->name[0] || !s->method || !s->method[0] || !is_object(s->params))
			return WN_FAIL(ctx, WN_E_INVALID,
				       "stage %zu needs a name, a method and an object as params",
				       i + 1);
		if (is_taken(stages, i))
			return WN_FAIL(ctx, WN_E_INVALID, "two stages are called %s", s->name);
	}
	return WN_OK;
}

static wn_err
submit(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str workspace,
       const struct wn_pipeline_stage *stages, size_t n, char id_out[WN_ULID_MAX])
{
	wn_err err = check(ctx, workspace, stages, n);

	(void)m;
	id_out[0] = '\0';
	return err ? err
		   : WN_FAIL(ctx, WN_E_UNAVAILABLE,
			     "no runner of pipelines is installed; nothing was run");
}

static wn_err
state(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id, struct wn_pipeline_state *out)
{
	(void)m;
	*out = (struct wn_pipeline_state){ 0 };
	return WN_FAIL(ctx, WN_E_NOT_FOUND, "there is no run %.*s", WN_STR_ARG(id));
}

static const struct wn_iface_pipeline vtable = { .submit = submit, .state = state };

static const struct wn_iface_decl offers[] = { { "pipeline", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
	return WN_OK;
}

const struct wn_module pipeline_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "pipeline",
	.version = "1.0.0",
	.manifest = pipeline_manifest,
	.offers = offers,
	.init = init,
};
