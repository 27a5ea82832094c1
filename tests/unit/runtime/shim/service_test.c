/*
 * The service kind as a real process: its log, its end, and the way in by TCP.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "tests/unit/runtime/shim/shim_help.h"

#define SERVICE "{\"kind\":\"service\",\"socket\":\"%s\",\"cwd\":\"/\","

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
end(struct help_client *c)
{
	assert_false(c->broken);
	help_close(c);
	assert_true(help_stop(&shim));
}

static const char *
text(struct help_client *c)
{
	return c->text.p ? c->text.p : "";
}

static void
test_output_comes_as_lines(void **state)
{
	struct help_client *c = begin(
		SERVICE "\"argv\":[\"sh\",\"-c\",\"printf 'one\\\\ntwo\\\\nrest'; exit 4\"]}");

	(void)state;
	assert_int_equal(help_call(c, "shim.attach", "{\"from\":0}", ""), 0);
	HELP_UNTIL(c, c->exited);
	assert_int_equal(c->exit_code, 4);
	assert_int_equal(help_call(c, "shim.log", "{\"from\":0}", ""), 0);
	assert_string_equal(wn_json_str(wn_json_at(c->result, "/lines/2/text"), ""), "rest");
	assert_string_equal(wn_json_str(wn_json_at(c->result, "/lines/0/stream"), ""), "stdout");
	assert_int_equal(wn_json_get_num(c->result, "next", 0), 3);
	end(c);
}

static void
test_attached_client_is_told_every_line(void **state)
{
	struct help_client *c =
		begin(SERVICE "\"argv\":[\"sh\",\"-c\",\"seq 1 20000; echo err >&2\"]}");
	char *expect = wn_alloc(200000);
	size_t n = 0;

	(void)state;
	for (int i = 1; i <= 20000; i++)
		n += (size_t)snprintf(expect + n, 16, "%d\n", i);
	assert_int_equal(help_call(c, "shim.attach", "{\"from\":0}", ""), 0);
	HELP_UNTIL(c, strstr(text(c), "\n20000\n") && strstr(text(c), "err\n"));
	assert_non_null(strstr(text(c), "\n20000\n"));
	assert_memory_equal(text(c), expect, 1000);
	wn_free(expect);
	end(c);
}

static void
test_stderr_is_marked(void **state)
{
	struct help_client *c = begin(SERVICE "\"argv\":[\"sh\",\"-c\",\"echo bad >&2\"]}");

	(void)state;
	help_call(c, "shim.attach", "{}", "");
	HELP_UNTIL(c, c->exited);
	assert_int_equal(help_call(c, "shim.log", "{}", ""), 0);
	assert_string_equal(wn_json_str(wn_json_at(c->result, "/lines/0/stream"), ""), "stderr");
	end(c);
}

static void
test_ring_keeps_the_last_bytes(void **state)
{
	struct help_client *c =
		begin(SERVICE "\"ring_bytes\":4096,\"argv\":[\"seq\",\"1\",\"10000\"]}");
	int64_t first;

	(void)state;
	help_call(c, "shim.attach", "{}", "");
	HELP_UNTIL(c, c->exited);
	assert_int_equal(help_call(c, "shim.log", "{\"from\":0}", ""), 0);
	assert_true(wn_json_i64(wn_json_get(c->result, "first"), &first));
	assert_in_range(first, 9000, 9999);
	assert_int_equal(wn_json_get_num(c->result, "end", 0), 10000);
	end(c);
}

static void
test_binary_and_endless_lines(void **state)
{
	struct help_client *c =
		begin(SERVICE "\"argv\":[\"sh\",\"-c\",\"head -c 100000 /dev/zero | tr '\\\\0' x; "
			      "printf '\\\\n\\\\377\\\\376 z\\\\n'\"]}");

	(void)state;
	help_call(c, "shim.attach", "{}", "");
	HELP_UNTIL(c, c->exited);
	assert_int_equal(help_call(c, "shim.log", "{\"from\":0,\"bytes\":1000000}", ""), 0);
	assert_true(wn_json_bool(wn_json_at(c->result, "/lines/0/continued"), false));
	assert_string_equal(wn_json_str(wn_json_at(c->result, "/lines/7/text"), ""),
			    "\xEF\xBF\xBD\xEF\xBF\xBD z");
	end(c);
}

static void
test_log_file_is_rotated(void **state)
{
	char dir[] = "/tmp/wn-log-XXXXXX", spec[512], path[128];
	struct help_client *c;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(spec, sizeof spec,
		 SERVICE
		 "\"log_file\":\"%s/log\",\"log_bytes\":4096,\"argv\":[\"seq\",\"1\",\"1000\"]}",
		 "%s", dir);
	c = begin(spec);
	help_call(c, "shim.attach", "{}", "");
	HELP_UNTIL(c, c->exited);
	snprintf(path, sizeof path, "%s/log.2", dir);
	assert_true(wn_file_exists(path));
	snprintf(path, sizeof path, "%s/log.3", dir);
	assert_false(wn_file_exists(path));
	end(c);
	assert_int_equal(wn_file_rmtree(dir, NULL), 0);
}

static void
test_log_file_that_cannot_be_written_stops_nothing(void **state)
{
	struct help_client *c = begin(
		SERVICE "\"log_file\":\"/no/such/dir/log\",\"argv\":[\"sh\",\"-c\",\"echo a\"]}");

	(void)state;
	help_call(c, "shim.attach", "{}", "");
	HELP_UNTIL(c, c->exited);
	assert_int_equal(help_call(c, "shim.hello", "{}", ""), 0);
	assert_int_equal(wn_json_get_num(c->result, "log_lost", 0), 1);
	end(c);
}

static void
test_terminal_methods_are_refused(void **state)
{
	struct help_client *c = begin(SERVICE "\"argv\":[\"sleep\",\"100\"]}");

	(void)state;
	assert_int_equal(help_call(c, "shim.input", "{}", "x"), WN_E_STATE);
	assert_int_equal(help_call(c, "shim.resize", "{\"rows\":2}", ""), WN_E_STATE);
	assert_int_equal(help_call(c, "shim.scrollback", "{}", ""), WN_E_STATE);
	end(c);
}

/* ---- forward ---- */

/* An echo server on a unix socket: answers, and says its end when the client does. */
static pid_t
echo_server(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	memcpy(a.sun_path, path, strlen(path) + 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 16), 0);
	pid = fork();
	if (pid)
		return close(fd), pid;
	for (;;) {
		int c = accept(fd, NULL, NULL);
		static char buf[65536];
		ssize_t n;

		if (fork()) {
			close(c);
			continue;
		}
		while ((n = read(c, buf, sizeof buf)) > 0)
			for (ssize_t at = 0, k; at < n; at += k)
				if ((k = write(c, buf + at, (size_t)(n - at))) <= 0)
					_exit(0);
		_exit(0);
	}
}

static int
tcp_connect(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

/* Sends and half-closes; returns how many bytes came back. */
static size_t
echoed(int fd, size_t size)
{
	static char buf[65536];
	size_t sent = 0, got = 0;
	bool open = true;

	memset(buf, 'e', sizeof buf);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (open) {
		struct pollfd p = { .fd = fd,
				    .events = (short)(POLLIN | (sent < size ? POLLOUT : 0)) };
		static char in[65536];
		ssize_t n;

		if (poll(&p, 1, HELP_WAIT_MS) <= 0) { /* the end never came */
			got = 0;
			break;
		}
		if ((p.revents & POLLOUT) && sent < size) {
			n = send(fd, buf, size - sent < sizeof buf ? size - sent : sizeof buf,
				 MSG_NOSIGNAL);
			if (n > 0)
				sent += (size_t)n;
			if (sent == size)
				shutdown(fd, SHUT_WR);
		}
		if (p.revents & (POLLIN | POLLHUP)) {
			n = recv(fd, in, sizeof in, 0);
			open = n > 0;
			got += n > 0 ? (size_t)n : 0;
		}
	}
	close(fd);
	return got;
}

struct forwarded {
	struct help_client *c;
	pid_t server;
	int port;
	char path[96];
};

static void
forward_begin(struct forwarded *f, int connections)
{
	char dir[] = "/tmp/wn-fwd-XXXXXX", spec[512];

	assert_non_null(mkdtemp(dir));
	snprintf(f->path, sizeof f->path, "%s/echo", dir);
	f->server = echo_server(f->path);
	snprintf(spec, sizeof spec,
		 SERVICE "\"forward\":{\"port\":0,\"socket\":\"%s\",\"connections\":%d},"
			 "\"argv\":[\"sleep\",\"1000\"]}",
		 "%s", f->path, connections);
	f->c = begin(spec);
	f->port = (int)wn_json_get_num(shim.ready, "port", 0);
	assert_in_range(f->port, 1, 65535);
}

static void
forward_end(struct forwarded *f)
{
	kill(f->server, SIGKILL);
	waitpid(f->server, NULL, 0);
	unlink(f->path);
	*strrchr(f->path, '/') = 0;
	rmdir(f->path);
	end(f->c);
}

static void
test_forward_splices_both_ways(void **state)
{
	struct forwarded f;

	(void)state;
	forward_begin(&f, 16);
	assert_int_equal(echoed(tcp_connect(f.port), 5), 5);
	assert_int_equal(echoed(tcp_connect(f.port), 8 << 20), 8 << 20);
	forward_end(&f);
}

static void
test_forward_has_a_limit(void **state)
{
	struct forwarded f;
	int held[2], over;
	char b = 'x';

	(void)state;
	forward_begin(&f, 2);
	for (int i = 0; i < 2; i++) {
		held[i] = tcp_connect(f.port);
		assert_int_equal(write(held[i], &b, 1), 1);
		assert_int_equal(read(held[i], &b, 1), 1);
	}
	over = tcp_connect(f.port);
	assert_true(read(over, &b, 1) <= 0);
	close(over);
	close(held[0]);
	close(held[1]);
	forward_end(&f);
}

static void
test_forward_without_a_service_closes(void **state)
{
	struct help_client *c = begin(SERVICE "\"forward\":{\"socket\":\"/no/such/socket\"},"
					      "\"argv\":[\"sleep\",\"1000\"]}");
	int fd = tcp_connect((int)wn_json_get_num(shim.ready, "port", 0));
	char b;

	(void)state;
	assert_true(read(fd, &b, 1) <= 0);
	close(fd);
	end(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output_comes_as_lines),
		cmocka_unit_test(test_attached_client_is_told_every_line),
		cmocka_unit_test(test_stderr_is_marked),
		cmocka_unit_test(test_ring_keeps_the_last_bytes),
		cmocka_unit_test(test_binary_and_endless_lines),
		cmocka_unit_test(test_log_file_is_rotated),
		cmocka_unit_test(test_log_file_that_cannot_be_written_stops_nothing),
		cmocka_unit_test(test_terminal_methods_are_refused),
		cmocka_unit_test(test_forward_splices_both_ways),
		cmocka_unit_test(test_forward_has_a_limit),
		cmocka_unit_test(test_forward_without_a_service_closes),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("runtime/shim/service", tests, NULL, NULL);
}
