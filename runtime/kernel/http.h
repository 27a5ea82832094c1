/*
 * One HTTP exchange in a job thread, over libcurl, which is loaded at first use only: an engine
 * that never calls out pays nothing for it. The one place that knows curl.
 */
#ifndef RUNTIME_KERNEL_HTTP_H
#define RUNTIME_KERNEL_HTTP_H

#include "runtime/abi/host.h"

/* wake_fd: readable once ctx is cancelled; -1: looked at a few times a second. WN_E_NETWORK when
 * the other end cannot be reached, WN_E_UNSUPPORTED when the machine has no libcurl. Job thread. */
wn_err wn_http_exchange(struct wn_ctx *ctx, int wake_fd, const struct wn_http *h,
			struct wn_http_result *out) WN_MUST;

#endif
