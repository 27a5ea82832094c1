/*
 * Words: w b e ge and their objects. The steps are those of Vim's textobject.c, so that corner
 * cases (empty lines, ends of lines, blanks) come out the same.
 */
#include "editor/vim/motion.h"

static bool
on_empty(struct ed_vim *v, size_t pos)
{
	return vi_empty_line(v, pos);
}

/* Over one run of a class; true: an end of the text was met. */
static bool
skip(struct ed_vim *v, size_t *pos, int class, bool big, bool back)
{
	while (vi_class(v, *pos, big) == class)
		if ((back ? vi_dec(v, pos) : vi_inc(v, pos)) == -1)
			return true;
	return false;
}

static bool
last_line(struct ed_vim *v, size_t pos)
{
	return vi_next_line(v, pos) == VI_NONE;
}

bool
vi_fwd_word(struct ed_vim *v, size_t *pos, size_t count, bool big, bool eol)
{
	while (count-- > 0) {
		int class = vi_class(v, *pos, big), i;
		bool last = last_line(v, *pos);

		i = vi_inc(v, pos);
		if (i == -1 || (i >= 1 && last))
			return false;
		if (i >= 1 && eol && count == 0)
			return true;
		if (class != 0)
			while (vi_class(v, *pos, big) == class) {
				i = vi_inc(v, pos);
				if (i == -1 || (i >= 1 && eol && count == 0))
					return true;
			}
		while (vi_class(v, *pos, big) == 0) {
			if (on_empty(v, *pos))
				break;
			i = vi_inc(v, pos);
			if (i == -1 || (i >= 1 && last))
				return true;
		}
	}
	return true;
}

bool
vi_bck_word(struct ed_vim *v, size_t *pos, size_t count, bool big, bool stop)
{
	while (count-- > 0) {
		int class = vi_class(v, *pos, big);
		bool over = true;

		if (vi_dec(v, pos) == -1)
			return false;
		if (!stop || class == vi_class(v, *pos, big) || class == 0) {
			while (over && vi_class(v, *pos, big) == 0) {
				if (on_empty(v, *pos))
					over = false;
				else if (vi_dec(v, pos) == -1)
					return true;
			}
			if (over && skip(v, pos, vi_class(v, *pos, big), big, true))
				return true;
		}
		if (over)
			(void)vi_inc(v, pos);
		stop = false;
	}
	return true;
}

bool
vi_end_word(struct ed_vim *v, size_t *pos, size_t count, bool big, bool stop, bool empty)
{
	while (count-- > 0) {
		int class = vi_class(v, *pos, big);
		bool over = true;

		if (vi_inc(v, pos) == -1)
			return false;
		if (vi_class(v, *pos, big) == class && class != 0) {
			if (skip(v, pos, class, big, false))
				return false;
		} else if (!stop || class == 0) {
			while (over && vi_class(v, *pos, big) == 0) {
				if (empty && on_empty(v, *pos))
					over = false;
				else if (vi_inc(v, pos) == -1)
					return false;
			}
			if (over && skip(v, pos, vi_class(v, *pos, big), big, false))
				return false;
		}
		if (over)
			(void)vi_dec(v, pos);
		stop = false;
	}
	return true;
}

bool
vi_bck_end(struct ed_vim *v, size_t *pos, size_t count, bool big, bool eol)
{
	while (count-- > 0) {
		int class = vi_class(v, *pos, big), i = vi_dec(v, pos);

		if (i == -1)
			return false;
		if (eol && i == 1)
			return true;
		if (class != 0)
			while (vi_class(v, *pos, big) == class)
				if ((i = vi_dec(v, pos)) == -1 || (eol && i == 1))
					return true;
		while (vi_class(v, *pos, big) == 0) {
			if (on_empty(v, *pos))
				break;
			if ((i = vi_dec(v, pos)) == -1 || (eol && i == 1))
				return true;
		}
	}
	return true;
}

/* Behind the last character of a line: onto it, and with it. */
static void
adjust(struct ed_vim *v, const struct vi_cmd *c, size_t start, struct vi_target *t)
{
	if (t->to <= start || v->visual)
		return;
	if (t->to == vi_end(v, t->to) && !vi_empty_line(v, t->to)) {
		t->to = vi_left(v, t->to);
		if (c->op)
			t->incl = true;
	}
}

/* A motion that met the end of the text fails, but goes as far as it can. */
static bool
stuck(struct ed_vim *v, const struct vi_target *t)
{
	v->cur = v->visual ? t->to : vi_on_char(v, t->to);
	v->want = VI_NONE;
	return false;
}

bool
vi_move_w(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	bool big = c->key == 'W', ok;
	uint32_t ch = vi_cp(v, v->cur, NULL);

	t->to = v->cur;
	if (c->op == 'c' && !v->visual && ch != 0 && vi_class_of(ch) != 0) {
		t->incl = true; /* "cw" is "ce" */
		ok = vi_end_word(v, &t->to, c->count, big, true, false);
	} else {
		ok = vi_fwd_word(v, &t->to, c->count, big, c->op != 0);
	}
	adjust(v, c, v->cur, t);
	return ok || c->op != 0 || stuck(v, t);
}

bool
vi_move_b(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	t->to = v->cur;
	return vi_bck_word(v, &t->to, c->count, c->key == 'B', false) || stuck(v, t);
}

bool
vi_move_e(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	bool ok;

	t->to = v->cur;
	t->incl = true;
	ok = vi_end_word(v, &t->to, c->count, c->key == 'E', false, false);
	adjust(v, c, v->cur, t);
	return ok || c->op != 0 || stuck(v, t);
}

bool
vi_move_ge(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	t->to = v->cur;
	t->incl = true;
	return vi_bck_end(v, &t->to, c->count, c->key == VI_K2('g', 'E'), false) || stuck(v, t);
}

/* ---- objects ------------------------------------------------------------------------------------
 */

/* Back over one run within the line. */
static void
back_in_line(struct ed_vim *v, size_t *pos, bool big)
{
	int class = vi_class(v, *pos, big);

	for (;;) {
		size_t at = vi_left(v, *pos);
		if (at == *pos || vi_class(v, at, big) != class)
			return;
		*pos = at;
	}
}

/* One more object behind the cursor; *incl: its end is in. */
static bool
more_forward(struct ed_vim *v, size_t *pos, bool big, bool around, bool last, bool *incl)
{
	if (vi_incl(v, pos) == -1)
		return false;
	if (around == (vi_class(v, *pos, big) == 0))
		return vi_end_word(v, pos, 1, big, true, true);
	if (!vi_fwd_word(v, pos, 1, big, true) && !last)
		return false;
	/* Just past a line end: without it. */
	if (*pos == vi_begin(v, *pos))
		*incl = false;
	else
		*pos = vi_left(v, *pos);
	return true;
}

static bool
more_back(struct ed_vim *v, size_t *pos, bool big, bool around)
{
	if (vi_decl(v, pos) == -1)
		return false;
	if (around != (vi_class(v, *pos, big) != 0))
		return vi_bck_word(v, pos, 1, big, true);
	if (!vi_bck_end(v, pos, 1, big, true))
		return false;
	(void)vi_incl(v, pos);
	return true;
}

/* The word or blanks under *pos; start is where they begin. *white: blanks before may be taken. */
static bool
first_word(struct ed_vim *v, size_t *pos, size_t *start, bool big, bool around, bool *white)
{
	back_in_line(v, pos, big);
	*start = *pos;
	if ((vi_class(v, *pos, big) == 0) == around)
		return vi_end_word(v, pos, 1, big, true, true);
	(void)vi_fwd_word(v, pos, 1, big, true);
	if (*pos == vi_begin(v, *pos))
		(void)vi_decl(v, pos);
	else
		*pos = vi_left(v, *pos);
	*white = around;
	return true;
}

/* Blanks before start in its line, but no indent. */
static size_t
blanks_before(struct ed_vim *v, size_t start, bool big)
{
	size_t at = vi_left(v, start);

	if (at == start)
		return start;
	back_in_line(v, &at, big);
	return vi_class(v, at, big) == 0 && at > vi_begin(v, at) ? at : start;
}

/* There are not as many: the cursor stays where the last one was looked for. */
static bool
missed(struct ed_vim *v, size_t pos)
{
	v->cur = v->visual ? vi_clamp(v, pos) : vi_on_char(v, pos);
	return false;
}

bool
vi_object_word(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, bool big, bool around)
{
	size_t count = c->count, pos = v->cur, start = v->visual ? v->anchor : v->cur;
	bool incl = true, white = false;

	if (!v->visual || v->cur == v->anchor) {
		if (!first_word(v, &pos, &start, big, around, &white))
			return missed(v, pos);
		count--;
	}
	for (; count > 0; count--) {
		incl = true;
		if (v->visual && pos < start) {
			if (!more_back(v, &pos, big, around))
				return missed(v, pos);
		} else if (!more_forward(v, &pos, big, around, count == 1, &incl)) {
			return missed(v, pos);
		}
	}
	if (white && (vi_class(v, pos, big) != 0 || (pos == vi_begin(v, pos) && !incl)))
		start = blanks_before(v, start, big);
	t->from = start;
	t->to = pos;
	t->incl = incl;
	t->block = true;
	return true;
}
