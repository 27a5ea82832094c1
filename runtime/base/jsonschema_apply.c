/*
 * Keywords that apply schemas to the children of an array or object, and the two that look
 * at what no other keyword has evaluated.
 */
#include "runtime/base/jsonschema_eval.h"

#define EVAL(name) bool name(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)

/* Applies a schema to one child and marks it as evaluated. */
static bool
child(struct js_run *r, const struct js_frame *f, const struct js_node *n,
      const struct wn_json *value, size_t index)
{
	struct js_at at = { f->at, wn_json_key(value), index };
	js_mark(r, f, index);
	return js_eval(r, n, value, &at, f, NULL);
}

/* One more failure was seen: whether to go on and look for others. */
static bool
go_on(const struct js_run *r, bool valid)
{
	return valid || (r->collect && !r->fatal);
}

EVAL(js_e_prefix_items)
{
	bool valid = true;
	size_t i = 0;
	if (wn_json_type(f->inst) != WN_JSON_ARRAY)
		return true;
	for (const struct wn_json *c = wn_json_first(f->inst);
	     c && i < kw->list.n && go_on(r, valid); c = wn_json_next(c), i++)
		valid &= child(r, f, kw->list.p[i], c, i);
	return valid;
}

EVAL(js_e_items)
{
	bool valid = true;
	size_t i = 0;
	if (wn_json_type(f->inst) != WN_JSON_ARRAY)
		return true;
	for (const struct wn_json *c = wn_json_first(f->inst); c && go_on(r, valid);
	     c = wn_json_next(c), i++)
		if (i >= kw->count)
			valid &= child(r, f, kw->sub, c, i);
	return valid;
}

EVAL(js_e_contains)
{
	size_t i = 0, hits = 0;
	if (wn_json_type(f->inst) != WN_JSON_ARRAY)
		return true;
	for (const struct wn_json *c = wn_json_first(f->inst); c && !r->fatal;
	     c = wn_json_next(c), i++) {
		struct js_at at = { f->at, NULL, i };
		if (!js_probe(r, kw->sub, c, &at, f, NULL))
			continue;
		js_mark(r, f, i);
		hits++;
	}
	if (r->fatal)
		return false;
	if (hits < kw->count)
		return js_fail(r, f, kw,
			       "Expected at least %zu item%s of a certain kind, found %zu.",
			       kw->count, kw->count == 1 ? "" : "s", hits);
	if (hits > kw->count2)
		return js_fail(r, f, kw,
			       "Expected at most %zu item%s of a certain kind, found %zu.",
			       kw->count2, kw->count2 == 1 ? "" : "s", hits);
	return true;
}

EVAL(js_e_properties)
{
	bool valid = true;
	size_t i = 0;
	if (wn_json_type(f->inst) != WN_JSON_OBJECT)
		return true;
	for (const struct wn_json *c = wn_json_first(f->inst); c && go_on(r, valid);
	     c = wn_json_next(c), i++) {
		struct js_node *n = wn_map_get(kw->map, wn_str(wn_json_key(c)));
		if (n)
			valid &= child(r, f, n, c, i);
	}
	return valid;
}

static bool
matches(struct js_run *r, const struct wn_regex *re, const char *key)
{
	int found = wn_regex_match(re, wn_str(key));
	if (found < 0)
		return js_fatal(r, found, "A pattern took too many steps to match.");
	return found == 1;
}

EVAL(js_e_pattern_properties)
{
	bool valid = true;
	size_t i = 0;
	if (wn_json_type(f->inst) != WN_JSON_OBJECT)
		return true;
	for (const struct wn_json *c = wn_json_first(f->inst); c && go_on(r, valid);
	     c = wn_json_next(c), i++)
		for (size_t k = 0; k < kw->list.n && go_on(r, valid); k++)
			if (matches(r, kw->regex[k], wn_json_key(c)))
				valid &= child(r, f, kw->list.p[k], c, i);
	return valid && !r->fatal;
}

static bool
is_additional(struct js_run *r, const struct js_kw *kw, const char *key)
{
	if (kw->properties && wn_map_has(kw->properties->map, wn_str(key)))
		return false;
	if (kw->patterns)
		for (size_t k = 0; k < kw->patterns->list.n; k++)
			if (matches(r, kw->patterns->regex[k], key))
				return false;
	return true;
}

/* The schema false says nothing by itself: name the member that is too much. */
static bool
forbidden(struct js_run *r, const struct js_frame *f, const struct js_kw *kw,
	  const struct wn_json *c, size_t index)
{
	struct js_at at = { f->at, wn_json_key(c), index };
	struct js_frame here = *f;
	here.at = &at;
	if (wn_json_key(c))
		return js_fail(r, &here, kw, "Expected no member \"%s\" here, found %s.",
			       wn_json_key(c), js_show(r, c));
	return js_fail(r, &here, kw, "Expected no further item, found %s.", js_show(r, c));
}

static bool
is_false(const struct js_node *n)
{
	return wn_json_type(n->json) == WN_JSON_BOOL && !wn_json_bool(n->json, true);
}

static bool
rest_child(struct js_run *r, const struct js_frame *f, const struct js_kw *kw,
	   const struct wn_json *c, size_t index)
{
	if (is_false(kw->sub))
		return forbidden(r, f, kw, c, index);
	return child(r, f, kw->sub, c, index);
}

EVAL(js_e_additional)
{
	bool valid = true;
	size_t i = 0;
	if (wn_json_type(f->inst) != WN_JSON_OBJECT)
		return true;
	for (const struct wn_json *c = wn_json_first(f->inst); c && go_on(r, valid);
	     c = wn_json_next(c), i++)
		if (is_additional(r, kw, wn_json_key(c)))
			valid &= rest_child(r, f, kw, c, i);
	return valid && !r->fatal;
}

EVAL(js_e_property_names)
{
	bool valid = true;
	if (wn_json_type(f->inst) != WN_JSON_OBJECT)
		return true;
	for (const struct wn_json *c = wn_json_first(f->inst); c && go_on(r, valid);
	     c = wn_json_next(c)) {
		struct js_at at = { f->at, wn_json_key(c), 0 };
		struct wn_json *name = wn_json_new_str(wn_str(wn_json_key(c)));
		valid &= js_eval(r, kw->sub, name, &at, f, NULL);
		wn_json_free(name);
	}
	return valid;
}

static bool
unevaluated(struct js_run *r, const struct js_frame *f, const struct js_kw *kw,
	    enum wn_json_type type)
{
	bool valid = true;
	size_t i = 0;
	if (wn_json_type(f->inst) != type)
		return true;
	for (const struct wn_json *c = wn_json_first(f->inst); c && go_on(r, valid);
	     c = wn_json_next(c), i++)
		if (!r->marks.p[f->marks->at + i])
			valid &= rest_child(r, f, kw, c, i);
	js_mark_all(r, f);
	return valid;
}

EVAL(js_e_unevaluated_items)
{
	return unevaluated(r, f, kw, WN_JSON_ARRAY);
}

EVAL(js_e_unevaluated_properties)
{
	return unevaluated(r, f, kw, WN_JSON_OBJECT);
}
