/*
 * The list of undo steps beside the text: newest first, with times, sizes and branches. Moving in
 * it moves the text, so what is seen is what is had; Enter stays there, Esc goes back.
 */
#include <stdio.h>
#include <time.h>

#include "editor/undo/undo.h"
#include "tui/pane/editor/editor.h"

#define LIST_COLS 38
#define DAY_MS INT64_C(86400000)

static void
time_text(char *buf, size_t n, int64_t ms, int64_t now_ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	if (ms == 0 || localtime_r(&t, &tm) == NULL ||
	    strftime(buf, n, now_ms - ms < DAY_MS ? "%H:%M:%S" : "%Y-%m-%d", &tm) == 0)
		snprintf(buf, n, "%s", "");
}

static void
draw_step(const struct editor *e, const struct pane_draw *d, struct tui_view v, int y, size_t i)
{
	struct ed_step_info info = ed_undo_describe(ed_doc_undo(e->doc), i);
	const struct tui_style *ui = d->theme->ui;
	struct tui_style st = ui[info.now ? UI_LIST_ACTIVE : info.done ? UI_LIST : UI_MUTED];
	char when[24], from[32] = "";

	time_text(when, sizeof when, info.time_ms, wn_now_ms(e->host->ops->clock(e->host)));
	if (i > 0 && info.parent + 1 != i)
		snprintf(from, sizeof from, " < %zu", info.parent);
	tui_fill(v, y, 0, 1, v.cols, st);
	if (i == 0)
		tui_printf(v, y, 0, st, "%s %5zu %s", info.now ? ">" : " ", i,
			   TR(e, "as it was opened", "كما فتح"));
	else
		tui_printf(v, y, 0, st, "%s %5zu %-10s +%zu -%zu%s%s", info.now ? ">" : " ", i,
			   when, info.inserted, info.removed, from,
			   info.saved ? TR(e, " saved", " محفوظ") : "");
}

/* Returns what is left for the text. */
struct pane_draw
editor_steps_draw(struct editor *e, const struct pane_draw *d)
{
	int cols = d->view.cols > 2 * LIST_COLS ? LIST_COLS : d->view.cols / 2;
	struct pane_draw rest = *d;
	struct tui_view v = tui_view_sub(d->view, 0, d->view.cols - cols, d->view.rows, cols);
	size_t n = ed_undo_count(ed_doc_undo(e->doc)), now = ed_undo_now(ed_doc_undo(e->doc))->id;
	size_t rows = v.rows > 1 ? (size_t)v.rows - 1 : 0, at = n - 1 - now;
	size_t top = at < rows ? 0 : at - rows + 1; /* rows before the first one shown */

	tui_clear(v, d->theme->ui[UI_LIST]);
	tui_put_cut(v, 0, 0, cols,
		    wn_str(TR(e, "Undo steps: Enter stays, Esc goes back",
			      "خطوات التراجع: Enter للبقاء، Esc للرجوع")),
		    d->theme->ui[UI_TITLE]);
	for (size_t y = 0; y < rows && top + y < n; y++)
		draw_step(e, d, v, (int)y + 1, n - 1 - (top + y));
	rest.view = tui_view_sub(d->view, 0, 0, d->view.rows, d->view.cols - cols);
	rest.kept = false;
	return rest;
}

static void
go_to(struct editor *e, size_t step)
{
	struct wn_diag d = { 0 };
	struct ed_step *to;

	if (step == ed_undo_now(ed_doc_undo(e->doc))->id)
		return;
	editor_tell(e, ed_doc_goto_step(e->doc, step), &d);
	to = ed_undo_now(ed_doc_undo(e->doc));
	/* To the place that changed. */
	if (to->changes.len > 0)
		ed_view_select(e->view, to->changes.p[0].pos, to->changes.p[0].pos);
	e->follow = true;
}

bool
editor_steps_key(struct editor *e, const struct tui_key *k)
{
	size_t now = ed_undo_now(ed_doc_undo(e->doc))->id;
	size_t last = ed_undo_count(ed_doc_undo(e->doc)) - 1;

	redraw(e);
	switch (k->code) {
	case TUI_KEY_UP:
		go_to(e, now < last ? now + 1 : last);
		break;
	case TUI_KEY_DOWN:
		go_to(e, now > 0 ? now - 1 : 0);
		break;
	case TUI_KEY_PGUP:
		go_to(e, last - now > 10 ? now + 10 : last);
		break;
	case TUI_KEY_PGDN:
		go_to(e, now > 10 ? now - 10 : 0);
		break;
	case TUI_KEY_HOME:
		go_to(e, last);
		break;
	case TUI_KEY_END:
		go_to(e, 0);
		break;
	case TUI_KEY_ESC:
		go_to(e, e->steps_from);
		e->steps_on = false;
		break;
	case TUI_KEY_ENTER:
		e->steps_on = false;
		break;
	default:
		return true; /* nothing is typed while the text is being gone through */
	}
	return true;
}

void
editor_c_steps(void *self, const char *arg)
{
	struct editor *e = self;

	(void)arg;
	if (e->loading)
		return;
	e->steps_on = !e->steps_on;
	e->steps_from = ed_undo_now(ed_doc_undo(e->doc))->id;
	redraw(e);
}

/* ---- going back by time -------------------------------------------------------------------- */

static void
travel(struct editor *e, const char *text, bool later)
{
	struct wn_diag d = { 0 };
	enum ed_undo_unit unit;
	int64_t n;
	wn_err err = WN_E_INVALID;

	if (text == NULL || text[0] == '\0')
		return;
	if (ed_undo_span(wn_str(text), &unit, &n))
		err = ed_doc_travel(e->doc, unit, later ? n : -n);
	else
		wn_fail(&d, err, "\"%s\" is no time: 10m, 30s, 2h, 1d, 5 steps as 5, 2 saves as 2f",
			text);
	if (err == WN_E_NOT_FOUND)
		e->host->ops->say(e->host, PANE_INFO, "%s",
				  TR(e, "The text was the same then.", "كان النص هو نفسه حينها."));
	else
		editor_tell(e, err, &d);
	e->follow = true;
	redraw(e);
}

static void
earlier_answer(void *arg, const char *text)
{
	travel(arg, text, false);
}

static void
later_answer(void *arg, const char *text)
{
	travel(arg, text, true);
}

void
editor_c_earlier(void *self, const char *arg)
{
	struct editor *e = self;

	if (arg != NULL)
		travel(e, arg, false);
	else
		e->host->ops->ask(e->host,
				  TR(e, "As it was how long ago (10m, 30s, 2h, 1d)?",
				     "كما كان قبل كم (10m، 30s، 2h، 1d)؟"),
				  "10m", earlier_answer, e);
}

void
editor_c_later(void *self, const char *arg)
{
	struct editor *e = self;

	if (arg != NULL)
		travel(e, arg, true);
	else
		e->host->ops->ask(
			e->host,
			TR(e, "Forward by how much (10m, 30s, 2h, 1d)?", "إلى الأمام بكم؟"), "10m",
			later_answer, e);
}
