/*
 * The grammar of JSON in one place: what json.h and json_read.h both accept.
 * Private to the base, but for ai/blueprint/source, which must know where values stand.
 * Looks at text, allocates nothing.
 */
#ifndef RUNTIME_BASE_JSON_SCAN_H
#define RUNTIME_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/error.h"
#include "runtime/base/str.h"

#define WN_JS_DEPTH_MAX 960			/* cJSON itself stops at 1000 */
#define WN_JS_INT_MAX INT64_C(9007199254740992) /* 2^53 */

/* A walk over one value; set p, end and the limits, the rest zero. */
struct wn_js {
	const char *p, *end;
	unsigned max_depth;	   /* at most WN_JS_DEPTH_MAX */
	size_t max_values;	   /* 0: any */
	bool lossy;		   /* integers beyond 2^53 are accepted */
	struct wn_js_names *names; /* nullable: duplicate member names are not looked for */
	/* found on the way */
	unsigned depth;
	size_t values, long_numbers; /* long: more than 60 characters */
	wn_err err;
	const char *bad;			  /* place of the error */
	const char *why;			  /* constant text */
	uint64_t in_object[WN_JS_DEPTH_MAX / 64]; /* one bit a level */
};

struct wn_js_num {
	double value;
	int64_t integer; /* when is_integer */
	bool is_integer; /* no fraction, no exponent, within +-2^53 */
};

/* Walks over one whole value at p (blanks before it included), p ends behind it. */
wn_err wn_js_value(struct wn_js *s);
/* p is behind an opening quote; gives the place of the closing one, or NULL with err set.
 * *escaped tells whether there is any backslash. */
const char *wn_js_string(struct wn_js *s, const char *p, bool *escaped);
/* p is at '-' or a digit; gives the place behind the number, or NULL with err set. */
const char *wn_js_number(struct wn_js *s, const char *p, struct wn_js_num *out_nullable);
/* Decodes the checked text between two quotes; to has room for raw.len bytes. Returns the length.
 */
size_t wn_js_unescape(struct wn_str raw, char *to);
/* Line and column (in characters, from 1) of a place in a text. */
void wn_js_where(const char *start, const char *at, size_t *line, size_t *column);

static inline const char *
wn_js_blanks(const char *p, const char *end)
{
	if (p < end && (unsigned char)*p > ' ')
		return p; /* nearly always */
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

#endif
