/*
 * Control groups of sandboxed programs, version 1 and 2. Best effort by design: what is not
 * delegated to us is reported as absent and said in the run's description.
 */
#include "runtime/modules/sandbox/sandbox_group.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define PATH_BYTES 512
#define TEXT_BYTES 4096
#define CPU_PERIOD 100000
#define GROUPS 4 /* trees of version 1 that are used */

/* --- files ---- */

static bool
path_of(char out[PATH_BYTES], const char *dir, const char *name)
{
	return snprintf(out, PATH_BYTES, "%s/%s", dir, name) < PATH_BYTES;
}

static bool
put(const char *dir, const char *file, const char *value)
{
	char path[PATH_BYTES];
	size_t n = strlen(value);
	bool ok;
	int fd;

	if (!path_of(path, dir, file))
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

static bool
get(const char *dir, const char *file, char out[TEXT_BYTES])
{
	char path[PATH_BYTES];
	ssize_t n = -1;
	int fd;

	out[0] = '\0';
	if (!dir || !path_of(path, dir, file))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, out, TEXT_BYTES - 1);
		close(fd);
	}
	out[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static int64_t
get_number(const char *dir, const char *file)
{
	char text[TEXT_BYTES];

	return get(dir, file, text) ? strtoll(text, NULL, 10) : -1;
}

/* The number after a word of a file of lines "word number". */
static int64_t
get_field(const char *dir, const char *file, const char *word)
{
	char text[TEXT_BYTES];
	struct wn_str rest, line, name;

	if (!get(dir, file, text))
		return -1;
	rest = wn_str(text);
	while (wn_str_split(&rest, '\n', &line))
		if (wn_str_split(&line, ' ', &name) && wn_str_is(name, word) && line.p)
			return strtoll(line.p, NULL, 10);
	return -1;
}

static bool
make_dir(const char *path)
{
	return mkdir(path, 0755) == 0 || errno == EEXIST;
}

/* --- where ---- */

/* Hands the controllers on to the groups below, one by one: those that are not here do not keep the
 * others away. Version 1 has no such file. */
static void
hand_on(const char *dir)
{
	static const char *const controllers[] = { "+memory", "+pids", "+cpu" };

	for (size_t i = 0; i < sizeof controllers / sizeof controllers[0]; i++)
		(void)put(dir, "cgroup.subtree_control", controllers[i]);
}

/* The engine's own directory below a controller; owned, NULL when it may not be made. */
static char *
engine_dir(const char *root, const char *controller, const char *engine)
{
	char *top = wn_asprintf("%s%s%s/webnova", root, controller[0] ? "/" : "", controller);
	char *dir = wn_path_join(top, engine);

	if (make_dir(top)) {
		hand_on(top);
		if (!make_dir(dir)) {
			wn_free(dir);
			dir = NULL;
		}
	} else {
		wn_free(dir);
		dir = NULL;
	}
	wn_free(top);
	return dir;
}

/* A controller counts when its file is there and ours to write. */
static char *
usable(char *dir, const char *file)
{
	char path[PATH_BYTES];

	if (dir && path_of(path, dir, file) && access(path, W_OK) == 0)
		return dir;
	wn_free(dir);
	return NULL;
}

/* All boxes together weigh as much as this many processes outside of any group, not as one: they
 * would starve on a machine that has something to do. */
#define SHARES "8192"

static void
weigh(const char *root, const char *engine_group)
{
	char top[PATH_BYTES];

	if (path_of(top, root, "cpu/webnova"))
		(void)put(top, "cpu.shares", SHARES);
	(void)put(engine_group, "cpu.shares", SHARES);
}

static void
find_v1(const char *root, const char *engine, struct sandbox_groups *out)
{
	out->memory = usable(engine_dir(root, "memory", engine), "memory.limit_in_bytes");
	out->pids = usable(engine_dir(root, "pids", engine), "pids.max");
	out->cpu = usable(engine_dir(root, "cpu", engine), "cpu.cfs_quota_us");
	if (out->cpu)
		weigh(root, out->cpu);
	out->cpuacct = usable(engine_dir(root, "cpuacct", engine), "cpuacct.usage");
	out->version = out->memory || out->pids || out->cpu || out->cpuacct ? 1 : 0;
}

static bool
find_v2(const char *root, const char *engine, struct sandbox_groups *out)
{
	char path[PATH_BYTES], text[TEXT_BYTES], *dir;
	struct wn_str rest, word;

	hand_on(root);
	dir = engine_dir(root, "", engine);
	if (!dir || !path_of(path, dir, "cgroup.procs") || access(path, W_OK) != 0) {
		wn_free(dir);
		return false;
	}
	hand_on(dir);
	(void)get(dir, "cgroup.subtree_control", text);
	rest = wn_str_trim(wn_str(text));
	while (wn_str_split(&rest, ' ', &word)) {
		if (wn_str_is(word, "memory"))
			out->memory = wn_strdup(dir);
		if (wn_str_is(word, "pids"))
			out->pids = wn_strdup(dir);
		if (wn_str_is(word, "cpu"))
			out->cpu = wn_strdup(dir);
	}
	out->cpuacct = dir; /* cpu.stat needs no controller */
	out->version = 2;
	return true;
}

void
sandbox_groups_find(const char *root, const char *engine, struct sandbox_groups *out)
{
	char path[PATH_BYTES], *user;

	*out = (struct sandbox_groups){ 0 };
	if (!path_of(path, root, "cgroup.controllers") || !wn_file_exists(path)) {
		find_v1(root, engine, out);
		return;
	}
	/* The whole tree when we are root, else what systemd delegates to the user. */
	user = wn_asprintf("%s/user.slice/user-%d.slice/user@%d.service", root, (int)getuid(),
			   (int)getuid());
	if (!find_v2(root, engine, out))
		(void)find_v2(user, engine, out);
	wn_free(user);
}

/* The different directories of g. */
static size_t
trees(const struct sandbox_groups *g, const char *out[GROUPS])
{
	const char *all[GROUPS] = { g->memory, g->pids, g->cpu, g->cpuacct };
	size_t n = 0;

	if (g->version == 2) {
		out[0] = g->cpuacct;
		return 1;
	}
	for (size_t i = 0; i < GROUPS; i++)
		if (all[i])
			out[n++] = all[i];
	return n;
}

void
sandbox_groups_fini(struct sandbox_groups *g)
{
	const char *tree[GROUPS];
	size_t n = g->version ? trees(g, tree) : 0;

	/* Boxes that live on keep theirs, and the directory with them. */
	for (size_t t = 0; t < n; t++)
		(void)rmdir(tree[t]);
	wn_free(g->memory);
	wn_free(g->pids);
	wn_free(g->cpu);
	wn_free(g->cpuacct);
	*g = (struct sandbox_groups){ 0 };
}

static const char *
group_of(char out[PATH_BYTES], const char *tree, const char *workspace, const char *run)
{
	int n = tree ? snprintf(out, PATH_BYTES, "%s/%.64s%s%.64s", tree, workspace, run ? "/" : "",
				run ? run : "")
		     : PATH_BYTES;

	return n < PATH_BYTES ? out : NULL;
}

/* --- limits ---- */

static bool
limit_memory(const struct sandbox_groups *g, const char *dir, int64_t bytes)
{
	if (!dir || bytes <= 0)
		return false;
	if (g->version == 2) {
		(void)put(dir, "memory.swap.max", "0");
		return put_number(dir, "memory.max", bytes);
	}
	/* Memory with swap may not be less than memory without: one order raises, the other lowers.
	 */
	(void)put_number(dir, "memory.memsw.limit_in_bytes", bytes);
	if (!put_number(dir, "memory.limit_in_bytes", bytes))
		return false;
	(void)put_number(dir, "memory.memsw.limit_in_bytes", bytes);
	return true;
}

static bool
limit_cpu(const struct sandbox_groups *g, const char *dir, int64_t percent)
{
	char text[64];

	if (!dir || percent <= 0)
		return false;
	if (g->version == 2) {
		snprintf(text, sizeof text, "%lld %d", (long long)(percent * CPU_PERIOD / 100),
			 CPU_PERIOD);
		return put(dir, "cpu.max", text);
	}
	return put_number(dir, "cpu.cfs_period_us", CPU_PERIOD) &&
	       put_number(dir, "cpu.cfs_quota_us", percent * CPU_PERIOD / 100);
}

static void
set_limits(const struct sandbox_groups *g, const char *workspace, const char *run,
	   const struct sandbox_limits *l, struct sandbox_limits *held)
{
	char dir[PATH_BYTES];

	*held = (struct sandbox_limits){ 0 };
	if (limit_memory(g, group_of(dir, g->memory, workspace, run), l->memory_bytes))
		held->memory_bytes = l->memory_bytes;
	if (group_of(dir, g->pids, workspace, run) && l->pids > 0 &&
	    put_number(dir, "pids.max", l->pids))
		held->pids = l->pids;
	if (limit_cpu(g, group_of(dir, g->cpu, workspace, run), l->cpu_percent))
		held->cpu_percent = l->cpu_percent;
}

void
sandbox_group_limit(const struct sandbox_groups *g, const char *workspace,
		    const struct sandbox_limits *limits, struct sandbox_limits *held)
{
	const char *tree[GROUPS];
	char dir[PATH_BYTES];
	size_t n = trees(g, tree);

	for (size_t i = 0; i < n; i++)
		if (group_of(dir, tree[i], workspace, NULL) && make_dir(dir) && g->version == 2)
			hand_on(dir);
	set_limits(g, workspace, NULL, limits, held);
}

bool
sandbox_group_make(const struct sandbox_groups *g, const char *workspace, const char *run,
		   const struct sandbox_limits *own, struct wn_buf *lines)
{
	const char *tree[GROUPS];
	struct sandbox_limits held;
	char dir[PATH_BYTES];
	size_t n = trees(g, tree), made = 0;

	for (size_t i = 0; i < n; i++) {
		if (!group_of(dir, tree[i], workspace, run) || !make_dir(dir))
			continue;
		/* A single thread that moves itself need not wait for all others, a process does:
		 * some milliseconds a tree. Version 2 knows processes only. */
		(void)wn_buf_printf(lines, "join %s/%s\n", dir,
				    g->version == 2 ? "cgroup.procs" : "tasks");
		made++;
	}
	set_limits(g, workspace, run, own, &held);
	return made > 0;
}

/* --- counting ---- */

void
sandbox_group_usage(const struct sandbox_groups *g, const char *workspace, const char *run,
		    struct sandbox_usage *out)
{
	char memory[PATH_BYTES], pids[PATH_BYTES], cpu[PATH_BYTES];
	const char *m = group_of(memory, g->memory, workspace, run);
	const char *p = group_of(pids, g->pids, workspace, run);
	const char *c = group_of(cpu, g->cpuacct, workspace, run);
	bool v2 = g->version == 2;

	out->memory_bytes = get_number(m, v2 ? "memory.current" : "memory.usage_in_bytes");
	out->memory_peak = get_number(m, v2 ? "memory.peak" : "memory.max_usage_in_bytes");
	out->oom_kills = get_field(m, v2 ? "memory.events" : "memory.oom_control", "oom_kill");
	out->processes = get_number(p, "pids.current");
	out->pids_refused = get_field(p, "pids.events", "max");
	out->cpu_us = v2 ? get_field(c, "cpu.stat", "usage_usec") : get_number(c, "cpuacct.usage");
	if (!v2 && out->cpu_us > 0)
		out->cpu_us /= 1000;
}

/* --- ends ---- */

size_t
sandbox_group_pids(const struct sandbox_groups *g, const char *workspace, const char *run,
		   int64_t *out, size_t max)
{
	const char *tree[GROUPS];
	char dir[PATH_BYTES], text[TEXT_BYTES];
	struct wn_str rest, line;
	size_t n = 0;

	if (trees(g, tree) == 0 || !group_of(dir, tree[0], workspace, run) ||
	    !get(dir, "cgroup.procs", text))
		return 0;
	rest = wn_str(text);
	while (n < max && wn_str_split(&rest, '\n', &line))
		if (line.len > 0)
			out[n++] = strtoll(line.p, NULL, 10);
	return n;
}

bool
sandbox_group_remove(const struct sandbox_groups *g, const char *workspace, const char *run)
{
	const char *tree[GROUPS];
	char dir[PATH_BYTES];
	size_t n = trees(g, tree);
	bool gone = true;

	for (size_t i = 0; i < n; i++) {
		if (group_of(dir, tree[i], workspace, run) && rmdir(dir) != 0 && errno != ENOENT)
			gone = false;
		if (group_of(dir, tree[i], workspace, NULL))
			(void)rmdir(dir);
	}
	return gone;
}

/* A group with a process or a group in it cannot be removed: rmdir then fails and it stays. */
static int
remove_empty(const char *dir, int depth)
{
	char path[PATH_BYTES];
	struct dirent *e;
	DIR *d = opendir(dir);
	int n = 0;

	while (d && (e = readdir(d))) {
		if (e->d_type != DT_DIR || e->d_name[0] == '.' || !path_of(path, dir, e->d_name))
			continue;
		if (depth > 0)
			n += remove_empty(path, depth - 1);
		if (rmdir(path) == 0)
			n++;
	}
	if (d)
		closedir(d);
	return n;
}

int
sandbox_groups_sweep(const struct sandbox_groups *g)
{
	const char *tree[GROUPS];
	size_t n = trees(g, tree);
	int removed = 0;

	for (size_t i = 0; i < n; i++)
		removed += remove_empty(tree[i], 1);
	return removed;
}
