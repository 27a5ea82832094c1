/*
 * From the grid to one client's next frame: what changed since the last one it was
 * sent, newest state only.
 */
#include "runtime/shim/shim_priv.h"

static uint64_t
history_total(const struct shim *s)
{
	return s->grid.history.dropped_rows + s->grid.history.rows;
}

bool
frame_due(const struct shim *s, const struct client *c)
{
	return c->full || c->gen != s->grid.gen || c->resets != s->vt.resets ||
	       c->row != (uint32_t)s->vt.row || c->col != (uint32_t)s->vt.col ||
	       c->modes != vt_wire_modes(&s->vt) || c->shape != (uint32_t)s->vt.cursor_shape;
}

static void
fill_header(struct shim *s, struct client *c, struct wn_tframe *f)
{
	bool alt = s->vt.modes & VT_ALT;
	uint64_t scrolled = s->grid.now->scrolled - c->scrolled;
	bool full = c->full || c->resets != s->vt.resets || c->alt != alt ||
		    scrolled >= (uint64_t)s->grid.rows;

	*f = (struct wn_tframe){
		.flags = (uint8_t)((full ? WN_TF_FULL : 0) | (alt ? WN_TF_ALT : 0)),
		.seq = ++c->seq,
		.rows = (uint32_t)s->grid.rows,
		.cols = (uint32_t)s->grid.cols,
		.cursor_row = (uint32_t)s->vt.row,
		.cursor_col = (uint32_t)s->vt.col,
		.cursor_shape = (uint32_t)s->vt.cursor_shape,
		.modes = vt_wire_modes(&s->vt),
		.scrolled = full ? 0 : (uint32_t)scrolled,
		.history = history_total(s),
	};
}

void
frame_build(struct shim *s, struct client *c, struct wn_buf *out)
{
	struct wn_tframe f;
	struct wn_buf ops;
	bool wide;

	fill_header(s, c, &f);
	wn_tframe_begin(out, &f);
	wn_buf_init(&ops, 1024 * 1024);
	for (int r = 0; r < s->grid.rows; r++) {
		const struct row *row = grid_row(&s->grid, r);

		if (!(f.flags & WN_TF_FULL) && row->gen <= c->gen)
			continue;
		wn_buf_clear(&ops);
		grid_row_ops(&s->grid, row, &ops, &wide);
		wn_tframe_add_row(out, (uint32_t)r, row->flags, wn_buf_view(&ops));
	}
	wn_buf_fini(&ops);
	c->full = false;
	c->gen = s->grid.gen;
	c->scrolled = s->grid.now->scrolled;
	c->resets = s->vt.resets;
	c->row = f.cursor_row;
	c->col = f.cursor_col;
	c->shape = f.cursor_shape;
	c->modes = f.modes;
	c->alt = f.flags & WN_TF_ALT;
}
