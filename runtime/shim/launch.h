/*
 * The launcher: `webnovad --launch SPEC -- PROGRAM ARGS...` sets limits on itself, then becomes
 * bubblewrap, which becomes the program. Everything that needs a file descriptor or a limit of the
 * process itself happens here, because the caller (an exec, a shim) only knows an argv.
 */
#ifndef RUNTIME_SHIM_LAUNCH_H
#define RUNTIME_SHIM_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/error.h"

/* Entry of `--launch`; argv[0] is "--launch". Returns only on failure (exit code 125 after one line
 * on stderr), or after `--launch --probe`, which prints what this machine allows as one JSON
 * object. */
int wn_launch_main(int argc, char **argv);

/* What a control group holds a program to; 0: no limit. */
struct launch_limits {
	int64_t memory_bytes, pids, cpu_percent;
};

/* Which controllers could be used. */
struct launch_groups {
	bool memory, pids, cpu;
};

/* Makes a control group "<name>-<pid>", sets the limits and moves this process into it (v1 and v2).
 * Controllers that are not there or not ours are left out of *out; that is no error. Empty groups
 * of earlier runs are removed. */
void launch_cgroup_enter(const char *name, const struct launch_limits *limits,
			 struct launch_groups *out);

/* An open file with the seccomp program that bubblewrap loads; -1 with the reason in d. */
int launch_seccomp_open(struct wn_diag *d);

#endif
