/*
 * Implements rebuild and check with a kernel that listens nowhere.
 */
#include "runtime/engine/offline.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gen/contracts.h"
#include "gen/modules.h"
#include "gen/schemas.h"
#include "runtime/base/jsonrpc.h"
#include "runtime/engine/instance.h"
#include "runtime/kernel/job.h"
#include "runtime/kernel/kernel.h"

enum { STOP_MS = 5000, WAIT_MS = 24 * 3600 * 1000 };

static void
to_stderr(void *arg, enum wn_log_level level, const char *line, size_t n)
{
	(void)arg;
	(void)level;
	(void)fwrite(line, 1, n, stderr);
}

static wn_err
make(const struct options *o, const struct wn_log *log, struct wn_kernel **out, struct wn_diag *d)
{
	struct wn_kernel_opts ko = { .modules = wn_modules,
				     .n_modules = wn_module_count,
				     .offline = true,
				     .config = o->config,
				     .clock = wn_clock_real(),
				     .log = log,
				     .contracts = { .openrpc = wn_openrpc,
						    .check_event = wn_contract_check_event },
				     .state_dir = o->state_dir,
				     .cache_dir = o->cache_dir,
				     .run_dir = o->run_dir,
				     .self_path = o->self,
				     .log_path = o->log_path };

	return wn_kernel_new(&ko, out, d);
}

/* ---- rebuild without an engine ---- */

struct rebuild {
	bool done;
	wn_err err;
	struct wn_diag diag;
	int64_t events;
};

static void
on_progress(void *arg, int64_t done, int64_t total)
{
	struct rebuild *r = arg;

	(void)total;
	r->events = done;
}

static wn_err
rebuild_job(struct wn_mod *m, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	struct wn_kernel *k = wn_kernel_of(m);

	(void)result;
	if (k->store == NULL)
		return WN_FAIL(ctx, WN_E_UNAVAILABLE, "this engine has no store");
	return k->store->rebuild(k->store_mod, on_progress, arg, &ctx->diag);
}

static void
on_done(void *arg, wn_err err, const struct wn_diag *d, struct wn_str result)
{
	struct rebuild *r = arg;

	(void)result;
	r->done = true;
	r->err = err;
	r->diag = *d;
}

static bool
is_done(void *arg)
{
	return ((struct rebuild *)arg)->done;
}

/* The modules are wired and not started: only their projections run. */
static wn_err
rebuild_here(const struct options *o, const struct wn_log *log, struct rebuild *r)
{
	struct wn_kernel *k = NULL;
	struct wn_ctx ctx = { .tenant = "local", .actor = "engine" };
	struct wn_job_start s = { .spec = { .kind = "engine.rebuild", .fn = rebuild_job, .arg = r },
				  .on_done = on_done,
				  .arg = r };
	wn_err err = make(o, log, &k, &r->diag);

	if (err != WN_OK)
		return err;
	err = wn_kernel_start(k, &r->diag);
	if (err == WN_OK) {
		err = wn_jobs_start(k->jobs, k->engine, &ctx, &s, NULL);
		if (err == WN_OK && wn_loop_until(k->loop, is_done, r, WAIT_MS))
			err = r->err;
	}
	if (!wn_kernel_stop(k, STOP_MS))
		_exit(1);
	wn_kernel_free(k);
	return err;
}

/* ---- rebuild by a running engine ---- */

struct answer {
	int left; /* answers still to come */
	wn_err err;
	struct wn_diag diag;
};

static wn_err
on_msg(void *arg, const struct wn_rpc_msg *msg, struct wn_str attachment)
{
	struct answer *a = arg;

	(void)attachment;
	if (msg->kind == WN_RPC_NOTIFY || msg->kind == WN_RPC_REQUEST)
		return WN_OK;
	a->left--;
	if (msg->kind == WN_RPC_ERROR && a->err == WN_OK) {
		wn_rpc_error_to_diag(msg, &a->diag);
		a->err = a->diag.code;
	}
	return WN_OK;
}

static wn_err
rebuild_there(int fd, struct wn_diag *d)
{
	static const char request[] =
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"engine.hello\",\"params\":{"
		"\"protocol\":%d,"
		"\"client\":\"webnovad rebuild\"}}\n"
		"{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"engine.rebuild\",\"params\":{}}\n";
	struct wn_rpc_reader r;
	struct answer a = { .left = 2 };
	char buf[4096];
	ssize_t n = snprintf(buf, sizeof(buf), request, WN_PROTOCOL);

	n = send(fd, buf, (size_t)n, MSG_NOSIGNAL);

	wn_rpc_reader_init(&r, NULL);
	r.on_msg = on_msg;
	r.arg = &a;
	while (n > 0 && a.left > 0 && a.err == WN_OK) {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n > 0)
			(void)wn_rpc_feed(&r, buf, (size_t)n);
	}
	wn_rpc_reader_fini(&r);
	if (a.err == WN_OK && a.left > 0)
		return wn_fail(d, WN_E_CLOSED, "the engine closed the connection");
	*d = a.diag;
	return a.err;
}

static int
tell(wn_err err, const struct wn_diag *d, const char *good)
{
	if (err == WN_OK)
		(void)printf("%s\n", good);
	else
		(void)fprintf(stderr, "webnovad: %s\n", d->text);
	return err == WN_OK ? 0 : 1;
}

int
offline_rebuild(const struct options *o)
{
	struct wn_log log = { .level = WN_LOG_WARN, .clock = wn_clock_real(), .sink = to_stderr };
	struct rebuild r = { 0 };
	char text[80];
	int fd = -1, lock = -1;
	wn_err err = instance_lock(o, &lock, &r.diag);

	if (err == WN_E_BUSY) {
		wn_diag_clear(&r.diag);
		err = instance_connect(o, &fd, &r.diag);
		if (err == WN_OK) {
			err = rebuild_there(fd, &r.diag);
			close(fd);
		}
		return tell(err, &r.diag, "the running engine rebuilt its projections");
	}
	if (err == WN_OK) {
		err = rebuild_here(o, &log, &r);
		close(lock);
	}
	(void)snprintf(text, sizeof(text), "rebuilt from %lld events", (long long)r.events);
	return tell(err, &r.diag, text);
}

/* ---- check ---- */

int
offline_check(const struct options *o)
{
	struct wn_log log = { .level = WN_LOG_WARN, .clock = wn_clock_real(), .sink = to_stderr };
	struct wn_kernel *k = NULL;
	struct wn_diag d = { 0 };
	char text[120];
	size_t n = 0;
	int lock = -1;
	wn_err err = make(o, &log, &k, &d);

	if (err != WN_OK)
		return tell(err, &d, "");
	n = wn_registry_count(k->registry);
	err = instance_lock(o, &lock, &d);
	if (err == WN_OK) {
		err = wn_kernel_start(k, &d);
		if (!wn_kernel_stop(k, STOP_MS))
			_exit(1);
		close(lock);
	} else if (err == WN_E_BUSY) {
		err = WN_OK; /* the running engine checked its store when it started */
	}
	wn_kernel_free(k);
	(void)snprintf(text, sizeof(text), "settings, %zu modules and their wiring%s are in order",
		       n, lock >= 0 ? ", store" : "");
	return tell(err, &d, text);
}
