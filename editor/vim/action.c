/*
 * Commands of normal and visual mode that are neither motions nor operators, and their table.
 */
#include "editor/vim/normal.h"

#include <stdio.h>

#include "runtime/base/utf8.h"

/* ---- abbreviations of operators
 * ------------------------------------------------------------------ */

static void
operate_as(struct ed_vim *v, const struct vi_cmd *c, uint32_t op, uint32_t motion)
{
	struct vi_cmd k = *c;

	k.op = op;
	k.key = motion;
	k.doubled = motion == 0;
	if (v->visual)
		k.key = 0;
	vi_execute(v, &k);
}

/* Capitals take lines in a selection; D and C in a block the rest of its lines. */
static void
whole(struct ed_vim *v, uint32_t key)
{
	if (!v->visual)
		return;
	if (v->visual != VI_BLOCK)
		v->visual = 'V';
	else if (key == 'D' || key == 'C')
		v->block_eol = true;
}

static void
a_abbrev(struct ed_vim *v, const struct vi_cmd *c)
{
	switch (c->key) {
	case 'x':
	case ED_KEY_DELETE:
		operate_as(v, c, 'd', 'l');
		break;
	case 'X':
		whole(v, 'X');
		operate_as(v, c, 'd', 'h');
		break;
	case 'D':
		whole(v, 'D');
		operate_as(v, c, 'd', '$');
		break;
	case 'C':
		whole(v, 'C');
		operate_as(v, c, 'c', '$');
		break;
	case 's':
		operate_as(v, c, 'c', 'l');
		break;
	case 'S':
		if (v->visual)
			v->visual = 'V';
		operate_as(v, c, 'c', 0);
		break;
	default:
		whole(v, 'Y');
		operate_as(v, c, 'y', 0);
	}
}

/* ---- insertion
 * ------------------------------------------------------------------------------------- */

static void
a_insert(struct ed_vim *v, const struct vi_cmd *c)
{
	size_t at = v->cur;

	switch (c->key) {
	case 'a':
		at = vi_right(v, at);
		break;
	case 'A':
		at = vi_end(v, at);
		break;
	case 'I':
		at = vi_nonblank(v, at);
		break;
	case VI_K2('g', 'I'):
		at = vi_begin(v, at);
		break;
	case VI_K2('g', 'i'):
		if (v->mark[VI_MARK_INS].set)
			at = vi_mark_pos(v, &v->mark[VI_MARK_INS]);
		break;
	default:
		break;
	}
	v->cur = at;
	vi_remember(v, c);
	vi_insert_start(v, c, VI_INSERT);
}

/* I and A in a selection. */
static void
a_insert_visual(struct ed_vim *v, const struct vi_cmd *c)
{
	struct vi_region r = vi_visual_region(v);
	struct vi_repeat *p = &v->sh->repeat;

	if (v->visual == VI_BLOCK) {
		vi_remember(v, c);
		if (!v->ins.replay) {
			p->visual = VI_BLOCK;
			p->lines = r.lines;
			p->cols = r.right - r.left + 1;
			p->to_eol = r.to_eol;
		}
		vi_visual_end(v);
		v->cur = vi_at_col(v, vi_begin(v, r.from), r.left);
		vi_insert_block(v, &r, c->key, c);
		return;
	}
	/* As in Vim the anchor's column does not count. */
	size_t anchor = vi_begin(v, v->anchor), begin = vi_begin(v, v->cur);
	vi_visual_end(v);
	if (c->key == 'I')
		v->cur = begin < anchor ? v->cur : anchor;
	else if (begin < anchor || v->cur == begin)
		v->cur = begin < anchor ? anchor : begin;
	else
		v->cur = v->cur == vi_end(v, v->cur) ? vi_left(v, v->cur) : vi_right(v, v->cur);
	vi_remember(v, c);
	vi_insert_start(v, c, VI_INSERT);
}

static void
a_insert_any(struct ed_vim *v, const struct vi_cmd *c)
{
	if (v->visual)
		a_insert_visual(v, c);
	else
		a_insert(v, c);
}

static void
a_open(struct ed_vim *v, const struct vi_cmd *c)
{
	if (v->visual) {
		size_t at = v->cur;
		if (c->key == 'O' && v->visual == VI_BLOCK) { /* the other corner in the line */
			size_t a = vi_col(v, v->anchor, NULL), b = vi_col(v, v->cur, NULL);
			v->cur = vi_at_col(v, vi_begin(v, v->cur), a);
			v->anchor = vi_at_col(v, vi_begin(v, v->anchor), b);
		} else {
			v->cur = v->anchor;
			v->anchor = at;
		}
		v->want = VI_NONE;
		return;
	}
	vi_remember(v, c);
	vi_insert_start(v, c, VI_INSERT);
	vi_insert_group(v);
	vi_open_line(v, c->key == 'o');
	vi_insert_ungroup(v);
	v->ins.start = v->cur;
}

static void
a_replace_mode(struct ed_vim *v, const struct vi_cmd *c)
{
	if (v->visual) {
		v->visual = 'V';
		operate_as(v, c, 'c', 0);
		return;
	}
	vi_remember(v, c);
	vi_insert_start(v, c, VI_REPLACE);
}

/* ---- small edits
 * -------------------------------------------------------------------------------------- */

static void
replace_with_newline(struct ed_vim *v, const struct vi_cmd *c)
{
	size_t to = v->cur;
	struct wn_buf b;

	for (size_t i = 0; i < c->count; i++)
		to = vi_right(v, to);
	wn_buf_init(&b, 65536);
	(void)wn_buf_str(&b, vi_eol(v));
	if (v->opt.ai)
		vi_indent_text(v, vi_indent(v, v->cur), &b);
	if (v->opt.ai)
		to = vi_skip_blank(v, to);
	if (vi_edit(v, v->cur, to - v->cur, wn_buf_view(&b)))
		v->cur = vi_left(v, v->cur + b.len);
	wn_buf_fini(&b);
}

static void
a_replace(struct ed_vim *v, const struct vi_cmd *c)
{
	size_t to = v->cur, n = 0;
	char buf[4];
	struct wn_buf b;

	if (c->arg == ED_KEY_ESC || c->arg >= ED_KEY_UP) {
		if (c->arg == ED_KEY_ESC && v->visual)
			vi_visual_end(v);
		vi_fail(v, NULL);
		return;
	}
	if (v->visual) {
		struct vi_region r = vi_visual_region(v);
		vi_visual_end(v);
		if (r.type == 'v')
			r.to = vi_right(v, r.to);
		v->cur = r.type == VI_BLOCK ? vi_at_col(v, vi_begin(v, r.from), r.left)
			 : r.type == 'V'    ? vi_begin(v, r.from)
					    : r.from;
		vi_op_replace(v, &r, c->arg);
		return;
	}
	for (; n < c->count && vi_right(v, to) != to; n++)
		to = vi_right(v, to);
	if (n < c->count) {
		vi_fail(v, NULL);
		return;
	}
	if (c->arg == ED_KEY_ENTER) {
		replace_with_newline(v, c);
		return;
	}
	wn_buf_init(&b, VI_REG_MAX);
	n = wn_utf8_encode(c->arg, buf);
	for (size_t i = 0; i < c->count; i++)
		(void)wn_buf_add(&b, buf, n);
	if (vi_edit(v, v->cur, to - v->cur, wn_buf_view(&b))) {
		vi_mark_change(v, v->cur, v->cur + b.len - 1);
		v->cur = v->cur + b.len - n;
	}
	wn_buf_fini(&b);
}

static void
a_tilde(struct ed_vim *v, const struct vi_cmd *c)
{
	struct vi_region r = { .type = 'v', .from = v->cur, .lines = 1 };

	if (v->visual) {
		operate_as(v, c, VI_K2('g', '~'), 0);
		return;
	}
	r.to = v->cur;
	for (size_t i = 0; i < c->count; i++)
		r.to = vi_right(v, r.to);
	if (r.to == r.from) {
		vi_fail(v, NULL);
		return;
	}
	size_t left = vi_end(v, r.from) - r.to;
	vi_op_case(v, &r, VI_SWAP);
	v->cur = vi_on_char(v, vi_end(v, r.from) - left);
}

static void
a_visual_case(struct ed_vim *v, const struct vi_cmd *c)
{
	if (c->key == 'u' && !v->visual)
		vi_undo(v, c->count, -1);
	else if (v->visual)
		operate_as(v, c, c->key == 'u' ? VI_K2('g', 'u') : VI_K2('g', 'U'), 0);
	else
		vi_fail(v, NULL);
}

static void
a_join(struct ed_vim *v, const struct vi_cmd *c)
{
	size_t first = v->cur, lines = c->count < 2 ? 2 : c->count, last;

	if (v->visual) {
		struct vi_region r = vi_visual_region(v);
		vi_visual_end(v);
		first = r.from;
		lines = r.lines < 2 ? 2 : r.lines;
		v->cur = r.type == 'V' ? vi_begin(v, first) : first;
	}
	if (!vi_lines_down(v, vi_begin(v, first), lines - 1, &last)) {
		/* Fewer lines: as many as there are, but for the last line alone. */
		if (last == vi_begin(v, first)) {
			if (c->count > 2)
				v->cur = last;
			vi_fail(v, NULL);
			return;
		}
		lines = vi_row(v, last) - vi_row(v, first) + 1;
	}
	vi_op_join(v, first, lines, c->key == 'J');
	v->want = VI_NONE;
}

static void
a_add(struct ed_vim *v, const struct vi_cmd *c)
{
	bool less = (c->key & 0xFFFFFF) == VI_CTRL('X'), steps = c->key >> 24 == 'g';
	int64_t by = less ? -(int64_t)c->count : (int64_t)c->count;

	if (v->visual) {
		struct vi_region r = vi_visual_region(v);
		vi_visual_end(v);
		if (r.type == 'v')
			r.to = vi_right(v, r.to);
		v->cur = r.type == VI_BLOCK ? vi_at_col(v, vi_begin(v, r.from), r.left)
			 : r.type == 'V'    ? vi_begin(v, r.from)
					    : r.from;
		vi_op_add(v, &r, by, steps ? by : 0);
	} else if (steps || !vi_add_here(v, by)) {
		vi_fail(v, NULL);
	}
	v->want = VI_NONE;
}

/* ---- put
 * ------------------------------------------------------------------------------------------------
 */

static void
a_put(struct ed_vim *v, const struct vi_cmd *c)
{
	uint32_t key = c->key & 0xFFFFFF, prefix = c->key >> 24;
	struct vi_put how = { key == 'P' || (prefix == '[' && key == 'p'), prefix == 'g',
			      prefix == ']' || prefix == '[' };

	if (v->visual)
		vi_put_over(v, c->reg, c->count, how, (c->key & 0xFFFFFF) == 'P');
	else
		vi_put(v, c->reg, c->count, how);
	v->want = VI_NONE;
}

/* ---- undo, marks, macros
 * --------------------------------------------------------------------------------- */

static void
a_redo(struct ed_vim *v, const struct vi_cmd *c)
{
	vi_undo(v, c->count, 1);
}

static void
a_dot(struct ed_vim *v, const struct vi_cmd *c)
{
	vi_dot(v, c);
}

static void
a_mark(struct ed_vim *v, const struct vi_cmd *c)
{
	struct vi_mark *m = vi_mark_of(v, c->arg);

	if (!m || c->arg == '^' || c->arg == '.')
		vi_fail(v, NULL);
	else
		vi_mark_set(v, m, v->cur);
}

static void
a_jump(struct ed_vim *v, const struct vi_cmd *c)
{
	vi_jump_go(v, c->key == VI_CTRL('O'), c->count);
}

static void
a_change(struct ed_vim *v, const struct vi_cmd *c)
{
	vi_change_go(v, c->key == VI_K2('g', ';'), c->count);
}

static void
a_record(struct ed_vim *v, const struct vi_cmd *c)
{
	if (v->recording) {
		/* without the keys that ended it */
		wn_buf_cut(&v->macro, v->macro_tail);
		vi_reg_set(v, v->recording, wn_buf_view(&v->macro), 'v');
		v->recording = 0;
		return;
	}
	if (!((c->arg >= 'a' && c->arg <= 'z') || (c->arg >= 'A' && c->arg <= 'Z') ||
	      (c->arg >= '0' && c->arg <= '9') || c->arg == '"')) {
		vi_fail(v, NULL);
		return;
	}
	v->recording = c->arg;
	wn_buf_clear(&v->macro);
}

static void
a_play(struct ed_vim *v, const struct vi_cmd *c)
{
	uint32_t name = c->arg == '@' ? v->sh->played : c->arg;
	const struct vi_register *r;
	vi_keys keys = { 0 };

	if (name == ':') {
		for (size_t i = 0; i < c->count && !v->failed; i++)
			(void)ed_vim_ex(v, wn_buf_view(&v->sh->last_ex));
		v->sh->played = ':';
		return;
	}
	r = name ? vi_reg_get(v, name) : NULL;
	if (!r) {
		vi_fail(v, NULL);
		return;
	}
	v->sh->played = name;
	for (size_t i = 0; i < c->count && i < 100000; i++) {
		vi_keys_decode(wn_buf_view(&r->text), &keys);
		if (r->type == 'V')
			wn_vec_push(&keys, '\n');
		if (keys.len > (1u << 22))
			break;
	}
	for (size_t i = 0; i < keys.len; i++)
		if (keys.p[i] == '\n')
			keys.p[i] = ED_KEY_ENTER;
	vi_feed(v, keys.p, keys.len);
	wn_vec_fini(&keys);
	/* All of it is one undo step. */
	if (!v->playing) {
		v->playing = true;
		vi_change_begin(v);
	}
}

/* ---- selection
 * -----------------------------------------------------------------------------------------------
 */

static void
a_visual(struct ed_vim *v, const struct vi_cmd *c)
{
	const struct vi_repeat *p = &v->sh->repeat;

	(void)p;
	if (v->visual == c->key) {
		vi_visual_end(v);
	} else if (v->visual) {
		v->visual = c->key;
	} else {
		vi_want(v); /* a tab's last column, as outside of a selection */
		vi_visual_start(v, c->key, v->cur);
		if (c->counted && c->key == 'V') {
			size_t line;
			(void)vi_lines_down(v, vi_begin(v, v->cur), c->count - 1, &line);
			vi_want(v);
			v->cur = vi_at_col(v, line, v->want);
		} else if (c->counted) {
			for (size_t i = 1; i < c->count; i++)
				v->cur = vi_right(v, v->cur);
			v->want = VI_NONE;
		}
	}
}

static void
a_reselect(struct ed_vim *v, const struct vi_cmd *c)
{
	uint32_t kind = v->last_visual, was = v->visual;
	size_t anchor, cur;
	bool eol = v->last_eol;

	(void)c;
	if (!kind || !v->mark[VI_MARK_LT].set) {
		vi_fail(v, NULL);
		return;
	}
	anchor = vi_mark_pos(v, &v->mark[VI_MARK_ANCHOR]);
	cur = vi_mark_pos(v, &v->mark[VI_MARK_START]);
	if (was)
		vi_visual_end(v);
	vi_visual_start(v, kind, vi_clamp(v, anchor));
	v->cur = vi_clamp(v, cur);
	v->block_eol = eol;
	v->want = eol ? VI_EOL : VI_NONE;
}

static void
a_escape(struct ed_vim *v, const struct vi_cmd *c)
{
	(void)c;
	if (!v->visual) {
		v->failed = true;
		return;
	}
	vi_visual_end(v);
	v->cur = vi_on_char(v, v->cur);
}

/* ---- lines being typed, windows
 * ------------------------------------------------------------------------------- */

static void
a_colon(struct ed_vim *v, const struct vi_cmd *c)
{
	char text[48] = "";

	if (v->visual) {
		vi_visual_end(v);
		v->cur = vi_on_char(v, v->cur);
		snprintf(text, sizeof text, "'<,'>");
	} else if (c->counted) {
		if (c->count > 1)
			snprintf(text, sizeof text, ".,.+%zu", c->count - 1);
		else
			snprintf(text, sizeof text, ".");
	}
	vi_line_start(v, ':', NULL, wn_str(text));
}

static void
a_again(struct ed_vim *v, const struct vi_cmd *c)
{
	(void)ed_vim_ex(v, c->key == '&' ? WN_STR("s") : WN_STR("%s//~/&"));
}

static void
a_quit(struct ed_vim *v, const struct vi_cmd *c)
{
	(void)ed_vim_ex(v, c->key == VI_K2('Z', 'Z') ? WN_STR("x") : WN_STR("q!"));
}

static void
a_surround(struct ed_vim *v, const struct vi_cmd *c)
{
	vi_surround_change(v, c);
}

static void
a_ascii(struct ed_vim *v, const struct vi_cmd *c)
{
	uint32_t cp = vi_cp(v, v->cur, NULL);

	(void)c;
	if (cp)
		vi_say(v, "U+%04X  %u", cp, cp);
}

static void
a_nothing(struct ed_vim *v, const struct vi_cmd *c)
{
	(void)v;
	(void)c;
}

static const struct vi_action actions[] = {
	{ 'x', VI_A_VISUAL, a_abbrev },
	{ ED_KEY_DELETE, VI_A_VISUAL, a_abbrev },
	{ 'X', VI_A_VISUAL, a_abbrev },
	{ 'D', VI_A_VISUAL, a_abbrev },
	{ 'C', VI_A_VISUAL, a_abbrev },
	{ 's', VI_A_VISUAL, a_abbrev },
	{ 'S', VI_A_VISUAL, a_abbrev },
	{ 'Y', VI_A_VISUAL, a_abbrev },
	{ 'i', 0, a_insert },
	{ ED_KEY_INSERT, 0, a_insert },
	{ 'a', 0, a_insert },
	{ 'I', VI_A_VISUAL, a_insert_any },
	{ 'A', VI_A_VISUAL, a_insert_any },
	{ VI_K2('g', 'I'), 0, a_insert },
	{ VI_K2('g', 'i'), 0, a_insert },
	{ 'o', VI_A_VISUAL, a_open },
	{ 'O', VI_A_VISUAL, a_open },
	{ 'R', VI_A_VISUAL, a_replace_mode },
	{ 'r', VI_A_VISUAL | VI_A_ARG | VI_A_EDIT | VI_A_GROUP, a_replace },
	{ '~', VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_tilde },
	{ 'u', VI_A_VISUAL, a_visual_case },
	{ 'U', VI_A_VISUAL, a_visual_case },
	{ 'J', VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_join },
	{ VI_K2('g', 'J'), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_join },
	{ VI_CTRL('A'), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_add },
	{ VI_CTRL('X'), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_add },
	{ VI_K2('g', 1), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_add },
	{ VI_K2('g', 24), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_add },
	{ 'p', VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_put },
	{ 'P', VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_put },
	{ VI_K2('g', 'p'), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_put },
	{ VI_K2('g', 'P'), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_put },
	{ VI_K2(']', 'p'), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_put },
	{ VI_K2(']', 'P'), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_put },
	{ VI_K2('[', 'p'), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_put },
	{ VI_K2('[', 'P'), VI_A_VISUAL | VI_A_EDIT | VI_A_GROUP, a_put },
	{ VI_CTRL('R'), 0, a_redo },
	{ '.', 0, a_dot },
	{ 'm', VI_A_VISUAL | VI_A_ARG, a_mark },
	{ VI_CTRL('O'), 0, a_jump },
	{ ED_KEY_TAB, 0, a_jump },
	{ VI_K2('g', ';'), 0, a_change },
	{ VI_K2('g', ','), 0, a_change },
	{ 'q', VI_A_VISUAL | VI_A_ARG, a_record },
	{ '@', VI_A_VISUAL | VI_A_ARG, a_play },
	{ 'v', VI_A_VISUAL, a_visual },
	{ 'V', VI_A_VISUAL, a_visual },
	{ VI_BLOCK, VI_A_VISUAL, a_visual },
	{ VI_CTRL('Q'), VI_A_VISUAL, a_visual },
	{ VI_K2('g', 'v'), VI_A_VISUAL, a_reselect },
	{ ED_KEY_ESC, VI_A_VISUAL, a_escape },
	{ VI_CTRL('C'), VI_A_VISUAL, a_escape },
	{ ':', VI_A_VISUAL, a_colon },
	{ '&', VI_A_GROUP, a_again },
	{ VI_K2('g', '&'), VI_A_GROUP, a_again },
	{ VI_K2('Z', 'Z'), 0, a_quit },
	{ VI_K2('Z', 'Q'), 0, a_quit },
	{ VI_CTRL('E'), VI_A_VISUAL, vi_scroll },
	{ VI_CTRL('Y'), VI_A_VISUAL, vi_scroll },
	{ VI_CTRL('D'), VI_A_VISUAL, vi_scroll },
	{ VI_CTRL('U'), VI_A_VISUAL, vi_scroll },
	{ VI_CTRL('F'), VI_A_VISUAL, vi_scroll },
	{ VI_CTRL('B'), VI_A_VISUAL, vi_scroll },
	{ ED_KEY_PGDN, VI_A_VISUAL, vi_scroll },
	{ ED_KEY_PGUP, VI_A_VISUAL, vi_scroll },
	{ VI_K2('z', 'z'), VI_A_VISUAL, vi_place },
	{ VI_K2('z', '.'), VI_A_VISUAL, vi_place },
	{ VI_K2('z', 't'), VI_A_VISUAL, vi_place },
	{ VI_K2('z', 'b'), VI_A_VISUAL, vi_place },
	{ VI_K2('z', '-'), VI_A_VISUAL, vi_place },
	{ VI_K2('z', ED_KEY_ENTER), VI_A_VISUAL, vi_place },
	{ VI_K2('c', 's'), VI_A_EDIT | VI_A_GROUP, a_surround },
	{ VI_K2('d', 's'), VI_A_EDIT | VI_A_GROUP, a_surround },
	{ VI_K2('g', 'a'), 0, a_ascii },
	{ VI_CTRL('L'), VI_A_VISUAL, a_nothing },
};

const struct vi_action *
vi_action_of(uint32_t key)
{
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (actions[i].key == key)
			return &actions[i];
	return NULL;
}
