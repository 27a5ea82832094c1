/*
 * What the application consists of: the objects behind app.h. Private to tui/app; everything here
 * is on the loop thread but what app.lock holds.
 */
#ifndef TUI_APP_STATE_H
#define TUI_APP_STATE_H

#include <pthread.h>
#include <uv.h>

#include "runtime/base/clock.h"
#include "runtime/base/vec.h"
#include "tui/app/overlay.h"
#include "tui/client/client.h"
#include "tui/input/input.h"
#include "tui/keymap/keymap.h"
#include "tui/layout/layout.h"
#include "tui/pane/pane.h"
#include "tui/term/term.h"

#define RECENT_MAX 32

struct app;

struct app_opts {
	const char *path;    /* folder or file; nullable: here */
	const char *engine;  /* nullable: the person's own; "none": no engine */
	const char *theme;   /* nullable */
	const char *program; /* argv[0] */
	int colors;	     /* 0: find out */
};

/* A timer on the application's clock, which tests can push. */
struct app_timer {
	struct app_timer *next;
	int64_t due_ms;
	void (*fn)(void *);
	void *arg;
	struct tab *tab; /* nullable */
	void **slot;	 /* cleared when it fires or is stopped; nullable */
};

struct tab_listen {
	char *glob;
	pane_notify_fn fn;
	void *arg;
};

/* A pane that is open. host is first: a pane's host is its tab. */
struct tab {
	struct pane_host host;
	struct wn_rpc_port port; /* what host->engine() gives: calls end with the tab */
	struct app *app;
	const struct pane_type *type;
	void *self; /* NULL once closed */
	bool dirty, closing;
	uint64_t labels_hash; /* of the row of tabs, as it was drawn when this one was active */
	int shape;	      /* of the terminal's cursor in it */
	int refs;	      /* the tab itself, work and posts under way */
	WN_VEC(struct tab_listen) listens;
	WN_VEC(char *) watches; /* folders */
	struct tab_call *calls;
};

/* Panes in places, kept by name; the tree is JSON. */
struct arrangement {
	char *name, *tree;
};

struct app_shared {
	const struct pane_shared *kind;
	void *obj;
};

struct app_posted {
	struct app_posted *next;
	struct tab *tab; /* nullable; holds a reference */
	void (*fn)(void *);
	void *arg;
};

struct app_tty {
	uv_tty_t in, out;
	uv_signal_t winch, term, hup, cont, stop;
	uv_prepare_t prepare;
	int fd_in, fd_out;
	bool open, writing, eof, too_small;
	struct wn_buf buf;    /* next write */
	struct wn_buf flight; /* being written */
	char rbuf[65536];
};

struct app {
	uv_loop_t *loop;
	struct app_opts opts;
	char *root; /* absolute path of the open folder */
	struct tui_theme theme;
	bool theme_chosen, arabic, test;
	struct tui_keymap keymap;
	struct tui_term *term;
	struct tui_input input;
	struct tui_grid grid;
	struct app_tty tty;
	/* time */
	struct wn_clock_fake fake; /* tests */
	const struct wn_clock *clock;
	struct app_timer *timers;
	uv_timer_t timer;
	void *esc_timer, *which_timer, *expect_timer;
	/* panes */
	struct tui_layout layout;
	WN_VEC(struct tab *) tabs;
	WN_VEC(struct app_shared) shared;
	struct tui_node *center; /* where files open; never dropped */
	struct tui_node *drag;	 /* border held by the mouse */
	struct tab *mouse_tab;	 /* got the press, gets the drag and the release */
	int64_t click_ms;
	int click_y, click_x, clicks;
	/* input */
	struct tui_chord chord;		/* begun */
	bool which;			/* its continuations are shown */
	struct overlay *overlay;	/* modal, nullable */
	WN_VEC(struct tui_event) ahead; /* keys for a pane that is being read */
	int64_t ahead_ms;		/* since when */
	bool replaying;
	bool quit_waits; /* for saves under way */
	unsigned picks;	 /* pickers that were shown; tells an old one from a new one */
	/* output */
	bool starting; /* nothing is drawn yet: the first picture waits a moment for its files */
	bool slow_link, typed; /* over SSH; something was typed since the last frame */
	int64_t frame_ms;      /* of the last frame */
	void *frame_timer;
	bool redraw;
	const char *title_right; /* drawn last */
	uint64_t status_hash;
	WN_VEC(struct tui_rect) rects; /* of the panes on the screen */
	struct pane_cursor cursor;     /* on the screen */
	int shape;		       /* it has there; 0: the terminal's own */
	bool keymap_chosen;
	char message[512];
	enum pane_status message_kind;
	char title[256];
	/* other threads */
	uv_async_t async;
	pthread_mutex_t lock;
	struct app_posted *posted, **posted_last;
	bool woken;
	int working; /* work under way */
	struct app_watch *watches;
	void *settle_timer;
	/* session */
	void *session_timer;
	uint64_t session_hash; /* of what is on disk */
	bool session_writing;
	WN_VEC(struct arrangement) arrangements;
	WN_VEC(char *) recent; /* ids of commands chosen in the palette, the last first */
	/* clipboard */
	struct wn_buf clipboard;
	/* engine */
	struct wn_client *client;
	bool engine_up;
	char engine_why[WN_DIAG_TEXT_MAX];
	/* test harness */
	int sync_id; /* to be answered when idle; 0: none */
	bool quit;
	int exit_code;
	char keys_buf[64];
};

#endif
