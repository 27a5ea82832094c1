/*
 * A description in English or Arabic becomes a blueprint by templates, listed words and a small
 * grammar: no model, no guess that is not labelled. Pure; any thread.
 */
#ifndef AI_BLUEPRINT_WORDS_WORDS_H
#define AI_BLUEPRINT_WORDS_WORDS_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/base/json.h"
#include "runtime/base/vec.h"

#define BLUEPRINT_WORDS_MADE_BY "built from templates, no AI"
#define BLUEPRINT_WORDS_MAX 20000 /* bytes of a description */

enum blueprint_confidence { BLUEPRINT_STATED, BLUEPRINT_INFERRED, BLUEPRINT_DEFAULT };

struct blueprint_element {
	enum blueprint_confidence confidence;
	const char *pointer, *label;
	const char *words; /* those it comes from, as they were written; "" without any */
};

struct blueprint_question {
	const char *id;		 /* answers are given by it */
	const char *en, *ar;	 /* the question */
	const char *fallback;	 /* the default */
	const char *answer;	 /* what holds now */
	const char *options[12]; /* NULL-terminated; none: any text */
	bool answered;
};

/* Something that was asked for and is not made, and what there is instead. */
struct blueprint_not_made {
	const char *words, *en, *ar;
};

struct blueprint_draft {
	struct wn_json *doc;   /* owned; NULL: the description was not understood */
	const char *template;  /* "shop", "custom"; NULL: none fits */
	size_t words, matched; /* words that mean something, and how many of them were understood */
	WN_VEC(struct blueprint_element) elements;
	WN_VEC(const char *) unmatched;
	WN_VEC(struct blueprint_question) questions;
	WN_VEC(struct blueprint_not_made) not_made;
	struct wn_arena arena;
};

/* Fills out (always initialised). answers: an object of texts by question, nullable; text may be ""
 * when answers has "template". Not understood is WN_OK with out->doc NULL. WN_E_LIMIT: too long. */
wn_err blueprint_from_words(struct wn_str text, const struct wn_json *answers,
			    struct blueprint_draft *out, struct wn_diag *d) WN_MUST;
void blueprint_draft_fini(struct blueprint_draft *draft);
const char *blueprint_confidence_name(enum blueprint_confidence c);

/* The nth template as JSON (owned) with its id, name, summary; NULL behind the last. */
struct wn_json *blueprint_template(size_t n);

#endif
