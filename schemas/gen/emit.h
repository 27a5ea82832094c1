/*
 * The contract compiler's writers.
 */
#ifndef SCHEMAS_GEN_EMIT_H
#define SCHEMAS_GEN_EMIT_H

#include "schemas/gen/gen.h"

/* --- out.c: writing --- */
/* Starts a generated C file: head comment, include guard for a name that ends in .h. */
void gen_begin(struct wn_buf *b, const char *name, const char *from, const char *what);
/* Ends it and writes it under out when it changed. */
void gen_end(struct gen *g, struct wn_buf *b, const char *name);
void gen_write(struct gen *g, const char *name, struct wn_str text);
/* Appends a C string literal, broken at line ends and at `width`; indent tabs on the new lines. */
void gen_literal(struct wn_buf *b, struct wn_str text, int indent);
/* A comment of one or more lines at that indent, broken at 96 columns. text nullable: nothing. */
void gen_comment(struct wn_buf *b, int indent, const char *text);
/* Allows literals beyond what C11 promises, as gcc and clang have them. */
void gen_long_literals(struct wn_buf *b);
/* Removes files of an earlier run that this one did not write. */
void gen_sweep(struct gen *g);

/* --- emitters, a file each --- */
void gen_emit_types(struct gen *g, const struct gen_unit *u);
void gen_emit_modules(struct gen *g);
void gen_emit_client(struct gen *g);
void gen_emit_config(struct gen *g);
void gen_emit_schemas(struct gen *g);
void gen_emit_contracts(struct gen *g);
/* A schema of its own: $id, and the $defs of its file when it has any. */
struct wn_json *gen_standalone(struct gen *g, struct gen_node schema, const char *uri);
void gen_emit_permissions(struct gen *g);
void gen_emit_documents(struct gen *g);
void gen_emit_pages(struct gen *g);
/* The published documents, owned. */
struct wn_json *gen_openrpc(struct gen *g);
struct wn_json *gen_openapi(struct gen *g);
struct wn_json *gen_asyncapi(struct gen *g);
/* The two files of runtime/base that come from error.json; check: only compares. True: current or
 * written. */
bool gen_errors(struct gen *g, const char *base_dir, bool check);

#endif
