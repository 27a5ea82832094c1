#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/client/private.h"
#include "tui/client/sync.h"

/* A small engine on a thread: answers by the method's name. */
struct fake {
	char dir[64], path[96], addr[110];
	int fd;
	pthread_t thread;
	bool refuse_hello;
};

static void
reply(int fd, const char *line, const char *body)
{
	const char *id = strstr(line, "\"id\":");
	char buf[512];
	int n = id != NULL ? (int)strtol(id + 5, NULL, 10) : 0;
	int len = snprintf(buf, sizeof buf, "{\"jsonrpc\":\"2.0\",\"id\":%d,%s}\n", n, body);

	assert_int_equal(write(fd, buf, (size_t)len), len);
}

/* False: hang up. */
static bool
answer(const struct fake *f, int fd, const char *line)
{
	static const char note[] =
		"{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"n\":7}}\n";

	if (strstr(line, "engine.hello") != NULL) {
		if (f->refuse_hello)
			reply(fd, line,
			      "\"error\":{\"code\":-32000,\"message\":\"too "
			      "old\",\"data\":{\"name\":\"version\"}}");
		else
			reply(fd, line, "\"result\":{\"protocol\":1}");
	} else if (strstr(line, "test.echo") != NULL) {
		reply(fd, line, "\"result\":{\"ok\":true}");
	} else if (strstr(line, "test.bytes") != NULL) {
		reply(fd, line, "\"result\":{},\"bytes\":3");
		assert_int_equal(write(fd, "a\nb", 3), 3);
	} else if (strstr(line, "test.fail") != NULL) {
		reply(fd, line,
		      "\"error\":{\"code\":-32004,\"message\":\"no such "
		      "thing\",\"data\":{\"name\":\"not_found\"}}");
	} else if (strstr(line, "test.notify") != NULL) {
		assert_int_equal(write(fd, note, sizeof note - 1), (ssize_t)sizeof note - 1);
		reply(fd, line, "\"result\":{}");
	} else if (strstr(line, "test.garbage") != NULL) {
		assert_int_equal(write(fd, "}}}}\n", 5), 5);
	} else if (strstr(line, "test.hangup") != NULL) {
		return false;
	}
	return true; /* test.silence: nothing */
}

static void
serve(const struct fake *f, int fd)
{
	char buf[8192];
	size_t n = 0;

	for (;;) {
		ssize_t r = read(fd, buf + n, sizeof buf - n - 1);
		char *nl;

		if (r <= 0)
			break;
		n += (size_t)r;
		buf[n] = '\0';
		while ((nl = strchr(buf, '\n')) != NULL) {
			*nl = '\0';
			if (!answer(f, fd, buf)) {
				close(fd);
				return;
			}
			n -= (size_t)(nl + 1 - buf);
			memmove(buf, nl + 1, n + 1);
		}
	}
	close(fd);
}

static void *
fake_main(void *arg)
{
	struct fake *f = arg;

	for (;;) {
		int fd = accept(f->fd, NULL, NULL);

		if (fd < 0)
			return NULL;
		serve(f, fd);
	}
}

static struct fake *
fake_start(bool refuse)
{
	struct fake *f = WN_NEW(struct fake);
	struct sockaddr_un sa = { .sun_family = AF_UNIX };

	snprintf(f->dir, sizeof f->dir, "/tmp/wn-client-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->refuse_hello = refuse;
	snprintf(f->path, sizeof f->path, "%s/s", f->dir);
	snprintf(f->addr, sizeof f->addr, "unix:%s", f->path);
	snprintf(sa.sun_path, sizeof sa.sun_path, "%s", f->path);
	f->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(f->fd, (struct sockaddr *)&sa, sizeof sa), 0);
	assert_int_equal(listen(f->fd, 8), 0);
	assert_int_equal(pthread_create(&f->thread, NULL, fake_main, f), 0);
	return f;
}

static void
fake_stop(struct fake *f)
{
	shutdown(f->fd, SHUT_RDWR);
	pthread_join(f->thread, NULL);
	close(f->fd);
	assert_int_equal(wn_file_rmtree(f->dir, NULL), 0);
	wn_free(f);
}

static struct wn_sync *
connect_to(const struct fake *f, const struct wn_client_opts *more)
{
	struct wn_client_opts o = more != NULL ? *more : (struct wn_client_opts){ 0 };
	struct wn_sync *s = NULL;
	struct wn_diag d = { 0 };

	o.engine = f->addr;
	if (wn_sync_open(&o, &s, &d) != 0)
		fail_msg("%s", d.text);
	return s;
}

static wn_err
call(struct wn_sync *s, const char *method, struct wn_buf *result, struct wn_buf *attachment,
     struct wn_diag *d)
{
	wn_buf_init(result, 65536);
	if (attachment != NULL)
		wn_buf_init(attachment, 65536);
	return wn_sync_call(s, method, WN_STR_NONE, 10000, result, attachment, d);
}

static void
a_call_is_answered(void **state)
{
	struct fake *f = fake_start(false);
	struct wn_sync *s = connect_to(f, NULL);
	struct wn_buf r, a;

	(void)state;
	assert_int_equal(call(s, "test.echo", &r, NULL, NULL), 0);
	assert_string_equal(r.p, "{\"ok\":true}");
	wn_buf_fini(&r);
	assert_int_equal(call(s, "test.bytes", &r, &a, NULL), 0);
	assert_string_equal(a.p, "a\nb");
	wn_buf_fini(&r);
	wn_buf_fini(&a);
	assert_true(wn_client_hello(wn_sync_client(s)).len > 0);
	wn_sync_close(s);
	fake_stop(f);
}

static void
an_error_comes_with_its_name(void **state)
{
	struct fake *f = fake_start(false);
	struct wn_sync *s = connect_to(f, NULL);
	struct wn_buf r;
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(call(s, "test.fail", &r, NULL, &d), WN_E_NOT_FOUND);
	assert_string_equal(d.text, "no such thing");
	wn_buf_fini(&r);
	wn_sync_close(s);
	fake_stop(f);
}

static void
a_lost_link_answers_every_call(void **state)
{
	struct fake *f = fake_start(false);
	struct wn_sync *s = connect_to(f, NULL);
	struct wn_buf r;
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(call(s, "test.hangup", &r, NULL, &d), WN_E_CLOSED);
	wn_buf_fini(&r);
	d = (struct wn_diag){ 0 };
	assert_int_equal(call(s, "test.echo", &r, NULL, &d), WN_E_UNAVAILABLE);
	wn_buf_fini(&r);
	wn_sync_close(s);
	fake_stop(f);
}

static void
it_connects_again_by_itself(void **state)
{
	struct fake *f = fake_start(false);
	struct wn_client_opts o = { .reconnect = true };
	struct wn_sync *s = connect_to(f, &o);
	struct wn_buf r;
	wn_err err = WN_E_CLOSED;

	(void)state;
	assert_int_equal(call(s, "test.hangup", &r, NULL, NULL), WN_E_CLOSED);
	wn_buf_fini(&r);
	for (int i = 0; i < 200000 && err != 0; i++) {
		err = call(s, "test.echo", &r, NULL, NULL);
		wn_buf_fini(&r);
	}
	assert_int_equal(err, 0);
	wn_sync_close(s);
	fake_stop(f);
}

static void
a_slow_answer_runs_into_the_limit(void **state)
{
	struct fake *f = fake_start(false);
	struct wn_sync *s = connect_to(f, NULL);
	struct wn_buf r;

	(void)state;
	wn_buf_init(&r, 1024);
	assert_int_equal(wn_sync_call(s, "test.silence", WN_STR_NONE, 20, &r, NULL, NULL),
			 WN_E_DEADLINE);
	assert_int_equal(wn_sync_call(s, "test.echo", WN_STR_NONE, 10000, &r, NULL, NULL), 0);
	wn_buf_fini(&r);
	wn_sync_close(s);
	fake_stop(f);
}

static void
garbage_ends_the_link_not_the_program(void **state)
{
	struct fake *f = fake_start(false);
	struct wn_sync *s = connect_to(f, NULL);
	struct wn_buf r;

	(void)state;
	assert_int_not_equal(call(s, "test.garbage", &r, NULL, NULL), 0);
	wn_buf_fini(&r);
	wn_sync_close(s);
	fake_stop(f);
}

static void
a_refused_hello_says_why(void **state)
{
	struct fake *f = fake_start(true);
	struct wn_client_opts o = { .engine = f->addr, .reconnect = true };
	struct wn_sync *s;
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(wn_sync_open(&o, &s, &d), WN_E_VERSION);
	assert_string_equal(d.text, "too old");
	fake_stop(f);
}

static void
nobody_there_is_said_at_once(void **state)
{
	struct wn_client_opts o = { .engine = "unix:/tmp/wn-nobody-here.sock" };
	struct wn_sync *s;
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(wn_sync_open(&o, &s, &d), WN_E_NETWORK);
	assert_non_null(strstr(d.text, "/tmp/wn-nobody-here.sock"));
}

static int seen;

static void
on_notify(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	(void)arg;
	(void)attachment;
	if (wn_str_is(method, "event") && wn_str_is(params, "{\"n\":7}"))
		seen++;
}

static bool
have_seen(void *arg)
{
	(void)arg;
	return seen > 0;
}

static void
notifications_are_heard(void **state)
{
	struct fake *f = fake_start(false);
	struct wn_client_opts o = { .on_notify = on_notify };
	struct wn_sync *s = connect_to(f, &o);
	struct wn_buf r;

	(void)state;
	seen = 0;
	assert_int_equal(call(s, "test.notify", &r, NULL, NULL), 0);
	assert_int_equal(wn_sync_wait(s, have_seen, NULL, 10000, NULL), 0);
	assert_int_equal(seen, 1);
	wn_buf_fini(&r);
	wn_sync_close(s);
	fake_stop(f);
}

static void
a_child_that_ends_is_told_with_its_last_words(void **state)
{
	char dir[] = "/tmp/wn-child-XXXXXX", *path, *engine;
	struct wn_client_opts o = { 0 };
	struct wn_sync *s;
	struct wn_diag d = { 0 };

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = wn_asprintf("%s/x", dir);
	engine = wn_asprintf("stdio:%s", path);
	assert_int_equal(
		wn_file_write(path, WN_STR("#!/bin/sh\necho sorry >&2\nexit 3\n"), 0700, NULL), 0);
	o.engine = engine;
	assert_int_equal(wn_sync_open(&o, &s, &d), WN_E_PROCESS);
	if (strstr(d.text, "status 3") == NULL || strstr(d.text, "sorry") == NULL)
		fail_msg("%s", d.text);
	d = (struct wn_diag){ 0 };
	o.engine = "stdio:/nonexistent/program";
	assert_int_equal(wn_sync_open(&o, &s, &d), WN_E_PROCESS);
	assert_non_null(strstr(d.text, "/nonexistent/program"));
	assert_int_equal(wn_file_rmtree(dir, NULL), 0);
	wn_free(path);
	wn_free(engine);
}

static void
addresses_are_checked(void **state)
{
	static const char *const bad[] = {
		"http://x",  "unix:",	  "ssh://",	  "ssh://-oProxyCommand=x",
		"ssh://h:p", "ssh://a b", "ssh://h/path", "stdio:",
		"ssh://$(x)"
	};
	struct addr a;
	struct wn_diag d;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		d = (struct wn_diag){ 0 };
		if (addr_parse(bad[i], &a, &d) == 0)
			fail_msg("%s was accepted", bad[i]);
		addr_fini(&a);
	}
	assert_int_equal(addr_parse("ssh://me@host:2222", &a, NULL), 0);
	assert_string_equal(a.args[0], "ssh");
	for (int i = 0; a.args[i] != NULL; i++)
		if (strcmp(a.args[i], "-p") == 0)
			assert_string_equal(a.args[i + 1], "2222");
	addr_fini(&a);
	assert_int_equal(addr_parse("ssh://[::1]:22", &a, NULL), 0);
	addr_fini(&a);
}

static void
the_sockets_directory_must_be_private(void **state)
{
	char dir[] = "/tmp/wn-run-XXXXXX", *sub, *path;
	struct stat st;
	struct wn_diag d = { 0 };

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("XDG_RUNTIME_DIR", dir, 1);
	sub = wn_asprintf("%s/webnova", dir);
	path = wn_client_socket_path(&d);
	assert_non_null(path);
	assert_int_equal(stat(sub, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	wn_free(path);
	assert_int_equal(rmdir(sub), 0);
	assert_int_equal(symlink("/tmp", sub), 0);
	assert_null(wn_client_socket_path(&d));
	assert_int_equal(d.code, WN_E_DENIED);
	unsetenv("XDG_RUNTIME_DIR");
	assert_int_equal(wn_file_rmtree(dir, NULL), 0);
	wn_free(sub);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_answered),
		cmocka_unit_test(an_error_comes_with_its_name),
		cmocka_unit_test(a_lost_link_answers_every_call),
		cmocka_unit_test(it_connects_again_by_itself),
		cmocka_unit_test(a_slow_answer_runs_into_the_limit),
		cmocka_unit_test(garbage_ends_the_link_not_the_program),
		cmocka_unit_test(a_refused_hello_says_why),
		cmocka_unit_test(nobody_there_is_said_at_once),
		cmocka_unit_test(notifications_are_heard),
		cmocka_unit_test(a_child_that_ends_is_told_with_its_last_words),
		cmocka_unit_test(addresses_are_checked),
		cmocka_unit_test(the_sockets_directory_must_be_private),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/client/client", tests, NULL, NULL);
}
