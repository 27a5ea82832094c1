/*
 * Interface "datalake" 1.0: all history in order, for whoever collects it elsewhere. A reader has a
 * name and a durable position; what it has not acknowledged comes again. Extension point:
 * extensions/datalake exports, and has no lake of its own.
 */
#ifndef RUNTIME_ABI_IFACE_DATALAKE_H
#define RUNTIME_ABI_IFACE_DATALAKE_H

#include "runtime/abi/module.h"

#define WN_LAKE_BATCH_MAX 10000

struct wn_lake_batch {
	struct wn_str lines; /* one CloudEvent in JSON a line; in ctx->arena */
	size_t n;
	int64_t next; /* acknowledge this once they are kept; the reader's position when n is 0 */
	bool end;     /* nothing more is there now */
};

/* A reader's name: 1 to 40 of a-z 0-9 - _; else WN_E_INVALID. Readers of another tenant are others.
 */
struct wn_iface_datalake {
	/* The events of the ctx's tenant after the reader's position, at most limit
	 * (1..WN_LAKE_BATCH_MAX, else WN_E_INVALID) and about 8 MiB. The same again until
	 * acknowledged. [job] */
	wn_err (*read)(struct wn_mod *, struct wn_ctx *, struct wn_str reader, size_t limit,
		       struct wn_lake_batch *out);
	/* Moves the position forward, never back (WN_E_CONFLICT), never past the log
	 * (WN_E_INVALID); the same again is fine. Durable soon: after a crash some events may come
	 * twice, none is lost. [job] */
	wn_err (*ack)(struct wn_mod *, struct wn_ctx *, struct wn_str reader, int64_t seq);
	/* Where the reader stands; 0 for one never heard of. [job] */
	wn_err (*position)(struct wn_mod *, struct wn_ctx *, struct wn_str reader,
			   int64_t *seq_out);
};

#endif
