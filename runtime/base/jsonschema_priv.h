/*
 * The inside of the JSON Schema validator, shared by its files only. A document is indexed
 * into nodes (one a schema position) and resources (one a $id); a node is compiled into
 * keywords when something first refers to it.
 */
#ifndef RUNTIME_BASE_JSONSCHEMA_PRIV_H
#define RUNTIME_BASE_JSONSCHEMA_PRIV_H

#include "runtime/base/arena.h"
#include "runtime/base/jsonschema.h"
#include "runtime/base/map.h"
#include "runtime/base/regex.h"
#include "runtime/base/vec.h"

enum js_vocab {
	JS_CORE = 1,
	JS_APPLICATOR = 2,
	JS_UNEVALUATED = 4,
	JS_VALIDATION = 8,
	JS_METADATA = 16,
	JS_FORMAT = 32,
	JS_FORMAT_ASSERT = 64,
	JS_CONTENT = 128,
	JS_2019 = 256, /* draft 2019-09, as far as it means the same */
	JS_STANDARD = 1 | 2 | 4 | 8 | 16 | 32 | 128
};

struct js_doc {
	struct wn_json *root; /* owned */
	bool trusted;	      /* ours: not checked against a meta-schema */
	bool checked;
};

/* A schema with a URI of its own. */
struct js_resource {
	const char *uri; /* absolute, without fragment; "" when nobody named it */
	const struct wn_json *root;
	struct js_doc *doc;
	struct js_resource *parent;	/* of an embedded resource, else NULL */
	struct wn_map anchors, dynamic; /* name -> js_node */
	bool used;			/* some node of it is compiled */
	unsigned dialect;		/* enum js_vocab bits; 0: not known yet */
};

/* One schema position. */
struct js_node {
	const struct wn_json *json;
	struct js_resource *res;
	const char *pointer; /* from the root of its resource */
	struct js_kw *kws;   /* in the order in which they are evaluated */
	size_t n;
	bool queued;	  /* compiled, or waiting for it */
	bool unevaluated; /* holds unevaluatedItems or unevaluatedProperties */
};

struct js_list {
	struct js_node **p;
	size_t n;
};

struct js_kw;
struct js_run;
struct js_frame;
/* Evaluates one keyword; false: not valid (or r->fatal is set). */
typedef bool (*js_eval_fn)(struct js_run *r, const struct js_frame *f, const struct js_kw *kw);

/* One compiled keyword; which members are set depends on it. */
struct js_kw {
	js_eval_fn eval;
	const char *name;
	const struct wn_json *val;
	struct js_node *sub;
	struct js_list list;
	struct wn_map *map;	 /* property name -> js_node */
	struct wn_regex **regex; /* one for pattern, list.n for patternProperties */
	const char *anchor;	 /* $dynamicRef: name to look for in the dynamic scope, or NULL */
	double num;
	size_t count, count2;
	unsigned types;
	bool (*format)(struct wn_str s);
	const struct js_kw *patterns, *properties; /* siblings of additionalProperties */
};

struct wn_schema {
	struct js_node *node;
	struct wn_schema_set *set;
};

struct wn_schema_set {
	struct wn_schema_opts opts;
	struct wn_arena arena;
	struct wn_map resources; /* URI -> js_resource */
	struct wn_map nodes;	 /* address of a JSON value -> js_node */
	WN_VEC(struct js_doc *) docs;
	WN_VEC(struct js_resource *) all; /* every resource once */
	WN_VEC(struct js_node *) todo;	  /* waiting to be compiled */
	WN_VEC(const char *) dynamic;	  /* anchors that a $dynamicRef looks for; may repeat */
	WN_VEC(struct wn_regex *) regexes;
	WN_VEC(struct wn_map *) maps;
	bool builtin; /* the meta-schemas are in */
};

/* How a keyword holds subschemas. */
enum js_shape { JS_NONE, JS_ONE, JS_LIST, JS_MAP };
struct js_keyword {
	const char *name;
	unsigned vocab;
	enum js_shape shape;
	js_eval_fn eval; /* NULL: no assertion of its own */
	wn_err (*compile)(struct wn_schema_set *, struct js_node *, struct js_kw *,
			  struct wn_diag *);
};
/* In order of evaluation; ended by a NULL name. */
extern const struct js_keyword js_keywords[];
extern const char *const js_meta_texts[];
#define JS_META_URI "https://json-schema.org/draft/2020-12/schema"
#define JS_META_2019 "https://json-schema.org/draft/2019-09/schema"

/* jsonschema_set.c: what exists and where. */
wn_err js_load_builtin(struct wn_schema_set *s, struct wn_diag *d) WN_MUST;
struct js_node *js_node_at(const struct wn_schema_set *s, const struct wn_json *json);
/* The node a reference from `base` names. */
wn_err js_resolve(struct wn_schema_set *s, struct js_resource *base, const char *ref,
		  struct js_node **out, struct wn_diag *d) WN_MUST;
/* jsonschema_compile.c: queues a node once. */
void js_want(struct wn_schema_set *s, struct js_node *n);
wn_err js_compile_pending(struct wn_schema_set *s, struct wn_diag *d) WN_MUST;
/* Vocabularies that are in force in a resource. */
wn_err js_dialect(struct wn_schema_set *s, struct js_resource *r, struct wn_diag *d) WN_MUST;

/* jsonschema_uri.c: absolute URI without fragment; *fragment_out is percent-decoded, NULL if none.
 */
char *js_uri_resolve(struct wn_arena *a, const char *base, const char *ref, char **fragment_out);

/* jsonschema_number.c */
bool js_is_integer(double v);
bool js_multiple_of(double v, double d); /* exact for the decimal texts of v and d; d > 0 */
bool js_unique(const struct wn_json *array, size_t *a_out, size_t *b_out);

/* jsonschema_format.c: NULL for a format we do not know. */
typedef bool (*js_format_fn)(struct wn_str s);
js_format_fn js_format(const char *name);

#endif
