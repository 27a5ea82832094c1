/*
 * The module descriptor: what a module is, needs, offers and handles.
 * Headers only. A module has no writable file-scope data: its state hangs on wn_mod.
 */
#ifndef RUNTIME_ABI_MODULE_H
#define RUNTIME_ABI_MODULE_H

#include <stdint.h>

#include "runtime/abi/ctx.h"
#include "runtime/abi/event.h"
#include "runtime/base/buf.h"

#define WN_ABI 1u

struct wn_host;
struct wn_mod;
struct wn_module;
struct wn_tx; /* a transaction of the store, in the store's thread; see iface_store.h */

/* One interface needed or offered. Tables end with a zero row. */
struct wn_iface_decl {
	const char *name;      /* "store" */
	uint16_t major, minor; /* same major, offered minor >= needed minor */
	const void *vtable;    /* of an offer; NULL in needs */
	uint32_t flags;
};
#define WN_NEED_OPTIONAL 1u

/* A need after binding: call ((const struct wn_iface_x *)b->vtable)->fn(b->mod, ...). */
struct wn_bound {
	const void *vtable; /* NULL: optional and absent */
	struct wn_mod *mod; /* the offering module: first argument of its functions */
};

/* One instance of a module in one engine. */
struct wn_mod {
	const struct wn_module *desc;
	const struct wn_host *host;
	const struct wn_bound *bound; /* in the order of desc->needs */
	void *state;		      /* the module's own; belongs to the loop thread */
	void *kernel;		      /* the registry's own */
};

/* Where a method runs. */
enum wn_run {
	WN_RUN_LOOP, /* loop thread: may not block; may defer its answer */
	WN_RUN_JOB,  /* a job thread: plain blocking C; short, not recorded */
	WN_RUN_TASK  /* a job thread, recorded as a job: events, progress, cancel, listed */
};

/* params is JSON text ("" when absent); the result is appended as JSON text. WN_PENDING (loop
 * only): the handler took the answer over with host->defer(). */
#define WN_PENDING 1
typedef wn_err (*wn_method_fn)(struct wn_mod *mod, struct wn_ctx *ctx, struct wn_str params,
			       struct wn_buf *result);
struct wn_method {
	const char *name;	/* "snapshot.create" */
	const char *permission; /* checked by the host before the module sees the call */
	enum wn_run run;
	wn_method_fn fn;
};

/* Loop thread; at least once, in order per stream; a failure is retried, then dead-lettered. May
 * emit; may not block. */
typedef wn_err (*wn_listen_fn)(struct wn_mod *mod, struct wn_ctx *ctx, const struct wn_event *ev);
struct wn_listen {
	const char *event; /* exact type, or "snapshot.*" */
	wn_listen_fn fn;
};

/* Store thread, inside the transaction that appends (or rebuilds): may only write the module's own
 * tables through tx, from what the event holds; no clock, no randomness, no other state. */
typedef wn_err (*wn_project_fn)(struct wn_mod *mod, struct wn_tx *tx, const struct wn_event *ev);
struct wn_project {
	const char *event;
	wn_project_fn fn;
};

typedef void (*wn_done_fn)(struct wn_mod *mod);

struct wn_module {
	uint32_t abi, size; /* WN_ABI, sizeof(struct wn_module): fields are only appended */
	const char *name;   /* prefix of its events, methods, tables, symbols */
	const char *version;
	const char *manifest;		   /* module.json, embedded by the contract compiler */
	const struct wn_iface_decl *needs; /* nullable tables */
	const struct wn_iface_decl *offers;
	const struct wn_listen *listens;
	const struct wn_project *projects;
	const struct wn_method *methods;
	const char *const *migrations; /* SQL texts in order, NULL-terminated */
	const char *const *tables; /* rebuilt by replay: emptied by `rebuild`; NULL-terminated */
	wn_err (*init)(struct wn_mod *, const struct wn_host *); /* allocate; no I/O; loop thread */
	wn_err (*start)(struct wn_mod *,
			struct wn_ctx *);		/* needs are bound; may emit; loop thread */
	void (*stop)(struct wn_mod *, wn_done_fn done); /* drain; call done once; nullable */
	void (*fini)(struct wn_mod *);			/* free what init made; nullable */
};

#endif
