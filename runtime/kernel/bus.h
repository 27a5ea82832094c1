/*
 * The bus: takes what the log has committed, in order of seq, to whoever listens.
 *
 * Three kinds of listener: handlers (plain subscribers in this process), durable consumers (one a
 * module, with a cursor, retries and dead letters; consumer.h) and feeds (a filtered reader that
 * turns from the log to live without gap or double; feed.h). Owns the order of delivery; may not
 * know what a module or a connection is. Loop thread only, unless said.
 */
#ifndef RUNTIME_KERNEL_BUS_H
#define RUNTIME_KERNEL_BUS_H

#include <stdbool.h>

#include "runtime/abi/event.h"
#include "runtime/abi/iface_store.h"
#include "runtime/kernel/loop.h"

/* An immutable copy of an event that all its listeners share. */
struct wn_bus_event {
	struct wn_event ev;
	int refs;
};

/* One allocation, one reference. Any thread. */
struct wn_bus_event *wn_bus_event_new(const struct wn_event *ev);
struct wn_bus_event *wn_bus_event_ref(struct wn_bus_event *e); /* loop thread */
void wn_bus_event_unref(struct wn_bus_event *e);	       /* loop thread; nullable */

/* "snapshot.created" fits itself, "snapshot.*" and "*". */
bool wn_event_type_fits(const char *pattern, const char *type);

struct wn_bus;
struct wn_bus_sub;
typedef void (*wn_bus_fn)(void *arg, struct wn_bus_event *e);

struct wn_bus *wn_bus_new(struct wn_loop *loop);
/* Asserts that nobody listens any more. */
void wn_bus_free(struct wn_bus *b);

/* fn hears each event dispatched from the next dispatch on; it may add, remove and post, not block.
 */
struct wn_bus_sub *wn_bus_subscribe(struct wn_bus *b, wn_bus_fn fn, void *arg);
/* fn is not called again, also not for the event in delivery; freed at depth 0. Nullable. */
void wn_bus_unsubscribe(struct wn_bus_sub *s);

/* Hands committed events over, in order of seq; delivered on a later turn. Takes the reference. Any
 * thread. */
void wn_bus_commit(struct wn_bus *b, struct wn_bus_event *e);
/* Highest seq dispatched so far; at start what the log held. */
int64_t wn_bus_seq(const struct wn_bus *b);
void wn_bus_set_seq(struct wn_bus *b, int64_t seq);
struct wn_loop *wn_bus_loop(const struct wn_bus *b);

#endif
