/*
 * The launcher: reads its spec, limits itself, becomes bubblewrap. It may not print anything but
 * one line on failure, may not keep the spec, which can hold secrets (the program's environment),
 * and may not start the program when a limit that its caller counts on does not hold.
 *
 * A spec is a file of lines "word value", then a line "args", then bubblewrap's arguments, each
 * with a NUL byte after it; bubblewrap itself reads these from the file's descriptor. Words: bwrap
 * and filter (paths; filter is the seccomp program), join (a file to write "0" into, which moves
 * this process into a control group), note (a file to make, and a text for it), oom, nofile, fsize,
 * nproc, core.
 */
#include "runtime/shim/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define HEAD_MAX 8192
#define PROGRAM_MAX 4096 /* words of the program */
#define LINE_MAX_BYTES 1024

struct launch {
	const char *bwrap;
	int filter, spec;
};

/* Text of a limited length, cut at its end. */
struct line {
	char p[LINE_MAX_BYTES];
	size_t n;
};

static void
add(struct line *l, const char *text)
{
	size_t n = strlen(text), room = sizeof l->p - l->n;

	if (n > room)
		n = room;
	memcpy(l->p + l->n, text, n);
	l->n += n;
}

static const char *
reason(int error, char text[8])
{
	switch (error) {
	case 0:
		return "not understood";
	case ENOENT:
		return "it is not there";
	case EACCES:
	case EPERM:
		return "not allowed";
	default:
		text[0] = '#';
		text[1] = (char)('0' + error / 100 % 10);
		text[2] = (char)('0' + error / 10 % 10);
		text[3] = (char)('0' + error % 10);
		text[4] = '\0';
		return text;
	}
}

/* error: a number of errno.h, or 0. */
static int
complain(const char *what, const char *which, int error)
{
	char number[8];
	struct line l;

	l.n = 0;
	add(&l, "webnovad --launch: ");
	add(&l, what);
	add(&l, " ");
	add(&l, which);
	add(&l, ": ");
	add(&l, reason(error, number));
	add(&l, "\n");
	(void)!write(2, l.p, l.n);
	return LAUNCH_FAILED;
}

static int
write_file(const char *path, int flags, const char *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0600), error = 0;

	if (fd < 0)
		return errno;
	errno = 0;
	if (write(fd, p, n) != (ssize_t)n)
		error = errno ? errno : EIO;
	close(fd);
	return error;
}

/* -1: not a number. */
static int64_t
number(const char *text)
{
	int64_t n = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || n > INT64_MAX / 10 - 10)
			return -1;
		n = n * 10 + (*text - '0');
	}
	return n;
}

/* Only ever lowers; a limit that is lower already stays. */
static int
lower(enum __rlimit_resource what, const char *value)
{
	struct rlimit now;
	int64_t n = number(value);

	if (n < 0 || prlimit(0, what, NULL, &now) != 0)
		return EINVAL;
	if ((rlim_t)n < now.rlim_max)
		now.rlim_max = (rlim_t)n;
	now.rlim_cur = now.rlim_max;
	return prlimit(0, what, &now, NULL) == 0 ? 0 : errno;
}

/* "PATH TEXT": a new file with the text, and this process as the kernel tells of it, since an id
 * alone may be somebody else's later. */
static int
note(char *path)
{
	char *text = strchr(path, ' ');
	char stat[512];
	struct line l;
	int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, stat, sizeof stat - 1);

	if (fd >= 0)
		close(fd);
	if (n <= 0 || !text)
		return EINVAL;
	*text++ = '\0';
	stat[n] = '\0';
	l.n = 0;
	add(&l, text);
	add(&l, "\n");
	add(&l, stat);
	return write_file(path, O_CREAT | O_EXCL | O_NOFOLLOW, l.p, l.n);
}

static int
apply(struct launch *l, const char *word, char *value)
{
	if (strcmp(word, "bwrap") == 0) {
		l->bwrap = value;
		return 0;
	}
	if (strcmp(word, "filter") == 0) {
		l->filter = open(value, O_RDONLY);
		return l->filter < 0 ? errno : 0;
	}
	if (strcmp(word, "join") == 0)
		return write_file(value, 0, "0", 1);
	if (strcmp(word, "note") == 0)
		return note(value);
	if (strcmp(word, "oom") == 0)
		return write_file("/proc/self/oom_score_adj", 0, value, strlen(value));
	if (strcmp(word, "nofile") == 0)
		return lower(RLIMIT_NOFILE, value);
	if (strcmp(word, "fsize") == 0)
		return lower(RLIMIT_FSIZE, value);
	if (strcmp(word, "nproc") == 0)
		return lower(RLIMIT_NPROC, value);
	if (strcmp(word, "core") == 0)
		return lower(RLIMIT_CORE, value);
	return EINVAL;
}

/* Each line in turn; 0 with the descriptor at the arguments, or an exit code. */
static int
read_head(struct launch *l, char head[HEAD_MAX])
{
	ssize_t n = read(l->spec, head, HEAD_MAX - 1);
	char *line = head, *end;

	head[n > 0 ? n : 0] = '\0';
	while ((end = strchr(line, '\n'))) {
		char *value;
		int error;

		*end = '\0';
		if (strcmp(line, "args") == 0)
			return lseek(l->spec, end + 1 - head, SEEK_SET) < 0
				       ? complain("read", "the spec", errno)
				       : 0;
		value = strchr(line, ' ');
		if (!value)
			return complain("the line", line, 0);
		*value++ = '\0';
		error = apply(l, line, value);
		if (error)
			return complain(line, value, error);
		line = end + 1;
	}
	return complain("read", "the spec", n < 0 ? errno : 0);
}

/* The two files at the places bubblewrap is told; nothing else of the caller is open in the box. */
static int
place_files(const struct launch *l)
{
	int spec = fcntl(l->spec, F_DUPFD, 10), filter = fcntl(l->filter, F_DUPFD, 10);

	if (spec < 0 || filter < 0 || dup3(spec, LAUNCH_ARGS_FD, 0) < 0 ||
	    dup3(filter, LAUNCH_FILTER_FD, 0) < 0)
		return errno;
	return close_range(LAUNCH_FILTER_FD + 1, ~0u, 0) == 0 ? 0 : errno;
}

int
wn_launch_main(int argc, char **argv)
{
	/* Nothing of the engine's environment: the first process of the box shows its own to the
	 * others. */
	char *const env[] = { NULL };
	struct launch l = { NULL, -1, -1 };
	const char *bwrap[PROGRAM_MAX + 5] = { "bwrap", "--args", "3", "--" };
	char head[HEAD_MAX];
	int code;

	if (argc < 4 || argc > PROGRAM_MAX || strcmp(argv[2], "--") != 0) {
		return complain("the arguments are not", "SPEC -- PROGRAM [ARGS...]", 0);
	}
	l.spec = open(argv[1], O_RDONLY | O_NOFOLLOW);
	if (l.spec < 0)
		return complain("open", argv[1], errno);
	(void)unlink(argv[1]);
	code = read_head(&l, head);
	if (code)
		return code;
	if (!l.bwrap || l.filter < 0)
		return complain("the spec", "without a filter", 0);
	code = place_files(&l);
	if (code)
		return complain("hand over", "the spec", code);
	memcpy(bwrap + 4, argv + 3, (size_t)(argc - 3) * sizeof *bwrap);
	execve(l.bwrap, (char *const *)(uintptr_t)bwrap, env);
	return complain("start", l.bwrap, errno);
}
