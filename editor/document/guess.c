/*
 * Guessing the character set of a text that is not UTF-8. A wrong guess shows wrong letters, so
 * only clear cases count: Arabic words, Japanese kana, single accented letters inside Latin words.
 */
#include "editor/document/charset.h"

struct tally {
	size_t high;	/* bytes above 0x7F */
	size_t control; /* C0 other than tab, line ends, form feed, escape */
	size_t arabic;	/* of high ones, letters of windows-1256 beside another */
	size_t alef;	/* of those, alef and lam: a quarter of Arabic, rare in KOI8-R there */
	size_t latin;	/* of high ones, letters of windows-1252 beside an ASCII letter */
	size_t kana, pairs, broken; /* read as Shift_JIS */
};

static bool
is_high(struct wn_str s, size_t i)
{
	return i < s.len && (unsigned char)s.p[i] >= 0x80;
}

static bool
is_ascii_letter(struct wn_str s, size_t i)
{
	char c = i < s.len ? s.p[i] : 0;

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_arabic(struct wn_str s, size_t i)
{
	unsigned char c = i < s.len ? (unsigned char)s.p[i] : 0;

	return (c >= 0xC0 && c != 0xD7 && c != 0xE0 && c != 0xE2 && !(c >= 0xE7 && c <= 0xEB) &&
		c != 0xEE && c != 0xEF && c != 0xF4 && c != 0xF7 && c != 0xF9 && c < 0xFB);
}

static void
count_bytes(struct wn_str s, struct tally *t)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		t->control += c < 0x20 && (c < '\t' || c > '\r') && c != 0x1B;
		if (!is_high(s, i))
			continue;
		t->high++;
		t->arabic +=
			is_arabic(s, i) && (is_arabic(s, i + 1) || (i > 0 && is_arabic(s, i - 1)));
		t->alef += c == 0xC7 || c == 0xE1;
		t->latin += c >= 0xC0 && c != 0xD7 && c != 0xF7 && !is_high(s, i + 1) &&
			    (is_ascii_letter(s, i + 1) || (i > 0 && is_ascii_letter(s, i - 1)));
	}
}

static void
count_pairs(struct wn_str s, struct tally *t)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i], next;

		if (c < 0x80 || (c >= 0xA1 && c <= 0xDF))
			continue;
		next = i + 1 < s.len ? (unsigned char)s.p[i + 1] : 0x40;
		if (c == 0x80 || c == 0xA0 || c > 0xFC || next < 0x40 || next == 0x7F ||
		    next > 0xFC) {
			t->broken++;
			continue;
		}
		t->pairs++;
		t->kana +=
			(c == 0x82 && next >= 0x9F && next <= 0xF1) || (c == 0x83 && next <= 0x96);
		i++;
	}
}

const char *
ed_charset_guess(struct wn_str probe)
{
	struct tally t = { 0 };

	count_bytes(probe, &t);
	count_pairs(probe, &t);
	if (t.control > 0 || t.high == 0)
		return NULL;
	if (t.broken == 0 && t.kana >= 8 && t.kana * 3 >= t.pairs)
		return "shift_jis";
	if (t.arabic >= 12 && t.arabic * 10 >= t.high * 9 && t.alef * 8 >= t.high)
		return "windows-1256";
	if (t.latin * 10 >= t.high * 9)
		return "windows-1252";
	return NULL;
}
