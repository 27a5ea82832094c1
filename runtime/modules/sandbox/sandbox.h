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
	bool proven;		    /* the limits were tried */
	struct sandbox_limits held; /* by control groups; 0: not held */
	char why[200];		    /* there is no sandbox, in words */
};

#define SANDBOX_PLACES 4 /* directories of a box whose growth is looked at */

/* One box, from its argv to its end. Loop thread. */
struct sandbox_run {
	char id[WN_ULID_MAX], *workspace, *tenant, *kind;
	char *places[SANDBOX_PLACES]; /* that it may write to; NULL behind the last */
	int64_t pid, pid_start; /* of the launcher, as the kernel counts; 0: not started yet */
	int64_t began_ms;
	/* of the last look */
	struct sandbox_usage seen;
	int64_t seen_ns, cpu_percent, busy_ns; /* busy_ns: no rest and no request since */
	int64_t busy_cpu_us;		       /* used until then */
	int64_t oom_ns;			       /* when the kernel last ended a program of it */
	int64_t ready_pid, ready_ns;   /* the process that wanted most, and how long until then */
	int64_t disk_used, disk_files; /* of its file systems when it began */
	int64_t measured_used, measured_files; /* the same, when its files were last counted */
	bool measuring, stopping, told;	       /* told: of a limit that it met */
};

/* What is known of a workspace beyond its boxes. Loop thread. */
struct sandbox_space {
	int64_t requested_ns;		/* monotonic; 0: never */
	char *stopped;			/* why a box was stopped last; nullable */
	int64_t stopped_ns;		/* monotonic, when that was its service; else 0 */
	int64_t disk_bytes, disk_files; /* filled since its boxes began, when last counted */
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
	bool no_groups;	      /* there are some, but a process of ours may not join them */
	struct wn_map set;    /* workspace to what its group was set to */
	struct wn_map runs;   /* id to struct sandbox_run. Loop thread */
	struct wn_map spaces; /* workspace to struct sandbox_space. Loop thread */
	struct wn_timer *tick;
	int64_t tick_ms; /* to the next look: longer while nothing happens */
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
/* Made when it is not there. [loop] */
struct sandbox_space *sandbox_space_of(struct sandbox *s, const char *workspace);
void sandbox_space_free(void *space);

/* sandbox_guard.c: looks at a box and holds it to the rules. [loop] */
/* True when it did something since the last look. */
bool sandbox_guard(struct wn_mod *m, struct sandbox_run *r);
/* A last look at a box that has ended by itself: did a limit end it? */
void sandbox_guard_ended(struct wn_mod *m, struct sandbox_run *r);
void sandbox_requested(struct wn_mod *m, const char *workspace);
bool sandbox_why(struct wn_mod *m, const char *workspace, char *out, size_t n);
void sandbox_stop(struct wn_mod *m, const char *workspace, enum wn_sandbox_rule rule,
		  const char *reason, const char *setting);

/* sandbox_disk.c: what a box fills. */
/* Notes how full its file systems are. */
void sandbox_disk_begin(struct sandbox_run *r);
/* Counts its files in a job when its file systems have filled by more than it may; stops it then.
 * [loop] */
void sandbox_disk_look(struct wn_mod *m, struct sandbox_run *r);

/* sandbox_guard.c: ends a box and says why, in an event and to whoever asks. rule is a value of the
 * event's contract. [loop] */
void sandbox_guard_stop(struct wn_mod *m, struct sandbox_run *r, int rule, const char *setting,
			const char *format, ...) __attribute__((format(printf, 5, 6)));

/* sandbox_tree.c: a process and all below it, counted by looking: for machines that keep no count.
 * What cannot be known is -1. [loop] */
void sandbox_tree_usage(int64_t pid, struct sandbox_usage *out);
/* How long a process ran or waited for a processor; -1: not known. */
int64_t sandbox_ready_ns(int64_t pid);
/* Start time as the kernel counts it; 0: there is no such process, or it has ended. */
int64_t sandbox_start_of(int64_t pid);
int64_t sandbox_start_in(const char *stat); /* a line of /proc/PID/stat */

static inline struct sandbox *
sandbox_of(struct wn_mod *m)
{
	return (struct sandbox *)m->state;
}

#endif
