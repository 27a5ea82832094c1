/*
 * Implements durable consumers: rules 5, 6 and 7 of the bus.
 */
#include "runtime/kernel/consumer.h"

#include <assert.h>
#include <string.h>

#include "runtime/abi/module.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

enum { ATTEMPTS = 8, BACKOFF_MS = 50, BACKOFF_MAX_MS = 30000, QUEUE = 1024 };
enum { PUMP_BUDGET = 64, CURSOR_EVERY = 256, CURSOR_MS = 1000, ARENA_MAX = 16 << 20 };

struct item {
	struct wn_bus_event *e;
	int tried;
	int64_t due_ns; /* of a retry; 0: now */
};

struct wn_consumer {
	struct wn_feed_source src;
	struct wn_consumer_opts opts;
	struct wn_feed *feed;
	WN_VEC(struct item) items; /* in order of seq */
	WN_VEC(const char *) types;
	struct wn_timer *retry, *cursor_timer;
	int64_t cursor;	  /* as written */
	size_t unwritten; /* events done since */
	bool posted, running, dead;
	struct wn_arena arena;
};

static struct wn_loop *
loop_of(struct wn_consumer *c)
{
	return wn_bus_loop(c->src.bus);
}

/* ---- the cursor ---- */

static void
cursor_write(struct wn_consumer *c)
{
	int64_t seq = c->items.len > 0 ? c->items.p[0].e->ev.seq - 1 : wn_feed_seq(c->feed);

	c->unwritten = 0;
	wn_loop_timer_stop(loop_of(c), c->cursor_timer);
	c->cursor_timer = NULL;
	if (c->src.store == NULL || seq <= c->cursor)
		return;
	if (c->src.store->cursor_set(c->src.store_mod, c->opts.name, seq) == WN_OK)
		c->cursor = seq;
}

static void
on_cursor_timer(void *arg)
{
	struct wn_consumer *c = arg;

	c->cursor_timer = NULL;
	cursor_write(c);
}

/* A cursor that lags only means that events come twice after a crash, so it is written in groups.
 */
static void
cursor_touch(struct wn_consumer *c)
{
	if (++c->unwritten >= CURSOR_EVERY)
		cursor_write(c);
	else if (c->cursor_timer == NULL)
		c->cursor_timer = wn_loop_timer(loop_of(c), CURSOR_MS, 0, on_cursor_timer, c);
}

/* ---- running handlers ---- */

static wn_err
handle(struct wn_consumer *c, const struct wn_event *ev, struct wn_diag *d)
{
	static const char *const roles[] = { "owner", NULL };
	struct wn_ctx ctx = { .tenant = ev->tenant,
			      .actor = ev->actor,
			      .correlation = ev->correlation,
			      .causation = ev->id,
			      .roles = roles,
			      .arena = &c->arena };
	wn_err err = WN_OK;

	for (const struct wn_listen *l = c->opts.listens; l->event != NULL && err == WN_OK; l++) {
		if (wn_event_type_fits(l->event, ev->type))
			err = l->fn(c->opts.mod, &ctx, ev);
	}
	if (err > WN_OK)
		err = wn_fail(&ctx.diag, WN_E_INTERNAL, "a handler may not defer");
	*d = ctx.diag;
	if (err != WN_OK && d->code == WN_OK)
		(void)wn_fail(d, err, "%s", wn_error_row(err)->text);
	wn_arena_clear(&c->arena);
	return err;
}

static int64_t
backoff_ns(const struct wn_consumer *c, int tried)
{
	int64_t ms = c->opts.backoff_ms;

	for (int i = 1; i < tried && ms < BACKOFF_MAX_MS; i++)
		ms *= 2;
	return (ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS) * 1000000;
}

/* False: the dead letter could not be handed over, so the event is not done with. */
static bool
give_up(struct wn_consumer *c, const struct item *it, const struct wn_diag *why)
{
	if (c->src.store != NULL &&
	    c->src.store->dead_letter(c->src.store_mod, c->opts.name, &it->e->ev, why) != WN_OK)
		return false;
	wn_log(c->src.log, WN_LOG_ERROR, "bus", "an event could not be handled, dead-lettered",
	       WN_S("consumer", c->opts.name), WN_S("type", it->e->ev.type),
	       WN_S("id", it->e->ev.id), WN_S("text", why->text));
	return true;
}

/* Runs one item; true when it is done with, one way or the other. */
static bool
attempt(struct wn_consumer *c, struct item *it)
{
	struct wn_bus_event *e = it->e;
	struct wn_diag d = { 0 };
	wn_err err = handle(c, &e->ev, &d);

	if (err == WN_OK)
		return true;
	it->tried++;
	if (it->tried >= c->opts.attempts && give_up(c, it, &d))
		return true;
	wn_log(c->src.log, WN_LOG_WARN, "bus", "a handler failed and is tried again",
	       WN_S("consumer", c->opts.name), WN_S("type", e->ev.type), WN_I("try", it->tried),
	       WN_S("text", d.text));
	it->due_ns = wn_mono_ns(c->src.log->clock) + backoff_ns(c, it->tried);
	return false;
}

/* An earlier event of the same stream waits for its retry: this one must wait behind it. */
static bool
behind(const struct wn_consumer *c, size_t i)
{
	const char *stream = c->items.p[i].e->ev.stream;

	for (size_t k = 0; k < i; k++) {
		if (strcmp(c->items.p[k].e->ev.stream, stream) == 0)
			return true;
	}
	return false;
}

static void pump_later(struct wn_consumer *c);

static void
on_retry(void *arg)
{
	struct wn_consumer *c = arg;

	c->retry = NULL;
	pump_later(c);
}

static void
retry_arm(struct wn_consumer *c)
{
	int64_t now = wn_mono_ns(c->src.log->clock), due = 0;

	for (size_t i = 0; i < c->items.len; i++) {
		int64_t t = c->items.p[i].due_ns;

		if (t > 0 && (due == 0 || t < due))
			due = t;
	}
	wn_loop_timer_stop(loop_of(c), c->retry);
	c->retry = NULL;
	if (due != 0)
		c->retry = wn_loop_timer(loop_of(c), due > now ? (due - now + 999999) / 1000000 : 0,
					 0, on_retry, c);
}

static void
pump_items(struct wn_consumer *c)
{
	int64_t now = wn_mono_ns(c->src.log->clock);
	int budget = PUMP_BUDGET;
	size_t i = 0;

	while (i < c->items.len && budget > 0) {
		struct item *it = &c->items.p[i];

		if (it->due_ns > now || behind(c, i)) {
			i++;
			continue;
		}
		budget--;
		if (!attempt(c, it)) {
			i++;
			continue;
		}
		wn_bus_event_unref(c->items.p[i].e);
		wn_vec_remove(&c->items, i);
		cursor_touch(c);
	}
	if (budget == 0)
		pump_later(c);
}

static void
pump(void *arg)
{
	struct wn_consumer *c = arg;

	c->posted = false;
	if (c->dead) {
		wn_vec_fini(&c->items);
		wn_vec_fini(&c->types);
		wn_arena_fini(&c->arena);
		wn_free(c);
		return;
	}
	assert(!c->running && "a handler was entered again");
	c->running = true;
	pump_items(c);
	c->running = false;
	retry_arm(c);
	if (c->items.len <= c->opts.queue / 2)
		wn_feed_resume(c->feed);
}

static void
pump_later(struct wn_consumer *c)
{
	if (c->posted)
		return;
	c->posted = true;
	wn_loop_post(loop_of(c), pump, c);
}

static bool
on_take(void *arg, struct wn_bus_event *e)
{
	struct wn_consumer *c = arg;

	if (c->items.len >= c->opts.queue)
		return false;
	wn_vec_push(&c->items, (struct item){ .e = wn_bus_event_ref(e) });
	pump_later(c);
	return true;
}

/* ---- life ---- */

wn_err
wn_consumer_new(const struct wn_feed_source *src, const struct wn_consumer_opts *opts,
		struct wn_consumer **out, struct wn_diag *d)
{
	struct wn_consumer *c;
	struct wn_feed_opts fo = { 0 };
	int64_t cursor = 0;
	wn_err err = WN_OK;

	*out = NULL;
	if (src->store != NULL)
		err = src->store->cursor_get(src->store_mod, opts->name, &cursor, d);
	if (err != WN_OK)
		return err;
	c = WN_NEW(struct wn_consumer);
	c->src = *src;
	c->opts = *opts;
	c->opts.attempts = opts->attempts > 0 ? opts->attempts : ATTEMPTS;
	c->opts.backoff_ms = opts->backoff_ms > 0 ? opts->backoff_ms : BACKOFF_MS;
	c->opts.queue = opts->queue > 0 ? opts->queue : QUEUE;
	c->cursor = cursor;
	wn_arena_init(&c->arena, ARENA_MAX);
	for (const struct wn_listen *l = opts->listens; l->event != NULL; l++)
		wn_vec_push(&c->types, l->event);
	wn_vec_push(&c->types, NULL);
	fo.after = cursor;
	fo.types = c->types.p;
	fo.take = on_take;
	fo.arg = c;
	c->feed = wn_feed_new(src, &fo);
	*out = c;
	return WN_OK;
}

void
wn_consumer_free(struct wn_consumer *c)
{
	if (c == NULL)
		return;
	assert(!c->running);
	cursor_write(c);
	wn_feed_free(c->feed);
	wn_loop_timer_stop(loop_of(c), c->retry);
	for (size_t i = 0; i < c->items.len; i++)
		wn_bus_event_unref(c->items.p[i].e);
	c->items.len = 0;
	c->dead = true;
	pump_later(c); /* frees it: a pump may be posted already */
}

bool
wn_consumer_idle(const struct wn_consumer *c)
{
	return c->items.len == 0 && wn_feed_live(c->feed);
}
