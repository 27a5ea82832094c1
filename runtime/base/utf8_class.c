/*
 * What code points are: word, blank, direction, and folding for search. The tables
 * are utf8proc's; the Arabic letter forms are ours.
 */
#include <utf8proc.h>

#include "runtime/base/utf8.h"

bool
wn_utf8_is_rtl(uint32_t cp)
{
	const utf8proc_property_t *prop;

	if (cp < 0x590 || cp > 0x10FFFF)
		return false;
	prop = utf8proc_get_property((utf8proc_int32_t)cp);
	return prop->bidi_class == UTF8PROC_BIDI_CLASS_R ||
	       prop->bidi_class == UTF8PROC_BIDI_CLASS_AL;
}

bool
wn_utf8_is_word(uint32_t cp)
{
	utf8proc_category_t c;

	if (cp < 0x80)
		return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
		       (cp >= 'A' && cp <= 'Z') || cp == '_';
	if (cp > 0x10FFFF)
		return false;
	c = utf8proc_category((utf8proc_int32_t)cp);
	return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO) ||
	       c == UTF8PROC_CATEGORY_PC;
}

uint32_t
wn_utf8_upper(uint32_t cp)
{
	return cp > 0x10FFFF ? cp : (uint32_t)utf8proc_toupper((utf8proc_int32_t)cp);
}

uint32_t
wn_utf8_lower(uint32_t cp)
{
	return cp > 0x10FFFF ? cp : (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
}

bool
wn_utf8_is_space(uint32_t cp)
{
	utf8proc_category_t c;

	if (cp < 0x80)
		return cp == ' ' || (cp >= '\t' && cp <= '\r');
	if (cp > 0x10FFFF)
		return false;
	c = utf8proc_category((utf8proc_int32_t)cp);
	return cp == 0x85 || (c >= UTF8PROC_CATEGORY_ZS && c <= UTF8PROC_CATEGORY_ZP);
}

/* Arabic letters that people type for one another; 0: leave it out. */
static uint32_t
fold_arabic(uint32_t cp)
{
	switch (cp) {
	case 0x0640: /* tatweel */
		return 0;
	case 0x0622:
	case 0x0623:
	case 0x0625:
	case 0x0671: /* alef with madda, hamza, wasla */
		return 0x0627;
	case 0x0629: /* teh marbuta */
	case 0x06C1:
	case 0x06C3:
	case 0x06D5:
		return 0x0647;
	case 0x0649:
	case 0x06CC:
	case 0x06D2: /* alef maksura, Farsi yeh, yeh barree */
		return 0x064A;
	case 0x06A9: /* keheh */
		return 0x0643;
	default:
		return cp;
	}
}

static void
fold_one(uint32_t cp, struct wn_buf *out)
{
	enum { MAX_DECOMPOSED = 32 };
	utf8proc_int32_t parts[MAX_DECOMPOSED];
	int boundary = 0;
	utf8proc_ssize_t n;

	n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, MAX_DECOMPOSED,
				    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
					    UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
				    &boundary);
	if (n < 0 || n > MAX_DECOMPOSED) {
		parts[0] = (utf8proc_int32_t)cp;
		n = 1;
	}
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		char text[4];
		uint32_t part = fold_arabic((uint32_t)parts[i]);

		if (part || cp == 0)
			wn_buf_add(out, text, wn_utf8_encode(part, text));
	}
}

wn_err
wn_utf8_fold(struct wn_str s, struct wn_buf *out)
{
	for (size_t i = 0; i < s.len && !out->err;) {
		uint32_t cp;
		size_t n = wn_utf8_decode(s.p + i, s.len - i, &cp);

		if (cp == WN_UTF8_BAD)
			wn_buf_chr(out, s.p[i]);
		else if (cp < 0x80)
			wn_buf_chr(out, (char)(cp >= 'A' && cp <= 'Z' ? cp + 32 : cp));
		else
			fold_one(cp, out);
		i += n;
	}
	return out->err;
}
