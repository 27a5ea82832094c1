/*
 * A bounded pool of threads with a bounded queue. Threads start when there is work and none idle,
 * and end after a while without any, so an idle engine has none. Owns the threads; may not know
 * what runs.
 */
#ifndef RUNTIME_KERNEL_POOL_H
#define RUNTIME_KERNEL_POOL_H

#include <stddef.h>

#include "runtime/base/error.h"

struct wn_pool;

/* Owned. At most `threads` at once and `queue` waiting. name (up to 15 bytes) is seen in ps. */
struct wn_pool *wn_pool_new(const char *name, size_t threads, size_t queue);
/* Queues fn(arg); WN_E_BUSY when the queue is full, WN_E_UNAVAILABLE when no thread can be made.
 * Any thread. */
wn_err wn_pool_run(struct wn_pool *p, void (*fn)(void *arg), void *arg) WN_MUST;
/* Runs what is queued still and waits for all threads. */
void wn_pool_free(struct wn_pool *p);

#endif
