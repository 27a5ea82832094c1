/*
 * preview.logs: a service's lines to a client, pulled from its shim at the pace of the client's
 * credit. One link a stream; nothing is buffered here. Loop thread.
 */
#include "runtime/modules/preview/preview.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"

struct logs {
	struct wn_mod *m;
	struct wn_stream *stream;
	struct wn_link *link;
	int64_t id, tail, next, until; /* until: the lines there were at first */
	bool attached, asking, more;
	bool once; /* ends after the lines of the past */
	bool over;
};

static void pull(struct logs *l);

/* Closing a link answers what is still asked of it: over says that nobody is there to hear it. */
static void
logs_free(struct logs *l)
{
	l->over = true;
	l->m->host->link_close(l->link);
	wn_free(l);
}

/* Nothing more is to come: the client is told, and l is gone. */
static void
end(struct logs *l)
{
	l->m->host->stream_close(l->stream);
	logs_free(l);
}

static struct preview_log_note_lines_item *
convert(struct wn_arena *a, const struct wn_json *lines, size_t *n_out)
{
	size_t n = wn_json_len(lines), k = 0;
	struct preview_log_note_lines_item *out =
		(struct preview_log_note_lines_item *)wn_arena_array(a, n + 1, sizeof *out);

	for (const struct wn_json *j = wn_json_first(lines); j && k < 1000;
	     j = wn_json_next(j), k++) {
		out[k].text = wn_str(wn_json_get_str(j, "text", ""));
		out[k].text = wn_str_sub(out[k].text, 0, 16000);
		out[k].source = strcmp(wn_json_get_str(j, "stream", ""), "stderr") == 0
					? PREVIEW_LOG_NOTE_LINES_ITEM_SOURCE_ERR
					: PREVIEW_LOG_NOTE_LINES_ITEM_SOURCE_OUT;
		if (!wn_json_i64(wn_json_get(j, "ms"), &out[k].time))
			out[k].time = 0;
	}
	*n_out = k;
	return out;
}

static void
send_lines(struct logs *l, const struct wn_json *answer)
{
	struct preview_log_note note = { .stream = l->id };
	struct wn_arena arena;
	struct wn_buf params;

	wn_arena_init(&arena, 0);
	wn_buf_init(&params, 16u << 20);
	note.lines = convert(&arena, wn_json_get(answer, "lines"), &note.lines_len);
	if (note.lines_len > 0 && preview_log_note_print(&note, &params) == WN_OK)
		(void)l->m->host->stream_send(l->stream, "preview.log", wn_buf_view(&params),
					      WN_STR_NONE);
	wn_buf_fini(&params);
	wn_arena_fini(&arena);
}

static void
on_lines(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct logs *l = (struct logs *)arg;
	struct wn_json *j = NULL;

	(void)attachment;
	(void)d;
	if (l->over)
		return;
	l->asking = false;
	if (err || wn_json_parse(result, NULL, &j, NULL)) {
		end(l);
		return;
	}
	send_lines(l, j);
	l->next = (int64_t)wn_json_get_num(j, "next", (double)l->next);
	l->more = l->more || l->next < (int64_t)wn_json_get_num(j, "end", 0);
	wn_json_free(j);
	if (l->once && l->next >= l->until)
		end(l);
	else
		pull(l);
}

/* Asks for the next lines when there are some, the client wants some, and no question is open. */
static void
pull(struct logs *l)
{
	char params[80];

	if (!l->attached || !l->more || l->asking || l->m->host->stream_credit(l->stream) <= 0)
		return;
	l->more = false;
	l->asking = true;
	snprintf(params, sizeof params, "{\"from\":%lld,\"bytes\":65536}", (long long)l->next);
	if (l->m->host->link_call(l->link, "shim.log", wn_str(params), WN_STR_NONE, on_lines, l))
		l->asking = false;
}

static void
on_attached(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	    const struct wn_diag *d)
{
	struct logs *l = (struct logs *)arg;
	struct wn_json *j = NULL;
	int64_t first, next;

	(void)attachment;
	(void)d;
	if (l->over)
		return;
	if (err || wn_json_parse(result, NULL, &j, NULL)) {
		end(l);
		return;
	}
	first = (int64_t)wn_json_get_num(j, "first", 0);
	next = (int64_t)wn_json_get_num(j, "next", 0);
	wn_json_free(j);
	l->next = next - l->tail > first ? next - l->tail : first;
	l->attached = true;
	l->more = l->next < next;
	l->until = next;
	if (l->once && !l->more)
		end(l);
	else
		pull(l);
}

static void
on_notify(void *arg, const char *method, struct wn_str params, struct wn_str attachment)
{
	struct logs *l = (struct logs *)arg;

	(void)params;
	(void)attachment;
	if (strcmp(method, "shim.output") != 0)
		return;
	l->more = true;
	pull(l);
}

static void
on_link_close(void *arg, wn_err why)
{
	struct logs *l = (struct logs *)arg;

	(void)why;
	end(l);
}

static void
on_credit(void *arg, int64_t credit)
{
	(void)credit;
	pull((struct logs *)arg);
}

static void
on_stream_close(void *arg)
{
	logs_free((struct logs *)arg);
}

static const struct wn_link_ops link_ops = { on_notify, on_link_close };
static const struct wn_stream_ops stream_ops = { on_credit, NULL, on_stream_close };

wn_err
preview_on_logs(struct wn_mod *m, struct wn_ctx *ctx, const struct preview_logs_params *params,
		struct preview_logs_result *result)
{
	const struct preview_item *it = preview_item_get(m, ctx->tenant, params->workspace, false);
	struct logs *l;
	wn_err err;

	if (!it)
		return WN_FAIL(ctx, WN_E_NOT_FOUND,
			       "nothing was started in this workspace; preview.last_log has what "
			       "an earlier engine kept");
	if (it->state != MODEL_PREVIEW_STATE_RUNNING)
		return WN_FAIL(ctx, WN_E_STATE,
			       "the platform does not run; preview.last_log has what it said");
	l = WN_NEW(struct logs);
	l->m = m;
	l->tail = params->has_tail ? params->tail : 0;
	l->once = params->has_follow && !params->follow;
	err = m->host->link_open(m, preview_socket(m->host, ctx->arena, it->workspace), &link_ops,
				 l, &l->link);
	if (err) {
		wn_free(l);
		return err;
	}
	err = m->host->stream_open(m, ctx, &stream_ops, l, params->credit, &l->stream, &l->id);
	if (!err)
		err = m->host->link_call(l->link, "shim.attach", WN_STR("{}"), WN_STR_NONE,
					 on_attached, l);
	if (err) {
		m->host->stream_close(l->stream);
		logs_free(l);
		return err;
	}
	result->stream = l->id;
	return WN_OK;
}
