/*
 * The inside of a view; private to editor/select.
 */
#ifndef EDITOR_SELECT_VIEW_PRIVATE_H
#define EDITOR_SELECT_VIEW_PRIVATE_H

#include "editor/document/layout.h"
#include "editor/select/view.h"
#include "editor/undo/undo.h"
#include "runtime/base/vec.h"

struct ed_view {
	struct ed_doc *doc;
	struct ed_listener listener;
	WN_VEC(struct ed_sel) sels; /* in text order, never overlapping */
	size_t main;
	uint64_t typed_version; /* of the document after our last typing; 0: something else came */
	bool typed_blank;	/* it ended with a blank */
	char *comment_open, *comment_close; /* owned; "": none */
};

static inline size_t
ed_sel_from(const struct ed_sel *s)
{
	return s->anchor < s->head ? s->anchor : s->head;
}

static inline size_t
ed_sel_to(const struct ed_sel *s)
{
	return s->anchor < s->head ? s->head : s->anchor;
}

static inline void
ed_sel_set(struct ed_sel *s, size_t anchor, size_t head)
{
	*s = (struct ed_sel){ anchor, head, SIZE_MAX };
}

/* view.c: sorts, melts overlapping selections, keeps the main one. */
void ed_view_settle(struct ed_view *v);
/* Group with the selections around it. */
void ed_view_group(struct ed_view *v);
void ed_view_ungroup(struct ed_view *v);
/* Replaces the bytes of selection i and puts its cursor behind them. */
wn_err ed_view_put(struct ed_view *v, size_t i, size_t from, size_t to, struct wn_str text);

/* lines.c: the commands on whole lines. */
wn_err ed_lines_indent(struct ed_view *v);
wn_err ed_lines_dedent(struct ed_view *v);
wn_err ed_lines_duplicate(struct ed_view *v);
wn_err ed_lines_up(struct ed_view *v);
wn_err ed_lines_down(struct ed_view *v);
wn_err ed_lines_delete(struct ed_view *v);
wn_err ed_lines_join(struct ed_view *v);
wn_err ed_lines_comment(struct ed_view *v);

/* One level of indent, in out (at least 9 bytes). */
struct wn_str ed_indent_unit(const struct ed_view *v, char out[17]);
struct wn_str ed_eol_of(const struct ed_view *v);
/* Bytes of blanks the line at line_start begins with. */
size_t ed_indent_len(const struct ed_view *v, size_t line_start);

#endif
