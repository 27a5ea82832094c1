/*
 * Operations against operations: one after the other (compose), one beside the other (transform).
 * The rules are those of Ellis and Gibbs with a fixed order for insertions at one place; see
 * README.md.
 */
#include "editor/ot/ot_private.h"

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Takes the next stretch of both; what is of no length for the other goes alone. */
static wn_err
compose_step(struct ed_ot_walk *a, struct ed_ot_walk *b, struct ed_ot *out)
{
	struct ed_ot_part x = ed_ot_walk_at(a), y = ed_ot_walk_at(b);
	size_t n;

	if (x.n > 0 && x.kind == ED_OT_DELETE)
		return ed_ot_add(out, ed_ot_walk_take(a, x.n));
	if (y.n > 0 && y.kind == ED_OT_INSERT)
		return ed_ot_add(out, ed_ot_walk_take(b, y.n));
	n = smaller(x.n, y.n);
	x = ed_ot_walk_take(a, n);
	y = ed_ot_walk_take(b, n);
	if (y.kind == ED_OT_RETAIN)
		return ed_ot_add(out, x);
	/* Deleted by the second: gone, or never there when the first one inserted it. */
	return x.kind == ED_OT_RETAIN ? ed_ot_add(out, y) : 0;
}

wn_err
ed_ot_compose(const struct ed_ot *first, const struct ed_ot *second, struct ed_ot **out)
{
	struct ed_ot_walk a = { .op = first }, b = { .op = second };
	struct ed_ot *op;
	wn_err err = 0;

	*out = NULL;
	if (first->after != second->before)
		return WN_E_INVALID;
	op = ed_ot_new();
	while (err == 0 && (ed_ot_walk_at(&a).n > 0 || ed_ot_walk_at(&b).n > 0))
		err = compose_step(&a, &b, op);
	if (err == 0)
		*out = op;
	else
		ed_ot_free(op);
	return err;
}

static wn_err
transform_step(struct ed_ot_walk *a, struct ed_ot_walk *b, struct ed_ot *a2, struct ed_ot *b2)
{
	struct ed_ot_part x = ed_ot_walk_at(a), y = ed_ot_walk_at(b);
	wn_err err;
	size_t n;

	if (x.n > 0 && x.kind == ED_OT_INSERT) {
		err = ed_ot_add(a2, ed_ot_walk_take(a, x.n));
		return err != 0 ? err : ed_ot_retain(b2, x.n);
	}
	if (y.n > 0 && y.kind == ED_OT_INSERT) {
		err = ed_ot_add(b2, ed_ot_walk_take(b, y.n));
		return err != 0 ? err : ed_ot_retain(a2, y.n);
	}
	n = smaller(x.n, y.n);
	x = ed_ot_walk_take(a, n);
	y = ed_ot_walk_take(b, n);
	/* What the other deleted is not there to be retained or deleted once more. */
	err = y.kind == ED_OT_RETAIN ? ed_ot_add(a2, x) : 0;
	if (err == 0 && x.kind == ED_OT_RETAIN)
		err = ed_ot_add(b2, y);
	return err;
}

wn_err
ed_ot_transform(const struct ed_ot *a, const struct ed_ot *b, struct ed_ot **a_out,
		struct ed_ot **b_out)
{
	struct ed_ot_walk wa = { .op = a }, wb = { .op = b };
	struct ed_ot *a2, *b2;
	wn_err err = 0;

	*a_out = *b_out = NULL;
	if (a->before != b->before)
		return WN_E_INVALID;
	a2 = ed_ot_new();
	b2 = ed_ot_new();
	while (err == 0 && (ed_ot_walk_at(&wa).n > 0 || ed_ot_walk_at(&wb).n > 0))
		err = transform_step(&wa, &wb, a2, b2);
	if (err != 0) {
		ed_ot_free(a2);
		ed_ot_free(b2);
		return err;
	}
	*a_out = a2;
	*b_out = b2;
	return 0;
}

size_t
ed_ot_move(const struct ed_ot *op, size_t pos, bool after)
{
	size_t from = 0, to = 0; /* the same place before and after */

	for (size_t i = 0; i < op->parts.len; i++) {
		const struct ed_ot_piece *p = &op->parts.p[i];

		if (p->kind == ED_OT_INSERT) {
			if (from == pos && !after)
				return to;
			to += p->n;
			continue;
		}
		if (pos - from < p->n)
			return p->kind == ED_OT_RETAIN ? to + (pos - from) : to;
		from += p->n;
		to += p->kind == ED_OT_RETAIN ? p->n : 0;
	}
	return to;
}
