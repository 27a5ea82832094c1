/*
 * The conversation of the assistant pane with the engine. An answer streams as fast as it comes and
 * is drawn at most ten times a second; the result at the end is the whole text and replaces it.
 */
#include <stdio.h>
#include <string.h>

#include "tui/pane/assistant/assistant.h"
#include "tui/pane/talk.h"

#define FRAME_MS 100

static void
on_status(void *arg, wn_err err, const struct assistant_status_result *r, struct wn_str attachment,
	  const struct wn_diag *d)
{
	struct assistant *a = arg;

	(void)attachment;
	if (pane_link_lost(err))
		return;
	a->status_known = true;
	a->configured = err == 0 && r->configured;
	if (err == 0) {
		pane_copy(a->model, sizeof a->model, r->model);
		pane_copy(a->endpoint, sizeof a->endpoint, r->endpoint);
		pane_copy(a->reason, sizeof a->reason, r->reason);
	} else {
		pane_copy(a->reason, sizeof a->reason, wn_str(d->text));
	}
	asst_redraw(a);
}

static void
on_workspace(void *arg, wn_err err, const struct workspace_open_result *r, struct wn_str attachment,
	     const struct wn_diag *d)
{
	struct assistant *a = arg;

	(void)attachment;
	(void)d;
	if (err == 0)
		pane_copy(a->workspace, sizeof a->workspace, r->workspace.id);
}

void
asst_begin(struct assistant *a)
{
	static const struct assistant_status_params none = { 0 };
	struct wn_rpc_port *port = a->host->ops->engine(a->host);
	struct wn_diag d = { 0 };

	a->up = a->host->ops->engine_up(a->host);
	if (!a->up)
		return;
	(void)!pane_open_workspace(a->host, on_workspace, a, &d);
	(void)!wn_call_assistant_status(port, &none, on_status, a, &d);
	asst_redraw(a);
}

/* The turn under way ends here, with what came. */
static struct turn *
finish(struct assistant *a, enum turn_state state)
{
	struct turn *t = &wn_vec_last(&a->turns);

	t->state = state;
	t->cols = 0;
	a->call = 0;
	a->job[0] = '\0';
	a->cancelled = false;
	asst_redraw(a);
	return t;
}

static void
set_note(struct turn *t, const char *text)
{
	wn_free(t->note);
	t->note = wn_strdup(text);
}

void
asst_engine_down(struct assistant *a)
{
	a->up = false;
	if (asst_asking(a))
		set_note(finish(a, TURN_CUT),
			 TR(a, "The engine went away before the answer was whole.",
			    "غاب المحرّك قبل أن يكتمل الجواب."));
	asst_redraw(a);
}

/* ---- the answer ---- */

static void
on_frame_timer(void *arg)
{
	struct assistant *a = arg;

	if (!a->behind)
		return;
	a->behind = false;
	if (a->turns.len > 0)
		wn_vec_last(&a->turns).cols = 0;
	asst_redraw(a);
	a->host->ops->timer(a->host, &a->frame_timer, FRAME_MS, on_frame_timer, a);
}

static void
on_delta(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct assistant *a = arg;
	struct assistant_delta_note note;
	struct wn_arena arena;

	(void)method;
	(void)attachment;
	if (!asst_asking(a))
		return;
	wn_arena_init(&arena, (size_t)1 << 20);
	if (assistant_delta_note_parse(params, &arena, &note, NULL) == 0) {
		if (a->job[0] ==
		    '\0') /* one question at a time: the first piece says which job is ours */
			pane_copy(a->job, sizeof a->job, note.job);
		if (wn_str_is(note.job, a->job)) {
			wn_buf_str(&wn_vec_last(&a->turns).answer, note.text);
			a->behind = true;
			if (a->frame_timer == NULL)
				on_frame_timer(a);
		}
	}
	wn_arena_fini(&arena);
}

void
asst_listen(struct assistant *a)
{
	a->host->ops->listen(a->host, "assistant.delta", on_delta, a);
}

static const char *
why_cut(struct assistant *a, const struct assistant_ask_result *r)
{
	switch (r->finish) {
	case ASSISTANT_ASK_RESULT_FINISH_CANCELLED:
		return TR(a, "Cancelled.", "ألغي.");
	case ASSISTANT_ASK_RESULT_FINISH_LENGTH:
		return TR(a, "The model's limit of length was reached.", "بلغ الجواب حد الطول.");
	case ASSISTANT_ASK_RESULT_FINISH_FILTER:
		return TR(a, "The model's filter stopped the answer.", "أوقفه مرشح النموذج.");
	default:
		return TR(a, "The stream broke.", "انقطع البث.");
	}
}

static void
on_answer(void *arg, wn_err err, const struct assistant_ask_result *r, struct wn_str attachment,
	  const struct wn_diag *d)
{
	struct assistant *a = arg;
	bool cancelled = a->cancelled, whole;
	struct turn *t;
	char *note;

	(void)attachment;
	if (!asst_asking(a)) /* the link was lost and said so */
		return;
	if (err != 0) {
		t = finish(a, cancelled ? TURN_CUT : TURN_FAILED);
		set_note(t, cancelled	 ? TR(a, "Cancelled.", "ألغي.")
			    : d->text[0] ? d->text
					 : wn_error_row(err)->text);
		return;
	}
	whole = r->complete && (r->finish == ASSISTANT_ASK_RESULT_FINISH_STOP || r->finish == 0);
	t = finish(a, whole ? TURN_DONE : TURN_CUT);
	pane_copy(a->conversation, sizeof a->conversation, r->conversation);
	t->local = r->source == ASSISTANT_ASK_RESULT_SOURCE_LOCAL;
	pane_copy(t->model, sizeof t->model, r->model);
	wn_buf_clear(&t->answer);
	wn_buf_str(&t->answer, r->text);
	if (!whole) {
		note = wn_strndup(r->note.p != NULL ? r->note.p : "", r->note.len);
		set_note(t, note[0] != '\0' ? note : why_cut(a, r));
		wn_free(note);
	}
}

/* ---- asking ---- */

void
asst_ask(struct assistant *a)
{
	struct wn_str q = wn_str_trim(wn_buf_view(&a->box.text));
	struct assistant_ask_params_context_item item = { .path = wn_str(a->context.path),
							  .language = wn_str(a->context.language),
							  .text = wn_buf_view(&a->context.text),
							  .has_selection = true,
							  .selection = a->context.selection };
	struct assistant_ask_params p = { .text = q };
	bool about = a->has_context && a->use_context;
	struct wn_diag d = { 0 };
	struct turn *t;

	if (q.len == 0 || asst_asking(a))
		return;
	if (!a->up) {
		a->host->ops->say(a->host, PANE_WARN, "%s",
				  TR(a, "The engine does not answer; the question stays here.",
				     "المحرّك لا يجيب؛ يبقى السؤال هنا."));
		return;
	}
	if (a->workspace[0] != '\0')
		p.workspace = wn_str(a->workspace);
	if (a->conversation[0] != '\0')
		p.conversation = wn_str(a->conversation);
	if (item.path.len == 0)
		item.path = WN_STR("untitled");
	if (about) {
		p.context = &item;
		p.context_len = 1;
	}
	t = asst_turn(a, q,
		      about ? (a->context.path[0] != '\0' ? a->context.path : "untitled") : NULL);
	a->back = false;
	if (wn_call_assistant_ask(a->host->ops->engine(a->host), &p, on_answer, a, &d) != 0) {
		set_note(finish(a, TURN_FAILED), d.text);
		return;
	}
	(void)t;
	a->call = a->host->ops->last_call(a->host);
	box_set(&a->box, WN_STR_NONE);
	wn_free(a->draft);
	a->draft = NULL;
	a->recall = 0;
	asst_redraw(a);
}

static void
ignore_cancel(void *arg, wn_err err, const struct call_cancel_result *r, struct wn_str attachment,
	      const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)r;
	(void)attachment;
	(void)d;
}

void
asst_cancel(struct assistant *a)
{
	struct call_cancel_params p;
	struct wn_diag d = { 0 };
	char id[24];

	if (!asst_asking(a) || a->call == 0 || a->cancelled)
		return;
	a->cancelled = true;
	snprintf(id, sizeof id, "%lld", (long long)a->call);
	p.id = wn_str(id);
	(void)!wn_call_call_cancel(a->host->ops->engine(a->host), &p, ignore_cancel, a, &d);
	asst_redraw(a);
}
