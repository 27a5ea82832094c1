/*
 * The jobs pane: what the engine works on and worked on, newest first, with progress and cancel.
 * Nothing is polled: the list is read again, five times a second at most, when a job's event comes.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/id.h"
#include "runtime/base/vec.h"
#include "tui/pane/pane.h"
#include "tui/pane/talk.h"
#include "tui/widget/list.h"

#define JOBS_MAX 200
#define EVENTS 1000000
#define AGAIN_MS 200
#define KIND_COLS 24
#define STATE_COLS 12
#define STEP_COLS 10

struct job {
	char id[WN_ULID_MAX], kind[64];
	enum model_job_state state;
	int64_t done, total, ms; /* ms: how long it took; -1: still running */
	char *text;
};

struct jobs {
	struct pane_host *host;
	WN_VEC(struct job) v;
	struct tui_list list;
	int64_t stream; /* of events; 0: not subscribed */
	bool known, asked, again;
	void *timer;
	char why[WN_DIAG_TEXT_MAX]; /* "": all is well */
};

#define TR(j, en, ar) (j)->host->ops->tr((j)->host, (struct tui_text)TUI_TEXT(en, ar))

static void ask(void *arg);

/* ---- the conversation ---- */

static void
forget(struct jobs *j)
{
	for (size_t i = 0; i < j->v.len; i++)
		wn_free(j->v.p[i].text);
	wn_vec_clear(&j->v);
}

/* The bar stays on its job. */
static void
take(struct jobs *j, const struct job_list_result *r)
{
	char keep[WN_ULID_MAX] = "";

	if (j->list.current >= 0 && (size_t)j->list.current < j->v.len)
		memcpy(keep, j->v.p[j->list.current].id, sizeof keep);
	forget(j);
	for (size_t i = 0; i < r->jobs_len; i++) {
		const struct model_job *m = &r->jobs[i];
		struct wn_str text = m->error != NULL ? m->error->text : m->text;
		struct job job = { .state = m->state,
				   .done = m->done,
				   .total = m->total,
				   .ms = m->has_ended ? m->ended - m->started : -1,
				   .text = wn_strndup(text.p, text.len) };

		pane_copy(job.id, sizeof job.id, m->job);
		pane_copy(job.kind, sizeof job.kind, m->kind);
		wn_vec_push(&j->v, job);
	}
	tui_list_set(&j->list, (int64_t)j->v.len);
	for (size_t i = 0; i < j->v.len; i++)
		if (strcmp(j->v.p[i].id, keep) == 0)
			tui_list_go(&j->list, (int64_t)i);
}

static void
on_list(void *arg, wn_err err, const struct job_list_result *r, struct wn_str attachment,
	const struct wn_diag *d)
{
	struct jobs *j = arg;

	(void)attachment;
	j->asked = false;
	if (pane_link_lost(err))
		return;
	snprintf(j->why, sizeof j->why, "%s", err != 0 ? pane_why(d) : "");
	if (err == 0) {
		take(j, r);
		j->known = true;
	}
	if (j->again)
		j->host->ops->timer(j->host, &j->timer, AGAIN_MS, ask, j);
	j->again = false;
	j->host->ops->redraw(j->host);
}

static void
ask(void *arg)
{
	struct jobs *j = arg;
	struct job_list_params p = { .has_limit = true, .limit = JOBS_MAX };
	struct wn_diag d = { 0 };

	if (j->asked || !j->host->ops->engine_up(j->host)) {
		j->again = j->asked;
		return;
	}
	j->asked = wn_call_job_list(j->host->ops->engine(j->host), &p, on_list, j, &d) == 0;
}

static void
on_subscribed(void *arg, wn_err err, const struct event_subscribe_result *r,
	      struct wn_str attachment, const struct wn_diag *d)
{
	struct jobs *j = arg;

	(void)attachment;
	(void)d;
	if (err == 0)
		j->stream = r->stream;
}

static void
begin(struct jobs *j)
{
	static struct wn_str const types[] = { { "job.*", 5 } };
	struct event_subscribe_params p = { .credit = EVENTS,
					    .types = (struct wn_str *)(uintptr_t)types,
					    .types_len = 1 };
	struct wn_diag d = { 0 };

	if (!j->host->ops->engine_up(j->host))
		return;
	(void)!wn_call_event_subscribe(j->host->ops->engine(j->host), &p, on_subscribed, j, &d);
	ask(j);
}

static void
on_event(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct jobs *j = arg;
	struct event_item_note note;
	struct wn_arena arena;

	(void)method;
	(void)attachment;
	wn_arena_init(&arena, (size_t)1 << 20);
	if (j->stream != 0 && event_item_note_parse(params, &arena, &note, NULL) == 0 &&
	    note.stream == j->stream && j->timer == NULL)
		j->host->ops->timer(j->host, &j->timer, AGAIN_MS, ask, j);
	wn_arena_fini(&arena);
}

static void
on_cancelled(void *arg, wn_err err, const struct job_cancel_result *r, struct wn_str attachment,
	     const struct wn_diag *d)
{
	struct jobs *j = arg;

	(void)r;
	(void)attachment;
	if (err != 0 && !pane_link_lost(err))
		j->host->ops->fail(j->host, d);
}

static void
c_cancel(void *self, const char *arg)
{
	struct jobs *j = self;
	struct job_cancel_params p = { 0 };
	struct wn_diag d = { 0 };

	(void)arg;
	if (j->list.current < 0 || (size_t)j->list.current >= j->v.len)
		return;
	if (j->v.p[j->list.current].state != MODEL_JOB_STATE_RUNNING) {
		j->host->ops->say(j->host, PANE_INFO, "%s",
				  TR(j, "This job has ended already.", "انتهى هذا العمل من قبل."));
		return;
	}
	p.job = wn_str(j->v.p[j->list.current].id);
	(void)!wn_call_job_cancel(j->host->ops->engine(j->host), &p, on_cancelled, j, &d);
}

/* ---- the picture ---- */

static void
row(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t, struct tui_style base)
{
	static const struct {
		enum tui_look look;
		struct tui_text words;
	} states[] = {
		[MODEL_JOB_STATE_RUNNING] = { UI_INFO, TUI_TEXT("▸ running", "▸ يعمل") },
		[MODEL_JOB_STATE_FINISHED] = { UI_OK, TUI_TEXT("✓ done", "✓ تم") },
		[MODEL_JOB_STATE_FAILED] = { UI_ERROR, TUI_TEXT("E failed", "E أخفق") },
		[MODEL_JOB_STATE_CANCELLED] = { UI_WARN, TUI_TEXT("! cancelled", "! ألغي") },
	};
	struct jobs *j = arg;
	const struct job *job = &j->v.p[i];
	int x = 1 + STATE_COLS + KIND_COLS;
	char steps[48] = "";

	if (job->state >= MODEL_JOB_STATE_RUNNING && job->state <= MODEL_JOB_STATE_CANCELLED) {
		struct tui_style st = tui_style_over(base, t->ui[states[job->state].look]);

		tui_put_cut(v, 0, 1, STATE_COLS - 1,
			    wn_str(j->host->ops->tr(j->host, states[job->state].words)), st);
	}
	tui_put_cut(v, 0, 1 + STATE_COLS, KIND_COLS - 1, wn_str(job->kind), base);
	if (job->ms >= 0)
		snprintf(steps, sizeof steps, "%lld.%lld s", (long long)(job->ms / 1000),
			 (long long)(job->ms % 1000 / 100));
	else if (job->total > 0)
		snprintf(steps, sizeof steps, "%lld/%lld", (long long)job->done,
			 (long long)job->total);
	tui_put_cut(v, 0, x, STEP_COLS - 1, wn_str(steps), base);
	tui_put_cut(v, 0, x + STEP_COLS, v.cols - x - STEP_COLS - 1, wn_str(job->text), base);
}

static void
draw(void *self, const struct pane_draw *d)
{
	struct jobs *j = self;
	const char *words = j->why;

	tui_list_class.draw(&j->list, d->view, d->theme, d->focused);
	if (!j->host->ops->engine_up(j->host))
		words = TR(j, "! Jobs are the engine's, which does not answer.",
			   "! الأعمال عند المحرّك، وهو لا يجيب.");
	else if (j->known && j->v.len == 0)
		words = TR(j, "No jobs yet.", "لا أعمال بعد.");
	if (words[0] != '\0')
		tui_put_cut(d->view, j->v.len > 0 ? d->view.rows - 1 : 0, 1, d->view.cols - 2,
			    wn_str(words), d->theme->ui[UI_WARN]);
}

static bool
key(void *self, const struct tui_key *k)
{
	struct jobs *j = self;

	if (k->mods == 0 && k->code == 'c') {
		c_cancel(j, NULL);
	} else if (!tui_list_class.key(&j->list, k)) {
		return false;
	}
	j->host->ops->redraw(j->host);
	return true;
}

static bool
mouse(void *self, const struct tui_mouse *m)
{
	struct jobs *j = self;
	bool used = tui_list_class.mouse(&j->list, m);

	j->host->ops->redraw(j->host);
	return used;
}

static void
event(void *self, const struct pane_event *ev)
{
	struct jobs *j = self;

	if (ev->type == PANE_ENGINE_UP) {
		begin(j);
	} else if (ev->type == PANE_ENGINE_DOWN) {
		j->stream = 0;
		j->asked = j->again = false;
	} else {
		return;
	}
	j->host->ops->redraw(j->host);
}

static void *
open_jobs(struct pane_host *h, const char *arg, const struct wn_json *state, struct wn_diag *d)
{
	struct jobs *j = WN_NEW(struct jobs);

	(void)arg;
	(void)state;
	(void)d;
	j->host = h;
	j->list.row = row;
	j->list.arg = j;
	h->ops->listen(h, "event.item", on_event, j);
	begin(j);
	return j;
}

static void
close_jobs(void *self)
{
	struct jobs *j = self;

	forget(j);
	wn_vec_fini(&j->v);
	wn_free(j);
}

static void
status(void *self, char *buf, size_t n)
{
	struct jobs *j = self;
	int running = 0;

	for (size_t i = 0; i < j->v.len; i++)
		running += j->v.p[i].state == MODEL_JOB_STATE_RUNNING;
	snprintf(buf, n, "%s: %d   c: %s", TR(j, "running", "تعمل"), running,
		 TR(j, "cancel", "إلغاء"));
}

static const struct tui_command commands[] = {
	{ "jobs.cancel", TUI_TEXT("Cancel this job", "إلغاء هذا العمل"), c_cancel, false },
	{ 0 },
};

extern const struct pane_type pane_jobs;
const struct pane_type pane_jobs = {
	.name = "jobs",
	.title = TUI_TEXT("Jobs", "الأعمال"),
	.place = PANE_BOTTOM,
	.flags = PANE_SINGLE,
	.open = open_jobs,
	.close = close_jobs,
	.draw = draw,
	.key = key,
	.mouse = mouse,
	.event = event,
	.commands = commands,
	.status = status,
	.keys = TUI_TEXT("c\tcancel the job under the bar\narrows\tmove\n",
			 "c\tإلغاء العمل تحت الشريط\nالأسهم\tالحركة\n"),
};
