/*
 * What the engines of all panes share; private to editor/vim.
 */
#ifndef EDITOR_VIM_STATE_H
#define EDITOR_VIM_STATE_H

#include "editor/vim/types.h"

/* What '.' does again. */
struct vi_repeat {
	bool set;
	struct vi_cmd cmd;
	struct wn_buf text, text2; /* behind cmd.text and text2 */
	vi_keys keys;		   /* typed while inserting, without the last Esc */
	uint32_t visual;	   /* kind of the selection it worked on; 0: none */
	size_t lines, cols;
	bool to_eol;
};

struct vi_find {
	uint32_t ch;
	bool back, till;
};

struct vi_sub {
	struct wn_buf with; /* last replacement, as typed */
	struct wn_buf flags;
	bool set;
};

struct vi_hist {
	WN_VEC(char *) p; /* owned lines, oldest first */
};

struct ed_vim_shared {
	struct vi_register reg[38]; /* 0-9, a-z, '-', and the clipboard */
	struct vi_register read;    /* last read-only one that was asked for */
	size_t unnamed;		    /* index of what '"' is */
	struct wn_buf inserted;	    /* "." register: keys as bytes */
	struct vi_repeat repeat;
	struct vi_find find;
	struct wn_buf pattern; /* as Vim writes it */
	bool pattern_back;
	struct wn_buf offset; /* of the last search */
	struct vi_sub sub;
	struct wn_buf sub_pattern;
	struct vi_hist colon, slash;
	uint32_t played;     /* register of the last macro */
	struct wn_buf shell; /* last :! */
	struct wn_buf last_ex;
};

#include "editor/vim/engine.h"

#endif
