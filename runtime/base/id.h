/*
 * Identifiers that sort by time: ULID for our own things, UUIDv7 where the
 * outside expects UUIDs. Within one generator ids are strictly increasing,
 * also inside one millisecond and when the wall clock steps back.
 */
#ifndef RUNTIME_BASE_ID_H
#define RUNTIME_BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/clock.h"
#include "runtime/base/str.h"

#define WN_ULID_MAX 27 /* 26 characters of Crockford base 32 and the NUL */
#define WN_UUID_MAX 37

/* One per thread or behind a lock. */
struct wn_idgen {
	const struct wn_clock *clock;
	int64_t last_ms;
	unsigned char last[10];
};

void wn_idgen_init(struct wn_idgen *g, const struct wn_clock *clock);
void wn_id_ulid(struct wn_idgen *g, char out[WN_ULID_MAX]);
void wn_id_uuid7(struct wn_idgen *g, char out[WN_UUID_MAX]);
bool wn_id_is_ulid(struct wn_str s);
bool wn_id_is_uuid(struct wn_str s);
/* Milliseconds in a valid ULID, or -1. */
int64_t wn_id_ulid_ms(struct wn_str s);

#endif
