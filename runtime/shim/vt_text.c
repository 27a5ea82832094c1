/*
 * Text: UTF-8 to cells. ASCII goes in runs; grapheme clusters are joined as they
 * arrive; wrapping, insert mode and character sets are here.
 */
#include <string.h>

#include "runtime/base/utf8.h"
#include "runtime/shim/vt_priv.h"

#define ZWJ 0x200Du

/* VT100 line drawing, for 0x5F to 0x7E. */
static const uint16_t line_drawing[] = {
	0x00A0, 0x25C6, 0x2592, 0x2409, 0x240C, 0x240D, 0x240A, 0x00B0, 0x00B1, 0x2424, 0x240B,
	0x2518, 0x2510, 0x250C, 0x2514, 0x253C, 0x23BA, 0x23BB, 0x2500, 0x23BC, 0x23BD, 0x251C,
	0x2524, 0x2534, 0x252C, 0x2502, 0x2264, 0x2265, 0x03C0, 0x2260, 0x00A3, 0x00B7,
};

static int
line_end(const struct vt *t)
{
	return t->col < t->right ? t->right : t->grid->cols;
}

static void
wrap(struct vt *t)
{
	if (t->modes & VT_WRAP) {
		if (t->right == t->grid->cols)
			grid_row(t->grid, t->row)->flags |= WN_TR_WRAPPED;
		vt_linefeed(t);
		t->col = t->col >= t->left ? t->left : 0;
	}
	t->wrap_due = false;
}

/* Makes room for `width` columns at the cursor. */
static void
prepare(struct vt *t, int width)
{
	if (t->wrap_due)
		wrap(t);
	if (width == 2 && t->col + 2 > line_end(t)) {
		if (t->modes & VT_WRAP)
			wrap(t);
		else
			t->col = line_end(t) - 2 > 0 ? line_end(t) - 2 : 0;
	}
	if (t->modes & VT_INSERT)
		grid_scroll(t->grid, (struct rect){ t->row, t->col, t->row + 1, line_end(t) }, 0,
			    -width, t->pen.bg);
}

static void
advance(struct vt *t, int width)
{
	int end = line_end(t);

	t->col += width;
	if (t->col >= end) {
		t->col = end - 1;
		t->wrap_due = true;
	}
}

static void
put_point(struct vt *t, uint32_t cp, int width)
{
	if (width > t->grid->cols)
		width = 1, cp = 0xFFFD;
	prepare(t, width);
	if (t->col + width > t->grid->cols)
		width = 1, cp = 0xFFFD;
	grid_put(t->grid, t->row, t->col, cp, width, &t->pen);
	advance(t, width);
	t->last_cp = cp;
}

/* Column of the cell that was written last, seen from the cursor; -1: none. */
static int
previous_col(const struct vt *t)
{
	const struct row *row = grid_row(t->grid, t->row);
	int c = t->wrap_due ? t->col : t->col - 1;

	if (c > 0 && row->cells[c].ch == CELL_TAIL)
		c--;
	return c >= 0 && row->cells[c].ch != 0 && row->cells[c].ch != CELL_TAIL ? c : -1;
}

/* Letters that neither join what is before them nor are joined by what follows. */
static bool
stands_alone(uint32_t cp)
{
	return cp < 0x300 || (cp >= 0x620 && cp <= 0x64A) || (cp >= 0x370 && cp <= 0x482) ||
	       (cp >= 0x2500 && cp <= 0x259F) || (cp >= 0x3041 && cp <= 0x3096) ||
	       (cp >= 0x30A1 && cp <= 0x30FA) || (cp >= 0x4E00 && cp <= 0x9FFF) ||
	       (cp >= 0xAC00 && cp <= 0xD7A3);
}

static bool
is_joining_cell(uint32_t ch)
{
	return (ch & CELL_CLUSTER) || (ch != 0 && !stands_alone(ch));
}

/* The cluster before the cursor becomes a wider or narrower one. */
static void
replace_previous(struct vt *t, int c, struct wn_str text, int width)
{
	struct wn_tstyle style = grid_row(t->grid, t->row)->cells[c].style;
	bool wide = style.attrs & CELL_WIDE;

	style.attrs &= (uint16_t)~CELL_WIDE;
	if (width == 2 && !wide && c + 2 > line_end(t))
		width = 1;
	if (wide)
		width = 2; /* a cell never shrinks: the program counted it already */
	grid_put_cluster(t->grid, t->row, c, text, width, &style);
	if (width == 2 && !wide) {
		t->col = c;
		t->wrap_due = false;
		advance(t, 2);
	}
}

/* Joins cp to the cluster before the cursor when Unicode says they are one. */
static bool
join(struct vt *t, uint32_t cp, int cp_width)
{
	char text[CLUSTER_BYTES_MAX + 4];
	int c = previous_col(t), width;
	const struct cell *cell;
	size_t len, n;

	if (c < 0)
		return cp_width == 0; /* a mark with nothing under it is dropped */
	cell = &grid_row(t->grid, t->row)->cells[c];
	if (cp_width != 0 && !is_joining_cell(cell->ch))
		return false;
	len = grid_cell_text(t->grid, cell, text);
	n = wn_utf8_encode(cp, text + len);
	if (wn_utf8_cluster(text, len + n, &width) < len + n)
		return cp_width == 0 && cp != ZWJ;
	if (len + n > CLUSTER_BYTES_MAX)
		return true;
	replace_previous(t, c, wn_strn(text, len + n), width);
	return true;
}

static void
put_any(struct vt *t, uint32_t cp)
{
	int width;

	if (cp >= 0x80 && cp < 0xA0)
		return; /* C1 controls: UTF-8 programs send the two-byte forms */
	if (cp < 0x1100 && stands_alone(cp)) { /* letters of one column: no table is asked */
		put_point(t, cp, 1);
		return;
	}
	width = wn_utf8_cp_width(cp);
	if (!stands_alone(cp) && join(t, cp, width))
		return;
	put_point(t, cp, width < 1 ? 1 : width);
}

static uint32_t
translate(struct vt *t, uint32_t cp)
{
	uint8_t set = t->charset[t->single ? t->single : t->gl];

	t->single = 0;
	if (set == '0' && cp >= 0x5F && cp <= 0x7E)
		return line_drawing[cp - 0x5F];
	return set == 'A' && cp == '#' ? 0xA3 : cp;
}

static bool
plain_ascii(const struct vt *t)
{
	return !t->single && t->charset[t->gl] != '0' && t->charset[t->gl] != 'A' &&
	       !(t->modes & VT_INSERT);
}

/* Printable ASCII, a row's worth at a time. */
static void
put_ascii(struct vt *t, const char *p, size_t n)
{
	if (n)
		t->last_cp = (unsigned char)p[n - 1];
	while (n) {
		int room;

		if (t->wrap_due)
			wrap(t);
		room = line_end(t) - t->col;
		if ((size_t)room > n)
			room = (int)n;
		grid_put_ascii(t->grid, t->row, t->col, p, room, &t->pen);
		advance(t, room);
		p += room;
		n -= (size_t)room;
	}
}

static size_t
ascii_run(const char *p, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		uint64_t w;

		memcpy(&w, p + i, 8);
		/* a byte below 0x20, above 0x7E or with the top bit */
		if ((((w - 0x2020202020202020u) | (w + 0x0101010101010101u) | w) &
		     0x8080808080808080u))
			break;
	}
	while (i < n && p[i] >= 0x20 && p[i] < 0x7F)
		i++;
	return i;
}

/* Length of the longest beginning of p that some valid character begins with (1 at least);
 * *whole_out is the length that character would have, 0 when the first byte begins none. */
static size_t
valid_prefix(const unsigned char *p, size_t n, size_t *whole_out)
{
	unsigned low = 0x80, high = 0xBF;
	size_t k = 1;

	*whole_out = p[0] < 0xC2 || p[0] > 0xF4 ? 0 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
	if (p[0] == 0xE0)
		low = 0xA0;
	else if (p[0] == 0xED)
		high = 0x9F;
	else if (p[0] == 0xF0)
		low = 0x90;
	else if (p[0] == 0xF4)
		high = 0x8F;
	while (k < n && k < *whole_out && p[k] >= low && p[k] <= high) {
		low = 0x80;
		high = 0xBF;
		k++;
	}
	return k;
}

/* A character above ASCII; it may have begun in the piece before. An invalid one shows one
 * U+FFFD for its longest valid beginning, wherever the pieces were cut. */
static size_t
put_utf8(struct vt *t, const char *p, size_t n)
{
	size_t had = t->part_len, take = sizeof t->part - had, len, whole;
	uint32_t cp = 0xFFFD;

	if (take > n)
		take = n;
	memcpy(t->part + had, p, take);
	len = valid_prefix((const unsigned char *)t->part, had + take, &whole);
	if (len < whole && len == had + take) {
		t->part_len = len; /* the rest may come */
		return take;
	}
	t->part_len = 0;
	if (len == whole && len == 2)
		cp = ((uint32_t)t->part[0] & 0x1F) << 6 | ((uint32_t)t->part[1] & 0x3F);
	else if (len == whole)
		wn_utf8_decode(t->part, len, &cp);
	put_any(t, cp);
	return len - had;
}

size_t
vt_text(struct vt *t, const char *p, size_t n)
{
	size_t i;

	if (t->part_len || (unsigned char)*p >= 0x80)
		return put_utf8(t, p, n);
	i = ascii_run(p, n);
	if (i == 0)
		return 1; /* DEL */
	if (plain_ascii(t)) {
		put_ascii(t, p, i);
		return i;
	}
	for (size_t k = 0; k < i; k++)
		put_any(t, translate(t, (unsigned char)p[k]));
	return i;
}

void
vt_repeat(struct vt *t, int count)
{
	int max = t->grid->rows * t->grid->cols;

	if (count > max)
		count = max;
	while (t->last_cp && count-- > 0)
		put_point(t, t->last_cp, wn_utf8_cp_width(t->last_cp) == 2 ? 2 : 1);
}
