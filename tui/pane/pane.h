/*
 * What a pane is: one const descriptor in one file. A pane knows the application only as
 * struct pane_host and other panes not at all. Read README.md for a whole example.
 * Everything here runs on the loop thread unless it says otherwise.
 */
#ifndef TUI_PANE_PANE_H
#define TUI_PANE_PANE_H

#include "runtime/base/error.h"
#include "runtime/base/json.h"
#include "runtime/base/json_write.h"
#include "runtime/base/rpc_port.h"
#include "tui/cell/grid.h"
#include "tui/input/key.h"
#include "tui/pane/command.h"
#include "tui/theme/theme.h"

struct pane_host;

/* Where a pane goes when it is opened for the first time. */
enum pane_place { PANE_LEFT, PANE_CENTER, PANE_BOTTOM, PANE_RIGHT };

enum pane_flag {
	PANE_SINGLE = 1, /* opening it again focuses the one that is there */
	PANE_TYPING = 2	 /* plain characters are text: '?' and 'q' are not help and close */
};

/* Where the terminal's cursor goes; row -1 hides it. */
struct pane_cursor {
	int row, col;
};

struct pane_draw {
	struct tui_view view; /* all of it is the pane's to fill */
	const struct tui_theme *theme;
	bool focused;
	struct pane_cursor *cursor; /* set when focused */
	bool kept; /* what the pane drew last is still there: only what changed need be drawn */
};

enum pane_event_type {
	PANE_FOCUSED,
	PANE_BLURRED,
	PANE_TERMINAL_FOCUSED, /* the terminal window came to the front: look at the disk again */
	PANE_ENGINE_UP,	       /* (re)connected: subscribe and query anew */
	PANE_ENGINE_DOWN,
	PANE_THEME,
	PANE_FILE_SAVED,  /* path */
	PANE_FILE_MOVED,  /* path -> path2; path2 empty: removed */
	PANE_WAKE,	  /* a shared object has news */
	PANE_FILE_SHOWN,  /* path: the file in the focused editor changed */
	PANE_DISK_CHANGED /* path: something in this watched folder did */
};

struct pane_event {
	enum pane_event_type type;
	struct wn_str path, path2;
};

/* What a pane shows, for whom it may concern (the assistant). The text is a copy. */
struct pane_context {
	char path[1024]; /* relative to the open folder when it is below it; "": has no file */
	char language[40];
	bool selection;	    /* only what is selected */
	struct wn_buf text; /* filled by the pane up to its maximum; begun and ended by the asker */
};

struct pane_type {
	const char *name; /* "files": identity in sessions and keymaps */
	struct tui_text title;
	enum pane_place place;
	unsigned flags;
	/* New pane; arg nullable (a path, an id); state nullable: what save() wrote. NULL: d says
	 * why. */
	void *(*open)(struct pane_host *, const char *arg, const struct wn_json *state,
		      struct wn_diag *d);
	/* Frees it; timers, work and subscriptions of this pane are ended by the host just before.
	 */
	void (*close)(void *);
	/* Nullable. False keeps it open: the pane asks the person, then calls host->close_me(). */
	bool (*may_close)(void *);
	void (*draw)(void *, const struct pane_draw *);
	/* Nullable. True: this key goes to key() before the keymap is asked (a find bar is open, a
	 * terminal has the keys); key() may still decline it. Leave Ctrl-K and Alt-digits to the
	 * keymap: they lead out. */
	bool (*grabs)(void *, const struct tui_key *);
	/* True: used. Commands bound in the keymap come before; plain characters come here first
	 * when PANE_TYPING. Nullable, as all below. */
	bool (*key)(void *, const struct tui_key *);
	bool (*mouse)(void *, const struct tui_mouse *); /* y, x within the view */
	void (*paste)(void *, struct wn_str piece, bool first, bool last);
	void (*event)(void *, const struct pane_event *);
	const struct tui_command *commands; /* ended by id NULL */
	/* Words on the tab, cut when long; without it the title. buf has n bytes. */
	void (*label)(void *, char *buf, size_t n);
	bool (*dirty)(
		void *); /* has something unsaved: a letter on its tab and a question at quit */
	void (*save_all)(void *, void (*done)(void *arg, wn_err),
			 void *arg); /* for "save and quit" */
	/* A save is under way: quitting waits for it. */
	bool (*saving)(void *);
	/* What it will show is being read: keys and pastes wait and come when it is there. */
	bool (*loading)(void *);
	/* The program must end now: what is unsaved goes to a safe place, blocking. crashing:
	 * called from the handler of a fatal signal: no memory, no locks, nothing of the host. */
	void (*rescue)(void *, bool crashing);
	/* Left part of the status line while focused. */
	void (*status)(void *, char *buf, size_t n);
	/* What to give open() to come back as it was: members of an object already begun. */
	void (*save)(void *, struct wn_jw *);
	/* True while something it asked of a thread of its own is not there yet; tests wait for it.
	 */
	bool (*busy)(void *);
	/* True when this pane shows what open(arg) would show (an open file): it is focused
	 * instead. */
	bool (*is)(void *, const char *arg);
	void (*again)(void *, const char *arg); /* and is told that it was asked for */
	/* The file and selection it shows; false: nothing. */
	bool (*context)(void *, struct pane_context *out);
	/* Keys it handles itself, for `?`: lines "key\ttext\n" in both languages. */
	struct tui_text keys;
};

#include "tui/pane/host.h"

/* Every pane type there is, ended by NULL (pane/table.c: one line a pane). */
extern const struct pane_type *const pane_table[];

#endif
