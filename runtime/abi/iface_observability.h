/*
 * Interface "observability" 1.0: where the engine's measurements go. The names are fixed here, so
 * that every sink shows the same. Extension point: extensions/observability is the null module.
 */
#ifndef RUNTIME_ABI_IFACE_OBSERVABILITY_H
#define RUNTIME_ABI_IFACE_OBSERVABILITY_H

#include "runtime/abi/module.h"

#define WN_METRIC_RPC "rpc.request" /* one request answered; of: the method */
#define WN_METRIC_JOB "job.run"	    /* one recorded job ended; of: its kind */

enum wn_metric_kind { WN_METRIC_COUNT, WN_METRIC_GAUGE, WN_METRIC_DURATION };
struct wn_metric {
	const char *name; /* one of the names above */
	enum wn_metric_kind kind;
	int64_t value;	     /* how many; the level; nanoseconds */
	const char *of;	     /* nullable */
	const char *outcome; /* "ok" or an error's name; nullable */
};

/* accepted = delivered + dropped + what is on its way. */
struct wn_metric_stats {
	int64_t accepted, delivered, dropped;
	const char *sink;   /* name; NULL: none */
	const char *reason; /* why there is none; NULL when there is one */
};

struct wn_iface_observability {
	/* Takes one measurement; copies what it keeps. Never blocks, never fails: what cannot be
	 * kept is dropped and counted. Without a name it is not accepted. [any] */
	void (*record)(struct wn_mod *, const struct wn_metric *);
	/* Counts since the start. Texts are constant or the module's. [any] */
	void (*stats)(struct wn_mod *, struct wn_metric_stats *out);
};

#endif
