/*
 * The JSON grammar (RFC 8259), strictly: shared by the document parser and the
 * pull reader so that they cannot disagree. Iterative: input never costs stack.
 */
#include "runtime/base/json_scan.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/json_names.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define ONES (UINT64_MAX / 255)
#define HIGHS (ONES * 0x80)

static const char *
fail(struct wn_js *s, const char *at, wn_err code, const char *why)
{
	s->err = code;
	s->bad = at;
	s->why = why;
	return NULL;
}

/* Non-zero when one of the 8 bytes is a quote, a backslash, a control or not ASCII. */
static inline uint64_t
special(uint64_t w)
{
	uint64_t quote = w ^ ONES * '"', slash = w ^ ONES * '\\';

	return ((w - ONES * 0x20) | (quote - ONES) | (slash - ONES) | w) & HIGHS;
}

#ifdef __SSE2__
/* One bit a byte that is special, of the 16 at p. */
static inline __m128i
special16(const char *p)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	const __m128i blank = _mm_set1_epi8(0x20); /* signed: also above all that is not ASCII */
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);

	return _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)),
			    _mm_cmplt_epi8(v, blank));
}

static inline bool
any64(const char *p)
{
	return _mm_movemask_epi8(
		       _mm_or_si128(_mm_or_si128(special16(p), special16(p + 16)),
				    _mm_or_si128(special16(p + 32), special16(p + 48)))) != 0;
}

/* Long text. The first step is the caller's: most strings end in it. */
static const char *
skip_plain64(const char *p, const char *end)
{
	while (end - p >= 64 && !any64(p))
		p += 64;
	return p;
}
#endif

/* Where plain text ends: at the first byte that is special, or less than a step before `end`. */
static inline const char *
plain_run(const char *p, const char *end)
{
#ifdef __SSE2__
	for (bool first = true; end - p >= 16; p += 16) {
		int mask = _mm_movemask_epi8(special16(p));

		if (mask)
			return p + __builtin_ctz((unsigned)mask);
		if (first)
			p = skip_plain64(p + 16, end) - 16;
		first = false;
	}
#endif
	for (uint64_t w; end - p >= 8 && (memcpy(&w, p, 8), special(w) == 0);)
		p += 8;
	return p;
}

static int
hex4(const char *p, const char *end)
{
	int v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = p[i];

		if (c >= '0' && c <= '9')
			v = v * 16 + (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v * 16 + ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return v;
}

/* p is at a backslash; gives the place behind the escape. */
static const char *
scan_escape(struct wn_js *s, const char *p)
{
	int unit, low;

	if (s->end - p < 2)
		return fail(s, p, WN_E_PARSE, "the string does not end");
	if (p[1] != 'u') {
		if (p[1] == '\0' || !strchr("\"\\/bfnrt", p[1]))
			return fail(s, p, WN_E_PARSE, "unknown escape in a string");
		return p + 2;
	}
	unit = hex4(p + 2, s->end);
	if (unit < 0)
		return fail(s, p, WN_E_PARSE, "\\u needs four hexadecimal digits");
	if (unit == 0)
		return fail(s, p, WN_E_PARSE, "\\u0000 is not allowed");
	if (unit < 0xD800 || unit > 0xDFFF)
		return p + 6;
	low = s->end - p >= 12 && p[6] == '\\' && p[7] == 'u' ? hex4(p + 8, s->end) : -1;
	if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
		return fail(s, p, WN_E_PARSE, "half of a surrogate pair");
	return p + 12;
}

/* Two-byte sequences by hand: they are most of Latin, Greek, Cyrillic, Hebrew and Arabic text. */
static inline const char *
scan_utf8(struct wn_js *s, const char *p)
{
	unsigned char c = (unsigned char)*p;
	uint32_t cp;
	size_t n;

	if (c >= 0xC2 && c <= 0xDF && p + 1 < s->end && ((unsigned char)p[1] & 0xC0) == 0x80)
		return p + 2;
	n = wn_utf8_decode(p, (size_t)(s->end - p), &cp);
	return cp == WN_UTF8_BAD ? fail(s, p, WN_E_PARSE, "invalid UTF-8") : p + n;
}

const char *
wn_js_string(struct wn_js *s, const char *p, bool *escaped)
{
	const char *const open = p - 1;

	*escaped = false;
	while (p < s->end) {
		const char *block;

		p = plain_run(p, s->end);
		block = s->end - p > 8 ? p + 8 : s->end;
		/* Eight by hand before trying the fast way again, so that it pays. */
		while (p && p < block) {
			unsigned char c = (unsigned char)*p;

			if (c == '"')
				return p;
			if (c == '\\') {
				*escaped = true;
				p = scan_escape(s, p);
			} else if (c < 0x20) {
				return fail(s, p, WN_E_PARSE, "a control character in a string");
			} else if (c < 0x80) {
				p++;
			} else {
				p = scan_utf8(s, p);
			}
		}
		if (!p)
			return NULL;
	}
	return fail(s, open, WN_E_PARSE, "the string does not end");
}

static inline bool
is_digit(const char *p, const char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

/* Whatever the locale, '.' is the decimal point. "C" is a constant of the C library, so
 * newlocale() costs next to nothing here. The text is checked already. */
static double
slow_double(const char *p, size_t n)
{
	char small[64], *copy = n < sizeof(small) ? small : wn_try_alloc(n + 1);
	locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	double v = NAN;

	if (copy && c_locale) {
		memcpy(copy, p, n);
		copy[n] = '\0';
		v = strtod_l(copy, NULL, c_locale);
	}
	if (c_locale)
		freelocale(c_locale);
	if (copy != small)
		wn_free(copy);
	return v;
}

/*
 * Up to 15 digits and a power of ten up to 22 are exact in a double, so one
 * multiplication or division rounds correctly (Clinger 1990); the rest goes to strtod.
 */
static double
make_double(const char *p, size_t n, uint64_t digits, size_t n_digits, int exponent)
{
	static const double power[] = { 1e0,  1e1,  1e2,  1e3,	1e4,  1e5,  1e6,  1e7,
					1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
					1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	double v = (double)digits;

	if (n_digits > 15 || exponent < -22 || exponent > 22)
		return slow_double(p, n);
	v = exponent < 0 ? v / power[-exponent] : v * power[exponent];
	return *p == '-' ? -v : v;
}

struct number_walk {
	const char *p;
	uint64_t digits; /* of integer and fraction, while they fit */
	size_t n_digits; /* from the first that is not 0 */
	int exponent;
	bool integer;
};

static void
take_digits(struct number_walk *w, const char *end, bool fraction)
{
	for (; is_digit(w->p, end); w->p++) {
		if (w->n_digits || *w->p != '0')
			w->n_digits++;
		if (w->n_digits <= 18)
			w->digits = w->digits * 10 + (uint64_t)(*w->p - '0');
		if (fraction && w->exponent > -100000)
			w->exponent--;
	}
}

static bool
take_exponent(struct number_walk *w, const char *end)
{
	bool negative = false;
	int e = 0;

	w->p++;
	if (w->p < end && (*w->p == '+' || *w->p == '-'))
		negative = *w->p++ == '-';
	if (!is_digit(w->p, end))
		return false;
	for (; is_digit(w->p, end); w->p++)
		if (e < 100000)
			e = e * 10 + (*w->p - '0');
	w->exponent += negative ? -e : e;
	return true;
}

/* The syntax: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)? */
static bool
walk_number(struct wn_js *s, const char *start, struct number_walk *w)
{
	*w = (struct number_walk){ .p = start + (*start == '-'), .integer = true };
	if (!is_digit(w->p, s->end))
		return fail(s, start, WN_E_PARSE, "a number without digits");
	if (*w->p == '0' && is_digit(w->p + 1, s->end))
		return fail(s, start, WN_E_PARSE, "a number with a leading zero");
	take_digits(w, s->end, false);
	if (w->p < s->end && *w->p == '.') {
		w->integer = false;
		w->p++;
		if (!is_digit(w->p, s->end))
			return fail(s, start, WN_E_PARSE, "no digit behind the decimal point");
		take_digits(w, s->end, true);
	}
	if (w->p < s->end && (*w->p == 'e' || *w->p == 'E')) {
		w->integer = false;
		if (!take_exponent(w, s->end))
			return fail(s, start, WN_E_PARSE, "no digit in the exponent");
	}
	return true;
}

const char *
wn_js_number(struct wn_js *s, const char *start, struct wn_js_num *out_nullable)
{
	struct number_walk w;
	struct wn_js_num num = { 0 };
	bool exact;

	if (!walk_number(s, start, &w))
		return NULL;
	exact = w.n_digits < 16 || (w.n_digits == 16 && w.digits <= (uint64_t)WN_JS_INT_MAX);
	num.is_integer = w.integer && exact;
	if (w.integer && !exact && !s->lossy)
		return fail(s, start, WN_E_PARSE,
			    "an integer beyond 2^53 loses digits; write it as a string");
	if (num.is_integer) {
		num.integer = *start == '-' ? -(int64_t)w.digits : (int64_t)w.digits;
		num.value = *start == '-' ? -(double)w.digits : (double)w.digits;
	} else if (out_nullable || (double)w.n_digits + w.exponent > 300) {
		num.value =
			make_double(start, (size_t)(w.p - start), w.digits, w.n_digits, w.exponent);
	}
	if (isnan(num.value))
		return fail(s, start, WN_E_NO_MEMORY, "no memory for a number");
	if (isinf(num.value))
		return fail(s, start, WN_E_PARSE, "a number too large for a double");
	if (w.p - start > 60)
		s->long_numbers++;
	if (out_nullable)
		*out_nullable = num;
	return w.p;
}

static bool
is_object(const struct wn_js *s, unsigned level)
{
	return s->in_object[level / 64] >> (level % 64) & 1;
}

static const char *
scan_open(struct wn_js *s, const char *p)
{
	uint64_t bit = UINT64_C(1) << (s->depth % 64);

	if (s->depth >= s->max_depth)
		return fail(s, p, WN_E_LIMIT, "nested too deeply");
	if (*p == '{') {
		s->in_object[s->depth / 64] |= bit;
		if (s->names)
			wn_js_names_begin(s->names, s->depth);
	} else {
		s->in_object[s->depth / 64] &= ~bit;
	}
	s->depth++;
	return p + 1;
}

/* The closing quote of a string that begins at p, when it is plain and short of the end; else NULL:
 * it must be looked at in full. */
static inline const char *
plain_string(const char *p, const char *end)
{
	p = plain_run(p, end);
	return p < end && *p == '"' ? p : NULL;
}

/* A name is whole, `quote` is its closing quote. */
static bool
note_name(struct wn_js *s, const char *open, const char *quote, bool escaped)
{
	struct wn_str raw = wn_strn(open + 1, (size_t)(quote - open - 1));
	bool twice;

	if (!wn_js_names_add(s->names, s->depth - 1, raw, escaped, &twice))
		return fail(s, open, WN_E_NO_MEMORY, "no memory for member names");
	if (twice)
		return fail(s, open, WN_E_PARSE, "duplicate member name");
	return true;
}

/* p is where a key must be; gives the place behind its colon. */
static const char *
scan_key(struct wn_js *s, const char *p)
{
	const char *open;
	bool escaped = false;

	p = open = wn_js_blanks(p, s->end);
	if (p >= s->end || *p != '"')
		return fail(s, p, WN_E_PARSE, "expected a member name in quotes");
	p = plain_string(open + 1, s->end);
	if (!p)
		p = wn_js_string(s, open + 1, &escaped);
	if (!p || (s->names && !note_name(s, open, p, escaped)))
		return NULL;
	p = wn_js_blanks(p + 1, s->end);
	if (p >= s->end || *p != ':')
		return fail(s, p, WN_E_PARSE, "expected ':' behind the member name");
	return p + 1;
}

static const char *
scan_word(struct wn_js *s, const char *p)
{
	size_t left = (size_t)(s->end - p);

	if (left >= 4 && memcmp(p, "true", 4) == 0)
		return p + 4;
	if (left >= 4 && memcmp(p, "null", 4) == 0)
		return p + 4;
	if (left >= 5 && memcmp(p, "false", 5) == 0)
		return p + 5;
	if (left >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		return fail(s, p, WN_E_PARSE, "a byte order mark is not allowed");
	return fail(s, p, WN_E_PARSE, "expected a value");
}

/* The place behind a number of few digits and without exponent; NULL: it must be looked at in full.
 */
static inline const char *
plain_number(const char *p, const char *end)
{
	const char *whole = p + (*p == '-'), *q = whole, *part;

	while (is_digit(q, end))
		q++;
	if (q == whole || q - whole > 15 || (*whole == '0' && q - whole > 1))
		return NULL;
	if (q < end && *q == '.') {
		part = ++q;
		while (is_digit(q, end))
			q++;
		if (q == part || q - part > 40)
			return NULL;
	}
	return q < end && (*q | 0x20) == 'e' ? NULL : q;
}

/* p is at the first character of a value that is no container. */
static inline const char *
scan_scalar(struct wn_js *s, const char *p)
{
	const char *q;
	bool escaped;

	if (*p == '"') {
		q = plain_string(p + 1, s->end);
		if (!q)
			q = wn_js_string(s, p + 1, &escaped);
		return q ? q + 1 : NULL;
	}
	if (*p == '-' || (*p >= '0' && *p <= '9')) {
		q = plain_number(p, s->end);
		return q ? q : wn_js_number(s, p, NULL);
	}
	return scan_word(s, p);
}

/* Behind a value: leaves containers that close; p ends where the next value or key is due. *object:
 * what it stands in, before and after. */
static inline const char *
scan_after(struct wn_js *s, const char *p, bool *object)
{
	while (s->depth) {
		p = wn_js_blanks(p, s->end);
		if (p >= s->end)
			return fail(s, p, WN_E_PARSE,
				    *object ? "the object does not end" : "the array does not end");
		if (*p == ',')
			return p + 1;
		if (*p != (*object ? '}' : ']'))
			return fail(s, p, WN_E_PARSE,
				    *object ? "expected ',' or '}'" : "expected ',' or ']'");
		s->depth--;
		p++;
		if (*object && s->names) {
			const char *twice = wn_js_names_end(s->names, s->depth);

			if (twice)
				return fail(s, twice, WN_E_PARSE, "duplicate member name");
		}
		*object = s->depth && is_object(s, s->depth - 1);
	}
	return p;
}

/* p is where a value must be: over it when it is none of many; into a container, to its first key,
 * value or end. */
static inline const char *
scan_start(struct wn_js *s, const char *p, bool *object, bool *inside)
{
	p = wn_js_blanks(p, s->end);
	*inside = false;
	if (p >= s->end)
		return fail(s, p, WN_E_PARSE, "the text ends where a value must be");
	s->values++;
	if (s->max_values && s->values > s->max_values)
		return fail(s, p, WN_E_LIMIT, "too many values");
	if (*p != '{' && *p != '[')
		return scan_scalar(s, p);
	*object = *p == '{';
	p = scan_open(s, p);
	if (p)
		p = wn_js_blanks(p, s->end);
	/* An empty container closes at once. */
	*inside = p && (p >= s->end || *p != (*object ? '}' : ']'));
	return p;
}

wn_err
wn_js_value(struct wn_js *s)
{
	const char *p = s->p;
	bool object = false, inside;

	s->depth = 0;
	do {
		p = scan_start(s, p, &object, &inside);
		if (p && !inside)
			p = scan_after(s, p, &object);
		if (p && object && s->depth)
			p = scan_key(s, p);
		if (!p)
			return s->err;
	} while (s->depth);
	s->p = p;
	return WN_OK;
}

size_t
wn_js_unescape(struct wn_str raw, char *to)
{
	const char *p = raw.p, *const end = raw.p + raw.len;
	char *out = to;

	while (p < end) {
		const char *slash = memchr(p, '\\', (size_t)(end - p));
		size_t plain = (size_t)((slash ? slash : end) - p);
		uint32_t cp;

		memcpy(out, p, plain);
		out += plain;
		p += plain;
		if (p >= end)
			break;
		p += 2;
		switch (p[-1]) {
		case 'b':
			*out++ = '\b';
			break;
		case 'f':
			*out++ = '\f';
			break;
		case 'n':
			*out++ = '\n';
			break;
		case 'r':
			*out++ = '\r';
			break;
		case 't':
			*out++ = '\t';
			break;
		case 'u':
			cp = (uint32_t)hex4(p, end);
			p += 4;
			if (cp >= 0xD800 && cp <= 0xDBFF) {
				cp = 0x10000 + ((cp - 0xD800) << 10) +
				     ((uint32_t)hex4(p + 2, end) - 0xDC00);
				p += 6;
			}
			out += wn_utf8_encode(cp, out);
			break;
		default:
			*out++ = p[-1];
			break;
		}
	}
	return (size_t)(out - to);
}

void
wn_js_where(const char *start, const char *at, size_t *line, size_t *column)
{
	*line = *column = 1;
	for (const char *p = start; p < at; p++) {
		if (*p == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)*p & 0xC0) != 0x80) {
			++*column;
		}
	}
}
