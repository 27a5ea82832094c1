/*
 * Hashes and randomness: SHA-256 by libsodium, 64 bits by XXH3, random bytes from
 * the kernel. Holds no state of its own.
 */
#include "runtime/base/hash.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include <sodium.h>
#include <xxhash.h>

#include "runtime/base/mem.h"

uint64_t
wn_hash64(const void *data, size_t n, uint64_t seed)
{
	return XXH3_64bits_withSeed(n ? data : "", n, seed);
}

void
wn_sha256_once(const void *data, size_t n, unsigned char out[WN_SHA256_BYTES])
{
	crypto_hash_sha256(out, n ? data : (const void *)"", n);
}

void
wn_hex(const unsigned char *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}

void
wn_sha256_hex(const void *data, size_t n, char out[WN_SHA256_HEX])
{
	unsigned char sum[WN_SHA256_BYTES];

	wn_sha256_once(data, n, sum);
	wn_hex(sum, sizeof(sum), out);
}

void
wn_sha256_init(struct wn_sha256 *s)
{
	s->state = wn_alloc(sizeof(crypto_hash_sha256_state));
	crypto_hash_sha256_init(s->state);
}

void
wn_sha256_add(struct wn_sha256 *s, const void *data, size_t n)
{
	if (n)
		crypto_hash_sha256_update(s->state, data, n);
}

void
wn_sha256_end(struct wn_sha256 *s, unsigned char out[WN_SHA256_BYTES])
{
	crypto_hash_sha256_final(s->state, out);
	wn_free(s->state);
	s->state = NULL;
}

void
wn_random(void *out, size_t n)
{
	unsigned char *p = out;

	while (n) {
		ssize_t got = getrandom(p, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			fprintf(stderr, "webnova: the system gives no random bytes\n");
			abort();
		}
		p += got;
		n -= (size_t)got;
	}
}
