/*
 * Syntax colours. A host owns the grammars, their queries and one worker thread; a struct ed_syntax
 * follows one document. The worker parses snapshots; what is on screen keeps its last colours,
 * shifted by edits, until the new ones are there. Nothing here ever blocks a key.
 *
 * A grammar that is missing, or that spins, loses its colours only.
 */
#ifndef EDITOR_SYNTAX_SYNTAX_H
#define EDITOR_SYNTAX_SYNTAX_H

#include "editor/document/document.h"
#include "editor/syntax/style.h"

struct ed_syntax_host;
struct ed_syntax;

struct ed_syntax_opts {
	const char
		*grammars; /* directory; NULL: $WEBNOVA_GRAMMARS, beside the program, its ../lib */
	/* Called by the worker thread when something is ready: write to a pipe or uv_async_send(),
	 * then call ed_syntax_poll() from the loop. nullable. */
	void (*notify)(void *arg);
	void *arg;
	size_t trees_max; /* bytes of text that keep trees, the least used go first; 0: 6 MiB */
	int stuck_ms;	  /* a grammar silent for so long is given up; 0: 5000 */
};

struct ed_span {
	size_t from, to; /* bytes of the document */
	enum ed_style style;
};

enum ed_syntax_state {
	ED_SYNTAX_NONE,	   /* no language for this document */
	ED_SYNTAX_WAITING, /* parse under way, colours may be old */
	ED_SYNTAX_READY,
	ED_SYNTAX_WINDOW, /* the text is large: only the part around the screen is parsed */
	ED_SYNTAX_FAILED  /* grammar missing, broken or too slow: see ed_syntax_why() */
};

/* opts nullable. Starts no thread before the first attach. */
struct ed_syntax_host *ed_syntax_host_new(const struct ed_syntax_opts *opts);
/* Stops the worker; every syntax must be detached already. */
void ed_syntax_host_free(struct ed_syntax_host *h);

/* Follows doc. language: a name ("c"), or NULL to tell from path and first line. Never NULL. */
struct ed_syntax *ed_syntax_attach(struct ed_syntax_host *h, struct ed_doc *doc,
				   const char *language);
void ed_syntax_detach(struct ed_syntax *s);		   /* nullable */
const char *ed_syntax_language(const struct ed_syntax *s); /* "c"; "" when none */
enum ed_syntax_state ed_syntax_state(const struct ed_syntax *s);
const char *ed_syntax_why(const struct ed_syntax *s); /* one sentence; "" when all is well */

/* Says which bytes are on screen. */
void ed_syntax_show(struct ed_syntax *s, size_t from, size_t to);
/* What the worker should be asked, and when: an edit can wait for the next ones, a jump cannot. */
enum ed_syntax_want { ED_SYNTAX_WANTS_NOTHING, ED_SYNTAX_WANTS_SOON, ED_SYNTAX_WANTS_NOW };
enum ed_syntax_want ed_syntax_wants(const struct ed_syntax *s);
/* Asks it. Takes a lock and wakes a thread: to be called when the picture is out. */
void ed_syntax_kick(struct ed_syntax *s);
/* Everything on screen has colours (perhaps guessed ones), or never will. */
bool ed_syntax_shown(const struct ed_syntax *s);
/* Takes finished work over; true: what is on screen looks different now. */
bool ed_syntax_poll(struct ed_syntax *s);
/* True until all that was asked or noted is done and taken; hands over what was noted. */
bool ed_syntax_busy(struct ed_syntax *s);
/* Waits at most ms for the worker to finish what is asked, then polls; true when it is up to date.
 * For the first paint, a jump, and tests. */
bool ed_syntax_wait(struct ed_syntax *s, int ms);
/* Spans that touch from..to in order, never overlapping, at most max; bytes between are plain. */
size_t ed_syntax_spans(const struct ed_syntax *s, size_t from, size_t to, struct ed_span *out,
		       size_t max);

/* Name of the language of a path and first line (nullable, ""): "c", "python"; NULL: unknown. */
const char *ed_language_of(const char *path, struct wn_str first_line);
/* Tokens that comment a line ("//", ""; or "<!--", "-->"); false when the language has none. */
bool ed_language_comment(const char *language, const char **open_out, const char **close_out);

#endif
