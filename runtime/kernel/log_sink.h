/*
 * Where log lines go: a file that is rotated by size, or standard error.
 *
 * Owns the descriptor. Each line is one small O_APPEND write, so a line is never torn and several
 * threads need no queue; a full disk loses log lines, never work. Redaction is the formatter's
 * (base/log.h): a secret never reaches this file.
 */
#ifndef RUNTIME_KERNEL_LOG_SINK_H
#define RUNTIME_KERNEL_LOG_SINK_H

#include "runtime/base/log.h"

struct wn_log_sink;

struct wn_log_sink_opts {
	const char *path;  /* NULL: standard error */
	int64_t max_bytes; /* rotate past it; 0: never */
	int keep;	   /* rotated files kept: path.1 ... path.<keep> */
};

/* Owned. The parent directory must exist; the file is made with mode 0600. */
wn_err wn_log_sink_new(const struct wn_log_sink_opts *opts, struct wn_log_sink **out,
		       struct wn_diag *d) WN_MUST;
void wn_log_sink_free(struct wn_log_sink *s);
/* The `sink` of a struct wn_log; arg is the sink. Any thread. */
void wn_log_sink_write(void *arg, enum wn_log_level level, const char *line, size_t n);
/* Opens the file anew (after an outside rotation). Any thread. */
void wn_log_sink_reopen(struct wn_log_sink *s);

#endif
