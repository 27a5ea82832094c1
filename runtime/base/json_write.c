/*
 * JSON text straight into a buffer. Also the one place that prints numbers and
 * quotes strings, for documents (json.c) too. Allocates nothing of its own.
 */
#include "runtime/base/json_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/json_scan.h"
#include "runtime/base/utf8.h"

#define ONES (UINT64_MAX / 255)
#define HIGHS (ONES * 0x80)

/* Non-zero when one of the 8 bytes is a quote, a backslash, a control, DEL or not ASCII. */
static inline uint64_t
special(uint64_t w)
{
	uint64_t quote = w ^ ONES * '"', slash = w ^ ONES * '\\', del = w ^ ONES * 0x7F;

	return ((w - ONES * 0x20) | (quote - ONES) | (slash - ONES) | (del - ONES) | w) & HIGHS;
}

/* Bytes that can be copied as they are: ASCII without what is escaped, and valid UTF-8 but C1. */
static size_t
plain_run(const char *p, size_t n)
{
	size_t i = 0, len;
	uint64_t w;
	uint32_t cp;

	for (;;) {
		while (n - i >= 8 && (memcpy(&w, p + i, 8), special(w) == 0))
			i += 8;
		while (i < n && p[i] >= 0x20 && p[i] < 0x7F && p[i] != '"' && p[i] != '\\')
			i++;
		if (i >= n || (unsigned char)p[i] < 0x80)
			return i;
		do {
			len = wn_utf8_decode(p + i, n - i, &cp);
			if (cp == WN_UTF8_BAD || (cp >= 0x7F && cp <= 0x9F))
				return i;
			i += len;
		} while (i < n && (unsigned char)p[i] >= 0x80);
	}
}

static void
quote_control(struct wn_buf *out, uint32_t cp)
{
	static const char letters[] = "btn\0fr"; /* from 8 on */

	if (cp == '"' || cp == '\\') {
		wn_buf_chr(out, '\\');
		wn_buf_chr(out, (char)cp);
	} else if (cp >= 8 && cp <= 13 && letters[cp - 8]) {
		wn_buf_chr(out, '\\');
		wn_buf_chr(out, letters[cp - 8]);
	} else {
		wn_buf_printf(out, "\\u%04x", (unsigned)cp);
	}
}

/* DEL and C1 are escaped too: a terminal that shows the text must not obey it. */
wn_err
wn_json_quote(struct wn_buf *out, struct wn_str s)
{
	size_t i = 0;

	wn_buf_chr(out, '"');
	while (i < s.len && !out->err) {
		size_t n = plain_run(s.p + i, s.len - i);
		uint32_t cp;

		wn_buf_add(out, s.p + i, n);
		i += n;
		if (i >= s.len)
			break;
		n = wn_utf8_decode(s.p + i, s.len - i, &cp);
		if (cp == WN_UTF8_BAD)
			wn_buf_cstr(out, "\xEF\xBF\xBD");
		else
			quote_control(out, cp);
		i += n;
	}
	return wn_buf_chr(out, '"');
}

static void
print_int(struct wn_buf *out, int64_t v)
{
	char digits[24];
	size_t i = sizeof(digits);
	uint64_t u = v < 0 ? (uint64_t)0 - (uint64_t)v : (uint64_t)v;

	do {
		digits[--i] = (char)('0' + u % 10);
		u /= 10;
	} while (u);
	if (v < 0)
		digits[--i] = '-';
	wn_buf_add(out, digits + i, sizeof(digits) - i);
}

/* snprintf writes the locale's decimal point: whatever is no number character becomes '.'. */
static size_t
plain_point(char *text)
{
	size_t to = 0;
	bool done = false;

	for (size_t i = 0; text[i]; i++) {
		char c = text[i];

		if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == 'e')
			text[to++] = c;
		else if (!done) {
			text[to++] = '.';
			done = true;
		}
	}
	text[to] = '\0';
	return to;
}

static void
print_double(struct wn_buf *out, double v)
{
	char text[48];
	struct wn_js s = { .lossy = true };

	for (int precision = 15; precision <= 17; precision++) {
		struct wn_js_num back;
		size_t n;

		snprintf(text, sizeof(text), "%.*g", precision, v);
		n = plain_point(text);
		s.end = text + n;
		if (wn_js_number(&s, text, &back) && back.value == v)
			break;
	}
	wn_buf_cstr(out, text);
	/* Beyond 2^53 it must not look like an integer, which a strict reader refuses. */
	if (!strpbrk(text, ".e"))
		wn_buf_cstr(out, ".0");
}

void
wn_jw_init(struct wn_jw *w, struct wn_buf *out)
{
	*w = (struct wn_jw){ .out = out };
}

static void
before(struct wn_jw *w)
{
	if (w->comma)
		wn_buf_chr(w->out, ',');
	w->comma = true;
}

static void
open_with(struct wn_jw *w, char c)
{
	before(w);
	wn_buf_chr(w->out, c);
	w->comma = false;
}

static void
close_with(struct wn_jw *w, char c)
{
	wn_buf_chr(w->out, c);
	w->comma = true;
}

void
wn_jw_object(struct wn_jw *w)
{
	open_with(w, '{');
}

void
wn_jw_object_end(struct wn_jw *w)
{
	close_with(w, '}');
}

void
wn_jw_array(struct wn_jw *w)
{
	open_with(w, '[');
}

void
wn_jw_array_end(struct wn_jw *w)
{
	close_with(w, ']');
}

void
wn_jw_keyn(struct wn_jw *w, struct wn_str key)
{
	before(w);
	wn_json_quote(w->out, key);
	wn_buf_chr(w->out, ':');
	w->comma = false;
}

void
wn_jw_key(struct wn_jw *w, const char *key)
{
	wn_jw_keyn(w, wn_str(key));
}

void
wn_jw_str(struct wn_jw *w, struct wn_str s)
{
	before(w);
	wn_json_quote(w->out, s);
}

void
wn_jw_cstr(struct wn_jw *w, const char *s)
{
	if (s)
		wn_jw_str(w, wn_str(s));
	else
		wn_jw_null(w);
}

void
wn_jw_num(struct wn_jw *w, double v)
{
	before(w);
	if (!isfinite(v))
		wn_buf_cstr(w->out, "null");
	else if (fabs(v) <= (double)WN_JS_INT_MAX && v == (double)(int64_t)v)
		print_int(w->out, (int64_t)v);
	else
		print_double(w->out, v);
}

void
wn_jw_int(struct wn_jw *w, int64_t v)
{
	before(w);
	print_int(w->out, v);
}

void
wn_jw_i64s(struct wn_jw *w, int64_t v)
{
	before(w);
	wn_buf_chr(w->out, '"');
	print_int(w->out, v);
	wn_buf_chr(w->out, '"');
}

void
wn_jw_bool(struct wn_jw *w, bool v)
{
	before(w);
	wn_buf_cstr(w->out, v ? "true" : "false");
}

void
wn_jw_null(struct wn_jw *w)
{
	before(w);
	wn_buf_cstr(w->out, "null");
}

void
wn_jw_raw(struct wn_jw *w, struct wn_str json)
{
	before(w);
	wn_buf_str(w->out, json);
}

void
wn_jw_json(struct wn_jw *w, const struct wn_json *j)
{
	before(w);
	wn_json_print(j, w->out);
}

void
wn_jw_kstr(struct wn_jw *w, const char *key, const char *v)
{
	wn_jw_key(w, key);
	wn_jw_cstr(w, v);
}

void
wn_jw_kint(struct wn_jw *w, const char *key, int64_t v)
{
	wn_jw_key(w, key);
	wn_jw_int(w, v);
}

void
wn_jw_ki64s(struct wn_jw *w, const char *key, int64_t v)
{
	wn_jw_key(w, key);
	wn_jw_i64s(w, v);
}

void
wn_jw_kbool(struct wn_jw *w, const char *key, bool v)
{
	wn_jw_key(w, key);
	wn_jw_bool(w, v);
}
