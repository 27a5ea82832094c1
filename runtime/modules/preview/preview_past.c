/*
 * preview.last_log: the end of a service's log file, which outlives the service. Job thread.
 */
#include "runtime/modules/preview/preview.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"

#define READ_MAX (4u << 20) /* bytes of the end that are looked at */
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
	text = (char *)wn_arena_alloc(ctx->arena, READ_MAX);
	n = pread(fd, text, READ_MAX,
		  st.st_size > (off_t)READ_MAX ? st.st_size - (off_t)READ_MAX : 0);
	close(fd);
	*out = wn_strn(text, n > 0 ? (size_t)n : 0);
	return WN_OK;
}

wn_err
preview_on_last_log(struct wn_mod *m, struct wn_ctx *ctx,
		    const struct preview_last_log_params *params,
		    struct preview_last_log_result *result)
{
	const struct wn_bound *b = &m->bound[NEED_WORKSPACE];
	size_t max = params->has_tail ? (size_t)params->tail : TAIL, n = 0;
	struct preview_last_log_result_lines_item *ring;
	struct wn_str rest, line;
	struct wn_workspace ws;
	wn_err err = ((const struct wn_iface_workspace *)b->vtable)
			     ->get(b->mod, ctx, params->workspace, &ws);

	if (!err)
		err = read_end(ctx,
			       wn_arena_printf(ctx->arena, "%s/preview/%s/service.log",
					       m->host->state_dir, ws.id),
			       &rest);
	if (err)
		return err;
	ring = (struct preview_last_log_result_lines_item *)wn_arena_array(ctx->arena, max,
									   sizeof *ring);
	while (wn_str_split(&rest, '\n', &line))
		if (parse_line(line, &ring[n % max]))
			n++;
	result->lines_len = n < max ? n : max;
	result->lines = (struct preview_last_log_result_lines_item *)wn_arena_array(
		ctx->arena, result->lines_len + 1, sizeof *ring);
	for (size_t i = 0; i < result->lines_len; i++)
		result->lines[i] = ring[(n - result->lines_len + i) % max];
	return WN_OK;
}
