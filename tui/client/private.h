/*
 * Inside tui/client: addresses and links.
 */
#ifndef TUI_CLIENT_PRIVATE_H
#define TUI_CLIENT_PRIVATE_H

#include <uv.h>

#include "runtime/base/error.h"
#include "runtime/base/jsonrpc.h"
#include "tui/client/client.h"

enum addr_kind { ADDR_OWN, ADDR_UNIX, ADDR_CHILD };

#define ADDR_ARGS 32

struct addr {
	enum addr_kind kind;
	char *path;	       /* of the socket */
	char *args[ADDR_ARGS]; /* of the child, ended by NULL */
};

/* Parses; everything in *out is owned. */
wn_err addr_parse(const char *engine_nullable, struct addr *out, struct wn_diag *d) WN_MUST;
void addr_fini(struct addr *a);

/* One connection, over a socket or a child's stdio. Freed by the loop after link_close(). */
struct link;
struct link_events {
	void (*up)(void *arg); /* bytes can flow */
	wn_err (*msg)(void *arg, const struct wn_rpc_msg *msg, struct wn_str attachment);
	/* It is over (also when it never came up). Not called after link_close(). */
	void (*down)(void *arg, wn_err code, int sys, const char *text);
	void *arg;
};
struct link *link_open(uv_loop_t *loop, const struct addr *a, const struct link_events *ev);
/* Takes ownership of p (wn_free()). */
void link_send(struct link *l, char *p, size_t n);
size_t link_backlog(const struct link *l);
void link_close(struct link *l); /* nullable */

/* An engine being started by the program at path. failed comes at most once, with its last words
 * (maybe none), when it ends without having come up. Freed by the loop after starter_free(). */
struct starter;
wn_err starter_new(uv_loop_t *loop, const char *path, void (*failed)(void *arg, const char *words),
		   void *arg, struct starter **out, struct wn_diag *d) WN_MUST;
void starter_free(struct starter *s); /* nullable; failed comes no more; the engine goes on */

#endif
