/*
 * Implements the TOML subset: one pass, no tree; values become JSON text on the way.
 */
#include "runtime/kernel/toml.h"

#include <stdbool.h>

#include "runtime/base/buf.h"
#include "runtime/base/json_write.h"
#include "runtime/base/map.h"
#include "runtime/base/utf8.h"

enum { TEXT_MAX = 1 << 20, NAME_MAX_BYTES = 400, VALUE_MAX = 64 << 10, DEPTH_MAX = 8 };

struct reader {
	const char *p, *end;
	int line;
	struct wn_buf table; /* name of the present table, "" at the top */
	struct wn_buf value;
	struct wn_map seen;
	struct wn_diag *d;
};

static wn_err
bad(struct reader *r, const char *what)
{
	return wn_fail(r->d, WN_E_PARSE, "line %d: %s", r->line, what);
}

static char
look(const struct reader *r)
{
	return r->p < r->end ? *r->p : '\0';
}

static void
blanks(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t'))
		r->p++;
}

static void
comment(struct reader *r)
{
	if (look(r) != '#')
		return;
	while (r->p < r->end && *r->p != '\n')
		r->p++;
}

/* After a table or a value: nothing but a comment may be left on the line. */
static wn_err
line_end(struct reader *r)
{
	blanks(r);
	comment(r);
	if (look(r) == '\r')
		r->p++;
	if (r->p < r->end && *r->p != '\n')
		return bad(r, "something stands behind the value");
	return WN_OK;
}

static bool
is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static wn_err
unicode(struct reader *r, int digits, struct wn_buf *out)
{
	uint32_t cp = 0;
	char bytes[4];

	for (int i = 0; i < digits; i++) {
		int v = hex_value(look(r));

		if (v < 0)
			return bad(r, "\\u needs 4 and \\U 8 hex digits");
		cp = cp << 4 | (uint32_t)v;
		r->p++;
	}
	if (cp == 0 || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		return bad(r, "\\u names no character");
	return wn_buf_add(out, bytes, wn_utf8_encode(cp, bytes));
}

static wn_err
escape(struct reader *r, struct wn_buf *out)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	char c = look(r);
	const char *at;

	if (c == '\0')
		return bad(r, "the string does not end");
	r->p++;
	if (c == 'u' || c == 'U')
		return unicode(r, c == 'u' ? 4 : 8, out);
	at = strchr(from, c);
	if (at == NULL)
		return bad(r, "unknown escape in a string");
	return wn_buf_chr(out, to[at - from]);
}

/* A "basic" or 'literal' string; its content is appended to out. */
static wn_err
string(struct reader *r, struct wn_buf *out)
{
	char quote = *r->p++;
	wn_err err = WN_OK;

	if (r->end - r->p >= 2 && r->p[0] == quote && r->p[1] == quote)
		return bad(r, "multi-line strings are not supported");
	while (err == WN_OK) {
		char c = look(r);

		if (c == '\0' || c == '\n')
			return bad(r, "the string does not end on its line");
		r->p++;
		if (c == quote)
			return WN_OK;
		if ((unsigned char)c < 0x20 && c != '\t')
			return bad(r, "a control character in a string");
		err = c == '\\' && quote == '"' ? escape(r, out) : wn_buf_chr(out, c);
	}
	return wn_fail(r->d, err, "line %d: the string is too long", r->line);
}

/* A dotted key, appended to out with dots between its parts. */
static wn_err
key(struct reader *r, struct wn_buf *out)
{
	for (;;) {
		size_t before = out->len;
		wn_err err = WN_OK;

		blanks(r);
		if (look(r) == '"' || look(r) == '\'')
			err = string(r, out);
		else
			while (is_bare(look(r)))
				(void)wn_buf_chr(out, *r->p++);
		if (err != WN_OK)
			return err;
		if (out->err != WN_OK)
			return bad(r, "the name is too long");
		if (out->len == before)
			return bad(r, "a name was expected here");
		blanks(r);
		if (look(r) != '.')
			return WN_OK;
		r->p++;
		(void)wn_buf_chr(out, '.');
	}
}

static wn_err value(struct reader *r, int depth);

/* Blanks, line ends and comments between the elements of an array. */
static void
array_space(struct reader *r)
{
	for (;;) {
		blanks(r);
		comment(r);
		if (look(r) == '\n')
			r->line++;
		else if (look(r) != '\r')
			return;
		r->p++;
	}
}

static wn_err
array(struct reader *r, int depth)
{
	bool first = true;

	if (depth >= DEPTH_MAX)
		return bad(r, "arrays are nested too deeply");
	r->p++;
	(void)wn_buf_chr(&r->value, '[');
	for (;;) {
		wn_err err;

		array_space(r);
		if (look(r) == ']')
			break;
		if (!first)
			(void)wn_buf_chr(&r->value, ',');
		first = false;
		err = value(r, depth + 1);
		if (err != WN_OK)
			return err;
		array_space(r);
		if (look(r) == ',')
			r->p++;
		else if (look(r) != ']')
			return bad(r, "an array needs , or ] here");
	}
	r->p++;
	(void)wn_buf_chr(&r->value, ']');
	return WN_OK;
}

static wn_err
quoted(struct reader *r)
{
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, VALUE_MAX);
	err = string(r, &text);
	if (err == WN_OK && !wn_utf8_valid(wn_buf_view(&text)))
		err = bad(r, "the string is not valid UTF-8");
	if (err == WN_OK)
		(void)wn_json_quote(&r->value, text.p != NULL ? wn_buf_view(&text) : WN_STR(""));
	wn_buf_fini(&text);
	return err;
}

/* Digits with single _ between them; false when there is none. */
static bool
digits(struct reader *r)
{
	const char *start = r->p;

	while (r->p < r->end) {
		char c = *r->p;

		if (c == '_' && r->p > start && r->p[-1] != '_' && r->p + 1 < r->end &&
		    r->p[1] >= '0' && r->p[1] <= '9') {
			r->p++;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		(void)wn_buf_chr(&r->value, c);
		r->p++;
	}
	return r->p > start;
}

static wn_err
number(struct reader *r)
{
	if (look(r) == '-')
		(void)wn_buf_chr(&r->value, *r->p++);
	else if (look(r) == '+')
		r->p++;
	if (look(r) == '0' && r->p + 1 < r->end && r->p[1] >= '0' && r->p[1] <= '9')
		return bad(r, "a number may not start with 0");
	if (!digits(r))
		return bad(r, "a value was expected: \"text\", a number, true, false or [...]");
	if (look(r) == '.') {
		(void)wn_buf_chr(&r->value, *r->p++);
		if (!digits(r))
			return bad(r, "digits are missing behind the point");
	}
	if (look(r) == 'e' || look(r) == 'E') {
		(void)wn_buf_chr(&r->value, *r->p++);
		if (look(r) == '-' || look(r) == '+')
			(void)wn_buf_chr(&r->value, *r->p++);
		if (!digits(r))
			return bad(r, "the exponent has no digits");
	}
	if (is_bare(look(r)) || look(r) == ':')
		return bad(r, "dates and other number forms are not supported");
	return WN_OK;
}

static bool
word(struct reader *r, const char *w)
{
	size_t n = strlen(w);

	if ((size_t)(r->end - r->p) < n || memcmp(r->p, w, n) != 0)
		return false;
	if (r->p + n < r->end && is_bare(r->p[n]))
		return false;
	r->p += n;
	(void)wn_buf_cstr(&r->value, w);
	return true;
}

static wn_err
value(struct reader *r, int depth)
{
	wn_err err = WN_OK;

	switch (look(r)) {
	case '"':
	case '\'':
		err = quoted(r);
		break;
	case '[':
		err = array(r, depth);
		break;
	case '{':
		err = bad(r, "inline tables are not supported; write a [table]");
		break;
	default:
		if (!word(r, "true") && !word(r, "false"))
			err = number(r);
	}
	if (err == WN_OK && r->value.err != WN_OK)
		err = bad(r, "the value is too long");
	return err;
}

static wn_err
read_table(struct reader *r)
{
	wn_err err;

	r->p++;
	if (look(r) == '[')
		return bad(r, "arrays of tables are not supported");
	wn_buf_clear(&r->table);
	err = key(r, &r->table);
	if (err != WN_OK)
		return err;
	if (look(r) != ']')
		return bad(r, "the table's name must end with ]");
	r->p++;
	return line_end(r);
}

static wn_err
read_pair(struct reader *r, wn_toml_fn fn, void *arg)
{
	struct wn_buf name;
	int line = r->line;
	wn_err err;

	wn_buf_init(&name, NAME_MAX_BYTES);
	if (r->table.len > 0)
		(void)wn_buf_printf(&name, "%s.", r->table.p);
	err = key(r, &name);
	if (err == WN_OK && look(r) != '=')
		err = bad(r, "= was expected behind the name");
	if (err == WN_OK) {
		r->p++;
		blanks(r);
		wn_buf_clear(&r->value);
		err = value(r, 0);
	}
	if (err == WN_OK)
		err = line_end(r);
	if (err == WN_OK && wn_map_set(&r->seen, wn_buf_view(&name), r) != NULL)
		err = wn_fail(r->d, WN_E_PARSE, "line %d: %s was given before", line, name.p);
	if (err == WN_OK)
		err = fn(arg, wn_buf_view(&name), wn_buf_view(&r->value), line, r->d);
	wn_buf_fini(&name);
	return err;
}

static wn_err
read_line(struct reader *r, wn_toml_fn fn, void *arg)
{
	blanks(r);
	comment(r);
	if (look(r) == '\r')
		r->p++;
	if (r->p >= r->end)
		return WN_OK;
	if (*r->p == '\n') {
		r->p++;
		r->line++;
		return WN_OK;
	}
	return *r->p == '[' ? read_table(r) : read_pair(r, fn, arg);
}

wn_err
wn_toml_read(struct wn_str text, wn_toml_fn fn, void *arg, struct wn_diag *d)
{
	struct reader r = { .p = text.p, .end = text.p + text.len, .line = 1, .d = d };
	wn_err err = WN_OK;

	if (text.len > TEXT_MAX)
		return wn_fail(d, WN_E_LIMIT, "the file is larger than 1 MiB");
	if (text.len > 0 && memchr(text.p, '\0', text.len) != NULL)
		return wn_fail(d, WN_E_PARSE, "the file is binary");
	wn_buf_init(&r.table, NAME_MAX_BYTES);
	wn_buf_init(&r.value, VALUE_MAX);
	wn_map_init(&r.seen);
	while (err == WN_OK && r.p < r.end)
		err = read_line(&r, fn, arg);
	wn_map_fini(&r.seen, NULL);
	wn_buf_fini(&r.table);
	wn_buf_fini(&r.value);
	return err;
}
