/*
 * Which bytes are on which row: lines, parts of wrapped lines, folds. Positions are bytes; no row
 * is found by counting lines. Only tui/pane/editor/ includes this.
 */
#ifndef TUI_PANE_EDITOR_ROWS_H
#define TUI_PANE_EDITOR_ROWS_H

#include "editor/editor.h"
#include "runtime/base/vec.h"

struct editor;

/* One row: a line, or the part of a wrapped line that begins at `from`. */
struct editor_row {
	size_t line, end; /* the line: its start, its '\n' or the text's end */
	size_t from, to;  /* this part */
	size_t col;	  /* column of from in its line */
	int indent;	  /* columns left blank before a part that is not the first */
	size_t folded;	  /* end of what is folded away behind it; 0: nothing */
};

/* Text from..to that is not shown: from is the end of the line that stays, to the end of the last
 * hidden one. Outer ones first, then by place. */
struct editor_fold {
	size_t from, to;
};
typedef WN_VEC(struct editor_fold) editor_folds;

/* The row that shows pos; a folded one: the row it is folded behind. */
struct editor_row editor_row_of(struct editor *e, size_t pos);
bool editor_row_next(struct editor *e, struct editor_row *r); /* false: it is the last */
bool editor_row_prev(struct editor *e, struct editor_row *r); /* false: it is the first */
/* Column on the screen (left of it: negative) of pos, which the row shows. */
int editor_row_x(struct editor *e, const struct editor_row *r, size_t pos);
/* The position under a place of the text part of the screen (clamped). */
size_t editor_pos_at(struct editor *e, int y, int x);
/* Starts of lines that are shown, n lines on or back. */
size_t editor_lines_down(const struct editor *e, size_t pos, int n);
size_t editor_lines_up(const struct editor *e, size_t pos, int n);
/* Moves the top by rows and lets the cursor be where it is. */
void editor_scroll(struct editor *e, int rows);
/* Brings the cursor into view. */
void editor_follow(struct editor *e);

/* Folding: hides from..to (see above); keeps the rest as it is. */
void editor_fold_add(struct editor *e, size_t from, size_t to);
/* Opens what hides pos, or what is folded behind its line; false: nothing was. */
bool editor_fold_open(struct editor *e, size_t pos, bool behind);
const struct editor_fold *editor_fold_over(const struct editor *e, size_t pos); /* hides pos */
/* After a key: a cursor that came into a fold with a step from its edge (it was at `was`) goes on
 * to the other side, from elsewhere it opens the fold. */
void editor_leave_fold(struct editor *e, size_t was);
void editor_folds_edit(struct editor *e, const struct ed_edit *ed);

#endif
