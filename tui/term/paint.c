/*
 * The difference of two pictures as bytes. Cells that changed are gathered into segments of one
 * look; the segments are written row by row or, when that is shorter, look by look (a page of
 * coloured source changes its pen hundreds of times otherwise).
 */
#include "tui/term/paint.h"

#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

#define ERASE_MIN 5    /* blanks; fewer are written */
#define GAP_MAX 4      /* unchanged cells that are written again rather than jumped over */
#define FILL_MAX 3     /* columns that are written in a wrong look for a moment */
#define BY_LOOK_MIN 24 /* segments; with fewer the second way is not tried */
#define FRAME_MAX ((size_t)8 << 20)

void
tui_paint_fit(struct tui_paint *p, const struct tui_caps *caps, struct tui_style base, bool light)
{
	bool xterm = strcmp(caps->profile, "xterm") == 0;
	bool screen = strcmp(caps->profile, "screen") == 0;
	bool linux_console = strcmp(caps->profile, "linux") == 0;

	p->fit = (struct tui_fit){ caps->colors, light, linux_console,
				   TUI_BOLD | TUI_UNDERLINE | TUI_REVERSE, base };
	if (xterm || screen)
		p->fit.attrs |= TUI_DIM | TUI_ITALIC;
	if (xterm)
		p->fit.attrs |= TUI_STRIKE;
	if (linux_console)
		p->fit.attrs |= TUI_DIM;
	p->can = (struct tui_can){ .bce = xterm || linux_console,
				   .ech = xterm || screen || linux_console,
				   .su = xterm || screen,
				   .sc = xterm || screen };
	p->ascii = caps->ascii;
}

void
tui_paint_init(struct tui_paint *p, const struct tui_caps *caps)
{
	*p = (struct tui_paint){ .shown = -1, .bottom = -1 };
	tui_paint_fit(p, caps, (struct tui_style){ 0 }, false);
}

void
tui_paint_fini(struct tui_paint *p)
{
	wn_free(p->front);
	p->front = NULL;
	wn_vec_fini(&p->segs);
	wn_vec_fini(&p->hashes);
}

void
tui_paint_adopt(struct tui_paint *p, const struct tui_grid *g)
{
	size_t n = (size_t)g->rows * (size_t)g->cols;

	if (p->front == NULL || p->rows != g->rows || p->cols != g->cols) {
		wn_free(p->front);
		p->front = wn_alloc_array(n, sizeof *p->front);
		p->rows = g->rows;
		p->cols = g->cols;
	}
	memcpy(p->front, g->cells, n * sizeof *p->front);
	p->at = (struct tui_place){ -1, -1, { -1, -1, 0 }, false };
	p->slot.y = -1;
	p->bottom = -1;
	p->shown = -1;
}

/* ---- segments ---- */

static bool
is_blank(const struct tui_cell *c)
{
	return c->width == 1 && c->len == 1 && c->text[0] == ' ';
}

/* Blanks of one background from x on: those that look the same on the screen. */
static int
blank_run(const struct tui_paint *p, const struct tui_cell *row, int x, struct tui_pen pen)
{
	int n = 0;
	struct tui_style last = row[x].style;

	while (x + n < p->cols && is_blank(&row[x + n])) {
		if (!tui_style_eq(row[x + n].style, last)) {
			if (!tui_pen_blank_ok(tui_pen_fit(&p->fit, row[x + n].style), pen))
				break;
			last = row[x + n].style;
		}
		n++;
	}
	return n;
}

static size_t
group_of(struct tui_paint *p, struct tui_pen pen)
{
	for (size_t i = 0; i < p->n_groups; i++)
		if (tui_pen_eq(p->groups[i], pen))
			return i;
	if (p->n_groups == TUI_GROUPS)
		return TUI_GROUPS; /* after all others, in order */
	p->groups[p->n_groups] = pen;
	return p->n_groups++;
}

static struct tui_seg *
seg_add(struct tui_paint *p, struct tui_seg s)
{
	wn_vec_push(&p->segs, s);
	return &wn_vec_last(&p->segs);
}

/* The segment before can take the cell at x along, with the unchanged cells between. */
static bool
joins(const struct tui_paint *p, struct tui_seg *s, const struct tui_cell *row, int y, int x,
      struct tui_pen pen, bool blank)
{
	if (s->y != y || s->kind != TUI_SEG_TEXT || x - s->x - s->n > GAP_MAX)
		return false;
	for (int i = s->x + s->n; i < x; i++)
		if (row[i].width != 1 || row[i].len != 1 || s->soft ||
		    (is_blank(&row[i])
			     ? !tui_pen_blank_ok(s->pen, tui_pen_fit(&p->fit, row[i].style))
			     : !tui_pen_eq(s->pen, tui_pen_fit(&p->fit, row[i].style))))
			return false;
	if (blank)
		return tui_pen_blank_ok(s->pen, pen);
	if (s->soft && tui_pen_blank_ok(pen, s->pen)) {
		s->soft = false; /* its blanks do not mind */
		s->pen = pen;
	}
	return tui_pen_eq(s->pen, pen);
}

static bool
may_erase(const struct tui_paint *p, struct tui_pen pen)
{
	return (pen.attr & (TUI_UNDERLINE | TUI_REVERSE | TUI_STRIKE)) == 0 &&
	       (p->can.bce || pen.bg < 0);
}

/* Blanks at x: cells that an erasing sequence takes care of, 0: none is worth it. */
static int
erase_seg(struct tui_paint *p, const struct tui_cell *row, const struct tui_cell *old, int y, int x,
	  int hi, struct tui_pen pen)
{
	int n = blank_run(p, row, x, pen), used = n;
	bool to_end = x + n == p->cols;

	while (used > 0 && (x + used > hi || tui_cell_eq(&row[x + used - 1], &old[x + used - 1])))
		used--;
	if (used < ERASE_MIN || !may_erase(p, pen) || (!to_end && !p->can.ech))
		return 0;
	seg_add(p, (struct tui_seg){ y, x, to_end ? n : used, to_end ? TUI_SEG_EL : TUI_SEG_ECH,
				     true, pen, 0 });
	return to_end ? n : used;
}

static void
row_segs(struct tui_paint *p, const struct tui_grid *g, int y, int lo, int hi)
{
	const struct tui_cell *row = tui_grid_at(g, y, 0);
	const struct tui_cell *old = p->front + (size_t)y * (size_t)p->cols;
	struct tui_style last = { 0, 0, ~0u };
	struct tui_pen pen = { 0 };
	int n;

	if (lo > 0 && row[lo].width == 0)
		lo--;
	for (int x = lo; x < hi; x += n) {
		struct tui_seg *s = p->segs.len > 0 ? &wn_vec_last(&p->segs) : NULL;
		bool blank = is_blank(&row[x]);

		n = 1;
		if (row[x].width == 0 || tui_cell_eq(&row[x], &old[x]))
			continue;
		if (!tui_style_eq(row[x].style, last))
			pen = tui_pen_fit(&p->fit, last = row[x].style);
		if (blank && (n = erase_seg(p, row, old, y, x, hi, pen)) > 0)
			continue;
		n = row[x].width;
		if (s != NULL && joins(p, s, row, y, x, pen, blank))
			s->n = x + n - s->x;
		else
			seg_add(p, (struct tui_seg){ y, x, n, TUI_SEG_TEXT, blank, pen, 0 });
	}
}

/* ---- bytes ---- */

static void
put_seq(struct wn_buf *out, const struct tui_seq *s)
{
	if (s->n > 0)
		wn_buf_add(out, s->p, s->n);
}

/* Pen for blanks: the one in hand if it will do. */
static struct tui_pen
pen_for(const struct tui_paint *p, const struct tui_seg *s)
{
	if (s->soft && p->at.inked && tui_pen_blank_ok(p->at.pen, s->pen))
		return p->at.pen;
	return s->pen;
}

static void
way(const struct tui_paint *p, const struct tui_place *from, int y, int x, struct tui_pen pen,
    struct tui_seq *s)
{
	tui_move(s, p, from, y, x);
	tui_pen_change(s, from->inked ? &from->pen : NULL, pen);
}

/*
 * The way through the saved cursor is short when the same place is written frame after frame: the
 * position in the status line. So places on the last row are saved when getting there was long.
 */
void
tui_paint_go(struct tui_paint *p, int y, int x, struct tui_pen pen, struct wn_buf *out)
{
	struct tui_seq direct = { 0 }, slot = { 0 };

	way(p, &p->at, y, x, pen, &direct);
	if (p->slot.y >= 0 && direct.n > 2) {
		tui_seq_add(&slot, "\0338");
		way(p, &p->slot, y, x, pen, &slot);
		if (slot.n < direct.n)
			direct = slot;
	}
	put_seq(out, &direct);
	p->at = (struct tui_place){ y, x, pen, true };
	if (p->can.sc && y == p->rows - 1 && direct.n > 4) {
		wn_buf_cstr(out, "\0337");
		p->slot = p->at;
	}
}

static void
put_cp(struct wn_buf *out, uint32_t cp)
{
	char u[4];

	wn_buf_add(out, u, wn_utf8_encode(cp, u));
}

static void
put_text(struct tui_paint *p, const struct tui_cell *c, int n, struct wn_buf *out)
{
	for (int i = 0; i<n; i += c[i].width> 1 ? c[i].width : 1) {
		struct tui_glyph g;

		if (c[i].len == 1 && c[i].width == 1 && (unsigned char)c[i].text[0] < 0x80) {
			wn_buf_chr(out, c[i].text[0]);
			continue;
		}
		tui_glyph_of(&c[i], p->ascii, &g);
		for (int k = 0; k < g.n; k++)
			put_cp(out, g.cp[k]);
		if (g.tail != 0)
			put_cp(out, g.tail);
	}
}

static void
put_seg(struct tui_paint *p, const struct tui_grid *g, const struct tui_seg *s, struct wn_buf *out)
{
	tui_paint_go(p, s->y, s->x, pen_for(p, s), out);
	if (s->kind == TUI_SEG_EL) {
		wn_buf_cstr(out, "\033[K");
	} else if (s->kind == TUI_SEG_ECH) {
		struct tui_seq q = { 0 };

		tui_seq_add(&q, "\033[");
		tui_seq_num(&q, s->n);
		tui_seq_add(&q, "X");
		put_seq(out, &q);
	} else {
		put_text(p, tui_grid_at(g, s->y, s->x), s->n, out);
		p->at.x += s->n;
		if (p->at.x >= p->cols)
			p->at.x = -1; /* the wrap is pending: only an absolute move is sure */
	}
}

static void
put_all(struct tui_paint *p, const struct tui_grid *g, struct wn_buf *out)
{
	for (size_t i = 0; i < p->segs.len; i++)
		put_seg(p, g, &p->segs.p[i], out);
}

/* Segments between a and b, which come later in their own looks, fill the way from a to b: their
 * characters are shorter than a jump. */
static void
fill_way(struct tui_paint *p, const struct tui_grid *g, const struct tui_seg *a,
	 const struct tui_seg *b, struct wn_buf *out)
{
	int x = a->x + a->n;

	if (a->y != b->y || p->at.y != b->y || p->at.x != x || b->x - x > FILL_MAX)
		return;
	for (const struct tui_seg *s = a + 1; s < b; s++) {
		if (s->kind != TUI_SEG_TEXT || s->x != x || s->group <= b->group)
			return;
		for (int i = 0; i < s->n; i++)
			if ((unsigned char)tui_grid_at(g, s->y, x + i)->text[0] >= 0x80)
				return;
		x += s->n;
	}
	if (x != b->x)
		return;
	put_text(p, tui_grid_at(g, a->y, p->at.x), x - p->at.x, out);
	p->at.x = x;
}

static void
put_group(struct tui_paint *p, const struct tui_grid *g, size_t k, struct wn_buf *out)
{
	const struct tui_seg *last = NULL;

	for (struct tui_seg *s = p->segs.p; s < p->segs.p + p->segs.len; s++) {
		if (s->group != k)
			continue;
		if (last != NULL)
			fill_way(p, g, last, s, out);
		put_seg(p, g, s, out);
		last = s;
	}
}

static void
put_by_look(struct tui_paint *p, const struct tui_grid *g, struct wn_buf *out)
{
	p->n_groups = 0;
	if (p->at.inked)
		group_of(p, p->at.pen);
	for (size_t i = 0; i < p->segs.len; i++) {
		struct tui_seg *s = &p->segs.p[i];
		bool follows =
			s->soft && i > 0 && s[-1].y == s->y && tui_pen_blank_ok(s[-1].pen, s->pen);

		s->group = follows ? s[-1].group : group_of(p, s->pen);
	}
	for (size_t k = 0; k < p->n_groups; k++)
		put_group(p, g, k, out);
	put_group(p, g, TUI_GROUPS, out);
}

static void
put_segs(struct tui_paint *p, const struct tui_grid *g, struct wn_buf *out)
{
	struct tui_place at = p->at, slot = p->slot, end, end_slot;
	size_t start = out->len, first;
	struct wn_buf other;

	put_all(p, g, out);
	if (p->segs.len < BY_LOOK_MIN)
		return;
	first = out->len - start;
	end = p->at;
	end_slot = p->slot;
	p->at = at;
	p->slot = slot;
	wn_buf_init(&other, FRAME_MAX);
	put_by_look(p, g, &other);
	if (other.err == 0 && other.len < first) {
		wn_buf_cut(out, start);
		wn_buf_str(out, wn_buf_view(&other));
	} else {
		p->at = end;
		p->slot = end_slot;
	}
	wn_buf_fini(&other);
}

void
tui_paint_frame(struct tui_paint *p, bool margins, struct tui_grid *g, const struct tui_rect *rects,
		size_t n, int row, int col, struct wn_buf *out)
{
	int show = row >= 0;

	tui_paint_shift(p, margins, g, rects, n, out);
	wn_vec_clear(&p->segs);
	for (int y = 0; y < p->rows; y++)
		if (g->damage[y].lo < g->damage[y].hi)
			row_segs(p, g, y, g->damage[y].lo, g->damage[y].hi);
	put_segs(p, g, out);
	for (int y = 0; y < p->rows; y++) {
		const struct tui_damage *d = &g->damage[y];

		if (d->lo < d->hi)
			memcpy(p->front + (size_t)y * (size_t)p->cols, tui_grid_at(g, y, 0),
			       (size_t)p->cols * sizeof *p->front);
	}
	if (show) {
		struct tui_seq s = { 0 };

		row = row < p->rows ? row : p->rows - 1;
		col = col < p->cols ? col : p->cols - 1;
		tui_move(&s, p, &p->at, row, col);
		put_seq(out, &s);
		p->at.y = row;
		p->at.x = col;
	}
	if (p->shown != show)
		wn_buf_cstr(out, show ? "\033[?25h" : "\033[?25l");
	p->shown = show;
}
