/*
 * UTF-8 bytes and code points: decode, encode, check, count. Knows nothing of what a
 * code point means (utf8_cluster.c, utf8_class.c).
 */
#include "runtime/base/utf8.h"

#include <string.h>

#define HIGHS (UINT64_MAX / 255 * 0x80)

/*
 * The well-formed sequences of Unicode table 3-7: by lead byte the length and the
 * range of the second byte; all later bytes are 80..BF.
 */
size_t
wn_utf8_decode(const char *p, size_t n, uint32_t *cp_out)
{
	const unsigned char *s = (const unsigned char *)p;
	unsigned char c = s[0], lo = 0x80, hi = 0xBF;
	size_t len;
	uint32_t cp;

	*cp_out = c;
	if (c < 0x80)
		return 1;
	*cp_out = WN_UTF8_BAD;
	if (c < 0xC2 || c > 0xF4)
		return 1;
	len = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	if (c == 0xE0)
		lo = 0xA0;
	else if (c == 0xED)
		hi = 0x9F;
	else if (c == 0xF0)
		lo = 0x90;
	else if (c == 0xF4)
		hi = 0x8F;
	if (n < len || s[1] < lo || s[1] > hi)
		return 1;
	cp = c & (0x7Fu >> len);
	cp = cp << 6 | (s[1] & 0x3F);
	for (size_t i = 2; i < len; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 1;
		cp = cp << 6 | (s[i] & 0x3F);
	}
	*cp_out = cp;
	return len;
}

size_t
wn_utf8_encode(uint32_t cp, char out[4])
{
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = 0xFFFD;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

size_t
wn_utf8_check(const char *p, size_t n)
{
	size_t i = 0;
	uint64_t w;
	uint32_t cp;

	while (i < n) {
		while (n - i >= 8 && (memcpy(&w, p + i, 8), (w & HIGHS) == 0))
			i += 8;
		/* Stay here while it is not ASCII; go back to eight at a time after it. */
		while (i < n) {
			size_t len = wn_utf8_decode(p + i, n - i, &cp);

			if (cp == WN_UTF8_BAD)
				return i;
			i += len;
			if (len == 1)
				break;
		}
	}
	return n;
}

size_t
wn_utf8_count(struct wn_str s)
{
	size_t count = 0;
	uint32_t cp;

	for (size_t i = 0; i < s.len; count++)
		i += wn_utf8_decode(s.p + i, s.len - i, &cp);
	return count;
}

size_t
wn_utf8_units16(struct wn_str s)
{
	size_t count = 0;
	uint32_t cp;

	for (size_t i = 0; i < s.len; count++) {
		size_t n = wn_utf8_decode(s.p + i, s.len - i, &cp);

		i += n;
		count += n == 4;
	}
	return count;
}
