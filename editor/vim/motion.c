/*
 * Motions by character, line, screen and mark, and the table of all motions.
 */
#include "editor/vim/motion.h"

static bool
move_h(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	bool wraps = c->key == ED_KEY_BS || c->key == VI_CTRL('H') || c->key == 127;

	for (size_t n = c->count; n > 0; n--) {
		size_t left = vi_left(v, t->to);
		if (left == t->to && wraps && vi_prev_line(v, left) != VI_NONE) {
			left = vi_end(v, vi_prev_line(v, left));
			/* Onto the last character, but deleting joins the lines. */
			if ((c->op == 'd' || c->op == 'c') && !vi_empty_line(v, left))
				t->whole = true;
			else
				left = vi_on_char(v, left);
		}
		if (left == t->to)
			return n != c->count || c->op;
		t->to = left;
	}
	return true;
}

static bool
move_l(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	bool wraps = c->key == ' ';

	for (size_t n = c->count; n > 0; n--) {
		size_t right = vi_right(v, t->to), end = vi_end(v, t->to);
		bool last = v->visual ? t->to >= end : right >= end;
		if (last && wraps && vi_next_line(v, t->to) != VI_NONE &&
		    (!c->op || t->incl || t->to >= end || right < end)) {
			t->to = vi_next_line(v, t->to);
			t->incl = false;
			continue;
		}
		if (last && c->op && !t->incl) {
			t->incl = t->to < end;
			if (wraps)
				continue;
			return true;
		}
		if (last)
			return n != c->count || c->op;
		t->to = right;
	}
	return true;
}

static bool
move_j(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	size_t line = vi_begin(v, t->to), to;
	bool up = c->key == 'k' || c->key == ED_KEY_UP || c->key == VI_CTRL('P') ||
		  c->key == VI_K2('g', 'k') || c->key == '-';
	bool first = c->key == '+' || c->key == '-' || c->key == ED_KEY_ENTER;

	if (up)
		(void)vi_lines_up(v, line, c->count, &to);
	else
		(void)vi_lines_down(v, line, c->count, &to);
	if (to == line)
		return false;
	if (c->key >> 24 == 'g' && c->op && c->count > 1) {
		size_t full;
		if (!(up ? vi_lines_up(v, line, c->count, &full)
			 : vi_lines_down(v, line, c->count, &full))) {
			v->cur = vi_on_char(v, vi_at_col(v, to, v->want));
			return false;
		}
	}
	if (first) {
		t->to = vi_nonblank(v, to);
	} else {
		t->keep = true;
		t->to = vi_at_col(v, to, v->want);
		if (!v->visual)
			t->to = vi_on_char(v, t->to);
	}
	return true;
}

static bool
move_0(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	(void)c;
	t->to = vi_begin(v, t->to);
	return true;
}

static bool
move_caret(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	(void)c;
	t->to = vi_nonblank(v, t->to);
	return true;
}

/* count - 1 lines down, or fails when there is none. */
static bool
down(struct ed_vim *v, size_t n, size_t *line)
{
	size_t was = vi_begin(v, *line);

	(void)vi_lines_down(v, was, n, line);
	return n == 0 || *line != was;
}

static bool
move_dollar(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	size_t line = vi_begin(v, t->to), end;

	if (!down(v, c->count - 1, &line))
		return false;
	end = vi_end(v, line);
	t->to = v->visual ? end : vi_on_char(v, end);
	t->want = VI_EOL;
	return true;
}

static bool
move_g_(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	size_t line = vi_begin(v, t->to), pos;

	if (!down(v, c->count - 1, &line))
		return false;
	pos = vi_on_char(v, vi_end(v, line));
	while (pos > line && vi_is_blank(vi_cp(v, pos, NULL)))
		pos = vi_left(v, pos);
	t->to = pos;
	t->incl = true;
	return true;
}

static bool
move_under(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	size_t line = vi_begin(v, t->to);

	if (!down(v, c->count - 1, &line))
		return false;
	t->to = c->op == 'y' ? (line == vi_begin(v, t->to) ? t->to : line) : vi_nonblank(v, line);
	return true;
}

static bool
move_bar(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	t->to = vi_at_col(v, vi_begin(v, t->to), c->count - 1);
	if (!v->visual)
		t->to = vi_on_char(v, t->to);
	t->want = c->count - 1;
	return true;
}

static bool
move_gm(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	size_t begin = vi_begin(v, t->to), width = vi_col(v, vi_end(v, begin), NULL);

	t->to = vi_at_col(v, begin, c->counted ? width * c->count / 100 : width / 2);
	return true;
}

/* G, gg: to a line, by default the last or the first. */
static bool
move_G(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	bool last = c->key == 'G' || c->key == ED_KEY_CTRL_END;
	size_t line = c->counted ? vi_row_begin(v, c->count - 1) : last ? vi_last_line(v) : 0;

	t->to = v->opt.sol ? vi_nonblank(v, line) : vi_at_col(v, line, v->want);
	if (c->key == ED_KEY_CTRL_END) {
		t->to = vi_on_char(v, vi_end(v, line));
		t->line = false;
		t->incl = true;
	}
	return true;
}

static bool
move_go(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	size_t pos = c->count - 1;

	pos = pos > vi_len(v) ? vi_len(v) : pos;
	t->to = vi_on_char(v, vi_right(v, vi_left(v, pos)) == pos ? pos : vi_left(v, pos));
	return true;
}

/* H, M, L: lines of the window. */
static bool
move_screen(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	size_t top = 0, rows = 24, line, n;

	if (v->host.window)
		v->host.window(v->host.arg, &top, &rows);
	top = vi_begin(v, top);
	n = c->key == 'H' ? c->count - 1 : rows > c->count ? rows - c->count : 0;
	if (c->key == 'M') {
		size_t last;
		(void)vi_lines_down(v, top, rows - 1, &last);
		for (n = 0, line = top; line != last; n++)
			line = vi_next_line(v, line);
		n /= 2;
	} else if (c->key == 'L' && !vi_lines_down(v, top, rows - 1, &line)) {
		(void)vi_lines_up(v, line, c->count - 1, &line);
		t->to = vi_nonblank(v, line < top ? top : line);
		return true;
	}
	if (n > rows - 1)
		n = rows - 1;
	(void)vi_lines_down(v, top, n, &line);
	t->to = vi_nonblank(v, line);
	return true;
}

/* ---- f t ; ,
 * -------------------------------------------------------------------------------------- */

static bool
find_char(struct ed_vim *v, struct vi_find f, size_t count, bool repeat, const struct vi_cmd *c,
	  struct vi_target *t)
{
	size_t pos = t->to, next;

	if (f.ch == 0)
		return false;
	/* "t;" on the character before its own stays where it is: it looks one further. */
	if (repeat && f.till && count == 1) {
		next = f.back ? vi_left(v, pos) : vi_right(v, pos);
		if (next != pos && vi_cp(v, next, NULL) == f.ch)
			pos = next;
	}
	while (count > 0) {
		next = f.back ? vi_left(v, pos) : vi_right(v, pos);
		if (next == pos || vi_cp(v, next, NULL) == 0)
			return false;
		pos = next;
		if (vi_cp(v, pos, NULL) == f.ch)
			count--;
	}
	if (f.till)
		pos = f.back ? vi_right(v, pos) : vi_left(v, pos);
	t->to = pos;
	t->incl = !f.back;
	(void)c;
	return true;
}

static bool
move_find(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	struct vi_find f = { c->arg, c->key == 'F' || c->key == 'T',
			     c->key == 't' || c->key == 'T' };

	v->sh->find = f;
	return find_char(v, f, c->count, false, c, t);
}

static bool
move_again(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	struct vi_find f = v->sh->find;

	if (c->key == ',')
		f.back = !f.back;
	return find_char(v, f, c->count, true, c, t);
}

/* ---- marks
 * ------------------------------------------------------------------------------------------ */

static bool
move_mark(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	const struct vi_mark *m = vi_mark_of(v, c->arg);
	uint32_t key = c->key >> 24 ? c->key & 0xFFFFFF : c->key;
	size_t pos = vi_mark_pos(v, m);

	if (pos == VI_NONE && (c->arg == '\'' || c->arg == '`'))
		pos = 0;
	if (pos == VI_NONE) {
		vi_fail(v, "Mark not set");
		return false;
	}
	if (key == '\'') {
		t->line = true;
		t->to = vi_nonblank(v, pos);
	} else {
		t->to = v->visual || c->op ? pos : vi_on_char(v, pos);
		if (c->op && t->to == vi_end(v, t->to))
			t->to = vi_on_char(v, t->to);
	}
	return true;
}

/* ---- table
 * ------------------------------------------------------------------------------------------- */

static const struct vi_motion motions[] = {
	{ 'h', 0, move_h },
	{ ED_KEY_LEFT, 0, move_h },
	{ ED_KEY_BS, 0, move_h },
	{ VI_CTRL('H'), 0, move_h },
	{ 127, 0, move_h },
	{ 'l', 0, move_l },
	{ ED_KEY_RIGHT, 0, move_l },
	{ ' ', 0, move_l },
	{ 'j', VI_M_LINE, move_j },
	{ ED_KEY_DOWN, VI_M_LINE, move_j },
	{ VI_CTRL('J'), VI_M_LINE, move_j },
	{ VI_CTRL('N'), VI_M_LINE, move_j },
	{ VI_K2('g', 'j'), 0, move_j },
	{ 'k', VI_M_LINE, move_j },
	{ ED_KEY_UP, VI_M_LINE, move_j },
	{ VI_CTRL('P'), VI_M_LINE, move_j },
	{ VI_K2('g', 'k'), 0, move_j },
	{ '+', VI_M_LINE, move_j },
	{ ED_KEY_ENTER, VI_M_LINE, move_j },
	{ '-', VI_M_LINE, move_j },
	{ '_', VI_M_LINE, move_under },
	{ '0', 0, move_0 },
	{ ED_KEY_HOME, 0, move_0 },
	{ VI_K2('g', '0'), 0, move_0 },
	{ '^', 0, move_caret },
	{ VI_K2('g', '^'), 0, move_caret },
	{ '$', VI_M_INCL, move_dollar },
	{ ED_KEY_END, VI_M_INCL, move_dollar },
	{ VI_K2('g', '$'), VI_M_INCL, move_dollar },
	{ VI_K2('g', '_'), VI_M_INCL, move_g_ },
	{ VI_K2('g', 'm'), 0, move_gm },
	{ VI_K2('g', 'M'), 0, move_gm },
	{ '|', 0, move_bar },
	{ 'G', VI_M_LINE | VI_M_JUMP, move_G },
	{ ED_KEY_CTRL_END, VI_M_LINE | VI_M_JUMP, move_G },
	{ ED_KEY_CTRL_HOME, VI_M_LINE | VI_M_JUMP, move_G },
	{ VI_K2('g', 'g'), VI_M_LINE | VI_M_JUMP, move_G },
	{ VI_K2('g', 'o'), VI_M_JUMP, move_go },
	{ 'H', VI_M_LINE | VI_M_JUMP, move_screen },
	{ 'M', VI_M_LINE | VI_M_JUMP, move_screen },
	{ 'L', VI_M_LINE | VI_M_JUMP, move_screen },
	{ 'f', 0, move_find },
	{ 'F', 0, move_find },
	{ 't', 0, move_find },
	{ 'T', 0, move_find },
	{ ';', 0, move_again },
	{ ',', 0, move_again },
	{ 'w', 0, vi_move_w },
	{ 'W', 0, vi_move_w },
	{ ED_KEY_CTRL_RIGHT, 0, vi_move_w },
	{ 'b', 0, vi_move_b },
	{ 'B', 0, vi_move_b },
	{ ED_KEY_CTRL_LEFT, 0, vi_move_b },
	{ 'e', 0, vi_move_e },
	{ 'E', 0, vi_move_e },
	{ VI_K2('g', 'e'), 0, vi_move_ge },
	{ VI_K2('g', 'E'), 0, vi_move_ge },
	{ '%', VI_M_JUMP, vi_move_match },
	{ '(', VI_M_JUMP | VI_M_ONE, vi_move_sent },
	{ ')', VI_M_JUMP | VI_M_ONE, vi_move_sent },
	{ '{', VI_M_JUMP | VI_M_ONE, vi_move_para },
	{ '}', VI_M_JUMP | VI_M_ONE, vi_move_para },
	{ VI_K2('[', '['), VI_M_JUMP, vi_move_section },
	{ VI_K2(']', ']'), VI_M_JUMP, vi_move_section },
	{ VI_K2('[', ']'), VI_M_JUMP, vi_move_section },
	{ VI_K2(']', '['), VI_M_JUMP, vi_move_section },
	{ VI_K2('[', '('), VI_M_JUMP, vi_move_unmatched },
	{ VI_K2('[', '{'), VI_M_JUMP, vi_move_unmatched },
	{ VI_K2(']', ')'), VI_M_JUMP, vi_move_unmatched },
	{ VI_K2(']', '}'), VI_M_JUMP, vi_move_unmatched },
	{ '/', VI_M_JUMP, vi_move_search },
	{ '?', VI_M_JUMP, vi_move_search },
	{ 'n', VI_M_JUMP, vi_move_next },
	{ 'N', VI_M_JUMP, vi_move_next },
	{ '*', VI_M_JUMP, vi_move_star },
	{ '#', VI_M_JUMP, vi_move_star },
	{ VI_K2('g', '*'), VI_M_JUMP, vi_move_star },
	{ VI_K2('g', '#'), VI_M_JUMP, vi_move_star },
	{ VI_K2('g', 'n'), VI_M_OBJECT, vi_object_match },
	{ VI_K2('g', 'N'), VI_M_OBJECT, vi_object_match },
	{ '\'', VI_M_JUMP, move_mark },
	{ '`', VI_M_JUMP | VI_M_ONE, move_mark },
	{ VI_K2('g', '\''), 0, move_mark },
	{ VI_K2('g', '`'), 0, move_mark },
};

static const struct vi_motion object = { 0, VI_M_OBJECT, vi_object };

const struct vi_motion *
vi_motion_of(uint32_t key)
{
	for (size_t i = 0; i < sizeof motions / sizeof *motions; i++)
		if (motions[i].key == key)
			return &motions[i];
	return key >> 24 == 'i' || key >> 24 == 'a' ? &object : NULL;
}

bool
vi_motion_run(struct ed_vim *v, const struct vi_motion *m, const struct vi_cmd *c,
	      struct vi_target *t)
{
	*t = (struct vi_target){ .from = VI_NONE,
				 .to = v->cur,
				 .line = m->flags & VI_M_LINE,
				 .incl = m->flags & VI_M_INCL,
				 .one = m->flags & VI_M_ONE,
				 .want = VI_NONE };
	return m->fn(v, c, t);
}
