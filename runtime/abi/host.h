/*
 * What the kernel gives a module. Every function says its thread: [loop], [job] (a job thread,
 * may block) or [any]. Headers only.
 */
#ifndef RUNTIME_ABI_HOST_H
#define RUNTIME_ABI_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/abi/ctx.h"
#include "runtime/abi/event.h"
#include "runtime/abi/module.h"
#include "runtime/base/clock.h"
#include "runtime/base/id.h"
#include "runtime/base/log.h"

struct wn_timer;
struct wn_stream;
struct wn_link;

typedef void (*wn_post_fn)(void *arg);
/* What a job does: blocking C in its own thread. result is JSON text for job.get and waiters. */
typedef wn_err (*wn_job_fn)(struct wn_mod *mod, struct wn_ctx *ctx, void *arg,
			    struct wn_buf *result);

struct wn_job_spec {
	const char *kind;    /* "preview.run" */
	const char *subject; /* workspace id; nullable */
	wn_job_fn fn;
	void *arg;		     /* owned by the job from a successful start on */
	void (*free_arg)(void *arg); /* nullable */
};

/* A child process run to its end in a job thread. No shell, ever. */
struct wn_exec {
	const char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH */
	const char *cwd;	 /* nullable */
	const char *const *env; /* NULL-terminated "K=V"; NULL: the engine's, without its secrets */
	struct wn_str input;	/* given on stdin; empty: /dev/null */
	size_t output_max; /* bytes kept of stdout and of stderr; 0: 1 MiB; more is read and dropped
			    */
	int64_t timeout_ms; /* 0: the ctx's deadline only */
	/* each line of output as it comes, also what output_max drops; nullable; job thread */
	void (*on_line)(void *arg, bool is_stderr, struct wn_str line);
	void *arg;
};
struct wn_exec_result {
	int status;		/* exit code, or 128 + signal */
	struct wn_str out, err; /* in ctx->arena */
	bool truncated;
};

/* One HTTP exchange in a job thread. Redirects are not followed. */
struct wn_http {
	const char *method;	    /* "POST" */
	const char *url;	    /* http or https */
	const char *const *headers; /* "Name: value", NULL-terminated; never logged */
	struct wn_str body;
	size_t body_max;	     /* of the answer; 0: 8 MiB */
	int64_t connect_ms, idle_ms; /* 0: 10 s, 60 s */
	const char *unix_socket;     /* nullable: connect here instead */
	/* streaming: each piece as it comes instead of collecting; an error stops the exchange */
	wn_err (*on_data)(void *arg, int status, struct wn_str piece);
	void *arg;
};
struct wn_http_result {
	int status;
	struct wn_str body; /* in ctx->arena */
	struct wn_str content_type;
	int64_t retry_after_ms; /* 0: none said */
};

/* A server-to-client stream that belongs to one connection: credit-based, in order. */
struct wn_stream_ops {
	void (*on_credit)(void *arg,
			  int64_t credit); /* the client granted more; total now [loop] */
	void (*on_data)(
		void *arg, struct wn_str params,
		struct wn_str attachment); /* stream.data from the client [loop]; nullable */
	void (*on_close)(
		void *arg); /* client gone or closed it; the stream may not be used after [loop] */
};

/* A JSON-RPC connection to a local process of ours (shim, plugin) over a unix socket. */
struct wn_link_ops {
	void (*on_notify)(void *arg, const char *method, struct wn_str params,
			  struct wn_str attachment);
	void (*on_close)(void *arg, wn_err why);
};
typedef void (*wn_link_reply_fn)(void *arg, wn_err err, struct wn_str result,
				 struct wn_str attachment, const struct wn_diag *d);

/* Given to init; lives as long as the module. */
struct wn_host {
	uint32_t abi, size;
	void *kernel;
	const struct wn_log *log;     /* [any] */
	const struct wn_clock *clock; /* [any] */
	const char *state_dir; /* engine's own files: <state_dir>/<module>/ is the module's */
	const char *cache_dir; /* may be deleted at any time */
	const char *run_dir;   /* sockets; 0700 */
	const char *self_path; /* this program, for --shim */

	/* A new ULID. [any] */
	void (*new_id)(const struct wn_host *, char out[WN_ULID_MAX]);
	/* A setting as text, number or bool; the schema's default when unset. Unknown key: asserts.
	 * [any] */
	const char *(*config_str)(const struct wn_host *, const char *key);
	int64_t (*config_int)(const struct wn_host *, const char *key);
	bool (*config_bool)(const struct wn_host *, const char *key);

	/* Appends an event. [loop]: accepted, delivered after commit; a failure to store is logged
	 * and reported to the open call. [job]: returns when it is durable (WN_E_CONFLICT,
	 * WN_E_READ_ONLY, WN_E_NO_SPACE). */
	wn_err (*emit)(struct wn_mod *, struct wn_ctx *, const struct wn_emit *);

	/* Runs fn on the loop thread on a later turn. [any] */
	void (*post)(const struct wn_host *, wn_post_fn fn, void *arg);
	/* One-shot (repeat_ms 0) or repeating timer; fn on the loop. The handle is a name: it needs
	 * no freeing, and stopping one that has fired already does nothing. [loop] */
	struct wn_timer *(*timer_start)(struct wn_mod *, int64_t ms, int64_t repeat_ms,
					wn_post_fn fn, void *arg);
	void (*timer_stop)(struct wn_mod *, struct wn_timer *); /* nullable [loop] */

	/* Starts a recorded job. [loop][job] */
	wn_err (*job_start)(struct wn_mod *, struct wn_ctx *, const struct wn_job_spec *,
			    char id_out[WN_ULID_MAX]);
	/* Runs fn on the loop and waits for it: how a job asks the module's state. [job] */
	wn_err (*job_ask)(struct wn_mod *, struct wn_ctx *,
			  wn_err (*fn)(struct wn_mod *, struct wn_ctx *, void *arg), void *arg);
	/* Tells where a job stands: done of total steps (0: unknown) and a sentence. Merged when
	 * too frequent. [job] */
	void (*job_progress)(struct wn_ctx *, int64_t done, int64_t total, const char *text);
	/* Id of the running job; NULL outside one. [job] */
	const char *(*job_id)(const struct wn_ctx *);
	/* Sends the caller of this task a notification now: in order, before the answer; dropped
	 * when the caller is gone. method lives as long as the module; params is an object as JSON
	 * text, copied. [job] */
	void (*job_notify)(struct wn_ctx *, const char *method, struct wn_str params);
	/* Sleeps ms; WN_E_CANCELLED or WN_E_DEADLINE at once when the job may not go on. [job] */
	wn_err (*job_wait)(struct wn_ctx *, int64_t ms);

	/* Runs a program to its end; its whole process group is killed on cancel and deadline. A
	 * non-zero exit is no error here. [job] */
	wn_err (*exec)(struct wn_mod *, struct wn_ctx *, const struct wn_exec *,
		       struct wn_exec_result *out);
	/* [job] */
	wn_err (*http)(struct wn_mod *, struct wn_ctx *, const struct wn_http *,
		       struct wn_http_result *out);

	/* Takes the answer of a loop method over: return WN_PENDING, and call reply exactly once.
	 * [loop] */
	struct wn_call *(*defer)(struct wn_ctx *);
	/* err 0: result is JSON text. Frees the call. [loop] */
	void (*reply)(struct wn_call *, wn_err err, const struct wn_diag *d, struct wn_str result,
		      struct wn_str attachment);
	/* Raw bytes that came with the request; empty when none. [loop][job] */
	struct wn_str (*attachment)(const struct wn_ctx *);
	/* Raw bytes to go with the answer of this handler; copied. [loop][job] */
	wn_err (*attach)(struct wn_ctx *, struct wn_str bytes);

	/* Opens a stream to the caller; its id goes into the method's result. [loop] */
	wn_err (*stream_open)(struct wn_mod *, struct wn_ctx *, const struct wn_stream_ops *,
			      void *arg, int64_t credit, struct wn_stream **out, int64_t *id_out);
	/* Sends one item (takes one credit; WN_E_BUSY without credit, nothing is sent). params is
	 * an object; "stream": <id> is put in as its first member unless it is there already.
	 * [loop] */
	wn_err (*stream_send)(struct wn_stream *, const char *method, struct wn_str params,
			      struct wn_str attachment);
	int64_t (*stream_credit)(const struct wn_stream *); /* [loop] */
	void (*stream_close)(struct wn_stream *); /* no on_close comes for it; nullable [loop] */

	/* Connects to a unix socket that speaks our wire. on_close comes once when it ends by
	 * itself; the link is still the caller's to close then. [loop] */
	wn_err (*link_open)(struct wn_mod *, const char *path, const struct wn_link_ops *,
			    void *arg, struct wn_link **out);
	wn_err (*link_call)(struct wn_link *, const char *method, struct wn_str params,
			    struct wn_str attachment, wn_link_reply_fn reply, void *arg);
	wn_err (*link_notify)(struct wn_link *, const char *method, struct wn_str params,
			      struct wn_str attachment);
	void (*link_close)(struct wn_link *); /* frees it; no on_close comes; nullable [loop] */
	/* The same call, waited for in a job thread (its own short connection). [job] */
	wn_err (*link_ask)(struct wn_mod *, struct wn_ctx *, const char *path, const char *method,
			   struct wn_str params, struct wn_str attachment,
			   struct wn_str *result_out, struct wn_str *attachment_out);

	/* Publishes a signal: short-lived, latest wins per (topic, subject), may be dropped. [loop]
	 */
	void (*signal)(struct wn_mod *, struct wn_ctx *, const char *topic, const char *subject,
		       struct wn_str json);
};

#endif
