/*
 * An edit of a whole text as an operation: parts that retain, insert or delete code points, from
 * the start of the text to its end. Two operations made on the same text at the same time can be
 * transformed to follow each other, so that everybody ends with the same text.
 *
 * A code point is a byte that is no UTF-8 continuation with the continuations behind it, as
 * ED_POINTS of editor/text counts. Pure data; an operation belongs to one thread at a time. A
 * function that fails leaves its arguments as they were and gives no result.
 */
#ifndef EDITOR_OT_OT_H
#define EDITOR_OT_OT_H

#include "editor/text/text.h"

struct ed_ot;

enum ed_ot_kind { ED_OT_RETAIN, ED_OT_INSERT, ED_OT_DELETE };

struct ed_ot_part {
	enum ed_ot_kind kind;
	size_t n;	    /* code points, never 0 */
	struct wn_str text; /* of an insertion; borrowed until the operation changes */
};

/* An empty operation: it fits the empty text and changes nothing. */
struct ed_ot *ed_ot_new(void);
struct ed_ot *ed_ot_copy(const struct ed_ot *op);
void ed_ot_free(struct ed_ot *op); /* nullable */

/*
 * Append a part. Neighbours of a kind melt and an insertion goes before a deletion beside it, so
 * equal edits have equal parts. WN_E_LIMIT when lengths overflow or more than 1 GiB is inserted.
 */
wn_err ed_ot_retain(struct ed_ot *op, size_t n) WN_MUST;
wn_err ed_ot_delete(struct ed_ot *op, size_t n) WN_MUST;
/* WN_E_INVALID unless text is valid UTF-8; it is copied. */
wn_err ed_ot_insert(struct ed_ot *op, struct wn_str text) WN_MUST;
/* One change of a text of `points` code points: n at pos become text. */
wn_err ed_ot_edit(size_t points, size_t pos, size_t n, struct wn_str text,
		  struct ed_ot **out) WN_MUST;

size_t ed_ot_before(const struct ed_ot *op); /* code points of the text it is for */
size_t ed_ot_after(const struct ed_ot *op);  /* and of what it makes of it */
size_t ed_ot_count(const struct ed_ot *op);
struct ed_ot_part ed_ot_part(const struct ed_ot *op, size_t i); /* i < count */
bool ed_ot_same(const struct ed_ot *a, const struct ed_ot *b);

/* The operation that does first, then second. WN_E_INVALID when second is not for what first makes.
 */
wn_err ed_ot_compose(const struct ed_ot *first, const struct ed_ot *second,
		     struct ed_ot **out) WN_MUST;
/* For a and b of the same text: b then a_out gives what a then b_out gives. Where both insert, a's
 * text comes first. WN_E_INVALID when they are for texts of different length. */
wn_err ed_ot_transform(const struct ed_ot *a, const struct ed_ot *b, struct ed_ot **a_out,
		       struct ed_ot **b_out) WN_MUST;
/* The operation that takes op back; t is the text before it. */
wn_err ed_ot_invert(const struct ed_ot *op, const struct ed_text *t, struct ed_ot **out) WN_MUST;
/* WN_E_INVALID when t has another length than op is for, WN_E_NO_MEMORY: t is as it was. */
wn_err ed_ot_apply(const struct ed_ot *op, struct ed_text *t) WN_MUST;
/* Where a cursor at code point pos goes; with `after` it moves behind text inserted right there. */
size_t ed_ot_move(const struct ed_ot *op, size_t pos, bool after);

#endif
