/*
 * The contract compiler: its state, and what its readers share. Reads schemas/ and module
 * directories, holds everything until the process ends (one arena).
 */
#ifndef SCHEMAS_GEN_GEN_H
#define SCHEMAS_GEN_GEN_H

#include "runtime/base/arena.h"
#include "schemas/gen/contract.h"

struct gen {
	struct wn_arena arena;
	const char *root, *out;
	int errors;
	int protocol; /* of the wire; 0: none is declared */
	struct gen_file *manifest_schema;
	WN_VEC(struct gen_file *) files;
	WN_VEC(struct wn_json *) docs;	 /* owned */
	WN_VEC(struct gen_unit *) units; /* [0] is the model */
	WN_VEC(struct gen_event *) events;
	WN_VEC(struct gen_method *) methods; /* and notifications */
	WN_VEC(struct gen_setting *) settings;
	WN_VEC(struct gen_module *) modules;
	WN_VEC(const char *) written; /* file names under out */
	struct wn_map defs;	      /* "path#pointer" to type */
	struct wn_map cnames;	      /* every C name at file scope, to where it comes from */
};

/* --- main.c: messages --- */
/* Prints "path#pointer: text" and counts; the compiler goes on to find more. */
void gen_error(struct gen *g, struct gen_node at, const char *fmt, ...) WN_PRINTF(3, 4);

/* --- node.c: reading files and values --- */
struct gen_node gen_get(struct gen *g, struct gen_node n, const char *key);
struct gen_node gen_child(struct gen *g, struct gen_node n, const struct wn_json *child,
			  size_t index);
/* A required / optional string member; the wrong type is an error. */
const char *gen_need_str(struct gen *g, struct gen_node n, const char *key);
const char *gen_opt_str(struct gen *g, struct gen_node n, const char *key, const char *fallback);
/* First member of an object; NULL when absent, and after an error when it is something else. */
const struct wn_json *gen_members(struct gen *g, struct gen_node n);
/* Every member must be in the NULL-terminated list. */
void gen_only(struct gen *g, struct gen_node n, const char *const *allowed);
bool gen_is_type(struct gen *g, struct gen_node n, enum wn_json_type t, const char *what);
/* Reads one JSON file and keeps it; NULL after an error. */
struct gen_file *gen_load(struct gen *g, const char *path, const char *kind, const char *name);
/* Names of the entries of a directory with that suffix, sorted; a missing directory is empty. */
size_t gen_list(struct gen *g, const char *dir, const char *suffix, const char ***out);
struct gen_node gen_root(struct gen_file *f);
const char *gen_printed(struct gen *g, const struct wn_json *j);

/* --- name.c: names in C --- */
/* camelCase, dots and dashes to snake_case; keywords get a trailing '_'. */
const char *gen_snake(struct gen *g, const char *wire);
const char *gen_ident(struct gen *g, const char *wire);
const char *gen_upper(struct gen *g, const char *name);
bool gen_is_name(const char *s, bool dots); /* [a-z][a-z0-9_]*, with dots between when asked */
/* Takes a C name at file scope; a second taker is an error. */
void gen_take(struct gen *g, struct gen_node at, const char *cname);

/* --- type.c: JSON Schema to types --- */
/* The type of a schema; cname names it when it is an object or an enum. NULL after an error. */
struct gen_type *gen_type(struct gen *g, struct gen_unit *u, struct gen_node schema,
			  const char *cname);
/* An optional scalar has has_<name> beside it in C. */
bool gen_has_flag(const struct gen_field *f);
/* Every $defs of a file, so that unused ones are checked and published too. */
void gen_defs(struct gen *g, struct gen_file *f);

/* --- pattern.c --- */
/* Name of the checker of a pattern, written into the unit; u NULL only checks. NULL after an error.
 */
const char *gen_pattern(struct gen *g, struct gen_unit *u, struct gen_node at, const char *pattern);

/* --- read.c: files of schemas/ and module directories to the tables above --- */
void gen_read_schemas(struct gen *g);
void gen_read_module(struct gen *g, const char *dir);
struct gen_event *gen_find_event(const struct gen *g, const char *name);

/* --- check.c --- */
/* A manifest against schemas/module/module.schema.json. */
void gen_check_manifest(struct gen *g, struct gen_node root);
/* Everything that can be checked only when all is read. */
void gen_check(struct gen *g);

#endif
