/*
 * The side that talks to libvterm: whole sequences in, scrolling and erasing out into the
 * grid. libvterm sees no text, so its cursor is brought to ours before each sequence
 * and ours is taken from it afterwards.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/shim/vt_priv.h"

static int
on_scroll(VTermRect r, int down, int right, void *arg)
{
	struct vt *t = arg;

	grid_scroll(t->grid, (struct rect){ r.start_row, r.start_col, r.end_row, r.end_col }, down,
		    right, t->pen.bg);
	return 1;
}

static int
on_erase(VTermRect r, int selective, void *arg)
{
	struct vt *t = arg;

	grid_erase(t->grid, (struct rect){ r.start_row, r.start_col, r.end_row, r.end_col },
		   t->pen.bg, selective || t->iso_guard);
	return 1;
}

void
vt_engine_start(struct vt *t)
{
	static const VTermStateCallbacks callbacks = { .scrollrect = on_scroll, .erase = on_erase };

	vterm_set_utf8(t->vterm, 1);
	t->state = vterm_obtain_state(t->vterm);
	vterm_state_reset(t->state, 1); /* before the callbacks: the grid is blank already */
	vterm_state_set_callbacks(t->state, &callbacks, t);
}

static void WN_PRINTF(2, 0) feed(struct vt *t, const char *fmt, va_list ap)
{
	char seq[VT_SEQ_MAX];
	int n = vsnprintf(seq, sizeof seq, fmt, ap);

	if (n > 0 && (size_t)n < sizeof seq)
		vterm_input_write(t->vterm, seq, (size_t)n);
}

/* Decimal, without printf: this runs for each erase of a screen program. */
static size_t
put_number(char *at, int v)
{
	char digits[12];
	size_t n = 0, i = sizeof digits;

	do {
		digits[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	for (; i < sizeof digits; i++)
		at[n++] = digits[i];
	return n;
}

static void
bring_cursor(struct vt *t)
{
	VTermPos at;
	char seq[32];
	int row = t->row, col = t->col;
	size_t n = 0;

	vterm_state_get_cursorpos(t->state, &at);
	if (at.row == row && at.col == col)
		return;
	if (t->modes & VT_ORIGIN) {
		row -= t->top;
		col -= t->left;
	}
	seq[n++] = '\033';
	seq[n++] = '[';
	n += put_number(seq + n, row < 0 ? 1 : row + 1);
	seq[n++] = ';';
	n += put_number(seq + n, col < 0 ? 1 : col + 1);
	seq[n++] = 'H';
	vterm_input_write(t->vterm, seq, n);
}

void
vt_engine_do(struct vt *t, const char *fmt, ...)
{
	va_list ap;
	VTermPos at;

	bring_cursor(t);
	va_start(ap, fmt);
	feed(t, fmt, ap);
	va_end(ap);
	vterm_state_get_cursorpos(t->state, &at);
	t->row = at.row < 0 ? 0 : at.row >= t->grid->rows ? t->grid->rows - 1 : at.row;
	t->col = at.col < 0 ? 0 : at.col >= t->grid->cols ? t->grid->cols - 1 : at.col;
}

void
vt_resize(struct vt *t, int rows, int cols)
{
	int row, col;

	t->resets++;
	if (t->modes &
	    VT_ALT) { /* the grid moves the main screen's cursor, which is the saved one */
		grid_resize(t->grid, rows, cols, &t->saved[0].row, &t->saved[0].col);
		t->row = t->row < rows ? t->row : rows - 1;
		t->col = t->col < cols ? t->col : cols - 1;
	} else {
		grid_resize(t->grid, rows, cols, &t->row, &t->col);
	}
	for (int i = 0; i < 2; i++) {
		struct vt_saved *s = &t->saved[i];

		s->row = s->row < rows ? s->row : rows - 1;
		s->col = s->col < cols ? s->col : cols - 1;
		s->wrap_due = false;
	}
	t->wrap_due = false;
	t->top = t->left = 0;
	t->bottom = rows;
	t->right = cols;
	row = t->row;
	col = t->col;
	vterm_set_size(t->vterm, rows, cols);
	vt_engine_do(t, t->modes & VT_SIDE_MARGINS ? "\033[r\033[s" : "\033[r");
	t->row = row; /* margins are off in libvterm too; its cursor went home, ours did not */
	t->col = col;
}
