/*
 * What a failed validation says: pointer, keyword, and one sentence of what was expected and
 * what was found; and which alternative of anyOf / oneOf the author most likely meant.
 */
#include "runtime/base/jsonschema_eval.h"
#include "runtime/base/utf8.h"

#define SHOW_MAX 60
/* Beyond these nothing more is recorded; the run still goes on to its verdict. */
#define ERRORS_MAX 1000
#define TEXT_BYTES (1u * 1024 * 1024)

static const char *const type_names[] = { "null",   "boolean", "number", "integer",
					  "string", "array",   "object" };

unsigned
js_type_bit(const char *name)
{
	for (unsigned i = 0; i < sizeof type_names / sizeof *type_names; i++)
		if (!strcmp(name, type_names[i]))
			return 1u << i;
	return 0;
}

unsigned
js_types_of(const struct wn_json *j)
{
	switch (wn_json_type(j)) {
	case WN_JSON_NULL:
		return 1;
	case WN_JSON_BOOL:
		return 2;
	case WN_JSON_NUMBER:
		return js_is_integer(wn_json_num(j, 0)) ? 4 | 8 : 4;
	case WN_JSON_STRING:
		return 16;
	case WN_JSON_ARRAY:
		return 32;
	case WN_JSON_OBJECT:
		return 64;
	case WN_JSON_NONE:
		break;
	}
	return 0;
}

const char *
js_type_name(const struct wn_json *j)
{
	static const char *const words[] = { "nothing",	 "null",     "a boolean", "a number",
					     "a string", "an array", "an object" };
	return words[wn_json_type(j)];
}

const char *
js_show_text(struct js_run *r, const struct wn_json *j)
{
	struct wn_buf b;
	wn_buf_init(&b, 64u * 1024);
	const char *out = "a large value";
	if (wn_json_print(j, &b) == WN_OK) {
		size_t n = b.len;
		if (n > SHOW_MAX) {
			n = SHOW_MAX - 3;
			while (n > 0 && ((unsigned char)b.p[n] & 0xC0) == 0x80)
				n--;
		}
		out = wn_arena_printf(r->text, "%.*s%s", (int)n, b.p ? b.p : "",
				      n < b.len ? "..." : "");
	}
	wn_buf_fini(&b);
	return out;
}

const char *
js_show(struct js_run *r, const struct wn_json *j)
{
	if (!r->collect)
		return "";
	size_t n = wn_json_len(j);
	switch (wn_json_type(j)) {
	case WN_JSON_NUMBER:
		return wn_arena_printf(r->text, "the number %s", js_show_text(r, j));
	case WN_JSON_STRING:
		return wn_arena_printf(r->text, "the string %s", js_show_text(r, j));
	case WN_JSON_ARRAY:
		return wn_arena_printf(r->text, "an array of %zu item%s", n, n == 1 ? "" : "s");
	case WN_JSON_OBJECT:
		return wn_arena_printf(r->text, "an object of %zu member%s", n, n == 1 ? "" : "s");
	case WN_JSON_BOOL:
		return wn_json_bool(j, false) ? "true" : "false";
	case WN_JSON_NULL:
		return "null";
	case WN_JSON_NONE:
		break;
	}
	return "nothing";
}

static void
add_pointer(struct wn_buf *b, const struct js_at *at, unsigned *depth)
{
	if (!at)
		return;
	add_pointer(b, at->up, depth);
	++*depth;
	if (at->key)
		(void)wn_json_pointer_add(b, wn_str(at->key));
	else
		(void)wn_buf_printf(b, "/%zu", at->index);
}

bool
js_fail(struct js_run *r, const struct js_frame *f, const struct js_kw *kw, const char *fmt, ...)
{
	if (!r->collect || r->fatal || r->errors.len >= ERRORS_MAX || r->text->used > TEXT_BYTES)
		return false;
	struct js_error e = { .node = f->node, .kw = kw };
	struct wn_buf b;
	wn_buf_init(&b, 64u * 1024);
	add_pointer(&b, f->at, &e.depth);
	e.pointer = wn_arena_strndup(r->text, b.p ? b.p : "", b.len);
	wn_buf_fini(&b);
	va_list ap;
	va_start(ap, fmt);
	e.text = wn_arena_vprintf(r->text, fmt, ap);
	va_end(ap);
	wn_vec_push(&r->errors, e);
	return false;
}

bool
js_fatal(struct js_run *r, wn_err code, const char *text)
{
	if (!r->fatal)
		r->fatal = wn_fail(r->d, code, "%s", text);
	return false;
}

static unsigned
depth_of(const struct js_at *at)
{
	unsigned n = 0;
	for (; at; at = at->up)
		n++;
	return n;
}

/* How far an alternative is from what was meant; smaller is nearer. A wrong type at the top
 * says it was another kind of thing, a wrong constant just below that it was another variant. */
static size_t
distance(const struct js_run *r, unsigned depth, size_t from, size_t to)
{
	size_t sum = 0;
	for (size_t i = from; i < to; i++) {
		const struct js_error *e = &r->errors.p[i];
		const char *name = e->kw ? e->kw->name : "false";
		bool constant = !strcmp(name, "const") || !strcmp(name, "enum");
		if (e->depth == depth && (!strcmp(name, "type") || !e->kw))
			sum += 100000;
		else if (constant && e->depth <= depth + 1)
			sum += 10000;
		else if (e->depth == depth)
			sum += 100;
		else
			sum += e->depth > depth + 8 ? 2 : 10 - (e->depth - depth);
	}
	return sum;
}

void
js_choose_branch(struct js_run *r, const struct js_frame *f, size_t start, const size_t *ends,
		 size_t n)
{
	unsigned depth = depth_of(f->at);
	size_t best = SIZE_MAX, from = 0, to = 0, at = start;
	bool tie = false;
	for (size_t i = 0; i < n; at = ends[i], i++) {
		if (ends[i] == at)
			continue; /* nothing recorded: the limit was reached */
		size_t far = distance(r, depth, at, ends[i]);
		tie = far == best || (tie && far > best);
		if (far < best) {
			best = far;
			from = at;
			to = ends[i];
		}
	}
	/* No clear winner among wrong types or variants: the summary alone says it better. */
	if (best == SIZE_MAX || (tie && best >= 10000))
		to = from;
	if (to > from)
		memmove(r->errors.p + start, r->errors.p + from, (to - from) * sizeof *r->errors.p);
	r->errors.len = start + (to - from);
}
