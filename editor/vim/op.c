/*
 * Operators: yank, delete, change; the others are handed on.
 */
#include "editor/vim/normal.h"

#include <stdio.h>

static bool
refused(struct ed_vim *v, uint32_t reg)
{
	if (vi_reg_valid(reg, true))
		return false;
	vi_fail(v, NULL);
	return true;
}

/* ---- yank ----------------------------------------------------------------------------------- */

static void
marks(struct ed_vim *v, const struct vi_region *r)
{
	size_t last = r->to;

	if (r->type == 'V')
		vi_mark_change(v, vi_begin(v, r->from), vi_on_char(v, vi_end(v, r->to)));
	else
		vi_mark_change(v, r->from, last > r->from ? last - 1 : last);
}

static void
yank(struct ed_vim *v, const struct vi_cmd *c, const struct vi_region *r)
{
	if (refused(v, c->reg))
		return;
	vi_reg_yank(v, c->reg, r);
	marks(v, r);
	v->cur = vi_on_char(v, v->cur);
}

/* ---- delete
 * -------------------------------------------------------------------------------------- */

/* Cuts the block out of a line; what is only half in becomes spaces. */
static void
delete_slice(struct ed_vim *v, const struct vi_region *r, size_t line)
{
	struct vi_slice s = vi_slice(v, r, line);
	struct wn_buf b;

	if (s.none)
		return;
	wn_buf_init(&b, 4096);
	for (size_t i = 0; i < s.pre + s.post; i++)
		(void)wn_buf_chr(&b, ' ');
	(void)vi_edit(v, s.a, s.b - s.a, wn_buf_view(&b));
	wn_buf_fini(&b);
}

static void
each_line(struct ed_vim *v, const struct vi_region *r,
	  void (*fn)(struct ed_vim *, const struct vi_region *, size_t))
{
	size_t first = vi_begin(v, r->from), line = vi_begin(v, r->to);

	for (;;) {
		size_t prev = line > first ? vi_prev_line(v, line) : VI_NONE;
		fn(v, r, line);
		if (prev == VI_NONE || v->failed)
			return;
		line = prev;
	}
}

void
vi_region_delete(struct ed_vim *v, const struct vi_region *r)
{
	if (r->type == VI_BLOCK)
		each_line(v, r, delete_slice);
	else if (r->type == 'V')
		(void)vi_delete_lines(v, r->from, r->to);
	else if (r->to > r->from)
		(void)vi_edit(v, r->from, r->to - r->from, WN_STR_NONE);
}

static void delete (struct ed_vim *v, const struct vi_cmd *c, const struct vi_region *r)
{
	size_t begin = vi_begin(v, r->from);

	if (refused(v, c->reg))
		return;
	if (vi_len(v) == 0 || (r->type == 'v' && r->from == r->to))
		return; /* nothing there */
	if (r->type == VI_BLOCK && r->lines == 1 && vi_empty_line(v, r->from))
		return;
	vi_reg_delete(v, c->reg, r);
	vi_change_begin(v);
	vi_region_delete(v, r);
	if (v->failed)
		goto end;
	if (r->type == 'V') {
		v->cur = vi_on_char(v, vi_nonblank(v, vi_begin(v, begin)));
	} else if (r->type == VI_BLOCK) {
		v->cur = vi_on_char(v, vi_at_col(v, begin, r->left));
	} else {
		v->cur = r->from;
	}
	vi_mark_change(v, v->cur, v->cur);
	if (r->type != VI_BLOCK)
		v->cur = vi_on_char(v, v->cur);
end:
	vi_change_end(v);
}

/* ---- change
 * ----------------------------------------------------------------------------------------- */

/* Lines become one, empty but for its indent under 'autoindent'. */
static void
change_lines(struct ed_vim *v, const struct vi_region *r)
{
	size_t first = vi_begin(v, r->from), last = vi_begin(v, r->to), end;

	if (last > first && !vi_delete_lines(v, vi_next_line(v, first), last))
		return;
	end = vi_end(v, first);
	v->cur = v->opt.ai ? vi_nonblank(v, first) : first;
	(void)vi_edit(v, v->cur, end - v->cur, WN_STR_NONE);
}

static void
change(struct ed_vim *v, const struct vi_cmd *c, const struct vi_region *r)
{
	if (refused(v, c->reg))
		return;
	if (!r->empty && vi_len(v) > 0)
		vi_reg_delete(v, c->reg, r);
	if (r->type == VI_BLOCK) {
		vi_insert_block(v, r, 'c', c);
		return;
	}
	vi_insert_start(v, c, VI_INSERT);
	if (r->type == 'V' && r->lines > 1) { /* where an undo leaves the cursor, in Vim */
		size_t next = vi_next_line(v, r->from);
		v->cur = next + (r->from - vi_begin(v, r->from));
		v->cur = v->cur > vi_end(v, next) ? vi_end(v, next) : v->cur;
	}
	vi_insert_group(v);
	if (r->type == 'V') {
		change_lines(v, r);
		v->ins.did_ai = v->opt.ai;
	} else {
		vi_region_delete(v, r);
		v->cur = r->from;
	}
	vi_insert_ungroup(v);
	v->ins.start = v->cur;
}

/* ---- the rest
 * ----------------------------------------------------------------------------------------- */

static void
filter(struct ed_vim *v, const struct vi_region *r)
{
	char text[48];
	size_t n = r->lines;

	if (n > 1)
		snprintf(text, sizeof text, ".,.+%zu!", n - 1);
	else
		snprintf(text, sizeof text, ".!");
	vi_line_start(v, ':', NULL, wn_str(text));
}

static void
comment(struct ed_vim *v, const struct vi_region *r)
{
	size_t row = vi_row(v, r->from), col = v->cur - vi_begin(v, v->cur);

	ed_view_select(v->view, vi_begin(v, r->from), vi_end(v, r->to));
	if (ed_view_do(v->view, ED_TOGGLE_COMMENT, &v->diag) != 0)
		vi_fail(v, "%s", v->diag.text);
	v->cur = vi_row_begin(v, row);
	v->cur = vi_on_char(v, v->cur + col < vi_end(v, v->cur) ? v->cur + col : v->cur);
}

static void
reshape(struct ed_vim *v, const struct vi_cmd *c, const struct vi_region *r)
{
	switch (c->op) {
	case '>':
	case '<':
		/* In a selection the count is how far; else it was the motion's. */
		vi_op_shift(v, r, v->sh->repeat.visual && c->counted && !c->key ? c->count : 1,
			    c->op == '<');
		break;
	case '=':
		vi_op_indent(v, r);
		break;
	case VI_K2('g', '~'):
		vi_op_case(v, r, VI_SWAP);
		break;
	case VI_K2('g', 'u'):
		vi_op_case(v, r, VI_LOWER);
		break;
	case VI_K2('g', 'U'):
		vi_op_case(v, r, VI_UPPER);
		break;
	case VI_K2('g', '?'):
		vi_op_case(v, r, VI_ROT13);
		break;
	case VI_K2('g', 'q'):
	case VI_K2('g', 'w'):
		vi_op_format(v, r, c->op == VI_K2('g', 'w'));
		break;
	case VI_K2('g', 'c'):
		comment(v, r);
		break;
	default:
		vi_surround_add(v, c, r);
	}
}

void
vi_operate(struct ed_vim *v, const struct vi_cmd *c, const struct vi_region *r)
{
	switch (c->op) {
	case 'y':
		yank(v, c, r);
		break;
	case 'd':
		delete (v, c, r);
		break;
	case 'c':
		change(v, c, r);
		break;
	case '!':
		filter(v, r);
		break;
	default:
		vi_change_begin(v);
		reshape(v, c, r);
		vi_change_end(v);
	}
}
