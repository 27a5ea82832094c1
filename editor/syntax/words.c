/*
 * What the words and signs on screen look like, so that a key can be coloured before the worker has
 * seen it. Made by the worker, read by the documents' thread; nothing here looks at a tree.
 */
#include "editor/syntax/words.h"

#include "editor/syntax/job.h"
#include "runtime/base/hash.h"
#include "runtime/base/mem.h"

#define PROBES 4

bool
ed_is_word_byte(int c)
{
	return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '_';
}

static uint32_t
hash_of(struct wn_str word)
{
	uint32_t h = (uint32_t)wn_hash64(word.p, word.len, 0);

	return h ? h : 1;
}

/* The word's place, or a free one; the first probed when there is none. */
static size_t
place(const struct ed_words *w, uint32_t hash)
{
	for (size_t i = 0; i < PROBES; i++) {
		size_t at = (hash + i) & (ED_WORDS - 1);
		if (w->hash[at] == hash || w->hash[at] == 0)
			return at;
	}
	return hash & (ED_WORDS - 1);
}

/* Styles of running text: the same word looks different inside and outside. */
static bool
is_prose(uint8_t style)
{
	switch (style) {
	case ED_STYLE_STRING:
	case ED_STYLE_STRING_SPECIAL:
	case ED_STYLE_COMMENT:
	case ED_STYLE_COMMENT_DOC:
	case ED_STYLE_HEADING:
	case ED_STYLE_EMPHASIS:
	case ED_STYLE_STRONG:
	case ED_STYLE_STRIKE:
	case ED_STYLE_LINK:
	case ED_STYLE_CODE:
	case ED_STYLE_QUOTE:
		return true;
	default:
		return false;
	}
}

static void
learn_word(struct ed_words *w, struct wn_str word, uint8_t style, size_t *variables, size_t *bare)
{
	uint32_t hash = hash_of(word);
	size_t at = place(w, hash);

	if (word.p[0] >= '0' && word.p[0] <= '9') {
		w->sign['0'] = style;
		return;
	}
	*variables += style == ED_STYLE_VARIABLE;
	*bare += style == ED_STYLE_NONE;
	if (w->hash[at] == hash && w->style[at] != style)
		style = ED_WORD_NEW;
	w->hash[at] = hash;
	w->style[at] = style;
}

void
ed_words_learn(struct ed_words *w, const struct ed_paint *p, const struct ed_text *text)
{
	size_t n = p->to - p->from, variables = 0, bare = 0;
	char *bytes = wn_alloc(n + 1);

	memset(w, 0, sizeof *w);
	memset(w->sign, ED_WORD_NEW, sizeof w->sign);
	n = ed_text_read(text, p->from, bytes, n);
	for (size_t i = 0; i < n;) {
		size_t end = i;
		unsigned char c = (unsigned char)bytes[i];
		while (end < n && ed_is_word_byte((unsigned char)bytes[end]))
			end++;
		if (is_prose(p->style[i]))
			;
		else if (end > i && end - i <= ED_WORD_MAX)
			learn_word(w, wn_strn(bytes + i, end - i), p->style[i], &variables, &bare);
		else if (end == i && c < 128)
			w->sign[c] = p->style[i];
		i = end > i ? end : i + 1;
	}
	w->plain = variables > bare ? ED_STYLE_VARIABLE : ED_STYLE_NONE;
	wn_free(bytes);
}

uint8_t
ed_words_style(const struct ed_words *w, struct wn_str word)
{
	uint32_t hash = hash_of(word);
	size_t at = place(w, hash);

	if (word.p[0] >= '0' && word.p[0] <= '9')
		return w->sign['0'];
	return w->hash[at] == hash ? w->style[at] : ED_WORD_NEW;
}
