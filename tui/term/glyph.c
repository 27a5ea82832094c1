/*
 * What a terminal is given for a cell. Terminals and curses count columns with tables like
 * wcwidth(), which knows less than we do: where the two differ, characters are chosen so that both
 * agree on the columns. Owns no state.
 */
#include <wchar.h>

#include "runtime/base/utf8.h"
#include "tui/term/private.h"

/* Box drawing for terminals without the characters. */
static uint32_t
plain_char(uint32_t cp)
{
	if (cp < 0x80)
		return cp;
	if (cp == 0x2502)
		return '|';
	if (cp == 0x2500)
		return '-';
	if (cp >= 0x2500 && cp < 0x2580)
		return '+';
	return '?';
}

/* The rest of a cluster: marks that take no column, or the second half of a flag. */
static void
tail_of(struct wn_str s, struct tui_glyph *out)
{
	uint32_t cp;
	size_t n;

	for (; s.len > 0; s = wn_str_sub(s, n, s.len)) {
		int w;

		n = wn_utf8_decode(s.p, s.len, &cp);
		w = cp == WN_UTF8_BAD ? -1 : wcwidth((wchar_t)cp);
		if (w == 1 && out->tail == ' ')
			out->tail = cp;
		else if (w == 0 && out->tail == 0 && out->n <= TUI_GLYPH_MARKS && cp != 0x200D &&
			 cp != 0xFE0F)
			out->cp[out->n++] = cp;
		else
			return;
	}
}

void
tui_glyph_of(const struct tui_cell *c, bool ascii, struct tui_glyph *out)
{
	struct wn_str s = wn_strn(c->text, c->len);
	uint32_t cp = ' ';
	size_t n = s.len > 0 ? wn_utf8_decode(s.p, s.len, &cp) : 0;
	int w;

	*out = (struct tui_glyph){ .n = 1 };
	if (cp == WN_UTF8_BAD)
		cp = 0xFFFD;
	w = wcwidth((wchar_t)cp);
	if (ascii || w < 1 || w > c->width) {
		out->cp[0] = ascii ? plain_char(cp) : 0xFFFD;
		out->tail = c->width == 2 ? ' ' : 0;
		return;
	}
	out->cp[0] = cp;
	if (w < c->width)
		out->tail = ' ';
	tail_of(wn_str_sub(s, n, s.len), out);
}
