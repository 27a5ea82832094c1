/*
 * Where a task stands, on stderr: one line that is rewritten on a terminal, a line a step
 * elsewhere. Never quiet for long: what takes time is said with the time it takes.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/clock.h"
#include "runtime/base/utf8.h"
#include "tui/cli/print.h"

#define SECOND INT64_C(1000000000)
#define QUIET_NS SECOND /* between two lines about the same step */
#define LINE_COLS 79

static int64_t
now_ns(void)
{
	return wn_mono_ns(wn_clock_real());
}

static bool
silent(const struct cli *c)
{
	return c->quiet || c->task_id.len == 0;
}

static void
counts(const struct cli_progress *p, struct wn_buf *out)
{
	if (p->total > 0)
		(void)wn_buf_printf(out, "[%lld/%lld] ", (long long)p->done, (long long)p->total);
}

/* The updating line, cut to a width every terminal has. */
static void
draw(struct cli *c)
{
	static const char *const turns[] = { "|", "/", "-", "\\" };
	struct cli_progress *p = &c->progress;
	int64_t seconds = (now_ns() - p->began_ns) / SECOND;
	struct wn_buf b;
	size_t n;

	wn_buf_init(&b, 8192);
	(void)wn_buf_printf(&b, "%s ", turns[p->turn++ & 3]);
	counts(p, &b);
	(void)wn_buf_cstr(&b, p->text);
	n = wn_utf8_fit(wn_buf_view(&b), LINE_COLS - 8, NULL);
	wn_buf_cut(&b, n);
	if (seconds > 0)
		(void)wn_buf_printf(&b, "  %lld s", (long long)seconds);
	(void)fprintf(stderr, "\r\033[K%.*s", (int)b.len, b.p);
	(void)fflush(stderr);
	wn_buf_fini(&b);
	p->shown = true;
}

static void
line(struct cli *c, bool with_time)
{
	struct cli_progress *p = &c->progress;
	struct wn_buf b;

	wn_buf_init(&b, 8192);
	counts(p, &b);
	(void)wn_buf_cstr(&b, p->text);
	if (with_time)
		(void)wn_buf_printf(&b, " (%lld s)", (long long)((now_ns() - p->step_ns) / SECOND));
	(void)fprintf(stderr, "%.*s\n", (int)b.len, b.p);
	wn_buf_fini(&b);
	p->said_ns = now_ns();
}

void
cli_progress_begin(struct cli *c)
{
	c->progress = (struct cli_progress){ .began_ns = now_ns(),
					     .step_ns = now_ns(),
					     .said_ns = now_ns() };
}

/* Same step, another count ("fetching packages: 12"): not worth a line of its own at once. */
static bool
same_step(const char *a, const char *b)
{
	size_t n = strcspn(a, "0123456789");

	return n == strcspn(b, "0123456789") && strncmp(a, b, n) == 0;
}

void
cli_progress_note(struct cli *c, int64_t done, int64_t total, struct wn_str text)
{
	struct cli_progress *p = &c->progress;
	struct wn_buf b;
	bool same;

	if (silent(c) || text.len == 0)
		return;
	wn_buf_init(&b, 8192);
	cli_filter(text, false, &b);
	same = b.p != NULL && same_step(p->text, b.p);
	(void)snprintf(p->text, sizeof p->text, "%s", b.p != NULL ? b.p : "");
	wn_buf_fini(&b);
	p->done = done;
	p->total = total;
	if (!same)
		p->step_ns = now_ns();
	if (c->tty_err)
		draw(c);
	else if (!same || now_ns() - p->said_ns >= SECOND)
		line(c, false);
}

void
cli_progress_tick(struct cli *c)
{
	struct cli_progress *p = &c->progress;

	if (silent(c))
		return;
	if (p->text[0] == '\0') { /* nothing was told of it yet */
		if (now_ns() - p->began_ns < QUIET_NS)
			return;
		(void)snprintf(p->text, sizeof p->text, "waiting for the engine");
	}
	if (c->tty_err)
		draw(c);
	else if (now_ns() - p->said_ns >= QUIET_NS)
		line(c, true);
}

void
cli_progress_end(struct cli *c)
{
	if (c->progress.shown)
		(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	c->progress.shown = false;
	c->progress.text[0] = '\0';
}
