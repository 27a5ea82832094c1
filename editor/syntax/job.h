/*
 * Parsing and painting one document, as the worker does it; private to editor/syntax.
 */
#ifndef EDITOR_SYNTAX_JOB_H
#define EDITOR_SYNTAX_JOB_H

#include <stdatomic.h>

#include "editor/syntax/grammar.h"
#include "editor/syntax/syntax.h"
#include "editor/syntax/words.h"
#include "runtime/base/vec.h"

/* Above this a text has no tree of the whole, only of a window around the screen. */
#define ED_TREE_BYTES ((size_t)4 << 20)
#define ED_WINDOW_BYTES ((size_t)256 << 10)
#define ED_PAGE_MIN ((size_t)2 << 10)
#define ED_PAGE_MAX ((size_t)16 << 10)
#define ED_SLICE_NS ((int64_t)2000000)
#define ED_PARSE_NS ((int64_t)20000000000) /* then the grammar is given up for this document */

typedef WN_VEC(TSRange) ed_ranges;

/* A piece of another language inside, with the tree it was given last time. */
struct ed_layer {
	struct ed_grammar *grammar;
	ed_ranges ranges;
	uint64_t hash; /* of the bytes in the ranges and their places */
	TSTree *tree;  /* owned */
	bool used;     /* by the present painting */
};

/* How the worker finds grammars and says that it lives. */
struct ed_job_env {
	struct ed_grammar *(*grammar)(void *arg, struct wn_str name); /* NULL: unknown */
	bool (*others_wait)(void *arg);
	void *arg;
	_Atomic int64_t *beat; /* ed_cpu_ns() at the last sign of life */
};

/* Why a parse should stop: a newer text waits, or nobody wants it any more. */
enum ed_cancel { ED_CANCEL_NOT, ED_CANCEL_NEWER, ED_CANCEL_GONE };
enum ed_job_end { ED_JOB_DONE, ED_JOB_YIELDED, ED_JOB_CANCELLED, ED_JOB_FAILED };

struct ed_job {
	struct ed_grammar *grammar; /* borrowed; NULL: not looked for yet */
	TSParser *parser;
	TSTree *tree;	      /* of the last finished parse, edited up to `version` */
	struct ed_text *text; /* owned: what is parsed */
	uint64_t version;     /* of text */
	size_t base;	      /* where text begins in the document: a window's start */
	bool window;
	bool current;	  /* tree is of text, not of an earlier one */
	unsigned cancels; /* in a row */
	int64_t spent_ns; /* on the parse under way */
	WN_VEC(struct ed_layer) layers;
};

typedef WN_VEC(struct ed_span) ed_spans;

void ed_job_fini(struct ed_job *j);
/* New text of that version, of which from..to is on screen; edits (document positions) lead to it
 * from the one before. Takes text. */
void ed_job_text(struct ed_job *j, struct ed_text *text, uint64_t version,
		 const struct ed_edit *edits, size_t n, size_t from, size_t to);
/* How many bytes a screen that shows from..to is taken for when a margin is made of it. */
size_t ed_page_bytes(size_t from, size_t to);
/* Parses until done, cancelled or another document waits for longer than a slice. */
enum ed_job_end ed_job_parse(struct ed_job *j, const struct ed_job_env *env,
			     const atomic_int *cancel);
/* Spans of from..to (document positions) into out; *from and *to become what was painted. */
void ed_job_paint(struct ed_job *j, const struct ed_job_env *env, size_t *from, size_t *to,
		  ed_spans *out, struct ed_words *words);

/* TSInput over a text; fini when parsed. */
struct ed_reader {
	const struct ed_text *text;
	struct ed_iter it;
};
TSInput ed_reader_input(struct ed_reader *r, const struct ed_text *text);
int64_t ed_mono_ns(void);
/* What this thread has worked: a busy machine must not make a grammar look slow. */
int64_t ed_cpu_ns(void);

/* paint.c */
struct ed_paint {
	size_t from, to; /* bytes of the text */
	uint8_t *style;	 /* to - from */
};
/* Paints what the highlight query finds, only inside clip (NULL: everywhere). */
void ed_paint_tree(struct ed_paint *p, const struct ed_grammar *g, TSNode root,
		   const struct ed_text *text, const ed_ranges *clip);

/* inject.c */
void ed_paint_injections(struct ed_job *j, const struct ed_job_env *env, struct ed_paint *p,
			 struct ed_grammar *g, TSNode root, int depth);
void ed_layers_sweep(struct ed_job *j, bool all);

#endif
