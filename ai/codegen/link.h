/*
 * Part of the model: manyToMany relations, seen from either side, and what views compute and
 * lists compare along relations. Included by model.h.
 */
#ifndef AI_CODEGEN_LINK_H
#define AI_CODEGEN_LINK_H

#include <stdbool.h>

#include "runtime/base/json.h"

struct cg_entity;
struct cg_field;
struct cg_model;
struct cg_relation;

/* A manyToMany relation: a table of pairs. */
struct cg_link {
	const char *id, *name, *inverse; /* inverse nullable */
	const char *key; /* in a request body: "tagIds", or the name when `by` is set */
	struct cg_entity *from, *to;
	const char *table;		     /* plain */
	const char *from_column, *to_column; /* plain, never a word of SQL */
	const struct cg_field *by;	     /* other rows are named by it; NULL: by id */
	bool ordered, create, read_only;     /* create: names that are not there yet are made */
	const struct wn_json *label, *inverse_label, *write; /* nullable */
};

/* A link from one of its sides. link NULL: there is none. */
struct cg_side {
	const struct cg_link *link;
	bool back; /* from `to` */
};

enum cg_calc_kind { CG_VIEWER_IN, CG_COUNT, CG_PLUCK, CG_EXPR };

/* A computed member of a view. */
struct cg_calc {
	const char *name;
	enum cg_calc_kind kind;
	struct cg_side side;	       /* of viewerIn and pluck; of count when it has one */
	const struct cg_relation *rel; /* count: rows that point here by it */
	const struct cg_field *field;  /* pluck */
	const struct wn_json *expr;
};

struct cg_filter {
	const char *name, *op;	       /* op: SQL operator, or "search" */
	const struct cg_field *field;  /* the compared field; NULL: search, or a row's id */
	const struct cg_relation *rel; /* the path begins with this; nullable */
	struct cg_side side;	       /* or with this */
	const struct wn_json *label;   /* nullable */
};

/* The link that is called so from e, from either side. */
struct cg_side codegen_side(const struct cg_model *m, const struct cg_entity *e, const char *name);
struct cg_entity *codegen_side_to(struct cg_side s);
const char *codegen_side_own(struct cg_side s);	  /* column of the row itself */
const char *codegen_side_other(struct cg_side s); /* column of the other row */

#endif
