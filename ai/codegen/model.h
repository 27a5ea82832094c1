/*
 * The blueprint, resolved: names instead of ids, pointers instead of references, and what
 * follows from it (tables, columns, owner paths). Emitters read this and never the document,
 * but for labels and expressions, which stay JSON. All of it lives in one arena; immutable
 * once codegen_model_build() returned.
 */
#ifndef AI_CODEGEN_MODEL_H
#define AI_CODEGEN_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ai/codegen/codegen.h"
#include "ai/codegen/link.h"
#include "runtime/base/json.h"

enum cg_type {
	CG_STRING,
	CG_TEXT,
	CG_MARKDOWN,
	CG_INT,
	CG_DECIMAL,
	CG_MONEY,
	CG_BOOL,
	CG_DATE,
	CG_DATETIME,
	CG_EMAIL,
	CG_URL,
	CG_PHONE,
	CG_SLUG,
	CG_SECRET,
	CG_ENUM,
	CG_JSON,
	CG_UUID,
	CG_UNSUPPORTED
};

struct cg_entity;

struct cg_field {
	const char *id, *name, *column, *col; /* column as a property; col as SQL spells it */
	enum cg_type type;
	bool required, unique, system, index, search;
	bool personal; /* class personal, sensitive or secret */
	bool has_min, has_max;
	double min, max;
	const char *pattern, *copy;  /* nullable */
	const struct cg_field *from; /* of a slug; nullable */
	const struct wn_json *label, *help, *values, *def, *computed, *normalize, *read,
		*write;		    /* nullable */
	const struct wn_json *json; /* the field itself, for pointers in messages */
};

struct cg_relation {
	const char *id, *name, *column, *col, *key; /* key: "categoryId" in the API */
	struct cg_entity *from, *to;
	bool required, owner, part, read_only;
	const char *on_delete;				     /* SQL */
	const char *inverse;				     /* nullable */
	const struct wn_json *label, *inverse_label, *write; /* nullable */
};

struct cg_transition {
	const char *name, *to;
	const struct wn_json *from, *access, *emits, *effects, *label; /* nullable but from */
};

struct cg_entity {
	const char *id, *name, *snake, *table, *type;  /* table: SQL spelling; type: "Product" */
	const struct wn_json *label, *unique, *checks; /* nullable */
	bool timestamps, soft, audit, identity;
	struct cg_field *fields;
	size_t n_fields;
	struct cg_relation **rels; /* belongsTo from here */
	size_t n_rels;
	struct cg_link **links; /* manyToMany from here */
	size_t n_links;
	const struct cg_field *title;	 /* nullable: rows are named by their id */
	const struct cg_field *workflow; /* field; nullable */
	const char *initial;		 /* value of the workflow field */
	struct cg_transition *transitions;
	size_t n_transitions;
	bool searchable;
	const char *owner_sql; /* expression over alias t; NULL: nobody owns rows */
	unsigned order;	       /* tables are made in this order: references first */
};

struct cg_view {
	const char *id, *name, *fn, *schema; /* fn: "productView"; schema: "ProductView" */
	struct cg_entity *entity;
	const char **names; /* fields in order, resolved through extends and omit */
	size_t n_names;
	const char **embeds; /* names */
	struct cg_view **embed_views;
	size_t n_embeds;
	struct cg_calc *calcs; /* computed members */
	size_t n_calcs;
};

enum cg_op_kind {
	CG_LIST,
	CG_GET,
	CG_CREATE,
	CG_UPDATE,
	CG_DELETE,
	CG_REGISTER,
	CG_LOGIN,
	CG_LOGOUT,
	CG_TRANSITION,
	CG_LINK,
	CG_UNLINK,
	CG_VALUES
};

struct cg_op {
	const char *id, *method, *path, *as, *param; /* param: last {name}; nullable */
	enum cg_op_kind kind;
	struct cg_entity *entity;		/* NULL: logout */
	struct cg_view *view;			/* nullable: delete, logout */
	struct cg_relation *parent;		/* nullable */
	const char *parent_param;		/* nullable */
	const struct cg_field *by;		/* NULL: the id */
	const struct cg_transition *transition; /* nullable */
	struct cg_side link;			/* of link and unlink, from the row of the path */
	const struct cg_field *values;		/* of values */
	const char *scope_sql;			/* condition on t, over :viewer; nullable */
	bool scope_viewer;			/* it looks at who asks */
	bool viewer;				/* subject is the viewer */
	bool idempotent;
	const struct wn_json *access, *limits, *label, *input, *emits; /* nullable but access */
	struct cg_filter *filters;
	size_t n_filters;
	const char *sort;
	unsigned limit, max;
	const char *count; /* member of the answer for the number of all rows; nullable */
};

struct cg_section {
	const char *kind;
	const struct cg_op *source;		     /* nullable */
	const struct wn_json *title, *text, *fields; /* nullable */
};

struct cg_page {
	const char *id, *route, *kind, *component;   /* component: "PagHome" */
	const struct cg_op *source;		     /* nullable */
	const struct wn_json *title, *text, *access; /* nullable */
	struct cg_section *sections;
	size_t n_sections;
	bool nav;
};

struct cg_role {
	const char *id, *name;
	const struct wn_json *label; /* nullable */
	const char *inherits;	     /* id; nullable */
	bool implicit, is_default;
};

struct cg_model {
	struct wn_arena *arena; /* borrowed */
	const struct wn_json *doc;
	struct codegen_files *files; /* for notes */
	const char *base_path, *currency, *timezone;
	unsigned scale; /* of money */
	unsigned session_days;
	struct cg_entity *entities;
	size_t n_entities;
	struct cg_relation *rels;
	size_t n_rels;
	struct cg_link *links;
	size_t n_links;
	struct cg_view *views;
	size_t n_views;
	struct cg_op *ops;
	size_t n_ops;
	struct cg_page *pages;
	size_t n_pages;
	struct cg_role *roles;
	size_t n_roles;
	struct cg_entity *user;
	const struct cg_field *login, *secret, *role; /* role nullable */
	struct wn_diag *d;
};

/* Resolves the document. m->arena, doc, files and d are set by the caller. */
wn_err codegen_model_build(struct cg_model *m) WN_MUST;

struct cg_entity *codegen_entity(const struct cg_model *m, const char *id);	   /* or NULL */
const struct cg_field *codegen_field(const struct cg_entity *e, const char *name); /* or NULL */
const struct cg_field *codegen_field_by_id(const struct cg_entity *e, const char *id);
struct cg_relation *codegen_relation(const struct cg_entity *e, const char *name); /* belongsTo */
/* The relation that points to e and is called so from there, or NULL. */
struct cg_relation *codegen_inverse(const struct cg_model *m, const struct cg_entity *e,
				    const char *name);
const struct cg_op *codegen_op(const struct cg_model *m, const char *id);

#endif
