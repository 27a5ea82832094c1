/*
 * Going to a place in the scrollback: a text, the prompt before or after, a command's output.
 * The engine looks; the place is shown in copy mode.
 */
#include <stdio.h>
#include <string.h>

#include "gen/client.h"
#include "tui/pane/terminal/terminal.h"

static void
show(struct terminal *t, struct term_place from, struct term_place to)
{
	int64_t want = from.row - t->rows / 3;

	if (!t->copy_mode)
		term_copy_mode(t, true);
	if (from.row < term_top(t) || from.row >= term_top(t) + t->rows)
		term_scroll(t, want - term_top(t));
	t->at = from;
	t->from = from;
	t->to = to;
	t->selected = true;
	t->marking = false;
	term_redraw(t);
}

static void
nothing(struct terminal *t)
{
	t->host->ops->say(t->host, PANE_INFO, "%s",
			  t->want == TERM_WANT_TEXT
				  ? TR(t, "Not found.", "غير موجود.")
				  : TR(t,
				       "No marks here: the shell must tell where its "
				       "prompts are (OSC 133).",
				       "لا علامات هنا: على الصدفة أن تدل على مطالباتها "
				       "(OSC 133)."));
}

static void ask(struct terminal *t, enum term_want want, int64_t from, bool back);

static void
on_found(void *arg, wn_err err, const struct terminal_find_result *r, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct terminal *t = arg;
	struct term_place at;

	(void)attachment;
	t->finding = false;
	if (err != 0) {
		if (err != WN_E_CANCELLED && err != WN_E_CLOSED && err != WN_E_UNAVAILABLE)
			t->host->ops->fail(t->host, d);
		return;
	}
	at = (struct term_place){ r->row, (int)r->col };
	if (t->want == TERM_WANT_OUTPUT_END) {
		int64_t end = r->row >= 0 ? r->row : t->screen.history + t->screen.head.cursor_row;

		show(t, (struct term_place){ t->output_row, 0 }, (struct term_place){ end, 0 });
	} else if (r->row < 0) {
		nothing(t);
	} else if (t->want == TERM_WANT_OUTPUT) {
		t->output_row = r->row;
		ask(t, TERM_WANT_OUTPUT_END, r->row + 1, false);
	} else if (t->want == TERM_WANT_PROMPT) {
		show(t, at, at);
		t->selected = false;
	} else {
		show(t, at, (struct term_place){ at.row, at.col + (int)r->cols });
	}
}

static void
ask(struct terminal *t, enum term_want want, int64_t from, bool back)
{
	struct terminal_find_params p = { .terminal = wn_str(t->id),
					  .from = from > 0 ? from : 0,
					  .has_back = true,
					  .back = back };
	struct wn_diag d = { 0 };

	if (t->finding || t->id[0] == '\0' || !t->host->ops->engine_up(t->host))
		return;
	t->want = want;
	if (want == TERM_WANT_TEXT)
		p.text = wn_str(t->needle);
	else
		p.mark = want == TERM_WANT_OUTPUT ? TERMINAL_FIND_PARAMS_MARK_OUTPUT
						  : TERMINAL_FIND_PARAMS_MARK_PROMPT;
	t->finding = wn_call_terminal_find(t->host->ops->engine(t->host), &p, on_found, t, &d) == 0;
}

/* Where a search starts: copy mode's cursor, or the end of what is shown. */
static int64_t
start(const struct terminal *t, bool back)
{
	if (t->copy_mode)
		return back ? t->at.row : t->at.row + 1;
	return term_top(t) + (back ? t->rows : 0);
}

static void
on_needle(void *arg, const char *text)
{
	struct terminal *t = arg;

	if (text == NULL || text[0] == '\0')
		return;
	snprintf(t->needle, sizeof t->needle, "%s", text);
	ask(t, TERM_WANT_TEXT, start(t, true), true);
}

void
term_find(struct terminal *t)
{
	t->host->ops->ask(t->host, TR(t, "Find in the terminal:", "بحث في الطرفية:"), t->needle,
			  on_needle, t);
}

void
term_find_again(struct terminal *t, bool back)
{
	if (t->needle[0] == '\0')
		term_find(t);
	else
		ask(t, TERM_WANT_TEXT, start(t, back), back);
}

void
term_prompt(struct terminal *t, bool back)
{
	ask(t, TERM_WANT_PROMPT, t->copy_mode ? start(t, back) : term_top(t) + (back ? 0 : 1),
	    back);
}

void
term_select_output(struct terminal *t)
{
	ask(t, TERM_WANT_OUTPUT,
	    t->copy_mode ? t->at.row + 1 : t->screen.history + t->screen.live.rows, true);
}
