/*
 * Processes and files of one database: a cluster copied from a template, a server under a shim and
 * in a sandbox that sees its data and its socket only, and clients in boxes of their own. Job
 * threads.
 */
#include "runtime/modules/database/database.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/json.h"
#include "runtime/base/json_write.h"

#define POLL_MS 20
#define END_MS 30000
#define LET_GO_MS 6000
#define TOOL_MS 600000 /* copying, making a cluster */

const char *const *
database_argv(struct wn_arena *a, const char *const *words, size_t n)
{
	const char **out = (const char **)wn_arena_array(a, n + 1, sizeof *out);

	for (size_t i = 0; i < n; i++)
		out[i] = words[i];
	return out;
}

const struct database_kind *
database_kind_of(enum model_server server)
{
	return server == MODEL_SERVER_MARIADB ? &database_mariadb : &database_postgresql;
}

void
database_place(struct database_at *at, struct wn_mod *m, struct wn_ctx *ctx, const char *workspace,
	       const char *environment)
{
	const struct wn_host *h = m->host;
	const char *run;

	*at = (struct database_at){
		.m = m, .ctx = ctx, .workspace = workspace, .environment = environment
	};
	at->dir = wn_arena_printf(ctx->arena, "%s/database/%s/%s", h->state_dir, workspace,
				  environment);
	/* A path of a socket has 107 bytes: the environment's name is hashed. */
	run = wn_arena_printf(ctx->arena, "%s/db/%s/%08x", h->run_dir, workspace,
			      (unsigned)wn_hash64(environment, strlen(environment), 0));
	at->sockets = wn_arena_printf(ctx->arena, "%s/s", run);
	at->shim = wn_arena_printf(ctx->arena, "%s/shim", run);
}

/* ---- one at a time ---- */

wn_err
database_claim(struct database_at *at)
{
	struct database *d = database_of(at->m);
	bool taken;

	pthread_mutex_lock(&d->lock);
	taken = wn_map_has(&d->busy, wn_str(at->dir));
	if (!taken)
		(void)wn_map_set(&d->busy, wn_str(at->dir), d);
	pthread_mutex_unlock(&d->lock);
	at->claimed = !taken;
	return taken ? WN_FAIL(at->ctx, WN_E_BUSY, "somebody else works on the database of %s now",
			       at->environment)
		     : WN_OK;
}

void
database_release(struct database_at *at)
{
	struct database *d = database_of(at->m);

	if (!at->claimed)
		return;
	pthread_mutex_lock(&d->lock);
	(void)wn_map_remove(&d->busy, wn_str(at->dir));
	pthread_mutex_unlock(&d->lock);
	at->claimed = false;
}

/* ---- boxes ---- */

/* The box's own user, whom the servers look up. */
#define PASSWD "webnova:x:1000:1000::/tmp:/bin/sh\n"

struct box {
	const char *name;
	struct wn_sandbox_bind binds[5];
	size_t n;
	const char *const *env;
};

static void
show(struct box *b, const char *from, const char *to, bool writable)
{
	b->binds[b->n++] = (struct wn_sandbox_bind){ from, to, writable };
}

/* Strangers' SQL runs in there, and a server whose holes are not ours: without a box, nothing. */
static wn_err
boxed(struct database_at *at, struct box *b, const char *const *argv, const char *const **out)
{
	const struct wn_bound *bound = &at->m->bound[DATABASE_NEED_SANDBOX];
	const char *top = wn_arena_printf(at->ctx->arena, "%s/database", at->m->host->state_dir);
	const char *passwd = wn_arena_printf(at->ctx->arena, "%s/passwd", top);
	struct wn_sandbox_spec spec = {
		.name = b->name, .binds = b->binds, .env = b->env, .cwd = "/"
	};
	bool isolated = false;
	const char *limits;
	wn_err err = WN_OK;

	if (!wn_file_exists(passwd))
		err = wn_file_mkdirs(top, 0700, &at->ctx->diag);
	if (!err && !wn_file_exists(passwd))
		err = wn_file_write(passwd, WN_STR(PASSWD), 0644, &at->ctx->diag);
	show(b, passwd, "/etc/passwd", false);
	spec.nbinds = b->n;
	if (!err)
		err = ((const struct wn_iface_sandbox *)bound->vtable)
			      ->command(bound->mod, at->ctx, &spec, argv, out, &isolated, &limits);
	if (!err && !isolated)
		err = WN_FAIL(at->ctx, WN_E_SANDBOX, "databases run in a sandbox only");
	return err;
}

/* What a program said went wrong: its first line that names an error, else its last one. */
static const char *
reason(struct wn_ctx *ctx, struct wn_str text)
{
	struct wn_str line, found = WN_STR("it said nothing");

	while (wn_str_split(&text, '\n', &line)) {
		if (line.len > 0)
			found = line;
		if (memmem(line.p, line.len, "ERROR", 5) != NULL ||
		    memmem(line.p, line.len, "FATAL", 5) != NULL ||
		    memmem(line.p, line.len, "error:", 6) != NULL)
			break;
	}
	return wn_arena_strndup(ctx->arena, found.p, found.len < 400 ? found.len : 400);
}

static wn_err
run(struct database_at *at, const char *what, const char *const *argv, struct wn_str input,
    size_t output_max, int64_t timeout_ms, struct wn_exec_result *out)
{
	struct wn_exec x = {
		.argv = argv, .input = input, .output_max = output_max, .timeout_ms = timeout_ms
	};
	wn_err err = at->m->host->exec(at->m, at->ctx, &x, out);

	if (!err && out->status != 0)
		err = WN_FAIL(at->ctx, WN_E_PROCESS, "%s failed: %s", what,
			      reason(at->ctx, out->err.len > 0 ? out->err : out->out));
	return err;
}

wn_err
database_tool(struct database_at *at, const char *const *argv, bool admin, struct wn_str input,
	      size_t output_max, int64_t timeout_ms, struct wn_exec_result *out)
{
	struct box b = { .name = at->workspace };
	const char *const *boxed_argv;
	const char *password;
	wn_err err = database_password(at, admin, &password);

	if (err)
		return err;
	b.env = at->kind->client_env(at->ctx->arena, admin, password);
	show(&b, at->sockets, WN_DATABASE_DIR, true);
	show(&b, wn_arena_printf(at->ctx->arena, "%s/backup", at->dir), "/backup", !input.len);
	err = boxed(at, &b, argv, &boxed_argv);
	return err ? err : run(at, "the database", boxed_argv, input, output_max, timeout_ms, out);
}

/* ---- passwords: the superuser's in a file of the engine's, the owner's a secret of the workspace
 * ---- */

static wn_err
read_word(struct wn_ctx *ctx, const char *path, const char **out)
{
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, 4096);
	err = wn_file_read(path, &b, &ctx->diag);
	if (!err)
		*out = wn_arena_strndup(ctx->arena, b.p != NULL ? b.p : "", b.len);
	wn_buf_fini(&b);
	return err;
}

wn_err
database_password(struct database_at *at, bool admin, const char **out)
{
	return read_word(
		at->ctx,
		wn_arena_printf(at->ctx->arena, "%s/%s", at->dir, admin ? "admin" : "owner"), out);
}

static void
new_password(char out[DATABASE_PASSWORD])
{
	unsigned char bytes[16];

	wn_random(bytes, sizeof bytes);
	wn_hex(bytes, sizeof bytes, out);
}

static wn_err
keep_password(struct database_at *at, const char *name, const char *password)
{
	return wn_file_write(wn_arena_printf(at->ctx->arena, "%s/%s", at->dir, name),
			     wn_str(password), 0600, &at->ctx->diag);
}

static wn_err
keep_address(struct database_at *at, const char *password)
{
	const struct wn_bound *b = &at->m->bound[DATABASE_NEED_SECRET];
	char url[256];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	(void)snprintf(url, sizeof url, at->kind->url, password);
#pragma GCC diagnostic pop
	return ((const struct wn_iface_secret *)b->vtable)
		->keep(b->mod, at->ctx, at->workspace, at->environment, "DATABASE_URL",
		       wn_str(url));
}

wn_err
database_bootstrap(struct database_at *at, bool has_app)
{
	struct wn_arena *a = at->ctx->arena;
	char admin[DATABASE_PASSWORD], owner[DATABASE_PASSWORD];
	struct wn_exec_result result;
	wn_err err;

	new_password(admin);
	new_password(owner);
	err = database_tool(at, at->kind->client(a, true), true,
			    wn_str(at->kind->bootstrap(a, admin, owner, has_app)), 0, END_MS,
			    &result);
	if (!err)
		err = keep_password(at, "admin", admin);
	if (!err)
		err = keep_password(at, "owner", owner);
	return err ? err : keep_address(at, owner);
}

/* ---- clusters ---- */

/* A cluster in stage/data, and its superuser's password in stage/admin. */
static wn_err
make_cluster(struct database_at *at, const char *stage)
{
	struct wn_arena *a = at->ctx->arena;
	const char *data = wn_arena_printf(a, "%s/data", stage);
	const char *in = wn_arena_printf(a, "%s/in", stage);
	bool asks = at->kind->server == MODEL_SERVER_POSTGRESQL;
	char password[DATABASE_PASSWORD] = "";
	struct box b = { .name = at->workspace,
			 .env = DATABASE_ARGV(a, "PATH=/usr/bin:/bin:/usr/sbin", "HOME=/tmp",
					      "LANG=C.UTF-8") };
	const char *const *argv;
	struct wn_exec_result result;
	wn_err err = wn_file_mkdirs(data, 0700, &at->ctx->diag);

	if (asks)
		new_password(password);
	if (!err)
		err = wn_file_mkdirs(in, 0700, &at->ctx->diag);
	if (!err)
		err = wn_file_write(wn_arena_printf(a, "%s/password", in), wn_str(password), 0600,
				    &at->ctx->diag);
	if (!err)
		err = wn_file_write(wn_arena_printf(a, "%s/admin", stage), wn_str(password), 0600,
				    &at->ctx->diag);
	show(&b, data, "/data", true);
	show(&b, in, "/in", false);
	if (!err)
		err = boxed(at, &b, at->kind->make(a), &argv);
	return err ? err
		   : run(at, "making a database cluster", argv, WN_STR_NONE, 0, TOOL_MS, &result);
}

/* The template of this version; made once, by whoever comes first. With the lock held. */
static wn_err
template_of(struct database_at *at, const char **out)
{
	struct wn_arena *a = at->ctx->arena;
	const char *dir = wn_arena_printf(
		a, "%s/database/%s-%s", at->m->host->cache_dir,
		at->kind->server == MODEL_SERVER_MARIADB ? "mariadb" : "postgresql", at->version);
	const char *stage = wn_arena_printf(a, "%s.new", dir);
	wn_err err;

	*out = dir;
	if (wn_file_is_dir(dir))
		return WN_OK;
	at->m->host->job_progress(at->ctx, 1, 4, "making a template cluster, once");
	err = wn_file_rmtree(stage, &at->ctx->diag);
	if (!err)
		err = make_cluster(at, stage);
	if (!err && rename(stage, dir) != 0)
		err = WN_FAIL(at->ctx, WN_E_IO, "the template cluster could not be put in place");
	if (err)
		(void)!wn_file_rmtree(stage, NULL);
	return err;
}

static wn_err
copy(struct database_at *at, const char *from, const char *name)
{
	struct wn_arena *a = at->ctx->arena;
	struct wn_exec_result result;

	return run(at, "copying the cluster",
		   DATABASE_ARGV(a, "cp", "-a", "--reflink=auto",
				 wn_arena_printf(a, "%s/%s", from, name),
				 wn_arena_printf(a, "%s/%s", at->dir, name)),
		   WN_STR_NONE, 0, TOOL_MS, &result);
}

wn_err
database_fill(struct database_at *at, const struct database_at *from)
{
	struct database *d = database_of(at->m);
	const char *source = from != NULL ? from->dir : NULL;
	wn_err err = WN_OK;

	if (source == NULL) {
		pthread_mutex_lock(&d->lock);
		err = template_of(at, &source);
		pthread_mutex_unlock(&d->lock);
	}
	if (!err)
		err = wn_file_mkdirs(wn_arena_printf(at->ctx->arena, "%s/backup", at->dir), 0700,
				     &at->ctx->diag);
	at->m->host->job_progress(at->ctx, 2, 4, "copying the cluster");
	if (!err)
		err = copy(at, source, "data");
	if (!err)
		err = copy(at, source, "admin");
	return err;
}

/* ---- the server ---- */

static bool
ask(const struct database_at *at, const char *method, const char *params, struct wn_json **out)
{
	struct wn_diag keep = at->ctx->diag;
	struct wn_str result, bytes;
	bool ok;

	*out = NULL;
	ok = wn_file_exists(at->shim) &&
	     at->m->host->link_ask(at->m, at->ctx, at->shim, method, wn_str(params), WN_STR_NONE,
				   &result, &bytes) == WN_OK &&
	     wn_json_parse(result, NULL, out, NULL) == WN_OK;
	at->ctx->diag = keep;
	return ok;
}

bool
database_runs(const struct database_at *at)
{
	struct wn_json *j;
	bool runs = ask(at, "shim.hello", "{}", &j) && !wn_json_get_bool(j, "exited", false);

	wn_json_free(j);
	return runs;
}

static void
write_spec(struct database_at *at, const char *const *argv, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "kind", "service");
	wn_jw_kstr(&w, "socket", at->shim);
	wn_jw_kstr(&w, "cwd", "/");
	wn_jw_key(&w, "argv");
	wn_jw_array(&w);
	for (; *argv; argv++)
		wn_jw_cstr(&w, *argv);
	wn_jw_array_end(&w);
	wn_jw_kstr(&w, "log_file", wn_arena_printf(at->ctx->arena, "%s/server.log", at->dir));
	wn_jw_object_end(&w);
}

static wn_err
read_ready(struct database_at *at, struct wn_str line)
{
	struct wn_json *j = NULL;
	const struct wn_json *e;
	wn_err err;

	if (line.len == 0)
		return WN_FAIL(at->ctx, WN_E_PROCESS,
			       "the keeper process did not start; the engine's log may say why");
	err = wn_json_parse(line, NULL, &j, &at->ctx->diag);
	e = wn_json_get(j, "error");
	if (!err && e != NULL)
		err = WN_FAIL(at->ctx, WN_E_PROCESS, "%s",
			      wn_json_get_str(e, "text", "the keeper process did not start"));
	wn_json_free(j);
	return err;
}

static wn_err
start_shim(struct database_at *at)
{
	struct wn_arena *a = at->ctx->arena;
	const char *shim[] = { at->m->host->self_path, "--shim", "--detach", NULL };
	struct wn_exec x = { .argv = shim, .timeout_ms = 10000 };
	struct box b = { .name = wn_arena_printf(a, "%s-db", at->workspace),
			 .env = DATABASE_ARGV(a, "PATH=/usr/bin:/bin", "HOME=/tmp",
					      "LANG=C.UTF-8") };
	const atomic_int *cancelled = at->ctx->cancelled;
	const char *const *argv;
	struct wn_exec_result result;
	struct wn_buf spec;
	wn_err err;

	show(&b, wn_arena_printf(a, "%s/data", at->dir), "/data", true);
	show(&b, at->sockets, WN_DATABASE_DIR, true);
	err = boxed(at, &b, at->kind->serve(a), &argv);
	if (err)
		return err;
	wn_buf_init(&spec, 1u << 20);
	write_spec(at, argv, &spec);
	x.input = wn_buf_view(&spec);
	/* Cut short in the middle, a keeper could be left that nobody knows. */
	at->ctx->cancelled = NULL;
	err = at->m->host->exec(at->m, at->ctx, &x, &result);
	at->ctx->cancelled = cancelled;
	wn_buf_fini(&spec);
	return err ? err : read_ready(at, result.out);
}

/* Its last words, for the person who waits. */
static const char *
last_words(struct database_at *at)
{
	struct wn_json *j;
	const char *text = "it said nothing";

	if (ask(at, "shim.log", "{}", &j))
		for (const struct wn_json *l = wn_json_first(wn_json_get(j, "lines")); l != NULL;
		     l = wn_json_next(l))
			if (wn_json_get_str(l, "text", "")[0] != '\0')
				text = wn_arena_strdup(at->ctx->arena,
						       wn_json_get_str(l, "text", ""));
	wn_json_free(j);
	return text;
}

/* Whether it takes a query now. Until it does, failures are not the person's business. */
static bool
answers(struct database_at *at)
{
	struct wn_diag keep = at->ctx->diag;
	struct wn_exec_result result;
	wn_err err = database_tool(at, at->kind->client(at->ctx->arena, true), true,
				   WN_STR("SELECT 1;\n"), 0, END_MS, &result);

	at->ctx->diag = keep;
	return err == WN_OK;
}

static wn_err
await_answer(struct database_at *at)
{
	const struct wn_host *h = at->m->host;
	int64_t seconds = h->config_int(h, "database.start_seconds");
	int64_t until = wn_mono_ns(h->clock) + seconds * 1000000000;
	wn_err err;

	while (!answers(at)) {
		if (!database_runs(at))
			return WN_FAIL(at->ctx, WN_E_PROCESS,
				       "the server ended before it answered: %s", last_words(at));
		if (wn_mono_ns(h->clock) > until)
			return WN_FAIL(at->ctx, WN_E_DEADLINE,
				       "the server did not answer in %lld s; its last words: %s",
				       (long long)seconds, last_words(at));
		err = h->job_wait(at->ctx, POLL_MS);
		if (err)
			return err;
	}
	return WN_OK;
}

wn_err
database_up(struct database_at *at)
{
	wn_err err;

	if (database_runs(at))
		return WN_OK;
	at->m->host->job_progress(at->ctx, 3, 4, "starting the server");
	/* One that ended by itself left its keeper, or its keeper's socket. */
	err = database_down(at);
	if (!err)
		err = wn_file_mkdirs(at->sockets, 0700, &at->ctx->diag);
	if (!err)
		err = start_shim(at);
	if (!err)
		err = await_answer(at);
	if (err)
		(void)!database_down(at);
	return err;
}

/* Waits until hello says that it has ended; false: it has not in time. */
static bool
await_end(struct database_at *at)
{
	int64_t until = wn_mono_ns(at->m->host->clock) + (int64_t)END_MS * 1000000;

	while (database_runs(at)) {
		if (wn_mono_ns(at->m->host->clock) > until)
			return false;
		(void)!at->m->host->job_wait(at->ctx, POLL_MS);
	}
	return true;
}

wn_err
database_down(struct database_at *at)
{
	const atomic_int *cancelled = at->ctx->cancelled;
	const char *stop = at->kind != NULL ? at->kind->stop_signal : "TERM";
	struct wn_json *j;
	bool ended;

	if (!wn_file_exists(at->shim))
		return WN_OK;
	at->ctx->cancelled = NULL; /* an end is carried through */
	(void)ask(at, "shim.signal", wn_arena_printf(at->ctx->arena, "{\"signal\":\"%s\"}", stop),
		  &j);
	wn_json_free(j);
	ended = await_end(at);
	if (ended) {
		(void)ask(at, "shim.forget", "{}", &j);
		wn_json_free(j);
		/* It lets go of its socket a moment later, and the place may be wanted again. */
		for (int i = 0; i < LET_GO_MS / POLL_MS && wn_file_exists(at->shim); i++)
			(void)!at->m->host->job_wait(at->ctx, POLL_MS);
	}
	at->ctx->cancelled = cancelled;
	return ended ? WN_OK
		     : WN_FAIL(at->ctx, WN_E_DEADLINE, "the server of %s does not end",
			       at->environment);
}
