/*
 * The kernel's own module, "engine": opens the store for everybody, and answers for the engine
 * itself. Its methods about jobs, events and connections are in method_*.c.
 */
#include <assert.h>
#include <unistd.h>

#include "gen/contracts.h"
#include "gen/engine.h"
#include "runtime/base/json_read.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/conn.h"
#include "runtime/kernel/job.h"

/* What the store is told about migrations and projections lives as long as the module. */
struct engine_state {
	struct wn_migration_set *sets;
	char *store_why; /* nullable */
	enum wn_store_state store_state;
};

/* ---- the store ---- */

/* Store thread: gives an event to each projection that names its type. */
static wn_err
on_project(void *arg, struct wn_tx *tx, const struct wn_event *ev)
{
	struct wn_kernel *k = arg;

	for (size_t i = 0; i < wn_registry_count(k->registry); i++) {
		struct wn_mod *m = wn_registry_at(k->registry, i);
		const struct wn_project *p = m->desc->projects;

		for (; p != NULL && p->event != NULL; p++) {
			wn_err err;

			if (!wn_event_type_fits(p->event, ev->type))
				continue;
			err = p->fn(m, tx, ev);
			if (err != WN_OK) {
				wn_fail_note(tx->diag, "projecting %s for module %s", ev->type,
					     m->desc->name);
				return err;
			}
		}
	}
	return WN_OK;
}

struct state_news {
	struct wn_mod *mod;
	enum wn_store_state state;
	char *why;
};

static void
on_state_news(void *arg)
{
	struct state_news *n = arg;
	struct engine_state *s = n->mod->state;

	wn_free(s->store_why);
	s->store_why = n->why;
	s->store_state = n->state;
	wn_log(n->mod->host->log, n->state == WN_STORE_OK ? WN_LOG_INFO : WN_LOG_ERROR, "store",
	       "the store's state changed", WN_I("state", n->state), WN_S("why", n->why));
	wn_free(n);
}

/* Any thread. */
static void
on_store_state(void *arg, enum wn_store_state state, const char *why)
{
	struct wn_mod *m = arg;
	struct state_news *n = WN_NEW(struct state_news);

	n->mod = m;
	n->state = state;
	n->why = wn_strdup(why != NULL ? why : "");
	wn_loop_post(wn_kernel_of(m)->loop, on_state_news, n);
}

static size_t
migration_sets(struct wn_kernel *k, struct engine_state *s)
{
	size_t n = wn_registry_count(k->registry), used = 0;

	s->sets = wn_alloc_array(n + 1, sizeof(*s->sets));
	for (size_t i = 0; i < n; i++) {
		const struct wn_module *m = wn_registry_at(k->registry, i)->desc;

		if (m->migrations == NULL || m->migrations[0] == NULL)
			continue;
		s->sets[used++] = (struct wn_migration_set){ .module = m->name,
							     .sql = m->migrations,
							     .tables = m->tables };
	}
	return used;
}

static wn_err
open_store(struct wn_mod *m, struct wn_ctx *ctx)
{
	struct wn_kernel *k = wn_kernel_of(m);
	struct engine_state *s = m->state;
	const struct wn_bound *b = &m->bound[ENGINE_NEED_STORE];
	size_t n;
	wn_err err;

	if (b->vtable == NULL)
		return WN_OK;
	n = migration_sets(k, s);
	err = ((const struct wn_iface_store *)b->vtable)
		      ->open(b->mod, s->sets, n, on_project, k, on_store_state, m, &ctx->diag);
	if (err != WN_OK)
		return err;
	k->store = b->vtable;
	k->store_mod = b->mod;
	k->source.store = k->store;
	k->source.store_mod = k->store_mod;
	wn_bus_set_seq(k->bus, k->store->last_seq(k->store_mod));
	return WN_OK;
}

/* ---- life ---- */

static wn_err
engine_init(struct wn_mod *m, const struct wn_host *h)
{
	(void)h;
	m->state = WN_NEW(struct engine_state);
	return WN_OK;
}

static wn_err
recover(struct wn_mod *m, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	(void)arg;
	(void)result;
	return wn_jobs_recover(m, ctx);
}

static wn_err
engine_start(struct wn_mod *m, struct wn_ctx *ctx)
{
	struct wn_kernel *k = wn_kernel_of(m);
	struct wn_job_start s = { .spec = { .kind = "engine.recover", .fn = recover } };
	wn_err err = open_store(m, ctx);

	if (err != WN_OK || k->store == NULL || k->opts.offline)
		return err;
	return wn_jobs_start(k->jobs, m, ctx, &s, NULL);
}

static void
engine_stop(struct wn_mod *m, wn_done_fn done)
{
	struct wn_kernel *k = wn_kernel_of(m);

	if (k->store != NULL)
		k->store->close(k->store_mod);
	k->store = NULL;
	done(m);
}

static void
engine_fini(struct wn_mod *m)
{
	struct engine_state *s = m->state;

	wn_free(s->sets);
	wn_free(s->store_why);
	wn_free(s);
}

const struct wn_module wn_engine_module = { .abi = WN_ABI,
					    .size = sizeof(struct wn_module),
					    .name = "engine",
					    .version = WN_VERSION,
					    .manifest = engine_manifest,
					    .needs = engine_needs,
					    .listens = engine_listens,
					    .projects = engine_projects,
					    .methods = engine_methods,
					    .migrations = engine_migrations,
					    .tables = engine_tables,
					    .init = engine_init,
					    .start = engine_start,
					    .stop = engine_stop,
					    .fini = engine_fini };

/* ---- methods about the engine itself ---- */

wn_err
engine_on_hello(struct wn_mod *mod, struct wn_ctx *ctx, const struct engine_hello_params *in,
		struct engine_hello_result *out)
{
	static const char *const capabilities[] = { "attachments", "cancel",  "streams",
						    "replay",	   "signals", "jobs" };
	const size_t n = sizeof(capabilities) / sizeof(capabilities[0]);
	struct wn_conn *c = ctx->call->conn;
	const struct wn_server_limits *l = &c->server->limits;

	(void)mod;
	if (c->hello)
		return WN_FAIL(ctx, WN_E_STATE, "engine.hello was said before");
	if (in->protocol != WN_PROTOCOL)
		return WN_FAIL(ctx, WN_E_VERSION, "the client speaks protocol %lld, this engine %d",
			       (long long)in->protocol, WN_PROTOCOL);
	wn_conn_greeted(c, in->client);
	out->protocol = WN_PROTOCOL;
	out->version = WN_STR(WN_VERSION);
	out->pid = getpid();
	out->actor = wn_str(ctx->actor);
	out->tenant = wn_str(ctx->tenant);
	out->capabilities = wn_arena_array(ctx->arena, n, sizeof(*out->capabilities));
	out->capabilities_len = n;
	for (size_t i = 0; i < n; i++)
		out->capabilities[i] = wn_str(capabilities[i]);
	out->limits.message = (int64_t)l->message;
	out->limits.attachment = (int64_t)l->attachment;
	out->limits.depth = WN_JR_DEPTH_MAX;
	out->limits.in_flight = l->in_flight;
	out->limits.streams = l->streams;
	out->limits.rate = l->rate;
	out->limits.burst = l->burst;
	return WN_OK;
}

wn_err
engine_on_ping(struct wn_mod *mod, struct wn_ctx *ctx, const struct engine_ping_params *in,
	       struct engine_ping_result *out)
{
	(void)mod;
	(void)ctx;
	out->data = in->data;
	return WN_OK;
}

static enum engine_info_result_store
store_state(struct wn_kernel *k)
{
	static const enum engine_info_result_store states[] = {
		[WN_STORE_OK] = ENGINE_INFO_RESULT_STORE_OK,
		[WN_STORE_READ_ONLY] = ENGINE_INFO_RESULT_STORE_READ_ONLY,
		[WN_STORE_FULL] = ENGINE_INFO_RESULT_STORE_FULL,
		[WN_STORE_FAILED] = ENGINE_INFO_RESULT_STORE_FAILED,
	};

	return k->store != NULL ? states[k->store->state(k->store_mod)]
				: ENGINE_INFO_RESULT_STORE_NONE;
}

static void
list_modules(struct wn_kernel *k, struct wn_ctx *ctx, struct engine_info_result *out)
{
	size_t n = wn_registry_count(k->registry);

	out->modules = wn_arena_array(ctx->arena, n, sizeof(*out->modules));
	out->modules_len = n;
	for (size_t i = 0; i < n; i++) {
		const struct wn_mod *m = wn_registry_at(k->registry, i);

		out->modules[i].name = wn_str(m->desc->name);
		out->modules[i].version = wn_str(m->desc->version);
		out->modules[i].state =
			engine_info_result_modules_item_state_value(wn_str(wn_registry_state(m)));
	}
}

wn_err
engine_on_info(struct wn_mod *mod, struct wn_ctx *ctx, const struct engine_info_params *in,
	       struct engine_info_result *out)
{
	struct wn_kernel *k = wn_kernel_of(mod);
	struct engine_state *s = mod->state;

	(void)in;
	out->pid = getpid();
	out->version = WN_STR(WN_VERSION);
	out->protocol = WN_PROTOCOL;
	out->started = k->boot_ms;
	out->uptime_ms = (wn_mono_ns(k->opts.clock) - k->boot_ns) / 1000000;
	out->state_dir = wn_str(k->opts.state_dir);
	out->socket = wn_str(k->opts.socket_path);
	out->log = wn_str(k->opts.log_path);
	out->store = store_state(k);
	if (s->store_why != NULL && s->store_why[0] != '\0')
		out->store_why = wn_str(s->store_why);
	out->seq = wn_bus_seq(k->bus);
	list_modules(k, ctx, out);
	out->connections = (int64_t)wn_server_connections(k->server);
	out->jobs = (int64_t)wn_jobs_running(k->jobs);
	return WN_OK;
}

static void
quit(void *arg)
{
	wn_kernel_quit(arg);
}

wn_err
engine_on_stop(struct wn_mod *mod, struct wn_ctx *ctx, const struct engine_stop_params *in,
	       struct engine_stop_result *out)
{
	struct wn_kernel *k = wn_kernel_of(mod);

	(void)in;
	wn_log(k->opts.log, WN_LOG_INFO, "engine", "asked to stop", WN_S("actor", ctx->actor));
	out->stopping = true;
	wn_loop_post(k->loop, quit, k); /* the answer is written at the end of this turn */
	return WN_OK;
}

struct rebuild {
	struct wn_ctx *ctx;
	int64_t done;
};

static void
on_rebuild(void *arg, int64_t done, int64_t total)
{
	struct rebuild *r = arg;

	r->done = done;
	wn_job_progress(r->ctx, done, total, "reading the log");
}

wn_err
engine_on_rebuild(struct wn_mod *mod, struct wn_ctx *ctx, const struct engine_rebuild_params *in,
		  struct engine_rebuild_result *out)
{
	struct wn_kernel *k = wn_kernel_of(mod);
	struct rebuild r = { .ctx = ctx };
	wn_err err;

	(void)in;
	if (k->store == NULL)
		return WN_FAIL(ctx, WN_E_UNAVAILABLE, "this engine has no store");
	err = k->store->rebuild(k->store_mod, on_rebuild, &r, &ctx->diag);
	out->events = r.done;
	return err;
}

wn_err
engine_on_rpc_discover(struct wn_mod *mod, struct wn_ctx *ctx, const struct rpc_discover_params *in,
		       struct rpc_discover_result *out)
{
	struct wn_kernel *k = wn_kernel_of(mod);

	(void)in;
	if (k->opts.contracts.openrpc == NULL)
		return WN_FAIL(ctx, WN_E_UNAVAILABLE, "this engine carries no OpenRPC document");
	out->openrpc = wn_str(k->opts.contracts.openrpc);
	return WN_OK;
}

/* ---- settings ---- */

static void
fill_setting(const struct wn_config *c, const struct wn_setting *s, struct model_setting *out)
{
	out->name = wn_str(s->name);
	out->value = wn_str(wn_config_json(c, s->name));
	out->default_ = wn_str(s->fallback);
	out->source = model_setting_source_value(wn_str(wn_config_source(c, s->name)));
	out->summary = wn_str(s->summary);
	out->env = wn_str(s->env);
	out->flag = wn_str(s->flag);
}

wn_err
engine_on_config_list(struct wn_mod *mod, struct wn_ctx *ctx, const struct config_list_params *in,
		      struct config_list_result *out)
{
	const struct wn_config *c = wn_kernel_of(mod)->opts.config;
	size_t n = wn_config_count(c);

	out->settings = wn_arena_array(ctx->arena, n, sizeof(*out->settings));
	for (size_t i = 0; i < n; i++) {
		const struct wn_setting *s = wn_config_at(c, i);

		if (wn_str_has_prefix(wn_str(s->name), in->prefix))
			fill_setting(c, s, &out->settings[out->settings_len++]);
	}
	return WN_OK;
}

wn_err
engine_on_config_get(struct wn_mod *mod, struct wn_ctx *ctx, const struct config_get_params *in,
		     struct config_get_result *out)
{
	const struct wn_config *c = wn_kernel_of(mod)->opts.config;

	for (size_t i = 0; i < wn_config_count(c); i++) {
		if (wn_str_is(in->name, wn_config_at(c, i)->name)) {
			fill_setting(c, wn_config_at(c, i), &out->setting);
			return WN_OK;
		}
	}
	return WN_FAIL(ctx, WN_E_NOT_FOUND, "there is no setting %.*s", WN_STR_ARG(in->name));
}
