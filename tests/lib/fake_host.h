/*
 * A host for module tests: everything a module gets from the kernel, in one thread and on a clock
 *that stands still. emit records (and checks) events, jobs run inline when they are started; exec,
 *http and links are real; timers and posts run when the test says so.
 *
 *	struct fake_host *h = fake_host_new();
 *	fake_host_offer(h, "store", &fake_store_iface, fake_store_mod(store));
 *	struct wn_mod *m = fake_host_add(h, &snapshot_module);
 *	assert_int_equal(fake_host_start(h), WN_OK);
 *	err = fake_host_call(h, "snapshot.create", "{\"workspace\":\"...\"}");
 *	... fake_host_result(h), fake_host_event(h, 0) ...
 *	fake_host_free(h);
 */
#ifndef TESTS_LIB_FAKE_HOST_H
#define TESTS_LIB_FAKE_HOST_H

#include "runtime/abi/host.h"
#include "runtime/abi/iface_store.h"
#include "runtime/abi/module.h"

struct fake_host;

struct fake_host *fake_host_new(void);
/* Stops and ends the modules, removes the temporary directories. */
void fake_host_free(struct fake_host *h);
const struct wn_host *fake_host_host(struct fake_host *h);

/* --- modules. Offers first, then modules in the order of their needs, then start. --- */
void fake_host_offer(struct fake_host *h, const char *name, const void *vtable, struct wn_mod *mod);
struct wn_mod *fake_host_add(struct fake_host *h, const struct wn_module *desc);
/* Opens an offered "store" with the modules' migrations and projections, then init and start of
 * each. */
wn_err fake_host_start(struct fake_host *h) WN_MUST;
/* Text of the last failure of start or call. */
const struct wn_diag *fake_host_diag(const struct fake_host *h);

/* --- calling. A fresh ctx of the owner; the former one's arena is gone. --- */
struct wn_ctx *fake_host_ctx(struct fake_host *h);
/* Runs a method of an added module to its end: a deferred answer is waited for by running posts and
 * timers. */
wn_err fake_host_call(struct fake_host *h, const char *method, const char *params);
const char *fake_host_result(const struct fake_host *h); /* JSON text of the last call */
void fake_host_set_attachment(struct fake_host *h,
			      struct wn_str bytes);	     /* of the next calls; borrowed */
struct wn_str fake_host_attached(const struct fake_host *h); /* by the last call */
/* Makes wn_cancelled() true in jobs and calls from now on (false: again not). */
void fake_host_cancel(struct fake_host *h, bool on);

/* --- events: what modules emitted, in order --- */
size_t fake_host_events(const struct fake_host *h);
const struct wn_event *fake_host_event(const struct fake_host *h, size_t i);
/* The last one of a type, or NULL. */
const struct wn_event *fake_host_last_event(const struct fake_host *h, const char *type);
/* Gives an event to all modules that listen to its type (as the bus does with emitted ones on
 * fake_host_run). */
wn_err fake_host_deliver(struct fake_host *h, const struct wn_event *ev);
/* The next n emits fail with err. */
void fake_host_fail_emit(struct fake_host *h, wn_err err, int n);

/* --- time --- */
void fake_host_run(struct fake_host *h); /* posts, links and deliveries until nothing is ready */
/* Runs until done(arg) or `ms` of real time: for links to real processes. */
bool fake_host_until(struct fake_host *h, bool (*done)(void *arg), void *arg, int64_t ms);
void fake_host_advance(struct fake_host *h, int64_t ms); /* the clock, timers that are due, posts */
size_t fake_host_timers(const struct fake_host *h);	 /* running */

/* --- settings, jobs, streams, signals, log --- */
void fake_host_set(struct fake_host *h, const char *setting, const char *value);
size_t fake_host_jobs(const struct fake_host *h); /* started so far */
wn_err fake_host_job_result(const struct fake_host *h, size_t i, const char **json_out_nullable);
/* The last call of progress: "done/total text". */
const char *fake_host_progress(const struct fake_host *h);
/* Items sent on streams and notifications of jobs, as `method params`; attachment_out nullable. */
size_t fake_host_sent(const struct fake_host *h);
const char *fake_host_sent_at(const struct fake_host *h, size_t i, struct wn_str *attachment_out);
/* What the client of stream `id` does. */
void fake_host_stream_credit(struct fake_host *h, int64_t id, int64_t credit);
void fake_host_stream_data(struct fake_host *h, int64_t id, const char *params,
			   struct wn_str attachment);
void fake_host_stream_close(struct fake_host *h, int64_t id);
/* Signals published, as `topic subject json`. */
size_t fake_host_signals(const struct fake_host *h);
const char *fake_host_signal_at(const struct fake_host *h, size_t i);
/* All log lines so far, human form. */
const char *fake_host_log(const struct fake_host *h);

#endif
