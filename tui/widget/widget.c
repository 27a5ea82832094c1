/*
 * The small widgets: label, scroll bar, tabs, popup.
 */
#include "tui/widget/widget.h"

#include "runtime/base/utf8.h"

static void
label_draw(void *self, struct tui_view v, const struct tui_theme *t, bool focused)
{
	const struct tui_label *l = self;

	(void)focused;
	tui_put_cut(v, 0, 0, v.cols, wn_str(l->text), t->ui[l->look]);
}

const struct tui_widget_class tui_label_class = { .name = "label", .draw = label_draw };

/* ---- scroll bar ---- */

static void
scrollbar_draw(void *self, struct tui_view v, const struct tui_theme *t, bool focused)
{
	const struct tui_scrollbar *s = self;
	int64_t size, top;

	(void)focused;
	if (v.rows < 1 || v.cols < 1)
		return;
	tui_vline(v, 0, 0, v.rows, t->ui[UI_SCROLLBAR]);
	if (s->total <= s->shown || s->total <= 0)
		return;
	size = s->shown * v.rows / s->total;
	if (size < 1)
		size = 1;
	top = s->top * (v.rows - size) / (s->total - s->shown);
	if (top > v.rows - size)
		top = v.rows - size;
	for (int64_t y = top; y < top + size; y++)
		tui_puts(v, (int)y, 0, "\xE2\x96\x88", t->ui[UI_SCROLLBAR_THUMB]);
}

int64_t
tui_scrollbar_hit(const struct tui_scrollbar *s, int rows, int y)
{
	int64_t room = s->total - s->shown;

	if (rows < 2 || room <= 0)
		return 0;
	return room * y / (rows - 1);
}

const struct tui_widget_class tui_scrollbar_class = { .name = "scrollbar", .draw = scrollbar_draw };

/* ---- tabs ---- */

#define TAB_COLS 28

/* Calls draw for each tab with its place; stops at the width of the view. */
static int
tabs_walk(struct tui_tabs *s, int cols, int want_x, struct tui_view *v, const struct tui_theme *t)
{
	int x = 0;

	for (int i = 0; i < s->n && x < cols; i++) {
		char buf[128];
		int w;

		s->label(s->arg, i, buf, sizeof buf);
		w = wn_utf8_width(wn_str(buf));
		if (w > TAB_COLS)
			w = TAB_COLS;
		if (v != NULL) {
			if (i > 0)
				tui_puts(*v, 0, x - 1, "\xE2\x94\x80", t->ui[UI_BORDER]);
			tui_puts(*v, 0, x, " ", t->ui[i == s->active ? UI_TAB_ACTIVE : UI_TAB]);
			tui_put_cut(*v, 0, x + 1, w, wn_str(buf),
				    t->ui[i == s->active ? UI_TAB_ACTIVE : UI_TAB]);
			tui_puts(*v, 0, x + 1 + w, " ",
				 t->ui[i == s->active ? UI_TAB_ACTIVE : UI_TAB]);
		} else if (want_x >= x && want_x < x + w + 2) {
			return i;
		}
		x += w + 3;
	}
	return -1;
}

static void
tabs_draw(void *self, struct tui_view v, const struct tui_theme *t, bool focused)
{
	(void)focused;
	tabs_walk(self, v.cols, 0, &v, t);
}

static bool
tabs_mouse(void *self, const struct tui_mouse *m)
{
	struct tui_tabs *s = self;

	s->hit = m->kind == TUI_MOUSE_PRESS ? tabs_walk(s, m->x + 1, m->x, NULL, NULL) : -1;
	return s->hit >= 0;
}

const struct tui_widget_class tui_tabs_class = { .name = "tabs",
						 .draw = tabs_draw,
						 .mouse = tabs_mouse };

/* ---- popup ---- */

struct tui_view
tui_popup(struct tui_view screen, int rows, int cols, const char *title, const struct tui_theme *t)
{
	struct tui_view v;

	rows = rows > screen.rows ? screen.rows : rows;
	cols = cols > screen.cols ? screen.cols : cols;
	v = tui_view_sub(screen, (screen.rows - rows) / 3, (screen.cols - cols) / 2, rows, cols);
	tui_clear(v, t->ui[UI_POPUP]);
	tui_box(v, t->ui[UI_POPUP_BORDER]);
	if (title != NULL && title[0] != '\0') {
		int w = wn_utf8_width(wn_str(title));

		tui_puts(v, 0, 2, " ", t->ui[UI_POPUP_BORDER]);
		w = tui_put_cut(v, 0, 3, w < v.cols - 6 ? w : v.cols - 6, wn_str(title),
				t->ui[UI_POPUP_BORDER]);
		tui_puts(v, 0, 3 + w, " ", t->ui[UI_POPUP_BORDER]);
	}
	return tui_view_sub(v, 1, 1, v.rows - 2, v.cols - 2);
}

size_t
tui_wrap(struct wn_str s, int cols)
{
	size_t n = wn_utf8_fit(s, cols, NULL), at = n;
	int width;

	if (n == s.len)
		return n;
	if (n == 0)
		return wn_utf8_cluster(s.p, s.len, &width);
	while (at > 0 && s.p[at] != ' ')
		at--;
	return at > 0 ? at : n;
}
