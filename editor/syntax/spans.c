/*
 * Spans between two results of the worker: moved by edits, and what is typed coloured by a guess.
 * May not look at a tree or wait for anybody.
 */
#include "editor/syntax/spans.h"

#define TYPED_MAX 4 /* bytes of one key */

size_t
ed_painted_find(const struct ed_painted *p, size_t pos)
{
	size_t lo = 0, hi = p->spans.len;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (ed_painted_get(p, mid).to <= pos)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* ---- moving ---------------------------------------------------------------------------- */

size_t
ed_shift(size_t p, const struct ed_edit *e)
{
	if (p <= e->pos)
		return p;
	return p >= e->pos + e->removed ? p - e->removed + e->inserted : e->pos;
}

/* A span that begins where something is typed is pushed on. */
static size_t
shift_start(size_t p, const struct ed_edit *e)
{
	if (p < e->pos)
		return p;
	return p >= e->pos + e->removed ? p - e->removed + e->inserted : e->pos + e->inserted;
}

static bool
grows(const struct ed_span *span, const struct ed_edit *e, int typed)
{
	if (span->to != e->pos || e->inserted == 0 || e->removed)
		return false;
	if (span->style == ED_STYLE_COMMENT || span->style == ED_STYLE_COMMENT_DOC)
		return typed != '\n';
	return ed_is_word_byte(typed) && span->style != ED_STYLE_PUNCTUATION &&
	       span->style != ED_STYLE_OPERATOR;
}

/* From here on all spans below k are where they belong. */
static void
move_gap(struct ed_painted *p, size_t k)
{
	for (; p->gap < k; p->gap++)
		p->spans.p[p->gap] = ed_painted_get(p, p->gap);
	for (; p->gap > k; p->gap--) {
		p->spans.p[p->gap - 1].from -= p->ahead;
		p->spans.p[p->gap - 1].to -= p->ahead;
	}
}

/* Drops the spans from..to, all of them below the gap. */
static void
drop(struct ed_painted *p, size_t from, size_t to)
{
	memmove(p->spans.p + from, p->spans.p + to, (p->spans.len - to) * sizeof *p->spans.p);
	p->spans.len -= to - from;
	p->gap -= to - from;
}

void
ed_painted_shift(struct ed_painted *p, const struct ed_edit *e, const struct ed_text *text)
{
	size_t first = e->pos ? ed_painted_find(p, e->pos - 1) : 0, n = first, k = first;
	int typed = e->inserted ? ed_text_byte(text, e->pos) : -1;

	while (k < p->spans.len && ed_painted_get(p, k).from <= e->pos + e->removed)
		k++;
	move_gap(p, k);
	for (size_t i = first; i < k; i++) {
		struct ed_span span = p->spans.p[i];
		bool grow = grows(&span, e, typed);
		span.from = shift_start(span.from, e);
		span.to = ed_shift(span.to, e) + (grow ? e->inserted : 0);
		if (n && span.from < p->spans.p[n - 1].to)
			span.from = p->spans.p[n - 1].to;
		if (span.from < span.to)
			p->spans.p[n++] = span;
	}
	if (n < k)
		drop(p, n, k);
	p->ahead += e->inserted - e->removed;
	/* What is inserted at the end of what was painted counts as painted, plain. */
	bool at_end = p->to == e->pos;
	p->from = ed_shift(p->from, e);
	p->to = ed_shift(p->to, e) + (at_end ? e->inserted : 0);
}

/* ---- guessing -------------------------------------------------------------------------- */

/* Gives from..to one style, cutting what is there. */
static void
put_style(struct ed_painted *p, size_t from, size_t to, uint8_t style)
{
	struct ed_span mine = { from, to, (enum ed_style)style };
	size_t i = ed_painted_find(p, from), k = i, n = 0;
	struct ed_span add[3];

	while (k < p->spans.len && ed_painted_get(p, k).from < to)
		k++;
	move_gap(p, k);
	if (k > i && p->spans.p[i].from < from)
		add[n++] = (struct ed_span){ p->spans.p[i].from, from, p->spans.p[i].style };
	if (style != ED_STYLE_NONE)
		add[n++] = mine;
	if (k > i && p->spans.p[k - 1].to > to)
		add[n++] = (struct ed_span){ to, p->spans.p[k - 1].to, p->spans.p[k - 1].style };
	size_t cut = k - i, tail = p->spans.len - k;
	for (size_t more = cut; more < n; more++)
		wn_vec_push(&p->spans, mine);
	memmove(p->spans.p + i + n, p->spans.p + k, tail * sizeof *p->spans.p);
	memcpy(p->spans.p + i, add, n * sizeof *add);
	p->spans.len = i + n + tail;
	p->gap = i + n;
}

/* A word that grew out of one of these is no longer one of them. */
static bool
is_closed_class(enum ed_style s)
{
	switch (s) {
	case ED_STYLE_KEYWORD:
	case ED_STYLE_TYPE_BUILTIN:
	case ED_STYLE_FUNCTION_BUILTIN:
	case ED_STYLE_VARIABLE_BUILTIN:
	case ED_STYLE_CONSTANT_BUILTIN:
	case ED_STYLE_NUMBER:
	case ED_STYLE_OPERATOR:
	case ED_STYLE_PUNCTUATION:
		return true;
	default:
		return false;
	}
}

static bool
can_guess_in(enum ed_style s)
{
	return is_closed_class(s) || s == ED_STYLE_NONE || s == ED_STYLE_TYPE ||
	       s == ED_STYLE_FUNCTION || s == ED_STYLE_MACRO || s == ED_STYLE_VARIABLE ||
	       s == ED_STYLE_PARAMETER || s == ED_STYLE_PROPERTY || s == ED_STYLE_CONSTANT ||
	       s == ED_STYLE_NAMESPACE;
}

static enum ed_style
style_at(const struct ed_painted *p, size_t pos)
{
	size_t i = ed_painted_find(p, pos);

	return i < p->spans.len && ed_painted_get(p, i).from <= pos ? p->spans.p[i].style
								    : ED_STYLE_NONE;
}

/* True when a span of running text goes over pos: what is typed there belongs to it. */
static bool
inside_prose(const struct ed_painted *p, const struct ed_edit *e)
{
	size_t i = ed_painted_find(p, e->pos);

	return i < p->spans.len && ed_painted_get(p, i).from < e->pos &&
	       !can_guess_in(p->spans.p[i].style);
}

static void
guess_word(struct ed_painted *p, size_t from, struct wn_str word, const struct ed_words *words)
{
	uint8_t style = ed_words_style(words, word);
	enum ed_style now = style_at(p, from);

	if (style == ED_WORD_NEW) {
		style = words->plain;
		if (now != ED_STYLE_NONE && !is_closed_class(now))
			style = (uint8_t)now;
	}
	put_style(p, from, from + word.len, style);
}

void
ed_painted_guess(struct ed_painted *p, const struct ed_edit *e, const struct ed_text *text,
		 const struct ed_words *words)
{
	char buf[2 * ED_WORD_MAX + TYPED_MAX];
	size_t base = e->pos > ED_WORD_MAX ? e->pos - ED_WORD_MAX : 0;
	size_t at = e->pos - base, from = at, to = at, n;

	if (!words || e->inserted > TYPED_MAX || e->removed > TYPED_MAX || e->pos < p->from ||
	    e->pos + e->inserted > p->to || inside_prose(p, e))
		return;
	n = ed_text_read(text, base, buf, sizeof buf);
	while (from > 0 && ed_is_word_byte((unsigned char)buf[from - 1]))
		from--;
	while (to < n && ed_is_word_byte((unsigned char)buf[to]))
		to++;
	if (to > from && to - from <= ED_WORD_MAX && can_guess_in(style_at(p, base + from)))
		guess_word(p, base + from, wn_strn(buf + from, to - from), words);
	if (e->inserted != 1 || at >= n || ed_is_word_byte((unsigned char)buf[at]))
		return;
	if (words->sign[(unsigned char)buf[at]] != ED_WORD_NEW)
		put_style(p, e->pos, e->pos + 1, words->sign[(unsigned char)buf[at]]);
}

/* ---- comparing ------------------------------------------------------------------------- */

static struct ed_span
cut(struct ed_span s, size_t from, size_t to)
{
	s.from = s.from > from ? s.from : from;
	s.to = s.to < to ? s.to : to;
	return s;
}

bool
ed_painted_same(const struct ed_painted *a, const struct ed_painted *b, size_t from, size_t to)
{
	size_t i = ed_painted_find(a, from), k = ed_painted_find(b, from);

	while (from < to) {
		struct ed_span x = { to, to, 0 }, y = { to, to, 0 };
		if (i < a->spans.len && ed_painted_get(a, i).from < to)
			x = cut(ed_painted_get(a, i), from, to);
		if (k < b->spans.len && ed_painted_get(b, k).from < to)
			y = cut(ed_painted_get(b, k), from, to);
		if (x.from != y.from || (x.from < to && x.style != y.style))
			return false;
		from = x.to < y.to ? x.to : y.to;
		i += x.to <= from;
		k += y.to <= from;
	}
	return true;
}
