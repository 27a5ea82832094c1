/*
 * Cluster pool: a flat array of short texts and an open hash table over it.
 */
#include "runtime/shim/cluster.h"

#include <string.h>

#include "runtime/base/hash.h"
#include "runtime/base/mem.h"

#define SLOT (CLUSTER_BYTES_MAX + 1)
#define TABLE_SIZE (CLUSTER_MAX * 2)

void
cluster_fini(struct cluster_pool *p)
{
	wn_free(p->bytes);
	wn_free(p->table);
	*p = (struct cluster_pool){ 0 };
}

struct wn_str
cluster_text(const struct cluster_pool *p, uint32_t index)
{
	const char *at = p->bytes + (size_t)index * SLOT;

	return wn_strn(at + 1, (unsigned char)at[0]);
}

int
cluster_intern(struct cluster_pool *p, struct wn_str text)
{
	uint32_t at;
	char *slot;

	if (!p->table)
		p->table = wn_alloc_array(TABLE_SIZE, sizeof *p->table);
	at = (uint32_t)wn_hash64(text.p, text.len, 1) % TABLE_SIZE;
	for (; p->table[at]; at = (at + 1) % TABLE_SIZE)
		if (wn_str_eq(cluster_text(p, p->table[at] - 1u), text))
			return p->table[at] - 1;
	if (p->len == CLUSTER_MAX)
		return -1;
	if (p->len == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 16;
		p->bytes = wn_realloc(p->bytes, (size_t)p->cap * SLOT);
	}
	slot = p->bytes + (size_t)p->len * SLOT;
	slot[0] = (char)text.len;
	memcpy(slot + 1, text.p, text.len);
	p->table[at] = (uint16_t)++p->len;
	return (int)p->len - 1;
}
