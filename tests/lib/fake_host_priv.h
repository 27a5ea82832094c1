/*
 * The fake host from inside: what its two files share. Private to fake_host*.c.
 */
#ifndef TESTS_LIB_FAKE_HOST_PRIV_H
#define TESTS_LIB_FAKE_HOST_PRIV_H

#include "runtime/base/id.h"
#include "runtime/base/log.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"
#include "runtime/kernel/bus.h"
#include "runtime/kernel/config.h"
#include "runtime/kernel/loop.h"
#include "tests/lib/fake_host.h"

enum { RESULT_MAX = 64 << 20, SOME_TIME_MS = 10000 };

struct offer {
	const char *name;
	struct wn_bound bound;
};

/* An added module. */
struct added {
	struct wn_mod mod; /* first */
	struct wn_bound *bound;
	bool inited, started;
};

struct job {
	char id[WN_ULID_MAX];
	wn_err err;
	char *result;
};

struct wn_job {
	struct fake_host *h;
	char id[WN_ULID_MAX];
};

struct wn_stream {
	struct fake_host *h;
	const struct wn_stream_ops *ops;
	void *arg;
	int64_t id, credit;
	bool closed;
};

struct sent {
	char *text;
	char *bytes;
	size_t len;
};

struct wn_call {
	struct fake_host *h;
	bool deferred, done;
	wn_err err;
};

struct fake_host {
	struct wn_host host; /* first */
	struct wn_clock_fake clock;
	struct wn_log log;
	struct wn_buf log_text;
	struct wn_loop *loop;
	struct wn_config *config;
	struct wn_idgen ids;
	char *dir, *state_dir, *cache_dir, *run_dir;
	WN_VEC(struct offer) offers;
	WN_VEC(struct added *) mods;
	WN_VEC(struct wn_bus_event *) events;
	WN_VEC(struct job) jobs;
	WN_VEC(struct wn_stream *) streams;
	WN_VEC(struct sent) sent;
	WN_VEC(char *) signals;
	size_t delivered; /* events given to listeners */
	struct wn_migration_set *sets;
	struct wn_arena arena;
	struct wn_ctx ctx;
	struct wn_call call;
	struct wn_buf result, attached;
	struct wn_str attachment;
	struct wn_diag diag;
	atomic_int cancelled;
	char correlation[WN_ULID_MAX];
	char progress[512];
	wn_err fail_emit;
	int fail_emit_n;
	const struct wn_iface_store *store;
	struct wn_mod *store_mod;
};

static inline struct fake_host *
host_of(const struct wn_host *h)
{
	return (struct fake_host *)h->kernel;
}

static inline struct fake_host *
of(const struct wn_mod *m)
{
	return host_of(m->host);
}

#endif
