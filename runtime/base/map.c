/*
 * Map from text to pointer over uthash, in insertion order. Owns the keys; the
 * values belong to the caller. Not locked.
 */
#include "runtime/base/map.h"

#include <assert.h>
#include <limits.h>
#include <stdatomic.h>

#include "runtime/base/hash.h"
#include "runtime/base/mem.h"

static unsigned map_hash(const void *key, size_t n);

#define HASH_FUNCTION(key, n, out) ((out) = map_hash((key), (n)))
#define uthash_malloc(n) wn_alloc(n)
#define uthash_free(p, n) wn_free(p)
#include <uthash.h>

struct wn_map_entry {
	UT_hash_handle hh; /* its prev/next keep the insertion order */
	void *value;
	size_t len;
	char key[];
};

/* One seed a process, drawn at first use; a race draws twice and keeps the first. */
static unsigned
map_hash(const void *key, size_t n)
{
	static _Atomic uint64_t seed;
	uint64_t now = atomic_load_explicit(&seed, memory_order_relaxed);

	if (now == 0) {
		uint64_t fresh, none = 0;

		wn_random(&fresh, sizeof(fresh));
		fresh |= 1;
		now = atomic_compare_exchange_strong(&seed, &none, fresh) ? fresh : none;
	}
	return (unsigned)wn_hash64(key, n, now);
}

static struct wn_map_entry *
find(const struct wn_map *m, struct wn_str key)
{
	struct wn_map_entry *e = NULL;

	assert(key.len <= UINT_MAX);
	HASH_FIND(hh, m->head, (key.len ? key.p : ""), (unsigned)key.len, e);
	return e;
}

void
wn_map_init(struct wn_map *m)
{
	*m = (struct wn_map){ 0 };
}

void
wn_map_fini(struct wn_map *m, void (*free_value)(void *))
{
	struct wn_map_entry *e = m->head, *next;

	HASH_CLEAR(hh, m->head); /* frees the table only; the entries keep their links */
	for (; e; e = next) {
		next = e->hh.next;
		if (free_value)
			free_value(e->value);
		wn_free(e);
	}
	*m = (struct wn_map){ 0 };
}

void *
wn_map_set(struct wn_map *m, struct wn_str key, void *value)
{
	struct wn_map_entry *e = find(m, key);

	if (e) {
		void *old = e->value;

		e->value = value;
		return old;
	}
	e = wn_alloc(sizeof(*e) + key.len + 1);
	if (key.len)
		memcpy(e->key, key.p, key.len);
	e->len = key.len;
	e->value = value;
	HASH_ADD_KEYPTR(hh, m->head, e->key, (unsigned)key.len, e);
	m->len++;
	return NULL;
}

void *
wn_map_get(const struct wn_map *m, struct wn_str key)
{
	struct wn_map_entry *e = find(m, key);

	return e ? e->value : NULL;
}

bool
wn_map_has(const struct wn_map *m, struct wn_str key)
{
	return find(m, key) != NULL;
}

void *
wn_map_remove(struct wn_map *m, struct wn_str key)
{
	struct wn_map_entry *e = find(m, key);
	void *value;

	if (!e)
		return NULL;
	value = e->value;
	HASH_DELETE(hh, m->head, e);
	wn_free(e);
	m->len--;
	return value;
}

void
wn_map_iter_init(struct wn_map_iter *it, const struct wn_map *m)
{
	*it = (struct wn_map_iter){ .next = m->head };
}

bool
wn_map_iter_next(struct wn_map_iter *it)
{
	struct wn_map_entry *e = it->next;

	if (!e)
		return false;
	it->key = wn_strn(e->key, e->len);
	it->value = e->value;
	it->next = e->hh.next;
	return true;
}
