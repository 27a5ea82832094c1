/*
 * Edits a blueprint's text in place: comments, order and spacing stay as people wrote them.
 */
#ifndef AI_BLUEPRINT_SOURCE_EDIT_H
#define AI_BLUEPRINT_SOURCE_EDIT_H

#include "ai/blueprint/source/source.h"

enum blueprint_edit_op {
	BLUEPRINT_EDIT_SET,   /* replaces the value, or adds the member */
	BLUEPRINT_EDIT_ADD,   /* into a list: before that index, "-" at its end */
	BLUEPRINT_EDIT_REMOVE /* member or element */
};

struct blueprint_edit {
	enum blueprint_edit_op op;
	const char *pointer;
	const struct wn_json *value; /* NULL with REMOVE */
};

/* Appends the edited text to out. What it means is checked by reading it again: it must be the
 * edited document, else nothing is given and the error says so. WN_E_NOT_FOUND: the pointer leads
 * nowhere; WN_E_UNSUPPORTED: written in a way that cannot be edited in place (aliases, includes).
 * Any thread. */
wn_err blueprint_edit(const struct blueprint_file *file, const struct blueprint_edit *edits,
		      size_t n, struct wn_buf *out, struct wn_diag *d) WN_MUST;
enum blueprint_yaml_place {
	BLUEPRINT_YAML_DOCUMENT, /* a whole file */
	BLUEPRINT_YAML_KEY,	 /* behind "key:" at that indentation */
	BLUEPRINT_YAML_DASH,	 /* behind "-" at that indentation */
	BLUEPRINT_YAML_FLOW	 /* on one line, inside [ ] or { } */
};
/* Appends a value as YAML for a place. Behind a key or dash it begins with a blank or a line end;
 * only a document ends with a line end. */
wn_err blueprint_yaml_print(const struct wn_json *j, enum blueprint_yaml_place place,
			    unsigned indent, struct wn_buf *out);
/* Appends a value as JSON with short things on one line; further lines are indented. */
wn_err blueprint_json_print(const struct wn_json *j, unsigned indent, struct wn_buf *out);

#endif
