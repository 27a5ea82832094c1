/*
 * Changing the text, undo steps, and the places (marks) that follow.
 */
#ifndef EDITOR_VIM_EDIT_H
#define EDITOR_VIM_EDIT_H

#include "editor/vim/line.h"

/* Replaces n bytes at pos. False: refused, and the command has failed. A last line that would
 * disappear because it became empty gets an end. */
bool vi_edit(struct ed_vim *v, size_t pos, size_t n, struct wn_str s);
/* Changes between begin and end (which nest) are one undo step that remembers the cursor. */
void vi_change_begin(struct ed_vim *v);
void vi_change_end(struct ed_vim *v);
/* Removes whole lines, from the one at `from` to the one at `to`; false: refused. */
bool vi_delete_lines(struct ed_vim *v, size_t from, size_t to);
/* Puts lines (parted by '\n', none behind the last) above the line at begin, or below it. Returns
 * where the first one begins, VI_NONE: refused. */
size_t vi_insert_lines(struct ed_vim *v, size_t begin, bool below, struct wn_str lines);
/* Gives a line an indent of so many columns; returns its bytes, VI_NONE: refused. */
size_t vi_set_indent(struct ed_vim *v, size_t begin, size_t cols);
/* Appends the bytes of such an indent. */
void vi_indent_text(struct ed_vim *v, size_t cols, struct wn_buf *out);
struct wn_str vi_eol(struct ed_vim *v);
/* Lines parted by '\n' with the document's line ends instead; borrowed from tmp. */
struct wn_str vi_with_eol(struct ed_vim *v, struct wn_str s, struct wn_buf *tmp);
/* Copies bytes with line ends as '\n'. */
void vi_copy(struct ed_vim *v, size_t from, size_t to, struct wn_buf *out);

void vi_undo(struct ed_vim *v, size_t count, int direction);
/* Fails the command, with a line for the person (nullable: just a refusal). */
void vi_fail(struct ed_vim *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void vi_say(struct ed_vim *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* marks: a-z are 0..25 */
void vi_mark_set(struct ed_vim *v, struct vi_mark *m, size_t pos);
size_t vi_mark_pos(struct ed_vim *v, const struct vi_mark *m); /* VI_NONE: not set */
struct vi_mark *vi_mark_of(struct ed_vim *v, uint32_t name);   /* NULL: no such mark */
/* '[ and '] around what was changed or yanked. */
void vi_mark_change(struct ed_vim *v, size_t from, size_t last);
void vi_jump_from(struct ed_vim *v, size_t pos); /* remembers for '' and Ctrl-O */
void vi_jump_go(struct ed_vim *v, bool back, size_t count);
void vi_change_go(struct ed_vim *v, bool older, size_t count);
void vi_marks_edit(struct ed_vim *v, const struct ed_edit *e); /* the listener */

#endif
