/*
 * Runs a program to its end in a job thread: no shell, its own process group, bounded output.
 * Owns the child until it is reaped; leaves none of its group behind, not even when the engine is
 * killed meanwhile (keeper.h).
 */
#ifndef RUNTIME_KERNEL_PROCESS_H
#define RUNTIME_KERNEL_PROCESS_H

#include "runtime/abi/host.h"
#include "runtime/kernel/keeper.h"

/* keeper nullable. wake_fd: readable once ctx is cancelled; -1: looked at every 50 ms.
 * WN_E_CANCELLED and WN_E_DEADLINE after the group was ended (TERM, 2 s later KILL); WN_E_TOOL when
 * the program does not exist. out's text lives in ctx->arena. What the child left running in its
 * group is killed when it ends. Job thread. */
wn_err wn_process_exec(struct wn_ctx *ctx, struct wn_keeper *keeper, int wake_fd,
		       const struct wn_exec *e, struct wn_exec_result *out) WN_MUST;

#endif
