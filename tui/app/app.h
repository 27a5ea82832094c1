/*
 * The application: one object that main owns. Private to tui/app; panes see pane/host.h only.
 * Everything here is on the loop thread.
 */
#ifndef TUI_APP_APP_H
#define TUI_APP_APP_H

#include "tui/app/state.h"

/* app.c */
wn_err app_init(struct app *a, uv_loop_t *loop, const struct app_opts *opts,
		struct wn_diag *d) WN_MUST;
void app_fini(struct app *a);
void app_use_theme(struct app *a, const struct tui_theme *t);
/* d (nullable) says why the keymap before stays. */
wn_err app_use_keymap(struct app *a, const char *name, struct wn_diag *d);
void app_quit(struct app *a);	       /* asks about unsaved text first */
void app_quit_go_on(struct app *a);    /* a save that quitting waited for may be over */
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
/* arrange.c */
void app_split(struct app *a,
	       enum tui_dir dir);		/* the focused pane gets a place of its own there */
void app_move(struct app *a, enum tui_dir dir); /* to the panes there, or as app_split() */
void app_arrangement_save(struct app *a);
void app_arrangement_choose(struct app *a, const char *name); /* NULL: from a list */
void app_arrangements_write(const struct app *a, struct wn_jw *w);
void app_arrangements_read(struct app *a, const struct wn_json *j);
void app_arrangements_free(struct app *a);
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
void app_session_save(struct app *a);	 /* now, blocking */
void app_session_soon(struct app *a);	 /* when nothing happened for a moment, on a worker */
void app_session_unnamed(struct app *a); /* texts without a name that a dead program left */
/* engine.c */
void app_engine_start(struct app *a);

#endif
