/*
 * A kept undo tree of any bytes: refused, or a tree whose every step can be walked to without
 * leaving the text, and that comes back the same when printed and read again.
 */
#include <stdlib.h>

#include "editor/undo/store.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

/* Crosses the changes of a step on a text, as a document does. */
static void
cross(struct ed_text *t, struct ed_step *s, int back)
{
	for (size_t i = 0; i < s->changes.len; i++) {
		struct ed_change *c = &s->changes.p[back ? s->changes.len - 1 - i : i];
		struct ed_text *other = c->other;

		check(c->pos <= ed_text_len(t) && c->len <= ed_text_len(t) - c->pos);
		c->other = ed_text_slice(t, c->pos, c->len);
		ed_text_splice(t, c->pos, c->len, other);
		c->len = other ? ed_text_len(other) : 0;
		ed_text_free(other);
	}
}

static void
walk(struct ed_undo *u, struct ed_text *t)
{
	size_t n = ed_undo_count(u);

	for (size_t i = 0; i < n && i < 64; i++) {
		struct ed_step *to = ed_undo_at(u, i), *at = ed_undo_now(u), *meet = to;

		while (at != meet) {
			if (at->id > meet->id) {
				cross(t, at, 1);
				ed_undo_moved(u, at = at->parent);
			} else {
				meet = meet->parent;
			}
		}
		while (at != to) {
			struct ed_step *next = to;

			while (next->parent != at)
				next = next->parent;
			cross(t, next, 0);
			ed_undo_moved(u, at = next);
		}
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	size_t len = size > 0 ? data[0] : 0;
	struct ed_undo *u, *again;
	struct ed_undo_image *im;
	struct ed_text *t;
	struct wn_buf b, zeros;

	if (size == 0)
		return 0;
	u = ed_undo_parse(wn_strn((const char *)data + 1, size - 1), len);
	if (u == NULL)
		return 0;
	im = ed_undo_image_new(u);
	wn_buf_init(&b, 1 << 20);
	check(ed_undo_image_print(im, &b) == 0);
	again = ed_undo_parse(wn_buf_view(&b), len);
	check(again != NULL);
	wn_buf_init(&zeros, 256);
	for (size_t i = 0; i < len; i++)
		(void)wn_buf_chr(&zeros, 'z');
	t = ed_text_from(wn_buf_view(&zeros));
	walk(u, t);
	ed_text_free(t);
	ed_undo_image_free(im);
	ed_undo_free(again);
	ed_undo_free(u);
	wn_buf_fini(&b);
	wn_buf_fini(&zeros);
	return 0;
}
