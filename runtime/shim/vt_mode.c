/*
 * Modes, the saved cursor, the two screens, and resets.
 */
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/shim/vt_priv.h"

static const struct {
	int mode;
	bool private_;
	uint32_t bit;
} modes[] = {
	{ 4, false, VT_INSERT },	{ 20, false, VT_NEWLINE },
	{ 1, true, VT_APP_CURSOR },	{ 5, true, VT_REVERSE },
	{ 6, true, VT_ORIGIN },		{ 7, true, VT_WRAP },
	{ 9, true, VT_MOUSE_X10 },	{ 12, true, VT_BLINK },
	{ 25, true, VT_CURSOR },	{ 45, true, VT_REVERSE_WRAP },
	{ 47, true, VT_ALT },		{ 66, true, VT_APP_KEYPAD },
	{ 69, true, VT_SIDE_MARGINS },	{ 1000, true, VT_MOUSE_CLICK },
	{ 1002, true, VT_MOUSE_DRAG },	{ 1003, true, VT_MOUSE_MOVE },
	{ 1004, true, VT_FOCUS },	{ 1005, true, VT_MOUSE_UTF8 },
	{ 1006, true, VT_MOUSE_SGR },	{ 1007, true, VT_ALT_SCROLL },
	{ 1015, true, VT_MOUSE_URXVT }, { 1047, true, VT_ALT },
	{ 1049, true, VT_ALT },		{ 2004, true, VT_PASTE },
	{ 2026, true, VT_SYNC },
};

static uint32_t
mode_bit(bool private_, int mode)
{
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
		if (modes[i].mode == mode && modes[i].private_ == private_)
			return modes[i].bit;
	return 0;
}

/* Modes that are remembered and reported, and change nothing in a pane: columns, scrolling speed,
 * printing, the keyboard's own. */
static const struct {
	int mode;
	bool private_, at_start;
} kept[] = {
	{ 2, false, false },   { 12, false, true },   { 3, true, false },    { 4, true, false },
	{ 8, true, true },     { 18, true, false },   { 19, true, true },    { 40, true, false },
	{ 42, true, false },   { 67, true, false },   { 95, true, false },   { 1034, true, false },
	{ 1035, true, false }, { 1036, true, false }, { 1039, true, false }, { 1042, true, false },
};

static uint32_t
kept_bit(bool private_, int mode)
{
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		if (kept[i].mode == mode && kept[i].private_ == private_)
			return UINT32_C(1) << i;
	return 0;
}

static uint32_t
kept_at_start(void)
{
	uint32_t out = 0;

	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		if (kept[i].at_start)
			out |= UINT32_C(1) << i;
	return out;
}

int
vt_mode_report(struct vt *t, bool private_, int mode)
{
	/* ISO 6429's block mode and its kin are off for ever; VT52 mode (2) was never entered */
	static const unsigned char off[] = { 1, 3, 5, 7, 10, 11, 13, 14, 15, 16, 17, 18, 19 };
	uint32_t bit = mode_bit(private_, mode), k = kept_bit(private_, mode);

	for (size_t i = 0; !private_ && i < sizeof off; i++)
		if (off[i] == mode)
			return 4;
	if (private_ && mode == 2)
		return 3;
	if (k)
		return t->kept & k ? 1 : 2;
	return !bit ? 0 : t->modes & bit ? 1 : 2;
}

/* ---- saved cursor ---- */

static struct vt_saved *
saved(struct vt *t)
{
	return &t->saved[t->modes & VT_ALT ? 1 : 0];
}

void
vt_save_cursor(struct vt *t)
{
	struct vt_saved *s = saved(t);

	*s = (struct vt_saved){ .row = t->row,
				.col = t->col,
				.wrap_due = t->wrap_due,
				.pen = t->pen,
				.gl = t->gl,
				.origin = t->modes & VT_ORIGIN };
	memcpy(s->charset, t->charset, sizeof s->charset);
}

static void
set_origin(struct vt *t, bool on)
{
	vt_engine_do(t, "\033[?6%c", on ? 'h' : 'l');
	if (on)
		t->modes |= VT_ORIGIN;
	else
		t->modes &= ~(uint32_t)VT_ORIGIN;
	t->row = on ? t->top : 0;
	t->col = on ? t->left : 0;
	t->wrap_due = false;
}

void
vt_restore_cursor(struct vt *t)
{
	const struct vt_saved *s = saved(t);

	if (s->origin != !!(t->modes & VT_ORIGIN))
		set_origin(t, s->origin);
	t->row = s->row;
	t->col = s->col;
	if (s->origin) { /* the margins may have moved meanwhile */
		t->row = t->row < t->top ? t->top : t->row >= t->bottom ? t->bottom - 1 : t->row;
		t->col = t->col < t->left ? t->left : t->col >= t->right ? t->right - 1 : t->col;
	}
	t->wrap_due = s->wrap_due;
	t->pen = s->pen;
	t->gl = s->gl;
	memcpy(t->charset, s->charset, sizeof t->charset);
}

/* ---- the modes that do something at once ---- */

static void
use_alt(struct vt *t, int mode, bool on)
{
	if (on == !!(t->modes & VT_ALT))
		return;
	if (mode == 1049 && on)
		vt_save_cursor(t);
	if (on)
		t->modes |= VT_ALT;
	else
		t->modes &= ~(uint32_t)VT_ALT;
	grid_use_alt(t->grid, on, mode != 47);
	t->resets++;
	if (mode == 1049 && !on)
		vt_restore_cursor(t);
}

static void
side_margins(struct vt *t, bool on)
{
	vt_engine_do(t, "\033[?69%c", on ? 'h' : 'l');
	t->left = 0;
	t->right = t->grid->cols;
	vt_engine_do(t, "\033[s");
}

static void
mouse(struct vt *t, uint32_t bit, bool on)
{
	t->modes &= ~(uint32_t)(VT_MOUSE_X10 | VT_MOUSE_CLICK | VT_MOUSE_DRAG | VT_MOUSE_MOVE);
	if (on)
		t->modes |= bit;
}

/* DECCOLM where it is allowed (40): the width is the pane's, all else happens. */
static void
columns_mode(struct vt *t)
{
	if (!(t->kept & kept_bit(true, 40)))
		return;
	if (!(t->kept & kept_bit(true, 95)))
		grid_erase(t->grid, (struct rect){ 0, 0, t->grid->rows, t->grid->cols }, t->pen.bg,
			   false);
	t->modes &= ~(uint32_t)VT_SIDE_MARGINS;
	side_margins(t, false);
	vt_engine_do(t, "\033[r");
	t->top = 0;
	t->bottom = t->grid->rows;
	t->row = t->col = 0;
	t->wrap_due = false;
}

static void
set_mode(struct vt *t, bool private_, int mode, bool on)
{
	uint32_t bit = mode_bit(private_, mode);

	if (bit == VT_ALT) {
		use_alt(t, mode, on);
		return;
	}
	if (bit == VT_ORIGIN) {
		set_origin(t, on);
		return;
	}
	if (bit & (VT_MOUSE_X10 | VT_MOUSE_CLICK | VT_MOUSE_DRAG | VT_MOUSE_MOVE)) {
		mouse(t, bit, on);
		t->grid->gen++;
		return;
	}
	if (private_ && mode == 1048) {
		if (on)
			vt_save_cursor(t);
		else
			vt_restore_cursor(t);
		return;
	}
	t->modes = on ? t->modes | bit : t->modes & ~bit;
	t->kept = on ? t->kept | kept_bit(private_, mode) : t->kept & ~kept_bit(private_, mode);
	if (private_ && mode == 3)
		columns_mode(t);
	if (bit == VT_SIDE_MARGINS)
		side_margins(t, on);
	t->grid->gen++; /* the client shows some of them: a frame is due */
}

/* XTSAVE and XTRESTORE of one mode. */
static void
stack_mode(struct vt *t, int mode, bool save)
{
	uint32_t bit = mode_bit(true, mode), k = kept_bit(true, mode);

	if (save) {
		t->stacked = (t->stacked & ~bit) | (t->modes & bit);
		t->stacked_kept = (t->stacked_kept & ~k) | (t->kept & k);
	} else if (bit || k) {
		set_mode(t, true, mode, (t->stacked & bit) || (t->stacked_kept & k));
	}
}

void
vt_mode_run(struct vt *t, const struct vt_csi *c)
{
	for (int i = 0; i < c->n; i++) {
		if (c->p[i] <= 0)
			continue;
		if (c->final == 's' || c->final == 'r')
			stack_mode(t, c->p[i], c->final == 's');
		else
			set_mode(t, c->leader == '?', c->p[i], c->final == 'h');
	}
}

/* ---- resets ---- */

static void
reset_all(struct vt *t)
{
	if (t->modes & VT_ALT)
		use_alt(t, 47, false);
	grid_erase(t->grid, (struct rect){ 0, 0, t->grid->rows, t->grid->cols }, 0, false);
	t->row = t->col = 0;
	t->modes = 0;
	t->resets++;
	vt_tabs_reset(t);
	t->cursor_shape = 0;
	t->last_cp = 0;
	t->level = 4;
	t->iso_guard = t->rect_extent = false;
	t->kept = t->stacked_kept = kept_at_start();
	t->stacked = VT_WRAP | VT_CURSOR;
	vt_colors_reset(t);
	wn_free(t->title);
	t->title = wn_strdup("");
}

void
vt_reset(struct vt *t, bool hard)
{
	int row, col;

	t->pen = (struct wn_tstyle){ 0 };
	if (hard)
		reset_all(t);
	row = t->row;
	col = t->col;
	vt_engine_do(t, "\033[?69l\033[?6l\033[r");
	t->top = t->left = 0;
	t->bottom = t->grid->rows;
	t->right = t->grid->cols;
	t->row = row;
	t->col = col;
	t->wrap_due = false;
	memset(t->charset, 'B', sizeof t->charset);
	t->gl = t->single = 0;
	t->modes &= ~(uint32_t)(VT_INSERT | VT_ORIGIN | VT_NEWLINE | VT_SIDE_MARGINS |
				VT_APP_CURSOR | VT_APP_KEYPAD | VT_SYNC | VT_REVERSE_WRAP);
	t->modes |= VT_WRAP | VT_CURSOR;
	for (int i = 0; i < 2; i++)
		t->saved[i] = (struct vt_saved){ .charset = { 'B', 'B', 'B', 'B' } };
}
