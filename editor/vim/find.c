/*
 * Searching: / ? n N * # gn, with offsets, as motions.
 */
#include "editor/vim/motion.h"
#include "editor/vim/regex.h"

#define BACK_MAX ((size_t)1 << 16) /* a line is looked at this far back for where matches fall */

/* Next match that starts behind pos. Matches are counted from the start of the line, as Vim does,
 * so that overlapping ones fall the same. */
static bool
forward_from(struct ed_vim *v, struct ed_search *s, size_t pos, struct ed_match *m)
{
	size_t at = vi_begin(v, pos);

	if (pos - at > BACK_MAX)
		at = pos;
	while (vi_find_next(v, s, at, m)) {
		if (m->from > pos)
			return true;
		size_t next = m->to > m->from ? m->to : m->from;
		if (next <= at || m->to == m->from) {
			if (vi_inc(v, &next) == -1)
				return false;
		}
		at = next;
	}
	return false;
}

static bool
backward_from(struct ed_vim *v, struct ed_search *s, size_t pos, struct ed_match *m)
{
	size_t at = vi_begin(v, pos), line = at;
	struct ed_match x;
	bool found = false;

	if (pos - at > BACK_MAX)
		at = pos - BACK_MAX;
	while (at < pos && vi_find_next(v, s, at, &x) && x.from < pos) {
		*m = x;
		found = true;
		at = x.to > x.from ? x.to : x.from;
		if (x.to == x.from && vi_inc(v, &at) == -1)
			break;
	}
	if (found || line == 0)
		return found;
	/* matches that start in lines before may end in this one */
	for (size_t from = line; from > 0;) {
		from = vi_prev_line(v, from);
		for (at = from; vi_find_next(v, s, at, &x) && x.from < line;) {
			*m = x;
			found = true;
			at = x.to > x.from ? x.to : x.from;
			if (x.to == x.from && vi_inc(v, &at) == -1)
				break;
		}
		if (found)
			return true;
		if (line - from > BACK_MAX)
			return vi_find_prev(v, s, from, m);
	}
	return false;
}

/* The count-th match in a direction, around the end of the text when 'wrapscan' says so. */
static bool
search(struct ed_vim *v, struct ed_search *s, size_t pos, bool back, size_t count,
       struct ed_match *m)
{
	size_t last = vi_len(v);

	while (count-- > 0) {
		bool ok = back ? backward_from(v, s, pos, m) : forward_from(v, s, pos, m);
		if (!ok && v->opt.ws) {
			if (back)
				ok = backward_from(v, s, last + 1, m);
			else
				ok = vi_find_next(v, s, 0, m);
		}
		if (!ok)
			return false;
		pos = m->from;
	}
	return true;
}

/* ---- offsets
 * -------------------------------------------------------------------------------------------- */

struct offset {
	char base; /* 'e', 's', 0: lines */
	long n;
	bool line, any;
};

static struct offset
offset_of(struct wn_str s)
{
	struct offset o = { 0 };
	size_t i = 0;
	long sign = 1;
	bool digits = false;

	if (s.len == 0)
		return o;
	o.any = true;
	if (strchr("esb", s.p[0])) {
		o.base = s.p[0] == 'b' ? 's' : s.p[0];
		i++;
	} else {
		o.line = true;
	}
	if (i < s.len && (s.p[i] == '+' || s.p[i] == '-'))
		sign = s.p[i++] == '-' ? -1 : 1, o.n = 1;
	for (; i < s.len && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
		o.n = digits ? o.n * 10 : 0;
		digits = true;
		o.n += s.p[i] - '0';
	}
	o.n *= sign;
	return o;
}

static void
apply_offset(struct ed_vim *v, const struct offset *o, const struct ed_match *m,
	     struct vi_target *t)
{
	size_t pos = m->from;
	long n = o->n;

	if (o->line) {
		size_t begin = vi_begin(v, pos);
		if (n >= 0)
			(void)vi_lines_down(v, begin, (size_t)n, &begin);
		else
			(void)vi_lines_up(v, begin, (size_t)-n, &begin);
		t->line = true;
		t->to = vi_nonblank(v, begin);
		return;
	}
	if (o->base == 'e') {
		pos = m->to;
		if (m->to > m->from)
			(void)vi_decl(v, &pos);
		t->incl = true;
	}
	for (; n > 0; n--)
		if (vi_incl(v, &pos) == -1)
			break;
	for (; n < 0; n++)
		if (vi_decl(v, &pos) == -1)
			break;
	t->to = pos;
}

/* With an offset the search goes on from the match, not from where the offset led. */
static size_t
start_of(struct ed_vim *v, const struct offset *o, bool back)
{
	size_t pos = v->cur;
	long n = o->n;

	if (!o->any)
		return pos;
	if (o->line)
		return back ? vi_begin(v, pos) : vi_end(v, pos);
	if (o->base == 's') {
		for (; n > 0; n--)
			if (vi_decl(v, &pos) == -1)
				break;
		for (; n < 0; n++)
			if (vi_incl(v, &pos) == -1)
				break;
	}
	return pos;
}

/* For "/x/e": the first match counts when it ends behind the cursor (before it, backward). */
static bool
first_end(struct ed_vim *v, struct ed_search *s, bool back, struct ed_match *m)
{
	size_t pos = v->cur, at = vi_begin(v, pos);
	struct ed_match x;
	bool found = false;

	while (vi_find_next(v, s, at, &x) && (!back || x.from < pos)) {
		size_t last = x.to > x.from ? x.to - 1 : x.to;
		if (back ? last < pos : last > pos && x.to > vi_right(v, pos)) {
			*m = x;
			found = true;
			if (!back)
				return true;
		}
		at = x.to > x.from ? x.to : x.from;
		if (x.to == x.from && vi_inc(v, &at) == -1)
			break;
	}
	if (found)
		return true;
	if (back && vi_begin(v, pos) > 0 && backward_from(v, s, vi_begin(v, pos), m))
		return true;
	return v->opt.ws &&
	       (back ? backward_from(v, s, vi_len(v) + 1, m) : vi_find_next(v, s, 0, m));
}

static bool
search_end(struct ed_vim *v, struct ed_search *s, bool back, size_t count, struct ed_match *m)
{
	if (!first_end(v, s, back, m))
		return false;
	while (--count > 0) {
		size_t pos = back ? m->from : m->to > m->from ? vi_left(v, m->to) : m->from;
		if (!search(v, s, pos, back, 1, m))
			return false;
	}
	return true;
}

static bool
run(struct ed_vim *v, bool back, size_t count, struct vi_target *t)
{
	struct wn_str pat = wn_buf_view(&v->sh->pattern);
	struct offset o = offset_of(wn_buf_view(&v->sh->offset));
	struct ed_search *s;
	struct ed_match m;
	bool ok;

	if (pat.len == 0) {
		vi_fail(v, "No previous regular expression");
		return false;
	}
	s = vi_compile(v, pat, true);
	if (!s)
		return false;
	ok = o.base == 'e' ? search_end(v, s, back, count, &m)
			   : search(v, s, start_of(v, &o, back), back, count, &m);
	if (!ok) {
		vi_fail(v, "Pattern not found: %.*s", WN_STR_ARG(pat));
		return false;
	}
	t->one = true;
	apply_offset(v, &o, &m, t);
	return true;
}

/* The pattern up to its delimiter; the rest is the offset. */
static size_t
pattern_len(struct wn_str s, char delim)
{
	size_t i = 0;

	while (i < s.len && s.p[i] != delim) {
		if (s.p[i] == '\\' && i + 1 < s.len)
			i++;
		else if (s.p[i] == '[') {
			size_t k = i + 1;
			if (k < s.len && s.p[k] == '^')
				k++;
			if (k < s.len && s.p[k] == ']')
				k++;
			while (k < s.len && s.p[k] != ']')
				k += s.p[k] == '\\' ? 2 : 1;
			if (k < s.len)
				i = k;
		}
		i++;
	}
	return i < s.len ? i : s.len;
}

static void
set(struct wn_buf *b, struct wn_str s)
{
	wn_buf_clear(b);
	(void)wn_buf_str(b, s);
}

bool
vi_move_search(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	bool back = c->key == '?';
	char delim = (char)c->key;
	struct wn_str s = c->text;
	size_t n = pattern_len(s, delim), count = c->count;
	struct wn_str rest = n < s.len ? wn_str_sub(s, n + 1, s.len) : WN_STR_NONE;
	ptrdiff_t semi = wn_str_chr(rest, ';');
	struct wn_str then = WN_STR_NONE;

	if (semi >= 0 && (size_t)semi + 1 < rest.len && strchr("/?", rest.p[semi + 1])) {
		then = wn_str_sub(rest, (size_t)semi + 1, rest.len);
		rest.len = (size_t)semi;
	}
	if (n > 0)
		set(&v->sh->pattern, wn_str_sub(s, 0, n));
	if (n > 0 || n < s.len)
		set(&v->sh->offset, rest);
	v->sh->pattern_back = back;
	if (!run(v, back, count, t))
		return false;
	if (then.len > 0) {
		struct vi_cmd more = *c;
		size_t was = v->cur;
		bool ok;
		more.key = (uint32_t)then.p[0];
		more.count = 1;
		more.text = wn_str_sub(then, 1, then.len);
		v->cur = t->to;
		t->line = t->incl = false;
		ok = vi_move_search(v, &more, t);
		v->cur = was;
		return ok;
	}
	return true;
}

bool
vi_move_next(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	return run(v, v->sh->pattern_back != (c->key == 'N'), c->count, t);
}

/* ---- * and #
 * ---------------------------------------------------------------------------------------------- */

/* The word at or behind the cursor in its line, or else other signs. */
static bool
word_under(struct ed_vim *v, size_t *from, size_t *to)
{
	size_t pos = v->cur, end = vi_end(v, pos), a;
	int class;

	for (a = pos; a < end && vi_class(v, a, false) < 2;)
		a = vi_right(v, a);
	if (a == end) {
		for (a = pos; a < end && vi_class(v, a, false) == 0;)
			a = vi_right(v, a);
	}
	if (a >= end)
		return false;
	class = vi_class(v, a, false);
	while (a > vi_begin(v, a) && vi_class(v, vi_left(v, a), false) == class)
		a = vi_left(v, a);
	*from = *to = a;
	while (*to < end && vi_class(v, *to, false) == class)
		*to = vi_right(v, *to);
	return true;
}

bool
vi_move_star(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	uint32_t key = c->key & 0xFFFFFF;
	bool whole = c->key >> 24 != 'g';
	size_t from, to, was = v->cur;
	struct wn_buf b;
	bool ok;

	if (!word_under(v, &from, &to)) {
		vi_fail(v, "No string under cursor");
		return false;
	}
	whole = whole && vi_class(v, from, false) > 1;
	wn_buf_clear(&v->sh->pattern);
	if (whole)
		(void)wn_buf_cstr(&v->sh->pattern, "\\<");
	wn_buf_init(&b, 65536);
	(void)ed_text_copy(vi_text(v), from, to, &b);
	for (size_t i = 0; i < b.len; i++) {
		if (strchr(key == '#' ? "\\^$.*[~?" : "\\^$.*[~/", b.p[i]))
			(void)wn_buf_chr(&v->sh->pattern, '\\');
		(void)wn_buf_chr(&v->sh->pattern, b.p[i]);
	}
	wn_buf_fini(&b);
	if (whole)
		(void)wn_buf_cstr(&v->sh->pattern, "\\>");
	wn_buf_clear(&v->sh->offset);
	v->sh->pattern_back = key == '#';
	v->cur = from; /* the word we are on does not count */
	ok = run(v, key == '#', c->count, t);
	if (ok)
		v->cur = was;
	return ok;
}

/* gn: the match under or behind the cursor (gN: before it). */
bool
vi_object_match(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t)
{
	bool back = c->key == VI_K2('g', 'N');
	struct ed_search *s;
	struct ed_match m;
	size_t pos = v->cur;

	if (v->sh->pattern.len == 0)
		return false;
	s = vi_compile(v, wn_buf_view(&v->sh->pattern), true);
	if (!s)
		return false;
	/* one that the cursor is in */
	if (!back && backward_from(v, s, pos + 1, &m) && m.from <= pos && pos < m.to)
		;
	else if (back && backward_from(v, s, pos + 1, &m))
		;
	else if (!search(v, s, pos, back, 1, &m))
		return false;
	t->from = v->visual && v->anchor != v->cur ? v->anchor : m.from;
	t->to = m.to;
	t->incl = m.to > m.from;
	if (t->incl)
		(void)vi_decl(v, &t->to);
	if (back) {
		size_t swap = t->from;
		t->from = t->to;
		t->to = swap;
	}
	t->block = true;
	return true;
}
