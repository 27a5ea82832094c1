/*
 * The run pane: the platform of this folder, its state, its address and its log. Private to this
 * directory.
 */
#ifndef TUI_PANE_RUN_RUN_H
#define TUI_PANE_RUN_RUN_H

#include "runtime/base/id.h"
#include "tui/pane/pane.h"
#include "tui/pane/run/log.h"

enum run_phase {
	RUN_AWAY, /* no engine, or not yet */
	RUN_LOADING,
	RUN_NO_PLATFORM, /* this folder was not made from a blueprint */
	RUN_READY,	 /* `state` holds */
	RUN_FAILED	 /* the engine could not tell; why */
};

enum run_state { RUN_STOPPED, RUN_PREPARING, RUN_STARTING, RUN_RUNNING, RUN_BROKEN };

#define RUN_STEPS 12

struct run {
	struct pane_host *host;
	enum run_phase phase;
	enum run_state state;
	char workspace[WN_ULID_MAX];
	char url[400], limits[400], why[WN_DIAG_TEXT_MAX];
	bool boxed, has_code, want_start, asked, stopping, again;
	int code;
	/* what its boxes use */
	char usage[240];
	int64_t signal_stream;
	bool signal_asked, usage_asked;
	/* the call that starts or stops it */
	int64_t call; /* its id; 0: none */
	char step[RUN_STEPS][160];
	int steps;
	int64_t done, total;
	/* the log */
	struct run_log log;
	int64_t log_stream, log_eaten, event_stream;
	bool log_asked, paused;
	int64_t top;	     /* first line shown while paused */
	int log_rows, log_y; /* of the last draw */
	char find[128];
	int64_t hit; /* the line that is marked: found, or clicked on; -1: none */
};

#define TR(r, en, ar) (r)->host->ops->tr((r)->host, (struct tui_text)TUI_TEXT(en, ar))

static inline void
run_redraw(struct run *r)
{
	r->host->ops->redraw(r->host);
}

/* link.c: the conversation with the engine */
void run_begin(struct run *r);
void run_engine_down(struct run *r);
void run_listen(struct run *r);
void run_start(struct run *r);
void run_stop(struct run *r); /* also cancels a start that is under way */

/* usage.c: what it uses, asked for and told. */
void run_usage_listen(struct run *r);
void run_usage_begin(struct run *r); /* after each change of the state */

/* draw.c */
void run_draw(void *self, const struct pane_draw *d);
const char *run_state_words(const struct run *r, enum tui_look *look);

#endif
