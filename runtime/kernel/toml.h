/*
 * Reads a subset of TOML 1.0: comments; [tables] and [dotted.tables]; bare, quoted and dotted keys;
 * basic and literal strings on one line; decimal integers (with _), floats; booleans; arrays of
 * these, over several lines, with a trailing comma. Not: dates, inline tables, arrays of tables,
 * multi-line strings, other bases. Each of those is an error with its line. Owns nothing; knows no
 * settings.
 */
#ifndef RUNTIME_KERNEL_TOML_H
#define RUNTIME_KERNEL_TOML_H

#include "runtime/base/error.h"
#include "runtime/base/str.h"

/* One value: name is dotted ("engine.log.level"), json its value as JSON text. Both borrowed. */
typedef wn_err (*wn_toml_fn)(void *arg, struct wn_str name, struct wn_str json, int line,
			     struct wn_diag *d);

/* Calls fn for each value in order; a name given twice is an error. Errors say "line N". */
wn_err wn_toml_read(struct wn_str text, wn_toml_fn fn, void *arg, struct wn_diag *d) WN_MUST;

#endif
