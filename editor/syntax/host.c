/*
 * The worker thread: takes the request of one document after the other, parses in slices, paints,
 * and leaves the result to be taken. It never holds the lock while in a grammar.
 */
#include "editor/syntax/host.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include "editor/syntax/fault.h"
#include "editor/syntax/language.h"
#include "runtime/base/mem.h"

/* ---- tasks ------------------------------------------------------------------------- */

void
ed_result_free(struct ed_result *r)
{
	if (!r)
		return;
	wn_vec_fini(&r->spans);
	if (r->tree)
		ts_tree_delete(r->tree);
	wn_free(r);
}

static void
empty_trash(struct ed_request *r)
{
	for (size_t i = 0; i < r->trash.len; i++)
		ts_tree_delete(r->trash.p[i]);
	wn_vec_fini(&r->trash);
}

static void
task_free(struct ed_task *t)
{
	ed_job_fini(&t->job);
	empty_trash(&t->request);
	ed_text_free(t->request.text);
	wn_vec_fini(&t->request.edits);
	ed_result_free(atomic_load(&t->result));
	wn_free(t->language);
	wn_free(t);
}

static void
unlink_task(struct ed_syntax_host *h, struct ed_task *t)
{
	for (struct ed_task **at = &h->tasks; *at; at = &(*at)->next) {
		if (*at == t) {
			*at = t->next;
			return;
		}
	}
}

static bool
wants_work(const struct ed_task *t)
{
	return (t->dirty || t->yielded) && !t->busy;
}

/* The first that waits, moved to the end of the list. */
static struct ed_task *
next_task(struct ed_syntax_host *h)
{
	struct ed_task *t = h->tasks, **end = &h->tasks;

	while (t && !wants_work(t))
		t = t->next;
	if (!t)
		return NULL;
	unlink_task(h, t);
	while (*end)
		end = &(*end)->next;
	*end = t;
	t->next = NULL;
	return t;
}

/* ---- what a job asks of its worker ------------------------------------------------------ */

static bool
is_banned(struct ed_syntax_host *h, struct wn_str name)
{
	bool yes = false;

	pthread_mutex_lock(&h->lock);
	for (size_t i = 0; i < h->banned.len; i++)
		yes = yes || wn_str_is(name, h->banned.p[i]);
	pthread_mutex_unlock(&h->lock);
	return yes;
}

static struct ed_grammar *
find_grammar(void *arg, struct wn_str name)
{
	struct ed_worker *w = arg;
	struct ed_grammar *g = NULL;

	for (size_t i = 0; i < w->grammars.len && !g; i++)
		if (wn_str_is(name, w->grammars.p[i]->name))
			g = w->grammars.p[i];
	const struct ed_language *l = ed_language_find(name);
	bool banned = is_banned(w->host, name);
	if (!l)
		return NULL;
	atomic_store(&w->parsing, l->name);
	if (!g) {
		g = ed_grammar_new(l->name);
		wn_vec_push(&w->grammars, g);
		if (!banned)
			ed_grammar_load(g, w->host->dir);
	}
	if (banned) {
		g->language = NULL;
		wn_fail(&g->why, WN_E_UNAVAILABLE, "the grammar for %s failed and is off", l->name);
	}
	return g;
}

static bool
others_wait(void *arg)
{
	struct ed_worker *w = arg;
	bool yes = false;

	pthread_mutex_lock(&w->host->lock);
	for (struct ed_task *t = w->host->tasks; t; t = t->next)
		yes = yes || wants_work(t);
	pthread_mutex_unlock(&w->host->lock);
	return yes;
}

/* ---- one task ---------------------------------------------------------------------------- */

/* Moves the request into the job; the lock is held. */
static void
take_request(struct ed_task *t, struct ed_request *out)
{
	*out = t->request;
	t->request = (struct ed_request){ 0 };
	t->dirty = false;
	atomic_store(&t->cancel, ED_CANCEL_NOT);
}

/* NULL: no result yet. */
static struct ed_result *
work(struct ed_worker *w, struct ed_task *t, struct ed_request *r, bool *yielded)
{
	struct ed_job_env env = { find_grammar, others_wait, w, &w->beat };
	struct ed_job *j = &t->job;
	struct ed_result *out = NULL;
	enum ed_job_end end = ED_JOB_FAILED;

	empty_trash(r);
	if (r->text) {
		if (!j->grammar)
			j->grammar = find_grammar(w, wn_str(t->language));
		t->from = r->from;
		t->to = r->to;
		ed_job_text(j, r->text, r->version, r->edits.p, r->edits.len, r->from, r->to);
		r->text = NULL;
	}
	atomic_store(&w->parsing, ed_language_find(wn_str(t->language))->name);
	if (j->grammar->language)
		end = ed_job_parse(j, &env, &t->cancel);
	*yielded = end == ED_JOB_YIELDED;
	if (end != ED_JOB_DONE && end != ED_JOB_FAILED)
		return NULL;
	out = WN_NEW(struct ed_result);
	out->state = ED_SYNTAX_FAILED;
	out->from = t->from;
	out->to = t->to;
	out->version = j->version;
	if (!j->grammar->language) {
		memcpy(out->why, j->grammar->why.text, sizeof out->why);
	} else if (end == ED_JOB_FAILED) {
		snprintf(out->why, sizeof out->why, "the grammar for %s is too slow for this text",
			 j->grammar->name);
	} else {
		ed_job_paint(j, &env, &out->from, &out->to, &out->spans, &out->words);
		out->tree = ts_tree_copy(j->tree);
		out->base = j->base;
		out->grammar = j->grammar;
		out->state = j->window ? ED_SYNTAX_WINDOW : ED_SYNTAX_READY;
	}
	return out;
}

static void
worker_free(struct ed_worker *w)
{
	for (size_t i = 0; i < w->grammars.len; i++)
		ed_grammar_free(w->grammars.p[i]);
	wn_vec_fini(&w->grammars);
	wn_free(w);
}

struct run {
	struct ed_worker *w;
	struct ed_task *t;
	struct ed_request r;
	struct ed_result *result; /* NULL: not finished */
	bool yielded;
};

static void
run_work(void *arg)
{
	struct run *run = arg;

	run->result = work(run->w, run->t, &run->r, &run->yielded);
}

/* The grammar crashed under this worker: it goes, and what it was at stays as it is. The lock is
 * held. */
static void
leave(struct ed_worker *w)
{
	struct ed_syntax_host *h = w->host;

	if (w->abandoned)
		return;
	wn_vec_push(&h->banned, atomic_load(&w->parsing));
	h->worker = NULL;
	pthread_detach(w->thread);
	ed_fault_bury(w, &w->buried);
}

static size_t
tree_bytes(const struct ed_task *t)
{
	return t->job.tree && t->job.text ? ed_text_len(t->job.text) : 0;
}

/* Of too many trees those not used for the longest time go: they belong to what is hidden. The lock
 * is held, and is let go to free them. */
static void
drop_trees(struct ed_syntax_host *h, const struct ed_task *now)
{
	WN_VEC(TSTree *) out = { 0 };
	size_t sum = 0;

	for (struct ed_task *t = h->tasks; t; t = t->next)
		sum += t->busy ? 0 : tree_bytes(t);
	while (sum > h->trees_max) {
		struct ed_task *old = NULL;
		for (struct ed_task *t = h->tasks; t; t = t->next)
			if (t != now && !t->busy && tree_bytes(t) && (!old || t->used < old->used))
				old = t;
		if (!old)
			break;
		sum -= tree_bytes(old);
		wn_vec_push(&out, old->job.tree);
		old->job.tree = NULL;
		old->job.current = false;
		atomic_store(&old->dropped, true);
	}
	if (out.len == 0)
		return;
	pthread_mutex_unlock(&h->lock);
	for (size_t i = 0; i < out.len; i++)
		ts_tree_delete(out.p[i]);
	wn_vec_fini(&out);
	pthread_mutex_lock(&h->lock);
}

enum outcome { NEXT, ABANDONED, CRASHED };

/* The lock is held, and is let go while working. */
static enum outcome
do_task(struct ed_worker *w, struct ed_task *t)
{
	struct ed_syntax_host *h = w->host;
	struct run *run = WN_NEW(struct run);
	bool crashed, tell;

	run->w = w;
	run->t = t;
	take_request(t, &run->r);
	t->busy = true;
	t->used = ++h->turns;
	w->at = t;
	atomic_store(&w->beat, ed_cpu_ns());
	pthread_mutex_unlock(&h->lock);
	crashed = ed_fault_run(run_work, run) != 0;
	pthread_mutex_lock(&h->lock);
	tell = crashed || run->result;
	if (crashed) {
		leave(w);
	} else {
		w->at = NULL;
		t->busy = false;
		t->yielded = run->yielded;
		if (run->result) {
			h->learning = h->learning || !t->job.grammar->learnt;
			ed_result_free(atomic_exchange(&t->result, run->result));
		}
		if (t->gone)
			task_free(t);
		else if (!w->abandoned)
			drop_trees(h, t);
	}
	if (crashed) {
		w->crashed_at = run;
	} else {
		wn_vec_fini(&run->r.edits);
		wn_free(run);
	}
	if (w->abandoned)
		return crashed ? CRASHED : ABANDONED;
	pthread_cond_broadcast(&h->done);
	if (tell && h->notify) {
		pthread_mutex_unlock(&h->lock);
		h->notify(h->arg);
		pthread_mutex_lock(&h->lock);
	}
	return crashed ? CRASHED : NEXT;
}

/* What is not needed for the first picture is loaded behind it. The lock is held, and let go. */
static void
learn(struct ed_worker *w)
{
	struct ed_syntax_host *h = w->host;

	pthread_mutex_unlock(&h->lock);
	for (size_t i = 0; i < w->grammars.len; i++)
		ed_grammar_learn(w->grammars.p[i], h->dir);
	pthread_mutex_lock(&h->lock);
	h->learning = false;
	pthread_cond_broadcast(&h->done);
}

static void *
worker_main(void *arg)
{
	struct ed_worker *w = arg;
	struct ed_syntax_host *h = w->host;
	enum outcome outcome = NEXT;
	struct ed_task *t;

	/* Woken by a key, it must not push the loop aside that is about to draw it. */
	(void)sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){ 0 });
	pthread_mutex_lock(&h->lock);
	while (outcome == NEXT && !h->stop) {
		t = next_task(h);
		if (t)
			outcome = do_task(w, t);
		else if (h->learning)
			learn(w);
		else
			pthread_cond_wait(&h->work, &h->lock);
	}
	pthread_mutex_unlock(&h->lock);
	return NULL;
}

/* The lock is held. */
static void
start_worker(struct ed_syntax_host *h)
{
	struct ed_worker *w = WN_NEW(struct ed_worker);
	sigset_t all, old;

	w->host = h;
	atomic_init(&w->beat, 0);
	/* Signals are for the client's own thread. */
	sigfillset(&all);
	ed_fault_install(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&w->thread, NULL, worker_main, w) == 0)
		h->worker = w;
	else
		wn_free(w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

/* True when it has worked long without a sign of life. The lock is held. */
static bool
hangs(struct ed_worker *w)
{
	struct timespec t;
	clockid_t id;

	if (!w->at || pthread_getcpuclockid(w->thread, &id) != 0 || clock_gettime(id, &t) != 0)
		return false;
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec - atomic_load(&w->beat) >
	       w->host->stuck_ns;
}

/* Leaves a hanging worker with its task; documents of that task are told. The lock is held. */
static void
abandon_worker(struct ed_syntax_host *h)
{
	struct ed_worker *w = h->worker;
	const char *name = atomic_load(&w->parsing);

	w->abandoned = true;
	h->abandoned++;
	pthread_detach(w->thread);
	wn_vec_push(&h->banned, name);
	ed_fault_bury(w, &w->buried);
	h->worker = NULL;
}

void
ed_host_check(struct ed_syntax_host *h)
{
	struct ed_worker *w = h->worker;

	if (w && hangs(w))
		abandon_worker(h);
	if (!h->worker)
		start_worker(h);
}

/* ---- the host ------------------------------------------------------------------------------ */

/* Code is loaded from it, so nobody but us and the administrator may put files there. Takes dir. */
static char *
checked_dir(char *dir)
{
	struct stat st;

	if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode) && !(st.st_mode & S_IWOTH) &&
	    (st.st_uid == 0 || st.st_uid == geteuid()))
		return dir;
	wn_free(dir);
	return NULL;
}

/* Beside the program, beside one of the directories it is in (a build tree), or installed; never
 * the working directory, which may be anybody's project. Without any, text stays plain. */
static char *
find_dir(void)
{
	const char *env = getenv("WEBNOVA_GRAMMARS");
	char exe[PATH_MAX], *dir = NULL;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

	if (env && *env)
		return wn_strdup(env);
	exe[n > 0 ? n : 0] = 0;
	for (char *slash; !dir && (slash = strrchr(exe, '/'));) {
		*slash = 0;
		dir = checked_dir(wn_asprintf("%s/grammars", exe));
		if (!dir)
			dir = checked_dir(wn_asprintf("%s/lib/webnova/grammars", exe));
	}
	return dir ? dir : wn_strdup("/usr/lib/webnova/grammars");
}

struct ed_syntax_host *
ed_syntax_host_new(const struct ed_syntax_opts *opts)
{
	struct ed_syntax_host *h = WN_NEW(struct ed_syntax_host);
	pthread_condattr_t attr;

	h->dir = opts && opts->grammars ? wn_strdup(opts->grammars) : find_dir();
	h->notify = opts ? opts->notify : NULL;
	h->arg = opts ? opts->arg : NULL;
	h->trees_max = opts && opts->trees_max ? opts->trees_max : ED_TREES_BYTES;
	h->stuck_ns =
		(opts && opts->stuck_ms > 0 ? opts->stuck_ms : ED_STUCK_MS) * (int64_t)1000000;
	pthread_mutex_init(&h->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&h->work, &attr);
	pthread_cond_init(&h->done, &attr);
	pthread_condattr_destroy(&attr);
	return h;
}

void
ed_syntax_host_free(struct ed_syntax_host *h)
{
	struct ed_worker *w;

	if (!h)
		return;
	pthread_mutex_lock(&h->lock);
	h->stop = true;
	pthread_cond_broadcast(&h->work);
	if (h->worker && hangs(h->worker))
		abandon_worker(h);
	w = h->worker;
	pthread_mutex_unlock(&h->lock);
	if (w) {
		pthread_join(w->thread, NULL);
		worker_free(w);
	}
	/* A thread that hangs in a grammar may still come back: what it would touch stays. */
	if (h->abandoned)
		return;
	wn_vec_fini(&h->banned);
	pthread_cond_destroy(&h->work);
	pthread_cond_destroy(&h->done);
	pthread_mutex_destroy(&h->lock);
	wn_free(h->dir);
	wn_free(h);
}

struct ed_task *
ed_host_add(struct ed_syntax_host *h, const char *language)
{
	struct ed_task *t = WN_NEW(struct ed_task);

	t->language = wn_strdup(language);
	atomic_init(&t->cancel, ED_CANCEL_NOT);
	atomic_init(&t->result, NULL);
	atomic_init(&t->dropped, false);
	pthread_mutex_lock(&h->lock);
	t->next = h->tasks;
	h->tasks = t;
	pthread_mutex_unlock(&h->lock);
	return t;
}

void
ed_host_remove(struct ed_syntax_host *h, struct ed_task *t)
{
	pthread_mutex_lock(&h->lock);
	unlink_task(h, t);
	atomic_store(&t->cancel, ED_CANCEL_GONE);
	if (t->busy)
		t->gone = true;
	else
		task_free(t);
	pthread_mutex_unlock(&h->lock);
}
