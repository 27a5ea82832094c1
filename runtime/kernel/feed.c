/*
 * Implements feeds. A read of the log runs in a pool thread on a copy of the filter; its result is
 * taken on the loop. `seq` moves only on the loop.
 */
#include "runtime/kernel/feed.h"

#include <assert.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

enum { BATCH = 256, RETRY_MS = 500 };

struct filter {
	char *tenant, *stream, *subject, *correlation;
	WN_VEC(char *) types;
};

struct wn_feed {
	struct wn_feed_source src;
	struct filter filter;
	struct wn_bus_sub *sub;
	struct wn_timer *retry;
	bool (*take)(void *arg, struct wn_bus_event *e);
	void (*on_live)(void *arg);
	void *arg;
	int64_t seq;
	bool live, reading, full, dead;
	unsigned calling; /* inside take or on_live: free only marks */
};

/* One read of the log; owned by whichever thread holds it. */
struct reading {
	struct wn_feed *feed;
	int64_t after, upto;
	wn_err err;
	struct wn_diag diag;
	WN_VEC(struct wn_bus_event *) events;
};

static void read_start(struct wn_feed *f);

static bool
same(const char *want, const char *have)
{
	return want == NULL || (have != NULL && strcmp(want, have) == 0);
}

static bool
fits(const struct wn_feed *f, const struct wn_event *ev)
{
	if (!same(f->filter.tenant, ev->tenant) || !same(f->filter.stream, ev->stream) ||
	    !same(f->filter.subject, ev->subject) || !same(f->filter.correlation, ev->correlation))
		return false;
	if (f->filter.types.len == 0)
		return true;
	for (size_t i = 0; i + 1 < f->filter.types.len; i++) {
		if (wn_event_type_fits(f->filter.types.p[i], ev->type))
			return true;
	}
	return false;
}

static void
destroy(struct wn_feed *f)
{
	wn_free(f->filter.tenant);
	wn_free(f->filter.stream);
	wn_free(f->filter.subject);
	wn_free(f->filter.correlation);
	for (size_t i = 0; i < f->filter.types.len; i++)
		wn_free(f->filter.types.p[i]);
	wn_vec_fini(&f->filter.types);
	wn_free(f);
}

static void
destroy_if_dead(struct wn_feed *f)
{
	if (f->dead && !f->reading && f->calling == 0)
		destroy(f);
}

/* True when the event was taken; the feed may be dead afterwards. */
static bool
offer(struct wn_feed *f, struct wn_bus_event *e)
{
	bool taken;

	f->calling++;
	taken = f->take(f->arg, e);
	f->calling--;
	return taken;
}

static void
on_bus(void *arg, struct wn_bus_event *e)
{
	struct wn_feed *f = arg;

	if (!f->live || e->ev.seq <= f->seq)
		return;
	if (!fits(f, &e->ev) || offer(f, e) || f->src.store == NULL) {
		f->seq = e->ev.seq; /* without a log there is nothing to come back to */
	} else {
		f->live = false;
		f->full = true;
	}
	destroy_if_dead(f);
}

/* ---- reading the log ---- */

static wn_err
on_row(void *arg, const struct wn_event *ev)
{
	struct reading *r = arg;

	wn_vec_push(&r->events, wn_bus_event_new(ev));
	return WN_OK;
}

static void
on_retry(void *arg)
{
	struct wn_feed *f = arg;

	f->retry = NULL;
	read_start(f);
	destroy_if_dead(f);
}

static void
go_live(struct wn_feed *f)
{
	f->live = true;
	if (f->on_live == NULL)
		return;
	f->calling++;
	f->on_live(f->arg);
	f->calling--;
}

static void
read_take(struct wn_feed *f, struct reading *r, size_t limit)
{
	for (size_t i = 0; i < r->events.len && !f->dead; i++) {
		if (!offer(f, r->events.p[i])) {
			f->full = true;
			return;
		}
		f->seq = r->events.p[i]->ev.seq;
	}
	if (f->dead)
		return;
	if (r->events.len < limit && r->upto > f->seq)
		f->seq = r->upto;
	if (r->events.len < limit && f->seq >= wn_bus_seq(f->src.bus))
		go_live(f);
	else
		read_start(f);
}

static size_t
batch_size(const struct wn_feed *f)
{
	return f->src.batch > 0 ? f->src.batch : BATCH;
}

static void
read_done(void *arg)
{
	struct reading *r = arg;
	struct wn_feed *f = r->feed;

	f->reading = false;
	if (!f->dead && r->err != WN_OK) {
		wn_log(f->src.log, WN_LOG_WARN, "bus", "the log could not be read, trying again",
		       WN_ERRF(r->err), WN_S("text", r->diag.text));
		f->retry = wn_loop_timer(wn_bus_loop(f->src.bus), RETRY_MS, 0, on_retry, f);
	} else if (!f->dead) {
		read_take(f, r, batch_size(f));
	}
	for (size_t i = 0; i < r->events.len; i++)
		wn_bus_event_unref(r->events.p[i]);
	wn_vec_fini(&r->events);
	wn_free(r);
	destroy_if_dead(f);
}

/* Pool thread. The filter does not change while a feed lives. */
static void
read_run(void *arg)
{
	struct reading *r = arg;
	struct wn_feed *f = r->feed;
	struct wn_event_query q = { .after = r->after,
				    .upto = r->upto,
				    .tenant = f->filter.tenant,
				    .stream = f->filter.stream,
				    .subject = f->filter.subject,
				    .correlation = f->filter.correlation,
				    .limit = batch_size(f) };

	if (f->filter.types.len > 0)
		q.types = (const char *const *)f->filter.types.p;
	r->err = f->src.store->events(f->src.store_mod, &q, on_row, r, &r->diag);
	wn_loop_post(wn_bus_loop(f->src.bus), read_done, r);
}

static void
read_start(struct wn_feed *f)
{
	struct reading *r;
	int64_t last;

	if (f->reading || f->live || f->dead || f->retry != NULL)
		return;
	last = f->src.store != NULL ? f->src.store->last_seq(f->src.store_mod) : f->seq;
	if (last <= f->seq) {
		if (f->seq >= wn_bus_seq(f->src.bus)) {
			go_live(f);
			return;
		}
		last = wn_bus_seq(f->src.bus);
	}
	r = WN_NEW(struct reading);
	r->feed = f;
	r->after = f->seq;
	r->upto = last;
	f->reading = true;
	if (wn_pool_run(f->src.pool, read_run, r) == WN_OK)
		return;
	f->reading = false;
	wn_free(r);
	f->retry = wn_loop_timer(wn_bus_loop(f->src.bus), RETRY_MS, 0, on_retry, f);
}

/* ---- life ---- */

struct wn_feed *
wn_feed_new(const struct wn_feed_source *src, const struct wn_feed_opts *opts)
{
	struct wn_feed *f = WN_NEW(struct wn_feed);

	f->src = *src;
	f->filter.tenant = wn_strdup(opts->tenant);
	f->filter.stream = wn_strdup(opts->stream);
	f->filter.subject = wn_strdup(opts->subject);
	f->filter.correlation = wn_strdup(opts->correlation);
	for (size_t i = 0; opts->types != NULL && opts->types[i] != NULL; i++)
		wn_vec_push(&f->filter.types, wn_strdup(opts->types[i]));
	if (f->filter.types.len > 0)
		wn_vec_push(&f->filter.types, NULL);
	f->take = opts->take;
	f->on_live = opts->on_live;
	f->arg = opts->arg;
	f->sub = wn_bus_subscribe(src->bus, on_bus, f);
	if (opts->after < 0 || src->store == NULL) {
		f->seq = wn_bus_seq(src->bus);
		f->live = true;
	} else {
		f->seq = opts->after;
		f->retry = wn_loop_timer(wn_bus_loop(src->bus), 0, 0, on_retry, f);
	}
	return f;
}

void
wn_feed_resume(struct wn_feed *f)
{
	if (!f->full)
		return;
	f->full = false;
	if (f->calling == 0 && f->retry == NULL && !f->reading)
		f->retry = wn_loop_timer(wn_bus_loop(f->src.bus), 0, 0, on_retry, f);
}

int64_t
wn_feed_seq(const struct wn_feed *f)
{
	return f->seq;
}

bool
wn_feed_live(const struct wn_feed *f)
{
	return f->live;
}

void
wn_feed_free(struct wn_feed *f)
{
	if (f == NULL || f->dead)
		return;
	f->dead = true;
	wn_bus_unsubscribe(f->sub);
	f->sub = NULL;
	wn_loop_timer_stop(wn_bus_loop(f->src.bus), f->retry);
	f->retry = NULL;
	destroy_if_dead(f);
}
