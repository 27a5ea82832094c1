/*
 * The way of an event into the log: checked, completed, appended, then handed to the bus.
 * Owns the appends under way; may not deliver anything itself.
 */
#ifndef RUNTIME_KERNEL_EMIT_H
#define RUNTIME_KERNEL_EMIT_H

#include "runtime/kernel/kernel.h"

/* host.emit: on the loop returns once accepted (an open call then waits for the commit with its
 * answer); in a job thread returns once durable. Any thread. */
wn_err wn_emit(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_emit *e) WN_MUST;
/* Accepted only, whatever the thread; a failure to store is logged. Any thread. */
wn_err wn_emit_async(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_emit *e) WN_MUST;

#endif
