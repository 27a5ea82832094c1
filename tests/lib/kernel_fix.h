/*
 * A real kernel for tests: real loop, threads and server, a fake store, clients on socket pairs.
 * Modules are the test's own descriptors.
 */
#ifndef TESTS_LIB_KERNEL_FIX_H
#define TESTS_LIB_KERNEL_FIX_H

#include "runtime/base/json.h"
#include "runtime/kernel/kernel.h"
#include "tests/lib/fake_store.h"

struct kernel_fix {
	struct wn_kernel *k;
	struct fake_store *store;
	struct wn_config *config;
	struct wn_log log;
	struct wn_buf log_text;
	struct wn_clock_fake fake; /* used when fake_time is set */
	void *lock;
	char *dir;
	/* set before kernel_fix_start() */
	bool fake_time, no_store, no_contracts;
	struct wn_contracts contracts;
};

/* One client connection as a test drives it. */
struct fix_client {
	struct kernel_fix *f;
	int fd;
	struct wn_buf in; /* received and not yet taken */
	int64_t id;
};

/* All zero and settings at their defaults; then change settings, then start. */
void kernel_fix_init(struct kernel_fix *f);
void kernel_fix_set(struct kernel_fix *f, const char *name, const char *value);
/* WN_OK or the failure (then the kernel is gone). */
wn_err kernel_fix_start(struct kernel_fix *f, const struct wn_module *const *modules, size_t n,
			struct wn_diag *d);
/* Stops and frees; asserts that all ended in time. */
void kernel_fix_end(struct kernel_fix *f);
/* Turns the loop until fn(arg), at most 10 s of real time; asserts it. */
void kernel_fix_until(struct kernel_fix *f, bool (*fn)(void *arg), void *arg);
/* Turns until nothing is posted. */
void kernel_fix_settle(struct kernel_fix *f);

/* A connected client; greeted: engine.hello is said and answered. */
void fix_client_open(struct fix_client *c, struct kernel_fix *f, bool greeted);
void fix_client_close(struct fix_client *c);
void fix_client_send(struct fix_client *c, const char *bytes, size_t n);
/* The next message (owned), NULL when the connection has ended. Its attachment goes to *bytes_out.
 */
struct wn_json *fix_client_recv(struct fix_client *c, struct wn_buf *bytes_out_nullable);
/* Sends a request; returns its id. */
int64_t fix_client_request(struct fix_client *c, const char *method, const char *params);
/* Waits for the answer of a request; other messages are dropped. Owned. */
struct wn_json *fix_client_answer(struct fix_client *c, int64_t id);
/* Both. */
struct wn_json *fix_client_call(struct fix_client *c, const char *method, const char *params);
/* Name of an answer's error ("not_found"), "" when it is a result. */
const char *fix_error(const struct wn_json *answer);

#endif
