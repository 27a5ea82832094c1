/*
 * What the text is made of: functions, classes, parameters, comments, blocks, their names. Asked of
 * the last tree the worker gave, moved along with the edits since; answered at once by the
 * documents' thread, within a few milliseconds or not at all. Without a grammar, before the first
 * parse, and inside embedded languages there is nothing to find. Positions are bytes of the
 * document.
 */
#ifndef EDITOR_SYNTAX_STRUCTURE_H
#define EDITOR_SYNTAX_STRUCTURE_H

#include "editor/syntax/syntax.h"
#include "runtime/base/vec.h"

struct ed_range {
	size_t from, to;
};
typedef WN_VEC(struct ed_range) ed_range_list;

enum ed_object { ED_OBJECT_FUNCTION, ED_OBJECT_CLASS, ED_OBJECT_PARAMETER, ED_OBJECT_COMMENT };

/* The smallest node that holds sel and more: growing a selection. To shrink, remember what was. */
bool ed_syntax_grow(struct ed_syntax *s, struct ed_range sel, struct ed_range *out);
/* The smallest object around pos. inner: without the braces, the separating comma, the comment
 * signs. */
bool ed_syntax_object(struct ed_syntax *s, enum ed_object o, bool inner, size_t pos,
		      struct ed_range *out);
/* The next object that begins behind (back: before) pos. */
bool ed_syntax_object_next(struct ed_syntax *s, enum ed_object o, size_t pos, bool back,
			   struct ed_range *out);
/* Functions and classes that begin on a line before pos and hold it, outermost first. */
size_t ed_syntax_scopes(struct ed_syntax *s, size_t pos, struct ed_range *out, size_t max);
/* What can be folded and begins in from..to, in order: from the end of the line that stays to the
 * end of the last hidden line. */
void ed_syntax_folds(struct ed_syntax *s, size_t from, size_t to, ed_range_list *out);
/* The innermost fold that begins on the line of pos or holds it. */
bool ed_syntax_fold_at(struct ed_syntax *s, size_t pos, struct ed_range *out);
/* How many levels deeper the line at pos belongs than the one that holds `from` (before it). */
int ed_syntax_indent(struct ed_syntax *s, size_t from, size_t pos);
/* The bracket that belongs to the one at pos; false: there is none at pos, or it stands alone.
 * Where the tree does not know, the text is looked through, at most `reach` bytes. */
bool ed_syntax_bracket(struct ed_syntax *s, size_t pos, size_t reach, size_t *out);

/* A named thing, for an outline. */
struct ed_tag {
	struct ed_range all, name;
	char kind[16]; /* "function", "class", "heading", ... */
	int depth;     /* how many others hold it */
};
typedef WN_VEC(struct ed_tag) ed_tag_list;
/* All of the text, in order. */
void ed_syntax_tags(struct ed_syntax *s, ed_tag_list *out);

#endif
