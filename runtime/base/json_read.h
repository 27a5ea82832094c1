/*
 * Pull reader over JSON text, without building a document: for the hot path
 * (envelopes, generated parsers). As strict as json.h about syntax and UTF-8; duplicate keys
 * are the caller's business (generated parsers reject them by their "seen" bits), or are found by
 * wn_jr_skip_strict().
 *
 *	wn_jr_init(&r, text, &diag);
 *	if (wn_jr_object(&r))
 *		while (wn_jr_member(&r, &key)) ... read or wn_jr_skip() the value ...
 *	err = wn_jr_end(&r);
 *
 * After the first error every call does nothing and returns false / an error.
 */
#ifndef RUNTIME_BASE_JSON_READ_H
#define RUNTIME_BASE_JSON_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/base/json.h"
#include "runtime/base/str.h"

#define WN_JR_DEPTH_MAX 128

struct wn_jr {
	const char *start, *at, *end;
	unsigned depth, max_depth;
	bool first;		     /* no separator is due before the next child */
	char stack[WN_JR_DEPTH_MAX]; /* '{' or '[' */
	wn_err err;
	struct wn_diag *diag;	/* nullable */
	struct wn_arena *arena; /* where decoded strings live */
};

/* text is borrowed for the life of the reader; arena is needed only for strings. */
void wn_jr_init(struct wn_jr *r, struct wn_str text, struct wn_arena *arena, struct wn_diag *d);
/* Type of the value that comes next, WN_JSON_NONE on error or at the end. */
enum wn_json_type wn_jr_peek(struct wn_jr *r);
bool
wn_jr_object(struct wn_jr *r); /* enters {; false when the next value is no object (error set) */
bool wn_jr_array(struct wn_jr *r);
/* Next member: key decoded; the caller must then read or skip the value. False at } (left). */
bool wn_jr_member(struct wn_jr *r, struct wn_str *key_out);
bool wn_jr_element(struct wn_jr *r); /* another element follows; false at ] (left) */
/* Values. Strings are borrowed from the text when they hold no escape, else from the arena;
 * not NUL-terminated. A string with \u0000 is an error. */
wn_err wn_jr_string(struct wn_jr *r, struct wn_str *out);
wn_err wn_jr_number(struct wn_jr *r, double *out);
wn_err wn_jr_i64(struct wn_jr *r, int64_t *out); /* integer within +-2^53, no fraction */
wn_err wn_jr_bool(struct wn_jr *r, bool *out);
wn_err wn_jr_null(struct wn_jr *r);
/* Skips (and checks) one whole value; *span_out is its text. span_out nullable. */
wn_err wn_jr_skip(struct wn_jr *r, struct wn_str *span_out);
/* The same, and no object in it may have a member twice: as strict as a whole document is read. */
wn_err wn_jr_skip_strict(struct wn_jr *r, struct wn_str *span_out);
/* Nothing but blanks may follow; returns the first error of all. */
wn_err wn_jr_end(struct wn_jr *r);
/* Records an error at the present place ("expected an object, found a string"). */
wn_err wn_jr_fail(struct wn_jr *r, wn_err code, const char *fmt, ...) WN_PRINTF(3, 4);

#endif
