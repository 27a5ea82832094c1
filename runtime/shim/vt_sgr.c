/*
 * SGR: colours and attributes of the pen, with sub-parameters (4:3, 38:2::r:g:b) and the
 * semicolon forms.
 */
#include "runtime/shim/vt_priv.h"

static uint32_t
rgb(int r, int g, int b)
{
	return WN_TCOLOR_RGB(r & 0xFF, g & 0xFF, b & 0xFF);
}

static int
value(const struct vt_csi *c, int i)
{
	return i < c->n && c->p[i] > 0 ? c->p[i] : 0;
}

/* The colour of 38, 48 or 58 at i; returns the index of its last parameter. */
static int
extended(const struct vt_csi *c, int i, uint32_t *out)
{
	int last = i, kind;

	while (last + 1 < c->n && c->sub[last + 1])
		last++;
	if (last > i) { /* colons: 38:5:n, 38:2:r:g:b or 38:2:space:r:g:b */
		kind = value(c, i + 1);
		if (kind == 5 && last >= i + 2)
			*out = WN_TCOLOR_INDEX(value(c, i + 2) & 0xFF);
		else if (kind == 2 && last >= i + 5)
			*out = rgb(value(c, i + 3), value(c, i + 4), value(c, i + 5));
		else if (kind == 2 && last == i + 4)
			*out = rgb(value(c, i + 2), value(c, i + 3), value(c, i + 4));
		return last;
	}
	kind = value(c, i + 1);
	if (kind == 5) {
		if (i + 2 < c->n)
			*out = WN_TCOLOR_INDEX(value(c, i + 2) & 0xFF);
		return i + 2;
	}
	if (kind == 2) {
		if (i + 4 < c->n)
			*out = rgb(value(c, i + 2), value(c, i + 3), value(c, i + 4));
		return i + 4;
	}
	return i + 1;
}

static void
underline(struct wn_tstyle *pen, int kind)
{
	pen->attrs = (uint16_t)((pen->attrs & ~WN_TA_UNDERLINE) | (kind > 5 ? 1 : kind) << 8);
}

static void
set(struct wn_tstyle *pen, unsigned add, unsigned drop)
{
	pen->attrs = (uint16_t)((pen->attrs & ~drop) | add);
}

static const struct {
	uint8_t code;
	uint16_t add, drop;
} simple[] = {
	{ 1, WN_TA_BOLD, 0 },
	{ 2, WN_TA_DIM, 0 },
	{ 3, WN_TA_ITALIC, 0 },
	{ 5, WN_TA_BLINK, 0 },
	{ 6, WN_TA_BLINK, 0 },
	{ 7, WN_TA_REVERSE, 0 },
	{ 8, WN_TA_CONCEAL, 0 },
	{ 9, WN_TA_STRIKE, 0 },
	{ 21, 2 << 8, WN_TA_UNDERLINE },
	{ 22, 0, WN_TA_BOLD | WN_TA_DIM },
	{ 23, 0, WN_TA_ITALIC },
	{ 24, 0, WN_TA_UNDERLINE },
	{ 25, 0, WN_TA_BLINK },
	{ 27, 0, WN_TA_REVERSE },
	{ 28, 0, WN_TA_CONCEAL },
	{ 29, 0, WN_TA_STRIKE },
	{ 53, WN_TA_OVERLINE, 0 },
	{ 55, 0, WN_TA_OVERLINE },
};

static void
attribute(struct wn_tstyle *pen, int code)
{
	for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++)
		if (simple[i].code == code)
			set(pen, simple[i].add, simple[i].drop);
}

static bool
plain_color(struct wn_tstyle *pen, int code)
{
	if (code >= 30 && code <= 37)
		pen->fg = WN_TCOLOR_INDEX(code - 30);
	else if (code >= 40 && code <= 47)
		pen->bg = WN_TCOLOR_INDEX(code - 40);
	else if (code >= 90 && code <= 97)
		pen->fg = WN_TCOLOR_INDEX(code - 90 + 8);
	else if (code >= 100 && code <= 107)
		pen->bg = WN_TCOLOR_INDEX(code - 100 + 8);
	else if (code == 39)
		pen->fg = 0;
	else if (code == 49)
		pen->bg = 0;
	else
		return false;
	return true;
}

/* One code at i; returns the index of its last parameter. */
static int
one(struct wn_tstyle *pen, const struct vt_csi *c, int i)
{
	uint32_t ignored;
	int code = value(c, i);

	if (code == 38 || code == 48 || code == 58)
		return extended(c, i, code == 38 ? &pen->fg : code == 48 ? &pen->bg : &ignored);
	if (code == 4 && i + 1 < c->n && c->sub[i + 1])
		underline(pen, value(c, i + 1));
	else if (code == 4)
		underline(pen, 1);
	else if (code == 0)
		*pen = (struct wn_tstyle){ .link = pen->link, .attrs = pen->attrs & CELL_GUARDED };
	else if (!plain_color(pen, code))
		attribute(pen, code);
	while (i + 1 < c->n && c->sub[i + 1])
		i++;
	return i;
}

void
vt_sgr(struct vt *t, const struct vt_csi *c)
{
	for (int i = 0; i < c->n; i++)
		i = one(&t->pen, c, i);
	if (WN_TCOLOR_KIND(t->pen.fg) == 1)
		t->pen.fg = vt_palette(t, (int)(t->pen.fg & 0xFF));
	if (WN_TCOLOR_KIND(t->pen.bg) == 1)
		t->pen.bg = vt_palette(t, (int)(t->pen.bg & 0xFF));
}

static void
print_color(uint32_t color, int base, struct wn_buf *out)
{
	unsigned n = color & 0xFF;

	if (WN_TCOLOR_KIND(color) == 2)
		wn_buf_printf(out, ";%d:2::%u:%u:%u", base + 8, color >> 16 & 0xFF,
			      color >> 8 & 0xFF, n);
	else if (WN_TCOLOR_KIND(color) == 1 && n < 16)
		wn_buf_printf(out, ";%d", (n < 8 ? base : base + 52) + (int)n);
	else if (WN_TCOLOR_KIND(color) == 1)
		wn_buf_printf(out, ";%d:5:%u", base + 8, n);
}

void
vt_sgr_print(const struct wn_tstyle *pen, struct wn_buf *out)
{
	unsigned kind = (pen->attrs & WN_TA_UNDERLINE) >> 8;

	wn_buf_chr(out, '0');
	for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++)
		if (simple[i].drop == 0 && simple[i].code != 6 && (pen->attrs & simple[i].add))
			wn_buf_printf(out, ";%d", simple[i].code);
	if (kind == 1)
		wn_buf_cstr(out, ";4");
	else if (kind)
		wn_buf_printf(out, ";4:%u", kind);
	print_color(pen->fg, 30, out);
	print_color(pen->bg, 40, out);
}
