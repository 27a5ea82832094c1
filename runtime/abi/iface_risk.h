/*
 * Interface "risk" 1.0: how dangerous is a step, and is it too dangerous? Security and fraud watch
 * from here. Extension point: extensions/risk is the null module.
 */
#ifndef RUNTIME_ABI_IFACE_RISK_H
#define RUNTIME_ABI_IFACE_RISK_H

#include "runtime/abi/decision.h"

struct wn_risk_score {
	bool known;	    /* false: nobody assessed it, score means nothing */
	int score;	    /* 0 harmless .. 100 certain harm */
	const char *reason; /* never NULL */
};

struct wn_iface_risk {
	struct wn_iface_decider decider;
	/* The same question as a number. A decision that refuses has a known score. WN_E_INVALID as
	 * in decide. [job] */
	wn_err (*assess)(struct wn_mod *, struct wn_ctx *, const struct wn_question *,
			 struct wn_risk_score *out);
};

#endif
