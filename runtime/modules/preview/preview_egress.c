/*
 * The way out of a service's box: a proxy process beside its shim, started with it and ending with
 * it, and what it recorded. Which names are allowed is the person's setting, never a file of the
 * workspace: the program in the box could write that.
 */
#include "runtime/modules/preview/preview.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/json_write.h"

#define READ_MAX (1u << 20)
#define TAIL 100

bool
preview_egress_is_on(const struct wn_host *h)
{
	return strcmp(h->config_str(h, "preview.egress"), "none") != 0;
}

static const char *
stats_path(const struct wn_host *h, struct wn_arena *a, const char *workspace)
{
	return wn_arena_printf(a, "%s/egress.json", preview_run_dir(h, a, workspace));
}

static const char *
log_path(const struct wn_host *h, struct wn_arena *a, const char *workspace)
{
	return wn_arena_printf(a, "%s/preview/%s/egress.log", h->state_dir, workspace);
}

static void
write_spec(struct preview_run *r, struct wn_buf *out)
{
	const struct wn_host *h = r->m->host;
	struct wn_arena *a = r->ctx->arena;
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "socket", wn_arena_printf(a, "%s/way/egress.sock", r->run_dir));
	wn_jw_kstr(&w, "stats", stats_path(h, a, r->ws.id));
	wn_jw_kstr(&w, "log", log_path(h, a, r->ws.id));
	wn_jw_kstr(&w, "mode", h->config_str(h, "preview.egress"));
	wn_jw_kstr(&w, "allow", h->config_str(h, "preview.egress_allow"));
	wn_jw_kstr(&w, "private", h->config_str(h, "preview.egress_private"));
	wn_jw_kint(&w, "pid", r->pid);
	wn_jw_object_end(&w);
}

wn_err
preview_egress_start(struct preview_run *r)
{
	const char *argv[] = { r->m->host->self_path, "--egress", "--detach", NULL };
	struct wn_exec x = { .argv = argv, .timeout_ms = 20000 };
	struct wn_exec_result result;
	struct wn_json *j = NULL;
	const char *why = "it did not start";
	struct wn_buf spec;
	wn_err err;

	if (!preview_egress_is_on(r->m->host) || !r->isolated)
		return WN_OK;
	(void)unlink(stats_path(r->m->host, r->ctx->arena, r->ws.id));
	wn_buf_init(&spec, 1u << 20);
	write_spec(r, &spec);
	x.input = wn_buf_view(&spec);
	err = r->m->host->exec(r->m, r->ctx, &x, &result);
	wn_buf_fini(&spec);
	if (err)
		return err;
	if (wn_json_parse(result.out, NULL, &j, NULL) == WN_OK)
		why = wn_json_get_str(j, "error", NULL);
	if (why)
		err = WN_FAIL(r->ctx, WN_E_PROCESS, "the way out of the box is not there: %s", why);
	wn_json_free(j);
	return err;
}

wn_err
preview_egress_prepare(struct preview_run *r)
{
	return wn_file_mkdirs(wn_arena_printf(r->ctx->arena, "%s/way", r->run_dir), 0700,
			      &r->ctx->diag);
}

/* --- what it recorded ---- */

/* A small file of ours, at most max bytes of its end; empty when it is not there. */
static struct wn_str
read_end(struct wn_arena *a, const char *path, size_t max)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	ssize_t n = -1;
	char *text = NULL;

	if (fd >= 0 && fstat(fd, &st) == 0) {
		text = (char *)wn_arena_alloc(a, max);
		n = pread(fd, text, max, st.st_size > (off_t)max ? st.st_size - (off_t)max : 0);
	}
	if (fd >= 0)
		close(fd);
	return wn_strn(n > 0 ? text : "", n > 0 ? (size_t)n : 0);
}

int64_t
preview_egress_refused(const struct wn_host *h, const char *workspace)
{
	struct wn_json *j = NULL;
	struct wn_arena arena;
	int64_t n = 0;

	wn_arena_init(&arena, 0);
	if (wn_json_parse(read_end(&arena, stats_path(h, &arena, workspace), 4096), NULL, &j,
			  NULL) == WN_OK)
		n = (int64_t)wn_json_get_num(j, "refused_targets", 0);
	wn_json_free(j);
	wn_arena_fini(&arena);
	return n;
}

static bool
entry(struct wn_arena *a, struct wn_str line, struct preview_egress_result_entries_item *out)
{
	struct wn_json *j = NULL;
	struct wn_str time;
	bool ok = wn_json_parse(line, NULL, &j, NULL) == WN_OK;

	time = wn_str(wn_json_get_str(j, "time", ""));
	ok = ok && wn_time_parse(time, &out->time) == WN_OK;
	if (ok) {
		out->host = wn_str(wn_arena_strdup(a, wn_json_get_str(j, "host", "")));
		out->port = (int64_t)wn_json_get_num(j, "port", 0);
		out->allowed = strcmp(wn_json_get_str(j, "result", ""), "allowed") == 0;
		out->up = (int64_t)wn_json_get_num(j, "up", 0);
		out->down = (int64_t)wn_json_get_num(j, "down", 0);
		out->ms = (int64_t)wn_json_get_num(j, "ms", 0);
		if (wn_json_get(j, "address"))
			out->address =
				wn_str(wn_arena_strdup(a, wn_json_get_str(j, "address", "")));
		if (wn_json_get(j, "reason"))
			out->reason = wn_str(wn_arena_strdup(a, wn_json_get_str(j, "reason", "")));
	}
	wn_json_free(j);
	return ok;
}

static void
sums(const struct wn_host *h, struct wn_arena *a, const char *workspace,
     struct preview_egress_result *out)
{
	struct wn_json *j = NULL;

	if (wn_json_parse(read_end(a, stats_path(h, a, workspace), 4096), NULL, &j, NULL) != WN_OK)
		return;
	out->requests = (int64_t)wn_json_get_num(j, "requests", 0);
	out->refused = (int64_t)wn_json_get_num(j, "refused", 0);
	out->up = (int64_t)wn_json_get_num(j, "up", 0);
	out->down = (int64_t)wn_json_get_num(j, "down", 0);
	wn_json_free(j);
}

wn_err
preview_on_egress(struct wn_mod *m, struct wn_ctx *ctx, const struct preview_egress_params *params,
		  struct preview_egress_result *result)
{
	const struct wn_bound *b = &m->bound[NEED_WORKSPACE];
	size_t max = params->has_tail ? (size_t)params->tail : TAIL, n = 0;
	const struct wn_host *h = m->host;
	struct preview_egress_result_entries_item *ring;
	struct wn_str rest, line;
	struct wn_workspace ws;
	wn_err err = ((const struct wn_iface_workspace *)b->vtable)
			     ->get(b->mod, ctx, params->workspace, &ws);

	if (err)
		return err;
	result->mode = preview_egress_result_mode_value(wn_str(h->config_str(h, "preview.egress")));
	sums(h, ctx->arena, ws.id, result);
	rest = read_end(ctx->arena, log_path(h, ctx->arena, ws.id), READ_MAX);
	ring = (struct preview_egress_result_entries_item *)wn_arena_array(ctx->arena, max,
									   sizeof *ring);
	while (wn_str_split(&rest, '\n', &line)) {
		struct preview_egress_result_entries_item one = { 0 };

		if (line.len > 0 && entry(ctx->arena, line, &one))
			ring[n++ % max] = one;
	}
	result->entries_len = n < max ? n : max;
	result->entries = (struct preview_egress_result_entries_item *)wn_arena_array(
		ctx->arena, result->entries_len + 1, sizeof *ring);
	for (size_t i = 0; i < result->entries_len; i++)
		result->entries[i] = ring[(n - result->entries_len + i) % max];
	return WN_OK;
}
