/*
 * Languages inside languages: CSS in HTML, code fences in Markdown, HTML around PHP. Only what
 * touches the painted range is parsed; a layer whose bytes are as before keeps its tree.
 */
#include <limits.h>
#include <stdlib.h>

#include "editor/syntax/job.h"
#include "editor/syntax/language.h"
#include "runtime/base/hash.h"
#include "runtime/base/mem.h"

#define DEPTH_MAX 4
#define LAYER_MAX ((size_t)1 << 20) /* bytes; larger ones stay plain */
#define LAYERS_MAX 2000		    /* in one painting */
#define LAYER_NS ((int64_t)1000000000)

static TSRange
range_of(TSNode n)
{
	return (TSRange){ ts_node_start_point(n), ts_node_end_point(n), ts_node_start_byte(n),
			  ts_node_end_byte(n) };
}

/* ---- layers ------------------------------------------------------------------------- */

static uint64_t
hash_ranges(const struct ed_text *text, const ed_ranges *r)
{
	uint64_t h = wn_hash64(r->p, r->len * sizeof *r->p, 1);

	for (size_t i = 0; i < r->len; i++) {
		struct ed_iter it;
		size_t end = r->p[i].end_byte;
		for (bool more = ed_iter_init(&it, text, r->p[i].start_byte); more && it.pos < end;
		     more = ed_iter_next(&it)) {
			size_t n = it.chunk.len < end - it.pos ? it.chunk.len : end - it.pos;
			h = wn_hash64(it.chunk.p, n, h);
		}
		ed_iter_fini(&it);
	}
	return h;
}

struct limit {
	_Atomic int64_t *beat;
	int64_t until;
};

static bool
over_time(TSParseState *state)
{
	struct limit *l = state->payload;
	int64_t now = ed_cpu_ns();

	atomic_store_explicit(l->beat, now, memory_order_relaxed);
	return now > l->until;
}

static TSTree *
parse_layer(const struct ed_grammar *g, const ed_ranges *r, const struct ed_text *text,
	    _Atomic int64_t *beat)
{
	struct ed_reader reader;
	struct limit limit = { beat, ed_cpu_ns() + LAYER_NS };
	TSParser *p = ts_parser_new();
	TSTree *tree = NULL;

	ts_parser_set_language(p, g->language);
	if (ts_parser_set_included_ranges(p, r->p, (uint32_t)r->len))
		tree = ts_parser_parse_with_options(p, NULL, ed_reader_input(&reader, text),
						    (TSParseOptions){ &limit, over_time });
	ed_iter_fini(&reader.it);
	ts_parser_delete(p);
	return tree;
}

/* The layer's index, parsed; SIZE_MAX: not possible. Takes the ranges. */
static size_t
layer_for(struct ed_job *j, const struct ed_job_env *env, struct ed_grammar *g, ed_ranges *r)
{
	uint64_t hash = hash_ranges(j->text, r);
	struct ed_layer l = { .grammar = g, .ranges = *r, .hash = hash, .used = true };

	for (size_t i = 0; i < j->layers.len; i++) {
		struct ed_layer *old = &j->layers.p[i];
		if (old->grammar == g && old->hash == hash) {
			old->used = true;
			wn_vec_fini(r);
			return i;
		}
	}
	l.tree = parse_layer(g, r, j->text, env->beat);
	wn_vec_push(&j->layers, l);
	return j->layers.len - 1;
}

void
ed_layers_sweep(struct ed_job *j, bool all)
{
	size_t n = 0;

	for (size_t i = 0; i < j->layers.len; i++) {
		struct ed_layer *l = &j->layers.p[i];
		if (l->used && !all) {
			l->used = false;
			j->layers.p[n++] = *l;
			continue;
		}
		wn_vec_fini(&l->ranges);
		if (l->tree)
			ts_tree_delete(l->tree);
	}
	j->layers.len = n;
	if (all)
		wn_vec_fini(&j->layers);
}

static bool
touches(const ed_ranges *r, const struct ed_paint *p)
{
	for (size_t i = 0; i < r->len; i++)
		if (r->p[i].end_byte > p->from && r->p[i].start_byte < p->to)
			return true;
	return false;
}

static size_t
total(const ed_ranges *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->len; i++)
		n += r->p[i].end_byte - r->p[i].start_byte;
	return n;
}

/* Takes the ranges. */
static void
paint_layer(struct ed_job *j, const struct ed_job_env *env, struct ed_paint *p,
	    struct wn_str language, ed_ranges *r, int depth)
{
	const struct ed_language *lang = ed_language_find(language);
	struct ed_grammar *g = lang ? env->grammar(env->arg, wn_str(lang->name)) : NULL;
	size_t n = total(r), i;

	if (!g || !g->language || n == 0 || n > LAYER_MAX || !touches(r, p) ||
	    j->layers.len > LAYERS_MAX) {
		wn_vec_fini(r);
		return;
	}
	i = layer_for(j, env, g, r);
	if (!j->layers.p[i].tree)
		return;
	TSNode root = ts_tree_root_node(j->layers.p[i].tree);
	ed_ranges clip = j->layers.p[i].ranges; /* borrowed: layers may move, ranges do not */
	ed_paint_tree(p, g, root, j->text, &clip);
	if (depth < DEPTH_MAX)
		ed_paint_injections(j, env, p, g, root, depth + 1);
}

/* ---- finding them ------------------------------------------------------------------------ */

/* One match of an injections.scm: what language, which node. */
struct found {
	uint32_t pattern;
	char language[32];
	TSRange range;
};
typedef WN_VEC(struct found) found_list;

static void
take_match(const struct ed_grammar *g, const TSQueryMatch *m, const struct ed_text *text,
	   found_list *out)
{
	const struct ed_predicates *pred = g->injections.predicates;
	const char *set = ed_predicates_setting(pred, m->pattern_index, "injection.language");
	struct found f = { .pattern = m->pattern_index };
	bool has = false;

	if (set)
		memcpy(f.language, set, strnlen(set, sizeof f.language - 1));
	for (uint16_t i = 0; i < m->capture_count; i++) {
		TSNode n = m->captures[i].node;
		if (m->captures[i].index == g->inj_content) {
			f.range = range_of(n);
			has = true;
		} else if (m->captures[i].index == g->inj_language) {
			size_t from = ts_node_start_byte(n), len = ts_node_end_byte(n) - from;
			len = len < sizeof f.language - 1 ? len : sizeof f.language - 1;
			ed_text_read(text, from, f.language, len);
		}
	}
	if (has && f.language[0] && f.range.end_byte > f.range.start_byte)
		wn_vec_push(out, f);
}

static void
find(const struct ed_grammar *g, TSNode root, const struct ed_text *text, const struct ed_paint *p,
     found_list *out)
{
	TSQueryCursor *c = ts_query_cursor_new();
	TSQueryMatch m;

	/* Joined pieces belong together wherever they are: then the whole tree is asked. */
	if (!g->combines)
		ts_query_cursor_set_byte_range(c, (uint32_t)p->from, (uint32_t)p->to);
	ts_query_cursor_exec(c, g->injections.query, root);
	while (ts_query_cursor_next_match(c, &m))
		if (ed_predicates_hold(g->injections.predicates, &m, text))
			take_match(g, &m, text, out);
	ts_query_cursor_delete(c);
}

static int
by_place(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->range.start_byte != y->range.start_byte)
		return x->range.start_byte < y->range.start_byte ? -1 : 1;
	return x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

/* All pieces of one joining pattern as one layer. */
static void
paint_joined(struct ed_job *j, const struct ed_job_env *env, struct ed_paint *p,
	     const found_list *list, uint32_t pattern, int depth)
{
	ed_ranges r = { 0 };
	struct wn_str language = WN_STR_NONE;

	for (size_t i = 0; i < list->len; i++) {
		const struct found *f = &list->p[i];
		if (f->pattern != pattern ||
		    (r.len && wn_vec_last(&r).end_byte > f->range.start_byte))
			continue;
		language = wn_str(f->language);
		wn_vec_push(&r, f->range);
	}
	if (r.len)
		paint_layer(j, env, p, language, &r, depth);
	else
		wn_vec_fini(&r);
}

void
ed_paint_injections(struct ed_job *j, const struct ed_job_env *env, struct ed_paint *p,
		    struct ed_grammar *g, TSNode root, int depth)
{
	const struct ed_query *q = &g->injections;
	found_list list = { 0 };

	if (!q->query || g->inj_content == UINT32_MAX)
		return;
	find(g, root, j->text, p, &list);
	if (list.len)
		qsort(list.p, list.len, sizeof *list.p, by_place);
	for (uint32_t i = 0; i < ts_query_pattern_count(q->query); i++)
		if (ed_predicates_setting(q->predicates, i, "injection.combined"))
			paint_joined(j, env, p, &list, i, depth);
	for (size_t i = 0; i < list.len; i++) {
		struct found *f = &list.p[i];
		ed_ranges r = { 0 };
		if (ed_predicates_setting(q->predicates, f->pattern, "injection.combined"))
			continue;
		wn_vec_push(&r, f->range);
		paint_layer(j, env, p, wn_str(f->language), &r, depth);
	}
	wn_vec_fini(&list);
}
