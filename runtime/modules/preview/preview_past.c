/*
 * preview.last_log: the end of a service's log file, which outlives the service. Job thread.
 */
#include "runtime/modules/preview/preview.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"

#define READ_MAX \
	(9u << 20) /* bytes of the end of a file that are looked at: one before it is rotated */
#define OLDER 2	   /* files the shim keeps beside the newest */
#define TAIL 100
#define TEXT_MAX 16000

/* "2026-01-31T23:59:59.999Z out text", as the shim writes it. */
static bool
parse_line(struct wn_str line, struct preview_last_log_result_lines_item *out)
{
	struct wn_str time, source;

	if (!wn_str_split(&line, ' ', &time) || wn_time_parse(time, &out->time) != WN_OK ||
	    !wn_str_split(&line, ' ', &source))
		return false;
	out->source = preview_last_log_result_lines_item_source_value(source);
	out->text = line.p ? wn_str_sub(line, 0, TEXT_MAX) : WN_STR("");
	return out->source != 0;
}

static wn_err
read_end(struct wn_ctx *ctx, const char *path, struct wn_str *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	char *text;
	ssize_t n;

	*out = WN_STR_NONE;
	if (fd < 0 || fstat(fd, &st) != 0) {
		if (fd >= 0)
			close(fd);
		return WN_FAIL(ctx, WN_E_NOT_FOUND, "this platform has written no log yet");
	}
	text = (char *)wn_arena_alloc(
		ctx->arena, st.st_size < (off_t)READ_MAX ? (size_t)st.st_size + 1 : READ_MAX);
	n = pread(fd, text, st.st_size < (off_t)READ_MAX ? (size_t)st.st_size : READ_MAX,
		  st.st_size > (off_t)READ_MAX ? st.st_size - (off_t)READ_MAX : 0);
	close(fd);
	*out = wn_strn(text, n > 0 ? (size_t)n : 0);
	return WN_OK;
}

/* The newest lines, as a ring. */
struct ring {
	struct preview_last_log_result_lines_item *p;
	size_t max, n;
	const char *find; /* nullable */
};

/* The text between its time and its end, without copying what does not fit the question. */
static bool
fits(struct wn_ctx *ctx, const struct ring *r, struct wn_str text)
{
	return !r->find ||
	       strcasestr(wn_arena_strndup(ctx->arena, text.p, text.len), r->find) != NULL;
}

static void
take_lines(struct wn_ctx *ctx, struct wn_str rest, struct ring *r)
{
	struct preview_last_log_result_lines_item one = { 0 };
	struct wn_str line;

	while (wn_str_split(&rest, '\n', &line))
		if (parse_line(line, &one) && fits(ctx, r, one.text))
			r->p[r->n++ % r->max] = one;
}

/* Rotated files first, which are older; only a search looks that far. */
static void
take_older(struct wn_ctx *ctx, const char *path, struct ring *r)
{
	struct wn_diag keep = ctx->diag;
	struct wn_str rest;

	for (int i = OLDER; i > 0; i--)
		if (read_end(ctx, wn_arena_printf(ctx->arena, "%s.%d", path, i), &rest) == WN_OK)
			take_lines(ctx, rest, r);
	ctx->diag = keep;
}

wn_err
preview_on_last_log(struct wn_mod *m, struct wn_ctx *ctx,
		    const struct preview_last_log_params *params,
		    struct preview_last_log_result *result)
{
	const struct wn_bound *b = &m->bound[NEED_WORKSPACE];
	struct ring r = { .max = params->has_tail ? (size_t)params->tail : TAIL };
	const char *path;
	struct wn_str rest;
	struct wn_workspace ws;
	wn_err err = ((const struct wn_iface_workspace *)b->vtable)
			     ->get(b->mod, ctx, params->workspace, &ws);

	if (err)
		return err;
	path = wn_arena_printf(ctx->arena, "%s/preview/%s/service.log", m->host->state_dir, ws.id);
	err = read_end(ctx, path, &rest);
	if (err)
		return err;
	r.p = (struct preview_last_log_result_lines_item *)wn_arena_array(ctx->arena, r.max,
									  sizeof *r.p);
	if (params->find.p) {
		r.find = wn_arena_strndup(ctx->arena, params->find.p, params->find.len);
		take_older(ctx, path, &r);
	}
	take_lines(ctx, rest, &r);
	result->lines_len = r.n < r.max ? r.n : r.max;
	result->lines = (struct preview_last_log_result_lines_item *)wn_arena_array(
		ctx->arena, result->lines_len + 1, sizeof *r.p);
	for (size_t i = 0; i < result->lines_len; i++)
		result->lines[i] = r.p[(r.n - result->lines_len + i) % r.max];
	return WN_OK;
}
