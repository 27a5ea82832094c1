/*
 * Private to modules/preview.
 *
 * Where things are, for a workspace W: <run>/preview/W/ holds the shim's socket and state file and
 * box/app.sock, on which the platform listens; <state>/preview/W/data is the platform's database
 * directory; <cache>/preview/ holds Node.js and one folder of dependencies a lock file, shared
 * read-only by all sandboxes.
 */
#ifndef RUNTIME_MODULES_PREVIEW_PREVIEW_H
#define RUNTIME_MODULES_PREVIEW_PREVIEW_H

#include <pthread.h>

#include "gen/preview.h"
#include "runtime/abi/decision.h"
#include "runtime/abi/host.h"
#include "runtime/abi/iface_database.h"
#include "runtime/abi/iface_sandbox.h"
#include "runtime/abi/iface_secret.h"
#include "runtime/abi/iface_workspace.h"
#include "runtime/base/map.h"

enum preview_need {
	NEED_WORKSPACE,
	NEED_SANDBOX,
	NEED_COMPLIANCE,
	NEED_RISK,
	NEED_SECRET,
	NEED_DATABASE
};
#define DECIDERS 2 /* compliance and risk: who may refuse */

#define BOX_DIR "/run/webnova" /* the platform's socket directory, as it sees it */
#define BOX_SOCKET "/run/webnova/app.sock"
#define BOX_WAY "/run/webnova-way" /* the way out; its proxy's port is of runtime/shim/egress.h */
#define BOX_PROXY "http://127.0.0.1:3128"

/* One workspace's service. Loop thread. */
struct preview_item {
	struct wn_mod *m;
	char workspace[WN_ULID_MAX];
	char *tenant;
	enum model_preview_state state;
	bool stopping;	/* a job ends it; nobody else may */
	bool forgotten; /* the workspace was taken off the list: a start may not finish */
	char url[64], *reason, *limits;
	char *credentials; /* file with the seeded people's passwords; nullable */
	bool isolated;
	int64_t pid, started_ms;
	int port; /* of the last run; asked for again */
	bool has_exit_code;
	int exit_code;
	struct wn_link *link; /* to its shim, while it runs */
	struct wn_timer *watch;
	int64_t asked, lines, watched_ns; /* what its shim told at the last look */
	int floods;			  /* looks in a row at which its log flooded */
	struct wn_timer *restart;	  /* it will be started again */
	int restarts;			  /* since restarted_ns */
	int64_t restarted_ns;
};

struct preview {
	const struct wn_host *host;
	struct wn_map items;	 /* workspace id to struct preview_item */
	pthread_mutex_t install; /* one fetch of dependencies at a time */
};

/* What a start carries from step to step. Job thread. */
struct preview_run {
	struct wn_mod *m;
	struct wn_ctx *ctx;
	struct wn_workspace ws;
	const char *run_dir, *data_dir, *socket; /* socket: the shim's */
	const char *node,
		*node_dir;   /* program; directory to show in the box (NULL: it is in /usr) */
	const char *npm;     /* program text of the npm fetched with node; NULL: the system's */
	const char *modules; /* the dependencies' node_modules */
	const char *how;     /* "cached", "installed" */
	const char *step;    /* of enum preview_failed step, for the event */
	int port, exit_code;
	bool isolated, has_exit_code;
	const char *limits, *credentials;
	int64_t pid;
};

/* preview_item.c: the table of services. [loop] */
struct preview_item *preview_item_get(struct wn_mod *m, const char *tenant, struct wn_str workspace,
				      bool make);
void preview_item_free(void *item);
void preview_item_model(const struct preview_item *it, struct wn_arena *a,
			struct model_preview *out);
void preview_item_set_reason(struct preview_item *it, const char *reason);
/* Connects to the item's shim to hear of its end. */
wn_err preview_item_watch(struct preview_item *it, const char *socket, struct wn_diag *d);
/* Takes services of an engine that ended back into the table. Blocks shortly on small files: at
 * start only. */
void preview_adopt(struct wn_mod *m);

/* preview_watch.c: looks at a running service: its requests and its log. [loop] */
void preview_watch_start(struct preview_item *it);
void preview_watch_stop(struct preview_item *it);

/* preview_restart.c: starting again what ended by itself. [loop] */
/* Adds to the reason of its end what will be done; false: nothing. */
bool preview_restart_later(struct preview_item *it, char *words, size_t n);
void preview_restart_cancel(struct preview_item *it);

/* preview_egress.c: the way out of the box, when the settings give it one. */
bool preview_egress_is_on(const struct wn_host *h); /* [any] */
wn_err preview_egress_prepare(struct preview_run *r);
/* Starts the proxy for the service that was just started. [job] */
wn_err preview_egress_start(struct preview_run *r);
/* Different places that were asked for in vain in the last minute. Reads a small file. [loop] */
int64_t preview_egress_refused(const struct wn_host *h, const char *workspace);

/* preview_prepare.c: toolchain, dependencies, web build. [job] */
wn_err preview_prepare(struct preview_run *r);
/* A script of the workspace's package.json, in the arena; NULL: it has none of that name. */
const char *preview_script(struct preview_run *r, const char *name);
/* The argv that runs `argv` in the workspace's box. */
wn_err preview_boxed(struct preview_run *r, const char *const *argv, bool serving,
		     const char *const **out);

/* preview_launch.c: start under a shim, wait for health, stop. [job] */
wn_err preview_launch(struct preview_run *r);
wn_err preview_await_health(struct preview_run *r);
/* Ends the service behind a shim's socket and forgets it; a shim that is gone is fine. */
wn_err preview_end(struct wn_mod *m, struct wn_ctx *ctx, const char *socket, int *exit_code_out,
		   bool *has_code);

/* Paths, in the arena. [any] */
const char *preview_run_dir(const struct wn_host *h, struct wn_arena *a, const char *workspace);
const char *preview_socket(const struct wn_host *h, struct wn_arena *a, const char *workspace);
const char *preview_card(const struct wn_host *h, struct wn_arena *a, const char *workspace);

static inline struct preview *
preview_of(struct wn_mod *m)
{
	return (struct preview *)m->state;
}

#endif
