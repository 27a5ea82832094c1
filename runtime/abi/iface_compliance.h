/*
 * Interface "compliance" 1.0: rules of law, contract and house, asked before a step that matters.
 * Extension point: extensions/compliance is the null module.
 */
#ifndef RUNTIME_ABI_IFACE_COMPLIANCE_H
#define RUNTIME_ABI_IFACE_COMPLIANCE_H

#include "runtime/abi/decision.h"

struct wn_compliance_facts {
	const char *engine; /* name of the policy engine; NULL: none */
	int64_t rules;	    /* in force */
	const char *reason; /* why there is none; NULL when there is one */
};

struct wn_iface_compliance {
	struct wn_iface_decider decider;
	/* What decides here. Without an engine rules is 0 and every decision allows. [any] */
	void (*facts)(struct wn_mod *, struct wn_ctx *, struct wn_compliance_facts *out);
};

#endif
