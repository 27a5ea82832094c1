/*
 * Names of the style classes.
 */
#include "editor/syntax/style.h"

static const char *const names[ED_STYLES] = {
	[ED_STYLE_NONE] = "none",
	[ED_STYLE_KEYWORD] = "keyword",
	[ED_STYLE_STRING] = "string",
	[ED_STYLE_STRING_SPECIAL] = "string.special",
	[ED_STYLE_ESCAPE] = "escape",
	[ED_STYLE_COMMENT] = "comment",
	[ED_STYLE_COMMENT_DOC] = "comment.doc",
	[ED_STYLE_TYPE] = "type",
	[ED_STYLE_TYPE_BUILTIN] = "type.builtin",
	[ED_STYLE_FUNCTION] = "function",
	[ED_STYLE_FUNCTION_BUILTIN] = "function.builtin",
	[ED_STYLE_MACRO] = "macro",
	[ED_STYLE_VARIABLE] = "variable",
	[ED_STYLE_VARIABLE_BUILTIN] = "variable.builtin",
	[ED_STYLE_PARAMETER] = "parameter",
	[ED_STYLE_PROPERTY] = "property",
	[ED_STYLE_CONSTANT] = "constant",
	[ED_STYLE_CONSTANT_BUILTIN] = "constant.builtin",
	[ED_STYLE_NUMBER] = "number",
	[ED_STYLE_OPERATOR] = "operator",
	[ED_STYLE_PUNCTUATION] = "punctuation",
	[ED_STYLE_TAG] = "tag",
	[ED_STYLE_ATTRIBUTE] = "attribute",
	[ED_STYLE_NAMESPACE] = "namespace",
	[ED_STYLE_LABEL] = "label",
	[ED_STYLE_HEADING] = "heading",
	[ED_STYLE_EMPHASIS] = "emphasis",
	[ED_STYLE_STRONG] = "strong",
	[ED_STYLE_STRIKE] = "strike",
	[ED_STYLE_LINK] = "link",
	[ED_STYLE_CODE] = "code",
	[ED_STYLE_QUOTE] = "quote",
	[ED_STYLE_LIST] = "list",
	[ED_STYLE_INSERTED] = "inserted",
	[ED_STYLE_DELETED] = "deleted",
	[ED_STYLE_ERROR] = "error",
};

const char *
ed_style_name(enum ed_style s)
{
	return (unsigned)s < ED_STYLES ? names[s] : names[ED_STYLE_NONE];
}

int
ed_style_by_name(struct wn_str name)
{
	while (name.len) {
		for (int i = 0; i < ED_STYLES; i++)
			if (wn_str_is(name, names[i]))
				return i;
		while (name.len && name.p[--name.len] != '.')
			;
	}
	return -1;
}
