/*
 * Operations on texts: doing one, and making the one that takes it back.
 */
#include "editor/ot/ot_private.h"

/* A stray continuation byte at the start belongs to no code point: operations cannot say it. */
static bool
fits(const struct ed_ot *op, const struct ed_text *t)
{
	return ed_text_rank(t, ED_POINTS, ed_text_len(t)) == op->before &&
	       (ed_text_byte(t, 0) & 0xC0) != 0x80;
}

wn_err
ed_ot_apply(const struct ed_ot *op, struct ed_text *t)
{
	struct ed_text *now;
	size_t pos = 0, point = 0;
	wn_err err = 0;

	if (!fits(op, t))
		return WN_E_INVALID;
	now = ed_text_snap(t); /* put in place at once: a failure in the middle leaves t alone */
	for (size_t i = 0; i < op->parts.len && err == 0; i++) {
		struct ed_ot_part p = ed_ot_part(op, i);

		if (p.kind == ED_OT_INSERT) {
			err = ed_text_replace(now, pos, 0, p.text);
			pos += p.text.len;
			point += p.n;
		} else {
			size_t end = ed_text_seek(now, ED_POINTS, point + p.n);

			if (p.kind == ED_OT_DELETE)
				ed_text_splice(now, pos, end - pos, NULL);
			else
				pos = end, point += p.n;
		}
	}
	if (err == 0)
		ed_text_splice(t, 0, ed_text_len(t), now);
	ed_text_free(now);
	return err;
}

static wn_err
put_back(const struct ed_text *t, size_t from, size_t to, size_t points, struct ed_ot *out)
{
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, to - from + 1);
	err = ed_text_copy(t, from, to, &b);
	if (err == 0)
		err = ed_ot_add(out, (struct ed_ot_part){ ED_OT_INSERT, points, wn_buf_view(&b) });
	wn_buf_fini(&b);
	return err;
}

wn_err
ed_ot_invert(const struct ed_ot *op, const struct ed_text *t, struct ed_ot **out)
{
	struct ed_ot *back;
	size_t pos = 0, point = 0;
	wn_err err = 0;

	*out = NULL;
	if (!fits(op, t))
		return WN_E_INVALID;
	back = ed_ot_new();
	for (size_t i = 0; i < op->parts.len && err == 0; i++) {
		struct ed_ot_part p = ed_ot_part(op, i);
		size_t end;

		if (p.kind == ED_OT_INSERT) {
			err = ed_ot_delete(back, p.n);
			continue;
		}
		end = ed_text_seek(t, ED_POINTS, point + p.n);
		err = p.kind == ED_OT_RETAIN ? ed_ot_retain(back, p.n)
					     : put_back(t, pos, end, p.n, back);
		pos = end;
		point += p.n;
	}
	if (err == 0)
		*out = back;
	else
		ed_ot_free(back);
	return err;
}
