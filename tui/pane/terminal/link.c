/*
 * The conversation of a terminal pane with the engine: workspace, terminal, attachment, credit.
 * Frames are taken in order; one that cannot be read makes the pane attach again, which
 * brings the whole screen.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/utf8.h"
#include "tui/pane/terminal/terminal.h"
#include "tui/pane/talk.h"

#define CREDIT 16    /* frames on their way at most */
#define CREDIT_LOW 8 /* eaten before more is granted */
#define SETTLE_MS 40 /* a window that is dragged is told once */
#define PAST_PAGES 3 /* screens of scrollback asked for at once */
#define PAST_MAX 1000

int64_t
term_now_ms(const struct terminal *t)
{
	return wn_mono_ns(t->host->ops->clock(t->host)) / 1000000;
}

static void
fail(struct terminal *t, const struct wn_diag *d)
{
	const char *text = pane_why(d);

	t->state = TERM_FAILED;
	t->restarting = false;
	t->ahead_n = 0;
	snprintf(t->why, sizeof t->why, "%s", text);
	term_redraw(t);
}

static void ask_title(void *arg);

/* ---- attaching ---- */

static void
on_attached(void *arg, wn_err err, const struct terminal_attach_result *r, struct wn_str attachment,
	    const struct wn_diag *d)
{
	struct terminal *t = arg;

	(void)attachment;
	if (pane_link_lost(err))
		return;
	if (err == WN_E_NOT_FOUND) { /* ended while nobody looked */
		t->state = TERM_ENDED;
		t->has_code = false;
		t->id[0] = '\0';
		term_redraw(t);
		return;
	}
	if (err != 0) {
		fail(t, d);
		return;
	}
	t->stream = r->stream;
	t->eaten = 0;
	t->sent_n = 0;
	t->predict = (struct term_predict){ .rtt_ms = t->predict.rtt_ms };
	t->state = TERM_LIVE;
	t->restarting = false;
	term_send_ahead(t);
	if (t->title[0] == '\0') /* one we knew by its id only */
		ask_title(t);
	term_redraw(t);
}

static void
attach(struct terminal *t)
{
	struct terminal_attach_params p = { .terminal = wn_str(t->id),
					    .rows = t->rows > 0 ? t->rows : 24,
					    .cols = t->cols > 0 ? t->cols : 80,
					    .credit = CREDIT };
	struct wn_diag d = { 0 };

	t->told_rows = (int)p.rows;
	t->told_cols = (int)p.cols;
	t->stream = 0;
	t->state = TERM_STARTING;
	if (wn_call_terminal_attach(t->host->ops->engine(t->host), &p, on_attached, t, &d) != 0)
		fail(t, &d);
}

/* ---- what the engine knows of it ---- */

static void
take_facts(struct terminal *t, const struct model_terminal *m)
{
	pane_copy(t->title, sizeof t->title, m->title);
	t->sandboxed = m->sandboxed;
}

static void
on_title(void *arg, wn_err err, const struct terminal_list_result *r, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct terminal *t = arg;

	(void)attachment;
	(void)d;
	t->title_asked = false;
	for (size_t i = 0; err == 0 && i < r->terminals_len; i++)
		if (wn_str_is(r->terminals[i].id, t->id))
			take_facts(t, &r->terminals[i]);
	if (err == 0)
		term_redraw(t);
}

static void
ask_title(void *arg)
{
	static const struct terminal_list_params none = { 0 };
	struct terminal *t = arg;
	struct wn_diag d = { 0 };

	if (t->state != TERM_LIVE || t->title_asked)
		return;
	t->title_asked =
		wn_call_terminal_list(t->host->ops->engine(t->host), &none, on_title, t, &d) == 0;
}

/* ---- finding or starting ---- */

static void
on_opened(void *arg, wn_err err, const struct terminal_open_result *r, struct wn_str attachment,
	  const struct wn_diag *d)
{
	struct terminal *t = arg;

	(void)attachment;
	if (pane_link_lost(err))
		return;
	if (err != 0) {
		fail(t, d);
		return;
	}
	pane_copy(t->id, sizeof t->id, r->terminal.id);
	take_facts(t, &r->terminal);
	term_screen_fini(&t->screen);
	term_screen_init(&t->screen);
	t->back = t->selected = false;
	attach(t);
}

static void
open_new(struct terminal *t)
{
	struct terminal_open_params p = { .workspace = wn_str(t->workspace),
					  .rows = t->rows > 0 ? t->rows : 24,
					  .cols = t->cols > 0 ? t->cols : 80,
					  .has_sandbox = true,
					  .sandbox = t->sandboxed };
	struct wn_diag d = { 0 };

	if (wn_call_terminal_open(t->host->ops->engine(t->host), &p, on_opened, t, &d) != 0)
		fail(t, &d);
}

static bool
is_shown(const struct terminal *t, struct wn_str id)
{
	for (size_t i = 0; i < t->all->v.len; i++)
		if (wn_str_is(id, t->all->v.p[i]->id))
			return true;
	return false;
}

/* Terminals of this folder that run already: the first is ours, the others get panes. */
static void
on_list(void *arg, wn_err err, const struct terminal_list_result *r, struct wn_str attachment,
	const struct wn_diag *d)
{
	struct terminal *t = arg;
	bool more = false;

	(void)attachment;
	if (pane_link_lost(err))
		return;
	if (err != 0) {
		fail(t, d);
		return;
	}
	for (size_t i = 0; i < r->terminals_len; i++) {
		const struct model_terminal *m = &r->terminals[i];
		char id[WN_ULID_MAX];

		if (!m->running || !wn_str_is(m->workspace, t->workspace) || is_shown(t, m->id))
			continue;
		pane_copy(id, sizeof id, m->id);
		if (t->id[0] == '\0') {
			memcpy(t->id, id, sizeof id);
			take_facts(t, m);
		} else {
			more = true;
			t->host->ops->open_pane(t->host, "terminal", id);
		}
	}
	if (t->id[0] == '\0')
		open_new(t);
	else
		attach(t);
	if (more)
		t->host->ops->open_pane(t->host, "terminal", t->id);
}

static void
on_workspace(void *arg, wn_err err, const struct workspace_open_result *r, struct wn_str attachment,
	     const struct wn_diag *d)
{
	static const struct terminal_list_params none = { 0 };
	struct terminal *t = arg;
	struct wn_diag own = { 0 };

	(void)attachment;
	if (pane_link_lost(err))
		return;
	if (err != 0) {
		fail(t, d);
		return;
	}
	pane_copy(t->workspace, sizeof t->workspace, r->workspace.id);
	if (t->id[0] != '\0')
		attach(t);
	else if (!t->adopt)
		open_new(t);
	else if (wn_call_terminal_list(t->host->ops->engine(t->host), &none, on_list, t, &own) != 0)
		fail(t, &own);
}

void
term_begin(struct terminal *t)
{
	struct wn_diag d = { 0 };

	if (!t->host->ops->engine_up(t->host)) {
		t->state = TERM_AWAY;
		return;
	}
	t->state = TERM_STARTING;
	t->title_asked = t->past_asked = false;
	if (pane_open_workspace(t->host, on_workspace, t, &d) != 0)
		fail(t, &d);
	term_redraw(t);
}

static void
ignore_close(void *arg, wn_err err, const struct terminal_close_result *r, struct wn_str attachment,
	     const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)r;
	(void)attachment;
	(void)d;
}

void
term_end(struct terminal *t)
{
	struct terminal_close_params p = { .terminal = wn_str(t->id) };
	struct wn_diag d = { 0 };

	if (t->id[0] != '\0' && t->host->ops->engine_up(t->host))
		(void)!wn_call_terminal_close(t->host->ops->engine(t->host), &p, ignore_close, t,
					      &d);
	t->id[0] = '\0';
	t->stream = 0;
}

void
term_restart(struct terminal *t)
{
	term_end(t); /* what is left of the old one */
	t->adopt = false;
	t->restarting = true;
	t->has_code = false;
	term_begin(t);
}

static void
ignore_stream(void *arg, wn_err err, const struct stream_close_result *r, struct wn_str attachment,
	      const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)r;
	(void)attachment;
	(void)d;
}

void
term_leave(struct terminal *t)
{
	struct stream_close_params p = { .stream = t->stream };
	struct wn_diag d = { 0 };

	if (t->stream > 0 && t->host->ops->engine_up(t->host))
		(void)!wn_call_stream_close(t->host->ops->engine(t->host), &p, ignore_stream, t,
					    &d);
	t->stream = 0;
}

void
term_engine_down(struct terminal *t)
{
	if (t->state == TERM_LIVE || t->state == TERM_STARTING)
		t->state = TERM_AWAY;
	t->stream = 0;
	t->title_asked = t->past_asked = false;
	term_redraw(t);
}

/* ---- what comes ---- */

static void
ignore_credit(void *arg, wn_err err, const struct stream_credit_result *r, struct wn_str attachment,
	      const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)r;
	(void)attachment;
	(void)d;
}

static void
eat(struct terminal *t)
{
	struct stream_credit_params p = { .stream = t->stream, .credit = t->eaten + 1 };
	struct wn_diag d = { 0 };

	if (++t->eaten < CREDIT_LOW)
		return;
	t->eaten = 0;
	(void)!wn_call_stream_credit(t->host->ops->engine(t->host), &p, ignore_credit, t, &d);
}

void
term_give_back(struct terminal *t)
{
	struct stream_credit_params p = { .stream = t->stream, .credit = 1 };
	struct wn_diag d = { 0 };

	(void)!wn_call_stream_credit(t->host->ops->engine(t->host), &p, ignore_credit, t, &d);
}

static void
on_frame(void *arg, struct wn_str method, struct wn_str params, struct wn_str frame)
{
	struct terminal *t = arg;
	struct terminal_frame_note note;
	struct wn_arena arena;

	(void)method;
	if (t->stream == 0)
		return;
	wn_arena_init(&arena, 65536);
	if (terminal_frame_note_parse(params, &arena, &note, NULL) == 0 &&
	    note.stream == t->stream && wn_str_is(note.terminal, t->id)) {
		if (term_screen_frame(&t->screen, frame) != 0) {
			term_leave(t);
			attach(t);
		} else {
			eat(t);
			term_predict_frame(&t->predict, &t->screen, term_now_ms(t));
		}
		if (t->back)
			term_need_past(t);
		term_redraw(t);
	}
	wn_arena_fini(&arena);
}

static void
on_exit_note(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct terminal *t = arg;
	struct terminal_exit_note note;
	struct wn_arena arena;

	(void)method;
	(void)attachment;
	wn_arena_init(&arena, 65536);
	if (terminal_exit_note_parse(params, &arena, &note, NULL) == 0 &&
	    note.stream == t->stream && wn_str_is(note.terminal, t->id)) {
		t->state = TERM_ENDED;
		t->has_code = true;
		t->code = (int)note.exit_code;
		t->copy_mode = false;
		term_redraw(t);
	}
	wn_arena_fini(&arena);
}

static void
on_stream_closed(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct terminal *t = arg;
	struct stream_closed_note note;
	struct wn_arena arena;

	(void)method;
	(void)attachment;
	wn_arena_init(&arena, 65536);
	if (t->stream != 0 && stream_closed_note_parse(params, &arena, &note, NULL) == 0 &&
	    note.stream == t->stream) {
		t->stream = 0;
		if (t->state == TERM_LIVE) {
			t->state = TERM_ENDED;
			t->has_code = false;
		}
		term_redraw(t);
	}
	wn_arena_fini(&arena);
}

void
term_listen(struct terminal *t)
{
	t->host->ops->listen(t->host, "terminal.frame", on_frame, t);
	t->host->ops->listen(t->host, "terminal.exit", on_exit_note, t);
	t->host->ops->listen(t->host, "stream.closed", on_stream_closed, t);
}

/* ---- what goes ---- */

static void
ignore_resize(void *arg, wn_err err, const struct terminal_resize_result *r,
	      struct wn_str attachment, const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)r;
	(void)attachment;
	(void)d;
}

static void
tell_size(void *arg)
{
	struct terminal *t = arg;
	struct terminal_resize_params p = { .terminal = wn_str(t->id),
					    .rows = t->rows,
					    .cols = t->cols };
	struct wn_diag d = { 0 };

	if (t->state == TERM_STARTING) { /* asked for with an older size */
		t->host->ops->timer(t->host, &t->resize_timer, SETTLE_MS, tell_size, t);
		return;
	}
	if (t->state != TERM_LIVE || (t->rows == t->told_rows && t->cols == t->told_cols))
		return;
	t->told_rows = t->rows;
	t->told_cols = t->cols;
	(void)!wn_call_terminal_resize(t->host->ops->engine(t->host), &p, ignore_resize, t, &d);
}

void
term_size(struct terminal *t, int rows, int cols)
{
	t->rows = rows;
	t->cols = cols;
	if ((rows != t->told_rows || cols != t->told_cols) && t->told_rows > 0 &&
	    t->resize_timer == NULL)
		t->host->ops->timer(t->host, &t->resize_timer, SETTLE_MS, tell_size, t);
}

/* Input that did not arrive is said: what a person typed is lost. */
static void
say_lost(struct terminal *t, wn_err err, const struct wn_diag *d)
{
	if (err != 0 && !pane_link_lost(err) && err != WN_E_STATE)
		t->host->ops->fail(t->host, d);
}

/* Inputs are answered in order: the time of each is the link's. */
static void
sent(struct terminal *t)
{
	if (t->sent_n == TERM_SENT)
		return;
	t->sent_ms[(t->sent_first + t->sent_n++) % TERM_SENT] = term_now_ms(t);
}

static void
answered(struct terminal *t)
{
	if (t->sent_n == 0)
		return;
	term_predict_rtt(&t->predict, term_now_ms(t) - t->sent_ms[t->sent_first]);
	t->sent_first = (t->sent_first + 1) % TERM_SENT;
	t->sent_n--;
}

static void
on_key_sent(void *arg, wn_err err, const struct terminal_key_result *r, struct wn_str attachment,
	    const struct wn_diag *d)
{
	(void)r;
	(void)attachment;
	answered(arg);
	say_lost(arg, err, d);
}

void
term_key(struct terminal *t, const char *name, unsigned mods)
{
	struct terminal_key_params p = { .terminal = wn_str(t->id),
					 .key = wn_str(name),
					 .has_shift = mods & TUI_SHIFT,
					 .shift = mods & TUI_SHIFT,
					 .has_alt = mods & TUI_ALT,
					 .alt = mods & TUI_ALT,
					 .has_ctrl = mods & TUI_CTRL,
					 .ctrl = mods & TUI_CTRL };
	struct wn_diag d = { 0 };

	if (t->state != TERM_LIVE)
		return;
	term_predict_key(&t->predict, strcmp(name, "Backspace") == 0 && mods == 0);
	if (wn_call_terminal_key(t->host->ops->engine(t->host), &p, on_key_sent, t, &d) == 0)
		sent(t);
}

static void
on_typed(void *arg, wn_err err, const struct terminal_input_result *r, struct wn_str attachment,
	 const struct wn_diag *d)
{
	(void)r;
	(void)attachment;
	answered(arg);
	say_lost(arg, err, d);
}

void
term_type(struct terminal *t, struct wn_str text, bool paste)
{
	struct terminal_input_params p = { .terminal = wn_str(t->id),
					   .has_paste = paste,
					   .paste = paste };
	struct wn_diag d = { 0 };

	if (t->state != TERM_LIVE || text.len == 0)
		return;
	if (wn_call_terminal_input(t->host->ops->engine(t->host), &p, text, on_typed, t, &d) != 0)
		return;
	sent(t);
	if (paste)
		term_predict_key(&t->predict, false);
}

static void
on_mouse_sent(void *arg, wn_err err, const struct terminal_mouse_result *r,
	      struct wn_str attachment, const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)r;
	(void)attachment;
	(void)d;
}

void
term_mouse(struct terminal *t, const struct tui_mouse *m)
{
	bool wheel = m->kind == TUI_MOUSE_WHEEL;
	bool moved = m->kind == TUI_MOUSE_DRAG || m->kind == TUI_MOUSE_MOVE;
	struct terminal_mouse_params p = { .terminal = wn_str(t->id),
					   .row = m->y > 0 ? m->y : 0,
					   .col = m->x > 0 ? m->x : 0,
					   .pressed = m->kind == TUI_MOUSE_PRESS || wheel,
					   .has_moved = moved,
					   .moved = moved,
					   .has_shift = m->mods & TUI_SHIFT,
					   .shift = m->mods & TUI_SHIFT,
					   .has_alt = m->mods & TUI_ALT,
					   .alt = m->mods & TUI_ALT,
					   .has_ctrl = m->mods & TUI_CTRL,
					   .ctrl = m->mods & TUI_CTRL };
	struct wn_diag d = { 0 };

	if (wheel)
		p.button = m->button == -1 ? 4 : m->button == 1 ? 5 : m->button == -2 ? 6 : 7;
	else
		p.button = m->button >= 0 && m->button <= 3 ? m->button : 0;
	if (t->state == TERM_LIVE)
		(void)!wn_call_terminal_mouse(t->host->ops->engine(t->host), &p, on_mouse_sent, t,
					      &d);
}

/* ---- the scrollback ---- */

static void
on_past(void *arg, wn_err err, const struct terminal_scrollback_result *r, struct wn_str rows,
	const struct wn_diag *d)
{
	struct terminal *t = arg;

	(void)r;
	t->past_asked = false;
	if (pane_link_lost(err))
		return;
	if (err != 0)
		t->host->ops->fail(t->host, d);
	else if (term_screen_past(&t->screen, rows) != 0)
		t->host->ops->say(
			t->host, PANE_WARN, "%s",
			TR(t, "The scrollback could not be read.", "تعذرت قراءة ما سبق."));
	else if (t->back && t->top < t->screen.past_from && t->screen.past_n > 0)
		t->top = t->screen.past_from; /* older rows are no longer kept */
	term_redraw(t);
}

void
term_need_past(struct terminal *t)
{
	struct term_screen *s = &t->screen;
	struct terminal_scrollback_params p = { .terminal = wn_str(t->id) };
	int64_t end = t->top + t->rows < s->history ? t->top + t->rows : s->history;
	struct wn_diag d = { 0 };

	if (t->top >= s->history || t->past_asked || t->state == TERM_STARTING ||
	    t->state == TERM_AWAY || t->id[0] == '\0')
		return;
	if (s->past_n > 0 && t->top >= s->past_from && end <= s->past_from + s->past_n)
		return;
	p.from = t->top > t->rows ? t->top - t->rows : 0;
	p.count =
		(int64_t)t->rows * PAST_PAGES < PAST_MAX ? (int64_t)t->rows * PAST_PAGES : PAST_MAX;
	t->past_asked =
		wn_call_terminal_scrollback(t->host->ops->engine(t->host), &p, on_past, t, &d) == 0;
}
