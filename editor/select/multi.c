/*
 * Making many selections, and the commands on what is in them.
 */
#include "editor/select/multi.h"

#include <stdlib.h>

#include "editor/select/view_private.h"
#include "runtime/base/utf8.h"

#define SORT_MAX ((size_t)256 << 20)

typedef WN_VEC(struct ed_match) ranges;

/* The ranges become the selections. */
static size_t
take(struct ed_view *v, ranges *r)
{
	size_t n = r->len;

	for (size_t i = 0; i < n; i++) {
		struct ed_sel s;
		ed_sel_set(&s, r->p[i].from, r->p[i].to);
		if (i == 0) {
			wn_vec_clear(&v->sels);
			v->main = 0;
		}
		wn_vec_push(&v->sels, s);
	}
	if (n > 0) {
		v->typed_version = 0;
		ed_view_settle(v);
	}
	wn_vec_fini(r);
	return n;
}

void
ed_view_add_vertical(struct ed_view *v, bool below)
{
	const struct ed_text *t = ed_doc_text(v->doc);
	size_t at = below ? ed_sel_to(&wn_vec_last(&v->sels)) : ed_sel_from(&v->sels.p[0]);
	size_t col = ed_col_of(v->doc, at), begin = ed_text_line_begin(t, at), pos;
	size_t end = ed_text_line_end(t, at);

	if (v->sels.len >= ED_SELS_MAX || (below ? end >= ed_text_len(t) : begin == 0))
		return;
	pos = ed_pos_at_col(v->doc, below ? end + 1 : ed_text_line_begin(t, begin - 1), col);
	ed_view_add(v, pos, pos);
}

/* Matches in from..to; with gaps what is between them instead. */
static void
find_in(struct ed_view *v, struct ed_search *s, size_t from, size_t to, bool gaps, ranges *out)
{
	const struct ed_text *t = ed_doc_text(v->doc);
	struct ed_match m;
	size_t at = from, last = from;

	while (out->len < ED_SELS_MAX && ed_search_next(s, t, at, NULL, &m) == 0 && m.to <= to) {
		if (!gaps)
			wn_vec_push(out, m);
		else if (m.from > last)
			wn_vec_push(out, (struct ed_match){ last, m.from });
		last = m.to;
		at = m.to > m.from ? m.to : ed_next_cluster(t, m.to);
		if (at == m.to && m.to == m.from)
			break;
	}
	if (gaps && to > last)
		wn_vec_push(out, (struct ed_match){ last, to });
}

static size_t
each(struct ed_view *v, struct ed_search *s, bool gaps)
{
	ranges found = { 0 };

	for (size_t i = 0; i < v->sels.len; i++)
		find_in(v, s, ed_sel_from(&v->sels.p[i]), ed_sel_to(&v->sels.p[i]), gaps, &found);
	return take(v, &found);
}

size_t
ed_view_select_matches(struct ed_view *v, struct ed_search *s, bool in_selection)
{
	ranges found = { 0 };

	if (in_selection)
		return each(v, s, false);
	find_in(v, s, 0, ed_text_len(ed_doc_text(v->doc)), false, &found);
	return take(v, &found);
}

size_t
ed_view_split(struct ed_view *v, struct ed_search *s)
{
	return each(v, s, true);
}

void
ed_view_split_lines(struct ed_view *v)
{
	const struct ed_text *t = ed_doc_text(v->doc);
	ranges ends = { 0 };

	for (size_t i = 0; i < v->sels.len; i++) {
		size_t from = ed_sel_from(&v->sels.p[i]), to = ed_sel_to(&v->sels.p[i]);
		if (to > from && ed_text_line_begin(t, to) == to)
			to--;
		for (; ends.len < ED_SELS_MAX; from = ed_text_line_end(t, from) + 1) {
			size_t end = ed_doc_line_end(v->doc, from);
			wn_vec_push(&ends, (struct ed_match){ end, end });
			if (ed_text_line_end(t, from) >= to)
				break;
		}
	}
	(void)take(v, &ends);
}

/* ---- letters --------------------------------------------------------------------------------- */

static wn_err
change_letters(struct ed_view *v, size_t from, size_t to, enum ed_letters how)
{
	struct wn_buf in, out;
	uint32_t cp;
	char buf[4];
	wn_err err;

	wn_buf_init(&in, SORT_MAX);
	wn_buf_init(&out, SORT_MAX);
	err = ed_text_copy(ed_doc_text(v->doc), from, to, &in);
	for (size_t i = 0, n; i < in.len; i += n) {
		n = wn_utf8_decode(in.p + i, in.len - i, &cp);
		if (cp == WN_UTF8_BAD) {
			(void)wn_buf_add(&out, in.p + i, n);
			continue;
		}
		cp = how == ED_LETTERS_UPPER ? wn_utf8_upper(cp) : wn_utf8_lower(cp);
		(void)wn_buf_add(&out, buf, wn_utf8_encode(cp, buf));
	}
	err = err ? err : out.err;
	if (!err)
		err = ed_doc_edit(v->doc, from, to - from, wn_buf_view(&out));
	wn_buf_fini(&in);
	wn_buf_fini(&out);
	return err;
}

static wn_err
explain(wn_err err, struct wn_diag *d)
{
	if (err == WN_E_READ_ONLY)
		return wn_fail(d, err, "this document is read-only");
	return err ? wn_fail(d, err, "the edit failed") : 0;
}

wn_err
ed_view_case(struct ed_view *v, enum ed_letters how, struct wn_diag *d)
{
	wn_err err = 0;

	v->typed_version = 0;
	ed_view_group(v);
	for (size_t i = v->sels.len; i-- > 0 && !err;) {
		struct ed_sel keep = v->sels.p[i];
		size_t from = ed_sel_from(&keep), to = ed_sel_to(&keep), len;
		if (from == to)
			ed_word_around(ed_doc_text(v->doc), from, &from, &to);
		len = ed_text_len(ed_doc_text(v->doc));
		err = to > from ? change_letters(v, from, to, how) : 0;
		if (keep.anchor != keep.head && !err) { /* still all of it */
			to += ed_text_len(ed_doc_text(v->doc)) - len;
			ed_sel_set(&keep, keep.anchor < keep.head ? from : to,
				   keep.anchor < keep.head ? to : from);
			v->sels.p[i] = keep;
		}
	}
	ed_view_ungroup(v);
	return explain(err, d);
}

/* ---- sorting -----------------------------------------------------------------------------------
 */

static int
by_bytes(const void *a, const void *b)
{
	return wn_str_cmp(*(const struct wn_str *)a, *(const struct wn_str *)b);
}

static int
by_bytes_down(const void *a, const void *b)
{
	return by_bytes(b, a);
}

static wn_err
sorted(struct wn_str text, struct wn_str eol, bool descending, struct wn_buf *out)
{
	WN_VEC(struct wn_str) lines = { 0 };
	struct wn_str line;

	while (wn_str_split(&text, '\n', &line)) {
		if (line.len && line.p[line.len - 1] == '\r')
			line.len--;
		wn_vec_push(&lines, line);
	}
	if (lines.len > 0)
		qsort(lines.p, lines.len, sizeof *lines.p, descending ? by_bytes_down : by_bytes);
	for (size_t i = 0; i < lines.len; i++) {
		if (i)
			(void)wn_buf_str(out, eol);
		(void)wn_buf_str(out, lines.p[i]);
	}
	wn_vec_fini(&lines);
	return out->err;
}

wn_err
ed_view_sort(struct ed_view *v, bool descending, struct wn_diag *d)
{
	const struct ed_text *t = ed_doc_text(v->doc);
	const struct ed_sel *s = &v->sels.p[v->main];
	size_t from = ed_sel_from(s), to = ed_sel_to(s), len = ed_text_len(t);
	struct wn_buf in, out;
	wn_err err;

	if (from == to) {
		from = 0;
		to = len;
	}
	if (to > from && ed_text_line_begin(t, to) == to)
		to--;
	from = ed_text_line_begin(t, from);
	to = ed_doc_line_end(v->doc, to);
	wn_buf_init(&in, SORT_MAX);
	wn_buf_init(&out, SORT_MAX);
	err = ed_text_copy(t, from, to, &in);
	if (!err)
		err = sorted(wn_buf_view(&in), ed_eol_of(v), descending, &out);
	v->typed_version = 0;
	ed_view_group(v);
	if (!err && !wn_str_eq(wn_buf_view(&in), wn_buf_view(&out)))
		err = ed_doc_edit(v->doc, from, to - from, wn_buf_view(&out));
	if (!err)
		ed_view_select(v, from, from + out.len);
	ed_view_ungroup(v);
	wn_buf_fini(&in);
	wn_buf_fini(&out);
	return explain(err, d);
}
