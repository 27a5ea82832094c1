/*
 * The shortest way of the cursor. Pure.
 */
#include <string.h>

#include "tui/term/paint.h"

void
tui_seq_add(struct tui_seq *s, const char *text)
{
	size_t n = strlen(text);

	if (n > sizeof s->p - s->n)
		n = sizeof s->p - s->n;
	memcpy(s->p + s->n, text, n);
	s->n += n;
}

void
tui_seq_num(struct tui_seq *s, int n)
{
	char digits[12];
	size_t i = sizeof digits - 1;

	digits[i] = '\0';
	do {
		digits[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	tui_seq_add(s, digits + i);
}

/* CSI n final, n left out when it is one. */
static void
step(struct tui_seq *s, int n, const char *final)
{
	tui_seq_add(s, "\033[");
	if (n > 1)
		tui_seq_num(s, n);
	tui_seq_add(s, final);
}

static void
absolute(struct tui_seq *s, int y, int x)
{
	tui_seq_add(s, "\033[");
	if (y > 0)
		tui_seq_num(s, y + 1);
	if (x > 0) {
		tui_seq_add(s, ";");
		tui_seq_num(s, x + 1);
	}
	tui_seq_add(s, "H");
}

static void
shorter(struct tui_seq *best, const struct tui_seq *other)
{
	if (other->n > 0 && other->n < best->n)
		*best = *other;
}

static void
repeat(struct tui_seq *s, const char *c, int n)
{
	while (n-- > 0)
		tui_seq_add(s, c);
}

/* In one row, from a known column. */
static void
sideways(struct tui_seq *best, int from, int to)
{
	struct tui_seq s = { 0 };

	if (to > from) {
		step(&s, to - from, "C");
	} else if (from - to <= 4) {
		repeat(&s, "\b", from - to);
	} else {
		step(&s, from - to, "D");
	}
	shorter(best, &s);
}

static void
in_row(struct tui_seq *best, const struct tui_place *from, int x)
{
	struct tui_seq s = { 0 };

	if (from->x >= 0)
		sideways(best, from->x, x);
	step(&s, x + 1, "G");
	shorter(best, &s);
	if (x == 0) {
		s.n = 0;
		tui_seq_add(&s, "\r");
		shorter(best, &s);
	} else if (x < 10) {
		s.n = 0;
		tui_seq_add(&s, "\r");
		step(&s, x, "C");
		shorter(best, &s);
	}
}

/* Relative moves stop at the edges of a scrolling region, and line feeds scroll there. */
static bool
unhindered(const struct tui_paint *p, int from, int to)
{
	return p->bottom < 0 ||
	       (from >= p->top && from <= p->bottom && to >= p->top && to <= p->bottom);
}

/* To another row: down by line feeds, or straight up or down. */
static void
across(struct tui_seq *best, const struct tui_paint *p, const struct tui_place *from, int y, int x)
{
	int down = y - from->y;
	bool feeds = down > 0 && down <= 3 && unhindered(p, from->y, y);
	struct tui_seq s = { 0 };

	if (from->x == x) {
		if (feeds)
			repeat(&s, "\n", down);
		else
			step(&s, y + 1, "d");
		shorter(best, &s);
		s.n = 0;
		if (unhindered(p, from->y, y))
			step(&s, down > 0 ? down : -down, down > 0 ? "B" : "A");
		shorter(best, &s);
	}
	if (feeds) {
		s.n = 0;
		tui_seq_add(&s, "\r");
		repeat(&s, "\n", down);
		if (x > 0)
			step(&s, x, "C");
		shorter(best, &s);
		if (from->x > x && from->x - x <= 4) {
			s.n = 0;
			repeat(&s, "\b", from->x - x);
			repeat(&s, "\n", down);
			shorter(best, &s);
		}
	}
}

void
tui_move(struct tui_seq *s, const struct tui_paint *p, const struct tui_place *from, int y, int x)
{
	struct tui_seq best = { 0 };

	if (from->y == y && from->x == x)
		return;
	absolute(&best, y, x);
	if (from->y == y)
		in_row(&best, from, x);
	else if (from->y >= 0)
		across(&best, p, from, y, x);
	memcpy(s->p + s->n, best.p, best.n);
	s->n += best.n;
}
