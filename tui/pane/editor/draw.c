/*
 * The editor on the screen: lines by byte position, numbers, colours, selections, cursors, the find
 * bar. Only the slice of a line that is visible is ever looked at.
 */
#include <stdio.h>

#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

#define CELLS_MAX 1024
#define SPANS_MAX 512
#define MATCHES_MAX 256

size_t
editor_lines_down(const struct editor *e, size_t pos, int n)
{
	const struct ed_text *t = text_of(e);

	while (n-- > 0) {
		size_t end = ed_text_line_end(t, pos);

		if (end >= ed_text_len(t))
			break;
		pos = end + 1;
	}
	return pos;
}

size_t
editor_lines_up(const struct editor *e, size_t pos, int n)
{
	while (n-- > 0 && pos > 0)
		pos = ed_text_line_begin(text_of(e), pos - 1);
	return pos;
}

static void
bring_into_view(struct editor *e)
{
	size_t head = ed_view_main(e->view)->head;
	size_t line = ed_text_line_begin(text_of(e), head), col = ed_col_of(e->doc, head);
	size_t cols = (size_t)(e->cols > 1 ? e->cols : 1), last;

	e->top = ed_text_line_begin(text_of(e), e->top);
	if (line < e->top) {
		e->top = editor_lines_up(e, e->top, e->rows) <= line
				 ? line
				 : editor_lines_up(e, line, e->rows / 2);
	} else {
		last = editor_lines_down(e, e->top, e->rows - 1);
		if (line > last)
			e->top = line <= editor_lines_down(e, last, e->rows)
					 ? editor_lines_up(e, line, e->rows - 1)
					 : editor_lines_up(e, line, e->rows / 2);
	}
	if (col < e->left)
		e->left = col > cols / 4 ? col - cols / 4 : 0;
	else if (col >= e->left + cols)
		e->left = col - cols + cols / 4 + 1;
	if (col < cols)
		e->left = 0;
}

void
editor_scroll(struct editor *e, int lines)
{
	e->top = lines < 0 ? editor_lines_up(e, e->top, -lines)
			   : editor_lines_down(e, e->top, lines);
	e->follow = false;
	redraw(e);
}

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

struct line_draw {
	struct editor *e;
	const struct pane_draw *d;
	struct ed_cell cells[CELLS_MAX];
	size_t n;
	struct ed_span spans[SPANS_MAX];
	size_t spans_n;
	struct ed_match matches[MATCHES_MAX];
	size_t matches_n;
	const struct ed_sel *sels;
	size_t sels_n;
	char bytes[CELLS_MAX * 4];
	size_t from, got; /* bytes of the slice */
};

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
		size_t a = l->sels[i].anchor, h = l->sels[i].head;

		if (a != h && pos >= (a < h ? a : h) && pos < (a < h ? h : a))
			st = tui_style_over(st, l->d->theme->ui[UI_SELECTION]);
	}
	return st;
}

static void
draw_cell(const struct line_draw *l, struct tui_view v, int y, const struct ed_cell *c,
	  struct tui_style st)
{
	int x = (int)((ptrdiff_t)c->col - (ptrdiff_t)l->e->left);
	struct wn_str s = wn_strn(l->bytes + (c->pos - l->from), c->len);

	if (c->pos + c->len > l->from + l->got)
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
			tui_put_cluster(v, y, x, s, c->width, st);
	}
}

static void
draw_line(struct line_draw *l, struct tui_view v, int y, size_t start)
{
	struct editor *e = l->e;
	size_t span = 0, to, end = ed_text_line_end(text_of(e), start);
	int x = 0;

	l->n = ed_line_cells(e->doc, start, e->left, (size_t)v.cols, l->cells, CELLS_MAX);
	l->from = l->n > 0 ? l->cells[0].pos : end;
	to = l->n > 0 ? l->cells[l->n - 1].pos + l->cells[l->n - 1].len : end;
	l->got = ed_text_read(text_of(e), l->from, l->bytes,
			      to - l->from < sizeof l->bytes ? to - l->from : sizeof l->bytes);
	l->spans_n = ed_syntax_spans(e->syntax, l->from, to, l->spans, SPANS_MAX);
	for (size_t i = 0; i < l->n; i++) {
		int from = (int)((ptrdiff_t)l->cells[i].col - (ptrdiff_t)e->left);

		draw_cell(l, v, y, &l->cells[i], style_at(l, l->cells[i].pos, &span));
		x = from + l->cells[i].width;
	}
	tui_fill(v, y, x, 1, v.cols - x, l->d->theme->ui[UI_TEXT]);
	for (size_t i = 0; i < l->sels_n; i++) { /* a selected line end shows as one blank */
		size_t a = l->sels[i].anchor, h = l->sels[i].head;
		size_t lo = a < h ? a : h, hi = a < h ? h : a;

		if (lo <= to && hi > end && lo != hi && to + 1 >= end)
			tui_tint(v, y, x, 1, l->d->theme->ui[UI_SELECTION]);
	}
	if (to < ed_doc_line_end(e->doc, start) && v.cols > 2)
		tui_puts(v, y, v.cols - 1, "›", l->d->theme->ui[UI_INVISIBLE]);
}

static void
draw_number(struct editor *e, const struct pane_draw *d, int y, size_t line, bool here)
{
	if (e->gutter == 0)
		return;
	tui_fill(d->view, y, 0, 1, e->gutter, d->theme->ui[UI_LINE_NUMBER]);
	if (editor_numbered(e))
		tui_printf(d->view, y, 0,
			   d->theme->ui[here ? UI_LINE_NUMBER_ACTIVE : UI_LINE_NUMBER], "%*zu",
			   e->gutter - 1, line + 1);
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

/* Other cursors than the main one, which the terminal shows. */
static void
draw_cursors(struct line_draw *l, struct tui_view v, int y, size_t start, size_t end)
{
	for (size_t i = 0; i < l->sels_n && l->sels_n > 1; i++) {
		size_t h = l->sels[i].head, col;

		if (h < start || h > end)
			continue;
		col = ed_col_of(l->e->doc, h);
		if (col >= l->e->left)
			tui_tint(v, y, (int)(col - l->e->left), 1,
				 (struct tui_style){ 0, 0, TUI_REVERSE });
	}
}

static void
draw_text(struct editor *e, const struct pane_draw *d)
{
	const struct ed_text *t = text_of(e);
	struct line_draw *l = wn_alloc(sizeof *l);
	struct tui_view v = tui_view_sub(d->view, 0, e->gutter, e->rows, d->view.cols - e->gutter);
	size_t pos = e->top, head = ed_view_main(e->view)->head;
	size_t line = editor_numbered(e) ? ed_text_line_of(t, pos) : 0;
	size_t bottom = ed_text_line_end(t, editor_lines_down(e, pos, e->rows - 1));
	bool more = true;

	*l = (struct line_draw){ .e = e, .d = d };
	l->sels_n = ed_view_sels(e->view, &l->sels);
	ed_syntax_show(e->syntax, pos, bottom);
	find_matches(l, pos, bottom);
	for (int y = 0; y < e->rows; y++) {
		size_t end;

		if (!more) {
			tui_fill(d->view, y, 0, 1, d->view.cols, d->theme->ui[UI_TEXT]);
			tui_puts(d->view, y, 0, "~", d->theme->ui[UI_INVISIBLE]);
			continue;
		}
		end = ed_text_line_end(t, pos);
		draw_number(e, d, y, line++, head >= pos && head <= end);
		draw_line(l, v, y, pos);
		draw_cursors(l, v, y, pos, end);
		if (head >= pos && head <= end && d->focused && e->bar == BAR_NONE) {
			size_t col = ed_col_of(e->doc, head);

			if (col >= e->left && col < e->left + (size_t)v.cols)
				*d->cursor =
					(struct pane_cursor){ y, e->gutter + (int)(col - e->left) };
		}
		more = end < ed_text_len(t);
		pos = end + 1;
	}
	wn_free(l);
}

static void
draw_field(struct editor *e, const struct pane_draw *d, int y, const char *label,
	   struct tui_field *f, bool focused)
{
	int x = tui_puts(d->view, y, 1, label, d->theme->ui[UI_KEY]) + 2;
	int cols = d->view.cols - x - 24 > 10 ? d->view.cols - x - 24 : d->view.cols - x - 1;

	(void)e;
	tui_field_class.draw(f, tui_view_sub(d->view, y, x, 1, cols), d->theme, focused);
	if (focused && d->focused)
		*d->cursor = (struct pane_cursor){ y, x + f->cursor };
}

static void
draw_bar(struct editor *e, const struct pane_draw *d)
{
	int y = e->rows;

	if (e->bar == BAR_NONE)
		return;
	tui_fill(d->view, y, 0, d->view.rows - y, d->view.cols, d->theme->ui[UI_TEXT]);
	draw_field(e, d, y, TR(e, "Find", "بحث"), &e->find, !e->in_replace);
	if (e->search_error[0] != '\0')
		tui_put_cut(d->view, y, d->view.cols - 23, 22, wn_str(e->search_error),
			    d->theme->ui[UI_ERROR]);
	else
		tui_printf(d->view, y, d->view.cols - 23, d->theme->ui[UI_MUTED], "%s %s %s",
			   e->flags & ED_SEARCH_REGEX ? "[r]egex" : "Alt-r",
			   e->flags & ED_SEARCH_ICASE ? "any [c]ase" : "Alt-c",
			   e->flags & ED_SEARCH_WORD ? "[w]ord" : "Alt-w");
	if (e->bar == BAR_REPLACE) {
		draw_field(e, d, y + 1, TR(e, "With", "بـ  "), &e->with, e->in_replace);
		tui_puts(d->view, y + 1, d->view.cols - 23,
			 TR(e, "Enter, all Alt-Enter", "الكل Alt-Enter"), d->theme->ui[UI_MUTED]);
	}
}

void
editor_draw(void *self, const struct pane_draw *d)
{
	struct editor *e = self;
	int bar = e->bar == BAR_NONE ? 0 : e->bar == BAR_FIND ? 1 : 2;
	int width = editor_numbered(e) ? digits(ed_text_lines(text_of(e))) : 9;

	e->gutter = d->view.cols > 40 ? (width < 3 ? 3 : width) + 2 : 0;
	e->rows = d->view.rows - bar > 0 ? d->view.rows - bar : 1;
	e->cols = d->view.cols - e->gutter;
	if (e->follow)
		bring_into_view(e);
	e->follow = false;
	draw_text(e, d);
	draw_bar(e, d);
}
