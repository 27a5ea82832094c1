/*
 * Commands, registers, marks and options; private to editor/vim.
 */
#ifndef EDITOR_VIM_TYPES_H
#define EDITOR_VIM_TYPES_H

#include "editor/document/layout.h"
#include "editor/search/search.h"
#include "editor/undo/undo.h"
#include "editor/vim/vim.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

#define VI_NONE SIZE_MAX
#define VI_EOL (SIZE_MAX - 1) /* wanted column: the end of every line */
#define VI_REG_MAX ((size_t)256 << 20)
#define VI_CTRL(c) ((uint32_t)(c)&31u)
#define VI_BLOCK VI_CTRL('V')
/* A command of two keys: a prefix (g z [ ] ...) and the key. */
#define VI_K2(prefix, key) ((uint32_t)(prefix) << 24 | (uint32_t)(key))

typedef WN_VEC(uint32_t) vi_keys;

enum vi_state { VI_NORMAL, VI_INSERT, VI_REPLACE, VI_LINE };

/* A command of normal or visual mode, read completely. */
struct vi_cmd {
	uint32_t reg;	     /* 0: none named */
	size_t count;	     /* at least 1 */
	bool counted;	     /* a count was typed */
	uint32_t op;	     /* operator, 0: none */
	uint32_t force;	     /* 'v', 'V' or VI_BLOCK between operator and motion */
	uint32_t key;	     /* the motion or command */
	uint32_t arg, arg2;  /* characters it takes */
	bool doubled;	     /* dd, yy, g~~ ... */
	struct wn_str text;  /* pattern or words typed with it; borrowed from the engine */
	struct wn_str text2; /* of a surround: name of a tag */
};

struct vi_register {
	struct wn_buf text; /* lines parted by '\n', none behind the last */
	uint32_t type;	    /* 'v', 'V', VI_BLOCK; 0: empty */
	size_t width;	    /* columns of a block */
};

/* A place that edits elsewhere do not lose. row VI_NONE: only pos is known (huge text). */
struct vi_mark {
	bool set;
	size_t row, col, pos;
};
enum {
	VI_MARK_LT = 26,
	VI_MARK_GT,
	VI_MARK_TICK,
	VI_MARK_OPEN,
	VI_MARK_CLOSE,
	VI_MARK_DOT,
	VI_MARK_INS,
	VI_MARK_QUOTE,
	VI_MARK_ANCHOR,
	VI_MARK_START,
	VI_MARKS
};
#define VI_JUMPS 100

struct vi_options {
	size_t ts, sw, sts, tw;
	bool et, ai, ic, scs, ws, hls, sol, tildeop, sr, js, gdefault, magic, is;
	bool octal, alpha; /* nrformats */
	bool surround;
};

#endif
