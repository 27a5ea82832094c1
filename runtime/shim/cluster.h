/*
 * Interned grapheme clusters of more than one code point, so that a cell stays 16 bytes.
 * The grid sweeps the pool when it is full; nothing outside the grid keeps an index.
 */
#ifndef RUNTIME_SHIM_CLUSTER_H
#define RUNTIME_SHIM_CLUSTER_H

#include <stdint.h>

#include "runtime/base/str.h"

#define CLUSTER_BYTES_MAX 64 /* a longer cluster drops what is behind */
#define CLUSTER_MAX 8192

struct cluster_pool {
	char *bytes;	 /* CLUSTER_BYTES_MAX + 1 bytes a cluster: length, then text */
	uint16_t *table; /* hash table of index + 1 */
	uint32_t len, cap;
};

void cluster_fini(struct cluster_pool *p);
/* Index of that text, or -1 when the pool is full. */
int cluster_intern(struct cluster_pool *p, struct wn_str text);
struct wn_str cluster_text(const struct cluster_pool *p, uint32_t index); /* borrowed */

#endif
