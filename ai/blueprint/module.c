/*
 * ai/blueprint as a module: the pure checks behind methods and interface "blueprint".
 */
#include <pthread.h>
#include <string.h>

#include "ai/blueprint/check.h"
#include "ai/blueprint/diff.h"
#include "ai/blueprint/explain.h"
#include "gen/blueprint.h"
#include "gen/schemas.h"
#include "runtime/abi/host.h"
#include "runtime/abi/iface_blueprint.h"
#include "runtime/base/mem.h"

#define SCHEMA_URI "urn:webnova:model:blueprint"
#define TEXT_MAX (1u << 18)

/* The contract is compiled when the first blueprint comes: most engine starts see none. */
struct blueprint_state {
	pthread_mutex_t lock;
	struct wn_schema_set *set;
	const struct wn_schema *schema;
};

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

/* A report with errors is an answer; only what kept the check from running is a failure. */
static wn_err
run_check(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_json *doc,
	  struct blueprint_report *report)
{
	const struct wn_schema *schema;
	wn_err err = contract(m, ctx, &schema);

	if (err)
		return err;
	err = blueprint_check(doc, schema, report);
	if (err == WN_E_SCHEMA || err == WN_E_INVALID)
		err = WN_OK;
	return err ? WN_FAIL(ctx, err, "the blueprint could not be checked") : WN_OK;
}

static wn_err
check(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_json *doc,
      const struct wn_finding **findings_out, size_t *n_out, size_t *errors_out)
{
	struct blueprint_report report = { 0 };
	struct wn_finding *out;
	wn_err err = run_check(m, ctx, doc, &report);

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

wn_err
blueprint_on_check(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct blueprint_check_params *params,
		   struct blueprint_check_result *result)
{
	const struct wn_finding *found = NULL;
	struct wn_json *doc = NULL;
	size_t n = 0, errors = 0;
	wn_err err = wn_json_parse(params->blueprint, NULL, &doc, &ctx->diag);

	if (!err)
		err = check(m, ctx, doc, &found, &n, &errors);
	wn_json_free(doc);
	if (err)
		return err;
	result->valid = errors == 0;
	result->findings_len = n < 200 ? n : 200;
	result->findings = (struct model_finding *)wn_arena_array(
		ctx->arena, result->findings_len + 1, sizeof *result->findings);
	for (size_t i = 0; i < result->findings_len; i++)
		result->findings[i] = (struct model_finding){
			.severity = found[i].is_error ? MODEL_FINDING_SEVERITY_ERROR
						      : MODEL_FINDING_SEVERITY_WARNING,
			.pointer = wn_str(found[i].pointer),
			.text = wn_str(found[i].text),
			.hint = wn_str(found[i].hint),
		};
	return WN_OK;
}

wn_err
blueprint_on_explain(struct wn_mod *m, struct wn_ctx *ctx,
		     const struct blueprint_explain_params *params,
		     struct blueprint_explain_result *result)
{
	bool arabic = params->locale == BLUEPRINT_EXPLAIN_PARAMS_LOCALE_AR;
	const struct wn_finding *found;
	struct wn_json *doc = NULL;
	size_t n = 0, errors = 0;
	struct wn_buf text;
	wn_err err = wn_json_parse(params->blueprint, NULL, &doc, &ctx->diag);

	wn_buf_init(&text, TEXT_MAX);
	if (!err)
		err = check(m, ctx, doc, &found, &n, &errors);
	if (!err && errors > 0)
		err = WN_FAIL(ctx, WN_E_SCHEMA, "the blueprint has %zu errors; see blueprint.check",
			      errors);
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
		result->changes_len = diff.changes.len < 2000 ? diff.changes.len : 2000;
		for (size_t i = 0; i < result->changes_len; i++)
			convert(ctx->arena, &diff.changes.p[i], &result->changes[i]);
		blueprint_diff_fini(&diff);
	}
	wn_json_free(from);
	wn_json_free(to);
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
