/*
 * Text as a persistent B-tree of pieces. Any bytes are kept exactly; nothing
 * here knows about encodings, columns or files on disk.
 *
 * A handle (struct ed_text) is changed by one thread at a time; a snapshot is
 * another handle on the same nodes, costs O(1) and may be read, and even
 * changed, by another thread. Positions are bytes. A line ends with '\n'.
 */
#ifndef EDITOR_TEXT_TEXT_H
#define EDITOR_TEXT_TEXT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/base/str.h"

struct ed_text;
struct ed_node; /* private to editor/text */

/* What a node counts besides bytes. Counted when first asked, then kept. */
enum ed_metric {
	ED_LINES,   /* '\n' */
	ED_POINTS,  /* code points: bytes that are no UTF-8 continuation */
	ED_UNITS16, /* UTF-16 units of the same; exact for valid UTF-8 */
	ED_METRICS
};

struct ed_text *ed_text_new(void);
/* A text of a copy of these bytes; NULL when there is no memory for it. */
struct ed_text *ed_text_from(struct wn_str bytes);
/* A frozen copy in O(1). Any thread may own it; t must not change during the call. */
struct ed_text *ed_text_snap(const struct ed_text *t);
void ed_text_free(struct ed_text *t); /* nullable */
/* The n bytes at pos as a text of its own, sharing memory (clamped). */
struct ed_text *ed_text_slice(const struct ed_text *t, size_t pos, size_t n);

size_t ed_text_len(const struct ed_text *t);
/* Replaces n bytes at pos (pos + n <= len) by bytes, which are copied. On WN_E_NO_MEMORY nothing
 * changed. */
wn_err ed_text_replace(struct ed_text *t, size_t pos, size_t n, struct wn_str bytes) WN_MUST;
/* The same with another text, without copying; ins nullable (only removes). */
void ed_text_splice(struct ed_text *t, size_t pos, size_t n, const struct ed_text *ins);

/* Copies up to n bytes from pos; returns how many there were. */
size_t ed_text_read(const struct ed_text *t, size_t pos, void *out, size_t n);
int ed_text_byte(const struct ed_text *t, size_t pos); /* -1 behind the end */
/* Appends bytes from..to (clamped) to out, within its maximum. */
wn_err ed_text_copy(const struct ed_text *t, size_t from, size_t to, struct wn_buf *out);

/* How many of the metric lie before pos (clamped). */
size_t ed_text_rank(const struct ed_text *t, enum ed_metric m, size_t pos);
/* Position just behind the n-th of the metric (n = 0: 0); len when there are fewer. */
size_t ed_text_seek(const struct ed_text *t, enum ed_metric m, size_t n);
/* True when rank and seek of lines need no counting any more. */
bool ed_text_indexed(const struct ed_text *t);
/* Counts the lines of all nodes: run by a worker on a snapshot, it makes every handle that shares
 * the nodes quick. done (nullable) rises by bytes. False when cancelled. */
bool ed_text_index(const struct ed_text *t, const atomic_bool *cancel, atomic_size_t *done);
/* True when a file under the text became shorter or unreadable: NUL bytes stand for what is gone.
 */
bool ed_text_lost(const struct ed_text *t);

/* Where the bytes at pos lie: *fd_out a file (borrowed; -1: memory) and *off_out the place in it.
 * Returns how many of them lie there in one piece; 0 at the end. */
size_t ed_text_origin(const struct ed_text *t, size_t pos, int *fd_out, size_t *off_out);
/* All bytes of a file that stays open, as a text that reads it when asked. Takes fd. */
struct ed_text *ed_text_file(int fd, size_t len);

size_t ed_text_lines(const struct ed_text *t);			 /* '\n' + 1 */
size_t ed_text_line_start(const struct ed_text *t, size_t line); /* line from 0; clamped to len */
size_t ed_text_line_of(const struct ed_text *t, size_t pos);
/* Start of the line pos is in, and the position of its '\n' (or len): no line number is needed, so
 * both are quick in a text that is not indexed yet. */
size_t ed_text_line_begin(const struct ed_text *t, size_t pos);
size_t ed_text_line_end(const struct ed_text *t, size_t pos);

/*
 * Walks the bytes in chunks (at most ED_CHUNK_MAX each). The chunk is borrowed: it lives until the
 * next step or fini. The text must not be freed or changed meanwhile (walk a snapshot).
 */
#define ED_CHUNK_MAX ((size_t)16384)
struct ed_iter {
	const struct ed_text *text;
	size_t pos; /* of the chunk's first byte */
	struct wn_str chunk;
	char *own; /* room for bytes of a file too large for memory */
};
/* Chunk that holds pos, cut to begin there; false at the end. */
bool ed_iter_init(struct ed_iter *it, const struct ed_text *t, size_t pos);
bool ed_iter_next(struct ed_iter *it);
/* Chunk that ends at it->pos; false at the start. */
bool ed_iter_prev(struct ed_iter *it);
void ed_iter_fini(struct ed_iter *it);

#endif
