/*
 * Private to modules/sandbox: control groups, version 1 and 2. A tree for each engine, in it a
 * group for each workspace, which holds the limits, and in that one for each run, which counts.
 * Plain blocking calls on a memory file system; a struct of what was found is read by any thread.
 */
#ifndef RUNTIME_MODULES_SANDBOX_SANDBOX_GROUP_H
#define RUNTIME_MODULES_SANDBOX_SANDBOX_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/buf.h"

/* 0: no limit. */
struct sandbox_limits {
	int64_t memory_bytes, pids, cpu_percent;
};

/* Where this engine's groups are; NULL: that controller is not there or not ours to use. In version
 * 2 all that are there are the same directory. */
struct sandbox_groups {
	int version; /* 0: none */
	char *memory, *pids, *cpu, *cpuacct;
};

/* What a group counted; -1: not known. */
struct sandbox_usage {
	int64_t cpu_us, memory_bytes, memory_peak, processes;
	int64_t oom_kills, pids_refused;
};

/* Looks below root ("/sys/fs/cgroup") and makes this engine's tree where it may. engine names it.
 */
void sandbox_groups_find(const char *root, const char *engine, struct sandbox_groups *out);
/* Removes the engine's tree when no box is in it. */
void sandbox_groups_fini(struct sandbox_groups *g);
/* Makes the workspace's group and sets its limits; *held says which of them hold. */
void sandbox_group_limit(const struct sandbox_groups *g, const char *workspace,
			 const struct sandbox_limits *limits, struct sandbox_limits *held);
/* Makes a run's group in its workspace's and adds the launcher's lines that join it. Limits of its
 * own are set on top. False: nothing can be joined. */
bool sandbox_group_make(const struct sandbox_groups *g, const char *workspace, const char *run,
			const struct sandbox_limits *own, struct wn_buf *lines);
/* Of a run, or of a whole workspace (run NULL). */
void sandbox_group_usage(const struct sandbox_groups *g, const char *workspace, const char *run,
			 struct sandbox_usage *out);
/* Ids of processes in a run's group, at most max; how many. */
size_t sandbox_group_pids(const struct sandbox_groups *g, const char *workspace, const char *run,
			  int64_t *out, size_t max);
/* Removes a run's group, and its workspace's when that was the last; false: one has a process in it
 * and stays. */
bool sandbox_group_remove(const struct sandbox_groups *g, const char *workspace, const char *run);
/* Removes every group of this engine that has no process in it; returns how many. */
int sandbox_groups_sweep(const struct sandbox_groups *g);

#endif
