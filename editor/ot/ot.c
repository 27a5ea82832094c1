/*
 * Building and reading operations. Knows nothing of texts; transform.c and apply.c do the rest.
 */
#include "editor/ot/ot_private.h"

#include "runtime/base/utf8.h"

#define INSERT_MAX ((size_t)1 << 30)

struct ed_ot *
ed_ot_new(void)
{
	struct ed_ot *op = WN_NEW(struct ed_ot);

	wn_buf_init(&op->text, INSERT_MAX);
	return op;
}

void
ed_ot_free(struct ed_ot *op)
{
	if (op == NULL)
		return;
	wn_vec_fini(&op->parts);
	wn_buf_fini(&op->text);
	wn_free(op);
}

struct ed_ot *
ed_ot_copy(const struct ed_ot *op)
{
	struct ed_ot *copy = ed_ot_new();

	for (size_t i = 0; i < op->parts.len; i++)
		if (ed_ot_add(copy, ed_ot_part(op, i)) != 0) {
			ed_ot_free(copy);
			return NULL;
		}
	return copy;
}

/* Bytes of the first n code points. */
static size_t
bytes_of(struct wn_str s, size_t n)
{
	size_t at = 0;

	for (; at < s.len && n > 0; n--) {
		at++;
		while (at < s.len && ((unsigned char)s.p[at] & 0xC0) == 0x80)
			at++;
	}
	return at;
}

/* An insertion stands before a deletion: it is put there, or melts into the one that is. */
static wn_err
add_text(struct ed_ot *op, struct ed_ot_part part)
{
	size_t n = op->parts.len, off = op->text.len;
	wn_err err = wn_buf_str(&op->text, part.text);

	if (err != 0) {
		op->text.err = 0;
		return err;
	}
	if (n > 0 && op->parts.p[n - 1].kind == ED_OT_DELETE)
		n--;
	if (n > 0 && op->parts.p[n - 1].kind == ED_OT_INSERT) {
		op->parts.p[n - 1].n += part.n;
		op->parts.p[n - 1].len += part.text.len;
		return 0;
	}
	wn_vec_insert(&op->parts, n,
		      (struct ed_ot_piece){ ED_OT_INSERT, part.n, off, part.text.len });
	return 0;
}

wn_err
ed_ot_add(struct ed_ot *op, struct ed_ot_part part)
{
	bool in = part.kind != ED_OT_INSERT, out = part.kind != ED_OT_DELETE;
	wn_err err;

	if (part.n == 0)
		return 0;
	if ((in && part.n > SIZE_MAX - op->before) || (out && part.n > SIZE_MAX - op->after))
		return WN_E_LIMIT;
	if (part.kind == ED_OT_INSERT) {
		err = add_text(op, part);
		if (err != 0)
			return err;
	} else if (op->parts.len > 0 && wn_vec_last(&op->parts).kind == part.kind) {
		wn_vec_last(&op->parts).n += part.n;
	} else {
		wn_vec_push(&op->parts, (struct ed_ot_piece){ part.kind, part.n, 0, 0 });
	}
	op->before += in ? part.n : 0;
	op->after += out ? part.n : 0;
	return 0;
}

wn_err
ed_ot_retain(struct ed_ot *op, size_t n)
{
	return ed_ot_add(op, (struct ed_ot_part){ ED_OT_RETAIN, n, WN_STR_NONE });
}

wn_err
ed_ot_delete(struct ed_ot *op, size_t n)
{
	return ed_ot_add(op, (struct ed_ot_part){ ED_OT_DELETE, n, WN_STR_NONE });
}

wn_err
ed_ot_insert(struct ed_ot *op, struct wn_str text)
{
	if (!wn_utf8_valid(text))
		return WN_E_INVALID;
	return ed_ot_add(op, (struct ed_ot_part){ ED_OT_INSERT, wn_utf8_count(text), text });
}

wn_err
ed_ot_edit(size_t points, size_t pos, size_t n, struct wn_str text, struct ed_ot **out)
{
	struct ed_ot *op;
	wn_err err;

	*out = NULL;
	if (pos > points || n > points - pos)
		return WN_E_INVALID;
	op = ed_ot_new();
	err = ed_ot_retain(op, pos);
	if (err == 0)
		err = ed_ot_insert(op, text);
	if (err == 0)
		err = ed_ot_delete(op, n);
	if (err == 0)
		err = ed_ot_retain(op, points - pos - n);
	if (err == 0)
		*out = op;
	else
		ed_ot_free(op);
	return err;
}

/* ---- reading ---------------------------------------------------------------------------- */

size_t
ed_ot_before(const struct ed_ot *op)
{
	return op->before;
}

size_t
ed_ot_after(const struct ed_ot *op)
{
	return op->after;
}

size_t
ed_ot_count(const struct ed_ot *op)
{
	return op->parts.len;
}

struct ed_ot_part
ed_ot_part(const struct ed_ot *op, size_t i)
{
	const struct ed_ot_piece *p = &op->parts.p[i];
	struct wn_str text = WN_STR_NONE;

	if (p->kind == ED_OT_INSERT)
		text = wn_strn(op->text.p + p->off, p->len);
	return (struct ed_ot_part){ p->kind, p->n, text };
}

bool
ed_ot_same(const struct ed_ot *a, const struct ed_ot *b)
{
	if (a->parts.len != b->parts.len)
		return false;
	for (size_t i = 0; i < a->parts.len; i++) {
		struct ed_ot_part x = ed_ot_part(a, i), y = ed_ot_part(b, i);

		if (x.kind != y.kind || x.n != y.n || !wn_str_eq(x.text, y.text))
			return false;
	}
	return true;
}

struct ed_ot_part
ed_ot_walk_at(const struct ed_ot_walk *w)
{
	struct ed_ot_part p;

	if (w->i == w->op->parts.len)
		return (struct ed_ot_part){ ED_OT_RETAIN, 0, WN_STR_NONE };
	p = ed_ot_part(w->op, w->i);
	p.n -= w->used;
	if (p.kind == ED_OT_INSERT)
		p.text = wn_str_sub(p.text, w->used_bytes, p.text.len);
	return p;
}

struct ed_ot_part
ed_ot_walk_take(struct ed_ot_walk *w, size_t n)
{
	struct ed_ot_part p = ed_ot_walk_at(w);

	if (n >= p.n) {
		w->i += w->i < w->op->parts.len;
		w->used = w->used_bytes = 0;
		return p;
	}
	p.n = n;
	if (p.kind == ED_OT_INSERT)
		p.text.len = bytes_of(p.text, n);
	w->used += n;
	w->used_bytes += p.text.len;
	return p;
}
