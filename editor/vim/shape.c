/*
 * Operators that change what is there: case, replacing by one character, shifting, joining.
 */
#include "editor/vim/normal.h"

#include "runtime/base/utf8.h"

/* ---- each piece of a region ------------------------------------------------------------------ */

typedef void (*span_fn)(struct ed_vim *v, size_t from, size_t to, void *arg);

/* Calls fn for the bytes of each line in the region, last line first, so that places before stay.
 */
static void
each_span(struct ed_vim *v, const struct vi_region *r, span_fn fn, void *arg)
{
	size_t first = vi_begin(v, r->from), line;

	line = r->type == 'v' && r->to > r->from ? vi_begin(v, r->to - 1) : vi_begin(v, r->to);
	for (;;) {
		size_t prev = line > first ? vi_prev_line(v, line) : VI_NONE;
		size_t a = line, b = vi_end(v, line);
		if (r->type == VI_BLOCK) {
			struct vi_slice s = vi_slice(v, r, line);
			a = s.a;
			b = s.none ? s.a : s.b;
		} else if (r->type == 'v') {
			a = a < r->from ? r->from : a;
			b = b > r->to ? r->to : b;
		}
		if (b > a)
			fn(v, a, b, arg);
		if (prev == VI_NONE || v->failed)
			return;
		line = prev;
	}
}

/* ---- case
 * ---------------------------------------------------------------------------------------- */

static uint32_t
cased(uint32_t cp, enum vi_case_op how)
{
	uint32_t up, low;

	if (how == VI_ROT13) {
		if ((cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z'))
			return (cp & 0x60) + 1 + ((cp & 31) - 1 + 13) % 26;
		return cp;
	}
	up = wn_utf8_upper(cp);
	low = wn_utf8_lower(cp);
	if (how == VI_UPPER)
		return up;
	if (how == VI_LOWER)
		return low;
	return up != cp ? up : low;
}

static void
case_span(struct ed_vim *v, size_t from, size_t to, void *arg)
{
	enum vi_case_op how = *(const enum vi_case_op *)arg;
	struct wn_buf in, out;
	char buf[4];
	uint32_t cp;

	wn_buf_init(&in, VI_REG_MAX);
	wn_buf_init(&out, VI_REG_MAX);
	(void)ed_text_copy(vi_text(v), from, to, &in);
	for (size_t i = 0, n; i < in.len; i += n) {
		n = wn_utf8_decode(in.p + i, in.len - i, &cp);
		if (cp == 0xdf && how == VI_UPPER)
			(void)wn_buf_cstr(&out, "SS");
		else if (cp == WN_UTF8_BAD || cp == 0xdf || cased(cp, how) == cp)
			(void)wn_buf_add(&out, in.p + i, n);
		else
			(void)wn_buf_add(&out, buf, wn_utf8_encode(cased(cp, how), buf));
	}
	if (!in.err && !out.err && !wn_str_eq(wn_buf_view(&in), wn_buf_view(&out)))
		(void)vi_edit(v, from, to - from, wn_buf_view(&out));
	wn_buf_fini(&in);
	wn_buf_fini(&out);
}

void
vi_op_case(struct ed_vim *v, const struct vi_region *r, enum vi_case_op how)
{
	struct vi_region first = *r;

	/* An empty region at the very start is a character in Vim. */
	if (r->empty && r->from == 0)
		first.to = vi_right(v, 0);
	each_span(v, &first, case_span, &how);
	vi_mark_change(v, r->from, r->to > r->from ? r->to - 1 : r->to);
	v->cur = vi_on_char(v, v->cur);
}

/* ---- r in a selection
 * ------------------------------------------------------------------------------- */

static void
replace_span(struct ed_vim *v, size_t from, size_t to, void *arg)
{
	uint32_t with = *(const uint32_t *)arg;
	struct wn_buf out;
	char buf[4];
	size_t n = wn_utf8_encode(with, buf);

	wn_buf_init(&out, VI_REG_MAX);
	for (size_t p = from; p < to; p = vi_right(v, p))
		(void)wn_buf_add(&out, buf, n);
	(void)vi_edit(v, from, to - from, wn_buf_view(&out));
	wn_buf_fini(&out);
}

/* In a block half-cut tabs become spaces around what replaces them. */
static void
replace_slice(struct ed_vim *v, const struct vi_region *r, size_t line, uint32_t with)
{
	struct vi_slice s = vi_slice(v, r, line);
	struct wn_buf out;
	char buf[4];
	size_t n = wn_utf8_encode(with, buf), cols, end;

	if (s.none)
		return;
	wn_buf_init(&out, VI_REG_MAX);
	end = vi_col(v, s.b, NULL);
	cols = end - s.post - (s.col + s.pre);
	for (size_t i = 0; i < s.pre; i++)
		(void)wn_buf_chr(&out, ' ');
	for (size_t i = 0; i < cols; i++)
		(void)wn_buf_add(&out, buf, n);
	for (size_t i = 0; i < s.post; i++)
		(void)wn_buf_chr(&out, ' ');
	(void)vi_edit(v, s.a, s.b - s.a, wn_buf_view(&out));
	wn_buf_fini(&out);
}

void
vi_op_replace(struct ed_vim *v, const struct vi_region *r, uint32_t with)
{
	size_t first = vi_begin(v, r->from), line = vi_begin(v, r->to);

	if (r->type != VI_BLOCK) {
		each_span(v, r, replace_span, &with);
	} else {
		for (;;) {
			size_t prev = line > first ? vi_prev_line(v, line) : VI_NONE;
			replace_slice(v, r, line, with);
			if (prev == VI_NONE || v->failed)
				break;
			line = prev;
		}
	}
	v->cur = vi_on_char(v, v->cur);
}

/* ---- shifting
 * ------------------------------------------------------------------------------------------ */

static void
shift_line(struct ed_vim *v, size_t line, size_t amount, bool left)
{
	size_t sw = v->opt.sw ? v->opt.sw : v->opt.ts, by = sw * amount, n = vi_indent(v, line);

	if (vi_empty_line(v, line))
		return;
	if (v->opt.sr) { /* to a multiple of 'shiftwidth' */
		size_t i = n / sw, j = n % sw;
		size_t k = j && left ? amount - 1 : amount;
		n = left ? (i < k ? 0 : (i - k) * sw) : (i + amount) * sw;
	} else {
		n = left ? (n > by ? n - by : 0) : n + by;
	}
	(void)vi_set_indent(v, line, n);
}

/* A block: blanks at its left edge come or go. */
static void
shift_slice(struct ed_vim *v, const struct vi_region *r, size_t line, size_t amount, bool left)
{
	size_t sw = v->opt.sw ? v->opt.sw : v->opt.ts, by = sw * amount;
	struct vi_slice s = vi_slice(v, r, line);
	size_t end, cols, from, col;
	struct wn_buf b;

	if (s.none)
		return;
	wn_buf_init(&b, 65536);
	from = s.a;
	end = vi_skip_blank(v, from);
	col = s.col;
	cols = vi_col(v, end, NULL) - (s.col + s.pre);
	if (!left) {
		cols += by;
		/* blanks left of the edge join, so that tabs can be used */
		while (!s.pre && from > line && vi_is_blank((uint32_t)vi_byte(v, from - 1)))
			from--;
		size_t start = vi_col(v, from, NULL), to = s.col + s.pre + cols;
		while (!v->opt.et && start / v->opt.ts < to / v->opt.ts) {
			(void)wn_buf_chr(&b, '\t');
			start = (start / v->opt.ts + 1) * v->opt.ts;
		}
		for (; start < to; start++)
			(void)wn_buf_chr(&b, ' ');
	} else {
		cols = cols > by ? cols - by : 0;
		for (size_t i = 0; i < cols + s.pre; i++)
			(void)wn_buf_chr(&b, ' ');
	}
	(void)col;
	(void)vi_edit(v, from, end - from, wn_buf_view(&b));
	wn_buf_fini(&b);
}

void
vi_op_shift(struct ed_vim *v, const struct vi_region *r, size_t amount, bool left)
{
	size_t first = vi_begin(v, r->from), line = vi_begin(v, r->to);

	for (;;) {
		size_t prev = line > first ? vi_prev_line(v, line) : VI_NONE;
		if (r->type == VI_BLOCK)
			shift_slice(v, r, line, amount, left);
		else
			shift_line(v, line, amount, left);
		if (prev == VI_NONE || v->failed)
			break;
		line = prev;
	}
	first = vi_begin(v, first);
	(void)vi_lines_down(v, first, r->lines - 1, &line);
	vi_mark_change(v, first, vi_on_char(v, vi_end(v, line)));
	if (r->type == VI_BLOCK)
		v->cur = vi_on_char(v, vi_at_col(v, first, r->left));
	else
		v->cur = vi_on_char(v, vi_nonblank(v, first));
}

/* ---- joining
 * --------------------------------------------------------------------------------------------- */

/* Joins the line behind `begin` to it; *col: where they meet. */
static bool
join_one(struct ed_vim *v, size_t begin, bool blanks, size_t *at)
{
	size_t end = vi_end(v, begin), next = vi_next_line(v, begin), from = end, to = next;
	const char *with = "";
	int last, c;

	if (next == VI_NONE)
		return false;
	if (blanks) {
		to = vi_skip_blank(v, next);
		last = end > begin ? vi_byte(v, end - 1) : -1;
		c = vi_byte(v, to);
		if (to != vi_end(v, next) && c != ')' && end > begin && last != '\t' && last != ' ')
			with = v->opt.js && last > 0 && strchr(".?!", last) ? "  " : " ";
		else if (last == ' ' && v->opt.js && end - begin > 1 && to != vi_end(v, next) &&
			 c != ')' && strchr(".?!", vi_byte(v, end - 2)))
			with = " ";
		if (to == vi_end(v, next))
			with = "";
	}
	*at = end;
	return vi_edit(v, from, to - from, wn_str(with));
}

void
vi_op_join(struct ed_vim *v, size_t first, size_t lines, bool blanks)
{
	size_t begin = vi_begin(v, first), at = v->cur;

	for (; lines > 1; lines--) {
		size_t end = vi_end(v, begin), k = vi_next_line(v, begin);
		/* Blanks at the end of a line that an empty one is joined to go, as Vim's. */
		(void)end;
		(void)k;
		if (!join_one(v, begin, blanks, &at))
			break;
	}
	v->cur = vi_on_char(v, at);
	vi_mark_change(v, begin, vi_end(v, begin));
}
