/*
 * Inside words/: a draft while it is made: what was said about which part of the blueprint.
 */
#ifndef AI_BLUEPRINT_WORDS_WORDS_DRAFT_H
#define AI_BLUEPRINT_WORDS_WORDS_DRAFT_H

#include "ai/blueprint/words/words_priv.h"

#define WORDS_OWN_MAX 20 /* things that no template knows */

/* A thing the text describes itself: "each boat has a name and a length". */
struct words_own {
	const char *name, *words;
	struct wn_json *label, *plural;	  /* owned */
	struct wn_json *fields, *belongs; /* owned */
	const char *of_template;	  /* more fields for an entity of the template, else NULL */
};

struct words_draft {
	struct words_lexicon lex;
	struct words_reading r;
	const struct wn_json *answers, *template;
	struct words_own own[WORDS_OWN_MAX];
	size_t own_len;
	struct wn_map said;   /* "product", "product.color", "role:admin", "module:x" -> words */
	struct wn_map denied; /* "module:x" -> words */
	struct wn_map access; /* "product/write" -> role */
	const char *called;   /* the name that was given; nullable */
	bool arabic;
	struct wn_json *sketch;
	struct blueprint_draft *out;
};

/* words_grammar.c: lists of fields, belonging, who alone may, without, called. */
void words_grammar(struct words_draft *w);
/* Whether an entity or module of the template is part of the blueprint. */
bool words_wanted(const struct words_draft *w, const struct wn_json *entity);
/* words_ask.c: the questions and what is answered. */
void words_ask(struct words_draft *w);
const char *words_answer(const struct words_draft *w, const char *id);
/* words_label.c: where each part of the blueprint comes from; also into its provenance. */
void words_label_all(struct words_draft *w, struct wn_str text);
/* Counts what was understood, lists what was not. */
void words_count(struct words_draft *w);

#endif
