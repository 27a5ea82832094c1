/*
 * Scrollback store; history.h tells the idea. Lines lie one behind the other in chunks;
 * a chunk is one allocation, cut to size when it is full. May not look at the grid.
 */
#include "runtime/shim/history.h"

#include <stddef.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/termframe.h"

#define CHUNK_BYTES (64 * 1024)
/* A longer line is cut in two: it bounds the work of growing or moving one. */
#define LINE_BYTES_MAX (CHUNK_BYTES / 8)

struct line {
	uint32_t bytes, cells;
	uint8_t flags;
	uint8_t has_wide;
};

struct history_chunk {
	struct history_chunk *next, *prev;
	uint32_t size, cap;
	uint32_t lines;
	uint32_t last_line; /* offset of the last line's header */
	uint64_t rows;	    /* at history.cols */
	unsigned char data[];
};

/* ---- how many rows a line takes ---- */

/* Walks a line and counts its rows; when on_row is set, calls it with each row's pieces. */
struct cutter {
	struct wn_trow_writer w;
	uint32_t col, cols, row;
	uint32_t from, to; /* rows wanted */
	uint32_t index;	   /* index of the row record of row `from` */
	uint8_t flags;
	struct wn_buf *out, *ops;
};

static void
cut_flush(struct cutter *c, bool wrapped)
{
	if (c->out && c->row >= c->from && c->row < c->to)
		wn_tframe_add_row(
			c->out, c->index++,
			(uint8_t)((c->row == 0 ? c->flags : 0) | (wrapped ? WN_TR_WRAPPED : 0)),
			wn_buf_view(c->ops));
	if (c->ops) {
		wn_buf_clear(c->ops);
		c->w.style = (struct wn_tstyle){ 0 };
	}
	c->row++;
	c->col = 0;
}

static void
cut_write(struct cutter *c, const struct wn_tpiece *p, uint32_t cells)
{
	if (!c->out || c->row < c->from || c->row >= c->to)
		return;
	wn_trow_style(&c->w, &p->style);
	if (!p->text.len)
		wn_trow_blank(&c->w, cells);
	else if (p->text.len == 1)
		wn_trow_ascii(&c->w, p->text.p, 1);
	else
		wn_trow_cluster(&c->w, (int)cells, p->text);
}

static void
cut_piece(struct cutter *c, const struct wn_tpiece *p)
{
	uint32_t left = p->count;

	if (p->text.len) {
		if (c->col + left > c->cols && c->col > 0)
			cut_flush(c, true);
		cut_write(c, p, left);
		c->col += left;
		return;
	}
	while (left) {
		uint32_t n = c->cols - c->col;

		if (n == 0) {
			cut_flush(c, true);
			continue;
		}
		if (n > left)
			n = left;
		cut_write(c, p, n);
		c->col += n;
		left -= n;
	}
}

static void
cut_line(struct cutter *c, struct wn_str ops)
{
	struct wn_trow_reader r;
	struct wn_tpiece p;

	wn_trow_read(&r, ops);
	while (wn_trow_next(&r, &p) == 1) {
		if (c->col >= c->cols)
			cut_flush(c, true);
		cut_piece(c, &p);
		if (c->out && c->row >= c->to)
			return;
	}
	cut_flush(c, false);
}

static uint64_t
line_rows(const struct history *h, const struct line *l, const unsigned char *ops)
{
	struct cutter c = { .cols = h->cols };

	if (!l->has_wide)
		return l->cells ? (l->cells + h->cols - 1) / h->cols : 1;
	cut_line(&c, wn_strn((const char *)ops, l->bytes));
	return c.row;
}

/* Headers are not aligned in the chunk. */
static struct line
line_at(const struct history_chunk *k, uint32_t at)
{
	struct line l;

	memcpy(&l, k->data + at, sizeof l);
	return l;
}

static void
line_put(struct history_chunk *k, uint32_t at, const struct line *l)
{
	memcpy(k->data + at, l, sizeof *l);
}

/* ---- chunks ---- */

void
history_init(struct history *h, uint64_t lines_max, uint32_t cols)
{
	*h = (struct history){ .lines_max = lines_max, .cols = cols };
}

void
history_clear(struct history *h)
{
	struct history_chunk *k, *next;

	for (k = h->first; k; k = next) {
		next = k->next;
		wn_free(k);
	}
	history_init(h, h->lines_max, h->cols);
}

void
history_fini(struct history *h)
{
	history_clear(h);
}

static void
chunk_close(struct history *h)
{
	struct history_chunk *k = h->last, *small;

	if (!k || k->cap == k->size)
		return;
	small = wn_realloc(k, offsetof(struct history_chunk, data) + k->size);
	small->cap = small->size;
	h->last = small;
	if (small->prev)
		small->prev->next = small;
	else
		h->first = small;
}

static struct history_chunk *
chunk_new(struct history *h)
{
	struct history_chunk *k;

	chunk_close(h);
	k = wn_realloc(NULL, offsetof(struct history_chunk, data) + CHUNK_BYTES);
	memset(k, 0, offsetof(struct history_chunk, data));
	k->cap = CHUNK_BYTES;
	k->prev = h->last;
	if (h->last)
		h->last->next = k;
	else
		h->first = k;
	h->last = k;
	return k;
}

static void
chunk_drop_first(struct history *h)
{
	struct history_chunk *k = h->first;

	h->first = k->next;
	if (h->first)
		h->first->prev = NULL;
	else
		h->last = NULL;
	h->lines -= k->lines;
	h->rows -= k->rows;
	h->dropped_rows += k->rows;
	wn_free(k);
}

static void
drop_old(struct history *h)
{
	while (h->first && h->first != h->last && h->lines - h->first->lines >= h->lines_max)
		chunk_drop_first(h);
}

/* Takes the last line off its chunk. */
static void
unlink_last(struct history *h)
{
	struct history_chunk *k = h->last;
	struct line l = line_at(k, k->last_line);
	uint64_t rows = line_rows(h, &l, k->data + k->last_line + sizeof l);
	uint32_t at = 0, prev = 0;

	k->size = k->last_line;
	k->lines--;
	k->rows -= rows;
	h->rows -= rows;
	h->lines--;
	if (k->lines == 0) {
		h->last = k->prev;
		if (h->last)
			h->last->next = NULL;
		else
			h->first = NULL;
		wn_free(k);
		return;
	}
	for (uint32_t i = 0; i < k->lines; i++) {
		prev = at;
		at += (uint32_t)sizeof(struct line) + line_at(k, at).bytes;
	}
	k->last_line = prev;
}

static void
append_line(struct history *h, const struct line *l, struct wn_str ops)
{
	struct history_chunk *k = h->last;
	uint32_t need = (uint32_t)(sizeof *l + ops.len);
	uint64_t rows;

	if (!k || k->cap - k->size < need)
		k = chunk_new(h);
	k->last_line = k->size;
	line_put(k, k->size, l);
	memcpy(k->data + k->size + sizeof *l, ops.p, ops.len);
	k->size += need;
	k->lines++;
	rows = line_rows(h, l, k->data + k->last_line + sizeof *l);
	k->rows += rows;
	h->rows += rows;
	h->lines++;
	drop_old(h);
}

/* Adds a wrapped row's continuation behind the last line, in place. False: no room. */
static bool
extend_last(struct history *h, struct wn_str ops, uint32_t cells, bool has_wide)
{
	struct history_chunk *k = h->last;
	struct line l;
	uint64_t before, after;

	if (!k || !k->lines)
		return false;
	l = line_at(k, k->last_line);
	if (l.bytes + ops.len + 1 > LINE_BYTES_MAX || k->cap - k->size < ops.len + 1)
		return false;
	before = line_rows(h, &l, k->data + k->last_line + sizeof l);
	k->data[k->size++] = 0; /* operation 0: back to the plain style */
	memcpy(k->data + k->size, ops.p, ops.len);
	k->size += (uint32_t)ops.len;
	l.bytes += (uint32_t)ops.len + 1;
	l.cells += cells;
	l.has_wide = l.has_wide || has_wide;
	line_put(k, k->last_line, &l);
	after = line_rows(h, &l, k->data + k->last_line + sizeof l);
	k->rows += after - before;
	h->rows += after - before;
	return true;
}

/* The last line moves to a fresh chunk when it is short enough to be continued there. */
static bool
move_last(struct history *h, size_t more)
{
	struct history_chunk *k = h->last;
	struct line l;
	struct wn_buf copy;

	if (!k || !k->lines)
		return false;
	l = line_at(k, k->last_line);
	if (k->lines == 1 || l.bytes + more + 1 > LINE_BYTES_MAX)
		return false;
	wn_buf_init(&copy, CHUNK_BYTES);
	wn_buf_add(&copy, k->data + k->last_line + sizeof l, l.bytes);
	unlink_last(h);
	chunk_new(h);
	append_line(h, &l, wn_buf_view(&copy));
	wn_buf_fini(&copy);
	return true;
}

void
history_push(struct history *h, struct wn_str ops, uint32_t cells, bool has_wide, uint8_t flags,
	     bool wrapped)
{
	struct line l = { (uint32_t)ops.len, cells, flags, has_wide };
	bool joined = false;

	if (h->lines_max == 0 || ops.len > CHUNK_BYTES - sizeof l)
		return;
	if (h->open) {
		joined = extend_last(h, ops, cells, has_wide);
		if (!joined && move_last(h, ops.len))
			joined = extend_last(h, ops, cells, has_wide);
	}
	if (!joined)
		append_line(h, &l, ops);
	h->open = wrapped;
}

void
history_set_cols(struct history *h, uint32_t cols)
{
	if (cols == h->cols)
		return;
	h->cols = cols;
	h->rows = 0;
	h->dropped_rows = 0;
	for (struct history_chunk *k = h->first; k; k = k->next) {
		k->rows = 0;
		for (uint32_t i = 0, at = 0; i < k->lines; i++) {
			struct line l = line_at(k, at);

			k->rows += line_rows(h, &l, k->data + at + sizeof l);
			at += (uint32_t)sizeof l + l.bytes;
		}
		h->rows += k->rows;
	}
}

bool
history_pop(struct history *h, struct wn_buf *ops, uint8_t *flags_out)
{
	struct line l;

	if (!h->last || !h->last->lines)
		return false;
	l = line_at(h->last, h->last->last_line);
	*flags_out = l.flags;
	wn_buf_add(ops, h->last->data + h->last->last_line + sizeof l, l.bytes);
	unlink_last(h);
	h->open = false;
	return true;
}

/* Rows of one chunk that lie in [from, to), numbered from the chunk's first row. */
static uint32_t
chunk_rows(const struct history *h, const struct history_chunk *k, uint64_t from, uint64_t to,
	   uint32_t index, struct wn_buf *out)
{
	uint64_t row = 0;
	uint32_t start = index;
	struct wn_buf ops;

	wn_buf_init(&ops, CHUNK_BYTES * 8);
	for (uint32_t i = 0, at = 0; i < k->lines && row < to; i++) {
		struct line l = line_at(k, at);
		const unsigned char *p = k->data + at + sizeof l;
		uint64_t n = line_rows(h, &l, p);

		if (row + n > from) {
			struct cutter c = { .cols = h->cols,
					    .out = out,
					    .ops = &ops,
					    .index = index,
					    .flags = l.flags };

			c.w.out = &ops;
			c.from = (uint32_t)(from > row ? from - row : 0);
			c.to = (uint32_t)(to - row);
			cut_line(&c, wn_strn((const char *)p, l.bytes));
			wn_buf_clear(&ops);
			index = c.index;
		}
		row += n;
		at += (uint32_t)sizeof l + l.bytes;
	}
	wn_buf_fini(&ops);
	return index - start;
}

uint32_t
history_rows(const struct history *h, uint64_t from, uint32_t count, struct wn_buf *out)
{
	uint64_t row = h->dropped_rows, to = from + count;
	uint32_t done = 0;

	if (from < row)
		return 0;
	for (const struct history_chunk *k = h->first; k && row < to; k = k->next) {
		if (row + k->rows > from)
			done += chunk_rows(h, k, from > row ? from - row : 0, to - row, done, out);
		row += k->rows;
	}
	return done;
}
