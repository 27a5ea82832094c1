/*
 * A loaded grammar with its compiled queries; private to editor/syntax, used by the worker only.
 */
#ifndef EDITOR_SYNTAX_GRAMMAR_H
#define EDITOR_SYNTAX_GRAMMAR_H

#include <stdatomic.h>
#include <tree_sitter/api.h>

#include "editor/syntax/style.h"
#include "editor/text/text.h"
#include "runtime/base/error.h"

#define ED_NO_STYLE 0xFF /* a capture that colours nothing */

struct ed_predicates; /* of one query: what the patterns ask of their captures */

/* One compiled .scm file. */
struct ed_query {
	TSQuery *query; /* NULL: the language has no such file */
	struct ed_predicates *predicates;
	uint8_t *style; /* per capture: enum ed_style or ED_NO_STYLE; in structure: enum ed_role */
};

struct ed_grammar {
	char *name; /* owned */
	void *so;
	const TSLanguage *language; /* NULL: could not be loaded, see why */
	struct ed_query highlights, injections;
	struct ed_query structure; /* what things are; loaded behind the first picture */
	atomic_bool learnt;	   /* structure may be read, by the documents' thread too */
	uint32_t inj_content, inj_language; /* captures; UINT32_MAX: none */
	bool combines;			    /* some injection joins all its nodes of the file */
	struct wn_diag why;
};

/* Not loaded yet. Owned. */
struct ed_grammar *ed_grammar_new(const char *name);
/* Loads <dir>/<name>.so and <dir>/queries/<name>/; on failure language stays NULL, why says it. */
void ed_grammar_load(struct ed_grammar *g, const char *dir);
/* Loads what is not needed for colours; its failure costs only that. */
void ed_grammar_learn(struct ed_grammar *g, const char *dir);
void ed_grammar_free(struct ed_grammar *g); /* nullable */

/* structure.c */
/* Role of a capture's name; 0: none. */
uint8_t ed_role_by_name(struct wn_str name);

/* predicate.c */
/* WN_E_PARSE for a predicate we do not know or one with bad arguments. */
wn_err ed_predicates_new(const TSQuery *query, struct ed_predicates **out,
			 struct wn_diag *d) WN_MUST;
void ed_predicates_free(struct ed_predicates *p); /* nullable */
/* Does the match hold, in this text? */
bool ed_predicates_hold(const struct ed_predicates *p, const TSQueryMatch *m,
			const struct ed_text *text);
/* Value of a #set! of the pattern; NULL: not set. */
const char *ed_predicates_setting(const struct ed_predicates *p, uint32_t pattern, const char *key);

#endif
