/*
 * The text handle: replacing, reading, and where inserted bytes are kept. Typed bytes go behind
 * each other into one add block, so a run of typing stays one piece.
 */
#include "editor/text/node.h"

#include <assert.h>

#include "runtime/base/mem.h"

#define ADD_MIN ((size_t)1024)
#define ADD_MAX ((size_t)65536)

struct ed_text *
ed_text_new(void)
{
	return WN_NEW(struct ed_text);
}

struct ed_text *
ed_text_from(struct wn_str bytes)
{
	struct ed_text *t = ed_text_new();

	if (ed_text_replace(t, 0, 0, bytes) < 0) {
		ed_text_free(t);
		return NULL;
	}
	return t;
}

struct ed_text *
ed_text_snap(const struct ed_text *t)
{
	struct ed_text *s = ed_text_new();

	s->root = ed_node_ref(t->root);
	return s;
}

void
ed_text_free(struct ed_text *t)
{
	if (!t)
		return;
	ed_node_unref(t->root);
	ed_block_unref(t->add);
	wn_free(t);
}

size_t
ed_text_len(const struct ed_text *t)
{
	return t->root ? t->root->bytes : 0;
}

struct ed_text *
ed_text_slice(const struct ed_text *t, size_t pos, size_t n)
{
	struct ed_text *s = ed_text_new();
	struct ed_node *head, *tail, *rest;
	size_t len = ed_text_len(t);

	pos = pos < len ? pos : len;
	n = n < len - pos ? n : len - pos;
	if (n == 0)
		return s;
	ed_node_split(ed_node_ref(t->root), pos, &head, &rest);
	ed_node_unref(head);
	ed_node_split(rest, n, &s->root, &tail);
	ed_node_unref(tail);
	return s;
}

/* Copies bytes into the add block, a new one when it is full. NULL: no memory. */
static struct ed_block *
keep_bytes(struct ed_text *t, struct wn_str bytes, size_t *off_out)
{
	struct ed_block *b = t->add;

	if (!b || b->cap - b->len < bytes.len) {
		size_t cap = b && b->cap * 2 <= ADD_MAX ? b->cap * 2 : ADD_MAX;
		if (!b)
			cap = ADD_MIN;
		if (bytes.len >= ADD_MAX / 4) {
			/* A block of its own; the add block goes on being filled. */
			b = ed_block_new(bytes.len);
			if (!b)
				return NULL;
			memcpy(b->bytes, bytes.p, bytes.len);
			b->len = bytes.len;
			*off_out = 0;
			return b;
		}
		b = ed_block_new(cap > bytes.len ? cap : bytes.len);
		if (!b)
			return NULL;
		ed_block_unref(t->add);
		t->add = b;
	}
	memcpy(b->bytes + b->len, bytes.p, bytes.len);
	*off_out = b->len;
	b->len += bytes.len;
	ed_block_ref(b);
	return b;
}

static void
splice_node(struct ed_text *t, size_t pos, size_t n, struct ed_node *mid)
{
	struct ed_node *head, *gone, *tail, *rest;

	assert(pos <= ed_text_len(t) && n <= ed_text_len(t) - pos);
	ed_node_split(t->root, pos, &head, &rest);
	ed_node_split(rest, n, &gone, &tail);
	ed_node_unref(gone);
	t->root = ed_node_join(ed_node_join(head, mid), tail);
}

wn_err
ed_text_replace(struct ed_text *t, size_t pos, size_t n, struct wn_str bytes)
{
	struct ed_block *b;
	struct ed_node *mid = NULL;
	size_t off;

	if (bytes.len) {
		b = keep_bytes(t, bytes, &off);
		if (!b)
			return WN_E_NO_MEMORY;
		if (n == 0 && bytes.len < ED_CHUNK_MAX &&
		    ed_node_extend(&t->root, pos, b, off, (uint32_t)bytes.len)) {
			ed_block_unref(b);
			return 0;
		}
		mid = ed_node_build(b, off, bytes.len);
		(void)ed_node_count(mid, ED_LINES);
		ed_block_unref(b);
	}
	splice_node(t, pos, n, mid);
	return 0;
}

void
ed_text_splice(struct ed_text *t, size_t pos, size_t n, const struct ed_text *ins)
{
	splice_node(t, pos, n, ins ? ed_node_ref(ins->root) : NULL);
}

/* ---- reading -------------------------------------------------------------------- */

/* Bytes of one block, one behind the other: neighbours in a file are read in one call. */
struct run {
	struct ed_block *block; /* NULL: none yet */
	size_t off, len;
};

static void
take_run(const struct run *r, char *to)
{
	if (r->block == NULL)
		return;
	if (r->block->fd >= 0)
		ed_block_read(r->block, r->off, to, r->len);
	else
		memcpy(to, r->block->bytes + r->off, r->len);
}

size_t
ed_text_read(const struct ed_text *t, size_t pos, void *out, size_t n)
{
	char *to = out;
	size_t len = ed_text_len(t), done = 0;
	struct run r = { 0 };

	if (pos >= len)
		return 0;
	n = n < len - pos ? n : len - pos;
	while (done < n) {
		size_t begin;
		const struct ed_piece *p = ed_node_find(t->root, pos + done, &begin);
		size_t skip = pos + done - begin, k = p->len - skip;

		k = k < n - done ? k : n - done;
		if (p->block != r.block || p->off + skip != r.off + r.len) {
			take_run(&r, to + done - r.len);
			r = (struct run){ p->block, p->off + skip, 0 };
		}
		r.len += k;
		done += k;
	}
	take_run(&r, to + done - r.len);
	return n;
}

size_t
ed_text_origin(const struct ed_text *t, size_t pos, int *fd, size_t *off)
{
	const struct ed_piece *p;
	size_t begin;

	if (pos >= ed_text_len(t))
		return 0;
	p = ed_node_find(t->root, pos, &begin);
	*fd = p->block->fd;
	*off = p->off + (pos - begin);
	return p->len - (pos - begin);
}

struct ed_text *
ed_text_file(int fd, size_t len)
{
	struct ed_block *b = ed_block_file(fd, len);
	struct ed_text *t = ed_text_new();

	t->root = ed_node_build(b, 0, len);
	ed_block_unref(b);
	return t;
}

int
ed_text_byte(const struct ed_text *t, size_t pos)
{
	unsigned char c;

	return ed_text_read(t, pos, &c, 1) ? c : -1;
}

wn_err
ed_text_copy(const struct ed_text *t, size_t from, size_t to, struct wn_buf *out)
{
	size_t len = ed_text_len(t);

	to = to < len ? to : len;
	if (from >= to)
		return 0;
	char *p = wn_buf_reserve(out, to - from);
	if (!p)
		return out->err ? out->err : WN_E_LIMIT;
	wn_buf_commit(out, ed_text_read(t, from, p, to - from));
	return 0;
}

/* ---- chunks --------------------------------------------------------------------- */

static bool
iter_at(struct ed_iter *it, size_t pos)
{
	size_t begin;
	const struct ed_piece *p;

	it->chunk = WN_STR_NONE;
	it->pos = pos;
	if (pos >= ed_text_len(it->text))
		return false;
	p = ed_node_find(it->text->root, pos, &begin);
	if (p->block->fd >= 0 && !it->own)
		it->own = wn_alloc(ED_CHUNK_MAX);
	it->chunk = wn_strn(ed_piece_data(p, it->own), p->len);
	it->pos = begin;
	return true;
}

bool
ed_iter_init(struct ed_iter *it, const struct ed_text *t, size_t pos)
{
	*it = (struct ed_iter){ .text = t };
	if (!iter_at(it, pos))
		return false;
	it->chunk = wn_str_sub(it->chunk, pos - it->pos, it->chunk.len);
	it->pos = pos;
	return true;
}

bool
ed_iter_next(struct ed_iter *it)
{
	return iter_at(it, it->pos + it->chunk.len);
}

bool
ed_iter_prev(struct ed_iter *it)
{
	size_t end = it->pos;

	if (end == 0 || !iter_at(it, end - 1))
		return false;
	it->chunk.len = end - it->pos;
	return true;
}

void
ed_iter_fini(struct ed_iter *it)
{
	wn_free(it->own);
	it->own = NULL;
}
