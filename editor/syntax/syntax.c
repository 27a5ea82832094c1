/*
 * The documents' side: sends snapshots to the worker, takes spans from it, and keeps those it has
 * true while edits come faster than the worker.
 */
#include "editor/syntax/syntax.h"

#include <time.h>

#include "editor/syntax/host.h"
#include "editor/syntax/language.h"
#include "runtime/base/mem.h"

struct ed_syntax {
	struct ed_syntax_host *host;
	struct ed_doc *doc;
	struct ed_listener listener;
	struct ed_task *task; /* NULL: no language */
	enum ed_syntax_state state;
	char why[WN_DIAG_TEXT_MAX];
	ed_spans spans;		     /* true for the document as it is now */
	size_t from, to;	     /* what they cover */
	uint64_t version;	     /* of the text they were made of */
	WN_VEC(struct ed_edit) log;  /* edits since that version */
	size_t show_from, show_to;   /* on screen */
	size_t asked_from, asked_to; /* of the last request */
};

/* ---- shifting ------------------------------------------------------------------------- */

static bool
is_word_byte(int c)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '_';
}

static size_t
shift(size_t p, const struct ed_edit *e)
{
	if (p <= e->pos)
		return p;
	return p >= e->pos + e->removed ? p - e->removed + e->inserted : e->pos;
}

/* What is typed at the end of a word or a comment most likely belongs to it. */
static bool
grows(const struct ed_syntax *s, const struct ed_span *span, const struct ed_edit *e)
{
	int c;

	if (span->to != e->pos || e->inserted == 0 || e->removed)
		return false;
	c = ed_text_byte(ed_doc_text(s->doc), e->pos);
	if (span->style == ED_STYLE_COMMENT || span->style == ED_STYLE_COMMENT_DOC)
		return c != '\n';
	return is_word_byte(c) && span->style != ED_STYLE_PUNCTUATION &&
	       span->style != ED_STYLE_OPERATOR;
}

static void
shift_spans(struct ed_syntax *s, const struct ed_edit *e)
{
	size_t n = 0;

	for (size_t i = 0; i < s->spans.len; i++) {
		struct ed_span span = s->spans.p[i];
		bool grow = grows(s, &span, e);
		span.from = shift(span.from, e);
		span.to = shift(span.to, e) + (grow ? e->inserted : 0);
		if (n && span.from < s->spans.p[n - 1].to)
			span.from = s->spans.p[n - 1].to;
		if (span.from < span.to)
			s->spans.p[n++] = span;
	}
	s->spans.len = n;
	/* What is inserted at the end of what was painted counts as painted, plain. */
	bool at_end = s->to == e->pos;
	s->from = shift(s->from, e);
	s->to = shift(s->to, e) + (at_end ? e->inserted : 0);
}

/* ---- asking --------------------------------------------------------------------------- */

static void
ask(struct ed_syntax *s, const struct ed_edit *edit)
{
	struct ed_task *t = s->task;
	struct ed_request *r = &t->request;
	struct ed_text *old;
	struct ed_text *snap = ed_text_snap(ed_doc_text(s->doc));

	pthread_mutex_lock(&s->host->lock);
	old = r->text;
	r->text = snap;
	r->version = ed_doc_version(s->doc);
	r->from = s->show_from;
	r->to = s->show_to;
	s->asked_from = s->show_from;
	s->asked_to = s->show_to;
	if (edit) {
		wn_vec_push(&r->edits, *edit);
		atomic_store(&t->cancel, ED_CANCEL_NEWER);
	}
	t->dirty = true;
	ed_host_check(s->host);
	pthread_mutex_unlock(&s->host->lock);
	pthread_cond_signal(&s->host->work); /* not before: it would wake up only to wait for us */
	ed_text_free(old);
}

static void
on_edit(void *arg, const struct ed_edit *e)
{
	struct ed_syntax *s = arg;

	s->show_from = shift(s->show_from, e);
	s->show_to = shift(s->show_to, e);
	if (s->state == ED_SYNTAX_FAILED)
		return;
	shift_spans(s, e);
	wn_vec_push(&s->log, *e);
	ask(s, e);
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
	if (!language && ed_doc_info(doc)->encoding <= ED_ENC_BROKEN)
		language = guess_language(doc);
	l = ed_language_find(wn_str(language));
	s->state = l ? ED_SYNTAX_WAITING : ED_SYNTAX_NONE;
	if (!l)
		return s;
	s->task = ed_host_add(h, l->name);
	s->listener = (struct ed_listener){ .on_edit = on_edit, .arg = s };
	ed_doc_listen(doc, &s->listener);
	ask(s, NULL);
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
	wn_vec_fini(&s->spans);
	wn_vec_fini(&s->log);
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

/* The worker hangs in this very document: it is left alone, the document goes without colours. */
static bool
gave_up(struct ed_syntax *s)
{
	struct ed_syntax_host *h = s->host;
	bool stuck;

	pthread_mutex_lock(&h->lock);
	ed_host_check(h);
	stuck = s->task->busy && (!h->worker || h->worker->at != s->task);
	pthread_mutex_unlock(&h->lock);
	if (!stuck)
		return false;
	struct ed_task *old = s->task;
	s->task = ed_host_add(h, old->language);
	ed_host_remove(h, old);
	ask(s, NULL);
	return true;
}

void
ed_syntax_show(struct ed_syntax *s, size_t from, size_t to)
{
	bool covered = s->from <= from && s->to >= to && s->state != ED_SYNTAX_WAITING;

	if (!s->task)
		return;
	covered = covered || (s->asked_from == from && s->asked_to == to);
	s->show_from = from;
	s->show_to = to;
	if (gave_up(s) || covered || s->state == ED_SYNTAX_FAILED)
		return;
	ask(s, NULL);
}

bool
ed_syntax_poll(struct ed_syntax *s)
{
	struct ed_result r;

	if (!s->task)
		return false;
	(void)gave_up(s);
	pthread_mutex_lock(&s->host->lock);
	r = s->task->result;
	if (r.fresh)
		s->task->result = (struct ed_result){ 0 };
	pthread_mutex_unlock(&s->host->lock);
	if (!r.fresh)
		return false;
	wn_vec_fini(&s->spans);
	s->spans = r.spans;
	s->from = r.from;
	s->to = r.to;
	s->version = r.version;
	s->state = r.state;
	memcpy(s->why, r.why, sizeof s->why);
	size_t n = 0;
	for (size_t i = 0; i < s->log.len; i++) {
		if (s->log.p[i].version <= s->version)
			continue;
		s->log.p[n++] = s->log.p[i];
		shift_spans(s, &s->log.p[n - 1]);
	}
	s->log.len = n;
	return true;
}

static bool
is_pending(const struct ed_task *t)
{
	return t->dirty || t->busy || t->yielded;
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
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	do {
		(void)gave_up(s);
		pthread_mutex_lock(&s->host->lock);
		if (is_pending(s->task))
			late = wait_some(s->host, &until);
		idle = !is_pending(s->task);
		pthread_mutex_unlock(&s->host->lock);
	} while (!idle && !late);
	(void)ed_syntax_poll(s);
	return idle;
}

size_t
ed_syntax_spans(const struct ed_syntax *s, size_t from, size_t to, struct ed_span *out, size_t max)
{
	size_t lo = 0, hi = s->spans.len, n = 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (s->spans.p[mid].to <= from)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < s->spans.len && s->spans.p[lo].from < to && n < max; lo++) {
		out[n] = s->spans.p[lo];
		out[n].from = out[n].from > from ? out[n].from : from;
		out[n].to = out[n].to < to ? out[n].to : to;
		n++;
	}
	return n;
}
