/*
 * The template engine: one pass over the text, a stack of contexts. Knows nothing of
 * blueprints.
 */
#include "ai/codegen/template.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/json_write.h"

#define DEPTH_MAX 32

struct frame {
	const struct wn_json *value;
	size_t index, count; /* count 0: no array section */
};

struct render {
	const struct codegen_template *t;
	struct wn_buf *out;
	struct wn_diag *d;
	struct frame stack[DEPTH_MAX];
	size_t depth;
	unsigned partials; /* how deep */
};

struct tag {
	char kind; /* # ^ / ! > or 0 for a value */
	struct wn_str name;
	size_t start, end; /* of the tag; for a standalone tag, of its whole line */
};

static wn_err render_text(struct render *r, struct wn_str text);

static wn_err
fail_at(struct render *r, wn_err code, struct wn_str text, size_t at, const char *what,
	struct wn_str name)
{
	size_t line = 1, i;

	for (i = 0; i < at && i < text.len; i++)
		line += text.p[i] == '\n';
	return wn_fail(r->d, code, "template %s, line %zu: %s '%.*s'", r->t->name, line, what,
		       WN_STR_ARG(name));
}

/* A tag that takes its whole line with it when nothing but blanks is beside it. */
static void
widen_standalone(struct wn_str text, struct tag *tag)
{
	size_t a = tag->start, b = tag->end;

	if (tag->kind == 0 || tag->kind == '>')
		return;
	while (a > 0 && (text.p[a - 1] == ' ' || text.p[a - 1] == '\t'))
		a--;
	while (b < text.len && (text.p[b] == ' ' || text.p[b] == '\t'))
		b++;
	if ((a > 0 && text.p[a - 1] != '\n') || (b < text.len && text.p[b] != '\n'))
		return;
	tag->start = a;
	tag->end = b < text.len ? b + 1 : b;
}

/* Next tag at or after `from`; false when there is none. */
static bool
next_tag(struct wn_str text, size_t from, struct tag *tag)
{
	struct wn_str rest = wn_str_sub(text, from, text.len - from);
	ptrdiff_t open = wn_str_find(rest, WN_STR("{{"));
	ptrdiff_t close;

	if (open < 0)
		return false;
	rest = wn_str_sub(rest, (size_t)open + 2, rest.len);
	close = wn_str_find(rest, WN_STR("}}"));
	if (close < 0)
		return false;
	tag->start = from + (size_t)open;
	tag->end = tag->start + 2 + (size_t)close + 2;
	tag->name = wn_str_trim(wn_str_sub(rest, 0, (size_t)close));
	tag->kind = 0;
	if (tag->name.len > 0 && strchr("#^/!>", tag->name.p[0])) {
		tag->kind = tag->name.p[0];
		tag->name = wn_str_trim(wn_str_sub(tag->name, 1, tag->name.len));
	}
	widen_standalone(text, tag);
	return true;
}

/* The end tag that belongs to the section opened before `from`. */
static wn_err
find_end(struct render *r, struct wn_str text, size_t from, struct wn_str name, struct tag *end)
{
	unsigned depth = 1;
	size_t at = from;

	while (next_tag(text, at, end)) {
		if (end->kind == '#' || end->kind == '^')
			depth++;
		else if (end->kind == '/' && --depth == 0)
			return wn_str_eq(end->name, name)
				       ? WN_OK
				       : fail_at(r, WN_E_PARSE, text, end->start,
						 "wrong end of a section", end->name);
		at = end->end;
	}
	return fail_at(r, WN_E_PARSE, text, from, "no end of section", name);
}

static const struct wn_json *
lookup(const struct render *r, struct wn_str path)
{
	const struct wn_json *v = NULL;
	struct wn_str part;
	size_t i;

	if (wn_str_is(path, "."))
		return r->stack[r->depth - 1].value;
	if (!wn_str_split(&path, '.', &part))
		return NULL;
	for (i = r->depth; i > 0 && !v; i--)
		v = wn_json_getn(r->stack[i - 1].value, part);
	while (v && wn_str_split(&path, '.', &part))
		v = wn_json_getn(v, part);
	return v;
}

static const struct frame *
loop_frame(const struct render *r)
{
	size_t i;

	for (i = r->depth; i > 0; i--)
		if (r->stack[i - 1].count > 0)
			return &r->stack[i - 1];
	return NULL;
}

static bool
truthy(const struct wn_json *v)
{
	switch (wn_json_type(v)) {
	case WN_JSON_BOOL:
		return wn_json_bool(v, false);
	case WN_JSON_NUMBER:
		return true;
	case WN_JSON_STRING:
		return wn_json_str(v, "")[0] != '\0';
	case WN_JSON_ARRAY:
		return wn_json_first(v) != NULL;
	case WN_JSON_OBJECT:
		return true;
	default:
		return false;
	}
}

static void
put_quoted(struct wn_buf *out, const char *s)
{
	wn_buf_chr(out, '\'');
	for (; *s; s++) {
		if (*s == '\'' || *s == '\\')
			wn_buf_printf(out, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			wn_buf_printf(out, "\\u%04x", (unsigned)*s);
		else
			wn_buf_chr(out, *s);
	}
	wn_buf_chr(out, '\'');
}

static void
put_template_literal(struct wn_buf *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '`' || *s == '\\' || (*s == '$' && s[1] == '{'))
			wn_buf_chr(out, '\\');
		wn_buf_chr(out, *s);
	}
}

static void
put_html(struct wn_buf *out, const char *s)
{
	for (; *s; s++) {
		const char *entity = *s == '&'	 ? "&amp;"
				     : *s == '<' ? "&lt;"
				     : *s == '>' ? "&gt;"
				     : *s == '"' ? "&quot;"
						 : NULL;
		if (entity)
			wn_buf_cstr(out, entity);
		else
			wn_buf_chr(out, *s);
	}
}

/* Markdown text on one line: nothing in it may start a construct or a tag. */
static void
put_md(struct wn_buf *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '\n' || *s == '\r')
			wn_buf_chr(out, ' ');
		else if (strchr("\\`*_[]<>#|", *s))
			wn_buf_printf(out, "\\%c", *s);
		else
			wn_buf_chr(out, *s);
	}
}

static void
put_plain(struct wn_buf *out, const struct wn_json *v)
{
	if (wn_json_type(v) == WN_JSON_STRING)
		wn_buf_cstr(out, wn_json_str(v, ""));
	else
		(void)wn_json_print(v, out);
}

static bool
put_filtered(struct wn_buf *out, const struct wn_json *v, struct wn_str filter)
{
	if (filter.len == 0)
		put_plain(out, v);
	else if (wn_str_is(filter, "q"))
		put_quoted(out, wn_json_str(v, ""));
	else if (wn_str_is(filter, "tl"))
		put_template_literal(out, wn_json_str(v, ""));
	else if (wn_str_is(filter, "json"))
		(void)wn_json_print(v, out);
	else if (wn_str_is(filter, "pretty"))
		(void)wn_json_print_pretty(v, out);
	else if (wn_str_is(filter, "html"))
		put_html(out, wn_json_str(v, ""));
	else if (wn_str_is(filter, "md"))
		put_md(out, wn_json_str(v, ""));
	else
		return false;
	return true;
}

static wn_err
render_value(struct render *r, struct wn_str text, const struct tag *tag)
{
	struct wn_str rest = tag->name, path, filter = { "", 0 };
	const struct frame *loop = loop_frame(r);
	const struct wn_json *v;

	if (!wn_str_split(&rest, '|', &path))
		path = tag->name;
	if (rest.len > 0)
		filter = wn_str_trim(rest);
	path = wn_str_trim(path);
	if (wn_str_is(path, "-index") && loop)
		return wn_buf_printf(r->out, "%zu", loop->index);
	v = lookup(r, path);
	if (wn_json_type(v) == WN_JSON_NONE ||
	    (filter.len == 0 && wn_json_type(v) >= WN_JSON_ARRAY))
		return fail_at(r, WN_E_NOT_FOUND, text, tag->start, "no value for", path);
	if (!put_filtered(r->out, v, filter))
		return fail_at(r, WN_E_PARSE, text, tag->start, "unknown filter", filter);
	return r->out->err;
}

static wn_err
render_in(struct render *r, const struct wn_json *v, size_t index, size_t count, struct wn_str body)
{
	wn_err err;

	if (r->depth == DEPTH_MAX)
		return wn_fail(r->d, WN_E_LIMIT, "template %s: sections nest too deep", r->t->name);
	r->stack[r->depth++] = (struct frame){ v, index, count };
	err = render_text(r, body);
	r->depth--;
	return err;
}

static wn_err
render_section(struct render *r, const struct wn_json *v, struct wn_str body)
{
	const struct wn_json *c;
	size_t i = 0, n;
	wn_err err = WN_OK;

	if (wn_json_type(v) == WN_JSON_ARRAY) {
		n = wn_json_len(v);
		for (c = wn_json_first(v); c && !err; c = wn_json_next(c))
			err = render_in(r, c, i++, n, body);
		return err;
	}
	if (wn_json_type(v) == WN_JSON_OBJECT)
		return render_in(r, v, 0, 0, body);
	return render_text(r, body);
}

/* True when the name is a loop flag; *on_out says its state. */
static bool
loop_flag(const struct render *r, struct wn_str name, bool *on_out)
{
	const struct frame *loop = loop_frame(r);

	if (!loop || name.len == 0 || name.p[0] != '-')
		return false;
	if (wn_str_is(name, "-first"))
		*on_out = loop->index == 0;
	else if (wn_str_is(name, "-last"))
		*on_out = loop->index + 1 == loop->count;
	else
		return false;
	return true;
}

static wn_err
render_block(struct render *r, struct wn_str text, const struct tag *tag, size_t *at)
{
	const struct wn_json *v = NULL;
	struct wn_str body;
	struct tag end = { 0 };
	bool on = false, flag;
	wn_err err = find_end(r, text, tag->end, tag->name, &end);

	if (err)
		return err;
	*at = end.end;
	body = wn_str_sub(text, tag->end, end.start - tag->end);
	flag = loop_flag(r, tag->name, &on);
	if (!flag) {
		v = lookup(r, tag->name);
		on = truthy(v);
	}
	if (tag->kind == '^')
		return on ? WN_OK : render_text(r, body);
	if (!on)
		return WN_OK;
	return flag ? render_text(r, body) : render_section(r, v, body);
}

static wn_err
render_partial(struct render *r, struct wn_str text, const struct tag *tag)
{
	struct wn_str body = WN_STR_NONE;
	wn_err err;

	if (r->t->partial)
		body = r->t->partial(r->t->arg, tag->name);
	if (!body.p)
		return fail_at(r, WN_E_NOT_FOUND, text, tag->start, "no partial", tag->name);
	if (r->partials == DEPTH_MAX)
		return fail_at(r, WN_E_LIMIT, text, tag->start, "partials nest too deep",
			       tag->name);
	r->partials++;
	err = render_text(r, body);
	r->partials--;
	return err;
}

static wn_err
render_text(struct render *r, struct wn_str text)
{
	struct tag tag;
	size_t at = 0;
	wn_err err = WN_OK;

	while (!err && next_tag(text, at, &tag)) {
		wn_buf_add(r->out, text.p + at, tag.start - at);
		at = tag.end;
		if (tag.kind == '#' || tag.kind == '^')
			err = render_block(r, text, &tag, &at);
		else if (tag.kind == '>')
			err = render_partial(r, text, &tag);
		else if (tag.kind == '/')
			err = fail_at(r, WN_E_PARSE, text, tag.start, "end without a section",
				      tag.name);
		else if (tag.kind == 0)
			err = render_value(r, text, &tag);
	}
	if (!err)
		wn_buf_add(r->out, text.p + at, text.len - at);
	return err ? err : r->out->err;
}

wn_err
codegen_render(const struct codegen_template *t, const struct wn_json *context, struct wn_buf *out,
	       struct wn_diag *d)
{
	struct render r = { .t = t, .out = out, .d = d };
	wn_err err;

	r.stack[r.depth++] = (struct frame){ context, 0, 0 };
	err = render_text(&r, t->text);
	if (err == out->err && err)
		wn_fail(d, err, "template %s: the text is too large", t->name);
	return err;
}
