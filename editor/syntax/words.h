/*
 * What the words and signs on screen look like; private to editor/syntax.
 */
#ifndef EDITOR_SYNTAX_WORDS_H
#define EDITOR_SYNTAX_WORDS_H

#include "editor/text/text.h"

struct ed_paint;

/* What the words and signs of the painted part look like: good enough to colour what is typed
 * until the worker has seen it. */
#define ED_WORDS 2048 /* a power of two */
#define ED_WORD_MAX ((size_t)48)
#define ED_WORD_NEW 0xFF /* never seen, or seen with several styles */
struct ed_words {
	uint32_t hash[ED_WORDS]; /* 0: free */
	uint8_t style[ED_WORDS];
	uint8_t sign[128]; /* ASCII that is no part of a word; '0': numbers */
	uint8_t plain;	   /* of words nothing is known of */
};

bool ed_is_word_byte(int c);
/* Fills words from what was painted. */
void ed_words_learn(struct ed_words *w, const struct ed_paint *p, const struct ed_text *text);
/* Style of a word, or ED_WORD_NEW. */
uint8_t ed_words_style(const struct ed_words *w, struct wn_str word);

#endif
