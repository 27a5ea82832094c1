/*
 * A scrolling list.
 */
#include "tui/widget/list.h"

static void
clamp(struct tui_list *l)
{
	if (l->n <= 0) {
		l->current = -1;
		l->top = 0;
		return;
	}
	if (l->current >= l->n)
		l->current = l->n - 1;
	if (l->current < 0)
		l->current = 0;
	if (l->rows > 0) {
		if (l->current < l->top)
			l->top = l->current;
		if (l->current >= l->top + l->rows)
			l->top = l->current - l->rows + 1;
		if (l->top > l->n - l->rows)
			l->top = l->n > l->rows ? l->n - l->rows : 0;
	}
	if (l->top < 0)
		l->top = 0;
}

void
tui_list_set(struct tui_list *l, int64_t n)
{
	l->n = n;
	clamp(l);
}

void
tui_list_go(struct tui_list *l, int64_t i)
{
	l->current = i;
	clamp(l);
}

static void
draw(void *self, struct tui_view v, const struct tui_theme *t, bool focused)
{
	struct tui_list *l = self;
	bool bar = l->n > v.rows && v.cols > 4;
	int cols = bar ? v.cols - 1 : v.cols;
	struct tui_scrollbar sb = { l->n, v.rows, 0 };

	l->rows = v.rows;
	clamp(l);
	for (int y = 0; y < v.rows; y++) {
		int64_t i = l->top + y;
		bool here = i == l->current && i < l->n;
		struct tui_style base =
			here && focused ? t->ui[UI_LIST_ACTIVE]
			: here		? tui_style_over(t->ui[UI_LIST], t->ui[UI_CURSOR_LINE])
					: t->ui[UI_LIST];
		struct tui_view row = tui_view_sub(v, y, 0, 1, cols);

		if (!here) /* a popup's background shows through */
			base = tui_style_over(tui_grid_at(v.grid, v.y + y, v.x)->style, base);
		tui_clear(row, i < l->n ? base : t->ui[UI_LIST]);
		if (i < l->n)
			l->row(l->arg, i, row, t, base);
	}
	sb.top = l->top;
	if (bar)
		tui_scrollbar_class.draw(&sb, tui_view_sub(v, 0, cols, v.rows, 1), t, focused);
}

static bool
key(void *self, const struct tui_key *k)
{
	struct tui_list *l = self;
	int64_t page = l->rows > 1 ? l->rows - 1 : 1, to = l->current;

	if (k->mods != 0)
		return false;
	switch (k->code) {
	case TUI_KEY_UP:
		to -= 1;
		break;
	case TUI_KEY_DOWN:
		to += 1;
		break;
	case TUI_KEY_PGUP:
		to -= page;
		break;
	case TUI_KEY_PGDN:
		to += page;
		break;
	case TUI_KEY_HOME:
		to = 0;
		break;
	case TUI_KEY_END:
		to = l->n - 1;
		break;
	default:
		return false;
	}
	tui_list_go(l, to < 0 ? 0 : to);
	return true;
}

static bool
mouse(void *self, const struct tui_mouse *m)
{
	struct tui_list *l = self;

	l->hit = false;
	if (m->kind == TUI_MOUSE_WHEEL && (m->button == 1 || m->button == -1)) {
		int64_t cur = l->current;

		l->top += m->button * 3;
		if (l->top > l->n - l->rows)
			l->top = l->n - l->rows;
		if (l->top < 0)
			l->top = 0;
		if (cur < l->top)
			cur = l->top;
		if (cur >= l->top + l->rows)
			cur = l->top + l->rows - 1;
		tui_list_go(l, cur);
		return true;
	}
	if (m->kind == TUI_MOUSE_PRESS && m->button == 1 && l->top + m->y < l->n) {
		tui_list_go(l, l->top + m->y);
		l->hit = true;
		return true;
	}
	return false;
}

const struct tui_widget_class tui_list_class = {
	.name = "list", .draw = draw, .key = key, .mouse = mouse
};
