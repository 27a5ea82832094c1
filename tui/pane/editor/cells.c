/*
 * The places of a row's clusters. A row without right-to-left text costs no more than its columns.
 */
#include "tui/pane/editor/cells.h"

#include <stdlib.h>
#include <string.h>

#include "editor/bidi/bidi.h"
#include "tui/pane/editor/editor.h"

#define SPANS_MAX 512

/* Running text takes its direction from its first letter and stands at that side; in source the
 * signs of the language go from left to right whatever the words. */
static bool
is_prose(const struct editor *e)
{
	const char *l = ed_syntax_language(e->syntax);

	return l[0] == '\0' || strcmp(l, "markdown") == 0;
}

static size_t
take(struct editor *e, const struct editor_row *r, size_t col, size_t cols,
     struct editor_cells *out)
{
	size_t n = ed_line_cells(e->doc, r->line, col, cols, out->cell, EDITOR_CELLS);

	while (n > 0 && out->cell[n - 1].pos >= r->to)
		n--;
	return n;
}

static bool
is_sign(char c)
{
	return c > 0 && c <= ' ' ? true
				 : c > ' ' && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') &&
					   !(c >= 'a' && c <= 'z');
}

/* In source only comments and strings are running text. All else, and the signs that begin and end
 * them, counts as letters from left to right, or a quote could wander to the other side of what it
 * ends. text is a copy for the algorithm alone. */
static void
hold_source(const struct editor *e, size_t base, char *text, size_t n)
{
	struct ed_span spans[SPANS_MAX];
	size_t count = ed_syntax_spans(e->syntax, base, base + n, spans, SPANS_MAX), at = 0;

	for (size_t i = 0; i <= count; i++) {
		size_t from = i < count ? spans[i].from - base : n;
		size_t to = i < count ? spans[i].to - base : n;
		bool words = i < count && (spans[i].style == ED_STYLE_STRING ||
					   spans[i].style == ED_STYLE_COMMENT ||
					   spans[i].style == ED_STYLE_COMMENT_DOC);
		while (words && from < to && is_sign(text[from]))
			from++;
		while (words && from < to && is_sign(text[to - 1]))
			to--;
		for (; at < (words || i == count ? from : to); at++)
			if (is_sign(text[at]))
				text[at] = 'a';
		at = to > at ? to : at;
	}
}

/* Lays the row out by the algorithm; false: it stays as it is. The whole line is the paragraph,
 * when it is not too long. */
static bool
reorder(struct editor *e, const struct editor_row *r, struct editor_cells *out, size_t left)
{
	struct ed_bidi_cell cells[EDITOR_CELLS];
	char text[EDITOR_CELL_BYTES];
	bool whole = r->end - r->line <= sizeof text;
	size_t base = whole ? r->line : out->cell[0].pos, n;
	int width = 0, shift;

	n = ed_text_read(text_of(e), base, text, whole ? r->end - r->line : sizeof text);
	if (!is_prose(e))
		hold_source(e, base, text, n);
	for (size_t i = 0; i < out->n; i++) {
		cells[i] = (struct ed_bidi_cell){ out->cell[i].pos - base, out->cell[i].width };
		width += out->cell[i].width;
		if (cells[i].at >= n)
			return false;
	}
	if (!ed_bidi_place(e->bidi, wn_strn(text, n), is_prose(e) ? ED_BIDI_AUTO : ED_BIDI_LTR,
			   cells, out->n, out->x, out->odd, &out->rtl))
		return false;
	/* From right to left it stands at the right side, where its beginning is. */
	shift = out->rtl ? (int)(e->cols - r->indent) - width + (int)left : r->indent - (int)left;
	for (size_t i = 0; i < out->n; i++)
		out->x[i] += shift;
	out->end = out->rtl ? shift - 1 : shift + width;
	return true;
}

static bool
goes_left(struct editor *e, const struct editor_cells *c)
{
	char text[EDITOR_CELL_BYTES];
	size_t from, to, n;

	if (c->n == 0 || e->bidi_off)
		return false;
	from = c->cell[0].pos;
	to = c->cell[c->n - 1].pos + c->cell[c->n - 1].len;
	n = to - from < sizeof text ? to - from : sizeof text;
	return ed_bidi_needed(wn_strn(text, ed_text_read(text_of(e), from, text, n)));
}

void
editor_cells_of(struct editor *e, const struct editor_row *r, struct editor_cells *out)
{
	size_t left = e->wrap ? 0 : e->left, first = r->col + left;
	size_t cols = (size_t)(e->cols > r->indent ? e->cols - r->indent : 1);

	out->rtl = false;
	out->n = take(e, r, first, cols, out);
	if (goes_left(e, out)) {
		/* What is scrolled off has its part in the order. */
		size_t more = take(e, r, r->col, EDITOR_CELLS, out);
		out->n = more;
		if (more > 0 && more < EDITOR_CELLS && reorder(e, r, out, left))
			return;
		out->n = take(e, r, first, cols, out);
		out->rtl = false;
	}
	out->end = r->indent;
	for (size_t i = 0; i < out->n; i++) {
		out->x[i] = (int)((ptrdiff_t)out->cell[i].col - (ptrdiff_t)first) + r->indent;
		out->odd[i] = false;
		out->end = out->x[i] + out->cell[i].width;
	}
}
