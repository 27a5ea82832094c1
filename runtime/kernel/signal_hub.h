/*
 * Signals: short-lived facts of high rate. The latest of each (topic, subject) reaches each
 * follower, when it has room; what came between may be dropped. Nothing is stored. Loop thread
 * only.
 */
#ifndef RUNTIME_KERNEL_SIGNAL_HUB_H
#define RUNTIME_KERNEL_SIGNAL_HUB_H

#include <stdbool.h>

#include "runtime/base/str.h"
#include "runtime/kernel/loop.h"

struct wn_signals;
struct wn_follower;

struct wn_follower_opts {
	const char *tenant;
	const char *const *topics; /* NULL-terminated patterns; copied */
	const char *subject;	   /* nullable: any */
	/* One signal, at the end of a turn. False: no room; it stays pending until
	 * wn_follower_resume(). May not free the follower. */
	bool (*take)(void *arg, const char *topic, const char *subject, struct wn_str json);
	void *arg;
};

struct wn_signals *wn_signals_new(struct wn_loop *loop);
void wn_signals_free(struct wn_signals *s); /* asserts that nobody follows */
/* subject nullable; all text is copied. */
void wn_signal_publish(struct wn_signals *s, const char *tenant, const char *topic,
		       const char *subject, struct wn_str json);
struct wn_follower *wn_signal_follow(struct wn_signals *s, const struct wn_follower_opts *opts);
void wn_follower_resume(struct wn_follower *f);
void wn_follower_free(struct wn_follower *f); /* nullable */

#endif
