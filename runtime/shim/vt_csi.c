/*
 * Control sequences: which of them we know, and who does them.
 */
#include <string.h>

#include "runtime/shim/vt_priv.h"

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

static void
guard(struct vt *t, const struct vt_csi *c) /* DECSCA */
{
	if (vt_arg(c, 0, 0) == 1)
		t->pen.attrs |= CELL_GUARDED;
	else
		t->pen.attrs &= (uint16_t)~CELL_GUARDED;
	t->iso_guard = false;
}

/* DECSCL: a level and how replies begin; the terminal starts afresh. */
static void
level(struct vt *t, const struct vt_csi *c)
{
	int n = vt_arg(c, 0, 0);

	if (n < 61 || n > 65)
		return;
	vt_reset(t, true);
	t->level = n - 60;
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
	else if (c->inter == ' ' && (c->final == '@' || c->final == 'A'))
		vt_columns(t, c);
	else if (c->inter == '"' && c->final == 'q')
		guard(t, c);
	else if (c->inter == '"' && c->final == 'p')
		level(t, c);
	else if (c->inter == '!' && c->final == 'p')
		vt_reset(t, false);
	else if (c->inter == '\'' && (c->final == '}' || c->final == '~'))
		vt_columns(t, c);
	else if (c->inter == '$' && c->final == 'p')
		vt_reply(t, "\033[%s%d;%d$y", c->leader ? "?" : "", vt_arg(c, 0, 0),
			 vt_mode_report(t, c->leader == '?', vt_arg(c, 0, 0)));
	else
		vt_rect_run(t, c);
}

static void
run_leader(struct vt *t, const struct vt_csi *c)
{
	if (c->leader == '?' && strchr("hlrs", c->final))
		vt_mode_run(t, c);
	else if (c->leader == '?' && strchr("JK", c->final))
		vt_erase(t, c);
	else if (c->leader == '?' && c->final == 'W' && vt_arg(c, 0, 0) == 5)
		vt_tabs_reset(t);
	else if (c->leader == '?' && c->final == 'n')
		vt_status_report(t, c);
	else if (c->final == 'c')
		vt_attributes_report(t, c);
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
	vt_tab_forward(t, vt_arg(c, 0, 1));
}

static void
tabs_back(struct vt *t, const struct vt_csi *c)
{
	vt_tab_back(t, vt_arg(c, 0, 1));
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
		['A'] = vt_move,	  ['B'] = vt_move,
		['C'] = vt_move,	  ['D'] = vt_move,
		['E'] = vt_move,	  ['F'] = vt_move,
		['G'] = vt_move,	  ['a'] = vt_move,
		['d'] = vt_move,	  ['e'] = vt_move,
		['`'] = vt_move,	  ['H'] = vt_place,
		['f'] = vt_place,	  ['J'] = vt_erase,
		['K'] = vt_erase,	  ['@'] = vt_edit,
		['L'] = vt_edit,	  ['M'] = vt_edit,
		['P'] = vt_edit,	  ['S'] = vt_edit,
		['T'] = vt_edit,	  ['X'] = vt_edit,
		['I'] = tabs_forward,	  ['Z'] = tabs_back,
		['b'] = repeat,		  ['c'] = vt_attributes_report,
		['g'] = vt_clear_tabs,	  ['h'] = vt_mode_run,
		['l'] = vt_mode_run,	  ['m'] = vt_sgr,
		['n'] = vt_status_report, ['r'] = rows_margin,
		['s'] = save_or_margins,  ['t'] = vt_window_report,
		['u'] = restore_cursor,	  ['x'] = vt_parameters_report,
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
