/*
 * Columns. A walk goes over the clusters of one line; on long lines it starts from the nearest
 * remembered checkpoint and leaves new ones behind it.
 */
#include "editor/document/layout.h"

#include "editor/document/doc.h"
#include "runtime/base/utf8.h"

#define WINDOW 16384
#define CHECKPOINT 4096 /* bytes between remembered columns */
#define CLUSTER_MAX 512 /* a longer cluster is shown in parts */

struct walk {
	struct ed_doc *doc;
	size_t pos, col, end; /* end: of the line */
	size_t base, len;     /* of the window */
	bool keep;	      /* the line's columns are remembered */
	char buf[WINDOW];
};

/* Bytes at w->pos that are at hand, at least CLUSTER_MAX if the line has as many. */
static struct wn_str
at_hand(struct walk *w)
{
	size_t have = w->base + w->len - w->pos;

	if (have < CLUSTER_MAX && w->base + w->len < w->end) {
		size_t want = w->end - w->pos < WINDOW ? w->end - w->pos : WINDOW;
		w->base = w->pos;
		w->len = have = ed_text_read(w->doc->text, w->pos, w->buf, want);
	}
	return wn_strn(w->buf + (w->pos - w->base), have);
}

static size_t
tab_stop(const struct walk *w)
{
	size_t tab = (size_t)w->doc->info.tab_width;

	return tab - w->col % tab;
}

static enum ed_cell_kind
kind_of(struct wn_str s)
{
	unsigned char c = (unsigned char)s.p[0];
	uint32_t cp;

	if (c == '\t')
		return ED_CELL_TAB;
	if (c < 0x20 || c == 0x7F)
		return ED_CELL_CONTROL;
	if (c < 0x80)
		return ED_CELL_TEXT;
	wn_utf8_decode(s.p, s.len, &cp);
	if (cp == WN_UTF8_BAD)
		return ED_CELL_BAD;
	return cp < 0xA0 ? ED_CELL_CONTROL : ED_CELL_TEXT;
}

/* The cluster at the walk's place; false at the line's end. */
static bool
peek(struct walk *w, struct ed_cell *cell)
{
	struct wn_str s;
	int width = 1;
	size_t n = 1;

	if (w->pos >= w->end)
		return false;
	s = at_hand(w);
	if (s.len == 0)
		return false; /* the file under it is gone */
	cell->kind = kind_of(s);
	/* Two ASCII bytes never share a cluster; the line's end is behind s. */
	bool plain = (unsigned char)s.p[0] < 0x80 && (s.len == 1 || (unsigned char)s.p[1] < 0x80);
	if (!plain)
		n = wn_utf8_cluster(s.p, s.len < CLUSTER_MAX ? s.len : CLUSTER_MAX, &width);
	cell->pos = w->pos;
	cell->col = w->col;
	cell->len = (uint32_t)n;
	cell->width = (uint16_t)(cell->kind == ED_CELL_TAB ? tab_stop(w) : (size_t)width);
	return true;
}

static void
step(struct walk *w, const struct ed_cell *cell)
{
	struct ed_columns *c = &w->doc->columns;

	w->pos += cell->len;
	w->col += cell->width;
	if (w->keep && w->pos >= wn_vec_last(&c->at).pos + CHECKPOINT)
		wn_vec_push(&c->at, (struct ed_checkpoint){ w->pos, w->col });
}

/* How many of the first n bytes are printable ASCII, sixteen at a time. */
static size_t
plain_run(const char *p, size_t n)
{
	typedef int8_t vec16 __attribute__((vector_size(16)));
	size_t i = 0;

	for (; n - i >= 16; i += 16) {
		vec16 v;
		uint64_t all[2];
		memcpy(&v, p + i, sizeof v);
		v = (vec16)((v > 0x1F) & (v < 0x7F));
		memcpy(all, &v, sizeof all);
		if ((all[0] & all[1]) != UINT64_MAX)
			break;
	}
	while (i < n && p[i] >= 0x20 && p[i] < 0x7F)
		i++;
	return i;
}

/* Steps over printable ASCII in one go, stopping before byte `pos` and column `col`. */
static void
skip_plain(struct walk *w, size_t pos, size_t col)
{
	struct wn_str s = at_hand(w);
	size_t n, max = s.len < CHECKPOINT ? s.len : CHECKPOINT;

	max = max < pos - w->pos ? max : pos - w->pos;
	max = max < col - w->col ? max : col - w->col;
	n = plain_run(s.p, max);
	/* The last one may be the base of what follows. */
	if (n < 2)
		return;
	struct ed_cell run = { .len = (uint32_t)(n - 1), .width = (uint16_t)(n - 1) };
	step(w, &run);
}

/* The last checkpoint that is not behind pos and not behind col. */
static struct ed_checkpoint
nearest(const struct ed_columns *c, size_t pos, size_t col)
{
	size_t lo = 0, hi = c->at.len;

	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;
		if (c->at.p[mid].pos <= pos && c->at.p[mid].col <= col)
			lo = mid;
		else
			hi = mid;
	}
	return c->at.p[lo];
}

/* Starts a walk at the cluster that covers byte pos or column col, whichever comes first. */
static void
walk_to(struct walk *w, struct ed_doc *doc, size_t line_start, size_t pos, size_t col)
{
	struct ed_columns *c = &doc->columns;
	struct ed_cell cell;

	w->doc = doc;
	w->pos = w->base = line_start;
	w->len = w->col = 0;
	w->end = ed_doc_line_end(doc, line_start);
	w->keep = w->end - line_start > CHECKPOINT;
	if (w->keep) {
		if (!c->valid || c->line_start != line_start) {
			wn_vec_clear(&c->at);
			wn_vec_push(&c->at, (struct ed_checkpoint){ line_start, 0 });
			c->line_start = line_start;
			c->valid = true;
		}
		struct ed_checkpoint from = nearest(c, pos, col);
		w->pos = w->base = from.pos;
		w->col = from.col;
		/* Checkpoints are made in order only. */
		w->keep = from.pos == wn_vec_last(&c->at).pos;
	}
	for (;;) {
		if (w->pos < pos && w->col < col)
			skip_plain(w, pos, col);
		if (!peek(w, &cell) || cell.pos + cell.len > pos || cell.col + cell.width > col)
			return;
		step(w, &cell);
	}
}

void
ed_columns_edit(struct ed_columns *c, const struct ed_edit *e)
{
	if (!c->valid || e->pos < c->line_start) {
		c->valid = false;
		return;
	}
	while (c->at.len > 1 && wn_vec_last(&c->at).pos >= e->pos)
		c->at.len--;
}

size_t
ed_col_of(struct ed_doc *doc, size_t pos)
{
	struct walk w;

	walk_to(&w, doc, ed_text_line_begin(doc->text, pos), pos, SIZE_MAX);
	return w.col;
}

size_t
ed_pos_at_col(struct ed_doc *doc, size_t line_start, size_t col)
{
	struct walk w;

	walk_to(&w, doc, line_start, SIZE_MAX, col);
	return w.pos;
}

size_t
ed_line_cells(struct ed_doc *doc, size_t line_start, size_t left, size_t cols,
	      struct ed_cell *cells, size_t max)
{
	struct walk w;
	size_t n = 0;

	walk_to(&w, doc, line_start, SIZE_MAX, left);
	while (n < max && peek(&w, &cells[n]) && cells[n].col < left + cols)
		step(&w, &cells[n++]);
	return n;
}
