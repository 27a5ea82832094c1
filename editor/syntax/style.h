/*
 * The style classes text can have. Query files name them (@keyword), themes give them colours by
 * the same names. The order is stable: new classes are only appended.
 */
#ifndef EDITOR_SYNTAX_STYLE_H
#define EDITOR_SYNTAX_STYLE_H

#include "runtime/base/str.h"

enum ed_style {
	ED_STYLE_NONE,
	ED_STYLE_KEYWORD,
	ED_STYLE_STRING,
	ED_STYLE_STRING_SPECIAL, /* regex, url, path, heredoc label */
	ED_STYLE_ESCAPE,	 /* \n inside a string, &amp; */
	ED_STYLE_COMMENT,
	ED_STYLE_COMMENT_DOC,
	ED_STYLE_TYPE,
	ED_STYLE_TYPE_BUILTIN,
	ED_STYLE_FUNCTION,
	ED_STYLE_FUNCTION_BUILTIN,
	ED_STYLE_MACRO, /* and preprocessor lines */
	ED_STYLE_VARIABLE,
	ED_STYLE_VARIABLE_BUILTIN, /* this, self */
	ED_STYLE_PARAMETER,
	ED_STYLE_PROPERTY, /* fields, keys */
	ED_STYLE_CONSTANT,
	ED_STYLE_CONSTANT_BUILTIN, /* true, NULL */
	ED_STYLE_NUMBER,
	ED_STYLE_OPERATOR,
	ED_STYLE_PUNCTUATION,
	ED_STYLE_TAG,
	ED_STYLE_ATTRIBUTE,
	ED_STYLE_NAMESPACE, /* modules, packages */
	ED_STYLE_LABEL,
	ED_STYLE_HEADING,
	ED_STYLE_EMPHASIS,
	ED_STYLE_STRONG,
	ED_STYLE_STRIKE,
	ED_STYLE_LINK,
	ED_STYLE_CODE, /* code in prose */
	ED_STYLE_QUOTE,
	ED_STYLE_LIST,	   /* list markers */
	ED_STYLE_INSERTED, /* diff */
	ED_STYLE_DELETED,
	ED_STYLE_ERROR,
	ED_STYLES
};

/* "keyword", "string.special", ...; never NULL. */
const char *ed_style_name(enum ed_style s);
/* The class of a name or of its longest known prefix ("keyword.return" gives keyword); -1: none. */
int ed_style_by_name(struct wn_str name);

#endif
