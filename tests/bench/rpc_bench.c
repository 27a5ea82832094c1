/*
 * Request round trip over a unix socket beside a bare libuv echo of the same bytes: both servers
 * are processes of their own, one blocking client asks them in turns. Prints ratios of medians
 * (ours / echo) as one JSON object.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/kernel.h"

enum { ROUNDS = 20000, LARGE_ROUNDS = 1500, WARM = 500, LARGE = 64 << 10 };

static void
fatal(const char *what)
{
	(void)fprintf(stderr, "rpc_bench: %s\n", what);
	exit(1);
}

/* ---- the engine ---- */

static void
quiet(void *arg, enum wn_log_level level, const char *line, size_t n)
{
	(void)arg;
	(void)level;
	(void)line;
	(void)n;
}

static void
serve_kernel(const char *dir, const char *path)
{
	struct wn_log log = { WN_LOG_ERROR, 0, wn_clock_real(), quiet, NULL };
	struct wn_config *config = wn_config_new(wn_settings, wn_setting_count);
	struct wn_kernel_opts o = { .config = config,
				    .clock = wn_clock_real(),
				    .log = &log,
				    .state_dir = dir,
				    .cache_dir = dir,
				    .run_dir = dir,
				    .self_path = "none",
				    .socket_path = path };
	struct wn_kernel *k = NULL;
	struct wn_diag d = { 0 };

	if (wn_kernel_new(&o, &k, &d) != WN_OK || wn_kernel_start(k, &d) != WN_OK)
		fatal(d.text);
	wn_kernel_run(k);
	_exit(0);
}

/* ---- the bare echo ---- */

static char echo_buf[1 << 20];

static void
on_alloc(uv_handle_t *h, size_t size, uv_buf_t *buf)
{
	(void)h;
	(void)size;
	*buf = uv_buf_init(echo_buf, sizeof(echo_buf));
}

static void
on_written(uv_write_t *w, int status)
{
	(void)status;
	free(w->data);
	free(w);
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	uv_buf_t out = uv_buf_init(buf->base, n > 0 ? (unsigned)n : 0);
	uv_write_t *w;
	int done;

	if (n < 0)
		exit(0);
	done = uv_try_write(s, &out, 1);
	if (done < 0)
		done = 0;
	if (done == n)
		return;
	w = calloc(1, sizeof(*w));
	w->data = malloc((size_t)(n - done));
	memcpy(w->data, buf->base + done, (size_t)(n - done));
	out = uv_buf_init(w->data, (unsigned)(n - done));
	uv_write(w, s, &out, 1, on_written);
}

static void
on_connection(uv_stream_t *server, int status)
{
	static uv_pipe_t client;

	(void)status;
	uv_pipe_init(server->loop, &client, 0);
	uv_accept(server, (uv_stream_t *)&client);
	uv_read_start((uv_stream_t *)&client, on_alloc, on_read);
}

static void
serve_echo(const char *dir, const char *path)
{
	uv_loop_t loop;
	uv_pipe_t server;

	(void)dir;
	uv_loop_init(&loop);
	uv_pipe_init(&loop, &server, 0);
	if (uv_pipe_bind(&server, path) != 0 ||
	    uv_listen((uv_stream_t *)&server, 8, on_connection) != 0)
		fatal("echo cannot listen");
	uv_run(&loop, UV_RUN_DEFAULT);
	_exit(0);
}

/* ---- the client ---- */

static int
start(void (*serve)(const char *, const char *), const char *dir, const char *name, pid_t *pid)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char *path = wn_path_join(dir, name);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	*pid = fork();
	if (*pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(dir, path);
	}
	for (int i = 0; connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0; i++) {
		struct timespec t = { 0, 5000000 };

		if (i > 1000)
			fatal("nobody listens");
		(void)nanosleep(&t, NULL);
	}
	wn_free(path);
	return fd;
}

/* Sends one line, reads until a line has come back; microseconds. */
static double
ask(int fd, const char *line, size_t n)
{
	static char buf[1 << 20];
	struct timespec a, b;
	size_t sent = 0;
	ssize_t r = 0;

	clock_gettime(CLOCK_MONOTONIC, &a);
	while (sent < n) {
		ssize_t w = send(fd, line + sent, n - sent, 0);

		if (w <= 0)
			fatal("sending failed");
		sent += (size_t)w;
	}
	do {
		r = recv(fd, buf, sizeof(buf), 0);
		if (r <= 0)
			fatal("receiving failed");
	} while (buf[r - 1] != '\n');
	clock_gettime(CLOCK_MONOTONIC, &b);
	return (double)(b.tv_sec - a.tv_sec) * 1e6 + (double)(b.tv_nsec - a.tv_nsec) / 1e3;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
at(double *v, int n, double part)
{
	qsort(v, (size_t)n, sizeof(*v), by_value);
	return v[(int)((n - 1) * part)];
}

static char *
request(size_t size)
{
	static const char head[] =
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"engine.ping\",\"params\":{\"data\":\"";
	char *line = wn_alloc(size + 1);

	memset(line, 'x', size);
	memcpy(line, head, sizeof(head) - 1);
	memcpy(line + size - 4, "\"}}\n", 4);
	return line;
}

static void
compare(int ours, int echo, size_t size, int rounds, const char *name, const char *end)
{
	char *line = request(size);
	double *a = wn_alloc_array((size_t)rounds, sizeof(*a)),
	       *b = wn_alloc_array((size_t)rounds, sizeof(*b));

	for (int i = 0; i < WARM; i++) {
		(void)ask(ours, line, size);
		(void)ask(echo, line, size);
	}
	for (int i = 0; i < rounds; i++) {
		a[i] = ask(ours, line, size);
		b[i] = ask(echo, line, size);
	}
	printf("\"rpc_%s_p50_vs_uv_echo\": %.2f, \"rpc_%s_p95_vs_uv_echo\": %.2f, "
	       "\"rpc_%s_p50_us\": %.1f%s",
	       name, at(a, rounds, 0.5) / at(b, rounds, 0.5), name,
	       at(a, rounds, 0.95) / at(b, rounds, 0.95), name, at(a, rounds, 0.5), end);
	wn_free(line);
	wn_free(a);
	wn_free(b);
}

int
main(void)
{
	static const char hello[] = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"engine.hello\","
				    "\"params\":{\"protocol\":1}}\n";
	char dir[] = "/tmp/wn-bench-XXXXXX";
	pid_t pids[2];
	int ours, echo;

	if (mkdtemp(dir) == NULL)
		fatal("no directory");
	ours = start(serve_kernel, dir, "engine.sock", &pids[0]);
	echo = start(serve_echo, dir, "echo.sock", &pids[1]);
	(void)ask(ours, hello, sizeof(hello) - 1);
	printf("{");
	compare(ours, echo, 200, ROUNDS, "200b", ", ");
	compare(ours, echo, LARGE, LARGE_ROUNDS, "64k", "}\n");
	(void)kill(pids[0], SIGKILL);
	(void)kill(pids[1], SIGKILL);
	return wn_file_rmtree(dir, NULL) != WN_OK;
}
