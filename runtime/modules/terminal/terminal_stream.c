/*
 * terminal.attach: frames from a shim to a client. Each attachment has a link of its own to the
 * shim, whose credit is the client's credit, so a slow client slows nobody and nothing is buffered
 * here. Loop thread.
 */
#include "runtime/modules/terminal/terminal.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"

#define NEWS_KINDS 5
#define KEPT_MAX ((size_t)256 << 10)
#define SPARE 4 /* of the credit of a client that gives SPARE_FROM or more */
#define SPARE_FROM 8

struct attachment {
	struct wn_mod *m;
	char terminal[WN_ULID_MAX];
	struct wn_stream *stream;
	struct wn_link *link;
	int64_t id, shim_credit; /* frames the shim may still send */
	int64_t spare;		 /* credit kept back for news */
	bool exited, told, over;
	int exit_code;
	struct kept_news {
		char *params; /* NULL: none */
		struct wn_buf bytes;
	} kept[NEWS_KINDS];
};

/* Closing a link answers what is still asked of it: over says that nobody is there to hear it. */
static void
attachment_free(struct attachment *a)
{
	a->over = true;
	a->m->host->link_close(a->link);
	for (size_t i = 0; i < NEWS_KINDS; i++) {
		wn_free(a->kept[i].params);
		wn_buf_fini(&a->kept[i].bytes);
	}
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

/* ---- news: what the shim says beside frames ---- */

static const struct news_kind {
	const char *method, *text; /* the shim's; its member that is our text, nullable */
	enum terminal_news_note_kind kind;
} kinds[] = {
	{ "shim.title", "title", TERMINAL_NEWS_NOTE_KIND_TITLE },
	{ "shim.cwd", "cwd", TERMINAL_NEWS_NOTE_KIND_DIRECTORY },
	{ "shim.bell", NULL, TERMINAL_NEWS_NOTE_KIND_BELL },
	{ "shim.clipboard", NULL, TERMINAL_NEWS_NOTE_KIND_CLIPBOARD },
	{ "shim.command", NULL, TERMINAL_NEWS_NOTE_KIND_COMMAND },
};

/* Credit the shim was not given: for one more item without a frame being lost. */
static bool
may_send(const struct attachment *a)
{
	return a->m->host->stream_credit(a->stream) > a->shim_credit;
}

static void
send_news(struct attachment *a, const struct news_kind *k, struct wn_str params,
	  struct wn_str bytes)
{
	struct terminal_news_note note = { .stream = a->id,
					   .terminal = wn_str(a->terminal),
					   .kind = k->kind };
	struct wn_json *j = NULL;
	struct wn_buf out;

	if (wn_json_parse(params, NULL, &j, NULL) != WN_OK)
		return;
	if (k->text != NULL)
		note.text = wn_str(wn_json_get_str(j, k->text, ""));
	note.has_exit_code = note.has_ms = k->kind == TERMINAL_NEWS_NOTE_KIND_COMMAND;
	note.exit_code = (int64_t)wn_json_get_num(j, "exit_code", -1);
	note.ms = (int64_t)wn_json_get_num(j, "ms", 0);
	wn_buf_init(&out, 65536);
	if (terminal_news_note_print(&note, &out) == WN_OK)
		(void)a->m->host->stream_send(a->stream, "terminal.news", wn_buf_view(&out), bytes);
	wn_buf_fini(&out);
	wn_json_free(j);
}

/* Without credit the newest of a kind waits. */
static void
take_news(struct attachment *a, size_t i, struct wn_str params, struct wn_str bytes)
{
	if (may_send(a)) {
		send_news(a, &kinds[i], params, bytes);
		return;
	}
	wn_free(a->kept[i].params);
	wn_buf_fini(&a->kept[i].bytes);
	a->kept[i].params = wn_strndup(params.p, params.len);
	wn_buf_init(&a->kept[i].bytes, KEPT_MAX);
	wn_buf_str(&a->kept[i].bytes, bytes);
}

static void
send_kept(struct attachment *a)
{
	for (size_t i = 0; i < NEWS_KINDS; i++) {
		if (a->kept[i].params == NULL || !may_send(a))
			continue;
		send_news(a, &kinds[i], wn_str(a->kept[i].params), wn_buf_view(&a->kept[i].bytes));
		wn_free(a->kept[i].params);
		wn_buf_fini(&a->kept[i].bytes);
		a->kept[i].params = NULL;
	}
}

static void
on_notify(void *arg, const char *method, struct wn_str params, struct wn_str frame)
{
	struct attachment *a = (struct attachment *)arg;
	struct terminal_item *it;
	struct wn_json *j = NULL;

	for (size_t i = 0; i < NEWS_KINDS; i++)
		if (strcmp(method, kinds[i].method) == 0)
			take_news(a, i, params, frame);
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
	int64_t more;
	char params[40];

	tell_exit(a);
	send_kept(a);
	more = a->m->host->stream_credit(a->stream) - a->spare - a->shim_credit;
	(void)credit;
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
		(void)a->m->host->link_notify(a->link, "shim.input", WN_STR("{}"), bytes);
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
	a->spare = params->credit >= SPARE_FROM ? SPARE : 0;
	a->shim_credit = params->credit - a->spare;
	it->rows = params->rows;
	it->cols = params->cols;
	/* The answer to attach carries the first frame, which takes one of the credits. */
	snprintf(text, sizeof text, "{\"rows\":%lld,\"cols\":%lld,\"credit\":%lld}",
		 (long long)params->rows, (long long)params->cols, (long long)a->shim_credit - 1);
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
