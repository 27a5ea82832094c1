/*
 * extensions/compliance, the null module: no policy engine, so everything is allowed, and each
 * decision says why. It checks what it is asked as any later one must.
 */
#include "gen/compliance.h"
#include "runtime/abi/iface_compliance.h"
#include "runtime/base/json.h"

static const char no_engine[] = "no policy engine is installed";

static bool
is_question(const struct wn_question *q)
{
	struct wn_json *j = NULL;
	bool ok = q->action && q->action[0] && q->subject && q->subject[0] && q->resource &&
		  q->resource[0];

	if (ok && q->context.len > 0) {
		ok = wn_json_parse(q->context, NULL, &j, NULL) == WN_OK &&
		     wn_json_type(j) == WN_JSON_OBJECT;
		wn_json_free(j);
	}
	return ok;
}

static wn_err
decide(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_question *q, struct wn_decision *out)
{
	(void)m;
	if (!is_question(q))
		return WN_FAIL(ctx, WN_E_INVALID,
			       "a question needs an action, a subject and a resource, and a JSON "
			       "object as context");
	*out = (struct wn_decision){ .allow = true, .reason = no_engine };
	return WN_OK;
}

static void
facts(struct wn_mod *m, struct wn_ctx *ctx, struct wn_compliance_facts *out)
{
	(void)m;
	(void)ctx;
	*out = (struct wn_compliance_facts){ .reason = no_engine };
}

static const struct wn_iface_compliance vtable = { .decider = { .decide = decide },
						   .facts = facts };

static const struct wn_iface_decl offers[] = { { "compliance", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)m;
	(void)host;
	return WN_OK;
}

const struct wn_module compliance_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "compliance",
	.version = "1.0.0",
	.manifest = compliance_manifest,
	.offers = offers,
	.init = init,
};
