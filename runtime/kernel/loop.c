/*
 * Implements the loop over libuv. Owns every uv handle; a handle's memory goes in its close
 * callback only. The one file of the kernel that may include uv.h.
 */
#include "runtime/kernel/loop.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <uv.h>

#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

struct post {
	struct post *next;
	wn_post_fn fn;
	void *arg;
};

/* Timers are named by slot and generation, so that stopping one that fired long ago is harmless. */
struct timer {
	int64_t due_ns, repeat_ns;
	uint64_t order; /* equal due times fire in the order of start */
	uint64_t gen;
	bool used;
	wn_post_fn fn;
	void *arg;
};

struct wn_watch {
	uv_poll_t handle; /* first: the close callback frees the watch through it */
	struct wn_loop *loop;
	wn_watch_fn fn; /* NULL: stopped */
	void *arg;
	int events;
};

struct signal_slot {
	uv_signal_t handle;
	wn_post_fn fn;
	void *arg;
};

struct wn_loop {
	uv_loop_t uv;
	uv_async_t wake;
	uv_timer_t alarm; /* one uv timer for the nearest of ours */
	uv_prepare_t prepare;
	uv_check_t check;
	const struct wn_clock *clock;
	pthread_t thread;
	pthread_mutex_t lock; /* guards the post queue */
	struct post *post_head, **post_tail;
	WN_VEC(struct timer) timers;
	WN_VEC(struct signal_slot *) signals;
	uint64_t timer_order;
	int64_t armed_ns; /* due time the alarm is set for; 0: not set */
	size_t watches;
	struct wn_turn_hook *hooks, **hooks_tail; /* in the order they were armed */
	atomic_bool stop;
};

enum { SLOT_BITS = 20 };

static int64_t
now_ns(const struct wn_loop *l)
{
	return wn_mono_ns(l->clock);
}

/* ---- timers ---- */

static struct timer *
timer_next(struct wn_loop *l)
{
	struct timer *best = NULL;

	for (size_t i = 0; i < l->timers.len; i++) {
		struct timer *t = &l->timers.p[i];

		if (t->used && (best == NULL || t->due_ns < best->due_ns ||
				(t->due_ns == best->due_ns && t->order < best->order)))
			best = t;
	}
	return best;
}

static void on_alarm(uv_timer_t *h);

static void
alarm_set(struct wn_loop *l)
{
	struct timer *t = timer_next(l);
	int64_t wait;

	if (t == NULL) {
		if (l->armed_ns != 0)
			uv_timer_stop(&l->alarm);
		l->armed_ns = 0;
		return;
	}
	if (l->armed_ns == t->due_ns)
		return;
	wait = t->due_ns - now_ns(l);
	l->armed_ns = t->due_ns;
	uv_update_time(&l->uv);
	uv_timer_start(&l->alarm, on_alarm, wait > 0 ? (uint64_t)((wait + 999999) / 1000000) : 0,
		       0);
}

static void
timers_run(struct wn_loop *l)
{
	uint64_t last = l->timer_order; /* those started meanwhile wait for the next turn */
	int64_t now = now_ns(l);
	struct timer *t;

	while ((t = timer_next(l)) != NULL && t->due_ns <= now && t->order <= last) {
		wn_post_fn fn = t->fn;
		void *arg = t->arg;

		if (t->repeat_ns > 0) {
			t->due_ns = now + t->repeat_ns;
			t->order = ++l->timer_order;
		} else {
			t->used = false;
			t->gen++;
		}
		fn(arg);
	}
	alarm_set(l);
}

static void
on_alarm(uv_timer_t *h)
{
	struct wn_loop *l = h->data;

	l->armed_ns = 0;
	timers_run(l);
}

struct wn_timer *
wn_loop_timer(struct wn_loop *l, int64_t ms, int64_t repeat_ms, wn_post_fn fn, void *arg)
{
	struct timer *t;
	size_t i = 0;

	assert(wn_loop_here(l));
	while (i < l->timers.len && l->timers.p[i].used)
		i++;
	if (i == l->timers.len) {
		assert(i < (1u << SLOT_BITS) - 1);
		wn_vec_push(&l->timers, (struct timer){ .gen = 1 });
	}
	t = &l->timers.p[i];
	t->used = true;
	t->fn = fn;
	t->arg = arg;
	t->due_ns = now_ns(l) + (ms > 0 ? ms : 0) * 1000000;
	t->repeat_ns = repeat_ms * 1000000;
	t->order = ++l->timer_order;
	alarm_set(l);
	return (struct wn_timer *)(uintptr_t)(t->gen << SLOT_BITS |
					      (i + 1)); /* a name, not an address */
}

void
wn_loop_timer_stop(struct wn_loop *l, struct wn_timer *handle)
{
	uint64_t name = (uint64_t)(uintptr_t)handle;
	size_t i = (size_t)(name & ((1u << SLOT_BITS) - 1));

	assert(wn_loop_here(l));
	if (i == 0 || i > l->timers.len)
		return;
	if (l->timers.p[i - 1].gen != name >> SLOT_BITS)
		return;
	l->timers.p[i - 1].used = false;
	l->timers.p[i - 1].gen++;
	alarm_set(l);
}

size_t
wn_loop_timers(const struct wn_loop *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->timers.len; i++)
		n += l->timers.p[i].used;
	return n;
}

/* ---- posts ---- */

void
wn_loop_post(struct wn_loop *l, wn_post_fn fn, void *arg)
{
	struct post *p = WN_NEW(struct post);
	bool first;

	p->fn = fn;
	p->arg = arg;
	pthread_mutex_lock(&l->lock);
	first = l->post_head == NULL;
	*l->post_tail = p;
	l->post_tail = &p->next;
	/* Under the lock: whoever frees the loop after its last post must not overtake the wake-up.
	 */
	if (first)
		uv_async_send(&l->wake);
	pthread_mutex_unlock(&l->lock);
}

static void
posts_run(struct wn_loop *l)
{
	struct post *p, *next;

	pthread_mutex_lock(&l->lock);
	p = l->post_head;
	l->post_head = NULL;
	l->post_tail = &l->post_head;
	pthread_mutex_unlock(&l->lock);
	for (; p != NULL; p = next) {
		next = p->next;
		p->fn(p->arg);
		wn_free(p);
	}
}

bool
wn_loop_pending(struct wn_loop *l)
{
	bool pending;

	pthread_mutex_lock(&l->lock);
	pending = l->post_head != NULL;
	pthread_mutex_unlock(&l->lock);
	return pending;
}

static void
on_wake(uv_async_t *h)
{
	posts_run(h->data);
}

/* ---- end of turn ---- */

void
wn_loop_at_turn_end(struct wn_loop *l, struct wn_turn_hook *h)
{
	if (h->armed)
		return;
	h->armed = true;
	h->next = NULL;
	*l->hooks_tail = h;
	l->hooks_tail = &h->next;
}

void
wn_loop_hook_drop(struct wn_loop *l, struct wn_turn_hook *h)
{
	struct wn_turn_hook **at = &l->hooks;

	if (!h->armed)
		return;
	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	if (h->next == NULL)
		l->hooks_tail = at;
	h->armed = false;
}

static void
hooks_run(struct wn_loop *l)
{
	struct wn_turn_hook *h;

	while ((h = l->hooks) != NULL) {
		l->hooks = h->next;
		if (l->hooks == NULL)
			l->hooks_tail = &l->hooks;
		h->armed = false;
		h->fn(h->arg);
	}
}

static void
on_prepare(uv_prepare_t *h)
{
	hooks_run(h->data);
}

static void
on_check(uv_check_t *h)
{
	hooks_run(h->data);
}

/* ---- descriptors ---- */

static void
on_poll(uv_poll_t *h, int status, int events)
{
	struct wn_watch *w = h->data;
	int io = 0;

	if (w->fn == NULL)
		return;
	if (status < 0 || (events & (UV_READABLE | UV_DISCONNECT)) != 0)
		io |= WN_IO_READ;
	if ((events & UV_WRITABLE) != 0)
		io |= WN_IO_WRITE;
	w->fn(w->arg, io);
}

static int
uv_events(int events)
{
	return ((events & WN_IO_READ) != 0 ? UV_READABLE : 0) |
	       ((events & WN_IO_WRITE) != 0 ? UV_WRITABLE : 0);
}

struct wn_watch *
wn_loop_watch(struct wn_loop *l, int fd, int events, wn_watch_fn fn, void *arg)
{
	struct wn_watch *w = WN_NEW(struct wn_watch);

	assert(wn_loop_here(l));
	w->loop = l;
	w->fn = fn;
	w->arg = arg;
	w->events = events;
	if (uv_poll_init(&l->uv, &w->handle, fd) != 0) {
		wn_free(w);
		return NULL;
	}
	w->handle.data = w;
	l->watches++;
	if (events != 0)
		uv_poll_start(&w->handle, uv_events(events), on_poll);
	return w;
}

void
wn_watch_set(struct wn_watch *w, int events)
{
	if (w->events == events)
		return;
	w->events = events;
	if (events != 0)
		uv_poll_start(&w->handle, uv_events(events), on_poll);
	else
		uv_poll_stop(&w->handle);
}

static void
on_watch_closed(uv_handle_t *h)
{
	wn_free(h->data);
}

void
wn_watch_stop(struct wn_watch *w)
{
	if (w == NULL)
		return;
	assert(w->fn != NULL && w->loop->watches > 0);
	w->loop->watches--;
	w->fn = NULL;
	uv_poll_stop(&w->handle);
	uv_close((uv_handle_t *)&w->handle, on_watch_closed);
}

/* ---- signals ---- */

static void
on_signal(uv_signal_t *h, int signum)
{
	struct signal_slot *s = h->data;

	(void)signum;
	s->fn(s->arg);
}

void
wn_loop_signal(struct wn_loop *l, int signum, wn_post_fn fn, void *arg)
{
	struct signal_slot *s = WN_NEW(struct signal_slot);

	s->fn = fn;
	s->arg = arg;
	uv_signal_init(&l->uv, &s->handle);
	s->handle.data = s;
	uv_signal_start(&s->handle, on_signal, signum);
	uv_unref((uv_handle_t *)&s->handle);
	wn_vec_push(&l->signals, s);
}

static void
on_signal_closed(uv_handle_t *h)
{
	wn_free(h->data);
}

/* ---- life ---- */

struct wn_loop *
wn_loop_new(const struct wn_clock *clock)
{
	struct wn_loop *l = WN_NEW(struct wn_loop);

	l->clock = clock;
	l->thread = pthread_self();
	l->post_tail = &l->post_head;
	l->hooks_tail = &l->hooks;
	pthread_mutex_init(&l->lock, NULL);
	uv_loop_init(&l->uv);
	uv_async_init(&l->uv, &l->wake, on_wake);
	uv_timer_init(&l->uv, &l->alarm);
	uv_prepare_init(&l->uv, &l->prepare);
	uv_check_init(&l->uv, &l->check);
	l->wake.data = l->alarm.data = l->prepare.data = l->check.data = l;
	uv_prepare_start(&l->prepare, on_prepare);
	uv_check_start(&l->check, on_check);
	return l;
}

bool
wn_loop_here(const struct wn_loop *l)
{
	return pthread_equal(l->thread, pthread_self()) != 0;
}

void
wn_loop_turn(struct wn_loop *l, bool block)
{
	assert(wn_loop_here(l));
	timers_run(l);
	uv_run(&l->uv, block ? UV_RUN_ONCE : UV_RUN_NOWAIT);
	hooks_run(l); /* what uv's own timer phase left behind */
}

void
wn_loop_run(struct wn_loop *l)
{
	while (!atomic_load(&l->stop))
		wn_loop_turn(l, true);
	atomic_store(&l->stop, false);
}

static void
wake_only(void *arg)
{
	(void)arg;
}

void
wn_loop_stop(struct wn_loop *l)
{
	atomic_store(&l->stop, true);
	wn_loop_post(l, wake_only, NULL);
}

static void
on_limit(uv_timer_t *h)
{
	*(bool *)h->data = true;
}

bool
wn_loop_until(struct wn_loop *l, bool (*done)(void *arg), void *arg, int64_t ms)
{
	uv_timer_t limit;
	bool late = false;

	uv_timer_init(&l->uv, &limit);
	limit.data = &late;
	uv_update_time(&l->uv);
	uv_timer_start(&limit, on_limit, (uint64_t)ms, 0);
	while (!done(arg) && !late)
		wn_loop_turn(l, true);
	uv_close((uv_handle_t *)&limit, NULL);
	wn_loop_turn(l, false); /* the handle lives on this stack: its close must be over */
	return done(arg);
}

void
wn_loop_free(struct wn_loop *l)
{
	if (l == NULL)
		return;
	while (wn_loop_pending(l))
		wn_loop_turn(l, false);
	hooks_run(l);
	assert(l->watches == 0 && "a descriptor is still watched");
	assert(timer_next(l) == NULL && "a timer is still running");
	for (size_t i = 0; i < l->signals.len; i++)
		uv_close((uv_handle_t *)&l->signals.p[i]->handle, on_signal_closed);
	uv_close((uv_handle_t *)&l->wake, NULL);
	uv_close((uv_handle_t *)&l->alarm, NULL);
	uv_close((uv_handle_t *)&l->prepare, NULL);
	uv_close((uv_handle_t *)&l->check, NULL);
	uv_run(&l->uv, UV_RUN_DEFAULT);
	if (uv_loop_close(&l->uv) != 0)
		assert(!"a libuv handle is still open");
	wn_vec_fini(&l->signals);
	wn_vec_fini(&l->timers);
	pthread_mutex_destroy(&l->lock);
	wn_free(l);
}
