/*
 * exec: output, limits, environment, ends of all kinds, and that nothing of a child stays behind.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/kernel/process.h"

struct fix {
	struct wn_arena arena;
	struct wn_ctx ctx;
	atomic_int cancelled;
	struct wn_exec_result r;
};

static void
fix_open(struct fix *f)
{
	*f = (struct fix){ 0 };
	(void)signal(SIGPIPE, SIG_IGN);
	wn_arena_init(&f->arena, 0);
	f->ctx.arena = &f->arena;
	f->ctx.cancelled = &f->cancelled;
}

static void
fix_close(struct fix *f)
{
	wn_arena_fini(&f->arena);
}

static wn_err
sh(struct fix *f, struct wn_exec *e, const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	e->argv = argv;
	return wn_process_exec(&f->ctx, NULL, -1, e, &f->r);
}

static void
both_outputs_and_the_status_come_back(void **state)
{
	struct fix f;
	struct wn_exec e = { 0 };

	(void)state;
	fix_open(&f);
	assert_int_equal(sh(&f, &e, "echo out; echo err >&2; exit 3"), WN_OK);
	assert_int_equal(f.r.status, 3);
	assert_true(wn_str_is(f.r.out, "out\n"));
	assert_true(wn_str_is(f.r.err, "err\n"));
	assert_false(f.r.truncated);
	fix_close(&f);
}

static void
input_is_given_and_ended(void **state)
{
	struct fix f;
	struct wn_exec e = { .input = WN_STR("one\ntwo\n") };

	(void)state;
	fix_open(&f);
	assert_int_equal(sh(&f, &e, "wc -l"), WN_OK);
	assert_int_equal(atol(f.r.out.p), 2);
	fix_close(&f);
}

static void
a_child_that_does_not_want_its_input_is_no_failure(void **state)
{
	struct fix f;
	struct wn_exec e = { 0 };

	(void)state;
	fix_open(&f);
	e.input = wn_strn(wn_arena_alloc(&f.arena, 1 << 20), 1 << 20);
	assert_int_equal(sh(&f, &e, "exit 0"), WN_OK);
	assert_int_equal(f.r.status, 0);
	fix_close(&f);
}

static void
too_much_output_is_cut_and_said(void **state)
{
	struct fix f;
	struct wn_exec e = { .output_max = 100 };

	(void)state;
	fix_open(&f);
	assert_int_equal(sh(&f, &e, "yes | head -c 1000000"), WN_OK);
	assert_int_equal(f.r.out.len, 100);
	assert_true(f.r.truncated);
	fix_close(&f);
}

static void
on_line(void *arg, bool is_stderr, struct wn_str line)
{
	(void)wn_buf_printf(arg, "%c%.*s|", is_stderr ? 'e' : 'o', WN_STR_ARG(line));
}

static void
lines_come_whole(void **state)
{
	struct fix f;
	struct wn_buf b;
	struct wn_exec e = { .on_line = on_line, .arg = &b };

	(void)state;
	fix_open(&f);
	wn_buf_init(&b, 1000);
	assert_int_equal(sh(&f, &e, "printf 'a'; printf 'b\\n\\nlast'"), WN_OK);
	assert_string_equal(b.p, "oab|o|olast|");
	wn_buf_fini(&b);
	fix_close(&f);
}

static void
a_missing_program_is_named(void **state)
{
	const char *const argv[] = { "no-such-program-here", NULL };
	struct fix f;
	struct wn_exec e = { .argv = argv };

	(void)state;
	fix_open(&f);
	assert_int_equal(wn_process_exec(&f.ctx, NULL, -1, &e, &f.r), WN_E_TOOL);
	assert_non_null(strstr(f.ctx.diag.text, "no-such-program-here"));
	fix_close(&f);
}

static void
a_missing_directory_is_named(void **state)
{
	struct fix f;
	struct wn_exec e = { .cwd = "/no/such/dir" };

	(void)state;
	fix_open(&f);
	assert_int_not_equal(sh(&f, &e, "true"), WN_OK);
	assert_non_null(strstr(f.ctx.diag.text, "/no/such/dir"));
	fix_close(&f);
}

static void
a_killed_child_has_its_signal_as_status(void **state)
{
	struct fix f;
	struct wn_exec e = { 0 };

	(void)state;
	fix_open(&f);
	assert_int_equal(sh(&f, &e, "kill -9 $$"), WN_OK);
	assert_int_equal(f.r.status, 128 + SIGKILL);
	fix_close(&f);
}

static void
a_deadline_ends_the_whole_group(void **state)
{
	struct fix f;
	struct wn_exec e = { .timeout_ms = 100 };

	(void)state;
	fix_open(&f);
	assert_int_equal(sh(&f, &e, "sleep 100 & echo $!; wait"), WN_E_DEADLINE);
	assert_true(kill((pid_t)atol(f.r.out.p), 0) != 0 || f.r.status != 0);
	fix_close(&f);
}

struct canceller {
	atomic_int *flag;
	int fd;
};

static void
cancel_now(void *arg, bool is_stderr, struct wn_str line)
{
	struct canceller *c = arg;

	(void)is_stderr;
	(void)line;
	atomic_store(c->flag, 1);
	(void)eventfd_write(c->fd, 1);
}

static void
cancel_is_felt_through_the_wake_descriptor(void **state)
{
	const char *const argv[] = { "sh", "-c", "echo started; sleep 100", NULL };
	struct fix f;
	struct canceller c = { &f.cancelled, eventfd(0, EFD_CLOEXEC) };
	struct wn_exec e = { .argv = argv, .on_line = cancel_now, .arg = &c };

	(void)state;
	fix_open(&f);
	assert_int_equal(wn_process_exec(&f.ctx, NULL, c.fd, &e, &f.r), WN_E_CANCELLED);
	assert_int_equal(f.r.status, 128 + SIGTERM);
	close(c.fd);
	fix_close(&f);
}

static void
what_the_child_left_running_is_ended(void **state)
{
	struct fix f;
	struct wn_exec e = { 0 };
	struct timespec t = { 0, 5000000 };
	pid_t left;

	(void)state;
	fix_open(&f);
	assert_int_equal(sh(&f, &e, "sleep 100 >/dev/null 2>&1 & echo $!"), WN_OK);
	left = (pid_t)atol(f.r.out.p);
	for (int i = 0; i < 400 && kill(left, 0) == 0; i++) {
		char path[64], text[200] = "";
		FILE *p;

		(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)left);
		p = fopen(path, "r");
		if (p != NULL) {
			(void)!fread(text, 1, sizeof(text) - 1, p);
			(void)fclose(p);
		}
		if (strstr(text, ") Z ") != NULL)
			break; /* dead, and waits for init to notice */
		(void)nanosleep(&t, NULL);
		assert_int_not_equal(i, 399);
	}
	fix_close(&f);
}

static void
secrets_of_the_engine_are_not_inherited(void **state)
{
	struct fix f;
	struct wn_exec e = { 0 };

	(void)state;
	fix_open(&f);
	(void)setenv("DEMO_API_KEY", "hidden", 1);
	(void)setenv("DEMO_PLAIN", "seen", 1);
	assert_int_equal(sh(&f, &e, "echo $DEMO_API_KEY$DEMO_PLAIN"), WN_OK);
	assert_true(wn_str_is(f.r.out, "seen\n"));
	fix_close(&f);
}

static void
no_descriptor_but_the_three_is_inherited(void **state)
{
	struct fix f;
	struct wn_exec e = { 0 };
	int fd = dup(2); /* without O_CLOEXEC */

	(void)state;
	fix_open(&f);
	assert_int_equal(sh(&f, &e, "for f in /proc/self/fd/*; do [ -e $f ] && basename $f; done"),
			 WN_OK);
	assert_int_equal(wn_str_find(f.r.out, WN_STR("4\n")), -1);
	close(fd);
	fix_close(&f);
}

/* Runs a program as an engine would, until somebody kills it. */
static void
be_an_engine(const char *file)
{
	struct fix f;
	struct wn_exec e = { 0 };
	char script[200];

	fix_open(&f);
	(void)snprintf(script, sizeof(script),
		       "sleep 1000 & echo $$ $! >%s.new; mv %s.new %s; wait", file, file, file);
	e.argv = (const char *const[]){ "sh", "-c", script, NULL };
	(void)!wn_process_exec(&f.ctx, wn_keeper_new(), -1, &e, &f.r);
	_exit(0);
}

static void
read_pids(const char *file, int pids[2])
{
	struct timespec t = { 0, 5000000 };
	FILE *f;

	while ((f = fopen(file, "r")) == NULL)
		(void)nanosleep(&t, NULL);
	assert_int_equal(fscanf(f, "%d %d", &pids[0], &pids[1]), 2);
	fclose(f);
}

static void
what_runs_for_a_killed_engine_dies_with_it(void **state)
{
	char dir[] = "/tmp/wn-keeper-XXXXXX", file[64];
	int pids[2], killed = 0, status;
	pid_t engine, pid;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(file, sizeof(file), "%s/pids", dir);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	(void)alarm(100);
	engine = fork();
	if (engine == 0)
		be_an_engine(file);
	read_pids(file, pids);
	(void)kill(engine, SIGKILL);
	/* All of them are ours to reap now: the engine, its keeper, the shell, its child. */
	while ((pid = wait(&status)) > 0)
		killed += (pid == pids[0] || pid == pids[1]) && WIFSIGNALED(status) &&
			  WTERMSIG(status) == SIGKILL;
	(void)alarm(0);
	assert_int_equal(killed, 2);
	(void)unlink(file);
	(void)rmdir(dir);
}

static void
a_keeper_forgets_what_has_ended(void **state)
{
	struct wn_keeper *k = wn_keeper_new();
	struct fix f;
	struct wn_exec e = { 0 };

	(void)state;
	fix_open(&f);
	e.argv = (const char *const[]){ "true", NULL };
	assert_int_equal(wn_process_exec(&f.ctx, k, -1, &e, &f.r), WN_OK);
	wn_keeper_remove(k, 12345); /* of one it never knew */
	wn_keeper_free(k);
	fix_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_outputs_and_the_status_come_back),
		cmocka_unit_test(input_is_given_and_ended),
		cmocka_unit_test(a_child_that_does_not_want_its_input_is_no_failure),
		cmocka_unit_test(too_much_output_is_cut_and_said),
		cmocka_unit_test(lines_come_whole),
		cmocka_unit_test(a_missing_program_is_named),
		cmocka_unit_test(a_missing_directory_is_named),
		cmocka_unit_test(a_killed_child_has_its_signal_as_status),
		cmocka_unit_test(a_deadline_ends_the_whole_group),
		cmocka_unit_test(cancel_is_felt_through_the_wake_descriptor),
		cmocka_unit_test(what_the_child_left_running_is_ended),
		cmocka_unit_test(secrets_of_the_engine_are_not_inherited),
		cmocka_unit_test(no_descriptor_but_the_three_is_inherited),
		cmocka_unit_test(what_runs_for_a_killed_engine_dies_with_it),
		cmocka_unit_test(a_keeper_forgets_what_has_ended),
	};

	return cmocka_run_group_tests_name("unit/runtime/kernel/process", tests, NULL, NULL);
}
