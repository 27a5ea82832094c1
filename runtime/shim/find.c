/*
 * Rows are decoded a block at a time, so that a search over all of the scrollback needs the memory
 * of one.
 */
#include "runtime/shim/find.h"

#include <string.h>

#define BLOCK 500
#define ROW_BYTES_MAX ((size_t)1 << 20)

struct line {
	struct wn_buf text;
	WN_VEC(int) cols; /* column of each byte of text */
	int width;
};

static void
line_read(struct line *l, struct wn_str ops)
{
	struct wn_trow_reader r;
	struct wn_tpiece p;

	wn_buf_clear(&l->text);
	wn_vec_clear(&l->cols);
	l->width = 0;
	wn_trow_read(&r, ops);
	while (wn_trow_next(&r, &p) == 1) {
		for (uint32_t i = 0; p.text.len == 0 && i < p.count; i++) {
			wn_buf_chr(&l->text, ' ');
			wn_vec_push(&l->cols, l->width + (int)i);
		}
		wn_buf_str(&l->text, p.text);
		for (size_t i = 0; i < p.text.len; i++)
			wn_vec_push(&l->cols, l->width);
		l->width += (int)p.count;
	}
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
same(const char *a, struct wn_str want, bool fold)
{
	for (size_t i = 0; i < want.len; i++)
		if (a[i] != want.p[i] && (!fold || lower(a[i]) != want.p[i]))
			return false;
	return true;
}

/* The first place in a row, or, backwards, the last one. */
static bool
in_line(const struct line *l, const struct find *want, bool fold, struct found *out)
{
	size_t n = want->text.len, at;

	if (l->text.len < n)
		return false;
	for (size_t i = 0; i + n <= l->text.len; i++) {
		at = want->back ? l->text.len - n - i : i;
		if (!same(l->text.p + at, want->text, fold))
			continue;
		out->col = l->cols.p[at];
		out->cols = (at + n < l->cols.len ? l->cols.p[at + n] : l->width) - out->col;
		return true;
	}
	return false;
}

static bool
matches(struct line *l, const struct find *want, bool fold, uint8_t flags, struct wn_str ops,
	struct found *out)
{
	if (want->text.len == 0) {
		out->col = out->cols = 0;
		return flags & want->flags;
	}
	line_read(l, ops);
	return in_line(l, want, fold, out);
}

/* Row records of scrollback [from, from + count), which all exist. */
static void
in_history(struct grid *g, struct line *l, const struct find *want, bool fold, uint64_t from,
	   uint32_t count, struct found *out)
{
	struct wn_tframe_reader r;
	struct wn_tframe_row row;
	struct wn_buf rows;
	struct found hit;

	wn_buf_init(&rows, (size_t)64 << 20);
	history_rows(&g->history, from, count, &rows);
	r.p = (const unsigned char *)rows.p;
	r.end = r.p + rows.len;
	while (rows.len > 0 && wn_tframe_next(&r, &row) == 1) {
		if (!matches(l, want, fold, row.flags, row.ops, &hit))
			continue;
		hit.row = (int64_t)(from + row.index);
		*out = hit;
		if (!want->back)
			break;
	}
	wn_buf_fini(&rows);
}

static void
on_screen(struct grid *g, struct line *l, const struct find *want, bool fold, int64_t first,
	  int from, int to, struct found *out)
{
	struct wn_buf ops;
	struct found hit;
	bool wide;

	wn_buf_init(&ops, ROW_BYTES_MAX);
	for (int y = from; y < to; y++) {
		const struct row *row = grid_row(g, y);

		wn_buf_clear(&ops);
		if (want->text.len > 0)
			grid_row_ops(g, row, &ops, &wide);
		if (!matches(l, want, fold, row->flags, wn_buf_view(&ops), &hit))
			continue;
		hit.row = first + y;
		*out = hit;
		if (!want->back)
			break;
	}
	wn_buf_fini(&ops);
}

static bool
has_capital(struct wn_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			return true;
	return false;
}

struct found
find_run(struct grid *g, const struct find *want)
{
	int64_t oldest = (int64_t)g->history.dropped_rows;
	int64_t live = oldest + (int64_t)g->history.rows, end = live + g->rows;
	int64_t from = want->from < oldest ? oldest : want->from > end ? end : want->from;
	struct found out = { -1, 0, 0 };
	struct line l = { 0 };
	bool fold = !has_capital(want->text);

	wn_buf_init(&l.text, ROW_BYTES_MAX);
	if (want->back) {
		if (from > live)
			on_screen(g, &l, want, fold, live, 0, (int)(from - live), &out);
		for (int64_t e = from < live ? from : live; out.row < 0 && e > oldest;) {
			int64_t b = e - BLOCK > oldest ? e - BLOCK : oldest;

			in_history(g, &l, want, fold, (uint64_t)b, (uint32_t)(e - b), &out);
			e = b;
		}
	} else {
		for (int64_t b = from; out.row < 0 && b < live; b += BLOCK)
			in_history(g, &l, want, fold, (uint64_t)b,
				   (uint32_t)(live - b < BLOCK ? live - b : BLOCK), &out);
		if (out.row < 0)
			on_screen(g, &l, want, fold, live, from > live ? (int)(from - live) : 0,
				  g->rows, &out);
	}
	wn_buf_fini(&l.text);
	wn_vec_fini(&l.cols);
	return out;
}
