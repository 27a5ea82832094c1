/*
 * A TCP port on 127.0.0.1 whose connections are spliced to a unix socket: the way into a
 * service that has no network of its own.
 */
#ifndef RUNTIME_SHIM_FORWARD_H
#define RUNTIME_SHIM_FORWARD_H

#include <stdbool.h>
#include <uv.h>

#include "runtime/base/error.h"

struct forward_link;

struct forward {
	uv_tcp_t listener;
	const char *path;    /* borrowed */
	int port, max, open; /* port: the one that was bound */
	struct forward_link *links;
	uint64_t refused; /* connections over the limit */
	uint64_t asked;	  /* bytes that came from outside */
	bool listening;
};

/* Listens; port 0 picks one. path is borrowed for the life of f. */
wn_err forward_start(struct forward *f, uv_loop_t *loop, int port, const char *path, int max,
		     struct wn_diag *d) WN_MUST;
/* Closes the listener and every connection; the loop must run once more before f is freed. */
void forward_stop(struct forward *f);

#endif
