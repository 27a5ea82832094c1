/*
 * Brackets: %, [( and friends, and the objects of brackets, quotes and tags.
 */
#include "editor/vim/motion.h"

static const char pairs[] = "(){}[]";

/* ---- matching ------------------------------------------------------------------------------- */

/* Quotes in the line before pos, as Vim's findmatchlimit() counts them: those inside of an odd
 * number of quotes are skipped when the bracket we come from is outside, and the other way round.
 */
static bool
in_quotes(struct ed_vim *v, size_t pos)
{
	bool in = false;

	for (size_t p = vi_begin(v, pos); p < pos; p++) {
		int c = vi_byte(v, p);
		if (c == '\\')
			p++;
		else if (c == '"')
			in = !in;
	}
	return in;
}

static bool
escaped(struct ed_vim *v, size_t pos)
{
	size_t n = 0, begin = vi_begin(v, pos);

	while (pos > begin && vi_byte(v, pos - 1) == '\\') {
		pos--;
		n++;
	}
	return n & 1;
}

/* A line with an even number of quotes can be trusted to have them paired. */
static bool
even_quotes(struct ed_vim *v, size_t pos)
{
	return !in_quotes(v, vi_end(v, pos));
}

/* The bracket that closes (or opens) what is at pos; open and close are bytes. */
static size_t
find_match(struct ed_vim *v, size_t pos, int open, int close, bool back, size_t depth)
{
	size_t len = vi_len(v);
	bool slash, start_in = false, trust;

	slash = pos < len && escaped(v, pos);
	trust = even_quotes(v, pos);
	start_in = trust && in_quotes(v, pos);
	size_t line = vi_begin(v, pos), stop = vi_stop(v, pos);
	while (back ? pos > 0 : pos + 1 < len) {
		int c;
		pos += back ? (size_t)-1 : 1;
		if (pos < line || pos >= stop) {
			line = vi_begin(v, pos);
			stop = vi_stop(v, pos);
			trust = even_quotes(v, pos);
		}
		c = vi_byte(v, pos);
		if (c != open && c != close)
			continue;
		if (escaped(v, pos) != slash)
			continue;
		if (trust && in_quotes(v, pos) != start_in)
			continue;
		depth += (c == close) != back ? (size_t)-1 : 1;
		if (depth == 0)
			return pos;
	}
	return VI_NONE;
}

/* Quotes do not count: for objects. */
static size_t
find_plain(struct ed_vim *v, size_t pos, uint32_t open, uint32_t close, bool back)
{
	size_t len = vi_len(v), depth = 1;
	bool slash = pos < len && escaped(v, pos);

	while (back ? pos > 0 : pos + 1 < len) {
		int c = vi_byte(v, pos += back ? (size_t)-1 : 1);
		if ((c != (int)open && c != (int)close) || escaped(v, pos) != slash)
			continue;
		depth += (c == (int)close) != back ? (size_t)-1 : 1;
		if (depth == 0)
			return pos;
	}
	return VI_NONE;
}

size_t
vi_open_before(struct ed_vim *v, size_t pos, uint32_t open, uint32_t close)
{
	return find_plain(v, pos, open, close, true);
}

size_t
vi_close_behind(struct ed_vim *v, size_t pos, uint32_t open, uint32_t close)
{
	return find_plain(v, pos, open, close, false);
}

static bool
percent_of_file(struct ed_vim *v, size_t percent, struct vi_target *t)
{
	size_t rows = vi_rows(v);

	if (percent > 100)
		return false;
	t->line = true;
	t->to = vi_nonblank(v, vi_row_begin(v, (percent * rows + 99) / 100 - 1));
	return true;
}

/* The other end of a comment of C, when pos is on one of its ends. */
static size_t
comment_end(struct ed_vim *v, size_t pos)
{
	int a = vi_byte(v, pos), b = vi_byte(v, pos + 1), z = pos ? vi_byte(v, pos - 1) : -1;
	size_t len = vi_len(v);

	if ((a == '/' && b == '*') || (a == '*' && z == '/')) {
		for (size_t p = pos + 2; p + 1 < len; p++)
			if (vi_byte(v, p) == '*' && vi_byte(v, p + 1) == '/')
				return p + 1;
	} else if ((a == '*' && b == '/') || (a == '/' && z == '*')) {
		for (size_t p = a == '*' ? pos : pos - 1; p-- > 0;)
			if (vi_byte(v, p) == '/' && vi_byte(v, p + 1) == '*')
				return p;
	}
	return VI_NONE;
}

bool
vi_move_match(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	size_t pos = v->cur, end = vi_end(v, pos);
	const char *p = NULL;

	if (c->counted)
		return percent_of_file(v, c->count, t);
	t->to = comment_end(v, pos);
	t->incl = true;
	t->one = true;
	if (t->to != VI_NONE && !strchr(pairs, vi_byte(v, pos)))
		return true;
	for (; pos < end; pos++) {
		int ch = vi_byte(v, pos);
		if (ch > 0 && (p = strchr(pairs, ch)))
			break;
		if (ch == '/' && vi_byte(v, pos + 1) == '*' &&
		    (t->to = comment_end(v, pos)) != VI_NONE)
			return true;
	}
	if (!p || pos >= end)
		return false;
	if ((p - pairs) % 2 == 0)
		t->to = find_match(v, pos, p[0], p[1], false, 1);
	else
		t->to = find_match(v, pos, p[-1], p[0], true, 1);
	return t->to != VI_NONE;
}

bool
vi_move_unmatched(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	bool back = c->key >> 24 == '[';
	uint32_t what = c->key & 0xFFFFFF;
	int open = what == '(' || what == ')' ? '(' : '{';
	size_t pos = v->cur;

	for (size_t n = c->count; n > 0; n--) {
		size_t to = find_match(v, pos, open, open == '(' ? ')' : '}', back, 1);
		if (to == VI_NONE) {
			if (n == c->count)
				return false;
			break;
		}
		pos = to;
	}
	t->to = pos;
	t->incl = !back;
	return true;
}
