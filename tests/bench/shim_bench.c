/*
 * Terminal throughput through a shim with an attached client, beside tmux and the bare pty
 * floor, in one run, taking turns. Prints MB/s, medians.
 */
#include "tests/unit/runtime/shim/shim_help.h"

#include <pty.h>

#define RUNS 3

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static pid_t
start_on_pty(const char *const argv[], int *fd)
{
	struct winsize w = { .ws_row = 50, .ws_col = 200 };
	pid_t pid = forkpty(fd, NULL, NULL, &w);

	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("PS1", "$ ", 1);
		unsetenv("TMUX");
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	return pid;
}

/* Runs argv on a pty, throws its output away, returns the time it took. */
static double
on_pty(const char *const argv[])
{
	static char buf[65536];
	double start = seconds();
	int fd;
	pid_t pid = start_on_pty(argv, &fd);

	while (read(fd, buf, sizeof buf) > 0)
		;
	waitpid(pid, NULL, 0);
	close(fd);
	return seconds() - start;
}

static double
bare(const char *file)
{
	const char *argv[] = { "cat", file, NULL };

	return on_pty(argv);
}

static double
tmux(const char *file)
{
	char name[64], cmd[PATH_MAX + 16];
	const char *argv[] = { "tmux", "-L", name, "-f", "/dev/null", "new-session", cmd, NULL };

	snprintf(name, sizeof name, "wn-bench-%d", (int)getpid());
	snprintf(cmd, sizeof cmd, "cat %s", file);
	return on_pty(argv);
}

static double
shim(const char *file, unsigned *frames, long *rss_kb)
{
	struct help_shim h;
	struct help_client *c;
	char spec[PATH_MAX + 256], path[64], line[256];
	double start = seconds(), took;
	FILE *f;

	snprintf(spec, sizeof spec,
		 "{\"socket\":\"%%s\",\"argv\":[\"cat\",\"%s\"],\"rows\":50,\"cols\":200}", file);
	if (!help_start(&h, spec))
		return 1e9;
	c = help_connect(&h);
	help_call(c, "shim.attach", "{\"credit\":4}", "");
	while (!c->exited && c->fd >= 0)
		help_pump(c, 1000);
	took = seconds() - start;
	*frames = c->frames;
	snprintf(path, sizeof path, "/proc/%d/status", (int)h.pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		sscanf(line, "VmRSS: %ld", rss_kb);
	if (f)
		fclose(f);
	help_close(c);
	help_stop(&h);
	return took;
}

static void
write_file(const char *path, size_t size, bool sgr)
{
	FILE *f = fopen(path, "w");
	size_t n = 0;

	for (unsigned i = 0; n < size; i++) {
		if (sgr)
			n += (size_t)fprintf(f, "\033[38;2;%u;%u;%um%s\033[0m \033[1;3%um%u\033[m ",
					     i & 255, i >> 3 & 255, i >> 5 & 255, "word", i & 7, i);
		else
			n += (size_t)fprintf(f, "\tif (value[%u] > limit)  /* line */", i % 1000);
		if (!sgr || i % 6 == 5)
			n += (size_t)fprintf(f, "\n");
	}
	fclose(f);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double t[RUNS])
{
	qsort(t, RUNS, sizeof *t, by_value);
	return t[RUNS / 2];
}

static void
row(const char *name, const char *path, size_t size, bool sgr)
{
	double b[RUNS], t[RUNS], s[RUNS], mb = (double)size / 1e6;
	unsigned frames = 0;
	long rss = 0;

	write_file(path, size, sgr);
	for (int i = 0; i < RUNS; i++) {
		b[i] = bare(path);
		t[i] = tmux(path);
		s[i] = shim(path, &frames, &rss);
	}
	printf("%-6s bare %6.1f MB/s   tmux %6.1f MB/s   shim %6.1f MB/s   shim/tmux %.2f   frames "
	       "%u   RSS %ld kB\n",
	       name, mb / median(b), mb / median(t), mb / median(s), median(t) / median(s), frames,
	       rss);
	unlink(path);
}

/* ---- latency ---- */

#define KEYS 200

/* Reads what comes until nothing came for `ms`. */
static void
settle(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	static char buf[65536];

	while (poll(&p, 1, ms) > 0 && read(fd, buf, sizeof buf) > 0)
		;
}

static void
keys_on_pty(const char *const argv[], double t[KEYS])
{
	struct pollfd p = { .events = POLLIN };
	int fd;
	pid_t pid = start_on_pty(argv, &fd);

	p.fd = fd;
	settle(fd, 500);
	for (int i = 0; i < KEYS; i++) {
		double start = seconds();

		if (write(fd, "x", 1) != 1 || poll(&p, 1, 1000) <= 0)
			break;
		t[i] = seconds() - start;
		settle(fd, 20);
	}
	kill(pid, SIGKILL);
	close(fd);
	waitpid(pid, NULL, 0);
}

static void
keys_in_shim(double t[KEYS])
{
	struct help_shim h;
	struct help_client *c;

	if (!help_start(&h, "{\"socket\":\"%s\",\"argv\":[\"cat\"],\"rows\":50,\"cols\":200}"))
		return;
	c = help_connect(&h);
	help_call(c, "shim.attach", "{\"credit\":8}", "");
	for (int i = 0; i < KEYS; i++) {
		double start = seconds();
		unsigned frames = c->frames;

		help_notify(c, "shim.input", "{}", "x");
		while (c->frames == frames && help_pump(c, 1000))
			;
		t[i] = seconds() - start;
		help_pump(c, 20);
	}
	help_close(c);
	help_stop(&h);
}

static void
key_row(void)
{
	char name[64], cmd[96];
	const char *cat[] = { "cat", NULL };
	const char *tm[] = { "tmux", "-L", name, "-f", "/dev/null", "new-session", "cat", NULL };
	double b[KEYS] = { 0 }, t[KEYS] = { 0 }, s[KEYS] = { 0 };

	snprintf(name, sizeof name, "wn-bench-k%d", (int)getpid());
	keys_on_pty(cat, b);
	keys_on_pty(tm, t);
	keys_in_shim(s);
	snprintf(cmd, sizeof cmd, "%s", name);
	on_pty((const char *const[]){ "tmux", "-L", cmd, "kill-server", NULL });
	qsort(b, KEYS, sizeof *b, by_value);
	qsort(t, KEYS, sizeof *t, by_value);
	qsort(s, KEYS, sizeof *s, by_value);
	printf("key    bare p50 %.0f us   tmux p50 %.0f p95 %.0f us   shim p50 %.0f p95 %.0f us   "
	       "shim/tmux %.2f\n",
	       b[KEYS / 2] * 1e6, t[KEYS / 2] * 1e6, t[KEYS * 95 / 100] * 1e6, s[KEYS / 2] * 1e6,
	       s[KEYS * 95 / 100] * 1e6, s[KEYS / 2] / t[KEYS / 2]);
}

/* ^C while `yes` runs, until a prompt stands on the screen. */
static void
interrupt_row(void)
{
	struct help_shim h;
	struct help_client *c;
	double t[RUNS * 3];
	int n = 0;

	if (!help_start(&h, "{\"socket\":\"%s\",\"argv\":[\"sh\"],\"rows\":50,\"cols\":200,"
			    "\"env\":{\"PS1\":\"prompt# \",\"ENV\":\"\"}}"))
		return;
	c = help_connect(&h);
	help_call(c, "shim.attach", "{\"credit\":8}", "");
	for (; n < RUNS * 3; n++) {
		unsigned frames = c->frames;
		double start;

		help_notify(c, "shim.input", "{}", "clear; yes\r");
		while (c->frames < frames + 20 && help_pump(c, 1000))
			;
		start = seconds();
		help_notify(c, "shim.input", "{}", "\003");
		while (!strstr(help_screen(c), "prompt#") && help_pump(c, 1000))
			;
		t[n] = seconds() - start;
	}
	qsort(t, (size_t)n, sizeof *t, by_value);
	printf("^C     under flood to prompt: p50 %.1f ms   worst %.1f ms\n", t[n / 2] * 1e3,
	       t[n - 1] * 1e3);
	help_close(c);
	help_stop(&h);
}

int
main(int argc, char **argv)
{
	size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 40) * 1000000;
	char path[64];

	snprintf(path, sizeof path, "/tmp/wn-shim-bench-%d", (int)getpid());
	key_row();
	interrupt_row();
	row("plain", path, size, false);
	row("sgr", path, size, true);
	return 0;
}
