/*
 * Map from text (bytes, copied in) to a pointer, kept in insertion order.
 * Hash flooding does not help an attacker: the hash is seeded per process.
 */
#ifndef RUNTIME_BASE_MAP_H
#define RUNTIME_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/str.h"

struct wn_map_entry;

struct wn_map {
	struct wn_map_entry *head;
	size_t len;
};

void wn_map_init(struct wn_map *m);
/* Frees keys and table; each value goes to free_value first when it is not NULL. */
void wn_map_fini(struct wn_map *m, void (*free_value)(void *));
/* Sets key to value; returns the value that was there before, or NULL. */
void *wn_map_set(struct wn_map *m, struct wn_str key, void *value);
void *wn_map_get(const struct wn_map *m, struct wn_str key); /* NULL: absent */
bool wn_map_has(const struct wn_map *m, struct wn_str key);
void *wn_map_remove(struct wn_map *m, struct wn_str key); /* the value, or NULL */

/* Insertion order. The entry just visited may be removed meanwhile, others not. */
struct wn_map_iter {
	struct wn_map_entry *next;
	struct wn_str key;
	void *value;
};
void wn_map_iter_init(struct wn_map_iter *it, const struct wn_map *m);
bool wn_map_iter_next(struct wn_map_iter *it);

#endif
