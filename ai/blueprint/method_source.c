/*
 * blueprint.check, read, edit, print: blueprints as text and what is found in them.
 */
#include "ai/blueprint/methods.h"
#include "ai/blueprint/source/edit.h"

#define TEXT_MAX ((size_t)16 << 20)

static struct wn_str *
missing(struct wn_ctx *ctx, const struct blueprint_source *s, size_t *n_out)
{
	struct wn_str *out =
		(struct wn_str *)wn_arena_array(ctx->arena, s->missing.len + 1, sizeof *out);

	*n_out = s->missing.len < BLUEPRINT_SOURCE_FILES ? s->missing.len : BLUEPRINT_SOURCE_FILES;
	for (size_t i = 0; i < *n_out; i++)
		out[i] = wn_arena_str(ctx->arena, wn_str(s->missing.p[i]));
	return out;
}

static wn_err
check_source(struct wn_mod *m, struct wn_ctx *ctx, const struct model_blueprint_source *source,
	     struct blueprint_check_result *result)
{
	struct blueprint_report report = { 0 };
	struct blueprint_source s;
	wn_err err = blueprint_open_source(ctx, source, &s);

	if (!err && s.doc)
		err = blueprint_run_check(m, ctx, s.doc, &report);
	if (!err) {
		const struct blueprint_report *said = s.doc ? &report : &s.report;

		result->valid = said->errors == 0;
		result->findings = blueprint_wire_findings(ctx, said, &s, &result->findings_len);
		result->missing = missing(ctx, &s, &result->missing_len);
	}
	blueprint_report_fini(&report);
	blueprint_source_fini(&s);
	return err;
}

static wn_err
check_document(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str text,
	       struct blueprint_check_result *result)
{
	struct blueprint_report report = { 0 };
	struct wn_json *doc = NULL;
	wn_err err = wn_json_parse(text, NULL, &doc, &ctx->diag);

	if (!err)
		err = blueprint_run_check(m, ctx, doc, &report);
	if (!err) {
		result->valid = report.errors == 0;
		result->findings =
			blueprint_wire_findings(ctx, &report, NULL, &result->findings_len);
	}
	blueprint_report_fini(&report);
	wn_json_free(doc);
	return err;
}

wn_err
blueprint_on_check(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct blueprint_check_params *params,
		   struct blueprint_check_result *result)
{
	if ((params->blueprint.p != NULL) == (params->source != NULL))
		return WN_FAIL(ctx, WN_E_INVALID, "give either \"blueprint\" or \"source\"");
	return params->source ? check_source(m, ctx, params->source, result)
			      : check_document(m, ctx, params->blueprint, result);
}

/* A document as text in ctx->arena. */
static wn_err
as_text(struct wn_ctx *ctx, const struct wn_json *doc, struct wn_str *out)
{
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, TEXT_MAX);
	err = wn_json_print(doc, &b);
	if (!err)
		*out = wn_arena_str(ctx->arena, wn_buf_view(&b));
	wn_buf_fini(&b);
	return err ? WN_FAIL(ctx, err, "the blueprint is too large") : WN_OK;
}

wn_err
blueprint_on_read(struct wn_mod *m, struct wn_ctx *ctx, const struct blueprint_read_params *params,
		  struct blueprint_read_result *result)
{
	struct blueprint_source s;
	wn_err err = blueprint_open_source(ctx, &params->source, &s);

	(void)m;
	result->format = s.files.len && blueprint_source_format(&s.files.p[0]) == BLUEPRINT_YAML
				 ? BLUEPRINT_READ_RESULT_FORMAT_YAML
				 : BLUEPRINT_READ_RESULT_FORMAT_JSON;
	if (!err && s.doc && wn_json_type(s.doc) != WN_JSON_OBJECT)
		blueprint_report_at(&s.report, BLUEPRINT_ERROR, "read", "",
				    "Begin with \"blueprint: \\\"1.0\\\"\".",
				    "A blueprint is an object: names and their values.");
	else if (!err && s.doc)
		err = as_text(ctx, s.doc, &result->blueprint);
	if (!err) {
		result->findings =
			blueprint_wire_findings(ctx, &s.report, &s, &result->findings_len);
		result->missing = missing(ctx, &s, &result->missing_len);
	}
	blueprint_source_fini(&s);
	return err;
}

static wn_err
parse_edits(struct wn_ctx *ctx, const struct blueprint_edit_params *params,
	    struct blueprint_edit *edits, struct wn_json **values)
{
	for (size_t i = 0; i < params->edits_len; i++) {
		const struct blueprint_edit_params_edits_item *e = &params->edits[i];
		bool removes = e->op == BLUEPRINT_EDIT_PARAMS_EDITS_ITEM_OP_REMOVE;

		edits[i].op = removes ? BLUEPRINT_EDIT_REMOVE
			      : e->op == BLUEPRINT_EDIT_PARAMS_EDITS_ITEM_OP_ADD
				      ? BLUEPRINT_EDIT_ADD
				      : BLUEPRINT_EDIT_SET;
		edits[i].pointer = wn_arena_strndup(ctx->arena, e->pointer.p, e->pointer.len);
		if (removes)
			continue;
		if (!e->value.p)
			return WN_FAIL(ctx, WN_E_INVALID, "edit %zu has no value", i + 1);
		wn_err err = wn_json_parse(e->value, NULL, &values[i], &ctx->diag);

		if (err)
			return err;
		edits[i].value = values[i];
	}
	return WN_OK;
}

wn_err
blueprint_on_edit(struct wn_mod *m, struct wn_ctx *ctx, const struct blueprint_edit_params *params,
		  struct blueprint_edit_result *result)
{
	size_t n = params->edits_len;
	struct wn_json **values = wn_arena_array(ctx->arena, n + 1, sizeof *values);
	struct blueprint_edit *edits = wn_arena_array(ctx->arena, n + 1, sizeof *edits);
	struct blueprint_file file = {
		params->source.path.p ? wn_arena_strndup(ctx->arena, params->source.path.p,
							 params->source.path.len)
				      : "blueprint",
		params->source.text,
	};
	struct wn_buf out;
	wn_err err = parse_edits(ctx, params, edits, values);

	(void)m;
	wn_buf_init(&out, TEXT_MAX / 2);
	if (!err)
		err = blueprint_edit(&file, edits, n, &out, &ctx->diag);
	if (!err)
		result->text = wn_arena_str(ctx->arena, wn_buf_view(&out));
	for (size_t i = 0; i < n; i++)
		wn_json_free(values[i]);
	wn_buf_fini(&out);
	return err ? WN_FAIL(ctx, err, "the blueprint could not be edited") : WN_OK;
}

wn_err
blueprint_on_print(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct blueprint_print_params *params,
		   struct blueprint_print_result *result)
{
	struct wn_json *doc = NULL;
	struct wn_buf out;
	wn_err err = wn_json_parse(params->blueprint, NULL, &doc, &ctx->diag);

	(void)m;
	wn_buf_init(&out, TEXT_MAX);
	if (!err && params->format == BLUEPRINT_PRINT_PARAMS_FORMAT_YAML)
		err = blueprint_yaml_print(doc, BLUEPRINT_YAML_DOCUMENT, 0, &out);
	else if (!err)
		err = blueprint_json_print(doc, 0, &out) ? out.err : wn_buf_chr(&out, '\n');
	if (!err)
		result->text = wn_arena_str(ctx->arena, wn_buf_view(&out));
	wn_buf_fini(&out);
	wn_json_free(doc);
	return err ? WN_FAIL(ctx, err, "the blueprint is too large to print") : WN_OK;
}
