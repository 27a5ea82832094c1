/*
 * What the methods share: the compiled contract, checks, findings on the wire.
 */
#include "ai/blueprint/methods.h"

#include "ai/blueprint/check.h"
#include "gen/schemas.h"

#define SCHEMA_URI "urn:webnova:model:blueprint"
#define FINDINGS_MAX 200

static wn_err
compile(struct blueprint_state *s, struct wn_diag *d)
{
	struct wn_json *doc = NULL;
	wn_err err = wn_json_parse(wn_str(wn_schema_text(SCHEMA_URI)), NULL, &doc, d);

	s->set = wn_schema_set_new(NULL);
	if (!err)
		err = wn_schema_set_add(s->set, SCHEMA_URI, doc, d);
	if (!err)
		err = wn_schema_compile(s->set, SCHEMA_URI, &s->schema, d);
	wn_json_free(doc);
	if (err) {
		wn_schema_set_free(s->set);
		s->set = NULL;
	}
	return err;
}

static wn_err
contract(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_schema **out)
{
	struct blueprint_state *s = (struct blueprint_state *)m->state;
	wn_err err = WN_OK;

	pthread_mutex_lock(&s->lock);
	if (!s->schema)
		err = compile(s, &ctx->diag);
	*out = s->schema;
	pthread_mutex_unlock(&s->lock);
	return err;
}

wn_err
blueprint_run_check(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_json *doc,
		    struct blueprint_report *report)
{
	const struct wn_schema *schema;
	wn_err err = contract(m, ctx, &schema);

	if (err) {
		blueprint_report_init(report, NULL);
		return err;
	}
	err = blueprint_check(doc, schema, report);
	if (err == WN_E_SCHEMA || err == WN_E_INVALID)
		err = WN_OK;
	return err ? WN_FAIL(ctx, err, "the blueprint could not be checked") : WN_OK;
}

wn_err
blueprint_checked(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str text,
		  struct wn_json **doc_out)
{
	struct blueprint_report report = { 0 };
	wn_err err = wn_json_parse(text, NULL, doc_out, &ctx->diag);

	if (!err)
		err = blueprint_run_check(m, ctx, *doc_out, &report);
	if (!err && report.errors > 0)
		err = WN_FAIL(ctx, WN_E_SCHEMA, "the blueprint has %zu errors; see blueprint.check",
			      report.errors);
	blueprint_report_fini(&report);
	if (err) {
		wn_json_free(*doc_out);
		*doc_out = NULL;
	}
	return err;
}

static void
convert(struct wn_ctx *ctx, const struct blueprint_finding *f, struct blueprint_source *places,
	struct model_finding *out)
{
	struct blueprint_place p = { f->file, f->line, f->column };
	const char *hint = f->hint;

	if (places && places->doc) {
		hint = blueprint_source_hint(places, f->pointer, f->text, f->hint);
		if (!p.file)
			(void)blueprint_source_place(places, f->pointer, &p);
	}
	*out = (struct model_finding){
		.severity = f->severity == BLUEPRINT_ERROR ? MODEL_FINDING_SEVERITY_ERROR
							   : MODEL_FINDING_SEVERITY_WARNING,
		.pointer = wn_str(wn_arena_strdup(ctx->arena, f->pointer)),
		.text = wn_str(wn_arena_strdup(ctx->arena, f->text)),
		.hint = hint ? wn_str(wn_arena_strdup(ctx->arena, hint)) : WN_STR_NONE,
	};
	if (!p.file)
		return;
	out->file = wn_str(wn_arena_strdup(ctx->arena, p.file));
	out->has_line = out->has_column = true;
	out->line = (int64_t)p.line;
	out->column = (int64_t)p.column;
}

struct model_finding *
blueprint_wire_findings(struct wn_ctx *ctx, const struct blueprint_report *report,
			struct blueprint_source *places, size_t *n_out)
{
	size_t n = report->findings.len < FINDINGS_MAX ? report->findings.len : FINDINGS_MAX;
	struct model_finding *out =
		(struct model_finding *)wn_arena_array(ctx->arena, n + 1, sizeof *out);

	for (size_t i = 0; i < n; i++)
		convert(ctx, &report->findings.p[i], places, &out[i]);
	*n_out = n;
	return out;
}

wn_err
blueprint_open_source(struct wn_ctx *ctx, const struct model_blueprint_source *source,
		      struct blueprint_source *out)
{
	size_t n = source->files_len + 1;
	struct blueprint_file *files =
		(struct blueprint_file *)wn_arena_array(ctx->arena, n, sizeof *files);
	wn_err err;

	files[0].path = source->path.p
				? wn_arena_strndup(ctx->arena, source->path.p, source->path.len)
				: "blueprint";
	files[0].text = source->text;
	for (size_t i = 1; i < n; i++) {
		const struct model_blueprint_file *f = &source->files[i - 1];

		files[i].path = wn_arena_strndup(ctx->arena, f->path.p, f->path.len);
		files[i].text = f->text;
	}
	err = blueprint_source_read(files, n, out);
	return err && out->report.errors == 0 ? WN_FAIL(ctx, err, "the blueprint could not be read")
					      : WN_OK;
}
