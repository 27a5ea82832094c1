/*
 * Two operations on one text, and one behind the first, made of bytes: compose, transform and
 * invert must keep their laws.
 */
#include <stdlib.h>

#include "editor/ot/ot.h"
#include "runtime/base/utf8.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

struct input {
	const unsigned char *p;
	size_t n;
};

static void
check(bool ok)
{
	if (!ok)
		abort();
}

static unsigned
byte(struct input *in)
{
	return in->n > 0 ? (in->n--, *in->p++) : 0;
}

/* Each part: a byte that says kind and length. */
static struct ed_ot *
make_op(struct input *in, size_t points)
{
	struct ed_ot *op = ed_ot_new();

	for (unsigned more = 12; points > 0 && more > 0; more--) {
		unsigned what = byte(in);
		size_t n = 1 + (what >> 2) % (points < 63 ? points : 63);

		if ((what & 3) < 2) {
			check((what & 3 ? ed_ot_delete(op, n) : ed_ot_retain(op, n)) == 0);
			points -= n;
		} else {
			size_t k = n < in->n ? n : in->n;
			wn_err err = ed_ot_insert(op, wn_strn((const char *)in->p, k));

			check(err == 0 || !wn_utf8_valid(wn_strn((const char *)in->p, k)));
			in->p += k;
			in->n -= k;
		}
	}
	check(ed_ot_retain(op, points) == 0);
	return op;
}

static size_t
points_of(const struct ed_text *t)
{
	return ed_text_rank(t, ED_POINTS, ed_text_len(t));
}

static struct ed_text *
applied(const struct ed_text *t, const struct ed_ot *op)
{
	struct ed_text *now = ed_text_snap(t);

	check(ed_ot_apply(op, now) == 0 && points_of(now) == ed_ot_after(op));
	return now;
}

static void
same(struct ed_text *a, struct ed_text *b)
{
	char x[512], y[512];

	check(ed_text_len(a) == ed_text_len(b));
	for (size_t at = 0; at < ed_text_len(a); at += sizeof x) {
		size_t n = ed_text_read(a, at, x, sizeof x);

		check(ed_text_read(b, at, y, sizeof y) == n && memcmp(x, y, n) == 0);
	}
	ed_text_free(a);
	ed_text_free(b);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct input in = { data, size };
	size_t k = byte(&in);
	struct ed_text *t, *ta, *tb;
	struct ed_ot *a, *b, *c, *a2, *b2, *ac, *back;

	k = k < in.n ? k : in.n;
	t = ed_text_from(wn_strn((const char *)in.p, k));
	in.p += k;
	in.n -= k;
	if (k > 0 && (ed_text_byte(t, 0) & 0xC0) == 0x80)
		ed_text_splice(t, 0, ed_text_len(t), NULL);
	a = make_op(&in, points_of(t));
	b = make_op(&in, points_of(t));
	c = make_op(&in, ed_ot_after(a));
	ta = applied(t, a);
	tb = applied(t, b);
	check(ed_ot_transform(a, b, &a2, &b2) == 0);
	same(applied(ta, b2), applied(tb, a2));
	check(ed_ot_compose(a, c, &ac) == 0);
	same(applied(t, ac), applied(ta, c));
	check(ed_ot_invert(a, t, &back) == 0);
	same(applied(ta, back), ed_text_snap(t));
	check(ed_ot_move(a, ed_ot_before(a), true) == ed_ot_after(a));
	ed_ot_free(a);
	ed_ot_free(b);
	ed_ot_free(c);
	ed_ot_free(a2);
	ed_ot_free(b2);
	ed_ot_free(ac);
	ed_ot_free(back);
	ed_text_free(t);
	ed_text_free(ta);
	ed_text_free(tb);
	return 0;
}
