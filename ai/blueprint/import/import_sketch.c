/*
 * What all readers put into the sketch: entities, fields, values, links; and the list of what was
 * lost.
 */
#include <stdarg.h>

#include "ai/blueprint/compose/compose_priv.h"
#include "ai/blueprint/import/import_priv.h"

#define LOST_MAX 2000
#define FIELDS_MAX 120
#define ENTITIES_MAX 150
#define LINKS_MAX 600
#define VALUES_MAX 200

void
import_lost(struct import *im, size_t line, const char *fmt, ...)
{
	va_list ap;

	if (im->out->lost.len >= LOST_MAX)
		return;
	va_start(ap, fmt);
	wn_vec_push(&im->out->lost,
		    (struct blueprint_lost){ line, wn_arena_vprintf(im->arena, fmt, ap) });
	va_end(ap);
}

const char *
import_text(struct import *im, struct wn_str s)
{
	size_t n = s.len < 200 ? s.len : 200;

	while (n > 0 && n < s.len && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return wn_arena_strndup(im->arena, s.p, n);
}

static bool
has_lower(const char *s)
{
	for (; *s; s++)
		if (*s >= 'a' && *s <= 'z')
			return true;
	return false;
}

/* "ORDER_ITEMS", "order items", "OrderItem" become orderItem(s); never empty. */
const char *
import_name(struct import *im, const char *raw, bool singular)
{
	bool lower = has_lower(raw), up = false;
	struct wn_buf b;
	const char *out;

	wn_buf_init(&b, 100);
	for (const char *p = raw; *p && b.len < 50; p++) {
		char c = *p;
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!letter && !(c >= '0' && c <= '9' && b.len)) {
			up = b.len > 0;
			continue;
		}
		if (c >= 'A' && c <= 'Z' && (!lower || b.len == 0))
			c = (char)(c + 32);
		if (up && c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		up = false;
		(void)wn_buf_chr(&b, c);
	}
	out = b.len ? wn_arena_strdup(im->arena, b.p)
		    : wn_arena_printf(im->arena, "x%zu", im->out->entities + im->out->fields + 1);
	wn_buf_fini(&b);
	return singular ? compose_singular(im->arena, out) : out;
}

struct wn_json *
import_find(const struct import *im, const char *raw)
{
	for (const struct wn_json *e = wn_json_first(im->entities); e; e = wn_json_next(e))
		if (!strcmp(wn_json_get_str(e, "source", ""), raw))
			return wn_json_mut(e);
	return NULL;
}

static bool
name_is_used(const struct import *im, const char *name)
{
	for (const struct wn_json *e = wn_json_first(im->entities); e; e = wn_json_next(e))
		if (!strcmp(wn_json_get_str(e, "name", ""), name))
			return true;
	return false;
}

struct wn_json *
import_entity(struct import *im, const char *raw, size_t line)
{
	const char *name = import_name(im, raw, true);
	struct wn_json *e = import_find(im, raw);

	if (e) {
		import_lost(im, line, "%s is there twice; the two became one", raw);
		return e;
	}
	if (wn_json_len(im->entities) >= ENTITIES_MAX) {
		import_lost(im, line, "%s: there are more than %d things", raw, ENTITIES_MAX);
		return NULL;
	}
	for (int n = 2; name_is_used(im, name); n++)
		name = wn_arena_printf(im->arena, "%s%d", import_name(im, raw, true), n);
	e = wn_json_push(im->entities, wn_json_new_object());
	wn_json_set_str(e, "name", name);
	wn_json_set_str(e, "source", raw);
	wn_json_set_str(e, "access", "library");
	(void)wn_json_set(e, "fields", wn_json_new_array());
	(void)wn_json_set(e, "belongs", wn_json_new_array());
	im->out->entities++;
	return e;
}

struct wn_json *
import_named_field(const struct wn_json *entity, const char *name)
{
	for (const struct wn_json *f = wn_json_first(wn_json_get(entity, "fields")); f;
	     f = wn_json_next(f))
		if (!strcmp(wn_json_get_str(f, "name", ""), name))
			return wn_json_mut(f);
	return NULL;
}

/* Every row has these anyway. */
static bool
is_own(const char *name)
{
	return !strcmp(name, "id") || !strcmp(name, "createdAt") || !strcmp(name, "updatedAt") ||
	       !strcmp(name, "createdDate") || !strcmp(name, "lastModifiedDate");
}

struct wn_json *
import_field(struct import *im, struct wn_json *entity, const char *raw, const char *type,
	     size_t line)
{
	const char *name = import_name(im, raw, false);
	struct wn_json *f, *list = wn_json_mut(wn_json_get(entity, "fields"));

	if (!entity || is_own(name))
		return NULL;
	if (!strcmp(name, "deletedAt")) {
		wn_json_set_bool(entity, "softDelete", true);
		return NULL;
	}
	if (import_named_field(entity, name) || wn_json_len(list) >= FIELDS_MAX) {
		import_lost(im, line, "%s.%s: %s", wn_json_get_str(entity, "source", "?"), raw,
			    wn_json_len(list) >= FIELDS_MAX ? "there are too many fields"
							    : "another field has its name");
		return NULL;
	}
	f = wn_json_push(list, wn_json_new_object());
	wn_json_set_str(f, "name", name);
	wn_json_set_str(f, "type", type);
	im->out->fields++;
	return f;
}

static bool
ends(const char *s, const char *end)
{
	return wn_str_has_suffix(wn_str(s), wn_str(end));
}

const char *
import_refine(const char *type, const char *raw)
{
	static const struct {
		const char *of, *ending, *type;
	} known[] = {
		{ "string", "email", "email" },	  { "string", "Email", "email" },
		{ "string", "e_mail", "email" },  { "string", "url", "url" },
		{ "string", "Url", "url" },	  { "string", "website", "url" },
		{ "string", "phone", "phone" },	  { "string", "Phone", "phone" },
		{ "decimal", "price", "money" },  { "decimal", "Price", "money" },
		{ "decimal", "amount", "money" }, { "decimal", "Amount", "money" },
		{ "decimal", "total", "money" },  { "decimal", "Total", "money" },
		{ "decimal", "cost", "money" },	  { "decimal", "fee", "money" },
		{ "decimal", "salary", "money" }, { "decimal", "Salary", "money" },
	};
	const char *of = !strcmp(type, "text") ? "string" : type;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (!strcmp(of, known[i].of) && ends(raw, known[i].ending))
			return known[i].type;
	return type;
}

/* --- values ------------------------------------------------------------------------------ */

static bool
is_value(struct wn_str v)
{
	for (size_t i = 0; i < v.len; i++) {
		char c = v.p[i];
		bool word =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (!word && !(i > 0 && (c == '_' || c == '.' || c == '-')))
			return false;
	}
	return v.len > 0 && v.len <= 60;
}

void
import_enum_value(struct import *im, const char *name, struct wn_str value, size_t line)
{
	struct wn_json *list = wn_json_mut(wn_json_get(im->enums, name));

	if (!list)
		list = wn_json_set(im->enums, name, wn_json_new_array());
	if (!is_value(value) || wn_json_len(list) >= VALUES_MAX) {
		import_lost(im, line,
			    "the value \"%s\" of %s: values are letters, digits, _ . and -",
			    import_text(im, value), name);
		return;
	}
	for (const struct wn_json *v = wn_json_first(list); v; v = wn_json_next(v))
		if (wn_str_is(value, wn_json_get_str(v, "value", "")))
			return;
	(void)wn_json_set(wn_json_push(list, wn_json_new_object()), "value",
			  wn_json_new_str(value));
}

void
import_use_enum(struct import *im, struct wn_json *field, const char *name)
{
	const struct wn_json *list = wn_json_get(im->enums, name);

	if (!wn_json_first(list)) {
		wn_json_set_str(field, "type", "string");
		return;
	}
	wn_json_set_str(field, "type", "enum");
	(void)wn_json_set(field, "values", wn_json_copy(list));
}

static bool
has_value(const struct wn_json *field, struct wn_str value)
{
	const struct wn_json *v = wn_json_first(wn_json_get(field, "values"));

	for (; v; v = wn_json_next(v))
		if (wn_str_is(value, wn_json_get_str(v, "value", "")))
			return true;
	return false;
}

void
import_default(struct import *im, struct wn_json *field, struct wn_str value, size_t line)
{
	const char *type = wn_json_get_str(field, "type", "");
	int64_t n;

	if (!strcmp(type, "bool") && (wn_str_is(value, "true") || wn_str_is(value, "false") ||
				      wn_str_is(value, "1") || wn_str_is(value, "0")))
		wn_json_set_bool(field, "default",
				 wn_str_is(value, "true") || wn_str_is(value, "1"));
	else if (!strcmp(type, "int") && wn_str_i64(value, &n) && n > -1000000000 && n < 1000000000)
		wn_json_set_num(field, "default", (double)n);
	else if (!strcmp(type, "enum") && has_value(field, value))
		(void)wn_json_set(field, "default", wn_json_new_str(value));
	else if (!strcmp(type, "string") && value.len > 0 && value.len < 100)
		(void)wn_json_set(field, "default", wn_json_new_str(value));
	else
		import_lost(im, line, "the default of %s: %s", wn_json_get_str(field, "name", "?"),
			    import_text(im, value));
}

void
import_link_add(struct import *im, struct import_link link)
{
	if (im->links.len < LINKS_MAX)
		wn_vec_push(&im->links, link);
	else
		import_lost(im, link.line, "%s.%s: there are too many relations", link.from,
			    link.name);
}
