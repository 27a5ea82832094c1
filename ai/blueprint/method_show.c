/*
 * blueprint.explain, diff, graph: what a blueprint is, what a new revision changes, what it looks
 * like.
 */
#include "ai/blueprint/diff.h"
#include "ai/blueprint/explain.h"
#include "ai/blueprint/graph/graph.h"
#include "ai/blueprint/methods.h"

#define TEXT_MAX (1u << 18)
#define GRAPH_MAX ((size_t)4 << 20)
#define CHANGES_MAX 2000

wn_err
blueprint_on_explain(struct wn_mod *m, struct wn_ctx *ctx,
		     const struct blueprint_explain_params *params,
		     struct blueprint_explain_result *result)
{
	bool arabic = params->locale == BLUEPRINT_EXPLAIN_PARAMS_LOCALE_AR;
	struct wn_json *doc = NULL;
	struct wn_buf text;
	wn_err err = blueprint_checked(m, ctx, params->blueprint, &doc);

	wn_buf_init(&text, TEXT_MAX);
	if (!err)
		err = blueprint_explain(doc, arabic ? "ar" : "en", &text);
	if (!err)
		result->text = wn_arena_str(ctx->arena, wn_buf_view(&text));
	wn_buf_fini(&text);
	wn_json_free(doc);
	return err;
}

static void
convert(struct wn_arena *a, const struct blueprint_change *c,
	struct blueprint_diff_result_changes_item *out)
{
	out->kind = blueprint_diff_result_changes_item_kind_value(wn_str(c->verb));
	if (!out->kind)
		out->kind = BLUEPRINT_DIFF_RESULT_CHANGES_ITEM_KIND_CHANGE;
	out->class = c->class == BLUEPRINT_SAFE ? BLUEPRINT_DIFF_RESULT_CHANGES_ITEM_CLASS_SAFE
		     : c->class == BLUEPRINT_NEEDS_DATA
			     ? BLUEPRINT_DIFF_RESULT_CHANGES_ITEM_CLASS_NEEDS_DATA
			     : BLUEPRINT_DIFF_RESULT_CHANGES_ITEM_CLASS_DESTRUCTIVE;
	out->id = wn_str(wn_arena_strdup(a, c->id));
	out->pointer = wn_str(wn_arena_strdup(a, c->pointer));
	out->text = wn_str(wn_arena_strdup(a, c->text));
	out->has_breaking = out->has_covered = true;
	out->breaking = c->breaking;
	out->covered = c->covered;
}

wn_err
blueprint_on_diff(struct wn_mod *m, struct wn_ctx *ctx, const struct blueprint_diff_params *params,
		  struct blueprint_diff_result *result)
{
	struct wn_json *from = NULL, *to = NULL;
	struct blueprint_diff diff = { 0 };
	wn_err err = wn_json_parse(params->from, NULL, &from, &ctx->diag);

	(void)m;
	if (!err)
		err = wn_json_parse(params->to, NULL, &to, &ctx->diag);
	if (!err) {
		err = blueprint_diff(from, to, &diff, &ctx->diag);
		result->changes = (struct blueprint_diff_result_changes_item *)wn_arena_array(
			ctx->arena, diff.changes.len + 1, sizeof *result->changes);
		result->changes_len =
			diff.changes.len < CHANGES_MAX ? diff.changes.len : CHANGES_MAX;
		for (size_t i = 0; i < result->changes_len; i++)
			convert(ctx->arena, &diff.changes.p[i], &result->changes[i]);
		blueprint_diff_fini(&diff);
	}
	wn_json_free(from);
	wn_json_free(to);
	return err;
}

static enum blueprint_graph_format
format_of(enum blueprint_graph_params_format f)
{
	switch (f) {
	case BLUEPRINT_GRAPH_PARAMS_FORMAT_SVG:
		return BLUEPRINT_GRAPH_SVG;
	case BLUEPRINT_GRAPH_PARAMS_FORMAT_MERMAID:
		return BLUEPRINT_GRAPH_MERMAID;
	case BLUEPRINT_GRAPH_PARAMS_FORMAT_JSON:
		return BLUEPRINT_GRAPH_JSON;
	default:
		return BLUEPRINT_GRAPH_TEXT;
	}
}

wn_err
blueprint_on_graph(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct blueprint_graph_params *params,
		   struct blueprint_graph_result *result)
{
	struct blueprint_graph_options o = {
		.of = params->of == BLUEPRINT_GRAPH_PARAMS_OF_PAGES ? BLUEPRINT_GRAPH_PAGES
								    : BLUEPRINT_GRAPH_ENTITIES,
		.format = format_of(params->format),
		.width = params->has_width ? (unsigned)params->width : 80,
		.no_fields = params->has_fields && !params->fields,
		.locale = params->locale == BLUEPRINT_GRAPH_PARAMS_LOCALE_AR   ? "ar"
			  : params->locale == BLUEPRINT_GRAPH_PARAMS_LOCALE_EN ? "en"
									       : NULL,
	};
	struct wn_json *doc = NULL;
	struct wn_buf text;
	wn_err err = blueprint_checked(m, ctx, params->blueprint, &doc);

	wn_buf_init(&text, GRAPH_MAX);
	if (!err)
		err = blueprint_graph(doc, &o, &text);
	if (!err)
		result->text = wn_arena_str(ctx->arena, wn_buf_view(&text));
	wn_buf_fini(&text);
	wn_json_free(doc);
	return err ? WN_FAIL(ctx, err, "the picture is too large") : WN_OK;
}
