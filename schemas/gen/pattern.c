/*
 * `pattern` to C: the anchored subset ^piece...$ where a piece is a character, a class [...], a
 * group of such pieces (?:...) or (...), each with an optional ?, *, +, {n}, {n,} or {n,m}.
 * Matching must need no way back: the characters a repeated piece takes and those that may
 * follow it must differ (a piece with a fixed count is free of that). Anything else is an error.
 * No alternation; only ASCII is written in a pattern, but . and [^...] take whole characters.
 */
#include "schemas/gen/gen.h"

#include <ctype.h>

#define PIECES_MAX 64
#define DEPTH_MAX 4

struct piece {
	unsigned char set[32]; /* bytes it begins with; all it takes when it is no group */
	const char *text;      /* as written, for comments */
	size_t text_len;
	unsigned min, max;    /* max 0: no end */
	struct pieces *group; /* nullable */
};

struct pieces {
	struct piece p[PIECES_MAX];
	size_t n;
};

struct parser {
	struct gen *g;
	const char *at, *end;
	const char *wrong; /* first thing wrong */
};

static void
set_add(unsigned char set[32], unsigned c)
{
	set[c / 8] |= (unsigned char)(1u << (c % 8));
}

static bool
set_has(const unsigned char set[32], unsigned c)
{
	return set[c / 8] >> (c % 8) & 1;
}

/* A byte of UTF-8 that does not begin a character. */
static bool
is_tail(unsigned c)
{
	return c >= 0x80 && c < 0xc0;
}

static bool
wrong(struct parser *p, const char *why)
{
	if (!p->wrong)
		p->wrong = why;
	return false;
}

/* One escape behind the backslash: a class or a literal. Returns the literal, or -1 for a class. */
static int
escape(struct parser *p, unsigned char set[32])
{
	char c = p->at < p->end ? *p->at++ : 0;

	if (c == 'd' || c == 'w') {
		for (unsigned i = 0; i < 128; i++)
			if (isdigit((int)i) || (c == 'w' && (isalpha((int)i) || i == '_')))
				set_add(set, i);
		return -1;
	}
	if (c == 't' || c == 'n' || c == 'r')
		return c == 't' ? '\t' : c == 'n' ? '\n' : '\r';
	if (!c || isalnum((unsigned char)c))
		wrong(p, "an escape other than \\d \\w \\t \\n \\r and of punctuation");
	return (unsigned char)c;
}

static bool
parse_class(struct parser *p, unsigned char set[32])
{
	bool inverted = p->at < p->end && *p->at == '^';
	unsigned char in[32] = { 0 };

	p->at += inverted;
	while (p->at < p->end && *p->at != ']') {
		int lo = (unsigned char)*p->at++;
		if (lo == '\\')
			lo = escape(p, in);
		if (lo < 0)
			continue;
		int hi = lo;
		if (p->end - p->at > 1 && *p->at == '-' && p->at[1] != ']') {
			hi = (unsigned char)p->at[1];
			p->at += 2;
			if (hi == '\\')
				hi = escape(p, in);
		}
		if (hi < lo || (lo > 127 || hi > 127))
			return wrong(p, "a class of other than ASCII characters");
		for (int c = lo; c <= hi; c++)
			set_add(in, (unsigned)c);
	}
	if (p->at == p->end)
		return wrong(p, "a class without ]");
	p->at++;
	for (unsigned c = 0; c < 256; c++)
		if (set_has(in, c) != inverted && !is_tail(c))
			set_add(set, c);
	return true;
}

static unsigned
digits(struct parser *p)
{
	unsigned v = 0;

	if (p->at == p->end || !isdigit((unsigned char)*p->at))
		wrong(p, "a malformed {n,m}");
	while (p->at < p->end && isdigit((unsigned char)*p->at) && v < 100000)
		v = v * 10 + (unsigned)(*p->at++ - '0');
	return v;
}

static bool
quantifier(struct parser *p, struct piece *x)
{
	char c = p->at < p->end ? *p->at : 0;

	x->min = x->max = 1;
	if (c == '?' || c == '*' || c == '+') {
		p->at++;
		x->min = c == '+';
		x->max = c == '?';
	} else if (c == '{') {
		p->at++;
		x->min = x->max = digits(p);
		if (p->at < p->end && *p->at == ',') {
			p->at++;
			x->max = p->at < p->end && *p->at == '}' ? 0 : digits(p);
		}
		if (p->at == p->end || *p->at++ != '}')
			return wrong(p, "a malformed {n,m}");
		if ((x->max && x->max < x->min) || (x->min == 0 && x->max == 0 && p->at[-2] == '0'))
			return wrong(p, "an empty {n,m}");
	}
	if (p->at < p->end && strchr("?*+{", *p->at))
		return wrong(p, "a lazy, possessive or doubled quantifier");
	return true;
}

static bool parse(struct parser *p, struct pieces *out, int depth);

static bool
overlaps(const unsigned char a[32], const unsigned char b[32])
{
	for (size_t i = 0; i < 32; i++)
		if (a[i] & b[i])
			return true;
	return false;
}

static bool
may_be_empty(const struct pieces *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->p[i].min)
			return false;
	return true;
}

/* What a sequence can begin with, added to set. */
static void
first_set(const struct pieces *s, size_t from, unsigned char set[32])
{
	for (size_t i = from; i < s->n; i++) {
		for (size_t k = 0; k < 32; k++)
			set[k] |= s->p[i].set[k];
		if (s->p[i].min)
			return;
	}
}

/* Each piece with a choice of how often must see from the next byte whether to go on. `after` is
 * what may follow the whole sequence. */
static bool
deterministic(struct parser *p, const struct pieces *s, const unsigned char after[32])
{
	for (size_t i = 0; i < s->n; i++) {
		const struct piece *x = &s->p[i];
		unsigned char next[32] = { 0 };
		bool rest_empty = true;
		first_set(s, i + 1, next);
		for (size_t k = i + 1; k < s->n; k++)
			rest_empty = rest_empty && !s->p[k].min;
		for (size_t k = 0; rest_empty && k < 32; k++)
			next[k] |= after[k];
		if (x->min != x->max && overlaps(x->set, next))
			return wrong(p, "a repetition that overlaps with what follows it");
		if (!x->group)
			continue;
		for (size_t k = 0; x->max != 1 && k < 32; k++)
			next[k] |= x->set[k];
		if (!deterministic(p, x->group, next))
			return false;
	}
	return true;
}

static bool
group(struct parser *p, struct piece *x, int depth)
{
	if (p->end - p->at >= 2 && p->at[0] == '?' && p->at[1] == ':')
		p->at += 2;
	else if (p->at < p->end && *p->at == '?')
		return wrong(p, "a lookaround or named group");
	if (depth == DEPTH_MAX)
		return wrong(p, "groups nested too deep");
	x->group = WN_ARENA_NEW(&p->g->arena, struct pieces);
	if (!parse(p, x->group, depth + 1))
		return false;
	if (p->at == p->end || *p->at++ != ')')
		return wrong(p, "a group without )");
	if (may_be_empty(x->group))
		return wrong(p, "a group that may be empty");
	first_set(x->group, 0, x->set);
	return true;
}

static bool
parse(struct parser *p, struct pieces *out, int depth)
{
	while (p->at < p->end && *p->at != ')') {
		if (out->n == PIECES_MAX)
			return wrong(p, "more than 64 pieces");
		struct piece *x = &out->p[out->n++];
		const char *start = p->at;
		char c = *p->at++;
		if (c == '[') {
			if (!parse_class(p, x->set))
				return false;
		} else if (c == '(') {
			if (!group(p, x, depth))
				return false;
		} else if (c == '.') {
			for (unsigned i = 0; i < 256; i++)
				if (i != '\n' && i != '\r' && !is_tail(i))
					set_add(x->set, i);
		} else if (c == '\\') {
			int lit = escape(p, x->set);
			if (lit >= 0)
				set_add(x->set, (unsigned)lit);
		} else if (strchr("|*+?{}^$", c)) {
			return wrong(p, c == '|' ? "alternation (|)"
						 : "a misplaced special character");
		} else if ((unsigned char)c > 127) {
			return wrong(p, "a character outside ASCII");
		} else {
			set_add(x->set, (unsigned char)c);
		}
		if (!quantifier(p, x))
			return false;
		x->text = start;
		x->text_len = (size_t)(p->at - start);
	}
	return !p->wrong;
}

/* --- writing the checker --- */

static void
write_char(struct wn_buf *b, unsigned c)
{
	if (c == '\'' || c == '\\')
		wn_buf_printf(b, "'\\%c'", (char)c);
	else if (c >= 32 && c < 127)
		wn_buf_printf(b, "'%c'", (char)c);
	else
		wn_buf_printf(b, "0x%02x", c);
}

/* Writes the test whether the byte at s.p[i] is in the set, as few ranges as it takes. */
static void
write_test(struct wn_buf *b, const unsigned char set[32])
{
	const char *sep = "";

	for (unsigned lo = 0; lo < 256; lo++) {
		if (!set_has(set, lo))
			continue;
		unsigned hi = lo;
		while (hi + 1 < 256 && set_has(set, hi + 1))
			hi++;
		wn_buf_cstr(b, sep);
		if (lo == hi) {
			wn_buf_cstr(b, "c == ");
			write_char(b, lo);
		} else if (lo == 0 || hi == 255) {
			wn_buf_cstr(b, lo == 0 ? "c <= " : "c >= ");
			write_char(b, lo == 0 ? hi : lo);
		} else {
			wn_buf_cstr(b, "(c >= ");
			write_char(b, lo);
			wn_buf_cstr(b, " && c <= ");
			write_char(b, hi);
			wn_buf_cstr(b, ")");
		}
		sep = " || ";
		lo = hi;
	}
}

static void
write_sets(struct wn_buf *b, const char *name, const struct pieces *s, int *next)
{
	for (size_t i = 0; i < s->n; i++) {
		int id = (*next)++;
		if (!s->p[i].group || s->p[i].min != 1 || s->p[i].max != 1) {
			wn_buf_printf(b, "static bool\n%s_%d(unsigned char c)\n{\n\treturn ", name,
				      id);
			write_test(b, s->p[i].set);
			wn_buf_cstr(b, ";\n}\n\n");
		}
		if (s->p[i].group)
			write_sets(b, name, s->p[i].group, next);
	}
}

static void
tabs(struct wn_buf *b, int n)
{
	while (n-- > 0)
		wn_buf_chr(b, '\t');
}

/* A character outside ASCII began at i - 1: past its other bytes. */
static void
write_tail(struct wn_buf *b, const struct piece *x, int depth)
{
	if (!set_has(x->set, 0xc3))
		return;
	tabs(b, depth);
	wn_buf_cstr(b, "while (i < s.len && ((unsigned char)s.p[i] & 0xc0) == 0x80)\n");
	tabs(b, depth + 1);
	wn_buf_cstr(b, "i++;\n");
}

static void
write_steps(struct wn_buf *b, const char *name, const struct pieces *s, int *next, int depth)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct piece *x = &s->p[i];
		int id = (*next)++;
		bool once = x->min == 1 && x->max == 1;
		if (once && !x->group) {
			tabs(b, depth);
			wn_buf_printf(b, "if (i == s.len || !%s_%d((unsigned char)s.p[i++]))\n",
				      name, id);
			tabs(b, depth + 1);
			wn_buf_cstr(b, "return false;\n");
			write_tail(b, x, depth);
			continue;
		}
		if (!once) {
			tabs(b, depth);
			wn_buf_printf(b, "n%d = 0;\n", id);
			tabs(b, depth);
			wn_buf_cstr(b, "while (");
			if (x->max)
				wn_buf_printf(b, "n%d < %u && ", id, x->max);
			wn_buf_printf(b, "i < s.len && %s_%d((unsigned char)s.p[i])) {\n", name,
				      id);
			tabs(b, depth + 1);
			wn_buf_printf(b, "n%d++;\n", id);
		}
		if (x->group)
			write_steps(b, name, x->group, next, depth + !once);
		else {
			tabs(b, depth + 1);
			wn_buf_cstr(b, "i++;\n");
			write_tail(b, x, depth + 1);
		}
		if (!once) {
			tabs(b, depth);
			wn_buf_cstr(b, "}\n");
			if (x->min) {
				tabs(b, depth);
				wn_buf_printf(b, "if (n%d < %u)\n", id, x->min);
				tabs(b, depth + 1);
				wn_buf_cstr(b, "return false;\n");
			}
		}
	}
}

static void
write_counters(struct wn_buf *b, const struct pieces *s, int *next)
{
	for (size_t i = 0; i < s->n; i++) {
		int id = (*next)++;
		if (s->p[i].min != 1 || s->p[i].max != 1)
			wn_buf_printf(b, "\tsize_t n%d;\n", id);
		if (s->p[i].group)
			write_counters(b, s->p[i].group, next);
	}
}

static void
write_checker(struct wn_buf *b, const char *name, const char *pattern, const struct pieces *s)
{
	int next = 0;

	write_sets(b, name, s, &next);
	wn_buf_cstr(b, "/* ");
	for (const char *p = pattern; *p; p++) { /* a star and a slash would end the comment */
		wn_buf_chr(b, *p);
		if (*p == '*' && p[1] == '/')
			wn_buf_chr(b, ' ');
	}
	wn_buf_printf(b, " */\nstatic bool\n%s(struct wn_str s)\n{\n\tsize_t i = 0;\n", name);
	next = 0;
	write_counters(b, s, &next);
	wn_buf_cstr(b, "\n");
	next = 0;
	write_steps(b, name, s, &next, 1);
	wn_buf_cstr(b, "\treturn i == s.len;\n}\n\n");
}

const char *
gen_pattern(struct gen *g, struct gen_unit *u, struct gen_node at, const char *pattern)
{
	const char *name = u ? wn_map_get(&u->patterns, wn_str(pattern)) : NULL;
	size_t n = strlen(pattern);
	struct parser p = { g, pattern + 1, pattern + n - 1, NULL };
	struct pieces *pieces = WN_ARENA_NEW(&g->arena, struct pieces);
	const unsigned char nothing[32] = { 0 };

	if (name)
		return name;
	if (n < 2 || pattern[0] != '^' || pattern[n - 1] != '$' ||
	    (n > 2 && pattern[n - 2] == '\\'))
		wrong(&p, "a pattern that is not ^...$");
	else if (parse(&p, pieces, 0) && p.at != p.end)
		wrong(&p, "a ) without (");
	if (!p.wrong)
		deterministic(&p, pieces, nothing);
	if (p.wrong) {
		gen_error(g, at, "%s is not in the subset of patterns", p.wrong);
		return NULL;
	}
	if (!u)
		return pattern;
	name = wn_arena_printf(&g->arena, "match_%zu", u->patterns.len + 1);
	wn_map_set(&u->patterns, wn_str(pattern), (void *)(uintptr_t)name);
	write_checker(&u->pattern_code, name, pattern, pieces);
	return name;
}
