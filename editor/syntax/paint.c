/*
 * From query captures to one style a byte.
 *
 * The one rule: captures are laid on in the order of their start, the longer first, then in the
 * order of their patterns in the query file; what is laid on last is seen. So an inner node covers
 * an outer one, and of two patterns on one node the later in the file wins.
 */
#include <stdlib.h>

#include "editor/syntax/job.h"

#define MATCHES_AT_ONCE 1024

struct stroke {
	uint32_t from, to, order;
	uint8_t style;
};
typedef WN_VEC(struct stroke) strokes;

static int
by_rule(const void *a, const void *b)
{
	const struct stroke *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to > y->to ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void
collect(const struct ed_query *q, TSNode root, const struct ed_text *text, size_t from, size_t to,
	strokes *out)
{
	TSQueryCursor *c = ts_query_cursor_new();
	TSQueryMatch m;

	ts_query_cursor_set_match_limit(c, MATCHES_AT_ONCE);
	ts_query_cursor_set_byte_range(c, (uint32_t)from, (uint32_t)to);
	ts_query_cursor_exec(c, q->query, root);
	while (ts_query_cursor_next_match(c, &m)) {
		if (!ed_predicates_hold(q->predicates, &m, text))
			continue;
		for (uint16_t i = 0; i < m.capture_count; i++) {
			const TSQueryCapture *cap = &m.captures[i];
			struct stroke s = { ts_node_start_byte(cap->node),
					    ts_node_end_byte(cap->node),
					    (uint32_t)m.pattern_index << 8 | (i & 0xFF),
					    q->style[cap->index] };
			if (s.style != ED_NO_STYLE && s.to > from && s.from < to)
				wn_vec_push(out, s);
		}
	}
	ts_query_cursor_delete(c);
}

static void
fill(struct ed_paint *p, size_t from, size_t to, uint8_t style)
{
	from = from > p->from ? from : p->from;
	to = to < p->to ? to : p->to;
	if (from < to)
		memset(p->style + (from - p->from), style, to - from);
}

void
ed_paint_tree(struct ed_paint *p, const struct ed_grammar *g, TSNode root,
	      const struct ed_text *text, const ed_ranges *clip)
{
	strokes list = { 0 };

	if (!g->highlights.query)
		return;
	collect(&g->highlights, root, text, p->from, p->to, &list);
	if (list.len)
		qsort(list.p, list.len, sizeof *list.p, by_rule);
	for (size_t i = 0; i < list.len; i++) {
		const struct stroke *s = &list.p[i];
		if (!clip)
			fill(p, s->from, s->to, s->style);
		for (size_t k = 0; clip && k < clip->len; k++) {
			size_t from = clip->p[k].start_byte, to = clip->p[k].end_byte;
			fill(p, from > s->from ? from : s->from, to < s->to ? to : s->to, s->style);
		}
	}
	wn_vec_fini(&list);
}
