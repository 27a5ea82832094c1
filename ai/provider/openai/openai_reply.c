/*
 * One answer while it comes: events to text, and at the end what became of it. Everything in it is
 * from outside: bounded, and an error at most.
 */
#include "ai/provider/openai/openai.h"

#include "runtime/base/json.h"

enum { REFUSAL_MAX = 65536 };

static wn_err on_event(void *arg, struct wn_str event, struct wn_str data);

void
openai_reply_init(struct openai_reply *r, struct wn_ctx *ctx, const struct wn_chat *q,
		  struct wn_chat_result *out)
{
	*r = (struct openai_reply){ .ctx = ctx, .q = q, .out = out };
	openai_sse_init(&r->sse, OPENAI_EVENT_MAX);
	r->sse.on_event = on_event;
	r->sse.arg = r;
	wn_buf_init(&r->piece, OPENAI_TEXT_MAX);
	wn_buf_init(&r->refusal, REFUSAL_MAX);
}

void
openai_reply_fini(struct openai_reply *r)
{
	openai_sse_fini(&r->sse);
	wn_buf_fini(&r->piece);
	wn_buf_fini(&r->refusal);
}

static wn_err
broken(struct openai_reply *r, enum wn_chat_fault fault, const char *why)
{
	r->out->fault = fault;
	r->out->why = why;
	return WN_E_PROVIDER;
}

/* ---- events ---- */

static wn_err
take_text(struct openai_reply *r, const char *text)
{
	size_t n = strlen(text);

	if (n > OPENAI_TEXT_MAX - r->text)
		return broken(r, WN_CHAT_PROTOCOL, "the answer is longer than 1 MiB");
	r->text += n;
	return wn_buf_add(&r->piece, text, n);
}

static enum wn_chat_finish
finish_of(const char *name)
{
	if (strcmp(name, "length") == 0)
		return WN_CHAT_LENGTH;
	return strcmp(name, "content_filter") == 0 ? WN_CHAT_FILTER : WN_CHAT_STOP;
}

static void
take_usage(struct openai_reply *r, const struct wn_json *usage)
{
	int64_t n;

	if (wn_json_i64(wn_json_get(usage, "prompt_tokens"), &n) && n >= 0)
		r->out->tokens_in = n;
	if (wn_json_i64(wn_json_get(usage, "completion_tokens"), &n) && n >= 0)
		r->out->tokens_out = n;
}

static wn_err
take_chunk(struct openai_reply *r, const struct wn_json *chunk)
{
	const struct wn_json *choice = wn_json_first(wn_json_get(chunk, "choices"));
	const struct wn_json *delta = wn_json_get(choice, "delta");
	const char *finish = wn_json_get_str(choice, "finish_reason", NULL);
	const char *model = wn_json_get_str(chunk, "model", NULL);
	wn_err err = take_text(r, wn_json_get_str(delta, "content", ""));

	if (err == WN_OK)
		err = take_text(r, wn_json_get_str(delta, "refusal", ""));
	if (model != NULL && model[0] != '\0' && r->out->model == NULL)
		r->out->model =
			openai_clean(r->ctx->arena, wn_str_sub(wn_str(model), 0, 200), NULL);
	if (finish != NULL) {
		r->finished = true;
		r->out->finish = finish_of(finish);
	}
	take_usage(r, wn_json_get(chunk, "usage"));
	return err;
}

/* An error object under status 200: what came before it stays. */
static wn_err
take_failure(struct openai_reply *r, struct wn_str data)
{
	struct openai_refusal f;

	openai_refusal_read(r->ctx->arena, 500, data, NULL, &f);
	r->retry = f.retry;
	return broken(r, f.fault,
		      f.message[0] != '\0' ? f.message : "the provider reported an error");
}

static wn_err
on_event(void *arg, struct wn_str event, struct wn_str data)
{
	static const struct wn_json_limits limits = { .bytes = OPENAI_EVENT_MAX,
						      .lossy_numbers = true };
	struct openai_reply *r = arg;
	struct wn_json *j = NULL;
	enum wn_json_type type;
	wn_err err;

	if (r->done || wn_str_trim(data).len == 0)
		return WN_OK;
	if (wn_str_is(wn_str_trim(data), "[DONE]")) {
		if (!r->finished)
			r->out->finish = WN_CHAT_STOP;
		r->done = r->finished = true;
		return WN_OK;
	}
	if (wn_json_parse(data, &limits, &j, NULL) != WN_OK || wn_json_type(j) != WN_JSON_OBJECT) {
		wn_json_free(j);
		return broken(r, WN_CHAT_PROTOCOL,
			      "a piece of the answer is not the JSON it should be");
	}
	type = wn_json_type(wn_json_get(j, "error"));
	if (type == WN_JSON_OBJECT || type == WN_JSON_STRING || wn_str_is(event, "error"))
		err = take_failure(r, data);
	else
		err = take_chunk(r, j);
	wn_json_free(j);
	return err;
}

/* ---- bytes ---- */

static wn_err
hand_on(struct openai_reply *r)
{
	wn_err err = WN_OK;

	if (r->piece.len > 0) {
		err = r->q->on_text(r->q->arg, wn_buf_view(&r->piece));
		if (err != WN_OK)
			(void)broken(r, WN_CHAT_STOPPED, "stopped by who asked");
	}
	wn_buf_clear(&r->piece);
	return err;
}

wn_err
openai_reply_data(void *arg, int status, struct wn_str piece)
{
	struct openai_reply *r = arg;
	wn_err err, told;

	if (status != 200) {
		(void)wn_buf_str(&r->refusal, wn_str_sub(piece, 0, REFUSAL_MAX - r->refusal.len));
		return WN_OK;
	}
	r->bytes += piece.len;
	if (r->bytes > OPENAI_BODY_MAX)
		return broken(r, WN_CHAT_PROTOCOL, "the answer is larger than 32 MiB");
	err = openai_sse_feed(&r->sse, piece);
	if (err == WN_E_LIMIT)
		err = broken(r, WN_CHAT_PROTOCOL, "one piece of the answer is larger than 1 MiB");
	told = hand_on(r);
	if (err == WN_OK)
		err = told;
	return err == WN_OK && r->done ? WN_E_CLOSED
				       : err; /* closed: nothing after [DONE] is waited for */
}

/* ---- the end ---- */

static wn_err
refused(struct openai_reply *r, int status, const char *key)
{
	struct wn_arena *a = r->ctx->arena;
	struct openai_refusal f;

	if (status >= 300 && status < 400)
		return broken(
			r, WN_CHAT_PROTOCOL,
			wn_arena_printf(
				a,
				"the endpoint redirects (status %d), which is not followed: set "
				"assistant.endpoint to where it is",
				status));
	openai_refusal_read(a, status, wn_buf_view(&r->refusal), key, &f);
	r->retry = f.retry;
	return broken(r, f.fault,
		      f.message[0] != '\0'
			      ? wn_arena_printf(a, "status %d: %s", status, f.message)
			      : wn_arena_printf(a, "status %d without a message", status));
}

/* The exchange itself failed: its text is in the ctx. */
static wn_err
lost(struct openai_reply *r, wn_err err, const char *key)
{
	bool stopped = err == WN_E_CANCELLED || wn_cancelled(r->ctx);

	(void)broken(r, stopped ? WN_CHAT_STOPPED : WN_CHAT_NETWORK,
		     openai_clean(r->ctx->arena, wn_str(r->ctx->diag.text), key));
	r->retry = err == WN_E_NETWORK && !stopped;
	return err;
}

static wn_err
judge(struct openai_reply *r, wn_err err, const struct wn_http_result *http, const char *key)
{
	if (err == WN_E_CLOSED && r->done)
		err = WN_OK;
	if (r->out->fault != WN_CHAT_NO_FAULT)
		return err;
	if (err != WN_OK)
		return r->finished ? WN_OK : lost(r, err, key);
	if (http->status != 200)
		return refused(r, http->status, key);
	err = openai_sse_end(&r->sse);
	(void)hand_on(r);
	if (err != WN_OK || r->finished)
		return err;
	if (r->text > 0)
		return broken(r, WN_CHAT_NETWORK,
			      "the connection was cut before the answer was complete");
	r->retry = r->bytes == 0;
	return broken(r, WN_CHAT_PROTOCOL, "the endpoint answered without an event stream");
}

wn_err
openai_reply_end(struct openai_reply *r, wn_err err, const struct wn_http_result *http,
		 const char *key)
{
	err = judge(r, err, http, key);
	r->out->retry_after_ms = http->retry_after_ms;
	if (err == WN_OK)
		return WN_OK;
	r->out->finish = WN_CHAT_CUT;
	return err == WN_E_DEADLINE || err == WN_E_INVALID || err == WN_E_UNSUPPORTED
		       ? err
		       : openai_fault_code(r->out->fault);
}
