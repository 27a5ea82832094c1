/*
 * Nodes, pieces and blocks of the text tree; private to editor/text.
 *
 * Shared between threads by reference count. A node, piece or block that more than one owner holds
 * is never written, but for the cached counts, which are atomic and always the same value.
 */
#ifndef EDITOR_TEXT_NODE_H
#define EDITOR_TEXT_NODE_H

#include <stdatomic.h>

#include "editor/text/text.h"

#define ED_FAN 16    /* pieces of a leaf, children of an inner node */
#define ED_FAN_MIN 8 /* in every node but the root */
#define ED_UNKNOWN (-1)

/* Immutable bytes: in memory, or in a file that stays open. Only the handle that appends to a block
 * reads and writes `len`. */
struct ed_block {
	atomic_uint refs;
	atomic_bool lost; /* the file under it became shorter or unreadable */
	int fd;		  /* -1: the bytes are here */
	size_t len, cap;
	char bytes[];
};

struct ed_piece {
	struct ed_block *block;
	size_t off;
	uint32_t len;	       /* 1 .. ED_CHUNK_MAX */
	_Atomic int32_t lines; /* newlines in it or ED_UNKNOWN */
};

struct ed_node {
	atomic_uint refs;
	uint8_t height; /* 0: leaf */
	uint8_t n;
	size_t bytes;
	_Atomic int64_t count[ED_METRICS]; /* or ED_UNKNOWN */
	union {
		struct ed_piece piece[ED_FAN];
		struct ed_node *child[ED_FAN];
	};
};

struct ed_text {
	struct ed_node *root; /* NULL: empty */
	struct ed_block *add; /* where inserted bytes go; NULL: none yet */
};

/* block.c */
/* Room for cap bytes, or NULL. */
struct ed_block *ed_block_new(size_t cap);
/* Takes fd, which is closed with the block. */
struct ed_block *ed_block_file(int fd, size_t len);
void ed_block_ref(struct ed_block *b);
void ed_block_unref(struct ed_block *b); /* nullable */
/* Bytes of a block that is a file; NUL bytes for what it no longer has, which marks it lost. */
void ed_block_read(struct ed_block *b, size_t off, char *out, size_t n);
/* The piece's bytes, in the block or read into own (ED_CHUNK_MAX bytes). What a file no longer has
 * reads as NUL bytes and marks the block lost. */
const char *ed_piece_data(const struct ed_piece *p, char *own);
/* How many of the metric are in these bytes. */
size_t ed_count_bytes(enum ed_metric m, const char *p, size_t n);
int32_t ed_piece_lines(struct ed_piece *p); /* counts when unknown */

/* node.c. "takes": the caller's reference goes into the result. NULL is the empty tree. */
struct ed_node *ed_node_ref(struct ed_node *n); /* nullable */
void ed_node_unref(struct ed_node *n);		/* nullable */
/* A tree over len bytes of a block from off. */
struct ed_node *ed_node_build(struct ed_block *b, size_t off, size_t len);
struct ed_node *ed_node_join(struct ed_node *a, struct ed_node *b); /* takes both */
/* Takes n; pos within 0..bytes. */
void ed_node_split(struct ed_node *n, size_t pos, struct ed_node **l, struct ed_node **r);
/* When the byte before pos is the end of add's piece ending at off, lengthens that piece by len
 * bytes (lines newlines among them); false: nothing changed. */
bool ed_node_extend(struct ed_node **root, size_t pos, struct ed_block *add, size_t off,
		    uint32_t len);
int64_t ed_node_count(struct ed_node *n, enum ed_metric m); /* counts when unknown */
/* The piece that holds byte pos (< bytes) and where it begins. */
struct ed_piece *ed_node_find(struct ed_node *n, size_t pos, size_t *begin_out);
/* Panics unless the tree is well-formed; for tests. */
void ed_node_check(const struct ed_node *n, bool root);

#endif
