/*
 * What a struct ed_syntax is; private to editor/syntax.
 */
#ifndef EDITOR_SYNTAX_PRIVATE_H
#define EDITOR_SYNTAX_PRIVATE_H

#include "editor/syntax/host.h"
#include "editor/syntax/spans.h"
#include "editor/syntax/syntax.h"

struct ed_syntax {
	struct ed_syntax_host *host;
	struct ed_doc *doc;
	struct ed_listener listener;
	struct ed_task *task; /* NULL: no language */
	enum ed_syntax_state state;
	char why[WN_DIAG_TEXT_MAX];
	struct ed_painted painted; /* true for the document as it is now */
	struct ed_words *words;	   /* NULL: nothing was painted yet */
	enum ed_syntax_want want;
	TSTree *tree;		     /* of the worker's last parse, owned; NULL: none */
	WN_VEC(TSTree *) trash;	     /* for the worker to free */
	uint64_t tree_version;	     /* edits up to this one are in it */
	size_t base;		     /* where the tree's text begins in the document */
	struct ed_grammar *grammar;  /* the tree's; lives as long as the host */
	uint64_t version;	     /* of the text the spans were made of */
	uint64_t sent;		     /* edits up to this version are with the worker */
	WN_VEC(struct ed_edit) log;  /* edits since that version */
	size_t show_from, show_to;   /* on screen */
	size_t asked_from, asked_to; /* of the last request */
};

/* The tree moved along with all edits so far; NULL: none. structure.c */
TSTree *ed_syntax_tree(struct ed_syntax *s);

#endif
