/*
 * extensions/gateway, the null module: nothing stands in front of a platform; its own address is
 * the answer.
 */
#include "gen/gateway.h"
#include "runtime/abi/iface_gateway.h"

enum { URL_MAX = 2048 };

static bool
is_address(struct wn_str url)
{
	struct wn_str rest = WN_STR_NONE;

	if (wn_str_has_prefix(url, WN_STR("http://")))
		rest = wn_str_sub(url, 7, url.len);
	else if (wn_str_has_prefix(url, WN_STR("https://")))
		rest = wn_str_sub(url, 8, url.len);
	for (size_t i = 0; i < url.len; i++) {
		if ((unsigned char)url.p[i] <= ' ' || (unsigned char)url.p[i] >= 127)
			return false;
	}
	return rest.len > 0 && rest.p[0] != '/' && url.len <= URL_MAX;
}

static wn_err
publish(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str workspace, struct wn_str upstream,
	struct wn_gateway_address *out)
{
	(void)m;
	if (workspace.len == 0 || !is_address(upstream))
		return WN_FAIL(ctx, WN_E_INVALID,
			       "a workspace and an http or https address are needed");
	*out = (struct wn_gateway_address){ .url = wn_arena_strndup(ctx->arena, upstream.p,
								    upstream.len),
					    .reason = "no gateway is installed" };
	return WN_OK;
}

static wn_err
withdraw(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str workspace)
{
	(void)m;
	return workspace.len > 0 ? WN_OK : WN_FAIL(ctx, WN_E_INVALID, "a workspace is needed");
}

static const struct wn_iface_gateway vtable = { .publish = publish, .withdraw = withdraw };

static const struct wn_iface_decl offers[] = { { "gateway", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
	return WN_OK;
}

const struct wn_module gateway_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "gateway",
	.version = "1.0.0",
	.manifest = gateway_manifest,
	.offers = offers,
	.init = init,
};
