/*
 * Running commands: motions move, operators get their region, actions act; what '.' repeats.
 */
#include "editor/vim/normal.h"

/* ---- selection ------------------------------------------------------------------------------- */

void
vi_visual_start(struct ed_vim *v, uint32_t kind, size_t anchor)
{
	v->visual = kind;
	v->anchor = anchor;
	v->block_eol = false;
}

void
vi_visual_end(struct ed_vim *v)
{
	size_t a = v->anchor < v->cur ? v->anchor : v->cur,
	       b = v->anchor < v->cur ? v->cur : v->anchor;

	if (!v->visual)
		return;
	vi_mark_set(v, &v->mark[VI_MARK_LT], a);
	vi_mark_set(v, &v->mark[VI_MARK_GT], b);
	vi_mark_set(v, &v->mark[VI_MARK_ANCHOR], v->anchor);
	vi_mark_set(v, &v->mark[VI_MARK_START], v->cur);
	v->last_visual = v->visual;
	v->last_eol = v->block_eol;
	v->visual = 0;
}

static size_t
lines_between(struct ed_vim *v, size_t from, size_t to)
{
	size_t n = 1;

	if (ed_text_indexed(vi_text(v)))
		return vi_row(v, to) - vi_row(v, from) + 1;
	for (from = vi_begin(v, from), to = vi_begin(v, to); from < to; n++)
		from = vi_next_line(v, from);
	return n;
}

struct vi_region
vi_visual_region(struct ed_vim *v)
{
	struct vi_region r = { .type = v->visual };
	size_t a, b, c, d;

	r.from = v->anchor < v->cur ? v->anchor : v->cur;
	r.to = v->anchor < v->cur ? v->cur : v->anchor;
	r.lines = lines_between(v, r.from, r.to);
	if (v->visual == VI_BLOCK) {
		a = vi_col(v, v->anchor, &b);
		c = vi_col(v, v->cur, &d);
		r.left = a < c ? a : c;
		r.right = b > d ? b : d;
		r.to_eol = v->block_eol;
	}
	return r;
}

void
vi_want(struct ed_vim *v)
{
	size_t last;

	if (v->want == VI_NONE) {
		v->want = vi_col(v, v->cur, &last);
		if (!v->visual && v->state == VI_NORMAL && vi_byte(v, v->cur) == '\t')
			v->want = last;
	}
}

/* ---- remembering -------------------------------------------------------------------------------
 */

static void
keep_text(struct wn_buf *b, struct wn_str *s)
{
	struct wn_buf copy;

	wn_buf_init(&copy, 65536);
	(void)wn_buf_str(&copy, *s);
	wn_buf_fini(b);
	*b = copy;
	*s = wn_buf_view(b);
}

void
vi_remember(struct ed_vim *v, const struct vi_cmd *c)
{
	struct vi_repeat *r = &v->sh->repeat;

	if (v->ins.replay)
		return;
	r->set = true;
	r->cmd = *c;
	keep_text(&r->text, &r->cmd.text);
	keep_text(&r->text2, &r->cmd.text2);
	wn_vec_clear(&r->keys);
	r->visual = 0;
}

/* The selection an operator worked on: '.' takes as much from the cursor. */
static void
remember_visual(struct ed_vim *v, const struct vi_region *r)
{
	struct vi_repeat *p = &v->sh->repeat;

	if (v->ins.replay)
		return;
	p->visual = r->type;
	p->lines = r->lines;
	p->to_eol = r->to_eol;
	if (r->type == VI_BLOCK)
		p->cols = r->right - r->left + 1;
	else
		p->cols = r->lines > 1 ? vi_col(v, r->to, NULL) + 1
				       : vi_col(v, r->to, NULL) - vi_col(v, r->from, NULL) + 1;
	if (r->type == 'v' && r->to == vi_end(v, r->to) && v->want == VI_EOL)
		p->to_eol = true;
}

/* Selects from the cursor what '.' should work on. */
static void
select_again(struct ed_vim *v, const struct vi_repeat *p)
{
	size_t line, col = vi_col(v, v->cur, NULL);

	vi_visual_start(v, p->visual, v->cur);
	(void)vi_lines_down(v, vi_begin(v, v->cur), p->lines - 1, &line);
	v->block_eol = p->to_eol;
	if (p->visual == 'V')
		v->cur = line;
	else if (p->to_eol)
		v->cur = vi_on_char(v, vi_end(v, line));
	else if (p->visual == 'v' && p->lines > 1)
		v->cur = vi_on_char(v, vi_at_col(v, line, p->cols - 1));
	else
		v->cur = vi_on_char(v, vi_at_col(v, line, col + p->cols - 1));
	if (p->to_eol && p->visual == 'v')
		v->cur = vi_end(v, line);
}

/* ---- operators --------------------------------------------------------------------------------
 */

static bool
in_indent(struct ed_vim *v, size_t pos)
{
	return vi_nonblank(v, pos) >= pos;
}

/* Operators that work on lines, whatever the selection. */
static bool
on_lines(uint32_t op)
{
	return op == '>' || op == '<' || op == '=' || op == '!' || op == 'J' ||
	       op == VI_K2('g', 'q') || op == VI_K2('g', 'w') || op == VI_K2('g', 'J');
}

/* A motion that ends in the first column of a line stops at the end of the one before (Vim's "o_v"
 * rules); one from an indent then takes whole lines. */
static void
adjust_end(struct ed_vim *v, struct vi_region *r, bool incl, bool forced)
{
	r->empty = !incl && r->from == r->to;
	if (incl) {
		r->to = vi_right(v, r->to);
		return;
	}
	if (forced || r->lines < 2 || r->to != vi_begin(v, r->to))
		return;
	r->lines--;
	r->adjusted = true;
	r->to = vi_end(v, r->to - 1);
	if (in_indent(v, r->from))
		r->type = 'V';
}

static void
force(struct ed_vim *v, const struct vi_cmd *c, struct vi_region *r, bool *incl)
{
	size_t a, b, x, y;

	if (c->force == 'V') {
		r->type = 'V';
	} else if (c->force == 'v') {
		if (r->type == 'V')
			*incl = false;
		else
			*incl = !*incl;
		r->type = 'v';
	} else if (c->force == VI_BLOCK) {
		a = vi_col(v, r->from, &b);
		x = vi_col(v, r->to, &y);
		if (!*incl && r->type == 'v' && y > 0 && r->to > vi_begin(v, r->to))
			x = vi_col(v, vi_left(v, r->to), &y);
		r->left = a < x ? a : x;
		r->right = b > y ? b : y;
		r->type = VI_BLOCK;
	}
}

/* Region between the cursor and where the motion led. */
static bool
region_of(struct ed_vim *v, const struct vi_cmd *c, struct vi_region *r)
{
	struct vi_target t;
	const struct vi_motion *m = vi_motion_of(c->key);
	size_t from;
	bool incl, whole = false;

	*r = (struct vi_region){ .type = 'v' };
	if (c->doubled) {
		size_t line;
		if (!vi_lines_down(v, vi_begin(v, v->cur), c->count - 1, &line) &&
		    line == vi_begin(v, v->cur))
			return false;
		r->type = 'V';
		r->to = c->op != 'y'		      ? vi_nonblank(v, line)
			: line == vi_begin(v, v->cur) ? v->cur
						      : line;
		from = v->cur;
		incl = false;
	} else {
		vi_want(v);
		if (!vi_motion_run(v, m, c, &t))
			return false;
		if (m->flags & VI_M_JUMP || t.chars)
			vi_jump_from(v, v->cur);
		from = t.from == VI_NONE ? v->cur : t.from;
		r->to = t.to;
		r->type = t.line ? 'V' : 'v';
		r->one = t.one;
		incl = t.incl;
		whole = t.whole;
	}
	r->from = from < r->to ? from : r->to;
	r->to = from < r->to ? r->to : from;
	r->lines = lines_between(v, r->from, r->to);
	if (c->force)
		force(v, c, r, &incl);
	if (r->type == 'v')
		adjust_end(v, r, incl, whole);
	return true;
}

/* "d" over several lines that leaves nothing but blanks takes the lines. */
static void
delete_lines_instead(struct ed_vim *v, const struct vi_cmd *c, struct vi_region *r)
{
	if (c->op != 'd' || r->type != 'v' || r->lines < 2 || c->force)
		return;
	if (vi_skip_blank(v, r->to) == vi_end(v, r->to) && in_indent(v, r->from))
		r->type = 'V';
}

static void
run_operator(struct ed_vim *v, const struct vi_cmd *c)
{
	struct vi_region r;

	if (!region_of(v, c, &r)) {
		vi_fail(v, NULL);
		return;
	}
	if (c->op != 'y')
		vi_remember(v, c);
	delete_lines_instead(v, c, &r);
	v->op_start = v->cur;
	v->cur = r.from;
	v->want = VI_NONE;
	vi_operate(v, c, &r);
}

/* The selection's end is in it: an end of line too, unless the operator takes lines. */
static void
close_visual(struct ed_vim *v, const struct vi_cmd *c, struct vi_region *r)
{
	if (r->type != 'v')
		return;
	if (r->to != vi_end(v, r->to)) {
		r->to = vi_right(v, r->to);
	} else if (!on_lines(c->op) && vi_next_line(v, r->to) != VI_NONE) {
		r->to = vi_next_line(v, r->to);
		r->lines++;
	}
	/* '<' .. '>' over the start of the next line: as with a motion */
}

static void
run_on_visual(struct ed_vim *v, const struct vi_cmd *c)
{
	struct vi_region r = vi_visual_region(v);

	if (c->op != 'y') {
		vi_remember(v, c);
		remember_visual(v, &r);
	}
	v->op_start = v->cur;
	vi_visual_end(v);
	close_visual(v, c, &r);
	if (r.type == VI_BLOCK)
		v->cur = vi_at_col(v, vi_begin(v, r.from), r.left);
	else
		v->cur = r.type == 'V' ? vi_begin(v, r.from) : r.from;
	v->want = VI_NONE;
	vi_operate(v, c, &r);
}

/* ---- motions ------------------------------------------------------------------------------------
 */

static void
take_object(struct ed_vim *v, const struct vi_target *t)
{
	size_t to = t->to;

	if (!t->line && !t->incl && to > t->from)
		(void)vi_dec(v, &to);
	v->anchor = t->from == VI_NONE ? v->anchor : t->from;
	v->cur = to;
	if (t->line)
		v->visual = 'V';
	else if (t->chars || (t->block && v->visual == 'V'))
		v->visual = 'v';
}

static void
move(struct ed_vim *v, const struct vi_motion *m, const struct vi_cmd *c)
{
	size_t was = v->cur;
	struct vi_target t;

	vi_want(v);
	if (!vi_motion_run(v, m, c, &t)) {
		if (!v->failed)
			vi_fail(v, NULL);
		return;
	}
	if (m->flags & VI_M_JUMP)
		vi_jump_from(v, was);
	if (m->flags & VI_M_OBJECT) {
		if (!v->visual)
			vi_visual_start(v, 'v', v->cur);
		take_object(v, &t);
		v->want = VI_NONE;
		return;
	}
	v->cur = v->visual ? vi_clamp(v, t.to) : vi_on_char(v, t.to);
	if (!t.keep)
		v->want = t.want;
	if (v->visual == VI_BLOCK)
		v->block_eol = v->want == VI_EOL;
}

/* ---- running
 * ------------------------------------------------------------------------------------- */

static void
run_action(struct ed_vim *v, const struct vi_action *a, const struct vi_cmd *c)
{
	bool visual = v->visual != 0;

	if (visual && !(a->flags & VI_A_VISUAL)) {
		vi_fail(v, NULL);
		return;
	}
	if (a->flags & VI_A_EDIT) {
		vi_remember(v, c);
		if (visual) {
			struct vi_region r = vi_visual_region(v);
			remember_visual(v, &r);
		}
	}
	if (a->flags & VI_A_GROUP) {
		size_t cur = v->cur;
		if (visual && v->anchor < cur)
			v->cur = v->anchor;
		vi_change_begin(v);
		v->cur = cur;
	}
	a->fn(v, c);
	if (a->flags & VI_A_GROUP)
		vi_change_end(v);
}

void
vi_execute(struct ed_vim *v, struct vi_cmd *c)
{
	const struct vi_motion *m;
	const struct vi_action *a;

	if ((c->key == '/' || c->key == '?') && !c->text.p) {
		vi_line_start(v, c->key, c, WN_STR_NONE);
		return;
	}
	if (c->op && v->visual) {
		run_on_visual(v, c);
	} else if (c->op) {
		run_operator(v, c);
	} else if ((m = vi_motion_of(c->key)) &&
		   !(v->visual == 0 && m->flags & VI_M_OBJECT && c->key >> 24 != 'g')) {
		move(v, m, c);
	} else if ((a = vi_action_of(c->key))) {
		run_action(v, a, c);
	} else {
		vi_fail(v, NULL);
	}
}

void
vi_normal_key(struct ed_vim *v, uint32_t key)
{
	struct vi_cmd c;
	enum vi_read s;

	if ((key == ED_KEY_ESC || key == VI_CTRL('C')) && v->pending.len > 0) {
		wn_vec_clear(&v->pending);
		v->failed = true;
		return;
	}
	wn_vec_push(&v->pending, key);
	wn_buf_clear(&v->cmd_text);
	s = vi_read_cmd(v, &c);
	if (s == VI_READ_MORE)
		return;
	wn_vec_clear(&v->pending);
	if (s == VI_READ_BAD) {
		vi_fail(v, NULL);
		return;
	}
	vi_execute(v, &c);
}

/* ---- again
 * ---------------------------------------------------------------------------------------- */

void
vi_dot(struct ed_vim *v, const struct vi_cmd *dot)
{
	struct vi_repeat *r = &v->sh->repeat;
	struct vi_cmd c = r->cmd;
	vi_keys keys = { 0 };
	bool inside = v->ins.replay;

	if (!r->set) {
		vi_fail(v, NULL);
		return;
	}
	if (dot->counted) {
		r->cmd.count = c.count = dot->count;
		r->cmd.counted = c.counted = true;
	}
	/* "1p. puts "2, then "3 ... */
	if (c.reg >= '1' && c.reg < '9' && (c.key == 'p' || c.key == 'P'))
		c.reg = ++r->cmd.reg;
	for (size_t i = 0; i < r->keys.len; i++)
		wn_vec_push(&keys, r->keys.p[i]);
	wn_vec_push(&keys, ED_KEY_ESC);
	v->ins.replay = true;
	if (r->visual)
		select_again(v, r);
	vi_execute(v, &c);
	if (v->state == VI_INSERT || v->state == VI_REPLACE)
		(void)vi_run(v, keys.p, keys.len);
	v->ins.replay = inside;
	wn_vec_fini(&keys);
}
