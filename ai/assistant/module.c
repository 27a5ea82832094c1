/*
 * ai/assistant: descriptor. It has no state: conversations are events.
 */
#include "ai/assistant/assistant.h"

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
	return WN_OK;
}

const struct wn_module assistant_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "assistant",
	.version = "1.0.0",
	.manifest = assistant_manifest,
	.needs = assistant_needs,
	.methods = assistant_methods,
	.init = init,
};
