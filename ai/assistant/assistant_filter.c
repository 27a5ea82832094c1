/*
 * The escape filter: nothing a model or a file says may move the cursor, change colours, talk to
 * the terminal or reverse the reading order of what stands beside it.
 */
#include "ai/assistant/assistant.h"

#include "runtime/base/utf8.h"

/* Embeddings, overrides and isolates; the plain marks (200E, 200F, 061C) that Arabic needs stay. */
static bool
turns_direction(uint32_t cp)
{
	return (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

/* U+2028 and U+2029 end a line for some programs, tags (E0000..) are invisible. */
static bool
is_dropped(uint32_t cp)
{
	return (cp < 32 && cp != '\t' && cp != '\n') || (cp >= 127 && cp < 160) ||
	       turns_direction(cp) || cp == 0x2028 || cp == 0x2029 ||
	       (cp >= 0xE0000 && cp <= 0xE007F);
}

static wn_err
filter(struct wn_str s, bool one_line, struct wn_buf *out)
{
	wn_err err = WN_OK;

	for (size_t i = 0, n; i < s.len && err == WN_OK; i += n) {
		uint32_t cp;

		n = wn_utf8_decode(s.p + i, s.len - i, &cp);
		if (cp == WN_UTF8_BAD)
			err = wn_buf_cstr(out, "\xEF\xBF\xBD");
		else if (one_line && (cp == '\t' || cp == '\n'))
			err = wn_buf_chr(out, ' ');
		else if (!is_dropped(cp))
			err = wn_buf_add(out, s.p + i, n);
	}
	return err;
}

wn_err
assistant_filter(struct wn_str s, struct wn_buf *out)
{
	return filter(s, false, out);
}

wn_err
assistant_filter_line(struct wn_str s, struct wn_buf *out)
{
	return filter(s, true, out);
}
