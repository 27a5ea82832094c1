/*
 * extensions/risk, the null module: nothing is assessed, so nothing is refused, and it does not
 * invent a number.
 */
#include "gen/risk.h"
#include "runtime/abi/iface_risk.h"
#include "runtime/base/json.h"

static const char no_model[] = "no assessment of risk is installed";

static wn_err
check(struct wn_ctx *ctx, const struct wn_question *q)
{
	struct wn_json *j = NULL;
	bool ok = q->action && q->action[0] && q->subject && q->subject[0] && q->resource &&
		  q->resource[0];

	if (ok && q->context.len > 0) {
		ok = wn_json_parse(q->context, NULL, &j, NULL) == WN_OK &&
		     wn_json_type(j) == WN_JSON_OBJECT;
		wn_json_free(j);
	}
	return ok ? WN_OK
		  : WN_FAIL(ctx, WN_E_INVALID,
			    "a question needs an action, a subject and a resource, and a JSON "
			    "object as context");
}

static wn_err
decide(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_question *q, struct wn_decision *out)
{
	(void)m;
	*out = (struct wn_decision){ .allow = true, .reason = no_model };
	return check(ctx, q);
}

static wn_err
assess(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_question *q, struct wn_risk_score *out)
{
	(void)m;
	*out = (struct wn_risk_score){ .known = false, .reason = no_model };
	return check(ctx, q);
}

static const struct wn_iface_risk vtable = { .decider = { .decide = decide }, .assess = assess };

static const struct wn_iface_decl offers[] = { { "risk", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
	return WN_OK;
}

const struct wn_module risk_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "risk",
	.version = "1.0.0",
	.manifest = risk_manifest,
	.offers = offers,
	.init = init,
};
