/*
 * The shim's one object and what its files share.
 */
#ifndef RUNTIME_SHIM_SHIM_PRIV_H
#define RUNTIME_SHIM_SHIM_PRIV_H

#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>

#include "runtime/base/jsonrpc.h"
#include "runtime/shim/child.h"
#include "runtime/shim/forward.h"
#include "runtime/shim/logring.h"
#include "runtime/shim/spec.h"
#include "runtime/shim/vt.h"

#define SHIM_PROTOCOL 1
#define SHIM_CLIENTS_MAX 16
#define SHIM_FRAME_NS (1e9 / 60)
#define SHIM_SYNC_MAX_NS 250000000 /* how long a program may hold back its screen (mode 2026) */
#define SHIM_QUEUE_SOFT                                                          \
	(256 * 1024) /* unsent bytes to a client that hold back frames and lines \
		      */
#define SHIM_QUEUE_HARD (16 * 1024 * 1024) /* ... that end it */
#define SHIM_INPUT_MAX (4 * 1024 * 1024)   /* bytes waiting for a child that does not read */

struct shim;

struct client {
	struct client *next;
	struct shim *shim;
	uv_pipe_t pipe;
	struct wn_rpc_reader reader;
	bool closing, attached;
	unsigned bad; /* messages that were no messages */
	/* terminal */
	uint64_t gen, scrolled, resets, seq;
	bool full; /* the next frame shows everything */
	uint32_t row, col, shape, modes;
	uint64_t history;
	bool alt;
	int64_t credit; /* frames it may still be sent */
	/* service */
	uint64_t line; /* next line to send */
};

struct shim {
	uv_loop_t loop;
	struct spec spec;
	struct child child;
	uv_pipe_t listener;
	uv_signal_t sigchld, sigterm;
	uv_timer_t frame_timer, end_timer;
	struct client *clients;
	unsigned clients_len;
	char *state_path; /* owned */
	int64_t started_ms, ended_ms;
	bool exited; /* the child is gone and its output read to the end */
	bool reaped, forgotten, stopping;
	int exit_code, exit_signal; /* signal 0: it ended by itself */
	/* terminal */
	struct grid grid;
	struct vt vt;
	uv_poll_t pty;
	bool pty_open;
	int pty_events;
	struct wn_buf input; /* bytes for the child that the pty did not take yet */
	uint64_t last_frame_ns, sync_since_ns, input_ns, read_ns, saved_at_ns;
	int64_t command_ns;  /* since when a command's output runs (OSC 133); 0: none */
	double frames_saved; /* of the 60 a second, see terminal.c */
	char *read_buf;	     /* owned */
	/* service */
	struct logring log;
	uv_pipe_t out[2];
	int out_open;
	struct forward forward;
};

/* What a method answers. */
struct answer {
	struct wn_buf json;  /* the result; empty: {} */
	struct wn_buf bytes; /* attachment */
	struct wn_diag d;
};

/* client.c: connections */
wn_err clients_listen(struct shim *s, struct wn_diag *d) WN_MUST;
void clients_stop(struct shim *s);   /* closes listener and connections */
void client_close(struct client *c); /* freed later, on the loop */
/* Sends a notification with its attachment; a client that does not read is closed. */
void client_notify(struct client *c, const char *method, struct wn_str params, struct wn_str bytes);
size_t client_queued(const struct client *c);
void clients_notify(struct shim *s, const char *method, struct wn_str params, struct wn_str bytes);

/* method.c: what clients may ask */
wn_err method_run(struct client *c, const struct wn_rpc_msg *m, struct wn_str bytes,
		  struct answer *a);
void method_exit_notice(struct shim *s, struct client *only_nullable);

/* terminal.c: the terminal kind */
void terminal_start(struct shim *s);
void terminal_stop(struct shim *s);
void terminal_drain(struct shim *s); /* reads what the child has left behind */
/* Queues bytes for the child; WN_E_LIMIT when it does not read, WN_E_STATE when it is gone. */
wn_err terminal_input(struct shim *s, struct wn_str bytes) WN_MUST;
void terminal_resize(struct shim *s, int rows, int cols);
/* Sends frames that are due, or plans them. */
void terminal_frames(struct shim *s);

/* frame.c */
bool frame_due(const struct shim *s, const struct client *c);
/* Builds the next frame of a client into out and notes what it then knows. */
void frame_build(struct shim *s, struct client *c, struct wn_buf *out);

/* service.c: the service kind */
void service_start(struct shim *s);
void service_stop(struct shim *s);
/* Sends new lines to a client as far as its queue allows. */
void service_lines(struct shim *s, struct client *c);

/* shim.c: life and death */
void shim_child_output_ended(struct shim *s);
void shim_forget(
	struct shim *s); /* ends the child if it must, removes socket and state, ends the loop */
void shim_write_state(struct shim *s);
int shim_signal(struct shim *s, int sig); /* to the child's process group; 0 or an errno */

#endif
