/*
 * A conversation is its events: earlier turns are read back from the log, never kept in memory.
 * What a local search answered is not shown to a model as if it had said it.
 */
#include "ai/assistant/assistant.h"

enum { EVENTS_MAX = 60, BYTES_MAX = 64 << 10 };

struct turns {
	struct wn_ctx *ctx;
	struct wn_chat_message *list; /* newest first */
	size_t n, bytes, seen;
	struct wn_str answer; /* of the turn whose question comes next */
	bool full;
};

static void
add(struct turns *t, enum wn_chat_role role, struct wn_str text)
{
	t->list[t->n++] = (struct wn_chat_message){ role, text };
	t->bytes += text.len;
}

static wn_err
take_answer(struct turns *t, const struct wn_event *ev)
{
	struct assistant_answered e;
	wn_err err = assistant_answered_parse(ev->data, t->ctx->arena, &e, &t->ctx->diag);

	t->answer = WN_STR_NONE;
	if (err == WN_OK && e.source == ASSISTANT_ANSWERED_SOURCE_MODEL && e.text.len > 0)
		t->answer = wn_arena_str(t->ctx->arena, e.text);
	return err;
}

/* A question nobody answered is left out. */
static wn_err
take_question(struct turns *t, const struct wn_event *ev)
{
	struct assistant_asked e;
	wn_err err = assistant_asked_parse(ev->data, t->ctx->arena, &e, &t->ctx->diag);

	if (err != WN_OK || t->answer.p == NULL)
		return err;
	if (t->bytes + e.text.len + t->answer.len > BYTES_MAX) {
		t->full = true;
		return WN_OK;
	}
	add(t, WN_CHAT_ASSISTANT, t->answer);
	add(t, WN_CHAT_USER, wn_arena_str(t->ctx->arena, e.text));
	t->answer = WN_STR_NONE;
	return WN_OK;
}

static wn_err
on_event(void *arg, const struct wn_event *ev)
{
	struct turns *t = arg;

	t->seen++;
	if (t->full)
		return WN_OK;
	return strcmp(ev->type, "assistant.answered") == 0 ? take_answer(t, ev)
							   : take_question(t, ev);
}

static void
reverse(struct wn_chat_message *list, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct wn_chat_message keep = list[i];

		list[i] = list[n - 1 - i];
		list[n - 1 - i] = keep;
	}
}

wn_err
assistant_history(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str conversation,
		  struct wn_chat_message **out, size_t *n_out)
{
	static const char *const types[] = { "assistant.asked", "assistant.answered", NULL };
	const struct wn_bound *b = &m->bound[ASSISTANT_NEED_STORE];
	const struct wn_event_query q = {
		.tenant = ctx->tenant,
		.stream =
			wn_arena_printf(ctx->arena, "conversation/%.*s", WN_STR_ARG(conversation)),
		.types = types,
		.limit = EVENTS_MAX,
		.newest_first = true,
	};
	struct turns t = { .ctx = ctx };
	wn_err err;

	t.list = wn_arena_array(ctx->arena, EVENTS_MAX, sizeof(*t.list));
	err = ((const struct wn_iface_store *)b->vtable)
		      ->events(b->mod, &q, on_event, &t, &ctx->diag);
	if (err == WN_OK && t.seen == 0)
		return WN_FAIL(ctx, WN_E_NOT_FOUND, "there is no conversation %.*s",
			       WN_STR_ARG(conversation));
	reverse(t.list, t.n);
	*out = t.list;
	*n_out = t.n;
	return err;
}
