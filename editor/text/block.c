/*
 * Blocks: the immutable bytes under the pieces, and counting in them.
 *
 * A file too large for memory is read piece by piece with pread(2), not mapped: a file that
 * somebody truncates then gives a short read instead of SIGBUS, and its pages are not charged to
 * us.
 */
#include "editor/text/node.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/mem.h"

struct ed_block *
ed_block_new(size_t cap)
{
	struct ed_block *b;

	if (cap > SIZE_MAX - sizeof *b)
		return NULL;
	b = wn_try_alloc(sizeof *b + cap);
	if (!b)
		return NULL;
	atomic_init(&b->refs, 1);
	atomic_init(&b->lost, false);
	b->fd = -1;
	b->cap = cap;
	return b;
}

struct ed_block *
ed_block_file(int fd, size_t len)
{
	struct ed_block *b = wn_alloc(sizeof *b);

	atomic_init(&b->refs, 1);
	atomic_init(&b->lost, false);
	b->fd = fd;
	b->len = b->cap = len;
	return b;
}

void
ed_block_ref(struct ed_block *b)
{
	atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
}

void
ed_block_unref(struct ed_block *b)
{
	if (!b || atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) != 1)
		return;
	if (b->fd >= 0)
		close(b->fd);
	wn_free(b);
}

void
ed_block_read(struct ed_block *b, size_t off, char *out, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t k = pread(b->fd, out + have, n - have, (off_t)(off + have));
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0) {
			atomic_store_explicit(&b->lost, true, memory_order_relaxed);
			memset(out + have, 0, n - have);
			return;
		}
		have += (size_t)k;
	}
}

const char *
ed_piece_data(const struct ed_piece *p, char *own)
{
	if (p->block->fd < 0)
		return p->block->bytes + p->off;
	ed_block_read(p->block, p->off, own, p->len);
	return own;
}

/* Sixteen bytes at a time; compilers lower it to what the machine has. */
typedef int8_t vec16 __attribute__((vector_size(16)));

static size_t
vec_sum(vec16 acc)
{
	size_t n = 0;

	for (int i = 0; i < 16; i++)
		n += (uint8_t)acc[i];
	return n;
}

static inline vec16
vec_hits(enum ed_metric m, vec16 v)
{
	switch (m) {
	case ED_LINES:
		return (vec16)(v == '\n');
	case ED_POINTS:
		return (vec16)(v >= -64); /* not 10xxxxxx */
	default:
		return (vec16)(v >= -64) +
		       (vec16)((v < 0) & (v >= -16)); /* and 11110xxx once more */
	}
}

static inline size_t
byte_hits(enum ed_metric m, int8_t c)
{
	if (m == ED_LINES)
		return c == '\n';
	return (size_t)(c >= -64) + (size_t)(m == ED_UNITS16 && c < 0 && c >= -16);
}

static inline size_t
count_with(enum ed_metric m, const char *p, size_t n)
{
	size_t total = 0, i = 0;

	while (n - i >= 16) {
		vec16 acc = { 0 };
		/* Lanes hold at most 2 a step: 120 steps stay below 256. */
		for (int k = 0; k < 120 && n - i >= 16; k++, i += 16) {
			vec16 v;
			memcpy(&v, p + i, sizeof v);
			acc -= vec_hits(m, v);
		}
		total += vec_sum(acc);
	}
	for (; i < n; i++)
		total += byte_hits(m, (int8_t)p[i]);
	return total;
}

size_t
ed_count_bytes(enum ed_metric m, const char *p, size_t n)
{
	switch (m) {
	case ED_LINES:
		return count_with(ED_LINES, p, n);
	case ED_POINTS:
		return count_with(ED_POINTS, p, n);
	default:
		return count_with(ED_UNITS16, p, n);
	}
}

int32_t
ed_piece_lines(struct ed_piece *p)
{
	char own[ED_CHUNK_MAX];
	int32_t n = atomic_load_explicit(&p->lines, memory_order_relaxed);

	if (n == ED_UNKNOWN) {
		n = (int32_t)ed_count_bytes(ED_LINES, ed_piece_data(p, own), p->len);
		atomic_store_explicit(&p->lines, n, memory_order_relaxed);
	}
	return n;
}
