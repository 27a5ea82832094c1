/*
 * Extended grapheme clusters (UAX #29 by utf8proc) and their columns, which are our
 * own rule: no library gives 2 for an emoji family, a flag and a keycap alike.
 */
#include <utf8proc.h>

#include "runtime/base/utf8.h"

enum { VS16 = 0xFE0F, VS15 = 0xFE0E, KEYCAP = 0x20E3, RI_FIRST = 0x1F1E6, RI_LAST = 0x1F1FF };

static bool
is_regional(uint32_t cp)
{
	return cp >= RI_FIRST && cp <= RI_LAST;
}

static bool
is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F);
}

int
wn_utf8_cp_width(uint32_t cp)
{
	int w;

	if (cp < 0x300 || cp > 0x10FFFF)
		return cp == 0xAD ? 0 : 1;
	w = utf8proc_charwidth((utf8proc_int32_t)cp);
	return w < 0 ? 1 : w > 2 ? 2 : w;
}

/* Columns of a cluster of more than one code point. */
struct shape {
	uint32_t first;
	int widest;
	int regionals;
	bool vs16, keycap;
};

static int
shape_width(const struct shape *s)
{
	if (s->vs16 || s->keycap || s->regionals >= 2)
		return 2;
	return s->widest;
}

static void
shape_add(struct shape *s, uint32_t cp)
{
	int w = wn_utf8_cp_width(cp);

	if (w > s->widest)
		s->widest = w;
	s->regionals += is_regional(cp);
	/* VS16 asks for the picture, and only something visible can become one. */
	s->vs16 |= cp == VS16 && s->widest > 0;
	s->keycap |= cp == KEYCAP && s->widest > 0;
}

/*
 * Columns of the common characters that join with none of their kind, by range; 0: look in
 * the tables. Grapheme_Cluster_Break is Other for all of them, and Other breaks from Other.
 */
static int
simple_width(uint32_t cp)
{
	static const struct {
		uint32_t first, last;
		int width;
	} ranges[] = {
		{ 0x20, 0x7E, 1 },     { 0xA1, 0xAC, 1 },     { 0xAE, 0x2FF, 1 },
		{ 0x3A3, 0x482, 1 },   { 0x48A, 0x52F, 1 }, /* Greek, Cyrillic */
		{ 0x5D0, 0x5EA, 1 },   { 0x620, 0x64A, 1 }, /* Hebrew, Arabic */
		{ 0x660, 0x66F, 1 },   { 0x671, 0x6D3, 1 },   { 0x3041, 0x3096, 2 },
		{ 0x30A1, 0x30FA, 2 }, { 0x4E00, 0x9FFF, 2 },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]) && cp >= ranges[i].first; i++)
		if (cp <= ranges[i].last)
			return ranges[i].width;
	return 0;
}

/* The cluster when both its character and the next one are simple; else 0 bytes. */
static size_t
simple_cluster(const char *p, size_t n, int *width_out)
{
	uint32_t cp, next = 'x';
	size_t len = wn_utf8_decode(p, n, &cp);
	int width = cp == WN_UTF8_BAD ? 0 : simple_width(cp);

	if (!width)
		return 0;
	if (len < n)
		wn_utf8_decode(p + len, n - len, &next);
	if (!simple_width(next))
		return 0;
	*width_out = width;
	return len;
}

size_t
wn_utf8_cluster(const char *p, size_t n, int *width_out)
{
	struct shape shape = { 0 };
	utf8proc_int32_t state = 0;
	uint32_t cp, next;
	size_t at;

	*width_out = 0;
	if (n == 0)
		return 0;
	*width_out = 1;
	/* ASCII before ASCII is alone, but for CR LF, and controls are alone anyway. */
	if ((unsigned char)p[0] < 0x80 && (n == 1 || (unsigned char)p[1] < 0x80))
		return 1;
	at = simple_cluster(p, n, width_out);
	if (at)
		return at;
	at = wn_utf8_decode(p, n, &cp);
	if (cp == WN_UTF8_BAD)
		return 1;
	if (is_control(cp))
		return at;
	shape_add(&shape, cp);
	while (at < n) {
		size_t len = wn_utf8_decode(p + at, n - at, &next);

		if (next == WN_UTF8_BAD || is_control(next) ||
		    utf8proc_grapheme_break_stateful((utf8proc_int32_t)cp, (utf8proc_int32_t)next,
						     &state))
			break;
		shape_add(&shape, next);
		cp = next;
		at += len;
	}
	*width_out = shape_width(&shape);
	return at;
}

int
wn_utf8_width(struct wn_str s)
{
	int total = 0, w;

	for (size_t i = 0; i < s.len; total += w)
		i += wn_utf8_cluster(s.p + i, s.len - i, &w);
	return total;
}

size_t
wn_utf8_fit(struct wn_str s, int cols, int *cols_out_nullable)
{
	int used = 0, w;
	size_t i = 0;

	while (i < s.len) {
		size_t n = wn_utf8_cluster(s.p + i, s.len - i, &w);

		if (used + w > cols)
			break;
		used += w;
		i += n;
	}
	if (cols_out_nullable)
		*cols_out_nullable = used;
	return i;
}
