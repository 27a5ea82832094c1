/*
 * Text objects of brackets, quotes and tags, and which key means which.
 */
#include "editor/vim/motion.h"

/* ---- brackets
 * ------------------------------------------------------------------------------------ */

struct pair {
	uint32_t open, close;
	size_t from, to; /* what was selected */
	bool sol;	 /* the closing one began its line */
};

/* No bracket around the cursor: one behind it, which counted from here nothing closes. */
static size_t
open_behind(struct ed_vim *v, size_t pos, const struct pair *p)
{
	size_t len = vi_len(v), depth = 0;

	while (++pos < len) {
		int c = vi_byte(v, pos);
		if (c == (int)p->close)
			depth++;
		else if (c == (int)p->open && depth-- == 0)
			return pos;
	}
	return VI_NONE;
}

/* The count-th bracket around pos; the next one when there is none. */
static size_t
find_open(struct ed_vim *v, size_t pos, size_t count, const struct pair *p)
{
	bool behind = vi_open_before(v, pos, p->open, p->close) == VI_NONE;

	for (; count > 0 && pos != VI_NONE; count--)
		pos = behind ? open_behind(v, pos, p) : vi_open_before(v, pos, p->open, p->close);
	return pos;
}

/* Takes the brackets off; in a selection, a pair further out when that gives nothing new. */
static bool
inner(struct ed_vim *v, struct pair *p, size_t *start, size_t *cur)
{
	for (;;) {
		(void)vi_incl(v, start);
		p->sol = *cur == vi_begin(v, *cur);
		(void)vi_decl(v, cur);
		while (p->open == '{' && vi_nonblank(v, *cur) > *cur) {
			p->sol = true;
			if (vi_decl(v, cur) != 0)
				break;
		}
		if (!v->visual || *start < p->from || *cur > p->to || *start == *cur)
			return true;
		*cur = p->from;
		(void)vi_decl(v, cur);
		*start = vi_open_before(v, *cur, p->open, p->close);
		if (*start == VI_NONE)
			return false;
		*cur = vi_close_behind(v, *start, p->open, p->close);
		if (*cur == VI_NONE)
			return false;
	}
}

bool
vi_object_pair(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, uint32_t open,
	       uint32_t close, bool around)
{
	struct pair p = { open, close, v->cur, v->cur, false };
	size_t pos = v->cur, start, cur;

	if (!v->visual || v->cur == v->anchor) {
		while (open == '{' && vi_nonblank(v, pos) > pos)
			pos++;
		if (vi_cp(v, pos, NULL) == open)
			pos++;
	} else if (v->anchor < v->cur) {
		pos = p.from = v->anchor;
	} else {
		p.to = v->anchor;
	}
	start = find_open(v, pos, c->count, &p);
	cur = start == VI_NONE ? VI_NONE : vi_close_behind(v, start, open, close);
	if (cur == VI_NONE || (!around && !inner(v, &p, &start, &cur)))
		return false;
	t->from = start;
	t->to = cur;
	t->chars = true;
	if (v->visual) {
		if (p.sol && vi_cp(v, cur, NULL) != 0)
			(void)vi_inc(v, &t->to);
		t->incl = true;
	} else if (p.sol) {
		(void)vi_incl(v, &t->to);
	} else if (start <= cur) {
		t->incl = true;
	} else {
		t->to = start; /* nothing inside */
	}
	return true;
}

/* ---- quotes
 * ----------------------------------------------------------------------------------------- */

static size_t
next_quote(struct ed_vim *v, size_t pos, size_t end, uint32_t q)
{
	for (; pos < end; pos++) {
		int c = vi_byte(v, pos);
		if (c == '\\')
			pos++;
		else if (c == (int)q)
			return pos;
	}
	return VI_NONE;
}

/* The quotes around or behind pos in its line. */
static bool
quotes_at(struct ed_vim *v, size_t pos, uint32_t q, size_t *a, size_t *b)
{
	size_t begin = vi_begin(v, pos), end = vi_end(v, pos), p = begin;

	if (vi_byte(v, pos) == (int)q) {
		/* On a quote: pairs are counted from the start of the line. */
		for (;;) {
			*a = next_quote(v, p, end, q);
			if (*a == VI_NONE || *a > pos)
				return false;
			*b = next_quote(v, *a + 1, end, q);
			if (*b == VI_NONE)
				return false;
			if (*a <= pos && pos <= *b)
				return true;
			p = *b + 1;
		}
	}
	/* Else the quote before it, or the next one. */
	for (*a = VI_NONE, p = pos; p > begin; p--) {
		size_t n = 0;
		if (vi_byte(v, p - 1) != (int)q)
			continue;
		while (p - 1 - n > begin && vi_byte(v, p - 2 - n) == '\\')
			n++;
		if (n % 2 == 0) {
			*a = p - 1;
			break;
		}
	}
	if (*a == VI_NONE)
		*a = next_quote(v, pos, end, q);
	if (*a == VI_NONE)
		return false;
	*b = next_quote(v, *a + 1, end, q);
	return *b != VI_NONE;
}

/* A selection of several characters: the quotes around it, or more of what it has. */
static bool
grow_quote(struct ed_vim *v, struct vi_target *t, uint32_t q, bool around)
{
	size_t lo = v->anchor < v->cur ? v->anchor : v->cur;
	size_t hi = v->anchor < v->cur ? v->cur : v->anchor;
	size_t begin = vi_begin(v, lo), end = vi_end(v, lo);

	if (hi >= end || v->cur < v->anchor)
		return false;
	if (lo > begin && vi_byte(v, lo - 1) == (int)q && vi_byte(v, hi + 1) == (int)q) {
		t->from = lo - 1;
		t->to = hi + 1;
		if (around)
			for (; vi_is_blank(vi_cp(v, t->to + 1, NULL)); t->to++)
				;
		t->incl = true;
		return true;
	}
	return false;
}

bool
vi_object_quote(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, uint32_t q,
		bool around)
{
	size_t a, b, p;

	if (v->visual && v->cur != v->anchor)
		return grow_quote(v, t, q, around);
	if (!quotes_at(v, v->cur, q, &a, &b))
		return false;
	t->incl = true;
	t->block = true;
	if (around) {
		p = vi_skip_blank(v, b + 1);
		if (p > b + 1) {
			b = p - 1;
		} else {
			for (p = a; p > vi_begin(v, a) && vi_is_blank((uint32_t)vi_byte(v, p - 1));)
				p--;
			a = p;
		}
	} else if (c->count < 2) {
		a++;
		if (a == b)
			t->incl = false;
		else
			b = vi_left(v, b);
	}
	if (v->visual && !t->incl)
		return false;
	t->from = a;
	t->to = b;
	return true;
}

/* ---- tags
 * ------------------------------------------------------------------------------------------- */

struct tag {
	size_t a, b; /* '<' and behind '>' */
	size_t name, name_end;
	bool closes, empty;
};

static bool
name_char(int c)
{
	return c > ' ' && c != '>' && c != '/' && c != '<';
}

/* The tag that begins at the '<' at pos. */
static bool
tag_at(struct ed_vim *v, size_t pos, struct tag *g)
{
	size_t p = pos + 1;
	int c;

	*g = (struct tag){ .a = pos };
	if (vi_byte(v, p) == '/') {
		g->closes = true;
		p++;
	}
	g->name = p;
	while (name_char(vi_byte(v, p)))
		p++;
	g->name_end = p;
	if (p == g->name || vi_byte(v, g->name) == '!' || vi_byte(v, g->name) == '?')
		return false;
	while ((c = vi_byte(v, p)) >= 0 && c != '>') {
		if (c == '"' || c == '\'') {
			size_t q = p + 1;
			while (vi_byte(v, q) >= 0 && vi_byte(v, q) != c && vi_byte(v, q) != '\n')
				q++;
			p = vi_byte(v, q) == c ? q : p;
		}
		p++;
	}
	if (c < 0)
		return false;
	g->empty = p > g->name && vi_byte(v, p - 1) == '/';
	g->b = p + 1;
	return true;
}

static bool
same_name(struct ed_vim *v, const struct tag *a, const struct tag *b)
{
	if (a->name_end - a->name != b->name_end - b->name)
		return false;
	for (size_t i = 0; i < a->name_end - a->name; i++)
		if ((vi_byte(v, a->name + i) | 32) != (vi_byte(v, b->name + i) | 32))
			return false;
	return true;
}

static bool
closing_of(struct ed_vim *v, const struct tag *open, struct tag *close)
{
	size_t depth = 1, len = vi_len(v);

	for (size_t p = open->b; p < len; p++) {
		if (vi_byte(v, p) != '<' || !tag_at(v, p, close) || close->empty ||
		    !same_name(v, open, close))
			continue;
		depth += close->closes ? (size_t)-1 : 1;
		if (depth == 0)
			return true;
	}
	return false;
}

/* The innermost element around lo..hi (hi in it). */
static bool
element(struct ed_vim *v, size_t lo, size_t hi, struct tag *open, struct tag *close)
{
	for (size_t p = lo + 1; p-- > 0;) {
		if (vi_byte(v, p) != '<' || !tag_at(v, p, open) || open->closes || open->empty)
			continue;
		if (closing_of(v, open, close) && close->b > hi)
			return true;
	}
	return false;
}

/* The count-th element around lo..hi that is more than that (when it is a selection). */
static bool
outer(struct ed_vim *v, size_t lo, size_t hi, size_t count, bool around, struct tag *open,
      struct tag *close)
{
	bool small = lo == hi;

	for (;;) {
		if (!element(v, lo, hi, open, close))
			return false;
		size_t a = around ? open->a : open->b, b = around ? close->b : close->a;
		bool grows = small || a < lo || b > vi_right(v, hi);
		if (grows && --count == 0)
			return true;
		if (open->a == 0)
			return false;
		lo = open->a - 1;
		hi = close->b - 1;
	}
}

bool
vi_object_tag(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, bool around)
{
	size_t lo = v->visual && v->anchor < v->cur ? v->anchor : v->cur;
	size_t hi = v->visual && v->anchor > v->cur ? v->anchor : v->cur;
	struct tag open, close;

	/* In the indent of a line the tag behind counts. */
	if (lo == hi && vi_nonblank(v, lo) > lo)
		lo = hi = vi_skip_blank(v, lo);
	if (!outer(v, lo, hi, c->count, around, &open, &close))
		return false;
	t->from = around ? open.a : open.b;
	t->to = around ? close.b : close.a;
	t->chars = true;
	if (v->visual && t->to == t->from) { /* nothing inside: all of it */
		t->from = open.a;
		t->to = close.b;
	}
	t->incl = t->to > t->from;
	if (t->incl)
		(void)vi_decl(v, &t->to);
	return true;
}

/* ---- keys
 * --------------------------------------------------------------------------------------------- */

bool
vi_object(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	bool around = c->key >> 24 == 'a';
	uint32_t what = c->key & 0xFFFFFF;

	switch (what) {
	case 'w':
	case 'W':
		return vi_object_word(v, c, t, what == 'W', around);
	case 'p':
		return vi_object_para(v, c, t, around);
	case 's':
		return vi_object_sent(v, c, t, around);
	case 't':
		return vi_object_tag(v, c, t, around);
	case '"':
	case '\'':
	case '`':
		return vi_object_quote(v, c, t, what, around);
	case '(':
	case ')':
	case 'b':
		return vi_object_pair(v, c, t, '(', ')', around);
	case '{':
	case '}':
	case 'B':
		return vi_object_pair(v, c, t, '{', '}', around);
	case '[':
	case ']':
		return vi_object_pair(v, c, t, '[', ']', around);
	case '<':
	case '>':
		return vi_object_pair(v, c, t, '<', '>', around);
	default:
		return false;
	}
}
