/*
 * Pull reader: one pass over the text, no document. The grammar is json_scan.c's;
 * this file owns only the place, the nesting and the errors.
 */
#include "runtime/base/json_read.h"

#include <stdarg.h>
#include <stdio.h>

#include "runtime/base/json_names.h"
#include "runtime/base/json_scan.h"

void
wn_jr_init(struct wn_jr *r, struct wn_str text, struct wn_arena *arena, struct wn_diag *d)
{
	const char *p = text.p ? text.p : "";

	/* Not a compound literal: clearing the stack would cost more than a short message. */
	r->start = r->at = p;
	r->end = p + text.len;
	r->depth = 0;
	r->max_depth = WN_JR_DEPTH_MAX;
	r->first = true;
	r->err = WN_OK;
	r->diag = d;
	r->arena = arena;
}

static wn_err
fail_at(struct wn_jr *r, const char *at, wn_err code, const char *text)
{
	size_t line, column;

	if (r->err)
		return r->err;
	r->err = code;
	if (r->diag && !r->diag->code) {
		wn_js_where(r->start, at, &line, &column);
		wn_fail(r->diag, code, "%zu:%zu: %s", line, column, text);
	}
	return code;
}

wn_err
wn_jr_fail(struct wn_jr *r, wn_err code, const char *fmt, ...)
{
	char text[WN_DIAG_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return fail_at(r, r->at, code, text);
}

static void
skip_blanks(struct wn_jr *r)
{
	r->at = wn_js_blanks(r->at, r->end);
}

enum wn_json_type
wn_jr_peek(struct wn_jr *r)
{
	if (r->err)
		return WN_JSON_NONE;
	skip_blanks(r);
	if (r->at >= r->end)
		return WN_JSON_NONE;
	switch (*r->at) {
	case '{':
		return WN_JSON_OBJECT;
	case '[':
		return WN_JSON_ARRAY;
	case '"':
		return WN_JSON_STRING;
	case 't':
	case 'f':
		return WN_JSON_BOOL;
	case 'n':
		return WN_JSON_NULL;
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return WN_JSON_NUMBER;
	default:
		return WN_JSON_NONE;
	}
}

static const char *
type_name(enum wn_json_type t)
{
	static const char *const names[] = {
		[WN_JSON_NONE] = "no value",	[WN_JSON_NULL] = "null",
		[WN_JSON_BOOL] = "a boolean",	[WN_JSON_NUMBER] = "a number",
		[WN_JSON_STRING] = "a string",	[WN_JSON_ARRAY] = "an array",
		[WN_JSON_OBJECT] = "an object",
	};

	return names[t];
}

/* True when the next value is of that type; else records why not. */
static bool
expect(struct wn_jr *r, enum wn_json_type want)
{
	enum wn_json_type found = wn_jr_peek(r);

	if (r->err)
		return false;
	if (found == want)
		return true;
	if (found == WN_JSON_NONE)
		wn_jr_fail(r, WN_E_PARSE,
			   r->at >= r->end ? "the text ends where a value must be"
					   : "expected a value");
	else
		wn_jr_fail(r, WN_E_SCHEMA, "expected %s, found %s", type_name(want),
			   type_name(found));
	return false;
}

static bool
enter(struct wn_jr *r, enum wn_json_type type, char open)
{
	if (!expect(r, type))
		return false;
	if (r->depth >= r->max_depth || r->depth >= WN_JR_DEPTH_MAX) {
		wn_jr_fail(r, WN_E_LIMIT, "nested too deeply");
		return false;
	}
	r->stack[r->depth++] = open;
	r->at++;
	r->first = true;
	return true;
}

bool
wn_jr_object(struct wn_jr *r)
{
	return enter(r, WN_JSON_OBJECT, '{');
}

bool
wn_jr_array(struct wn_jr *r)
{
	return enter(r, WN_JSON_ARRAY, '[');
}

/* Another child in the container opened by open? Takes the comma, or the closing bracket. */
static bool
next_child(struct wn_jr *r, char open)
{
	char close = open == '{' ? '}' : ']';

	if (r->err)
		return false;
	if (r->depth == 0 || r->stack[r->depth - 1] != open) {
		wn_jr_fail(r, WN_E_INTERNAL, "the reader is not inside such a container");
		return false;
	}
	skip_blanks(r);
	if (r->at < r->end && *r->at == close) {
		r->at++;
		r->depth--;
		r->first = false;
		return false;
	}
	if (r->first) {
		r->first = false;
		return true;
	}
	if (r->at < r->end && *r->at == ',') {
		r->at++;
		return true;
	}
	if (r->at >= r->end)
		wn_jr_fail(r, WN_E_PARSE, "the %s does not end", open == '{' ? "object" : "array");
	else
		wn_jr_fail(r, WN_E_PARSE, "expected ',' or '%c'", close);
	return false;
}

/* The string whose opening quote is at `at`. */
static wn_err
take_string(struct wn_jr *r, struct wn_str *out)
{
	struct wn_js s = { .end = r->end };
	const char *start = r->at + 1, *quote;
	bool escaped;

	quote = wn_js_string(&s, start, &escaped);
	if (!quote)
		return fail_at(r, s.bad, s.err, s.why);
	*out = wn_strn(start, (size_t)(quote - start));
	if (escaped) {
		char *copy = r->arena ? wn_arena_try(r->arena, out->len) : NULL;

		if (!copy)
			return wn_jr_fail(r, WN_E_NO_MEMORY, "no memory for a string");
		*out = wn_strn(copy, wn_js_unescape(*out, copy));
	}
	r->at = quote + 1;
	return WN_OK;
}

bool
wn_jr_member(struct wn_jr *r, struct wn_str *key_out)
{
	if (!next_child(r, '{'))
		return false;
	skip_blanks(r);
	if (r->at >= r->end || *r->at != '"') {
		wn_jr_fail(r, WN_E_PARSE, "expected a member name in quotes");
		return false;
	}
	if (take_string(r, key_out))
		return false;
	skip_blanks(r);
	if (r->at >= r->end || *r->at != ':') {
		wn_jr_fail(r, WN_E_PARSE, "expected ':' behind the member name");
		return false;
	}
	r->at++;
	return true;
}

bool
wn_jr_element(struct wn_jr *r)
{
	return next_child(r, '[');
}

wn_err
wn_jr_string(struct wn_jr *r, struct wn_str *out)
{
	*out = WN_STR_NONE;
	return expect(r, WN_JSON_STRING) ? take_string(r, out) : r->err;
}

static wn_err
take_number(struct wn_jr *r, struct wn_js_num *out)
{
	struct wn_js s;
	const char *next;

	*out = (struct wn_js_num){ 0 };
	if (!expect(r, WN_JSON_NUMBER))
		return r->err;
	s.end = r->end;
	s.lossy = false;
	s.long_numbers = 0;
	next = wn_js_number(&s, r->at, out);
	if (!next)
		return fail_at(r, s.bad, s.err, s.why);
	r->at = next;
	return WN_OK;
}

wn_err
wn_jr_number(struct wn_jr *r, double *out)
{
	struct wn_js_num n;
	wn_err err = take_number(r, &n);

	*out = n.value;
	return err;
}

wn_err
wn_jr_i64(struct wn_jr *r, int64_t *out)
{
	const char *start;
	struct wn_js_num n;

	*out = 0;
	wn_jr_peek(r);
	start = r->at;
	if (take_number(r, &n))
		return r->err;
	if (!n.is_integer)
		return fail_at(r, start, WN_E_SCHEMA, "expected an integer");
	*out = n.integer;
	return WN_OK;
}

static bool
take_word(struct wn_jr *r, const char *word, size_t n)
{
	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
		return false;
	r->at += n;
	return true;
}

wn_err
wn_jr_bool(struct wn_jr *r, bool *out)
{
	*out = false;
	if (!expect(r, WN_JSON_BOOL))
		return r->err;
	if (take_word(r, "true", 4))
		*out = true;
	else if (!take_word(r, "false", 5))
		return wn_jr_fail(r, WN_E_PARSE, "expected a value");
	return WN_OK;
}

wn_err
wn_jr_null(struct wn_jr *r)
{
	if (!expect(r, WN_JSON_NULL))
		return r->err;
	if (!take_word(r, "null", 4))
		return wn_jr_fail(r, WN_E_PARSE, "expected a value");
	return WN_OK;
}

static wn_err
skip(struct wn_jr *r, struct wn_js_names *names, struct wn_str *span_out)
{
	struct wn_js s = { .end = r->end, .max_depth = r->max_depth - r->depth, .names = names };

	if (span_out)
		*span_out = WN_STR_NONE;
	if (r->err)
		return r->err;
	skip_blanks(r);
	s.p = r->at;
	if (wn_js_value(&s))
		return fail_at(r, s.bad, s.err, s.why);
	if (span_out)
		*span_out = wn_strn(r->at, (size_t)(s.p - r->at));
	r->at = s.p;
	return WN_OK;
}

wn_err
wn_jr_skip(struct wn_jr *r, struct wn_str *span_out)
{
	return skip(r, NULL, span_out);
}

wn_err
wn_jr_skip_strict(struct wn_jr *r, struct wn_str *span_out)
{
	struct wn_js_names names;
	wn_err err;

	wn_js_names_init(&names);
	err = skip(r, &names, span_out);
	wn_js_names_fini(&names);
	return err;
}

wn_err
wn_jr_end(struct wn_jr *r)
{
	if (r->err)
		return r->err;
	if (r->depth)
		return wn_jr_fail(r, WN_E_INTERNAL, "a container was not read to its end");
	skip_blanks(r);
	if (r->at < r->end)
		return wn_jr_fail(r, WN_E_PARSE, "text behind the end of the document");
	return WN_OK;
}
