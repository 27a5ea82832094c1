/*
 * Registers: what y, d and c keep and p puts, and how macros are written in them.
 */
#ifndef EDITOR_VIM_REG_H
#define EDITOR_VIM_REG_H

#include "editor/vim/edit.h"

/* A region an operator works on. Characters: from..to, to behind the last. Lines: the lines of
 * from and to. Block: the rows of from and to, columns left..right (both in), or to the line ends.
 */
struct vi_region {
	uint32_t type; /* 'v', 'V', VI_BLOCK */
	size_t from, to;
	size_t left, right;
	bool to_eol;
	size_t lines;
	bool empty;    /* no character, and none meant */
	bool adjusted; /* its end was moved back from the first column */
	bool one;      /* its motion is one of those whose deletions always go to register 1 */
};

/* The part of a block in one line: bytes a..b, and the columns cut off of what is only half in. */
struct vi_slice {
	size_t a, b;
	size_t pre;    /* columns of the character at a that are left of the block */
	size_t post;   /* columns of the last one that are right of it */
	size_t in_pre; /* columns inside of the block's first, half-cut character */
	size_t in_post;
	bool is_short; /* the line ends before the block does */
	bool none;     /* it does not reach the block */
	size_t col;    /* of a */
};
struct vi_slice vi_slice(struct ed_vim *v, const struct vi_region *r, size_t begin);

bool vi_reg_valid(uint32_t name, bool writing);
/* Content for reading (nullable name 0: unnamed); NULL: there is none. Borrowed. */
const struct vi_register *vi_reg_get(struct ed_vim *v, uint32_t name);
/* Yanks a region into the register named, or 0. */
void vi_reg_yank(struct ed_vim *v, uint32_t name, const struct vi_region *r);
/* Keeps what a deletion removes, where Vim keeps it. */
void vi_reg_delete(struct ed_vim *v, uint32_t name, const struct vi_region *r);
/* Sets a register to text of a type; as :let @x. A capital appends. */
void vi_reg_set(struct ed_vim *v, uint32_t name, struct wn_str text, uint32_t type);

/* p and P and their kin. before: above or left; end: the cursor goes behind; indent: as ]p. */
struct vi_put {
	bool before, end, indent;
};
void vi_put(struct ed_vim *v, uint32_t name, size_t count, struct vi_put how);
void vi_put_text(struct ed_vim *v, const struct vi_register *r, size_t count, struct vi_put how);

/* Keys as bytes of a register and back, special keys as Vim writes them. */
void vi_key_encode(uint32_t key, struct wn_buf *out);
void vi_keys_decode(struct wn_str s, vi_keys *out);

#endif
