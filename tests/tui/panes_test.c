/*
 * The panes that need an engine, against a real one: terminals, snapshots, the search that answers
 * without a model. What the engine answers comes in its own time, so a wait here is a row of
 * questions to the client, each answered when it is idle, until the screen holds what is looked
 * for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tests/lib/screen.h"

#define PATIENCE_S 30

struct world {
	char dir[32], folder[64];
	char *client, *engine, *env[8];
	pid_t pid;
	struct screen *s;
};

static struct world w;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool
engine_answers(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	snprintf(a.sun_path, sizeof a.sun_path, "%s/webnova/engine.sock", w.dir);
	ok = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;
	close(fd);
	return ok;
}

static void
engine_start(void)
{
	double end = now() + PATIENCE_S;

	w.pid = fork();
	if (w.pid == 0) {
		char *argv[] = { w.engine, (char *)(uintptr_t) "--foreground", NULL };

		(void)!freopen("/dev/null", "w", stdout);
		(void)!freopen("/dev/null", "w", stderr);
		for (int i = 0; w.env[i] != NULL; i++)
			putenv(w.env[i]);
		execv(w.engine, argv);
		_exit(127);
	}
	while (!engine_answers()) {
		assert_true(now() < end);
		assert_int_equal(waitpid(w.pid, NULL, WNOHANG), 0);
	}
}

static void
engine_end(int sig)
{
	(void)kill(w.pid, sig);
	(void)waitpid(w.pid, NULL, 0);
}

static bool
shows(const char *text)
{
	struct wn_buf b;
	bool yes;

	wn_buf_init(&b, (size_t)4 << 20);
	screen_text(w.s, &b);
	yes = b.p != NULL && strstr(b.p, text) != NULL;
	wn_buf_fini(&b);
	return yes;
}

static void
until(const char *text)
{
	double end = now() + PATIENCE_S;
	struct wn_buf b;

	while (!shows(text) && now() < end)
		if (!screen_sync(w.s, 50))
			break;
	if (shows(text))
		return;
	wn_buf_init(&b, (size_t)4 << 20);
	screen_text(w.s, &b);
	print_message("%s\n", b.p != NULL ? b.p : "(nothing)");
	wn_buf_fini(&b);
	fail_msg("\"%s\" did not come", text);
}

static void
press(const char *keys)
{
	assert_true(screen_keys(w.s, keys));
	assert_true(screen_sync(w.s, 0));
}

static void
client_start(int rows, int cols)
{
	const char *argv[] = { w.client, NULL };
	struct screen_opts o = { rows,	   cols, "xterm-256color",
				 w.folder, argv, (const char *const *)w.env,
				 false };

	w.s = screen_start(&o);
	assert_non_null(w.s);
	until("● engine");
}

static char *
beside(const char *name)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

	assert_true(n > 0);
	exe[n] = '\0';
	for (int i = 0; i < 3; i++) /* B/tests/tui/panes_test */
		*strrchr(exe, '/') = '\0';
	return wn_asprintf("%s/%s", exe, name);
}

static void
write_file(const char *name, const char *text)
{
	char *path = wn_path_join(w.folder, name);

	assert_int_equal(wn_file_write(path, wn_str(text), 0644, NULL), 0);
	wn_free(path);
}

static int
setup(void **state)
{
	(void)state;
	w = (struct world){ .dir = "/tmp/wn-XXXXXX" };
	if (mkdtemp(w.dir) == NULL)
		return 1;
	snprintf(w.folder, sizeof w.folder, "%s/shop", w.dir);
	w.client = beside("webnova");
	w.engine = beside("webnovad");
	w.env[0] = wn_asprintf("XDG_RUNTIME_DIR=%s", w.dir);
	w.env[1] = wn_asprintf("XDG_STATE_HOME=%s/state", w.dir);
	w.env[2] = wn_asprintf("XDG_CONFIG_HOME=%s/config", w.dir);
	w.env[3] = wn_asprintf("XDG_CACHE_HOME=%s/cache", w.dir);
	w.env[4] = wn_strdup("SHELL=/bin/sh");
	w.env[5] = wn_strdup("PS1=$ ");
	w.env[6] = wn_strdup("WEBNOVA_ASSISTANT_ENDPOINT=");
	if (wn_file_mkdirs(w.folder, 0755, NULL) != 0)
		return 1;
	write_file("orders.txt", "first order\n");
	engine_start();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	screen_free(w.s);
	engine_end(SIGTERM);
	wn_free(w.client);
	wn_free(w.engine);
	for (int i = 0; w.env[i] != NULL; i++)
		wn_free(w.env[i]);
	return wn_file_rmtree(w.dir, NULL) != 0;
}

/* Ends the program of the terminal, so that nothing is left when the test is over. */
static void
leave_shell(void)
{
	press("exit<enter>");
	until("The program ended with code");
	press("q"); /* the shim is forgotten with it */
	until("Welcome");
}

static void
a_terminal_runs_a_shell_in_the_folder(void **state)
{
	(void)state;
	client_start(24, 80);
	press("<ctrl-k>c");
	until("outside the sandbox");
	until("\n$");
	press("cat orders.txt; echo $((40 + 2))<enter>");
	until("first order");
	until("42");
	press("sh -c 'exit 3'; exit 3<enter>");
	until("The program ended with code 3. Enter");
	press("<enter>echo a'n'ew<enter>"); /* typed before it is there: kept */
	until("anew");
	leave_shell();
}

static void
wide_text_and_colours_arrive_as_they_are(void **state)
{
	struct wn_buf b;

	(void)state;
	client_start(24, 80);
	press("<ctrl-k>c");
	until("\n$");
	press("clear; printf '\\033[1;38;2;1;2;3m日本 مرحبا e\\314\\201\\033[0m|\\n'<enter>");
	until("日本 مرحبا e\xCC\x81|");
	wn_buf_init(&b, (size_t)1 << 20);
	screen_styles(w.s, &b);
	assert_non_null(strstr(b.p, "010203"));
	wn_buf_fini(&b);
	leave_shell();
}

static void
keys_with_modifiers_reach_the_program(void **state)
{
	(void)state;
	client_start(24, 80);
	press("<ctrl-k>c");
	until("\n$");
	press("cat -v<enter>");
	press("<ctrl-p><f5><ctrl-k><ctrl-k><enter>");
	until("^P^[[15~^K");
	press("<ctrl-d>");
	until("^K\n$");
	leave_shell();
}

static void
a_new_size_is_told_to_the_program(void **state)
{
	(void)state;
	client_start(24, 80);
	press("<ctrl-k>c");
	until("\n$");
	press("while test \"$(stty size)\" != '27 90'; do :; done; echo gr''own<enter>");
	screen_resize(w.s, 30, 90); /* title, tabs and status take three rows */
	until("\ngrown\n");
	leave_shell();
}

static void
a_terminal_outlives_the_engine_and_the_client(void **state)
{
	(void)state;
	client_start(24, 80);
	press("<ctrl-k>c");
	until("\n$");
	press("X=kept<enter>");
	until("X=kept\n$"); /* keys the engine has not passed on die with it */
	engine_end(SIGKILL);
	until("The terminal goes on by itself");
	engine_start();
	until("● engine");
	press("echo $X-1<enter>");
	until("kept-1");
	press("<ctrl-k><ctrl-k>");
	screen_free(w.s); /* the client is killed; its session was not written */
	client_start(24, 80);
	press("<ctrl-k>`");
	until("kept-1");
	press("<ctrl-u>echo $X-2<enter>");
	until("kept-2");
	leave_shell();
}

static void
an_idle_terminal_writes_nothing(void **state)
{
	(void)state;
	client_start(24, 80);
	press("<ctrl-k>c");
	until("\n$");
	assert_true(screen_sync(w.s, 3000)); /* the name was asked for */
	assert_true(screen_sync(w.s, 3000));
	(void)screen_bytes(w.s);
	assert_true(screen_sync(w.s, 60000));
	assert_true(screen_bytes(w.s) <= strlen("\033]7770;000\033\\"));
	leave_shell();
}

static void
a_snapshot_is_taken_looked_into_and_restored(void **state)
{
	struct wn_buf b;
	char *path = wn_path_join(w.folder, "orders.txt");

	(void)state;
	client_start(50, 200);
	press("<alt-h>");
	until("No snapshot yet");
	press("s");
	press("as it was<enter>");
	until("as it was");
	write_file("orders.txt", "second order\n");
	press("<home><enter>");
	until("M orders.txt");
	press("<enter>");
	until("-first order");
	until("+second order");
	press("<esc><esc><down>r");
	until("u goes back");
	wn_buf_init(&b, 65536);
	assert_int_equal(wn_file_read(path, &b, NULL), 0);
	assert_string_equal(b.p, "first order\n");
	wn_buf_clear(&b);
	press("u");
	until("3 snapshots");
	until("Restored");
	assert_int_equal(wn_file_read(path, &b, NULL), 0);
	assert_string_equal(b.p, "second order\n");
	wn_buf_fini(&b);
	wn_free(path);
}

static void
a_folder_without_a_platform_says_so(void **state)
{
	(void)state;
	client_start(24, 80);
	press("<f5>");
	until("This folder is no platform");
}

static void
without_a_model_the_folder_is_searched(void **state)
{
	(void)state;
	client_start(50, 200);
	press("<alt-a>");
	until("no model");
	press("where is the first order<enter>");
	until("found by searching this folder; no model");
	until("orders.txt");
}

int
main(void)
{
#define PANE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		PANE(a_terminal_runs_a_shell_in_the_folder),
		PANE(wide_text_and_colours_arrive_as_they_are),
		PANE(keys_with_modifiers_reach_the_program),
		PANE(a_new_size_is_told_to_the_program),
		PANE(a_terminal_outlives_the_engine_and_the_client),
		PANE(an_idle_terminal_writes_nothing),
		PANE(a_snapshot_is_taken_looked_into_and_restored),
		PANE(a_folder_without_a_platform_says_so),
		PANE(without_a_model_the_folder_is_searched),
	};

	return cmocka_run_group_tests_name("tests/tui/panes", tests, NULL, NULL);
}
