/*
 * Private to ai/provider/openai.
 */
#ifndef AI_PROVIDER_OPENAI_OPENAI_H
#define AI_PROVIDER_OPENAI_OPENAI_H

#include "ai/provider/openai/openai_sse.h"
#include "gen/openai.h"
#include "runtime/abi/host.h"
#include "runtime/abi/iface_provider.h"

#define OPENAI_EVENT_MAX (1u << 20) /* bytes of one event */
#define OPENAI_BODY_MAX (32u << 20) /* bytes of one answer, all its wrapping included */
#define OPENAI_TEXT_MAX (1u << 20)  /* bytes of text in it */
#define OPENAI_ASK_MAX (16u << 20)  /* bytes of one request */

/* Where to ask. Texts in the arena; key borrowed from the environment, NULL: none is sent. */
struct openai_target {
	const char *url;			 /* of the method, not of the base */
	const char *host, *model, *key, *reason; /* reason: why it cannot be used */
};

/* iface provider; see abi/iface_provider.h. */
void openai_facts(struct wn_mod *m, struct wn_ctx *ctx, struct wn_model_facts *out);
wn_err openai_chat(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_chat *q,
		   struct wn_chat_result *out);

/* openai_target.c: settings and environment to a target. [any] */
void openai_target_read(const struct wn_host *h, struct wn_arena *a, struct openai_target *out);

/* openai_reply.c: one answer while it comes. */
struct openai_reply {
	struct wn_ctx *ctx;
	const struct wn_chat *q;
	struct wn_chat_result *out;
	struct openai_sse sse;
	struct wn_buf piece;   /* text of one read, handed on at its end */
	struct wn_buf refusal; /* body of an answer that is no stream */
	size_t bytes, text;
	bool finished; /* a finish_reason or [DONE] came */
	bool done;     /* [DONE] came: the rest is not read */
	bool retry;    /* worth another try, if no text came */
};
void openai_reply_init(struct openai_reply *r, struct wn_ctx *ctx, const struct wn_chat *q,
		       struct wn_chat_result *out);
void openai_reply_fini(struct openai_reply *r);
/* on_data of the exchange; arg is the reply. */
wn_err openai_reply_data(void *arg, int status, struct wn_str piece);
/* The exchange is over: decides finish, fault and why, and gives the error of the try. */
wn_err openai_reply_end(struct openai_reply *r, wn_err err, const struct wn_http_result *http,
			const char *key);

/* openai_fault.c: what a refusal means. message is cleaned of controls and of the key. */
struct openai_refusal {
	enum wn_chat_fault fault;
	bool retry;
	const char *message; /* in the arena */
};
void openai_refusal_read(struct wn_arena *a, int status, struct wn_str body, const char *key,
			 struct openai_refusal *out);
wn_err openai_fault_code(enum wn_chat_fault fault);
/* Text from outside for a message to people: controls become blanks, the key becomes "[key]", cut
 * at 300 bytes. */
const char *openai_clean(struct wn_arena *a, struct wn_str text, const char *key);

#endif
