/*
 * Finding all matches bit by bit. The worker writes under the lock, batch by batch.
 */
#include "editor/search/scan.h"

#include <pthread.h>
#include <time.h>

#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

#define SLICE ((size_t)4 << 20)
#define BATCH ((size_t)16384)
#define NEWS_MS 100

struct ed_scan {
	pthread_mutex_t lock; /* of state and from */
	atomic_bool cancel;
	struct ed_text *text;
	char *query; /* owned */
	size_t query_len;
	unsigned flags;
	struct ed_scan_state state;
	WN_VEC(size_t) from; /* where matches begin, rising */
};

struct ed_scan *
ed_scan_new(struct wn_str query, unsigned flags, const struct ed_text *text)
{
	struct ed_scan *s = WN_NEW(struct ed_scan);

	pthread_mutex_init(&s->lock, NULL);
	s->text = ed_text_snap(text);
	s->query = wn_strndup(query.p, query.len);
	s->query_len = query.len;
	s->flags = flags;
	return s;
}

void
ed_scan_free(struct ed_scan *s)
{
	if (s == NULL)
		return;
	pthread_mutex_destroy(&s->lock);
	ed_text_free(s->text);
	wn_vec_fini(&s->from);
	wn_free(s->query);
	wn_free(s);
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
put(struct ed_scan *s, const struct ed_match *m, size_t n, size_t bytes)
{
	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < n && s->from.len < ED_SCAN_KEPT; i++)
		wn_vec_push(&s->from, m[i].from);
	s->state.n += n;
	s->state.bytes = bytes;
	pthread_mutex_unlock(&s->lock);
}

static void
end(struct ed_scan *s, wn_err err)
{
	pthread_mutex_lock(&s->lock);
	s->state.over = true;
	s->state.err = err;
	pthread_mutex_unlock(&s->lock);
}

static wn_err
look(struct ed_scan *s, struct ed_search *q, struct ed_match *m, void (*news)(void *), void *arg)
{
	size_t len = ed_text_len(s->text), n;
	int64_t told = now_ms();
	wn_err err = 0;

	for (size_t at = 0; at <= len && err == 0;) {
		size_t to = len - at > SLICE ? at + SLICE : len;

		err = ed_search_all(q, s->text, at, to, &s->cancel, m, BATCH, &n);
		if (n == BATCH && m[n - 1].to > m[n - 1].from)
			at = m[n - 1].to;
		else /* an empty match at a batch's end is followed by the next byte */
			at = n == BATCH			 ? m[n - 1].to + 1
			     : n > 0 && m[n - 1].to > to ? m[n - 1].to
							 : to + 1;
		put(s, m, n, at < len ? at : len);
		if (news != NULL && now_ms() - told >= NEWS_MS) {
			told = now_ms();
			news(arg);
		}
	}
	return err;
}

void
ed_scan_run(struct ed_scan *s, void (*news)(void *), void *arg)
{
	struct ed_match *m = wn_alloc_array(BATCH, sizeof *m);
	struct ed_search *q = NULL;
	wn_err err = ed_search_new(wn_strn(s->query, s->query_len), s->flags, &q, NULL);

	if (err == 0)
		err = look(s, q, m, news, arg);
	end(s, err);
	ed_search_free(q);
	wn_free(m);
}

void
ed_scan_cancel(struct ed_scan *s)
{
	atomic_store(&s->cancel, true);
}

struct ed_scan_state
ed_scan_state(struct ed_scan *s)
{
	struct ed_scan_state state;

	pthread_mutex_lock(&s->lock);
	state = s->state;
	pthread_mutex_unlock(&s->lock);
	return state;
}

size_t
ed_scan_number(struct ed_scan *s, size_t pos)
{
	size_t lo = 0, hi, number = 0;

	pthread_mutex_lock(&s->lock);
	hi = s->from.len;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->from.p[mid] < pos)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < s->from.len && s->from.p[lo] == pos)
		number = lo + 1;
	pthread_mutex_unlock(&s->lock);
	return number;
}
