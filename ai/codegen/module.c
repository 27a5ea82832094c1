/*
 * ai/codegen as a module: the generator library behind interface "codegen".
 */
#include "ai/codegen/output.h"

#include <string.h>

#include "ai/codegen/codegen.h"
#include "gen/codegen.h"
#include "runtime/abi/host.h"
#include "runtime/abi/iface_codegen.h"
#include "runtime/base/hash.h"

static wn_err
generate_into(struct wn_mod *m, struct wn_ctx *ctx, const char *dir,
	      const struct wn_json *blueprint, bool dry_run, const struct wn_codegen_past *past,
	      struct wn_codegen_outcome *out)
{
	struct codegen_files files = { 0 };
	struct wn_json *schema = NULL;
	wn_err err = codegen_read_schema(dir, ctx, &schema);

	(void)m;
	if (!err)
		err = codegen_generate(blueprint, &(struct codegen_options){ .schema = schema },
				       &files, &ctx->diag);
	if (!err)
		err = codegen_output(&files, dir, dry_run, past, ctx, out);
	codegen_files_fini(&files);
	wn_json_free(schema);
	return err;
}

static wn_err
record(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const struct wn_json *blueprint,
       const struct wn_codegen_outcome *outcome)
{
	struct codegen_generated e = { .workspace = wn_str(workspace) };
	char hash[WN_SHA256_HEX];
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, 64u << 20);
	err = wn_json_print_canonical(blueprint, &text);
	wn_sha256_hex(text.p ? text.p : "", text.len, hash);
	wn_buf_fini(&text);
	if (err)
		return WN_FAIL(ctx, err, "the blueprint is too large to record");
	e.revision = (int64_t)wn_json_get_num(blueprint, "revision", 1);
	e.blueprint_sha256 = wn_str(hash);
	e.files = outcome->files;
	e.written = outcome->written;
	e.kept = (int64_t)outcome->kept.len;
	return emit_codegen_generated(m, ctx,
				      wn_arena_printf(ctx->arena, "workspace/%s", workspace), &e);
}

static const struct wn_iface_codegen vtable = { .generate_into = generate_into, .record = record };
static const struct wn_iface_decl offers[] = { { "codegen", 2, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
	return WN_OK;
}

const struct wn_module codegen_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "codegen",
	.version = "1.0.0",
	.manifest = codegen_manifest,
	.offers = offers,
	.init = init,
};
