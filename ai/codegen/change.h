/*
 * What has to happen to a database, and to its rows, between two generations: paired by id, so a
 * rename is a rename; nothing is dropped at once; what rows may break needs a word of the
 * blueprint's migrations first.
 */
#ifndef AI_CODEGEN_CHANGE_H
#define AI_CODEGEN_CHANGE_H

#include "ai/codegen/tables.h"
#include "runtime/base/vec.h"

/* Where the value of a column comes from. */
struct cg_source {
	int from;	  /* column of the table before; -1: none */
	bool same;	  /* that column as it is, but for the name */
	const char *expr; /* SQL over the row before, called o; NULL: the default */
};

/* How a table comes to be. */
struct cg_step {
	int from;		   /* table before; -1: it is new */
	struct cg_source *columns; /* one a column */
	bool refold;		   /* search text is to be made again */
};

struct cg_note {
	const char *class, *text; /* "safe" "needs data" "destructive"; one sentence */
};

struct cg_plan {
	struct cg_tables before, after; /* after: what is wanted, and what is only put aside */
	struct cg_step *up, *down;	/* one a table of after; of before */
	WN_VEC(struct cg_note) notes;	/* fini with codegen_plan_fini() */
};

/* Plans the way from the history to what is wanted, as migration `number`. WN_E_STATE with the
 * pointer in m->d when rows may break a new rule and the blueprint does not say what is to become
 * of them. Lives in the model's arena but for notes. */
wn_err codegen_plan(struct cg_model *m, const struct cg_history *h, const struct cg_tables *wanted,
		    unsigned number, struct cg_plan *out) WN_MUST;
void codegen_plan_fini(struct cg_plan *p);

/* change_rows.c: what becomes of the values of one column. */
struct cg_move {
	struct cg_model *m;
	const struct cg_entity *e; /* NULL: a table of the platform's own */
	const struct cg_table *from, *to;
	unsigned since; /* revision before */
};

/* The blueprint's word on that id since the last generation, or NULL. kind "backfill", "purge". */
const struct wn_json *codegen_hint(struct cg_model *m, unsigned since, const char *kind,
				   const char *id);
/* A column that is new to its table. */
wn_err codegen_move_add(const struct cg_move *v, const struct cg_column *c,
			struct cg_source *up) WN_MUST;
/* A column that was there. *keep_out: values are altered, so the old ones must be kept beside. */
wn_err codegen_move_change(const struct cg_move *v, const struct cg_column *before,
			   const struct cg_column *after, struct cg_source *up,
			   bool *keep_out) WN_MUST;
/* The way back: the value of `before` out of the column that holds it now. */
void codegen_move_back(const struct cg_move *v, const struct cg_column *before,
		       const struct cg_column *after, struct cg_source *down);
/* SQL sees no difference but the name. */
bool codegen_column_same(struct wn_arena *a, const struct cg_column *x, const struct cg_column *y);
/* Fails with the pointer of the thing with that id. */
wn_err codegen_move_fail(struct cg_model *m, const char *id, const char *fmt, ...) WN_PRINTF(3, 4);

/* change_sql.c: the statements from one state to the other, in order; none when nothing changes.
 * steps: one a table of `to`. */
wn_err codegen_steps_sql(struct wn_arena *a, const struct cg_tables *from,
			 const struct cg_tables *to, const struct cg_step *steps,
			 struct wn_buf *out) WN_MUST;

#endif
