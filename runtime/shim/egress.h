/*
 * The way out for a box that has no network: `webnovad --egress`, a process for one running
 * service, that asks for names itself, judges name and address, connects, counts and keeps a log.
 * Programs reach it at a unix socket, or at a port on the box's own loopback, as an HTTP proxy.
 */
#ifndef RUNTIME_SHIM_EGRESS_H
#define RUNTIME_SHIM_EGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "runtime/shim/egress_policy.h"
#include "runtime/shim/egress_request.h"

#define EGRESS_PORT 3128 /* on the box's loopback */

/* Reads its spec (JSON on standard input: socket, log, stats, mode, allow, private, pid), writes
 * one line of JSON (ready, or error) and serves until the process `pid` has ended. Returns the exit
 * status. */
int wn_egress_main(int argc, char **argv);

struct egress; /* what all connections share; any thread */

/* egress_log.c: one line for each request, and the sums. */
struct egress_entry {
	const char *host, *address, *reason; /* address, reason: nullable */
	int port;
	bool allowed;
	int64_t up, down, ms;
};
struct egress_log;
struct egress_log *egress_log_new(const char *path, const char *stats_path);
void egress_log_free(struct egress_log *l);
/* Any thread. */
void egress_log_add(struct egress_log *l, const struct egress_entry *e);

/* egress_serve.c: one connection, from its first byte to its end; closes fd. A thread of its own.
 */
void egress_serve(struct egress *e, int fd);
/* Whether a request may go, and the socket that is connected then; -1 with the reason in why. */
int egress_connect(const struct egress *e, const char *host, int port, char *address, size_t n,
		   char *why, size_t nwhy);

/* egress_box.c: a socket that listens on a box's own loopback; -1: this machine does not let us.
 * pid: what holds the box. Only while there is one thread. */
int egress_box_listen(pid_t pid, int port);

struct egress {
	struct egress_rules allow, within; /* within: private addresses that are allowed by name */
	bool full;			   /* every public address */
	struct egress_log *log;
};

#endif
