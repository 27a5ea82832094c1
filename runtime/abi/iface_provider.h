/*
 * Interface "provider" 1.0, offered by ai/provider/<name>: a chat model behind somebody's wire
 * format. A provider knows endpoints, keys and retries; it knows nothing of conversations or
 * workspaces. A key never leaves it: not in facts, results, errors or logs.
 */
#ifndef RUNTIME_ABI_IFACE_PROVIDER_H
#define RUNTIME_ABI_IFACE_PROVIDER_H

#include "runtime/abi/module.h"

enum wn_chat_role { WN_CHAT_SYSTEM, WN_CHAT_USER, WN_CHAT_ASSISTANT };
struct wn_chat_message {
	enum wn_chat_role role;
	struct wn_str text; /* valid UTF-8 */
};

/* What is known of the model without asking it. Texts are in ctx->arena. */
struct wn_model_facts {
	bool configured;
	const char *reason; /* why it is not; NULL when it is */
	const char *model;  /* nullable */
	const char *host;   /* of the endpoint, with its port; nullable */
};

/* Why a chat did not go well, whatever the provider called it. */
enum wn_chat_fault {
	WN_CHAT_NO_FAULT,
	WN_CHAT_AUTH,	 /* the key is missing, wrong or not allowed; or there is no credit left */
	WN_CHAT_RATE,	 /* too many requests; retry_after_ms when it was said */
	WN_CHAT_CONTEXT, /* the question is longer than the model takes */
	WN_CHAT_OVERLOADED, /* their side failed or is full */
	WN_CHAT_NETWORK,    /* not reached, broken off, silent */
	WN_CHAT_PROTOCOL,   /* what came is not their format; a redirect; too large */
	WN_CHAT_REFUSED,    /* any other refusal: unknown model, bad request */
	WN_CHAT_STOPPED	    /* cancelled, the deadline, or on_text said so */
};

enum wn_chat_finish {
	WN_CHAT_STOP,	/* the model was through */
	WN_CHAT_LENGTH, /* its own limit of tokens */
	WN_CHAT_FILTER, /* its own filter */
	WN_CHAT_CUT	/* it broke off: fault and why say the reason */
};

struct wn_chat {
	const struct wn_chat_message *messages;
	size_t n;
	/* Each piece of text as it comes: whole code points, unfiltered, straight from outside. An
	 * error ends the chat. [the calling job thread] */
	wn_err (*on_text)(void *arg, struct wn_str piece);
	void *arg;
};

struct wn_chat_result {
	enum wn_chat_finish finish;
	enum wn_chat_fault fault;
	const char *why;	       /* in ctx->arena; NULL without a fault */
	int64_t retry_after_ms;	       /* 0: none said */
	int64_t tokens_in, tokens_out; /* -1: not said */
	const char *model;	       /* as the answer names it, in ctx->arena; nullable */
	int tries;		       /* requests made */
};

struct wn_iface_provider {
	/* Cheap; asks nobody. [any] */
	void (*facts)(struct wn_mod *, struct wn_ctx *, struct wn_model_facts *out);
	/* One exchange. Retries only before the first text. WN_OK as soon as any text came, also
	 * when it broke off later (finish CUT); an error when none came: WN_E_STATE (not
	 * configured), WN_E_RATE, WN_E_NETWORK, WN_E_DEADLINE, WN_E_LIMIT (context),
	 * WN_E_CANCELLED, WN_E_PROVIDER (all else). *out is filled in any case. [job] */
	wn_err (*chat)(struct wn_mod *, struct wn_ctx *, const struct wn_chat *,
		       struct wn_chat_result *out);
};

#endif
