/*
 * What tasks leave in the log: the job.* events, written and projected. Private to the jobs.
 */
#ifndef RUNTIME_KERNEL_JOB_RECORD_H
#define RUNTIME_KERNEL_JOB_RECORD_H

#include "runtime/kernel/kernel.h"

struct wn_job_who {
	char id[WN_ULID_MAX], event_id[WN_ULID_MAX]; /* event_id: of job.started */
	char stream[WN_ULID_MAX + 4];
	const char *kind, *subject, *module; /* subject nullable */
};

struct wn_job_step {
	int64_t done, total; /* total 0: unknown */
	char text[256];
};

/* Job thread; the task may not run when this fails. Without a store nothing is recorded. */
wn_err wn_job_record_started(struct wn_kernel *k, struct wn_ctx *ctx,
			     const struct wn_job_who *who) WN_MUST;
void wn_job_record_progress(struct wn_kernel *k, struct wn_ctx *ctx, const struct wn_job_who *who,
			    const struct wn_job_step *step);
/* finished, failed or cancelled, by err and ctx->diag; a failure to store is logged. */
void wn_job_record_ended(struct wn_kernel *k, struct wn_ctx *ctx, const struct wn_job_who *who,
			 wn_err err, struct wn_str result);

#endif
