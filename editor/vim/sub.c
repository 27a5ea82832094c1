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
	bool all, count_only;
	size_t n, lines;
	size_t last; /* match in the last line that had one, in the old text */
};

/* ---- the replacement ----------------------------------------------------------------------------
 */

enum casing { AS_IS, UP, DOWN };
struct fill {
	const struct ed_text *old;
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
add_group(struct fill *f, const struct ed_match *g)
{
	struct wn_buf b;

	if (g->from == VI_NONE)
		return;
	wn_buf_init(&b, VI_REG_MAX);
	(void)ed_text_copy(f->old, g->from, g->to, &b);
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
			add_group(f, &groups[c - '0']);
		else
			add(f, wn_strn(&c, 1));
	}
}

static void
fill(struct ed_vim *v, const struct ed_text *old, struct wn_str with, const struct ed_match *groups,
     struct wn_buf *out)
{
	struct fill f = { .old = old, .out = out };

	for (size_t i = 0; i < with.len; i++) {
		char c = with.p[i];
		if (c == '\\' && i + 1 < with.len) {
			escape(v, &f, with.p[++i], groups);
		} else if (c == '&') {
			add_group(&f, &groups[0]);
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

/* ---- replacing
 * ---------------------------------------------------------------------------------------- */

/* Matches are looked for in the text as it was; what was found in a line is one edit. */
struct work {
	struct ed_text *old;
	size_t delta; /* what positions behind the edits so far have moved by (modulo) */
	size_t line_end;
	size_t from, to; /* of the edit under way, in old; from VI_NONE: none */
	struct wn_buf out;
};

/* The edit of a line is complete. */
static void
flush(struct ed_vim *v, struct work *w)
{
	if (w->from == VI_NONE)
		return;
	if (vi_edit(v, w->from + w->delta, w->to - w->from, wn_buf_view(&w->out)))
		w->delta += w->out.len - (w->to - w->from);
	w->from = VI_NONE;
	wn_buf_clear(&w->out);
}

static void
replace(struct ed_vim *v, struct sub *s, struct work *w, const struct ed_match *m)
{
	struct ed_match groups[GROUPS];

	for (size_t i = 0; i < GROUPS; i++)
		groups[i] = (struct ed_match){ VI_NONE, VI_NONE };
	ed_search_groups(s->q, groups, GROUPS);
	groups[0] = *m;
	if (w->from == VI_NONE)
		w->from = w->to = m->from;
	(void)ed_text_copy(w->old, w->to, m->from, &w->out);
	fill(v, w->old, s->with, groups, &w->out);
	w->to = m->to;
}

/* Where to look for the next match behind m; VI_NONE: this line has no more. */
static size_t
next_in_line(const struct sub *s, struct work *w, const struct ed_match *m)
{
	size_t at = m->to;

	if (!s->all)
		return VI_NONE;
	if (m->to > w->line_end) /* it took the line end: the next line is part of this one now */
		w->line_end = ed_text_line_end(w->old, m->to);
	if (m->to == m->from)
		at = ed_next_cluster(w->old, at);
	return at >= w->line_end ? VI_NONE : at;
}

/* All matches that start in from..to of the old text. */
static void
replace_all(struct ed_vim *v, struct sub *s, struct work *w, size_t from, size_t to)
{
	struct ed_match m = { 0, 0 };
	size_t at = from, last = VI_NONE, len = ed_text_len(w->old);
	wn_err err = ed_search_next(s->q, w->old, at, NULL, &m);

	while (!err && m.from <= to && !v->failed && !w->out.err) {
		if (m.from == m.to && m.from == last) { /* an empty one right behind a match */
			at = m.to + 1 >= w->line_end ? w->line_end + 1 : m.to + 1;
			err = at > to ? WN_E_NOT_FOUND : ed_search_more(s->q, w->old, at, &m);
			continue;
		}
		if (s->lines == 0 || m.from > w->line_end) {
			flush(v, w);
			w->line_end = ed_text_line_end(w->old, m.from);
			s->lines++;
			s->last = m.from;
		}
		s->n++;
		if (m.to == len && len > to) /* the line end of the last line stays */
			m.to = to;
		if (!s->count_only)
			replace(v, s, w, &m);
		last = m.to;
		at = next_in_line(s, w, &m);
		if (at == VI_NONE)
			at = w->line_end + 1;
		err = at > to ? WN_E_NOT_FOUND : ed_search_more(s->q, w->old, at, &m);
	}
}

static void
run(struct ed_vim *v, struct sub *s, size_t first, size_t last, bool keep_quiet)
{
	struct work w = { .old = ed_text_snap(vi_text(v)), .from = VI_NONE };
	size_t from = vi_row_begin(v, first - 1), was = v->cur;

	wn_buf_init(&w.out, VI_REG_MAX);
	replace_all(v, s, &w, from, vi_end(v, vi_row_begin(v, last - 1)));
	if (w.out.err)
		vi_fail(v, "this is too much to replace");
	size_t before = w.delta;
	bool grown = w.from != VI_NONE;
	size_t out = w.from == VI_NONE ? 0 : w.from + before + w.out.len;
	flush(v, &w);
	if (s->n == 0) {
		if (!keep_quiet)
			vi_fail(v, "Pattern not found: %.*s",
				WN_STR_ARG(wn_buf_view(&v->sh->pattern)));
	} else if (s->count_only) {
		vi_say(v, "%zu matches on %zu lines", s->n, s->lines);
	} else {
		if (!v->global)
			vi_jump_from(v, was);
		v->cur = vi_clamp(v, grown ? out : s->last + w.delta);
		vi_mark_change(v, vi_row_begin(v, first - 1), vi_begin(v, v->cur));
		v->cur = vi_on_char(v, vi_nonblank(v, v->cur));
		if (s->lines > 2 && !v->global)
			vi_say(v, "%zu substitutions on %zu lines", s->n, s->lines);
	}
	ed_text_free(w.old);
	wn_buf_fini(&w.out);
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
