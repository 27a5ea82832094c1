/*
 * JSON documents: the one strict wrapper over cJSON. Nothing else includes cJSON.
 *
 * Parsing refuses what cJSON lets through: invalid UTF-8, NUL (\u0000), lone
 * surrogates, duplicate keys, leading zeros, trailing text, too deep or too
 * large input, and integers that a double cannot hold exactly. Keys are
 * compared with their case. Contracts carry 64-bit integers as strings.
 */
#ifndef RUNTIME_BASE_JSON_H
#define RUNTIME_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/base/str.h"

struct wn_json; /* one value and what is under it */

enum wn_json_type {
	WN_JSON_NONE, /* no value (absent) */
	WN_JSON_NULL,
	WN_JSON_BOOL,
	WN_JSON_NUMBER,
	WN_JSON_STRING,
	WN_JSON_ARRAY,
	WN_JSON_OBJECT
};

struct wn_json_limits {
	size_t bytes;	    /* of input; 0: 16 MiB */
	unsigned depth;	    /* 0: 200 */
	size_t values;	    /* nodes in all; 0: 1,000,000 */
	bool lossy_numbers; /* accept integers beyond 2^53 (rounded), as plain JSON Schema asks */
};

/* Owned document in *out. Errors WN_E_PARSE, WN_E_LIMIT say line:column. limits, d nullable. */
wn_err wn_json_parse(struct wn_str text, const struct wn_json_limits *limits, struct wn_json **out,
		     struct wn_diag *d) WN_MUST;
/* Frees a whole document (never a part of one). j nullable. */
void wn_json_free(struct wn_json *j);
struct wn_json *wn_json_copy(const struct wn_json *j);

/* --- reading. Every j is nullable and then behaves as "absent". --- */
enum wn_json_type wn_json_type(const struct wn_json *j);
/* Member of an object, exact case; NULL when absent or j is no object. */
const struct wn_json *wn_json_get(const struct wn_json *j, const char *key);
const struct wn_json *wn_json_getn(const struct wn_json *j, struct wn_str key);
/* Value at an RFC 6901 pointer ("" is j itself), or NULL. */
const struct wn_json *wn_json_at(const struct wn_json *j, const char *pointer);
size_t wn_json_len(const struct wn_json *j); /* elements or members; 0 otherwise; O(n) */
/* Children in order: for (c = wn_json_first(j); c; c = wn_json_next(c)). */
const struct wn_json *wn_json_first(const struct wn_json *j);
const struct wn_json *wn_json_next(const struct wn_json *child);
const char *wn_json_key(const struct wn_json *member); /* of an object's member, else NULL */
/* Text of a string, else the fallback. */
const char *wn_json_str(const struct wn_json *j, const char *fallback);
double wn_json_num(const struct wn_json *j, double fallback);
bool wn_json_bool(const struct wn_json *j, bool fallback);
/* A whole number, or a string of one (64-bit); false when it is neither or out of range. */
bool wn_json_i64(const struct wn_json *j, int64_t *out);
/* Shorthand: string / number / bool member or fallback. */
const char *wn_json_get_str(const struct wn_json *j, const char *key, const char *fallback);
double wn_json_get_num(const struct wn_json *j, const char *key, double fallback);
bool wn_json_get_bool(const struct wn_json *j, const char *key, bool fallback);
/* JSON equality: order of members does not matter, 1 equals 1.0. */
bool wn_json_equal(const struct wn_json *a, const struct wn_json *b);

/* --- building. Functions that take a value own it from then on, also on failure. --- */
struct wn_json *wn_json_new_null(void);
struct wn_json *wn_json_new_bool(bool v);
struct wn_json *wn_json_new_num(double v);
struct wn_json *wn_json_new_str(struct wn_str s); /* invalid UTF-8 becomes U+FFFD, NUL ends it */
struct wn_json *wn_json_new_array(void);
struct wn_json *wn_json_new_object(void);
/* Appends to an array; takes v; returns v. */
struct wn_json *wn_json_push(struct wn_json *array, struct wn_json *v);
/* Sets (replaces) a member; takes v; returns v. */
struct wn_json *wn_json_set(struct wn_json *object, const char *key, struct wn_json *v);
void wn_json_set_str(struct wn_json *object, const char *key, const char *v); /* v nullable: null */
void wn_json_set_num(struct wn_json *object, const char *key, double v);
void wn_json_set_bool(struct wn_json *object, const char *key, bool v);
void wn_json_set_i64s(struct wn_json *object, const char *key, int64_t v); /* as a string */
void wn_json_remove(struct wn_json *object, const char *key);
/* The mutable value behind a const one of a document the caller owns. */
struct wn_json *wn_json_mut(const struct wn_json *j);

/* --- printing. Integers up to 2^53 print exactly; output is valid UTF-8 on one line. --- */
wn_err wn_json_print(const struct wn_json *j, struct wn_buf *out);
/* Two-space indent, a newline at the end; stable bytes. */
wn_err wn_json_print_pretty(const struct wn_json *j, struct wn_buf *out);
/* Members sorted by key, no blanks: for hashing and comparison. */
wn_err wn_json_print_canonical(const struct wn_json *j, struct wn_buf *out);

/* Appends "/" + key with ~ and / escaped (RFC 6901). */
wn_err wn_json_pointer_add(struct wn_buf *pointer, struct wn_str key);

#endif
