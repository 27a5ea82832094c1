/*
 * The database of a platform as data: tables, columns, indexes, each with an id that a rename does
 * not touch. Made from the model, or read from what the last generation wrote down
 * (migrations/schema.json); migrations are the difference of two of them.
 */
#ifndef AI_CODEGEN_TABLES_H
#define AI_CODEGEN_TABLES_H

#include "ai/codegen/model.h"
#include "runtime/base/buf.h"

struct cg_column {
	const char *id;	       /* of the field or relation; the platform's own: the name */
	const char *name;      /* plain, without SQL's quotes */
	const char *kind;      /* the blueprint's type; "ref", "key", "own" */
	const char *type;      /* INTEGER REAL TEXT */
	const char *def;       /* SQL; nullable */
	const char *to;	       /* id of the table it points to; nullable */
	const char *on_delete; /* SQL; nullable */
	const char *min, *max; /* SQL numbers; nullable. Of text: max is its length */
	const char *values;    /* of an enum, blank between; nullable */
	const char *of;	       /* ids of the columns it is made from by the server; nullable */
	unsigned scale;	       /* decimals of an amount */
	bool not_null;
	unsigned removed; /* number of the migration that put it aside; 0: in use */
};

struct cg_check {
	const char *name, *sql; /* columns by id in it */
};

struct cg_index {
	const char *name;
	const char **columns; /* ids; "id" is the key */
	size_t n_columns;
	bool unique, alive; /* alive: rows that are not marked as deleted */
};

struct cg_table {
	const char *id, *name;
	struct cg_column *columns;
	size_t n_columns;
	struct cg_check *checks;
	size_t n_checks;
	struct cg_index *indexes;
	size_t n_indexes;
	unsigned removed;
};

struct cg_tables {
	struct cg_table *p;
	size_t len;
};

/* A migration that is there: its name and the hashes of its two files. */
struct cg_migration {
	const char *name, *up, *down;
};

/* What the last generation left. */
struct cg_history {
	struct cg_tables tables;
	struct cg_migration *p;
	size_t len;
	unsigned revision;     /* of the blueprint */
	const char *blueprint; /* its id */
};

/* The tables that the model asks for, references first. */
wn_err codegen_tables_make(struct cg_model *m, struct cg_tables *out) WN_MUST;
/* The table or column of that id which is in use, or NULL. */
const struct cg_table *codegen_tables_find(const struct cg_tables *t, const char *id);
const struct cg_column *codegen_table_column(const struct cg_table *t, const char *id);
/* A condition with the table's columns by id instead of by name, or the other way round. Arena. */
const char *codegen_condition(struct wn_arena *a, const struct cg_table *t, const char *sql,
			      bool by_id);

/* tables_json.c. WN_E_STATE when the document is not what codegen_history_print() wrote. */
wn_err codegen_history_read(struct wn_arena *a, const struct wn_json *doc, struct cg_history *out,
			    struct wn_diag *d) WN_MUST;
wn_err codegen_history_print(const struct cg_history *h, struct wn_buf *out) WN_MUST;

/* tables_sql.c: statements, each with its semicolon and newline. */
void codegen_table_create(struct wn_arena *a, const struct cg_tables *all, const struct cg_table *t,
			  const char *name, struct wn_buf *out);
void codegen_index_create(struct wn_arena *a, const struct cg_table *t, const struct cg_index *i,
			  struct wn_buf *out);
/* A column as CREATE TABLE and ADD COLUMN spell it. */
void codegen_column_sql(struct wn_arena *a, const struct cg_tables *all, const struct cg_column *c,
			struct wn_buf *out);
/* What the column demands of the value `operand`, as a condition; NULL: nothing. Arena. */
const char *codegen_column_check(struct wn_arena *a, const struct cg_column *c,
				 const char *operand);

#endif
