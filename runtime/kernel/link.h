/*
 * Links: the engine as a client of a local process of ours (shim, plugin) over a unix socket.
 * Owns the connection and its open calls. wn_link_ask() belongs to job threads, the rest to the
 * loop.
 */
#ifndef RUNTIME_KERNEL_LINK_H
#define RUNTIME_KERNEL_LINK_H

#include "runtime/abi/host.h"
#include "runtime/kernel/loop.h"

/* Connects (a unix socket does so at once or fails: WN_E_UNAVAILABLE). on_close comes once, later,
 * unless wn_link_close() came first; the link is still the owner's to close then. */
wn_err wn_link_open(struct wn_loop *loop, const char *path, const struct wn_link_ops *ops,
		    void *arg, struct wn_link **out) WN_MUST;
/* reply is called once: with the answer, or WN_E_CLOSED when the link ends first. */
wn_err wn_link_call(struct wn_link *l, const char *method, struct wn_str params,
		    struct wn_str attachment, wn_link_reply_fn reply, void *arg);
wn_err wn_link_notify(struct wn_link *l, const char *method, struct wn_str params,
		      struct wn_str attachment);
/* Open calls are answered with WN_E_CLOSED before it returns; frees it. Nullable. */
void wn_link_close(struct wn_link *l);

/* One request over a connection of its own, waited for. Results live in ctx->arena. */
wn_err wn_link_ask(struct wn_ctx *ctx, int wake_fd, const char *path, const char *method,
		   struct wn_str params, struct wn_str attachment, struct wn_str *result_out,
		   struct wn_str *attachment_out) WN_MUST;

#endif
