/*
 * The picture of the run pane: one line of state, what is going on, the log.
 */
#include <stdio.h>

#include "runtime/base/utf8.h"
#include "tui/pane/run/run.h"

const char *
run_state_words(const struct run *r, enum tui_look *look)
{
	*look = UI_MUTED;
	if (r->phase == RUN_AWAY)
		return TR(r, "no engine", "بلا محرّك");
	if (r->phase == RUN_LOADING)
		return TR(r, "asking …", "سؤال …");
	if (r->phase == RUN_NO_PLATFORM)
		return TR(r, "no platform", "لا منصة");
	*look = UI_ERROR;
	if (r->phase == RUN_FAILED)
		return TR(r, "E not known", "E غير معروف");
	*look = UI_WARN;
	if (r->stopping)
		return TR(r, "… stopping", "… إيقاف");
	switch (r->state) {
	case RUN_PREPARING:
		return TR(r, "… preparing", "… تحضير");
	case RUN_STARTING:
		return TR(r, "… starting", "… بدء");
	case RUN_RUNNING:
		*look = UI_OK;
		return TR(r, "● running", "● يعمل");
	case RUN_BROKEN:
		*look = UI_ERROR;
		return TR(r, "E failed", "E فشل");
	case RUN_STOPPED:
	default:
		*look = UI_MUTED;
		return TR(r, "○ stopped", "○ متوقف");
	}
}

static struct tui_style
in(const struct tui_theme *t, enum tui_look look)
{
	return tui_style_over(t->ui[UI_TEXT],
			      (struct tui_style){ t->ui[look].fg, 0, t->ui[look].attr });
}

/* Words over several rows, cut at blanks; the row behind them. */
static int
paragraph(struct tui_view v, int y, const char *text, struct tui_style st)
{
	struct wn_str s = wn_str(text);

	while (s.len > 0 && y < v.rows) {
		size_t n = wn_utf8_fit(s, v.cols - 4, NULL), cut = n;

		if (n < s.len)
			while (cut > 0 && s.p[cut] != ' ')
				cut--;
		if (cut == 0)
			cut = n;
		if (cut == 0)
			break;
		tui_put(v, y++, 2, wn_strn(s.p, cut), st);
		s = wn_str_trim(wn_str_sub(s, cut, s.len));
	}
	return y;
}

/* Nothing to run: what this is about, and what to do. */
static bool
draw_empty(struct run *r, struct tui_view v, const struct tui_theme *t)
{
	const char *what, *todo;

	switch (r->phase) {
	case RUN_AWAY:
		what = TR(r, "The engine does not answer.", "المحرّك لا يجيب.");
		todo = TR(r,
			  "This comes by itself when it does. `webnova doctor` says what may be "
			  "missing.",
			  "تظهر الحالة وحدها حين يجيب. الأمر webnova doctor يقول ما قد ينقص.");
		break;
	case RUN_LOADING:
		what = TR(r, "Asking the engine …", "سؤال المحرّك …");
		todo = "";
		break;
	case RUN_NO_PLATFORM:
		what = TR(r, "This folder is no platform, so there is nothing to run here.",
			  "هذا المجلد ليس منصة، فلا شيء يشغّل هنا.");
		todo = TR(r,
			  "Make one from a blueprint: webnova new DIR --blueprint FILE, then open "
			  "it with webnova DIR. For any other "
			  "program use a terminal: Ctrl-K c.",
			  "اصنع منصة من مخطط: webnova new DIR --blueprint FILE ثم webnova DIR. "
			  "ولأي برنامج آخر استخدم طرفية: "
			  "Ctrl-K c.");
		break;
	case RUN_FAILED:
		what = r->why;
		todo = TR(r, "g asks again.", "g يسأل من جديد.");
		break;
	case RUN_READY:
	default:
		return false;
	}
	paragraph(v,
		  paragraph(v, v.rows > 6 ? 2 : 1, what,
			    in(t, r->phase == RUN_FAILED ? UI_ERROR : UI_TEXT)),
		  todo, in(t, UI_MUTED));
	return true;
}

/* The steps of a start; the row behind them. */
static int
draw_steps(struct run *r, struct tui_view v, int y, const struct tui_theme *t)
{
	int room = v.rows > 12 ? 6 : 2, from = r->steps > room ? r->steps - room : 0;

	for (int i = from; i < r->steps && y < v.rows; i++) {
		bool last = i == r->steps - 1;

		tui_puts(v, y, 2, last ? "…" : "✓", in(t, last ? UI_WARN : UI_OK));
		tui_put_cut(v, y, 4, v.cols - 14, wn_str(r->step[i]),
			    in(t, last ? UI_TEXT : UI_MUTED));
		if (last && r->total > 0)
			tui_printf(v, y, v.cols - 8, in(t, UI_MUTED), "%lld/%lld",
				   (long long)r->done + 1, (long long)r->total);
		y++;
	}
	return y;
}

static int
draw_head(struct run *r, struct tui_view v, const struct tui_theme *t)
{
	enum tui_look look;
	const char *state = run_state_words(r, &look);
	int x = 1, y = 1;

	x += tui_puts(v, 0, x, state, in(t, look)) + 2;
	if (r->phase != RUN_READY)
		return y;
	if (r->url[0] != '\0')
		x += tui_put_cut(v, 0, x, v.cols - x - 1, wn_str(r->url), in(t, UI_LINK)) + 2;
	if (r->state == RUN_RUNNING)
		(void)tui_put_cut(v, 0, x, v.cols - x - 1,
				  wn_str(r->boxed ? TR(r, "sandboxed", "معزولة")
						  : TR(r, "! no sandbox", "! بلا عزل")),
				  in(t, r->boxed ? UI_OK : UI_WARN));
	if (r->usage[0] != '\0' && v.rows >= 10)
		tui_put_cut(v, y++, 1, v.cols - 2, wn_str(r->usage), in(t, UI_MUTED));
	else if (r->limits[0] != '\0' && v.rows >= 10)
		tui_put_cut(v, y++, 1, v.cols - 2, wn_str(r->limits), in(t, UI_MUTED));
	if (r->call != 0)
		return draw_steps(r, v, y, t);
	if (r->state == RUN_BROKEN) {
		char buf[sizeof r->why + 40];

		if (r->has_code)
			snprintf(buf, sizeof buf, "%s (%s %d)", r->why, TR(r, "code", "الرمز"),
				 r->code);
		else
			snprintf(buf, sizeof buf, "%s", r->why);
		return paragraph(v, y, buf, in(t, UI_ERROR));
	}
	return y;
}

/* What a line is, in a letter and a colour: what it says of itself goes before where it came from.
 */
static char
mark_of(const struct run_line *l, enum tui_look *look)
{
	*look = UI_TEXT;
	if (l->source == RUN_ENGINE) {
		*look = UI_INFO;
		return '*';
	}
	switch (l->level) {
	case RUN_LEVEL_ERROR:
		*look = UI_ERROR;
		return 'E';
	case RUN_LEVEL_WARN:
		*look = UI_WARN;
		return 'W';
	case RUN_LEVEL_DEBUG:
		*look = UI_MUTED;
		return ' ';
	case RUN_LEVEL_INFO:
		return ' ';
	case RUN_LEVEL_NONE:
	default:
		if (l->source == RUN_ERR)
			*look = UI_ERROR;
		return l->source == RUN_ERR ? 'E' : ' ';
	}
}

static void
draw_line(struct run *r, struct tui_view v, int y, int64_t i, const struct tui_theme *t)
{
	const struct run_line *l = &r->log.v.p[i];
	char when[WN_TIME_MAX] = "", mark;
	enum tui_look look;
	int x = 0;

	if (l->time_ms > 0 && v.cols >= 60) {
		wn_time_print(l->time_ms, when);
		x = tui_put(v, y, 1, wn_strn(when + 11, 8), in(t, UI_MUTED)) + 1;
	}
	mark = mark_of(l, &look);
	tui_printf(v, y, x + 1, in(t, look), "%c", mark);
	tui_put_cut(v, y, x + 3, v.cols - x - 4, wn_str(l->text), in(t, look));
	if (i == r->hit)
		tui_tint(v, y, 0, v.cols, t->ui[UI_MATCH]);
}

static void
draw_log(struct run *r, struct tui_view v, const struct tui_theme *t)
{
	int64_t n = (int64_t)r->log.v.len, last = n > v.rows ? n - v.rows : 0;

	r->log_rows = v.rows;
	if (!r->paused || r->top >= last) {
		r->paused = r->paused && r->top > last;
		r->top = last;
	}
	for (int y = 0; y < v.rows && r->top + y < n; y++)
		draw_line(r, v, y, r->top + y, t);
	if (n == 0)
		tui_put_cut(v, 0, 3, v.cols - 4,
			    wn_str(r->state == RUN_STOPPED && r->call == 0
					   ? TR(r, "F5 starts the platform.", "F5 يشغّل المنصة.")
					   : TR(r, "Nothing was logged yet.", "لا سجل بعد.")),
			    in(t, UI_MUTED));
}

void
run_draw(void *self, const struct pane_draw *d)
{
	struct run *r = self;
	struct tui_view v = d->view;
	const char *mark;
	int y;

	tui_clear(v, d->theme->ui[UI_TEXT]);
	y = draw_head(r, v, d->theme);
	if (draw_empty(r, v, d->theme) || y >= v.rows)
		return;
	if (v.rows - y >= 3) {
		tui_hline(v, y, 0, v.cols, d->theme->ui[UI_BORDER]);
		mark = r->paused ? TR(r, " log, paused: End follows ", " السجل متوقف: End يتابع ")
				 : TR(r, " log ", " السجل ");
		tui_put_cut(v, y, 2, v.cols - 4, wn_str(mark),
			    in(d->theme, r->paused ? UI_WARN : UI_MUTED));
		y++;
	}
	r->log_y = y;
	draw_log(r, tui_view_sub(v, y, 0, v.rows - y, v.cols), d->theme);
}
