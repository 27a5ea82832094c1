/*
 * Private to extensions/datalake.
 */
#ifndef RUNTIME_EXTENSIONS_DATALAKE_DATALAKE_H
#define RUNTIME_EXTENSIONS_DATALAKE_DATALAKE_H

#include <pthread.h>

#include "gen/datalake.h"
#include "runtime/abi/iface_datalake.h"
#include "runtime/abi/iface_store.h"
#include "runtime/base/map.h"

/* Positions that were acknowledged by this run: the store writes them behind. */
struct datalake {
	pthread_mutex_t lock;
	struct wn_map acked; /* "datalake/<tenant>/<reader>" to int64_t, owned */
};

/* iface datalake; see abi/iface_datalake.h. */
wn_err datalake_read(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str reader, size_t limit,
		     struct wn_lake_batch *out);
wn_err datalake_ack(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str reader, int64_t seq);
wn_err datalake_position(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str reader,
			 int64_t *seq_out);

#endif
