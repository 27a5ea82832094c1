/*
 * The picture of a terminal: rows of the screen or the scrollback, the selection, and one line
 * that says what is the matter when something is.
 */
#include <stdio.h>

#include "runtime/base/utf8.h"
#include "tui/pane/terminal/terminal.h"

static uint32_t
themed(const struct tui_theme *th, uint32_t c)
{
	if ((c & 0xFF000000u) == TUI_COLOR_INDEX && (c & 0xFFu) < 16)
		return th->ansi[c & 0xFFu].fg;
	return c;
}

static void
draw_row(struct terminal *t, struct tui_view v, int y, const struct tui_theme *th)
{
	struct tui_style base = th->ui[UI_TEXT];
	int cols = 0;
	const struct tui_cell *c = term_screen_row(&t->screen, term_top(t) + y, &cols);
	bool turned = t->screen.head.modes & WN_TM_REVERSE;
	int x = 0;

	for (; c != NULL && x < cols && x < v.cols; x++) {
		struct tui_style st = c[x].style;

		if (c[x].width == 0)
			continue;
		st.fg = themed(th, st.fg);
		st.bg = themed(th, st.bg);
		st = tui_style_over(base, st);
		if (turned)
			st.attr ^= TUI_REVERSE;
		tui_put_cluster(v, y, x, wn_strn(c[x].text, c[x].len), c[x].width, st);
	}
	tui_fill(v, y, x, 1, v.cols - x, base);
}

static void
draw_selection(struct terminal *t, struct tui_view v, const struct tui_theme *th)
{
	struct term_place from, to;
	int64_t top = term_top(t);

	if (!term_selection(t, &from, &to))
		return;
	for (int y = 0; y < v.rows; y++) {
		int64_t row = top + y;
		int a = row == from.row ? from.col : 0, b = row == to.row ? to.col : v.cols;

		if (row >= from.row && row <= to.row && a < b)
			tui_tint(v, y, a, b - a, th->ui[UI_SELECTION]);
	}
}

/* Guesses of a slow link's echo, underlined. */
static void
draw_guesses(struct terminal *t, struct tui_view v, const struct tui_theme *th)
{
	struct tui_style st =
		tui_style_over(th->ui[UI_TEXT], (struct tui_style){ 0, 0, TUI_UNDERLINE });
	int row, col;

	if (t->back || !term_predict_shown(&t->predict, &row, &col))
		return;
	for (int i = 0; i < t->predict.n; i++) {
		const struct term_guess *g = &t->predict.v[i];

		tui_put_cluster(v, g->row, g->col, wn_strn(g->text, g->len), g->width, st);
	}
}

/* What is to be said, and in which look; false: nothing. */
static bool
words(struct terminal *t, char *buf, size_t n, enum tui_look *look)
{
	*look = UI_INFO;
	switch (t->state) {
	case TERM_AWAY:
		*look = UI_WARN;
		snprintf(buf, n, "! %s",
			 t->id[0] != '\0'
				 ? TR(t,
				      "The engine is away. The terminal goes on by itself; this "
				      "comes back with the engine.",
				      "المحرّك غائب. الطرفية مستمرة وحدها، وتعود هنا مع المحرّك.")
				 : TR(t, "Terminals need the engine, which does not answer yet.",
				      "الطرفيات تحتاج المحرّك، وهو لا يجيب بعد."));
		return true;
	case TERM_STARTING:
		if (t->screen.known && !t->restarting)
			return false;
		snprintf(buf, n, "%s", TR(t, "Starting …", "يبدأ …"));
		return true;
	case TERM_ENDED:
		*look = t->has_code && t->code == 0 ? UI_OK : UI_WARN;
		if (t->has_code)
			snprintf(buf, n, "%s %d. %s",
				 TR(t, "The program ended with code", "انتهى البرنامج بالرمز"),
				 t->code,
				 TR(t, "Enter: start anew, q: close", "Enter: من جديد، q: إغلاق"));
		else
			snprintf(buf, n, "%s",
				 TR(t, "This terminal has ended. Enter: start a new one, q: close",
				    "انتهت هذه الطرفية. Enter: طرفية جديدة، q: إغلاق"));
		return true;
	case TERM_FAILED:
		*look = UI_ERROR;
		snprintf(buf, n, "E %s  %s", t->why,
			 TR(t, "Enter: try again, q: close", "Enter: إعادة، q: إغلاق"));
		return true;
	case TERM_LIVE:
	default:
		if (t->copy_mode)
			snprintf(buf, n, "%s",
				 TR(t,
				    "copy: arrows move, Space marks, Enter copies, / finds, [ ] "
				    "prompts, o opens, Esc leaves",
				    "نسخ: الأسهم للحركة، Space علامة، Enter نسخ، / بحث، [ ] "
				    "المطالبات، o "
				    "فتح، Esc خروج"));
		else if (t->back)
			snprintf(buf, n, "-%lld  %s", (long long)(t->screen.history - t->top),
				 TR(t, "looking back; any key returns",
				    "نظر إلى ما سبق؛ أي مفتاح يعود"));
		return t->copy_mode || t->back;
	}
}

static void
draw_words(struct terminal *t, struct tui_view v, const struct tui_theme *th)
{
	char buf[WN_DIAG_TEXT_MAX + 160];
	enum tui_look look;
	bool small = t->state == TERM_LIVE;
	struct wn_str s;
	struct tui_view bar;
	int w;

	if (!words(t, buf, sizeof buf, &look))
		return;
	s = wn_str(buf);
	w = wn_utf8_width(s) + 2;
	if (small) /* in a corner, as little as possible is covered */
		bar = tui_view_sub(v, 0, w < v.cols ? v.cols - w : 0, 1, w < v.cols ? w : v.cols);
	else if (!t->screen.known)
		bar = tui_view_sub(v, v.rows / 3, 0, 1, v.cols);
	else
		bar = tui_view_sub(v, v.rows - 1, 0, 1, v.cols);
	tui_clear(bar, th->ui[UI_POPUP]);
	tui_put_cut(bar, 0, 1, bar.cols - 1, s,
		    tui_style_over(th->ui[UI_POPUP], (struct tui_style){ th->ui[look].fg, 0, 0 }));
}

/* DECSCUSR: 1 and 2 a block, blinking or not, then underline and bar. */
static int
shape(const struct terminal *t)
{
	const struct wn_tframe *f = &t->screen.head;
	bool blink = f->modes & WN_TM_CURSOR_BLINK;

	if (t->state != TERM_LIVE || t->copy_mode || (f->cursor_shape == 0 && !blink))
		return 0;
	return (int)f->cursor_shape * 2 + (blink ? 1 : 2);
}

static void
place_cursor(struct terminal *t, const struct pane_draw *d)
{
	int64_t y, x;

	t->host->ops->cursor_shape(t->host, shape(t));
	if (!d->focused || d->cursor == NULL)
		return;
	d->cursor->row = -1;
	if (t->copy_mode) {
		y = t->at.row - term_top(t);
		x = t->at.col;
	} else {
		if (t->state != TERM_LIVE || t->back || !(t->screen.head.modes & WN_TM_CURSOR))
			return;
		int row = (int)t->screen.head.cursor_row, col = (int)t->screen.head.cursor_col;

		(void)term_predict_shown(&t->predict, &row, &col);
		y = row;
		x = col;
	}
	if (y >= 0 && y < d->view.rows && x < d->view.cols)
		*d->cursor = (struct pane_cursor){ (int)y, (int)x };
}

void
term_draw(void *self, const struct pane_draw *d)
{
	struct terminal *t = self;

	bool turned = t->screen.head.modes & WN_TM_REVERSE, plain, all;
	int row, col;

	term_size(t, d->view.rows, d->view.cols);
	plain = t->state == TERM_LIVE && !t->back && !t->copy_mode && !t->selected &&
		!term_predict_shown(&t->predict, &row, &col);
	all = !plain || !t->drawn_plain || !d->kept || turned != t->drawn_turned;
	for (int y = 0; y < d->view.rows; y++)
		if (all || y >= t->screen.live.rows || t->screen.fresh[y])
			draw_row(t, d->view, y, d->theme);
	term_screen_seen(&t->screen);
	t->drawn_plain = plain;
	t->drawn_turned = turned;
	draw_guesses(t, d->view, d->theme);
	draw_selection(t, d->view, d->theme);
	draw_words(t, d->view, d->theme);
	place_cursor(t, d);
}
