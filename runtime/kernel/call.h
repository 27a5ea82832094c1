/*
 * A call: one request from a connection until its answer.
 *
 * Owns the request's ctx, arena, result and attachments. It outlives its connection when a job
 * works for it. Loop thread; the handler's thread may read it through the host functions.
 */
#ifndef RUNTIME_KERNEL_CALL_H
#define RUNTIME_KERNEL_CALL_H

#include "runtime/base/jsonrpc.h"
#include "runtime/kernel/kernel.h"

struct wn_conn;

struct wn_call {
	struct wn_ctx ctx;
	struct wn_arena arena;
	struct wn_server *server;
	struct wn_conn *conn; /* NULL: gone */
	struct wn_call *next,
		*prev;	      /* of the connection's open calls; next also of the free list */
	struct wn_buf id;     /* JSON text; empty: a notification, no answer */
	struct wn_buf result; /* JSON text */
	struct wn_buf attach_out;
	struct wn_str
		attach_in; /* borrowed from the reader while the handler runs, or in the arena */
	struct wn_mod *mod;
	const struct wn_method *method;
	char correlation[WN_ULID_MAX], causation[WN_ULID_MAX], job[WN_ULID_MAX];
	atomic_int cancelled;
	int64_t start_ns; /* monotonic, when it came */
	unsigned appends; /* events under way */
	wn_err err;	  /* of the handler */
	bool handled;	  /* the handler is through */
	bool deferred, in_job;
};

/* Runs one message of a connection. WN_E_CLOSED: the connection was ended meanwhile. */
wn_err wn_call_message(struct wn_conn *c, const struct wn_rpc_msg *msg, struct wn_str attachment);
/* The connection is gone: short calls are cancelled, tasks go on. */
void wn_call_orphan(struct wn_call *call);
/* Cancels what works for it; a deferred answer is given as WN_E_CANCELLED. */
void wn_call_cancel(struct wn_call *call);
void wn_call_free_list(struct wn_call *list);

/* An append belongs to the call; the answer waits for it. */
void wn_call_append_begin(struct wn_call *call);
void wn_call_append_undo(struct wn_call *call);
void wn_call_append_done(struct wn_call *call, wn_err err, const struct wn_diag *d);

/* host functions */
struct wn_call *wn_call_defer(struct wn_ctx *ctx);
void wn_call_reply(struct wn_call *call, wn_err err, const struct wn_diag *d, struct wn_str result,
		   struct wn_str attachment);
struct wn_str wn_call_attachment(const struct wn_ctx *ctx);
wn_err wn_call_attach(struct wn_ctx *ctx, struct wn_str bytes);

/* The one place where permissions are checked: roles of the ctx against a method's permission. */
bool wn_access_granted(const char *const *roles, const char *permission);

#endif
