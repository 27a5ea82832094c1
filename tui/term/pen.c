/*
 * Looks as a terminal has them: colours brought down to what there is, and the shortest SGR from
 * one look to another. Pure.
 */
#include <string.h>

#include "tui/term/paint.h"

#define DECOR (TUI_UNDERLINE | TUI_REVERSE | TUI_STRIKE) /* seen on a blank, too */

/* Greys in the middle, which eight colours do not have: the readable one of the two. */
static int
fit_fg(const struct tui_fit *f, uint32_t color)
{
	int v = tui_color_fit(color, f->colors);

	if (f->colors == 8 && (color & TUI_COLOR_RGB) && (v == 0 || v == 7)) {
		int max = (int)(color >> 8 & 255);

		if (max > 0x38 && max < 0xC0)
			v = f->light ? 0 : 7;
	}
	return v;
}

struct tui_pen
tui_pen_fit(const struct tui_fit *f, struct tui_style st)
{
	struct tui_pen p = { -1, -1, st.attr & f->attrs };

	if (f->colors < 8)
		return p;
	p.fg = fit_fg(f, st.fg == TUI_COLOR_DEFAULT ? f->base.fg : st.fg);
	p.bg = tui_color_fit(st.bg == TUI_COLOR_DEFAULT ? f->base.bg : st.bg, f->colors);
	if (f->colors <= 16 && p.fg == p.bg && p.fg >= 0)
		p.fg = p.fg == 0 ? 7 : 0; /* two tones fell on one colour: stay readable */
	if (f->color_or_attr && (p.fg >= 0 || p.bg >= 0))
		p.attr &= ~(uint32_t)(TUI_UNDERLINE | TUI_DIM);
	return p;
}

bool
tui_pen_eq(struct tui_pen a, struct tui_pen b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

bool
tui_pen_blank_ok(struct tui_pen pen, struct tui_pen blank)
{
	if (pen.bg != blank.bg || (pen.attr & DECOR) != (blank.attr & DECOR))
		return false;
	return (blank.attr & DECOR) == 0 || tui_pen_eq(pen, blank);
}

static void
param(struct tui_seq *s, int v)
{
	if (s->p[s->n - 1] != '[')
		tui_seq_add(s, ";");
	tui_seq_num(s, v);
}

static void
color(struct tui_seq *s, int v, int base)
{
	if (v < 0) {
		param(s, base + 9);
	} else if (v < 8) {
		param(s, base + v);
	} else if (v < 16) {
		param(s, base + 60 + v - 8);
	} else {
		param(s, base + 8);
		if (v < 256) {
			param(s, 5);
			param(s, v);
		} else {
			param(s, 2);
			param(s, v >> 16 & 255);
			param(s, v >> 8 & 255);
			param(s, v & 255);
		}
	}
}

static const struct {
	uint32_t bit;
	int on;
} attrs[] = { { TUI_BOLD, 1 },	    { TUI_DIM, 2 },	{ TUI_ITALIC, 3 },
	      { TUI_UNDERLINE, 4 }, { TUI_REVERSE, 7 }, { TUI_STRIKE, 9 } };

static void
attrs_on(struct tui_seq *s, uint32_t set)
{
	for (size_t i = 0; i < sizeof attrs / sizeof attrs[0]; i++)
		if (set & attrs[i].bit)
			param(s, attrs[i].on);
}

/* What 21.. take back: bold and dim go together. */
static void
attrs_off(struct tui_seq *s, uint32_t *have, uint32_t want)
{
	uint32_t gone = *have & ~want;

	if (gone & (TUI_BOLD | TUI_DIM)) {
		param(s, 22);
		*have &= ~(uint32_t)(TUI_BOLD | TUI_DIM);
	}
	for (size_t i = 2; i < sizeof attrs / sizeof attrs[0]; i++)
		if (gone & attrs[i].bit) {
			param(s, 20 + attrs[i].on);
			*have &= ~attrs[i].bit;
		}
}

static void
from_nothing(struct tui_seq *s, struct tui_pen to)
{
	tui_seq_add(s, "\033[");
	if (to.attr != 0 || to.fg >= 0 || to.bg >= 0)
		param(s, 0);
	attrs_on(s, to.attr);
	if (to.fg >= 0)
		color(s, to.fg, 30);
	if (to.bg >= 0)
		color(s, to.bg, 40);
	tui_seq_add(s, "m");
}

void
tui_pen_change(struct tui_seq *s, const struct tui_pen *from, struct tui_pen to)
{
	struct tui_seq fresh = { 0 }, step = { 0 };

	if (from != NULL && tui_pen_eq(*from, to))
		return;
	from_nothing(&fresh, to);
	if (from != NULL) {
		uint32_t have = from->attr;

		tui_seq_add(&step, "\033[");
		attrs_off(&step, &have, to.attr);
		attrs_on(&step, to.attr & ~have);
		if (from->fg != to.fg)
			color(&step, to.fg, 30);
		if (from->bg != to.bg)
			color(&step, to.bg, 40);
		tui_seq_add(&step, "m");
		if (step.n < fresh.n)
			fresh = step;
	}
	memcpy(s->p + s->n, fresh.p, fresh.n);
	s->n += fresh.n;
}
