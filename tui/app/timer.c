/*
 * Timers on the application's clock: a sorted list over one libuv timer. Under the test
 * harness the clock stands still until the harness pushes it.
 */
#include "runtime/base/mem.h"
#include "tui/app/app.h"

static int64_t
now_ms(const struct app *a)
{
	return wn_mono_ns(a->clock) / 1000000;
}

static void on_uv_timer(uv_timer_t *t);

static void
arm(struct app *a)
{
	int64_t wait;

	if (a->test)
		return;
	if (a->timers == NULL) {
		uv_timer_stop(&a->timer);
		return;
	}
	wait = a->timers->due_ms - now_ms(a);
	uv_update_time(a->loop);
	uv_timer_start(&a->timer, on_uv_timer, wait > 0 ? (uint64_t)wait : 0, 0);
}

void
app_timers_run(struct app *a)
{
	while (a->timers != NULL && a->timers->due_ms <= now_ms(a)) {
		struct app_timer *t = a->timers;

		a->timers = t->next;
		if (t->slot != NULL)
			*t->slot = NULL;
		t->fn(t->arg);
		wn_free(t);
	}
	arm(a);
}

static void
on_uv_timer(uv_timer_t *t)
{
	app_timers_run(t->data);
}

void
app_timers_init(struct app *a)
{
	uv_timer_init(a->loop, &a->timer);
	a->timer.data = a;
}

void
app_timer(struct app *a, struct tab *tab, void **slot, int64_t ms, void (*fn)(void *), void *arg)
{
	struct app_timer *t = WN_NEW(struct app_timer), **p = &a->timers;

	if (slot != NULL)
		app_timer_stop(a, slot);
	*t = (struct app_timer){ NULL, now_ms(a) + ms, fn, arg, tab, slot };
	while (*p != NULL && (*p)->due_ms <= t->due_ms)
		p = &(*p)->next;
	t->next = *p;
	*p = t;
	if (slot != NULL)
		*slot = t;
	if (a->timers == t)
		arm(a);
}

void
app_timer_stop(struct app *a, void **slot)
{
	for (struct app_timer **p = &a->timers; *slot != NULL && *p != NULL; p = &(*p)->next) {
		struct app_timer *t = *p;

		if (t != *slot)
			continue;
		*p = t->next;
		*slot = NULL;
		wn_free(t);
		arm(a);
		return;
	}
	*slot = NULL;
}

void
app_timers_drop(struct app *a, const struct tab *tab)
{
	struct app_timer **p = &a->timers;

	while (*p != NULL) {
		struct app_timer *t = *p;

		if (tab != NULL && t->tab != tab) {
			p = &t->next;
			continue;
		}
		*p = t->next;
		if (t->slot != NULL)
			*t->slot = NULL;
		wn_free(t);
	}
	arm(a);
}
