/*
 * Normal and visual mode: reading commands, running them, operators.
 */
#ifndef EDITOR_VIM_NORMAL_H
#define EDITOR_VIM_NORMAL_H

#include "editor/vim/motion.h"
#include "editor/vim/reg.h"

enum vi_read { VI_READ_MORE, VI_READ_BAD, VI_READ_DONE };

/* read.c: what the keys typed so far say. */
enum vi_read vi_read_cmd(const struct ed_vim *v, struct vi_cmd *out);
bool vi_is_operator(uint32_t key);

/* Commands that are neither motions nor operators. */
enum {
	VI_A_ARG = 1,	 /* takes a character */
	VI_A_EDIT = 2,	 /* '.' does it again */
	VI_A_GROUP = 4,	 /* runs in an undo group */
	VI_A_VISUAL = 8, /* may run while something is selected */
	VI_A_KEEP = 16	 /* and keeps the selection */
};
struct vi_action {
	uint32_t key;
	unsigned flags;
	void (*fn)(struct ed_vim *v, const struct vi_cmd *c);
};
const struct vi_action *vi_action_of(uint32_t key);

/* normal.c */
void vi_normal_key(struct ed_vim *v, uint32_t key);
void vi_execute(struct ed_vim *v, struct vi_cmd *c);
void vi_visual_end(struct ed_vim *v); /* remembers '< '> */
void vi_visual_start(struct ed_vim *v, uint32_t kind, size_t anchor);
/* What is selected, as a region. */
struct vi_region vi_visual_region(struct ed_vim *v);
void vi_want(struct ed_vim *v); /* the wanted column is the cursor's, unless one is kept */
/* Remembers c for '.', unless it is '.' that runs it. */
void vi_remember(struct ed_vim *v, const struct vi_cmd *c);
void vi_dot(struct ed_vim *v, const struct vi_cmd *c);

/* scroll.c: Ctrl-E and its kin; zz and its kin */
void vi_scroll(struct ed_vim *v, const struct vi_cmd *c);
void vi_place(struct ed_vim *v, const struct vi_cmd *c);

/* op.c: runs an operator on a region. */
void vi_operate(struct ed_vim *v, const struct vi_cmd *c, const struct vi_region *r);
/* Deletes a region, without keeping it. */
void vi_region_delete(struct ed_vim *v, const struct vi_region *r);
/* shape.c: operators that change what is there */
enum vi_case_op { VI_UPPER, VI_LOWER, VI_SWAP, VI_ROT13 };
void vi_op_case(struct ed_vim *v, const struct vi_region *r, enum vi_case_op how);
void vi_op_replace(struct ed_vim *v, const struct vi_region *r, uint32_t with);
void vi_op_shift(struct ed_vim *v, const struct vi_region *r, size_t amount, bool left);
void vi_op_join(struct ed_vim *v, size_t first, size_t lines, bool blanks);
/* number.c: Ctrl-A and Ctrl-X; step: added to each next line's. */
void vi_op_add(struct ed_vim *v, const struct vi_region *r, int64_t by, int64_t step);
bool vi_add_here(struct ed_vim *v, int64_t by);
/* format.c */
void vi_op_format(struct ed_vim *v, const struct vi_region *r, bool keep_cursor);
void vi_op_indent(struct ed_vim *v, const struct vi_region *r);
/* surround.c */
void vi_surround_add(struct ed_vim *v, const struct vi_cmd *c, const struct vi_region *r);
void vi_surround_change(struct ed_vim *v, const struct vi_cmd *c);

/* over.c: p and P over what is selected, which goes into the unnamed register unless kept. */
void vi_put_over(struct ed_vim *v, uint32_t name, size_t count, struct vi_put how, bool kept);

/* insert.c */
void vi_insert_start(struct ed_vim *v, const struct vi_cmd *c, enum vi_state state);
void vi_insert_key(struct ed_vim *v, uint32_t key);
void vi_insert_block(struct ed_vim *v, const struct vi_region *r, uint32_t how,
		     const struct vi_cmd *c);
/* Edits of an insertion go into one undo step. */
void vi_insert_group(struct ed_vim *v);
void vi_insert_ungroup(struct ed_vim *v);
/* A new line below or above with the indent it should have; the cursor goes there. */
void vi_open_line(struct ed_vim *v, bool below);

/* line being typed */
void vi_line_start(struct ed_vim *v, uint32_t kind, const struct vi_cmd *c, struct wn_str text);
void vi_line_key(struct ed_vim *v, uint32_t key);

/* vim.c: runs keys to their end, nested; false: one of them failed. */
bool vi_run(struct ed_vim *v, const uint32_t *keys, size_t n);
/* Puts keys before what waits to be run. */
void vi_feed(struct ed_vim *v, const uint32_t *keys, size_t n);

#endif
