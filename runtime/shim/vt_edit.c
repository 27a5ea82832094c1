/*
 * Inserting, deleting, scrolling and erasing; tab stops. What libvterm does as the VT420 does is
 * given to it, the rest is done on the grid here.
 */
#include <string.h>

#include "runtime/shim/vt_priv.h"

void
vt_clear_tabs(struct vt *t, const struct vt_csi *c)
{
	int what = vt_arg(c, 0, 0);

	if (what == 0)
		t->tabs[t->col / 8] &= (unsigned char)~(1 << (t->col % 8));
	else if (what == 3)
		memset(t->tabs, 0, sizeof t->tabs);
}

void
vt_erase(struct vt *t, const struct vt_csi *c)
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

static void
erase_here(struct vt *t, int n)
{
	int end = n < t->grid->cols - t->col ? t->col + n : t->grid->cols;

	grid_erase(t->grid, (struct rect){ t->row, t->col, t->row + 1, end }, t->pen.bg,
		   t->iso_guard);
}

void
vt_edit(struct vt *t, const struct vt_csi *c)
{
	int n = vt_arg(c, 0, 1);
	struct rect all = { t->top, t->left, t->bottom, t->right };
	struct rect rest = { t->row, t->col, t->row + 1, t->right };

	if ((c->final == 'S' || c->final == 'T') && c->n > 1)
		return; /* highlight tracking */
	if (strchr("LM", c->final) && !vt_inside_margins(t))
		return;
	if (strchr("@P", c->final) && (t->col < t->left || t->col >= t->right))
		return;
	if (!strchr("ST", c->final))
		t->wrap_due = false;
	switch (c->final) {
	case '@':
	case 'P':
		grid_scroll(t->grid, rest, 0, c->final == 'P' ? n : -n, t->pen.bg);
		break;
	case 'L':
	case 'M':
		all.top = t->row;
		grid_scroll(t->grid, all, c->final == 'M' ? n : -n, 0, t->pen.bg);
		t->col = t->left;
		break;
	case 'S':
	case 'T':
		grid_scroll(t->grid, all, c->final == 'S' ? n : -n, 0, t->pen.bg);
		break;
	case 'X':
		erase_here(t, n);
		break;
	default:
		break;
	}
}

/* DECIC, DECDC: columns from the cursor on; SL, SR: all of them. */
void
vt_columns(struct vt *t, const struct vt_csi *c)
{
	int n = vt_arg(c, 0, 1);
	bool here = c->inter == '\'', away = c->final == '~' || (!here && c->final == '@');
	struct rect at = { t->top, here ? t->col : t->left, t->bottom, t->right };

	if (!vt_inside_margins(t))
		return;
	t->wrap_due = false;
	grid_scroll(t->grid, at, 0, away ? n : -n, t->pen.bg);
}
