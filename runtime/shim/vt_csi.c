/*
 * Control sequences: which of them we know, their parameters bounded, and who does them.
 */
#include <string.h>

#include "runtime/shim/vt.h"

int
vt_arg(const struct vt_csi *c, int i, int absent)
{
	return i < c->n && c->p[i] > 0 ? c->p[i] : absent;
}

/* ---- margins ---- */

static void
home(struct vt *t)
{
	t->row = t->modes & VT_ORIGIN ? t->top : 0;
	t->col = t->modes & VT_ORIGIN ? t->left : 0;
	t->wrap_due = false;
}

static void
rows_margin(struct vt *t, const struct vt_csi *c)
{
	int top = vt_arg(c, 0, 1), bottom = vt_arg(c, 1, t->grid->rows);

	if (bottom > t->grid->rows)
		bottom = t->grid->rows;
	if (top >= bottom)
		return;
	vt_engine_do(t, "\033[%d;%dr", top, bottom);
	t->top = top - 1;
	t->bottom = bottom;
	home(t);
}

static void
cols_margin(struct vt *t, const struct vt_csi *c)
{
	int left = vt_arg(c, 0, 1), right = vt_arg(c, 1, t->grid->cols);

	if (right > t->grid->cols)
		right = t->grid->cols;
	if (left >= right)
		return;
	vt_engine_do(t, "\033[%d;%ds", left, right);
	t->left = left - 1;
	t->right = right;
	home(t);
}

/* ---- moving ---- */

static int
between(int v, int low, int high)
{
	return v < low ? low : v > high ? high : v;
}

/* CUP needs nothing of libvterm: it is absolute, and most of what screen programs send. */
static void
place(struct vt *t, const struct vt_csi *c)
{
	int row = vt_arg(c, 0, 1) - 1, col = vt_arg(c, 1, 1) - 1;

	t->wrap_due = false;
	if (t->modes & VT_ORIGIN) {
		t->row = between(row + t->top, t->top, t->bottom - 1);
		t->col = between(col + t->left, t->left, t->right - 1);
		return;
	}
	t->row = between(row, 0, t->grid->rows - 1);
	t->col = between(col, 0, t->grid->cols - 1);
}

static void
move(struct vt *t, const struct vt_csi *c)
{
	int row = t->row, col = t->col;

	t->wrap_due = false;
	vt_engine_do(t, "\033[%d;%d%c", vt_arg(c, 0, 1), vt_arg(c, 1, 1), c->final);
	/* moving up, down or sideways from inside the margins stops at them */
	if (strchr("AF", c->final) && row >= t->top && t->row < t->top)
		t->row = t->top;
	if (strchr("BE", c->final) && row < t->bottom && t->row >= t->bottom)
		t->row = t->bottom - 1;
	if (c->final == 'D' && col >= t->left && t->col < t->left)
		t->col = t->left;
	if (c->final == 'C' && col < t->right && t->col >= t->right)
		t->col = t->right - 1;
}

static void
tabs(struct vt *t, int n, int step)
{
	int end = t->col < t->right ? t->right : t->grid->cols;

	t->wrap_due = false;
	while (n > 0 && t->col + step >= 0 && t->col + step < end) {
		t->col += step;
		if (t->tabs[t->col / 8] & (1 << (t->col % 8)) || t->col == 0)
			n--;
	}
}

static void
clear_tabs(struct vt *t, const struct vt_csi *c)
{
	int what = vt_arg(c, 0, 0);

	if (what == 0)
		t->tabs[t->col / 8] &= (unsigned char)~(1 << (t->col % 8));
	else if (what == 3)
		memset(t->tabs, 0, sizeof t->tabs);
}

/* ---- editing ---- */

static void
erase(struct vt *t, const struct vt_csi *c)
{
	int what = vt_arg(c, 0, 0);

	if (c->final == 'J' && what == 3 && !c->leader) {
		history_clear(&t->grid->history);
		t->resets++;
		return;
	}
	if (what > 2)
		return;
	t->wrap_due = false;
	vt_engine_do(t, c->leader ? "\033[?%d%c" : "\033[%d%c", what, c->final);
}

static bool
inside_margins(const struct vt *t)
{
	return t->row >= t->top && t->row < t->bottom && t->col >= t->left && t->col < t->right;
}

static void
edit(struct vt *t, const struct vt_csi *c)
{
	int row = t->row, col = t->col;

	t->wrap_due = false;
	if (strchr("LM", c->final) && !inside_margins(t))
		return;
	vt_engine_do(t, "\033[%d%c", vt_arg(c, 0, 1), c->final);
	t->row = row;
	t->col = strchr("LM", c->final) ? t->left : col;
}

static void
columns(struct vt *t, const struct vt_csi *c) /* DECIC, DECDC */
{
	int row = t->row, col = t->col;

	if (!inside_margins(t))
		return;
	vt_engine_do(t, "\033[%d'%c", vt_arg(c, 0, 1), c->final);
	t->row = row;
	t->col = col;
}

/* ---- reports ---- */

static void
status_report(struct vt *t, const struct vt_csi *c)
{
	int row = t->row, col = t->col;

	if (t->modes & VT_ORIGIN) {
		row -= t->top;
		col -= t->left;
	}
	switch (vt_arg(c, 0, 0)) {
	case 5:
		vt_reply(t, "\033[%s0n", c->leader ? "?" : "");
		break;
	case 6:
		vt_reply(t, "\033[%s%d;%d%sR", c->leader ? "?" : "", row + 1, col + 1,
			 c->leader ? ";1" : "");
		break;
	case 996: /* is the theme dark? */
		if (c->leader)
			vt_reply(t, "\033[?997;%dn", (t->color_bg >> 8 & 0xFF) < 0x80 ? 1 : 2);
		break;
	default:
		break;
	}
}

static void
attributes_report(struct vt *t, const struct vt_csi *c)
{
	if (vt_arg(c, 0, 0) != 0)
		return;
	if (c->leader == '>')
		vt_reply(t, "\033[>41;100;0c");
	else if (c->leader == '=')
		vt_reply(t, "\033P!|00000000\033\\");
	else if (!c->leader) /* VT420 with selective erase, columns edit, ANSI colour, margins */
		vt_reply(t, "\033[?64;6;21;22;28c");
}

static void
window_report(struct vt *t, const struct vt_csi *c)
{
	switch (vt_arg(c, 0, 0)) {
	case 18:
		vt_reply(t, "\033[8;%d;%dt", t->grid->rows, t->grid->cols);
		break;
	case 19:
		vt_reply(t, "\033[9;%d;%dt", t->grid->rows, t->grid->cols);
		break;
	default:
		break;
	}
}

static void
guard(struct vt *t, const struct vt_csi *c) /* DECSCA */
{
	if (vt_arg(c, 0, 0) == 1)
		t->pen.attrs |= CELL_GUARDED;
	else
		t->pen.attrs &= (uint16_t)~CELL_GUARDED;
}

static void
cursor_style(struct vt *t, const struct vt_csi *c)
{
	int n = vt_arg(c, 0, 1);

	if (n > 6)
		return;
	t->cursor_shape = (n - 1) / 2;
	if (n % 2)
		t->modes |= VT_BLINK;
	else
		t->modes &= ~(uint32_t)VT_BLINK;
	t->grid->gen++;
}

/* Sequences with an intermediate byte. */
static void
run_inter(struct vt *t, const struct vt_csi *c)
{
	if (c->inter == ' ' && c->final == 'q')
		cursor_style(t, c);
	else if (c->inter == '"' && c->final == 'q')
		guard(t, c);
	else if (c->inter == '!' && c->final == 'p')
		vt_reset(t, false);
	else if (c->inter == '\'' && (c->final == '}' || c->final == '~'))
		columns(t, c);
	else if (c->inter == '$' && c->final == 'p')
		vt_reply(t, "\033[%s%d;%d$y", c->leader ? "?" : "", vt_arg(c, 0, 0),
			 vt_mode_report(t, c->leader == '?', vt_arg(c, 0, 0)));
}

static void
run_leader(struct vt *t, const struct vt_csi *c)
{
	if (c->leader == '?' && strchr("hl", c->final))
		vt_mode_run(t, c);
	else if (c->leader == '?' && strchr("JK", c->final))
		erase(t, c);
	else if (c->leader == '?' && c->final == 'n')
		status_report(t, c);
	else if (c->final == 'c')
		attributes_report(t, c);
	else if (c->leader == '>' && c->final == 'q' && vt_arg(c, 0, 0) == 0)
		vt_reply(t, "\033P>|WebNova %s\033\\", WN_VERSION);
}

static void
save_or_margins(struct vt *t, const struct vt_csi *c)
{
	if (t->modes & VT_SIDE_MARGINS)
		cols_margin(t, c);
	else
		vt_save_cursor(t);
}

static void
tabs_forward(struct vt *t, const struct vt_csi *c)
{
	tabs(t, vt_arg(c, 0, 1), 1);
}

static void
tabs_back(struct vt *t, const struct vt_csi *c)
{
	tabs(t, vt_arg(c, 0, 1), -1);
}

static void
repeat(struct vt *t, const struct vt_csi *c)
{
	vt_repeat(t, vt_arg(c, 0, 1));
}

static void
restore_cursor(struct vt *t, const struct vt_csi *c)
{
	(void)c;
	vt_restore_cursor(t);
}

/* Sequences with neither leader nor intermediate, by their final byte ('@' to '~'). */
static void
run_plain(struct vt *t, const struct vt_csi *c)
{
	static void (*const by_final['~' + 1])(struct vt *, const struct vt_csi *) = {
		['A'] = move,
		['B'] = move,
		['C'] = move,
		['D'] = move,
		['E'] = move,
		['F'] = move,
		['G'] = move,
		['a'] = move,
		['d'] = move,
		['e'] = move,
		['`'] = move,
		['H'] = place,
		['f'] = place,
		['J'] = erase,
		['K'] = erase,
		['@'] = edit,
		['L'] = edit,
		['M'] = edit,
		['P'] = edit,
		['S'] = edit,
		['T'] = edit,
		['X'] = edit,
		['I'] = tabs_forward,
		['Z'] = tabs_back,
		['b'] = repeat,
		['c'] = attributes_report,
		['g'] = clear_tabs,
		['h'] = vt_mode_run,
		['l'] = vt_mode_run,
		['m'] = vt_sgr,
		['n'] = status_report,
		['r'] = rows_margin,
		['s'] = save_or_margins,
		['t'] = window_report,
		['u'] = restore_cursor,
	};
	size_t final = (unsigned char)c->final;

	if (final < sizeof by_final / sizeof *by_final && by_final[final])
		by_final[final](t, c);
}

void
vt_csi_run(struct vt *t, const struct vt_csi *c)
{
	if (c->inter)
		run_inter(t, c);
	else if (c->leader)
		run_leader(t, c);
	else
		run_plain(t, c);
}
