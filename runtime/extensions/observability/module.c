/*
 * extensions/observability, the null module: measurements are counted and let go. The counts are
 * atomic: record comes from any thread.
 */
#include <stdatomic.h>

#include "gen/observability.h"
#include "runtime/abi/iface_observability.h"
#include "runtime/base/mem.h"

struct counts {
	atomic_llong accepted;
};

static void
record(struct wn_mod *m, const struct wn_metric *metric)
{
	struct counts *c = m->state;

	if (metric->name != NULL && metric->name[0] != '\0')
		atomic_fetch_add_explicit(&c->accepted, 1, memory_order_relaxed);
}

static void
stats(struct wn_mod *m, struct wn_metric_stats *out)
{
	struct counts *c = m->state;

	*out = (struct wn_metric_stats){ .reason = "no sink configured" };
	out->accepted = out->dropped = atomic_load_explicit(&c->accepted, memory_order_relaxed);
}

wn_err
observability_on_status(struct wn_mod *m, struct wn_ctx *ctx,
			const struct observability_status_params *in,
			struct observability_status_result *out)
{
	struct wn_metric_stats s;

	(void)ctx;
	(void)in;
	stats(m, &s);
	out->accepted = s.accepted;
	out->delivered = s.delivered;
	out->dropped = s.dropped;
	out->sink = wn_str(s.sink);
	out->reason = wn_str(s.reason);
	return WN_OK;
}

static const struct wn_iface_observability vtable = { .record = record, .stats = stats };
static const struct wn_iface_decl offers[] = { { "observability", 1, 0, &vtable, 0 }, { 0 } };

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	(void)host;
	m->state = WN_NEW(struct counts);
	return WN_OK;
}

static void
fini(struct wn_mod *m)
{
	wn_free(m->state);
	m->state = NULL;
}

const struct wn_module observability_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "observability",
	.version = "1.0.0",
	.manifest = observability_manifest,
	.offers = offers,
	.methods = observability_methods,
	.init = init,
	.fini = fini,
};
