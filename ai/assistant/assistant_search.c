/*
 * The answer without a model: the lines that hold most of the question's words, rare words counting
 * more. It says what it is, what it looked for and where it stopped; it never pretends to have
 * understood.
 */
#include "ai/assistant/assistant.h"

#include <stdlib.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

enum { HITS_MAX = 4000, SHOWN = 20, SHOWN_A_FILE = 4, LINE_SHOWN = 160, LINE_MAX = 4096 };

struct hit {
	const char *path; /* in the arena */
	int64_t line;
	struct wn_str text; /* in the arena */
	unsigned mask;	    /* of words found on it */
	int score;
};

struct search {
	struct wn_ctx *ctx;
	struct assistant_words words;
	size_t lines_with[ASSISTANT_WORDS], lines, files;
	struct wn_buf folded;
	const char *path; /* of the file at hand, once it has a hit */
	WN_VEC(struct hit) hits;
	bool dropped;
};

static int
words_in(unsigned mask)
{
	return __builtin_popcount(mask);
}

static unsigned
look(struct search *s, struct wn_str line)
{
	unsigned mask = 0;

	wn_buf_clear(&s->folded);
	if (wn_utf8_fold(line, &s->folded) != WN_OK)
		return 0;
	for (size_t i = 0; i < s->words.n; i++) {
		if (wn_str_find(wn_buf_view(&s->folded), s->words.word[i]) >= 0) {
			mask |= 1u << i;
			s->lines_with[i]++;
		}
	}
	return mask;
}

/* When there are too many, those with one word go. */
static bool
make_room(struct search *s)
{
	size_t kept = 0;

	if (s->hits.len < HITS_MAX)
		return true;
	for (size_t i = 0; i < s->hits.len; i++) {
		if (words_in(s->hits.p[i].mask) > 1)
			s->hits.p[kept++] = s->hits.p[i];
	}
	s->dropped = true;
	s->hits.len = kept;
	return kept < HITS_MAX;
}

static void
take_line(struct search *s, const char *path, int64_t n, struct wn_str line)
{
	struct hit h = { .line = n };

	h.mask = look(s, wn_str_sub(line, 0, LINE_MAX));
	if (h.mask == 0 || (s->dropped && words_in(h.mask) == 1) || !make_room(s))
		return;
	if (s->path == NULL)
		s->path = wn_arena_strdup(s->ctx->arena, path);
	line = wn_str_trim(line);
	h.path = s->path;
	h.text = wn_arena_str(s->ctx->arena,
			      wn_str_sub(line, 0, wn_utf8_fit(line, LINE_SHOWN, NULL)));
	wn_vec_push(&s->hits, h);
}

static bool
on_file(void *arg, const char *path, struct wn_str text)
{
	struct search *s = arg;
	struct wn_str line;
	int64_t n = 0;

	s->path = NULL;
	s->files++;
	while (wn_str_split(&text, '\n', &line))
		take_line(s, path, ++n, line);
	s->lines += (size_t)n;
	return true;
}

/* ---- ranking ---- */

static int
weight(const struct search *s, size_t word)
{
	size_t rare = (s->lines + 1) / (s->lines_with[word] + 1);
	int w = 10;

	for (; rare > 1; rare /= 2)
		w += 3;
	return w;
}

static int
by_score(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	int c;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	c = strcmp(x->path, y->path);
	return c != 0 ? c : (x->line > y->line) - (x->line < y->line);
}

static void
rank(struct search *s)
{
	for (size_t i = 0; i < s->hits.len; i++) {
		struct hit *h = &s->hits.p[i];

		for (size_t w = 0; w < s->words.n; w++) {
			if ((h->mask >> w & 1) != 0)
				h->score += weight(s, w);
		}
		h->score *= words_in(h->mask);
	}
	if (s->hits.len > 0)
		qsort(s->hits.p, s->hits.len, sizeof(*s->hits.p), by_score);
}

/* ---- writing ---- */

static void
write_code(struct wn_buf *out, struct wn_str text)
{
	const char *fence = wn_str_chr(text, '`') >= 0 ? "`` " : "`";

	(void)wn_buf_cstr(out, fence);
	(void)assistant_filter_line(text, out);
	(void)wn_buf_cstr(out, fence[1] == '`' ? " ``" : "`");
}

static size_t
shown_of(const struct search *s, size_t upto)
{
	size_t n = 0;

	for (size_t i = 0; i < upto; i++)
		n += strcmp(s->hits.p[i].path, s->hits.p[upto].path) == 0;
	return n;
}

static void
write_hits(const struct search *s, struct wn_buf *out)
{
	size_t shown = 0;

	for (size_t i = 0; i < s->hits.len && shown < SHOWN && i < (size_t)10 * SHOWN; i++) {
		const struct hit *h = &s->hits.p[i];

		if (shown_of(s, i) >= SHOWN_A_FILE)
			continue;
		shown++;
		(void)wn_buf_cstr(out, "- ");
		(void)assistant_filter_line(wn_str(h->path), out);
		(void)wn_buf_printf(out, ":%lld ", (long long)h->line);
		write_code(out, h->text);
		(void)wn_buf_chr(out, '\n');
	}
	if (s->hits.len > shown)
		(void)wn_buf_printf(out, "\n%zu more lines%s hold at least one of the words.\n",
				    s->hits.len - shown, s->dropped ? " or more" : "");
}

static void
write_answer(const struct search *s, const char *why, const char *stopped, bool has_root,
	     struct wn_buf *out)
{
	(void)wn_buf_cstr(out, "# local search, no AI model\n\n");
	(void)wn_buf_printf(out, "There is no model: %s. ", why);
	if (s->words.n == 0) {
		(void)wn_buf_cstr(out, "The question holds no word to search for.\n");
		return;
	}
	(void)wn_buf_printf(out, "Lines of %zu files %s that hold words of the question:", s->files,
			    has_root ? "of this workspace" : "given along (no workspace is open)");
	for (size_t i = 0; i < s->words.n; i++) {
		(void)wn_buf_cstr(out, i == 0 ? " " : ", ");
		write_code(out, s->words.word[i]);
	}
	(void)wn_buf_cstr(out, "\n\n");
	if (s->hits.len == 0)
		(void)wn_buf_cstr(out, "Nothing found.\n");
	write_hits(s, out);
	if (stopped != NULL)
		(void)wn_buf_printf(out, "\nThe search stopped early: %s.\n", stopped);
}

wn_err
assistant_search(struct wn_ctx *ctx, const struct assistant_ask_params *p, const char *root,
		 const char *why, struct wn_buf *out)
{
	struct search s = { .ctx = ctx };
	struct assistant_walk w = { .ctx = ctx, .root = root, .on_file = on_file, .arg = &s };

	wn_buf_init(&s.folded, 16 * LINE_MAX);
	assistant_words(ctx->arena, p->text, &s.words);
	if (root != NULL && s.words.n > 0)
		assistant_walk(&w);
	for (size_t i = 0; root == NULL && i < p->context_len; i++)
		(void)on_file(
			&s,
			wn_arena_strndup(ctx->arena, p->context[i].path.p, p->context[i].path.len),
			p->context[i].text);
	rank(&s);
	write_answer(&s, why, w.stopped, root != NULL, out);
	wn_vec_fini(&s.hits);
	wn_buf_fini(&s.folded);
	return out->err;
}
