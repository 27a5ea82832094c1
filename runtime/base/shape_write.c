/*
 * Structs by their shapes: checked before they leave, printed as JSON text.
 */
#include "runtime/base/clock.h"
#include "runtime/base/json_write.h"
#include "runtime/base/shape_priv.h"

/* --- checking --- */

static wn_err check_value(const struct wn_shape *s, const char *v, size_t len,
			  const struct wn_shape_place *at, struct wn_diag *d);

static bool
is_absent(const struct wn_shape_field *f, const char *base)
{
	const char *v = base + f->at;

	if (f->by_pointer || f->shape->kind == WN_SHAPE_STRING || f->shape->kind == WN_SHAPE_RAW ||
	    f->shape->kind == WN_SHAPE_MAP) {
		const void *p; /* struct wn_str begins with its pointer too */
		memcpy(&p, v, sizeof p);
		return !p;
	}
	if (f->shape->kind == WN_SHAPE_ENUM) {
		unsigned e;
		memcpy(&e, v, sizeof e);
		return !e;
	}
	if (f->shape->kind == WN_SHAPE_ARRAY && !f->required) {
		const void *p;
		memcpy(&p, v, sizeof p);
		size_t len;
		memcpy(&len, base + f->aux, sizeof len);
		return !p && !len;
	}
	if (!f->has_flag)
		return false;
	bool has;
	memcpy(&has, base + f->aux, sizeof has);
	return !has;
}

/* The value of a field that is present: behind its pointer, with the length of an array. */
static const char *
field_value(const struct wn_shape_field *f, const char *base, size_t *len_out)
{
	const char *v = base + f->at;

	*len_out = 0;
	if (f->by_pointer)
		memcpy(&v, base + f->at, sizeof v);
	else if (f->shape->kind == WN_SHAPE_ARRAY)
		memcpy(len_out, base + f->aux, sizeof *len_out);
	return v;
}

static wn_err
check_fields(const struct wn_shape *s, const char *base, const struct wn_shape_place *at,
	     struct wn_diag *d)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct wn_shape_field *f = &s->fields[i];
		struct wn_shape_place here = { at, wn_str(f->name), 0 };
		size_t len;
		if (is_absent(f, base)) {
			if (f->required)
				return wn_shape_required_broken_(f, at, d);
			continue;
		}
		const char *v = field_value(f, base, &len);
		wn_err err = check_value(f->shape, v, len, &here, d);
		if (err)
			return err;
	}
	return WN_OK;
}

static size_t
item_len(const struct wn_shape *item, const char *v)
{
	size_t len = 0;

	if (item->kind == WN_SHAPE_ARRAY)
		memcpy(&len, v + offsetof(struct wn_shape_list, items_len), sizeof len);
	return len;
}

static wn_err
check_items(const struct wn_shape *s, const char *v, size_t len, const struct wn_shape_place *at,
	    struct wn_diag *d)
{
	const char *items;
	wn_err err = wn_shape_check_size_(s, len, "elements", at, d);

	memcpy(&items, v, sizeof items);
	for (size_t i = 0; !err && i < len; i++) {
		struct wn_shape_place here = { at, WN_STR_NONE, i };
		const char *item = items + i * s->item->size;
		err = check_value(s->item, item, item_len(s->item, item), &here, d);
	}
	return err;
}

static wn_err
check_raw(const struct wn_shape *s, const char *v, const struct wn_shape_place *at,
	  struct wn_diag *d)
{
	struct wn_arena arena;
	struct wn_str json, again;
	struct wn_shape_walk w = { .diag = d, .arena = &arena };
	size_t len;

	memcpy(&json, v, sizeof json);
	wn_arena_init(&arena, 0);
	wn_jr_init(&w.jr, json, &arena, d);
	wn_err err = wn_shape_read_(&w, s, (char *)&again, &len, at);
	if (!err && (err = wn_jr_end(&w.jr)))
		wn_shape_set_where_(d, at);
	wn_arena_fini(&arena);
	return err;
}

static wn_err
check_value(const struct wn_shape *s, const char *v, size_t len, const struct wn_shape_place *at,
	    struct wn_diag *d)
{
	union {
		struct wn_str str;
		int64_t i;
		double num;
		unsigned e;
		bool b;
	} u;

	switch (s->kind) {
	case WN_SHAPE_OBJECT:
		return check_fields(s, v, at, d);
	case WN_SHAPE_ARRAY:
		return check_items(s, v, len, at, d);
	case WN_SHAPE_RAW:
	case WN_SHAPE_MAP:
		return check_raw(s, v, at, d);
	case WN_SHAPE_STRING:
		memcpy(&u.str, v, sizeof u.str);
		return wn_shape_check_string_(s, u.str, at, d);
	case WN_SHAPE_INTEGER:
		memcpy(&u.i, v, sizeof u.i);
		return wn_shape_check_integer_(s, u.i, at, d);
	case WN_SHAPE_NUMBER:
		memcpy(&u.num, v, sizeof u.num);
		return wn_shape_check_number_(s, u.num, at, d);
	case WN_SHAPE_BOOLEAN:
		memcpy(&u.b, v, sizeof u.b);
		return wn_shape_check_boolean_(s, u.b, at, d);
	case WN_SHAPE_ENUM:
		memcpy(&u.e, v, sizeof u.e);
		return wn_shape_enum_name(s->values, s->n, u.e)
			       ? WN_OK
			       : wn_shape_enum_broken_(s, WN_STR_NONE, at, d);
	case WN_SHAPE_INT64:
	case WN_SHAPE_TIME:
		return WN_OK;
	}
	return WN_OK;
}

wn_err
wn_shape_validate(const struct wn_shape *shape, const void *value, struct wn_diag *d)
{
	return check_value(shape, value, 0, NULL, d);
}

/* --- printing --- */

/* Messages are framed by newlines: in JSON text they stand only between tokens, where a blank does.
 */
static void
print_raw(struct wn_jw *w, struct wn_str json)
{
	size_t from = w->out->len;
	char *end, *p;

	wn_jw_raw(w, json);
	if (w->out->len == from)
		return;
	end = w->out->p + w->out->len;
	for (p = w->out->p + from; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		*p = ' ';
	for (p = w->out->p + from; (p = memchr(p, '\r', (size_t)(end - p))); p++)
		*p = ' ';
}

static void
print_value(struct wn_jw *w, const struct wn_shape *s, const char *v, size_t len)
{
	union {
		struct wn_str str;
		int64_t i;
		double num;
		unsigned e;
		bool b;
		const char *items;
	} u;
	char time[WN_TIME_MAX];

	switch (s->kind) {
	case WN_SHAPE_OBJECT:
		wn_jw_object(w);
		for (size_t i = 0; i < s->n; i++) {
			const struct wn_shape_field *f = &s->fields[i];
			if (is_absent(f, v))
				continue;
			const char *member = field_value(f, v, &len);
			wn_jw_key(w, f->name);
			print_value(w, f->shape, member, len);
		}
		wn_jw_object_end(w);
		return;
	case WN_SHAPE_ARRAY:
		memcpy(&u.items, v, sizeof u.items);
		wn_jw_array(w);
		for (size_t i = 0; i < len; i++) {
			const char *item = u.items + i * s->item->size;
			print_value(w, s->item, item, item_len(s->item, item));
		}
		wn_jw_array_end(w);
		return;
	case WN_SHAPE_RAW:
	case WN_SHAPE_MAP:
		memcpy(&u.str, v, sizeof u.str);
		print_raw(w, u.str);
		return;
	case WN_SHAPE_STRING:
		memcpy(&u.str, v, sizeof u.str);
		wn_jw_str(w, u.str);
		return;
	case WN_SHAPE_INTEGER:
		memcpy(&u.i, v, sizeof u.i);
		wn_jw_int(w, u.i);
		return;
	case WN_SHAPE_NUMBER:
		memcpy(&u.num, v, sizeof u.num);
		wn_jw_num(w, u.num);
		return;
	case WN_SHAPE_BOOLEAN:
		memcpy(&u.b, v, sizeof u.b);
		wn_jw_bool(w, u.b);
		return;
	case WN_SHAPE_ENUM:
		memcpy(&u.e, v, sizeof u.e);
		wn_jw_cstr(w, wn_shape_enum_name(s->values, s->n, u.e));
		return;
	case WN_SHAPE_INT64:
		memcpy(&u.i, v, sizeof u.i);
		wn_jw_i64s(w, u.i);
		return;
	case WN_SHAPE_TIME:
		memcpy(&u.i, v, sizeof u.i);
		wn_time_print(u.i, time);
		wn_jw_cstr(w, time);
		return;
	}
}

wn_err
wn_shape_print(const struct wn_shape *shape, const void *value, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	print_value(&w, shape, value, 0);
	return out->err;
}
