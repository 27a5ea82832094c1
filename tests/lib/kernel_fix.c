/*
 * Implements the kernel fixture.
 */
#include "tests/lib/kernel_fix.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "gen/contracts.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/server.h"

enum { LIMIT_MS = 10000, TEXT_MAX = 256 << 20 };

/* The store of the kernel that is being made: a descriptor has no other way to its instance. */
static struct fake_store *store_for_init;

static wn_err
store_init(struct wn_mod *m, const struct wn_host *h)
{
	(void)h;
	m->state = store_for_init;
	return WN_OK;
}

static const struct wn_iface_decl store_offers[] = { { "store", 1, 0, &fake_store_iface, 0 },
						     { NULL, 0, 0, NULL, 0 } };
static const struct wn_module store_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "fake_store",
	.version = "1.0.0",
	.manifest = "{\"name\":\"fake_store\",\"version\":\"1.0.0\",\"summary\":\"for tests\"}",
	.offers = store_offers,
	.init = store_init,
};

static void
on_log(void *arg, enum wn_log_level level, const char *line, size_t n)
{
	struct kernel_fix *f = arg;

	(void)level;
	pthread_mutex_lock(f->lock);
	(void)wn_buf_add(&f->log_text, line, n);
	pthread_mutex_unlock(f->lock);
}

void
kernel_fix_init(struct kernel_fix *f)
{
	char dir[] = "/tmp/wn-test-XXXXXX";

	*f = (struct kernel_fix){ 0 };
	(void)signal(SIGPIPE, SIG_IGN);
	assert_non_null(mkdtemp(dir));
	f->dir = wn_strdup(dir);
	f->config = wn_config_new(wn_settings, wn_setting_count);
	f->lock = WN_NEW(pthread_mutex_t);
	pthread_mutex_init(f->lock, NULL);
	wn_buf_init(&f->log_text, TEXT_MAX);
	wn_clock_fake_init(&f->fake, 1767225600000);
	f->contracts.check_event = wn_contract_check_event;
}

void
kernel_fix_set(struct kernel_fix *f, const char *name, const char *value)
{
	struct wn_diag d = { 0 };

	assert_int_equal(wn_config_set(f->config, name, wn_str(value), WN_CONFIG_FLAG, &d), WN_OK);
}

static void
free_parts(struct kernel_fix *f)
{
	fake_store_free(f->store);
	wn_config_free(f->config);
	wn_buf_fini(&f->log_text);
	pthread_mutex_destroy(f->lock);
	wn_free(f->lock);
	assert_int_equal(wn_file_rmtree(f->dir, NULL), WN_OK);
	wn_free(f->dir);
}

wn_err
kernel_fix_start(struct kernel_fix *f, const struct wn_module *const *modules, size_t n,
		 struct wn_diag *d)
{
	const struct wn_clock *clock = f->fake_time ? &f->fake.clock : wn_clock_real();
	const struct wn_module *all[17];
	struct wn_kernel_opts o = { .config = f->config,
				    .clock = clock,
				    .log = &f->log,
				    .contracts = f->contracts,
				    .state_dir = f->dir,
				    .cache_dir = f->dir,
				    .run_dir = f->dir,
				    .self_path = "/proc/self/exe",
				    .modules = all };
	size_t used = 0;
	wn_err err;

	assert_true(n <= 16);
	f->log = (struct wn_log){ WN_LOG_DEBUG, 0, clock, on_log, f };
	if (f->no_contracts)
		o.contracts.check_event = NULL;
	if (!f->no_store) {
		f->store = store_for_init = fake_store_new();
		all[used++] = &store_module;
	}
	for (size_t i = 0; i < n; i++)
		all[used++] = modules[i];
	o.n_modules = used;
	err = wn_kernel_new(&o, &f->k, d);
	if (err == WN_OK)
		err = wn_kernel_start(f->k, d);
	if (err != WN_OK && f->k != NULL) {
		assert_true(wn_kernel_stop(f->k, LIMIT_MS));
		wn_kernel_free(f->k);
	}
	if (err != WN_OK)
		free_parts(f);
	return err;
}

void
kernel_fix_end(struct kernel_fix *f)
{
	assert_true(wn_kernel_stop(f->k, LIMIT_MS));
	wn_kernel_free(f->k);
	free_parts(f);
}

void
kernel_fix_until(struct kernel_fix *f, bool (*fn)(void *arg), void *arg)
{
	if (wn_loop_until(f->k->loop, fn, arg, LIMIT_MS))
		return;
	print_message("log so far:\n%s", f->log_text.p != NULL ? f->log_text.p : "");
	fail_msg("it did not come true within %d ms", LIMIT_MS);
}

void
kernel_fix_settle(struct kernel_fix *f)
{
	do
		wn_loop_turn(f->k->loop, false);
	while (wn_loop_pending(f->k->loop));
}

/* ---- clients ---- */

void
fix_client_open(struct fix_client *c, struct kernel_fix *f, bool greeted)
{
	int p[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, p), 0);
	assert_int_equal(wn_server_adopt(f->k->server, p[0], "user:1000"), WN_OK);
	*c = (struct fix_client){ .f = f, .fd = p[1] };
	wn_buf_init(&c->in, TEXT_MAX);
	if (greeted) {
		struct wn_json *a = fix_client_call(c, "engine.hello", "{\"protocol\":1}");

		assert_string_equal(fix_error(a), "");
		wn_json_free(a);
	}
}

void
fix_client_close(struct fix_client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	wn_buf_fini(&c->in);
	kernel_fix_settle(c->f);
}

void
fix_client_send(struct fix_client *c, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t w = send(c->fd, bytes, n, MSG_NOSIGNAL);

		if (w < 0 && errno == EAGAIN) {
			wn_loop_turn(c->f->k->loop, false);
			continue;
		}
		if (w < 0)
			return; /* the engine ended the connection: the test sees it on receiving */
		bytes += w;
		n -= (size_t)w;
	}
}

struct pull {
	struct fix_client *c;
	size_t want;
	bool line, ended;
};

/* True when a whole line (or `want` bytes) is there, or the connection has ended. */
static bool
pulled(void *arg)
{
	struct pull *p = arg;
	char buf[65536];
	ssize_t n;

	while ((n = recv(p->c->fd, buf, sizeof(buf), 0)) > 0)
		assert_int_equal(wn_buf_add(&p->c->in, buf, (size_t)n), WN_OK);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		p->ended = true;
	if (p->line && p->c->in.len > 0 && memchr(p->c->in.p, '\n', p->c->in.len) != NULL)
		return true;
	return (!p->line && p->c->in.len >= p->want) || p->ended;
}

static void
on_client_ready(void *arg, int events)
{
	(void)arg;
	(void)events; /* only to wake the loop */
}

/* The client's end is watched by the same loop, so that the wait ends when bytes come. */
static void
wait_for(struct fix_client *c, struct pull *p)
{
	struct wn_watch *w = wn_loop_watch(c->f->k->loop, c->fd, WN_IO_READ, on_client_ready, NULL);

	kernel_fix_until(c->f, pulled, p);
	wn_watch_stop(w);
}

static void
take_attachment(struct fix_client *c, const struct wn_json *j, struct wn_buf *out)
{
	struct pull p = { .c = c };

	p.want = (size_t)wn_json_get_num(j, "bytes", 0);
	if (p.want == 0)
		return;
	wait_for(c, &p);
	assert_true(c->in.len >= p.want);
	if (out != NULL)
		(void)wn_buf_add(out, c->in.p, p.want);
	wn_buf_drop(&c->in, p.want);
}

struct wn_json *
fix_client_recv(struct fix_client *c, struct wn_buf *bytes_out)
{
	struct pull p = { .c = c, .line = true };
	struct wn_json *j = NULL;
	struct wn_diag d = { 0 };
	const char *nl;

	wait_for(c, &p);
	nl = c->in.len > 0 ? memchr(c->in.p, '\n', c->in.len) : NULL;
	if (nl == NULL)
		return NULL;
	if (wn_json_parse(wn_strn(c->in.p, (size_t)(nl - c->in.p)), NULL, &j, &d) != WN_OK)
		fail_msg("the engine wrote no JSON: %s", d.text);
	wn_buf_drop(&c->in, (size_t)(nl - c->in.p) + 1);
	take_attachment(c, j, bytes_out);
	return j;
}

int64_t
fix_client_request(struct fix_client *c, const char *method, const char *params)
{
	int64_t id = ++c->id;
	char *line =
		wn_asprintf("{\"jsonrpc\":\"2.0\",\"id\":%lld,\"method\":\"%s\",\"params\":%s}\n",
			    (long long)id, method, params != NULL ? params : "{}");

	fix_client_send(c, line, strlen(line));
	wn_free(line);
	return id;
}

struct wn_json *
fix_client_answer(struct fix_client *c, int64_t id)
{
	struct wn_json *j;
	int64_t got;

	while ((j = fix_client_recv(c, NULL)) != NULL) {
		if (wn_json_get(j, "method") == NULL && wn_json_i64(wn_json_get(j, "id"), &got) &&
		    got == id)
			return j;
		wn_json_free(j);
	}
	return NULL;
}

struct wn_json *
fix_client_call(struct fix_client *c, const char *method, const char *params)
{
	return fix_client_answer(c, fix_client_request(c, method, params));
}

const char *
fix_error(const struct wn_json *answer)
{
	if (answer == NULL)
		return "(closed)";
	return wn_json_str(wn_json_at(answer, "/error/data/name"), "");
}
