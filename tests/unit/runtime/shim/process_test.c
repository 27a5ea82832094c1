/*
 * The terminal kind as a real process: shell, vim, clients that come, go and misbehave.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/prctl.h>

#include "tests/unit/runtime/shim/shim_help.h"

#define SH                                                                               \
	"{\"socket\":\"%s\",\"cwd\":\"/\",\"rows\":6,\"cols\":100,\"env\":{\"PS1\":\"$ " \
	"\",\"ENV\":\"\"},"
#define SHELL SH "\"argv\":[\"sh\"]}"

static struct help_shim shim;

static struct help_client *
begin(const char *spec)
{
	struct help_client *c;

	assert_true(help_start(&shim, spec));
	assert_null(wn_json_get(shim.ready, "error"));
	c = help_connect(&shim);
	assert_true(c->fd >= 0);
	return c;
}

static void
attach(struct help_client *c)
{
	assert_int_equal(help_call(c, "shim.attach", "{\"credit\":4}", ""), 0);
}

static void
end(struct help_client *c)
{
	assert_false(c->broken);
	help_close(c);
	assert_true(help_stop(&shim));
}

/* Waits until the mirrored screen holds the text. */
static bool
shows(struct help_client *c, const char *text)
{
	HELP_UNTIL(c, strstr(help_screen(c), text));
	return strstr(help_screen(c), text) != NULL;
}

static void
test_command_and_its_output(void **state)
{
	struct help_client *c = begin(SHELL);

	(void)state;
	attach(c);
	help_notify(c, "shim.input", "{}", "echo $((40+2))x\r");
	assert_true(shows(c, "\n42x\n$"));
	end(c);
}

static void
test_exit_code_is_told_and_kept(void **state)
{
	struct help_client *c = begin(SH "\"argv\":[\"sh\",\"-c\",\"echo bye; exit 7\"]}");
	char path[128];
	struct wn_buf text;

	(void)state;
	attach(c);
	HELP_UNTIL(c, c->exited);
	assert_int_equal(c->exit_code, 7);
	assert_string_equal(help_screen(c), "bye");
	snprintf(path, sizeof path, "%s/a.json", shim.dir);
	wn_buf_init(&text, 65536);
	assert_int_equal(wn_file_read(path, &text, NULL), 0);
	assert_non_null(strstr(text.p, "\"code\":7"));
	wn_buf_fini(&text);
	end(c);
}

static void
test_late_client_learns_the_end(void **state)
{
	struct help_client *c = begin(SH "\"argv\":[\"sh\",\"-c\",\"echo bye; exit 7\"]}");
	struct help_client *late;

	(void)state;
	attach(c);
	HELP_UNTIL(c, c->exited);
	late = help_connect(&shim);
	attach(late);
	HELP_UNTIL(late, late->exited);
	assert_int_equal(late->exit_code, 7);
	assert_string_equal(help_screen(late), "bye");
	help_close(late);
	end(c);
}

static void
test_death_by_signal(void **state)
{
	struct help_client *c = begin(SH "\"argv\":[\"sh\",\"-c\",\"kill -9 $$\"]}");

	(void)state;
	attach(c);
	HELP_UNTIL(c, c->exited);
	assert_int_equal(c->exit_signal, SIGKILL);
	end(c);
}

static void
test_signal_method(void **state)
{
	struct help_client *c = begin(SH "\"argv\":[\"sleep\",\"1000\"]}");

	(void)state;
	attach(c);
	assert_int_equal(help_call(c, "shim.signal", "{\"signal\":\"TERM\"}", ""), 0);
	HELP_UNTIL(c, c->exited);
	assert_int_equal(c->exit_signal, SIGTERM);
	assert_int_equal(help_call(c, "shim.signal", "{\"signal\":\"TERM\"}", ""), WN_E_STATE);
	assert_int_equal(help_call(c, "shim.signal", "{\"signal\":\"BOO\"}", ""), WN_E_INVALID);
	end(c);
}

static void
test_resize_reaches_the_child(void **state)
{
	struct help_client *c = begin(SHELL);

	(void)state;
	attach(c);
	assert_int_equal(help_call(c, "shim.resize", "{\"rows\":10,\"cols\":60}", ""), 0);
	help_notify(c, "shim.input", "{}", "stty size\r");
	assert_true(shows(c, "\n10 60\n"));
	assert_int_equal(c->frame.cols, 60);
	end(c);
}

static void
test_detached_client_finds_everything(void **state)
{
	struct help_client *c = begin(SHELL), *again;

	(void)state;
	attach(c);
	help_notify(c, "shim.input", "{}", "echo one\r");
	assert_true(shows(c, "\none\n"));
	help_notify(c, "shim.input", "{}", "echo t''wo\r");
	help_close(c); /* a lost link */
	again = help_connect(&shim);
	attach(again);
	assert_true(shows(again, "\ntwo\n"));
	assert_true(shows(again, "\none\n"));
	end(again);
}

static void
test_two_clients_see_the_same(void **state)
{
	struct help_client *a = begin(SHELL), *b = help_connect(&shim);
	char *first;

	(void)state;
	attach(a);
	attach(b);
	help_notify(a, "shim.input", "{}", "seq 1 20; echo e''nd\r");
	assert_true(shows(a, "\nend\n$"));
	assert_true(shows(b, "\nend\n$"));
	first = wn_strdup(help_screen(a));
	assert_string_equal(first, help_screen(b));
	wn_free(first);
	help_close(b);
	end(a);
}

static void
test_client_that_never_reads_harms_nobody(void **state)
{
	struct help_client *slow = begin(SHELL), *c = help_connect(&shim);

	(void)state;
	help_notify(slow, "shim.attach", "{\"credit\":1000}", "");
	for (int i = 0; i < 2000; i++)
		help_notify(slow, "shim.hello", "{}", "");
	attach(c);
	help_notify(c, "shim.input", "{}", "seq 1 200000; echo e''nd\r");
	assert_true(shows(c, "\nend\n$"));
	help_close(slow);
	end(c);
}

static void
test_garbage_ends_only_its_sender(void **state)
{
	struct help_client *bad = begin(SHELL), *c = help_connect(&shim);
	static char junk[1 << 20];

	(void)state;
	memset(junk, '\n', sizeof junk);
	junk[5] = '{';
	attach(c);
	while (send(bad->fd, junk, sizeof junk, MSG_NOSIGNAL) > 0)
		help_pump(bad, 0);
	help_notify(c, "shim.input", "{}", "echo f''ine\r");
	assert_true(shows(c, "\nfine\n"));
	help_close(bad);
	end(c);
}

static void
test_half_a_message_then_nothing(void **state)
{
	struct help_client *half = begin(SHELL), *c = help_connect(&shim);

	(void)state;
	assert_true(send(half->fd,
			 "{\"jsonrpc\":\"2.0\",\"method\":\"shim.input\",\"bytes\":1000}\nabc", 54,
			 MSG_NOSIGNAL) > 0);
	attach(c);
	help_notify(c, "shim.input", "{}", "echo f''ine\r");
	assert_true(shows(c, "\nfine\n"));
	help_close(half);
	end(c);
}

static void
test_interrupt_during_a_flood(void **state)
{
	struct help_client *c = begin(SHELL);

	(void)state;
	attach(c);
	help_notify(c, "shim.input", "{}", "yes flood\r");
	assert_true(shows(c, "flood\nflood\nflood"));
	help_notify(c, "shim.key", "{\"key\":\"c\",\"mods\":4}", "");
	help_notify(c, "shim.input", "{}", "echo qui''et\r");
	assert_true(shows(c, "quiet\n$"));
	end(c);
}

static void
test_without_credit_no_frames(void **state)
{
	struct help_client *c = begin(SHELL);
	unsigned frames;

	(void)state;
	c->grant = 0;
	assert_int_equal(help_call(c, "shim.attach", "{\"credit\":0}", ""), 0);
	frames = c->frames;
	help_notify(c, "shim.input", "{}", "echo hel''lo\r");
	for (int i = 0; i < 20; i++) /* the shell answers meanwhile */
		help_call(c, "shim.hello", "{}", "");
	assert_int_equal(c->frames, frames);
	c->grant = 1;
	help_notify(c, "shim.credit", "{\"frames\":1}", "");
	assert_true(shows(c, "hello"));
	end(c);
}

static void
test_scrollback_on_demand(void **state)
{
	struct help_client *c = begin(SH "\"argv\":[\"seq\",\"1\",\"100\"]}");

	(void)state;
	attach(c);
	HELP_UNTIL(c, c->exited);
	assert_int_equal(help_call(c, "shim.scrollback", "{\"from\":10,\"count\":3}", ""), 0);
	assert_int_equal(c->frame.flags, WN_TF_HISTORY);
	assert_int_equal(c->frame.rows, 3);
	c->frame.rows = 3;
	assert_non_null(strstr(help_screen(c), "11\n12\n13"));
	assert_int_equal(wn_json_get_num(c->result, "next", 0), 95);
	end(c);
}

static void
test_synchronized_output_is_shown_whole(void **state)
{
	struct help_client *c = begin(
		SH "\"argv\":[\"sh\",\"-c\",\"read a; printf '\\\\033[?2026hpart'; read b; printf "
		   "' whole\\\\033[?2026l'; read c\"]}");

	(void)state;
	attach(c);
	help_notify(c, "shim.input", "{}", "\r\r");
	assert_true(shows(c, "part whole"));
	end(c);
}

static void
test_paste_key_and_mouse_by_the_modes(void **state)
{
	struct help_client *c = begin(
		SH "\"argv\":[\"sh\",\"-c\",\"stty raw -echo; printf "
		   "'\\\\033[?2004h\\\\033[?1000h\\\\033[?1006h\\\\033[?1hready'; cat -v\"]}");

	(void)state;
	attach(c);
	assert_true(shows(c, "ready"));
	assert_int_equal(help_call(c, "shim.paste", "{}", "a\nb\033[201~"), 0);
	assert_true(shows(c, "^[[200~a^Mb[201~^[[201~"));
	assert_int_equal(help_call(c, "shim.key", "{\"key\":\"Up\"}", ""), 0);
	assert_true(shows(c, "^[OA"));
	assert_int_equal(help_call(c, "shim.key", "{\"key\":\"i\",\"mods\":4}", ""), 0);
	assert_int_equal(help_call(c, "shim.mouse",
				   "{\"action\":\"press\",\"button\":0,\"row\":2,\"col\":4}", ""),
			 0);
	assert_true(shows(c, "^[[<0;5;3M"));
	assert_int_equal(help_call(c, "shim.key", "{\"key\":\"Nope\"}", ""), WN_E_INVALID);
	end(c);
}

static void
test_title_is_told(void **state)
{
	struct help_client *c = begin(SHELL);

	(void)state;
	attach(c);
	help_notify(c, "shim.input", "{}", "printf '\\033]2;a title\\007'\r");
	HELP_UNTIL(c, c->title[0]);
	assert_string_equal(c->title, "a title");
	end(c);
}

static void
test_vim(void **state)
{
	struct help_client *c;

	(void)state;
	if (access("/usr/bin/vim", X_OK) != 0) {
		print_message("skipped: vim is not installed\n");
		skip();
	}
	c = begin(SH "\"argv\":[\"vim\",\"-u\",\"NONE\",\"-N\"]}");
	attach(c);
	assert_true(shows(c, "\n~"));
	assert_true(c->frame.flags & WN_TF_ALT);
	help_notify(c, "shim.input", "{}", "ifirst\rsecond\033k");
	assert_true(shows(c, "first\nsecond\n~"));
	help_notify(c, "shim.input", "{}", ":q!\r");
	HELP_UNTIL(c, c->exited);
	assert_int_equal(c->exit_code, 0);
	end(c);
}

static void
test_unknown_program_is_an_error(void **state)
{
	(void)state;
	assert_true(help_start(&shim, SH "\"argv\":[\"/no/such/program\"]}"));
	assert_string_equal(wn_json_str(wn_json_at(shim.ready, "/error/name"), ""), "not_found");
	waitpid(shim.pid, NULL, 0);
	wn_json_free(shim.ready);
	assert_int_equal(rmdir(shim.dir), 0);
}

static void
test_bad_spec_is_an_error(void **state)
{
	(void)state;
	assert_true(help_start(&shim, SH "\"argv\":[]}"));
	assert_string_equal(wn_json_str(wn_json_at(shim.ready, "/error/name"), ""), "invalid");
	waitpid(shim.pid, NULL, 0);
	wn_json_free(shim.ready);
	assert_int_equal(rmdir(shim.dir), 0);
}

static void
test_hangup_does_not_end_it(void **state)
{
	struct help_client *c = begin(SHELL);

	(void)state;
	attach(c);
	kill(shim.pid, SIGHUP);
	help_notify(c, "shim.input", "{}", "echo al''ive\r");
	assert_true(shows(c, "\nalive\n"));
	end(c);
}

/* An engine that starts a shim and waits; its pid, and the shim by the pipe. */
static pid_t
engine_with_shim(struct help_shim *h)
{
	int to[2];
	pid_t engine;

	assert_int_equal(pipe2(to, O_CLOEXEC), 0);
	engine = fork();
	if (engine == 0) {
		setsid();
		if (help_start(h, SHELL) && write(to[1], h, sizeof *h) == (ssize_t)sizeof *h)
			pause();
		_exit(1);
	}
	close(to[1]);
	assert_int_equal(read(to[0], h, sizeof *h), sizeof *h);
	close(to[0]);
	h->ready = NULL; /* it lies in the engine's memory */
	return engine;
}

static void
test_killed_engine_leaves_everything(void **state)
{
	struct help_client *c;
	pid_t engine;

	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	engine = engine_with_shim(&shim);
	c = help_connect(&shim);
	attach(c);
	help_notify(c, "shim.input", "{}", "echo bef''ore\r");
	assert_true(shows(c, "\nbefore\n"));
	help_close(c);
	kill(-engine, SIGKILL);
	waitpid(engine, NULL, 0);
	c = help_connect(&shim);
	attach(c);
	assert_true(shows(c, "\nbefore\n"));
	help_notify(c, "shim.input", "{}", "echo aft''er\r");
	assert_true(shows(c, "\nafter\n"));
	end(c);
}

static void
test_it_is_in_its_own_session(void **state)
{
	struct help_client *c = begin(SHELL);

	(void)state;
	assert_int_equal(getsid(shim.pid), shim.pid);
	end(c);
}

static void
test_child_that_does_not_read_input(void **state)
{
	struct help_client *c = begin(SH "\"argv\":[\"sh\",\"-c\",\"stty raw; sleep 1000\"]}");
	char *big = wn_alloc(1 << 20);
	wn_err err = 0;

	(void)state;
	memset(big, 'x', (1 << 20) - 1);
	attach(c);
	for (int i = 0; i < 6 && !err; i++)
		err = help_call(c, "shim.input", "{}", big);
	assert_int_equal(err, WN_E_LIMIT);
	wn_free(big);
	end(c);
}

static void
test_forget_ends_a_living_child(void **state)
{
	struct help_client *c = begin(SHELL);
	int status;

	(void)state;
	assert_int_equal(help_call(c, "shim.forget", "{}", ""), 0);
	help_close(c);
	assert_int_equal(waitpid(shim.pid, &status, 0), shim.pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	wn_json_free(shim.ready);
	assert_int_equal(rmdir(shim.dir), 0);
}

static void
test_grace_ends_what_nobody_collects(void **state)
{
	int status;

	(void)state;
	assert_true(help_start(&shim, SH "\"grace_seconds\":0,\"argv\":[\"true\"]}"));
	assert_int_equal(waitpid(shim.pid, &status, 0), shim.pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	wn_json_free(shim.ready);
	assert_int_equal(rmdir(shim.dir), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command_and_its_output),
		cmocka_unit_test(test_exit_code_is_told_and_kept),
		cmocka_unit_test(test_late_client_learns_the_end),
		cmocka_unit_test(test_death_by_signal),
		cmocka_unit_test(test_signal_method),
		cmocka_unit_test(test_resize_reaches_the_child),
		cmocka_unit_test(test_detached_client_finds_everything),
		cmocka_unit_test(test_two_clients_see_the_same),
		cmocka_unit_test(test_client_that_never_reads_harms_nobody),
		cmocka_unit_test(test_garbage_ends_only_its_sender),
		cmocka_unit_test(test_half_a_message_then_nothing),
		cmocka_unit_test(test_interrupt_during_a_flood),
		cmocka_unit_test(test_without_credit_no_frames),
		cmocka_unit_test(test_scrollback_on_demand),
		cmocka_unit_test(test_synchronized_output_is_shown_whole),
		cmocka_unit_test(test_paste_key_and_mouse_by_the_modes),
		cmocka_unit_test(test_title_is_told),
		cmocka_unit_test(test_vim),
		cmocka_unit_test(test_unknown_program_is_an_error),
		cmocka_unit_test(test_bad_spec_is_an_error),
		cmocka_unit_test(test_hangup_does_not_end_it),
		cmocka_unit_test(test_killed_engine_leaves_everything),
		cmocka_unit_test(test_it_is_in_its_own_session),
		cmocka_unit_test(test_child_that_does_not_read_input),
		cmocka_unit_test(test_forget_ends_a_living_child),
		cmocka_unit_test(test_grace_ends_what_nobody_collects),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("runtime/shim/process", tests, NULL, NULL);
}
