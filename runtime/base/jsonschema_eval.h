/*
 * One validation run, shared by the validator's files: the frames of the evaluation (they are
 * the dynamic scope), the marks of evaluated children, and the errors.
 */
#ifndef RUNTIME_BASE_JSONSCHEMA_EVAL_H
#define RUNTIME_BASE_JSONSCHEMA_EVAL_H

#include "runtime/base/jsonschema_priv.h"

/* Place in the instance: a chain on the C stack. */
struct js_at {
	const struct js_at *up;
	const char *key; /* NULL: index counts */
	size_t index;
};

/* Marks of the children of one instance: n bytes at offset `at` of run->marks. */
struct js_marks {
	size_t at, n;
};

struct js_frame {
	const struct js_frame *up;
	const struct js_node *node;
	const struct wn_json *inst;
	const struct js_at *at;
	struct js_marks *marks; /* NULL: nobody asks which children were evaluated */
	unsigned depth;
};

struct js_error {
	const char *pointer;
	const struct js_node *node;
	const struct js_kw *kw; /* NULL: the boolean schema false */
	const char *text;
	unsigned depth; /* tokens in pointer */
};

struct js_run {
	const struct wn_schema_set *set;
	bool collect; /* else the first failure ends it */
	wn_err fatal; /* the run cannot be finished */
	uint64_t steps, max_steps;
	const struct wn_json *instance;
	struct wn_arena *text;
	WN_VEC(struct js_error) errors;
	WN_VEC(unsigned char) marks;
	struct wn_diag *d;
};

/* Evaluates a schema against inst at `at`; marks_nullable gets what was evaluated if it is valid.
 */
bool js_eval(struct js_run *r, const struct js_node *n, const struct wn_json *inst,
	     const struct js_at *at, const struct js_frame *up, struct js_marks *marks_nullable);
/* As js_eval(), without recording errors: for schemas whose failure is no failure. */
bool js_probe(struct js_run *r, const struct js_node *n, const struct wn_json *inst,
	      const struct js_at *at, const struct js_frame *up, struct js_marks *marks_nullable);
void js_mark(struct js_run *r, const struct js_frame *f, size_t child);
void js_mark_all(struct js_run *r, const struct js_frame *f);

/* jsonschema_errors.c: records a failure at the frame's place; always false. */
bool js_fail(struct js_run *r, const struct js_frame *f, const struct js_kw *kw, const char *fmt,
	     ...) WN_PRINTF(4, 5);
bool js_fatal(struct js_run *r, wn_err code, const char *text);
/* A short picture of a value for a sentence: `the string "abc"`. Lives in r->text. */
const char *js_show(struct js_run *r, const struct wn_json *j);
const char *js_show_text(struct js_run *r, const struct wn_json *j); /* JSON text, cut */
/* After the alternatives of anyOf / oneOf failed: keeps the errors of the one that was meant
 * (ends[i]: errors.len behind alternative i), drops the others. */
void js_choose_branch(struct js_run *r, const struct js_frame *f, size_t start, const size_t *ends,
		      size_t n);
unsigned js_type_bit(const char *name);	       /* 0 for an unknown name */
unsigned js_types_of(const struct wn_json *j); /* an integer is also a number */
const char *js_type_name(const struct wn_json *j);

/* One function a keyword; see js_keywords[]. */
#define JS_E(name) bool name(struct js_run *, const struct js_frame *, const struct js_kw *)
JS_E(js_e_ref);
JS_E(js_e_dynamic_ref);
JS_E(js_e_type);
JS_E(js_e_const);
JS_E(js_e_enum);
JS_E(js_e_multiple_of);
JS_E(js_e_maximum);
JS_E(js_e_exclusive_maximum);
JS_E(js_e_minimum);
JS_E(js_e_exclusive_minimum);
JS_E(js_e_max_length);
JS_E(js_e_min_length);
JS_E(js_e_pattern);
JS_E(js_e_format);
JS_E(js_e_max_items);
JS_E(js_e_min_items);
JS_E(js_e_unique);
JS_E(js_e_max_properties);
JS_E(js_e_min_properties);
JS_E(js_e_required);
JS_E(js_e_dependent_required);
JS_E(js_e_prefix_items);
JS_E(js_e_items);
JS_E(js_e_contains);
JS_E(js_e_properties);
JS_E(js_e_pattern_properties);
JS_E(js_e_additional);
JS_E(js_e_property_names);
JS_E(js_e_all_of);
JS_E(js_e_any_of);
JS_E(js_e_one_of);
JS_E(js_e_not);
JS_E(js_e_if);
JS_E(js_e_dependent_schemas);
JS_E(js_e_dependencies);
JS_E(js_e_unevaluated_items);
JS_E(js_e_unevaluated_properties);

#endif
