/*
 * The spans a document shows, kept true by the documents' thread while the worker is behind;
 * private to editor/syntax.
 */
#ifndef EDITOR_SYNTAX_SPANS_H
#define EDITOR_SYNTAX_SPANS_H

#include "editor/syntax/job.h"

/* Spans from `gap` on are still to be moved by `ahead` bytes: keys that come in one place move few
 * of them. Read them with ed_painted_get(). */
struct ed_painted {
	ed_spans spans;
	size_t gap, ahead;
	size_t from, to; /* what they cover */
};

static inline struct ed_span
ed_painted_get(const struct ed_painted *p, size_t i)
{
	struct ed_span s = p->spans.p[i];

	if (i >= p->gap) {
		s.from += p->ahead; /* modulo: it may be a way back */
		s.to += p->ahead;
	}
	return s;
}

/* Where p is after the edit. */
size_t ed_shift(size_t p, const struct ed_edit *e);
/* Moves the spans with an edit; text is the one after it. What is typed at the end of a word or a
 * comment belongs to it. */
void ed_painted_shift(struct ed_painted *p, const struct ed_edit *e, const struct ed_text *text);
/* Colours what a key has made of a word or a sign as the same one looks elsewhere. After
 * ed_painted_shift(); words nullable. */
void ed_painted_guess(struct ed_painted *p, const struct ed_edit *e, const struct ed_text *text,
		      const struct ed_words *words);
/* True when a and b look the same from..to. */
bool ed_painted_same(const struct ed_painted *a, const struct ed_painted *b, size_t from,
		     size_t to);
/* Index of the first span that ends behind pos. */
size_t ed_painted_find(const struct ed_painted *p, size_t pos);

#endif
