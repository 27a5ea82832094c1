/*
 * Regular expressions as ECMA-262 writes them (the flavour of JSON Schema), run by PCRE2.
 * A compiled expression is immutable: any thread may match with it.
 */
#ifndef RUNTIME_BASE_REGEX_H
#define RUNTIME_BASE_REGEX_H

#include <stdbool.h>

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/base/str.h"

struct wn_regex;

/* Owned expression in *out. What ECMA-262 does not know is an error WN_E_PARSE with its place; a
 * lookbehind of variable width is good ECMA-262 but cannot be run: WN_E_UNSUPPORTED. */
wn_err wn_regex_new(struct wn_str pattern, struct wn_regex **out, struct wn_diag *d) WN_MUST;
void wn_regex_free(struct wn_regex *re); /* re nullable */
/* Whether it matches anywhere in s: 1, 0, or WN_E_LIMIT when it took too many steps,
 * WN_E_INVALID when s is no valid UTF-8. Time is bounded. */
int wn_regex_match(const struct wn_regex *re, struct wn_str s);
/* Appends the same expression in PCRE2's syntax; for tests and for generators of other dialects. */
wn_err wn_regex_translate(struct wn_str pattern, struct wn_buf *out, struct wn_diag *d) WN_MUST;

#endif
