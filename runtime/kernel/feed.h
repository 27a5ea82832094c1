/*
 * A feed: the events that fit a filter, from a seq on, first from the log and then live, in order,
 * without gap or double at the turn. The taker may refuse an event (no room); the feed then forgets
 * the live ones and reads on from the log when it is resumed, so nothing is buffered without bound.
 * Loop thread only.
 */
#ifndef RUNTIME_KERNEL_FEED_H
#define RUNTIME_KERNEL_FEED_H

#include "runtime/base/log.h"
#include "runtime/kernel/bus.h"
#include "runtime/kernel/pool.h"

/* What every feed of one engine reads with; borrowed for the feed's life. */
struct wn_feed_source {
	struct wn_bus *bus;
	const struct wn_iface_store *store; /* NULL: no log, live only */
	struct wn_mod *store_mod;
	struct wn_pool *pool;
	const struct wn_log *log;
	size_t batch; /* events read at once; 0: 256 */
};

struct wn_feed_opts {
	int64_t after; /* events with seq greater than this; -1: from now on */
	const char *tenant, *stream, *subject, *correlation; /* nullable: any; copied */
	const char *const *types; /* NULL-terminated patterns; nullable: all; copied */
	/* An event fits. False: no room; it comes again after wn_feed_resume(). May free the feed.
	 */
	bool (*take)(void *arg, struct wn_bus_event *e);
	void (*on_live)(void *arg); /* the log is read to its end: from now on live; nullable */
	void *arg;
};

struct wn_feed;

/* Owned. Calls nothing before the next turn. */
struct wn_feed *wn_feed_new(const struct wn_feed_source *src, const struct wn_feed_opts *opts);
/* There is room again after a refusal. */
void wn_feed_resume(struct wn_feed *f);
/* Every event up to this seq was taken, or did not fit. */
int64_t wn_feed_seq(const struct wn_feed *f);
bool wn_feed_live(const struct wn_feed *f);
/* Nothing is called after; nullable. */
void wn_feed_free(struct wn_feed *f);

#endif
