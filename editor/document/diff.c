/*
 * Differences by E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the greedy
 * form with all its fronts kept, over hashes of lines, behind what both have at head and tail.
 */
#include "editor/document/diff.h"

#include "runtime/base/hash.h"

#define FRONTS_MAX 1500 /* edits looked for before it is called rough */

struct lines {
	WN_VEC(uint64_t) of;
};

static wn_err
hash_lines(const struct ed_text *t, struct lines *out)
{
	struct wn_buf part; /* a line that goes over chunks */
	struct ed_iter it;
	wn_err err = 0;

	wn_buf_init(&part, ED_DIFF_MAX + 1);
	for (bool more = ed_iter_init(&it, t, 0); more; more = ed_iter_next(&it)) {
		struct wn_str s = it.chunk;
		ptrdiff_t nl;

		while ((nl = wn_str_chr(s, '\n')) >= 0) {
			(void)wn_buf_add(&part, s.p, (size_t)nl + 1);
			wn_vec_push(&out->of, wn_hash64(part.p, part.len, 0));
			wn_buf_cut(&part, 0);
			s = wn_str_sub(s, (size_t)nl + 1, s.len);
		}
		(void)wn_buf_str(&part, s);
	}
	if (part.len > 0)
		wn_vec_push(&out->of, wn_hash64(part.p, part.len, 0));
	ed_iter_fini(&it);
	err = part.err;
	wn_buf_fini(&part);
	return err;
}

/* Two stretches and the furthest points of each number of edits. */
struct search {
	const uint64_t *a, *b;
	int64_t n, m;
	WN_VEC(int32_t *) fronts; /* fronts[d][k + d]: x on diagonal k after d edits */
};

static int32_t
reach(const struct search *s, int32_t x, int64_t k)
{
	while (x < s->n && x - k < s->m && s->a[x] == s->b[x - k])
		x++;
	return x;
}

/* Whether the step to diagonal k came down from k + 1 (a line of b more). */
static bool
from_above(const int32_t *before, int64_t d, int64_t k)
{
	return k == -d || (k != d && before[k - 1 + d - 1] < before[k + 1 + d - 1]);
}

/* The number of edits, or -1 when there are more than are looked for. */
static int64_t
find_fronts(struct search *s)
{
	const int32_t *before = NULL;

	for (int64_t d = 0; d <= FRONTS_MAX; d++) {
		int32_t *now = wn_alloc_array((size_t)(2 * d + 1), sizeof *now);

		wn_vec_push(&s->fronts, now);
		for (int64_t k = -d; k <= d; k += 2) {
			int32_t x = 0;

			if (before != NULL)
				x = from_above(before, d, k) ? before[k + 1 + d - 1]
							     : before[k - 1 + d - 1] + 1;
			now[k + d] = reach(s, x, k);
			if (now[k + d] >= s->n && now[k + d] - k >= s->m)
				return d;
		}
		before = now;
	}
	return -1;
}

/* Edits come from the last to the first; those that touch are one hunk. */
static void
walk_back(const struct search *s, int64_t d, size_t head, struct ed_diff *out)
{
	int64_t x = s->n, y = s->m;
	struct ed_hunk h = { head + (size_t)x, 0, head + (size_t)y, 0 };

	for (; d > 0; d--) {
		const int32_t *before = s->fronts.p[d - 1];
		int64_t k = x - y;
		bool of_b = from_above(before, d, k);

		k += of_b ? 1 : -1;
		x = before[k + d - 1];
		y = x - k;
		if (h.a != head + (size_t)x + !of_b || h.b != head + (size_t)y + of_b) {
			if (h.an + h.bn > 0)
				wn_vec_push(&out->hunks, h);
			h.an = h.bn = 0;
		}
		h.a = head + (size_t)x;
		h.b = head + (size_t)y;
		h.an += !of_b;
		h.bn += of_b;
	}
	wn_vec_push(&out->hunks, h);
	for (size_t i = 0, j = out->hunks.len; i + 1 < j; i++, j--) {
		struct ed_hunk swap = out->hunks.p[i];

		out->hunks.p[i] = out->hunks.p[j - 1];
		out->hunks.p[j - 1] = swap;
	}
}

static void
compare(const struct lines *a, const struct lines *b, struct ed_diff *out)
{
	size_t n = a->of.len, m = b->of.len, min = n < m ? n : m, head = 0, tail = 0;
	struct search s = { 0 };
	int64_t d;

	while (head < min && a->of.p[head] == b->of.p[head])
		head++;
	while (tail < min - head && a->of.p[n - 1 - tail] == b->of.p[m - 1 - tail])
		tail++;
	if (head + tail == n && head + tail == m)
		return;
	s.a = a->of.p + head;
	s.b = b->of.p + head;
	s.n = (int64_t)(n - head - tail);
	s.m = (int64_t)(m - head - tail);
	d = s.n == 0 || s.m == 0 ? -1 : find_fronts(&s);
	if (d >= 0)
		walk_back(&s, d, head, out);
	else
		wn_vec_push(&out->hunks, (struct ed_hunk){ head, (size_t)s.n, head, (size_t)s.m });
	out->rough = d < 0 && s.n > 0 && s.m > 0;
	for (size_t i = 0; i < s.fronts.len; i++)
		wn_free(s.fronts.p[i]);
	wn_vec_fini(&s.fronts);
}

wn_err
ed_diff_lines(const struct ed_text *a, const struct ed_text *b, struct ed_diff *out)
{
	struct lines x = { 0 }, y = { 0 };
	wn_err err;

	*out = (struct ed_diff){ 0 };
	if (ed_text_len(a) > ED_DIFF_MAX || ed_text_len(b) > ED_DIFF_MAX)
		return WN_E_LIMIT;
	err = hash_lines(a, &x);
	if (err == 0)
		err = hash_lines(b, &y);
	if (err == 0)
		compare(&x, &y, out);
	wn_vec_fini(&x.of);
	wn_vec_fini(&y.of);
	return err;
}

void
ed_diff_fini(struct ed_diff *d)
{
	wn_vec_fini(&d->hunks);
}

/* ---- for people ------------------------------------------------------------------------------ */

static void
put_lines(const struct ed_text *t, size_t line, size_t n, char sign, struct wn_buf *out)
{
	size_t pos = ed_text_line_start(t, line);

	for (; n > 0 && pos < ed_text_len(t); n--) {
		size_t end = ed_text_line_end(t, pos);

		(void)wn_buf_chr(out, sign);
		(void)ed_text_copy(t, pos, end, out);
		(void)wn_buf_chr(out, '\n');
		pos = end + 1;
	}
}

void
ed_diff_print(const struct ed_diff *d, const struct ed_text *a, const struct ed_text *b,
	      size_t around, struct wn_buf *out)
{
	size_t lines = ed_text_lines(b), shown = 0; /* lines of b that are out already */

	for (size_t i = 0; i < d->hunks.len && out->err == 0; i++) {
		const struct ed_hunk *h = &d->hunks.p[i];
		size_t next = i + 1 < d->hunks.len ? d->hunks.p[i + 1].b : lines;
		size_t from = h->b > around && h->b - around > shown ? h->b - around : shown;
		size_t to = h->b + h->bn;

		if (from > shown || i == 0)
			(void)wn_buf_printf(out, "@@ line %zu\n", from + 1);
		put_lines(b, from, h->b - from, ' ', out);
		put_lines(a, h->a, h->an, '-', out);
		put_lines(b, h->b, h->bn, '+', out);
		shown = next - to < around ? next : to + around;
		put_lines(b, to, shown - to, ' ', out);
	}
}
