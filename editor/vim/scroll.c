/*
 * Scrolling: the window is the host's, the cursor stays in it.
 */
#include "editor/vim/normal.h"

struct window {
	size_t top, rows;
};

static struct window
window_of(struct ed_vim *v)
{
	struct window w = { 0, 24 };

	if (v->host.window)
		v->host.window(v->host.arg, &w.top, &w.rows);
	w.top = vi_begin(v, w.top);
	return w;
}

static void
set_top(struct ed_vim *v, size_t top)
{
	if (v->host.set_top)
		v->host.set_top(v->host.arg, top);
}

static size_t
step(struct ed_vim *v, size_t line, size_t n, bool down)
{
	(void)(down ? vi_lines_down(v, line, n, &line) : vi_lines_up(v, line, n, &line));
	return line;
}

static void
to_line(struct ed_vim *v, size_t line, bool nonblank)
{
	if (vi_begin(v, v->cur) == line)
		return;
	vi_want(v);
	v->cur = vi_on_char(v, nonblank ? vi_nonblank(v, line) : vi_at_col(v, line, v->want));
	if (nonblank)
		v->want = VI_NONE;
}

/* Ctrl-D and Ctrl-U: the cursor goes with the window. */
static void
half(struct ed_vim *v, const struct vi_cmd *c, bool down)
{
	struct window w = window_of(v);
	size_t line = vi_begin(v, v->cur), n;

	if (c->counted)
		v->half = c->count;
	n = v->half ? v->half : w.rows / 2;
	if (line == (down ? vi_last_line(v) : 0)) {
		vi_fail(v, NULL);
		return;
	}
	set_top(v, step(v, w.top, n, down));
	to_line(v, step(v, line, n, down), true);
}

/* By n lines; the cursor only moves when it would leave the window. */
static void
by_lines(struct ed_vim *v, size_t n, bool down, bool page)
{
	struct window w = window_of(v);
	size_t line = vi_begin(v, v->cur), top = step(v, w.top, n, down), last;

	last = step(v, top, w.rows - 1, true);
	set_top(v, top);
	to_line(v, line < top ? top : line > last ? last : line, page);
}

void
vi_scroll(struct ed_vim *v, const struct vi_cmd *c)
{
	size_t rows = window_of(v).rows, page = rows > 2 ? rows - 2 : 1;

	switch (c->key) {
	case VI_CTRL('D'):
	case VI_CTRL('U'):
		half(v, c, c->key == VI_CTRL('D'));
		break;
	case VI_CTRL('F'):
	case ED_KEY_PGDN:
		by_lines(v, page * c->count, true, true);
		break;
	case VI_CTRL('B'):
	case ED_KEY_PGUP:
		by_lines(v, page * c->count, false, true);
		break;
	default:
		by_lines(v, c->count, c->key == VI_CTRL('E'), false);
	}
}

void
vi_place(struct ed_vim *v, const struct vi_cmd *c)
{
	size_t rows = window_of(v).rows, back = 0, line;
	uint32_t key = c->key & 0xFFFFFF;

	if (c->counted)
		v->cur = vi_row_begin(v, c->count - 1);
	line = vi_begin(v, v->cur);
	if (key == 'z' || key == '.')
		back = rows / 2;
	else if (key == 'b' || key == '-')
		back = rows - 1;
	set_top(v, step(v, line, back, false));
	if (key == ED_KEY_ENTER || key == '.' || key == '-')
		v->cur = vi_on_char(v, vi_nonblank(v, line));
}
