/*
 * Interface "gateway" 1.0: at which address is a running platform reached? A gateway puts TLS,
 * limits, sign-in and a name in front. Extension point: extensions/gateway has none and gives the
 * platform's own address.
 */
#ifndef RUNTIME_ABI_IFACE_GATEWAY_H
#define RUNTIME_ABI_IFACE_GATEWAY_H

#include "runtime/abi/module.h"

struct wn_gateway_address {
	const char *url;    /* http or https; in ctx->arena */
	bool gated;	    /* a gateway stands in front of it */
	const char *reason; /* why not; NULL when gated */
};

struct wn_iface_gateway {
	/* Makes a platform reachable and says where. upstream is the http(s) address it listens on;
	 * else WN_E_INVALID, as for an empty workspace. Publishing again moves it to the new
	 * upstream. [job] */
	wn_err (*publish)(struct wn_mod *, struct wn_ctx *, struct wn_str workspace,
			  struct wn_str upstream, struct wn_gateway_address *out);
	/* Ends that; fine when it was not published. [job] */
	wn_err (*withdraw)(struct wn_mod *, struct wn_ctx *, struct wn_str workspace);
};

#endif
