/*
 * One document's parse: incremental on the whole text when it is not too large, else of a window
 * around the screen.
 */
#include "editor/syntax/job.h"

#include <time.h>

#include "runtime/base/mem.h"

#define PAINT_MAX ((size_t)256 << 10)
#define CANCELS_MAX 3 /* then the parse is let finish, or fast typing would starve it */

static int64_t
clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t
ed_mono_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

int64_t
ed_cpu_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

void
ed_job_fini(struct ed_job *j)
{
	ed_layers_sweep(j, true);
	if (j->tree)
		ts_tree_delete(j->tree);
	if (j->parser)
		ts_parser_delete(j->parser);
	ed_text_free(j->text);
	*j = (struct ed_job){ 0 };
}

/* ---- text in ------------------------------------------------------------------------ */

static const char *
read_chunk(void *payload, uint32_t at, TSPoint point, uint32_t *n)
{
	struct ed_reader *r = payload;

	(void)point;
	ed_iter_fini(&r->it);
	if (!ed_iter_init(&r->it, r->text, at)) {
		*n = 0;
		return "";
	}
	*n = (uint32_t)r->it.chunk.len;
	return r->it.chunk.p;
}

TSInput
ed_reader_input(struct ed_reader *r, const struct ed_text *text)
{
	*r = (struct ed_reader){ .text = text };
	return (TSInput){ .payload = r, .read = read_chunk, .encoding = TSInputEncodingUTF8 };
}

static TSPoint
point(struct ed_point p)
{
	return (TSPoint){ (uint32_t)p.row, (uint32_t)p.col };
}

static void
drop_tree(struct ed_job *j)
{
	if (j->tree)
		ts_tree_delete(j->tree);
	j->tree = NULL;
	j->current = false;
}

/* The part of a large text around the screen, beginning at a line if one begins near. */
static void
take_window(struct ed_job *j, struct ed_text *text, size_t from, size_t to)
{
	size_t mid = from + (to - from) / 2, half = ED_WINDOW_BYTES / 2;
	size_t begin = mid > half ? mid - half : 0;
	size_t line = ed_text_line_begin(text, begin);

	if (begin - line < 4096)
		begin = line;
	drop_tree(j);
	j->base = begin;
	j->text = ed_text_slice(text, begin, ED_WINDOW_BYTES);
	ed_text_free(text);
}

/* True when the window that is parsed already shows from..to with room around it. */
static bool
in_window(const struct ed_job *j, const struct ed_text *text, size_t from, size_t to)
{
	size_t end = j->base + ed_text_len(j->text);
	size_t room = ED_WINDOW_BYTES / 8;

	return (j->base == 0 || from >= j->base + room) && from >= j->base && to <= end &&
	       (to + room <= end || end == ed_text_len(text));
}

void
ed_job_text(struct ed_job *j, struct ed_text *text, uint64_t version, const struct ed_edit *edits,
	    size_t n, size_t from, size_t to)
{
	bool large = ed_text_len(text) > ED_TREE_BYTES;

	if (j->text && j->version == version && large == j->window &&
	    (!large || in_window(j, text, from, to))) {
		ed_text_free(text);
		return;
	}
	/* A parse under way is of a text that is no longer wanted. */
	if (j->parser)
		ts_parser_reset(j->parser);
	j->spent_ns = 0;
	ed_text_free(j->text);
	j->text = NULL;
	j->version = version;
	j->current = false;
	if (large != j->window)
		drop_tree(j);
	j->window = large;
	if (large) {
		take_window(j, text, from, to);
		return;
	}
	for (size_t i = 0; i < n && j->tree; i++) {
		const struct ed_edit *e = &edits[i];
		TSInputEdit in = { (uint32_t)e->pos,
				   (uint32_t)(e->pos + e->removed),
				   (uint32_t)(e->pos + e->inserted),
				   point(e->start),
				   point(e->old_end),
				   point(e->new_end) };
		if (e->start.row == ED_ROW_UNKNOWN)
			drop_tree(j);
		else
			ts_tree_edit(j->tree, &in);
	}
	j->base = 0;
	j->text = text;
}

/* ---- parsing ------------------------------------------------------------------------- */

struct guard {
	const atomic_int *cancel;
	int from; /* this much of cancel stops the parse */
	const struct ed_job_env *env;
	int64_t slice_end, give_up;
	bool cancelled;
};

/* True stops the parser, which can go on later. Stopping is not free (a tree that is being balanced
 * begins that anew), so a slice ends only when somebody waits for it. */
static bool
on_progress(TSParseState *state)
{
	struct guard *g = state->payload;
	int64_t now = ed_mono_ns();

	atomic_store_explicit(g->env->beat, ed_cpu_ns(), memory_order_relaxed);
	g->cancelled = atomic_load_explicit(g->cancel, memory_order_relaxed) >= g->from;
	if (g->cancelled || now < g->slice_end)
		return g->cancelled;
	g->slice_end = now + ED_SLICE_NS;
	return ed_cpu_ns() > g->give_up || g->env->others_wait(g->env->arg);
}

static enum ed_job_end
give_up(struct ed_job *j, enum ed_job_end end)
{
	ts_parser_reset(j->parser);
	j->spent_ns = 0;
	return end;
}

enum ed_job_end
ed_job_parse(struct ed_job *j, const struct ed_job_env *env, const atomic_int *cancel)
{
	struct ed_reader reader;
	struct guard g = { .cancel = cancel, .from = ED_CANCEL_GONE, .env = env };
	int64_t begin = ed_cpu_ns();
	TSTree *tree;

	if (j->current)
		return ED_JOB_DONE;
	if (!j->parser) {
		j->parser = ts_parser_new();
		if (!ts_parser_set_language(j->parser, j->grammar->language))
			return ED_JOB_FAILED;
	}
	/* The first parse is worth finishing even when its text is old: the next one is quick then.
	 */
	if (j->tree && j->cancels < CANCELS_MAX)
		g.from = ED_CANCEL_NEWER;
	/* Who was stopped often gets longer slices, or a large text would never be through. */
	g.slice_end = ed_mono_ns() + ED_SLICE_NS + j->spent_ns / 8;
	g.give_up = begin + ED_PARSE_NS - j->spent_ns;
	tree = ts_parser_parse_with_options(j->parser, j->tree, ed_reader_input(&reader, j->text),
					    (TSParseOptions){ &g, on_progress });
	ed_iter_fini(&reader.it);
	if (!tree) {
		j->spent_ns += ed_cpu_ns() - begin;
		j->cancels += g.cancelled;
		if (!g.cancelled && j->spent_ns <= ED_PARSE_NS)
			return ED_JOB_YIELDED;
		return give_up(j, g.cancelled ? ED_JOB_CANCELLED : ED_JOB_FAILED);
	}
	drop_tree(j);
	j->tree = tree;
	j->current = true;
	j->cancels = 0;
	j->spent_ns = 0;
	return ED_JOB_DONE;
}

/* ---- painting ---------------------------------------------------------------------------- */

size_t
ed_page_bytes(size_t from, size_t to)
{
	size_t n = to - from;

	return n < ED_PAGE_MIN ? ED_PAGE_MIN : n < ED_PAGE_MAX ? n : ED_PAGE_MAX;
}

/* Screen plus a margin, in bytes of j->text. */
static void
paint_range(const struct ed_job *j, size_t *from, size_t *to)
{
	size_t len = ed_text_len(j->text);
	size_t a = *from > j->base ? *from - j->base : 0;
	size_t b = *to > j->base ? *to - j->base : 0;

	a = a < len ? a : len;
	b = b < a ? a : b < len ? b : len;
	b = b - a < PAINT_MAX ? b : a + PAINT_MAX;
	size_t margin = 2 * ed_page_bytes(a, b); /* so that paging finds its colours there */
	*from = a > margin ? a - margin : 0;
	*to = len - b > margin ? b + margin : len;
}

static void
to_spans(const struct ed_paint *p, size_t base, ed_spans *out)
{
	size_t n = p->to - p->from;

	for (size_t i = 0; i < n;) {
		size_t k = i + 1;
		while (k < n && p->style[k] == p->style[i])
			k++;
		if (p->style[i] != ED_STYLE_NONE)
			wn_vec_push(out, (struct ed_span){ base + p->from + i, base + p->from + k,
							   (enum ed_style)p->style[i] });
		i = k;
	}
}

void
ed_job_paint(struct ed_job *j, const struct ed_job_env *env, size_t *from, size_t *to,
	     ed_spans *out, struct ed_words *words)
{
	struct ed_paint p;
	TSNode root = ts_tree_root_node(j->tree);

	paint_range(j, from, to);
	p = (struct ed_paint){ *from, *to, wn_alloc(*to - *from + 1) };
	ed_paint_tree(&p, j->grammar, root, j->text, NULL);
	ed_paint_injections(j, env, &p, j->grammar, root, 0);
	ed_layers_sweep(j, false);
	to_spans(&p, j->base, out);
	ed_words_learn(words, &p, j->text);
	wn_free(p.style);
	*from += j->base;
	*to += j->base;
}
