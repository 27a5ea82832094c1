/*
 * JSON text to structs by their shapes, without a document between.
 */
#include "runtime/base/clock.h"
#include "runtime/base/shape_priv.h"
#include "runtime/base/utf8.h"

static const char *
type_name(enum wn_json_type t)
{
	static const char *const names[] = { "nothing",	 "null",     "a boolean", "a number",
					     "a string", "an array", "an object" };
	return names[t];
}

static wn_err
syntax(struct wn_shape_walk *w, const struct wn_shape_place *at)
{
	wn_shape_set_where_(w->diag, at);
	return w->jr.err;
}

static wn_err
no_memory(struct wn_shape_walk *w, const struct wn_shape_place *at)
{
	wn_fail(w->diag, WN_E_LIMIT, "the document is too large for its memory limit");
	wn_shape_set_where_(w->diag, at);
	return WN_E_LIMIT;
}

static wn_err
read_text(struct wn_shape_walk *w, const struct wn_shape *s, char *out,
	  const struct wn_shape_place *at)
{
	struct wn_str v;
	int64_t n;

	if (wn_jr_string(&w->jr, &v))
		return syntax(w, at);
	if (!v.p)
		v = WN_STR("");
	switch (s->kind) {
	case WN_SHAPE_ENUM: {
		unsigned e = wn_shape_enum_value(s->values, s->n, v);
		if (!e)
			return wn_shape_enum_broken_(s, v, at, w->diag);
		memcpy(out, &e, sizeof e);
		return WN_OK;
	}
	case WN_SHAPE_INT64:
		if (!wn_str_i64(v, &n))
			return wn_shape_broken_(
				w->diag, at,
				"expected a 64-bit integer in a string, found \"%.*s\"",
				(int)wn_utf8_fit(v, 40, NULL), v.p);
		memcpy(out, &n, sizeof n);
		return WN_OK;
	case WN_SHAPE_TIME:
		if (wn_time_parse(v, &n))
			return wn_shape_broken_(w->diag, at,
						"expected an RFC 3339 date-time, found \"%.*s\"",
						(int)wn_utf8_fit(v, 40, NULL), v.p);
		memcpy(out, &n, sizeof n);
		return WN_OK;
	default:
		memcpy(out, &v, sizeof v);
		return wn_shape_check_string_(s, v, at, w->diag);
	}
}

static wn_err
read_number(struct wn_shape_walk *w, const struct wn_shape *s, char *out,
	    const struct wn_shape_place *at)
{
	double v;
	int64_t n;

	if (s->kind == WN_SHAPE_NUMBER) {
		if (wn_jr_number(&w->jr, &v))
			return syntax(w, at);
		memcpy(out, &v, sizeof v);
		return wn_shape_check_number_(s, v, at, w->diag);
	}
	if (wn_jr_i64(&w->jr, &n))
		return syntax(w, at);
	memcpy(out, &n, sizeof n);
	return wn_shape_check_integer_(s, n, at, w->diag);
}

/* Raw text is not looked into, but it must be as strict as everything else (duplicate members). */
static wn_err
read_raw(struct wn_shape_walk *w, const struct wn_shape *s, char *out,
	 const struct wn_shape_place *at)
{
	struct wn_str span;
	wn_err err = WN_OK;

	if (wn_jr_skip_strict(&w->jr, &span))
		return syntax(w, at);
	memcpy(out, &span, sizeof span);
	if (!s->item)
		return WN_OK;

	struct wn_shape_walk in = *w;
	struct wn_str key;
	char *scratch = wn_arena_try(w->arena, s->item->size);
	if (!scratch)
		return no_memory(w, at);
	wn_jr_init(&in.jr, span, w->arena, w->diag);
	wn_jr_object(&in.jr);
	while (!err && wn_jr_member(&in.jr, &key)) {
		struct wn_shape_place here = { at, key, 0 };
		size_t n;
		err = wn_shape_read_(&in, s->item, scratch, &n, &here);
	}
	return err ? err : in.jr.err;
}

static wn_err
read_array(struct wn_shape_walk *w, const struct wn_shape *s, char *out, size_t *len_out,
	   const struct wn_shape_place *at)
{
	char *items = NULL;
	size_t n = 0, cap = 0;

	if (!wn_jr_array(&w->jr))
		return syntax(w, at);
	while (wn_jr_element(&w->jr)) {
		struct wn_shape_place here = { at, WN_STR_NONE, n };
		if (s->has_max && n == s->max)
			return wn_shape_broken_(
				w->diag, at, "expected at most %zu elements, found more", s->max);
		if (n == cap) {
			cap = cap ? cap * 2 : 8;
			char *more = wn_arena_try(w->arena, cap * s->item->size);
			if (!more)
				return no_memory(w, at);
			if (n)
				memcpy(more, items, n * s->item->size);
			items = more;
		}
		char *slot = items + n * s->item->size;
		size_t len = 0;
		wn_err err = wn_shape_read_(w, s->item, slot, &len, &here);
		if (err)
			return err;
		if (s->item->kind == WN_SHAPE_ARRAY)
			memcpy(slot + offsetof(struct wn_shape_list, items_len), &len, sizeof len);
		n++;
	}
	if (w->jr.err)
		return syntax(w, at);
	if (!items && !(items = wn_arena_try(w->arena, 1))) /* empty, but not absent */
		return no_memory(w, at);
	memcpy(out, &items, sizeof items);
	*len_out = n;
	return wn_shape_check_size_(s, n, "elements", at, w->diag);
}

static wn_err
read_field(struct wn_shape_walk *w, const struct wn_shape_field *f, char *base,
	   const struct wn_shape_place *at)
{
	char *out = base + f->at;
	size_t len = 0;

	if (f->by_pointer) {
		char *object = wn_arena_try(w->arena, f->shape->size);
		if (!object)
			return no_memory(w, at);
		memcpy(out, &object, sizeof object);
		out = object;
	}
	wn_err err = wn_shape_read_(w, f->shape, out, &len, at);
	if (!err && f->shape->kind == WN_SHAPE_ARRAY)
		memcpy(base + f->aux, &len, sizeof len);
	return err;
}

static const struct wn_shape_field *
find_field(const struct wn_shape *s, struct wn_str key, size_t *guess)
{
	/* Members mostly come in the order of the contract: look at the next one first. */
	for (size_t k = 0; k < s->n; k++) {
		size_t i = (*guess + k) % s->n;
		if (wn_str_is(key, s->fields[i].name)) {
			*guess = (i + 1) % s->n;
			return &s->fields[i];
		}
	}
	return NULL;
}

static wn_err
unknown_broken(const struct wn_shape *s, const struct wn_shape_place *at, struct wn_diag *d)
{
	struct wn_buf b;

	wn_buf_init(&b, 300);
	for (size_t i = 0; i < s->n; i++)
		wn_buf_printf(&b, "%s%s", i ? ", " : "", s->fields[i].name);
	wn_err err = wn_shape_broken_(d, at, "unknown member \"%.*s\"; expected %s%s",
				      (int)wn_utf8_fit(at->key, 40, NULL), at->key.p,
				      s->n ? "only " : "no members", b.p ? b.p : "");
	wn_buf_fini(&b);
	return err;
}

/* Members that did not come: an error when required, else their default. */
static wn_err
read_absent(struct wn_shape_walk *w, const struct wn_shape *s, const uint64_t *seen, char *out,
	    const struct wn_shape_place *at)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct wn_shape_field *f = &s->fields[i];
		if (seen[i / 64] >> (i % 64) & 1)
			continue;
		if (f->required)
			return wn_shape_required_broken_(f, at, w->diag);
		if (!f->fallback)
			continue;
		struct wn_shape_walk in = *w;
		struct wn_shape_place here = { at, wn_str(f->name), 0 };
		wn_jr_init(&in.jr, wn_str(f->fallback), w->arena, w->diag);
		wn_err err = read_field(&in, f, out, &here);
		if (err)
			return err;
	}
	return WN_OK;
}

static wn_err
read_object(struct wn_shape_walk *w, const struct wn_shape *s, char *out,
	    const struct wn_shape_place *at)
{
	uint64_t seen[WN_SHAPE_FIELDS_MAX / 64] = { 0 };
	struct wn_str key;
	size_t guess = 0;
	const bool yes = true;

	memset(out, 0, s->size);
	if (!wn_jr_object(&w->jr))
		return syntax(w, at);
	while (wn_jr_member(&w->jr, &key)) {
		if (!key.p)
			key = WN_STR("");
		struct wn_shape_place here = { at, key, 0 };
		const struct wn_shape_field *f = find_field(s, key, &guess);
		if (!f && w->tolerant) {
			if (wn_jr_skip_strict(&w->jr, NULL))
				return syntax(w, &here);
			continue;
		}
		if (!f)
			return unknown_broken(s, &here, w->diag);
		size_t i = (size_t)(f - s->fields);
		if (seen[i / 64] >> (i % 64) & 1)
			return wn_shape_broken_(w->diag, &here, "the member \"%s\" comes twice",
						f->name);
		seen[i / 64] |= UINT64_C(1) << (i % 64);
		wn_err err = read_field(w, f, out, &here);
		if (err)
			return err;
		if (f->has_flag)
			memcpy(out + f->aux, &yes, sizeof yes);
	}
	if (w->jr.err)
		return syntax(w, at);
	return read_absent(w, s, seen, out, at);
}

static enum wn_json_type
wire_type(enum wn_shape_kind k)
{
	static const enum wn_json_type types[] = {
		[WN_SHAPE_STRING] = WN_JSON_STRING, [WN_SHAPE_INTEGER] = WN_JSON_NUMBER,
		[WN_SHAPE_NUMBER] = WN_JSON_NUMBER, [WN_SHAPE_BOOLEAN] = WN_JSON_BOOL,
		[WN_SHAPE_ENUM] = WN_JSON_STRING,   [WN_SHAPE_INT64] = WN_JSON_STRING,
		[WN_SHAPE_TIME] = WN_JSON_STRING,   [WN_SHAPE_RAW] = WN_JSON_NONE,
		[WN_SHAPE_MAP] = WN_JSON_OBJECT,    [WN_SHAPE_OBJECT] = WN_JSON_OBJECT,
		[WN_SHAPE_ARRAY] = WN_JSON_ARRAY,
	};
	return types[k];
}

wn_err
wn_shape_read_(struct wn_shape_walk *w, const struct wn_shape *s, char *out, size_t *len_out,
	       const struct wn_shape_place *at)
{
	enum wn_json_type found = wn_jr_peek(&w->jr), expected = wire_type(s->kind);
	bool b;

	if (found == WN_JSON_NONE)
		return wn_jr_skip(&w->jr, NULL), syntax(w, at);
	if (expected != WN_JSON_NONE && found != expected)
		return wn_shape_broken_(w->diag, at, "expected %s, found %s", type_name(expected),
					type_name(found));
	switch (s->kind) {
	case WN_SHAPE_OBJECT:
		return read_object(w, s, out, at);
	case WN_SHAPE_ARRAY:
		return read_array(w, s, out, len_out, at);
	case WN_SHAPE_RAW:
	case WN_SHAPE_MAP:
		return read_raw(w, s, out, at);
	case WN_SHAPE_INTEGER:
	case WN_SHAPE_NUMBER:
		return read_number(w, s, out, at);
	case WN_SHAPE_BOOLEAN:
		if (wn_jr_bool(&w->jr, &b))
			return syntax(w, at);
		memcpy(out, &b, sizeof b);
		return wn_shape_check_boolean_(s, b, at, w->diag);
	default:
		return read_text(w, s, out, at);
	}
}

static wn_err
parse(struct wn_shape_walk *w, const struct wn_shape *shape, struct wn_str json, void *out)
{
	size_t len;

	wn_jr_init(&w->jr, json.len ? json : WN_STR("{}"), w->arena, w->diag);
	wn_err err = wn_shape_read_(w, shape, out, &len, NULL);
	return err ? err : wn_jr_end(&w->jr);
}

wn_err
wn_shape_parse(const struct wn_shape *shape, struct wn_str json, struct wn_arena *arena, void *out,
	       struct wn_diag *d)
{
	struct wn_shape_walk w = { .diag = d, .arena = arena };

	return parse(&w, shape, json, out);
}

wn_err
wn_shape_parse_tolerant(const struct wn_shape *shape, struct wn_str json, struct wn_arena *arena,
			void *out, struct wn_diag *d)
{
	struct wn_shape_walk w = { .diag = d, .arena = arena, .tolerant = true };

	return parse(&w, shape, json, out);
}
