/*
 * modules/platform: descriptor. It has no state and no table: what it does is done by others.
 */
#include "runtime/modules/platform/platform.h"

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
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
};
