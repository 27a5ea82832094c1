/*
 * "May this be done?", asked before a step that matters. The same question goes to every decider an
 * engine has (compliance, risk, later ones); each has a veto, and none is an engine of the usual
 * permissions, which are checked before. Headers only.
 */
#ifndef RUNTIME_ABI_DECISION_H
#define RUNTIME_ABI_DECISION_H

#include "runtime/abi/module.h"

struct wn_question {
	const char *action;    /* "platform.create": a method's or step's name */
	const char *subject;   /* who: an actor, "user:1000" */
	const char *resource;  /* on what: "workspace/<id>", "path:<path>" */
	struct wn_str context; /* more facts, a JSON object; empty: none */
};

struct wn_decision {
	bool allow;
	const char *reason; /* one sentence, never NULL; in ctx->arena or constant */
	const char *rule;   /* what decided it: a rule's name; nullable */
};

/* First in the vtable of every interface that decides. */
struct wn_iface_decider {
	/* Answers from what is asked and the decider's own rules; the same question gets the same
	 * answer while the rules stay. WN_E_INVALID: action, subject or resource is empty, or
	 * context is no JSON object. May block. [job] */
	wn_err (*decide)(struct wn_mod *, struct wn_ctx *, const struct wn_question *,
			 struct wn_decision *out);
};

/* Asks n bound deciders in turn; absent ones have no say. WN_E_DENIED with the reason of the first
 * that refuses; a decider that fails refuses too. subject NULL: the ctx's actor. [job] */
static inline wn_err
wn_may(const struct wn_bound *deciders, size_t n, struct wn_ctx *ctx, struct wn_question q)
{
	if (!q.subject)
		q.subject = ctx->actor;
	for (size_t i = 0; i < n; i++) {
		const struct wn_iface_decider *d =
			(const struct wn_iface_decider *)deciders[i].vtable;
		struct wn_decision out = { 0 };
		wn_err err;

		if (!d)
			continue;
		err = d->decide(deciders[i].mod, ctx, &q, &out);
		if (err)
			return WN_FAIL(ctx, err, "it could not be decided whether %s may be done",
				       q.action);
		if (!out.allow)
			return WN_FAIL(ctx, WN_E_DENIED, "%s is refused by %s: %s", q.action,
				       deciders[i].mod->desc ? deciders[i].mod->desc->name
							     : "a decider",
				       out.reason);
	}
	return WN_OK;
}

#endif
