/*
 * The documents' side: hands snapshots to the worker and takes spans from it. Between a key and its
 * picture it takes no lock and makes no system call: what the worker should do is noted, and handed
 * over by ed_syntax_kick() when the picture is out.
 */
#include "editor/syntax/syntax.h"

#include <time.h>

#include "editor/syntax/language.h"
#include "editor/syntax/private.h"
#include "runtime/base/mem.h"

/* ---- asking --------------------------------------------------------------------------- */

static void
want(struct ed_syntax *s, enum ed_syntax_want how)
{
	s->want = s->want > how ? s->want : how;
}

/* The worker hangs in this very document: it is left alone, the document goes without colours. */
static bool
gave_up(struct ed_syntax *s)
{
	struct ed_syntax_host *h = s->host;
	struct ed_task *old = s->task;
	bool stuck;

	pthread_mutex_lock(&h->lock);
	ed_host_check(h);
	stuck = old->busy && (!h->worker || h->worker->at != old);
	pthread_mutex_unlock(&h->lock);
	if (!stuck)
		return false;
	s->task = ed_host_add(h, old->language);
	ed_host_remove(h, old);
	want(s, ED_SYNTAX_WANTS_NOW);
	return true;
}

static void
hand_over(struct ed_syntax *s)
{
	struct ed_task *t = s->task;
	struct ed_text *old, *snap;
	size_t edits = 0;

	s->want = ED_SYNTAX_WANTS_NOTHING;
	snap = ed_text_snap(ed_doc_text(s->doc));
	pthread_mutex_lock(&s->host->lock);
	old = t->request.text;
	t->request.text = snap;
	t->request.version = ed_doc_version(s->doc);
	t->request.from = s->asked_from = s->show_from;
	t->request.to = s->asked_to = s->show_to;
	for (size_t i = 0; i < s->log.len; i++) {
		if (s->log.p[i].version <= s->sent)
			continue;
		wn_vec_push(&t->request.edits, s->log.p[i]);
		edits++;
	}
	for (size_t i = 0; i < s->trash.len; i++)
		wn_vec_push(&t->request.trash, s->trash.p[i]);
	wn_vec_clear(&s->trash);
	if (edits)
		atomic_store(&t->cancel, ED_CANCEL_NEWER);
	s->sent = ed_doc_version(s->doc);
	t->dirty = true;
	ed_host_check(s->host);
	pthread_mutex_unlock(&s->host->lock);
	pthread_cond_signal(&s->host->work); /* not before: it would wake up only to wait for us */
	ed_text_free(old);
}

void
ed_syntax_kick(struct ed_syntax *s)
{
	if (s->want == ED_SYNTAX_WANTS_NOTHING)
		return;
	(void)gave_up(s);
	hand_over(s);
}

enum ed_syntax_want
ed_syntax_wants(const struct ed_syntax *s)
{
	return s->want;
}

static void
on_edit(void *arg, const struct ed_edit *e)
{
	struct ed_syntax *s = arg;

	s->show_from = ed_shift(s->show_from, e);
	s->show_to = ed_shift(s->show_to, e);
	if (s->state == ED_SYNTAX_FAILED)
		return;
	ed_painted_shift(&s->painted, e, ed_doc_text(s->doc));
	ed_painted_guess(&s->painted, e, ed_doc_text(s->doc), s->words);
	wn_vec_push(&s->log, *e);
	want(s, ED_SYNTAX_WANTS_SOON);
}

/* ---- life ------------------------------------------------------------------------------ */

static const char *
guess_language(const struct ed_doc *doc)
{
	char line[128];
	size_t n = ed_text_read(ed_doc_text(doc), 0, line, sizeof line), end = 0;

	while (end < n && line[end] != '\n')
		end++;
	return ed_language_of(ed_doc_path(doc), wn_strn(line, end));
}

struct ed_syntax *
ed_syntax_attach(struct ed_syntax_host *h, struct ed_doc *doc, const char *language)
{
	struct ed_syntax *s = WN_NEW(struct ed_syntax);
	const struct ed_language *l;

	s->host = h;
	s->doc = doc;
	if (!language && ed_doc_info(doc)->encoding != ED_ENC_BINARY)
		language = guess_language(doc);
	l = ed_language_find(wn_str(language));
	s->state = l ? ED_SYNTAX_WAITING : ED_SYNTAX_NONE;
	if (!l)
		return s;
	s->task = ed_host_add(h, l->name);
	s->listener = (struct ed_listener){ .on_edit = on_edit, .arg = s };
	ed_doc_listen(doc, &s->listener);
	s->sent = ed_doc_version(doc);
	want(s, ED_SYNTAX_WANTS_NOW);
	ed_syntax_kick(s);
	return s;
}

void
ed_syntax_detach(struct ed_syntax *s)
{
	if (!s)
		return;
	if (s->task) {
		ed_doc_unlisten(s->doc, &s->listener);
		ed_host_remove(s->host, s->task);
	}
	if (s->tree)
		ts_tree_delete(s->tree);
	for (size_t i = 0; i < s->trash.len; i++)
		ts_tree_delete(s->trash.p[i]);
	wn_vec_fini(&s->trash);
	wn_vec_fini(&s->painted.spans);
	wn_vec_fini(&s->log);
	wn_free(s->words);
	wn_free(s);
}

const char *
ed_syntax_language(const struct ed_syntax *s)
{
	return s->task ? s->task->language : "";
}

enum ed_syntax_state
ed_syntax_state(const struct ed_syntax *s)
{
	return s->state;
}

const char *
ed_syntax_why(const struct ed_syntax *s)
{
	return s->why;
}

/* ---- showing ---------------------------------------------------------------------------- */

void
ed_syntax_show(struct ed_syntax *s, size_t from, size_t to)
{
	size_t page = ed_page_bytes(from, to), len = ed_text_len(ed_doc_text(s->doc));
	size_t lo = from > page ? from - page : 0, hi = len - to > page ? to + page : len;

	s->show_from = from;
	s->show_to = to;
	if (!s->task || s->state == ED_SYNTAX_FAILED || s->want == ED_SYNTAX_WANTS_NOW)
		return;
	if (s->asked_from == from && s->asked_to == to)
		return;
	if (s->painted.from > lo || s->painted.to < hi || s->state == ED_SYNTAX_WAITING)
		want(s, ED_SYNTAX_WANTS_NOW);
}

bool
ed_syntax_shown(const struct ed_syntax *s)
{
	return !s->task || s->state == ED_SYNTAX_FAILED ||
	       (s->painted.from <= s->show_from && s->painted.to >= s->show_to &&
		s->state != ED_SYNTAX_WAITING);
}

static void
take_tree(struct ed_syntax *s, struct ed_result *r)
{
	if (s->tree)
		wn_vec_push(&s->trash, s->tree);
	s->tree = r->tree;
	s->tree_version = r->version;
	s->base = r->base;
	s->grammar = r->grammar;
	r->tree = NULL;
}

bool
ed_syntax_poll(struct ed_syntax *s)
{
	struct ed_result *r = s->task ? atomic_exchange(&s->task->result, NULL) : NULL;
	struct ed_painted now;
	bool news;
	size_t n = 0;

	if (s->task && atomic_exchange(&s->task->dropped, false) && s->tree) {
		ts_tree_delete(s->tree);
		s->tree = NULL;
	}
	if (!r)
		return false;
	now = (struct ed_painted){ .spans = r->spans, .from = r->from, .to = r->to };
	for (size_t i = 0; i < s->log.len; i++) {
		if (s->log.p[i].version <= r->version)
			continue;
		s->log.p[n++] = s->log.p[i];
		ed_painted_shift(&now, &s->log.p[n - 1], ed_doc_text(s->doc));
	}
	take_tree(s, r);
	/* One key behind is guessed again; of several only the last could be. */
	if (n == 1)
		ed_painted_guess(&now, &s->log.p[0], ed_doc_text(s->doc), &r->words);
	s->log.len = n;
	news = s->state != r->state ||
	       !ed_painted_same(&now, &s->painted, s->show_from, s->show_to);
	wn_vec_fini(&s->painted.spans);
	s->painted = now;
	s->version = r->version;
	s->state = r->state;
	memcpy(s->why, r->why, sizeof s->why);
	if (!s->words)
		s->words = WN_NEW(struct ed_words);
	*s->words = r->words;
	wn_free(r);
	return news;
}

static bool
is_pending(const struct ed_syntax *s)
{
	const struct ed_task *t = s->task;

	return t->dirty || t->busy || t->yielded || (s->host->learning && s->host->worker);
}

/* Waits for the worker, but not longer than a hanging one needs to be noticed; true when it is
 * later than until. The lock is held. */
static bool
wait_some(struct ed_syntax_host *h, const struct timespec *until)
{
	struct timespec now, soon;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec > until->tv_sec ||
	    (now.tv_sec == until->tv_sec && now.tv_nsec >= until->tv_nsec))
		return true;
	soon = now;
	soon.tv_nsec += 100000000;
	if (soon.tv_nsec >= 1000000000) {
		soon.tv_nsec -= 1000000000;
		soon.tv_sec++;
	}
	if (soon.tv_sec > until->tv_sec ||
	    (soon.tv_sec == until->tv_sec && soon.tv_nsec > until->tv_nsec))
		soon = *until;
	(void)pthread_cond_timedwait(&h->done, &h->lock, &soon);
	return false;
}

bool
ed_syntax_wait(struct ed_syntax *s, int ms)
{
	struct timespec until;
	bool idle, late = false;

	if (!s->task)
		return true;
	ed_syntax_kick(s);
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	do {
		if (gave_up(s))
			hand_over(s);
		pthread_mutex_lock(&s->host->lock);
		if (is_pending(s))
			late = wait_some(s->host, &until);
		idle = !is_pending(s);
		pthread_mutex_unlock(&s->host->lock);
	} while (!idle && !late);
	(void)ed_syntax_poll(s);
	return idle;
}

bool
ed_syntax_busy(struct ed_syntax *s)
{
	bool busy;

	if (!s->task)
		return false;
	ed_syntax_kick(s);
	if (gave_up(s))
		hand_over(s);
	pthread_mutex_lock(&s->host->lock);
	busy = is_pending(s) || atomic_load(&s->task->result);
	pthread_mutex_unlock(&s->host->lock);
	return busy;
}

size_t
ed_syntax_spans(const struct ed_syntax *s, size_t from, size_t to, struct ed_span *out, size_t max)
{
	size_t lo = ed_painted_find(&s->painted, from), n = 0;

	for (; lo < s->painted.spans.len && n < max; lo++) {
		struct ed_span span = ed_painted_get(&s->painted, lo);
		if (span.from >= to)
			break;
		span.from = span.from > from ? span.from : from;
		span.to = span.to < to ? span.to : to;
		out[n++] = span;
	}
	return n;
}
