/*
 * A pane without the application: a host that notes what the pane asks of it, an engine that
 * answers what the test says, a screen to look at.
 */
#ifndef TESTS_LIB_FAKE_PANE_H
#define TESTS_LIB_FAKE_PANE_H

#include "runtime/base/clock.h"
#include "runtime/base/vec.h"
#include "tui/pane/pane.h"

struct fake_call {
	char *method, *params, *attachment;
	wn_rpc_reply_fn reply;
	void *arg;
	int64_t id;
};

struct fake_listen {
	char *glob;
	pane_notify_fn fn;
	void *arg;
};

struct fake_pane {
	struct pane_host host; /* first: the host is the fake */
	struct wn_rpc_port port;
	const struct pane_type *type;
	void *self;
	bool up, closing, can_context;
	WN_VEC(struct fake_call) calls; /* not answered yet */
	WN_VEC(struct fake_listen) listens;
	int64_t last_call;
	char *said, *copied, *opened, *asked, *told; /* newest of each, nullable */
	pane_answer_fn answer;
	void *answer_arg;
	void (*timer_fn)(void *);
	void *timer_arg, **timer_slot;
	struct wn_clock_fake clock;
	void *shared;
	const struct pane_shared *shared_kind;
	struct pane_context context; /* what the editor shows when can_context */
	struct tui_grid grid;
	struct tui_theme theme;
	struct pane_cursor cursor;
	int bells;
};

/* A host with an engine that is there; open nothing yet. */
void fake_pane_init(struct fake_pane *f, const struct pane_type *type);
/* Opens the pane; asserts that it opens. state: JSON text, nullable. */
void fake_pane_open(struct fake_pane *f, const char *arg, const char *state);
void fake_pane_fini(struct fake_pane *f);
/* Answers the oldest open call of this method; asserts that there is one. */
void fake_pane_reply(struct fake_pane *f, const char *method, const char *result,
		     struct wn_str attachment);
void fake_pane_refuse(struct fake_pane *f, const char *method, wn_err err, const char *text);
/* The oldest open call of a method, or NULL. */
const struct fake_call *fake_pane_call(const struct fake_pane *f, const char *method);
void fake_pane_note(struct fake_pane *f, const char *method, const char *params,
		    struct wn_str attachment);
void fake_pane_event(struct fake_pane *f, enum pane_event_type type);
void fake_pane_key(struct fake_pane *f, const char *name);  /* "enter", "ctrl-c", "a" */
void fake_pane_type(struct fake_pane *f, const char *text); /* each character a key */
void fake_pane_command(struct fake_pane *f, const char *id);
void fake_pane_tick(struct fake_pane *f); /* fires the timer that was set last */
/* Draws it; the screen's text lies in the buffer until the next call. */
const char *fake_pane_screen(struct fake_pane *f, int rows, int cols);
/* The screen, drawn at the size of last time (24x80 at first), holds the text. */
bool fake_pane_shows(struct fake_pane *f, const char *text);

#endif
