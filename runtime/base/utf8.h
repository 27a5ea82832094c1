/*
 * UTF-8: strict decoding, clusters, width, folding (utf8proc, Unicode 15).
 * Invalid bytes are never dropped: they decode to WN_UTF8_BAD, one byte each.
 */
#ifndef RUNTIME_BASE_UTF8_H
#define RUNTIME_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/buf.h"
#include "runtime/base/str.h"

#define WN_UTF8_BAD 0xFFFFFFFFu /* not a code point: the byte at p is invalid */

/* One code point at p (n >= 1 bytes): its bytes (1..4) are returned, *cp_out set. An
 * invalid or cut sequence gives 1 and WN_UTF8_BAD. Surrogates and overlongs are invalid. */
size_t wn_utf8_decode(const char *p, size_t n, uint32_t *cp_out);
/* Bytes written (1..4); an invalid code point writes U+FFFD. */
size_t wn_utf8_encode(uint32_t cp, char out[4]);
/* Index of the first invalid byte, or n when all is valid. */
size_t wn_utf8_check(const char *p, size_t n);
static inline bool
wn_utf8_valid(struct wn_str s)
{
	return wn_utf8_check(s.p, s.len) == s.len;
}
/* Code points; an invalid byte counts one. */
size_t wn_utf8_count(struct wn_str s);
/* UTF-16 units; an invalid byte counts one. */
size_t wn_utf8_units16(struct wn_str s);

/* Bytes of the extended grapheme cluster at p (>= 1 when n >= 1) and its columns: 0, 1 or
 * 2. Rule: width of the widest member; emoji ZWJ sequences, flags, keycaps and VS16 are 2; an
 * invalid byte, a C0/C1 control: 1 byte, width 1 (the caller shows a picture of it). */
size_t wn_utf8_cluster(const char *p, size_t n, int *width_out);
/* Columns of a text on one line; tabs count 1. */
int wn_utf8_width(struct wn_str s);
/* Columns of one code point: 0, 1, 2; controls and invalid give 1. */
int wn_utf8_cp_width(uint32_t cp);
/* Length in bytes of the longest prefix of whole clusters that fits in cols. */
size_t wn_utf8_fit(struct wn_str s, int cols, int *cols_out_nullable);
/* Appends the text case-folded, without marks, Arabic letter forms unified (alef, teh marbuta,
 * yeh, tatweel removed): for fuzzy matching. Invalid bytes are copied. */
wn_err wn_utf8_fold(struct wn_str s, struct wn_buf *out);
/* True when cp has strong right-to-left direction. */
bool wn_utf8_is_rtl(uint32_t cp);
bool wn_utf8_is_word(uint32_t cp); /* letter, mark, number, connector punctuation */
bool wn_utf8_is_space(uint32_t cp);
/* The other case, of letters whose other case is one code point; else cp. */
uint32_t wn_utf8_upper(uint32_t cp);
uint32_t wn_utf8_lower(uint32_t cp);

#endif
