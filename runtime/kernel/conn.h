/*
 * One connection of the server, as conn.c, call.c and stream.c share it. Nobody else includes it
 * but the kernel's own methods (hello, subscriptions), which speak about the connection itself.
 */
#ifndef RUNTIME_KERNEL_CONN_H
#define RUNTIME_KERNEL_CONN_H

#include "runtime/base/jsonrpc.h"
#include "runtime/base/map.h"
#include "runtime/kernel/call.h"
#include "runtime/kernel/server.h"

struct wn_server {
	struct wn_kernel *k;
	struct wn_server_limits limits;
	int fd; /* listening; -1: not */
	struct wn_watch *watch;
	char *path;
	struct wn_timer *accept_retry;
	struct wn_conn *conns;
	size_t n_conns;
	struct wn_conn *grave; /* closed in this turn, freed at its end */
	struct wn_turn_hook reap;
	struct wn_map methods; /* name to struct method_entry */
	struct wn_call *spare; /* calls kept for reuse */
	size_t n_spare, n_calls;
	int64_t next_conn;
	char inbuf[256 << 10]; /* only what large messages touch is ever there */
};

struct wn_conn {
	struct wn_server *server;
	struct wn_conn *next, *prev;
	int fd;
	int64_t id;
	struct wn_watch *watch;
	struct wn_rpc_reader reader;
	struct wn_buf out; /* to be written from `sent` on */
	size_t sent;
	size_t told; /* bytes of `out`, from its beginning, that were recorded */
	struct wn_turn_hook flush;
	struct wn_timer *hello_timer, *stall_timer;
	struct wn_call *calls;
	unsigned in_flight, n_streams, bad;
	struct wn_stream *streams;
	int64_t next_stream;
	double tokens; /* of the rate bucket */
	int64_t tokens_ns;
	char actor[40];
	char *client; /* as it called itself; nullable */
	bool hello, ending, dead;
	bool eof; /* the client said all; it may still read its answers */
};

/* Ends it now: calls are orphaned, streams closed; memory goes at the end of the turn. */
void wn_conn_close(struct wn_conn *c, const char *why);
/* Ends it after what waits has been written; nothing more is read. */
void wn_conn_end(struct wn_conn *c, const char *why);
/* What is to be written; call wn_conn_wrote() after adding to it. */
struct wn_buf *wn_conn_out(struct wn_conn *c);
/* Writes at the end of the turn, where a connection whose backlog is past its limit is ended. */
void wn_conn_wrote(struct wn_conn *c);
/* Takes one request from the bucket; false: too many. */
bool wn_conn_rate(struct wn_conn *c);
/* engine.hello was accepted. */
void wn_conn_greeted(struct wn_conn *c, struct wn_str client);

/* What a method name leads to. */
struct method_entry {
	const struct wn_method *method;
	struct wn_mod *mod;
};

/* stream.c */
wn_err wn_stream_open(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_stream_ops *ops,
		      void *arg, int64_t credit, struct wn_stream **out, int64_t *id_out);
wn_err wn_stream_send(struct wn_stream *s, const char *method, struct wn_str params,
		      struct wn_str attachment);
int64_t wn_stream_credit(const struct wn_stream *s);
void wn_stream_close(struct wn_stream *s);
/* From the client. WN_E_NOT_FOUND when it has no such stream. */
wn_err wn_stream_grant(struct wn_conn *c, int64_t id, int64_t credit);
wn_err wn_stream_from_client(struct wn_conn *c, int64_t id, struct wn_str params,
			     struct wn_str attachment);
wn_err wn_stream_client_close(struct wn_conn *c, int64_t id);
void wn_stream_drop_all(struct wn_conn *c);

#endif
