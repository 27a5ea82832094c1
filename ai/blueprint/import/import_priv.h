/*
 * Inside import/: the tokens of the three line-oriented languages, and the sketch they all fill.
 */
#ifndef AI_BLUEPRINT_IMPORT_IMPORT_PRIV_H
#define AI_BLUEPRINT_IMPORT_IMPORT_PRIV_H

#include "ai/blueprint/import/import.h"
#include "runtime/base/buf.h"

enum import_kind { IMPORT_END, IMPORT_WORD, IMPORT_STRING, IMPORT_NUMBER, IMPORT_MARK };

struct import_token {
	enum import_kind kind;
	struct wn_str text; /* without quotes */
	size_t line;
};

/* A reference whose target may come later in the text. */
struct import_link {
	const char *from, *name, *to; /* names of the source as they are written */
	const char *on_delete;	      /* nullable */
	bool required;
	size_t line;
};

struct import {
	struct blueprint_import *out;
	struct wn_arena *arena;
	struct wn_json *entities; /* of the sketch */
	struct wn_json *enums;	  /* name -> [value] */
	WN_VEC(struct import_link) links;
	WN_VEC(struct import_token) tokens;
	size_t at;
	struct wn_diag *d;
};

/* import_lex.c. sql: its comments and quotes; else those of JDL and Prisma. */
wn_err import_lex(struct import *im, struct wn_str text, bool sql) WN_MUST;
const struct import_token *import_peek(const struct import *im, size_t ahead);
const struct import_token *import_next(struct import *im);
bool import_is(const struct import_token *t, const char *word); /* a word, case folded */
bool import_mark(const struct import_token *t, char c);
bool import_take(struct import *im, const char *word); /* steps over it when it comes next */
bool import_take_mark(struct import *im, char c);
/* Behind the bracket that closes the one just taken; at the end when none does. */
void import_skip_brackets(struct import *im, char open, char close);

/* import_sketch.c */
void import_lost(struct import *im, size_t line, const char *fmt, ...) WN_PRINTF(3, 4);
const char *import_text(struct import *im, struct wn_str s); /* at most 200 bytes, in the arena */
const char *import_name(struct import *im, const char *raw, bool singular);
struct wn_json *import_entity(struct import *im, const char *raw, size_t line);
struct wn_json *import_find(const struct import *im, const char *raw);
/* Adds a field; NULL when it is the platform's own (id, times), twice there, or too many. */
struct wn_json *import_field(struct import *im, struct wn_json *entity, const char *raw,
			     const char *type, size_t line);
struct wn_json *import_named_field(const struct wn_json *entity, const char *name);
void import_enum_value(struct import *im, const char *name, struct wn_str value, size_t line);
/* Gives a field the values of an enum. */
void import_use_enum(struct import *im, struct wn_json *field, const char *name);
void import_default(struct import *im, struct wn_json *field, struct wn_str value, size_t line);
void import_link_add(struct import *im, struct import_link link);
/* A field's type, refined by its name: an "email" is one. */
const char *import_refine(const char *type, const char *raw);

wn_err import_sql(struct import *im, struct wn_str text) WN_MUST;
wn_err import_openapi(struct import *im, struct wn_str text) WN_MUST;
wn_err import_prisma(struct import *im, struct wn_str text) WN_MUST;
wn_err import_jdl(struct import *im, struct wn_str text) WN_MUST;
/* import_finish.c: links, who signs in, circles; the whole sketch. */
struct wn_json *import_finish(struct import *im, const char *name);

#endif
