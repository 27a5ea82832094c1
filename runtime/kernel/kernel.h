/*
 * The kernel: everything between the loop and the modules, put together.
 *
 * Owns one of each part (loop, bus, registry, jobs, server) and the order in which they live and
 * die. Knows no module by name but its own ("engine", kernel_module.c), which speaks for the kernel
 * on the wire. Loop thread only, unless said.
 */
#ifndef RUNTIME_KERNEL_KERNEL_H
#define RUNTIME_KERNEL_KERNEL_H

#include <stdatomic.h>

#include "runtime/abi/host.h"
#include "runtime/abi/iface_store.h"
#include "runtime/kernel/bus.h"
#include "runtime/kernel/config.h"
#include "runtime/kernel/feed.h"
#include "runtime/kernel/loop.h"
#include "runtime/kernel/pool.h"
#include "runtime/kernel/registry.h"

struct wn_server;
struct wn_jobs;
struct wn_signals;
struct wn_consumer;
struct wn_recorder;
struct wn_keeper;

/* What the generated contracts bring along; each member nullable. */
struct wn_contracts {
	const char *openrpc; /* the OpenRPC document */
	/* Checks an event's data against its contract; WN_E_CONTRACT for an unknown type. Any
	 * thread. */
	wn_err (*check_event)(const char *type, int version, struct wn_str data,
			      struct wn_arena *arena, struct wn_diag *d);
};

struct wn_kernel_opts {
	const struct wn_module *const *modules; /* without the kernel's own; borrowed */
	size_t n_modules;
	const struct wn_config *config; /* borrowed, like all that follows */
	const struct wn_clock *clock;
	const struct wn_log *log;
	struct wn_contracts contracts;
	bool offline; /* start only the store and the kernel's own module: no side effects */
	const char *state_dir, *cache_dir, *run_dir, *self_path, *socket_path, *log_path;
};

struct wn_kernel {
	struct wn_host host; /* first: a host is its kernel */
	struct wn_kernel_opts opts;
	struct wn_loop *loop;
	struct wn_bus *bus;
	struct wn_registry *registry;
	struct wn_mod *engine; /* the kernel's own module */
	struct wn_jobs *jobs;
	struct wn_signals *signals;
	struct wn_server *server;
	struct wn_recorder *recorder;	    /* NULL: nothing is recorded */
	struct wn_keeper *keeper;	    /* of programs that run */
	struct wn_pool *pool;		    /* log reads and other short work of the kernel's own */
	const struct wn_iface_store *store; /* NULL: no store */
	struct wn_mod *store_mod;
	struct wn_feed_source source;
	struct wn_consumer **consumers;
	size_t n_consumers;
	struct wn_idgen *idgen;
	void *id_lock;		   /* pthread_mutex_t */
	char boot_id[WN_ULID_MAX]; /* made at start: later ids are of this run */
	int64_t boot_ms, boot_ns;
	atomic_bool stopping; /* no job starts any more */
};

/* Builds all parts and the registry; nothing runs yet. Owned. */
wn_err wn_kernel_new(const struct wn_kernel_opts *opts, struct wn_kernel **out,
		     struct wn_diag *d) WN_MUST;
/* Starts the modules, then the consumers, then listens on socket_path (nullable: on nothing). */
wn_err wn_kernel_start(struct wn_kernel *k, struct wn_diag *d) WN_MUST;
/* Runs until wn_kernel_quit(). */
void wn_kernel_run(struct wn_kernel *k);
/* Asks the running loop to end. Any thread. */
void wn_kernel_quit(struct wn_kernel *k);
/* Cancels jobs, stops modules in reverse, ends connections, writes cursors, closes the store. Takes
 * at most limit_ms; false: something did not end in time and wn_kernel_free() may not be called. */
bool wn_kernel_stop(struct wn_kernel *k, int64_t limit_ms);
void wn_kernel_free(struct wn_kernel *k);

struct wn_kernel *wn_kernel_of(const struct wn_mod *m);

/* The kernel's own module: methods of the engine, jobs, events, signals, settings. */
extern const struct wn_module wn_engine_module;

#endif
