/*
 * Jobs: code that runs in a thread from top to bottom, with a ctx to cancel it by.
 *
 * A short job (a WN_RUN_JOB method) is not recorded; a task is: it emits job.* events, can be
 * listed, watched, waited for and cancelled, and is declared failed at the next start when the
 * engine died. Owns the threads and the table of what runs. Loop thread, unless said.
 */
#ifndef RUNTIME_KERNEL_JOB_H
#define RUNTIME_KERNEL_JOB_H

#include "runtime/kernel/kernel.h"

struct wn_job;

struct wn_jobs *wn_jobs_new(struct wn_kernel *k, size_t short_threads, size_t task_threads);
/* All jobs must have ended. */
void wn_jobs_free(struct wn_jobs *j);

/* done is called on the loop once the job has ended: result is JSON text ("" when there is none).
 */
typedef void (*wn_job_done_fn)(void *arg, wn_err err, const struct wn_diag *d,
			       struct wn_str result);
/* Told on the loop, merged when frequent. */
typedef void (*wn_job_progress_fn)(void *arg, const char *job, int64_t done, int64_t total,
				   const char *text);

/* A notification of the job to its caller; told on the loop, in order, before done. */
typedef void (*wn_job_note_fn)(void *arg, const char *method, struct wn_str params);

struct wn_job_start {
	struct wn_job_spec spec;
	bool task;			/* recorded */
	struct wn_call *call;		/* nullable: becomes ctx->call; must live until done */
	wn_job_done_fn on_done;		/* nullable */
	wn_job_progress_fn on_progress; /* nullable */
	wn_job_note_fn on_note;		/* nullable */
	void *arg;			/* of all three */
};

/* Starts it with who and why taken from ctx. WN_E_BUSY when too much waits already (spec.arg stays
 * the caller's). id_out nullable. Loop thread or a job thread. */
wn_err wn_jobs_start(struct wn_jobs *j, struct wn_mod *m, struct wn_ctx *ctx,
		     const struct wn_job_start *s, char id_out[WN_ULID_MAX]) WN_MUST;
/* WN_E_NOT_FOUND when no such job runs. Any thread. */
wn_err wn_jobs_cancel(struct wn_jobs *j, const char *id);
void wn_jobs_cancel_all(struct wn_jobs *j);
size_t wn_jobs_running(struct wn_jobs *j); /* any thread */
/* True when a job of that id runs or waits for a thread. Any thread. */
bool wn_jobs_lives(struct wn_jobs *j, const char *id);
/* done(arg, ...) once the job ends; WN_E_NOT_FOUND when it does not run. */
wn_err wn_jobs_watch(struct wn_jobs *j, const char *id, wn_job_done_fn done, void *arg) WN_MUST;

/* host functions */
wn_err wn_job_ask(struct wn_mod *m, struct wn_ctx *ctx,
		  wn_err (*fn)(struct wn_mod *, struct wn_ctx *, void *), void *arg);
void wn_job_progress(struct wn_ctx *ctx, int64_t done, int64_t total, const char *text);
const char *wn_job_id(const struct wn_ctx *ctx);
void wn_job_notify(struct wn_ctx *ctx, const char *method, struct wn_str params);
wn_err wn_job_wait(struct wn_ctx *ctx, int64_t ms);
/* Readable once the job is cancelled; -1 outside a job. Job thread. */
int wn_job_wake_fd(const struct wn_ctx *ctx);

/* Declares tasks failed that an earlier run of the engine left behind. Job thread. */
wn_err wn_jobs_recover(struct wn_mod *engine, struct wn_ctx *ctx) WN_MUST;

#endif
