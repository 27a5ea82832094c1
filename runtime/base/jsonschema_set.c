/*
 * The set: which documents there are, which schema positions and names they hold, and what
 * a reference names. Owns all memory of compiled schemas; may not fetch anything.
 */
#include "runtime/base/jsonschema_priv.h"

#define DEPTH_MAX 500u

struct place {
	struct wn_schema_set *set;
	struct js_doc *doc;
	struct wn_diag *d;
	unsigned depth;
};

static wn_err index_schema(struct place *p, const struct wn_json *json, struct js_resource *res,
			   const char *pointer);

struct wn_schema_set *
wn_schema_set_new(const struct wn_schema_opts *opts)
{
	struct wn_schema_set *s = WN_NEW(struct wn_schema_set);
	if (opts)
		s->opts = *opts;
	if (s->opts.max_errors == 0)
		s->opts.max_errors = 16;
	wn_arena_init(&s->arena, 0);
	wn_map_init(&s->resources);
	wn_map_init(&s->nodes);
	return s;
}

void
wn_schema_set_free(struct wn_schema_set *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->docs.len; i++)
		wn_json_free(s->docs.p[i]->root);
	for (size_t i = 0; i < s->all.len; i++) {
		wn_map_fini(&s->all.p[i]->anchors, NULL);
		wn_map_fini(&s->all.p[i]->dynamic, NULL);
	}
	for (size_t i = 0; i < s->regexes.len; i++)
		wn_regex_free(s->regexes.p[i]);
	for (size_t i = 0; i < s->maps.len; i++)
		wn_map_fini(s->maps.p[i], NULL);
	wn_vec_fini(&s->docs);
	wn_vec_fini(&s->all);
	wn_vec_fini(&s->todo);
	wn_vec_fini(&s->dynamic);
	wn_vec_fini(&s->regexes);
	wn_vec_fini(&s->maps);
	wn_map_fini(&s->resources, NULL);
	wn_map_fini(&s->nodes, NULL);
	wn_arena_fini(&s->arena);
	wn_free(s);
}

static struct wn_str
address(const struct wn_json *const *json)
{
	return wn_strn((const char *)json, sizeof *json);
}

struct js_node *
js_node_at(const struct wn_schema_set *s, const struct wn_json *json)
{
	return wn_map_get(&s->nodes, address(&json));
}

static struct js_node *
new_node(struct wn_schema_set *s, const struct wn_json *json, struct js_resource *res,
	 const char *pointer)
{
	struct js_node *n = WN_ARENA_NEW(&s->arena, struct js_node);
	n->json = json;
	n->res = res;
	n->pointer = pointer;
	wn_map_set(&s->nodes, address(&json), n);
	return n;
}

static struct js_resource *
new_resource(struct wn_schema_set *s, struct js_doc *doc, const struct wn_json *root,
	     const char *uri, struct js_resource *parent)
{
	struct js_resource *r = WN_ARENA_NEW(&s->arena, struct js_resource);
	r->uri = uri;
	r->root = root;
	r->doc = doc;
	r->parent = parent;
	wn_map_init(&r->anchors);
	wn_map_init(&r->dynamic);
	wn_vec_push(&s->all, r);
	return r;
}

static wn_err
name_resource(struct wn_schema_set *s, const char *uri, struct js_resource *r, struct wn_diag *d)
{
	struct js_resource *old = wn_map_get(&s->resources, wn_str(uri));
	if (old && old != r)
		return wn_fail(d, WN_E_EXISTS, "Two schemas have the same identifier \"%s\".", uri);
	wn_map_set(&s->resources, wn_str(uri), r);
	return WN_OK;
}

/* "parent/key" as a JSON Pointer. */
static const char *
child_pointer(struct wn_arena *a, const char *parent, const char *key, size_t index)
{
	if (!key)
		return wn_arena_printf(a, "%s/%zu", parent, index);
	size_t n = strlen(parent), m = n + 1 + 2 * strlen(key);
	char *out = wn_arena_alloc(a, m + 1), *p = out;
	while (*parent)
		*p++ = *parent++;
	*p++ = '/';
	for (; *key; key++) {
		if (*key == '~' || *key == '/') {
			*p++ = '~';
			*p++ = *key == '~' ? '0' : '1';
		} else {
			*p++ = *key;
		}
	}
	return out;
}

static const struct js_keyword *
find_keyword(const char *name)
{
	for (const struct js_keyword *k = js_keywords; k->name; k++)
		if (!strcmp(k->name, name))
			return k;
	return NULL;
}

static wn_err
index_children(struct place *p, const struct wn_json *value, struct js_resource *res,
	       const char *pointer, bool keyed)
{
	wn_err err = WN_OK;
	size_t i = 0;
	for (const struct wn_json *c = wn_json_first(value); c && !err; c = wn_json_next(c), i++)
		err = index_schema(
			p, c, res,
			child_pointer(&p->set->arena, pointer, keyed ? wn_json_key(c) : NULL, i));
	return err;
}

static wn_err
index_keywords(struct place *p, const struct wn_json *json, struct js_resource *res,
	       const char *pointer)
{
	wn_err err = WN_OK;
	for (const struct wn_json *m = wn_json_first(json); m && !err; m = wn_json_next(m)) {
		const struct js_keyword *k = find_keyword(wn_json_key(m));
		enum wn_json_type type = wn_json_type(m);
		if (!k || k->shape == JS_NONE)
			continue;
		const char *at = child_pointer(&p->set->arena, pointer, wn_json_key(m), 0);
		if (k->shape == JS_ONE)
			err = index_schema(p, m, res, at);
		else if (k->shape == JS_LIST && type == WN_JSON_ARRAY)
			err = index_children(p, m, res, at, false);
		else if (k->shape == JS_MAP && type == WN_JSON_OBJECT)
			err = index_children(p, m, res, at, true);
	}
	return err;
}

/* Begins a resource when the schema has an $id; *res and *pointer follow it. */
static wn_err
enter_resource(struct place *p, const struct wn_json *json, struct js_resource **res,
	       const char **pointer)
{
	const char *id = wn_json_get_str(json, "$id", NULL);
	char *fragment;
	if (!id || *id == '#' || *id == 0)
		return WN_OK;
	struct wn_schema_set *s = p->set;
	char *uri = js_uri_resolve(&s->arena, (*res)->uri, id, &fragment);
	if ((*res)->root == json) { /* the document's own name */
		(*res)->uri = uri;
	} else {
		*res = new_resource(s, p->doc, json, uri, *res);
		*pointer = "";
	}
	return name_resource(s, uri, *res, p->d);
}

static wn_err
add_anchor(struct place *p, struct js_node *n, const char *keyword)
{
	const char *name = wn_json_get_str(n->json, keyword, NULL);
	if (!name)
		return WN_OK;
	struct js_node *old = wn_map_get(&n->res->anchors, wn_str(name));
	if (old && old != n)
		return wn_fail(p->d, WN_E_EXISTS, "Two schemas in \"%s\" have the anchor \"%s\".",
			       n->res->uri, name);
	wn_map_set(&n->res->anchors, wn_str(name), n);
	if (!strcmp(keyword, "$dynamicAnchor"))
		wn_map_set(&n->res->dynamic, wn_str(name), n);
	return WN_OK;
}

static wn_err
index_schema(struct place *p, const struct wn_json *json, struct js_resource *res,
	     const char *pointer)
{
	enum wn_json_type type = wn_json_type(json);
	wn_err err = WN_OK;
	if ((type != WN_JSON_OBJECT && type != WN_JSON_BOOL) || js_node_at(p->set, json))
		return WN_OK; /* a wrong type is told by the meta-schema */
	if (p->depth >= DEPTH_MAX)
		return wn_fail(p->d, WN_E_LIMIT, "The schema nests deeper than %u.", DEPTH_MAX);
	if (type == WN_JSON_OBJECT)
		err = enter_resource(p, json, &res, &pointer);
	if (err)
		return err;
	struct js_node *n = new_node(p->set, json, res, pointer);
	if (type == WN_JSON_BOOL)
		return WN_OK;
	err = add_anchor(p, n, "$anchor");
	if (!err)
		err = add_anchor(p, n, "$dynamicAnchor");
	p->depth++;
	if (!err)
		err = index_keywords(p, json, res, pointer);
	p->depth--;
	return err;
}

/* Takes root. */
static wn_err
add_document(struct wn_schema_set *s, const char *uri, struct wn_json *root, bool trusted,
	     struct wn_diag *d)
{
	char *fragment, *base = js_uri_resolve(&s->arena, "", uri, &fragment);
	struct js_doc *doc = WN_ARENA_NEW(&s->arena, struct js_doc);
	doc->root = root;
	doc->trusted = trusted;
	wn_vec_push(&s->docs, doc);
	enum wn_json_type type = wn_json_type(root);
	if (type != WN_JSON_OBJECT && type != WN_JSON_BOOL)
		return wn_fail(d, WN_E_SCHEMA, "A schema must be an object or a boolean.");
	struct js_resource *r = new_resource(s, doc, root, base, NULL);
	/* "" names a document only while it has no better name. */
	if (*base || !wn_json_get_str(root, "$id", NULL)) {
		wn_err err = name_resource(s, base, r, d);
		if (err)
			return err;
	}
	struct place p = { s, doc, d, 0 };
	return index_schema(&p, root, r, "");
}

wn_err
js_load_builtin(struct wn_schema_set *s, struct wn_diag *d)
{
	if (s->builtin)
		return WN_OK;
	s->builtin = true;
	for (size_t i = 0; js_meta_texts[i]; i++) {
		struct wn_json *doc;
		wn_err err = wn_json_parse(wn_str(js_meta_texts[i]), NULL, &doc, d);
		if (err)
			return err;
		const char *id = wn_json_get_str(doc, "$id", "");
		if (wn_map_has(&s->resources, wn_str(id))) {
			wn_json_free(doc); /* the caller brought it */
			continue;
		}
		err = add_document(s, id, doc, true, d);
		if (err)
			return err;
	}
	return WN_OK;
}

wn_err
wn_schema_set_add(struct wn_schema_set *s, const char *uri, const struct wn_json *doc,
		  struct wn_diag *d)
{
	return add_document(s, uri ? uri : "", wn_json_copy(doc), false, d);
}

/* The child that one decoded pointer token names. */
static const struct wn_json *
step(const struct wn_json *j, struct wn_str token)
{
	uint64_t index;
	if (wn_json_type(j) == WN_JSON_OBJECT)
		return wn_json_getn(j, token);
	if (wn_json_type(j) != WN_JSON_ARRAY || !wn_str_u64(token, &index) ||
	    (token.len > 1 && token.p[0] == '0'))
		return NULL;
	for (j = wn_json_first(j); j && index > 0; index--)
		j = wn_json_next(j);
	return j;
}

static struct wn_str
decode_token(struct wn_arena *a, struct wn_str token)
{
	char *out = wn_arena_alloc(a, token.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < token.len; i++) {
		char c = token.p[i];
		if (c == '~' && i + 1 < token.len &&
		    (token.p[i + 1] == '0' || token.p[i + 1] == '1'))
			c = token.p[++i] == '0' ? '~' : '/';
		out[n++] = c;
	}
	return wn_strn(out, n);
}

/* Walks a pointer; a place that no keyword makes a schema becomes one by being named. */
static wn_err
walk(struct wn_schema_set *s, struct js_resource *r, const char *pointer, struct js_node **out,
     struct wn_diag *d)
{
	const struct wn_json *j = r->root;
	struct js_node *near = js_node_at(s, j);
	const char *path = "";
	struct wn_str rest = wn_str(pointer + 1), token;
	while (j && wn_str_split(&rest, '/', &token)) {
		token = decode_token(&s->arena, token);
		path = child_pointer(&s->arena, path, token.p, 0);
		j = step(j, token);
		struct js_node *here = j ? js_node_at(s, j) : NULL;
		if (here) {
			near = here;
			path = here->pointer;
		}
	}
	*out = NULL;
	if (!j || !near)
		return WN_OK;
	if (near->json != j) {
		struct place p = { s, r->doc, d, 0 };
		wn_err err = index_schema(&p, j, near->res, path);
		if (err)
			return err;
	}
	*out = js_node_at(s, j);
	return WN_OK;
}

wn_err
js_resolve(struct wn_schema_set *s, struct js_resource *base, const char *ref, struct js_node **out,
	   struct wn_diag *d)
{
	char *fragment;
	char *uri = js_uri_resolve(&s->arena, base ? base->uri : "", ref, &fragment);
	struct js_resource *r = base;
	wn_err err = WN_OK;
	if (!base || *ref != '#')
		r = wn_map_get(&s->resources, wn_str(uri));
	if (!r)
		return wn_fail(
			d, WN_E_NOT_FOUND,
			"The reference \"%s\" names \"%s\", which is not among the documents.", ref,
			uri);
	if (!fragment || !*fragment)
		*out = js_node_at(s, r->root);
	else if (*fragment == '/')
		err = walk(s, r, fragment, out, d);
	else
		*out = wn_map_get(&r->anchors, wn_str(fragment));
	if (err)
		return err;
	if (!*out)
		return wn_fail(d, WN_E_NOT_FOUND,
			       "The reference \"%s\" leads to no schema in \"%s\".", ref, r->uri);
	return WN_OK;
}
