/*
 * Writes and reads terminal frames; the format is told in termframe.h. Owns nothing but
 * the encoding: no grid, no socket. The reader trusts no byte.
 */
#include "runtime/base/termframe.h"

#include "runtime/base/utf8.h"

#define FRAME_VERSION 1
#define COUNT_MAX 0xFFFFFFu /* of cells, rows and bytes in one record */

enum { OP_RESET, OP_STYLE, OP_ASCII, OP_NARROW, OP_WIDE, OP_CLUSTER, OP_BLANK };

static size_t
put_varint(unsigned char *at, uint64_t v)
{
	size_t n = 0;

	while (v >= 0x80) {
		at[n++] = (unsigned char)(v | 0x80);
		v >>= 7;
	}
	at[n++] = (unsigned char)v;
	return n;
}

static void
add_varint(struct wn_buf *out, uint64_t v)
{
	unsigned char tmp[10];

	wn_buf_add(out, tmp, put_varint(tmp, v));
}

void
wn_tframe_begin(struct wn_buf *out, const struct wn_tframe *f)
{
	wn_buf_chr(out, FRAME_VERSION);
	wn_buf_chr(out, (char)f->flags);
	add_varint(out, f->seq);
	add_varint(out, f->rows);
	add_varint(out, f->cols);
	add_varint(out, f->cursor_row);
	add_varint(out, f->cursor_col);
	add_varint(out, f->cursor_shape);
	add_varint(out, f->modes);
	add_varint(out, f->scrolled);
	add_varint(out, f->history);
}

void
wn_tframe_add_row(struct wn_buf *out, uint32_t index, uint8_t flags, struct wn_str ops)
{
	add_varint(out, index);
	wn_buf_chr(out, (char)flags);
	add_varint(out, ops.len);
	wn_buf_str(out, ops);
}

void
wn_trow_reset(struct wn_trow_writer *w)
{
	wn_buf_chr(w->out, OP_RESET);
	w->style = (struct wn_tstyle){ 0 };
}

static size_t
put_color(unsigned char *at, uint32_t c)
{
	at[0] = (unsigned char)WN_TCOLOR_KIND(c);
	if (at[0] == 0)
		return 1;
	if (at[0] == 1) {
		at[1] = (unsigned char)c;
		return 2;
	}
	at[1] = (unsigned char)(c >> 16);
	at[2] = (unsigned char)(c >> 8);
	at[3] = (unsigned char)c;
	return 4;
}

void
wn_trow_style(struct wn_trow_writer *w, const struct wn_tstyle *s)
{
	unsigned char op[1 + 3 + 3 + 4 + 4];
	size_t n = 0;

	if (w->style.fg == s->fg && w->style.bg == s->bg && w->style.attrs == s->attrs &&
	    w->style.link == s->link)
		return;
	w->style = *s;
	if (!s->fg && !s->bg && !s->attrs && !s->link) {
		wn_buf_chr(w->out, OP_RESET);
		return;
	}
	op[n++] = OP_STYLE;
	n += put_varint(op + n, s->attrs);
	n += put_varint(op + n, s->link);
	n += put_color(op + n, s->fg);
	n += put_color(op + n, s->bg);
	wn_buf_add(w->out, op, n);
}

void
wn_trow_ascii(struct wn_trow_writer *w, const char *p, size_t n)
{
	wn_buf_chr(w->out, OP_ASCII);
	add_varint(w->out, n);
	wn_buf_add(w->out, p, n);
}

void
wn_trow_points(struct wn_trow_writer *w, size_t n, int width, struct wn_str utf8)
{
	wn_buf_chr(w->out, width == 2 ? OP_WIDE : OP_NARROW);
	add_varint(w->out, n);
	add_varint(w->out, utf8.len);
	wn_buf_str(w->out, utf8);
}

void
wn_trow_cluster(struct wn_trow_writer *w, int width, struct wn_str utf8)
{
	wn_buf_chr(w->out, OP_CLUSTER);
	wn_buf_chr(w->out, (char)width);
	add_varint(w->out, utf8.len);
	wn_buf_str(w->out, utf8);
}

void
wn_trow_blank(struct wn_trow_writer *w, size_t n)
{
	wn_buf_chr(w->out, OP_BLANK);
	add_varint(w->out, n);
}

/* ---- reading ---- */

static bool
get_varint(const unsigned char **p, const unsigned char *end, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	for (unsigned shift = 0; *p < end && shift < 63; shift += 7) {
		unsigned char b = *(*p)++;

		v |= (uint64_t)(b & 0x7F) << shift;
		if (!(b & 0x80)) {
			*out = v;
			return v <= max;
		}
	}
	return false;
}

static bool
get_u32(const unsigned char **p, const unsigned char *end, uint32_t max, uint32_t *out)
{
	uint64_t v;

	if (!get_varint(p, end, max, &v))
		return false;
	*out = (uint32_t)v;
	return true;
}

wn_err
wn_tframe_read(struct wn_tframe_reader *r, struct wn_str bytes, struct wn_tframe *f)
{
	r->p = (const unsigned char *)bytes.p;
	r->end = r->p + bytes.len;
	if (bytes.len < 2)
		return WN_E_PARSE;
	if (r->p[0] != FRAME_VERSION)
		return WN_E_VERSION;
	f->flags = r->p[1];
	r->p += 2;
	if (!get_varint(&r->p, r->end, INT64_MAX, &f->seq) ||
	    !get_u32(&r->p, r->end, COUNT_MAX, &f->rows) ||
	    !get_u32(&r->p, r->end, COUNT_MAX, &f->cols) ||
	    !get_u32(&r->p, r->end, COUNT_MAX, &f->cursor_row) ||
	    !get_u32(&r->p, r->end, COUNT_MAX, &f->cursor_col) ||
	    !get_u32(&r->p, r->end, COUNT_MAX, &f->cursor_shape) ||
	    !get_u32(&r->p, r->end, COUNT_MAX, &f->modes) ||
	    !get_u32(&r->p, r->end, COUNT_MAX, &f->scrolled) ||
	    !get_varint(&r->p, r->end, INT64_MAX, &f->history))
		return WN_E_PARSE;
	return 0;
}

int
wn_tframe_next(struct wn_tframe_reader *r, struct wn_tframe_row *row)
{
	uint32_t n;

	if (r->p == r->end)
		return 0;
	if (!get_u32(&r->p, r->end, COUNT_MAX, &row->index) || r->p == r->end)
		return WN_E_PARSE;
	row->flags = *r->p++;
	if (!get_u32(&r->p, r->end, COUNT_MAX, &n) || n > (size_t)(r->end - r->p))
		return WN_E_PARSE;
	row->ops = wn_strn((const char *)r->p, n);
	r->p += n;
	return 1;
}

void
wn_trow_read(struct wn_trow_reader *r, struct wn_str ops)
{
	*r = (struct wn_trow_reader){ .p = (const unsigned char *)ops.p };
	r->end = r->p + ops.len;
}

static bool
get_color(struct wn_trow_reader *r, uint32_t *out)
{
	static const unsigned char need[] = { 0, 1, 3 };
	unsigned kind;

	if (r->p == r->end || (kind = *r->p++) > 2 || need[kind] > r->end - r->p)
		return false;
	if (kind == 0)
		*out = 0;
	else if (kind == 1)
		*out = WN_TCOLOR_INDEX(r->p[0]);
	else
		*out = WN_TCOLOR_RGB(r->p[0], r->p[1], r->p[2]);
	r->p += need[kind];
	return true;
}

static bool
get_style(struct wn_trow_reader *r)
{
	uint32_t attrs, link;

	if (!get_u32(&r->p, r->end, UINT16_MAX, &attrs) ||
	    !get_u32(&r->p, r->end, UINT16_MAX, &link))
		return false;
	r->style.attrs = (uint16_t)attrs;
	r->style.link = (uint16_t)link;
	return get_color(r, &r->style.fg) && get_color(r, &r->style.bg);
}

/* The next code point of the present run. */
static int
next_point(struct wn_trow_reader *r, struct wn_tpiece *out)
{
	uint32_t cp;
	size_t n = (size_t)(r->end - r->p);

	if (n == 0)
		return WN_E_PARSE;
	n = wn_utf8_decode((const char *)r->p, n, &cp);
	if (cp == WN_UTF8_BAD)
		return WN_E_PARSE;
	*out = (struct wn_tpiece){ r->style, wn_strn((const char *)r->p, n), r->width };
	r->p += n;
	r->left--;
	return 1;
}

static bool
begin_run(struct wn_trow_reader *r, unsigned op)
{
	uint32_t bytes;

	if (!get_u32(&r->p, r->end, COUNT_MAX, &r->left))
		return false;
	r->width = op == OP_WIDE ? 2 : 1;
	if (op == OP_ASCII)
		return r->left <= (size_t)(r->end - r->p);
	return get_u32(&r->p, r->end, COUNT_MAX, &bytes) && bytes <= (size_t)(r->end - r->p) &&
	       r->left <= bytes;
}

static int
one_cluster(struct wn_trow_reader *r, struct wn_tpiece *out)
{
	uint32_t n;
	unsigned width;

	if (r->p == r->end || (width = *r->p++) < 1 || width > 2 ||
	    !get_u32(&r->p, r->end, COUNT_MAX, &n) || n == 0 || n > (size_t)(r->end - r->p))
		return WN_E_PARSE;
	*out = (struct wn_tpiece){ r->style, wn_strn((const char *)r->p, n), width };
	r->p += n;
	return wn_utf8_valid(out->text) ? 1 : WN_E_PARSE;
}

static int
blanks(struct wn_trow_reader *r, struct wn_tpiece *out)
{
	*out = (struct wn_tpiece){ r->style, WN_STR_NONE, 0 };
	if (!get_u32(&r->p, r->end, COUNT_MAX, &out->count))
		return WN_E_PARSE;
	return out->count ? 1 : WN_E_PARSE;
}

int
wn_trow_next(struct wn_trow_reader *r, struct wn_tpiece *out)
{
	while (!r->left) {
		unsigned op;

		if (r->p == r->end)
			return 0;
		switch (op = *r->p++) {
		case OP_RESET:
			r->style = (struct wn_tstyle){ 0 };
			break;
		case OP_STYLE:
			if (!get_style(r))
				return WN_E_PARSE;
			break;
		case OP_ASCII:
		case OP_NARROW:
		case OP_WIDE:
			if (!begin_run(r, op))
				return WN_E_PARSE;
			break;
		case OP_CLUSTER:
			return one_cluster(r, out);
		case OP_BLANK:
			return blanks(r, out);
		default:
			return WN_E_PARSE;
		}
	}
	return next_point(r, out);
}
