/*
 * Inside words/: tokens, the lexicon, what a text was read as, and the sketch that comes of it.
 */
#ifndef AI_BLUEPRINT_WORDS_WORDS_PRIV_H
#define AI_BLUEPRINT_WORDS_WORDS_PRIV_H

#include "ai/blueprint/words/words.h"
#include "runtime/base/buf.h"
#include "runtime/base/map.h"

#define WORDS_TEMPLATES_MAX 32
#define WORDS_PHRASE 4 /* words a phrase may have */
#define WORDS_TOKENS_MAX 3000

struct words_token {
	const char *form; /* normalised; for a mark: "," "." ":" "(" ")" */
	struct wn_str text;
	bool mark, arabic;
};

enum words_kind {
	WORDS_DOMAIN,
	WORDS_ENTITY,
	WORDS_ROLE,
	WORDS_MODULE,
	WORDS_FIELD,
	WORDS_BUILT_IN,
	WORDS_NOT_MADE,
	WORDS_GRAMMAR,
	WORDS_STOP
};

struct words_sense {
	enum words_kind kind;
	int template; /* -1: any */
	const char *name;
	const struct wn_json *json;
};

struct words_senses {
	WN_VEC(struct words_sense) list;
};

struct words_lexicon {
	struct wn_json *ontology, *templates[WORDS_TEMPLATES_MAX];
	int templates_len;
	struct wn_map forms; /* "purchase order" -> struct words_senses */
	struct wn_arena arena;
};

/* A stretch of tokens that the lexicon knows; senses NULL: an unknown word. */
struct words_match {
	size_t from, to; /* tokens */
	const struct words_senses *senses;
	bool used; /* it became part of the blueprint */
};

struct words_reading {
	const struct words_lexicon *lex;
	struct wn_arena *arena;
	WN_VEC(struct words_token) tokens;
	WN_VEC(struct words_match) matches;
	int template;
};

/* words_text.c: cuts and normalises. */
void words_tokens(struct words_reading *r, struct wn_str text);
/* The words of tokens from..to as they were written. */
const char *words_quote(const struct words_reading *r, size_t from, size_t to);
/* Calls fn for every way to read a token's form: itself, and without Arabic prefixes. Stops at
 * true. */
bool words_variants(struct wn_arena *a, const struct words_token *t,
		    bool (*fn)(void *arg, const char *form), void *arg);
/* A normalised form of a listed phrase; NULL when it has no words. */
const char *words_phrase(struct wn_arena *a, struct wn_str phrase);

/* words_lexicon.c */
wn_err words_lexicon_init(struct words_lexicon *x, struct wn_diag *d);
void words_lexicon_fini(struct words_lexicon *x);
const struct words_sense *words_sense(const struct words_match *m, enum words_kind kind,
				      int template);
bool words_is_grammar(const struct words_match *m, const char *name);

/* words_read.c: matches and the template that fits best, -1: none. */
void words_read(struct words_reading *r);

/* words_sketch.c: a template's shorthand written out. Owned. */
struct wn_json *words_field(const struct words_lexicon *x, const char *name, const char *as);
struct wn_json *words_entity(const struct words_lexicon *x, const struct wn_json *short_entity);
struct wn_json *words_belongs(const struct words_lexicon *x, const char *name, const char *as);
struct wn_json *words_access(const char *word);
/* {"en", "ar"} from the heads of listed forms; plural: the part behind the bar. */
struct wn_json *words_label(const struct wn_json *listed, bool plural);

#endif
