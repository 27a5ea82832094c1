/*
 * One engine a user: the lock, going to the background, and reaching an engine that runs already.
 */
#ifndef RUNTIME_ENGINE_INSTANCE_H
#define RUNTIME_ENGINE_INSTANCE_H

#include "runtime/base/error.h"
#include "runtime/engine/options.h"

/* Takes the engine's lock and keeps it until the process ends: *fd_out. WN_E_BUSY: another engine
 * has it. */
wn_err instance_lock(const struct options *o, int *fd_out, struct wn_diag *d) WN_MUST;

/* Forks. In the parent: waits until the child says how its start went, prints a failure, and
 * returns its exit status in *status_out (>= 0). In the child: *status_out is -1 and *report_out
 * the pipe for instance_report(). */
wn_err instance_background(int *status_out, int *report_out, struct wn_diag *d) WN_MUST;
/* The start went well (text NULL) or failed; closes the pipe. fd < 0: does nothing. */
void instance_report(int fd, const char *text);

/* Joins standard input and output to the user's engine, started when it does not run. Exit status.
 */
int instance_stdio(const struct options *o);
/* Connects to the engine; starts none. WN_E_UNAVAILABLE when none runs. */
wn_err instance_connect(const struct options *o, int *fd_out, struct wn_diag *d) WN_MUST;

#endif
