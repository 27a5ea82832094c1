/*
 * Implements signals: each follower keeps the latest value of what it follows until it has room for
 * it.
 */
#include "runtime/kernel/signal_hub.h"

#include <assert.h>

#include "runtime/base/map.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"
#include "runtime/kernel/bus.h"

enum { PENDING_MAX = 4096 };

struct value {
	char *topic, *subject, *json; /* subject nullable */
};

struct wn_follower {
	struct wn_follower *next;
	struct wn_signals *hub;
	char *tenant, *subject;
	WN_VEC(char *) topics;
	struct wn_map pending; /* "topic\nsubject" to struct value, in order of first arrival */
	struct wn_turn_hook hook;
	bool (*take)(void *, const char *, const char *, struct wn_str);
	void *arg;
};

struct wn_signals {
	struct wn_loop *loop;
	struct wn_follower *followers;
};

struct wn_signals *
wn_signals_new(struct wn_loop *loop)
{
	struct wn_signals *s = WN_NEW(struct wn_signals);

	s->loop = loop;
	return s;
}

void
wn_signals_free(struct wn_signals *s)
{
	assert(s == NULL || s->followers == NULL);
	wn_free(s);
}

static void
value_free(void *p)
{
	struct value *v = p;

	if (v == NULL)
		return;
	wn_free(v->topic);
	wn_free(v->subject);
	wn_free(v->json);
	wn_free(v);
}

static void
flush(void *arg)
{
	struct wn_follower *f = arg;
	struct wn_map_iter it;

	wn_map_iter_init(&it, &f->pending);
	while (wn_map_iter_next(&it)) {
		struct value *v = it.value;

		if (!f->take(f->arg, v->topic, v->subject, wn_str(v->json)))
			return;
		(void)wn_map_remove(&f->pending, it.key);
		value_free(v);
	}
}

static bool
wants(const struct wn_follower *f, const char *tenant, const char *topic, const char *subject)
{
	if (strcmp(f->tenant, tenant) != 0)
		return false;
	if (f->subject != NULL && (subject == NULL || strcmp(f->subject, subject) != 0))
		return false;
	for (size_t i = 0; i < f->topics.len; i++) {
		if (wn_event_type_fits(f->topics.p[i], topic))
			return true;
	}
	return false;
}

static void
put(struct wn_follower *f, const char *topic, const char *subject, struct wn_str json)
{
	char *key = wn_asprintf("%s\n%s", topic, subject != NULL ? subject : "");
	struct value *v;

	if (f->pending.len < PENDING_MAX || wn_map_has(&f->pending, wn_str(key))) {
		v = WN_NEW(struct value);
		v->topic = wn_strdup(topic);
		v->subject = wn_strdup(subject);
		v->json = wn_strndup(json.p, json.len);
		value_free(wn_map_set(&f->pending, wn_str(key), v));
		wn_loop_at_turn_end(f->hub->loop, &f->hook);
	}
	wn_free(key);
}

void
wn_signal_publish(struct wn_signals *s, const char *tenant, const char *topic, const char *subject,
		  struct wn_str json)
{
	for (struct wn_follower *f = s->followers; f != NULL; f = f->next) {
		if (wants(f, tenant, topic, subject))
			put(f, topic, subject, json);
	}
}

struct wn_follower *
wn_signal_follow(struct wn_signals *s, const struct wn_follower_opts *opts)
{
	struct wn_follower *f = WN_NEW(struct wn_follower);

	f->hub = s;
	f->tenant = wn_strdup(opts->tenant);
	f->subject = wn_strdup(opts->subject);
	for (size_t i = 0; opts->topics[i] != NULL; i++)
		wn_vec_push(&f->topics, wn_strdup(opts->topics[i]));
	wn_map_init(&f->pending);
	f->take = opts->take;
	f->arg = opts->arg;
	f->hook.fn = flush;
	f->hook.arg = f;
	f->next = s->followers;
	s->followers = f;
	return f;
}

void
wn_follower_resume(struct wn_follower *f)
{
	if (f->pending.len > 0)
		wn_loop_at_turn_end(f->hub->loop, &f->hook);
}

void
wn_follower_free(struct wn_follower *f)
{
	struct wn_follower **at;

	if (f == NULL)
		return;
	for (at = &f->hub->followers; *at != f;)
		at = &(*at)->next;
	*at = f->next;
	wn_loop_hook_drop(f->hub->loop, &f->hook);
	wn_map_fini(&f->pending, value_free);
	for (size_t i = 0; i < f->topics.len; i++)
		wn_free(f->topics.p[i]);
	wn_vec_fini(&f->topics);
	wn_free(f->tenant);
	wn_free(f->subject);
	wn_free(f);
}
