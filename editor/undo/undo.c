/*
 * The undo tree: groups become steps, typing melts into the step before it.
 */
#include "editor/undo/undo_private.h"

#include <assert.h>

#define MELT_MS 3000

struct ed_step *
ed_undo_step_new(struct ed_undo *u, struct ed_step *parent)
{
	struct ed_step *s = WN_NEW(struct ed_step);

	s->parent = parent;
	s->id = u->steps.len;
	s->time_ms = u->time_ms;
	wn_vec_push(&u->steps, s);
	return s;
}

struct ed_undo *
ed_undo_new(void)
{
	struct ed_undo *u = WN_NEW(struct ed_undo);

	u->now = ed_undo_step_new(u, NULL);
	return u;
}

void
ed_undo_free(struct ed_undo *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < u->steps.len; i++) {
		struct ed_step *s = u->steps.p[i];
		for (size_t k = 0; k < s->changes.len; k++)
			ed_text_free(s->changes.p[k].other);
		wn_vec_fini(&s->changes);
		wn_vec_fini(&s->before);
		wn_vec_fini(&s->after);
		wn_free(s);
	}
	wn_vec_fini(&u->steps);
	wn_vec_fini(&u->before);
	wn_free(u);
}

void
ed_undo_begin(struct ed_undo *u, int64_t now_ms, const struct ed_mark *before, size_t n)
{
	if (u->depth++)
		return;
	u->time_ms = now_ms;
	u->made = false;
	wn_vec_clear(&u->before);
	for (size_t i = 0; i < n; i++)
		wn_vec_push(&u->before, before[i]);
}

void
ed_undo_end(struct ed_undo *u, const struct ed_mark *after, size_t n)
{
	assert(u->depth > 0);
	if (--u->depth)
		return;
	u->melt = false;
	if (!u->made)
		return;
	wn_vec_clear(&u->now->after);
	for (size_t i = 0; i < n; i++)
		wn_vec_push(&u->now->after, after[i]);
}

static void
open_step(struct ed_undo *u)
{
	u->made = true;
	if (u->melt) {
		u->now->time_ms = u->time_ms;
		return;
	}
	struct ed_step *s = ed_undo_step_new(u, u->now);
	u->sealed = false;
	u->now->redo = s;
	u->now = s;
	for (size_t i = 0; i < u->before.len; i++)
		wn_vec_push(&s->before, u->before.p[i]);
}

void
ed_undo_add(struct ed_undo *u, size_t pos, struct ed_text *removed, size_t inserted)
{
	struct ed_change *last;

	assert(u->depth > 0);
	if (!u->made)
		open_step(u);
	if (u->now->changes.len && !removed) {
		/* Typing goes on where it stopped: one change, only longer. */
		last = &wn_vec_last(&u->now->changes);
		if (last->pos + last->len == pos && last->len) {
			last->len += inserted;
			return;
		}
	}
	wn_vec_push(&u->now->changes, (struct ed_change){ pos, inserted, removed });
}

void
ed_undo_melt(struct ed_undo *u, int64_t now_ms)
{
	u->melt = !u->sealed && u->now->parent && u->now == wn_vec_last(&u->steps) &&
		  now_ms - u->now->time_ms < MELT_MS;
}

bool
ed_undo_grouping(const struct ed_undo *u)
{
	return u->depth > 0;
}

struct ed_step *
ed_undo_now(const struct ed_undo *u)
{
	return u->now;
}

void
ed_undo_moved(struct ed_undo *u, struct ed_step *to)
{
	if (u->now->parent == to)
		to->redo = u->now;
	u->now = to;
	u->melt = false;
	u->sealed = true;
}

size_t
ed_undo_count(const struct ed_undo *u)
{
	return u->steps.len;
}

struct ed_step *
ed_undo_at(const struct ed_undo *u, size_t i)
{
	return u->steps.p[i];
}

void
ed_undo_saved(struct ed_undo *u, uint64_t id)
{
	if (id < u->steps.len)
		u->steps.p[id]->saved = true;
}

/* True for steps on the way from the root to the present one: their changes are in the text. */
static bool
is_done(const struct ed_undo *u, const struct ed_step *s)
{
	const struct ed_step *at = u->now;

	while (at != NULL && at->id > s->id)
		at = at->parent;
	return at == s;
}

struct ed_step_info
ed_undo_describe(const struct ed_undo *u, size_t i)
{
	const struct ed_step *s = u->steps.p[i];
	struct ed_step_info info = { .parent = s->parent != NULL ? s->parent->id : i,
				     .time_ms = s->time_ms,
				     .now = s == u->now,
				     .saved = s->saved };
	size_t in = 0, out = 0;

	for (size_t k = 0; k < s->changes.len; k++) {
		in += s->changes.p[k].len;
		out += s->changes.p[k].other != NULL ? ed_text_len(s->changes.p[k].other) : 0;
	}
	info.done = is_done(u, s);
	info.inserted = info.done ? in : out;
	info.removed = info.done ? out : in;
	return info;
}

size_t
ed_undo_find(const struct ed_undo *u, enum ed_undo_unit unit, int64_t n, int64_t now_ms)
{
	size_t at = u->now->id, last = u->steps.len - 1;
	int64_t from = at == last ? now_ms : u->now->time_ms, want;

	if (unit == ED_UNDO_STEPS) {
		if (n < 0)
			return (uint64_t)-n < at ? at - (size_t)-n : 0;
		return (uint64_t)n < last - at ? at + (size_t)n : last;
	}
	if (unit == ED_UNDO_SAVES) {
		while (n != 0 && (n < 0 ? at > 0 : at < last)) {
			at += n < 0 ? SIZE_MAX : 1;
			if (u->steps.p[at]->saved)
				n += n < 0 ? 1 : -1;
		}
		return at;
	}
	/* Time: the newest step of that time, whatever branch it is on. */
	want = n > 0 && from > INT64_MAX - n ? INT64_MAX : from + n;
	for (at = last; at > 0 && u->steps.p[at]->time_ms > want; at--)
		;
	return at;
}

bool
ed_undo_span(struct wn_str text, enum ed_undo_unit *unit, int64_t *n)
{
	static const struct {
		char sign;
		enum ed_undo_unit unit;
		int64_t times;
	} units[] = { { 's', ED_UNDO_MS, 1000 },
		      { 'm', ED_UNDO_MS, 60000 },
		      { 'h', ED_UNDO_MS, 3600000 },
		      { 'd', ED_UNDO_MS, 86400000 },
		      { 'f', ED_UNDO_SAVES, 1 } };
	int64_t times = 1;

	*unit = ED_UNDO_STEPS;
	text = wn_str_trim(text);
	for (size_t i = 0; text.len > 0 && i < sizeof units / sizeof *units; i++)
		if (text.p[text.len - 1] == units[i].sign) {
			*unit = units[i].unit;
			times = units[i].times;
			text.len--;
			break;
		}
	if (!wn_str_i64(text, n) || *n < 0 || *n > INT32_MAX)
		return false;
	*n *= times;
	return true;
}
