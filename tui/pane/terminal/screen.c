/*
 * Frames of the shim, decoded into grids. Nothing that comes in is trusted: sizes are bounded and
 * rows outside the screen are passed over.
 */
#include "tui/pane/terminal/screen.h"

#include <string.h>

#include "runtime/base/mem.h"

void
term_screen_init(struct term_screen *s)
{
	*s = (struct term_screen){ 0 };
	tui_grid_init(&s->live, 1, 1);
	tui_grid_init(&s->past, 1, 1);
	s->wraps = wn_alloc_array(1, sizeof *s->wraps);
	s->past_wraps = wn_alloc_array(1, sizeof *s->past_wraps);
	s->fresh = wn_alloc_array(1, sizeof *s->fresh);
	s->links = wn_alloc_array(1, sizeof *s->links);
	s->past_links = wn_alloc_array(1, sizeof *s->past_links);
}

void
term_screen_fini(struct term_screen *s)
{
	tui_grid_fini(&s->live);
	tui_grid_fini(&s->past);
	wn_free(s->wraps);
	wn_free(s->past_wraps);
	wn_free(s->fresh);
	wn_free(s->links);
	wn_free(s->past_links);
}

void
term_screen_seen(struct term_screen *s)
{
	memset(s->fresh, 0, (size_t)s->live.rows * sizeof *s->fresh);
}

static uint32_t
color(uint32_t c)
{
	switch (WN_TCOLOR_KIND(c)) {
	case 1:
		return TUI_INDEX(c);
	case 2:
		return TUI_RGB(c);
	default:
		return TUI_COLOR_DEFAULT;
	}
}

static struct tui_style
style(const struct wn_tstyle *t)
{
	static const struct {
		unsigned theirs, ours;
	} attrs[] = {
		{ WN_TA_BOLD, TUI_BOLD },	{ WN_TA_DIM, TUI_DIM },
		{ WN_TA_ITALIC, TUI_ITALIC },	{ WN_TA_UNDERLINE, TUI_UNDERLINE },
		{ WN_TA_REVERSE, TUI_REVERSE }, { WN_TA_STRIKE, TUI_STRIKE },
	};
	struct tui_style st = { color(t->fg), color(t->bg), 0 };

	for (size_t i = 0; i < sizeof attrs / sizeof attrs[0]; i++)
		if (t->attrs & attrs[i].theirs)
			st.attr |= attrs[i].ours;
	return st;
}

static wn_err
put_row(struct tui_grid *g, uint16_t *links, int y, struct wn_str ops)
{
	struct tui_view v = tui_view_sub(tui_view_all(g), y, 0, 1, g->cols);
	struct wn_trow_reader r;
	struct wn_tpiece p;
	int more, x = 0;

	tui_clear(v, (struct tui_style){ 0 });
	links += (size_t)y * (size_t)g->cols;
	memset(links, 0, (size_t)g->cols * sizeof *links);
	wn_trow_read(&r, ops);
	while ((more = wn_trow_next(&r, &p)) > 0 && x < g->cols) {
		struct tui_style st = style(&p.style);
		int n = p.count > (uint32_t)(g->cols - x) ? g->cols - x : (int)p.count;

		if (p.style.link != 0)
			st.attr |= TUI_UNDERLINE;
		for (int i = 0; i < n; i++)
			links[x + i] = p.style.link;
		if (p.text.len == 0 || (p.style.attrs & WN_TA_CONCEAL))
			tui_fill(v, 0, x, 1, n, st);
		else
			tui_put_cluster(v, 0, x, p.text, n, st);
		x += n;
	}
	return more < 0 ? more : 0;
}

/* Every record is read once before anything is changed, so that a bad frame changes nothing. */
static wn_err
check_rows(struct wn_tframe_reader r)
{
	struct wn_tframe_row row;
	int more;

	while ((more = wn_tframe_next(&r, &row)) > 0) {
		struct wn_trow_reader ops;
		struct wn_tpiece p;
		int n;

		wn_trow_read(&ops, row.ops);
		while ((n = wn_trow_next(&ops, &p)) > 0)
			continue;
		if (n < 0)
			return n;
	}
	return more;
}

static void
blank_rows(struct term_screen *s, int from)
{
	struct tui_view v = tui_view_all(&s->live);

	tui_fill(v, from, 0, v.rows - from, v.cols, (struct tui_style){ 0 });
	memset(s->links + (size_t)from * (size_t)v.cols, 0,
	       (size_t)(v.rows - from) * (size_t)v.cols * sizeof *s->links);
	for (int y = from; y < v.rows; y++) {
		s->wraps[y] = false;
		s->fresh[y] = true;
	}
}

/* A new size keeps what fits; the shim sends what moved. */
static void
resize(struct term_screen *s, int rows, int cols)
{
	struct tui_grid old = s->live;
	bool *wraps = s->wraps;
	int h = rows < old.rows ? rows : old.rows, w = cols < old.cols ? cols : old.cols;

	tui_grid_init(&s->live, rows, cols);
	s->wraps = wn_alloc_array((size_t)rows, sizeof *s->wraps);
	wn_free(s->fresh);
	s->fresh = wn_alloc_array((size_t)rows, sizeof *s->fresh);
	memset(s->fresh, 1, (size_t)rows * sizeof *s->fresh);
	wn_free(s->links); /* rows that stay are sent anew with a new width */
	s->links = wn_alloc_array((size_t)rows * (size_t)cols, sizeof *s->links);
	for (int y = 0; y < h; y++) {
		memcpy(tui_grid_at(&s->live, y, 0), tui_grid_at(&old, y, 0),
		       (size_t)w * sizeof(struct tui_cell));
		s->wraps[y] = wraps[y];
	}
	tui_grid_fini(&old);
	wn_free(wraps);
}

static void
scroll(struct term_screen *s, uint32_t n)
{
	struct tui_grid *g = &s->live;
	int keep = n < (uint32_t)g->rows ? g->rows - (int)n : 0;

	if (n == 0)
		return;
	if (keep > 0) {
		memmove(g->cells, tui_grid_at(g, g->rows - keep, 0),
			(size_t)keep * (size_t)g->cols * sizeof(struct tui_cell));
		memmove(s->wraps, s->wraps + (g->rows - keep), (size_t)keep * sizeof *s->wraps);
		memmove(s->links, s->links + (size_t)(g->rows - keep) * (size_t)g->cols,
			(size_t)keep * (size_t)g->cols * sizeof *s->links);
	}
	memset(s->fresh, 1, (size_t)g->rows * sizeof *s->fresh);
	blank_rows(s, keep);
}

wn_err
term_screen_frame(struct term_screen *s, struct wn_str bytes)
{
	struct wn_tframe_reader r;
	struct wn_tframe f;
	struct wn_tframe_row row;
	wn_err err = wn_tframe_read(&r, bytes, &f);

	if (err == 0 &&
	    (f.rows == 0 || f.cols == 0 || f.rows > TERM_SIDE_MAX || f.cols > TERM_SIDE_MAX))
		err = WN_E_PARSE;
	if (err == 0)
		err = check_rows(r);
	if (err != 0)
		return err;
	if (f.cols != (uint32_t)s->live.cols)
		term_screen_forget_past(s);
	if (f.rows != (uint32_t)s->live.rows || f.cols != (uint32_t)s->live.cols)
		resize(s, (int)f.rows, (int)f.cols);
	if (f.flags & WN_TF_FULL)
		blank_rows(s, 0);
	else
		scroll(s, f.scrolled);
	while (wn_tframe_next(&r, &row) > 0) {
		if (row.index >= f.rows)
			continue;
		s->wraps[row.index] = row.flags & WN_TR_WRAPPED;
		s->fresh[row.index] = true;
		(void)put_row(&s->live, s->links, (int)row.index, row.ops); /* checked above */
	}
	if ((int64_t)f.history <
	    s->history) /* counted anew: the rows held have other numbers now */
		term_screen_forget_past(s);
	s->history = (int64_t)f.history;
	s->head = f;
	s->known = true;
	return 0;
}

wn_err
term_screen_past(struct term_screen *s, struct wn_str bytes)
{
	struct wn_tframe_reader r;
	struct wn_tframe f;
	struct wn_tframe_row row;
	wn_err err = wn_tframe_read(&r, bytes, &f);

	if (err == 0 &&
	    (!(f.flags & WN_TF_HISTORY) || f.rows > TERM_SIDE_MAX * 2 || f.cols > TERM_SIDE_MAX))
		err = WN_E_PARSE;
	if (err == 0)
		err = check_rows(r);
	if (err != 0)
		return err;
	if (f.rows > TERM_SIDE_MAX)
		f.rows = TERM_SIDE_MAX;
	tui_grid_resize(&s->past, f.rows > 0 ? (int)f.rows : 1, f.cols > 0 ? (int)f.cols : 1);
	wn_free(s->past_wraps);
	s->past_wraps = wn_alloc_array((size_t)s->past.rows, sizeof *s->past_wraps);
	wn_free(s->past_links);
	s->past_links =
		wn_alloc_array((size_t)s->past.rows * (size_t)s->past.cols, sizeof *s->past_links);
	s->past_from = (int64_t)f.history;
	s->past_n = (int)f.rows;
	while (wn_tframe_next(&r, &row) > 0) {
		if (row.index >= f.rows)
			continue;
		s->past_wraps[row.index] = row.flags & WN_TR_WRAPPED;
		(void)put_row(&s->past, s->past_links, (int)row.index, row.ops);
	}
	return 0;
}

void
term_screen_forget_past(struct term_screen *s)
{
	s->past_n = 0;
}

const struct tui_cell *
term_screen_row(const struct term_screen *s, int64_t row, int *cols)
{
	const struct tui_grid *g = &s->live;

	row -= s->history;
	if (row < 0) {
		g = &s->past;
		row += s->history - s->past_from;
		if (row < 0 || row >= s->past_n)
			return NULL;
	} else if (row >= g->rows) {
		return NULL;
	}
	*cols = g->cols;
	return tui_grid_at(g, (int)row, 0);
}

uint16_t
term_screen_link(const struct term_screen *s, int64_t row, int col)
{
	int cols;
	const struct tui_cell *c = term_screen_row(s, row, &cols);

	if (c == NULL || col < 0 || col >= cols)
		return 0;
	if (row >= s->history)
		return s->links[(size_t)(row - s->history) * (size_t)cols + (size_t)col];
	return s->past_links[(size_t)(row - s->past_from) * (size_t)cols + (size_t)col];
}

static bool
wraps(const struct term_screen *s, int64_t row)
{
	if (row >= s->history)
		return row - s->history < s->live.rows && s->wraps[row - s->history];
	return row >= s->past_from && row < s->past_from + s->past_n &&
	       s->past_wraps[row - s->past_from];
}

void
term_screen_text(const struct term_screen *s, int64_t row, int col, int64_t to_row, int to_col,
		 struct wn_buf *out)
{
	for (; row <= to_row; row++, col = 0) {
		int cols = 0;
		const struct tui_cell *c = term_screen_row(s, row, &cols);
		size_t kept = out->len;
		bool joined = wraps(s, row);

		if (row == to_row && to_col < cols)
			cols = to_col;
		for (int x = col; c != NULL && x < cols; x++) {
			wn_buf_add(out, c[x].text, c[x].len);
			if (joined || c[x].len != 1 || c[x].text[0] != ' ')
				kept = out->len;
		}
		if (out->err == 0)
			wn_buf_cut(out, kept);
		if (row < to_row && !joined)
			wn_buf_chr(out, '\n');
	}
}
