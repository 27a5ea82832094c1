/*
 * Control groups of sandboxed programs, version 1 and 2. Best effort by design: what is not
 * delegated to us is reported as absent and said in the run's description.
 */
#include "runtime/shim/launch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"

#define PATH_BYTES 512
#define CPU_PERIOD 100000

static bool
put(const char *dir, const char *file, const char *value)
{
	char path[PATH_BYTES];
	size_t n = strlen(value);
	bool ok;
	int fd;

	if (snprintf(path, sizeof path, "%s/%s", dir, file) >= (int)sizeof path)
		return false;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ok = write(fd, value, n) == (ssize_t)n;
	close(fd);
	return ok;
}

static bool
put_number(const char *dir, const char *file, int64_t value)
{
	char text[32];

	snprintf(text, sizeof text, "%lld", (long long)value);
	return put(dir, file, text);
}

/* Groups are named <name>-<pid>. One whose launcher lives may be empty only because it has not
 * joined yet. */
static bool
launcher_lives(const char *group)
{
	const char *dash = strrchr(group, '-');
	long pid = dash ? strtol(dash + 1, NULL, 10) : 0;

	return pid > 0 && (kill((pid_t)pid, 0) == 0 || errno == EPERM);
}

/* A group with a process in it cannot be removed: rmdir then fails and it stays. */
static void
remove_empty(const char *parent)
{
	char path[PATH_BYTES];
	struct dirent *e;
	DIR *d = opendir(parent);

	while (d && (e = readdir(d)))
		if (e->d_type == DT_DIR && e->d_name[0] != '.' && !launcher_lives(e->d_name) &&
		    snprintf(path, sizeof path, "%s/%s", parent, e->d_name) < (int)sizeof path)
			(void)rmdir(path);
	if (d)
		closedir(d);
}

/* Makes <root>/webnova/<name>-<pid>; empty groups beside it go first. */
static bool
make_group(const char *root, const char *name, char out[PATH_BYTES])
{
	char parent[PATH_BYTES - 100];

	if (snprintf(parent, sizeof parent, "%s/webnova", root) >= (int)sizeof parent)
		return false;
	if (mkdir(parent, 0755) != 0 && errno != EEXIST)
		return false;
	remove_empty(parent);
	(void)put(parent, "cgroup.subtree_control", "+memory +pids +cpu");
	snprintf(out, PATH_BYTES, "%s/%.64s-%d", parent, name, (int)getpid());
	return mkdir(out, 0755) == 0 || errno == EEXIST;
}

static bool
join_group(const char *dir)
{
	return put(dir, "cgroup.procs", "0");
}

static bool
v1_memory(const char *name, int64_t bytes)
{
	char dir[PATH_BYTES];

	if (!make_group("/sys/fs/cgroup/memory", name, dir) ||
	    !put_number(dir, "memory.limit_in_bytes", bytes))
		return false;
	(void)put_number(dir, "memory.memsw.limit_in_bytes", bytes);
	return join_group(dir);
}

static bool
v1_pids(const char *name, int64_t pids)
{
	char dir[PATH_BYTES];

	return make_group("/sys/fs/cgroup/pids", name, dir) && put_number(dir, "pids.max", pids) &&
	       join_group(dir);
}

static bool
v1_cpu(const char *name, int64_t percent)
{
	char dir[PATH_BYTES];

	return make_group("/sys/fs/cgroup/cpu", name, dir) &&
	       put_number(dir, "cpu.cfs_period_us", CPU_PERIOD) &&
	       put_number(dir, "cpu.cfs_quota_us", percent * CPU_PERIOD / 100) && join_group(dir);
}

static bool
v2_all(const char *root, const char *name, const struct launch_limits *l, struct launch_groups *out)
{
	char dir[PATH_BYTES], cpu[64];

	if (!make_group(root, name, dir))
		return false;
	snprintf(cpu, sizeof cpu, "%lld %d", (long long)(l->cpu_percent * CPU_PERIOD / 100),
		 CPU_PERIOD);
	out->memory = l->memory_bytes && put_number(dir, "memory.max", l->memory_bytes);
	if (out->memory)
		(void)put(dir, "memory.swap.max", "0");
	out->pids = l->pids && put_number(dir, "pids.max", l->pids);
	out->cpu = l->cpu_percent && put(dir, "cpu.max", cpu);
	if (join_group(dir))
		return true;
	*out = (struct launch_groups){ 0 };
	(void)rmdir(dir);
	return false;
}

void
launch_cgroup_enter(const char *name, const struct launch_limits *l, struct launch_groups *out)
{
	char own[PATH_BYTES];

	*out = (struct launch_groups){ 0 };
	if (wn_file_exists("/sys/fs/cgroup/cgroup.controllers")) {
		/* The whole tree when we are root, else what systemd delegates to the user. */
		snprintf(own, sizeof own, "/sys/fs/cgroup/user.slice/user-%d.slice/user@%d.service",
			 (int)getuid(), (int)getuid());
		if (!v2_all("/sys/fs/cgroup", name, l, out))
			(void)v2_all(own, name, l, out);
		return;
	}
	out->memory = l->memory_bytes && v1_memory(name, l->memory_bytes);
	out->pids = l->pids && v1_pids(name, l->pids);
	out->cpu = l->cpu_percent && v1_cpu(name, l->cpu_percent);
}
