/*
 * The run pane's descriptor: keys, commands, words.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "tui/pane/run/run.h"

#define WHEEL_LINES 3

static void
scroll(struct run *r, int64_t lines)
{
	int64_t last = (int64_t)r->log.v.len - r->log_rows;

	r->top += lines;
	if (r->top < 0)
		r->top = 0;
	r->paused = r->top < last;
	run_redraw(r);
}

static void
find_next(struct run *r, bool down)
{
	int64_t n = (int64_t)r->log.v.len, from = r->hit >= 0 ? r->hit + (down ? 1 : -1) : n - 1;

	r->hit = run_log_find(&r->log, r->find, from, down);
	if (r->hit < 0) /* around the end */
		r->hit = run_log_find(&r->log, r->find, down ? 0 : n - 1, down);
	if (r->hit < 0) {
		r->host->ops->say(r->host, PANE_WARN, "%s: %s", r->find,
				  TR(r, "is not in this log.", "ليس في هذا السجل."));
		return;
	}
	r->top = r->hit > r->log_rows / 2 ? r->hit - r->log_rows / 2 : 0;
	r->paused = true;
	run_redraw(r);
}

/* ---- commands ---- */

static void
c_start(void *self, const char *arg)
{
	struct run *r = self;

	(void)arg;
	r->host->ops->open_pane(r->host, "run", NULL);
	if (r->phase == RUN_READY)
		run_start(r);
	else
		r->want_start = r->phase != RUN_NO_PLATFORM;
}

static void
c_stop(void *self, const char *arg)
{
	(void)arg;
	run_stop(self);
}

static void
c_toggle(void *self, const char *arg)
{
	struct run *r = self;

	if (r->call != 0 ||
	    (r->phase == RUN_READY && r->state != RUN_STOPPED && r->state != RUN_BROKEN))
		run_stop(r);
	else
		c_start(r, arg);
}

static void
c_copy_url(void *self, const char *arg)
{
	struct run *r = self;

	(void)arg;
	if (r->url[0] == '\0') {
		r->host->ops->say(
			r->host, PANE_INFO, "%s",
			TR(r, "It does not run, so it has no address.", "لا تعمل، فلا عنوان لها."));
		return;
	}
	r->host->ops->copy(r->host, wn_str(r->url));
	r->host->ops->say(r->host, PANE_INFO, "%s %s", r->url, TR(r, "copied", "نسخ"));
}

/* As it was written, not as it is shown. */
static void
c_copy_line(void *self, const char *arg)
{
	struct run *r = self;
	int64_t n = (int64_t)r->log.v.len, i = r->hit >= 0 && r->hit < n ? r->hit : n - 1;

	(void)arg;
	if (n == 0) {
		r->host->ops->say(r->host, PANE_INFO, "%s",
				  TR(r, "There is no line to copy.", "لا سطر لنسخه."));
		return;
	}
	r->host->ops->copy(r->host, wn_str(run_log_raw(&r->log.v.p[i])));
	r->host->ops->say(r->host, PANE_INFO, "%s",
			  r->hit >= 0 ? TR(r, "line copied as it was written", "نسخ السطر كما كتب")
				      : TR(r, "newest line copied as it was written",
					   "نسخ أحدث سطر كما كتب"));
}

static void
c_follow(void *self, const char *arg)
{
	struct run *r = self;

	(void)arg;
	r->paused = !r->paused;
	r->hit = -1;
	run_redraw(r);
}

static void
c_clear(void *self, const char *arg)
{
	struct run *r = self;

	(void)arg;
	run_log_clear(&r->log);
	r->top = 0;
	r->hit = -1;
	r->paused = false;
	run_redraw(r);
}

static void
find_answer(void *arg, const char *text)
{
	struct run *r = arg;

	if (text == NULL || text[0] == '\0')
		return;
	snprintf(r->find, sizeof r->find, "%s", text);
	r->hit = -1;
	find_next(r, false);
}

static void
c_find(void *self, const char *arg)
{
	struct run *r = self;

	if (arg != NULL)
		find_answer(r, arg);
	else
		r->host->ops->ask(r->host,
				  TR(r, "Find in the log (n older, N newer):",
				     "بحث في السجل (n أقدم، N أحدث):"),
				  r->find, find_answer, r);
}

static void
c_refresh(void *self, const char *arg)
{
	(void)arg;
	run_begin(self);
}

static const struct tui_command commands[] = {
	{ "run.start", TUI_TEXT("Run this platform", "تشغيل هذه المنصة"), c_start, false },
	{ "run.stop", TUI_TEXT("Stop this platform", "إيقاف هذه المنصة"), c_stop, false },
	{ "run.toggle", TUI_TEXT("Start or stop this platform", "تشغيل هذه المنصة أو إيقافها"),
	  c_toggle, true },
	{ "run.copy_url", TUI_TEXT("Copy the platform's address", "نسخ عنوان المنصة"), c_copy_url,
	  false },
	{ "run.copy_line", TUI_TEXT("Log: copy the marked line", "السجل: نسخ السطر المحدد"),
	  c_copy_line, false },
	{ "run.follow", TUI_TEXT("Log: follow or pause", "السجل: متابعة أو توقف"), c_follow,
	  false },
	{ "run.find", TUI_TEXT("Log: find", "السجل: بحث"), c_find, false },
	{ "run.clear", TUI_TEXT("Log: clear what is shown", "السجل: مسح المعروض"), c_clear, false },
	{ "run.refresh",
	  TUI_TEXT("Ask for the platform's state again", "سؤال عن حالة المنصة من جديد"), c_refresh,
	  false },
	{ 0 },
};

/* ---- the pane ---- */

static bool
key(void *self, const struct tui_key *k)
{
	struct run *r = self;
	int page = r->log_rows > 1 ? r->log_rows - 1 : 1;

	if (k->mods != 0)
		return false;
	switch (k->code) {
	case TUI_KEY_UP:
		scroll(r, -1);
		return true;
	case TUI_KEY_DOWN:
		scroll(r, 1);
		return true;
	case TUI_KEY_PGUP:
		scroll(r, -page);
		return true;
	case TUI_KEY_PGDN:
		scroll(r, page);
		return true;
	case TUI_KEY_HOME:
		scroll(r, -r->top);
		return true;
	case TUI_KEY_END:
		r->paused = false;
		r->hit = -1;
		run_redraw(r);
		return true;
	case 'n':
	case 'N':
		if (r->find[0] != '\0')
			find_next(r, k->code == 'N');
		return true;
	default:
		return false;
	}
}

/* A click marks a line of the log. */
static bool
click(struct run *r, int row)
{
	int64_t i = r->top + row - r->log_y;

	if (row < r->log_y || i >= (int64_t)r->log.v.len)
		return false;
	r->hit = i;
	run_redraw(r);
	return true;
}

static bool
mouse(void *self, const struct tui_mouse *m)
{
	if (m->kind == TUI_MOUSE_PRESS && m->button == 1)
		return click(self, m->y);
	if (m->kind != TUI_MOUSE_WHEEL || m->button > 1 || m->button < -1)
		return false;
	scroll(self, m->button * WHEEL_LINES);
	return true;
}

static void
event(void *self, const struct pane_event *ev)
{
	struct run *r = self;

	if (ev->type == PANE_ENGINE_UP)
		run_begin(r);
	else if (ev->type == PANE_ENGINE_DOWN)
		run_engine_down(r);
}

static void *
open_run(struct pane_host *h, const char *arg, const struct wn_json *state, struct wn_diag *d)
{
	struct run *r = WN_NEW(struct run);

	(void)arg;
	(void)state;
	(void)d;
	r->host = h;
	r->hit = -1;
	run_listen(r);
	run_begin(r);
	return r;
}

static void
close_run(void *self)
{
	struct run *r = self;

	run_log_fini(&r->log);
	wn_free(r);
}

static void
label(void *self, char *buf, size_t n)
{
	struct run *r = self;
	enum tui_look look;

	if (r->phase == RUN_READY)
		snprintf(buf, n, "%s %s", TR(r, "Run", "تشغيل"), run_state_words(r, &look));
	else
		snprintf(buf, n, "%s", TR(r, "Run", "تشغيل"));
}

static void
status(void *self, char *buf, size_t n)
{
	struct run *r = self;
	enum tui_look look;

	snprintf(buf, n, "%s  %s   F5 %s  o %s", run_state_words(r, &look), r->url,
		 r->state == RUN_STOPPED || r->state == RUN_BROKEN ? TR(r, "start", "تشغيل")
								   : TR(r, "stop", "إيقاف"),
		 TR(r, "copy the address", "نسخ العنوان"));
}

extern const struct pane_type pane_run;
const struct pane_type pane_run = {
	.name = "run",
	.title = TUI_TEXT("Run", "التشغيل"),
	.place = PANE_BOTTOM,
	.flags = PANE_SINGLE,
	.open = open_run,
	.close = close_run,
	.draw = run_draw,
	.key = key,
	.mouse = mouse,
	.event = event,
	.commands = commands,
	.label = label,
	.status = status,
	.keys = TUI_TEXT("Up, PgUp, wheel\tlook back; the log waits\nEnd\tfollow the log\nn, "
			 "N\tfind the next, upwards and downwards\n",
			 "Up, PgUp\tالنظر إلى ما سبق\nEnd\tمتابعة السجل\nn, N\tالموضع التالي صعودا "
			 "ونزولا\n"),
};
