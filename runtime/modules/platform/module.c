/*
 * modules/platform: descriptor. It has no state and no table: what it does is done by others.
 */
#include "runtime/modules/platform/platform.h"

#include "runtime/abi/host.h"

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
	return WN_OK;
}

static wn_err
start(struct wn_mod *m, struct wn_ctx *ctx)
{
	/* That it could not be begun is no reason not to start: the cards stay. */
	if (platform_recover(m, ctx))
		wn_log(m->host->log, WN_LOG_WARN, "platform", "clearing up was not started",
		       WN_S("why", ctx->diag.text));
	wn_diag_clear(&ctx->diag);
	return WN_OK;
}

const struct wn_module platform_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "platform",
	.version = "1.0.0",
	.manifest = platform_manifest,
	.needs = platform_needs,
	.methods = platform_methods,
	.init = init,
	.start = start,
};
