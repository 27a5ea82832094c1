/*
 * JSON Schema 2020-12: compile once, validate many. All required vocabularies (core,
 * applicator, unevaluated, validation, meta-data, format-annotation); `format` asserts only when
 * asked. References resolve within the documents given to the set; nothing is ever fetched.
 * Compiled schemas are immutable: any thread may validate.
 */
#ifndef RUNTIME_BASE_JSONSCHEMA_H
#define RUNTIME_BASE_JSONSCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/error.h"
#include "runtime/base/json.h"

struct wn_schema_set; /* documents that may refer to each other */
struct wn_schema;     /* one compiled entry point; lives as long as its set */

struct wn_schema_opts {
	bool assert_format;
	size_t max_errors; /* 0: 16 */
};

struct wn_schema_set *wn_schema_set_new(const struct wn_schema_opts *opts_nullable);
void wn_schema_set_free(struct wn_schema_set *s);
/* Adds a document under a URI ("" or its own $id). doc is copied. The 2020-12 meta-schemas are
 * built in. */
wn_err wn_schema_set_add(struct wn_schema_set *s, const char *uri, const struct wn_json *doc,
			 struct wn_diag *d) WN_MUST;
/* Compiles the schema at a URI reference ("urn:x:y#/$defs/z"). Errors: unresolvable $ref, bad
 * pattern, a keyword with a value of the wrong type (checked against the meta-schema). */
wn_err wn_schema_compile(struct wn_schema_set *s, const char *ref, const struct wn_schema **out,
			 struct wn_diag *d) WN_MUST;

/* One failure. All text lives in the result. */
struct wn_schema_error {
	const char *pointer;  /* where in the instance, RFC 6901 */
	const char *schema;   /* where in the schema: absolute keyword location */
	const char *keyword;  /* "required" */
	const char *expected; /* one sentence: what was expected and what was found */
};

struct wn_schema_result {
	bool valid;
	size_t n;
	struct wn_schema_error *errors;
	void *mem; /* owned */
};

/* Validates; result_nullable collects the errors (deepest, most useful ones first for anyOf/oneOf).
 * Returns WN_E_SCHEMA when the instance is not valid, with the first error in d (where = pointer).
 */
wn_err wn_schema_validate(const struct wn_schema *schema, const struct wn_json *instance,
			  struct wn_schema_result *result_nullable, struct wn_diag *d);
void wn_schema_result_fini(struct wn_schema_result *r);

#endif
