/*
 * Paragraphs, sections and sentences: motions and objects. The steps are those of Vim's
 * textobject.c, so that corner cases come out the same.
 */
#include "editor/vim/motion.h"

/* ---- paragraphs ------------------------------------------------------------------------- */

/* A pair of letters behind '.' that begins a section or a paragraph in troff. */
static bool
macro(struct ed_vim *v, size_t line, const char *names)
{
	int a = vi_byte(v, line + 1), b = vi_byte(v, line + 2);

	for (; *names; names += 2)
		if (names[0] == a &&
		    (names[1] == b || (names[1] == ' ' && (b == '\n' || b == ' '))))
			return true;
	return false;
}

/* Vim's startPS(). what 0: an empty line counts. */
static bool
starts(struct ed_vim *v, size_t line, uint32_t what, bool both)
{
	uint32_t c = vi_cp(v, line, NULL);

	if (c == what || c == '\f' || (both && c == '}'))
		return true;
	return c == '.' && (macro(v, line, "SHNHH HUnhsh") ||
			    (!what && macro(v, line, "IPLPPPQPP TPHPLIPpLpItpplpipbp")));
}

static size_t
step(struct ed_vim *v, size_t line, bool back)
{
	return back ? vi_prev_line(v, line) : vi_next_line(v, line);
}

/* Vim's findpar(). what: '{', '}' or 0 (a paragraph). */
static bool
find_para(struct ed_vim *v, struct vi_target *t, bool back, size_t count, uint32_t what, bool both)
{
	size_t line = vi_begin(v, t->to), next = 0, end;

	while (count-- > 0) {
		bool skipped = false;
		for (bool first = true;; first = false) {
			skipped = skipped || !vi_empty_line(v, line);
			if (!first && skipped && starts(v, line, what, both))
				break;
			next = step(v, line, back);
			if (next == VI_NONE && count > 0)
				return false;
			if (next == VI_NONE)
				break;
			line = next;
		}
	}
	if (both && vi_byte(v, line) == '}' && (next = vi_next_line(v, line)) != VI_NONE)
		line = next;
	t->to = line;
	end = vi_end(v, line);
	if (what != '}' && end > line && vi_next_line(v, line) == VI_NONE) {
		t->to = vi_left(v, end);
		t->incl = true;
	}
	return true;
}

bool
vi_move_para(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	return find_para(v, t, c->key == '{', c->count, 0, false);
}

bool
vi_move_section(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	bool back = c->key >> 24 == '[';
	uint32_t what = c->key == VI_K2('[', '[') || c->key == VI_K2(']', ']') ? '{' : '}';

	if (!find_para(v, t, back, c->count, what, c->op != 0 && !back && what == '{'))
		return false;
	if (c->op == 0)
		t->to = vi_nonblank(v, t->to);
	return true;
}

/* Over one run of white or other lines in a direction. */
static size_t
run(struct ed_vim *v, size_t line, bool back)
{
	bool white = vi_blank_line(v, line);
	size_t next;

	while ((next = step(v, line, back)) != VI_NONE) {
		if (vi_blank_line(v, next) != white ||
		    (!white && starts(v, back ? line : next, 0, false)))
			break;
		line = next;
	}
	return line;
}

/* A selection of several lines grows in its direction. */
static bool
extend_para(struct ed_vim *v, size_t count, struct vi_target *t, bool around)
{
	bool back = v->cur < v->anchor;
	size_t line = vi_begin(v, v->cur);

	t->from = v->anchor;
	t->to = line;
	for (; count > 0; count--) {
		int white = -1;
		if (step(v, line, back) == VI_NONE)
			return false;
		for (int part = 0; part < (around ? 2 : 1); part++) {
			size_t next = step(v, line, back);
			if (next == VI_NONE || white == vi_blank_line(v, next))
				break;
			white = vi_blank_line(v, next);
			line = run(v, next, back);
		}
		t->to = line;
	}
	return true;
}

/* Start of the run of lines the cursor is in. */
static size_t
para_start(struct ed_vim *v, size_t line, bool white)
{
	size_t prev;

	while ((prev = vi_prev_line(v, line)) != VI_NONE) {
		if (white ? !vi_blank_line(v, prev)
			  : vi_blank_line(v, prev) || starts(v, line, 0, false))
			break;
		line = prev;
	}
	return line;
}

/* Lines of a kind behind *end (the line before begins at *next, VI_NONE: no more). */
static void
take_run(struct ed_vim *v, size_t *end, size_t *next, bool white)
{
	bool first = true;

	while (*next != VI_NONE && vi_blank_line(v, *next) == white) {
		if (!white && !first && starts(v, *next, 0, false))
			break;
		*end = *next;
		*next = vi_next_line(v, *end);
		first = false;
	}
}

/* count paragraphs from the white lines at *next on; false: there are not as many. */
static bool
paras(struct ed_vim *v, size_t n, bool white, bool around, size_t *end, size_t *next)
{
	bool do_white;

	take_run(v, end, next, true);
	if (!around && white)
		n--;
	while (n-- > 0) {
		if (*next == VI_NONE)
			return false;
		do_white = vi_blank_line(v, *next);
		if (around || !do_white)
			take_run(v, end, next, false);
		if (n == 0 && white && around)
			break;
		if (around || do_white)
			take_run(v, end, next, true);
	}
	return true;
}

bool
vi_object_para(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, bool around)
{
	size_t start = vi_begin(v, v->cur), end = VI_NONE, next, prev;
	bool white = vi_blank_line(v, start);

	t->line = true;
	if (v->visual && vi_begin(v, v->anchor) != start)
		return extend_para(v, c->count, t, around);
	start = next = para_start(v, start, white);
	if (!paras(v, c->count, white, around, &end, &next))
		return false;
	if (!white && around && !vi_blank_line(v, end))
		while ((prev = vi_prev_line(v, start)) != VI_NONE && vi_blank_line(v, prev))
			start = prev;
	if (v->visual == 'V' && start == end)
		return extend_para(v, c->count, t, around);
	t->from = start;
	t->to = end;
	return true;
}

/* ---- sentences --------------------------------------------------------------------------- */

static uint32_t
at(struct ed_vim *v, size_t pos)
{
	return vi_cp(v, pos, NULL);
}

static bool
one_of(uint32_t c, const char *set)
{
	return c > 0 && c < 0x80 && strchr(set, (int)c);
}

/* Back over blanks and the signs that end a sentence. */
static size_t
back_over_end(struct ed_vim *v, size_t pos, bool back)
{
	bool dot = false;
	uint32_t c;

	while (vi_is_blank(c = at(v, pos)) || one_of(c, ".!?)]\"'")) {
		size_t q = pos;
		if (vi_decl(v, &q) == -1 || (vi_empty_line(v, q) && !back) || dot)
			break;
		dot = one_of(c, ".!?");
		if (one_of(c, ")]\"'") && !one_of(at(v, q), ".!?)]\"'"))
			break;
		pos = q;
	}
	return pos;
}

/* Behind a '.', '!' or '?' that ends a sentence, and what closes it; VI_NONE: it does not. */
static size_t
sentence_end(struct ed_vim *v, size_t pos)
{
	int r;

	if (!one_of(at(v, pos), ".!?"))
		return VI_NONE;
	do {
		r = vi_inc(v, &pos);
	} while (r != -1 && one_of(at(v, pos), ")]\"'"));
	if (r != -1 && at(v, pos) != 0 && !vi_is_blank(at(v, pos)))
		return VI_NONE;
	if (at(v, pos) == 0)
		(void)vi_inc(v, &pos);
	return pos;
}

/* To the end of the sentence in a direction. False: the text ended; *pos is there. */
static bool
find_end(struct ed_vim *v, size_t *pos, bool back)
{
	size_t line = vi_begin(v, *pos), end;

	for (;;) {
		bool begin = *pos == vi_begin(v, *pos);
		if (at(v, *pos) == 0 || (begin && starts(v, *pos, 0, false))) {
			if (back && vi_begin(v, *pos) != line)
				*pos = vi_next_line(v, *pos);
			return true;
		}
		end = sentence_end(v, *pos);
		if (end != VI_NONE) {
			*pos = end;
			return true;
		}
		if ((back ? vi_decl(v, pos) : vi_incl(v, pos)) == -1)
			return false;
	}
}

/* Vim's findsent(), one step; false: the text ended first. */
static bool
one_sentence(struct ed_vim *v, size_t *pos, bool back, bool last)
{
	bool ended = false;

	if (at(v, *pos) == 0) {
		do {
			if ((back ? vi_decl(v, pos) : vi_incl(v, pos)) == -1)
				break;
		} while (at(v, *pos) == 0);
		if (!back)
			goto found;
	} else if (!back && *pos == vi_begin(v, *pos) && starts(v, *pos, 0, false)) {
		size_t next = vi_next_line(v, *pos);
		if (next == VI_NONE)
			return false;
		*pos = next;
		goto found;
	} else if (back) {
		(void)vi_decl(v, pos);
	}
	*pos = back_over_end(v, *pos, back);
	ended = !find_end(v, pos, back);
	if (ended && !last)
		return false;
found:
	while (!ended && vi_is_blank(at(v, *pos)))
		if (vi_incl(v, pos) == -1)
			break;
	return true;
}

bool
vi_sentence(struct ed_vim *v, size_t *pos, bool back, size_t count)
{
	size_t p = *pos;

	while (count-- > 0)
		if (!one_sentence(v, &p, back, count == 0))
			return false;
	*pos = p;
	return true;
}

bool
vi_move_sent(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	if (!vi_sentence(v, &t->to, c->key == '(', c->count))
		return false;
	if (at(v, t->to) == 0 && !vi_empty_line(v, t->to)) {
		t->to = vi_left(v, t->to);
		t->incl = c->op != 0;
	}
	return true;
}

static void
first_blank(struct ed_vim *v, size_t *pos)
{
	while (vi_decl(v, pos) != -1)
		if (!vi_is_blank(at(v, *pos))) {
			(void)vi_incl(v, pos);
			return;
		}
}

/* Half of count sentences, half of it the blanks between. */
static void
forward(struct ed_vim *v, size_t *pos, size_t count, bool at_start)
{
	while (count-- > 0) {
		(void)vi_sentence(v, pos, false, 1);
		if (at_start)
			first_blank(v, pos);
		if (count == 0 || at_start)
			(void)vi_decl(v, pos);
		at_start = !at_start;
	}
}

/* True when only blanks lie between pos and to. */
static bool
blanks(struct ed_vim *v, size_t pos, size_t to)
{
	for (; pos < to; (void)vi_incl(v, &pos))
		if (!vi_is_blank(at(v, pos)))
			return false;
	return true;
}

static size_t
extend_back(struct ed_vim *v, size_t next, size_t count, bool around)
{
	size_t pos = v->cur, cur = next;
	bool at_start;

	(void)vi_decl(v, &pos);
	at_start = blanks(v, pos, cur);
	if (!at_start) {
		(void)vi_sentence(v, &cur, true, 1);
		if (cur == v->cur)
			at_start = true;
		else
			(void)vi_sentence(v, &cur, false, 1);
	}
	for (count *= around ? 2 : 1; count > 0; count--) {
		if (at_start)
			first_blank(v, &cur);
		if (!at_start || (!around && !vi_is_blank(at(v, cur))))
			(void)vi_sentence(v, &cur, true, 1);
		at_start = !at_start;
	}
	return cur;
}

static size_t
extend_forward(struct ed_vim *v, size_t next, size_t count, bool around)
{
	size_t pos = v->cur, cur = next;
	bool at_start = true;

	(void)vi_incl(v, &pos);
	if (pos != cur) {
		at_start = !blanks(v, pos, cur);
		if (at_start)
			(void)vi_sentence(v, &cur, true, 1);
		else
			cur = v->cur;
	}
	forward(v, &cur, around ? count * 2 : count, at_start);
	return cur;
}

static bool
extend_sent(struct ed_vim *v, size_t next, size_t count, struct vi_target *t, bool around)
{
	t->from = v->anchor;
	t->incl = true;
	t->to = v->cur < v->anchor ? extend_back(v, next, count, around)
				   : extend_forward(v, next, count, around);
	return true;
}

/* Blanks around "as": those behind, else those before. */
static void
trim_around(struct ed_vim *v, size_t *start, size_t *cur, bool start_blank)
{
	if (start_blank) {
		first_blank(v, cur);
		if (vi_is_blank(at(v, *cur)))
			(void)vi_decl(v, cur);
	} else if (!vi_is_blank(at(v, *cur))) {
		first_blank(v, start);
	}
}

bool
vi_object_sent(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, bool around)
{
	size_t start = v->cur, pos = v->cur, next = v->cur, cur, n;
	bool start_blank;

	(void)vi_sentence(v, &next, false, 1);
	if (v->visual && v->cur != v->anchor)
		return extend_sent(v, next, c->count, t, around);
	while (vi_is_blank(at(v, pos)))
		if (vi_incl(v, &pos) == -1)
			break;
	cur = next;
	start_blank = pos == next;
	if (start_blank) {
		first_blank(v, &start);
	} else {
		(void)vi_sentence(v, &cur, true, 1);
		start = cur;
	}
	n = around ? c->count * 2 : c->count - (start_blank ? 1 : 0);
	if (n > 0)
		forward(v, &cur, n, true);
	else
		(void)vi_decl(v, &cur);
	if (around)
		trim_around(v, &start, &cur, start_blank);
	if (v->visual && start == cur)
		return extend_sent(v, next, c->count, t, around);
	t->from = start;
	t->incl = v->visual || vi_incl(v, &cur) == -1;
	t->to = cur;
	t->chars = true;
	return true;
}
