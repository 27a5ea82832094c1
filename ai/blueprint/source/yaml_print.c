/*
 * Values as YAML that people would write: block style, quotes only where the text would mean
 * something else without them.
 */
#include "ai/blueprint/source/edit.h"

#define YAML_LINE 60 /* flat things up to this length stay on their line */
#define JSON_LINE 90

static bool
same_word(struct wn_str s, const char *word)
{
	size_t i = 0;

	for (; i < s.len && word[i]; i++) {
		char c = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];

		if (c != word[i])
			return false;
	}
	return i == s.len && !word[i];
}

/* Words some reader of YAML would take for something else. */
static bool
is_word_of_yaml(struct wn_str s)
{
	static const char *const words[] = { "",   "~",	  "null", "true", "false", "yes", "no",
					     "on", "off", "y",	  "n",	  ".inf",  ".nan" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (same_word(s, words[i]))
			return true;
	return false;
}

/* Plain text begins with a letter or a slash, and has nothing that ends it early. */
static bool
needs_quotes(struct wn_str s)
{
	unsigned char c = s.len ? (unsigned char)s.p[0] : 0;

	if (is_word_of_yaml(s) || s.len > 200)
		return true;
	if (!(c >= 0x80 || c == '/' || c == '_' || (c >= 'a' && c <= 'z') ||
	      (c >= 'A' && c <= 'Z')))
		return true;
	for (size_t i = 0; i < s.len; i++) {
		c = (unsigned char)s.p[i];
		if (c < 0x20 || c == 0x7f || strchr(":#,[]{}\"'&*!|>%@`", c) || c == 0xc2 ||
		    c == 0xe2 || c == 0xef)
			return true;
	}
	return s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '-';
}

static void
put_text(const char *text, bool json, struct wn_buf *out)
{
	struct wn_json *j;

	if (!json && !needs_quotes(wn_str(text))) {
		(void)wn_buf_cstr(out, text);
		return;
	}
	j = wn_json_new_str(wn_str(text));
	(void)wn_json_print(j, out);
	wn_json_free(j);
}

static void
put_flow(const struct wn_json *j, bool json, struct wn_buf *out)
{
	bool object = wn_json_type(j) == WN_JSON_OBJECT;

	if (!object && wn_json_type(j) != WN_JSON_ARRAY) {
		if (wn_json_type(j) == WN_JSON_STRING)
			put_text(wn_json_str(j, ""), json, out);
		else
			(void)wn_json_print(j, out);
		return;
	}
	(void)wn_buf_chr(out, object ? '{' : '[');
	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c)) {
		if (object) {
			put_text(wn_json_key(c), json, out);
			(void)wn_buf_cstr(out, ": ");
		}
		put_flow(c, json, out);
		if (wn_json_next(c))
			(void)wn_buf_cstr(out, ", ");
	}
	(void)wn_buf_chr(out, object ? '}' : ']');
}

static size_t
flow_length(const struct wn_json *j)
{
	struct wn_buf b;
	size_t n;

	wn_buf_init(&b, (size_t)16 << 20);
	put_flow(j, true, &b);
	n = b.err ? SIZE_MAX : b.len;
	wn_buf_fini(&b);
	return n;
}

static bool
is_flat(const struct wn_json *j)
{
	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c))
		if (wn_json_first(c))
			return false;
	return true;
}

/* Short flat things stay on their line, as in {en: Name, ar: ...}. */
static bool
on_one_line(const struct wn_json *j, size_t width)
{
	return !wn_json_first(j) || (is_flat(j) && flow_length(j) <= width);
}

static void
put_indent(unsigned n, struct wn_buf *out)
{
	for (unsigned i = 0; i < n; i++)
		(void)wn_buf_chr(out, ' ');
}

static void put_block(const struct wn_json *j, unsigned indent, struct wn_buf *out);

/* After "key:" or "-". inside: the indentation of what belongs to it. */
static void
put_value(const struct wn_json *j, unsigned inside, bool after_dash, struct wn_buf *out)
{
	if (on_one_line(j, YAML_LINE)) {
		(void)wn_buf_chr(out, ' ');
		put_flow(j, false, out);
	} else if (after_dash && wn_json_type(j) == WN_JSON_OBJECT) {
		(void)wn_buf_chr(out, ' ');
		put_block(j, inside, out);
	} else {
		(void)wn_buf_chr(out, '\n');
		put_indent(inside, out);
		put_block(j, inside, out);
	}
}

/* The first line's indentation is there already. */
static void
put_block(const struct wn_json *j, unsigned indent, struct wn_buf *out)
{
	bool object = wn_json_type(j) == WN_JSON_OBJECT;

	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c)) {
		if (object) {
			put_text(wn_json_key(c), false, out);
			(void)wn_buf_chr(out, ':');
		} else {
			(void)wn_buf_chr(out, '-');
		}
		put_value(c, indent + 2, !object, out);
		if (wn_json_next(c)) {
			(void)wn_buf_chr(out, '\n');
			put_indent(indent, out);
		}
	}
}

wn_err
blueprint_yaml_print(const struct wn_json *j, enum blueprint_yaml_place place, unsigned indent,
		     struct wn_buf *out)
{
	if (place == BLUEPRINT_YAML_FLOW || (place == BLUEPRINT_YAML_DOCUMENT && !wn_json_first(j)))
		put_flow(j, false, out);
	else if (place == BLUEPRINT_YAML_DOCUMENT)
		put_block(j, 0, out);
	else
		put_value(j, indent + 2, place == BLUEPRINT_YAML_DASH, out);
	if (place == BLUEPRINT_YAML_DOCUMENT)
		(void)wn_buf_chr(out, '\n');
	return out->err;
}

static void
put_json(const struct wn_json *j, unsigned indent, struct wn_buf *out)
{
	bool object = wn_json_type(j) == WN_JSON_OBJECT;

	if (on_one_line(j, JSON_LINE)) {
		put_flow(j, true, out);
		return;
	}
	(void)wn_buf_chr(out, object ? '{' : '[');
	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c)) {
		(void)wn_buf_chr(out, '\n');
		put_indent(indent + 2, out);
		if (object) {
			put_text(wn_json_key(c), true, out);
			(void)wn_buf_cstr(out, ": ");
		}
		put_json(c, indent + 2, out);
		if (wn_json_next(c))
			(void)wn_buf_chr(out, ',');
	}
	(void)wn_buf_chr(out, '\n');
	put_indent(indent, out);
	(void)wn_buf_chr(out, object ? '}' : ']');
}

wn_err
blueprint_json_print(const struct wn_json *j, unsigned indent, struct wn_buf *out)
{
	put_json(j, indent, out);
	return out->err;
}
