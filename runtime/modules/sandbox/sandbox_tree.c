/*
 * Processes as /proc tells of them: whether one lives, and what one and all below it use. Only
 * where no control group counts; a program that hides from this is still in its namespaces.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/mem.h"
#include "runtime/base/vec.h"
#include "runtime/modules/sandbox/sandbox.h"

#define STAT_BYTES 1024
#define FIELD_STATE 3 /* numbers of proc(5) */
#define FIELD_PARENT 4
#define FIELD_USER 14
#define FIELD_SYSTEM 15
#define FIELD_THREADS 20
#define FIELD_START 22
#define FIELD_RSS 24

struct process {
	int64_t pid, parent, cpu_ticks, pages, threads;
	bool in;
};

static bool
read_stat(int64_t pid, char out[STAT_BYTES])
{
	char path[40];
	ssize_t n = -1;
	int fd;

	snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, out, STAT_BYTES - 1);
		close(fd);
	}
	out[n > 0 ? n : 0] = '\0';
	return n > 0;
}

/* A program's name may hold anything, so fields are counted from its end. */
static int64_t
field(const char *stat, int which)
{
	const char *p = strrchr(stat, ')');

	for (int n = FIELD_STATE - 1; p && n < which; n++)
		p = strchr(p + 1, ' ');
	return p ? strtoll(p, NULL, 10) : 0;
}

int64_t
sandbox_start_in(const char *stat)
{
	const char *p = strrchr(stat, ')');

	return !p || p[1] != ' ' || p[2] == 'Z' ? 0 : field(stat, FIELD_START);
}

int64_t
sandbox_start_of(int64_t pid)
{
	char stat[STAT_BYTES];

	return read_stat(pid, stat) ? sandbox_start_in(stat) : 0;
}

int64_t
sandbox_ready_ns(int64_t pid)
{
	char path[40], text[100] = "", *end;
	ssize_t n = -1;
	int64_t ran;
	int fd;

	snprintf(path, sizeof path, "/proc/%lld/schedstat", (long long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof text - 1);
		close(fd);
	}
	if (n <= 0)
		return -1;
	ran = strtoll(text, &end, 10);
	return ran + strtoll(end, NULL, 10);
}

static int
by_pid(const void *a, const void *b)
{
	int64_t x = ((const struct process *)a)->pid, y = ((const struct process *)b)->pid;

	return x < y ? -1 : x > y;
}

void
sandbox_tree_usage(int64_t root, struct sandbox_usage *out)
{
	int64_t page = sysconf(_SC_PAGESIZE), second = sysconf(_SC_CLK_TCK), ticks = 0, pages = 0;
	WN_VEC(struct process) all = { 0 };
	char stat[STAT_BYTES];
	DIR *d = opendir("/proc");
	struct dirent *e;
	bool more = true;

	*out = (struct sandbox_usage){ -1, -1, -1, 0, -1, -1 };
	while (d && (e = readdir(d))) {
		int64_t pid = strtoll(e->d_name, NULL, 10);

		if (pid > 0 && read_stat(pid, stat))
			wn_vec_push(&all,
				    (struct process){ pid, field(stat, FIELD_PARENT),
						      field(stat, FIELD_USER) +
							      field(stat, FIELD_SYSTEM),
						      field(stat, FIELD_RSS),
						      field(stat, FIELD_THREADS), pid == root });
	}
	if (d)
		closedir(d);
	if (all.len > 0)
		qsort(all.p, all.len, sizeof *all.p, by_pid);
	/* A parent may have a higher number than its child: once more then. */
	while (more) {
		more = false;
		for (size_t i = 0; i < all.len; i++) {
			const struct process key = { .pid = all.p[i].parent };
			const struct process *parent = (const struct process *)bsearch(
				&key, all.p, all.len, sizeof *all.p, by_pid);

			if (!all.p[i].in && parent && parent->in)
				more = all.p[i].in = true;
		}
	}
	for (size_t i = 0; i < all.len; i++)
		if (all.p[i].in) {
			ticks += all.p[i].cpu_ticks;
			pages += all.p[i].pages;
			out->processes += all.p[i].threads;
		}
	out->cpu_us = second > 0 ? ticks * 1000000 / second : -1;
	out->memory_bytes = pages * page;
	wn_vec_fini(&all);
}
