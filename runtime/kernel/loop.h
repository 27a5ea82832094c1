/*
 * The loop: one thread that waits for file descriptors, timers, signals and posts.
 *
 * Hides libuv from everybody else. Owns what is registered with it; may not know who registers.
 * Nothing here blocks but wn_loop_run() and wn_loop_turn(). All functions belong to the loop
 * thread unless they say "any thread".
 */
#ifndef RUNTIME_KERNEL_LOOP_H
#define RUNTIME_KERNEL_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/abi/host.h"
#include "runtime/base/clock.h"

struct wn_loop;
struct wn_watch;

enum wn_io { WN_IO_READ = 1, WN_IO_WRITE = 2 };

/* Owned. The clock decides which timers are due; it is borrowed. The calling thread becomes the
 * loop thread. */
struct wn_loop *wn_loop_new(const struct wn_clock *clock);
/* Runs what is posted still, then asserts that no watch, timer, signal or hook is left. */
void wn_loop_free(struct wn_loop *l);
/* Turns until wn_loop_stop(). */
void wn_loop_run(struct wn_loop *l);
/* Makes wn_loop_run() return after the present turn. Any thread. */
void wn_loop_stop(struct wn_loop *l);
/* One turn: due timers, ready descriptors, posts, hooks. block: waits for the first of them. */
void wn_loop_turn(struct wn_loop *l, bool block);
/* Turns until done(arg) or until `ms` of real time have passed; tells whether done came true. */
bool wn_loop_until(struct wn_loop *l, bool (*done)(void *arg), void *arg, int64_t ms);
/* Something is posted that has not run yet. */
bool wn_loop_pending(struct wn_loop *l);
/* True in the loop's own thread. Any thread. */
bool wn_loop_here(const struct wn_loop *l);

/* Runs fn on the loop on a later turn, in the order of posts. Any thread. */
void wn_loop_post(struct wn_loop *l, wn_post_fn fn, void *arg);

/* Calls fn after ms, then each repeat_ms (0: once). The handle stays safe to stop after it fired.
 */
struct wn_timer *wn_loop_timer(struct wn_loop *l, int64_t ms, int64_t repeat_ms, wn_post_fn fn,
			       void *arg);
void wn_loop_timer_stop(struct wn_loop *l, struct wn_timer *t); /* t nullable */
size_t wn_loop_timers(const struct wn_loop *l);			/* running */

/* Calls fn while fd is ready for one of `events` (enum wn_io); an error or hang-up counts as
 * readable. The descriptor stays the caller's: stop the watch first, then close it. */
typedef void (*wn_watch_fn)(void *arg, int events);
struct wn_watch *wn_loop_watch(struct wn_loop *l, int fd, int events, wn_watch_fn fn, void *arg);
void wn_watch_set(struct wn_watch *w, int events); /* 0: waits for nothing */
void wn_watch_stop(struct wn_watch *w);		   /* frees it; fn is not called again; nullable */

/* Calls fn for each arrival of a signal. One function a signal; kept until wn_loop_free(). */
void wn_loop_signal(struct wn_loop *l, int signum, wn_post_fn fn, void *arg);

/* Called once at the end of each turn in which it was armed: one write for a turn's answers. */
struct wn_turn_hook {
	void (*fn)(void *arg);
	void *arg;
	struct wn_turn_hook *next; /* the loop's */
	bool armed;		   /* the loop's */
};
void wn_loop_at_turn_end(struct wn_loop *l, struct wn_turn_hook *h);
/* Forgets an armed hook; nothing happens when it is not armed. */
void wn_loop_hook_drop(struct wn_loop *l, struct wn_turn_hook *h);

#endif
