/*
 * The picture of the assistant: who answers, what was said, what goes along, the question.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/utf8.h"
#include "tui/pane/assistant/assistant.h"

#define BOX_ROWS_MAX 6

static struct tui_style
in(const struct tui_theme *t, enum tui_look look)
{
	return tui_style_over(t->ui[UI_TEXT],
			      (struct tui_style){ t->ui[look].fg, 0, t->ui[look].attr });
}

/* ---- turns: a question, a line that says who answers, the answer, a note, a blank ---- */

/* A question is shown as it was written: its Markdown signs are not ours to read. */
static void
lay_question(struct turn *t, int cols)
{
	struct wn_buf b;

	wn_buf_init(&b, BOX_MAX * 2 + 64);
	for (const char *p = t->question; *p != '\0'; p++) {
		if (strchr("\\`*_{}[]<>()#+-.!|~&", *p) != NULL)
			wn_buf_chr(&b, '\\');
		if (*p == '\n')
			wn_buf_chr(&b, '\\'); /* a break that was asked for */
		wn_buf_chr(&b, *p);
	}
	tui_markdown_set(&t->asked_md, wn_buf_view(&b), cols > 2 ? cols - 2 : 1);
	wn_buf_fini(&b);
}

static void
lay(struct turn *t, int cols)
{
	if (t->cols == cols)
		return;
	lay_question(t, cols);
	tui_markdown_set(&t->md, wn_buf_view(&t->answer), cols);
	t->cols = cols;
}

static int64_t
turn_lines(const struct turn *t)
{
	return (int64_t)t->asked_md.lines.len + 1 + (int64_t)t->md.lines.len + (t->note != NULL) +
	       1;
}

static void
draw_who(struct assistant *a, const struct turn *t, struct tui_view v, int y,
	 const struct tui_theme *th)
{
	char buf[300];
	enum tui_look look = UI_MUTED;

	if (t->state == TURN_ASKING) {
		look = UI_WARN;
		snprintf(buf, sizeof buf, "%s",
			 a->cancelled ? TR(a, "… cancelling", "… إلغاء")
				      : TR(a, "… answering   Esc cancels", "… يجيب   Esc يلغي"));
	} else if (t->local) {
		look = UI_WARN;
		snprintf(buf, sizeof buf, "%s",
			 TR(a, "⌕ found by searching this folder; no model",
			    "⌕ بحث في هذا المجلد؛ بلا نموذج"));
	} else {
		snprintf(buf, sizeof buf, "%s%s%s", t->model,
			 t->about != NULL && t->model[0] != '\0' ? "  " : "",
			 t->about != NULL ? t->about : "");
	}
	tui_put_cut(v, y, 0, v.cols, wn_str(buf), in(th, look));
}

static void
draw_turn_line(struct assistant *a, const struct turn *t, int64_t i, struct tui_view v, int y,
	       const struct tui_theme *th)
{
	int64_t n = (int64_t)t->asked_md.lines.len;

	if (i < n) {
		if (i == 0)
			tui_puts(v, y, 0, ">", in(th, UI_KEY));
		tui_markdown_draw(&t->asked_md, (size_t)i,
				  tui_view_sub(v, 0, 2, v.rows, v.cols - 2), y, th,
				  in(th, UI_PERSON));
		return;
	}
	i -= n;
	if (i == 0) {
		draw_who(a, t, v, y, th);
		return;
	}
	i--;
	if (i < (int64_t)t->md.lines.len)
		tui_markdown_draw(&t->md, (size_t)i, v, y, th, th->ui[UI_TEXT]);
	else if (i == (int64_t)t->md.lines.len && t->note != NULL) {
		int x = tui_puts(v, y, 0, t->state == TURN_FAILED ? "E " : "! ",
				 in(th, t->state == TURN_FAILED ? UI_ERROR : UI_WARN));

		tui_put_cut(v, y, x, v.cols - x, wn_str(t->note),
			    in(th, t->state == TURN_FAILED ? UI_ERROR : UI_WARN));
	}
}

static void
draw_turns(struct assistant *a, struct tui_view v, const struct tui_theme *th)
{
	int64_t total = 0, at = 0, newest = 0, last;

	for (size_t i = 0; i < a->turns.len; i++) {
		lay(&a->turns.p[i], v.cols);
		newest = total;
		total += turn_lines(&a->turns.p[i]);
	}
	a->total = total;
	a->rows = v.rows;
	last = total > v.rows ? total - v.rows : 0;
	if (!a->back) /* the newest question stays in sight, however long its answer grows */
		a->top = last < newest ? last : newest;
	else if (a->at_end || a->top > last)
		a->top = last;
	for (size_t i = 0; i < a->turns.len; i++) {
		int64_t n = turn_lines(&a->turns.p[i]);

		for (int64_t k = a->top > at ? a->top - at : 0; k < n && at + k < a->top + v.rows;
		     k++)
			draw_turn_line(a, &a->turns.p[i], k, v, (int)(at + k - a->top), th);
		at += n;
	}
}

/* ---- the rest ---- */

static void
draw_empty(struct assistant *a, struct tui_view v, const struct tui_theme *th)
{
	const char *text = NULL;
	struct tui_markdown m;

	if (!a->up)
		text = TR(a,
			  "The engine does not answer. Questions need it; this comes by itself "
			  "when it is back.",
			  "المحرّك لا يجيب. الأسئلة تحتاجه؛ ويعود هذا وحده حين يعود.");
	else if (!a->status_known)
		text = TR(a, "asking …", "سؤال …");
	else if (a->configured)
		text = TR(a,
			  "Ask about this folder. Enter sends, Alt-Enter begins a line. The open "
			  "file, or what is selected in it, goes along "
			  "as the line below says.",
			  "اسأل عن هذا المجلد. Enter يرسل، وAlt-Enter سطر جديد. الملف المفتوح أو "
			  "المحدد منه يرافق السؤال كما في السطر أدناه.");
	else
		text = TR(a,
			  "**No model is configured.** A question is answered by searching this "
			  "folder: where its words and names "
			  "are, which files they are in, and what stands there. Nothing leaves "
			  "this machine.\n\nFor a model set "
			  "`WEBNOVA_ASSISTANT_ENDPOINT` and `WEBNOVA_ASSISTANT_MODEL` (any "
			  "OpenAI-compatible address), then start the engine again.",
			  "**لا نموذج مضبوطا.** يجاب السؤال بالبحث في هذا المجلد: أين كلماته "
			  "وأسماؤه وفي أي الملفات. لا شيء يغادر هذا الجهاز.\n\n"
			  "لنموذج اضبط `WEBNOVA_ASSISTANT_ENDPOINT` و`WEBNOVA_ASSISTANT_MODEL` ثم "
			  "ابدأ المحرّك من جديد.");
	tui_markdown_init(&m);
	tui_markdown_set(&m, wn_str(text), v.cols);
	for (size_t i = 0; i < m.lines.len && (int)i < v.rows - 1; i++)
		tui_markdown_draw(&m, i, v, (int)i + 1, th, in(th, UI_MUTED));
	tui_markdown_fini(&m);
}

static void
draw_status(struct assistant *a, struct tui_view v, const struct tui_theme *th)
{
	char buf[700];
	enum tui_look look = UI_WARN;

	if (!a->up) {
		snprintf(buf, sizeof buf, "! %s", TR(a, "no engine", "بلا محرّك"));
	} else if (!a->status_known) {
		look = UI_MUTED;
		snprintf(buf, sizeof buf, "…");
	} else if (a->configured) {
		look = UI_ASSISTANT;
		snprintf(buf, sizeof buf, "● %s  %s", a->model, a->endpoint);
	} else {
		snprintf(buf, sizeof buf, "○ %s: %s", TR(a, "no model", "لا نموذج"), a->reason);
	}
	tui_put_cut(v, 0, 1, v.cols - 2, wn_str(buf), in(th, look));
}

static void
draw_context(struct assistant *a, struct tui_view v, int y, const struct tui_theme *th)
{
	char buf[1400];
	bool on = a->has_context && a->use_context;

	tui_hline(v, y, 0, v.cols, th->ui[UI_BORDER]);
	if (!a->has_context)
		return;
	if (on)
		snprintf(buf, sizeof buf, " @ %s%s%lld %s  Ctrl-K x ",
			 a->context.path[0] != '\0' ? a->context.path
						    : TR(a, "untitled", "بلا اسم"),
			 a->context.selection ? TR(a, ", selected: ", "، المحدد: ") : ": ",
			 (long long)a->context_lines, TR(a, "lines", "سطرا"));
	else
		snprintf(buf, sizeof buf, " %s  Ctrl-K x ",
			 TR(a, "no file goes along", "لا ملف يرافق"));
	tui_put_cut(v, y, 1, v.cols - 2, wn_str(buf), in(th, on ? UI_INFO : UI_MUTED));
}

static void
draw_box(struct assistant *a, struct tui_view v, const struct pane_draw *d)
{
	struct tui_view in_box = tui_view_sub(v, 0, 2, v.rows, v.cols - 3);
	int row, col, n = box_rows(&a->box, a->box_cols, &row, &col),
		      from = row >= v.rows ? row - v.rows + 1 : 0;

	tui_puts(v, 0, 0, ">", in(d->theme, asst_asking(a) ? UI_MUTED : UI_KEY));
	if (a->box.text.len == 0)
		tui_put_cut(in_box, 0, 0, in_box.cols,
			    wn_str(TR(a, "ask; Enter sends", "اسأل؛ Enter يرسل")),
			    in(d->theme, UI_PLACEHOLDER));
	for (int y = 0; y < v.rows && from + y < n; y++) {
		struct wn_str s;

		if (box_row(&a->box, a->box_cols, from + y, &s))
			tui_put(in_box, y, 0, s, d->theme->ui[UI_TEXT]);
	}
	if (d->focused && d->cursor != NULL)
		*d->cursor = (struct pane_cursor){ d->view.rows - v.rows + row - from, 2 + col };
}

void
asst_draw(void *self, const struct pane_draw *d)
{
	struct assistant *a = self;
	struct tui_view v = d->view, talk;
	int row, col, n, box;

	tui_clear(v, d->theme->ui[UI_TEXT]);
	a->box_cols = v.cols > 5 ? v.cols - 4 : 1;
	n = box_rows(&a->box, a->box_cols, &row, &col);
	box = n < 1 ? 1 : n > BOX_ROWS_MAX ? BOX_ROWS_MAX : n;
	if (box > v.rows - 3)
		box = v.rows > 3 ? v.rows - 3 : 1;
	talk = tui_view_sub(v, 1, 1, v.rows - box - 2, v.cols - 2);
	draw_status(a, v, d->theme);
	if (a->turns.len > 0)
		draw_turns(a, talk, d->theme);
	else
		draw_empty(a, talk, d->theme);
	draw_context(a, v, v.rows - box - 1, d->theme);
	draw_box(a, tui_view_sub(v, v.rows - box, 0, box, v.cols), d);
}
