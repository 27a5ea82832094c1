/*
 * The table of languages; private to editor/syntax.
 */
#ifndef EDITOR_SYNTAX_LANGUAGE_H
#define EDITOR_SYNTAX_LANGUAGE_H

#include "editor/syntax/syntax.h"

struct ed_language {
	const char *name;			   /* of the grammar and of the query directory */
	const char *aliases;			   /* what fences and users call it */
	const char *extensions, *files, *programs; /* programs: in a "#!" line */
	const char *comment_open, *comment_close;
};

/* By name or alias, any case; NULL: unknown. */
const struct ed_language *ed_language_find(struct wn_str name);

#endif
