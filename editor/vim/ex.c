/*
 * Reading ex lines, and the commands on lines.
 */
#include "editor/vim/ex.h"

#include "editor/vim/regex.h"

#include <stdio.h>

/* ---- reading ------------------------------------------------------------------------------------
 */

static struct wn_str
from(struct wn_str s, size_t i)
{
	return wn_str_sub(s, i, s.len);
}

static void
blanks(struct wn_str *s)
{
	while (s->len && (vi_is_blank((unsigned char)s->p[0]) || s->p[0] == ':'))
		*s = from(*s, 1);
}

struct wn_str
vi_ex_pattern(struct wn_str *s, char delim)
{
	struct wn_str all = *s;
	size_t i = 0;

	while (i < all.len && all.p[i] != delim)
		i += all.p[i] == '\\' && i + 1 < all.len ? 2 : 1;
	*s = i < all.len ? from(all, i + 1) : from(all, all.len);
	return wn_str_sub(all, 0, i < all.len ? i : all.len);
}

static bool
digits(struct wn_str *s, size_t *n)
{
	bool any = false;

	for (*n = 0; s->len && s->p[0] >= '0' && s->p[0] <= '9'; *s = from(*s, 1)) {
		*n = *n > 99999999 ? *n : *n * 10 + (size_t)(s->p[0] - '0');
		any = true;
	}
	return any;
}

/* The row (from 1) of the next or previous line with the pattern; 0: none. */
static size_t
row_with(struct ed_vim *v, struct wn_str pat, bool back, size_t row)
{
	struct ed_search *q;
	struct ed_match m;
	size_t pos;

	if (pat.len > 0) {
		wn_buf_clear(&v->sh->pattern);
		(void)wn_buf_str(&v->sh->pattern, pat);
	}
	q = vi_compile(v, wn_buf_view(&v->sh->pattern), true);
	if (!q)
		return 0;
	pos = vi_row_begin(v, row > 0 ? row - 1 : 0);
	if (back ? vi_find_prev(v, q, pos, &m)
		 : vi_find_next(v, q, row > 0 ? vi_stop(v, pos) : 0, &m))
		return vi_row(v, m.from) + 1;
	if (v->opt.ws && (back ? vi_find_prev(v, q, vi_len(v), &m) : vi_find_next(v, q, 0, &m)))
		return vi_row(v, m.from) + 1;
	vi_fail(v, "Pattern not found: %.*s", WN_STR_ARG(wn_buf_view(&v->sh->pattern)));
	return 0;
}

/* The start of an address; 1 found, 0 none, -1 wrong. */
static int
base(struct ed_vim *v, struct wn_str *s, size_t here, size_t *row)
{
	char c = s->len ? s->p[0] : 0;
	size_t pos;

	if (digits(s, row))
		return 1;
	switch (c) {
	case '.':
		*row = here;
		break;
	case '$':
		*row = vi_rows(v);
		break;
	case '\'':
		pos = s->len > 1 ? vi_mark_pos(v, vi_mark_of(v, (unsigned char)s->p[1])) : VI_NONE;
		if (pos == VI_NONE) {
			vi_fail(v, "Mark not set");
			return -1;
		}
		*row = vi_row(v, pos) + 1;
		*s = from(*s, 1);
		break;
	case '/':
	case '?': {
		*s = from(*s, 1);
		struct wn_str pat = vi_ex_pattern(s, c);
		*row = row_with(v, pat, c == '?', here);
		return *row ? 1 : -1;
	}
	case '\\':
		*row = row_with(v, WN_STR_NONE, s->len > 1 && s->p[1] == '?', here);
		*s = from(*s, 2);
		return *row ? 1 : -1;
	case '+':
	case '-':
		*row = here;
		return 1;
	default:
		return 0;
	}
	*s = from(*s, 1);
	return 1;
}

/* Address with its "+2-1" behind; as base(). */
static int
address(struct ed_vim *v, struct wn_str *s, size_t here, size_t *row)
{
	int r;

	blanks(s);
	r = base(v, s, here, row);
	if (r <= 0)
		return r;
	for (blanks(s);
	     s->len && (s->p[0] == '+' || s->p[0] == '-' || (s->p[0] >= '0' && s->p[0] <= '9'));
	     blanks(s)) {
		bool minus = s->p[0] == '-';
		size_t n;
		if (s->p[0] == '+' || minus)
			*s = from(*s, 1);
		if (!digits(s, &n))
			n = 1;
		*row = minus ? (*row > n ? *row - n : 0) : *row + n;
	}
	return 1;
}

bool
vi_ex_address(struct ed_vim *v, struct wn_str *s, size_t *row_out)
{
	int r = address(v, s, vi_row(v, v->cur) + 1, row_out);

	if (r == 0 || (r > 0 && *row_out > vi_rows(v)))
		vi_fail(v, "Invalid address");
	return r > 0 && !v->failed;
}

bool
vi_ex_range(struct ed_vim *v, struct wn_str *s, struct vi_ex *x)
{
	size_t here = vi_row(v, v->cur) + 1, row;
	int r;

	x->first = x->last = here;
	x->given = 0;
	blanks(s);
	if (s->len && (s->p[0] == '%' || s->p[0] == '*')) {
		x->first = 1;
		x->last = vi_rows(v);
		x->given = 2;
		if (s->p[0] == '*') {
			size_t a = vi_mark_pos(v, &v->mark[VI_MARK_LT]);
			size_t b = vi_mark_pos(v, &v->mark[VI_MARK_GT]);
			if (a == VI_NONE || b == VI_NONE)
				return false;
			x->first = vi_row(v, a) + 1;
			x->last = vi_row(v, b) + 1;
		}
		*s = from(*s, 1);
		blanks(s);
		return true;
	}
	for (;;) {
		row = here;
		r = address(v, s, here, &row);
		if (r < 0)
			return false;
		blanks(s);
		bool more = s->len && (s->p[0] == ',' || s->p[0] == ';');
		if (r == 0 && !more && x->given == 0)
			return true;
		x->first = x->given ? x->last : row;
		x->last = row;
		x->given++;
		if (!more)
			break;
		if (s->p[0] == ';')
			here = row;
		*s = from(*s, 1);
	}
	if (x->given == 1)
		x->first = x->last;
	return true;
}

/* ---- commands on lines
 * ----------------------------------------------------------------------------- */

static size_t
begin_of(struct ed_vim *v, size_t row)
{
	return vi_row_begin(v, row > 0 ? row - 1 : 0);
}

/* "[x] [count]" behind :d and :y. */
static struct vi_region
lines_of(struct ed_vim *v, const struct vi_ex *x, uint32_t *reg)
{
	struct vi_region r = { .type = 'V' };
	struct wn_str s = x->rest;
	size_t first = x->first, last = x->last, n;

	*reg = 0;
	if (s.len && !(s.p[0] >= '0' && s.p[0] <= '9') &&
	    vi_reg_valid((unsigned char)s.p[0], true)) {
		*reg = (unsigned char)s.p[0];
		s = from(s, 1);
		blanks(&s);
	}
	if (digits(&s, &n) && n > 0) {
		first = last;
		last = last + n - 1;
	}
	last = last > vi_rows(v) ? vi_rows(v) : last;
	r.from = begin_of(v, first);
	r.to = begin_of(v, last);
	r.lines = last - (first ? first : 1) + 1;
	return r;
}

static void
x_delete(struct ed_vim *v, const struct vi_ex *x)
{
	struct vi_cmd c = { .count = 1, .op = 'd' };
	struct vi_region r = lines_of(v, x, &c.reg);

	v->cur = r.from;
	vi_operate(v, &c, &r);
}

static void
x_yank(struct ed_vim *v, const struct vi_ex *x)
{
	struct vi_cmd c = { .count = 1, .op = 'y' };
	struct vi_region r = lines_of(v, x, &c.reg);

	vi_operate(v, &c, &r);
}

static void
x_put(struct ed_vim *v, const struct vi_ex *x)
{
	const struct vi_register *r = vi_reg_get(v, x->rest.len ? (unsigned char)x->rest.p[0] : 0);
	struct vi_register lines = { .type = 'V' };
	size_t rows = 1;

	if (!r) {
		vi_fail(v, "Nothing in register");
		return;
	}
	wn_buf_init(&lines.text, VI_REG_MAX);
	(void)wn_buf_str(&lines.text, wn_buf_view(&r->text));
	for (size_t i = 0; i < lines.text.len; i++)
		rows += lines.text.p[i] == '\n';
	bool before = x->bang || x->last == 0;
	v->cur = begin_of(v, x->last);
	vi_put_text(v, &lines, 1, (struct vi_put){ .before = before });
	v->cur = vi_nonblank(v, vi_row_begin(v, vi_row(v, v->cur) + rows - 1));
	wn_buf_fini(&lines.text);
}

static void
copy_lines(struct ed_vim *v, const struct vi_ex *x, struct wn_buf *b)
{
	wn_buf_init(b, VI_REG_MAX);
	vi_copy(v, begin_of(v, x->first), vi_end(v, begin_of(v, x->last)), b);
}

/* :t and :m. The cursor goes to the last line put. */
static void
x_copy(struct ed_vim *v, const struct vi_ex *x)
{
	struct wn_str rest = x->rest;
	struct wn_buf b;
	size_t to, n = x->last - x->first + 1;

	if (!vi_ex_address(v, &rest, &to))
		return;
	copy_lines(v, x, &b);
	(void)vi_insert_lines(v, begin_of(v, to), to > 0, wn_buf_view(&b));
	wn_buf_fini(&b);
	v->cur = vi_on_char(v, vi_nonblank(v, begin_of(v, to + n)));
}

static void
x_move(struct ed_vim *v, const struct vi_ex *x)
{
	struct wn_str rest = x->rest;
	struct wn_buf b;
	size_t to, n = x->last - x->first + 1;

	if (!vi_ex_address(v, &rest, &to))
		return;
	if (to >= x->first && to < x->last) {
		vi_fail(v, "Cannot move a range of lines into itself");
		return;
	}
	if (to + 1 == x->first || to == x->last) { /* where they are */
		v->cur = vi_on_char(v, vi_nonblank(v, begin_of(v, to == x->last ? to : to + n)));
		return;
	}
	copy_lines(v, x, &b);
	if (to > x->last) {
		(void)vi_insert_lines(v, begin_of(v, to), true, wn_buf_view(&b));
		(void)vi_delete_lines(v, begin_of(v, x->first), begin_of(v, x->last));
		v->cur = begin_of(v, to);
	} else {
		(void)vi_delete_lines(v, begin_of(v, x->first), begin_of(v, x->last));
		(void)vi_insert_lines(v, begin_of(v, to), to > 0, wn_buf_view(&b));
		v->cur = begin_of(v, to + n);
	}
	v->cur = vi_on_char(v, vi_nonblank(v, v->cur));
	wn_buf_fini(&b);
}

static void
x_join(struct ed_vim *v, const struct vi_ex *x)
{
	size_t first = x->first, last = x->last, n;
	struct wn_str s = x->rest;

	if (digits(&s, &n) && n > 0) {
		first = last;
		last = last + n - 1;
	} else if (first == last) {
		last++;
		if (x->given >= 2)
			return;
		if (last > vi_rows(v)) {
			vi_fail(v, NULL);
			return;
		}
	}
	last = last > vi_rows(v) ? vi_rows(v) : last;
	v->cur = begin_of(v, first);
	if (last > first)
		vi_op_join(v, v->cur, last - first + 1, !x->bang);
	v->cur = vi_on_char(v, vi_nonblank(v, v->cur));
}

static void
x_shift(struct ed_vim *v, const struct vi_ex *x)
{
	struct vi_region r = { .type = 'V' };
	size_t amount = 1, n, first = x->first, last = x->last;
	struct wn_str s = x->rest;

	while (s.len && s.p[0] == x->name[0]) {
		amount++;
		s = from(s, 1);
	}
	blanks(&s);
	if (digits(&s, &n) && n > 0) {
		first = last;
		last = last + n - 1;
	}
	last = last > vi_rows(v) ? vi_rows(v) : last;
	r.from = begin_of(v, first);
	r.to = begin_of(v, last);
	r.lines = last - first + 1;
	vi_op_shift(v, &r, amount, x->name[0] == '<');
	v->cur = vi_on_char(v, vi_nonblank(v, begin_of(v, last)));
}

static void
x_goto(struct ed_vim *v, const struct vi_ex *x)
{
	vi_jump_from(v, v->cur);
	v->cur = vi_on_char(v, vi_nonblank(v, begin_of(v, x->last)));
}

static void
x_mark(struct ed_vim *v, const struct vi_ex *x)
{
	struct vi_mark *m = x->rest.len ? vi_mark_of(v, (unsigned char)x->rest.p[0]) : NULL;

	if (m)
		vi_mark_set(v, m, begin_of(v, x->last));
	else
		vi_fail(v, "which mark?");
}

static void
x_undo(struct ed_vim *v, const struct vi_ex *x)
{
	vi_undo(v, 1, x->name[0] == 'u' ? -1 : 1);
}

static void
x_nohl(struct ed_vim *v, const struct vi_ex *x)
{
	(void)x;
	v->hidden = true;
}

static void
x_line(struct ed_vim *v, const struct vi_ex *x)
{
	vi_say(v, "%zu", x->given ? x->last : vi_rows(v));
}

static void
x_retab(struct ed_vim *v, const struct vi_ex *x)
{
	size_t first = x->given ? x->first : 1, last = x->given ? x->last : vi_rows(v);
	size_t was = vi_row(v, v->cur);

	vi_want(v);
	for (size_t row = first; row <= last && !v->failed; row++) {
		size_t line = begin_of(v, row);
		if (vi_nonblank(v, line) > line)
			(void)vi_set_indent(v, line, vi_indent(v, line));
	}
	v->cur = vi_on_char(v, vi_at_col(v, vi_row_begin(v, was), v->want));
}

static void
x_filter(struct ed_vim *v, const struct vi_ex *x)
{
	struct wn_buf in, out;
	struct wn_str s = x->rest;
	wn_err err;

	if (!v->host.filter || !x->given) {
		vi_fail(v, "shell commands run in a terminal pane here");
		return;
	}
	copy_lines(v, x, &in);
	wn_buf_init(&out, VI_REG_MAX);
	(void)wn_buf_chr(&in, '\n');
	v->diag = (struct wn_diag){ 0 };
	err = v->host.filter(v->host.arg, s, wn_buf_view(&in), &out, &v->diag);
	if (err) {
		vi_fail(v, "%s", v->diag.text);
	} else {
		size_t a = begin_of(v, x->first), b = vi_stop(v, begin_of(v, x->last));
		(void)vi_edit(v, a, b - a, wn_buf_view(&out));
		v->cur = vi_on_char(v, vi_nonblank(v, vi_clamp(v, a)));
	}
	wn_buf_fini(&in);
	wn_buf_fini(&out);
}

/* ---- table
 * ------------------------------------------------------------------------------------------ */

enum {
	ALL = 1,
	BAR = 2,
	GROUP = 4,
	ZERO = 8
}; /* default range; takes '|'; one undo step; line 0 */

static const struct {
	const char *name;
	size_t min; /* letters that are enough */
	unsigned flags;
	void (*fn)(struct ed_vim *, const struct vi_ex *);
} commands[] = {
	{ "substitute", 1, GROUP, vi_ex_sub },
	{ "smagic", 2, GROUP, vi_ex_sub },
	{ "&&", 1, GROUP, vi_ex_again },
	{ "~", 1, GROUP, vi_ex_again },
	{ "global", 1, ALL | BAR, vi_ex_global },
	{ "vglobal", 1, ALL | BAR, vi_ex_global },
	{ "normal", 4, BAR, vi_ex_normal },
	{ "delete", 1, GROUP, x_delete },
	{ "yank", 1, 0, x_yank },
	{ "put", 2, GROUP | ZERO, x_put },
	{ "copy", 2, GROUP, x_copy },
	{ "t", 1, GROUP, x_copy },
	{ "move", 1, GROUP, x_move },
	{ "join", 1, GROUP, x_join },
	{ ">", 1, GROUP, x_shift },
	{ "<", 1, GROUP, x_shift },
	{ "sort", 3, ALL | GROUP, vi_ex_sort },
	{ "set", 2, 0, vi_ex_set },
	{ "setlocal", 4, 0, vi_ex_set },
	{ "nohlsearch", 3, 0, x_nohl },
	{ "mark", 2, 0, x_mark },
	{ "k", 1, 0, x_mark },
	{ "undo", 1, 0, x_undo },
	{ "redo", 3, 0, x_undo },
	{ "retab", 3, GROUP, x_retab },
	{ "=", 1, ZERO, x_line },
	{ "!", 1, BAR | GROUP, x_filter },
	{ "", 0, ZERO, x_goto },
};

static bool
name_char(const struct vi_ex *x, size_t n, char c)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

	if (n == 0)
		return letter || strchr("&~<>=!@#", c);
	return letter && ((x->name[0] | 32) >= 'a' && (x->name[0] | 32) <= 'z');
}

/* ":s" and ":g" take their pattern at once, ":k" its mark; ":dl" is not cut. */
static bool
stops(const struct vi_ex *x, size_t n)
{
	return n == 1 && (x->name[0] == 'k' || strchr("&~<>=!@", x->name[0]));
}

static void
read_name(struct wn_str *s, struct vi_ex *x)
{
	size_t n = 0;

	while (s->len && n < sizeof x->name - 1 && !stops(x, n) && name_char(x, n, s->p[0])) {
		x->name[n++] = s->p[0];
		*s = from(*s, 1);
	}
	x->name[n] = 0;
	if (x->name[0] == '&' && s->len && s->p[0] == '&') {
		x->name[1] = '&';
		x->name[2] = 0;
		*s = from(*s, 1);
	}
	x->bang = n > 0 && x->name[0] != '!' && s->len && s->p[0] == '!';
	if (x->bang)
		*s = from(*s, 1);
}

static int
find(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (n >= commands[i].min && n <= strlen(commands[i].name) &&
		    strncmp(name, commands[i].name, n) == 0)
			return (int)i;
	/* ":sgi" is ":s" with flags */
	if (name[0] == 's' && n > 1 && strspn(name + 1, "gceiIn&r") == n - 1)
		return 0;
	return -1;
}

/* Cuts *s at an unescaped '|'; the rest is for the next command. */
static struct wn_str
cut_bar(struct wn_str *s, bool sub)
{
	struct wn_str all = *s;
	size_t delims = sub && all.len && !vi_is_word((unsigned char)all.p[0]) ? 0 : 3;

	for (size_t i = 0; i < all.len; i++) {
		if (all.p[i] == '\\') {
			i++;
		} else if (delims < 3) { /* in a pattern or a replacement it is itself */
			delims += all.p[i] == all.p[0];
		} else if (all.p[i] == '|') {
			*s = wn_str_sub(all, 0, i);
			return from(all, i + 1);
		}
	}
	return WN_STR_NONE;
}

static void
to_host(struct ed_vim *v, const struct vi_ex *x)
{
	size_t a = 0, b = 0;
	wn_err err = WN_E_NOT_FOUND;

	if (x->given) {
		a = begin_of(v, x->first);
		b = vi_stop(v, begin_of(v, x->last));
	}
	v->diag = (struct wn_diag){ 0 };
	if (v->host.command)
		err = v->host.command(v->host.arg, x->name, x->bang, x->rest, a, b, &v->diag);
	if (err == WN_E_NOT_FOUND && !v->diag.code)
		vi_fail(v, "Not an editor command: %s", x->name);
	else if (err)
		vi_fail(v, "%s", v->diag.text);
}

static bool
range_ok(struct ed_vim *v, struct vi_ex *x, unsigned flags)
{
	size_t rows = vi_rows(v), swap;

	if (!x->given && flags & ALL) {
		x->first = 1;
		x->last = rows;
	}
	if (x->first > x->last) {
		swap = x->first;
		x->first = x->last;
		x->last = swap;
	}
	if (x->name[0] == 0)
		x->last = x->last > rows ? rows : x->last;
	if (x->last > rows) {
		vi_fail(v, "Invalid range");
		return false;
	}
	if (x->first == 0 && !(flags & ZERO))
		x->first = 1;
	if (x->last == 0 && !(flags & ZERO))
		x->last = 1;
	return true;
}

static void
run(struct ed_vim *v, struct vi_ex *x, int i)
{
	if (i < 0) {
		to_host(v, x);
		return;
	}
	if (!range_ok(v, x, commands[i].flags))
		return;
	if (commands[i].flags & GROUP)
		vi_change_begin(v);
	commands[i].fn(v, x);
	if (commands[i].flags & GROUP)
		vi_change_end(v);
}

/* Flags of ":s" that were read as part of its name go back to the rest. */
static void
give_back_flags(struct wn_str *s, struct vi_ex *x)
{
	size_t n = strlen(x->name) - 1 + x->bang;

	if (strncmp("substitute", x->name, strlen(x->name)) == 0)
		return;
	*s = wn_strn(s->p - n, s->len + n);
	x->name[1] = 0;
	x->bang = false;
}

/* One command off *s; false: the line ends there. */
static bool
one(struct ed_vim *v, struct wn_str *s)
{
	struct vi_ex x = { 0 };
	struct wn_str next;
	int i;

	if (!vi_ex_range(v, s, &x)) {
		v->failed = true;
		return false;
	}
	if (s->len ? s->p[0] == '"' : x.given == 0)
		return false;
	read_name(s, &x);
	i = find(x.name);
	if (i == 0 && x.name[0] == 's')
		give_back_flags(s, &x);
	next = i >= 0 && commands[i].flags & BAR ? WN_STR_NONE : cut_bar(s, i == 0);
	while (s->len && vi_is_blank((unsigned char)s->p[0]))
		*s = from(*s, 1);
	x.rest = *s;
	run(v, &x, i);
	*s = next;
	return next.p != NULL;
}

wn_err
vi_ex_line(struct ed_vim *v, struct wn_str line)
{
	struct wn_str s = line;

	if (v->depth == 0 || !v->normal_only) {
		wn_buf_clear(&v->sh->last_ex);
		(void)wn_buf_str(&v->sh->last_ex, line);
	}
	while (!v->failed && one(v, &s))
		;
	v->want = VI_NONE;
	return v->failed ? WN_E_INVALID : 0;
}
