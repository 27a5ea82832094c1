/*
 * One question: the request, and the tries until the first text. Job thread.
 */
#include "ai/provider/openai/openai.h"

#include "runtime/base/json_write.h"

enum { TRIES = 3, WAIT_MS = 500, WAIT_MAX_MS = 8000, RETRY_AFTER_MAX_MS = 60000 };

static const char *const roles[] = { "system", "user", "assistant" };

static wn_err
write_body(const struct openai_target *t, const struct wn_chat *q, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "model", t->model);
	wn_jw_kbool(&w, "stream", true);
	wn_jw_key(&w, "stream_options");
	wn_jw_object(&w);
	wn_jw_kbool(&w, "include_usage", true);
	wn_jw_object_end(&w);
	wn_jw_key(&w, "messages");
	wn_jw_array(&w);
	for (size_t i = 0; i < q->n; i++) {
		wn_jw_object(&w);
		wn_jw_kstr(&w, "role", roles[q->messages[i].role]);
		wn_jw_key(&w, "content");
		wn_jw_str(&w, q->messages[i].text);
		wn_jw_object_end(&w);
	}
	wn_jw_array_end(&w);
	wn_jw_object_end(&w);
	return out->err;
}

static wn_err
try_once(struct wn_mod *m, struct wn_ctx *ctx, const struct openai_target *t, struct wn_str body,
	 struct openai_reply *r)
{
	const char *headers[] = { "Content-Type: application/json", "Accept: text/event-stream",
				  "Accept-Encoding: identity", NULL, NULL };
	struct wn_http http = { .method = "POST",
				.url = t->url,
				.headers = headers,
				.body = body,
				.on_data = openai_reply_data,
				.arg = r };
	struct wn_http_result answer = { 0 };
	wn_err err;

	http.idle_ms = m->host->config_int(m->host, "assistant.idle_seconds") * 1000;
	if (t->key != NULL)
		headers[3] = wn_arena_printf(ctx->arena, "Authorization: Bearer %s", t->key);
	r->out->tries++;
	err = m->host->http(m, ctx, &http, &answer);
	return openai_reply_end(r, err, &answer, t->key);
}

/* Doubling, with a quarter taken off by chance so that many do not come back at once. */
static int64_t
wait_ms(const struct wn_host *h, const struct wn_chat_result *out)
{
	int64_t ms = WAIT_MS;

	if (out->retry_after_ms > 0)
		return out->retry_after_ms;
	for (int i = 1; i < out->tries && ms < WAIT_MAX_MS; i++)
		ms *= 2;
	return ms - ms / 4 * (wn_mono_ns(h->clock) / 1000 % 1000) / 1000;
}

/* True: waited, and it is worth another try. */
static bool
again(struct wn_mod *m, struct wn_ctx *ctx, const struct openai_reply *r)
{
	int64_t ms = wait_ms(m->host, r->out);

	if (!r->retry || r->text > 0 || r->out->tries >= TRIES || ms > RETRY_AFTER_MAX_MS)
		return false;
	m->host->job_progress(ctx, 0, 0,
			      wn_arena_printf(ctx->arena, "%s; trying again in %lld ms",
					      r->out->why, (long long)ms));
	wn_diag_clear(&ctx->diag);
	return m->host->job_wait(ctx, ms) == WN_OK;
}

static wn_err
ask(struct wn_mod *m, struct wn_ctx *ctx, const struct openai_target *t, struct wn_str body,
    const struct wn_chat *q, struct wn_chat_result *out)
{
	struct openai_reply r;
	bool more;
	wn_err err;

	do {
		out->fault = WN_CHAT_NO_FAULT;
		out->why = NULL;
		openai_reply_init(&r, ctx, q, out);
		err = try_once(m, ctx, t, body, &r);
		more = err != WN_OK && again(m, ctx, &r);
		openai_reply_fini(&r);
	} while (more);
	if (wn_cancelled(ctx) && err != WN_OK) {
		out->fault = WN_CHAT_STOPPED;
		err = WN_E_CANCELLED;
	}
	wn_diag_clear(&ctx->diag);
	if (err == WN_OK || r.text > 0)
		return WN_OK;
	return WN_FAIL(ctx, err, "%s", out->why != NULL ? out->why : wn_error_row(err)->text);
}

wn_err
openai_chat(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_chat *q,
	    struct wn_chat_result *out)
{
	struct openai_target t;
	struct wn_buf body;
	wn_err err;

	*out = (struct wn_chat_result){ .finish = WN_CHAT_CUT, .tokens_in = -1, .tokens_out = -1 };
	openai_target_read(m->host, ctx->arena, &t);
	if (t.reason != NULL)
		return WN_FAIL(ctx, WN_E_STATE, "%s", t.reason);
	wn_buf_init(&body, OPENAI_ASK_MAX);
	err = write_body(&t, q, &body);
	if (err == WN_OK)
		err = ask(m, ctx, &t, wn_buf_view(&body), q, out);
	else
		err = WN_FAIL(ctx, err, "the question is larger than 16 MiB");
	wn_buf_fini(&body);
	return err;
}
