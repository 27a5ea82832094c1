/*
 * :s, & and ~: replacing line by line.
 */
#include "editor/vim/ex.h"
#include "editor/vim/regex.h"

#include "runtime/base/utf8.h"

#define GROUPS 10

struct sub {
	struct ed_search *q;
	struct wn_str with;
	bool all, count_only, quiet;
	size_t n, lines;
};

/* ---- the replacement ----------------------------------------------------------------------------
 */

enum casing { AS_IS, UP, DOWN };
struct fill {
	struct wn_buf *out;
	enum casing one, rest;
};

static void
add(struct fill *f, struct wn_str s)
{
	uint32_t cp;
	char buf[4];

	for (size_t i = 0, n; i < s.len; i += n) {
		enum casing how = f->one != AS_IS ? f->one : f->rest;
		n = wn_utf8_decode(s.p + i, s.len - i, &cp);
		f->one = AS_IS;
		if (how == AS_IS || cp == WN_UTF8_BAD) {
			(void)wn_buf_add(f->out, s.p + i, n);
			continue;
		}
		cp = how == UP ? wn_utf8_upper(cp) : wn_utf8_lower(cp);
		(void)wn_buf_add(f->out, buf, wn_utf8_encode(cp, buf));
	}
}

static void
add_group(struct ed_vim *v, struct fill *f, const struct ed_match *g)
{
	struct wn_buf b;

	if (g->from == VI_NONE)
		return;
	wn_buf_init(&b, VI_REG_MAX);
	vi_copy(v, g->from, g->to, &b);
	add(f, wn_buf_view(&b));
	wn_buf_fini(&b);
}

/* What a backslash and a letter stand for. */
static void
escape(struct ed_vim *v, struct fill *f, char c, const struct ed_match *groups)
{
	switch (c) {
	case 'u':
	case 'l':
		f->one = c == 'u' ? UP : DOWN;
		return;
	case 'U':
	case 'L':
		f->rest = c == 'U' ? UP : DOWN;
		return;
	case 'e':
	case 'E':
		f->one = f->rest = AS_IS;
		return;
	case 'r':
		(void)wn_buf_str(f->out, vi_eol(v));
		return;
	case 'n':
		(void)wn_buf_chr(f->out, '\0');
		return;
	case 't':
		(void)wn_buf_chr(f->out, '\t');
		return;
	case 'b':
		(void)wn_buf_chr(f->out, '\b');
		return;
	default:
		if (c >= '0' && c <= '9')
			add_group(v, f, &groups[c - '0']);
		else
			add(f, wn_strn(&c, 1));
	}
}

static void
fill(struct ed_vim *v, struct wn_str with, const struct ed_match *groups, struct wn_buf *out)
{
	struct fill f = { .out = out };

	for (size_t i = 0; i < with.len; i++) {
		char c = with.p[i];
		if (c == '\\' && i + 1 < with.len) {
			escape(v, &f, with.p[++i], groups);
		} else if (c == '&') {
			add_group(v, &f, &groups[0]);
		} else if (c == '\r') {
			(void)wn_buf_str(out, vi_eol(v));
		} else {
			size_t n = 1;
			while (i + n < with.len && (with.p[i + n] & 0xC0) == 0x80)
				n++;
			add(&f, wn_str_sub(with, i, n));
			i += n - 1;
		}
	}
}

/* ---- one line
 * ---------------------------------------------------------------------------------------- */

/* Replaces in the line at begin; returns where to go on (the next line), VI_NONE: at the end.
 * *grown: lines it became more. */
static size_t
line(struct ed_vim *v, struct sub *s, size_t begin, size_t *last_line)
{
	size_t at = begin, end = vi_end(v, begin), copied = begin, hits = 0;
	struct ed_match m, groups[GROUPS];
	struct wn_buf out;

	wn_buf_init(&out, VI_REG_MAX);
	while (at <= end && vi_find_next(v, s->q, at, &m) && m.from <= end) {
		hits++;
		if (m.to > end && m.to > vi_clamp(v, m.to)) /* behind the last line's end */
			m.to = vi_clamp(v, m.to);
		if (!s->count_only) {
			for (size_t i = 0; i < GROUPS; i++)
				groups[i] = (struct ed_match){ VI_NONE, VI_NONE };
			ed_search_groups(s->q, groups, GROUPS);
			groups[0] = m;
			vi_copy(v, copied, m.from, &out);
			fill(v, s->with, groups, &out);
			copied = m.to;
		}
		if (!s->all)
			break;
		if (m.to > end) { /* it took the line end: the next line is part of this one now */
			at = m.to;
			end = vi_end(v, m.to);
			continue;
		}
		at = m.to > m.from ? m.to : vi_right(v, m.to);
		if (m.to == m.from && at == m.to)
			break;
	}
	s->n += hits;
	s->lines += hits > 0;
	if (hits && !s->count_only && vi_edit(v, begin, copied - begin, wn_buf_view(&out))) {
		size_t behind = begin + out.len;
		*last_line = vi_begin(v, behind > vi_len(v) ? vi_len(v) : behind);
		if (out.len && out.p[out.len - 1] == '\n' && behind >= vi_len(v))
			*last_line = vi_last_line(v);
		begin = *last_line;
	} else if (hits) {
		*last_line = begin;
	}
	wn_buf_fini(&out);
	return vi_next_line(v, begin);
}

static void
run(struct ed_vim *v, struct sub *s, size_t first, size_t last, bool keep_quiet)
{
	size_t at = vi_row_begin(v, first - 1), stop_row = vi_rows(v) - last;
	size_t last_line = VI_NONE;

	/* The range's end by the lines behind it: replacements may add and take lines. */
	while (at != VI_NONE && !v->failed) {
		size_t left = vi_rows(v) - vi_row(v, at) - 1;
		if (left < stop_row)
			break;
		at = line(v, s, at, &last_line);
	}
	if (s->n == 0) {
		if (!keep_quiet)
			vi_fail(v, "Pattern not found: %.*s",
				WN_STR_ARG(wn_buf_view(&v->sh->pattern)));
		return;
	}
	if (s->count_only) {
		vi_say(v, "%zu matches on %zu lines", s->n, s->lines);
		return;
	}
	v->cur = vi_on_char(v, vi_nonblank(v, last_line));
	if (s->lines > 2 && !v->global)
		vi_say(v, "%zu substitutions on %zu lines", s->n, s->lines);
}

/* ---- flags
 * --------------------------------------------------------------------------------------------- */

struct flags {
	bool all, error, count_only, icase, case_match;
	size_t count;
};

static bool
read_flags(struct ed_vim *v, struct wn_str s, struct flags *f)
{
	size_t i = 0;

	f->all = v->opt.gdefault;
	if (i < s.len && s.p[i] == '&') {
		struct wn_str old = wn_buf_view(&v->sh->sub.flags);
		for (size_t k = 0; k < old.len; k++) {
			f->all ^= old.p[k] == 'g';
			f->error |= old.p[k] == 'e';
			f->icase |= old.p[k] == 'i';
			f->case_match |= old.p[k] == 'I';
		}
		i++;
	}
	for (; i < s.len && strchr("gceiInr#pl", s.p[i]); i++) {
		f->all ^= s.p[i] == 'g';
		f->error |= s.p[i] == 'e';
		f->count_only |= s.p[i] == 'n';
		f->icase |= s.p[i] == 'i';
		f->case_match |= s.p[i] == 'I';
	}
	wn_buf_clear(&v->sh->sub.flags);
	if (f->all)
		(void)wn_buf_chr(&v->sh->sub.flags, 'g');
	if (f->error)
		(void)wn_buf_chr(&v->sh->sub.flags, 'e');
	if (f->icase)
		(void)wn_buf_chr(&v->sh->sub.flags, 'i');
	if (f->case_match)
		(void)wn_buf_chr(&v->sh->sub.flags, 'I');
	while (i < s.len && s.p[i] == ' ')
		i++;
	for (; i < s.len && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		f->count = f->count * 10 + (size_t)(s.p[i] - '0');
	while (i < s.len && (s.p[i] == ' ' || s.p[i] == '\t'))
		i++;
	if (i < s.len)
		vi_fail(v, "Trailing characters: %.*s", (int)(s.len - i), s.p + i);
	return i >= s.len;
}

static void
with_flags(struct ed_vim *v, const struct vi_ex *x, struct wn_str rest, struct wn_str pattern)
{
	struct flags f = { 0 };
	struct sub s = { 0 };
	struct wn_buf pat, with;
	size_t first = x->first, last = x->last;

	if (!read_flags(v, rest, &f))
		return;
	if (f.count > 0) {
		first = last;
		last = last + f.count - 1 > vi_rows(v) ? vi_rows(v) : last + f.count - 1;
	}
	wn_buf_init(&pat, 65536);
	wn_buf_init(&with, 65536);
	if (f.icase || f.case_match)
		(void)wn_buf_cstr(&pat, f.icase ? "\\c" : "\\C");
	(void)wn_buf_str(&pat, pattern);
	(void)wn_buf_str(&with, wn_buf_view(&v->sh->sub.with));
	s.with = wn_buf_view(&with);
	s.all = f.all;
	s.count_only = f.count_only;
	if (pattern.len == 0)
		vi_fail(v, "No previous regular expression");
	else
		s.q = vi_compile(v, wn_buf_view(&pat), true);
	if (s.q)
		run(v, &s, first, last, f.error || v->global);
	wn_buf_fini(&pat);
	wn_buf_fini(&with);
}

static void
set(struct wn_buf *b, struct wn_str s)
{
	struct wn_buf copy;

	wn_buf_init(&copy, 65536);
	(void)wn_buf_str(&copy, s);
	wn_buf_fini(b);
	*b = copy;
}

/* '~' in a replacement is the one before. */
static void
expand_tilde(struct ed_vim *v, struct wn_str s, struct wn_buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\' && i + 1 < s.len && s.p[i + 1] == '~') {
			(void)wn_buf_chr(out, '~');
			i++;
		} else if (s.p[i] == '\\' && i + 1 < s.len) {
			(void)wn_buf_add(out, s.p + i++, 2);
		} else if (s.p[i] == '~') {
			(void)wn_buf_str(out, wn_buf_view(&v->sh->sub.with));
		} else {
			(void)wn_buf_chr(out, s.p[i]);
		}
	}
}

void
vi_ex_sub(struct ed_vim *v, const struct vi_ex *x)
{
	struct wn_str rest = x->rest, pat, with;
	struct wn_buf b;
	char delim = rest.len ? rest.p[0] : 0;

	if (delim == 0 || vi_is_word((unsigned char)delim) || delim == '&' || delim == '"') {
		with_flags(v, x, rest, wn_buf_view(&v->sh->sub_pattern));
		return;
	}
	if (delim == '\\' && rest.len > 1) {
		vi_fail(v, "the pattern is wrong");
		return;
	}
	rest = wn_str_sub(rest, 1, rest.len);
	pat = vi_ex_pattern(&rest, delim);
	with = vi_ex_pattern(&rest, delim);
	if (with.len >= 2 && with.p[0] == '\\' && with.p[1] == '=') {
		vi_fail(v, "expressions are not supported");
		return;
	}
	wn_buf_init(&b, 65536);
	expand_tilde(v, with, &b);
	if (pat.len > 0)
		set(&v->sh->pattern, pat);
	set(&v->sh->sub_pattern, wn_buf_view(&v->sh->pattern));
	set(&v->sh->sub.with, wn_buf_view(&b));
	v->sh->sub.set = true;
	wn_buf_fini(&b);
	with_flags(v, x, rest, wn_buf_view(&v->sh->sub_pattern));
}

void
vi_ex_again(struct ed_vim *v, const struct vi_ex *x)
{
	struct wn_str rest = x->rest;
	struct wn_buf b;

	wn_buf_init(&b, 4096);
	if (strcmp(x->name, "&&") == 0)
		(void)wn_buf_chr(&b, '&');
	(void)wn_buf_str(&b, rest);
	with_flags(v, x, wn_buf_view(&b),
		   x->name[0] == '~' ? wn_buf_view(&v->sh->pattern)
				     : wn_buf_view(&v->sh->sub_pattern));
	wn_buf_fini(&b);
}
