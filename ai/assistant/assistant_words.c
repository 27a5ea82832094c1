/*
 * The words of a question worth looking for: folded, without the small words of English and Arabic.
 */
#include "ai/assistant/assistant.h"

#include "runtime/base/utf8.h"

enum { LETTERS_MIN = 3, WORD_MAX = 64 };

/* Folded as wn_utf8_fold() does: without marks, alef and yeh unified. */
static const char *const small_words[] = {
	"the",	"and",	 "for",	   "are",   "was",     "were", "does",	"did",	  "what",  "where",
	"when", "which", "who",	   "whom",  "why",     "how",  "this",	"that",	  "these", "those",
	"with", "from",	 "into",   "onto",  "about",   "can",  "could", "should", "would", "will",
	"has",	"have",	 "had",	   "there", "here",    "its",  "not",	"but",	  "you",   "your",
	"our",	"their", "please", "tell",  "explain", "show", "find",	"use",	  "used",  "using",
	"all",	"any",	 "some",   "than",  "then",    "them", "they",	"been",	  "being", "just",
	"file", "files", "code",   "line",  NULL,
};
static const char *const small_words_arabic[] = { "من",	  "في",	  "علي", "الي",	  "عن",
						  "ما",	  "ماذا", "كيف", "اين",	  "متي",
						  "هل",	  "هذا",  "هذه", "ذلك",	  "التي",
						  "الذي", "مع",	  "كل",	 "لماذا", NULL };

static bool
is_in(struct wn_str word, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (wn_str_is(word, *list))
			return true;
	}
	return false;
}

static void
take(struct wn_arena *a, struct wn_str word, struct assistant_words *out)
{
	struct wn_buf b;
	struct wn_str f;

	wn_buf_init(&b, 8 * WORD_MAX);
	if (word.len <= WORD_MAX && wn_utf8_fold(word, &b) == WN_OK && out->n < ASSISTANT_WORDS) {
		f = wn_buf_view(&b);
		for (size_t i = 0; i < out->n; i++) {
			if (wn_str_eq(out->word[i], f))
				f.len = 0;
		}
		if (wn_utf8_count(f) >= LETTERS_MIN && !is_in(f, small_words) &&
		    !is_in(f, small_words_arabic))
			out->word[out->n++] = wn_arena_str(a, f);
	}
	wn_buf_fini(&b);
}

void
assistant_words(struct wn_arena *a, struct wn_str question, struct assistant_words *out)
{
	size_t from = 0, i = 0;

	out->n = 0;
	while (i <= question.len) {
		uint32_t cp = 0;
		size_t n = i < question.len ? wn_utf8_decode(question.p + i, question.len - i, &cp)
					    : 1;

		if (i == question.len || cp == WN_UTF8_BAD || !wn_utf8_is_word(cp)) {
			if (i > from)
				take(a, wn_str_sub(question, from, i - from), out);
			from = i + n;
		}
		i += n;
	}
}
