/*
 * The engine of one view; private to editor/vim (included by state.h).
 */
#ifndef EDITOR_VIM_ENGINE_H
#define EDITOR_VIM_ENGINE_H

#include "editor/vim/state.h"

/* What an insertion needs to know until Esc. */
struct vi_insert {
	struct vi_cmd cmd;	     /* that began it */
	bool replay;		     /* run by '.' or a count: nothing is recorded */
	vi_keys keys;		     /* typed, for '.' and counts */
	size_t start;		     /* where it began */
	bool did_ai;		     /* the indent was made by us and nothing is typed behind it */
	bool moved;		     /* a cursor key was used: the count is gone */
	uint32_t wait;		     /* Ctrl-V, Ctrl-R, Ctrl-K, Ctrl-G: takes the next key */
	uint32_t code, digits, base; /* of Ctrl-V and Ctrl-K */
	bool once;		     /* Ctrl-O: one normal command, then back */
	/* block insert */
	uint32_t block; /* 'I', 'A', 'c'; 0: none */
	size_t rows, col, left, first_len;
	bool to_eol;
	struct wn_buf over; /* replace mode: what was there, newest last */
	WN_VEC(size_t) over_at;
	struct ed_step *step; /* undo step typing goes on in */
	uint64_t version;
};

struct vi_typed {
	uint32_t kind;	    /* ':' '/' '?'; 0: none */
	struct wn_buf text; /* with kind as first byte */
	size_t at;
	struct vi_cmd cmd; /* that waits for it */
	size_t hist;
	struct wn_buf kept; /* what was typed before history was walked */
	uint32_t wait;
};

/* Rows an undo puts back, behind the first `top` ones. */
struct vi_touched {
	size_t top, lines;
};

struct ed_vim {
	struct ed_view *view;
	struct ed_doc *doc;
	struct ed_vim_shared *sh;
	struct ed_vim_host host;
	struct ed_listener listener;
	struct vi_options opt;
	enum vi_state state;
	size_t cur;
	size_t want;	 /* column kept by j and k; VI_NONE: the cursor's */
	uint32_t visual; /* 'v', 'V', VI_BLOCK; 0: none */
	size_t anchor;
	bool block_eol;	 /* '$' in a block */
	vi_keys pending; /* typed of a normal command */
	vi_keys queue;	 /* to be run before anything typed; last first */
	bool failed;	 /* the command failed: macros stop */
	int depth;	 /* of nested runs */
	size_t budget;	 /* keys left before a macro is taken for endless */
	struct vi_insert ins;
	struct vi_typed typed;
	struct vi_mark mark[VI_MARKS];
	struct vi_mark jump[VI_JUMPS + 1];
	size_t jumps, jump_at;
	struct vi_mark change[VI_JUMPS];
	size_t changes, change_at;
	uint32_t last_visual; /* kind behind '< and '> */
	bool last_eol;
	uint32_t recording; /* register; 0: none */
	struct wn_buf macro;
	size_t macro_tail; /* length before the last typed key */
	/* edits */
	unsigned group;
	bool undoing;
	WN_VEC(struct vi_touched) touched; /* by the undo under way */
	struct ed_search *search;	   /* compiled last */
	struct wn_buf search_key;
	struct {
		uint64_t version;
		size_t base, len;
		char buf[2048];
	} cache;
	struct wn_buf cmd_text;		   /* behind the command's text */
	size_t pushed_head, pushed_anchor; /* what the view was told */
	bool playing;			   /* a macro, as one undo step */
	size_t op_start;		   /* cursor before the operator */
	bool normal_only;		   /* inside :normal */
	bool global;			   /* inside :g */
	struct vi_marked *marked;	   /* its lines; NULL: none */
	bool hidden;			   /* :noh */
	struct wn_diag diag;
	size_t half; /* 'scroll' */
};

#endif
