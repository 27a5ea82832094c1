/*
 * The worker and what it shares with the documents' thread; private to editor/syntax.
 */
#ifndef EDITOR_SYNTAX_HOST_H
#define EDITOR_SYNTAX_HOST_H

#include <pthread.h>

#include "editor/syntax/job.h"

#define ED_TREES_BYTES ((size_t)6 << 20) /* of text; a tree takes 20 to 50 times as much */
#define ED_STUCK_MS 5000		 /* without a sign of life a worker is given up */

/* What is to be done. Under the host's lock. */
struct ed_request {
	struct ed_text *text; /* owned */
	uint64_t version;
	WN_VEC(struct ed_edit) edits; /* since the request before */
	WN_VEC(TSTree *) trash;	      /* trees to be freed: not between a key and its picture */
	size_t from, to;	      /* on screen */
};

/* What was done last: handed over by exchanging a pointer, so that taking it waits for nobody. */
struct ed_result {
	enum ed_syntax_state state;
	ed_spans spans;
	size_t from, to; /* painted */
	uint64_t version;
	struct ed_words words;
	TSTree *tree; /* owned; NULL: none */
	size_t base;  /* where its text begins in the document */
	struct ed_grammar *grammar;
	char why[WN_DIAG_TEXT_MAX];
};

/* One document to the worker. Outlives its struct ed_syntax when the worker is at it. */
struct ed_task {
	struct ed_task *next;
	char *language;	     /* owned */
	bool dirty;	     /* request is to be taken */
	bool yielded;	     /* a parse is to be gone on with */
	bool busy;	     /* a worker is at it */
	uint64_t used;	     /* when it was worked on last: the host's count */
	atomic_bool dropped; /* its tree was too much: the copy outside should go as well */
	bool gone;	     /* nobody wants it: whoever is at it frees it */
	struct ed_request request;
	struct ed_result *_Atomic result; /* owned; NULL: nothing new */
	atomic_int cancel;		  /* enum ed_cancel */
	struct ed_job job;		  /* the worker's */
	size_t from, to;		  /* the worker's: of the request it works on */
};

/* A worker that hangs or crashes in a grammar is left behind with all it may touch, and another one
 * started. */
struct ed_worker {
	struct ed_syntax_host *host;
	pthread_t thread;
	bool abandoned;		     /* under the host's lock */
	struct ed_task *at;	     /* under the host's lock; NULL: idle */
	const char *_Atomic parsing; /* name of the grammar it is in (static), for the ban */
	void *crashed_at;	     /* what it was at, kept for ever */
	void *buried;		     /* see fault.h */
	_Atomic int64_t beat;
	WN_VEC(struct ed_grammar *) grammars;
};

struct ed_syntax_host {
	char *dir; /* of the grammars; owned */
	void (*notify)(void *arg);
	void *arg;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	bool stop;
	bool learning;		  /* a grammar has more queries to load */
	struct ed_task *tasks;	  /* round robin from the head */
	struct ed_worker *worker; /* NULL: not started */
	unsigned abandoned;	  /* workers left behind so far; they may still be running */
	int64_t stuck_ns;
	uint64_t turns;		     /* of work so far */
	size_t trees_max;	     /* bytes of text that may have trees */
	WN_VEC(const char *) banned; /* names of grammars that hung or crashed; static */
};

/* Owned by the host; ends with ed_host_remove(). */
struct ed_task *ed_host_add(struct ed_syntax_host *h, const char *language);
void ed_host_remove(struct ed_syntax_host *h, struct ed_task *t);
void ed_result_free(struct ed_result *r); /* nullable */
/* With the lock held: starts a worker when there is none, and replaces one that hangs. */
void ed_host_check(struct ed_syntax_host *h);

#endif
