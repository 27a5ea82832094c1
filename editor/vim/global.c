/*
 * :g and :v, :normal, :sort. The lines of a :g are rows that follow the edits made meanwhile.
 */
#include "editor/vim/ex.h"
#include "editor/vim/regex.h"

#include <stdlib.h>

/* ---- the lines of :g
 * ------------------------------------------------------------------------------ */

/* rows[at..] are still to be done; delta is to be added to each of them. */
struct vi_marked {
	WN_VEC(size_t) rows;
	size_t at;
	long long delta;
};

static size_t
row_of(const struct vi_marked *m, size_t i)
{
	return (size_t)((long long)m->rows.p[i] + m->delta);
}

/* Edits before the next line move all the rest alike, which is the usual case. */
void
vi_global_edit(struct ed_vim *v, const struct ed_edit *e)
{
	struct vi_marked *m = v->marked;
	long long by = (long long)e->new_end.row - (long long)e->old_end.row;
	bool gone = e->inserted == 0 && e->start.col == 0 && e->old_end.col == 0;
	bool whole = e->start.col == 0 && e->old_end.col == 0;

	if (!m || m->at >= m->rows.len || by == 0 || e->start.row == ED_ROW_UNKNOWN)
		return;
	if (e->old_end.row < row_of(m, m->at) || (whole && e->old_end.row == row_of(m, m->at))) {
		m->delta += by;
		return;
	}
	if (e->start.row > row_of(m, m->rows.len - 1))
		return;
	for (size_t i = m->at; i < m->rows.len; i++) {
		size_t row = row_of(m, i);
		if (m->rows.p[i] == VI_NONE)
			continue;
		if (row > e->old_end.row || (whole && row == e->old_end.row))
			m->rows.p[i] = (size_t)((long long)m->rows.p[i] + by);
		else if (row > e->start.row || (gone && row == e->start.row))
			m->rows.p[i] = VI_NONE;
	}
}

static void
collect(struct ed_vim *v, struct ed_search *q, const struct vi_ex *x, bool not_,
	struct vi_marked *m)
{
	size_t line = vi_row_begin(v, x->first - 1), row = x->first - 1;
	struct ed_match hit = { VI_NONE, VI_NONE };
	bool more = true;

	for (; row < x->last && line != VI_NONE; row++) {
		size_t stop = vi_stop(v, line);
		if (more && (hit.from == VI_NONE || hit.from < line))
			more = (hit.from == VI_NONE
					? ed_search_next(q, vi_text(v), line, NULL, &hit)
					: ed_search_more(q, vi_text(v), line, &hit)) == 0;
		bool in = more && (hit.from < stop || (hit.from == vi_end(v, line)));
		if (in != not_)
			wn_vec_push(&m->rows, row);
		line = vi_next_line(v, line);
	}
}

void
vi_ex_global(struct ed_vim *v, const struct vi_ex *x)
{
	struct wn_str rest = x->rest, pat, cmd;
	bool not_ = x->name[0] == 'v' || x->bang;
	struct vi_marked m = { .at = 0 };
	struct ed_search *q;
	struct wn_buf line;
	size_t done = 0;

	if (v->global) {
		vi_fail(v, "Cannot do :global recursive with a range");
		return;
	}
	if (rest.len == 0 || vi_is_word((unsigned char)rest.p[0])) {
		vi_fail(v, "Regular expression missing from :global");
		return;
	}
	cmd = wn_str_sub(rest, 1, rest.len);
	pat = vi_ex_pattern(&cmd, rest.p[0]);
	if (pat.len > 0) {
		wn_buf_clear(&v->sh->pattern);
		(void)wn_buf_str(&v->sh->pattern, pat);
	}
	q = vi_compile(v, wn_buf_view(&v->sh->pattern), true);
	if (!q)
		return;
	collect(v, q, x, not_, &m);
	if (m.rows.len == 0)
		vi_say(v, "Pattern not found: %.*s", WN_STR_ARG(wn_buf_view(&v->sh->pattern)));
	wn_buf_init(&line, 65536);
	(void)wn_buf_str(&line, cmd.len ? cmd : WN_STR("p"));
	v->marked = &m;
	v->global = true;
	if (m.rows.len > 0)
		v->cur = vi_row_begin(v, m.rows.p[0]);
	vi_change_begin(v);
	while (m.at < m.rows.len && !v->failed) {
		size_t i = m.at++;
		if (m.rows.p[i] == VI_NONE)
			continue;
		v->cur = vi_row_begin(v, row_of(&m, i));
		(void)vi_ex_line(v, wn_buf_view(&line));
		v->failed = false; /* one line that fails does not stop the others */
		done++;
	}
	vi_change_end(v);
	v->global = false;
	v->marked = NULL;
	wn_buf_fini(&line);
	wn_vec_fini(&m.rows);
	if (done > 0)
		v->cur = vi_on_char(v, v->cur);
}

/* ---- :normal
 * ---------------------------------------------------------------------------------------- */

void
vi_ex_normal(struct ed_vim *v, const struct vi_ex *x)
{
	vi_keys keys = { 0 };
	size_t rows = vi_rows(v);
	bool was = v->normal_only;

	if (x->rest.len == 0) {
		vi_fail(v, "Argument required");
		return;
	}
	vi_keys_decode(x->rest, &keys);
	v->normal_only = true;
	if (x->given)
		v->cur = vi_row_begin(v, x->first - 1);
	vi_change_begin(v);
	if (!x->given) {
		(void)vi_run(v, keys.p, keys.len);
		ed_vim_escape(v);
	}
	for (size_t row = x->first; x->given && row <= x->last && row <= rows; row++) {
		v->cur = vi_row_begin(v, row - 1);
		v->want = VI_NONE;
		(void)vi_run(v, keys.p, keys.len);
		ed_vim_escape(v);
		v->failed = false;
	}
	vi_change_end(v);
	v->normal_only = was;
	v->failed = false;
	wn_vec_fini(&keys);
}

/* ---- :sort
 * ------------------------------------------------------------------------------------------- */

struct row {
	struct wn_str line, key;
	double n;
	bool has;
	size_t i;
};

struct sort {
	bool icase, numeric, unique, reverse, with_match, hex;
};

static int
fold(struct wn_str a, struct wn_str b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		int x = (unsigned char)a.p[i], y = (unsigned char)b.p[i];
		x = x >= 'A' && x <= 'Z' ? x + 32 : x;
		y = y >= 'A' && y <= 'Z' ? y + 32 : y;
		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.len < b.len ? -1 : a.len > b.len;
}

static int
by_text(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;
	int r = wn_str_cmp(a->key, b->key);

	return r ? r : a->i < b->i ? -1 : 1;
}

static int
by_fold(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;
	int r = fold(a->key, b->key);

	return r ? r : a->i < b->i ? -1 : 1;
}

/* Lines without a number come first, as they are. */
static int
by_number(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;

	if (a->has != b->has)
		return a->has ? 1 : -1;
	if (a->has && a->n != b->n)
		return a->n < b->n ? -1 : 1;
	return a->i < b->i ? -1 : 1;
}

static void
number_of(struct row *r, bool hex)
{
	struct wn_str s = r->key;
	char buf[64];
	size_t i = 0, n = 0;
	const char *set = hex ? "0123456789abcdefABCDEF" : "0123456789";

	while (i < s.len && !(s.p[i] && strchr(set, s.p[i])))
		i++;
	if (i < s.len && i > 0 && s.p[i - 1] == '-')
		buf[n++] = '-';
	if (hex && i + 1 < s.len && s.p[i] == '0' && (s.p[i + 1] | 32) == 'x')
		i += 2;
	for (; i < s.len && n < sizeof buf - 1 && s.p[i] && strchr(set, s.p[i]); i++)
		buf[n++] = s.p[i];
	buf[n] = 0;
	r->has = n > 0;
	r->n = hex ? (double)strtoll(buf, NULL, 16) : strtod(buf, NULL);
}

static struct wn_str
flags_of(struct wn_str s, struct sort *o)
{
	while (s.len && strchr(" \tinuxbofr", s.p[0])) {
		o->icase |= s.p[0] == 'i';
		o->numeric |= s.p[0] == 'n' || s.p[0] == 'f';
		o->unique |= s.p[0] == 'u';
		o->hex |= s.p[0] == 'x';
		o->with_match |= s.p[0] == 'r';
		s = wn_str_sub(s, 1, s.len);
	}
	return s;
}

/* Where the key of each line begins and ends, by a pattern. */
static void
keys_by_pattern(struct ed_vim *v, struct wn_str pat, const struct sort *o, size_t line,
		struct row *rows, size_t n)
{
	struct ed_search *q = vi_compile(v, pat, true);
	struct ed_match m;

	for (size_t i = 0; q && i < n; i++, line = vi_next_line(v, line)) {
		bool hit = vi_find_next(v, q, line, &m) && m.from <= vi_end(v, line);
		if (o->with_match) {
			size_t from = hit ? m.from - line : 0, to = hit ? m.to - line : 0;
			rows[i].key = wn_str_sub(rows[i].line, from, to - from);
		} else if (hit) {
			rows[i].key = wn_str_sub(rows[i].line, m.to - line, rows[i].line.len);
		}
	}
}

static void
join_sorted(const struct row *rows, size_t n, const struct sort *o, struct wn_buf *out)
{
	bool any = false;
	const struct row *last = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct row *r = &rows[o->reverse ? n - 1 - i : i];
		if (o->unique && last &&
		    (o->numeric || o->hex ? r->has == last->has && r->n == last->n
		     : o->icase		  ? fold(r->key, last->key) == 0
					  : wn_str_eq(r->key, last->key)))
			continue;
		if (any)
			(void)wn_buf_chr(out, '\n');
		(void)wn_buf_str(out, r->line);
		last = r;
		any = true;
	}
}

void
vi_ex_sort(struct ed_vim *v, const struct vi_ex *x)
{
	size_t n = x->last - x->first + 1, from = vi_row_begin(v, x->first - 1), i = 0;
	size_t to = vi_end(v, vi_row_begin(v, x->last - 1));
	struct sort o = { .reverse = x->bang };
	struct wn_buf text, out, tmp;
	struct wn_str s = flags_of(x->rest, &o), rest, line;
	struct row *rows;

	if (n < 2)
		return;
	wn_buf_init(&text, VI_REG_MAX);
	wn_buf_init(&out, VI_REG_MAX);
	wn_buf_init(&tmp, VI_REG_MAX);
	vi_copy(v, from, to, &text);
	rows = text.err ? NULL : wn_try_alloc(n * sizeof *rows);
	if (!rows) {
		vi_fail(v, "this is too much to sort");
		goto end;
	}
	for (rest = wn_buf_view(&text); i < n && wn_str_split(&rest, '\n', &line); i++)
		rows[i] = (struct row){ .line = line, .key = line, .i = i };
	n = i;
	if (s.len > 1) {
		char delim = s.p[0];
		s = wn_str_sub(s, 1, s.len);
		struct wn_str pat = vi_ex_pattern(&s, delim);
		(void)flags_of(s, &o);
		keys_by_pattern(v, pat.len ? pat : wn_buf_view(&v->sh->pattern), &o, from, rows, n);
	}
	for (i = 0; (o.numeric || o.hex) && i < n; i++)
		number_of(&rows[i], o.hex);
	for (i = 0; o.reverse && i < n; i++) /* equal ones keep their order either way */
		rows[i].i = n - i;
	qsort(rows, n, sizeof *rows, o.numeric || o.hex ? by_number : o.icase ? by_fold : by_text);
	join_sorted(rows, n, &o, &out);
	if (!out.err && !wn_str_eq(wn_buf_view(&text), wn_buf_view(&out)))
		(void)vi_edit(v, from, to - from, vi_with_eol(v, wn_buf_view(&out), &tmp));
	v->cur = vi_on_char(v, vi_nonblank(v, vi_row_begin(v, x->first - 1)));
end:
	wn_free(rows);
	wn_buf_fini(&text);
	wn_buf_fini(&out);
	wn_buf_fini(&tmp);
}
