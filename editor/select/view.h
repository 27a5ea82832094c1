/*
 * The selections of one pane over a document, and what the keys of an editor do with them. Several
 * views may look at one document: an edit through one moves the selections of all.
 * Same thread as the document. Every operation acts on every selection and is one undo step.
 */
#ifndef EDITOR_SELECT_VIEW_H
#define EDITOR_SELECT_VIEW_H

#include "editor/document/document.h"

struct ed_view;

/* head is the cursor; anchor == head: nothing selected. */
struct ed_sel {
	size_t anchor, head;
	size_t goal; /* column kept by up and down; SIZE_MAX: take the head's */
};

enum ed_move {
	ED_LEFT,
	ED_RIGHT,
	ED_UP,
	ED_DOWN, /* by cluster, by line (count lines: also pages) */
	ED_WORD_LEFT,
	ED_WORD_RIGHT,
	ED_HOME, /* first non-blank, then column 0 */
	ED_LINE_START,
	ED_LINE_END,
	ED_DOC_START,
	ED_DOC_END
};

enum ed_cmd {
	ED_DELETE_LEFT,
	ED_DELETE_RIGHT,
	ED_DELETE_WORD_LEFT,
	ED_DELETE_WORD_RIGHT,
	ED_DELETE_TO_LINE_END,
	ED_DELETE_LINE,
	ED_NEWLINE, /* with the indent of its line */
	ED_TAB,	    /* indent when lines are selected, else insert a tab or its spaces */
	ED_INDENT,
	ED_DEDENT,
	ED_DUPLICATE_LINE,
	ED_MOVE_LINE_UP,
	ED_MOVE_LINE_DOWN,
	ED_JOIN_LINES,
	ED_TOGGLE_COMMENT,
	ED_SELECT_ALL,
	ED_SELECT_LINE,
	ED_SELECT_WORD,
	ED_SELECT_NONE,
	ED_UNDO,
	ED_REDO,
	ED_CMDS
};

/* What cut and copy hold; the client owns one and shares it between its views. */
struct ed_register {
	struct wn_buf text;
	bool lines; /* whole lines: pasted above the cursor's line */
};
#define ED_REGISTER_MAX ((size_t)256 << 20)
void ed_register_init(struct ed_register *r);
void ed_register_fini(struct ed_register *r);

/* Listens to doc, which must outlive the view. */
struct ed_view *ed_view_new(struct ed_doc *doc);
void ed_view_free(struct ed_view *v); /* nullable */
struct ed_doc *ed_view_doc(const struct ed_view *v);

/* Selections in text order, never overlapping, at least one; borrowed until the next call. */
size_t ed_view_sels(const struct ed_view *v, const struct ed_sel **out);
const struct ed_sel *ed_view_main(const struct ed_view *v);
/* One selection; positions are clamped and moved to cluster starts. */
void ed_view_select(struct ed_view *v, size_t anchor, size_t head);
/* One more, which becomes the main one; overlapping ones melt together. */
void ed_view_add(struct ed_view *v, size_t anchor, size_t head);
void ed_view_move(struct ed_view *v, enum ed_move move, size_t count, bool extend);
/* Line and display column from 0; clamped. */
void ed_view_goto(struct ed_view *v, size_t line, size_t col, bool extend);

/* Replaces the selections. Typed text melts with what was typed just before into one undo step;
 * pasted text does not, and is inserted as it is. */
wn_err ed_view_type(struct ed_view *v, struct wn_str text, struct wn_diag *d);
wn_err ed_view_insert(struct ed_view *v, struct wn_str text, struct wn_diag *d);
/* WN_E_READ_ONLY, WN_E_NO_MEMORY; WN_E_NOT_FOUND when there is nothing to undo or redo. */
wn_err ed_view_do(struct ed_view *v, enum ed_cmd cmd, struct wn_diag *d);
/* With nothing selected they take the line. */
wn_err ed_view_copy(struct ed_view *v, struct ed_register *r, struct wn_diag *d);
wn_err ed_view_cut(struct ed_view *v, struct ed_register *r, struct wn_diag *d);
wn_err ed_view_paste(struct ed_view *v, const struct ed_register *r, struct wn_diag *d);
/* Token that comments a line out ("//", "#"); "" takes the ability away. Copied. */
void ed_view_set_comment(struct ed_view *v, const char *open, const char *close_nullable);

#endif
