/*
 * Request round trips over a unix socket beside a bare libuv echo of the same bytes, and the way of
 * an event from its append to a subscriber beside a server that inserts the row with SQLite and
 * writes the line. All servers are processes of their own, one blocking client asks them in turns.
 * Prints ratios of medians (ours / peer) as one JSON object.
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

#include <sqlite3.h>

#include "gen/contracts.h"
#include "runtime/base/file.h"
#include "runtime/base/id.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/kernel.h"

enum {
	ROUNDS = 20000,
	LARGE_ROUNDS = 1500,
	APPENDS = 1500,
	WARM = 300,
	LARGE = 64 << 10,
	BODY = 512
};

extern const struct wn_module store_sqlite_module;

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

/* A module that does nothing itself: what is measured is the way to it and back. */
static wn_err
bench_forward(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	(void)m;
	(void)ctx;
	return wn_buf_str(result, params);
}

static wn_err
bench_attach(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	(void)params;
	(void)result;
	return m->host->attach(ctx, m->host->attachment(ctx));
}

static wn_err
bench_append(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	struct wn_emit e = { .type = "bench.done",
			     .schema_version = 1,
			     .stream = "bench/1",
			     .expect = -1,
			     .data = params };

	(void)result;
	return m->host->emit(m, ctx, &e);
}

static wn_err
bench_init(struct wn_mod *m, const struct wn_host *h)
{
	(void)m;
	(void)h;
	return WN_OK;
}

static void
bench_fini(struct wn_mod *m)
{
	(void)m;
}

static const struct wn_method bench_methods[] = {
	{ "bench.forward", "", WN_RUN_LOOP, bench_forward },
	{ "bench.attach", "", WN_RUN_LOOP, bench_attach },
	{ "bench.append", "", WN_RUN_LOOP, bench_append },
	{ NULL, NULL, WN_RUN_LOOP, NULL },
};

static const struct wn_module bench_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "bench",
	.version = "1.0.0",
	.manifest =
		"{\"name\":\"bench\",\"version\":\"1.0.0\",\"summary\":\"x\",\"emits\":[\"bench."
		"done\"],\"methods\":{\"bench.forward\":\"\",\"bench.attach\":\"\",\"bench."
		"append\":\"\"}}",
	.methods = bench_methods,
	.init = bench_init,
	.fini = bench_fini,
};

/* The bench's event is in no schema: it is held against one of its kind. */
static wn_err
check_event(const char *type, int version, struct wn_str data, struct wn_arena *arena,
	    struct wn_diag *d)
{
	return wn_contract_check_event(strcmp(type, "bench.done") == 0 ? "job.finished" : type,
				       version, data, arena, d);
}

static void
serve_kernel(const char *dir, const char *path)
{
	static const struct wn_module *const modules[] = { &store_sqlite_module, &bench_module };
	struct wn_log log = { WN_LOG_ERROR, 0, wn_clock_real(), quiet, NULL };
	struct wn_config *config = wn_config_new(wn_settings, wn_setting_count);
	struct wn_kernel_opts o = { .config = config,
				    .clock = wn_clock_real(),
				    .log = &log,
				    .contracts = { .check_event = check_event },
				    .modules = modules,
				    .n_modules = 2,
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

/* ---- SQLite and a socket ---- */

static sqlite3_stmt *
insert_open(const char *dir)
{
	char *path = wn_path_join(dir, "bare.db");
	sqlite3_stmt *insert = NULL;
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		fatal("no database");
	wn_free(path);
	(void)sqlite3_exec(
		db,
		"PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"CREATE TABLE e (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, stream_id "
		"INTEGER,"
		"version INTEGER, type TEXT, source TEXT, subject TEXT, time_ms INTEGER, "
		"dataschema "
		"TEXT, actor TEXT, causation TEXT, correlation TEXT, data TEXT);"
		"CREATE UNIQUE INDEX v ON e (stream_id, version)",
		NULL, NULL, NULL);
	if (sqlite3_prepare_v2(
		    db,
		    "INSERT INTO e VALUES (NULL, ?1, 1, ?2, 'bench.done', 'webnova/bench', "
		    "NULL, 1, 'urn:webnova:event:bench.done:1', 'user:0', NULL, ?1, ?3)",
		    -1, &insert, NULL) != SQLITE_OK)
		fatal("no table");
	return insert;
}

/* Each line of the first connection becomes a row, then a line on the second; then it is answered.
 */
static void
serve_rows(const char *dir, const char *path)
{
	static char in[4096], out[8192];
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), from, to;
	sqlite3_stmt *insert = insert_open(dir);
	struct wn_idgen ids;
	char id[WN_ULID_MAX];
	ssize_t n;

	wn_idgen_init(&ids, wn_clock_real());
	(void)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (bind(listener, (struct sockaddr *)&addr, sizeof(addr)) != 0 || listen(listener, 8) != 0)
		fatal("the peer cannot listen");
	from = accept(listener, NULL, NULL);
	to = accept(listener, NULL, NULL);
	for (int version = 1; (n = recv(from, in, sizeof(in), 0)) > 0; version++) {
		int len;

		wn_id_ulid(&ids, id);
		(void)sqlite3_bind_text(insert, 1, id, -1, SQLITE_STATIC);
		(void)sqlite3_bind_int(insert, 2, version);
		(void)sqlite3_bind_text(insert, 3, in, (int)n - 1, SQLITE_STATIC);
		if (sqlite3_step(insert) != SQLITE_DONE)
			fatal("no row");
		(void)sqlite3_reset(insert);
		len = snprintf(out, sizeof(out), "{\"id\":\"%s\",\"version\":%d,\"data\":%.*s}\n",
			       id, version, (int)n - 1, in);
		if (send(to, out, (size_t)len, 0) != len || send(from, "{}\n", 3, 0) != 3)
			fatal("nobody listens to the peer");
	}
	_exit(0);
}

/* ---- the client ---- */

/* A connection, as soon as somebody listens there. */
static int
join(const char *dir, const char *name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/%s", dir, name);
	for (int i = 0; connect(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0; i++) {
		struct timespec t = { 0, 5000000 };

		if (i > 1000)
			fatal("nobody listens");
		(void)nanosleep(&t, NULL);
	}
	return fd;
}

static int
start(void (*serve)(const char *, const char *), const char *dir, const char *name, pid_t *pid)
{
	*pid = fork();
	if (*pid == 0) {
		char *path = wn_path_join(dir, name);

		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(dir, path);
	}
	return join(dir, name);
}

static double
us_since(const struct timespec *a)
{
	struct timespec b;

	clock_gettime(CLOCK_MONOTONIC, &b);
	return (double)(b.tv_sec - a->tv_sec) * 1e6 + (double)(b.tv_nsec - a->tv_nsec) / 1e3;
}

static void
send_all(int fd, const char *bytes, size_t n)
{
	for (size_t sent = 0; sent < n;) {
		ssize_t w = send(fd, bytes + sent, n - sent, 0);

		if (w <= 0)
			fatal("sending failed");
		sent += (size_t)w;
	}
}

/* Reads one line and the bytes behind it. */
static void
take_answer(int fd, size_t attached)
{
	static char buf[1 << 20];
	size_t n = 0, want = 0;

	while (want == 0 || n < want) {
		ssize_t r = recv(fd, buf + n, sizeof(buf) - n, 0);
		const char *end;

		if (r <= 0)
			fatal("receiving failed");
		end = want == 0 ? memchr(buf + n, '\n', (size_t)r) : NULL;
		if (end != NULL)
			want = (size_t)(end - buf) + 1 + attached;
		n += (size_t)r;
	}
	if (n > 22 && strncmp(buf, "{\"jsonrpc\":\"2.0\"", 16) == 0 &&
	    memmem(buf, 64, "\"error\"", 7))
		fatal(buf);
}

/* Sends a message, reads until its answer is there; microseconds. */
static double
ask(int fd, const char *message, size_t n, size_t attached)
{
	struct timespec began;

	clock_gettime(CLOCK_MONOTONIC, &began);
	send_all(fd, message, n);
	take_answer(fd, attached);
	return us_since(&began);
}

/* Sends a message; microseconds until the other connection has a line. */
static double
tell(int fd, int subscriber, const char *message, size_t n)
{
	struct timespec began;
	double us;

	clock_gettime(CLOCK_MONOTONIC, &began);
	send_all(fd, message, n);
	take_answer(subscriber, 0);
	us = us_since(&began);
	take_answer(fd, 0);
	return us;
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

/* A request of exactly `size` bytes, most of it one string. */
static char *
request(const char *method, size_t size)
{
	char *line = wn_alloc(size + 1);
	int n = snprintf(line, size,
			 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{\"data\":\"",
			 method);

	memset(line + n, 'x', size - (size_t)n);
	memcpy(line + size - 4, "\"}}\n", 4);
	return line;
}

/* A request of about `size` bytes whose data is a list of small objects. */
static char *
document(const char *method, size_t size)
{
	struct wn_buf b;

	wn_buf_init(&b, size * 2);
	wn_buf_printf(&b, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":{\"data\":[0",
		      method);
	for (int i = 0; b.len + 80 < size; i++)
		wn_buf_printf(&b, ",{\"id\":%d,\"name\":\"item %d\",\"price\":%d.5,\"open\":true}",
			      i, i, i);
	wn_buf_cstr(&b, "]}}\n");
	return wn_buf_take(&b, NULL);
}

static char *
attaching(size_t size, size_t *n_out)
{
	char *message = wn_alloc(size + 200);
	int n = snprintf(message, 200,
			 "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"bench.attach\",\"params\":{},"
			 "\"bytes\":%zu}\n",
			 size);

	memset(message + n, 'x', size);
	*n_out = (size_t)n + size;
	return message;
}

struct pair {
	double *ours, *peer;
};

static struct pair
pair_new(int rounds)
{
	return (struct pair){ wn_alloc_array((size_t)rounds, sizeof(double)),
			      wn_alloc_array((size_t)rounds, sizeof(double)) };
}

static void
pair_print(struct pair p, int rounds, const char *name, const char *peer, const char *end)
{
	printf("\"%s_p50_vs_%s\": %.2f, \"%s_p95_vs_%s\": %.2f%s", name, peer,
	       at(p.ours, rounds, 0.5) / at(p.peer, rounds, 0.5), name, peer,
	       at(p.ours, rounds, 0.95) / at(p.peer, rounds, 0.95), end);
	wn_free(p.ours);
	wn_free(p.peer);
}

/* Takes message. */
static void
compare(int ours, int echo, char *message, size_t n, size_t attached, int rounds, const char *name)
{
	struct pair p = pair_new(rounds);

	for (int i = -WARM; i < rounds; i++) {
		double a = ask(ours, message, n, attached), b = ask(echo, message, n, attached);

		if (i >= 0) {
			p.ours[i] = a;
			p.peer[i] = b;
		}
	}
	pair_print(p, rounds, name, "uv_echo", ", ");
	wn_free(message);
}

static void
compare_appends(int ours, int subscriber, int rows, int reader)
{
	static const char subscribe[] =
		"{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"event.subscribe\","
		"\"params\":{\"credit\":1000000}}\n";
	static const char head[] =
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"bench.append\",\"params\":";
	static const char start[] = "{\"job\":\"01J8ZQ5K3W0000000000000000\",\"result\":\"";
	char data[BODY + 1], message[BODY + 200], line[BODY + 2];
	struct pair p = pair_new(APPENDS);
	size_t n, m;

	memset(data, 'x', BODY);
	memcpy(data, start, sizeof(start) - 1);
	memcpy(data + BODY - 2, "\"}", 3);
	n = (size_t)snprintf(message, sizeof(message), "%s%s}\n", head, data);
	m = (size_t)snprintf(line, sizeof(line), "%s\n", data);
	(void)ask(subscriber, subscribe, sizeof(subscribe) - 1, 0);
	for (int i = -WARM; i < APPENDS; i++) {
		double a = tell(ours, subscriber, message, n), b = tell(rows, reader, line, m);

		if (i >= 0) {
			p.ours[i] = a;
			p.peer[i] = b;
		}
	}
	pair_print(p, APPENDS, "append_to_subscriber", "sqlite_and_socket", "}\n");
}

static int
greeted(int fd)
{
	static const char hello[] = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"engine.hello\","
				    "\"params\":{\"protocol\":1}}\n";

	(void)ask(fd, hello, sizeof(hello) - 1, 0);
	return fd;
}

int
main(void)
{
	char dir[] = "/tmp/wn-bench-XXXXXX";
	pid_t pids[3];
	int ours, echo, rows, subscriber, reader;
	size_t n;
	char *message;

	if (mkdtemp(dir) == NULL)
		fatal("no directory");
	ours = greeted(start(serve_kernel, dir, "engine.sock", &pids[0]));
	subscriber = greeted(join(dir, "engine.sock"));
	echo = start(serve_echo, dir, "echo.sock", &pids[1]);
	rows = start(serve_rows, dir, "rows.sock", &pids[2]);
	reader = join(dir, "rows.sock");
	printf("{");
	compare(ours, echo, request("engine.ping", 200), 200, 0, ROUNDS, "rpc_200b");
	compare(ours, echo, request("bench.forward", LARGE), LARGE, 0, LARGE_ROUNDS,
		"rpc_64k_forwarded");
	message = attaching(LARGE, &n);
	compare(ours, echo, message, n, LARGE, LARGE_ROUNDS, "rpc_64k_attached");
	compare(ours, echo, request("engine.ping", LARGE), LARGE, 0, LARGE_ROUNDS,
		"rpc_64k_string_parsed_and_printed");
	message = document("engine.ping", LARGE);
	compare(ours, echo, message, strlen(message), 0, LARGE_ROUNDS,
		"rpc_64k_objects_parsed_and_printed");
	compare_appends(ours, subscriber, rows, reader);
	for (int i = 0; i < 3; i++)
		(void)kill(pids[i], SIGKILL);
	return wn_file_rmtree(dir, NULL) != WN_OK;
}
