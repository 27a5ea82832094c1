/*
 * Hashes. SHA-256 names content (ids that leave the process); the 64-bit hash is
 * for tables and dirty checks only.
 */
#ifndef RUNTIME_BASE_HASH_H
#define RUNTIME_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define WN_SHA256_BYTES 32
#define WN_SHA256_HEX 65 /* with the NUL */

struct wn_sha256 {
	void *state; /* owned */
};

uint64_t wn_hash64(const void *data, size_t n, uint64_t seed);

void wn_sha256_once(const void *data, size_t n, unsigned char out[WN_SHA256_BYTES]);
void wn_sha256_hex(const void *data, size_t n, char out[WN_SHA256_HEX]);
void wn_sha256_init(struct wn_sha256 *s);
void wn_sha256_add(struct wn_sha256 *s, const void *data, size_t n);
void wn_sha256_end(struct wn_sha256 *s, unsigned char out[WN_SHA256_BYTES]); /* frees the state */
void wn_hex(const unsigned char *p, size_t n, char *out); /* 2n+1 bytes, lower case */

/* Bytes from the system's random source; aborts if there is none. Any thread. */
void wn_random(void *out, size_t n);

#endif
