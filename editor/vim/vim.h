/*
 * Modal editing as Vim does it, over one view: keys in, edits and a cursor out. A pure library: no
 * terminal, no files, no clock but the document's. Same thread as the document.
 *
 * A key is a code point, a control character (Enter 13, Esc 27, Ctrl-A 1 ...) or one of ED_KEY_*.
 */
#ifndef EDITOR_VIM_VIM_H
#define EDITOR_VIM_VIM_H

#include "editor/select/view.h"

enum {
	ED_KEY_TAB = 9,
	ED_KEY_ENTER = 13,
	ED_KEY_ESC = 27,
	ED_KEY_UP = 0x110000,
	ED_KEY_DOWN,
	ED_KEY_LEFT,
	ED_KEY_RIGHT,
	ED_KEY_HOME,
	ED_KEY_END,
	ED_KEY_PGUP,
	ED_KEY_PGDN,
	ED_KEY_INSERT,
	ED_KEY_DELETE,
	ED_KEY_BS,
	ED_KEY_CTRL_LEFT,
	ED_KEY_CTRL_RIGHT,
	ED_KEY_CTRL_HOME,
	ED_KEY_CTRL_END,
	ED_KEY_LIMIT
};

enum ed_vim_mode {
	ED_VIM_NORMAL,
	ED_VIM_PENDING, /* an operator waits for its motion */
	ED_VIM_INSERT,
	ED_VIM_REPLACE,
	ED_VIM_VISUAL,
	ED_VIM_VISUAL_LINE,
	ED_VIM_VISUAL_BLOCK,
	ED_VIM_COMMAND /* a line is being typed at ':', '/' or '?' */
};

struct ed_vim;
struct ed_vim_shared; /* registers, macros, patterns, history: one for all panes */

/* What the engine asks of the one who runs it; every function is nullable. */
struct ed_vim_host {
	void *arg;
	/* One line for the person; error: a complaint. The text is borrowed. */
	void (*say)(void *arg, bool error, const char *text);
	/* An ex command the engine has not ("w", "e", "q" ...): name without '!', WN_E_NOT_FOUND
	 * when there is none. from, to: bytes of the range, equal when none was given. */
	wn_err (*command)(void *arg, const char *name, bool bang, struct wn_str rest, size_t from,
			  size_t to, struct wn_diag *d);
	struct wn_str (*clipboard)(void *arg); /* borrowed until the next call */
	void (*copy)(void *arg, struct wn_str text);
	/* Start of the first line shown, and how many are. */
	void (*window)(void *arg, size_t *top_out, size_t *rows_out);
	void (*set_top)(void *arg, size_t line_start);
	/* What is behind '!' and ":!": runs in over a shell command. */
	wn_err (*filter)(void *arg, struct wn_str command, struct wn_str in, struct wn_buf *out,
			 struct wn_diag *d);
};

struct ed_vim_shared *ed_vim_shared_new(void);
void ed_vim_shared_free(struct ed_vim_shared *s); /* nullable; behind the last engine */
/* view, shared and host are borrowed and must outlive it; host nullable. */
struct ed_vim *ed_vim_new(struct ed_view *view, struct ed_vim_shared *shared,
			  const struct ed_vim_host *host);
void ed_vim_free(struct ed_vim *v); /* nullable */

/* One key as typed; macros and mappings it starts run to their end. False: it meant nothing here.
 * The view's selections follow. */
bool ed_vim_key(struct ed_vim *v, uint32_t key);
/* Pastes as one undo step, wherever the mode allows text. */
wn_err ed_vim_paste(struct ed_vim *v, struct wn_str text, struct wn_diag *d);
/* Runs an ex line as if typed at ':'. */
wn_err ed_vim_ex(struct ed_vim *v, struct wn_str line);
/* Back to normal mode, whatever is pending. */
void ed_vim_escape(struct ed_vim *v);

enum ed_vim_mode ed_vim_mode(const struct ed_vim *v);
size_t ed_vim_cursor(const struct ed_vim *v); /* byte the cursor is on */
/* Keys typed of an unfinished command ("2d", "\"a"), for the status line; n bytes with the NUL. */
void ed_vim_pending(const struct ed_vim *v, char *out, size_t n);
/* The line being typed with its first character (':' '/' '?'), and the cursor's byte in it; empty
 * when there is none. Borrowed until the next key. */
struct wn_str ed_vim_line(const struct ed_vim *v, size_t *cursor_out);
char ed_vim_recording(const struct ed_vim *v); /* register of the macro recorded; 0: none */
/* Last search pattern translated for editor/search, "" none; flags for ed_search_new(). */
struct wn_str ed_vim_pattern(const struct ed_vim *v, unsigned *flags_out);
/* A register's content as Vim's getreg(): false when empty. type_out: 'v', 'V' or 22 (block). */
bool ed_vim_register(struct ed_vim *v, uint32_t name, struct wn_buf *out, uint32_t *type_out);

#endif
