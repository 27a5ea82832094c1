/*
 * Putting over a selection.
 */
#include "editor/vim/normal.h"

/* A put under way: the register as it was before the selection went into it. */
struct over {
	struct vi_register reg;
	struct vi_region r;
	size_t row, count;
	struct vi_put how;
	bool last; /* nothing of the text is behind what was selected */
};

/* Characters over a block go into each of its lines that is long enough. */
static void
put_each(struct ed_vim *v, const struct over *o)
{
	for (size_t i = o->r.lines; i-- > 0 && !v->failed;) {
		size_t line = vi_row_begin(v, o->row + i);
		size_t at = vi_at_col(v, line, o->r.left);
		if (vi_col(v, at, NULL) < o->r.left)
			continue;
		v->cur = at;
		vi_put_text(v, &o->reg, o->count, (struct vi_put){ .before = true });
	}
}

/* Lines or characters where lines were. */
static void
over_lines(struct ed_vim *v, struct over *o)
{
	bool empty = vi_len(v) == 0 || (o->last && o->row == 0);
	size_t at;

	v->cur = o->last ? vi_last_line(v) : vi_row_begin(v, o->row);
	o->how.before = !o->last || empty;
	o->reg.type = 'V'; /* characters become lines of their own */
	vi_put_text(v, &o->reg, o->count, o->how);
	if (empty) { /* without the line that an empty text has */
		at = v->cur;
		(void)vi_delete_lines(v, vi_last_line(v), vi_last_line(v));
		v->cur = vi_on_char(v, at);
	}
}

static void
over_chars(struct ed_vim *v, struct over *o)
{
	o->how.before = true;
	if (o->r.type == VI_BLOCK && o->reg.type == 'v' &&
	    wn_str_chr(wn_buf_view(&o->reg.text), '\n') < 0) {
		put_each(v, o);
		return;
	}
	if (o->reg.type == 'V') { /* lines between what is left of the line */
		if (vi_edit(v, v->cur, 0, vi_eol(v)))
			o->how.before = false;
	} else {
		v->cur = vi_clamp(v, v->cur);
	}
	vi_put_text(v, &o->reg, o->count, o->how);
}

/* The selection's end is in it. */
static void
close_region(struct ed_vim *v, struct vi_region *r)
{
	if (r->type != 'v')
		return;
	if (r->to != vi_end(v, r->to)) {
		r->to = vi_right(v, r->to);
	} else if (vi_next_line(v, r->to) != VI_NONE) {
		r->to = vi_next_line(v, r->to);
		r->lines++;
	}
}

void
vi_put_over(struct ed_vim *v, uint32_t name, size_t count, struct vi_put how, bool kept)
{
	struct over o = { .r = vi_visual_region(v), .count = count, .how = how };
	const struct vi_register *from = vi_reg_get(v, name);
	bool any = from != NULL;

	wn_buf_init(&o.reg.text, VI_REG_MAX);
	if (any) {
		o.reg.type = from->type;
		o.reg.width = from->width;
		(void)wn_buf_str(&o.reg.text, wn_buf_view(&from->text));
	}
	vi_visual_end(v);
	close_region(v, &o.r);
	v->cur = o.r.type == VI_BLOCK ? vi_at_col(v, vi_begin(v, o.r.from), o.r.left) : o.r.from;
	o.row = vi_row(v, o.r.from);
	o.last = o.r.type == 'V' && vi_next_line(v, o.r.to) == VI_NONE;
	if (!kept && vi_len(v) > 0)
		vi_reg_delete(v, 0, &o.r);
	vi_region_delete(v, &o.r);
	if (!any) {
		if (o.r.type == 'V')
			v->cur = vi_nonblank(v, vi_row_begin(v, o.row));
		v->cur = vi_on_char(v, v->cur);
		vi_fail(v, NULL);
	} else if (o.r.type == 'V') {
		over_lines(v, &o);
	} else {
		over_chars(v, &o);
	}
	wn_buf_fini(&o.reg.text);
}
