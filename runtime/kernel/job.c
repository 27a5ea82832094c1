/*
 * Implements jobs. The table is locked; a job's own fields belong to its thread while it runs and
 * to the loop before and after.
 */
#include "runtime/kernel/job.h"

#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/job_record.h"
#include "runtime/kernel/metric.h"
#include "runtime/kernel/signal_hub.h"

enum { SHORT_QUEUE = 4096, TASK_QUEUE = 256, RESULT_MAX = 64 << 20, ARENA_MAX = 512 << 20 };

struct watcher {
	struct watcher *next;
	wn_job_done_fn done;
	void *arg;
};

struct wn_job {
	struct wn_jobs *jobs;
	struct wn_job *next, *prev;
	struct wn_mod *mod;
	struct wn_job_start s; /* kind and subject are copies in the arena */
	struct wn_job_who who;
	struct wn_ctx ctx;
	struct wn_arena arena;
	struct wn_buf result;
	wn_err err;
	atomic_int cancelled;
	int wake_fd;		  /* under the lock */
	struct watcher *watchers; /* loop thread */
	/* progress, under the lock */
	struct wn_job_step step;
	bool told;	  /* a post to the loop is under way */
	int64_t start_ns; /* when it was accepted */
	int64_t event_ns; /* when the last progress event was emitted; job thread */
	bool unsaid;	  /* the log has not heard of the last step; job thread */
};

struct wn_jobs {
	struct wn_kernel *k;
	struct wn_pool *shorts, *tasks;
	pthread_mutex_t lock;
	struct wn_job *head;
	size_t n;
};

struct wn_jobs *
wn_jobs_new(struct wn_kernel *k, size_t short_threads, size_t task_threads)
{
	struct wn_jobs *j = WN_NEW(struct wn_jobs);

	j->k = k;
	pthread_mutex_init(&j->lock, NULL);
	j->shorts = wn_pool_new("wn-call", short_threads, SHORT_QUEUE);
	j->tasks = wn_pool_new("wn-task", task_threads, TASK_QUEUE);
	return j;
}

void
wn_jobs_free(struct wn_jobs *j)
{
	if (j == NULL)
		return;
	wn_pool_free(j->shorts);
	wn_pool_free(j->tasks);
	assert(j->head == NULL && "a job has not ended");
	pthread_mutex_destroy(&j->lock);
	wn_free(j);
}

/* ---- the table ---- */

static void
table_add(struct wn_jobs *j, struct wn_job *job)
{
	pthread_mutex_lock(&j->lock);
	job->next = j->head;
	if (j->head != NULL)
		j->head->prev = job;
	j->head = job;
	j->n++;
	pthread_mutex_unlock(&j->lock);
}

static void
table_remove(struct wn_jobs *j, struct wn_job *job)
{
	pthread_mutex_lock(&j->lock);
	if (job->prev != NULL)
		job->prev->next = job->next;
	else
		j->head = job->next;
	if (job->next != NULL)
		job->next->prev = job->prev;
	j->n--;
	pthread_mutex_unlock(&j->lock);
}

/* Under the lock. */
static struct wn_job *
find(struct wn_jobs *j, const char *id)
{
	struct wn_job *job = j->head;

	while (job != NULL && strcmp(job->who.id, id) != 0)
		job = job->next;
	return job;
}

/* Under the lock. */
static void
cancel(struct wn_job *job)
{
	atomic_store(&job->cancelled, 1);
	if (job->wake_fd >= 0)
		(void)eventfd_write(job->wake_fd, 1);
}

wn_err
wn_jobs_cancel(struct wn_jobs *j, const char *id)
{
	struct wn_job *job;

	pthread_mutex_lock(&j->lock);
	job = find(j, id);
	if (job != NULL)
		cancel(job);
	pthread_mutex_unlock(&j->lock);
	return job != NULL ? WN_OK : WN_E_NOT_FOUND;
}

void
wn_jobs_cancel_all(struct wn_jobs *j)
{
	pthread_mutex_lock(&j->lock);
	for (struct wn_job *job = j->head; job != NULL; job = job->next)
		cancel(job);
	pthread_mutex_unlock(&j->lock);
}

size_t
wn_jobs_running(struct wn_jobs *j)
{
	size_t n;

	pthread_mutex_lock(&j->lock);
	n = j->n;
	pthread_mutex_unlock(&j->lock);
	return n;
}

bool
wn_jobs_lives(struct wn_jobs *j, const char *id)
{
	bool lives;

	pthread_mutex_lock(&j->lock);
	lives = find(j, id) != NULL;
	pthread_mutex_unlock(&j->lock);
	return lives;
}

wn_err
wn_jobs_watch(struct wn_jobs *j, const char *id, wn_job_done_fn done, void *arg)
{
	struct wn_job *job;
	struct watcher *w;

	pthread_mutex_lock(&j->lock);
	job = find(j, id);
	pthread_mutex_unlock(&j->lock);
	if (job == NULL || !job->s.task)
		return WN_E_NOT_FOUND;
	w = WN_NEW(struct watcher);
	w->done = done;
	w->arg = arg;
	w->next = job->watchers;
	job->watchers = w;
	return WN_OK;
}

/* ---- one job's life ---- */

static void
job_free(struct wn_job *job)
{
	if (job->wake_fd >= 0)
		close(job->wake_fd);
	wn_buf_fini(&job->result);
	wn_arena_fini(&job->arena);
	wn_free(job);
}

/* Loop: the last thing of a job. */
static void
job_over(void *arg)
{
	struct wn_job *job = arg;
	const struct wn_diag *d = &job->ctx.diag;
	struct wn_str result = wn_buf_view(&job->result);

	table_remove(job->jobs, job);
	if (job->s.task)
		wn_metric_took(job->jobs->k, WN_METRIC_JOB, job->who.kind, job->start_ns, job->err);
	for (struct watcher *w = job->watchers, *next; w != NULL; w = next) {
		next = w->next;
		w->done(w->arg, job->err, d, result);
		wn_free(w);
	}
	if (job->s.on_done != NULL)
		job->s.on_done(job->s.arg, job->err, d, result);
	if (job->s.spec.free_arg != NULL)
		job->s.spec.free_arg(job->s.spec.arg);
	job_free(job);
}

static wn_err
run_fn(struct wn_job *job)
{
	wn_err err = wn_cancelled(&job->ctx) ? WN_E_CANCELLED : WN_OK;

	if (err == WN_OK)
		err = job->s.spec.fn(job->mod, &job->ctx, job->s.spec.arg, &job->result);
	if (err == WN_OK && job->result.err != WN_OK)
		err = WN_FAIL(&job->ctx, job->result.err, "the result is too large");
	if (err > WN_OK)
		err = WN_FAIL(&job->ctx, WN_E_INTERNAL, "a job may not defer its answer");
	if (err != WN_OK && job->ctx.diag.code == WN_OK)
		(void)WN_FAIL(&job->ctx, err, "%s", wn_error_row(err)->text);
	return err;
}

/* Job thread. */
static void
job_run(void *arg)
{
	struct wn_job *job = arg;
	struct wn_kernel *k = job->jobs->k;

	if (job->s.task) {
		job->err = wn_job_record_started(k, &job->ctx, &job->who);
		job->ctx.causation = job->who.event_id;
	}
	if (job->err == WN_OK) {
		job->err = run_fn(job);
		if (job->unsaid)
			wn_job_record_progress(k, &job->ctx, &job->who, &job->step);
		if (job->s.task)
			wn_job_record_ended(k, &job->ctx, &job->who, job->err,
					    wn_buf_view(&job->result));
	}
	wn_loop_post(k->loop, job_over, job);
}

static const char *const *
copy_roles(struct wn_arena *a, const char *const *roles)
{
	const char **copy;
	size_t n = 0;

	while (roles != NULL && roles[n] != NULL)
		n++;
	copy = wn_arena_array(a, n + 1, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = wn_arena_strdup(a, roles[i]);
	return copy;
}

static const char *
copy_text(struct wn_arena *a, const char *s)
{
	return s != NULL ? wn_arena_strdup(a, s) : NULL;
}

static struct wn_job *
job_new(struct wn_jobs *j, struct wn_mod *m, struct wn_ctx *ctx, const struct wn_job_start *s)
{
	struct wn_job *job = WN_NEW(struct wn_job);
	struct wn_arena *a = &job->arena;

	wn_arena_init(a, ARENA_MAX);
	wn_buf_init(&job->result, RESULT_MAX);
	job->jobs = j;
	job->mod = m;
	job->wake_fd = -1;
	job->start_ns = wn_mono_ns(j->k->opts.clock);
	job->s = *s;
	job->s.spec.kind = copy_text(a, s->spec.kind);
	job->s.spec.subject = copy_text(a, s->spec.subject);
	j->k->host.new_id(&j->k->host, job->who.id);
	j->k->host.new_id(&j->k->host, job->who.event_id);
	(void)snprintf(job->who.stream, sizeof(job->who.stream), "job/%s", job->who.id);
	job->who.kind = job->s.spec.kind;
	job->who.subject = job->s.spec.subject;
	job->who.module = m->desc->name;
	job->ctx = (struct wn_ctx){ .tenant = copy_text(a, ctx->tenant),
				    .actor = copy_text(a, ctx->actor),
				    .correlation =
					    copy_text(a, ctx->correlation != NULL ? ctx->correlation
										  : job->who.id),
				    .causation = copy_text(a, ctx->causation),
				    .roles = copy_roles(a, ctx->roles),
				    .deadline_ns = s->task ? 0 : ctx->deadline_ns,
				    .cancelled = &job->cancelled,
				    .arena = a,
				    .call = s->call,
				    .job = job };
	return job;
}

wn_err
wn_jobs_start(struct wn_jobs *j, struct wn_mod *m, struct wn_ctx *ctx, const struct wn_job_start *s,
	      char id_out[WN_ULID_MAX])
{
	struct wn_job *job;
	wn_err err;

	if (j->k->stopping)
		return WN_FAIL(ctx, WN_E_UNAVAILABLE, "the engine is stopping");
	job = job_new(j, m, ctx, s);
	if (id_out != NULL)
		memcpy(id_out, job->who.id, WN_ULID_MAX);
	table_add(j, job);
	err = wn_pool_run(s->task ? j->tasks : j->shorts, job_run, job);
	if (err == WN_OK)
		return WN_OK;
	table_remove(j, job);
	job_free(job);
	return WN_FAIL(ctx, err, "too many jobs wait already");
}

/* ---- host functions ---- */

const char *
wn_job_id(const struct wn_ctx *ctx)
{
	return ctx->job != NULL ? ctx->job->who.id : NULL;
}

int
wn_job_wake_fd(const struct wn_ctx *ctx)
{
	struct wn_job *job = ctx->job;
	int fd;

	if (job == NULL)
		return -1;
	pthread_mutex_lock(&job->jobs->lock);
	if (job->wake_fd < 0)
		job->wake_fd =
			eventfd(atomic_load(&job->cancelled) != 0, EFD_CLOEXEC | EFD_NONBLOCK);
	fd = job->wake_fd;
	pthread_mutex_unlock(&job->jobs->lock);
	return fd;
}

/* For those who did not ask for the job themselves: a signal, the latest only. */
static void
progress_signal(const struct wn_job *job, const struct wn_job_step *step)
{
	struct wn_buf b;
	struct wn_jw w;

	wn_buf_init(&b, 4096);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "kind", job->s.spec.kind);
	wn_jw_kint(&w, "done", step->done);
	wn_jw_kint(&w, "total", step->total);
	wn_jw_kstr(&w, "text", step->text);
	wn_jw_object_end(&w);
	wn_signal_publish(job->jobs->k->signals, job->ctx.tenant, "job.progress", job->who.id,
			  wn_buf_view(&b));
	wn_buf_fini(&b);
}

static void
progress_tell(void *arg)
{
	struct wn_job *job = arg;
	struct wn_job_step step;

	pthread_mutex_lock(&job->jobs->lock);
	step = job->step;
	job->told = false;
	pthread_mutex_unlock(&job->jobs->lock);
	progress_signal(job, &step);
	job->s.on_progress(job->s.arg, job->who.id, step.done, step.total, step.text);
}

/* The caller hears of it at once; the log gets four a second at most, and the last at the end. */
void
wn_job_progress(struct wn_ctx *ctx, int64_t done, int64_t total, const char *text)
{
	struct wn_job *job = ctx->job;
	bool tell;
	int64_t now;

	if (job == NULL)
		return;
	pthread_mutex_lock(&job->jobs->lock);
	job->step.done = done;
	job->step.total = total;
	(void)snprintf(job->step.text, sizeof(job->step.text), "%s", text != NULL ? text : "");
	tell = job->s.on_progress != NULL && !job->told;
	job->told = job->told || tell;
	pthread_mutex_unlock(&job->jobs->lock);
	if (tell)
		wn_loop_post(job->jobs->k->loop, progress_tell, job);
	now = wn_mono_ns(job->jobs->k->opts.clock);
	job->unsaid = job->s.task && job->event_ns != 0 && now - job->event_ns < 250000000;
	if (!job->s.task || job->unsaid)
		return;
	job->event_ns = now;
	wn_job_record_progress(job->jobs->k, ctx, &job->who, &job->step);
}

struct note {
	struct wn_job *job;
	const char *method;
	char *params;
	size_t len;
};

static void
note_tell(void *arg)
{
	struct note *n = arg;

	n->job->s.on_note(n->job->s.arg, n->method, wn_strn(n->params, n->len));
	wn_free(n->params);
	wn_free(n);
}

void
wn_job_notify(struct wn_ctx *ctx, const char *method, struct wn_str params)
{
	struct wn_job *job = ctx->job;
	struct note *n;

	if (job == NULL || job->s.on_note == NULL)
		return;
	n = WN_NEW(struct note);
	n->job = job;
	n->method = method;
	n->params = wn_strndup(params.p, params.len);
	n->len = params.len;
	wn_loop_post(job->jobs->k->loop, note_tell, n);
}

/* The wall between two waits is real time: the clock of tests does not wake a thread. */
wn_err
wn_job_wait(struct wn_ctx *ctx, int64_t ms)
{
	const struct wn_clock *clock = wn_clock_real();
	struct pollfd p = { .fd = wn_job_wake_fd(ctx), .events = POLLIN };
	int64_t end = wn_mono_ns(clock) + ms * 1000000, now = 0;

	while (!wn_cancelled(ctx) && (now = wn_mono_ns(clock)) < end) {
		if (ctx->deadline_ns != 0 && now >= ctx->deadline_ns)
			return WN_FAIL(ctx, WN_E_DEADLINE, "the deadline passed while waiting");
		(void)poll(&p, p.fd >= 0 ? 1 : 0,
			   (int)((end - now + 999999) / 1000000 < 1000
					 ? (end - now + 999999) / 1000000
					 : 1000));
	}
	return wn_cancelled(ctx) ? WN_FAIL(ctx, WN_E_CANCELLED, "cancelled while waiting") : WN_OK;
}

struct ask {
	struct wn_mod *mod;
	struct wn_ctx *ctx;
	wn_err (*fn)(struct wn_mod *, struct wn_ctx *, void *);
	void *arg;
	wn_err err;
	bool done;
	pthread_mutex_t lock;
	pthread_cond_t cond;
};

static void
ask_run(void *arg)
{
	struct ask *a = arg;
	wn_err err = a->fn(a->mod, a->ctx, a->arg);

	pthread_mutex_lock(&a->lock);
	a->err = err;
	a->done = true;
	pthread_cond_signal(&a->cond);
	pthread_mutex_unlock(&a->lock);
}

wn_err
wn_job_ask(struct wn_mod *m, struct wn_ctx *ctx,
	   wn_err (*fn)(struct wn_mod *, struct wn_ctx *, void *), void *arg)
{
	struct wn_loop *loop = wn_kernel_of(m)->loop;
	struct ask a = { .mod = m, .ctx = ctx, .fn = fn, .arg = arg };

	if (wn_loop_here(loop))
		return fn(m, ctx, arg);
	pthread_mutex_init(&a.lock, NULL);
	pthread_cond_init(&a.cond, NULL);
	wn_loop_post(loop, ask_run, &a);
	pthread_mutex_lock(&a.lock);
	while (!a.done)
		pthread_cond_wait(&a.cond, &a.lock);
	pthread_mutex_unlock(&a.lock);
	pthread_mutex_destroy(&a.lock);
	pthread_cond_destroy(&a.cond);
	return a.err;
}
