/*
 * What a generated client stub needs of its caller: a way to send one request and to be
 * told its answer. The terminal client, the command line and tests each bring their own.
 */
#ifndef RUNTIME_BASE_RPC_PORT_H
#define RUNTIME_BASE_RPC_PORT_H

#include "runtime/base/error.h"
#include "runtime/base/str.h"

/* err 0: result is JSON text and attachment its raw bytes, both borrowed for the call; else d says
 * why. */
typedef void (*wn_rpc_reply_fn)(void *arg, wn_err err, struct wn_str result,
				struct wn_str attachment, const struct wn_diag *d);

struct wn_rpc_port {
	/* Sends; reply is called exactly once, later, also when the link breaks. */
	wn_err (*call)(struct wn_rpc_port *port, const char *method, struct wn_str params,
		       struct wn_str attachment, wn_rpc_reply_fn reply, void *arg);
};

#endif
