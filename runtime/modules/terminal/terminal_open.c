/*
 * terminal.open: a shell or a program under a shim of its own. Job thread.
 */
#include "runtime/modules/terminal/terminal.h"

#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"

struct opening {
	struct wn_mod *m;
	struct wn_ctx *ctx;
	const struct terminal_open_params *params;
	struct terminal_open_result *result;
	char id[WN_ULID_MAX];
	const char *cwd, *program;
	struct wn_workspace ws;
	const char *const *argv;
	bool sandboxed;
	int64_t pid;
};

static const char *
user_shell(struct opening *o)
{
	const char *set = o->m->host->config_str(o->m->host, "terminal.shell");
	struct passwd pw, *found = NULL;
	char *space = (char *)wn_arena_alloc(o->ctx->arena, 4096);
	const char *env = getenv("SHELL");

	if (set && set[0])
		return set;
	if (env && env[0] == '/' && access(env, X_OK) == 0)
		return env;
	if (getpwuid_r(getuid(), &pw, space, 4096, &found) == 0 && found &&
	    access(pw.pw_shell, X_OK) == 0)
		return pw.pw_shell;
	return "/bin/sh";
}

/* True when dir is top or lies below it, links resolved. */
static bool
inside(const char *dir, const char *top)
{
	char real[PATH_MAX];
	size_t n = strlen(top);

	return realpath(dir, real) && strncmp(real, top, n) == 0 &&
	       (real[n] == '\0' || real[n] == '/' || n == 1);
}

static wn_err
find_place(struct opening *o)
{
	const struct wn_bound *b = &o->m->bound[NEED_WORKSPACE];
	const char *home = getenv("HOME");
	wn_err err = WN_OK;

	if (o->params->workspace.p)
		err = ((const struct wn_iface_workspace *)b->vtable)
			      ->get(b->mod, o->ctx, o->params->workspace, &o->ws);
	if (err)
		return err;
	if (o->params->cwd.p && memchr(o->params->cwd.p, '\0', o->params->cwd.len))
		return WN_FAIL(o->ctx, WN_E_INVALID, "the directory has a NUL byte in its name");
	o->cwd = o->params->cwd.p
			 ? wn_arena_strndup(o->ctx->arena, o->params->cwd.p, o->params->cwd.len)
		 : o->ws.path ? o->ws.path
		 : home	      ? home
			      : "/";
	if (o->cwd[0] != '/' || !wn_file_is_dir(o->cwd))
		return WN_FAIL(o->ctx, WN_E_NOT_FOUND, "there is no directory %s", o->cwd);
	if (o->params->sandbox && !o->ws.path)
		return WN_FAIL(o->ctx, WN_E_INVALID, "a sandboxed terminal needs a workspace");
	if (o->params->sandbox && !inside(o->cwd, o->ws.path))
		return WN_FAIL(o->ctx, WN_E_INVALID,
			       "a sandboxed terminal sees only its workspace, not %s", o->cwd);
	return WN_OK;
}

static wn_err
box(struct opening *o)
{
	static const char *const env[] = { "PATH=/usr/local/bin:/usr/bin:/bin",
					   "HOME=/tmp",
					   "LANG=C.UTF-8",
					   "TERM=xterm-256color",
					   "COLORTERM=truecolor",
					   NULL };
	struct wn_sandbox_spec spec = { .name = o->ws.id,
					.kind = "terminal",
					.workspace = o->ws.path,
					.env = env,
					.cwd = o->cwd,
					.terminal = true };
	const struct wn_bound *b = &o->m->bound[NEED_SANDBOX];
	const char *limits;

	return ((const struct wn_iface_sandbox *)b->vtable)
		->command(b->mod, o->ctx, &spec, o->argv, &o->argv, &o->sandboxed, &limits);
}

static wn_err
find_argv(struct opening *o)
{
	size_t n = o->params->argv_len;
	const char **argv = (const char **)wn_arena_array(o->ctx->arena, n + 2, sizeof *argv);

	for (size_t i = 0; i < n; i++) {
		if (memchr(o->params->argv[i].p, '\0', o->params->argv[i].len))
			return WN_FAIL(o->ctx, WN_E_INVALID, "argument %zu has a NUL byte in it",
				       i);
		argv[i] = wn_arena_strndup(o->ctx->arena, o->params->argv[i].p,
					   o->params->argv[i].len);
	}
	if (n == 0)
		argv[0] = o->params->sandbox ? "/bin/bash" : user_shell(o);
	if (!argv[0][0])
		return WN_FAIL(o->ctx, WN_E_INVALID, "the program has no name");
	o->program = wn_path_base(argv[0]);
	o->argv = argv;
	return o->params->sandbox ? box(o) : WN_OK;
}

static void
write_spec(struct opening *o, struct wn_buf *out)
{
	char *socket = terminal_path(o->m->host, o->id, "shim.sock");
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "kind", "terminal");
	wn_jw_kstr(&w, "socket", socket);
	wn_jw_kstr(&w, "cwd", o->sandboxed ? "/" : o->cwd);
	wn_jw_kint(&w, "rows", o->params->rows);
	wn_jw_kint(&w, "cols", o->params->cols);
	wn_jw_kint(&w, "scrollback", o->m->host->config_int(o->m->host, "terminal.scrollback"));
	wn_jw_key(&w, "env");
	wn_jw_object(&w);
	wn_jw_kstr(&w, "COLORTERM", "truecolor");
	wn_jw_kstr(&w, "WEBNOVA_TERMINAL", o->id);
	wn_jw_object_end(&w);
	wn_jw_key(&w, "argv");
	wn_jw_array(&w);
	for (const char *const *a = o->argv; *a; a++)
		wn_jw_cstr(&w, *a);
	wn_jw_array_end(&w);
	wn_jw_object_end(&w);
	wn_free(socket);
}

static wn_err
start_shim(struct opening *o)
{
	const char *argv[] = { o->m->host->self_path, "--shim", "--detach", NULL };
	struct wn_exec x = { .argv = argv, .timeout_ms = 10000 };
	struct wn_exec_result r;
	const atomic_int *cancelled = o->ctx->cancelled;
	struct wn_json *j = NULL;
	struct wn_buf spec;
	wn_err err;

	wn_buf_init(&spec, 1u << 20);
	write_spec(o, &spec);
	x.input = wn_buf_view(&spec);
	/* Cut short in the middle, a keeper could be left that nobody knows. */
	o->ctx->cancelled = NULL;
	err = o->m->host->exec(o->m, o->ctx, &x, &r);
	o->ctx->cancelled = cancelled;
	wn_buf_fini(&spec);
	if (!err && r.out.len == 0)
		err = WN_FAIL(o->ctx, WN_E_PROCESS,
			      "the terminal's keeper process did not start (exit code %d): %.*s",
			      r.status, WN_STR_ARG(wn_str_trim(r.err)));
	if (!err)
		err = wn_json_parse(r.out, NULL, &j, &o->ctx->diag);
	if (!err && wn_json_get(j, "error"))
		err = WN_FAIL(o->ctx,
			      wn_error_by_name(
				      wn_json_get_str(wn_json_get(j, "error"), "name", "process")),
			      "%s",
			      wn_json_get_str(wn_json_get(j, "error"), "text",
					      "the terminal did not start"));
	o->pid = (int64_t)wn_json_get_num(j, "child", 0);
	wn_json_free(j);
	return err;
}

/* For an engine that comes after this one. */
static wn_err
write_card(struct opening *o)
{
	char *path = terminal_path(o->m->host, o->id, "terminal.json");
	struct wn_json *j = wn_json_new_object();
	struct wn_buf text;
	wn_err err;

	wn_json_set_str(j, "tenant", o->ctx->tenant);
	wn_json_set_str(j, "workspace", o->ws.id ? o->ws.id : "");
	wn_json_set_str(j, "program", o->program);
	wn_json_set_bool(j, "sandboxed", o->sandboxed);
	wn_buf_init(&text, 65536);
	err = wn_json_print(j, &text);
	if (!err)
		err = wn_file_write(path, wn_buf_view(&text), 0600, &o->ctx->diag);
	wn_buf_fini(&text);
	wn_json_free(j);
	wn_free(path);
	return err;
}

/* A place among the terminals is taken before anything starts, so that many opens at once keep to
 * the limit. */
static wn_err
reserve(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct terminal *t = terminal_of(m);
	size_t n = t->items.len + t->opening;

	(void)arg;
	if ((int64_t)n >= m->host->config_int(m->host, "terminal.max"))
		return WN_FAIL(ctx, WN_E_LIMIT,
			       "there are %zu terminals already; close one, or raise terminal.max",
			       n);
	t->opening++;
	return WN_OK;
}

static wn_err
release(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	(void)ctx;
	(void)arg;
	terminal_of(m)->opening--;
	return WN_OK;
}

static wn_err
add(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct opening *o = (struct opening *)arg;
	struct terminal_item *it = terminal_item_new(m, o->id, ctx->tenant);
	wn_err err;

	snprintf(it->workspace, sizeof it->workspace, "%s", o->ws.id ? o->ws.id : "");
	wn_free(it->program);
	it->program = wn_strdup(o->program);
	it->rows = o->params->rows;
	it->cols = o->params->cols;
	it->pid = o->pid;
	it->running = true;
	it->sandboxed = o->sandboxed;
	err = terminal_item_watch(it, &ctx->diag);
	if (err)
		terminal_item_remove(it); /* which records its end */
	else
		terminal_item_model(it, ctx->arena, &o->result->terminal);
	return err;
}

static wn_err
announce(struct opening *o)
{
	struct terminal_opened e = { .terminal = wn_str(o->id),
				     .program = wn_str(o->program),
				     .workspace = wn_str(o->ws.id),
				     .sandboxed = o->sandboxed };

	return emit_terminal_opened(o->m, o->ctx,
				    wn_arena_printf(o->ctx->arena, "terminal/%s", o->id), &e);
}

/* Ends what was started of a terminal that is not going to be; the first failure's text stays. */
static void
undo(struct opening *o, const char *dir)
{
	char *socket = terminal_path(o->m->host, o->id, "shim.sock");
	const atomic_int *cancelled = o->ctx->cancelled;
	struct wn_diag first = o->ctx->diag;
	struct wn_str result, bytes;

	o->ctx->cancelled = NULL;
	if (wn_file_exists(socket) &&
	    o->m->host->link_ask(o->m, o->ctx, socket, "shim.forget", WN_STR("{}"), WN_STR_NONE,
				 &result, &bytes))
		wn_log(o->m->host->log, WN_LOG_WARN, "terminal",
		       "a failed terminal's program may still run", WN_S("terminal", o->id));
	if (wn_file_rmtree(dir, NULL))
		wn_log(o->m->host->log, WN_LOG_WARN, "terminal", "leftovers stay",
		       WN_S("path", dir));
	o->ctx->cancelled = cancelled;
	o->ctx->diag = first;
	wn_free(socket);
}

static wn_err
open_reserved(struct opening *o)
{
	struct wn_mod *m = o->m;
	wn_err err = find_place(o);
	char *dir;

	if (!err)
		err = find_argv(o);
	if (err)
		return err;
	m->host->new_id(m->host, o->id);
	dir = terminal_path(m->host, o->id, "");
	err = wn_file_mkdirs(dir, 0700, &o->ctx->diag);
	if (!err)
		err = write_card(o);
	if (!err)
		err = start_shim(o);
	if (!err)
		err = announce(o);
	if (!err)
		err = m->host->job_ask(m, o->ctx, add, o);
	if (err)
		undo(o, dir);
	wn_free(dir);
	return err;
}

wn_err
terminal_on_open(struct wn_mod *m, struct wn_ctx *ctx, const struct terminal_open_params *params,
		 struct terminal_open_result *result)
{
	struct opening o = { .m = m, .ctx = ctx, .params = params, .result = result };
	wn_err err = m->host->job_ask(m, ctx, reserve, NULL);

	if (err)
		return err;
	err = open_reserved(&o);
	(void)m->host->job_ask(m, ctx, release, NULL);
	return err;
}
