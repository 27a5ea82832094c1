/*
 * The launcher: reads its spec, limits itself, becomes bubblewrap. It may not print anything but
 * one line on failure, and may not keep the spec: it can hold secrets (the program's environment).
 */
#include "runtime/shim/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/buf.h"
#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"

#define SPEC_MAX (1u << 20)
#define EXIT_LAUNCH 125
#define NOFILE 4096

static int
complain(const struct wn_diag *d)
{
	fprintf(stderr, "webnovad --launch: %s\n", d->text);
	return EXIT_LAUNCH;
}

/* Reads and removes the spec. */
static wn_err
read_spec(const char *path, struct wn_json **out, struct wn_diag *d)
{
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, SPEC_MAX);
	err = wn_file_read(path, &text, d);
	(void)unlink(path);
	if (!err)
		err = wn_json_parse(wn_buf_view(&text), NULL, out, d);
	if (text.p)
		explicit_bzero(text.p, text.len);
	wn_buf_fini(&text);
	return err;
}

/* Lowers a limit of this process; never raises one. */
static void
lower(int what, int64_t value)
{
	struct rlimit now;

	if (value < 0 || getrlimit(what, &now) != 0)
		return;
	if ((rlim_t)value < now.rlim_max)
		now.rlim_max = (rlim_t)value;
	now.rlim_cur = now.rlim_max;
	(void)setrlimit(what, &now);
}

static void
limit_self(const struct wn_json *spec, struct launch_groups *groups)
{
	struct launch_limits l = {
		.memory_bytes = (int64_t)wn_json_get_num(spec, "memory_bytes", 0),
		.pids = (int64_t)wn_json_get_num(spec, "pids", 0),
		.cpu_percent = (int64_t)wn_json_get_num(spec, "cpu_percent", 0),
	};

	launch_cgroup_enter(wn_json_get_str(spec, "name", "run"), &l, groups);
	lower(RLIMIT_CORE, 0);
	lower(RLIMIT_NOFILE, NOFILE);
	lower(RLIMIT_FSIZE, (int64_t)wn_json_get_num(spec, "file_bytes", -1));
}

/* Arguments in a file: they hold the environment, and argv is readable by everybody. */
static int
args_file(const struct wn_json *args, int seccomp_fd, struct wn_diag *d)
{
	int fd = memfd_create("args", 0);
	char number[16];
	struct wn_buf b;

	wn_buf_init(&b, SPEC_MAX);
	for (const struct wn_json *a = wn_json_first(args); a; a = wn_json_next(a)) {
		(void)wn_buf_cstr(&b, wn_json_str(a, ""));
		(void)wn_buf_chr(&b, '\0');
	}
	snprintf(number, sizeof number, "%d", seccomp_fd);
	(void)wn_buf_add(&b, "--seccomp", sizeof "--seccomp");
	(void)wn_buf_add(&b, number, strlen(number) + 1);
	if (fd < 0 || b.err || write(fd, b.p, b.len) != (ssize_t)b.len ||
	    lseek(fd, 0, SEEK_SET) < 0) {
		(void)wn_fail(d, WN_E_SANDBOX, "cannot hand the sandbox its arguments");
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	wn_buf_fini(&b);
	return fd;
}

static char **
bwrap_argv(int args_fd, int argc, char **program)
{
	char **argv = (char **)wn_alloc_array((size_t)argc + 5, sizeof *argv);
	int n = 0;

	argv[n++] = wn_strdup("bwrap");
	argv[n++] = wn_strdup("--args");
	argv[n++] = wn_asprintf("%d", args_fd);
	argv[n++] = wn_strdup("--");
	for (int i = 0; i < argc; i++)
		argv[n++] = program[i];
	return argv;
}

/* Nothing of the engine may be open in the box. */
static void
keep_only(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;

	(void)close_range(3, (unsigned)low - 1, 0);
	if (high > low + 1)
		(void)close_range((unsigned)low + 1, (unsigned)high - 1, 0);
	(void)close_range((unsigned)high + 1, ~0u, 0);
}

static int
launch(const char *spec_path, int argc, char **program)
{
	/* Nothing of the engine's environment: the first process of the box shows its own to the
	 * others. */
	char *const env[] = { NULL };
	struct wn_json *spec = NULL;
	struct launch_groups groups;
	struct wn_diag d = { 0 };
	char **argv, *bwrap;
	int seccomp_fd, args_fd;

	if (read_spec(spec_path, &spec, &d))
		return complain(&d);
	bwrap = wn_path_which("bwrap");
	if (!bwrap) {
		(void)wn_fail(&d, WN_E_TOOL, "bubblewrap (bwrap) is not installed");
		wn_json_free(spec);
		return complain(&d);
	}
	limit_self(spec, &groups);
	if (!groups.memory && wn_json_get_bool(spec, "require_memory_limit", false))
		(void)wn_fail(&d, WN_E_SANDBOX, "no control group can hold the memory limit");
	seccomp_fd = d.code ? -1 : launch_seccomp_open(&d);
	args_fd = seccomp_fd < 0 ? -1 : args_file(wn_json_get(spec, "args"), seccomp_fd, &d);
	wn_json_free(spec);
	if (args_fd >= 0) {
		keep_only(args_fd, seccomp_fd);
		argv = bwrap_argv(args_fd, argc, program);
		execve(bwrap, argv, env);
		(void)wn_fail_errno(&d, errno, "start %s", bwrap);
	}
	return complain(&d);
}

/* --- probe ---------------------------------------------------------------------- */

static const char *const probe_argv[] = {
	"bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--", "/bin/true",
	NULL
};

static bool
bwrap_works(const char *bwrap)
{
	int status = -1;
	pid_t pid = bwrap ? fork() : -1;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		(void)dup2(null, 1);
		(void)dup2(null, 2);
		execv(bwrap, (char *const *)(uintptr_t)probe_argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

static int
probe(void)
{
	struct launch_limits l = { .memory_bytes = 1 << 30, .pids = 1000, .cpu_percent = 100 };
	struct launch_groups g;
	struct wn_diag d = { 0 };
	char *bwrap = wn_path_which("bwrap");
	bool works = bwrap_works(bwrap);
	int fd = launch_seccomp_open(&d);

	launch_cgroup_enter("probe", &l, &g);
	printf("{\"bwrap\":%s,\"namespaces\":%s,\"seccomp\":%s,\"memory\":%s,\"pids\":%s,\"cpu\":%"
	       "s}\n",
	       bwrap ? "true" : "false", works ? "true" : "false", fd >= 0 ? "true" : "false",
	       g.memory ? "true" : "false", g.pids ? "true" : "false", g.cpu ? "true" : "false");
	wn_free(bwrap);
	return 0;
}

int
wn_launch_main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--probe") == 0)
		return probe();
	if (argc < 4 || strcmp(argv[2], "--") != 0) {
		fprintf(stderr, "usage: webnovad --launch SPEC -- PROGRAM [ARGS...]\n");
		return 2;
	}
	return launch(argv[1], argc - 3, argv + 3);
}
