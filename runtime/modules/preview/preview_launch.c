/*
 * Starting a platform under a shim, waiting until it answers, ending it. Job thread.
 */
#include "runtime/modules/preview/preview.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/json_write.h"

#define POLL_MS 40
#define END_WAIT_MS 6000

static void
wait_ms(int ms)
{
	(void)poll(NULL, 0, ms);
}

/* The shim's spec: what to run, where to listen, what to forward. */
static void
write_spec(struct preview_run *r, const char *const *argv, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "kind", "service");
	wn_jw_kstr(&w, "socket", r->socket);
	wn_jw_kstr(&w, "cwd", "/");
	wn_jw_key(&w, "argv");
	wn_jw_array(&w);
	for (; *argv; argv++)
		wn_jw_cstr(&w, *argv);
	wn_jw_array_end(&w);
	wn_jw_kstr(&w, "log_file",
		   wn_arena_printf(r->ctx->arena, "%s/../service.log", r->data_dir));
	wn_jw_key(&w, "forward");
	wn_jw_object(&w);
	wn_jw_kstr(&w, "socket", wn_arena_printf(r->ctx->arena, "%s/box/app.sock", r->run_dir));
	wn_jw_kint(&w, "port", r->port);
	wn_jw_object_end(&w);
	wn_jw_object_end(&w);
}

static wn_err
read_ready(struct preview_run *r, struct wn_str line)
{
	struct wn_json *j = NULL;
	const struct wn_json *e;
	wn_err err;

	if (line.len == 0)
		return WN_FAIL(r->ctx, WN_E_PROCESS,
			       "the keeper process did not start; the engine's log may say why");
	err = wn_json_parse(line, NULL, &j, &r->ctx->diag);
	if (err)
		return err;
	e = wn_json_get(j, "error");
	if (e)
		err = WN_FAIL(r->ctx, wn_error_by_name(wn_json_get_str(e, "name", "internal")),
			      "%s", wn_json_get_str(e, "text", "the keeper process did not start"));
	if (!err) { /* the port that was asked for is still needed to see that it was */
		r->port = (int)wn_json_get_num(j, "port", 0);
		r->pid = (int64_t)wn_json_get_num(j, "child", 0);
	}
	wn_json_free(j);
	return err;
}

/* A port that is taken since the last run is given up for any free one. */
static wn_err
start_shim(struct preview_run *r, const char *const *argv, bool port_is_asked)
{
	const char *shim[] = { r->m->host->self_path, "--shim", "--detach", NULL };
	struct wn_exec x = { .argv = shim, .timeout_ms = 10000 };
	const atomic_int *cancelled = r->ctx->cancelled;
	struct wn_exec_result result;
	struct wn_buf spec;
	wn_err err;

	for (;;) {
		wn_buf_init(&spec, 1u << 20);
		write_spec(r, argv, &spec);
		x.input = wn_buf_view(&spec);
		/* Cut short in the middle, a keeper could be left that nobody knows. */
		r->ctx->cancelled = NULL;
		err = r->m->host->exec(r->m, r->ctx, &x, &result);
		r->ctx->cancelled = cancelled;
		wn_buf_fini(&spec);
		if (!err)
			err = read_ready(r, result.out);
		if (!err || port_is_asked || r->port == 0 || wn_cancelled(r->ctx))
			return err;
		wn_diag_clear(&r->ctx->diag);
		r->port = 0;
	}
}

/* The start script for a shell. No runner stays between the keeper and the platform: it would die
 * of the signal that asks the platform to end, take the box down with it, and give an exit code of
 * its own. */
static const char *
start_line(struct preview_run *r)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@:+,- ";
	const char *script = preview_script(r, "start");

	return script && script[strspn(script, plain)] == '\0'
		       ? wn_arena_printf(r->ctx->arena, "exec %s", script)
		       : script;
}

wn_err
preview_launch(struct preview_run *r)
{
	const char *argv[] = { "/bin/sh", "-c", NULL, NULL };
	bool asked = r->port < 0, has_code;
	const char *const *boxed;
	wn_err err;
	int code;

	r->step = "start";
	if (asked)
		r->port = -r->port;
	r->m->host->job_progress(r->ctx, 3, 5, "starting");
	argv[2] = start_line(r);
	if (!argv[2])
		return WN_FAIL(r->ctx, WN_E_STATE, "package.json has no start script to run");
	/* The card of an earlier run must not vouch for this one, should the engine end now. */
	(void)unlink(preview_card(r->m->host, r->ctx->arena, r->ws.id));
	/* A service that ended by itself left its shim with the last words. */
	if (wn_file_exists(r->socket))
		(void)preview_end(r->m, r->ctx, r->socket, &code, &has_code);
	(void)unlink(wn_arena_printf(r->ctx->arena, "%s/box/app.sock", r->run_dir));
	err = preview_boxed(r, argv, true, &boxed);
	if (!err)
		err = start_shim(r, boxed, asked);
	return err ? err : preview_egress_start(r);
}

/* The last words of a service that did not come up, for the person who waits. */
static void
last_words(struct preview_run *r, char *out, size_t n)
{
	struct wn_str result, bytes;
	struct wn_json *j = NULL;
	struct wn_diag keep = r->ctx->diag;
	const char *text = "";
	bool is_error = false;

	if (r->m->host->link_ask(r->m, r->ctx, r->socket, "shim.log", WN_STR("{}"), WN_STR_NONE,
				 &result, &bytes) == WN_OK &&
	    wn_json_parse(result, NULL, &j, NULL) == WN_OK)
		for (const struct wn_json *l = wn_json_first(wn_json_get(j, "lines")); l;
		     l = wn_json_next(l)) {
			const char *line = wn_json_get_str(l, "text", "");

			/* Runtimes name the error first and end with a trailer that says nothing.
			 */
			if (line[0] && (!is_error || strstr(line, "Error: ")))
				text = line;
			is_error = is_error || strstr(line, "Error: ") != NULL;
		}
	snprintf(out, n, "%s", text);
	wn_json_free(j);
	r->ctx->diag = keep;
}

/* True when the child has ended; its exit code is taken over. */
static bool
has_ended(struct preview_run *r)
{
	struct wn_str result, bytes;
	struct wn_json *j = NULL;
	struct wn_diag keep = r->ctx->diag;
	bool ended = true;

	if (r->m->host->link_ask(r->m, r->ctx, r->socket, "shim.hello", WN_STR("{}"), WN_STR_NONE,
				 &result, &bytes) == WN_OK &&
	    wn_json_parse(result, NULL, &j, NULL) == WN_OK) {
		ended = wn_json_get_bool(j, "exited", true);
		r->has_exit_code = wn_json_get(j, "code") != NULL;
		r->exit_code = (int)wn_json_get_num(j, "code", 0);
	}
	wn_json_free(j);
	r->ctx->diag = keep;
	return ended;
}

static bool
answers(struct preview_run *r)
{
	struct wn_http q = { .method = "GET",
			     .url = "http://platform/health",
			     .unix_socket =
				     wn_arena_printf(r->ctx->arena, "%s/box/app.sock", r->run_dir),
			     .connect_ms = 1000,
			     .idle_ms = 5000 };
	struct wn_diag keep = r->ctx->diag;
	struct wn_http_result result = { 0 };
	wn_err err = wn_file_exists(q.unix_socket) ? r->m->host->http(r->m, r->ctx, &q, &result)
						   : WN_E_UNAVAILABLE;

	r->ctx->diag = keep;
	return !err && result.status == 200;
}

wn_err
preview_await_health(struct preview_run *r)
{
	const struct wn_host *h = r->m->host;
	int64_t seconds = h->config_int(h, "preview.start_seconds");
	int64_t until = wn_mono_ns(h->clock) + seconds * 1000000000;
	char words[400];

	r->step = "health";
	h->job_progress(r->ctx, 4, 5, "waiting for its health check");
	while (!answers(r)) {
		if (wn_cancelled(r->ctx))
			return WN_FAIL(r->ctx, WN_E_CANCELLED, "starting was cancelled");
		if (has_ended(r)) {
			last_words(r, words, sizeof words);
			return WN_FAIL(r->ctx, WN_E_PROCESS,
				       "the platform ended before it answered: %s", words);
		}
		if (wn_mono_ns(h->clock) > until) {
			last_words(r, words, sizeof words);
			return WN_FAIL(r->ctx, WN_E_DEADLINE,
				       "the platform did not answer GET /health in %lld s; its "
				       "last words: %s",
				       (long long)seconds, words);
		}
		wait_ms(POLL_MS);
	}
	return WN_OK;
}

static bool
ask(struct wn_mod *m, struct wn_ctx *ctx, const char *socket, const char *method,
    const char *params, struct wn_json **out)
{
	struct wn_str result, bytes;

	*out = NULL;
	return wn_file_exists(socket) &&
	       m->host->link_ask(m, ctx, socket, method, wn_str(params), WN_STR_NONE, &result,
				 &bytes) == WN_OK &&
	       wn_json_parse(result, NULL, out, NULL) == WN_OK;
}

wn_err
preview_end(struct wn_mod *m, struct wn_ctx *ctx, const char *socket, int *exit_code_out,
	    bool *has_code)
{
	int64_t until = wn_mono_ns(m->host->clock) + (int64_t)END_WAIT_MS * 1000000;
	const atomic_int *cancelled = ctx->cancelled;
	struct wn_diag keep = ctx->diag;
	struct wn_json *j;
	bool ended = false, there;

	/* An end is carried through even when what asked for it was cancelled. */
	ctx->cancelled = NULL;
	*has_code = false;
	(void)ask(m, ctx, socket, "shim.signal", "{\"signal\":\"TERM\"}", &j);
	wn_json_free(j);
	do {
		there = ask(m, ctx, socket, "shim.hello", "{}", &j);
		ended = !there || wn_json_get_bool(j, "exited", false);
		*has_code = there && wn_json_get(j, "code") != NULL;
		*exit_code_out = (int)wn_json_get_num(j, "code", 0);
		wn_json_free(j);
		if (!ended)
			wait_ms(POLL_MS);
	} while (!ended && wn_mono_ns(m->host->clock) < until);
	(void)ask(m, ctx, socket, "shim.forget", "{}", &j);
	wn_json_free(j);
	/* It lets go of its socket a moment later, and its place may be wanted again. */
	while (wn_file_exists(socket) && wn_mono_ns(m->host->clock) < until)
		wait_ms(POLL_MS / 4);
	ctx->cancelled = cancelled;
	ctx->diag = keep;
	return WN_OK;
}
