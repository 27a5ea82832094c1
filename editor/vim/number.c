/*
 * Ctrl-A and Ctrl-X: numbers under and behind the cursor, decimal, 0x, 0b, and octal when asked
 * for.
 */
#include "editor/vim/normal.h"

#include <stdio.h>

struct number {
	size_t from, to; /* bytes, with sign and prefix */
	bool negative;
	int base;
	size_t digits; /* bytes of digits */
	uint64_t n;
	bool upper; /* hex digits are capitals */
	char prefix;
};

static bool
is_hex(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
is_bin(int c)
{
	return c == '0' || c == '1';
}

/* A run of digits of a kind around or before pos that a prefix may stand before. */
static size_t
run_start(struct ed_vim *v, size_t begin, size_t pos, bool (*in)(int))
{
	while (pos > begin && in(vi_byte(v, pos - 1)))
		pos--;
	return pos;
}

/* "0x1f" or "0b10" with pos somewhere in it (or on its letter). */
static bool
prefixed(struct ed_vim *v, size_t begin, size_t pos, char letter, bool (*in)(int), struct number *n)
{
	size_t d = run_start(v, begin, pos, in);
	int c = vi_byte(v, pos);

	if ((c | 32) == letter && pos > begin && vi_byte(v, pos - 1) == '0' &&
	    in(vi_byte(v, pos + 1)))
		d = pos + 1; /* on the letter */
	else if (c == '0' && (vi_byte(v, pos + 1) | 32) == letter && in(vi_byte(v, pos + 2)))
		d = pos + 2; /* on the zero before it */
	else if (!in(c))
		return false;
	if (d < begin + 2 || (vi_byte(v, d - 1) | 32) != letter || vi_byte(v, d - 2) != '0' ||
	    !in(vi_byte(v, d)))
		return false;
	n->from = d - 2;
	n->base = letter == 'x' ? 16 : 2;
	n->prefix = (char)vi_byte(v, d - 1);
	for (n->to = d; in(vi_byte(v, n->to)); n->to++) {
		int ch = vi_byte(v, n->to);
		if (ch >= 'A')
			n->upper = ch < 'a';
		n->n = n->n * (uint64_t)n->base +
		       (uint64_t)(ch <= '9' ? ch - '0' : (ch | 32) - 'a' + 10);
	}
	n->digits = n->to - d;
	return true;
}

static bool
decimal(struct ed_vim *v, size_t begin, size_t pos, size_t limit, bool signs, struct number *n)
{
	size_t d = run_start(v, begin, pos, is_digit);
	bool octal;

	n->from = d;
	if (signs && d > begin && vi_byte(v, d - 1) == '-') {
		n->negative = true;
		n->from--;
	}
	for (n->to = d; n->to < limit && is_digit(vi_byte(v, n->to)); n->to++)
		;
	n->digits = n->to - d;
	octal = v->opt.octal && vi_byte(v, d) == '0' && n->digits > 1;
	for (size_t i = d; i < n->to && octal; i++)
		octal = vi_byte(v, i) < '8';
	n->base = octal ? 8 : 10;
	for (size_t i = d; i < n->to; i++) {
		uint64_t digit = (uint64_t)(vi_byte(v, i) - '0'), was = n->n;
		n->n = n->n * (uint64_t)n->base + digit;
		if (n->n / (uint64_t)n->base != was)
			n->n = UINT64_MAX;
	}
	if (octal && n->negative) { /* "-07": the sign is none */
		n->negative = false;
		n->from++;
	}
	return n->digits > 0;
}

/* Finds the number at or behind pos, before end. whole: what is before pos belongs to it. */
static bool
find(struct ed_vim *v, size_t begin, size_t pos, size_t end, struct number *n)
{
	*n = (struct number){ 0 };
	if (prefixed(v, begin, pos, 'x', is_hex, n))
		return true;
	*n = (struct number){ 0 };
	if (prefixed(v, begin, pos, 'b', is_bin, n))
		return true;
	*n = (struct number){ 0 };
	while (pos < end && !is_digit(vi_byte(v, pos)) &&
	       !(v->opt.alpha && vi_class_of(vi_cp(v, pos, NULL)) > 1 && vi_byte(v, pos) < 0x80))
		pos++;
	if (pos >= end || !is_digit(vi_byte(v, pos)))
		return false;
	if (prefixed(v, begin, pos, 'x', is_hex, n))
		return true;
	*n = (struct number){ 0 };
	if (prefixed(v, begin, pos, 'b', is_bin, n))
		return true;
	*n = (struct number){ 0 };
	return decimal(v, begin, pos, end, true, n);
}

static void
print_bin(uint64_t n, size_t width, char *out, size_t size)
{
	size_t bits = 1;

	while (bits < 64 && n >> bits)
		bits++;
	bits = bits < width ? width : bits;
	bits = bits < size - 1 ? bits : size - 1;
	for (size_t i = 0; i < bits; i++) {
		size_t shift = bits - 1 - i;
		out[i] = shift < 64 && (n >> shift & 1) ? '1' : '0';
	}
	out[bits] = 0;
}

static int64_t
signed_of(const struct number *n)
{
	return n->negative ? -(int64_t)n->n : (int64_t)n->n;
}

/* Writes n + by in its place; *end is its last byte then. */
static bool
put(struct ed_vim *v, struct number *n, int64_t by, size_t *end)
{
	char digits[160], out[200];
	uint64_t to = n->n;
	bool negative = n->negative;
	int width = 0;

	if (n->base == 10) {
		int64_t sum = (int64_t)((uint64_t)signed_of(n) + (uint64_t)by);
		negative = sum < 0;
		to = negative ? (uint64_t)-sum : (uint64_t)sum;
		if (vi_byte(v, n->to - n->digits) == '0' && n->digits > 1)
			width = (int)n->digits;
	} else {
		to += (uint64_t)by;
		negative = false;
		width = (int)n->digits;
	}
	width = width < 64 ? width : 64;
	if (n->base == 16)
		snprintf(digits, sizeof digits, n->upper ? "%0*llX" : "%0*llx", width,
			 (unsigned long long)to);
	else if (n->base == 2)
		print_bin(to, (size_t)width, digits, sizeof digits);
	else
		snprintf(digits, sizeof digits, n->base == 8 ? "%0*llo" : "%0*llu", width,
			 (unsigned long long)to);
	snprintf(out, sizeof out, "%s%s%c%s", negative ? "-" : "", n->prefix ? "0" : "",
		 n->prefix ? n->prefix : ' ', digits);
	if (!n->prefix)
		snprintf(out, sizeof out, "%s%s", negative ? "-" : "", digits);
	*end = n->from + strlen(out) - 1;
	return vi_edit(v, n->from, n->to - n->from, wn_str(out));
}

bool
vi_add_here(struct ed_vim *v, int64_t by)
{
	struct number n;
	size_t begin = vi_begin(v, v->cur), end;

	if (!find(v, begin, v->cur, vi_end(v, begin), &n))
		return false;
	if (!put(v, &n, by, &end))
		return false;
	v->cur = end;
	vi_mark_change(v, n.from, end);
	return true;
}

/* The first number of a piece of line; nothing before the piece counts. */
static bool
add_in(struct ed_vim *v, size_t from, size_t to, int64_t by)
{
	struct number n;
	size_t end;

	if (!find(v, from, from, to, &n))
		return false;
	/* A sign before the piece is not in it. */
	return put(v, &n, by, &end);
}

void
vi_op_add(struct ed_vim *v, const struct vi_region *r, int64_t by, int64_t step)
{
	size_t line = vi_begin(v, r->from), row = vi_row(v, line), rows = r->lines;

	for (size_t i = 0; i < rows && !v->failed; i++) {
		size_t a, b;
		line = vi_row_begin(v, row + i);
		a = line;
		b = vi_end(v, line);
		if (r->type == VI_BLOCK) {
			struct vi_slice s = vi_slice(v, r, line);
			a = s.a;
			b = s.none ? s.a : s.b;
		} else if (r->type == 'v') {
			a = i == 0 ? r->from : a;
			b = i + 1 == rows && vi_col(v, r->to, NULL) < vi_col(v, b, NULL)
				    ? line + (r->to - vi_begin(v, r->to))
				    : b;
			b = i + 1 == rows && r->to < vi_end(v, line) && r->to >= line ? r->to : b;
		}
		if (a < b && add_in(v, a, b, by))
			by += step;
	}
	v->cur = vi_on_char(v, v->cur);
}
