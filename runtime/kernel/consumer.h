/*
 * A durable consumer: one module's handlers, fed from the log at least once, in order per stream.
 *
 * A failing handler is retried with backoff and then its event is dead-lettered; meanwhile events
 * of other streams go on. The cursor in the store says up to where all is done. Loop thread only.
 */
#ifndef RUNTIME_KERNEL_CONSUMER_H
#define RUNTIME_KERNEL_CONSUMER_H

#include "runtime/kernel/feed.h"

struct wn_consumer_opts {
	const char *name; /* of the cursor: the module's name; borrowed */
	struct wn_mod *mod;
	const struct wn_listen *listens; /* ends with a zero row; borrowed */
	int attempts;			 /* before the dead letter; 0: 8 */
	int64_t backoff_ms;		 /* first wait, doubled each time up to 30 s; 0: 50 */
	size_t queue;			 /* events held at most; 0: 1024 */
};

struct wn_consumer;

/* Starts where its cursor in the store stands. Owned. */
wn_err wn_consumer_new(const struct wn_feed_source *src, const struct wn_consumer_opts *opts,
		       struct wn_consumer **out, struct wn_diag *d) WN_MUST;
/* Writes the cursor, forgets what is queued (it comes again). Not from inside one of its handlers.
 * Nullable. */
void wn_consumer_free(struct wn_consumer *c);
/* Nothing is queued and the log is read to its end. */
bool wn_consumer_idle(const struct wn_consumer *c);

#endif
