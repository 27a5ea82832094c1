/*
 * What the application does for a pane. One host a pane: what a pane began (timers, work,
 * subscriptions, questions) ends with it, and its callbacks are never called afterwards.
 */
#ifndef TUI_PANE_HOST_H
#define TUI_PANE_HOST_H

#include <stdint.h>

#include "runtime/base/clock.h"
#include "runtime/base/rpc_port.h"
#include "runtime/base/str.h"
#include "tui/pane/command.h"

struct pane_host;
struct pane_event;
struct pane_context;
struct wn_diag;

enum pane_status { PANE_INFO, PANE_WARN, PANE_ERROR };

/* Runs on a worker thread: touches nothing but its argument. */
typedef void (*pane_work_fn)(void *arg);
/* Back on the loop; cancelled: the pane is gone, only free arg. */
typedef void (*pane_done_fn)(void *arg, bool cancelled);
/* text NULL: the person turned away. */
typedef void (*pane_answer_fn)(void *arg, const char *text);
typedef void (*pane_notify_fn)(void *arg, struct wn_str method, struct wn_str params,
			       struct wn_str attachment);

/* One possible answer: the key that gives it and its words. Ended by key 0. */
struct pane_choice {
	char key;
	struct tui_text text;
};

struct pane_shared {
	const char *name;
	void *(*make)(void (*wake)(void *), void *wake_arg);
	void (*free)(void *);
};

struct pane_host_ops {
	void (*redraw)(struct pane_host *);   /* draw() is called before the next frame */
	void (*close_me)(struct pane_host *); /* later, on a clean stack */
	bool (*focused)(struct pane_host *);
	/* Opens or focuses a file; line and col from 1, 0: leave the cursor. */
	void (*open_file)(struct pane_host *, const char *path, int64_t line, int64_t col);
	/* Opens (or focuses) a pane by type name. arg nullable. */
	void (*open_pane)(struct pane_host *, const char *type, const char *arg);
	/* Runs a command by id; false: unknown. */
	bool (*run)(struct pane_host *, const char *command, const char *arg);
	/* One sentence in the status line until the next key. */
	void (*say)(struct pane_host *, enum pane_status, const char *fmt, ...)
		__attribute__((format(printf, 3, 4)));
	void (*fail)(struct pane_host *, const struct wn_diag *); /* text and hint of an error */
	/* A line of text from the person; initial nullable. */
	void (*ask)(struct pane_host *, const char *question, const char *initial, pane_answer_fn,
		    void *arg);
	/* The same, shown as dots; for a password. */
	void (*ask_secret)(struct pane_host *, const char *question, pane_answer_fn, void *arg);
	/* One of some keys; the answer is the key as text. The choices are borrowed until then. */
	void (*choose)(struct pane_host *, const char *question, const struct pane_choice *,
		       pane_answer_fn, void *arg);
	void (*timer)(struct pane_host *, void **slot, int64_t ms, void (*fn)(void *), void *arg);
	void (*timer_stop)(struct pane_host *, void **slot);
	/* fn on a worker thread, then done on the loop. */
	void (*work)(struct pane_host *, pane_work_fn fn, pane_done_fn done, void *arg);
	/* From any thread: fn on the loop. host must be kept alive by a work of the same pane. */
	void (*post)(struct pane_host *, void (*fn)(void *), void *arg);
	/* Calls to the engine; answers come while the pane lives. UP or not, call() answers. */
	struct wn_rpc_port *(*engine)(struct pane_host *);
	bool (*engine_up)(struct pane_host *);
	/* Id of the newest call made through engine(): for call.cancel and to know one's
	 * call.progress. 0: none. */
	int64_t (*last_call)(struct pane_host *);
	/* Notifications of the engine whose method matches the glob ("event", "signal.*"). */
	void (*listen)(struct pane_host *, const char *method_glob, pane_notify_fn, void *arg);
	/* Clipboard: also the terminal's, by OSC 52. */
	void (*copy)(struct pane_host *, struct wn_str text);
	struct wn_str (*clipboard)(struct pane_host *); /* what was copied last, borrowed */
	void (*bell)(struct pane_host *);		/* of the person's terminal */
	/* Tells every other pane (PANE_FILE_SAVED, ...). */
	void (*tell)(struct pane_host *, const struct pane_event *);
	/* From now on (or no longer) PANE_DISK_CHANGED comes to every pane when something in this
	 * folder changes; a hint, where the system has no watches left it never comes. */
	void (*watch)(struct pane_host *, const char *dir, bool on);
	const char *(*root)(struct pane_host *); /* absolute path of the open folder */
	/* The text in the person's language. */
	const char *(*tr)(struct pane_host *, struct tui_text);
	/* One object of a kind for all panes (a syntax host, a register): made by the first who
	 * asks, freed after the last pane. `wake` may be called from any thread: every pane that
	 * uses it gets PANE_WAKE on the loop. */
	void *(*shared)(struct pane_host *, const struct pane_shared *);
	const struct wn_clock *(*clock)(struct pane_host *);
	/* What the pane in the middle shows (its file, its selection); false: nothing. out->text is
	 * begun by the caller. */
	bool (*context)(struct pane_host *, struct pane_context *out);
	/* Keys bound to a command, as text ("Ctrl-S"), or "". */
	const char *(*keys)(struct pane_host *, const char *command);
	/* Name of the keymap in use ("standard", "vim"). */
	const char *(*keymap)(struct pane_host *);
	/* How the terminal's cursor looks while this pane has it: a DECSCUSR number, 0: its own. */
	void (*cursor_shape)(struct pane_host *, int shape);
};

struct pane_host {
	const struct pane_host_ops *ops;
};

#endif
