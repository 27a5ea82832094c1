/*
 * The editor on the screen: lines by byte position, numbers, colours, selections, cursors, the find
 * bar. Only the slice of a line that is visible is ever looked at.
 */
#include <stdio.h>
#include <string.h>

#include "editor/bidi/bidi.h"
#include "runtime/base/hash.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/pane/editor/cells.h"
#include "tui/pane/editor/editor.h"

#define CELLS_MAX EDITOR_CELLS
#define SPANS_MAX 512
#define MATCHES_MAX 256
#define ED_LINE_SHOWN ((size_t)16 << 10)
#define PAIR_REACH ((size_t)8 << 10)
#define STICKY_MAX 3
#define JUMP_MS 2 /* for the colours of a place nobody looked at yet */

static int
digits(size_t n)
{
	int d = 1;

	while (n >= 10) {
		n /= 10;
		d++;
	}
	return d;
}

/* What one row is drawn from. Two rows with the same facts look the same, so a row whose facts are
 * those of its last picture is left alone. */
struct facts {
	size_t col, left, number;
	int cols, indent, gutter;
	bool first, here, more, folded, end_selected;
};

struct line_draw {
	struct editor *e;
	const struct pane_draw *d;
	struct editor_cells c;
	struct ed_span spans[SPANS_MAX];
	size_t spans_n;
	struct ed_match matches[MATCHES_MAX];
	size_t matches_n;
	const struct ed_sel *sels;
	size_t sels_n;
	char bytes[CELLS_MAX * 4];
	size_t from, got; /* bytes of the slice */
	struct facts facts;
	size_t pair[2]; /* a bracket at the cursor and its partner; SIZE_MAX: none */
};

static struct ed_match
range_of(const struct ed_sel *s)
{
	return s->anchor < s->head ? (struct ed_match){ s->anchor, s->head }
				   : (struct ed_match){ s->head, s->anchor };
}

static struct tui_style
style_at(const struct line_draw *l, size_t pos, size_t *span)
{
	struct tui_style st = l->d->theme->ui[UI_TEXT];

	while (*span < l->spans_n && l->spans[*span].to <= pos)
		(*span)++;
	if (*span < l->spans_n && l->spans[*span].from <= pos)
		st = tui_style_over(st, l->d->theme->syntax[l->spans[*span].style]);
	for (size_t i = 0; i < l->matches_n; i++)
		if (pos >= l->matches[i].from && pos < l->matches[i].to)
			st = tui_style_over(st, l->d->theme->ui[UI_MATCH]);
	for (size_t i = 0; i < l->sels_n; i++) {
		struct ed_match s = range_of(&l->sels[i]);

		if (pos >= s.from && pos < s.to)
			st = tui_style_over(st, l->d->theme->ui[UI_SELECTION]);
	}
	if (pos == l->pair[0] || pos == l->pair[1])
		st = tui_style_over(st, l->d->theme->ui[UI_BRACKET]);
	return st;
}

/* A guide or a sign in a blank. */
static void
draw_blank(const struct line_draw *l, struct tui_view v, int y, int x, const struct ed_cell *c,
	   struct tui_style st, bool leading)
{
	const struct editor *e = l->e;
	int unit = ed_doc_info(e->doc)->indent_width;
	bool guide = e->guides && leading && c->col % (size_t)(unit > 0 ? unit : 4) == 0;

	st = tui_style_over(st, (struct tui_style){ l->d->theme->ui[UI_INVISIBLE].fg, 0, 0 });
	if (guide)
		tui_puts(v, y, x, "│", st);
	else if (e->blanks)
		tui_puts(v, y, x, c->kind == ED_CELL_TAB ? "→" : "·", st);
}

/* A bracket in right-to-left text opens to the other side. */
static struct wn_str
mirrored(const struct line_draw *l, struct wn_str s, char buf[4])
{
	uint32_t cp, other;

	if (wn_utf8_decode(s.p, s.len, &cp) != s.len || cp == WN_UTF8_BAD)
		return s;
	other = ed_bidi_mirror(l->e->bidi, cp);
	return other == cp ? s : wn_strn(buf, wn_utf8_encode(other, buf));
}

static void
draw_cell(const struct line_draw *l, struct tui_view v, int y, size_t i, struct tui_style st)
{
	const struct ed_cell *c = &l->c.cell[i];
	struct wn_str s = wn_strn(l->bytes + (c->pos - l->from), c->len);
	int x = l->c.x[i];
	char buf[4];

	if (c->pos < l->from || c->pos + c->len > l->from + l->got)
		return;
	switch (c->kind) {
	case ED_CELL_TAB:
		tui_fill(v, y, x, 1, c->width, st);
		break;
	case ED_CELL_CONTROL:
	case ED_CELL_BAD:
		tui_put(v, y, x, s, tui_style_over(st, l->d->theme->ui[UI_INVISIBLE]));
		break;
	case ED_CELL_TEXT:
	default:
		if (c->width > 0)
			tui_put_cluster(v, y, x, l->c.odd[i] ? mirrored(l, s, buf) : s, c->width,
					st);
	}
}

/* Other cursors than the main one, which the terminal shows. */
static void
draw_cursors(struct line_draw *l, struct tui_view v, int y, const struct editor_row *r)
{
	for (size_t i = 0; i < l->sels_n && l->sels_n > 1; i++) {
		size_t h = l->sels[i].head;

		if (h >= r->from && (h < r->to || (h == r->end && r->to == r->end)))
			tui_tint(v, y, editor_row_x(l->e, r, h), 1,
				 (struct tui_style){ 0, 0, TUI_REVERSE });
	}
}

static bool
is_blank(const struct line_draw *l, const struct ed_cell *c)
{
	return c->kind == ED_CELL_TAB ||
	       (c->len == 1 && c->pos - l->from < l->got && l->bytes[c->pos - l->from] == ' ');
}

static void
draw_row(struct line_draw *l, struct tui_view v, int y, const struct editor_row *r)
{
	struct editor *e = l->e;
	struct editor_cells *c = &l->c;
	size_t span = 0;
	bool leading = r->from == r->line && l->facts.col == 0, blanks = e->guides || e->blanks;
	struct tui_style plain = l->d->theme->ui[UI_TEXT];

	editor_cells_of(e, r, c);
	tui_fill(v, y, 0, 1, c->rtl ? c->end + 1 : r->indent, plain);
	for (size_t i = 0; i < c->n; i++) {
		struct tui_style st = style_at(l, c->cell[i].pos, &span);
		draw_cell(l, v, y, i, st);
		if (blanks && is_blank(l, &c->cell[i]))
			draw_blank(l, v, y, c->x[i], &c->cell[i], st, leading);
		else
			leading = false;
	}
	if (!c->rtl)
		tui_fill(v, y, c->end, 1, v.cols - c->end, plain);
	if (l->facts.end_selected) /* a selected line end shows as one blank */
		tui_tint(v, y, c->end, 1, l->d->theme->ui[UI_SELECTION]);
	if (l->facts.folded)
		tui_puts(v, y, c->rtl ? c->end - 1 : c->end + 1, "⋯", l->d->theme->ui[UI_MUTED]);
	if (l->facts.more && v.cols > 2)
		tui_puts(v, y, v.cols - 1, "›", l->d->theme->ui[UI_INVISIBLE]);
	draw_cursors(l, v, y, r);
}

static void
draw_number(const struct line_draw *l, int y)
{
	const struct pane_draw *d = l->d;
	const struct facts *f = &l->facts;

	if (f->gutter == 0)
		return;
	tui_fill(d->view, y, 0, 1, f->gutter, d->theme->ui[UI_LINE_NUMBER]);
	if (f->number != 0 && f->first)
		tui_printf(d->view, y, 0,
			   d->theme->ui[f->here ? UI_LINE_NUMBER_ACTIVE : UI_LINE_NUMBER], "%*zu",
			   f->gutter - 1, f->number);
}

/* ---- which rows have changed ------------------------------------------------------------- */

/* Reads what the row shows. */
static void
look(struct line_draw *l, const struct editor_row *r)
{
	struct editor *e = l->e;
	struct facts *f = &l->facts;
	size_t want, end = r->to;

	f->col = r->col + f->left;
	f->indent = r->indent;
	f->first = r->from == r->line;
	f->folded = r->folded != 0 && r->to == r->end;
	l->from = f->left ? ed_pos_at_col(e->doc, r->line, f->col) : r->from;
	l->from = l->from < end ? l->from : end;
	want = (size_t)f->cols * 4;
	want = want < sizeof l->bytes ? want : sizeof l->bytes;
	want = want < end - l->from ? want : end - l->from;
	l->got = ed_text_read(text_of(e), l->from, l->bytes, want);
	if (f->left && !e->bidi_off && ed_bidi_needed(wn_strn(l->bytes, l->got))) {
		/* In mixed directions what is scrolled off has its part in the order. */
		l->from = r->from;
		want = end - r->from < sizeof l->bytes ? end - r->from : sizeof l->bytes;
		l->got = ed_text_read(text_of(e), l->from, l->bytes, want);
	}
	f->more = !e->wrap && end - l->from > (size_t)f->cols &&
		  ed_pos_at_col(e->doc, r->line, f->col + (size_t)f->cols) <
			  ed_doc_line_end(e->doc, r->line);
	l->spans_n = ed_syntax_spans(e->syntax, l->from, l->from + l->got, l->spans, SPANS_MAX);
	f->end_selected = false;
	for (size_t i = 0; i < l->sels_n; i++) {
		struct ed_match s = range_of(&l->sels[i]);
		f->end_selected |= r->to == r->end && s.from <= r->end && s.to > r->end && !f->more;
	}
}

static uint64_t
hash_range(uint64_t h, const struct line_draw *l, size_t a, size_t b)
{
	ptrdiff_t v[2] = { (ptrdiff_t)a - (ptrdiff_t)l->from, (ptrdiff_t)b - (ptrdiff_t)l->from };
	ptrdiff_t end = (ptrdiff_t)l->got + 1;

	if (v[1] < 0 || v[0] > end)
		return h;
	v[0] = v[0] < 0 ? -1 : v[0];
	v[1] = v[1] > end ? end : v[1];
	return wn_hash64(v, sizeof v, h);
}

static uint64_t
signature(const struct line_draw *l, const struct editor_row *r)
{
	const struct facts *f = &l->facts;
	const size_t v[] = { f->col,
			     f->left,
			     f->number,
			     (size_t)f->cols,
			     (size_t)f->indent,
			     (size_t)f->gutter,
			     (size_t)f->first | (size_t)f->here << 1 | (size_t)f->more << 2 |
				     (size_t)f->folded << 3 | (size_t)f->end_selected << 4,
			     r->to - l->from };
	uint64_t h = wn_hash64(l->bytes, l->got, wn_hash64(v, sizeof v, 1));

	for (size_t i = 0; i < l->spans_n; i++)
		h = hash_range(h + l->spans[i].style, l, l->spans[i].from, l->spans[i].to);
	for (size_t i = 0; i < l->matches_n; i++)
		h = hash_range(h + 101, l, l->matches[i].from, l->matches[i].to);
	for (int i = 0; i < 2; i++)
		if (l->pair[i] != SIZE_MAX)
			h = hash_range(h + 104, l, l->pair[i], l->pair[i]);
	for (size_t i = 0; i < l->sels_n; i++) {
		struct ed_match s = range_of(&l->sels[i]);
		if (s.from != s.to)
			h = hash_range(h + 102, l, s.from, s.to);
		if (l->sels_n > 1)
			h = hash_range(h + 103, l, l->sels[i].head, l->sels[i].head);
	}
	return h ? h : 1;
}

/* True when the row y looks as it was drawn last. */
static bool
is_kept(struct editor *e, int y, uint64_t sig)
{
	bool same = e->drawn.p[y] == sig;

	e->drawn.p[y] = sig;
	return same;
}

static void
find_matches(struct line_draw *l, size_t from, size_t to)
{
	l->matches_n = 0;
	if (l->e->search != NULL && l->e->bar != BAR_NONE &&
	    ed_search_all(l->e->search, text_of(l->e), from, to, NULL, l->matches, MATCHES_MAX,
			  &l->matches_n) != 0)
		l->matches_n = 0;
}

/* Forgets the last picture unless it is still there. */
static void
prepare_kept(struct editor *e, const struct pane_draw *d)
{
	const struct tui_view *a = &e->drawn_view, *b = &d->view;

	if (!d->kept || a->grid != b->grid || a->y != b->y || a->x != b->x || a->rows != b->rows ||
	    a->cols != b->cols || e->drawn.len != (size_t)e->rows) {
		wn_vec_clear(&e->drawn);
		for (int y = 0; y < e->rows; y++)
			wn_vec_push(&e->drawn, 0);
	}
	e->drawn_view = d->view;
}

/* The first rows show the lines that begin what the others are in. */
static void
lay_sticky(struct editor *e)
{
	struct ed_range scope[STICKY_MAX];
	size_t n, kept = 0, first = e->row.p[0].from;

	e->sticky_n = 0;
	if (!e->sticky || e->rows < 4 * STICKY_MAX)
		return;
	n = ed_syntax_scopes(e->syntax, first, scope, STICKY_MAX);
	for (size_t i = 0; i < n; i++) {
		struct editor_row r = editor_row_of(e, scope[i].from);
		if (n < e->row.len && r.from < first && scope[i].to > e->row.p[n].to)
			e->row.p[kept++] = r;
	}
	e->sticky_n = kept;
}

/* The rows there are, into e->row; what they show is asked of the worker. */
static void
lay_out(struct editor *e)
{
	struct editor_row r = editor_row_of(e, e->top);

	e->top = r.from;
	wn_vec_clear(&e->row);
	do
		wn_vec_push(&e->row, r);
	while (e->row.len < (size_t)e->rows && editor_row_next(e, &r));
	r = wn_vec_last(&e->row);
	lay_sticky(e);
	/* Of a line that goes on for megabytes only what is near the screen counts. */
	size_t to = r.to - r.from < ED_LINE_SHOWN ? r.to : r.from + ED_LINE_SHOWN;
	ed_syntax_show(e->syntax, e->top, to);
}

static size_t
number_of(const struct editor *e, size_t line, size_t here)
{
	if (e->numbers != NUMBERS_RELATIVE || line == here)
		return line + 1;
	return line > here ? line - here : here - line;
}

static void
place_cursor(struct editor *e, const struct pane_draw *d, int y, const struct editor_row *r,
	     size_t head, int cols)
{
	int x;

	if (!d->focused || e->bar != BAR_NONE)
		return;
	x = editor_row_x(e, r, head);
	if (x >= 0 && x < cols)
		*d->cursor = (struct pane_cursor){ y, e->gutter + x };
}

static void
find_pair(struct line_draw *l, size_t head)
{
	l->pair[0] = l->pair[1] = SIZE_MAX;
	if (l->d->focused && l->sels_n == 1 && l->sels[0].anchor == head)
		(void)(editor_bracket_at(l->e, head, PAIR_REACH, &l->pair[0], &l->pair[1]) ||
		       (l->pair[0] = l->pair[1] = SIZE_MAX));
}

static void
draw_text(struct editor *e, const struct pane_draw *d)
{
	const struct ed_text *t = text_of(e);
	struct line_draw room, *l = &room; /* only the head of it is set here */
	struct tui_view v = tui_view_sub(d->view, 0, e->gutter, e->rows, d->view.cols - e->gutter);
	size_t head = editor_cursor(e), line = 0, here = 0;
	bool numbered = editor_numbered(e) && e->numbers != NUMBERS_NONE;

	l->e = e;
	l->d = d;
	l->matches_n = l->spans_n = 0;
	l->facts = (struct facts){ .left = e->left, .cols = v.cols, .gutter = e->gutter };
	l->sels_n = ed_view_sels(e->view, &l->sels);
	if (numbered) {
		line = ed_text_line_of(t, e->row.p[0].line);
		here = ed_text_line_of(t, head);
	}
	find_pair(l, head);
	find_matches(l, e->top, wn_vec_last(&e->row).to);
	for (int y = 0; y < e->rows; y++) {
		struct editor_row *r = (size_t)y < e->row.len ? &e->row.p[y] : NULL;
		bool cursor =
			r && head >= r->from && (head < r->to || r->to == r->end) && head <= r->end;

		if (!r) {
			if (is_kept(e, y, 2))
				continue;
			tui_fill(d->view, y, 0, 1, d->view.cols, d->theme->ui[UI_TEXT]);
			tui_puts(d->view, y, 0, "~", d->theme->ui[UI_INVISIBLE]);
			continue;
		}
		if (numbered && y > 0 && r->from == r->line)
			line = e->folds.len || e->sticky ? ed_text_line_of(t, r->line) : line + 1;
		l->facts.number = numbered ? number_of(e, line, here) : 0;
		l->facts.here = head >= r->line && head <= r->end;
		look(l, r);
		if (!is_kept(e, y, signature(l, r))) {
			draw_number(l, y);
			draw_row(l, v, y, r);
		}
		if (cursor)
			place_cursor(e, d, y, r, head, v.cols);
	}
}

static void
draw_field(struct editor *e, const struct pane_draw *d, int y, const char *label,
	   struct tui_field *f, bool focused, int beside)
{
	int x = tui_puts(d->view, y, 1, label, d->theme->ui[UI_KEY]) + 2;
	int cols =
		d->view.cols - x - beside > 10 ? d->view.cols - x - beside : d->view.cols - x - 1;

	(void)e;
	tui_field_class.draw(f, tui_view_sub(d->view, y, x, 1, cols), d->theme, focused);
	if (focused && d->focused)
		*d->cursor = (struct pane_cursor){ y, x + f->cursor };
}

static void
draw_bar(struct editor *e, const struct pane_draw *d)
{
	int y = e->rows, n;
	char many[48];

	if (e->bar == BAR_NONE)
		return;
	editor_find_count(e, many, sizeof many);
	n = (int)strlen(many) + 1;
	tui_fill(d->view, y, 0, d->view.rows - y, d->view.cols, d->theme->ui[UI_TEXT]);
	draw_field(e, d, y, TR(e, "Find", "بحث"), &e->find, !e->in_replace, 24 + n);
	tui_puts(d->view, y, d->view.cols - 23 - n, many, d->theme->ui[UI_MUTED]);
	if (e->search_error[0] != '\0')
		tui_put_cut(d->view, y, d->view.cols - 23, 22, wn_str(e->search_error),
			    d->theme->ui[UI_ERROR]);
	else
		tui_printf(d->view, y, d->view.cols - 23, d->theme->ui[UI_MUTED], "%s %s %s",
			   e->flags & ED_SEARCH_REGEX ? "[r]egex" : "Alt-r",
			   e->flags & ED_SEARCH_ICASE ? "any [c]ase" : "Alt-c",
			   e->flags & ED_SEARCH_WORD ? "[w]ord" : "Alt-w");
	if (e->bar == BAR_REPLACE) {
		draw_field(e, d, y + 1, TR(e, "With", "بـ  "), &e->with, e->in_replace, 36);
		tui_puts(d->view, y + 1, d->view.cols - 35,
			 e->flags & ED_SEARCH_KEEP_CASE ? "ke[p]t case" : "Alt-p",
			 d->theme->ui[UI_MUTED]);
		tui_puts(d->view, y + 1, d->view.cols - 23,
			 TR(e, "Enter, all Alt-Enter", "الكل Alt-Enter"), d->theme->ui[UI_MUTED]);
	}
}

static int
gutter_of(const struct editor *e, int cols)
{
	int width = editor_numbered(e) ? digits(ed_text_lines(text_of(e))) : 9;

	if (e->numbers == NUMBERS_NONE || cols <= 40)
		return 0;
	return (width < 3 ? 3 : width) + 2;
}

void
editor_draw(void *self, const struct pane_draw *d)
{
	struct editor *e = self;
	int bar = e->bar == BAR_NONE ? 0 : e->bar == BAR_FIND ? 1 : 2;
	struct pane_draw beside;

	if (e->steps_on) {
		beside = editor_steps_draw(e, d);
		d = &beside;
	}
	e->gutter = gutter_of(e, d->view.cols);
	e->rows = d->view.rows - bar > 0 ? d->view.rows - bar : 1;
	e->cols = d->view.cols - e->gutter;
	if (e->differ != NULL) {
		editor_differ_draw(e, d);
		return;
	}
	if (e->hex.on) {
		editor_hex_draw(e, d);
		draw_bar(e, d);
		return;
	}
	if (e->follow)
		editor_follow(e);
	e->follow = false;
	prepare_kept(e, d);
	lay_out(e);
	if (!ed_syntax_shown(e->syntax) && ed_syntax_state(e->syntax) == ED_SYNTAX_READY &&
	    ed_syntax_wants(e->syntax) == ED_SYNTAX_WANTS_NOW)
		(void)ed_syntax_wait(e->syntax, JUMP_MS);
	draw_text(e, d);
	if (e->outline) {
		editor_outline_draw(e, d);
		wn_vec_clear(&e->drawn); /* what is under it must come back */
	}
	draw_bar(e, d);
	editor_syntax_due(e);
}
