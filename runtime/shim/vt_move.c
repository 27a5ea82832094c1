/*
 * Where the cursor goes: absolute and relative moves, tabs, and the moves that scroll at a margin.
 * The rules are those of the VT420 and xterm: a move that begins inside a margin stops at it, in
 * origin mode positions count from the margins and stay inside.
 */
#include <string.h>

#include "runtime/shim/vt_priv.h"

static int
between(int v, int low, int high)
{
	return v < low ? low : v > high ? high : v;
}

/* To a position as programs count it, from 0. */
static void
go(struct vt *t, int row, int col)
{
	t->wrap_due = false;
	if (t->modes & VT_ORIGIN) {
		t->row = between(row + t->top, t->top, t->bottom - 1);
		t->col = between(col + t->left, t->left, t->right - 1);
		return;
	}
	t->row = between(row, 0, t->grid->rows - 1);
	t->col = between(col, 0, t->grid->cols - 1);
}

static int
told_row(const struct vt *t)
{
	return t->modes & VT_ORIGIN ? t->row - t->top : t->row;
}

static int
told_col(const struct vt *t)
{
	return t->modes & VT_ORIGIN ? t->col - t->left : t->col;
}

void
vt_place(struct vt *t, const struct vt_csi *c)
{
	go(t, vt_arg(c, 0, 1) - 1, vt_arg(c, 1, 1) - 1);
}

void
vt_carriage_return(struct vt *t)
{
	t->col = t->col >= t->left || (t->modes & VT_ORIGIN) ? t->left : 0;
	t->wrap_due = false;
}

static void
up(struct vt *t, int n)
{
	int stop = t->row >= t->top ? t->top : 0;

	t->row = t->row - n > stop ? t->row - n : stop;
	t->wrap_due = false;
}

static void
down(struct vt *t, int n)
{
	int stop = t->row < t->bottom ? t->bottom - 1 : t->grid->rows - 1;

	t->row = t->row + n < stop ? t->row + n : stop;
	t->wrap_due = false;
}

static void
right(struct vt *t, int n)
{
	int stop = t->col < t->right ? t->right - 1 : t->grid->cols - 1;

	t->col = t->col + n < stop ? t->col + n : stop;
	t->wrap_due = false;
}

/* With reverse wraparound a step left of the margin ends one row up, at the right margin. */
void
vt_left(struct vt *t, int n)
{
	bool wraps = (t->modes & VT_REVERSE_WRAP) && (t->modes & VT_WRAP);

	if (t->wrap_due && wraps)
		n--; /* the first one takes the pending wrap back */
	t->wrap_due = false;
	while (n > 0) {
		int stop = t->col >= t->left ? t->left : 0;
		int step = n < t->col - stop ? n : t->col - stop;

		t->col -= step;
		n -= step;
		if (n == 0 || !wraps || t->row == (t->row >= t->top ? t->top : 0))
			return;
		t->row--;
		t->col = t->right - 1;
		n--;
	}
}

void
vt_move(struct vt *t, const struct vt_csi *c)
{
	int n = vt_arg(c, 0, 1);

	switch (c->final) {
	case 'A':
	case 'F':
		up(t, n);
		break;
	case 'B':
	case 'E':
		down(t, n);
		break;
	case 'C':
		right(t, n);
		break;
	case 'D':
		vt_left(t, n);
		break;
	case 'G':
	case '`':
		go(t, told_row(t), n - 1);
		break;
	case 'a':
		go(t, told_row(t), told_col(t) + n);
		break;
	case 'd':
		go(t, n - 1, told_col(t));
		break;
	case 'e':
		go(t, told_row(t) + n, told_col(t));
		break;
	default:
		break;
	}
	if (c->final == 'E' || c->final == 'F')
		vt_carriage_return(t);
}

void
vt_cursor_told(const struct vt *t, int *row, int *col)
{
	*row = told_row(t) + 1;
	*col = told_col(t) + 1;
}

/* ---- tabs ---- */

void
vt_tab_forward(struct vt *t, int n)
{
	int end = t->col < t->right ? t->right : t->grid->cols;

	while (n > 0 && t->col < end - 1) {
		t->col++;
		if (t->tabs[t->col / 8] & (1 << (t->col % 8)))
			n--;
	}
}

void
vt_tab_back(struct vt *t, int n)
{
	t->wrap_due = false;
	while (n > 0 && t->col > 0) {
		t->col--;
		if (t->tabs[t->col / 8] & (1 << (t->col % 8)))
			n--;
	}
}

/* ---- moves that scroll ---- */

static struct rect
inside(const struct vt *t)
{
	return (struct rect){ t->top, t->left, t->bottom, t->right };
}

bool
vt_inside_margins(const struct vt *t)
{
	return t->row >= t->top && t->row < t->bottom && t->col >= t->left && t->col < t->right;
}

void
vt_linefeed(struct vt *t)
{
	t->wrap_due = false;
	if (t->row == t->bottom - 1) {
		if (t->col >= t->left && t->col < t->right)
			grid_scroll(t->grid, inside(t), 1, 0, t->pen.bg);
	} else if (t->row < t->grid->rows - 1) {
		t->row++;
	}
}

void
vt_reverse_index(struct vt *t)
{
	t->wrap_due = false;
	if (t->row == t->top) {
		if (t->col >= t->left && t->col < t->right)
			grid_scroll(t->grid, inside(t), -1, 0, t->pen.bg);
	} else if (t->row > 0) {
		t->row--;
	}
}

/* DECFI and DECBI: a column forward or back; at a margin the content moves instead. */
void
vt_column_index(struct vt *t, bool forward)
{
	t->wrap_due = false;
	if (t->col == (forward ? t->right - 1 : t->left)) {
		if (vt_inside_margins(t))
			grid_scroll(t->grid, inside(t), 0, forward ? 1 : -1, t->pen.bg);
	} else if (forward && t->col < t->grid->cols - 1) {
		t->col++;
	} else if (!forward && t->col > 0) {
		t->col--;
	}
}
