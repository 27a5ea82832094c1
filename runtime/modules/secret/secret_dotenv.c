/*
 * Reader of .env files. It never puts a value into an error: what is in the file is secret.
 */
#include "runtime/modules/secret/secret.h"

#include <string.h>

struct reader {
	const char *p, *end;
	int line;
	struct wn_buf value; /* of a quoted value with escapes; wiped */
	struct wn_diag *diag;
};

static bool
is_name(char c, bool first)
{
	return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (!first && c >= '0' && c <= '9');
}

static wn_err
wrong(struct reader *r, const char *what)
{
	return wn_fail(r->diag, WN_E_INVALID, "line %d: %s", r->line, what);
}

static void
skip_blank(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t'))
		r->p++;
}

/* After a value: blanks and a comment may follow on its line. */
static wn_err
end_of_line(struct reader *r)
{
	skip_blank(r);
	if (r->p < r->end && *r->p == '#')
		while (r->p < r->end && *r->p != '\n')
			r->p++;
	if (r->p < r->end && *r->p == '\r')
		r->p++;
	if (r->p < r->end && *r->p != '\n')
		return wrong(r, "something stands behind the closing quote");
	return WN_OK;
}

static char
escaped(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return c;
	}
}

static wn_err
quoted(struct reader *r)
{
	char quote = *r->p++;
	int began = r->line;

	while (r->p < r->end && *r->p != quote) {
		char c = *r->p++;

		if (c == '\\' && quote == '"' && r->p < r->end)
			c = escaped(*r->p++);
		if (c == '\n' && r->p[-1] == '\n')
			r->line++;
		(void)wn_buf_chr(&r->value, c);
	}
	if (r->p == r->end) {
		r->line = began;
		return wrong(r, "the quote is not closed");
	}
	r->p++;
	return end_of_line(r);
}

static void
bare(struct reader *r)
{
	const char *start = r->p, *stop;

	while (r->p < r->end && *r->p != '\n' &&
	       !(*r->p == '#' && r->p > start && (r->p[-1] == ' ' || r->p[-1] == '\t')))
		r->p++;
	stop = r->p;
	while (stop > start && (stop[-1] == ' ' || stop[-1] == '\t' || stop[-1] == '\r'))
		stop--;
	(void)wn_buf_add(&r->value, start, (size_t)(stop - start));
	while (r->p < r->end && *r->p != '\n')
		r->p++;
}

static struct wn_str
read_name(struct reader *r)
{
	const char *start = r->p;

	while (r->p < r->end && is_name(*r->p, r->p == start))
		r->p++;
	return wn_strn(start, (size_t)(r->p - start));
}

static wn_err
read_entry(struct reader *r, secret_line_fn fn, void *arg)
{
	struct wn_str name = read_name(r);
	wn_err err = WN_OK;

	if (wn_str_eq(name, wn_str("export")) && r->p < r->end && (*r->p == ' ' || *r->p == '\t')) {
		skip_blank(r);
		name = read_name(r);
	}
	skip_blank(r);
	if (name.len == 0 || r->p == r->end || *r->p != '=')
		return wrong(r, "it is not NAME=value");
	r->p++;
	skip_blank(r);
	if (r->value.p != NULL)
		wn_buf_clear(&r->value);
	if (r->p < r->end && (*r->p == '"' || *r->p == '\''))
		err = quoted(r);
	else
		bare(r);
	if (!err && r->value.err != WN_OK)
		return wrong(r, "the value is too long");
	if (!err && memchr(r->value.p != NULL ? r->value.p : "", 0, r->value.len) != NULL)
		return wrong(r, "the value holds a NUL byte");
	return err != WN_OK ? err : fn(arg, name, wn_buf_view(&r->value));
}

wn_err
secret_dotenv(struct wn_str text, secret_line_fn fn, void *arg, struct wn_diag *d)
{
	struct reader r = { .p = text.p, .end = text.p + text.len, .line = 1, .diag = d };
	wn_err err = WN_OK;

	wn_buf_init(&r.value, SECRET_VALUE_MAX);
	if (text.len >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		r.p += 3;
	while (!err && r.p < r.end) {
		skip_blank(&r);
		if (r.p < r.end && *r.p == '#')
			while (r.p < r.end && *r.p != '\n')
				r.p++;
		if (r.p < r.end && *r.p != '\n' && *r.p != '\r')
			err = read_entry(&r, fn, arg);
		while (!err && r.p < r.end && *r.p == '\r')
			r.p++;
		if (!err && r.p < r.end && *r.p == '\n') {
			r.p++;
			r.line++;
		}
	}
	secret_wipe(&r.value);
	return err;
}
