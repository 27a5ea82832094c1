/*
 * ai/provider/openai: descriptor. It has no state: settings and environment are read for each
 * question.
 */
#include "ai/provider/openai/openai.h"

static const struct wn_iface_provider vtable = {
	.facts = openai_facts,
	.chat = openai_chat,
};

static const struct wn_iface_decl offers[] = { { "provider", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
	return WN_OK;
}

const struct wn_module openai_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "openai",
	.version = "1.0.0",
	.manifest = openai_manifest,
	.offers = offers,
	.init = init,
};
