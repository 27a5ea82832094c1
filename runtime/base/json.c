/*
 * Documents over cJSON: strict parsing, reading, building. The only file that
 * knows cJSON; struct wn_json is its node and never defined. Printing is in
 * json_print.c, which sees the tree only through json.h.
 */
#include "runtime/base/json.h"

#include <math.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "runtime/base/json_names.h"
#include "runtime/base/json_scan.h"
#include "runtime/base/json_write.h"
#include "runtime/base/map.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

enum { DEFAULT_BYTES = 16 * 1024 * 1024, DEFAULT_DEPTH = 200, DEFAULT_VALUES = 1000000 };
enum { SMALL_OBJECT = 12 }; /* up to so many members are compared one by one */

static cJSON *
node(const struct wn_json *j)
{
	return (cJSON *)(uintptr_t)j;
}

static struct wn_json *
json(cJSON *c)
{
	return (struct wn_json *)c;
}

/* Building has no error path: what is built is of our own size. */
static struct wn_json *
made(cJSON *c)
{
	if (!c)
		abort();
	return json(c);
}

/* --- parsing ---------------------------------------------------------------- */

static wn_err
fail_at(struct wn_str text, const struct wn_js *s, struct wn_diag *d)
{
	size_t line, column;

	if (d && !d->code) {
		wn_js_where(text.p, s->bad, &line, &column);
		wn_fail(d, s->err, "%zu:%zu: %s", line, column, s->why);
	}
	return s->err;
}

/* cJSON reads at most 63 characters of a number: longer ones are written shorter first. */
static wn_err
shorten_numbers(struct wn_str text, struct wn_buf *out)
{
	const char *p = text.p, *const end = text.p + text.len;
	struct wn_js s = { .end = end, .lossy = true };
	struct wn_jw w;

	wn_buf_init(out, text.len + 64);
	wn_jw_init(&w, out);
	while (p < end) {
		const char *q = p;
		struct wn_js_num num;
		bool escaped;

		if (*p == '"') {
			q = wn_js_string(&s, p + 1, &escaped) + 1;
			wn_buf_add(out, p, (size_t)(q - p));
		} else if (*p == '-' || (*p >= '0' && *p <= '9')) {
			q = wn_js_number(&s, p, &num);
			w.comma = false;
			if (q - p > 60)
				wn_jw_num(&w, num.value);
			else
				wn_buf_add(out, p, (size_t)(q - p));
		} else {
			wn_buf_chr(out, *q++);
		}
		p = q;
	}
	return out->err;
}

/* Text that is known to be good JSON, into a tree. */
static wn_err
build(struct wn_str text, bool long_numbers, cJSON **out, struct wn_diag *d)
{
	struct wn_buf shorter = { 0 };
	wn_err err = WN_OK;

	*out = NULL;
	if (long_numbers) {
		err = shorten_numbers(text, &shorter);
		text = wn_buf_view(&shorter);
	}
	if (!err)
		*out = cJSON_ParseWithLengthOpts(text.p, text.len, NULL, 0);
	wn_buf_fini(&shorter);
	return *out ? WN_OK : wn_fail(d, WN_E_NO_MEMORY, "no memory for a document");
}

static wn_err
check(struct wn_str text, const struct wn_json_limits *l, struct wn_js_names *names,
      struct wn_js *s, struct wn_diag *d)
{
	size_t bytes = l && l->bytes ? l->bytes : DEFAULT_BYTES;
	unsigned depth = l && l->depth ? l->depth : DEFAULT_DEPTH;

	*s = (struct wn_js){
		.p = text.p,
		.end = text.p + text.len,
		.max_depth = depth < WN_JS_DEPTH_MAX ? depth : WN_JS_DEPTH_MAX,
		.max_values = l && l->values ? l->values : DEFAULT_VALUES,
		.lossy = l && l->lossy_numbers,
		.names = names,
	};
	if (text.len > bytes)
		return wn_fail(d, WN_E_LIMIT, "1:1: the text has %zu bytes; %zu are allowed",
			       text.len, bytes);
	if (wn_js_value(s))
		return fail_at(text, s, d);
	s->p = wn_js_blanks(s->p, s->end);
	if (s->p < s->end) {
		s->err = WN_E_PARSE;
		s->bad = s->p;
		s->why = "text behind the end of the document";
		return fail_at(text, s, d);
	}
	return WN_OK;
}

wn_err
wn_json_parse(struct wn_str text, const struct wn_json_limits *limits, struct wn_json **out,
	      struct wn_diag *d)
{
	struct wn_js_names names;
	struct wn_js s;
	cJSON *root = NULL;
	wn_err err;

	*out = NULL;
	if (!text.p)
		text = WN_STR("");
	wn_js_names_init(&names);
	err = check(text, limits, &names, &s, d);
	wn_js_names_fini(&names);
	if (!err)
		err = build(text, s.long_numbers > 0, &root, d);
	*out = json(root);
	return err;
}

void
wn_json_free(struct wn_json *j)
{
	cJSON_Delete(node(j));
}

struct wn_json *
wn_json_copy(const struct wn_json *j)
{
	return j ? made(cJSON_Duplicate(node(j), 1)) : NULL;
}

/* --- reading ---------------------------------------------------------------- */

enum wn_json_type
wn_json_type(const struct wn_json *j)
{
	if (!j)
		return WN_JSON_NONE;
	switch (node(j)->type & 0xFF) {
	case cJSON_False:
	case cJSON_True:
		return WN_JSON_BOOL;
	case cJSON_NULL:
		return WN_JSON_NULL;
	case cJSON_Number:
		return WN_JSON_NUMBER;
	case cJSON_String:
		return WN_JSON_STRING;
	case cJSON_Array:
		return WN_JSON_ARRAY;
	case cJSON_Object:
		return WN_JSON_OBJECT;
	default:
		return WN_JSON_NONE;
	}
}

const struct wn_json *
wn_json_getn(const struct wn_json *j, struct wn_str key)
{
	if (wn_json_type(j) != WN_JSON_OBJECT)
		return NULL;
	if (key.len && memchr(key.p, '\0', key.len))
		return NULL;
	for (cJSON *c = node(j)->child; c; c = c->next)
		if (key.len == 0
			    ? c->string[0] == '\0'
			    : strncmp(c->string, key.p, key.len) == 0 && c->string[key.len] == '\0')
			return json(c);
	return NULL;
}

const struct wn_json *
wn_json_get(const struct wn_json *j, const char *key)
{
	return key ? wn_json_getn(j, wn_str(key)) : NULL;
}

/* Compares a key with a pointer token, whose ~0 and ~1 stand for ~ and /. */
static bool
token_is(struct wn_str token, const char *key)
{
	size_t i = 0;

	for (; i < token.len; i++, key++) {
		char c = token.p[i];

		if (c == '~') {
			if (++i >= token.len || (token.p[i] != '0' && token.p[i] != '1'))
				return false;
			c = token.p[i] == '0' ? '~' : '/';
		}
		if (*key != c)
			return false;
	}
	return *key == '\0';
}

static const struct wn_json *
step(const struct wn_json *j, struct wn_str token)
{
	const struct wn_json *c = wn_json_first(j);
	uint64_t index;

	if (wn_json_type(j) == WN_JSON_OBJECT) {
		while (c && !token_is(token, node(c)->string))
			c = wn_json_next(c);
		return c;
	}
	if (wn_json_type(j) != WN_JSON_ARRAY || !wn_str_u64(token, &index) ||
	    (token.len > 1 && token.p[0] == '0'))
		return NULL;
	while (c && index--)
		c = wn_json_next(c);
	return c;
}

const struct wn_json *
wn_json_at(const struct wn_json *j, const char *pointer)
{
	struct wn_str rest, token;

	if (!pointer || (pointer[0] && pointer[0] != '/'))
		return NULL;
	if (!pointer[0])
		return j;
	rest = wn_str(pointer + 1);
	while (j && wn_str_split(&rest, '/', &token))
		j = step(j, token);
	return j;
}

size_t
wn_json_len(const struct wn_json *j)
{
	size_t n = 0;

	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c))
		n++;
	return n;
}

const struct wn_json *
wn_json_first(const struct wn_json *j)
{
	return j ? json(node(j)->child) : NULL;
}

const struct wn_json *
wn_json_next(const struct wn_json *child)
{
	return child ? json(node(child)->next) : NULL;
}

const char *
wn_json_key(const struct wn_json *member)
{
	return member ? node(member)->string : NULL;
}

const char *
wn_json_str(const struct wn_json *j, const char *fallback)
{
	return wn_json_type(j) == WN_JSON_STRING ? node(j)->valuestring : fallback;
}

double
wn_json_num(const struct wn_json *j, double fallback)
{
	return wn_json_type(j) == WN_JSON_NUMBER ? node(j)->valuedouble : fallback;
}

bool
wn_json_bool(const struct wn_json *j, bool fallback)
{
	if (wn_json_type(j) != WN_JSON_BOOL)
		return fallback;
	return (node(j)->type & 0xFF) == cJSON_True;
}

bool
wn_json_i64(const struct wn_json *j, int64_t *out)
{
	double v;

	if (wn_json_type(j) == WN_JSON_STRING)
		return wn_str_i64(wn_str(node(j)->valuestring), out);
	if (wn_json_type(j) != WN_JSON_NUMBER)
		return false;
	v = node(j)->valuedouble;
	if (!(fabs(v) <= (double)WN_JS_INT_MAX) || v != floor(v))
		return false;
	*out = (int64_t)v;
	return true;
}

const char *
wn_json_get_str(const struct wn_json *j, const char *key, const char *fallback)
{
	return wn_json_str(wn_json_get(j, key), fallback);
}

double
wn_json_get_num(const struct wn_json *j, const char *key, double fallback)
{
	return wn_json_num(wn_json_get(j, key), fallback);
}

bool
wn_json_get_bool(const struct wn_json *j, const char *key, bool fallback)
{
	return wn_json_bool(wn_json_get(j, key), fallback);
}

static bool
equal_arrays(const struct wn_json *a, const struct wn_json *b)
{
	a = wn_json_first(a);
	b = wn_json_first(b);
	while (a && b && wn_json_equal(a, b)) {
		a = wn_json_next(a);
		b = wn_json_next(b);
	}
	return !a && !b;
}

/* Members of b by name; large objects through a map, so that it stays linear. */
static bool
equal_objects(const struct wn_json *a, const struct wn_json *b)
{
	size_t n = wn_json_len(a);
	struct wn_map names;
	bool equal = true;

	if (n != wn_json_len(b))
		return false;
	wn_map_init(&names);
	if (n > SMALL_OBJECT)
		for (cJSON *c = node(b)->child; c; c = c->next)
			wn_map_set(&names, wn_str(c->string), c);
	for (cJSON *c = node(a)->child; c && equal; c = c->next) {
		const struct wn_json *other = n > SMALL_OBJECT
						      ? wn_map_get(&names, wn_str(c->string))
						      : wn_json_get(b, c->string);

		equal = other && wn_json_equal(json(c), other);
	}
	wn_map_fini(&names, NULL);
	return equal;
}

bool
wn_json_equal(const struct wn_json *a, const struct wn_json *b)
{
	enum wn_json_type type = wn_json_type(a);

	if (type != wn_json_type(b))
		return false;
	switch (type) {
	case WN_JSON_BOOL:
		return wn_json_bool(a, false) == wn_json_bool(b, false);
	case WN_JSON_NUMBER:
		return node(a)->valuedouble == node(b)->valuedouble;
	case WN_JSON_STRING:
		return strcmp(node(a)->valuestring, node(b)->valuestring) == 0;
	case WN_JSON_ARRAY:
		return equal_arrays(a, b);
	case WN_JSON_OBJECT:
		return equal_objects(a, b);
	default:
		return true;
	}
}

/* --- building --------------------------------------------------------------- */

struct wn_json *
wn_json_new_null(void)
{
	return made(cJSON_CreateNull());
}

struct wn_json *
wn_json_new_bool(bool v)
{
	return made(cJSON_CreateBool(v));
}

struct wn_json *
wn_json_new_num(double v)
{
	return made(cJSON_CreateNumber(v));
}

/* A copy of valid UTF-8 up to the first NUL. */
static char *
clean_text(struct wn_str s)
{
	char *copy, *to;
	size_t bad = 0;

	s.len = s.len ? strnlen(s.p, s.len) : 0;
	for (size_t i = wn_utf8_check(s.p, s.len); i < s.len;
	     i += 1 + wn_utf8_check(s.p + i + 1, s.len - i - 1))
		bad++;
	copy = to = wn_alloc(s.len + 2 * bad + 1);
	for (size_t i = 0; i < s.len;) {
		size_t n = bad ? wn_utf8_check(s.p + i, s.len - i) : s.len;

		memcpy(to, s.p + i, n);
		to += n;
		i += n;
		if (i < s.len) {
			to += wn_utf8_encode(0xFFFD, to);
			i++;
		}
	}
	return copy;
}

struct wn_json *
wn_json_new_str(struct wn_str s)
{
	char *text = clean_text(s);
	cJSON *c = cJSON_CreateString(text);

	wn_free(text);
	return made(c);
}

struct wn_json *
wn_json_new_array(void)
{
	return made(cJSON_CreateArray());
}

struct wn_json *
wn_json_new_object(void)
{
	return made(cJSON_CreateObject());
}

struct wn_json *
wn_json_push(struct wn_json *array, struct wn_json *v)
{
	if (wn_json_type(array) != WN_JSON_ARRAY || !v) {
		wn_json_free(v);
		return NULL;
	}
	cJSON_AddItemToArray(node(array), node(v));
	return v;
}

struct wn_json *
wn_json_set(struct wn_json *object, const char *key, struct wn_json *v)
{
	cJSON *old, *c = node(v);
	char *name;

	if (wn_json_type(object) != WN_JSON_OBJECT || !key || !v) {
		wn_json_free(v);
		return NULL;
	}
	name = clean_text(wn_str(key));
	old = node(wn_json_get(object, name));
	if (!old) {
		if (!cJSON_AddItemToObject(node(object), name, c))
			abort();
		wn_free(name);
		return v;
	}
	if (old != c) {
		/* The name moves over from the value that goes. */
		wn_free(c->string);
		c->string = old->string;
		old->string = NULL;
		cJSON_ReplaceItemViaPointer(node(object), old, c);
	}
	wn_free(name);
	return v;
}

void
wn_json_set_str(struct wn_json *object, const char *key, const char *v)
{
	wn_json_set(object, key, v ? wn_json_new_str(wn_str(v)) : wn_json_new_null());
}

void
wn_json_set_num(struct wn_json *object, const char *key, double v)
{
	wn_json_set(object, key, wn_json_new_num(v));
}

void
wn_json_set_bool(struct wn_json *object, const char *key, bool v)
{
	wn_json_set(object, key, wn_json_new_bool(v));
}

void
wn_json_set_i64s(struct wn_json *object, const char *key, int64_t v)
{
	char *text = wn_asprintf("%lld", (long long)v);

	wn_json_set_str(object, key, text);
	wn_free(text);
}

void
wn_json_remove(struct wn_json *object, const char *key)
{
	cJSON *c = node(wn_json_get(object, key));

	if (c)
		cJSON_Delete(cJSON_DetachItemViaPointer(node(object), c));
}

struct wn_json *
wn_json_mut(const struct wn_json *j)
{
	return json(node(j));
}
