/*
 * The validation vocabulary: keywords that judge one value and apply no schema. A keyword
 * ignores values of types that it does not speak of.
 */
#include <stdio.h>

#include "runtime/base/jsonschema_eval.h"
#include "runtime/base/utf8.h"

#define EVAL(name) bool name(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)

static bool
is(const struct js_frame *f, enum wn_json_type type)
{
	return wn_json_type(f->inst) == type;
}

EVAL(js_e_type)
{
	static const char *const words[] = { "null",	 "a boolean", "a number", "an integer",
					     "a string", "an array",  "an object" };
	if (js_types_of(f->inst) & kw->types)
		return true;
	char text[120] = "";
	size_t n = 0;
	for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
		if (kw->types & (1u << i))
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? " or " : "",
					      words[i]);
	return js_fail(r, f, kw, "Expected %s, found %s.", text, js_show(r, f->inst));
}

EVAL(js_e_const)
{
	return wn_json_equal(f->inst, kw->val) ||
	       js_fail(r, f, kw, "Expected exactly %s, found %s.",
		       r->collect ? js_show_text(r, kw->val) : "", js_show(r, f->inst));
}

static const char *
list_values(struct js_run *r, const struct wn_json *values)
{
	struct wn_buf b;
	size_t n = 0;
	if (!r->collect)
		return "";
	wn_buf_init(&b, 4096);
	for (const struct wn_json *v = wn_json_first(values); v; v = wn_json_next(v), n++) {
		if (n >= 12) {
			(void)wn_buf_printf(&b, " and %zu more", wn_json_len(values) - n);
			break;
		}
		(void)wn_buf_printf(&b, "%s%s", n ? ", " : "", js_show_text(r, v));
	}
	const char *out = wn_arena_strndup(r->text, b.p ? b.p : "", b.len);
	wn_buf_fini(&b);
	return out;
}

EVAL(js_e_enum)
{
	for (const struct wn_json *v = wn_json_first(kw->val); v; v = wn_json_next(v))
		if (wn_json_equal(f->inst, v))
			return true;
	return js_fail(r, f, kw, "Expected one of %s, found %s.", list_values(r, kw->val),
		       js_show(r, f->inst));
}

EVAL(js_e_multiple_of)
{
	return !is(f, WN_JSON_NUMBER) || js_multiple_of(wn_json_num(f->inst, 0), kw->num) ||
	       js_fail(r, f, kw, "Expected a multiple of %.15g, found %s.", kw->num,
		       js_show(r, f->inst));
}

EVAL(js_e_maximum)
{
	return !is(f, WN_JSON_NUMBER) || wn_json_num(f->inst, 0) <= kw->num ||
	       js_fail(r, f, kw, "Expected at most %.15g, found %s.", kw->num, js_show(r, f->inst));
}

EVAL(js_e_exclusive_maximum)
{
	return !is(f, WN_JSON_NUMBER) || wn_json_num(f->inst, 0) < kw->num ||
	       js_fail(r, f, kw, "Expected less than %.15g, found %s.", kw->num,
		       js_show(r, f->inst));
}

EVAL(js_e_minimum)
{
	return !is(f, WN_JSON_NUMBER) || wn_json_num(f->inst, 0) >= kw->num ||
	       js_fail(r, f, kw, "Expected at least %.15g, found %s.", kw->num,
		       js_show(r, f->inst));
}

EVAL(js_e_exclusive_minimum)
{
	return !is(f, WN_JSON_NUMBER) || wn_json_num(f->inst, 0) > kw->num ||
	       js_fail(r, f, kw, "Expected more than %.15g, found %s.", kw->num,
		       js_show(r, f->inst));
}

/* Length in code points. */
static size_t
length(const struct js_frame *f)
{
	return wn_utf8_count(wn_str(wn_json_str(f->inst, "")));
}

EVAL(js_e_max_length)
{
	return !is(f, WN_JSON_STRING) || length(f) <= kw->count ||
	       js_fail(r, f, kw, "Expected at most %zu character%s, found %zu.", kw->count,
		       kw->count == 1 ? "" : "s", length(f));
}

EVAL(js_e_min_length)
{
	return !is(f, WN_JSON_STRING) || length(f) >= kw->count ||
	       js_fail(r, f, kw, "Expected at least %zu character%s, found %zu.", kw->count,
		       kw->count == 1 ? "" : "s", length(f));
}

EVAL(js_e_pattern)
{
	if (!is(f, WN_JSON_STRING))
		return true;
	int found = wn_regex_match(kw->regex[0], wn_str(wn_json_str(f->inst, "")));
	if (found == 1)
		return true;
	if (found < 0)
		return js_fatal(r, found, "A pattern took too many steps to match.");
	return js_fail(r, f, kw, "Expected text that matches the pattern %s, found %s.",
		       wn_json_str(kw->val, ""), js_show(r, f->inst));
}

EVAL(js_e_format)
{
	return !is(f, WN_JSON_STRING) || kw->format(wn_str(wn_json_str(f->inst, ""))) ||
	       js_fail(r, f, kw, "Expected text in the format \"%s\", found %s.",
		       wn_json_str(kw->val, ""), js_show(r, f->inst));
}

EVAL(js_e_max_items)
{
	return !is(f, WN_JSON_ARRAY) || wn_json_len(f->inst) <= kw->count ||
	       js_fail(r, f, kw, "Expected at most %zu item%s, found %zu.", kw->count,
		       kw->count == 1 ? "" : "s", wn_json_len(f->inst));
}

EVAL(js_e_min_items)
{
	return !is(f, WN_JSON_ARRAY) || wn_json_len(f->inst) >= kw->count ||
	       js_fail(r, f, kw, "Expected at least %zu item%s, found %zu.", kw->count,
		       kw->count == 1 ? "" : "s", wn_json_len(f->inst));
}

EVAL(js_e_unique)
{
	size_t a, b;
	return !is(f, WN_JSON_ARRAY) || js_unique(f->inst, &a, &b) ||
	       js_fail(r, f, kw, "Expected no two equal items, found that items %zu and %zu are.",
		       a, b);
}

EVAL(js_e_max_properties)
{
	return !is(f, WN_JSON_OBJECT) || wn_json_len(f->inst) <= kw->count ||
	       js_fail(r, f, kw, "Expected at most %zu member%s, found %zu.", kw->count,
		       kw->count == 1 ? "" : "s", wn_json_len(f->inst));
}

EVAL(js_e_min_properties)
{
	return !is(f, WN_JSON_OBJECT) || wn_json_len(f->inst) >= kw->count ||
	       js_fail(r, f, kw, "Expected at least %zu member%s, found %zu.", kw->count,
		       kw->count == 1 ? "" : "s", wn_json_len(f->inst));
}

EVAL(js_e_required)
{
	bool valid = true;
	if (!is(f, WN_JSON_OBJECT))
		return true;
	for (const struct wn_json *v = wn_json_first(kw->val); v; v = wn_json_next(v)) {
		const char *name = wn_json_str(v, NULL);
		if (!name || wn_json_get(f->inst, name))
			continue;
		valid = js_fail(r, f, kw, "Expected the member \"%s\", found none.", name);
		if (!r->collect)
			break;
	}
	return valid;
}

EVAL(js_e_dependent_required)
{
	bool valid = true;
	if (!is(f, WN_JSON_OBJECT))
		return true;
	for (const struct wn_json *m = wn_json_first(kw->val); m; m = wn_json_next(m)) {
		if (!wn_json_get(f->inst, wn_json_key(m)) || wn_json_type(m) != WN_JSON_ARRAY)
			continue;
		for (const struct wn_json *v = wn_json_first(m); v; v = wn_json_next(v)) {
			const char *name = wn_json_str(v, NULL);
			if (name && !wn_json_get(f->inst, name))
				valid = js_fail(
					r, f, kw,
					"Expected the member \"%s\" beside \"%s\", found none.",
					name, wn_json_key(m));
		}
	}
	return valid;
}
