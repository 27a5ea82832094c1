/*
 * blueprint.import: what others keep their data models in, as a blueprint.
 */
#include "ai/blueprint/import/import.h"
#include "ai/blueprint/methods.h"

#define TEXT_MAX ((size_t)8 << 20)
#define LOST_TEXT_MAX 2000

static enum blueprint_import_format
format_of(enum blueprint_import_params_format f)
{
	switch (f) {
	case BLUEPRINT_IMPORT_PARAMS_FORMAT_OPENAPI:
		return BLUEPRINT_IMPORT_OPENAPI;
	case BLUEPRINT_IMPORT_PARAMS_FORMAT_PRISMA:
		return BLUEPRINT_IMPORT_PRISMA;
	case BLUEPRINT_IMPORT_PARAMS_FORMAT_JDL:
		return BLUEPRINT_IMPORT_JDL;
	default:
		return BLUEPRINT_IMPORT_SQL;
	}
}

static void
put_lost(struct wn_ctx *ctx, const struct blueprint_import *i, struct blueprint_import_result *r)
{
	r->lost = wn_arena_array(ctx->arena, i->lost.len + 1, sizeof *r->lost);
	r->lost_len = i->lost.len;
	for (size_t n = 0; n < i->lost.len; n++) {
		struct wn_str text = wn_str(i->lost.p[n].text);

		r->lost[n].text = wn_arena_str(ctx->arena, wn_str_sub(text, 0, LOST_TEXT_MAX));
		r->lost[n].has_line = i->lost.p[n].line > 0;
		r->lost[n].line = (int64_t)i->lost.p[n].line;
	}
}

wn_err
blueprint_on_import(struct wn_mod *m, struct wn_ctx *ctx,
		    const struct blueprint_import_params *params,
		    struct blueprint_import_result *result)
{
	const char *name = params->name.p
				   ? wn_arena_strndup(ctx->arena, params->name.p, params->name.len)
				   : NULL;
	struct blueprint_import i;
	struct wn_buf b;
	wn_err err =
		blueprint_import(format_of(params->format), params->text, name, &i, &ctx->diag);

	(void)m;
	wn_buf_init(&b, TEXT_MAX);
	if (!err && wn_json_print(i.doc, &b))
		err = WN_FAIL(ctx, b.err, "the blueprint is too large");
	if (!err) {
		result->blueprint = wn_arena_str(ctx->arena, wn_buf_view(&b));
		result->entities = (int64_t)i.entities;
		result->fields = (int64_t)i.fields;
		result->relations = (int64_t)i.relations;
		put_lost(ctx, &i, result);
	}
	wn_buf_fini(&b);
	blueprint_import_fini(&i);
	return err;
}
