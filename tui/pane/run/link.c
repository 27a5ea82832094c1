/*
 * The conversation of the run pane with the engine. Nothing is polled: what changes is told by the
 * engine's events, by the progress of our own call, and by the log's stream.
 */
#include <stdio.h>
#include <string.h>

#include "gen/client.h"
#include "tui/pane/run/run.h"

#define LOG_TAIL 500
#define LOG_CREDIT 32
#define EVENTS 1000000 /* more than a day of starting and stopping */

static bool
gone(wn_err err)
{
	return err == WN_E_CANCELLED || err == WN_E_CLOSED || err == WN_E_UNAVAILABLE;
}

static void
fail(struct run *r, const struct wn_diag *d)
{
	r->phase = RUN_FAILED;
	snprintf(r->why, sizeof r->why, "%s",
		 d->text[0] != '\0' ? d->text : wn_error_row(d->code)->text);
	run_redraw(r);
}

static void
copy(char *to, size_t max, struct wn_str from)
{
	snprintf(to, max, "%.*s", WN_STR_ARG(from));
}

/* ---- the log ---- */

static void
on_logs(void *arg, wn_err err, const struct preview_logs_result *res, struct wn_str attachment,
	const struct wn_diag *d)
{
	struct run *r = arg;

	(void)attachment;
	(void)d;
	r->log_asked = false;
	if (err == 0) {
		r->log_stream = res->stream;
		r->log_eaten = 0;
		run_log_clear(&r->log);
		r->top = 0;
		r->hit = -1;
		run_redraw(r);
	}
}

static void
on_last_log(void *arg, wn_err err, const struct preview_last_log_result *res,
	    struct wn_str attachment, const struct wn_diag *d)
{
	struct run *r = arg;

	(void)attachment;
	(void)d;
	r->log_asked = false;
	if (err != 0 || r->log_stream != 0) /* none was written yet, or it runs again */
		return;
	run_log_clear(&r->log);
	for (size_t i = 0; i < res->lines_len; i++)
		run_log_add(&r->log,
			    res->lines[i].source == PREVIEW_LAST_LOG_RESULT_LINES_ITEM_SOURCE_ERR
				    ? RUN_ERR
				    : RUN_OUT,
			    res->lines[i].time, res->lines[i].text);
	run_redraw(r);
}

static void
ask_log(struct run *r)
{
	struct preview_logs_params p = { .workspace = wn_str(r->workspace),
					 .has_tail = true,
					 .tail = LOG_TAIL,
					 .credit = LOG_CREDIT };
	struct preview_last_log_params last = { .workspace = wn_str(r->workspace),
						.has_tail = true,
						.tail = LOG_TAIL };
	struct wn_rpc_port *port = r->host->ops->engine(r->host);
	struct wn_diag d = { 0 };

	if (r->log_asked || r->log_stream != 0)
		return;
	if (r->state == RUN_RUNNING)
		r->log_asked = wn_call_preview_logs(port, &p, on_logs, r, &d) == 0;
	else if (r->state == RUN_STOPPED || r->state == RUN_BROKEN)
		r->log_asked = wn_call_preview_last_log(port, &last, on_last_log, r, &d) == 0;
}

static void
ignore_credit(void *arg, wn_err err, const struct stream_credit_result *res,
	      struct wn_str attachment, const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)res;
	(void)attachment;
	(void)d;
}

static enum run_source
source_of(enum preview_log_note_lines_item_source s)
{
	return s == PREVIEW_LOG_NOTE_LINES_ITEM_SOURCE_ERR	? RUN_ERR
	       : s == PREVIEW_LOG_NOTE_LINES_ITEM_SOURCE_ENGINE ? RUN_ENGINE
								: RUN_OUT;
}

static void
on_log_note(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct run *r = arg;
	struct preview_log_note note;
	struct wn_arena arena;
	struct wn_diag d = { 0 };
	int64_t dropped = r->log.dropped;

	(void)method;
	(void)attachment;
	if (r->log_stream == 0)
		return;
	wn_arena_init(&arena, (size_t)32 << 20);
	if (preview_log_note_parse(params, &arena, &note, NULL) == 0 &&
	    note.stream == r->log_stream) {
		for (size_t i = 0; i < note.lines_len; i++)
			run_log_add(&r->log, source_of(note.lines[i].source), note.lines[i].time,
				    note.lines[i].text);
		r->top -= r->log.dropped - dropped;
		r->top = r->top < 0 ? 0 : r->top;
		if (++r->log_eaten >= LOG_CREDIT / 2) {
			struct stream_credit_params p = { .stream = r->log_stream,
							  .credit = r->log_eaten };

			r->log_eaten = 0;
			(void)!wn_call_stream_credit(r->host->ops->engine(r->host), &p,
						     ignore_credit, r, &d);
		}
		run_redraw(r);
	}
	wn_arena_fini(&arena);
}

/* ---- the state ---- */

static void
take(struct run *r, const struct model_preview *m)
{
	r->phase = RUN_READY;
	r->state = m->state == MODEL_PREVIEW_STATE_RUNNING     ? RUN_RUNNING
		   : m->state == MODEL_PREVIEW_STATE_STARTING  ? RUN_STARTING
		   : m->state == MODEL_PREVIEW_STATE_PREPARING ? RUN_PREPARING
		   : m->state == MODEL_PREVIEW_STATE_FAILED    ? RUN_BROKEN
							       : RUN_STOPPED;
	copy(r->url, sizeof r->url, m->url);
	copy(r->limits, sizeof r->limits, m->limits);
	copy(r->why, sizeof r->why, m->reason);
	r->boxed = m->isolation == MODEL_PREVIEW_ISOLATION_SANDBOX;
	r->has_code = m->has_exit_code;
	r->code = (int)m->exit_code;
	ask_log(r);
	run_usage_begin(r);
	run_redraw(r);
}

static void status(struct run *r);

static void
on_status(void *arg, wn_err err, const struct preview_status_result *res, struct wn_str attachment,
	  const struct wn_diag *d)
{
	struct run *r = arg;

	(void)attachment;
	r->asked = false;
	if (gone(err))
		return;
	if (err != 0) {
		fail(r, d);
		return;
	}
	take(r, &res->preview);
	if (r->again) { /* something happened while we asked */
		r->again = false;
		status(r);
	} else if (r->want_start && (r->state == RUN_STOPPED || r->state == RUN_BROKEN)) {
		r->want_start = false;
		run_start(r);
	}
	r->want_start = false;
}

static void
status(struct run *r)
{
	struct preview_status_params p = { .workspace = wn_str(r->workspace) };
	struct wn_diag d = { 0 };

	if (r->asked) {
		r->again = true;
		return;
	}
	r->asked = wn_call_preview_status(r->host->ops->engine(r->host), &p, on_status, r, &d) == 0;
	if (!r->asked)
		fail(r, &d);
}

static void
on_subscribed(void *arg, wn_err err, const struct event_subscribe_result *res,
	      struct wn_str attachment, const struct wn_diag *d)
{
	struct run *r = arg;

	(void)attachment;
	(void)d;
	if (err == 0)
		r->event_stream = res->stream;
}

static void
on_workspace(void *arg, wn_err err, const struct workspace_open_result *res,
	     struct wn_str attachment, const struct wn_diag *d)
{
	static struct wn_str const types[] = { { "preview.*", 9 } };
	struct event_subscribe_params p = { .credit = EVENTS,
					    .types = (struct wn_str *)(uintptr_t)types,
					    .types_len = 1 };
	struct run *r = arg;
	struct wn_diag own = { 0 };

	(void)attachment;
	if (gone(err))
		return;
	if (err != 0) {
		fail(r, d);
		return;
	}
	copy(r->workspace, sizeof r->workspace, res->workspace.id);
	if (!res->workspace.platform) {
		r->phase = RUN_NO_PLATFORM;
		r->want_start = false;
		run_redraw(r);
		return;
	}
	if (r->event_stream == 0)
		(void)!wn_call_event_subscribe(r->host->ops->engine(r->host), &p, on_subscribed, r,
					       &own);
	status(r);
}

void
run_begin(struct run *r)
{
	struct workspace_open_params p = { .path = wn_str(r->host->ops->root(r->host)) };
	struct wn_diag d = { 0 };

	if (!r->host->ops->engine_up(r->host)) {
		r->phase = RUN_AWAY;
		return;
	}
	r->phase = RUN_LOADING;
	if (wn_call_workspace_open(r->host->ops->engine(r->host), &p, on_workspace, r, &d) != 0)
		fail(r, &d);
	run_redraw(r);
}

void
run_engine_down(struct run *r)
{
	r->phase = RUN_AWAY;
	r->log_stream = r->event_stream = r->signal_stream = r->call = 0;
	r->signal_asked = r->usage_asked = false;
	r->asked = r->again = r->log_asked = r->stopping = false;
	run_redraw(r);
}

static void
on_event(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct run *r = arg;
	struct event_item_note note;
	struct wn_arena arena;

	(void)method;
	(void)attachment;
	if (r->event_stream == 0)
		return;
	wn_arena_init(&arena, (size_t)1 << 20);
	if (event_item_note_parse(params, &arena, &note, NULL) == 0 &&
	    note.stream == r->event_stream &&
	    wn_str_find(note.event.data, wn_str(r->workspace)) >= 0)
		status(r);
	wn_arena_fini(&arena);
}

static void
on_stream_closed(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct run *r = arg;
	struct stream_closed_note note;
	struct wn_arena arena;

	(void)method;
	(void)attachment;
	wn_arena_init(&arena, 65536);
	if (r->log_stream != 0 && stream_closed_note_parse(params, &arena, &note, NULL) == 0 &&
	    note.stream == r->log_stream)
		r->log_stream = 0;
	wn_arena_fini(&arena);
}

/* ---- starting and stopping ---- */

static void
on_progress(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct run *r = arg;
	struct call_progress_note note;
	struct wn_arena arena;
	int64_t id;

	(void)method;
	(void)attachment;
	if (r->call == 0)
		return;
	wn_arena_init(&arena, 65536);
	if (call_progress_note_parse(params, &arena, &note, NULL) == 0 &&
	    wn_str_i64(note.id, &id) && id == r->call) {
		r->done = note.done;
		r->total = note.total;
		if (note.text.len > 0 &&
		    (r->steps == 0 || !wn_str_is(note.text, r->step[r->steps - 1]))) {
			if (r->steps == RUN_STEPS) {
				memmove(r->step[0], r->step[1], sizeof r->step - sizeof r->step[0]);
				r->steps--;
			}
			copy(r->step[r->steps++], sizeof r->step[0], note.text);
		}
		run_redraw(r);
	}
	wn_arena_fini(&arena);
}

static void
begin_call(struct run *r, bool stopping)
{
	r->call = r->host->ops->last_call(r->host);
	r->stopping = stopping;
	r->steps = 0;
	r->done = r->total = 0;
	run_redraw(r);
}

static void
on_started(void *arg, wn_err err, const struct preview_start_result *res, struct wn_str attachment,
	   const struct wn_diag *d)
{
	struct run *r = arg;

	(void)attachment;
	r->call = 0;
	if (err == 0) {
		take(r, &res->preview);
		r->host->ops->say(r->host, PANE_INFO, "%s %s", TR(r, "Running at", "يعمل على"),
				  r->url);
		return;
	}
	if (r->phase != RUN_READY)
		return;
	status(r);
	if (err == WN_E_CANCELLED)
		r->host->ops->say(r->host, PANE_INFO, "%s",
				  TR(r, "Starting was cancelled.", "ألغي البدء."));
	else if (!gone(err))
		r->host->ops->fail(r->host, d);
}

void
run_start(struct run *r)
{
	struct preview_start_params p = { .workspace = wn_str(r->workspace) };
	struct wn_diag d = { 0 };

	if (r->phase != RUN_READY || r->call != 0 || r->state == RUN_RUNNING)
		return;
	r->state = RUN_PREPARING;
	r->why[0] = '\0';
	if (wn_call_preview_start(r->host->ops->engine(r->host), &p, on_started, r, &d) != 0)
		fail(r, &d);
	else
		begin_call(r, false);
}

static void
on_stopped(void *arg, wn_err err, const struct preview_stop_result *res, struct wn_str attachment,
	   const struct wn_diag *d)
{
	struct run *r = arg;

	(void)attachment;
	r->call = 0;
	r->stopping = false;
	if (err == 0)
		take(r, &res->preview);
	else if (!gone(err))
		r->host->ops->fail(r->host, d);
	run_redraw(r);
}

static void
ignore_cancel(void *arg, wn_err err, const struct call_cancel_result *res, struct wn_str attachment,
	      const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)res;
	(void)attachment;
	(void)d;
}

void
run_stop(struct run *r)
{
	struct preview_stop_params p = { .workspace = wn_str(r->workspace) };
	struct wn_rpc_port *port = r->host->ops->engine(r->host);
	struct wn_diag d = { 0 };
	char id[24];

	if (r->phase != RUN_READY || r->stopping)
		return;
	if (r->call != 0) {
		struct call_cancel_params c;

		snprintf(id, sizeof id, "%lld", (long long)r->call);
		c.id = wn_str(id);
		(void)!wn_call_call_cancel(port, &c, ignore_cancel, r, &d);
	} else if (r->state != RUN_STOPPED && r->state != RUN_BROKEN) {
		if (wn_call_preview_stop(port, &p, on_stopped, r, &d) != 0)
			r->host->ops->fail(r->host, &d);
		else
			begin_call(r, true);
	}
}

void
run_listen(struct run *r)
{
	r->host->ops->listen(r->host, "preview.log", on_log_note, r);
	r->host->ops->listen(r->host, "event.item", on_event, r);
	run_usage_listen(r);
	r->host->ops->listen(r->host, "call.progress", on_progress, r);
	r->host->ops->listen(r->host, "stream.closed", on_stream_closed, r);
}
