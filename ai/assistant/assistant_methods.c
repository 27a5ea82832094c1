/*
 * assistant.status and assistant.ask. A question is in the log before anybody is asked; what was
 * answered, whole or in part, is in the log before the caller hears the end of it.
 */
#include "ai/assistant/assistant.h"

enum { DELTA_MAX = 16000, NOTE_MAX = 500 };

struct ask {
	struct wn_mod *m;
	struct wn_ctx *ctx;
	const struct assistant_ask_params *p;
	struct assistant_ask_result *out;
	struct wn_model_facts facts;
	struct wn_workspace ws;
	bool has_ws;
	const char *conversation, *stream;
	struct wn_chat_message *messages; /* earlier turns */
	size_t n;
	struct wn_buf text; /* the answer, filtered */
};

static void
facts_of(struct wn_mod *m, struct wn_ctx *ctx, struct wn_model_facts *out)
{
	const struct wn_bound *b = &m->bound[ASSISTANT_NEED_PROVIDER];

	if (b->vtable != NULL)
		((const struct wn_iface_provider *)b->vtable)->facts(b->mod, ctx, out);
	else
		*out = (struct wn_model_facts){ .reason = "this engine has no provider of models" };
}

wn_err
assistant_on_status(struct wn_mod *m, struct wn_ctx *ctx, const struct assistant_status_params *in,
		    struct assistant_status_result *out)
{
	struct wn_model_facts f;

	(void)in;
	facts_of(m, ctx, &f);
	out->configured = f.configured;
	out->model = wn_str(f.model);
	out->endpoint = wn_str(f.host);
	out->reason = wn_str(f.reason);
	return WN_OK;
}

/* ---- deltas ---- */

static void
send_delta(struct ask *q, struct wn_str text)
{
	struct assistant_delta_note note = { .job = wn_str(q->m->host->job_id(q->ctx)),
					     .text = text };
	struct wn_buf params;

	wn_buf_init(&params, 1u << 20);
	if (assistant_delta_note_print(&note, &params) == WN_OK)
		q->m->host->job_notify(q->ctx, "assistant.delta", wn_buf_view(&params));
	wn_buf_fini(&params);
}

/* Length of the longest prefix of at most DELTA_MAX bytes that cuts no code point. */
static size_t
whole(struct wn_str s)
{
	size_t n = s.len < DELTA_MAX ? s.len : DELTA_MAX;

	while (n < s.len && n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	return n;
}

static void
send_from(struct ask *q, size_t from)
{
	struct wn_str rest = wn_str_sub(wn_buf_view(&q->text), from, q->text.len);

	while (rest.len > 0) {
		size_t n = whole(rest);

		send_delta(q, wn_str_sub(rest, 0, n));
		rest = wn_str_sub(rest, n, rest.len);
	}
}

static wn_err
on_text(void *arg, struct wn_str piece)
{
	struct ask *q = arg;
	size_t before = q->text.len;
	wn_err err = assistant_filter(piece, &q->text);

	send_from(q, before);
	return err;
}

/* ---- asking ---- */

static wn_err
check(struct wn_ctx *ctx, const struct assistant_ask_params *p)
{
	size_t bytes = 0;

	if (wn_str_trim(p->text).len == 0)
		return WN_FAIL(ctx, WN_E_INVALID, "the question is empty");
	for (size_t i = 0; i < p->context_len; i++)
		bytes += p->context[i].text.len;
	if (bytes > ASSISTANT_CONTEXT_MAX)
		return WN_FAIL(ctx, WN_E_LIMIT,
			       "the files given along are %zu KiB in all, at most %u KiB go with a "
			       "question",
			       bytes >> 10, ASSISTANT_CONTEXT_MAX >> 10);
	return WN_OK;
}

static wn_err
prepare(struct ask *q)
{
	const struct wn_bound *b = &q->m->bound[ASSISTANT_NEED_WORKSPACE];
	char id[WN_ULID_MAX];
	wn_err err = check(q->ctx, q->p);

	q->has_ws = q->p->workspace.p != NULL;
	if (err == WN_OK && q->has_ws)
		err = ((const struct wn_iface_workspace *)b->vtable)
			      ->get(b->mod, q->ctx, q->p->workspace, &q->ws);
	if (err != WN_OK)
		return err;
	if (q->p->conversation.p != NULL) {
		q->conversation = wn_arena_strndup(q->ctx->arena, q->p->conversation.p,
						   q->p->conversation.len);
		err = assistant_history(q->m, q->ctx, q->p->conversation, &q->messages, &q->n);
	} else {
		q->m->host->new_id(q->m->host, id);
		q->conversation = wn_arena_strdup(q->ctx->arena, id);
	}
	q->stream = wn_arena_printf(q->ctx->arena, "conversation/%s", q->conversation);
	return err;
}

static wn_err
record_question(struct ask *q)
{
	struct assistant_asked e = { .conversation = wn_str(q->conversation),
				     .workspace = q->p->workspace,
				     .text = q->p->text,
				     .context_len = q->p->context_len };

	e.context = wn_arena_array(q->ctx->arena, e.context_len + 1, sizeof(*e.context));
	for (size_t i = 0; i < e.context_len; i++)
		e.context[i] = q->p->context[i].path;
	return emit_assistant_asked(q->m, q->ctx, q->stream, &e);
}

static wn_err
record_answer(struct ask *q)
{
	const struct assistant_ask_result *r = q->out;
	struct assistant_answered e = {
		.conversation = r->conversation,
		.text = r->text,
		.model = r->model,
		.complete = r->complete,
		.has_tokens_in = r->has_tokens_in,
		.tokens_in = r->tokens_in,
		.note = r->note,
		.has_tokens_out = r->has_tokens_out,
		.tokens_out = r->tokens_out,
	};

	e.source = r->source == ASSISTANT_ASK_RESULT_SOURCE_MODEL ? ASSISTANT_ANSWERED_SOURCE_MODEL
								  : ASSISTANT_ANSWERED_SOURCE_LOCAL;
	e.finish = assistant_answered_finish_value(
		wn_str(assistant_ask_result_finish_name(r->finish)));
	return emit_assistant_answered(q->m, q->ctx, q->stream, &e);
}

/* ---- with a model ---- */

static void
fill_result(struct ask *q, const struct wn_chat_result *c)
{
	static const enum assistant_ask_result_finish finishes[] = {
		[WN_CHAT_STOP] = ASSISTANT_ASK_RESULT_FINISH_STOP,
		[WN_CHAT_LENGTH] = ASSISTANT_ASK_RESULT_FINISH_LENGTH,
		[WN_CHAT_FILTER] = ASSISTANT_ASK_RESULT_FINISH_FILTER,
		[WN_CHAT_CUT] = ASSISTANT_ASK_RESULT_FINISH_CUT,
	};
	struct assistant_ask_result *r = q->out;
	bool cancelled = c->finish == WN_CHAT_CUT && wn_cancelled(q->ctx);

	r->source = ASSISTANT_ASK_RESULT_SOURCE_MODEL;
	r->model = wn_str(c->model != NULL ? c->model : q->facts.model);
	r->finish = cancelled ? ASSISTANT_ASK_RESULT_FINISH_CANCELLED : finishes[c->finish];
	r->complete = c->finish != WN_CHAT_CUT;
	if (cancelled)
		r->note = WN_STR("cancelled");
	else if (c->why != NULL)
		r->note = wn_str_sub(wn_str(c->why), 0, NOTE_MAX);
	r->has_tokens_in = c->tokens_in >= 0;
	r->tokens_in = r->has_tokens_in ? c->tokens_in : 0;
	r->has_tokens_out = c->tokens_out >= 0;
	r->tokens_out = r->has_tokens_out ? c->tokens_out : 0;
}

static wn_err
ask_model(struct ask *q)
{
	const struct wn_bound *b = &q->m->bound[ASSISTANT_NEED_PROVIDER];
	struct wn_chat chat = { .n = q->n + 2, .on_text = on_text, .arg = q };
	struct wn_chat_result c;
	struct wn_chat_message *all = wn_arena_array(q->ctx->arena, chat.n, sizeof(*all));
	char mark[WN_ULID_MAX];
	wn_err err;

	q->m->host->new_id(q->m->host, mark);
	all[0] = (struct wn_chat_message){ WN_CHAT_SYSTEM, wn_str(assistant_system_prompt) };
	if (q->n > 0)
		memcpy(all + 1, q->messages, q->n * sizeof(*all));
	all[chat.n - 1].role = WN_CHAT_USER;
	err = assistant_prompt(q->ctx, q->p, mark, &all[chat.n - 1].text);
	if (err != WN_OK)
		return WN_FAIL(q->ctx, err, "the question is too large");
	chat.messages = all;
	q->m->host->job_progress(
		q->ctx, 0, 0,
		wn_arena_printf(q->ctx->arena, "asking %s at %s", q->facts.model, q->facts.host));
	err = ((const struct wn_iface_provider *)b->vtable)->chat(b->mod, q->ctx, &chat, &c);
	if (err == WN_OK)
		fill_result(q, &c);
	return err;
}

/* ---- without ---- */

static wn_err
search(struct ask *q)
{
	wn_err err;

	q->m->host->job_progress(q->ctx, 0, 0, "no model: searching the files");
	err = assistant_search(q->ctx, q->p, q->has_ws ? q->ws.path : NULL, q->facts.reason,
			       &q->text);
	if (err != WN_OK)
		return WN_FAIL(q->ctx, err, "what was found is too large");
	send_from(q, 0);
	q->out->source = ASSISTANT_ASK_RESULT_SOURCE_LOCAL;
	q->out->complete = !wn_cancelled(q->ctx);
	q->out->finish = q->out->complete ? ASSISTANT_ASK_RESULT_FINISH_STOP
					  : ASSISTANT_ASK_RESULT_FINISH_CANCELLED;
	return WN_OK;
}

wn_err
assistant_on_ask(struct wn_mod *m, struct wn_ctx *ctx, const struct assistant_ask_params *in,
		 struct assistant_ask_result *out)
{
	struct ask q = { .m = m, .ctx = ctx, .p = in, .out = out };
	wn_err err = prepare(&q);

	if (err == WN_OK)
		err = record_question(&q);
	if (err != WN_OK)
		return err;
	facts_of(m, ctx, &q.facts);
	wn_buf_init(&q.text, ASSISTANT_ANSWER_MAX);
	err = q.facts.configured ? ask_model(&q) : search(&q);
	if (err == WN_OK) {
		out->conversation = wn_str(q.conversation);
		out->text = wn_arena_str(ctx->arena, wn_buf_view(&q.text));
		err = record_answer(&q);
	}
	wn_buf_fini(&q.text);
	return err;
}
