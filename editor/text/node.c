/*
 * The tree: a B-tree by byte position, changed by splitting and joining whole trees (as ropes do),
 * each sharing what it does not touch. All leaves are at one depth; every node but the root holds
 * ED_FAN_MIN to ED_FAN items. A node with one owner is reused in place.
 */
#include "editor/text/node.h"

#include <assert.h>

#include "runtime/base/mem.h"

static struct ed_node *
node_new(unsigned height)
{
	struct ed_node *n = WN_NEW(struct ed_node);

	atomic_init(&n->refs, 1);
	n->height = (uint8_t)height;
	for (int m = 0; m < ED_METRICS; m++)
		atomic_init(&n->count[m], ED_UNKNOWN);
	return n;
}

struct ed_node *
ed_node_ref(struct ed_node *n)
{
	if (n)
		atomic_fetch_add_explicit(&n->refs, 1, memory_order_relaxed);
	return n;
}

void
ed_node_unref(struct ed_node *n)
{
	if (!n || atomic_fetch_sub_explicit(&n->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (unsigned i = 0; i < n->n; i++) {
		if (n->height)
			ed_node_unref(n->child[i]);
		else
			ed_block_unref(n->piece[i].block);
	}
	wn_free(n);
}

/* Moves items between nodes that the caller alone owns. */
static void
move_items(struct ed_node *dst, unsigned di, struct ed_node *src, unsigned si, unsigned k)
{
	if (dst->height)
		memmove(dst->child + di, src->child + si, k * sizeof *dst->child);
	else
		memmove(dst->piece + di, src->piece + si, k * sizeof *dst->piece);
}

static void
piece_set(struct ed_piece *p, struct ed_block *b, size_t off, size_t len, int32_t lines)
{
	p->block = b;
	p->off = off;
	p->len = (uint32_t)len;
	atomic_init(&p->lines, lines);
}

/* Recounts what follows from the items, as far as it is known without reading text. */
static void
seal(struct ed_node *n)
{
	int64_t sum[ED_METRICS] = { 0 };
	size_t bytes = 0;

	for (unsigned i = 0; i < n->n; i++) {
		bytes += n->height ? n->child[i]->bytes : n->piece[i].len;
		for (int m = 0; m < ED_METRICS; m++) {
			int64_t c = ED_UNKNOWN;
			if (n->height)
				c = atomic_load_explicit(&n->child[i]->count[m],
							 memory_order_relaxed);
			else if (m == ED_LINES)
				c = atomic_load_explicit(&n->piece[i].lines, memory_order_relaxed);
			sum[m] = c < 0 || sum[m] < 0 ? ED_UNKNOWN : sum[m] + c;
		}
	}
	n->bytes = bytes;
	for (int m = 0; m < ED_METRICS; m++)
		atomic_store_explicit(&n->count[m], sum[m], memory_order_relaxed);
}

/* A node that is ours alone: n itself, or a copy that shares its items. Takes n. */
static struct ed_node *
own(struct ed_node *n)
{
	struct ed_node *c;

	if (atomic_load_explicit(&n->refs, memory_order_acquire) == 1)
		return n;
	c = node_new(n->height);
	c->n = n->n;
	for (unsigned i = 0; i < n->n; i++) {
		if (n->height) {
			c->child[i] = ed_node_ref(n->child[i]);
			continue;
		}
		const struct ed_piece *p = &n->piece[i];
		ed_block_ref(p->block);
		piece_set(&c->piece[i], p->block, p->off, p->len,
			  atomic_load_explicit(&p->lines, memory_order_relaxed));
	}
	c->bytes = n->bytes;
	for (int m = 0; m < ED_METRICS; m++)
		atomic_init(&c->count[m], atomic_load_explicit(&n->count[m], memory_order_relaxed));
	ed_node_unref(n);
	return c;
}

/* Packs nodes of one height into parents until one is left; takes them, reuses the array. */
static struct ed_node *
build_up(struct ed_node **v, size_t n)
{
	while (n > 1) {
		size_t groups = (n + ED_FAN - 1) / ED_FAN, used = 0;
		for (size_t g = 0; g < groups; g++) {
			size_t take = (n - used) / (groups - g);
			struct ed_node *p = node_new(v[used]->height + 1u);
			memcpy(p->child, v + used, take * sizeof *v);
			p->n = (uint8_t)take;
			seal(p);
			used += take;
			v[g] = p;
		}
		n = groups;
	}
	return v[0];
}

struct ed_node *
ed_node_build(struct ed_block *b, size_t off, size_t len)
{
	size_t pieces = (len + ED_CHUNK_MAX - 1) / ED_CHUNK_MAX;
	size_t leaves = (pieces + ED_FAN - 1) / ED_FAN, used = 0;

	if (len == 0)
		return NULL;
	struct ed_node **v = wn_alloc_array(leaves, sizeof *v);
	for (size_t i = 0; i < leaves; i++) {
		size_t take = (pieces - used) / (leaves - i);
		v[i] = node_new(0);
		for (size_t k = 0; k < take; k++, used++) {
			size_t at = used * ED_CHUNK_MAX;
			size_t n = len - at < ED_CHUNK_MAX ? len - at : ED_CHUNK_MAX;
			ed_block_ref(b);
			piece_set(&v[i]->piece[v[i]->n++], b, off + at, n, ED_UNKNOWN);
		}
		seal(v[i]);
	}
	struct ed_node *root = build_up(v, leaves);
	wn_free(v);
	return root;
}

/* ---- join --------------------------------------------------------------------- */

/* Two trees of one height. Keeps both when they are full enough, else levels or melts them. */
static struct ed_node *
join_equal(struct ed_node *a, struct ed_node *b)
{
	if (a->n < ED_FAN_MIN || b->n < ED_FAN_MIN) {
		a = own(a);
		b = own(b);
		unsigned total = (unsigned)a->n + b->n;
		unsigned left = total <= ED_FAN ? total : total / 2;
		if (left >= a->n) {
			unsigned k = left - a->n;
			move_items(a, a->n, b, 0, k);
			move_items(b, 0, b, k, b->n - k);
		} else {
			unsigned k = a->n - left;
			move_items(b, k, b, 0, b->n);
			move_items(b, 0, a, left, k);
		}
		a->n = (uint8_t)left;
		b->n = (uint8_t)(total - left);
		seal(a);
		seal(b);
		if (b->n == 0) {
			ed_node_unref(b);
			return a;
		}
	}
	struct ed_node *p = node_new(a->height + 1u);
	p->child[0] = a;
	p->child[1] = b;
	p->n = 2;
	seal(p);
	return p;
}

struct ed_node *
ed_node_join(struct ed_node *a, struct ed_node *b)
{
	struct ed_node *j;

	if (!a || !b)
		return a ? a : b;
	if (a->height == b->height)
		return join_equal(a, b);
	if (a->height > b->height) {
		a = own(a);
		j = ed_node_join(a->child[a->n - 1], b);
		if (j->height < a->height) {
			a->child[a->n - 1] = j;
			seal(a);
			return a;
		}
		a->n--;
		return join_equal(a, j);
	}
	b = own(b);
	j = ed_node_join(a, b->child[0]);
	if (j->height < b->height) {
		b->child[0] = j;
		seal(b);
		return b;
	}
	b->n--;
	move_items(b, 0, b, 1, b->n);
	return join_equal(j, b);
}

/* ---- split -------------------------------------------------------------------- */

/* Newlines of the first `cut` bytes of p; ED_UNKNOWN when p is not counted either. */
static int32_t
lines_before(const struct ed_piece *p, size_t cut)
{
	char own_bytes[ED_CHUNK_MAX];

	if (atomic_load_explicit(&p->lines, memory_order_relaxed) == ED_UNKNOWN)
		return ED_UNKNOWN;
	return (int32_t)ed_count_bytes(ED_LINES, ed_piece_data(p, own_bytes), cut);
}

static void
split_leaf(struct ed_node *n, size_t pos, struct ed_node **l, struct ed_node **r)
{
	struct ed_node *right = node_new(0);
	unsigned i = 0;

	n = own(n);
	while (pos >= n->piece[i].len)
		pos -= n->piece[i++].len;
	unsigned tail = n->n - i; /* the piece with pos and what follows */
	move_items(right, 0, n, i, tail);
	right->n = (uint8_t)tail;
	n->n = (uint8_t)i;
	if (pos) {
		struct ed_piece *p = &right->piece[0];
		int32_t all = atomic_load_explicit(&p->lines, memory_order_relaxed);
		int32_t some = lines_before(p, pos);
		ed_block_ref(p->block);
		piece_set(&n->piece[n->n++], p->block, p->off, pos, some);
		piece_set(p, p->block, p->off + pos, p->len - pos,
			  all == ED_UNKNOWN ? ED_UNKNOWN : all - some);
	}
	seal(n);
	seal(right);
	*l = n;
	*r = right;
}

/* Children from..to of a node we own, as a tree of their own; they leave n. */
static struct ed_node *
part(struct ed_node *n, unsigned from, unsigned to)
{
	struct ed_node *p;

	if (from == to)
		return NULL;
	if (to - from == 1)
		return n->child[from];
	p = node_new(n->height);
	p->n = (uint8_t)(to - from);
	move_items(p, 0, n, from, to - from);
	seal(p);
	return p;
}

void
ed_node_split(struct ed_node *n, size_t pos, struct ed_node **l, struct ed_node **r)
{
	struct ed_node *cl, *cr, *before, *after;
	unsigned i = 0;

	*l = *r = NULL;
	if (!n)
		return;
	if (pos == 0 || pos >= n->bytes) {
		*(pos ? l : r) = n;
		return;
	}
	if (n->height == 0) {
		split_leaf(n, pos, l, r);
		return;
	}
	n = own(n);
	while (pos >= n->child[i]->bytes)
		pos -= n->child[i++]->bytes;
	ed_node_split(n->child[i], pos, &cl, &cr);
	before = part(n, 0, i);
	after = part(n, i + 1u, n->n);
	n->n = 0;
	ed_node_unref(n);
	*l = ed_node_join(before, cl);
	*r = ed_node_join(cr, after);
}

/* ---- growing in place, finding, counting ------------------------------------------ */

struct ed_piece *
ed_node_find(struct ed_node *n, size_t pos, size_t *begin_out)
{
	size_t begin = 0;
	unsigned i = 0;

	while (n->height) {
		for (i = 0; pos - begin >= n->child[i]->bytes; i++)
			begin += n->child[i]->bytes;
		n = n->child[i];
	}
	for (i = 0; pos - begin >= n->piece[i].len; i++)
		begin += n->piece[i].len;
	*begin_out = begin;
	return &n->piece[i];
}

bool
ed_node_extend(struct ed_node **root, size_t pos, struct ed_block *add, size_t off, uint32_t len)
{
	struct ed_node *path[16];
	struct ed_piece *p;
	size_t begin;
	int depth = 0;

	if (pos == 0 || !*root)
		return false;
	p = ed_node_find(*root, pos - 1, &begin);
	if (p->block != add || p->off + p->len != off || begin + p->len != pos ||
	    p->len + len > ED_CHUNK_MAX)
		return false;
	int32_t lines = (int32_t)ed_count_bytes(ED_LINES, add->bytes + off, len);
	unsigned i = 0;
	begin = 0;
	for (struct ed_node **at = root;; at = &(*at)->child[i]) {
		struct ed_node *n = *at = own(*at);
		path[depth++] = n;
		for (i = 0; pos - 1 - begin >= (n->height ? n->child[i]->bytes : n->piece[i].len);
		     i++)
			begin += n->height ? n->child[i]->bytes : n->piece[i].len;
		if (!n->height)
			break;
	}
	p = &path[depth - 1]->piece[i];
	p->len += len;
	int32_t had = atomic_load_explicit(&p->lines, memory_order_relaxed);
	atomic_store_explicit(&p->lines, had < 0 ? had : had + lines, memory_order_relaxed);
	while (depth > 0)
		seal(path[--depth]);
	return true;
}

static int64_t
count_piece(struct ed_piece *p, enum ed_metric m)
{
	char own_bytes[ED_CHUNK_MAX];

	if (m == ED_LINES)
		return ed_piece_lines(p);
	return (int64_t)ed_count_bytes(m, ed_piece_data(p, own_bytes), p->len);
}

int64_t
ed_node_count(struct ed_node *n, enum ed_metric m)
{
	int64_t c;

	if (!n)
		return 0;
	c = atomic_load_explicit(&n->count[m], memory_order_relaxed);
	if (c != ED_UNKNOWN)
		return c;
	c = 0;
	for (unsigned i = 0; i < n->n; i++)
		c += n->height ? ed_node_count(n->child[i], m) : count_piece(&n->piece[i], m);
	atomic_store_explicit(&n->count[m], c, memory_order_relaxed);
	return c;
}

void
ed_node_check(const struct ed_node *n, bool root)
{
	size_t bytes = 0;

	assert(n->n <= ED_FAN && n->n >= (root ? (n->height ? 2 : 1) : ED_FAN_MIN));
	for (unsigned i = 0; i < n->n; i++) {
		if (n->height) {
			assert(n->child[i]->height == n->height - 1);
			ed_node_check(n->child[i], false);
			bytes += n->child[i]->bytes;
		} else {
			assert(n->piece[i].len > 0 && n->piece[i].len <= ED_CHUNK_MAX);
			bytes += n->piece[i].len;
		}
	}
	assert(bytes == n->bytes);
	(void)bytes;
}
