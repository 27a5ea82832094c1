/*
 * The engine's own measurements, handed to whoever offers "observability". Knows the two names it
 * uses.
 */
#ifndef RUNTIME_KERNEL_METRIC_H
#define RUNTIME_KERNEL_METRIC_H

#include "runtime/abi/iface_observability.h"
#include "runtime/kernel/kernel.h"

/* One thing done: how long since start_ns (monotonic) and how it ended. Nothing without a sink's
 * module. Any thread. */
void wn_metric_took(struct wn_kernel *k, const char *name, const char *of, int64_t start_ns,
		    wn_err err);

#endif
