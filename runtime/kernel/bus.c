/*
 * Implements dispatch: rules 1 to 5 and 8 of the bus. Retries and order per stream are
 * consumer.c's.
 */
#include "runtime/kernel/bus.h"

#include <assert.h>
#include <string.h>

#include "runtime/base/mem.h"

struct wn_bus_sub {
	struct wn_bus_sub *next;
	struct wn_bus *bus;
	wn_bus_fn fn; /* NULL: removed, waits for the sweep */
	void *arg;
	uint64_t born; /* number of the dispatch it was added in: hears later ones only */
};

struct wn_bus {
	struct wn_loop *loop;
	struct wn_bus_sub *subs, **tail;
	uint64_t dispatch; /* number of the present or last dispatch */
	int depth;
	bool dirty; /* a removed sub waits for the sweep */
	int64_t seq;
};

/* ---- events ---- */

struct copier {
	char *at;
};

static const char *
copy_text(struct copier *c, const char *s)
{
	size_t n;
	char *p = c->at;

	if (s == NULL)
		return NULL;
	n = strlen(s) + 1;
	memcpy(p, s, n);
	c->at += n;
	return p;
}

static size_t
text_size(const char *s)
{
	return s != NULL ? strlen(s) + 1 : 0;
}

struct wn_bus_event *
wn_bus_event_new(const struct wn_event *ev)
{
	size_t size = sizeof(struct wn_bus_event) + text_size(ev->id) + text_size(ev->source) +
		      text_size(ev->type) + text_size(ev->subject) + text_size(ev->dataschema) +
		      text_size(ev->stream) + text_size(ev->tenant) + text_size(ev->actor) +
		      text_size(ev->causation) + text_size(ev->correlation) + ev->data.len + 1;
	struct wn_bus_event *e = wn_alloc(size);
	struct copier c = { (char *)(e + 1) };

	e->refs = 1;
	e->ev = *ev;
	e->ev.id = copy_text(&c, ev->id);
	e->ev.source = copy_text(&c, ev->source);
	e->ev.type = copy_text(&c, ev->type);
	e->ev.subject = copy_text(&c, ev->subject);
	e->ev.dataschema = copy_text(&c, ev->dataschema);
	e->ev.stream = copy_text(&c, ev->stream);
	e->ev.tenant = copy_text(&c, ev->tenant);
	e->ev.actor = copy_text(&c, ev->actor);
	e->ev.causation = copy_text(&c, ev->causation);
	e->ev.correlation = copy_text(&c, ev->correlation);
	if (ev->data.len > 0)
		memcpy(c.at, ev->data.p, ev->data.len);
	e->ev.data = wn_strn(c.at, ev->data.len);
	return e;
}

struct wn_bus_event *
wn_bus_event_ref(struct wn_bus_event *e)
{
	e->refs++;
	return e;
}

void
wn_bus_event_unref(struct wn_bus_event *e)
{
	if (e != NULL && --e->refs == 0)
		wn_free(e);
}

bool
wn_event_type_fits(const char *pattern, const char *type)
{
	size_t n = strlen(pattern);

	if (n > 0 && pattern[n - 1] == '*')
		return strncmp(pattern, type, n - 1) == 0 && (n == 1 || pattern[n - 2] == '.');
	return strcmp(pattern, type) == 0;
}

/* ---- listeners ---- */

struct wn_bus *
wn_bus_new(struct wn_loop *loop)
{
	struct wn_bus *b = WN_NEW(struct wn_bus);

	b->loop = loop;
	b->tail = &b->subs;
	return b;
}

static void
sweep(struct wn_bus *b)
{
	struct wn_bus_sub **at = &b->subs, *s;

	while ((s = *at) != NULL) {
		if (s->fn != NULL) {
			at = &s->next;
			continue;
		}
		*at = s->next;
		wn_free(s);
	}
	b->tail = at;
	b->dirty = false;
}

void
wn_bus_free(struct wn_bus *b)
{
	if (b == NULL)
		return;
	assert(b->depth == 0);
	if (b->dirty)
		sweep(b);
	assert(b->subs == NULL && "somebody still listens to the bus");
	wn_free(b);
}

struct wn_bus_sub *
wn_bus_subscribe(struct wn_bus *b, wn_bus_fn fn, void *arg)
{
	struct wn_bus_sub *s = WN_NEW(struct wn_bus_sub);

	assert(wn_loop_here(b->loop));
	s->bus = b;
	s->fn = fn;
	s->arg = arg;
	s->born = b->dispatch;
	*b->tail = s;
	b->tail = &s->next;
	return s;
}

void
wn_bus_unsubscribe(struct wn_bus_sub *s)
{
	if (s == NULL)
		return;
	s->fn = NULL;
	s->bus->dirty = true;
	if (s->bus->depth == 0)
		sweep(s->bus);
}

/* ---- dispatch ---- */

struct handover {
	struct wn_bus *bus;
	struct wn_bus_event *e;
};

static void
dispatch(void *arg)
{
	struct handover *h = arg;
	struct wn_bus *b = h->bus;
	struct wn_bus_event *e = h->e;

	wn_free(h);
	assert(b->depth == 0 && "the bus was entered from inside a handler");
	b->depth++;
	b->dispatch++;
	if (e->ev.seq > b->seq)
		b->seq = e->ev.seq;
	for (struct wn_bus_sub *s = b->subs; s != NULL; s = s->next) {
		if (s->fn != NULL && s->born < b->dispatch)
			s->fn(s->arg, e);
	}
	b->depth--;
	if (b->dirty)
		sweep(b);
	wn_bus_event_unref(e);
}

void
wn_bus_commit(struct wn_bus *b, struct wn_bus_event *e)
{
	struct handover *h = WN_NEW(struct handover);

	h->bus = b;
	h->e = e;
	wn_loop_post(b->loop, dispatch, h);
}

int64_t
wn_bus_seq(const struct wn_bus *b)
{
	return b->seq;
}

void
wn_bus_set_seq(struct wn_bus *b, int64_t seq)
{
	if (seq > b->seq)
		b->seq = seq;
}

struct wn_loop *
wn_bus_loop(const struct wn_bus *b)
{
	return b->loop;
}
