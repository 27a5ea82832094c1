/*
 * Starts the child on a pty or on pipes. Owns nothing afterwards: the caller has the
 * process and the descriptors.
 */
#ifndef RUNTIME_SHIM_CHILD_H
#define RUNTIME_SHIM_CHILD_H

#include <sys/types.h>

#include "runtime/shim/spec.h"

struct child {
	pid_t pid;  /* leader of its own session and process group */
	int fd;	    /* pty master, or reading end of stdout; non-blocking, close-on-exec */
	int err_fd; /* reading end of stderr; -1 with a pty */
};

/* Starts it; WN_E_NOT_FOUND, WN_E_DENIED, ... when it cannot be executed. Blocks until exec is
 * done. */
wn_err child_start(const struct spec *s, struct child *out, struct wn_diag *d) WN_MUST;
/* New window size of a pty. */
void child_resize(int fd, int rows, int cols);

#endif
