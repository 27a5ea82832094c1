/*
 * The application: one object that main owns. Private to tui/app; panes see pane/host.h only.
 * Everything here is on the loop thread.
 */
#ifndef TUI_APP_APP_H
#define TUI_APP_APP_H

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
	int refs; /* the tab itself, work and posts under way */
	WN_VEC(struct tab_listen) listens;
	WN_VEC(char *) watches; /* folders */
	struct tab_call *calls;
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
	struct tui_chord chord;	 /* begun */
	bool which;		 /* its continuations are shown */
	struct overlay *overlay; /* modal, nullable */
	WN_VEC(struct tui_event) ahead; /* keys for a pane that is being read */
	int64_t ahead_ms;		/* since when */
	bool replaying;
	bool quit_waits;	 /* for saves under way */
	unsigned picks;		 /* pickers that were shown; tells an old one from a new one */
	/* output */
	bool starting; /* nothing is drawn yet: the first picture waits a moment for its files */
	bool slow_link, typed; /* over SSH; something was typed since the last frame */
	int64_t frame_ms;      /* of the last frame */
	void *frame_timer;
	bool redraw;
	struct pane_cursor cursor; /* on the screen */
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

/* app.c */
wn_err app_init(struct app *a, uv_loop_t *loop, const struct app_opts *opts,
		struct wn_diag *d) WN_MUST;
void app_fini(struct app *a);
void app_use_theme(struct app *a, const struct tui_theme *t);
void app_quit(struct app *a); /* asks about unsaved text first */
void app_quit_go_on(struct app *a); /* a save that quitting waited for may be over */
void app_die(struct app *a, int code); /* no time to ask: unsaved text goes to a safe place */
/* watch.c: counted */
void app_watch(struct app *a, const char *dir);
void app_unwatch(struct app *a, const char *dir);
/* ahead.c */
bool app_ahead_take(struct app *a, const struct tui_event *ev); /* true: it waits */
void app_ahead_run(struct app *a);
void app_ahead_fini(struct app *a);
/* tty.c */
wn_err app_tty_open(struct app *a, struct wn_diag *d) WN_MUST;
void app_tty_close(struct app *a);
void app_tty_send(struct app *a); /* writes what is in tty.buf when the terminal can take it */
void app_suspend(struct app *a);
void app_tty_again(struct app *a); /* raw mode and the whole picture once more */
/* timer.c: slot nullable; it is set and is cleared when the timer fires */
void app_timer(struct app *a, struct tab *tab, void **slot, int64_t ms, void (*fn)(void *),
	       void *arg);
void app_timer_stop(struct app *a, void **slot);
void app_timers_drop(struct app *a, const struct tab *tab);
void app_timers_run(struct app *a);
void app_timers_init(struct app *a);
/* host.c */
extern const struct pane_host_ops app_host_ops;
void app_tab_init(struct tab *t, struct app *a, const struct pane_type *type);
void app_tab_release(struct tab *t); /* ends what it began; before its close() */
void app_tab_unref(struct tab *t);
void app_post(struct app *a, struct tab *t, void (*fn)(void *), void *arg); /* any thread */
void app_posts_run(struct app *a);
void app_notify(struct app *a, struct wn_str method, struct wn_str params,
		struct wn_str attachment);
void app_say(struct app *a, enum pane_status kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
const char *app_tr(const struct app *a, struct tui_text t);
void app_fail(struct app *a, const struct wn_diag *d);
void app_copy(struct app *a, struct wn_str text);
const char *app_keys(struct app *a, const char *command);
/* panes.c */
struct tab *app_open(struct app *a, const char *type, const char *arg, const struct wn_json *state);
void app_close(struct app *a, struct tab *t); /* asks may_close() */
void app_close_now(struct app *a, struct tab *t);
struct tab *app_focus(const struct app *a); /* NULL: nothing is open */
void app_set_focus(struct app *a, struct tui_node *leaf, size_t tab);
void app_show(struct app *a, struct tab *t);
void app_tell(struct app *a, const struct tab *except, const struct pane_event *ev);
void app_tab_label(struct tab *t, char *buf, size_t n);
void app_open_path(struct app *a, const char *path, int64_t line, int64_t col);
bool app_busy(const struct app *a);
/* compose.c */
void app_compose(struct app *a); /* draws what is due and queues a frame */
struct tui_rect app_inside(const struct app *a,
			   const struct tui_node *leaf); /* rect of the pane's view */
/* dispatch.c */
void app_event(void *app, const struct tui_event *ev);
void app_which_stop(struct app *a);
/* commands.c */
extern const struct tui_command app_commands[];
bool app_run(struct app *a, const char *id, const char *arg);
void app_palette(struct app *a);
/* session.c */
void app_session_load(struct app *a);
void app_session_save(struct app *a); /* now, blocking */
void app_session_soon(struct app *a); /* when nothing happened for a moment, on a worker */
void app_session_unnamed(struct app *a); /* texts without a name that a dead program left */
/* engine.c */
void app_engine_start(struct app *a);

#endif
