/*
 * Finding what only moved up or down inside a pane, and scrolling it: with left and right margins
 * where the terminal has them, else over the whole width when the neighbours are cheap to mend.
 * Costs are counted in cells before anything is sent.
 */
#include <string.h>

#include "runtime/base/hash.h"
#include "tui/term/paint.h"

#define ROWS_MIN 4     /* a pane lower than this is painted */
#define ROW_COST 9     /* getting to a row and its looks */
#define SCROLL_COST 24 /* the sequences that scroll */
#define BUSY_ROWS 3    /* changed rows that make a look worth it */

/* Rows [top, bottom] of a rect move up by `by` (negative: down). */
struct shift {
	struct tui_rect rect;
	int top, bottom, by;
};

static struct tui_cell *
front_at(const struct tui_paint *p, int y, int x)
{
	return p->front + (size_t)y * (size_t)p->cols + (size_t)x;
}

static uint64_t
hash_cells(const struct tui_cell *c, int n)
{
	uint64_t h = 14695981039346656037u;

	for (int i = 0; i < n; i++) {
		uint64_t text = 0;

		if (c[i].len <= sizeof text)
			memcpy(&text, c[i].text, c[i].len);
		else
			text = wn_hash64(c[i].text, c[i].len % TUI_CELL_TEXT, 1);
		h = (h ^ text) * 1099511628211u;
		h = (h ^ ((uint64_t)c[i].style.fg << 32 | c[i].style.bg)) * 1099511628211u;
		h = (h ^ ((uint64_t)c[i].style.attr << 16 | (uint64_t)c[i].width << 8 | c[i].len)) *
		    1099511628211u;
		h ^= h >> 29;
	}
	return h;
}

/* The hash of a row of blanks in one look, to tell rows that say nothing. */
static bool
all_blank(const struct tui_cell *c, int n)
{
	for (int i = 0; i < n; i++)
		if (c[i].len != 1 || c[i].text[0] != ' ')
			return false;
	return true;
}

static int
changed_rows(const struct tui_grid *g, const struct tui_rect *r)
{
	int n = 0;

	for (int y = r->y; y < r->y + r->rows; y++)
		n += g->damage[y].lo < r->x + r->cols && g->damage[y].hi > r->x;
	return n;
}

/* Rows that a shift would bring into place, less those it would take out of place. */
static int
gain(const uint64_t *now, const uint64_t *was, int rows, int by)
{
	int n = 0;

	for (int y = 0; y < rows; y++) {
		bool in = y + by >= 0 && y + by < rows;

		if (in && now[y] == was[y + by] && now[y] != was[y])
			n++;
		else if (now[y] == was[y] && now[y] != 0 && !(in && now[y] == was[y + by]))
			n--;
	}
	return n;
}

static bool
find(struct tui_paint *p, const struct tui_grid *g, const struct tui_rect *r, struct shift *out)
{
	uint64_t *now, *was;
	int best = 0, by = 0, top = r->rows, bottom = -1;

	wn_vec_reserve(&p->hashes, (size_t)r->rows * 2);
	now = p->hashes.p;
	was = now + r->rows;
	for (int y = 0; y < r->rows; y++) {
		const struct tui_cell *a = tui_grid_at(g, r->y + y, r->x);
		const struct tui_cell *b = front_at(p, r->y + y, r->x);

		now[y] = all_blank(a, r->cols) ? 0 : hash_cells(a, r->cols);
		was[y] = all_blank(b, r->cols) ? 1 : hash_cells(b, r->cols);
	}
	for (int d = 1 - r->rows; d < r->rows; d++) {
		int n = d == 0 ? 0 : gain(now, was, r->rows, d);

		if (n > best) {
			best = n;
			by = d;
		}
	}
	if (best < BUSY_ROWS)
		return false;
	for (int y = 0; y < r->rows; y++) {
		if (y + by < 0 || y + by >= r->rows || now[y] != was[y + by])
			continue;
		top = y < top ? y : top;
		top = y + by < top ? y + by : top;
		bottom = y > bottom ? y : bottom;
		bottom = y + by > bottom ? y + by : bottom;
	}
	*out = (struct shift){ *r, r->y + top, r->y + bottom, by };
	return true;
}

/* Cells and rows to write between the picture and the front, rows of the shift moved by `by`. */
static int
cost(const struct tui_paint *p, const struct tui_grid *g, const struct shift *s, int x, int cols,
     int by)
{
	int sum = 0;

	for (int y = s->top; y <= s->bottom; y++) {
		bool kept = y + by >= s->top && y + by <= s->bottom;
		const struct tui_cell *a = tui_grid_at(g, y, x);
		const struct tui_cell *b = kept ? front_at(p, y + by, x) : NULL;
		int n = 0;

		for (int i = 0; i < cols; i++)
			n += b != NULL ? !tui_cell_eq(&a[i], &b[i]) : a[i].text[0] != ' ';
		sum += n > 0 ? n + ROW_COST : 0;
	}
	return sum;
}

/* No wide character may be cut at the sides. */
static bool
cuts_wide(const struct tui_paint *p, const struct shift *s)
{
	int x = s->rect.x, e = s->rect.x + s->rect.cols;

	for (int y = s->top; y <= s->bottom; y++)
		if (front_at(p, y, x)->width == 0 || (e < p->cols && front_at(p, y, e)->width == 0))
			return true;
	return false;
}

/* Front after the shift: new rows are blank in the plain look, or unknown. */
static void
move_front(struct tui_paint *p, struct tui_grid *g, const struct shift *s, bool known)
{
	int x = s->rect.x, n = s->rect.cols, rows = s->bottom - s->top + 1;
	int left = rows - (s->by > 0 ? s->by : -s->by);

	for (int i = 0; i < left; i++) {
		int to = s->by > 0 ? s->top + i : s->bottom - i;

		memcpy(front_at(p, to, x), front_at(p, to + s->by, x),
		       (size_t)n * sizeof(struct tui_cell));
	}
	for (int i = left; i < rows; i++) {
		int y = s->by > 0 ? s->top + i : s->bottom - i;

		for (int k = 0; k < n; k++) {
			struct tui_cell *c = front_at(p, y, x + k);

			*c = (struct tui_cell){ .width = 1, .len = known ? 1 : 255 };
			c->text[0] = ' ';
		}
	}
	for (int y = s->top; y <= s->bottom; y++) {
		struct tui_damage *d = &g->damage[y];

		d->lo = x < d->lo ? x : d->lo;
		d->hi = x + n > d->hi ? x + n : d->hi;
	}
}

static void
pair(struct tui_seq *q, int a, int b, const char *final)
{
	tui_seq_add(q, "\033[");
	tui_seq_num(q, a + 1);
	tui_seq_add(q, ";");
	tui_seq_num(q, b + 1);
	tui_seq_add(q, final);
}

static void
send(struct tui_paint *p, const struct shift *s, bool sides, struct wn_buf *out)
{
	struct tui_seq q = { 0 };
	int n = s->by > 0 ? s->by : -s->by;

	if (p->top != s->top || p->bottom != s->bottom) {
		pair(&q, s->top, s->bottom, "r");
		p->at.y = p->at.x = 0;
		p->top = s->top;
		p->bottom = s->bottom;
	}
	if (sides) {
		tui_seq_add(&q, "\033[?69h");
		pair(&q, s->rect.x, s->rect.x + s->rect.cols - 1, "s");
	}
	if (!p->can.su) { /* lines are deleted or inserted at the top of the region */
		struct tui_place at = { -1, -1, p->at.pen, p->at.inked };

		tui_move(&q, p, &at, s->top, 0);
		p->at.y = s->top;
		p->at.x = 0;
	}
	tui_seq_add(&q, "\033[");
	if (n > 1)
		tui_seq_num(&q, n);
	tui_seq_add(&q, p->can.su ? (s->by > 0 ? "S" : "T") : (s->by > 0 ? "M" : "L"));
	if (sides) {
		tui_seq_add(&q, "\033[?69l"); /* takes the margins back */
		p->at.y = p->at.x = -1;
	}
	wn_buf_add(out, q.p, q.n);
}

static void
apply(struct tui_paint *p, struct tui_grid *g, const struct shift *s, bool sides,
      struct wn_buf *out)
{
	struct tui_pen plain = tui_pen_fit(&p->fit, (struct tui_style){ 0 });
	bool known = p->can.bce || plain.bg < 0;

	if (!p->at.inked || p->at.pen.bg != plain.bg || p->at.pen.attr != 0) {
		struct tui_seq q = { 0 };

		tui_pen_change(&q, p->at.inked ? &p->at.pen : NULL, plain);
		wn_buf_add(out, q.p, q.n);
		p->at.pen = plain;
		p->at.inked = true;
	}
	send(p, s, sides, out);
	move_front(p, g, s, known);
}

void
tui_paint_shift(struct tui_paint *p, bool margins, struct tui_grid *g, const struct tui_rect *rects,
		size_t n, struct wn_buf *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct tui_rect *r = &rects[i];
		struct shift s, wide;
		int stay, aside, whole;

		if (r->rows < ROWS_MIN || r->cols < 1 || r->y < 0 || r->x < 0 ||
		    r->y + r->rows > p->rows || r->x + r->cols > p->cols ||
		    changed_rows(g, r) < BUSY_ROWS || !find(p, g, r, &s))
			continue;
		wide = s;
		wide.rect.x = 0;
		wide.rect.cols = p->cols;
		stay = cost(p, g, &s, 0, p->cols, 0);
		whole = cost(p, g, &s, 0, p->cols, s.by) + SCROLL_COST;
		aside = margins && !cuts_wide(p, &s)
				? cost(p, g, &s, r->x, r->cols, s.by) + cost(p, g, &s, 0, r->x, 0) +
					  cost(p, g, &s, r->x + r->cols, p->cols - r->x - r->cols,
					       0) +
					  2 * SCROLL_COST
				: stay;
		if (whole < stay && whole <= aside)
			apply(p, g, &wide, false, out);
		else if (aside < stay)
			apply(p, g, &s, true, out);
	}
}
