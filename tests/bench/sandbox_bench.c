/*
 * Starting a box with all it has, from the question to the module to the end of /bin/true, beside
 * bubblewrap with namespaces and mounts alone; in one run, taking turns. Prints ratios of medians.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "gen/modules.h"
#include "runtime/abi/iface_sandbox.h"
#include "tests/lib/fake_host.h"

#define ROUNDS 101

extern char **environ;

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Runs argv to its end; its processor time is added. */
static bool
run(const char *const *argv, double *cpu)
{
	struct rusage u = { 0 };
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, environ) != 0)
		return false;
	if (wait4(pid, &status, 0, &u) != pid)
		return false;
	*cpu = (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
	return status == 0;
}

static bool
bare(double *cpu)
{
	static const char *const argv[] = { "bwrap",	 "--unshare-all", "--die-with-parent",
					    "--ro-bind", "/usr",	  "/usr",
					    "--symlink", "usr/bin",	  "/bin",
					    "--symlink", "usr/lib",	  "/lib",
					    "--symlink", "usr/lib64",	  "/lib64",
					    "--proc",	 "/proc",	  "--dev",
					    "/dev",	 "--tmpfs",	  "/tmp",
					    "--",	 "/bin/true",	  NULL };

	return run(argv, cpu);
}

static bool
ours(struct fake_host *h, struct wn_mod *m, const char *workspace, double *cpu)
{
	static const char *const program[] = { "/bin/true", NULL };
	static const char *const env[] = { "PATH=/usr/bin:/bin", "HOME=/tmp", NULL };
	const struct wn_sandbox_spec spec = { .name = "bench", .workspace = workspace, .env = env };
	const struct wn_iface_sandbox *v =
		(const struct wn_iface_sandbox *)m->desc->offers[0].vtable;
	const char *const *argv;
	const char *limits;
	bool isolated;

	if (v->command(m, fake_host_ctx(h), &spec, program, &argv, &isolated, &limits) || !isolated)
		return false;
	return run(argv, cpu);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(double *v)
{
	qsort(v, ROUNDS, sizeof *v, compare);
	return v[ROUNDS / 2];
}

int
main(void)
{
	static double wall[2][ROUNDS], cpu[2][ROUNDS];
	char workspace[] = "/tmp/wn-bench-XXXXXX";
	struct fake_host *h = fake_host_new();
	struct wn_mod *m = NULL;

	for (size_t i = 0; i < wn_module_count; i++)
		if (strcmp(wn_modules[i]->name, "sandbox") == 0)
			m = fake_host_add(h, wn_modules[i]);
	if (!m || !mkdtemp(workspace) || fake_host_start(h) || !ours(h, m, workspace, &cpu[0][0])) {
		fprintf(stderr, "no sandbox here: %s\n", fake_host_diag(h)->text);
		fake_host_free(h);
		return 1;
	}
	for (int i = 0; i < ROUNDS; i++) {
		double t = seconds();

		if (!bare(&cpu[1][i]))
			return 1;
		wall[1][i] = seconds() - t;
		t = seconds();
		if (!ours(h, m, workspace, &cpu[0][i]))
			return 1;
		wall[0][i] = seconds() - t;
	}
	printf("{\"sandbox_start_full_profile_to_bare_bwrap\": %.2f, "
	       "\"sandbox_start_processor_time_to_bare_bwrap\": %.2f}\n",
	       median(wall[0]) / median(wall[1]), median(cpu[0]) / median(cpu[1]));
	fake_host_free(h);
	rmdir(workspace);
	return 0;
}
