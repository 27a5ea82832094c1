/*
 * Puts the kernel together and takes it apart again. The order is the content of this file.
 */
#include "runtime/kernel/kernel.h"

#include <assert.h>
#include <pthread.h>

#include "runtime/base/mem.h"
#include "runtime/kernel/consumer.h"
#include "runtime/kernel/host.h"
#include "runtime/kernel/job.h"
#include "runtime/kernel/record.h"
#include "runtime/kernel/keeper.h"
#include "runtime/kernel/server.h"
#include "runtime/kernel/signal_hub.h"

enum { LOG_READ_THREADS = 4, LOG_READ_QUEUE = 1024, MODULE_STOP_MS = 3000, ARENA_MAX = 16 << 20 };

static const char *const engine_roles[] = { "owner", NULL };

struct wn_kernel *
wn_kernel_of(const struct wn_mod *m)
{
	return m->host->kernel;
}

/* ---- building ---- */

static wn_err
make_registry(struct wn_kernel *k, struct wn_diag *d)
{
	size_t n = k->opts.n_modules;
	const struct wn_module **all = wn_alloc_array(n + 1, sizeof(*all));
	struct wn_registry_opts ro = {
		.modules = all, .n = n + 1, .root = wn_engine_module.name, .host = &k->host
	};
	wn_err err;

	all[0] = &wn_engine_module;
	for (size_t i = 0; i < n; i++)
		all[i + 1] = k->opts.modules[i];
	err = wn_registry_new(&ro, &k->registry, d);
	wn_free(all);
	return err;
}

static size_t
setting(const struct wn_kernel *k, const char *name)
{
	return (size_t)wn_config_int(k->opts.config, name);
}

static void
make_server(struct wn_kernel *k)
{
	struct wn_server_limits l = {
		.message = setting(k, "engine.rpc.message"),
		.attachment = setting(k, "engine.rpc.attachment"),
		.in_flight = (unsigned)setting(k, "engine.rpc.in_flight"),
		.streams = (unsigned)setting(k, "engine.rpc.streams"),
		.connections = (unsigned)setting(k, "engine.rpc.connections"),
		.rate = (unsigned)setting(k, "engine.rpc.rate"),
		.burst = (unsigned)setting(k, "engine.rpc.burst"),
		.hold = setting(k, "engine.rpc.hold"),
		.backlog = setting(k, "engine.rpc.backlog"),
		.hello_ms = (int64_t)setting(k, "engine.rpc.hello_ms"),
		.stall_ms = (int64_t)setting(k, "engine.rpc.stall_ms"),
	};

	k->server = wn_server_new(k, &l);
}

static wn_err
make_recorder(struct wn_kernel *k, struct wn_diag *d)
{
	char id[WN_ULID_MAX];

	k->host.new_id(&k->host, id);
	return wn_recorder_new(wn_config_str(k->opts.config, "engine.record"), id, &k->recorder, d);
}

wn_err
wn_kernel_new(const struct wn_kernel_opts *opts, struct wn_kernel **out, struct wn_diag *d)
{
	struct wn_kernel *k = WN_NEW(struct wn_kernel);
	wn_err err;

	*out = NULL;
	k->opts = *opts;
	k->idgen = WN_NEW(struct wn_idgen);
	wn_idgen_init(k->idgen, opts->clock);
	k->id_lock = WN_NEW(pthread_mutex_t);
	pthread_mutex_init(k->id_lock, NULL);
	k->loop = wn_loop_new(opts->clock);
	k->bus = wn_bus_new(k->loop);
	k->signals = wn_signals_new(k->loop);
	k->keeper = wn_keeper_new();
	k->pool = wn_pool_new("wn-log", LOG_READ_THREADS, LOG_READ_QUEUE);
	k->jobs = wn_jobs_new(k, setting(k, "engine.jobs.calls"), setting(k, "engine.jobs.tasks"));
	k->source = (struct wn_feed_source){ .bus = k->bus, .pool = k->pool, .log = opts->log };
	wn_host_fill(k);
	err = make_registry(k, d);
	if (err == WN_OK)
		err = make_recorder(k, d);
	if (err != WN_OK) {
		wn_kernel_free(k);
		return err;
	}
	k->engine = wn_registry_find(k->registry, wn_engine_module.name);
	make_server(k);
	*out = k;
	return WN_OK;
}

/* ---- starting ---- */

static wn_err
start_consumers(struct wn_kernel *k, struct wn_diag *d)
{
	size_t n = wn_registry_count(k->registry);

	k->consumers = wn_alloc_array(n + 1, sizeof(struct wn_consumer *));
	for (size_t i = 0; i < n; i++) {
		struct wn_mod *m = wn_registry_at(k->registry, i);
		struct wn_consumer_opts o = { .name = m->desc->name,
					      .mod = m,
					      .listens = m->desc->listens,
					      .attempts = (int)setting(k, "engine.bus.attempts") };
		wn_err err;

		if (o.listens == NULL || o.listens->event == NULL)
			continue;
		err = wn_consumer_new(&k->source, &o, &k->consumers[k->n_consumers], d);
		if (err != WN_OK) {
			wn_fail_note(d, "reading the cursor of module %s", m->desc->name);
			return err;
		}
		k->n_consumers++;
	}
	return WN_OK;
}

wn_err
wn_kernel_start(struct wn_kernel *k, struct wn_diag *d)
{
	struct wn_arena arena;
	struct wn_ctx ctx = { .tenant = "local",
			      .actor = "engine",
			      .correlation = k->boot_id,
			      .roles = engine_roles,
			      .arena = &arena };
	wn_err err;

	wn_arena_init(&arena, ARENA_MAX);
	k->host.new_id(&k->host, k->boot_id);
	k->boot_ms = wn_now_ms(k->opts.clock);
	k->boot_ns = wn_mono_ns(k->opts.clock);
	err = wn_registry_start(k->registry, k->opts.offline, &ctx);
	if (err != WN_OK)
		*d = ctx.diag;
	wn_arena_fini(&arena);
	if (err == WN_OK && !k->opts.offline)
		err = start_consumers(k, d);
	if (err == WN_OK && k->opts.socket_path != NULL)
		err = wn_server_listen(k->server, k->opts.socket_path, d);
	return err;
}

void
wn_kernel_run(struct wn_kernel *k)
{
	wn_loop_run(k->loop);
}

void
wn_kernel_quit(struct wn_kernel *k)
{
	wn_loop_stop(k->loop);
}

/* ---- stopping ---- */

static bool
no_jobs(void *arg)
{
	struct wn_kernel *k = arg;

	return wn_jobs_running(k->jobs) == 0;
}

static bool
is_true(void *arg)
{
	return *(bool *)arg;
}

static void
set_true(void *arg)
{
	*(bool *)arg = true;
}

static void
stop_consumers(struct wn_kernel *k)
{
	for (size_t i = 0; i < k->n_consumers; i++)
		wn_consumer_free(k->consumers[i]);
	wn_free(k->consumers);
	k->consumers = NULL;
	k->n_consumers = 0;
}

/* Jobs end while the modules still live, clients hear of that, and nobody reads the log any more
 * when the modules (the store among them) stop. */
bool
wn_kernel_stop(struct wn_kernel *k, int64_t limit_ms)
{
	bool stopped = false;

	k->stopping = true;
	if (k->server != NULL)
		wn_server_close(k->server);
	wn_jobs_cancel_all(k->jobs);
	if (!wn_loop_until(k->loop, no_jobs, k, limit_ms)) {
		wn_log(k->opts.log, WN_LOG_ERROR, "job", "jobs did not end in time",
		       WN_I("jobs", wn_jobs_running(k->jobs)));
		return false;
	}
	stop_consumers(k);
	if (k->server != NULL)
		wn_server_drop_all(k->server);
	wn_pool_free(k->pool);
	k->pool = NULL;
	wn_registry_stop(k->registry, k->loop,
			 limit_ms < MODULE_STOP_MS ? limit_ms : MODULE_STOP_MS, set_true, &stopped);
	if (!wn_loop_until(k->loop, is_true, &stopped, limit_ms))
		return false;
	while (wn_loop_pending(k->loop))
		wn_loop_turn(k->loop, false);
	if (k->server != NULL && wn_server_calls(k->server) > 0) {
		wn_log(k->opts.log, WN_LOG_ERROR, "rpc",
		       "requests were never answered by their modules",
		       WN_I("requests", wn_server_calls(k->server)));
		return false;
	}
	return true;
}

void
wn_kernel_free(struct wn_kernel *k)
{
	if (k == NULL)
		return;
	assert(k->n_consumers == 0);
	wn_pool_free(k->pool);
	wn_jobs_free(k->jobs);
	wn_keeper_free(k->keeper);
	while (k->loop != NULL && wn_loop_pending(k->loop))
		wn_loop_turn(k->loop, false); /* what the threads posted last */
	wn_server_free(k->server);
	wn_recorder_free(k->recorder);
	wn_registry_free(k->registry);
	wn_signals_free(k->signals);
	wn_bus_free(k->bus);
	wn_loop_free(k->loop);
	pthread_mutex_destroy(k->id_lock);
	wn_free(k->id_lock);
	wn_free(k->idgen);
	wn_free(k);
}
