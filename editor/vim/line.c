/*
 * Lines, characters and columns of the text under the engine. Reads only.
 */
#include "editor/vim/line.h"

#include "runtime/base/utf8.h"

const struct ed_text *
vi_text(const struct ed_vim *v)
{
	return ed_doc_text(v->doc);
}

size_t
vi_len(const struct ed_vim *v)
{
	return ed_text_len(vi_text(v));
}

static void
fill(struct ed_vim *v, size_t pos)
{
	size_t from = pos > sizeof v->cache.buf / 2 ? pos - sizeof v->cache.buf / 2 : 0;

	v->cache.version = ed_doc_version(v->doc) + 1;
	v->cache.base = from;
	v->cache.len = ed_text_read(vi_text(v), from, v->cache.buf, sizeof v->cache.buf);
}

int
vi_byte(struct ed_vim *v, size_t pos)
{
	if (v->cache.version != ed_doc_version(v->doc) + 1 || pos < v->cache.base ||
	    pos >= v->cache.base + v->cache.len) {
		if (pos >= vi_len(v))
			return -1;
		fill(v, pos);
		if (pos >= v->cache.base + v->cache.len)
			return -1;
	}
	return (unsigned char)v->cache.buf[pos - v->cache.base];
}

/* A line end begins at pos: '\n', or '\r' before one. */
static bool
at_eol(struct ed_vim *v, size_t pos)
{
	int c = vi_byte(v, pos);

	return c < 0 || c == '\n' || (c == '\r' && vi_byte(v, pos + 1) == '\n');
}

uint32_t
vi_cp(struct ed_vim *v, size_t pos, size_t *n)
{
	char buf[4];
	size_t have = 0, len;
	uint32_t cp;

	if (n)
		*n = 0;
	if (at_eol(v, pos))
		return 0;
	for (int c; have < 4 && (c = vi_byte(v, pos + have)) >= 0; have++)
		buf[have] = (char)c;
	len = wn_utf8_decode(buf, have, &cp);
	if (n)
		*n = len;
	return cp == 0 ? '\n' : cp; /* NUL bytes are shown as line feeds are in Vim */
}

uint32_t
vi_cp_before(struct ed_vim *v, size_t pos)
{
	return pos > vi_begin(v, pos) ? vi_cp(v, vi_left(v, pos), NULL) : 0;
}

/* ---- lines ---------------------------------------------------------------------------- */

size_t
vi_last_line(struct ed_vim *v)
{
	size_t len = vi_len(v);

	if (len > 0 && vi_byte(v, len - 1) == '\n')
		len--;
	return ed_text_line_begin(vi_text(v), len);
}

size_t
vi_clamp(struct ed_vim *v, size_t pos)
{
	size_t len = vi_len(v);

	if (pos >= len && len > 0 && vi_byte(v, len - 1) == '\n')
		return vi_end(v, len - 1);
	if (pos >= len)
		return len;
	return vi_byte(v, pos) == '\n' && pos > 0 && vi_byte(v, pos - 1) == '\r' ? pos - 1 : pos;
}

size_t
vi_begin(struct ed_vim *v, size_t pos)
{
	return ed_text_line_begin(vi_text(v), vi_clamp(v, pos));
}

size_t
vi_end(struct ed_vim *v, size_t pos)
{
	size_t len = vi_len(v);

	if (pos >= len && len > 0 && vi_byte(v, len - 1) == '\n')
		pos = len - 1;
	return ed_doc_line_end(v->doc, pos);
}

size_t
vi_stop(struct ed_vim *v, size_t pos)
{
	size_t end = ed_text_line_end(vi_text(v), vi_clamp(v, pos));

	return end < vi_len(v) ? end + 1 : end;
}

bool
vi_empty_line(struct ed_vim *v, size_t pos)
{
	return vi_end(v, pos) == vi_begin(v, pos);
}

size_t
vi_next_line(struct ed_vim *v, size_t pos)
{
	size_t stop = vi_stop(v, pos);

	return stop < vi_len(v) ? stop : VI_NONE;
}

size_t
vi_prev_line(struct ed_vim *v, size_t pos)
{
	size_t begin = vi_begin(v, pos);

	return begin == 0 ? VI_NONE : ed_text_line_begin(vi_text(v), begin - 1);
}

/* Stepping line by line is dear for many, counting for few. */
static bool
far(struct ed_vim *v, size_t n)
{
	return n > 64 && ed_text_indexed(vi_text(v));
}

bool
vi_lines_down(struct ed_vim *v, size_t begin, size_t n, size_t *out)
{
	begin = vi_begin(v, begin);
	if (far(v, n)) {
		size_t row = vi_row(v, begin), last = vi_rows(v) - 1;
		*out = vi_row_begin(v, n > last - row ? last : row + n);
		return n <= last - row;
	}
	for (; n > 0; n--) {
		size_t next = vi_next_line(v, begin);
		if (next == VI_NONE)
			break;
		begin = next;
	}
	*out = begin;
	return n == 0;
}

bool
vi_lines_up(struct ed_vim *v, size_t begin, size_t n, size_t *out)
{
	begin = vi_begin(v, begin);
	if (far(v, n)) {
		size_t row = vi_row(v, begin);
		*out = vi_row_begin(v, n > row ? 0 : row - n);
		return n <= row;
	}
	for (; n > 0 && begin > 0; n--)
		begin = vi_prev_line(v, begin);
	*out = begin;
	return n == 0;
}

size_t
vi_row(struct ed_vim *v, size_t pos)
{
	return ed_text_line_of(vi_text(v), vi_clamp(v, pos));
}

size_t
vi_row_begin(struct ed_vim *v, size_t row)
{
	size_t pos = ed_text_line_start(vi_text(v), row);

	return vi_begin(v, pos);
}

size_t
vi_rows(struct ed_vim *v)
{
	return vi_row(v, vi_len(v)) + 1;
}

/* ---- characters -------------------------------------------------------------------------- */

size_t
vi_right(struct ed_vim *v, size_t pos)
{
	int c, d;

	if (at_eol(v, pos))
		return pos;
	c = vi_byte(v, pos);
	d = vi_byte(v, pos + 1);
	if (c < 0x80 && d < 0x80)
		return pos + 1;
	return ed_next_cluster(vi_text(v), pos);
}

size_t
vi_left(struct ed_vim *v, size_t pos)
{
	int c;

	if (pos == 0 || (c = vi_byte(v, pos - 1)) == '\n')
		return pos;
	if (c < 0x80 && (pos == 1 || vi_byte(v, pos - 2) < 0x80) && vi_byte(v, pos) < 0x80)
		return pos - 1;
	return ed_prev_cluster(vi_text(v), pos);
}

int
vi_inc(struct ed_vim *v, size_t *pos)
{
	size_t next = vi_right(v, *pos);

	if (next != *pos) {
		*pos = next;
		return at_eol(v, next) ? 2 : 0;
	}
	next = vi_next_line(v, *pos);
	if (next == VI_NONE)
		return -1;
	*pos = next;
	return 1;
}

int
vi_dec(struct ed_vim *v, size_t *pos)
{
	size_t prev = vi_left(v, *pos);

	if (prev != *pos) {
		*pos = prev;
		return 0;
	}
	prev = vi_prev_line(v, *pos);
	if (prev == VI_NONE)
		return -1;
	*pos = vi_end(v, prev);
	return 1;
}

int
vi_incl(struct ed_vim *v, size_t *pos)
{
	int r = vi_inc(v, pos);

	if (r >= 1 && *pos != vi_begin(v, *pos))
		r = vi_inc(v, pos);
	return r;
}

int
vi_decl(struct ed_vim *v, size_t *pos)
{
	int r = vi_dec(v, pos);

	if (r == 1 && *pos != vi_begin(v, *pos))
		r = vi_dec(v, pos);
	return r;
}

size_t
vi_skip_blank(struct ed_vim *v, size_t pos)
{
	for (int c; (c = vi_byte(v, pos)) == ' ' || c == '\t';)
		pos++;
	return pos;
}

size_t
vi_nonblank(struct ed_vim *v, size_t pos)
{
	return vi_skip_blank(v, vi_begin(v, pos));
}

bool
vi_blank_line(struct ed_vim *v, size_t pos)
{
	return vi_nonblank(v, pos) == vi_end(v, pos);
}

size_t
vi_on_char(struct ed_vim *v, size_t pos)
{
	pos = vi_clamp(v, pos);
	return at_eol(v, pos) ? vi_left(v, pos) : pos;
}

/* ---- columns ------------------------------------------------------------------------------ */

#define FAR_COLUMNS ((size_t)1 << 16) /* beyond, the document remembers columns for us */

size_t
vi_width(struct ed_vim *v, size_t pos, size_t col)
{
	char buf[64];
	size_t n, end;
	int width, c = vi_byte(v, pos);

	if (c == '\t')
		return v->opt.ts - col % v->opt.ts;
	if (c < 0x20 || c == 0x7f)
		return at_eol(v, pos) ? 1 : 2;
	if (c < 0x80 && vi_byte(v, pos + 1) < 0x80)
		return 1;
	end = ed_next_cluster(vi_text(v), pos);
	n = end - pos < sizeof buf ? end - pos : sizeof buf;
	n = ed_text_read(vi_text(v), pos, buf, n);
	if (n == 1 && c >= 0x80)
		return 4; /* <ff> */
	(void)wn_utf8_cluster(buf, n, &width);
	return width > 0 ? (size_t)width : 1;
}

size_t
vi_col(struct ed_vim *v, size_t pos, size_t *last)
{
	size_t at = vi_begin(v, pos), col = 0, w;

	if (pos - at > FAR_COLUMNS) {
		col = ed_col_of(v->doc, pos);
		at = pos;
	}
	for (;; at = vi_right(v, at)) {
		size_t next = vi_right(v, at);
		w = vi_width(v, at, col);
		if (next > pos || next == at)
			break;
		col += w;
	}
	if (last)
		*last = col + w - 1;
	return col;
}

size_t
vi_at_col(struct ed_vim *v, size_t begin, size_t col)
{
	size_t at = begin, c = 0;

	if (col == VI_EOL)
		return vi_end(v, begin);
	if (col > FAR_COLUMNS)
		return ed_pos_at_col(v->doc, begin, col);
	for (;;) {
		size_t next = vi_right(v, at);
		c += vi_width(v, at, c);
		if (next == at || c > col)
			return at;
		at = next;
	}
}

size_t
vi_indent(struct ed_vim *v, size_t pos)
{
	size_t col = 0;

	pos = vi_begin(v, pos);
	for (int c; (c = vi_byte(v, pos)) == ' ' || c == '\t'; pos++)
		col += vi_width(v, pos, col);
	return col;
}

/* ---- words --------------------------------------------------------------------------------- */

/* Characters above Latin-1 that are no words of class 2: blanks, punctuation, and scripts whose
 * runs are words of their own. */
static const struct {
	uint32_t from, to;
	int class;
} classes[] = {
	{ 0x37e, 0x37e, 1 },	      { 0x387, 0x387, 1 },	    { 0x55a, 0x55f, 1 },
	{ 0x589, 0x589, 1 },	      { 0x5be, 0x5be, 1 },	    { 0x5c0, 0x5c0, 1 },
	{ 0x5c3, 0x5c3, 1 },	      { 0x5f3, 0x5f4, 1 },	    { 0x60c, 0x60c, 1 },
	{ 0x61b, 0x61b, 1 },	      { 0x61f, 0x61f, 1 },	    { 0x66a, 0x66d, 1 },
	{ 0x6d4, 0x6d4, 1 },	      { 0x700, 0x70d, 1 },	    { 0x964, 0x965, 1 },
	{ 0x970, 0x970, 1 },	      { 0xdf4, 0xdf4, 1 },	    { 0xe4f, 0xe4f, 1 },
	{ 0xe5a, 0xe5b, 1 },	      { 0xf04, 0xf12, 1 },	    { 0xf3a, 0xf3d, 1 },
	{ 0xf85, 0xf85, 1 },	      { 0x104a, 0x104f, 1 },	    { 0x10fb, 0x10fb, 1 },
	{ 0x1361, 0x1368, 1 },	      { 0x166d, 0x166e, 1 },	    { 0x1680, 0x1680, 0 },
	{ 0x169b, 0x169c, 1 },	      { 0x16eb, 0x16ed, 1 },	    { 0x1735, 0x1736, 1 },
	{ 0x17d4, 0x17dc, 1 },	      { 0x1800, 0x180a, 1 },	    { 0x2000, 0x200b, 0 },
	{ 0x200c, 0x2027, 1 },	      { 0x2028, 0x2029, 0 },	    { 0x202a, 0x202e, 1 },
	{ 0x202f, 0x202f, 0 },	      { 0x2030, 0x205e, 1 },	    { 0x205f, 0x205f, 0 },
	{ 0x2060, 0x27ff, 1 },	      { 0x2070, 0x207f, 0x2070 },   { 0x2080, 0x2094, 0x2080 },
	{ 0x2800, 0x28ff, 0x2800 },   { 0x2900, 0x2998, 1 },	    { 0x29d8, 0x29db, 1 },
	{ 0x29fc, 0x29fd, 1 },	      { 0x2e00, 0x2e7f, 1 },	    { 0x3000, 0x3000, 0 },
	{ 0x3001, 0x3020, 1 },	      { 0x3030, 0x3030, 1 },	    { 0x303d, 0x303d, 1 },
	{ 0x3040, 0x309f, 0x3040 },   { 0x30a0, 0x30ff, 0x30a0 },   { 0x3300, 0x9fff, 0x4e00 },
	{ 0xac00, 0xd7a3, 0xac00 },   { 0xf900, 0xfaff, 0x4e00 },   { 0xfd3e, 0xfd3f, 1 },
	{ 0xfe30, 0xfe6b, 1 },	      { 0xff00, 0xff0f, 1 },	    { 0xff1a, 0xff20, 1 },
	{ 0xff3b, 0xff40, 1 },	      { 0xff5b, 0xff65, 1 },	    { 0x1d000, 0x1d24f, 1 },
	{ 0x1d400, 0x1d7ff, 1 },      { 0x1f000, 0x1f2ff, 1 },	    { 0x1f300, 0x1f9ff, 3 },
	{ 0x20000, 0x2a6df, 0x4e00 }, { 0x2a700, 0x2b73f, 0x4e00 }, { 0x2b740, 0x2b81f, 0x4e00 },
	{ 0x2f800, 0x2fa1f, 0x4e00 },
};

static int
latin_class(uint32_t cp)
{
	if (cp == ' ' || cp == '\t' || cp == 0 || cp == 0xa0)
		return 0;
	if (cp < 0x80)
		return (cp >= '0' && cp <= '9') || cp == '_' || (cp >= 'a' && cp <= 'z') ||
				       (cp >= 'A' && cp <= 'Z')
			       ? 2
			       : 1;
	return cp >= 0xc0 || cp == 0xb5 ? 2 : 1;
}

int
vi_class_of(uint32_t cp)
{
	int class = 2;

	if (cp < 0x100)
		return latin_class(cp);
	if (cp == WN_UTF8_BAD)
		return 1;
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (cp >= classes[i].from && cp <= classes[i].to)
			class = classes[i].class;
	return class;
}

int
vi_class(struct ed_vim *v, size_t pos, bool big)
{
	int class = vi_class_of(vi_cp(v, pos, NULL));

	return big && class != 0 ? 1 : class;
}
