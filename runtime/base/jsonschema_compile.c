/*
 * Turns schema nodes into lists of keywords with references resolved and patterns compiled.
 * Works through a queue, so reference chains and cycles cost no stack. A keyword with a
 * value of the wrong type is skipped here: the meta-schema has the word on that.
 */
#include "runtime/base/jsonschema_priv.h"
#include "runtime/base/jsonschema_eval.h"

#define VOCAB_URI "https://json-schema.org/draft/2020-12/vocab/"

void
js_want(struct wn_schema_set *s, struct js_node *n)
{
	if (n->queued)
		return;
	n->queued = n->res->used = true;
	wn_vec_push(&s->todo, n);
}

static struct js_node *
sub_node(struct wn_schema_set *s, const struct wn_json *json)
{
	struct js_node *n = json ? js_node_at(s, json) : NULL;
	if (n)
		js_want(s, n);
	return n;
}

#define COMPILE(name)                                                                    \
	static wn_err name(struct wn_schema_set *s, struct js_node *n, struct js_kw *kw, \
			   struct wn_diag *d)
#define UNUSED() ((void)s, (void)n, (void)kw, (void)d)
/* Tells compile_node() to leave the keyword out. */
#define SKIP 1

COMPILE(c_ref)
{
	const char *ref = wn_json_str(kw->val, NULL);
	if (!ref)
		return SKIP;
	wn_err err = js_resolve(s, n->res, ref, &kw->sub, d);
	if (err)
		return err;
	js_want(s, kw->sub);
	return WN_OK;
}

COMPILE(c_dynamic_ref)
{
	wn_err err = c_ref(s, n, kw, d);
	if (err)
		return err;
	const char *hash = strchr(wn_json_str(kw->val, ""), '#');
	if (!hash || wn_map_get(&kw->sub->res->dynamic, wn_str(hash + 1)) != kw->sub)
		return WN_OK; /* behaves like $ref */
	kw->anchor = hash + 1;
	wn_vec_push(&s->dynamic, kw->anchor);
	return WN_OK;
}

COMPILE(c_type)
{
	UNUSED();
	const struct wn_json *v = kw->val;
	if (wn_json_type(v) == WN_JSON_STRING)
		kw->types = js_type_bit(wn_json_str(v, ""));
	else
		for (v = wn_json_first(v); v; v = wn_json_next(v))
			kw->types |= js_type_bit(wn_json_str(v, ""));
	return kw->types ? WN_OK : SKIP;
}

COMPILE(c_number)
{
	UNUSED();
	kw->num = wn_json_num(kw->val, 0);
	return wn_json_type(kw->val) == WN_JSON_NUMBER ? WN_OK : SKIP;
}

COMPILE(c_multiple)
{
	wn_err err = c_number(s, n, kw, d);
	return err ? err : kw->num > 0 ? WN_OK : SKIP;
}

COMPILE(c_count)
{
	double v = wn_json_num(kw->val, -1);
	UNUSED();
	if (!(v >= 0))
		return SKIP;
	kw->count = v >= 9e15 ? (size_t)9000000000000000 : (size_t)v;
	return WN_OK;
}

COMPILE(c_any)
{
	UNUSED();
	return WN_OK;
}

COMPILE(c_array)
{
	UNUSED();
	return wn_json_type(kw->val) == WN_JSON_ARRAY ? WN_OK : SKIP;
}

COMPILE(c_object)
{
	UNUSED();
	return wn_json_type(kw->val) == WN_JSON_OBJECT ? WN_OK : SKIP;
}

COMPILE(c_true)
{
	UNUSED();
	return wn_json_bool(kw->val, false) ? WN_OK : SKIP;
}

static wn_err
add_regex(struct wn_schema_set *s, struct js_node *n, const char *name, const char *pattern,
	  struct wn_regex **out, struct wn_diag *d)
{
	wn_err err = wn_regex_new(wn_str(pattern), out, d);
	if (err) {
		wn_fail_where(d, "%s#%s/%s", n->res->uri, n->pointer, name);
		return err;
	}
	wn_vec_push(&s->regexes, *out);
	return WN_OK;
}

COMPILE(c_pattern)
{
	const char *text = wn_json_str(kw->val, NULL);
	if (!text)
		return SKIP;
	kw->regex = wn_arena_array(&s->arena, 1, sizeof *kw->regex);
	return add_regex(s, n, kw->name, text, kw->regex, d);
}

COMPILE(c_format)
{
	UNUSED();
	kw->format = js_format(wn_json_str(kw->val, ""));
	if (!kw->format || !(s->opts.assert_format || (n->res->dialect & JS_FORMAT_ASSERT)))
		return SKIP;
	return WN_OK;
}

COMPILE(c_sub)
{
	UNUSED();
	kw->sub = sub_node(s, kw->val);
	return kw->sub ? WN_OK : SKIP;
}

COMPILE(c_list)
{
	UNUSED();
	size_t i = 0;
	kw->list.p = wn_arena_array(&s->arena, wn_json_len(kw->val) + 1, sizeof *kw->list.p);
	for (const struct wn_json *c = wn_json_first(kw->val); c; c = wn_json_next(c)) {
		struct js_node *sub = sub_node(s, c);
		if (!sub)
			return SKIP;
		kw->list.p[i++] = sub;
	}
	kw->list.n = i;
	return wn_json_type(kw->val) == WN_JSON_ARRAY && i > 0 ? WN_OK : SKIP;
}

COMPILE(c_map)
{
	UNUSED();
	if (wn_json_type(kw->val) != WN_JSON_OBJECT)
		return SKIP;
	kw->map = WN_ARENA_NEW(&s->arena, struct wn_map);
	wn_map_init(kw->map);
	wn_vec_push(&s->maps, kw->map);
	for (const struct wn_json *c = wn_json_first(kw->val); c; c = wn_json_next(c)) {
		struct js_node *sub = sub_node(s, c);
		if (sub)
			wn_map_set(kw->map, wn_str(wn_json_key(c)), sub);
	}
	return WN_OK;
}

COMPILE(c_patterns)
{
	size_t i = 0, max = wn_json_len(kw->val) + 1;
	if (wn_json_type(kw->val) != WN_JSON_OBJECT)
		return SKIP;
	kw->list.p = wn_arena_array(&s->arena, max, sizeof *kw->list.p);
	kw->regex = wn_arena_array(&s->arena, max, sizeof *kw->regex);
	for (const struct wn_json *c = wn_json_first(kw->val); c; c = wn_json_next(c)) {
		kw->list.p[i] = sub_node(s, c);
		if (!kw->list.p[i])
			continue;
		wn_err err = add_regex(s, n, kw->name, wn_json_key(c), &kw->regex[i], d);
		if (err)
			return err;
		i++;
	}
	kw->list.n = i;
	return WN_OK;
}

/* The keyword compiled so far under a name, or NULL. */
static const struct js_kw *
sibling(const struct js_node *n, const char *name)
{
	for (size_t i = 0; i < n->n; i++)
		if (!strcmp(n->kws[i].name, name))
			return &n->kws[i];
	return NULL;
}

COMPILE(c_additional)
{
	kw->properties = sibling(n, "properties");
	kw->patterns = sibling(n, "patternProperties");
	return c_sub(s, n, kw, d);
}

COMPILE(c_items)
{
	if (!(n->res->dialect & JS_2019))
		kw->count = wn_json_len(wn_json_get(n->json, "prefixItems"));
	return c_sub(s, n, kw, d);
}

COMPILE(c_contains)
{
	const struct wn_json *min = NULL, *max = NULL;
	if (n->res->dialect & JS_VALIDATION) {
		min = wn_json_get(n->json, "minContains");
		max = wn_json_get(n->json, "maxContains");
	}
	kw->num = wn_json_num(min, 1);
	kw->count = kw->num > 9e15 || !(kw->num >= 0) ? SIZE_MAX : (size_t)kw->num;
	kw->num = wn_json_num(max, -1);
	kw->count2 = kw->num < 0 || kw->num > 9e15 ? SIZE_MAX : (size_t)kw->num;
	return c_sub(s, n, kw, d);
}

COMPILE(c_if)
{
	kw->list.p = wn_arena_array(&s->arena, 2, sizeof *kw->list.p);
	kw->list.n = 2;
	kw->list.p[0] = sub_node(s, wn_json_get(n->json, "else"));
	kw->list.p[1] = sub_node(s, wn_json_get(n->json, "then"));
	return c_sub(s, n, kw, d);
}

COMPILE(c_unevaluated)
{
	n->unevaluated = true;
	return c_sub(s, n, kw, d);
}

/* Order matters: annotations come before the keywords that read them. */
const struct js_keyword js_keywords[] = {
	{ "$ref", JS_CORE, JS_NONE, js_e_ref, c_ref },
	{ "$dynamicRef", JS_CORE, JS_NONE, js_e_dynamic_ref, c_dynamic_ref },
	{ "$defs", JS_CORE, JS_MAP, NULL, NULL },
	{ "definitions", JS_CORE, JS_MAP, NULL, NULL },
	{ "type", JS_VALIDATION, JS_NONE, js_e_type, c_type },
	{ "const", JS_VALIDATION, JS_NONE, js_e_const, c_any },
	{ "enum", JS_VALIDATION, JS_NONE, js_e_enum, c_array },
	{ "multipleOf", JS_VALIDATION, JS_NONE, js_e_multiple_of, c_multiple },
	{ "maximum", JS_VALIDATION, JS_NONE, js_e_maximum, c_number },
	{ "exclusiveMaximum", JS_VALIDATION, JS_NONE, js_e_exclusive_maximum, c_number },
	{ "minimum", JS_VALIDATION, JS_NONE, js_e_minimum, c_number },
	{ "exclusiveMinimum", JS_VALIDATION, JS_NONE, js_e_exclusive_minimum, c_number },
	{ "maxLength", JS_VALIDATION, JS_NONE, js_e_max_length, c_count },
	{ "minLength", JS_VALIDATION, JS_NONE, js_e_min_length, c_count },
	{ "pattern", JS_VALIDATION, JS_NONE, js_e_pattern, c_pattern },
	{ "format", JS_FORMAT | JS_FORMAT_ASSERT, JS_NONE, js_e_format, c_format },
	{ "maxItems", JS_VALIDATION, JS_NONE, js_e_max_items, c_count },
	{ "minItems", JS_VALIDATION, JS_NONE, js_e_min_items, c_count },
	{ "uniqueItems", JS_VALIDATION, JS_NONE, js_e_unique, c_true },
	{ "maxProperties", JS_VALIDATION, JS_NONE, js_e_max_properties, c_count },
	{ "minProperties", JS_VALIDATION, JS_NONE, js_e_min_properties, c_count },
	{ "required", JS_VALIDATION, JS_NONE, js_e_required, c_array },
	{ "dependentRequired", JS_VALIDATION, JS_NONE, js_e_dependent_required, c_object },
	{ "prefixItems", JS_APPLICATOR, JS_LIST, js_e_prefix_items, c_list },
	{ "items", JS_APPLICATOR, JS_ONE, js_e_items, c_items },
	{ "contains", JS_APPLICATOR, JS_ONE, js_e_contains, c_contains },
	{ "properties", JS_APPLICATOR, JS_MAP, js_e_properties, c_map },
	{ "patternProperties", JS_APPLICATOR, JS_MAP, js_e_pattern_properties, c_patterns },
	{ "additionalProperties", JS_APPLICATOR, JS_ONE, js_e_additional, c_additional },
	{ "propertyNames", JS_APPLICATOR, JS_ONE, js_e_property_names, c_sub },
	{ "allOf", JS_APPLICATOR, JS_LIST, js_e_all_of, c_list },
	{ "anyOf", JS_APPLICATOR, JS_LIST, js_e_any_of, c_list },
	{ "oneOf", JS_APPLICATOR, JS_LIST, js_e_one_of, c_list },
	{ "not", JS_APPLICATOR, JS_ONE, js_e_not, c_sub },
	{ "if", JS_APPLICATOR, JS_ONE, js_e_if, c_if },
	{ "then", JS_APPLICATOR, JS_ONE, NULL, NULL },
	{ "else", JS_APPLICATOR, JS_ONE, NULL, NULL },
	{ "dependentSchemas", JS_APPLICATOR, JS_MAP, js_e_dependent_schemas, c_map },
	/* Gone from 2020-12 but still described by its meta-schema. */
	{ "dependencies", JS_APPLICATOR, JS_MAP, js_e_dependencies, c_map },
	{ "contentSchema", JS_CONTENT, JS_ONE, NULL, NULL },
	{ "unevaluatedItems", JS_UNEVALUATED, JS_ONE, js_e_unevaluated_items, c_unevaluated },
	{ "unevaluatedProperties", JS_UNEVALUATED, JS_ONE, js_e_unevaluated_properties,
	  c_unevaluated },
	{ NULL, 0, JS_NONE, NULL, NULL },
};

static wn_err
vocabulary(struct js_resource *r, const struct wn_json *v, struct wn_diag *d)
{
	static const char *const names[] = {
		"core",	     "applicator",	  "unevaluated",      "validation",
		"meta-data", "format-annotation", "format-assertion", "content"
	};
	r->dialect = JS_CORE;
	for (const struct wn_json *m = wn_json_first(v); m; m = wn_json_next(m)) {
		struct wn_str uri = wn_str(wn_json_key(m));
		bool known = false;
		if (wn_str_has_prefix(uri, WN_STR(VOCAB_URI)))
			for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
				if (!strcmp(uri.p + sizeof VOCAB_URI - 1, names[i])) {
					r->dialect |= 1u << i;
					known = true;
				}
		if (!known && wn_json_bool(m, false))
			return wn_fail(
				d, WN_E_UNSUPPORTED,
				"The schema \"%s\" needs the vocabulary \"%s\", which is unknown.",
				r->uri, uri.p);
	}
	return WN_OK;
}

wn_err
js_dialect(struct wn_schema_set *s, struct js_resource *r, struct wn_diag *d)
{
	if (r->dialect)
		return WN_OK;
	const char *meta = wn_json_get_str(r->root, "$schema", NULL);
	r->dialect = JS_STANDARD;
	if (!meta && r->parent) {
		wn_err err = js_dialect(s, r->parent, d);
		r->dialect = r->parent->dialect;
		return err;
	}
	if (!meta || !strcmp(meta, JS_META_URI) || !strcmp(meta, JS_META_URI "#"))
		return WN_OK;
	if (!strcmp(meta, JS_META_2019)) {
		r->dialect = JS_STANDARD | JS_2019;
		return WN_OK;
	}
	struct js_node *n;
	if (js_resolve(s, NULL, meta, &n, NULL) != WN_OK)
		return wn_fail(
			d, WN_E_UNSUPPORTED,
			"The schema \"%s\" is written in \"%s\", which is not among the documents.",
			r->uri, meta);
	const struct wn_json *v = wn_json_get(n->json, "$vocabulary");
	return v ? vocabulary(r, v, d) : WN_OK;
}

/* Draft 2019-09 has no prefixItems and no dynamic references; what it has instead is refused. */
static wn_err
check_2019(const struct js_node *n, struct wn_diag *d)
{
	bool tuple = wn_json_type(wn_json_get(n->json, "items")) == WN_JSON_ARRAY;
	if (!tuple && !wn_json_get(n->json, "$recursiveRef"))
		return WN_OK;
	return wn_fail(d, WN_E_UNSUPPORTED,
		       "%s of draft 2019-09 is not supported; write the schema in draft 2020-12.",
		       tuple ? "\"items\" with a list" : "\"$recursiveRef\"");
}

static bool
is_of_2020(const char *keyword)
{
	return !strcmp(keyword, "prefixItems") || !strcmp(keyword, "$dynamicRef");
}

static wn_err
compile_node(struct wn_schema_set *s, struct js_node *n, struct wn_diag *d)
{
	size_t present = 0;
	wn_err err = js_dialect(s, n->res, d);
	bool old = (n->res->dialect & JS_2019) != 0;
	if (!err && old)
		err = check_2019(n, d);
	if (err || wn_json_type(n->json) != WN_JSON_OBJECT)
		return err;
	for (const struct js_keyword *k = js_keywords; k->name; k++)
		present += k->eval && wn_json_get(n->json, k->name);
	n->kws = wn_arena_array(&s->arena, present + 1, sizeof *n->kws);
	for (const struct js_keyword *k = js_keywords; k->name; k++) {
		const struct wn_json *val = k->eval ? wn_json_get(n->json, k->name) : NULL;
		if (!val || !(n->res->dialect & k->vocab) || (old && is_of_2020(k->name)))
			continue;
		struct js_kw *kw = &n->kws[n->n];
		*kw = (struct js_kw){ .eval = k->eval, .name = k->name, .val = val };
		err = k->compile(s, n, kw, d);
		if (err < 0) {
			wn_fail_where(d, "%s#%s/%s", n->res->uri, n->pointer, k->name);
			return err;
		}
		if (err == WN_OK)
			n->n++;
	}
	return WN_OK;
}

/* Validates a document against the meta-schema that it names, once. */
static wn_err
check_document(struct wn_schema_set *s, struct js_doc *doc, struct wn_diag *d)
{
	if (doc->trusted || doc->checked)
		return WN_OK;
	doc->checked = true;
	struct js_node *root = js_node_at(s, doc->root), *meta;
	wn_err err = js_dialect(s, root->res, d);
	const char *uri = wn_json_get_str(doc->root, "$schema", JS_META_URI);
	if (!err && (root->res->dialect & JS_2019))
		return WN_OK; /* its meta-schema is not here */
	if (!err)
		err = js_resolve(s, NULL, uri, &meta, d);
	if (err)
		return err;
	/* The meta-schema is compiled now, in a queue of its own. */
	struct wn_schema_set hold = *s;
	s->todo.p = NULL;
	s->todo.len = s->todo.cap = 0;
	js_want(s, meta);
	err = js_compile_pending(s, d);
	wn_vec_fini(&s->todo);
	s->todo.p = hold.todo.p;
	s->todo.len = hold.todo.len;
	s->todo.cap = hold.todo.cap;
	if (err)
		return err;
	struct wn_schema entry = { meta, s };
	struct wn_diag why = { 0 };
	err = wn_schema_validate(&entry, doc->root, NULL, &why);
	if (!err)
		return WN_OK;
	err = wn_fail(d, err, "The schema \"%s\" is not valid: %s", root->res->uri, why.text);
	wn_fail_where(d, "%s#%s", root->res->uri, why.where);
	return err;
}

/* Queues what a $dynamicRef may land on: its anchor in every resource that is in use. */
static void
want_dynamic(struct wn_schema_set *s)
{
	for (size_t i = 0; i < s->all.len; i++)
		for (size_t k = 0; s->all.p[i]->used && k < s->dynamic.len; k++) {
			struct js_node *n =
				wn_map_get(&s->all.p[i]->dynamic, wn_str(s->dynamic.p[k]));
			if (n)
				js_want(s, n);
		}
}

wn_err
js_compile_pending(struct wn_schema_set *s, struct wn_diag *d)
{
	for (;;) {
		if (s->todo.len == 0)
			want_dynamic(s);
		if (s->todo.len == 0)
			return WN_OK;
		struct js_node *n = wn_vec_pop(&s->todo);
		wn_err err = check_document(s, n->res->doc, d);
		if (!err)
			err = compile_node(s, n, d);
		if (err)
			return err;
	}
}

wn_err
wn_schema_compile(struct wn_schema_set *s, const char *ref, const struct wn_schema **out,
		  struct wn_diag *d)
{
	struct js_node *n;
	*out = NULL;
	wn_err err = js_load_builtin(s, d);
	if (!err)
		err = js_resolve(s, NULL, ref, &n, d);
	if (err)
		return err;
	js_want(s, n);
	err = js_compile_pending(s, d);
	if (err)
		return err;
	struct wn_schema *schema = WN_ARENA_NEW(&s->arena, struct wn_schema);
	schema->node = n;
	schema->set = s;
	*out = schema;
	return WN_OK;
}
