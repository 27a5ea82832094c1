/*
 * A small Mustache: values, sections, inverted sections, comments, partials, and filters
 * on values. Templates are ours, values are the blueprint's: a value never becomes template
 * text, and code must choose a filter that quotes it for the language around it.
 *
 *	{{name}}  {{a.b}}  {{.}}	value of a string, number or bool; absent is an error
 *	{{name|q}}			a filter: q 'JavaScript string' · tl inside a `template
 *literal` · json one line · pretty indented JSON · html · md
 *	{{#name}} {{^name}} {{/name}}	section, inverted section; over arrays one turn an element
 *	{{-first}} {{-last}} {{-index}}	in the innermost array section
 *	{{! comment }}  {{> partial}}
 *
 * A section tag alone on its line takes the line with it.
 */
#ifndef AI_CODEGEN_TEMPLATE_H
#define AI_CODEGEN_TEMPLATE_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/base/json.h"
#include "runtime/base/str.h"

/* Text of a partial, or p NULL. */
typedef struct wn_str (*codegen_partial_fn)(void *arg, struct wn_str name);

struct codegen_template {
	const char *name; /* for messages */
	struct wn_str text;
	codegen_partial_fn partial; /* nullable */
	void *arg;
};

/* Appends the rendered template to out. Errors: WN_E_PARSE (unbalanced section, unknown filter),
 * WN_E_NOT_FOUND (a value or partial that is not there), WN_E_LIMIT (nesting); d says the line. */
wn_err codegen_render(const struct codegen_template *t, const struct wn_json *context,
		      struct wn_buf *out, struct wn_diag *d) WN_MUST;

#endif
