/*
 * Motions and text objects: where they lead, nothing is changed.
 */
#ifndef EDITOR_VIM_MOTION_H
#define EDITOR_VIM_MOTION_H

#include "editor/vim/edit.h"

/* Where a motion leads. */
struct vi_target {
	size_t from; /* of an object; VI_NONE: the cursor */
	size_t to;
	bool line, incl;
	bool keep;   /* the wanted column stays */
	size_t want; /* or becomes this one; VI_NONE: the cursor's */
	bool one;    /* what it deletes goes to register 1 */
	bool block;  /* an object that makes a selection of lines one of characters */
	bool chars;  /* and one that makes any selection one */
	bool whole;  /* its end is not moved back from the first column */
};

enum { VI_M_LINE = 1, VI_M_INCL = 2, VI_M_JUMP = 4, VI_M_ONE = 8, VI_M_OBJECT = 16 };

struct vi_motion {
	uint32_t key;
	unsigned flags;
	/* False: there is nothing there; the command fails. */
	bool (*fn)(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
};

/* NULL: the key is no motion. */
const struct vi_motion *vi_motion_of(uint32_t key);
/* Runs it from the cursor. */
bool vi_motion_run(struct ed_vim *v, const struct vi_motion *m, const struct vi_cmd *c,
		   struct vi_target *t);

/* word.c, by count; false: the end of the text stopped it. They move *pos. */
bool vi_fwd_word(struct ed_vim *v, size_t *pos, size_t count, bool big, bool eol);
bool vi_bck_word(struct ed_vim *v, size_t *pos, size_t count, bool big, bool stop);
bool vi_end_word(struct ed_vim *v, size_t *pos, size_t count, bool big, bool stop, bool empty);
bool vi_bck_end(struct ed_vim *v, size_t *pos, size_t count, bool big, bool eol);
bool vi_move_w(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
bool vi_move_b(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
bool vi_move_e(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
bool vi_move_ge(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
/* text.c: paragraphs, sentences, sections */
bool vi_move_para(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
bool vi_move_sent(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
bool vi_move_section(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
bool vi_sentence(struct ed_vim *v, size_t *pos, bool back, size_t count);
/* match.c */
bool vi_move_match(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
bool vi_move_unmatched(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
/* The bracket of a kind around pos that is open there (or closed behind it), VI_NONE. */
size_t vi_open_before(struct ed_vim *v, size_t pos, uint32_t open, uint32_t close);
size_t vi_close_behind(struct ed_vim *v, size_t pos, uint32_t open, uint32_t close);
/* find.c */
bool vi_move_search(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
bool vi_move_next(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
bool vi_move_star(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
bool vi_object_match(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
/* object.c; the key is VI_K2('i' or 'a', what) */
bool vi_object(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t);
/* tag.c, quote.c, pair.c, word and paragraph objects */
bool vi_object_word(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, bool big,
		    bool around);
bool vi_object_para(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, bool around);
bool vi_object_sent(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, bool around);
bool vi_object_quote(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, uint32_t q,
		     bool around);
bool vi_object_pair(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, uint32_t open,
		    uint32_t close, bool around);
bool vi_object_tag(struct ed_vim *v, const struct vi_cmd *c, struct vi_target *t, bool around);

#endif
