/*
 * The connection to the engine: JSON-RPC over a unix socket or a child's stdio, on a libuv
 * loop. Starts an engine when nobody answers, connects again by itself, and answers every
 * call exactly once. No curses here: the command line links it too. Loop thread only.
 */
#ifndef TUI_CLIENT_CLIENT_H
#define TUI_CLIENT_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "runtime/base/error.h"
#include "runtime/base/rpc_port.h"

enum wn_client_state { WN_CLIENT_IDLE, WN_CLIENT_CONNECTING, WN_CLIENT_UP, WN_CLIENT_WAITING };

struct wn_client;

struct wn_client_opts {
	const char *engine;  /* nullable: the person's own; "unix:PATH", "ssh://[user@]host[:port]",
				"stdio:CMD" */
	const char *program; /* argv[0], to find webnovad beside it; nullable */
	const char *name;    /* in engine.hello: "webnova" */
	bool autostart;	     /* start webnovad when the own socket does not answer */
	bool reconnect;	     /* try again with growing pauses (0.1 s to 5 s) */
	int64_t start_ms;    /* patience for a started engine; 0: 10,000 */
	/* All nullable; arg is theirs. */
	void (*on_state)(void *arg, enum wn_client_state, const struct wn_diag *why);
	void (*on_notify)(void *arg, struct wn_str method, struct wn_str params,
			  struct wn_str attachment);
	void *arg;
};

/* Parses the address; opens nothing. d says what is wrong with it. */
wn_err wn_client_new(uv_loop_t *loop, const struct wn_client_opts *opts, struct wn_client **out,
		     struct wn_diag *d) WN_MUST;
/* Begins to connect; returns at once. */
void wn_client_start(struct wn_client *c);
/* Closes; pending calls are answered with WN_E_CLOSED; the object is freed by the loop. */
void wn_client_free(struct wn_client *c);
enum wn_client_state wn_client_state(const struct wn_client *c);
/* For generated stubs. Calls made before the engine is up wait for it. */
struct wn_rpc_port *wn_client_port(struct wn_client *c);
/* Id of the newest call made through the port, for call.cancel; 0: none yet. */
int64_t wn_client_last_call(const struct wn_client *c);
/* A notification without an answer (cancel, credit); dropped when down. */
wn_err wn_client_notify(struct wn_client *c, const char *method, struct wn_str params);
/* Result of engine.hello as JSON text, "" before; borrowed. */
struct wn_str wn_client_hello(const struct wn_client *c);

/* Path of the person's engine socket, owned; makes its directory (0700) and refuses one that is not
 * theirs. NULL: d says why. */
char *wn_client_socket_path(struct wn_diag *d);
/* Path of webnovad: beside program, else in PATH; owned; NULL: not found. */
char *wn_client_find_engine(const char *program_nullable);

#endif
