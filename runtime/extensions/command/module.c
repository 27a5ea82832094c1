/*
 * extensions/command, the null module: a command centre of one engine, this one.
 */
#include "gen/command.h"
#include "runtime/abi/iface_command.h"
#include "runtime/base/json.h"

static wn_err
engines(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_command_engine **out, size_t *n_out)
{
	struct wn_command_engine *e = WN_ARENA_NEW(ctx->arena, struct wn_command_engine);

	(void)m;
	*e = (struct wn_command_engine){
		.id = "self", .name = "this engine", .self = true, .reachable = true
	};
	*out = e;
	*n_out = 1;
	return WN_OK;
}

static bool
is_object(struct wn_str text)
{
	struct wn_json *j = NULL;
	bool ok = wn_json_parse(text, NULL, &j, NULL) == WN_OK && wn_json_type(j) == WN_JSON_OBJECT;

	wn_json_free(j);
	return ok;
}

static wn_err
send_to(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str engine, struct wn_str method,
	struct wn_str params, struct wn_str *result_out)
{
	(void)m;
	*result_out = WN_STR_NONE;
	if (wn_str_is(engine, "self"))
		return WN_FAIL(ctx, WN_E_INVALID, "this engine is asked directly");
	if (method.len == 0 || !is_object(params))
		return WN_FAIL(ctx, WN_E_INVALID, "a method and an object as params are needed");
	return WN_FAIL(ctx, WN_E_NOT_FOUND,
		       "there is no engine %.*s: no command centre is installed",
		       WN_STR_ARG(engine));
}

static const struct wn_iface_command vtable = { .engines = engines, .send = send_to };

static const struct wn_iface_decl offers[] = { { "command", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
	return WN_OK;
}

const struct wn_module command_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "command",
	.version = "1.0.0",
	.manifest = command_manifest,
	.offers = offers,
	.init = init,
};
