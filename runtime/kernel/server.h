/*
 * The JSON-RPC server: connections over unix sockets and given descriptors, their limits, their
 * streams.
 *
 * Owns the listening socket and every connection; a connection can harm only itself. Knows methods
 * through the registry. Loop thread only.
 */
#ifndef RUNTIME_KERNEL_SERVER_H
#define RUNTIME_KERNEL_SERVER_H

#include "runtime/kernel/kernel.h"

struct wn_server_limits {
	size_t message, attachment; /* bytes */
	unsigned in_flight;	    /* open requests of a connection */
	unsigned streams;	    /* open streams of a connection */
	unsigned connections;
	unsigned rate, burst; /* requests a second, and how many at once above that */
	size_t hold;	/* bytes waiting to be read by the client: its requests are held past it */
	size_t backlog; /* ... and it is disconnected past it */
	int64_t hello_ms; /* until engine.hello */
	int64_t stall_ms; /* without reading a byte of what waits */
};

struct wn_server *wn_server_new(struct wn_kernel *k, const struct wn_server_limits *limits);
const struct wn_server_limits *wn_server_limits(const struct wn_server *s);
/* Listens at path. Its directory must be ours and closed to others (made when missing); a socket
 * nobody answers on is replaced. The caller holds the engine's lock. */
wn_err wn_server_listen(struct wn_server *s, const char *path, struct wn_diag *d) WN_MUST;
/* Serves one more connection on a connected socket; takes fd. actor: "user:<uid>". */
wn_err wn_server_adopt(struct wn_server *s, int fd, const char *actor) WN_MUST;
/* Accepts no more. */
void wn_server_close(struct wn_server *s);
/* Ends all connections after one last try to write what waits. */
void wn_server_drop_all(struct wn_server *s);
/* No connection and no call may be left; nullable. */
void wn_server_free(struct wn_server *s);
size_t wn_server_connections(const struct wn_server *s);
size_t
wn_server_calls(const struct wn_server *s); /* not answered yet, also those whose client is gone */

#endif
