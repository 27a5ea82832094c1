/*
 * Translation of Vim's patterns, and matching them on the text.
 */
#include "editor/vim/regex.h"

#define KEYWORD "\\p{L}\\p{M}\\p{N}_"
#define PATTERN_MAX ((size_t)1 << 16)

struct tr {
	const char *p, *end;
	struct wn_buf *out;
	struct wn_str sub;
	enum vi_case *c;
	size_t groups, depth;
	size_t atom;	 /* where the last atom begins in out */
	int magic;	 /* 0 \V, 1 \M, 2 normal, 3 \v */
	bool start;	 /* at the start of a branch */
	bool look;	 /* \ze was met: one more ')' at the end of the branch */
	size_t open[64]; /* where open groups began */
	wn_err err;
};

static void
put(struct tr *t, const char *s)
{
	(void)wn_buf_cstr(t->out, s);
}

static void
literal(struct tr *t, char c)
{
	if (strchr("\\^$.[]|()?*+{}#-/", c) && c)
		(void)wn_buf_chr(t->out, '\\');
	(void)wn_buf_chr(t->out, c);
}

/* Character classes of one letter. */
static const struct {
	char c;
	const char *in;
} letters[] = {
	{ 's', " \\t" },       { 'd', "0-9" },
	{ 'x', "0-9A-Fa-f" },  { 'o', "0-7" },
	{ 'w', "0-9A-Za-z_" }, { 'h', "A-Za-z_" },
	{ 'a', "A-Za-z" },     { 'l', "a-z" },
	{ 'u', "A-Z" },	       { 'i', "0-9A-Za-z_\\x{b5}\\x{c0}-\\x{ff}" },
	{ 'k', KEYWORD },      { 'f', "0-9A-Za-z/._+,#$%~=\\-" },
	{ 'p', "[:print:]" },
};

static bool
class_letter(struct tr *t, char c, bool newline)
{
	char low = (char)(c | 32);
	bool neg = c != low;

	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		if (letters[i].c != low)
			continue;
		if (neg && strchr("ikfp", low)) { /* the same without digits */
			put(t, "(?![0-9])[");
			neg = false;
		} else {
			put(t, neg ? "[^" : "[");
		}
		put(t, letters[i].in);
		if (neg != newline)
			put(t, "\\n");
		put(t, "]");
		return true;
	}
	return false;
}

/* ---- collections --------------------------------------------------------------------------------
 */

static const char *
collection_end(const struct tr *t)
{
	const char *p = t->p;

	if (p < t->end && *p == '^')
		p++;
	if (p < t->end && (*p == ']' || *p == '-'))
		p++;
	for (; p < t->end && *p != ']'; p++) {
		if (*p == '\\' && p + 1 < t->end && strchr("\\]^-nertbdoxuU", p[1]))
			p++;
		else if (*p == '[' && p + 1 < t->end && p[1] == ':') {
			const char *q = p + 2;
			while (q + 1 < t->end && !(q[0] == ':' && q[1] == ']'))
				q++;
			if (q + 1 < t->end)
				p = q + 1;
		}
	}
	return p < t->end ? p : NULL;
}

static void
collection_escape(struct tr *t, char c)
{
	switch (c) {
	case 'e':
		put(t, "\\x1b");
		break;
	case 't':
	case 'n':
	case 'r':
		(void)wn_buf_chr(t->out, '\\');
		(void)wn_buf_chr(t->out, c);
		break;
	case 'b':
		put(t, "\\x08");
		break;
	default:
		(void)wn_buf_chr(t->out, '\\');
		(void)wn_buf_chr(t->out, c);
	}
}

static void
collection(struct tr *t, bool newline)
{
	const char *end = collection_end(t);
	bool neg = false;

	if (!end) { /* a lone '[' is itself */
		put(t, "\\[");
		return;
	}
	put(t, "[");
	if (*t->p == '^') {
		put(t, "^");
		neg = true;
		t->p++;
	}
	for (; t->p < end; t->p++) {
		char c = *t->p;
		if (c == '\\' && t->p + 1 < end && strchr("\\]^-nertb", t->p[1])) {
			collection_escape(t, *++t->p);
		} else if (c == '[' && t->p + 1 < end && t->p[1] == ':') {
			const char *q = t->p + 2;
			while (q < end && *q != ']')
				q++;
			(void)wn_buf_add(t->out, t->p, (size_t)(q - t->p) + (q < end));
			t->p = q < end ? q : end - 1;
		} else if (c == '[' || c == '\\' || c == ']' || (c == '^' && t->out->len)) {
			(void)wn_buf_chr(t->out, '\\');
			(void)wn_buf_chr(t->out, c);
		} else {
			(void)wn_buf_chr(t->out, c);
		}
	}
	if (neg != newline)
		put(t, "\\n");
	put(t, "]");
	t->p = end + 1;
}

/* ---- repeats and groups
 * ---------------------------------------------------------------------------- */

/* "{n,m}", "{-n,m}" behind the brace. */
static void
braces(struct tr *t)
{
	const char *p = t->p;
	bool lazy = p < t->end && *p == '-', digits = false, comma = false;
	const char *from;

	p += lazy;
	from = p;
	while (p < t->end && ((*p >= '0' && *p <= '9') || *p == ',')) {
		digits |= *p != ',';
		comma |= *p == ',';
		p++;
	}
	if (!digits) {
		put(t, "*");
	} else {
		put(t, "{");
		if (*from == ',')
			put(t, "0");
		(void)wn_buf_add(t->out, from, (size_t)(p - from));
		put(t, "}");
	}
	(void)comma;
	if (lazy)
		put(t, "?");
	if (p < t->end && *p == '\\')
		p++;
	if (p >= t->end || *p != '}')
		t->err = WN_E_PARSE;
	else
		t->p = p + 1;
}

static void
wrap_atom(struct tr *t, const char *with)
{
	struct wn_buf b;

	wn_buf_init(&b, PATTERN_MAX);
	(void)wn_buf_add(&b, t->out->p + t->atom, t->out->len - t->atom);
	wn_buf_cut(t->out, t->atom);
	put(t, with);
	(void)wn_buf_str(t->out, wn_buf_view(&b));
	put(t, ")");
	wn_buf_fini(&b);
}

/* "\@=" and its kin turn the atom before them into a look around. */
static void
look(struct tr *t)
{
	while (t->p < t->end && *t->p >= '0' && *t->p <= '9')
		t->p++;
	if (t->p >= t->end) {
		t->err = WN_E_PARSE;
		return;
	}
	char c = *t->p++;
	if (c == '>')
		wrap_atom(t, "(?>");
	else if (c == '=' || c == '!')
		wrap_atom(t, c == '=' ? "(?=" : "(?!");
	else if (c == '<' && t->p < t->end && (*t->p == '=' || *t->p == '!'))
		wrap_atom(t, *t->p++ == '=' ? "(?<=" : "(?<!");
	else
		t->err = WN_E_PARSE;
}

static void
branch_end(struct tr *t)
{
	if (t->look)
		put(t, ")");
	t->look = false;
	t->start = true;
}

static void
open_group(struct tr *t, bool capture)
{
	if (t->depth == sizeof t->open / sizeof *t->open) {
		t->err = WN_E_LIMIT;
		return;
	}
	t->open[t->depth++] = t->out->len;
	t->groups += capture;
	put(t, capture ? "(" : "(?:");
	t->start = true;
}

static void
close_group(struct tr *t)
{
	if (t->depth == 0) {
		t->err = WN_E_PARSE;
		return;
	}
	put(t, ")");
	t->atom = t->open[--t->depth];
}

/* Behind "\%". */
static void
percent(struct tr *t)
{
	char c = t->p < t->end ? *t->p++ : 0, num[16];
	size_t n = 0;

	switch (c) {
	case '(':
		open_group(t, false);
		return;
	case '^':
		put(t, "\\A");
		return;
	case '$':
		put(t, "\\z");
		return;
	case 'd':
	case 'x':
	case 'u':
	case 'U':
	case 'o': {
		int base = c == 'd' ? 10 : c == 'o' ? 8 : 16;
		unsigned long cp = 0;
		while (t->p < t->end && n < 8 &&
		       strchr(base == 16 ? "0123456789abcdefABCDEF" : "0123456789", *t->p))
			num[n++] = *t->p++;
		for (size_t i = 0; i < n; i++)
			cp = cp * (unsigned long)base +
			     (unsigned long)(num[i] <= '9' ? num[i] - '0'
							   : (num[i] | 32) - 'a' + 10);
		(void)wn_buf_printf(t->out, "\\x{%lx}", cp);
		return;
	}
	default:
		t->err = WN_E_UNSUPPORTED;
	}
}

/* A key of the pattern with its magic taken off: c means something, false: itself. */
static bool
special(struct tr *t, char c)
{
	switch (c) {
	case '*':
		put(t, t->start ? "\\*" : "*");
		return true;
	case '.':
		put(t, "[^\\n]");
		return true;
	case '[':
		collection(t, false);
		return true;
	case '~':
		for (size_t i = 0; i < t->sub.len; i++)
			literal(t, t->sub.p[i]);
		return true;
	case '(':
		open_group(t, true);
		return true;
	case ')':
		close_group(t);
		return true;
	case '|':
		branch_end(t);
		put(t, "|");
		return true;
	case '+':
		put(t, "+");
		return true;
	case '=':
	case '?':
		put(t, "?");
		return true;
	case '{':
		braces(t);
		return true;
	case '@':
		look(t);
		return true;
	case '%':
		percent(t);
		return true;
	case '<':
		put(t, "(?<![" KEYWORD "])(?=[" KEYWORD "])");
		return true;
	case '>':
		put(t, "(?<=[" KEYWORD "])(?![" KEYWORD "])");
		return true;
	case '&':
		t->err = WN_E_UNSUPPORTED;
		return true;
	default:
		return false;
	}
}

/* Behind '_'. */
static void
underscore(struct tr *t)
{
	char c = t->p < t->end ? *t->p++ : 0;

	if (c == '.')
		put(t, "(?s:.)");
	else if (c == '^')
		put(t, "^");
	else if (c == '$')
		put(t, "$");
	else if (c == '[')
		collection(t, true);
	else if (!class_letter(t, c, true))
		t->err = WN_E_PARSE;
}

/* What a backslash and a letter mean in every magic. */
static bool
always(struct tr *t, char c)
{
	if (class_letter(t, c, false))
		return true;
	if (c >= '1' && c <= '9') {
		(void)wn_buf_printf(t->out, "\\g{%c}", c);
		return true;
	}
	switch (c) {
	case 'n':
		put(t, "\\r?\\n");
		return true;
	case 't':
		put(t, "\\t");
		return true;
	case 'e':
		put(t, "\\x1b");
		return true;
	case 'r':
		put(t, "\\r");
		return true;
	case 'b':
		put(t, "\\x08");
		return true;
	case '_':
		underscore(t);
		return true;
	default:
		return false;
	}
}

/* Words that switch something for the rest; no atoms. */
static bool
switches(struct tr *t, char c)
{
	switch (c) {
	case 'v':
		t->magic = 3;
		return true;
	case 'm':
		t->magic = 2;
		return true;
	case 'M':
		t->magic = 1;
		return true;
	case 'V':
		t->magic = 0;
		return true;
	case 'c':
		*t->c = VI_CASE_IGNORE;
		return true;
	case 'C':
		*t->c = VI_CASE_MATCH;
		return true;
	case 'Z':
		return true;
	default:
		return false;
	}
}

/* Which characters mean something without a backslash. */
static bool
is_magic(const struct tr *t, char c)
{
	if (t->magic == 3)
		return strchr("*.[~()|+=?{@%<>&", c) != NULL;
	return t->magic == 2 && strchr("*.[~", c) != NULL;
}

static bool
quantifies(char c)
{
	return strchr("*+=?{@", c) != NULL;
}

/* '$' only at the end of a branch, '^' only at its start. */
static bool
anchor(struct tr *t, char c)
{
	const char *p = t->p;

	if (c == '^' && (t->start || t->magic == 3)) {
		put(t, "^");
		return true;
	}
	if (c != '$')
		return false;
	if (t->magic == 3 || p == t->end ||
	    (p + 1 < t->end && p[0] == '\\' && strchr("|)n", p[1]))) {
		put(t, "$");
		return true;
	}
	return false;
}

static void
escaped(struct tr *t)
{
	char c = t->p < t->end ? *t->p++ : '\\';
	size_t before = t->out->len;

	if (switches(t, c))
		return;
	if (c == 'z' && t->p < t->end && (*t->p == 's' || *t->p == 'e')) {
		if (*t->p++ == 's') {
			put(t, "\\K");
		} else if (!t->look) {
			put(t, "(?=");
			t->look = true;
		}
		return;
	}
	if (!quantifies(c) && c != ')' && c != '(')
		t->atom = before;
	if (is_magic(t, c) || (!always(t, c) && !special(t, c)))
		literal(t, c);
	if (c != '(' && c != '|' && c != '%')
		t->start = false;
}

static void
one(struct tr *t)
{
	char c = *t->p++;
	size_t before = t->out->len;

	if (c == '\\') {
		escaped(t);
		return;
	}
	if (anchor(t, c))
		return;
	if (!(is_magic(t, c) && (quantifies(c) || c == ')' || c == '(')))
		t->atom = before;
	if (!is_magic(t, c) || !special(t, c)) {
		literal(t, c);
		while (t->p < t->end && (*t->p & 0xC0) == 0x80) /* the rest of a character */
			(void)wn_buf_chr(t->out, *t->p++);
	}
	if (!(is_magic(t, c) && strchr("(|%", c)))
		t->start = false;
}

wn_err
vi_regex(struct wn_str vim, struct wn_str last_sub, struct wn_buf *out, enum vi_case *c,
	 size_t *groups)
{
	struct tr t = { .p = vim.p,
			.end = vim.p + vim.len,
			.out = out,
			.sub = last_sub,
			.c = c,
			.magic = 2,
			.start = true };

	*c = VI_CASE_OPTION;
	while (t.p < t.end && !t.err)
		one(&t);
	branch_end(&t);
	*groups = t.groups;
	if (t.depth > 0 && !t.err)
		t.err = WN_E_PARSE;
	return t.err ? t.err : out->err;
}

/* ---- compiled
 * ------------------------------------------------------------------------------------------ */

static bool
has_capital(struct wn_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\')
			i += i + 1 < s.len && strchr("_%", s.p[i + 1]) ? 2 : 1;
		else if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			return true;
	}
	return false;
}

struct ed_search *
vi_compile(struct ed_vim *v, struct wn_str vim, bool smart)
{
	struct wn_buf p;
	struct wn_diag d = { 0 };
	enum vi_case c;
	size_t groups;
	bool icase;
	wn_err err;

	wn_buf_init(&p, PATTERN_MAX);
	err = vi_regex(vim, wn_buf_view(&v->sh->sub.with), &p, &c, &groups);
	icase = c == VI_CASE_OPTION ? v->opt.ic && !(smart && v->opt.scs && has_capital(vim))
				    : c == VI_CASE_IGNORE;
	(void)wn_buf_chr(&p, icase ? '\1' : '\0');
	if (!err && p.len == 1)
		err = WN_E_INVALID;
	if (!err && (!v->search || !wn_str_eq(wn_buf_view(&p), wn_buf_view(&v->search_key)))) {
		ed_search_free(v->search);
		v->search = NULL;
		wn_buf_clear(&v->search_key);
		(void)wn_buf_str(&v->search_key, wn_buf_view(&p));
		err = ed_search_new(wn_strn(p.p, p.len - 1),
				    ED_SEARCH_REGEX | (icase ? ED_SEARCH_ICASE : 0), &v->search,
				    &d);
	}
	wn_buf_fini(&p);
	if (err) {
		vi_fail(v, "%s",
			err == WN_E_UNSUPPORTED ? "this kind of pattern is not supported"
			: d.code		? d.text
						: "the pattern is wrong");
		return NULL;
	}
	return v->search;
}

/* The empty rest behind the last newline is no line. */
static bool
counts(struct ed_vim *v, const struct ed_match *m)
{
	size_t len = vi_len(v);

	return m->from < len || len == 0 || vi_byte(v, len - 1) != '\n';
}

bool
vi_find_next(struct ed_vim *v, struct ed_search *s, size_t pos, struct ed_match *out)
{
	return ed_search_next(s, vi_text(v), pos, NULL, out) == 0 && counts(v, out);
}

bool
vi_find_prev(struct ed_vim *v, struct ed_search *s, size_t pos, struct ed_match *out)
{
	size_t len = vi_len(v);

	if (len > 0 && pos >= len && vi_byte(v, len - 1) == '\n')
		pos = len - 1;
	return ed_search_prev(s, vi_text(v), pos, NULL, out) == 0 && counts(v, out);
}
