/*
 * Keys, mouse and paste of a terminal. All keys go to the program, but the few that lead out:
 * Ctrl-K, Alt-1 to Alt-9, F1, F6, Ctrl-` and Ctrl-PageUp and -PageDown.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/utf8.h"
#include "tui/pane/terminal/terminal.h"

#define WHEEL_ROWS 3
#define COPY_MAX ((size_t)4 << 20)

/* ---- looking back ---- */

int64_t
term_top(const struct terminal *t)
{
	return t->back && t->top < t->screen.history ? t->top : t->screen.history;
}

void
term_follow(struct terminal *t)
{
	t->back = false;
	term_screen_forget_past(&t->screen);
	term_redraw(t);
}

void
term_scroll(struct terminal *t, int64_t rows)
{
	int64_t top = term_top(t) + rows;

	if (t->screen.head.flags & WN_TF_ALT) /* a full-screen program has no past */
		return;
	t->top = top > 0 ? top : 0;
	t->back = t->top < t->screen.history;
	if (t->back)
		term_need_past(t);
	else
		term_screen_forget_past(&t->screen);
	term_redraw(t);
}

/* ---- selecting ---- */

static bool
before(struct term_place a, struct term_place b)
{
	return a.row < b.row || (a.row == b.row && a.col < b.col);
}

bool
term_selection(const struct terminal *t, struct term_place *from, struct term_place *to)
{
	bool turned = before(t->to, t->from);

	*from = turned ? t->to : t->from;
	*to = turned ? t->from : t->to;
	return t->selected && before(*from, *to);
}

static void
copy_selection(struct terminal *t)
{
	struct term_place from, to;
	struct wn_buf b;

	if (!term_selection(t, &from, &to))
		return;
	wn_buf_init(&b, COPY_MAX);
	term_screen_text(&t->screen, from.row, from.col, to.row, to.col, &b);
	t->host->ops->copy(t->host, wn_buf_view(&b));
	t->host->ops->say(t->host, PANE_INFO, "%zu %s", wn_utf8_count(wn_buf_view(&b)),
			  TR(t, "characters copied", "حرفا نسخ"));
	wn_buf_fini(&b);
}

static bool
is_blank(const struct tui_cell *c)
{
	return c->len == 1 && c->text[0] == ' ';
}

static void
select_word(struct terminal *t)
{
	int cols = 0, a = t->from.col, b;
	const struct tui_cell *c = term_screen_row(&t->screen, t->from.row, &cols);

	if (c == NULL || a >= cols || is_blank(&c[a]))
		return;
	for (b = a; b < cols && !is_blank(&c[b]);)
		b++;
	while (a > 0 && !is_blank(&c[a - 1]))
		a--;
	t->from.col = a;
	t->to = (struct term_place){ t->from.row, b };
}

static struct term_place
place_of(const struct terminal *t, int y, int x)
{
	y = y < 0 ? 0 : y >= t->rows ? t->rows - 1 : y;
	x = x < 0 ? 0 : x > t->cols ? t->cols : x;
	return (struct term_place){ term_top(t) + y, x };
}

static bool
select_mouse(struct terminal *t, const struct tui_mouse *m)
{
	if (m->kind == TUI_MOUSE_PRESS && m->button == 1 && (m->mods & TUI_CTRL) &&
	    term_open_path(t, place_of(t, m->y, m->x)))
		return true;
	if (m->kind == TUI_MOUSE_PRESS && m->button == 1) {
		t->from = t->to = place_of(t, m->y, m->x);
		t->dragging = t->selected = true;
		if (m->clicks == 2)
			select_word(t);
		else if (m->clicks == 3) {
			t->from.col = 0;
			t->to.col = t->cols;
		}
	} else if (m->kind == TUI_MOUSE_DRAG && t->dragging) {
		t->to = place_of(t, m->y, m->x);
		if (!before(t->to, t->from))
			t->to.col++; /* the cell below the pointer is in */
	} else if (m->kind == TUI_MOUSE_RELEASE && t->dragging) {
		t->dragging = false;
		copy_selection(t);
	} else {
		return false;
	}
	term_redraw(t);
	return true;
}

bool
term_on_mouse(void *self, const struct tui_mouse *m)
{
	struct terminal *t = self;
	unsigned wants = (t->screen.head.modes & WN_TM_MOUSE) >> 8; /* 1 clicks, 2 drags, 3 all */
	bool ours = wants == 0 || t->state != TERM_LIVE || t->back || t->copy_mode || t->dragging ||
		    (m->mods & (TUI_SHIFT | TUI_ALT));

	if (m->kind == TUI_MOUSE_WHEEL && (m->button == 1 || m->button == -1) && ours) {
		bool alt = t->screen.head.flags & WN_TF_ALT;

		if (!alt)
			term_scroll(t, m->button * WHEEL_ROWS);
		for (int i = 0; alt && i < WHEEL_ROWS; i++) /* a pager without a mouse */
			term_key(t, m->button < 0 ? "Up" : "Down", 0);
		return true;
	}
	if (ours)
		return select_mouse(t, m);
	t->selected = false;
	if ((m->kind == TUI_MOUSE_DRAG && wants < 2) || (m->kind == TUI_MOUSE_MOVE && wants < 3))
		return true;
	term_mouse(t, m);
	return true;
}

/* ---- copy mode: selecting without a mouse ---- */

void
term_copy_mode(struct terminal *t, bool on)
{
	t->copy_mode = on;
	t->marking = t->selected = false;
	if (on)
		t->at = t->back ? (struct term_place){ t->top, 0 }
				: (struct term_place){ t->screen.history +
							       t->screen.head.cursor_row,
						       (int)t->screen.head.cursor_col };
	term_redraw(t);
}

static void
copy_move(struct terminal *t, int64_t rows, int cols)
{
	int64_t last = t->screen.history + t->screen.live.rows - 1, top;
	int width = t->cols > 0 ? t->cols : 1;

	t->at.row += rows;
	t->at.row = t->at.row < 0 ? 0 : t->at.row > last ? last : t->at.row;
	t->at.col += cols;
	t->at.col = t->at.col < 0 ? 0 : t->at.col >= width ? width - 1 : t->at.col;
	top = term_top(t);
	if (t->at.row < top)
		term_scroll(t, t->at.row - top);
	else if (t->at.row >= top + t->rows)
		term_scroll(t, t->at.row - top - t->rows + 1);
	if (t->marking) {
		t->to = t->at;
		if (!before(t->to, t->from))
			t->to.col++;
	}
	term_redraw(t);
}

/* Keys that move, with their letters; a page stands for ROWS, a line's width for COLS. */
static bool
copy_moves(struct terminal *t, uint32_t code)
{
	enum { ROWS = 10000, COLS = 10001 };
	static const struct {
		uint32_t code, letter;
		int rows, cols;
	} moves[] = {
		{ TUI_KEY_UP, 'k', -1, 0 },	 { TUI_KEY_DOWN, 'j', 1, 0 },
		{ TUI_KEY_LEFT, 'h', 0, -1 },	 { TUI_KEY_RIGHT, 'l', 0, 1 },
		{ TUI_KEY_PGUP, 'b', -ROWS, 0 }, { TUI_KEY_PGDN, 'f', ROWS, 0 },
		{ TUI_KEY_HOME, '0', 0, -COLS }, { TUI_KEY_END, '$', 0, COLS },
	};
	int page = t->rows > 1 ? t->rows - 1 : 1;

	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
		if (moves[i].code == code || moves[i].letter == code) {
			int rows = moves[i].rows;

			copy_move(t,
				  rows == ROWS	  ? page
				  : rows == -ROWS ? -page
						  : rows,
				  moves[i].cols);
			return true;
		}
	return false;
}

static void
copy_key(struct terminal *t, const struct tui_key *k)
{
	if (copy_moves(t, k->code))
		return;
	switch (k->code) {
	case TUI_KEY_SPACE:
	case 'v':
		t->marking = t->selected = true;
		t->from = t->to = t->at;
		t->to.col++;
		break;
	case TUI_KEY_ENTER:
	case 'y':
		copy_selection(t);
		term_copy_mode(t, false);
		term_follow(t);
		break;
	case TUI_KEY_ESC:
	case 'q':
		term_copy_mode(t, false);
		term_follow(t);
		break;
	case '/':
		term_find(t);
		break;
	case 'n':
	case 'N':
		term_find_again(t, k->code == 'n');
		break;
	case '[':
	case ']':
		term_prompt(t, k->code == '[');
		break;
	case 'o':
		(void)term_open_path(t, t->at);
		break;
	default:
		break;
	}
	term_redraw(t);
}

/* ---- keys ---- */

static bool
leads_out(const struct tui_key *k)
{
	if (k->mods == TUI_CTRL)
		return k->code == 'k' || k->code == '`' || k->code == TUI_KEY_PGUP ||
		       k->code == TUI_KEY_PGDN;
	if (k->mods == TUI_ALT)
		return k->code >= '1' && k->code <= '9';
	return k->mods == 0 && (k->code == TUI_KEY_F1 || k->code == TUI_KEY_F1 + 5);
}

bool
term_grabs(void *self, const struct tui_key *k)
{
	const struct terminal *t = self;

	return (t->state == TERM_LIVE || t->state == TERM_STARTING) && !leads_out(k);
}

/* Name of a special key as the engine knows it; "": it is none. */
static void
key_name(uint32_t code, char out[16])
{
	static const struct {
		uint32_t code;
		const char *name;
	} names[] = {
		{ TUI_KEY_TAB, "Tab" },
		{ TUI_KEY_ENTER, "Enter" },
		{ TUI_KEY_ESC, "Escape" },
		{ TUI_KEY_SPACE, "Space" },
		{ TUI_KEY_BACKSPACE, "Backspace" },
		{ TUI_KEY_UP, "Up" },
		{ TUI_KEY_DOWN, "Down" },
		{ TUI_KEY_RIGHT, "Right" },
		{ TUI_KEY_LEFT, "Left" },
		{ TUI_KEY_HOME, "Home" },
		{ TUI_KEY_END, "End" },
		{ TUI_KEY_PGUP, "PageUp" },
		{ TUI_KEY_PGDN, "PageDown" },
		{ TUI_KEY_INSERT, "Insert" },
		{ TUI_KEY_DELETE, "Delete" },
	};

	out[0] = '\0';
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].code == code)
			snprintf(out, 16, "%s", names[i].name);
	if (code >= TUI_KEY_F1 && code < TUI_KEY_F1 + 20)
		snprintf(out, 16, "F%u", (unsigned)(code - TUI_KEY_F1 + 1));
	else if (out[0] == '\0' && code < TUI_KEY_SPECIAL)
		out[wn_utf8_encode(code, out)] = '\0';
}

static void
send(struct terminal *t, const struct tui_key *k)
{
	char name[16];
	int row, col;

	if (tui_key_is_text(k)) {
		struct wn_str text = wn_strn(name, wn_utf8_encode(k->code, name));

		term_type(t, text, false);
		term_predict_text(&t->predict, &t->screen, text, term_now_ms(t));
		if (term_predict_shown(&t->predict, &row, &col))
			term_redraw(t);
		return;
	}
	key_name(k->code, name);
	if (name[0] != '\0')
		term_key(t, name, k->mods);
}

void
term_send_ahead(struct terminal *t)
{
	for (int i = 0; i < t->ahead_n; i++)
		send(t, &t->ahead[i]);
	t->ahead_n = 0;
}

/* Keys for the scrollback; true: used. Plain ones only while looking back. */
static bool
scroll_key(struct terminal *t, const struct tui_key *k)
{
	int page = t->rows > 1 ? t->rows - 1 : 1;

	if (k->mods != TUI_SHIFT && !(t->back && k->mods == 0))
		return false;
	switch (k->code) {
	case TUI_KEY_PGUP:
		term_scroll(t, -page);
		return true;
	case TUI_KEY_PGDN:
		term_scroll(t, page);
		return true;
	case TUI_KEY_HOME:
		term_scroll(t, -term_top(t));
		return true;
	case TUI_KEY_END:
		term_follow(t);
		return true;
	case TUI_KEY_UP:
		term_scroll(t, -1);
		return true;
	case TUI_KEY_DOWN:
		term_scroll(t, 1);
		return true;
	case TUI_KEY_ESC:
		if (t->back)
			term_follow(t);
		return t->back;
	default:
		return false;
	}
}

static bool
over_key(struct terminal *t, const struct tui_key *k)
{
	if (k->mods != 0)
		return false;
	if (k->code == TUI_KEY_ENTER) {
		term_restart(t);
	} else if (k->code == 'q') {
		term_end(t); /* its last screen is not needed any more */
		t->host->ops->close_me(t->host);
	} else if (k->code == '?') {
		t->host->ops->run(t->host, "app.keys", NULL);
	} else {
		return false;
	}
	return true;
}

bool
term_on_key(void *self, const struct tui_key *k)
{
	struct terminal *t = self;

	if (leads_out(k))
		return false;
	if (t->copy_mode) {
		copy_key(t, k);
		return true;
	}
	if (t->back && k->code == TUI_KEY_ESC && k->mods == 0) {
		term_follow(t);
		return true;
	}
	if (scroll_key(t, k))
		return true;
	if (t->state == TERM_ENDED || t->state == TERM_FAILED)
		return over_key(t, k);
	if (t->state == TERM_STARTING && t->ahead_n < TERM_AHEAD) {
		t->ahead[t->ahead_n++] = *k;
		return true;
	}
	if (t->state != TERM_LIVE)
		return false;
	if (k->mods == (TUI_CTRL | TUI_SHIFT) && k->code == 'c' && t->selected) {
		copy_selection(t);
		return true;
	}
	if (k->mods == (TUI_CTRL | TUI_SHIFT) && k->code == 'v') {
		term_type(t, t->host->ops->clipboard(t->host), true);
		return true;
	}
	t->selected = false;
	if (t->back)
		term_follow(t);
	send(t, k);
	return true;
}

void
term_on_paste(void *self, struct wn_str piece, bool first, bool last)
{
	struct terminal *t = self;

	(void)first;
	(void)last;
	if (t->back)
		term_follow(t);
	term_type(t, piece, true);
}
