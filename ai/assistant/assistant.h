/*
 * Private to ai/assistant.
 */
#ifndef AI_ASSISTANT_ASSISTANT_H
#define AI_ASSISTANT_ASSISTANT_H

#include "gen/assistant.h"
#include "runtime/abi/host.h"
#include "runtime/abi/iface_provider.h"
#include "runtime/abi/iface_store.h"
#include "runtime/abi/iface_workspace.h"
#include "runtime/base/vec.h"

#define ASSISTANT_ANSWER_MAX (1u << 20)	   /* bytes of one answer */
#define ASSISTANT_CONTEXT_MAX (512u << 10) /* bytes of all files given along */

/* assistant_filter.c: text from outside for a terminal. Appends s without control characters (tab
 * and newline stay, CR LF becomes LF), without what turns the direction of the text that follows,
 * and with U+FFFD for invalid bytes. Whole code points in, whole code points out. */
wn_err assistant_filter(struct wn_str s, struct wn_buf *out);
/* The same on one line: tab and newline become blanks. */
wn_err assistant_filter_line(struct wn_str s, struct wn_buf *out);

/* assistant_prompt.c: what the model is told. Texts are in the arena. */
extern const char assistant_system_prompt[];
/* The question with its files, each quoted as data between lines that hold `mark` (unguessable). */
wn_err assistant_prompt(struct wn_ctx *ctx, const struct assistant_ask_params *p, const char *mark,
			struct wn_str *out);

/* assistant_history.c: earlier turns of a conversation, oldest first, bounded in number and bytes;
 * WN_E_NOT_FOUND when there is no such conversation. [job] */
wn_err assistant_history(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str conversation,
			 struct wn_chat_message **out, size_t *n_out);

/* assistant_walk.c: the text files of a directory, names sorted, without what nobody reads (hidden
 * and generated directories, links, binaries, what .gitignore names). Bounded; which bound was met
 * is told. [job] */
struct assistant_walk {
	struct wn_ctx *ctx;
	const char *root;
	/* One file: path relative to root, whole text, both borrowed. False ends the walk. */
	bool (*on_file)(void *arg, const char *path, struct wn_str text);
	void *arg;
	size_t files, bytes; /* read so far */
	const char *stopped; /* why it ended early; NULL: all was seen */
};
void assistant_walk(struct assistant_walk *w);

/* assistant_ignore.c: the rules of .gitignore files, without "**" in the middle of a pattern. */
struct assistant_ignore_rule {
	const char *base; /* directory of the file they stand in, relative to the root; "" is the
			     root */
	struct wn_str pattern;
	bool negated, dir_only, anchored;
};
struct assistant_ignore {
	struct wn_arena *arena;
	WN_VEC(struct assistant_ignore_rule) rules;
};
void assistant_ignore_add(struct assistant_ignore *ig, const char *base, struct wn_str text);
bool assistant_ignored(const struct assistant_ignore *ig, const char *path, bool is_dir);

/* assistant_words.c: the words of a question worth looking for, folded; at most 8. */
#define ASSISTANT_WORDS 8
struct assistant_words {
	struct wn_str word[ASSISTANT_WORDS];
	size_t n;
};
void assistant_words(struct wn_arena *a, struct wn_str question, struct assistant_words *out);

/* assistant_search.c: the answer without a model, Markdown. root nullable: only the files given
 * along are searched. [job] */
wn_err assistant_search(struct wn_ctx *ctx, const struct assistant_ask_params *p, const char *root,
			const char *why, struct wn_buf *out);

#endif
