/*
 * Shapes: what a contract says about one C value (layout and constraints), as data.
 *
 * The contract compiler writes one const table for each object of a contract; the three
 * functions here read, check and print any of them. Owns no memory; may not know any contract.
 * Strings count characters (code points), arrays elements. Any thread.
 */
#ifndef RUNTIME_BASE_SHAPE_H
#define RUNTIME_BASE_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/base/str.h"

/* The C value behind each kind is named on the right. */
enum wn_shape_kind {
	WN_SHAPE_STRING,  /* struct wn_str, absent: p NULL */
	WN_SHAPE_INTEGER, /* int64_t, within +-2^53 */
	WN_SHAPE_NUMBER,  /* double */
	WN_SHAPE_BOOLEAN, /* bool */
	WN_SHAPE_ENUM,	  /* an enum of unsigned size; 0: absent, 1: values[0] */
	WN_SHAPE_INT64,	  /* int64_t, a decimal string on the wire */
	WN_SHAPE_TIME,	  /* int64_t milliseconds since 1970 UTC, RFC 3339 on the wire */
	WN_SHAPE_RAW,	  /* struct wn_str of any JSON text */
	WN_SHAPE_MAP, /* struct wn_str of the JSON text of an object; each member follows `item` */
	WN_SHAPE_OBJECT, /* the struct; behind a pointer when the field says so */
	WN_SHAPE_ARRAY	 /* T * and size_t; absent: NULL and 0 */
};

struct wn_shape_field;

struct wn_shape {
	enum wn_shape_kind kind;
	bool has_lo, has_hi, has_max, is_ulid, is_uuid;
	size_t size;	 /* bytes of the C value as an array element or struct */
	size_t min, max; /* characters or elements; max only with has_max */
	double lo, hi;	 /* numbers; a boolean constant is lo == hi */
	/* A checker generated from `pattern`; both or neither. */
	bool (*matches)(struct wn_str s);
	const char *pattern;
	const char *const *values;	     /* of an enum */
	const struct wn_shape_field *fields; /* of an object */
	size_t n;			     /* values or fields (at most WN_SHAPE_FIELDS_MAX) */
	const struct wn_shape *item;	     /* of an array or map; nullable for a map */
};

#define WN_SHAPE_FIELDS_MAX 256

struct wn_shape_field {
	const char *name; /* on the wire */
	size_t at;	  /* offset of the value */
	size_t aux;	  /* offset of has_<name> or <name>_len, when the next flags say so */
	bool required, has_flag, by_pointer;
	const struct wn_shape *shape;
	const char *fallback; /* JSON of the default; nullable */
};

/* What the generator uses for an array inside an array. */
struct wn_shape_list {
	void *items;
	size_t items_len;
};

/*
 * JSON text to struct. Duplicate and unknown members, missing ones and every broken constraint are
 * WN_E_SCHEMA with the JSON Pointer in d->where; bad syntax is WN_E_PARSE. Text is borrowed from
 * json where it holds no escape, everything else lives in the arena. Empty json reads as {}.
 */
wn_err wn_shape_parse(const struct wn_shape *shape, struct wn_str json, struct wn_arena *arena,
		      void *out, struct wn_diag *d) WN_MUST;
/* The same for what a newer peer may have said: members the contract does not know are skipped. */
wn_err wn_shape_parse_tolerant(const struct wn_shape *shape, struct wn_str json,
			       struct wn_arena *arena, void *out, struct wn_diag *d) WN_MUST;
/* Checks a struct that was filled by hand, as wn_shape_parse() would its text. */
wn_err wn_shape_validate(const struct wn_shape *shape, const void *value,
			 struct wn_diag *d) WN_MUST;
/* Appends the JSON text of a valid struct; absent members are left out. */
wn_err wn_shape_print(const struct wn_shape *shape, const void *value, struct wn_buf *out) WN_MUST;

/* The same failure under the code that says whose fault it is: WN_E_SCHEMA becomes `as`
 * (WN_E_INVALID for what a caller sent, WN_E_CONTRACT for what we made). d nullable. */
wn_err wn_shape_blame(struct wn_diag *d, wn_err err, wn_err as);

/* The wire name of an enum value, or NULL when it is 0 or unknown. */
const char *wn_shape_enum_name(const char *const *values, size_t n, unsigned value);
/* The enum value of a wire name, or 0. */
unsigned wn_shape_enum_value(const char *const *values, size_t n, struct wn_str name);

#endif
