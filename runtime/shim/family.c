/*
 * A sandboxed service has a session of its own, so its group cannot be signalled from outside: the
 * tree is walked in /proc instead. Bounded; keeps nothing.
 */
#include "runtime/shim/family.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/str.h"

#define DEPTH_MAX 32
#define LIST_MAX 16384 /* bytes of one list of children */

static ssize_t
read_proc(pid_t pid, const char *what, char *buf, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, what);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return n;
}

static int
walk(pid_t pid, int sig, int depth)
{
	char name[32], what[48], list[LIST_MAX];
	struct wn_str rest, one;
	int hit = 0;

	if (depth > DEPTH_MAX || read_proc(pid, "comm", name, sizeof name) <= 0)
		return 0;
	(void)snprintf(what, sizeof what, "task/%d/children", (int)pid);
	if (read_proc(pid, what, list, sizeof list) > 0) {
		rest = wn_str_trim(wn_str(list));
		while (wn_str_split(&rest, ' ', &one)) {
			int64_t child;

			if (wn_str_i64(one, &child) && child > 1)
				hit += walk((pid_t)child, sig, depth + 1);
		}
	}
	if (strcmp(name, "bwrap\n") != 0 && kill(pid, sig) == 0)
		hit++;
	return hit;
}

int
family_signal(pid_t root, int sig)
{
	return walk(root, sig, 0);
}
