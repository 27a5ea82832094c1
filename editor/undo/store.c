/*
 * The undo tree as bytes. Numbers are little-endian base 128. Steps in the order of their ids,
 * each: parent, redo child (0: none), flags, time, marks before, marks after, changes; a change:
 * place, bytes in the text, bytes that are not.
 */
#include "editor/undo/store.h"

#include "editor/undo/undo_private.h"
#include "runtime/base/mem.h"

#define FLAG_SAVED 1

struct image_step {
	size_t parent, redo; /* indexes of the image; redo 0: none */
	bool saved;
	int64_t time_ms;
	WN_VEC(struct ed_change) changes; /* other: snapshots, owned */
	WN_VEC(struct ed_mark) before, after;
};

struct ed_undo_image {
	struct image_step *steps; /* owned */
	size_t n, now;
};

/* ---- what is kept --------------------------------------------------------------------------- */

/* Steps and bytes of each subtree; children have higher ids than their parents. */
struct weight {
	size_t steps, bytes;
};

static size_t
own_bytes(const struct ed_step *s)
{
	size_t n = (s->before.len + s->after.len) * 8 + 16;

	for (size_t k = 0; k < s->changes.len; k++)
		n += 16 + (s->changes.p[k].other ? ed_text_len(s->changes.p[k].other) : 0);
	return n;
}

static struct weight *
weigh(const struct ed_undo *u)
{
	struct weight *w = wn_alloc_array(u->steps.len, sizeof *w);

	for (size_t i = u->steps.len; i-- > 0;) {
		const struct ed_step *s = u->steps.p[i];

		w[i].steps++;
		w[i].bytes += own_bytes(s);
		if (s->parent) {
			w[s->parent->id].steps += w[i].steps;
			w[s->parent->id].bytes += w[i].bytes;
		}
	}
	return w;
}

/* The oldest step before the present one whose subtree is small enough. */
static const struct ed_step *
pick_root(const struct ed_undo *u)
{
	struct weight *w = weigh(u);
	const struct ed_step *root = u->now;

	/* Of the root itself only the text is needed, not its changes. */
	while (root->parent && w[root->parent->id].steps <= ED_STORE_STEPS &&
	       w[root->parent->id].bytes - own_bytes(root->parent) <= ED_STORE_BYTES)
		root = root->parent;
	wn_free(w);
	return root;
}

static void
copy_step(struct image_step *to, const struct ed_step *s, bool root)
{
	to->saved = s->saved;
	to->time_ms = s->time_ms;
	for (size_t k = 0; k < s->changes.len && !root; k++) {
		struct ed_change c = s->changes.p[k];

		c.other = c.other ? ed_text_snap(c.other) : NULL;
		wn_vec_push(&to->changes, c);
	}
	for (size_t k = 0; k < s->before.len && !root; k++)
		wn_vec_push(&to->before, s->before.p[k]);
	for (size_t k = 0; k < s->after.len && !root; k++)
		wn_vec_push(&to->after, s->after.p[k]);
}

struct ed_undo_image *
ed_undo_image_new(const struct ed_undo *u)
{
	struct ed_undo_image *im = WN_NEW(struct ed_undo_image);
	const struct ed_step *root = pick_root(u);
	size_t *place = wn_alloc_array(u->steps.len, sizeof *place); /* index + 1; 0: left out */
	size_t bytes = 0;

	/* When even what can be redone from here is too much, the newest of it is left out. */
	im->steps = wn_alloc_array(u->steps.len - root->id, sizeof *im->steps);
	for (size_t i = root->id; i < u->steps.len; i++) {
		const struct ed_step *s = u->steps.p[i];

		size_t own = s == root ? 0 : own_bytes(s);

		if (s != root && (!s->parent || place[s->parent->id] == 0 ||
				  im->n == ED_STORE_STEPS || own > ED_STORE_BYTES - bytes))
			continue;
		bytes += own;
		im->steps[im->n].parent = s == root ? 0 : place[s->parent->id] - 1;
		copy_step(&im->steps[im->n], s, s == root);
		place[i] = ++im->n;
	}
	for (size_t i = root->id; i < u->steps.len; i++)
		if (place[i] && u->steps.p[i]->redo && place[u->steps.p[i]->redo->id])
			im->steps[place[i] - 1].redo = place[u->steps.p[i]->redo->id] - 1;
	im->now = place[u->now->id] - 1;
	im->steps[im->now].saved = true;
	wn_free(place);
	return im;
}

void
ed_undo_image_free(struct ed_undo_image *im)
{
	if (!im)
		return;
	for (size_t i = 0; i < im->n; i++) {
		struct image_step *s = &im->steps[i];

		for (size_t k = 0; k < s->changes.len; k++)
			ed_text_free(s->changes.p[k].other);
		wn_vec_fini(&s->changes);
		wn_vec_fini(&s->before);
		wn_vec_fini(&s->after);
	}
	wn_free(im->steps);
	wn_free(im);
}

/* ---- writing -----------------------------------------------------------------------------------
 */

static void
put(struct wn_buf *out, uint64_t v)
{
	while (v >= 0x80) {
		(void)wn_buf_chr(out, (char)(v | 0x80));
		v >>= 7;
	}
	(void)wn_buf_chr(out, (char)v);
}

static void
put_step(struct wn_buf *out, const struct image_step *s)
{
	put(out, s->parent);
	put(out, s->redo);
	put(out, s->saved ? FLAG_SAVED : 0);
	put(out, s->time_ms > 0 ? (uint64_t)s->time_ms : 0);
	put(out, s->before.len);
	for (size_t k = 0; k < s->before.len; k++) {
		put(out, s->before.p[k].anchor);
		put(out, s->before.p[k].head);
	}
	put(out, s->after.len);
	for (size_t k = 0; k < s->after.len; k++) {
		put(out, s->after.p[k].anchor);
		put(out, s->after.p[k].head);
	}
	put(out, s->changes.len);
	for (size_t k = 0; k < s->changes.len; k++) {
		const struct ed_text *t = s->changes.p[k].other;

		put(out, s->changes.p[k].pos);
		put(out, s->changes.p[k].len);
		put(out, t ? ed_text_len(t) : 0);
		if (t)
			(void)ed_text_copy(t, 0, ed_text_len(t), out);
	}
}

wn_err
ed_undo_image_print(const struct ed_undo_image *im, struct wn_buf *out)
{
	put(out, im->n);
	put(out, im->now);
	for (size_t i = 0; i < im->n; i++)
		put_step(out, &im->steps[i]);
	return out->err;
}

/* ---- reading ------------------------------------------------------------------------------------
 */

struct reader {
	struct wn_str s;
	bool bad;
};

static uint64_t
get(struct reader *r)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64 && r->s.len > 0; shift += 7) {
		unsigned char c = (unsigned char)r->s.p[0];

		r->s.p++;
		r->s.len--;
		if (shift == 63 && c > 1)
			break;
		v |= (uint64_t)(c & 0x7F) << shift;
		if (c < 0x80)
			return v;
	}
	r->bad = true;
	return 0;
}

/* A count of things that take at least a byte each. */
static size_t
get_count(struct reader *r)
{
	uint64_t n = get(r);

	if (n > r->s.len)
		r->bad = true;
	return r->bad ? 0 : (size_t)n;
}

static void
get_change(struct reader *r, struct ed_step *s)
{
	struct ed_change c = { .pos = (size_t)get(r), .len = (size_t)get(r) };
	size_t n = get_count(r);

	if (!r->bad && n > 0) {
		c.other = ed_text_from(wn_strn(r->s.p, n));
		r->bad = c.other == NULL;
		r->s = wn_str_sub(r->s, n, r->s.len);
	}
	wn_vec_push(&s->changes, c);
}

static void
get_step(struct reader *r, struct ed_undo *u, size_t i, size_t *redo)
{
	uint64_t parent = get(r), flags;
	struct ed_step *s;
	size_t n;

	*redo = (size_t)get(r);
	flags = get(r);
	if (i > 0 && parent >= i)
		r->bad = true;
	if (r->bad)
		return;
	s = i == 0 ? u->steps.p[0] : ed_undo_step_new(u, u->steps.p[parent]);
	s->saved = flags & FLAG_SAVED;
	s->time_ms = (int64_t)(get(r) & INT64_MAX);
	for (n = get_count(r); n > 0 && !r->bad; n--) {
		struct ed_mark m = { .anchor = (size_t)get(r), .head = (size_t)get(r) };
		wn_vec_push(&s->before, m);
	}
	for (n = get_count(r); n > 0 && !r->bad; n--) {
		struct ed_mark m = { .anchor = (size_t)get(r), .head = (size_t)get(r) };
		wn_vec_push(&s->after, m);
	}
	for (n = get_count(r); n > 0 && !r->bad; n--)
		get_change(r, s);
	if (i == 0 && s->changes.len > 0)
		r->bad = true;
}

/* Crosses a change in a text of *len bytes. */
static bool
cross(const struct ed_change *c, size_t *len)
{
	size_t other = c->other ? ed_text_len(c->other) : 0;

	if (c->pos > *len || c->len > *len - c->pos)
		return false;
	*len -= c->len;
	if (other > SIZE_MAX / 2 - *len)
		return false;
	*len += other;
	return true;
}

static bool
marks_fit(const struct ed_mark *m, size_t n, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (m[i].anchor > len || m[i].head > len)
			return false;
	return true;
}

/* Walks every step once, forth or (those in the text now) back, and looks whether all places exist.
 */
static bool
fits(const struct ed_undo *u, size_t text_len)
{
	size_t *len = wn_alloc_array(u->steps.len, sizeof *len);
	bool *done = wn_alloc_array(u->steps.len, sizeof *done), ok = true;

	len[u->now->id] = text_len;
	for (const struct ed_step *s = u->now; s->parent && ok; s = s->parent) {
		size_t at = len[s->id];

		done[s->id] = true;
		for (size_t k = s->changes.len; k-- > 0 && ok;)
			ok = cross(&s->changes.p[k], &at);
		len[s->parent->id] = at;
	}
	for (size_t i = 1; i < u->steps.len && ok; i++) {
		const struct ed_step *s = u->steps.p[i];

		if (!done[i])
			len[i] = len[s->parent->id];
		for (size_t k = 0; k < s->changes.len && ok && !done[i]; k++)
			ok = cross(&s->changes.p[k], &len[i]);
		ok = ok && marks_fit(s->before.p, s->before.len, len[s->parent->id]) &&
		     marks_fit(s->after.p, s->after.len, len[i]);
	}
	wn_free(len);
	wn_free(done);
	return ok;
}

static bool
link_redo(struct ed_undo *u, const size_t *redo)
{
	for (size_t i = 0; i < u->steps.len; i++) {
		if (redo[i] == 0)
			continue;
		if (redo[i] >= u->steps.len || u->steps.p[redo[i]]->parent != u->steps.p[i])
			return false;
		u->steps.p[i]->redo = u->steps.p[redo[i]];
	}
	return true;
}

struct ed_undo *
ed_undo_parse(struct wn_str bytes, size_t text_len)
{
	struct reader r = { .s = bytes };
	size_t n = get_count(&r), now = (size_t)get(&r), *redo;
	struct ed_undo *u;

	if (r.bad || n == 0 || n > ED_STORE_STEPS || now >= n)
		return NULL;
	u = ed_undo_new();
	redo = wn_alloc_array(n, sizeof *redo);
	for (size_t i = 0; i < n && !r.bad; i++)
		get_step(&r, u, i, &redo[i]);
	if (!r.bad && r.s.len == 0)
		u->now = u->steps.p[now];
	else
		r.bad = true;
	if (r.bad || !link_redo(u, redo) || !fits(u, text_len)) {
		ed_undo_free(u);
		u = NULL;
	} else {
		u->sealed = true;
	}
	wn_free(redo);
	return u;
}
