/*
 * Implements the measurements.
 */
#include "runtime/kernel/metric.h"

#include "gen/engine.h"

void
wn_metric_took(struct wn_kernel *k, const char *name, const char *of, int64_t start_ns, wn_err err)
{
	const struct wn_bound *b = &k->engine->bound[ENGINE_NEED_OBSERVABILITY];
	struct wn_metric m = { .name = name, .kind = WN_METRIC_DURATION, .of = of };

	if (b->vtable == NULL)
		return;
	m.value = wn_mono_ns(k->opts.clock) - start_ns;
	m.outcome = err == WN_OK ? "ok" : wn_error_row(err)->name;
	((const struct wn_iface_observability *)b->vtable)->record(b->mod, &m);
}
