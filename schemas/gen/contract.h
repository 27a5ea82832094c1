/*
 * What is known of the contracts once they are read: types, events, methods, settings, modules.
 * Everything lives as long as the compiler runs.
 */
#ifndef SCHEMAS_GEN_CONTRACT_H
#define SCHEMAS_GEN_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/buf.h"
#include "runtime/base/json.h"
#include "runtime/base/map.h"
#include "runtime/base/vec.h"

/* One hand-written JSON file. */
struct gen_file {
	const char *path; /* "schemas/rpc/snapshot.json" */
	const char *kind; /* "model", "event", "rpc", "config", "module" */
	const char *name; /* "snapshot" */
	const struct wn_json *doc;
	struct gen_unit
		*unit; /* where its types go; NULL: it has none (config, module, documents) */
};

/* A value in a file, with its JSON Pointer for messages. */
struct gen_node {
	const struct gen_file *file;
	const struct wn_json *j;
	const char *pointer;
};

enum gen_kind {
	GEN_STRING,
	GEN_INTEGER,
	GEN_NUMBER,
	GEN_BOOLEAN,
	GEN_ENUM,
	GEN_INT64,
	GEN_TIME,
	GEN_RAW,
	GEN_MAP,
	GEN_OBJECT,
	GEN_ARRAY
};

struct gen_type {
	enum gen_kind kind;
	struct gen_node at;
	const char *cname; /* tag of an object, enum or list; else NULL */
	const char *doc;   /* nullable sentence */
	bool building;	   /* an object whose fields are not known yet */
	bool boxed;	   /* an array that is an element of an array */
	bool tolerant;	   /* only the engine says it: readers skip members they do not know */
	bool has_lo, has_hi, has_max;
	double lo, hi;
	uint64_t min, max;
	const char *pattern;
	const char *format;    /* "ulid", "uuid" */
	struct gen_type *item; /* of an array; of a map nullable */
	struct gen_field *fields;
	const char **values, **constants; /* of an enum: wire names, C names */
	size_t n;			  /* fields or values */
};

struct gen_field {
	const char *name, *cname, *doc, *fallback;
	bool required;
	struct gen_type *type;
};

/* The types of one pair of generated files: "model" or a module. */
struct gen_unit {
	const char *name, *prefix;
	bool is_kernel;			 /* its methods and events need no prefix */
	WN_VEC(struct gen_type *) types; /* objects, enums and lists: uses after definitions */
	struct wn_map patterns;		 /* pattern to name of its checker */
	struct wn_buf pattern_code;	 /* the checkers */
};

struct gen_event {
	const char *name, *cname, *summary, *stream; /* "snapshot.created", "snapshot_created" */
	int version;
	struct gen_unit *unit;
	struct gen_type *type;
	struct gen_node at, schema;
};

struct gen_method {
	const char *name, *cname, *summary, *run, *attachment, *permission;
	const char *handler; /* "create": what follows <module>_on_ */
	struct gen_unit *unit;
	struct gen_type *params, *result;		  /* result NULL for a notification */
	struct gen_node at, params_schema, result_schema; /* .j nullable: absent */
	const char *rest_verb, *rest_path;		  /* nullable */
	bool is_notification;
};

struct gen_setting {
	const char *name, *module, *summary, *type, *fallback, *env, *flag;
	struct gen_node at, schema;
};

struct gen_sql {
	const char *name; /* "0001_snapshots.sql" */
	struct wn_str text;
};

struct gen_module {
	const char *dir, *name, *version, *summary;
	struct gen_file *manifest;
	struct wn_str text; /* of module.json */
	struct gen_unit *unit;
	WN_VEC(struct gen_event *) emits;
	WN_VEC(struct gen_method *) methods;
	WN_VEC(const char *) listens;
	WN_VEC(const char *) projects;
	WN_VEC(struct gen_sql) migrations;
};

#endif
