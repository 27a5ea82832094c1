/*
 * terminal.attach: frames from a shim to a client. Each attachment has a link of its own to the
 * shim, whose credit is the client's credit, so a slow client slows nobody and nothing is buffered
 * here. Loop thread.
 */
#include "runtime/modules/terminal/terminal.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"

struct attachment {
	struct wn_mod *m;
	char terminal[WN_ULID_MAX];
	struct wn_stream *stream;
	struct wn_link *link;
	int64_t id, shim_credit; /* frames the shim may still send */
	bool exited, told, over;
	int exit_code;
};

/* Closing a link answers what is still asked of it: over says that nobody is there to hear it. */
static void
attachment_free(struct attachment *a)
{
	a->over = true;
	a->m->host->link_close(a->link);
	wn_free(a);
}

static void
tell_exit(struct attachment *a)
{
	struct terminal_exit_note note = { .stream = a->id,
					   .terminal = wn_str(a->terminal),
					   .exit_code = a->exit_code };
	struct wn_buf params;

	if (!a->exited || a->told || a->m->host->stream_credit(a->stream) <= 0)
		return;
	wn_buf_init(&params, 4096);
	if (terminal_exit_note_print(&note, &params) == WN_OK)
		a->told = a->m->host->stream_send(a->stream, "terminal.exit", wn_buf_view(&params),
						  WN_STR_NONE) == WN_OK;
	wn_buf_fini(&params);
}

static void
send_frame(struct attachment *a, struct wn_str frame)
{
	struct terminal_frame_note note = { .stream = a->id, .terminal = wn_str(a->terminal) };
	struct wn_buf params;

	wn_buf_init(&params, 4096);
	a->shim_credit--;
	if (terminal_frame_note_print(&note, &params) == WN_OK)
		(void)a->m->host->stream_send(a->stream, "terminal.frame", wn_buf_view(&params),
					      frame);
	wn_buf_fini(&params);
}

static void
on_attached(void *arg, wn_err err, struct wn_str result, struct wn_str frame,
	    const struct wn_diag *d)
{
	struct attachment *a = (struct attachment *)arg;

	(void)result;
	(void)d;
	if (a->over)
		return;
	if (!err) {
		send_frame(a, frame);
		return;
	}
	/* Without a first frame nothing follows: the client is told by the end of the stream. */
	a->m->host->stream_close(a->stream);
	attachment_free(a);
}

static void
on_notify(void *arg, const char *method, struct wn_str params, struct wn_str frame)
{
	struct attachment *a = (struct attachment *)arg;
	struct terminal_item *it;
	struct wn_json *j = NULL;

	if (strcmp(method, "shim.frame") == 0) {
		send_frame(a, frame);
	} else if (strcmp(method, "shim.exit") == 0 &&
		   wn_json_parse(params, NULL, &j, NULL) == WN_OK) {
		/* The table knows it before the client is told: which link hears it first is
		 * chance. */
		it = (struct terminal_item *)wn_map_get(&terminal_of(a->m)->items,
							wn_str(a->terminal));
		if (it)
			terminal_item_exited(it, j);
		a->exited = true;
		a->exit_code = wn_json_get(j, "signal") ? 128 + (int)wn_json_get_num(j, "signal", 0)
							: (int)wn_json_get_num(j, "code", 0);
		wn_json_free(j);
		tell_exit(a);
	}
}

static void
on_link_close(void *arg, wn_err why)
{
	struct attachment *a = (struct attachment *)arg;

	(void)why;
	a->exited = true;
	tell_exit(a);
	a->m->host->stream_close(a->stream);
	attachment_free(a);
}

static void
ignore_reply(void *arg, wn_err err, struct wn_str result, struct wn_str bytes,
	     const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)result;
	(void)bytes;
	(void)d;
}

/* The client's credit is handed on to the shim. */
static void
on_credit(void *arg, int64_t credit)
{
	struct attachment *a = (struct attachment *)arg;
	int64_t more = credit - a->shim_credit;
	char params[40];

	tell_exit(a);
	if (more <= 0 || !a->link)
		return;
	a->shim_credit += more;
	snprintf(params, sizeof params, "{\"frames\":%lld}", (long long)more);
	(void)a->m->host->link_call(a->link, "shim.credit", wn_str(params), WN_STR_NONE,
				    ignore_reply, a);
}

/* What is typed, without an answer for each key. */
static void
on_data(void *arg, struct wn_str params, struct wn_str bytes)
{
	struct attachment *a = (struct attachment *)arg;

	(void)params;
	if (bytes.len > 0 && a->link && !a->exited)
		(void)a->m->host->link_call(a->link, "shim.input", WN_STR("{}"), bytes,
					    ignore_reply, a);
}

static void
on_stream_close(void *arg)
{
	attachment_free((struct attachment *)arg);
}

static const struct wn_link_ops link_ops = { on_notify, on_link_close };
static const struct wn_stream_ops stream_ops = { on_credit, on_data, on_stream_close };

wn_err
terminal_on_attach(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct terminal_attach_params *params,
		   struct terminal_attach_result *result)
{
	struct terminal_item *it;
	struct attachment *a;
	char text[120], *socket;
	wn_err err = terminal_item_find(m, ctx, params->terminal, &it);

	if (err)
		return err;
	a = WN_NEW(struct attachment);
	a->m = m;
	memcpy(a->terminal, it->id, sizeof a->terminal);
	socket = terminal_path(m->host, it->id, "shim.sock");
	err = m->host->link_open(m, socket, &link_ops, a, &a->link);
	wn_free(socket);
	if (err) {
		wn_free(a);
		return WN_FAIL(ctx, err, "the terminal cannot be reached");
	}
	err = m->host->stream_open(m, ctx, &stream_ops, a, params->credit, &a->stream, &a->id);
	a->shim_credit = params->credit;
	it->rows = params->rows;
	it->cols = params->cols;
	/* The answer to attach carries the first frame, which takes one of the credits. */
	snprintf(text, sizeof text, "{\"rows\":%lld,\"cols\":%lld,\"credit\":%lld}",
		 (long long)params->rows, (long long)params->cols, (long long)params->credit - 1);
	if (!err)
		err = m->host->link_call(a->link, "shim.attach", wn_str(text), WN_STR_NONE,
					 on_attached, a);
	if (err) {
		m->host->stream_close(a->stream);
		attachment_free(a);
		return err;
	}
	result->stream = a->id;
	return WN_OK;
}
