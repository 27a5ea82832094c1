/*
 * Finding literal bytes. Two bytes of the needle that are rare in the text are looked for at once,
 * sixty-four places at a time; only where both are does the rest count. (The generic SIMD algorithm
 * of W. Mula, with the bytes chosen as the memchr crate of ripgrep does.)
 */
#include "editor/search/search_private.h"

#if defined __SSE2__
#include <emmintrin.h>
#endif

#define SAMPLE ((size_t)16 << 10)

void
ed_needle_sample(struct ed_search *s, const char *p, size_t n)
{
	uint32_t count[256] = { 0 };
	size_t a = 0, b;

	if (s->sampled)
		return;
	s->sampled = true;
	n = n < SAMPLE ? n : SAMPLE;
	for (size_t i = 0; i < n; i++)
		count[(unsigned char)p[i]]++;
	for (size_t i = 1; i < s->needle_len; i++)
		if (count[(unsigned char)s->needle[i]] < count[(unsigned char)s->needle[a]])
			a = i;
	b = a == 0 && s->needle_len > 1 ? 1 : 0;
	for (size_t i = 0; i < s->needle_len; i++)
		if (i != a &&
		    count[(unsigned char)s->needle[i]] < count[(unsigned char)s->needle[b]])
			b = i;
	s->rare[0] = a;
	s->rare[1] = b;
}

#if defined __SSE2__
/* Bit i: both rare bytes stand where they do in a needle at p + i. */
static inline unsigned
both(const char *p, size_t first, size_t second, __m128i x, __m128i y)
{
	__m128i a = _mm_loadu_si128((const __m128i *)(const void *)(p + first));
	__m128i b = _mm_loadu_si128((const __m128i *)(const void *)(p + second));

	return (unsigned)_mm_movemask_epi8(
		_mm_and_si128(_mm_cmpeq_epi8(a, x), _mm_cmpeq_epi8(b, y)));
}

const char *
ed_needle_find(const struct ed_search *s, const char *p, size_t n)
{
	const size_t first = s->rare[0], second = s->rare[1], far = first > second ? first : second;
	const __m128i x = _mm_set1_epi8(s->needle[first]), y = _mm_set1_epi8(s->needle[second]);
	size_t i = 0;

	if (n < s->needle_len)
		return NULL;
	for (; i + far + 64 <= n; i += 64) {
		uint64_t hits = both(p + i, first, second, x, y) |
				(uint64_t)both(p + i + 16, first, second, x, y) << 16 |
				(uint64_t)both(p + i + 32, first, second, x, y) << 32 |
				(uint64_t)both(p + i + 48, first, second, x, y) << 48;

		for (; hits != 0; hits &= hits - 1) {
			size_t at = i + (size_t)__builtin_ctzll(hits);

			if (at + s->needle_len <= n &&
			    memcmp(p + at, s->needle, s->needle_len) == 0)
				return p + at;
		}
	}
	return memmem(p + i, n - i, s->needle, s->needle_len);
}
#else
const char *
ed_needle_find(const struct ed_search *s, const char *p, size_t n)
{
	return memmem(p, n, s->needle, s->needle_len);
}
#endif
