/*
 * Guesses of echoes: made, confirmed, taken back.
 */
#include "tui/pane/terminal/predict.h"

#include <string.h>

#include "runtime/base/utf8.h"

#define PATIENCE_MS 2000 /* for an echo, at least; four round trips when that is longer */

void
term_predict_rtt(struct term_predict *p, int64_t ms)
{
	p->rtt_ms = p->rtt_ms == 0 ? ms : (p->rtt_ms * 3 + ms) / 4;
}

static void
take_back(struct term_predict *p)
{
	p->n = 0;
	p->sure = false;
}

/* Only at the end of a line: what stands behind the cursor would have to move along. */
static bool
blank_from(const struct term_screen *s, int row, int col)
{
	for (int x = col; x < s->live.cols; x++) {
		const struct tui_cell *c = tui_grid_at(&s->live, row, x);

		if (c->len != 1 || c->text[0] != ' ')
			return false;
	}
	return true;
}

void
term_predict_text(struct term_predict *p, const struct term_screen *s, struct wn_str text,
		  int64_t now_ms)
{
	struct term_guess *last = p->n > 0 ? &p->v[p->n - 1] : NULL;
	int row = last != NULL ? last->row : (int)s->head.cursor_row;
	int col = last != NULL ? last->col + last->width : (int)s->head.cursor_col;
	int width = wn_utf8_width(text);

	if (p->held || p->n == PREDICT_MAX || text.len > TUI_CELL_TEXT || width < 1 || width > 2 ||
	    !s->known || row >= s->live.rows || col + width >= s->live.cols ||
	    (last == NULL && !blank_from(s, row, col)))
		return;
	p->v[p->n] = (struct term_guess){
		.row = row, .col = col, .width = width, .len = (uint8_t)text.len, .ms = now_ms
	};
	memcpy(p->v[p->n].text, text.p, text.len);
	p->n++;
}

void
term_predict_key(struct term_predict *p, bool backspace)
{
	if (backspace && p->n > 0) {
		p->n--;
		return;
	}
	p->held = true;
	p->sure = false; /* the next line may not be echoed */
}

static bool
confirmed(const struct term_guess *g, const struct term_screen *s)
{
	const struct tui_cell *c;

	if (g->row >= s->live.rows || g->col >= s->live.cols)
		return false;
	c = tui_grid_at(&s->live, g->row, g->col);
	return c->len == g->len && memcmp(c->text, g->text, g->len) == 0;
}

void
term_predict_frame(struct term_predict *p, const struct term_screen *s, int64_t now_ms)
{
	int64_t patience = p->rtt_ms * 4 > PATIENCE_MS ? p->rtt_ms * 4 : PATIENCE_MS;
	int done = 0;

	while (done < p->n && confirmed(&p->v[done], s))
		done++;
	if (done > 0) {
		memmove(p->v, p->v + done, (size_t)(p->n - done) * sizeof *p->v);
		p->n -= done;
		p->sure = !p->held;
	}
	if (p->n > 0) {
		const struct term_guess *g = &p->v[0];
		bool elsewhere = (int)s->head.cursor_row != g->row || s->head.scrolled > 0 ||
				 (int)s->head.cursor_col > g->col;

		if (elsewhere || now_ms - g->ms > patience)
			take_back(p);
	}
	if (p->n == 0)
		p->held = false;
}

bool
term_predict_shown(const struct term_predict *p, int *row, int *col)
{
	const struct term_guess *last = p->n > 0 ? &p->v[p->n - 1] : NULL;

	if (last == NULL || !p->sure || p->rtt_ms < PREDICT_FROM_MS)
		return false;
	*row = last->row;
	*col = last->col + last->width;
	return true;
}
