/*
 * The context of one call, event or job: who, for whom, until when, why.
 * Headers only. A ctx lives as long as its call; nothing may keep a pointer to it.
 */
#ifndef RUNTIME_ABI_CTX_H
#define RUNTIME_ABI_CTX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/error.h"

struct wn_call; /* an open request; kernel's */
struct wn_job;	/* a job; kernel's */

struct wn_ctx {
	const char *tenant;	     /* "local" on a single-user engine */
	const char *actor;	     /* "user:1000", "engine", "plugin:x" */
	const char *correlation;     /* ULID: one for everything a request led to */
	const char *causation;	     /* id of the event or request that led here; nullable */
	const char *const *roles;    /* NULL-terminated */
	int64_t deadline_ns;	     /* monotonic; 0: none */
	const atomic_int *cancelled; /* nullable */
	struct wn_arena *arena;	     /* scratch that dies with the ctx; one thread */
	struct wn_call *call;	     /* nullable: the request being answered */
	struct wn_job *job;	     /* nullable: set in job threads */
	struct wn_diag diag;	     /* the failure's text; first cause kept */
};

/* True once the caller has cancelled; long work asks between steps. Any thread. */
static inline bool
wn_cancelled(const struct wn_ctx *ctx)
{
	return ctx->cancelled && atomic_load_explicit(ctx->cancelled, memory_order_relaxed) != 0;
}

/* wn_fail() on the ctx: return WN_FAIL(ctx, WN_E_NOT_FOUND, "no workspace %s", id); */
#define WN_FAIL(ctx, code, ...) wn_fail(&(ctx)->diag, (code), __VA_ARGS__)

#endif
