/*
 * Colours by OSC: the palette (4, 5), the terminal's own (10 to 19), set, asked and taken back
 * (104, 105, 110 to 119). A palette colour that was set is drawn as 24 bits from then on.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/shim/vt_priv.h"

#define UNSET 0xFF000000u

/* xterm's 256 colours. */
static uint32_t
standard(int n)
{
	static const uint32_t low[] = { 0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD,
					0x00CDCD, 0xE5E5E5, 0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00,
					0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF };
	static const unsigned step[] = { 0, 95, 135, 175, 215, 255 };

	if (n < 16)
		return low[n];
	if (n >= 232)
		return (uint32_t)(8 + (n - 232) * 10) * 0x010101u;
	n -= 16;
	return step[n / 36] << 16 | step[n / 6 % 6] << 8 | step[n % 6];
}

void
vt_colors_reset(struct vt *t)
{
	for (int i = 0; i < VT_COLORS; i++)
		t->palette[i] = UNSET;
	for (int i = 0; i < VT_OWN_COLORS; i++)
		t->own[i] = UNSET;
}

uint32_t
vt_palette(const struct vt *t, int n)
{
	return t->palette[n] == UNSET
		       ? WN_TCOLOR_INDEX(n)
		       : WN_TCOLOR_RGB(t->palette[n] >> 16 & 0xFF, t->palette[n] >> 8 & 0xFF,
				       t->palette[n] & 0xFF);
}

/* What OSC 10 + i answers. */
static uint32_t
own(const struct vt *t, int i)
{
	if (t->own[i] != UNSET)
		return t->own[i];
	/* text, cursor and pointer are in front; 11, 14, 16, 17 are backgrounds */
	return i == 1 || i == 4 || i == 6 || i == 7 ? t->color_bg : t->color_fg;
}

static int
hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* n hexadecimal digits to 0..255; -1: they are not. scaled: they count from 0 to all ones (rgb:),
 * else they are the upper bits (#). */
static int
channel(const char *p, size_t n, bool scaled)
{
	unsigned v = 0;

	if (n < 1 || n > 4)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (hex(p[i]) < 0)
			return -1;
		v = v << 4 | (unsigned)hex(p[i]);
	}
	if (scaled)
		return (int)(v * 255 / ((1u << (4 * n)) - 1));
	return (int)(n == 1 ? v << 4 : v >> (4 * (n - 2)));
}

static const struct {
	const char *name;
	uint32_t rgb;
} names[] = {
	{ "black", 0x000000 }, { "red", 0xFF0000 },	{ "green", 0x00FF00 },
	{ "blue", 0x0000FF },  { "yellow", 0xFFFF00 },	{ "cyan", 0x00FFFF },
	{ "white", 0xFFFFFF }, { "magenta", 0xFF00FF }, { "gray", 0xBEBEBE },
	{ "grey", 0xBEBEBE },
};

/* "rgb:r/g/b" with one to four digits each, "#rgb" likewise, or a name. */
static bool
parse(struct wn_str s, uint32_t *out)
{
	int v[3] = { 0 };

	if (wn_str_has_prefix(s, WN_STR("rgb:"))) {
		struct wn_str rest = wn_str_sub(s, 4, s.len), part;

		for (int i = 0; i < 3; i++) {
			if (!wn_str_split(&rest, '/', &part))
				return false;
			v[i] = channel(part.p, part.len, true);
		}
		if (rest.p != NULL && rest.len > 0)
			return false;
	} else if (s.len > 1 && s.p[0] == '#' && (s.len - 1) % 3 == 0) {
		size_t n = (s.len - 1) / 3;

		for (size_t i = 0; i < 3; i++)
			v[i] = channel(s.p + 1 + i * n, n, false);
	} else {
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
			if (wn_str_is(s, names[i].name)) {
				*out = names[i].rgb;
				return true;
			}
		return false;
	}
	if (v[0] < 0 || v[1] < 0 || v[2] < 0)
		return false;
	*out = (uint32_t)v[0] << 16 | (uint32_t)v[1] << 8 | (uint32_t)v[2];
	return true;
}

static void
report(struct vt *t, const char *code, uint32_t c)
{
	unsigned r = c >> 16 & 0xFF, g = c >> 8 & 0xFF, b = c & 0xFF;

	vt_reply(t, "\033]%s;rgb:%02x%02x/%02x%02x/%02x%02x%s", code, r, r, g, g, b, b,
		 t->str_bell ? "\a" : "\033\\");
}

/* OSC 4 and 5: pairs of an index and a colour or "?". The special colours of 5 (bold, underline,
 * …) lie behind the 256 and may be named by either. */
static void
palette(struct vt *t, int n, struct wn_str rest)
{
	struct wn_str index, what;
	uint32_t rgb;
	int64_t i;
	char code[24];

	while (wn_str_split(&rest, ';', &index) && wn_str_split(&rest, ';', &what)) {
		int at;

		if (!wn_str_i64(index, &i) || i < 0 || i >= (n == 5 ? VT_COLORS - 256 : VT_COLORS))
			return;
		at = (int)i + (n == 5 ? 256 : 0);
		if (wn_str_is(what, "?")) {
			uint32_t now = t->palette[at];

			snprintf(code, sizeof code, "%d;%d", n, (int)i);
			report(t, code, now != UNSET ? now : at < 256 ? standard(at) : own(t, 0));
		} else if (parse(what, &rgb)) {
			t->palette[at] = rgb;
		}
	}
}

/* OSC 10 to 19: the first parameter is for n, the next for n + 1. */
static void
dynamic(struct vt *t, int n, struct wn_str rest)
{
	struct wn_str what;
	uint32_t rgb;
	char code[16];

	for (int i = n - 10; i < VT_OWN_COLORS && wn_str_split(&rest, ';', &what); i++) {
		if (wn_str_is(what, "?")) {
			snprintf(code, sizeof code, "%d", i + 10);
			report(t, code, own(t, i));
		} else if (parse(what, &rgb)) {
			t->own[i] = rgb;
		}
	}
}

static void
take_back(struct vt *t, bool special, struct wn_str rest)
{
	int first = special ? 256 : 0, end = special ? VT_COLORS : 256;
	struct wn_str index;
	bool some = false;
	int64_t i;

	while (wn_str_split(&rest, ';', &index)) {
		if (!wn_str_i64(index, &i) || i < 0 || i + first >= VT_COLORS)
			continue;
		t->palette[i + first] = UNSET;
		some = true;
	}
	for (int k = first; !some && k < end; k++)
		t->palette[k] = UNSET;
}

bool
vt_color_osc(struct vt *t, int64_t n, struct wn_str s)
{
	if (n == 4 || n == 5)
		palette(t, (int)n, s);
	else if (n >= 10 && n < 10 + VT_OWN_COLORS)
		dynamic(t, (int)n, s);
	else if (n == 104 || n == 105)
		take_back(t, n == 105, s);
	else if (n >= 110 && n < 110 + VT_OWN_COLORS)
		t->own[n - 110] = UNSET;
	else
		return false;
	return true;
}
