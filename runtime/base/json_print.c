/*
 * Printing of documents: compact, pretty, canonical; and JSON Pointers. Sees the
 * tree only through json.h.
 */
#include <stdlib.h>

#include "runtime/base/json.h"
#include "runtime/base/json_scan.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"

enum style { COMPACT, PRETTY, CANONICAL };

struct printer {
	struct wn_jw w;
	enum style style;
};

static void print_value(struct printer *p, const struct wn_json *j, unsigned depth);

static void
new_line(struct printer *p, unsigned depth)
{
	if (p->style != PRETTY)
		return;
	wn_buf_chr(p->w.out, '\n');
	while (depth--)
		wn_buf_add(p->w.out, "  ", 2);
}

/* The writer knows commas and quotes but no line breaks, which go between them. */
static void
print_child(struct printer *p, const struct wn_json *c, bool member, unsigned depth)
{
	if (p->w.comma)
		wn_buf_chr(p->w.out, ',');
	p->w.comma = false;
	new_line(p, depth);
	if (member) {
		wn_jw_key(&p->w, wn_json_key(c));
		if (p->style == PRETTY)
			wn_buf_chr(p->w.out, ' ');
	}
	print_value(p, c, depth);
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(wn_json_key(*(const struct wn_json *const *)a),
		      wn_json_key(*(const struct wn_json *const *)b));
}

static void
print_sorted(struct printer *p, const struct wn_json *j, unsigned depth)
{
	size_t n = wn_json_len(j), i = 0;
	const struct wn_json **members = wn_alloc_array(n, sizeof(void *));

	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c))
		members[i++] = c;
	qsort(members, n, sizeof(void *), by_key);
	for (i = 0; i < n; i++)
		print_child(p, members[i], true, depth);
	wn_free(members);
}

static void
print_container(struct printer *p, const struct wn_json *j, bool object, unsigned depth)
{
	const struct wn_json *c = wn_json_first(j);

	if (depth >= WN_JS_DEPTH_MAX) {
		if (!p->w.out->err)
			p->w.out->err = WN_E_LIMIT;
		return;
	}
	if (object)
		wn_jw_object(&p->w);
	else
		wn_jw_array(&p->w);
	if (object && p->style == CANONICAL)
		print_sorted(p, j, depth + 1);
	else
		for (; c && !p->w.out->err; c = wn_json_next(c))
			print_child(p, c, object, depth + 1);
	if (wn_json_first(j))
		new_line(p, depth);
	if (object)
		wn_jw_object_end(&p->w);
	else
		wn_jw_array_end(&p->w);
}

static void
print_value(struct printer *p, const struct wn_json *j, unsigned depth)
{
	switch (wn_json_type(j)) {
	case WN_JSON_BOOL:
		wn_jw_bool(&p->w, wn_json_bool(j, false));
		break;
	case WN_JSON_NUMBER:
		wn_jw_num(&p->w, wn_json_num(j, 0));
		break;
	case WN_JSON_STRING:
		wn_jw_cstr(&p->w, wn_json_str(j, ""));
		break;
	case WN_JSON_ARRAY:
		print_container(p, j, false, depth);
		break;
	case WN_JSON_OBJECT:
		print_container(p, j, true, depth);
		break;
	default:
		wn_jw_null(&p->w);
		break;
	}
}

static wn_err
print(const struct wn_json *j, struct wn_buf *out, enum style style)
{
	struct printer p = { .style = style };
	size_t len = out->len;

	wn_jw_init(&p.w, out);
	print_value(&p, j, 0);
	if (style == PRETTY)
		wn_buf_chr(out, '\n');
	/* All or nothing: half a document helps nobody. */
	if (out->err && out->len > len)
		wn_buf_cut(out, len);
	return out->err;
}

wn_err
wn_json_print(const struct wn_json *j, struct wn_buf *out)
{
	return print(j, out, COMPACT);
}

wn_err
wn_json_print_pretty(const struct wn_json *j, struct wn_buf *out)
{
	return print(j, out, PRETTY);
}

wn_err
wn_json_print_canonical(const struct wn_json *j, struct wn_buf *out)
{
	return print(j, out, CANONICAL);
}

wn_err
wn_json_pointer_add(struct wn_buf *pointer, struct wn_str key)
{
	wn_buf_chr(pointer, '/');
	for (size_t i = 0; i < key.len; i++) {
		if (key.p[i] == '~')
			wn_buf_cstr(pointer, "~0");
		else if (key.p[i] == '/')
			wn_buf_cstr(pointer, "~1");
		else
			wn_buf_chr(pointer, key.p[i]);
	}
	return pointer->err;
}
