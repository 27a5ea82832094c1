/*
 * The terminal object: profile, screen, frames.
 */
#include "tui/term/term.h"

#include <string.h>

#include "runtime/base/mem.h"
#include "tui/term/paint.h"

/* A smaller frame reaches the terminal in one piece anyway; the wrapping would cost more than it
 * saves. */
#define SYNC_WORTH 512

wn_err
tui_term_new(const struct tui_term_opts *opts, struct tui_term **out, struct wn_diag *d)
{
	struct tui_term *t = WN_NEW(struct tui_term);
	wn_err err = tui_profile_pick(opts, t, d);

	*out = NULL;
	if (err == 0) {
		t->rows = opts->rows;
		t->cols = opts->cols;
		t->screen = tui_screen_new(&t->caps, t->rows, t->cols, d);
		t->paint = WN_NEW(struct tui_paint);
		tui_paint_init(t->paint, &t->caps);
		err = t->screen == NULL ? WN_E_TERMINAL : 0;
	}
	if (err != 0) {
		tui_term_free(t);
		return err;
	}
	*out = t;
	return 0;
}

void
tui_term_free(struct tui_term *t)
{
	if (t == NULL)
		return;
	tui_screen_free(t->screen);
	if (t->paint != NULL)
		tui_paint_fini(t->paint);
	wn_free(t->paint);
	wn_free(t);
}

const struct tui_caps *
tui_term_caps(const struct tui_term *t)
{
	return &t->caps;
}

void
tui_term_spoil(struct tui_term *t)
{
	t->spoiled = true;
}

void
tui_term_base(struct tui_term *t, struct tui_style base, bool dark)
{
	t->base = base;
	t->light = !dark;
	t->spoiled = true;
}

void
tui_term_resize(struct tui_term *t, int rows, int cols)
{
	t->rows = rows;
	t->cols = cols;
	t->home_row = 0; /* the other screen was laid out anew */
	if (t->screen != NULL)
		tui_screen_resize(t->screen, rows, cols);
	t->spoiled = true;
}

void
tui_term_rects(struct tui_term *t, const struct tui_rect *rects, size_t n)
{
	t->rects = rects;
	t->n_rects = n;
}

void
tui_term_frame(struct tui_term *t, struct tui_grid *g, int row, int col, struct wn_buf *out)
{
	static const char begin[] = "\033[?2026h";
	size_t at = out->len, n;

	if (t->screen == NULL)
		return;
	tui_paint_fit(t->paint, &t->caps, t->base, t->light);
	if (t->spoiled || t->paint->rows != g->rows ||
	    t->paint->cols != g->cols) { /* what a region or a pen may have been left at is taken
					    back first */
		wn_buf_cstr(out, "\033[r\033[m");
		tui_screen_draw(t->screen, &t->paint->fit, t->caps.ascii, g, out);
		tui_paint_adopt(t->paint, g);
		tui_grid_clean(g);
	}
	t->spoiled = false;
	tui_paint_frame(t->paint, t->caps.margins, g, t->rects, t->n_rects, row, col, out);
	t->n_rects = 0;
	tui_grid_clean(g);
	n = out->len - at;
	if (!t->caps.sync || n < SYNC_WORTH || wn_buf_reserve(out, 2 * sizeof begin) == NULL)
		return;
	memmove(out->p + at + sizeof begin - 1, out->p + at, n);
	memcpy(out->p + at, begin, sizeof begin - 1);
	wn_buf_commit(out, sizeof begin - 1);
	wn_buf_cstr(out, "\033[?2026l");
}
