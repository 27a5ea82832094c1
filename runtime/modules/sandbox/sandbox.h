/*
 * Private to modules/sandbox: turns a spec into the argv of a confined program, and knows the
 * programs it gave an argv for. Where things are: <run>/sandbox/ holds specs on their way to the
 * launcher and the filter it hands on; <run>/sandbox/runs/ a card for each box, which the next
 * engine reads.
 */
#ifndef RUNTIME_MODULES_SANDBOX_SANDBOX_H
#define RUNTIME_MODULES_SANDBOX_SANDBOX_H

#include <pthread.h>
#include <stdbool.h>

#include "runtime/abi/host.h"
#include "runtime/abi/iface_sandbox.h"
#include "runtime/base/map.h"
#include "runtime/modules/sandbox/sandbox_group.h"

#define SANDBOX_RUNS "runs" /* directory of cards */

/* What this machine allows: found by doing it, once. */
struct sandbox_facts {
	bool known, bwrap, namespaces, seccomp;
	struct sandbox_limits held; /* by control groups; 0: not held */
	char why[200];		    /* there is no sandbox, in words */
};

/* One box, from its argv to its end. Loop thread. */
struct sandbox_run {
	char id[WN_ULID_MAX], *workspace, *tenant, *kind;
	int64_t pid, pid_start; /* of the launcher, as the kernel counts; 0: not started yet */
	int64_t began_ms;
};

struct sandbox {
	const struct wn_host *host;
	char *spec_dir, *runs_dir;
	char *filter;	 /* path of the seccomp program */
	char *bwrap;	 /* NULL: not installed */
	char *launcher;	 /* path to run; NULL: webnovad itself is the launcher */
	int launcher_fd; /* keeps it; -1 */
	/* Guards what follows up to `runs`: job threads use it. */
	pthread_mutex_t lock;
	bool ready;
	struct sandbox_facts facts;
	struct sandbox_groups groups;
	struct wn_map set;  /* workspace to what its group was set to */
	struct wn_map runs; /* id to struct sandbox_run. Loop thread */
	struct wn_timer *tick;
};

/* sandbox_probe.c: what there is. Found once, then remembered. [job] */
wn_err sandbox_facts_get(struct wn_mod *m, struct wn_ctx *ctx, struct sandbox_facts *out);

/* Finds where this engine's groups are, once. Under s->lock, or at start. */
void sandbox_groups_get(struct sandbox *s);

/* sandbox_filter.c: writes the seccomp program that bubblewrap loads to a new file. */
wn_err sandbox_filter_write(const char *path, struct wn_diag *d);

/* sandbox_launcher.c: puts the carried launcher into memory; its path owned, NULL when this machine
 * does not run programs from memory. */
char *sandbox_launcher_open(int *fd_out);

/* sandbox_command.c: iface sandbox, see abi/iface_sandbox.h. [job] */
wn_err sandbox_command(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_sandbox_spec *spec,
		       const char *const *argv, const char *const **argv_out, bool *isolated_out,
		       const char **limits_out);
/* The argv of a box with groups and a card, the facts being known. [job] */
wn_err sandbox_box(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_sandbox_spec *spec,
		   const char *const *argv, const char *const **argv_out,
		   struct sandbox_limits *held_out);

/* sandbox_run.c: the table. */
struct sandbox_run *sandbox_run_new(struct wn_mod *m, struct wn_ctx *ctx, const char *id,
				    const struct wn_sandbox_spec *spec);
/* What the launcher writes for the next engine: one line of JSON. */
void sandbox_run_card(const struct sandbox_run *r, struct wn_buf *out);
/* Puts a box that is about to start into the table; takes r, also on failure. [job] */
wn_err sandbox_run_begin(struct wn_mod *m, struct wn_ctx *ctx, struct sandbox_run *r);
/* Takes over the boxes of an engine that ended and removes what is left of those that ended too.
 * Blocks shortly on small files: at start only. [loop] */
void sandbox_runs_adopt(struct wn_mod *m, bool sweep_groups);
void sandbox_run_free(void *run);

static inline struct sandbox *
sandbox_of(struct wn_mod *m)
{
	return (struct sandbox *)m->state;
}

#endif
