/*
 * The undo tree: groups become steps, typing melts into the step before it.
 */
#include "editor/undo/undo.h"

#include <assert.h>

#define MELT_MS 3000

struct ed_undo {
	WN_VEC(struct ed_step *) steps; /* [0] is the root */
	struct ed_step *now;
	unsigned depth;		       /* open groups */
	bool made;		       /* the open group has its step */
	bool melt;		       /* the next group may join `now` */
	bool sealed;		       /* nothing joins `now` any more: it was saved or walked to */
	int64_t time_ms;	       /* of the open group */
	WN_VEC(struct ed_mark) before; /* of the open group */
};

static struct ed_step *
step_new(struct ed_undo *u, struct ed_step *parent)
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

	u->now = step_new(u, NULL);
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
	struct ed_step *s = step_new(u, u->now);
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
