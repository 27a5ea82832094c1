/*
 * Lines and other counts: from position to number and back, by the counts the nodes keep.
 */
#include <string.h>

#include "editor/text/node.h"

size_t
ed_text_rank(const struct ed_text *t, enum ed_metric m, size_t pos)
{
	char own[ED_CHUNK_MAX];
	struct ed_node *n = t->root;
	size_t rank = 0;
	unsigned i;

	if (!n)
		return 0;
	if (pos >= n->bytes)
		return (size_t)ed_node_count(n, m);
	while (n->height) {
		for (i = 0; pos >= n->child[i]->bytes; i++) {
			rank += (size_t)ed_node_count(n->child[i], m);
			pos -= n->child[i]->bytes;
		}
		n = n->child[i];
	}
	for (i = 0; pos >= n->piece[i].len; i++) {
		struct ed_piece *p = &n->piece[i];
		rank += m == ED_LINES ? (size_t)ed_piece_lines(p)
				      : ed_count_bytes(m, ed_piece_data(p, own), p->len);
		pos -= p->len;
	}
	return rank + (pos ? ed_count_bytes(m, ed_piece_data(&n->piece[i], own), pos) : 0);
}

/* Bytes of p up to and with its n-th hit (n >= 1, there are as many). */
static size_t
seek_bytes(enum ed_metric m, const char *p, size_t len, size_t n)
{
	const char *at = p, *end = p + len;

	if (m == ED_LINES) {
		while (n--)
			at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
		return (size_t)(at - p);
	}
	for (; at < end; at++) {
		size_t hits = ed_count_bytes(m, at, 1);
		if (hits >= n)
			return (size_t)(at + 1 - p);
		n -= hits;
	}
	return len;
}

/* Behind the rest of a UTF-8 sequence that pos is inside of. */
static size_t
skip_continuation(const struct ed_text *t, size_t pos)
{
	for (int c = ed_text_byte(t, pos); c >= 0 && (c & 0xC0) == 0x80;)
		c = ed_text_byte(t, ++pos);
	return pos;
}

size_t
ed_text_seek(const struct ed_text *t, enum ed_metric m, size_t n)
{
	char own[ED_CHUNK_MAX];
	struct ed_node *node = t->root;
	size_t pos = 0, hits, left = n;
	unsigned i;

	if (!node || n == 0)
		return 0;
	if ((size_t)ed_node_count(node, m) < n)
		return node->bytes;
	while (node->height) {
		for (i = 0; (hits = (size_t)ed_node_count(node->child[i], m)) < left; i++) {
			left -= hits;
			pos += node->child[i]->bytes;
		}
		node = node->child[i];
	}
	for (i = 0; i < node->n; i++) {
		struct ed_piece *p = &node->piece[i];
		const char *data;
		if (m == ED_LINES && (hits = (size_t)ed_piece_lines(p)) < left) {
			left -= hits;
			pos += p->len;
			continue;
		}
		/* The file under a piece may have changed since it was counted: count again. */
		data = ed_piece_data(p, own);
		hits = ed_count_bytes(m, data, p->len);
		if (hits >= left) {
			pos += seek_bytes(m, data, p->len, left);
			break;
		}
		left -= hits;
		pos += p->len;
	}
	return m == ED_LINES ? pos : skip_continuation(t, pos);
}

bool
ed_text_indexed(const struct ed_text *t)
{
	return !t->root ||
	       atomic_load_explicit(&t->root->count[ED_LINES], memory_order_relaxed) != ED_UNKNOWN;
}

static bool
index_node(struct ed_node *n, const atomic_bool *cancel, atomic_size_t *done)
{
	if (cancel && atomic_load_explicit(cancel, memory_order_relaxed))
		return false;
	for (unsigned i = 0; n->height && i < n->n; i++)
		if (!index_node(n->child[i], cancel, done))
			return false;
	(void)ed_node_count(n, ED_LINES);
	if (done && n->height == 0)
		atomic_fetch_add_explicit(done, n->bytes, memory_order_relaxed);
	return true;
}

bool
ed_text_index(const struct ed_text *t, const atomic_bool *cancel, atomic_size_t *done)
{
	return !t->root || index_node(t->root, cancel, done);
}

static bool
lost_node(const struct ed_node *n)
{
	for (unsigned i = 0; i < n->n; i++)
		if (n->height
			    ? lost_node(n->child[i])
			    : atomic_load_explicit(&n->piece[i].block->lost, memory_order_relaxed))
			return true;
	return false;
}

bool
ed_text_lost(const struct ed_text *t)
{
	return t->root && lost_node(t->root);
}

size_t
ed_text_lines(const struct ed_text *t)
{
	return (size_t)ed_node_count(t->root, ED_LINES) + 1;
}

size_t
ed_text_line_start(const struct ed_text *t, size_t line)
{
	return ed_text_seek(t, ED_LINES, line);
}

size_t
ed_text_line_of(const struct ed_text *t, size_t pos)
{
	return ed_text_rank(t, ED_LINES, pos);
}

/* ---- nearest newline, without numbers ---------------------------------------------- */

static bool
no_lines(struct ed_node *n)
{
	return atomic_load_explicit(&n->count[ED_LINES], memory_order_relaxed) == 0;
}

/* Position behind the last newline before pos (pos <= bytes); SIZE_MAX: none. */
static size_t
prev_newline(struct ed_node *n, size_t pos)
{
	char own[ED_CHUNK_MAX];
	size_t begin = n->bytes, found;

	if (no_lines(n))
		return SIZE_MAX;
	for (unsigned i = n->n; i-- > 0;) {
		size_t len = n->height ? n->child[i]->bytes : n->piece[i].len;
		begin -= len;
		if (begin >= pos)
			continue;
		size_t upto = pos - begin < len ? pos - begin : len;
		if (n->height) {
			found = prev_newline(n->child[i], upto);
			if (found != SIZE_MAX)
				return begin + found;
		} else if (ed_piece_lines(&n->piece[i]) > 0) {
			const char *p = ed_piece_data(&n->piece[i], own);
			const char *at = memrchr(p, '\n', upto);
			if (at)
				return begin + (size_t)(at + 1 - p);
		}
	}
	return SIZE_MAX;
}

/* Position of the first newline at or behind pos; SIZE_MAX: none. */
static size_t
next_newline(struct ed_node *n, size_t pos)
{
	char own[ED_CHUNK_MAX];
	size_t begin = 0, found;

	if (no_lines(n))
		return SIZE_MAX;
	for (unsigned i = 0; i < n->n; i++) {
		size_t len = n->height ? n->child[i]->bytes : n->piece[i].len;
		size_t from = pos > begin ? pos - begin : 0;
		if (from < len && n->height) {
			found = next_newline(n->child[i], from);
			if (found != SIZE_MAX)
				return begin + found;
		} else if (from < len && ed_piece_lines(&n->piece[i]) > 0) {
			const char *p = ed_piece_data(&n->piece[i], own);
			const char *at = memchr(p + from, '\n', len - from);
			if (at)
				return begin + (size_t)(at - p);
		}
		begin += len;
	}
	return SIZE_MAX;
}

size_t
ed_text_line_begin(const struct ed_text *t, size_t pos)
{
	size_t at = t->root ? prev_newline(t->root, pos) : SIZE_MAX;

	return at == SIZE_MAX ? 0 : at;
}

size_t
ed_text_line_end(const struct ed_text *t, size_t pos)
{
	size_t at = t->root ? next_newline(t->root, pos) : SIZE_MAX;

	return at == SIZE_MAX ? ed_text_len(t) : at;
}
